//! Where every track was: journalled within a second, sealed into checked, compressed blocks,
//! found again by track, time and area.
//!
//! History is not the ledger: a damaged block is reported and skipped, never served, and the node
//! goes on. The index is made anew from the blocks whenever it does not check.

mod block;
mod index;
mod journal;
mod keep;
mod open;
mod row;
mod slice;
mod told;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;

use crate::dir::StoreDir;
use block::{BlockPlace, Extent};
use index::{FileRow, Index};
use journal::Journal;
pub use keep::{Keep, Swept};
pub use row::{BLOCK_ROWS_MAX, HistoryRow};
pub use slice::{Asked, Slice};

/// Rows are sealed at the latest this long after the first of them was recorded.
pub const SEAL_AFTER_MS: i64 = 5 * 60 * 1000;
/// Rows are sealed when so many wait: 40 s of 5,000 reports a second, about 10 MB of memory.
pub const PENDING_ROWS_MAX: usize = 200_000;

/// Why history could not be kept or opened. Nothing that was kept before is touched.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The operating system refused.
    #[error("keep history in `{path}`: {source}; free space or mend the disk")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The index could not be written, even after it was made anew.
    #[error("index history in `{path}`: {source}; free space or mend the disk")]
    Index {
        /// The index's file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// What does not check in the history's files. The rows in it are lost; no others are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("history file `{file}`, byte {offset}: {wrong}")]
pub struct HistoryDamage {
    /// The file.
    pub file: PathBuf,
    /// Byte offset in it.
    pub offset: u64,
    /// What is wrong.
    pub wrong: Wrong,
}

/// The kinds of damage to history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The operating system could not read it.
    #[error("cannot be read ({0})")]
    Unreadable(String),
    /// A file's head does not check.
    #[error("the file's head is damaged")]
    FileHead,
    /// A file does not end where its last block ends.
    #[error("the file is shorter or longer than its blocks")]
    FileLength,
    /// A block's head does not check; the block is skipped.
    #[error("a block's head is damaged; the block is skipped")]
    BlockHead,
    /// A block's checksum does not match; the block is skipped.
    #[error("a block's checksum does not match; the block is skipped")]
    BlockChecksum,
    /// A block checks but does not hold what its head says; the block is skipped.
    #[error("a block does not hold what its head says; the block is skipped")]
    BlockContent,
    /// A group of the journal does not check; it is skipped.
    #[error("a journal group is damaged; at most one second of reports is skipped")]
    JournalGroup,
    /// The journal ends inside a group, as after a crash; the rest is cut.
    #[error("the journal ends inside a group; the rest of it is cut")]
    JournalTail,
    /// What was told of a track does not check; the past knows it by its number.
    #[error("what was told of a track is damaged; the past shows its number")]
    ToldLine,
    /// A line of the book of sources does not check; its source gets a new number.
    #[error("a line of the book of sources is damaged; that source is numbered anew")]
    SourceLine,
    /// A part of the index does not check; it was made anew from the blocks.
    #[error("a part of the index is damaged; it was made anew from the blocks")]
    Index,
}

/// An area in 1e-6 degree, both edges inside; `west` > `east` goes across the 180° meridian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Southern edge.
    pub south: i32,
    /// Western edge.
    pub west: i32,
    /// Northern edge.
    pub north: i32,
    /// Eastern edge.
    pub east: i32,
}

impl Area {
    /// Whether `position` is inside.
    #[must_use]
    pub fn holds(&self, position: MicroPosition) -> bool {
        let (latitude, longitude) = (position.latitude_udeg, position.longitude_udeg);
        let across = if self.west <= self.east {
            (self.west..=self.east).contains(&longitude)
        } else {
            longitude >= self.west || longitude <= self.east
        };
        across && (self.south..=self.north).contains(&latitude)
    }

    fn meets(&self, extent: &Extent) -> bool {
        let north_south = extent.latitude.0 <= self.north && self.south <= extent.latitude.1;
        let (west, east) = extent.longitude;
        let across = if self.west <= self.east {
            west <= self.east && self.west <= east
        } else {
            self.west <= east || west <= self.east
        };
        north_south && across
    }
}

/// The open history: the one writer of its directory.
#[derive(Debug)]
pub struct History {
    dir: StoreDir,
    folder: PathBuf,
    index: Index,
    /// The sealed files.
    files: BTreeMap<u32, FileRow>,
    /// The number that the next sealing takes; the journal has it too.
    number: u32,
    /// `None` until the first flush after opening or sealing.
    journal: Option<Journal>,
    /// Rows that are not sealed, by track, in the order they came.
    pending: BTreeMap<u32, Vec<HistoryRow>>,
    pending_rows: usize,
    /// Rows that are in no journal yet.
    unwritten: Vec<HistoryRow>,
    /// When the first pending row was recorded, by the time of the flush after it.
    pending_since: Option<Timestamp>,
    last_track: Option<u32>,
    dropped: u64,
    /// How long each source's rows are kept.
    keeps: keep::Keeps,
    /// Names and identities.
    told: told::Told,
}

