//! Appending: encode, write, sync, only then a receipt.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use minicbor::Encoder;
use renkei_model::cbor::{Digest, to_canonical};
use renkei_model::id::Nation;
use renkei_model::statement::KeyId;
use renkei_model::time::Timestamp;

use super::frame::{
    BATCH_BYTES_MAX, BATCH_RECORDS_MAX, BODY_MAX, BatchWriter, Content, FORMAT_VERSION, Sealed,
    SegmentHead,
};
use super::mark::{Mark, MarkFile};
use super::read::Entries;
use super::segment::file_name;
use super::{
    Batch, Cursor, Cursors, KIND_BORDER_NOTICE, KIND_CHECKPOINT, KIND_CURSORS, KIND_FIRST_FREE,
    KIND_KEY_NOTICE, Limits, Receipt, Retention, cursor_body,
};
use crate::dir::{StoreDir, sync_dir};
use renkei_model::merkle::{Frontier, leaf_hash};
use renkei_model::note::{Checkpoint, KeyNotice, Revocation, Sign, SignedNotice};

/// Why a batch was not kept. Nothing of it was, and the ledger stands as before.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The operating system refused: a full disk, a broken one.
    #[error(
        "append to ledger `{file}`: {source}; nothing of the batch was kept: free space or mend the disk, then append again"
    )]
    Io {
        /// The segment file.
        file: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Neither an entry nor a cursor.
    #[error("append to ledger: the batch is empty")]
    Empty,
    /// Too many records or bytes for one batch.
    #[error(
        "append to ledger: the batch has {records} records and {bytes} bytes, at most {BATCH_RECORDS_MAX} and {BATCH_BYTES_MAX} go together; split it"
    )]
    TooLong {
        /// Its records.
        records: usize,
        /// Its bytes.
        bytes: usize,
    },
    /// One body is too long.
    #[error(
        "append to ledger: entry {index} of the batch has {bytes} bytes, at most {BODY_MAX} are allowed"
    )]
    BodyTooLong {
        /// Which entry.
        index: usize,
        /// Its bytes.
        bytes: usize,
    },
    /// A kind below [`KIND_FIRST_FREE`].
    #[error("append to ledger: kind {0} is the ledger's own; use {KIND_FIRST_FREE} or above")]
    ReservedKind(u16),
    /// A cursor would go backwards.
    #[error(
        "append to ledger: the cursor of {partner} class {class} stands at {stands:?} and cannot go to {to:?}"
    )]
    CursorBackwards {
        /// The partner.
        partner: Nation,
        /// The class.
        class: u8,
        /// Where it stands.
        stands: Cursor,
        /// Where it should go.
        to: Cursor,
    },
}

/// The segment file that is being written.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) file: File,
    pub(super) number: u32,
    /// Bytes that were acknowledged; what lies behind them is a failed write.
    pub(super) length: u64,
}

/// An open ledger: the one writer of its directory.
#[derive(Debug)]
pub struct Ledger {
    pub(super) dir: StoreDir,
    pub(super) folder: PathBuf,
    pub(super) limits: Limits,
    pub(super) notice: KeyNotice,
    /// The headers' common beginning: version, partition, key.
    pub(super) prefix: Vec<u8>,
    pub(super) tree: Frontier,
    pub(super) cursors: Cursors,
    pub(super) checkpoint: Option<Checkpoint>,
    /// First sequence number of each segment.
    pub(super) segments: Vec<u64>,
    pub(super) tail: Option<Tail>,
    /// A write failed and the tail file may be longer than it should be.
    pub(super) needs_repair: bool,
    pub(super) mark: MarkFile,
    /// The next batch begins a segment.
    pub(super) closing: bool,
}

/// One record to be written.
struct Draft<'a> {
    kind: u16,
    time: Timestamp,
    retention: Retention,
    salt: &'a [u8; 32],
    body: &'a [u8],
}

