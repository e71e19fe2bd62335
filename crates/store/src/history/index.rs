//! The index of block files in SQLite (WAL): which file, where in it, what it covers.
//!
//! It only saves reading. Each row carries a checksum of its own and each file's rows are counted,
//! because SQLite alone would serve a flipped bit; what does not check is made anew from the block
//! file.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Row, params};

use super::block::{BlockFile, BlockPlace, Extent};

/// The layout of the tables; another one is thrown away and made anew.
const LAYOUT: i64 = 2;
/// What makes layout 2 of layout 1: whose rows a block holds; none were numbered before.
const UPGRADE_1: &str = "ALTER TABLE blocks ADD COLUMN source INTEGER NOT NULL DEFAULT 0;";

const TABLES: &str = "
    CREATE TABLE files (
        number INTEGER PRIMARY KEY, length INTEGER NOT NULL, blocks INTEGER NOT NULL,
        track_min INTEGER NOT NULL, track_max INTEGER NOT NULL,
        time_min INTEGER NOT NULL, time_max INTEGER NOT NULL,
        lat_min INTEGER NOT NULL, lat_max INTEGER NOT NULL,
        lon_min INTEGER NOT NULL, lon_max INTEGER NOT NULL, crc INTEGER NOT NULL);
    CREATE TABLE blocks (
        file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
        rows INTEGER NOT NULL, track_min INTEGER NOT NULL, track_max INTEGER NOT NULL,
        time_min INTEGER NOT NULL, time_max INTEGER NOT NULL,
        lat_min INTEGER NOT NULL, lat_max INTEGER NOT NULL,
        lon_min INTEGER NOT NULL, lon_max INTEGER NOT NULL, crc INTEGER NOT NULL,
        source INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (file, offset)) WITHOUT ROWID;
";

/// A file as the index knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileRow {
    pub(super) number: u32,
    pub(super) length: u64,
    pub(super) blocks: u32,
    pub(super) extent: Extent,
}

/// The open index.
#[derive(Debug)]
pub(super) struct Index {
    db: Connection,
}

/// The index's file.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join("index.sqlite")
}

impl Index {
    /// Opens the index; an error means that it should be [removed](remove) and opened again.
    pub(super) fn open(folder: &Path) -> rusqlite::Result<Self> {
        let db = Connection::open(path(folder))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        let layout: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match layout {
            LAYOUT => {}
            1 => {
                db.execute_batch(UPGRADE_1)?;
                db.pragma_update(None, "user_version", LAYOUT)?;
            }
            0 => {
                db.execute_batch(TABLES)?;
                db.pragma_update(None, "user_version", LAYOUT)?;
            }
            _ => return Err(rusqlite::Error::InvalidQuery),
        }
        Ok(Self { db })
    }

    /// The files, each `None` when its row does not check.
    pub(super) fn files(&self) -> rusqlite::Result<Vec<(u32, Option<FileRow>)>> {
        let mut query = self.db.prepare("SELECT * FROM files ORDER BY number")?;
        let rows = query.query_map([], |row| {
            let this = FileRow {
                number: row.get(0)?,
                length: row.get::<_, i64>(1)? as u64,
                blocks: row.get(2)?,
                extent: extent(row, 3)?,
            };
            let crc: u32 = row.get(11)?;
            Ok((this.number, Some(this).filter(|this| file_crc(this) == crc)))
        })?;
        rows.collect()
    }

    /// The blocks of a file; `None` when a row is missing or does not check.
    pub(super) fn blocks(&self, file: &FileRow) -> rusqlite::Result<Option<Vec<BlockPlace>>> {
        let mut query =
            self.db.prepare_cached("SELECT * FROM blocks WHERE file = ? ORDER BY offset")?;
        let rows = query.query_map([file.number], |row| {
            let place = BlockPlace {
                offset: row.get::<_, i64>(1)? as u64,
                length: row.get(2)?,
                rows: row.get(3)?,
                extent: extent(row, 4)?,
                source: row.get(13)?,
            };
            let crc: u32 = row.get(12)?;
            Ok(Some(place).filter(|place| block_crc(file.number, place) == crc))
        })?;
        let places: Option<Vec<_>> = rows.collect::<rusqlite::Result<Option<Vec<_>>>>()?;
        Ok(places.filter(|places| places.len() == file.blocks as usize))
    }

    /// Puts what `file` holds in place of what the index knew of it.
    pub(super) fn put(&mut self, file: &BlockFile) -> rusqlite::Result<FileRow> {
        let this = FileRow {
            number: file.number,
            length: file.length,
            blocks: file.blocks.len() as u32,
            extent: file.extent,
        };
        let change = self.db.transaction()?;
        change.execute("DELETE FROM blocks WHERE file = ?", [file.number])?;
        for place in &file.blocks {
            let e = &place.extent;
            change
                .prepare_cached("INSERT INTO blocks VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")?
                .execute(params![
                    file.number,
                    place.offset as i64,
                    place.length,
                    place.rows,
                    e.track.0,
                    e.track.1,
                    e.time.0,
                    e.time.1,
                    e.latitude.0,
                    e.latitude.1,
                    e.longitude.0,
                    e.longitude.1,
                    block_crc(file.number, place),
                    place.source,
                ])?;
        }
        let e = &this.extent;
        change.execute(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            params![
                this.number,
                this.length as i64,
                this.blocks,
                e.track.0,
                e.track.1,
                e.time.0,
                e.time.1,
                e.latitude.0,
                e.latitude.1,
                e.longitude.0,
                e.longitude.1,
                file_crc(&this),
            ],
        )?;
        change.commit()?;
        Ok(this)
    }

    /// Forgets a file.
    pub(super) fn remove(&mut self, number: u32) -> rusqlite::Result<()> {
        let change = self.db.transaction()?;
        change.execute("DELETE FROM blocks WHERE file = ?", [number])?;
        change.execute("DELETE FROM files WHERE number = ?", [number])?;
        change.commit()
    }
}

/// Removes the index's files, so that it can be made anew.
pub(super) fn remove(folder: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("index.sqlite{suffix}");
        // Not there is as good as removed; anything else shows when it is opened again.
        fs::remove_file(folder.join(name)).ok();
    }
}

fn extent(row: &Row<'_>, from: usize) -> rusqlite::Result<Extent> {
    Ok(Extent {
        track: (row.get(from)?, row.get(from + 1)?),
        time: (row.get(from + 2)?, row.get(from + 3)?),
        latitude: (row.get(from + 4)?, row.get(from + 5)?),
        longitude: (row.get(from + 6)?, row.get(from + 7)?),
    })
}

fn file_crc(file: &FileRow) -> u32 {
    let mut bytes = Vec::with_capacity(64);
    bytes.extend_from_slice(&file.number.to_le_bytes());
    bytes.extend_from_slice(&file.length.to_le_bytes());
    bytes.extend_from_slice(&file.blocks.to_le_bytes());
    file.extent.write(&mut bytes);
    crc32c::crc32c(&bytes)
}

fn block_crc(file: u32, place: &BlockPlace) -> u32 {
    let mut bytes = Vec::with_capacity(64);
    bytes.extend_from_slice(&file.to_le_bytes());
    bytes.extend_from_slice(&place.offset.to_le_bytes());
    bytes.extend_from_slice(&place.length.to_le_bytes());
    bytes.extend_from_slice(&place.rows.to_le_bytes());
    // Rows of layout 1 have none and still check.
    if place.source != 0 {
        bytes.extend_from_slice(&place.source.to_le_bytes());
    }
    place.extent.write(&mut bytes);
    crc32c::crc32c(&bytes)
}
