//! The bytes of a segment: its head, batch frames, records. `docs/record.md` has the tables.
//!
//! Every byte is under a CRC-32C; a batch counts either whole or not at all.

use minicbor::{Decode, Encode};
use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::Partition;
use renkei_model::statement::KeyId;
use renkei_model::time::Timestamp;

use super::Retention;
use super::damage::Fault;
use crate::bytes::{Take, checked, seal};
use renkei_model::merkle::Frontier;

/// The record format this build writes. It reads format 1 too, which had no term of retention.
pub const FORMAT_VERSION: u16 = 2;
/// The format of a segment's head and its batches.
const SEGMENT_VERSION: u16 = 1;
/// The longest body of one entry in bytes: a text with its translations needs thousands.
pub const BODY_MAX: usize = 1 << 20;
/// The longest batch frame in bytes, so that a reader's memory is bounded.
pub const BATCH_BYTES_MAX: usize = 16 << 20;
/// The most records in one batch.
pub const BATCH_RECORDS_MAX: usize = 1 << 16;

const SEGMENT_MAGIC: &[u8; 8] = b"RNKLEDG1";
/// First bytes of a batch frame; a search for a next batch looks for them.
pub(crate) const BATCH_MAGIC: &[u8; 4] = b"RNKB";
/// Bytes of a batch frame before its records.
pub(crate) const BATCH_HEAD: usize = 24;
/// Bytes of a segment's head before its peaks.
pub(crate) const SEGMENT_HEAD: usize = 24;
/// Bytes of a record before its header.
const RECORD_HEAD: usize = 8;
/// Flag: salt and body follow the header.
const BODY_PRESENT: u8 = 1;
/// Flag: salt and body were destroyed by order; a record of kind 4 says by whom and why.
const BODY_DESTROYED: u8 = 2;

/// What the Merkle leaf of a record holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Header {
    /// [`FORMAT_VERSION`] of the writer.
    #[n(0)]
    pub(crate) version: u16,
    /// The world the ledger belongs to.
    #[n(1)]
    pub(crate) partition: Partition,
    /// The node key in force.
    #[n(2)]
    pub(crate) key: KeyId,
    /// Dense from 0.
    #[n(3)]
    pub(crate) seq: u64,
    /// What the body is; below [`super::KIND_FIRST_FREE`] the ledger's own.
    #[n(4)]
    pub(crate) kind: u16,
    /// When, by the node's clock.
    #[n(5)]
    pub(crate) time: Timestamp,
    /// SHA-256(salt ‖ body).
    #[n(6)]
    pub(crate) commitment: Digest,
    /// For how long it is kept; absent in format 1.
    #[n(7)]
    pub(crate) retention: Option<Retention>,
}

/// A body and the salt that hides it from guessing while it is withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sealed<'a> {
    pub(crate) salt: &'a [u8; 32],
    pub(crate) body: &'a [u8],
}

impl Sealed<'_> {
    pub(crate) fn commitment(&self) -> Digest {
        Digest::of_parts(&[self.salt, self.body])
    }
}

/// What lies beside a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content<'a> {
    /// Salt and body.
    Here(Sealed<'a>),
    /// Nothing: an export left it out.
    LeftOut,
    /// Nothing: it was destroyed.
    Destroyed,
}

/// One record as it lies in a frame.
#[derive(Clone, Debug)]
pub(crate) struct Record<'a> {
    /// Where its frame begins in the file.
    pub(crate) offset: u64,
    pub(crate) header_bytes: &'a [u8],
    pub(crate) header: Header,
    pub(crate) content: Content<'a>,
}

impl<'a> Record<'a> {
    /// Salt and body, where they are there.
    pub(crate) fn sealed(&self) -> Option<Sealed<'a>> {
        match self.content {
            Content::Here(sealed) => Some(sealed),
            Content::LeftOut | Content::Destroyed => None,
        }
    }
}

/// Builds one batch frame in `out`.
pub(crate) struct BatchWriter<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    count: u32,
    first_seq: u64,
}

