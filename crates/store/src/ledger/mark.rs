//! The mark of what was acknowledged: with it a torn tail (never acknowledged, may be cut) is told
//! from damage to the last acknowledged batch (must not be cut).
//!
//! Two slots are written in turn, so that a write torn by a power cut leaves the other one. A slot
//! is written after the batch is on the disk and is not itself synced: it may be behind after a
//! power cut, never ahead.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use crate::bytes::{Take, checked, seal};
use crate::dir::sync_dir;

/// The file's name in the ledger's folder.
pub(crate) const MARK_FILE: &str = "ACKNOWLEDGED";
const MAGIC: &[u8; 8] = b"RNKMARK1";
/// Bytes of one slot.
pub(crate) const SLOT: usize = 44;

/// Up to where everything was acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Raised with every write; its lowest bit is the slot.
    pub(crate) generation: u64,
    /// The segment the last acknowledged batch lies in.
    pub(crate) segment: u64,
    /// Where that batch ends.
    pub(crate) offset: u64,
    /// The sequence number after it.
    pub(crate) next_seq: u64,
}

impl Mark {
    fn to_bytes(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(SLOT);
        out.extend_from_slice(MAGIC);
        for number in [self.generation, self.segment, self.offset, self.next_seq] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        seal(&mut out, 0);
        out
    }

    fn read(slot: &[u8], index: u64) -> Option<Self> {
        let mut take = Take(checked(slot)?);
        let magic = take.array::<8>()?;
        let (generation, segment) = (take.u64()?, take.u64()?);
        let mark = Self { generation, segment, offset: take.u64()?, next_seq: take.u64()? };
        (&magic == MAGIC && take.0.is_empty() && generation & 1 == index).then_some(mark)
    }
}

/// What the file of marks holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// Both slots check.
    Whole(Mark),
    /// One slot checks; the other is damaged or was torn.
    Half(Mark),
    /// Neither slot checks, or the length is wrong.
    Damaged,
    /// There is no such file.
    Absent,
}

/// Reads the marks of the ledger folder.
pub(crate) fn read(folder: &Path) -> io::Result<Marks> {
    let bytes = match fs::read(folder.join(MARK_FILE)) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Marks::Absent),
        Err(e) => return Err(e),
    };
    if bytes.len() != 2 * SLOT {
        return Ok(Marks::Damaged);
    }
    let (even, odd) = bytes.split_at(SLOT);
    Ok(match (Mark::read(even, 0), Mark::read(odd, 1)) {
        (Some(a), Some(b)) if a.generation.abs_diff(b.generation) == 1 => {
            Marks::Whole(if a.generation > b.generation { a } else { b })
        }
        (Some(mark), None) | (None, Some(mark)) => Marks::Half(mark),
        _ => Marks::Damaged,
    })
}

/// The file of marks, open for writing.
#[derive(Debug)]
pub(crate) struct MarkFile {
    file: File,
    generation: u64,
}

impl MarkFile {
    /// Writes a new file with `mark` in both slots and makes it durable.
    pub(crate) fn create(folder: &Path, mark: Mark) -> io::Result<Self> {
        let new = folder.join("ACKNOWLEDGED.new");
        let file = File::create(&new)?;
        let generation = mark.generation.max(1) + 1;
        let mut this = Self { file, generation };
        this.advance(mark)?;
        this.advance(mark)?;
        this.file.sync_all()?;
        fs::rename(&new, folder.join(MARK_FILE))?;
        sync_dir(folder)?;
        Ok(this)
    }

    /// Opens the file that held `mark` in whole slots; takes no new space on the disk.
    pub(crate) fn open(folder: &Path, mark: Mark) -> io::Result<Self> {
        let file = File::options().write(true).open(folder.join(MARK_FILE))?;
        Ok(Self { file, generation: mark.generation })
    }

    /// Moves the mark (its generation is set here).
    pub(crate) fn advance(&mut self, mark: Mark) -> io::Result<()> {
        let generation = self.generation + 1;
        let slot = Mark { generation, ..mark }.to_bytes();
        self.file.write_all_at(&slot, (generation & 1) * SLOT as u64)?;
        self.generation = generation;
        Ok(())
    }
}