/// What every header of a ledger begins with.
pub(super) fn header_prefix(notice: &KeyNotice) -> Vec<u8> {
    const ARRAY_OF_EIGHT: u8 = 0x88;
    let mut prefix = vec![ARRAY_OF_EIGHT];
    prefix.extend(to_canonical(&FORMAT_VERSION));
    prefix.extend(to_canonical(&notice.partition));
    prefix.extend(to_canonical(&notice.key()));
    prefix
}

impl Ledger {
    /// Keeps `batch`: when this returns, it is on the disk.
    ///
    /// # Errors
    /// [`AppendError`]; the ledger is then as it was, and the same batch may be tried again.
    pub fn append(&mut self, batch: &Batch) -> Result<Receipt, AppendError> {
        self.append_all(std::slice::from_ref(batch))
    }

    /// Keeps several batches with one sync of the disk, in order, all or none: what waited while the
    /// disk was busy. The receipt is for all of them.
    ///
    /// # Errors
    /// As [`Self::append`]; a batch that is refused keeps the others from the disk too, so that the
    /// caller then tries them one by one.
    pub fn append_all(&mut self, batches: &[Batch]) -> Result<Receipt, AppendError> {
        let mut cursors = self.cursors.clone();
        for batch in batches {
            check(batch, &cursors)?;
            let moved = batch.cursors.iter().flat_map(|moved| &moved.to);
            cursors.extend(moved.map(|(key, at)| (*key, *at)));
        }
        let moved = |batch: &Batch| batch.cursors.as_ref().map(|moved| cursor_body(&moved.to));
        let bodies: Vec<_> = batches.iter().map(moved).collect();
        let mut drafts = Vec::with_capacity(batches.iter().map(|b| b.entries.len() + 1).sum());
        for (batch, body) in batches.iter().zip(&bodies) {
            drafts.extend(batch.entries.iter().map(|e| Draft {
                kind: e.kind,
                time: e.time,
                retention: e.retention,
                salt: &e.salt,
                body: &e.body,
            }));
            if let (Some(moved), Some(body)) = (&batch.cursors, body) {
                let (time, salt) = (moved.time, &moved.salt);
                let retention = Retention::PERMANENT;
                drafts.push(Draft { kind: KIND_CURSORS, time, retention, salt, body });
            }
        }
        let receipt = self.write(&drafts)?;
        self.cursors = cursors;
        Ok(receipt)
    }

    /// Signs the tree as it stands and keeps the signed note. The node does this every few
    /// seconds while there is something new, and when it stops.
    ///
    /// # Errors
    /// [`AppendError::Io`].
    pub fn checkpoint(
        &mut self,
        now: Timestamp,
        sign: Sign<'_>,
    ) -> Result<Checkpoint, AppendError> {
        let checkpoint = Checkpoint { size: self.tree.size(), root: self.tree.root() };
        let note = checkpoint.sign(&self.notice.origin(), &self.notice.public_key, sign);
        self.write_own(KIND_CHECKPOINT, now, note.as_bytes())?;
        self.checkpoint = Some(checkpoint);
        Ok(checkpoint)
    }

    /// Opens a new epoch, as after a restore from backup, so that the partner notices.
    ///
    /// # Errors
    /// [`AppendError::Io`].
    pub fn begin_epoch(&mut self, now: Timestamp, sign: Sign<'_>) -> Result<u32, AppendError> {
        let notice =
            KeyNotice { epoch: self.notice.epoch + 1, revokes: None, ..self.notice.clone() };
        let body = SignedNotice::sign(notice.clone(), sign, Some(sign)).to_bytes();
        self.write_own(KIND_KEY_NOTICE, now, &body)?;
        self.notice = notice;
        Ok(self.notice.epoch)
    }

