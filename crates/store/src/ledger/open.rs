//! Opening: what a crash left behind is cut, what a disk broke is refused.
//!
//! A torn tail is bytes behind the mark of what was acknowledged with no whole batch behind them.
//! Everything else that does not check is damage: the ledger does not open over it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use renkei_model::time::Timestamp;

use super::append::{AppendError, Ledger, Tail, header_prefix};
use super::damage::{Damage, Fault};
use super::destroy::{self, Gone, NEW, SignedDestruction};
use super::frame::{Batch, Content, Record};
use super::mark::{self, MARK_FILE, Mark, MarkFile, Marks};
use super::segment::{self, SegmentReader, file_name};
use super::{
    Cursors, DestroyError, KIND_CHECKPOINT, KIND_CURSORS, KIND_DESTRUCTION, KIND_KEY_NOTICE,
    Limits, Owner, read_cursors,
};
use crate::dir::{StoreDir, sync_dir};
use renkei_model::merkle::{Frontier, leaf_hash};
use renkei_model::note::{Checkpoint, KeyNotice, Sign, SignedNotice};

/// Why a ledger did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The operating system refused.
    #[error("open ledger `{path}`: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// What was acknowledged is damaged.
    #[error(
        "open ledger: {0}; nothing was changed: run `renkei ledger verify` for the whole extent, then restore this ledger from a backup or the standby"
    )]
    Damaged(Damage),
    /// Another node's ledger, or another partition's.
    #[error(
        "open ledger `{path}`: it belongs to {theirs}, this node is {ours}; give each node and partition its own directory"
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// Nation, partition and key in the ledger.
        theirs: String,
        /// Those of the opener.
        ours: String,
    },
    /// An order of destruction could not be carried out.
    #[error("open ledger: {0}")]
    Destroy(#[source] DestroyError),
    /// The first record could not be kept.
    #[error("open ledger: {0}")]
    Begin(#[from] AppendError),
}

/// What opening had to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// The ledger is new.
    pub created: bool,
    /// A batch that was never acknowledged was cut off the end.
    pub cut: Option<Cut>,
    /// The mark of what was acknowledged was damaged or missing and was made anew from a ledger
    /// that was otherwise whole.
    pub mark_rebuilt: bool,
    /// Bodies that were destroyed now, by an order that a crash had interrupted.
    pub destroyed: u64,
}

/// What was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The segment file.
    pub file: PathBuf,
    /// Its new length.
    pub offset: u64,
    /// Bytes that went.
    pub bytes: u64,
}

/// What a walk over all segments found.
#[derive(Default)]
struct Found {
    seq: u64,
    notice: Option<KeyNotice>,
    cursors: Cursors,
    checkpoint: Option<Checkpoint>,
    segments: Vec<u64>,
    tree: Frontier,
    /// End of the last whole batch in the last segment.
    end: u64,
    cut: Option<Cut>,
    gone: Gone,
}

impl Ledger {
    /// Opens the ledger of `owner` in `dir`, beginning it when there is none.
    ///
    /// # Errors
    /// [`OpenError`]: damaged, another's, or refused by the operating system.
    pub fn open(
        dir: &StoreDir,
        owner: &Owner,
        now: Timestamp,
        sign: Sign<'_>,
    ) -> Result<(Self, Recovery), OpenError> {
        Self::open_with(dir, owner, Limits::default(), now, sign)
    }

