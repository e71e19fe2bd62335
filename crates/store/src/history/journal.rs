//! The journal: rows that are not sealed yet, in groups of at most a second.
//!
//! A group that does not check is skipped and reported; a torn last one is expected after a crash.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::row::{HistoryRow, ROW_BYTES};
use super::{HistoryDamage, Wrong};
use crate::bytes::{Take, checked, seal};
use crate::dir::sync_dir;

const FILE_MAGIC: &[u8; 8] = b"RNKHJRN1";
const FILE_HEAD: usize = 16;
const GROUP_MAGIC: &[u8; 4] = b"RNKG";
/// Bytes of a group before its rows.
const GROUP_HEAD: usize = 12;

/// The path of journal `number`.
pub(super) fn path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:08}.jnl"))
}

/// The journal that is being written.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    /// Bytes that are whole; what lies behind them is a failed write.
    length: u64,
}

impl Journal {
    /// Begins journal `number`.
    pub(super) fn create(folder: &Path, number: u32) -> io::Result<Self> {
        let path = path(folder, number);
        let mut head = FILE_MAGIC.to_vec();
        head.extend_from_slice(&number.to_le_bytes());
        seal(&mut head, 0);
        let file = File::options().write(true).create(true).truncate(true).open(&path)?;
        file.write_all_at(&head, 0)?;
        file.sync_all()?;
        sync_dir(folder)?;
        Ok(Self { file, length: head.len() as u64 })
    }

    /// Goes on with a journal whose first `length` bytes are whole.
    pub(super) fn resume(path: &Path, length: u64) -> io::Result<Self> {
        let file = File::options().write(true).open(path)?;
        file.set_len(length)?;
        Ok(Self { file, length })
    }

    /// Adds one group and makes it durable.
    pub(super) fn append(&mut self, rows: &[HistoryRow]) -> io::Result<()> {
        let mut group = Vec::with_capacity(GROUP_HEAD + rows.len() * ROW_BYTES + 4);
        group.extend_from_slice(GROUP_MAGIC);
        group.extend_from_slice(&(rows.len() as u32).to_le_bytes());
        seal(&mut group, 0);
        for row in rows {
            row.write(&mut group);
        }
        seal(&mut group, 0);
        let written =
            self.file.write_all_at(&group, self.length).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += group.len() as u64,
            // Cut now so that the space is free; the next write begins at the same place anyway.
            Err(_) => drop(self.file.set_len(self.length)),
        }
        written
    }
}

/// What a journal held.
pub(super) struct Kept {
    pub(super) rows: Vec<HistoryRow>,
    /// End of the last whole group; `None` when the head itself does not check.
    pub(super) length: Option<u64>,
    pub(super) damages: Vec<HistoryDamage>,
}

/// Reads journal `number`.
pub(super) fn read(folder: &Path, number: u32) -> io::Result<Kept> {
    let file = path(folder, number);
    let bytes = fs::read(&file)?;
    let mut kept = Kept { rows: Vec::new(), length: None, damages: Vec::new() };
    let damage =
        |offset: usize, wrong| HistoryDamage { file: file.clone(), offset: offset as u64, wrong };
    if read_head(&bytes, number) {
        kept.length = Some(FILE_HEAD as u64);
    } else {
        kept.damages.push(damage(0, Wrong::FileHead));
    }
    let mut at = FILE_HEAD;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((rows, length)) = read_group(rest) {
            kept.rows.extend(rows);
            at += length;
            kept.length = kept.length.map(|_| at as u64);
            continue;
        }
        let Some(skip) = next_group(rest) else {
            kept.damages.push(damage(at, Wrong::JournalTail));
            break;
        };
        kept.damages.push(damage(at, Wrong::JournalGroup));
        at += skip;
    }
    Ok(kept)
}

fn read_head(bytes: &[u8], number: u32) -> bool {
    let head = || {
        let mut take = Take(checked(bytes.get(..FILE_HEAD)?)?);
        Some((take.array::<8>()?, take.u32()?))
    };
    head() == Some((*FILE_MAGIC, number))
}

/// A whole group at the start of `bytes`: its rows and its length.
fn read_group(bytes: &[u8]) -> Option<(Vec<HistoryRow>, usize)> {
    let mut take = Take(checked(bytes.get(..GROUP_HEAD)?)?);
    let (magic, count) = (take.array::<4>()?, take.u32()? as usize);
    let length = GROUP_HEAD + count.checked_mul(ROW_BYTES)? + 4;
    let mut rows = Take(checked(bytes.get(..length)?)?.get(GROUP_HEAD..)?);
    let rows = (0..count).map(|_| HistoryRow::read(&mut rows)).collect::<Option<_>>()?;
    (&magic == GROUP_MAGIC).then_some((rows, length))
}

/// How far on the next whole group begins.
fn next_group(bytes: &[u8]) -> Option<usize> {
    let mut from = 1;
    loop {
        let rest = bytes.get(from..)?;
        from += rest.windows(GROUP_MAGIC.len()).position(|w| w == GROUP_MAGIC)?;
        if read_group(bytes.get(from..)?).is_some() {
            return Some(from);
        }
        from += 1;
    }
}