impl History {
    /// Takes one row in. It is found by queries at once and durable after the next
    /// [`History::flush`]. While the disk refuses, rows beyond twice [`PENDING_ROWS_MAX`] are
    /// dropped and counted.
    pub fn record(&mut self, row: HistoryRow) {
        if self.pending_rows >= 2 * PENDING_ROWS_MAX {
            self.dropped += 1;
            return;
        }
        let is_latest = self.keeps.of(row.source) == Keep::Latest;
        self.take_pending(row);
        // Of such a source only the newest row of a track is kept, and only sealed.
        if !is_latest {
            self.unwritten.push(row);
        }
    }

    /// Takes what is told of `track` from now on: one line of text, at most 4 KiB, which
    /// [`History::slice`] gives back with the track's rows. It is kept as long as they are.
    pub fn tell(&mut self, track: u32, text: Arc<str>) {
        self.told.tell(track, text);
    }

    /// The track is gone: what is told of it is kept with its rows and not taken further.
    pub fn leave(&mut self, track: u32) {
        self.told.leave(track);
    }

    fn take_pending(&mut self, row: HistoryRow) {
        self.last_track = self.last_track.max(Some(row.track));
        let rows = self.pending.entry(row.track).or_default();
        let is_latest = self.keeps.of(row.source) == Keep::Latest;
        match rows.iter_mut().rev().find(|before| is_latest && before.source == row.source) {
            Some(before) => *before = row,
            None => {
                rows.push(row);
                self.pending_rows += 1;
            }
        }
    }

    /// Makes what was recorded durable, and seals when it is time to. Call it once a second.
    ///
    /// # Errors
    /// [`HistoryError`]; the rows are kept in memory and the next call tries again.
    pub fn flush(&mut self, now: Timestamp) -> Result<(), HistoryError> {
        if self.pending_rows > 0 {
            self.pending_since.get_or_insert(now);
        }
        let due = self.pending_since.is_some_and(|since| now.since_ms(since) >= SEAL_AFTER_MS);
        if due || self.pending_rows >= PENDING_ROWS_MAX { self.seal() } else { self.journal() }
    }

    fn journal(&mut self) -> Result<(), HistoryError> {
        let path = journal::path(&self.folder, self.number);
        let io = |source| HistoryError::Io { path: path.clone(), source };
        let journal = match &mut self.journal {
            Some(journal) => journal,
            None => {
                // A new journal must hold all that is not sealed.
                self.unwritten = self.pending.values().flatten().copied().collect();
                self.journal.insert(Journal::create(&self.folder, self.number).map_err(io)?)
            }
        };
        if !self.unwritten.is_empty() {
            journal.append(&self.unwritten).map_err(io)?;
        }
        let tracks = std::mem::take(&mut self.unwritten).into_iter().map(|row| row.track);
        let has = |track: u32| self.pending.contains_key(&track);
        self.told
            .write(&self.folder, self.number, tracks, has)
            .map_err(|source| HistoryError::Io { path: self.folder.clone(), source })
    }

    /// Seals all pending rows into blocks now, as before a backup or when the node stops.
    ///
    /// # Errors
    /// [`HistoryError`]; the rows are kept and the next flush tries again.
    pub fn seal(&mut self) -> Result<(), HistoryError> {
        if self.pending_rows == 0 {
            return Ok(());
        }
        let mut rows: Vec<_> = self.pending.values().flatten().copied().collect();
        rows.sort_by_key(|row| (row.source, row.track, row.at));
        let path = block::path(&self.folder, self.number);
        let sealed = block::write(&self.folder, self.number, &rows)
            .map_err(|source| HistoryError::Io { path, source })?;
        self.told
            .seal(&self.folder, self.number, self.pending.keys().copied())
            .map_err(|source| HistoryError::Io { path: self.folder.clone(), source })?;
        // From here on the rows are safe in blocks: the journal of this number no longer counts.
        let old = journal::path(&self.folder, self.number);
        self.pending.clear();
        self.unwritten.clear();
        (self.pending_rows, self.pending_since, self.journal) = (0, None, None);
        self.number += 1;
        let indexed = self.put(&sealed).map(|row| self.files.insert(row.number, row));
        if old.exists() {
            fs::remove_file(&old).map_err(|source| HistoryError::Io { path: old, source })?;
        }
        indexed.map(|_| ())
    }

