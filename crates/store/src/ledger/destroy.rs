//! Destruction: two persons order that bodies go; the order is a record, then salt and body are
//! taken out of the segment, and every proof still holds.
//!
//! A body counts as destroyed only when such a record names it with its commitment. Refuses: the
//! ledger's own records, records that are kept for ever, and an order by one person alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use minicbor::{Decode, Encode};
use renkei_model::cbor::{CanonicalError, Digest, from_canonical, to_canonical};
use renkei_model::note::{Sign, verifies};
use renkei_model::statement::{Bilingual, Signatory};
use renkei_model::time::Timestamp;

use super::append::{AppendError, Ledger};
use super::damage::{Damage, Fault};
use super::frame::{BatchWriter, Content};
use super::segment::{SegmentReader, file_name};
use super::{KIND_DESTRUCTION, KIND_FIRST_FREE, Receipt, Retention};
use crate::dir::sync_dir;

/// Before the destruction in the bytes that are signed.
const DOMAIN: &[u8] = b"renkei/destruction/1\0";
/// Records that one order may name.
const RECORDS_MAX: usize = 4_096;

/// What a segment is called while it is written anew.
pub(super) const NEW: &str = "new";

/// An order that bodies be destroyed (廃棄).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Destruction {
    /// Which, ascending.
    #[n(0)]
    pub records: Vec<DestroyedRecord>,
    /// Why.
    #[n(1)]
    pub reason: Bilingual,
    /// Under which rule, as it is cited.
    #[n(2)]
    pub authority: String,
    /// Who proposed it.
    #[n(3)]
    pub proposed_by: Signatory,
    /// When.
    #[n(4)]
    pub proposed_at: Timestamp,
    /// The second person.
    #[n(5)]
    pub approved_by: Signatory,
    /// When.
    #[n(6)]
    pub approved_at: Timestamp,
}

/// A record whose body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DestroyedRecord {
    /// Its number.
    #[n(0)]
    pub seq: u64,
    /// SHA-256(salt ‖ body), as its header has it.
    #[n(1)]
    pub commitment: Digest,
    /// For how long it was to be kept, as its header says.
    #[n(2)]
    pub retention: Option<Retention>,
}

/// The body of a record of kind [`KIND_DESTRUCTION`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct SignedDestruction {
    #[n(0)]
    pub(super) destruction: Destruction,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    signature: [u8; 64],
}

impl SignedDestruction {
    pub(super) fn read(body: &[u8]) -> Result<Self, CanonicalError> {
        from_canonical(body)
    }

    /// Whether the key signed it and two persons stand behind it.
    pub(super) fn holds(&self, public_key: &[u8; 32]) -> bool {
        let order = &self.destruction;
        is_by_two(&order.proposed_by, &order.approved_by)
            && verifies(public_key, &signed_bytes(order), &self.signature)
    }
}

fn signed_bytes(destruction: &Destruction) -> Vec<u8> {
    [DOMAIN, &to_canonical(destruction)].concat()
}

fn is_by_two(one: &Signatory, other: &Signatory) -> bool {
    !one.person.is_empty() && !other.person.is_empty() && one.person != other.person
}

/// What is asked for; the ledger fills in commitments and terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Record numbers.
    pub records: BTreeSet<u64>,
    /// Only bodies of these kinds may go.
    pub kinds: BTreeSet<u16>,
    /// See [`Destruction`].
    pub reason: Bilingual,
    /// See [`Destruction`].
    pub authority: String,
    /// Who proposed it, and when.
    pub proposed: (Signatory, Timestamp),
    /// The second person, and when.
    pub approved: (Signatory, Timestamp),
}

/// Why nothing was destroyed, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum DestroyError {
    /// One person alone.
    #[error("destroy bodies: `{0}` stands on both sides of the order; a second person approves it")]
    OnePerson(String),
    /// None, or too many.
    #[error("destroy bodies: {0} records are named; name 1 to {RECORDS_MAX}")]
    Count(usize),
    /// Not a record that may go.
    #[error("destroy the body of record {seq}: {why}")]
    NotAllowed {
        /// Which.
        seq: u64,
        /// Why.
        why: &'static str,
    },
    /// The order could not be kept; nothing was destroyed.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The order is kept; the bodies are still there and go when the ledger is opened next.
    #[error(
        "destroy bodies: `{path}`: {source}; the order is recorded and is carried out at the next start"
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A segment is damaged.
    #[error("destroy bodies: {0}")]
    Damaged(Damage),
}

impl Ledger {
    /// Carries out an order: its record is on the disk first, then the bodies are taken out. An order
    /// whose bodies are gone already is done; `None` then.
    ///
    /// # Errors
    /// [`DestroyError`].
    pub fn destroy(
        &mut self,
        order: &Order,
        now: Timestamp,
        sign: Sign<'_>,
    ) -> Result<Option<Receipt>, DestroyError> {
        let (proposed_by, approved_by) = (&order.proposed.0, &order.approved.0);
        if !is_by_two(proposed_by, approved_by) {
            return Err(DestroyError::OnePerson(approved_by.person.clone()));
        }
        if order.records.is_empty() || order.records.len() > RECORDS_MAX {
            return Err(DestroyError::Count(order.records.len()));
        }
        let records = self.named(order)?;
        if records.is_empty() {
            return Ok(None);
        }
        let seqs = records.iter().map(|record| record.seq).collect();
        let destruction = Destruction {
            records,
            reason: order.reason.clone(),
            authority: order.authority.clone(),
            proposed_by: proposed_by.clone(),
            proposed_at: order.proposed.1,
            approved_by: approved_by.clone(),
            approved_at: order.approved.1,
        };
        let signature = sign(&signed_bytes(&destruction));
        let body = to_canonical(&SignedDestruction { destruction, signature });
        // In a segment of its own: those before it are closed, and the mark does not lie in them.
        self.close_segment();
        let receipt = self.write_own(KIND_DESTRUCTION, now, &body)?;
        erase(&self.folder, &self.segments, &seqs)?;
        Ok(Some(receipt))
    }

