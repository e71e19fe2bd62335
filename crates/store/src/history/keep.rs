//! How long each source's rows are kept: the book that numbers the sources, and the sweep that
//! drops what is over, so that a busy source never fills the disk.
//!
//! Refuses: giving a number that was given before to another source, and touching rows whose
//! source it does not know earlier than the others' term says.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use renkei_model::time::Timestamp;

use super::block::{self, BlockPlace};
use super::index::FileRow;
use super::{History, HistoryDamage, HistoryError, SEAL_AFTER_MS, Wrong, told};
use crate::dir::sync_dir;

/// A block of a source that keeps its latest rows alone goes this long after its last row: the next
/// sealing has newer ones by then.
const LATEST_MS: i64 = 2 * SEAL_AFTER_MS;
/// Files that one sweep looks into, so that it never holds up the disk for long.
const FILES_PER_SWEEP: usize = 64;

/// For how long the rows of one source are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The newest row of each track, until there is a newer one; not journalled.
    Latest,
    /// Rows whose event time is at most so many milliseconds ago.
    For(i64),
    /// All.
    Forever,
}

impl Keep {
    /// When a block whose last row is of `last` may go; `None` = never.
    fn until(self, last: i64) -> Option<Timestamp> {
        match self {
            Self::Latest => Some(Timestamp(last.saturating_add(LATEST_MS))),
            Self::For(ms) => Some(Timestamp(last.saturating_add(ms))),
            Self::Forever => None,
        }
    }
}

/// What one sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Blocks that were dropped.
    pub blocks: usize,
    /// Files that went whole.
    pub files: usize,
    /// What did not check on the way.
    pub damages: Vec<HistoryDamage>,
}

/// The book of sources and what was said of each.
#[derive(Debug)]
pub(super) struct Keeps {
    path: PathBuf,
    /// Numbers by source, escaped as in the file.
    numbers: BTreeMap<String, u16>,
    last: u16,
    keeps: BTreeMap<u16, Keep>,
    others: Keep,
    /// When each file is to be looked into again; absent = at the next sweep.
    due: BTreeMap<u32, Option<Timestamp>>,
}

impl Keeps {
    /// Reads the book; a line that does not check is reported and its number not given again.
    pub(super) fn open(folder: &Path, damages: &mut Vec<HistoryDamage>) -> io::Result<Self> {
        let path = folder.join("sources");
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(e),
        };
        let (mut numbers, mut last, mut offset) = (BTreeMap::new(), 0, 0);
        for line in text.split_inclusive('\n') {
            // A damaged line's number may be any: the count of lines is never behind it.
            last += 1;
            match read_line(line) {
                Some((number, name)) => {
                    last = last.max(number);
                    numbers.insert(name.to_owned(), number);
                }
                None => damages.push(HistoryDamage {
                    file: path.clone(),
                    offset,
                    wrong: Wrong::SourceLine,
                }),
            }
            offset += line.len() as u64;
        }
        let (keeps, due) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { path, numbers, last, keeps, others: Keep::Forever, due })
    }

    pub(super) fn of(&self, source: u16) -> Keep {
        self.keeps.get(&source).copied().unwrap_or(self.others)
    }

    fn number(&mut self, name: &str) -> io::Result<u16> {
        let name = name.escape_debug().to_string();
        if let Some(number) = self.numbers.get(&name) {
            return Ok(*number);
        }
        let Some(number) = self.last.checked_add(1) else { return Ok(0) };
        // A torn line before this one stays a line of its own.
        let text = fs::read(&self.path).unwrap_or_default();
        let gap = if text.last().is_none_or(|b| *b == b'\n') { "" } else { "\n" };
        let mut file = File::options().append(true).create(true).open(&self.path)?;
        file.write_all(format!("{gap}{}", line(number, &name)).as_bytes())?;
        file.sync_all()?;
        sync_dir(self.path.parent().unwrap_or(&self.path))?;
        self.last = number;
        self.numbers.insert(name, number);
        Ok(number)
    }
}

/// `NUMBER CHECKSUM NAME`, the checksum over number and name.
fn line(number: u16, name: &str) -> String {
    let crc = crc32c::crc32c(format!("{number} {name}").as_bytes());
    format!("{number} {crc:08x} {name}\n")
}

fn read_line(text: &str) -> Option<(u16, &str)> {
    let (number, rest) = text.strip_suffix('\n')?.split_once(' ')?;
    let (_, name) = rest.split_once(' ')?;
    let number = number.parse().ok()?;
    (line(number, name) == text).then_some((number, name))
}

impl History {
    /// The lasting number of the source `name`, given now if it has none; 0 when 65,535 are given.
    ///
    /// # Errors
    /// [`HistoryError`] when the book cannot be written.
    pub fn number_source(&mut self, name: &str) -> Result<u16, HistoryError> {
        let path = self.keeps.path.clone();
        self.keeps.number(name).map_err(|source| HistoryError::Io { path, source })
    }

