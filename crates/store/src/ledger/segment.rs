//! Segment files: which there are, and reading one batch by batch.
//!
//! Every byte that comes out was checked; damage comes out as [`Damage`], never as data.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::damage::{Damage, Fault};
use super::frame::{BATCH_HEAD, BATCH_MAGIC, Batch, BatchHead, SEGMENT_HEAD, SegmentHead};

/// The file name of segment `number`.
pub(crate) fn file_name(number: u32) -> String {
    format!("{number:08}.seg")
}

/// The numbers of the segment files in `folder`, ascending, and the names of other files.
pub(crate) fn list(folder: &Path) -> io::Result<(Vec<u32>, Vec<PathBuf>)> {
    let (mut numbers, mut others) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = name
            .to_str()
            .and_then(|n| n.strip_suffix(".seg"))
            .and_then(|n| n.parse::<u32>().ok())
            .filter(|n| Some(file_name(*n).as_str()) == name.to_str());
        match number {
            Some(number) => numbers.push(number),
            None => others.push(folder.join(name)),
        }
    }
    numbers.sort_unstable();
    others.sort();
    Ok((numbers, others))
}

/// Reads one segment file from its head on.
#[derive(Debug)]
pub(crate) struct SegmentReader {
    pub(crate) path: PathBuf,
    pub(crate) head: SegmentHead,
    input: BufReader<File>,
    /// Where the next batch begins.
    offset: u64,
    /// Bytes of the file that are read, at most.
    length: u64,
}

impl SegmentReader {
    /// Opens segment `number`; bytes from `limit` on are not looked at.
    ///
    /// # Errors
    /// [`Damage`] when the head does not check or names another segment. `seq` is what the caller
    /// expects next, for the message.
    pub(crate) fn open(
        folder: &Path,
        number: u32,
        limit: u64,
        seq: Option<u64>,
    ) -> Result<Self, Damage> {
        let path = folder.join(file_name(number));
        let damage = |fault| Damage { file: path.clone(), offset: 0, seq, fault };
        let unreadable = |e: io::Error| damage(Fault::Unreadable(e.to_string()));
        let file = File::open(&path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => damage(Fault::SegmentMissing),
            _ => unreadable(e),
        })?;
        let length = file.metadata().map_err(unreadable)?.len().min(limit);
        let mut input = BufReader::with_capacity(256 << 10, file);
        let mut bytes = read_up_to(&mut input, SEGMENT_HEAD as u64).map_err(unreadable)?;
        let whole = SegmentHead::length(&bytes).ok_or_else(|| damage(Fault::SegmentHead))?;
        let rest = read_up_to(&mut input, (whole - SEGMENT_HEAD) as u64).map_err(unreadable)?;
        bytes.extend_from_slice(&rest);
        let head = SegmentHead::read(&bytes).ok_or_else(|| damage(Fault::SegmentHead))?;
        if head.number != number || seq.is_some_and(|seq| seq != head.tree.size()) {
            return Err(damage(Fault::SegmentOrder));
        }
        Ok(Self { path, head, input, offset: bytes.len() as u64, length })
    }

    /// Where the next batch begins.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes of the file that are read.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The next batch, which must begin with record `seq`; `None` at the end of the file.
    ///
    /// # Errors
    /// [`Damage`]; the reader then stands where it stood, and [`Self::resync`] goes on.
    pub(crate) fn next(&mut self, seq: u64) -> Result<Option<Batch>, Damage> {
        if self.offset >= self.length {
            return Ok(None);
        }
        let offset = self.offset;
        match self.read_batch(seq) {
            Ok(batch) => {
                self.offset = batch.end();
                Ok(Some(batch))
            }
            Err((offset, seq, fault)) => Err(self.damage(offset, seq, fault)),
        }
        .inspect_err(|_| self.offset = offset)
    }

    /// A damage in this file.
    pub(crate) fn damage(&self, offset: u64, seq: u64, fault: Fault) -> Damage {
        Damage { file: self.path.clone(), offset, seq: Some(seq), fault }
    }

    fn read_batch(&mut self, seq: u64) -> Result<Batch, (u64, u64, Fault)> {
        let (offset, left) = (self.offset, self.length - self.offset);
        let misfit = |fault| (offset, seq, fault);
        let unreadable = |e: io::Error| misfit(Fault::Unreadable(e.to_string()));
        let mut bytes =
            read_up_to(&mut self.input, left.min(BATCH_HEAD as u64)).map_err(unreadable)?;
        if bytes.len() < BATCH_HEAD {
            return Err(misfit(Fault::Torn { bytes: left }));
        }
        let head = BatchHead::read(&bytes).ok_or_else(|| misfit(Fault::BatchHead))?;
        let whole = head.frame_length() as u64;
        if left < whole {
            return Err(misfit(Fault::Torn { bytes: left }));
        }
        bytes.reserve_exact(whole as usize - BATCH_HEAD);
        let read = (&mut self.input).take(whole - BATCH_HEAD as u64).read_to_end(&mut bytes);
        read.map_err(unreadable)?;
        if bytes.len() as u64 != whole {
            return Err(misfit(Fault::Torn { bytes: left }));
        }
        let batch = Batch::check(offset, head, bytes)?;
        if head.first_seq != seq {
            return Err(misfit(Fault::Sequence { expected: seq, found: head.first_seq }));
        }
        Ok(batch)
    }

    /// After damage: goes to the next whole batch behind it and gives that batch's first record
    /// number; `None` when there is none in this file.
    pub(crate) fn resync(&mut self) -> io::Result<Option<u64>> {
        self.input.seek(SeekFrom::Start(self.offset))?;
        let rest = read_up_to(&mut self.input, self.length - self.offset)?;
        let found = find_batch(&rest);
        if let Some((skip, _)) = found {
            self.offset += skip as u64;
        } else {
            self.offset = self.length;
        }
        self.input.seek(SeekFrom::Start(self.offset))?;
        Ok(found.map(|(_, seq)| seq))
    }
}

/// Whether a whole batch lies anywhere in the file.
pub(crate) fn holds_batch(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| find_batch(&bytes).is_some())
}

/// The first whole batch in `bytes` that does not begin at its very start.
fn find_batch(bytes: &[u8]) -> Option<(usize, u64)> {
    let mut from = 1;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.windows(BATCH_MAGIC.len()).position(|w| w == BATCH_MAGIC)?;
        let candidate = bytes.get(at..)?;
        if let Some(head) = BatchHead::read(candidate)
            && let Some(frame) = candidate.get(..head.frame_length())
            && Batch::check(0, head, frame.to_vec()).is_ok()
        {
            return Some((at, head.first_seq));
        }
        from = at + 1;
    }
}

fn read_up_to(input: &mut impl Read, bytes: u64) -> io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.min(1 << 20) as usize);
    input.take(bytes).read_to_end(&mut out)?;
    Ok(out)
}