impl<'a> BatchWriter<'a> {
    /// Begins a frame at the end of `out`.
    pub(crate) fn new(out: &'a mut Vec<u8>, first_seq: u64) -> Self {
        let start = out.len();
        out.extend_from_slice(&[0; BATCH_HEAD]);
        Self { out, start, count: 0, first_seq }
    }

    /// Adds one record.
    pub(crate) fn push(&mut self, header: &[u8], content: Content<'_>) {
        let from = self.out.len();
        let (flags, sealed) = match content {
            Content::Here(sealed) => (BODY_PRESENT, Some(sealed)),
            Content::LeftOut => (0, None),
            Content::Destroyed => (BODY_DESTROYED, None),
        };
        let beside = sealed.map_or(0, |s| s.salt.len() + s.body.len());
        let length = (RECORD_HEAD + header.len() + beside + 4) as u32;
        self.out.extend_from_slice(&length.to_le_bytes());
        self.out.extend_from_slice(&(header.len() as u16).to_le_bytes());
        self.out.extend_from_slice(&[flags, 0]);
        self.out.extend_from_slice(header);
        if let Some(sealed) = sealed {
            self.out.extend_from_slice(sealed.salt);
            self.out.extend_from_slice(sealed.body);
        }
        seal(self.out, from);
        self.count += 1;
    }

    /// Fills in the head and closes the frame.
    pub(crate) fn finish(self) {
        let length = (self.out.len() - self.start - BATCH_HEAD) as u32;
        let mut head = Vec::with_capacity(BATCH_HEAD);
        head.extend_from_slice(BATCH_MAGIC);
        head.extend_from_slice(&length.to_le_bytes());
        head.extend_from_slice(&self.count.to_le_bytes());
        head.extend_from_slice(&self.first_seq.to_le_bytes());
        seal(&mut head, 0);
        if let Some(place) = self.out.get_mut(self.start..self.start + BATCH_HEAD) {
            place.copy_from_slice(&head);
        }
        seal(self.out, self.start);
    }
}

/// The head of a batch frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchHead {
    /// Bytes of the records.
    pub(crate) length: usize,
    pub(crate) count: u32,
    pub(crate) first_seq: u64,
}

impl BatchHead {
    /// Reads a head; `None` when its magic, checksum or bounds are wrong.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut take = Take(checked(bytes.get(..BATCH_HEAD)?)?);
        let magic = take.array::<4>()?;
        let (length, count) = (take.u32()? as usize, take.u32()?);
        let first_seq = take.u64()?;
        let bounded = length <= BATCH_BYTES_MAX && (1..=BATCH_RECORDS_MAX as u32).contains(&count);
        (&magic == BATCH_MAGIC && bounded).then_some(Self { length, count, first_seq })
    }

    /// Bytes of the whole frame.
    pub(crate) fn frame_length(&self) -> usize {
        BATCH_HEAD + self.length + 4
    }
}

/// A batch frame whose checksums all hold.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Where it begins in the file.
    pub(crate) offset: u64,
    pub(crate) head: BatchHead,
    bytes: Vec<u8>,
    /// Begin and end of each record in `bytes`.
    spans: Vec<(usize, usize)>,
}

/// What is wrong, at which place of the file and with which record.
pub(crate) type Misfit = (u64, u64, Fault);

impl Batch {
    /// Checks the frame `bytes` that begins at `offset`.
    pub(crate) fn check(offset: u64, head: BatchHead, bytes: Vec<u8>) -> Result<Self, Misfit> {
        let mut spans = Vec::with_capacity(head.count as usize);
        let (mut at, end) = (BATCH_HEAD, BATCH_HEAD + head.length);
        for index in 0..u64::from(head.count) {
            let misfit = |fault| (offset + at as u64, head.first_seq + index, fault);
            let rest = bytes.get(at..end).unwrap_or_default();
            let length = Take(rest).u32().ok_or_else(|| misfit(Fault::RecordLength))? as usize;
            let record = rest.get(..length).ok_or_else(|| misfit(Fault::RecordLength))?;
            checked(record).ok_or_else(|| misfit(Fault::RecordChecksum))?;
            spans.push((at, at + length));
            at += length;
        }
        let whole = Fault::BatchChecksum { first: head.first_seq, count: head.count };
        if at != end || checked(&bytes).is_none() {
            return Err((offset, head.first_seq, whole));
        }
        Ok(Self { offset, head, bytes, spans })
    }