    /// Writes a file's rows into the index, once more into a new one when the old refuses.
    fn put(&mut self, file: &block::BlockFile) -> Result<FileRow, HistoryError> {
        if let Ok(row) = self.index.put(file) {
            return Ok(row);
        }
        // The file counts even while the index refuses: its blocks are then read from itself.
        let unindexed = FileRow {
            number: file.number,
            length: file.length,
            blocks: file.blocks.len() as u32,
            extent: file.extent,
        };
        self.files.insert(file.number, unindexed);
        self.renew_index()?;
        self.index.put(file).map_err(|source| self.index_error(source))
    }

    fn index_error(&self, source: rusqlite::Error) -> HistoryError {
        HistoryError::Index { path: index::path(&self.folder), source }
    }

    /// Makes the whole index anew from the block files.
    fn renew_index(&mut self) -> Result<Vec<HistoryDamage>, HistoryError> {
        index::remove(&self.folder);
        self.index = Index::open(&self.folder).map_err(|source| self.index_error(source))?;
        let mut damages = Vec::new();
        for number in self.files.keys().copied().collect::<Vec<_>>() {
            let (file, found) = block::scan(&self.folder, number);
            damages.extend(found);
            let row = self.index.put(&file).map_err(|source| self.index_error(source))?;
            self.files.insert(number, row);
        }
        Ok(damages)
    }

    /// The rows of `track` from `from` to `to` (both included), by time, and what could not be
    /// read on the way.
    pub fn query(
        &mut self,
        track: u32,
        from: Timestamp,
        to: Timestamp,
    ) -> (Vec<HistoryRow>, Vec<HistoryDamage>) {
        let holds = |extent: &Extent| (extent.track.0..=extent.track.1).contains(&track);
        let wanted = |row: &HistoryRow| row.track == track;
        let pending = self.pending.get(&track).cloned().unwrap_or_default();
        self.find(pending, (from, to), &holds, &wanted)
    }

    /// The rows in `area` from `from` to `to` (both included), by track and time, and what could
    /// not be read on the way.
    pub fn query_area(
        &mut self,
        area: Area,
        from: Timestamp,
        to: Timestamp,
    ) -> (Vec<HistoryRow>, Vec<HistoryDamage>) {
        let holds = |extent: &Extent| area.meets(extent);
        let wanted = |row: &HistoryRow| area.holds(row.position);
        let pending = self.pending.values().flatten().copied().collect();
        self.find(pending, (from, to), &holds, &wanted)
    }

    fn find(
        &mut self,
        pending: Vec<HistoryRow>,
        (from, to): (Timestamp, Timestamp),
        holds: &dyn Fn(&Extent) -> bool,
        wanted: &dyn Fn(&HistoryRow) -> bool,
    ) -> (Vec<HistoryRow>, Vec<HistoryDamage>) {
        let (mut rows, mut damages) = (pending, Vec::new());
        let may_hold = |extent: &Extent| extent.meets_time(from, to) && holds(extent);
        let files: Vec<_> = self.files.values().filter(|f| may_hold(&f.extent)).copied().collect();
        for file in files {
            let path = block::path(&self.folder, file.number);
            let damage = |offset, wrong| HistoryDamage { file: path.clone(), offset, wrong };
            let blocks = self.blocks(&file, &mut damages);
            let open = match File::open(&path) {
                Ok(open) => open,
                Err(e) => {
                    damages.push(damage(0, Wrong::Unreadable(e.to_string())));
                    continue;
                }
            };
            for place in blocks.iter().filter(|place| may_hold(&place.extent)) {
                match block::read(&open, place) {
                    Ok(found) => rows.extend(found),
                    Err(wrong) => damages.push(damage(place.offset, wrong)),
                }
            }
        }
        rows.retain(|row| (from..=to).contains(&row.at) && wanted(row));
        rows.sort_by_key(HistoryRow::key);
        (rows, damages)
    }

    /// The blocks of a file: from the index, or from the file when the index does not check.
    fn blocks(&mut self, file: &FileRow, damages: &mut Vec<HistoryDamage>) -> Vec<BlockPlace> {
        if let Ok(Some(blocks)) = self.index.blocks(file) {
            return blocks;
        }
        damages.push(HistoryDamage {
            file: index::path(&self.folder),
            offset: 0,
            wrong: Wrong::Index,
        });
        let (scanned, found) = block::scan(&self.folder, file.number);
        damages.extend(found);
        // A failure here costs time at the next query, not rows.
        if let Ok(row) = self.put(&scanned) {
            self.files.insert(row.number, row);
        }
        scanned.blocks
    }

    /// The highest track number that was ever recorded and is still kept, so that a restarted node
    /// does not use it again.
    #[must_use]
    pub fn last_track(&self) -> Option<u32> {
        self.last_track
    }

    /// Rows that were dropped because the disk refused for too long.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Rows that wait to be sealed.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending_rows
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &StoreDir {
        &self.dir
    }
}