    /// [`Ledger::open`] with sizes other than the usual ones.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_with(
        dir: &StoreDir,
        owner: &Owner,
        limits: Limits,
        now: Timestamp,
        sign: Sign<'_>,
    ) -> Result<(Self, Recovery), OpenError> {
        let folder = dir.path().join("ledger");
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| OpenError::Io { path, source }
        };
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        sync_dir(dir.path()).map_err(at(dir.path()))?;
        remove_unfinished(&folder).map_err(at(&folder))?;
        let marks = mark::read(&folder).map_err(at(&folder.join(MARK_FILE)))?;
        let found = find(&folder, &marks).map_err(OpenError::Damaged)?;
        // An order that a crash kept from being carried out.
        let due = found.gone.still_there(0, found.seq);
        destroy::erase(&folder, &found.segments, &due).map_err(OpenError::Destroy)?;
        let tail = found.open_tail(&folder).map_err(at(&folder))?;
        let mark = found.open_mark(&folder, &marks).map_err(at(&folder.join(MARK_FILE)))?;
        let notice = found.notice.clone().unwrap_or_else(|| first_notice(owner));
        owns(&folder, owner, &notice)?;
        let recovery = Recovery {
            created: found.notice.is_none(),
            mark_rebuilt: found.seq > 0 && !matches!(marks, Marks::Whole(_)),
            cut: found.cut,
            destroyed: due.len() as u64,
        };
        let mut ledger = Self {
            dir: dir.clone(),
            folder,
            limits,
            prefix: header_prefix(&notice),
            notice,
            tree: found.tree,
            cursors: found.cursors,
            checkpoint: found.checkpoint,
            segments: found.segments,
            tail,
            needs_repair: false,
            mark,
            closing: false,
        };
        if recovery.created {
            let body = SignedNotice::sign(ledger.notice.clone(), sign, None).to_bytes();
            ledger.write_own(KIND_KEY_NOTICE, now, &body)?;
        } else {
            ledger.move_mark();
        }
        Ok((ledger, recovery))
    }
}

/// A segment that was being written anew when the node died: the old one stands in its place.
fn remove_unfinished(folder: &Path) -> io::Result<()> {
    let (_, others) = segment::list(folder)?;
    for file in others.iter().filter(|file| file.extension().is_some_and(|e| e == NEW)) {
        fs::remove_file(file)?;
    }
    Ok(())
}

fn first_notice(owner: &Owner) -> KeyNotice {
    KeyNotice {
        nation: owner.nation,
        name: owner.name.clone(),
        partition: owner.partition.clone(),
        epoch: 1,
        public_key: owner.public_key,
        revokes: None,
    }
}

fn owns(folder: &Path, owner: &Owner, notice: &KeyNotice) -> Result<(), OpenError> {
    let ours = first_notice(owner);
    let same = ours.nation == notice.nation
        && ours.partition == notice.partition
        && ours.public_key == notice.public_key;
    let name = |n: &KeyNotice| format!("{} {} with key {:016x}", n.nation, n.partition, n.key().0);
    if same {
        return Ok(());
    }
    let (theirs, ours) = (name(notice), name(&ours));
    Err(OpenError::Foreign { path: folder.to_owned(), theirs, ours })
}

/// Whether a fault at (`segment`, `offset`) lies behind everything that was acknowledged.
fn unacknowledged(marks: &Marks, segment: u32, offset: u64) -> bool {
    match marks {
        Marks::Whole(mark) | Marks::Half(mark) => {
            mark.next_seq == 0 || (mark.segment, mark.offset) <= (u64::from(segment), offset)
        }
        Marks::Damaged | Marks::Absent => false,
    }
}

/// Walks all segments, cutting what a crash left at the very end.
fn find(folder: &Path, marks: &Marks) -> Result<Found, Damage> {
    let broken = |fault| Damage { file: folder.to_owned(), offset: 0, seq: None, fault };
    let unreadable = |e: io::Error| broken(Fault::Unreadable(e.to_string()));
    let (mut numbers, _) = segment::list(folder).map_err(unreadable)?;
    if let Some(&last) = numbers.last()
        && torn_segment(folder, last, marks)
    {
        fs::remove_file(folder.join(file_name(last))).map_err(unreadable)?;
        numbers.pop();
    }
    let mut found = Found::default();
    for (expected, number) in (0..).zip(&numbers) {
        if *number != expected {
            let file = folder.join(file_name(expected));
            let fault = Fault::SegmentMissing;
            return Err(Damage { file, offset: 0, seq: Some(found.seq), fault });
        }
        let last = numbers.last() == Some(number);
        let mut reader = SegmentReader::open(folder, *number, u64::MAX, Some(found.seq))?;
        found.segments.push(found.seq);
        found.tree = reader.head.tree.clone();
        found.walk(&mut reader, last, marks)?;
    }
    let promised = match marks {
        Marks::Whole(mark) | Marks::Half(mark) => mark.next_seq,
        Marks::Damaged | Marks::Absent => 0,
    };
    if promised > found.seq {
        let fault = Fault::Missing { present: found.seq, promised };
        let last = numbers.last().copied().unwrap_or(0);
        let file = folder.join(file_name(last));
        return Err(Damage { file, offset: found.end, seq: Some(found.seq), fault });
    }
    Ok(found)
}