    /// The records, each decoded and in sequence.
    pub(crate) fn records(&self) -> impl Iterator<Item = Result<Record<'_>, Misfit>> {
        self.spans.iter().zip(self.head.first_seq..).map(|(&(from, to), seq)| {
            let offset = self.offset + from as u64;
            let bytes = self.bytes.get(from..to).unwrap_or_default();
            read_record(offset, bytes, seq).map_err(|fault| (offset, seq, fault))
        })
    }

    /// Where the next frame begins in the file.
    pub(crate) fn end(&self) -> u64 {
        self.offset + self.head.frame_length() as u64
    }

    /// The sequence number after this batch.
    pub(crate) fn next_seq(&self) -> u64 {
        self.head.first_seq + u64::from(self.head.count)
    }
}

fn read_record(offset: u64, bytes: &[u8], seq: u64) -> Result<Record<'_>, Fault> {
    let mut take = Take(bytes.split_last_chunk::<4>().ok_or(Fault::RecordLength)?.0);
    let mut lengths = || Some((take.u32()?, take.u16()?, take.u8()?, take.u8()?));
    let (_, header_length, flags, zero) = lengths().ok_or(Fault::RecordLength)?;
    let header_bytes = take.slice(usize::from(header_length)).ok_or(Fault::RecordLength)?;
    let content = match flags {
        BODY_PRESENT => {
            let (salt, body) = take.0.split_first_chunk::<32>().ok_or(Fault::RecordLength)?;
            Content::Here(Sealed { salt, body })
        }
        0 | BODY_DESTROYED if !take.0.is_empty() => return Err(Fault::RecordLength),
        0 => Content::LeftOut,
        BODY_DESTROYED => Content::Destroyed,
        _ => return Err(Fault::RecordFlags),
    };
    if zero != 0 {
        return Err(Fault::RecordFlags);
    }
    let header: Header =
        from_canonical(header_bytes).map_err(|e| Fault::HeaderSpelling(e.to_string()))?;
    if !matches!((header.version, header.retention), (1, None) | (FORMAT_VERSION, Some(_))) {
        return Err(Fault::RecordVersion(header.version));
    }
    if header.seq != seq {
        return Err(Fault::Sequence { expected: seq, found: header.seq });
    }
    Ok(Record { offset, header_bytes, header, content })
}

/// The head of a segment file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHead {
    pub(crate) number: u32,
    /// The tree before the segment's first record: its size is that record's sequence number.
    pub(crate) tree: Frontier,
}

impl SegmentHead {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(SEGMENT_HEAD + 32 * self.tree.peaks().len() + 4);
        out.extend_from_slice(SEGMENT_MAGIC);
        out.extend_from_slice(&SEGMENT_VERSION.to_le_bytes());
        out.extend_from_slice(&(self.tree.peaks().len() as u16).to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.tree.size().to_le_bytes());
        for peak in self.tree.peaks() {
            out.extend_from_slice(&peak.0);
        }
        seal(&mut out, 0);
        out
    }

    /// How long the head is by its own count, from its first [`SEGMENT_HEAD`] bytes.
    pub(crate) fn length(bytes: &[u8]) -> Option<usize> {
        let peaks = Take(bytes.get(10..)?).u16()?;
        (peaks <= 64).then_some(SEGMENT_HEAD + 32 * usize::from(peaks) + 4)
    }

    /// Reads a whole head; `None` when anything in it is wrong.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut take = Take(checked(bytes)?);
        let (magic, version) = (take.array::<8>()?, take.u16()?);
        let (peaks, number, size) = (take.u16()?, take.u32()?, take.u64()?);
        let peaks = (0..peaks).map(|_| take.array().map(Digest)).collect::<Option<Vec<_>>>()?;
        let known = &magic == SEGMENT_MAGIC && version == SEGMENT_VERSION && take.0.is_empty();
        Frontier::new(size, peaks).filter(|_| known).map(|tree| Self { number, tree })
    }
}

#[cfg(test)]
mod tests;
