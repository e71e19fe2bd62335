//! Reading records back: each is checked on the way, and nothing that fails comes out.

use std::collections::VecDeque;
use std::path::PathBuf;

use renkei_model::cbor::Digest;
use renkei_model::statement::KeyId;
use renkei_model::time::Timestamp;

use super::Retention;
use super::damage::{Damage, Fault};
use super::frame::Record;
use super::segment::SegmentReader;
use renkei_model::merkle::leaf_hash;

/// A body and its salt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The 32 bytes that went before the body into the commitment.
    pub salt: [u8; 32],
    /// The bytes that were appended.
    pub body: Vec<u8>,
}

/// A record as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its number, dense from 0.
    pub seq: u64,
    /// What the body is.
    pub kind: u16,
    /// When, by the node's clock.
    pub time: Timestamp,
    /// The key in force.
    pub key: KeyId,
    /// For how long it is kept; `None` where the format of its time did not say.
    pub retention: Option<Retention>,
    /// Its header, which is what the Merkle leaf holds.
    pub header: Vec<u8>,
    /// Its Merkle leaf hash, for proofs.
    pub leaf: Digest,
    /// `None` when an export left the body out or it was lawfully destroyed.
    pub content: Option<Content>,
}

impl StoredEntry {
    /// The bytes that were appended, where they are there.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.content.as_ref().map(|content| content.body.as_slice())
    }

    /// Copies `record` out, checking its commitment.
    pub(super) fn take(record: &Record<'_>) -> Result<Self, Fault> {
        let header = &record.header;
        let sealed = record.sealed();
        if sealed.is_some_and(|sealed| sealed.commitment() != header.commitment) {
            return Err(Fault::Commitment);
        }
        Ok(Self {
            seq: header.seq,
            kind: header.kind,
            time: header.time,
            key: header.key,
            leaf: leaf_hash(record.header_bytes),
            retention: header.retention,
            header: record.header_bytes.to_vec(),
            content: sealed
                .map(|sealed| Content { salt: *sealed.salt, body: sealed.body.to_vec() }),
        })
    }
}

/// The records of a ledger in order. After the first damage it ends.
#[derive(Debug)]
pub struct Entries {
    folder: PathBuf,
    segment: u32,
    reader: Option<SegmentReader>,
    /// The next record to read.
    seq: u64,
    /// Records before this one are skipped.
    from: u64,
    /// The record to end before.
    end: u64,
    ready: VecDeque<StoredEntry>,
}

impl Entries {
    pub(super) fn new(folder: PathBuf, segment: u32, from: u64, end: u64) -> Self {
        Self { folder, segment, reader: None, seq: 0, from, end, ready: VecDeque::new() }
    }

    /// Reads the next batch; false at the end.
    fn fill(&mut self) -> Result<bool, Damage> {
        let mut reader = match self.reader.take() {
            Some(reader) => reader,
            None => {
                let expected = (self.seq > 0).then_some(self.seq);
                let reader = SegmentReader::open(&self.folder, self.segment, u64::MAX, expected)?;
                self.seq = reader.head.tree.size();
                reader
            }
        };
        match reader.next(self.seq)? {
            None => self.segment += 1,
            Some(batch) => {
                for record in batch.records() {
                    let record = record.map_err(|(at, seq, f)| reader.damage(at, seq, f))?;
                    if record.header.seq >= self.from {
                        let entry = StoredEntry::take(&record)
                            .map_err(|f| reader.damage(record.offset, record.header.seq, f))?;
                        self.ready.push_back(entry);
                    }
                }
                self.seq = batch.next_seq();
                self.reader = Some(reader);
            }
        }
        Ok(true)
    }
}

impl Iterator for Entries {
    type Item = Result<StoredEntry, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Some(Ok(entry));
            }
            if self.seq >= self.end {
                return None;
            }
            if let Err(damage) = self.fill() {
                self.end = 0;
                return Some(Err(damage));
            }
        }
    }
}