/// Whether segment `number` was being begun when the node died: no whole head or no whole batch
/// in it, and nothing in it was acknowledged.
fn torn_segment(folder: &Path, number: u32, marks: &Marks) -> bool {
    match SegmentReader::open(folder, number, u64::MAX, None) {
        Err(damage) => {
            damage.fault == Fault::SegmentHead
                && unacknowledged(marks, number, 0)
                && !segment::holds_batch(&folder.join(file_name(number)))
        }
        Ok(_) => false,
    }
}

impl Found {
    fn walk(
        &mut self,
        reader: &mut SegmentReader,
        last: bool,
        marks: &Marks,
    ) -> Result<(), Damage> {
        loop {
            let offset = reader.offset();
            self.end = offset;
            match reader.next(self.seq) {
                Ok(None) => return Ok(()),
                Ok(Some(batch)) => self.absorb(reader, &batch, last)?,
                Err(damage) => {
                    let tail = last && unacknowledged(marks, reader.head.number, offset);
                    let nothing_behind = tail && matches!(reader.resync(), Ok(None));
                    if !nothing_behind {
                        return Err(damage);
                    }
                    self.cut = Some(Cut {
                        file: reader.path.clone(),
                        offset,
                        bytes: reader.length() - offset,
                    });
                    return Ok(());
                }
            }
        }
    }

    fn absorb(&mut self, reader: &SegmentReader, batch: &Batch, last: bool) -> Result<(), Damage> {
        for record in batch.records() {
            let record =
                record.map_err(|(offset, seq, fault)| reader.damage(offset, seq, fault))?;
            self.note(&reader.path, &record)
                .map_err(|fault| reader.damage(record.offset, record.header.seq, fault))?;
            if last {
                self.tree.push(leaf_hash(record.header_bytes));
            }
        }
        self.seq = batch.next_seq();
        Ok(())
    }

    /// Takes in a record of the ledger's own.
    fn note(&mut self, file: &Path, record: &Record<'_>) -> Result<(), Fault> {
        let sealed = match record.content {
            Content::Here(sealed) => sealed,
            Content::LeftOut => return Err(Fault::BodyMissing),
            Content::Destroyed => {
                let (path, commitment) = (file.to_owned(), record.header.commitment);
                self.gone.flagged.insert(record.header.seq, (path, record.offset, commitment));
                return Ok(());
            }
        };
        match record.header.kind {
            KIND_KEY_NOTICE => {
                let signed = SignedNotice::read(sealed.body).map_err(|_| Fault::NoticeSpelling)?;
                if !signed.holds(self.notice.as_ref()) {
                    return Err(Fault::NoticeSignature);
                }
                self.notice = Some(signed.notice);
            }
            KIND_DESTRUCTION => {
                let signed =
                    SignedDestruction::read(sealed.body).map_err(|_| Fault::Destruction)?;
                self.gone.orders.push((record.header.seq, signed.destruction));
            }
            KIND_CURSORS => {
                self.cursors.extend(read_cursors(sealed.body).ok_or(Fault::Cursors)?);
            }
            KIND_CHECKPOINT => {
                let notice = self.notice.as_ref().ok_or(Fault::Key)?;
                let (checkpoint, _) =
                    Checkpoint::read(sealed.body, &notice.origin(), &notice.public_key)
                        .ok_or(Fault::CheckpointSpelling)?;
                self.checkpoint = Some(checkpoint);
            }
            _ => {}
        }
        Ok(())
    }

    /// Opens the last segment for writing, without what was cut.
    fn open_tail(&self, folder: &Path) -> io::Result<Option<Tail>> {
        let Some(number) = self.segments.len().checked_sub(1) else { return Ok(None) };
        let number = number as u32;
        let file = File::options().write(true).open(folder.join(file_name(number)))?;
        if self.cut.is_some() {
            file.set_len(self.end)?;
            file.sync_all()?;
        }
        Ok(Some(Tail { file, number, length: self.end }))
    }

    fn open_mark(&self, folder: &Path, marks: &Marks) -> io::Result<MarkFile> {
        match marks {
            Marks::Whole(mark) => MarkFile::open(folder, *mark),
            _ => {
                let segment = self.segments.len().saturating_sub(1) as u64;
                let mark = Mark { generation: 0, segment, offset: self.end, next_seq: self.seq };
                MarkFile::create(folder, mark)
            }
        }
    }
}