    /// Puts another key in force: the key so far endorses it, and from the next record on the new one
    /// signs. With `revokes` it says that the key so far is not to be trusted from some record on. One
    /// batch holds the notice and what partners are told of it.
    ///
    /// # Errors
    /// [`AppendError::Io`]; the old key is then still in force.
    pub fn rotate(
        &mut self,
        (public_key, sign_new): ([u8; 32], Sign<'_>),
        revokes: Option<Revocation>,
        now: Timestamp,
        sign: Sign<'_>,
    ) -> Result<Receipt, AppendError> {
        let notice = KeyNotice { public_key, revokes, ..self.notice.clone() };
        let told = notice.revokes.clone().map(|r| Revocation { from_record: None, ..r });
        let border = KeyNotice { revokes: told, ..notice.clone() };
        let signed = |notice| SignedNotice::sign(notice, sign_new, Some(sign)).to_bytes();
        let (border, body) = (signed(border), signed(notice.clone()));
        let draft = |kind, body| {
            let retention = Retention::PERMANENT;
            Draft { kind, time: now, retention, salt: &[0; 32], body }
        };
        let receipt =
            self.write(&[draft(KIND_BORDER_NOTICE, &border), draft(KIND_KEY_NOTICE, &body)])?;
        self.prefix = header_prefix(&notice);
        self.notice = notice;
        Ok(receipt)
    }

    /// Keeps a record of the ledger's own; its body is public, so its salt is all zeros.
    pub(super) fn write_own(
        &mut self,
        kind: u16,
        time: Timestamp,
        body: &[u8],
    ) -> Result<Receipt, AppendError> {
        let retention = Retention::PERMANENT;
        self.write(&[Draft { kind, time, retention, salt: &[0; 32], body }])
    }

    /// Has the next batch begin a new segment.
    pub(super) fn close_segment(&mut self) {
        self.closing = true;
    }

    /// Number of records, which is the next sequence number.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.tree.size()
    }