    /// The records of an order whose bodies are still there.
    fn named(&self, order: &Order) -> Result<Vec<DestroyedRecord>, DestroyError> {
        let Some(&first) = order.records.first() else { return Ok(Vec::new()) };
        let (mut found, mut seen) = (Vec::new(), 0);
        for entry in self.entries(first) {
            let entry = entry.map_err(DestroyError::Damaged)?;
            if !order.records.contains(&entry.seq) {
                continue;
            }
            let refused = |why| Err(DestroyError::NotAllowed { seq: entry.seq, why });
            if entry.kind < KIND_FIRST_FREE || entry.retention == Some(Retention::PERMANENT) {
                return refused("it is kept for ever");
            }
            if !order.kinds.contains(&entry.kind) {
                return refused("it crossed the border, or others rest on it; such a record stays");
            }
            seen += 1;
            if let Some(content) = &entry.content {
                let commitment = Digest::of_parts(&[&content.salt, &content.body]);
                let (seq, retention) = (entry.seq, entry.retention);
                found.push(DestroyedRecord { seq, commitment, retention });
            }
            if seen == order.records.len() {
                return Ok(found);
            }
        }
        let seq = order.records.iter().copied().find(|seq| *seq >= self.len()).unwrap_or(first);
        Err(DestroyError::NotAllowed { seq, why: "there is no such record" })
    }
}

/// Takes salt and body of the records `seqs` out of their segments. `firsts` are the segments' first
/// record numbers. Each segment is written beside, synced and renamed: it is whole at any moment.
pub(super) fn erase(
    folder: &Path,
    firsts: &[u64],
    seqs: &BTreeSet<u64>,
) -> Result<(), DestroyError> {
    let mut by_segment: BTreeMap<u32, BTreeSet<u64>> = BTreeMap::new();
    for seq in seqs {
        let number = firsts.partition_point(|first| first <= seq).saturating_sub(1) as u32;
        by_segment.entry(number).or_default().insert(*seq);
    }
    for (number, seqs) in by_segment {
        let bytes = without(folder, number, &seqs).map_err(DestroyError::Damaged)?;
        let path = folder.join(file_name(number));
        let io = |source| DestroyError::Io { path: path.clone(), source };
        replace(folder, &path, &bytes).map_err(io)?;
    }
    Ok(())
}

/// Segment `number` without the bodies of `seqs`.
fn without(folder: &Path, number: u32, seqs: &BTreeSet<u64>) -> Result<Vec<u8>, Damage> {
    let mut reader = SegmentReader::open(folder, number, u64::MAX, None)?;
    let mut out = reader.head.to_bytes();
    let mut seq = reader.head.tree.size();
    while let Some(batch) = reader.next(seq)? {
        let mut writer = BatchWriter::new(&mut out, batch.head.first_seq);
        for record in batch.records() {
            let record = record.map_err(|(at, seq, fault)| reader.damage(at, seq, fault))?;
            let goes = seqs.contains(&record.header.seq);
            writer
                .push(record.header_bytes, if goes { Content::Destroyed } else { record.content });
        }
        writer.finish();
        seq = batch.next_seq();
    }
    Ok(out)
}

fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(NEW);
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let old = File::options().write(true).open(path)?;
    fs::rename(&beside, path)?;
    sync_dir(folder)?;
    // The old file has no name any more; what it held is overwritten where the disk lets one do so.
    let length = old.metadata()?.len();
    let zeros = vec![0; 64 << 10];
    for at in (0..length).step_by(zeros.len()) {
        let part = zeros.len().min((length - at) as usize);
        old.write_all_at(zeros.get(..part).unwrap_or_default(), at)?;
    }
    old.sync_all()
}

/// What a walk over a ledger knows of its destroyed bodies: those that are gone, and those that were
/// ordered to go.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// Records without a body and with the flag for it: where they lie.
    pub(super) flagged: BTreeMap<u64, (PathBuf, u64, Digest)>,
    pub(super) orders: Vec<(u64, Destruction)>,
}

impl Gone {
    /// Records that an order names and whose bodies are still there, below `end`, from `first` on.
    pub(super) fn still_there(&self, first: u64, end: u64) -> BTreeSet<u64> {
        let named = self.orders.iter().flat_map(|(_, order)| &order.records);
        let seqs = named.map(|record| record.seq).filter(|seq| (first..end).contains(seq));
        seqs.filter(|seq| !self.flagged.contains_key(seq)).collect()
    }

    /// Bodies that are gone without an order that names them.
    pub(super) fn unordered(&self) -> impl Iterator<Item = Damage> + '_ {
        let ordered: BTreeMap<u64, Digest> = self
            .orders
            .iter()
            .flat_map(|(_, order)| &order.records)
            .map(|record| (record.seq, record.commitment))
            .collect();
        self.flagged.iter().filter(move |(seq, (.., c))| ordered.get(seq) != Some(c)).map(
            |(seq, (file, offset, _))| Damage {
                file: file.clone(),
                offset: *offset,
                seq: Some(*seq),
                fault: Fault::BodyMissing,
            },
        )
    }
}