    /// Says how long the rows of each numbered source are kept, and those of all `others`. It holds
    /// for what is kept already, too; before the first call all is kept for ever.
    pub fn keep(&mut self, keeps: BTreeMap<u16, Keep>, others: Keep) {
        (self.keeps.keeps, self.keeps.others) = (keeps, others);
        self.keeps.due.clear();
    }

    /// Drops the blocks whose time is over at `now`, the longest overdue files first; looks into a
    /// bounded number of files. Call it about once a minute.
    ///
    /// # Errors
    /// [`HistoryError`]; what was dropped by then stays dropped.
    pub fn sweep(&mut self, now: Timestamp) -> Result<Swept, HistoryError> {
        let mut swept = Swept::default();
        self.keeps.due.retain(|number, _| self.files.contains_key(number));
        let is_due = |number: &u32| match self.keeps.due.get(number) {
            Some(due) => due.is_some_and(|due| due < now),
            None => true,
        };
        let due: Vec<FileRow> = self
            .files
            .values()
            .filter(|f| is_due(&f.number))
            .take(FILES_PER_SWEEP)
            .copied()
            .collect();
        for file in due {
            let blocks = self.blocks(&file, &mut swept.damages);
            let until = |block: &BlockPlace| self.keeps.of(block.source).until(block.extent.time.1);
            let over = |block: &BlockPlace| until(block).is_some_and(|until| until < now);
            let kept: Vec<_> = blocks.iter().filter(|block| !over(block)).copied().collect();
            let next = kept.iter().filter_map(until).min();
            let gone = blocks.len() - kept.len();
            if gone > 0 && kept.is_empty() {
                self.drop_file(file.number)?;
                swept.files += 1;
                swept.blocks += gone;
                continue;
            }
            if gone > 0 {
                let path = block::path(&self.folder, file.number);
                let smaller = block::keep_only(&self.folder, file.number, &kept)
                    .map_err(|source| HistoryError::Io { path, source })?;
                let holds = |track: u32| {
                    let in_block =
                        |b: &BlockPlace| (b.extent.track.0..=b.extent.track.1).contains(&track);
                    kept.iter().any(in_block)
                };
                told::keep_only(&self.folder, file.number, holds)
                    .map_err(|source| HistoryError::Io { path: self.folder.clone(), source })?;
                let row = self.put(&smaller)?;
                self.files.insert(row.number, row);
                swept.blocks += gone;
            }
            self.keeps.due.insert(file.number, next);
        }
        Ok(swept)
    }

    fn drop_file(&mut self, number: u32) -> Result<(), HistoryError> {
        let io = |path, source| HistoryError::Io { path, source };
        let path = block::path(&self.folder, number);
        fs::remove_file(&path).map_err(|e| io(path, e))?;
        told::remove(&self.folder, number).map_err(|e| io(self.folder.clone(), e))?;
        self.files.remove(&number);
        self.keeps.due.remove(&number);
        self.index.remove(number).map_err(|source| self.index_error(source))?;
        sync_dir(&self.folder).map_err(|e| io(self.folder.clone(), e))
    }
}

#[cfg(test)]
mod tests {
    //! A number means one source for ever.

    use super::*;

    #[test]
    fn a_damaged_line_is_reported_and_its_number_is_not_given_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut keeps = Keeps::open(dir.path(), &mut Vec::new()).unwrap();
        assert_eq!(keeps.number("coast\n2 x").unwrap(), 1);
        assert_eq!(keeps.number("air").unwrap(), 2);
        assert_eq!(keeps.number("coast\n2 x").unwrap(), 1);
        let path = dir.path().join("sources");
        let mut bytes = fs::read(&path).unwrap();
        let end = bytes.len() - 2;
        bytes[end] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let mut damages = Vec::new();
        let mut keeps = Keeps::open(dir.path(), &mut damages).unwrap();
        assert_eq!(damages.iter().map(|d| &d.wrong).collect::<Vec<_>>(), [&Wrong::SourceLine]);
        assert_eq!(keeps.number("coast\n2 x").unwrap(), 1);
        assert_eq!(keeps.number("air").unwrap(), 3);
        fs::write(&path, &bytes[..bytes.len() - 3]).unwrap();
        let mut keeps = Keeps::open(dir.path(), &mut Vec::new()).unwrap();
        assert_eq!(keeps.number("air").unwrap(), 3);
        let mut damages = Vec::new();
        assert_eq!(Keeps::open(dir.path(), &mut damages).unwrap().number("air").unwrap(), 3);
        assert_eq!(damages.len(), 1);
    }
}