    /// Never true: a ledger begins with its key notice.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The Merkle root over all records.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.tree.root()
    }

    /// Whose ledger it is, in which epoch, under which key.
    #[must_use]
    pub fn notice(&self) -> &KeyNotice {
        &self.notice
    }

    /// The key in force.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.notice.key()
    }

    /// The last signed checkpoint; `None` before the first.
    #[must_use]
    pub fn last_checkpoint(&self) -> Option<Checkpoint> {
        self.checkpoint
    }

    /// Where each partner's log was applied up to.
    #[must_use]
    pub fn cursors(&self) -> &Cursors {
        &self.cursors
    }

    /// The records from sequence number `from` on, the ledger's own included, as they are on the
    /// disk at this moment; each is checked as it is read.
    #[must_use]
    pub fn entries(&self, from: u64) -> Entries {
        let first = self.segments.partition_point(|seq| *seq <= from).saturating_sub(1);
        Entries::new(self.folder.clone(), first as u32, from, self.len())
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &StoreDir {
        &self.dir
    }

    fn write(&mut self, drafts: &[Draft<'_>]) -> Result<Receipt, AppendError> {
        let mut tree = self.tree.clone();
        let mut frame = Vec::new();
        self.encode(drafts, &mut frame, &mut tree);
        if frame.len() > BATCH_BYTES_MAX || drafts.len() > BATCH_RECORDS_MAX {
            return Err(AppendError::TooLong { records: drafts.len(), bytes: frame.len() });
        }
        self.repair()?;
        let roll = self.tail.as_ref().is_none_or(|tail| {
            let empty = self.segments.last() == Some(&self.tree.size());
            let full = tail.length + frame.len() as u64 > self.limits.segment_bytes;
            !empty && (full || self.closing)
        });
        if roll {
            self.write_new_segment(&frame)?;
            self.closing = false;
        } else {
            self.write_to_tail(&frame)?
        }
        let receipt = Receipt { first_seq: self.tree.size(), next_seq: tree.size() };
        self.tree = tree;
        self.move_mark();
        Ok(receipt)
    }

    fn encode(&self, drafts: &[Draft<'_>], frame: &mut Vec<u8>, tree: &mut Frontier) {
        frame.reserve(drafts.iter().map(|d| d.body.len() + 192).sum());
        let mut writer = BatchWriter::new(frame, tree.size());
        let mut header = Vec::with_capacity(128);
        for draft in drafts {
            let sealed = Sealed { salt: draft.salt, body: draft.body };
            header.clear();
            header.extend_from_slice(&self.prefix);
            let mut rest = Encoder::new(&mut header);
            // Writing to memory cannot fail.
            rest.u64(tree.size())
                .and_then(|e| e.u16(draft.kind))
                .and_then(|e| e.i64(draft.time.0))
                .and_then(|e| e.bytes(&sealed.commitment().0))
                .and_then(|e| e.u8(draft.retention.0))
                .ok();
            writer.push(&header, Content::Here(sealed));
            tree.push(leaf_hash(&header));
        }
        writer.finish();
    }

    fn write_to_tail(&mut self, frame: &[u8]) -> Result<(), AppendError> {
        let Some(tail) = &mut self.tail else { return Ok(()) };
        let written =
            tail.file.write_all_at(frame, tail.length).and_then(|()| tail.file.sync_data());
        match written {
            Ok(()) => tail.length += frame.len() as u64,
            Err(source) => {
                let file = self.folder.join(file_name(tail.number));
                self.needs_repair = true;
                // Tried now, so that the space is free again; tried again before the next append.
                self.repair().ok();
                return Err(AppendError::Io { file, source });
            }
        }
        Ok(())
    }

    fn write_new_segment(&mut self, frame: &[u8]) -> Result<(), AppendError> {
        let number = self.segments.len() as u32;
        let path = self.folder.join(file_name(number));
        let mut bytes = SegmentHead { number, tree: self.tree.clone() }.to_bytes();
        bytes.extend_from_slice(frame);
        let write = || {
            // A file of this number can only be the rest of a failed try: nothing in it counts.
            let file = File::options().write(true).create(true).truncate(true).open(&path)?;
            file.write_all_at(&bytes, 0)?;
            file.sync_all()?;
            sync_dir(&self.folder)?;
            Ok(file)
        };
        match write() {
            Ok(file) => {
                self.tail = Some(Tail { file, number, length: bytes.len() as u64 });
                self.segments.push(self.tree.size());
                Ok(())
            }
            Err(source) => {
                // Left behind it would be overwritten by the next try, or cut when opened.
                fs::remove_file(&path).ok();
                Err(AppendError::Io { file: path, source })
            }
        }
    }

    /// After a failed write: cuts what may lie behind the last acknowledged byte.
    fn repair(&mut self) -> Result<(), AppendError> {
        if !self.needs_repair {
            return Ok(());
        }
        if let Some(tail) = &self.tail {
            let file = || self.folder.join(file_name(tail.number));
            tail.file
                .set_len(tail.length)
                .and_then(|()| tail.file.sync_all())
                .map_err(|source| AppendError::Io { file: file(), source })?;
        }
        self.needs_repair = false;
        Ok(())
    }

    /// The batch is durable by now, so a mark that cannot be written is no reason to say it is
    /// not; it stays behind, which [`Mark`] allows, and the next append tries again.
    pub(super) fn move_mark(&mut self) {
        if let Some(tail) = &self.tail {
            let (segment, offset) = (u64::from(tail.number), tail.length);
            let mark = Mark { generation: 0, segment, offset, next_seq: self.tree.size() };
            self.mark.advance(mark).ok();
        }
    }
}

/// Whether `batch` may be kept by a ledger whose cursors stand at `cursors`.
fn check(batch: &Batch, cursors: &Cursors) -> Result<(), AppendError> {
    let moves = batch.cursors.iter().flat_map(|moved| &moved.to);
    if batch.entries.is_empty() && moves.clone().next().is_none() {
        return Err(AppendError::Empty);
    }
    for (index, entry) in batch.entries.iter().enumerate() {
        if entry.kind < KIND_FIRST_FREE {
            return Err(AppendError::ReservedKind(entry.kind));
        }
        if entry.body.len() > BODY_MAX {
            return Err(AppendError::BodyTooLong { index, bytes: entry.body.len() });
        }
    }
    for (&(partner, class), &to) in moves {
        match cursors.get(&(partner, class)) {
            Some(&stands) if to < stands => {
                return Err(AppendError::CursorBackwards { partner, class, stands, to });
            }
            _ => {}
        }
    }
    Ok(())
}
