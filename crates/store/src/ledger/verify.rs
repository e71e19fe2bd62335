//! Verification from files alone: every byte of a ledger or an export is checked, and what is
//! wrong is named by file, offset and record.
//!
//! Refuses to take anything on trust but the key, whose fingerprint the report shows for a person
//! to compare. It never writes.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::damage::{Damage, Fault};
use super::destroy::{Destruction, Gone, SignedDestruction};
use super::export::{MANIFEST_FILE, Manifest};
use super::frame::{Batch, Content, Record};
use super::mark::{self, MARK_FILE, Mark, Marks};
use super::read::StoredEntry;
use super::report::{Report, Shape};
use super::segment::{self, SegmentReader, file_name};
use super::{
    KIND_BORDER_NOTICE, KIND_CHECKPOINT, KIND_CURSORS, KIND_DESTRUCTION, KIND_KEY_NOTICE,
    read_cursors,
};
use crate::dir::{self, Format};
use renkei_model::merkle::{Frontier, leaf_hash};
use renkei_model::note::{Checkpoint, KeyNotice, SignedNotice};

/// Why nothing could be verified: the call is wrong, not the ledger.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No such place, or no ledger in it.
    #[error(
        "verify `{0}`: it holds no ledger; give a node's data directory or an export (a folder with `ledger/` in it)"
    )]
    NotALedger(PathBuf),
    /// The operating system refused.
    #[error("verify `{path}`: {source}")]
    Io {
        /// The folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// Verifies a node's data directory or an export.
///
/// # Errors
/// [`VerifyError`] when there is nothing to verify; damage is in the [`Report`].
pub fn verify(path: &Path) -> Result<Report, VerifyError> {
    verify_with(path, |_| {})
}

/// [`verify`], handing out each record that passed its own checks, in order. A caller that judges
/// what the records say does so only when the report [`is whole`](Report::is_whole), and may call
/// proved only records before [`Report::signed`].
///
/// # Errors
/// As [`verify`].
pub fn verify_with(path: &Path, mut each: impl FnMut(StoredEntry)) -> Result<Report, VerifyError> {
    let root = root_of(path).ok_or_else(|| VerifyError::NotALedger(path.to_owned()))?;
    let folder = root.join("ledger");
    let (numbers, strangers) = segment::list(&folder)
        .map_err(|source| VerifyError::Io { path: folder.clone(), source })?;
    let mut walk = Walk::begin(&root, folder, &mut each);
    walk.strangers(strangers);
    walk.segments(&numbers);
    walk.end();
    if walk.report.records == 0 && walk.report.findings.is_empty() {
        return Err(VerifyError::NotALedger(path.to_owned()));
    }
    Ok(walk.report)
}

/// The folder that has `ledger/` in it: `path` or, for `…/ledger` itself, its parent.
fn root_of(path: &Path) -> Option<PathBuf> {
    let holds = |p: &Path| p.join("ledger").is_dir();
    if holds(path) {
        return Some(path.to_owned());
    }
    let path = path.canonicalize().ok()?;
    let parent = path.parent()?;
    (path.file_name()? == "ledger" && holds(parent)).then(|| parent.to_owned())
}

/// The state of a verification.
struct Walk<'a> {
    folder: PathBuf,
    each: &'a mut dyn FnMut(StoredEntry),
    report: Report,
    /// The mark of a directory.
    mark: Option<Mark>,
    /// The list of contents of an export.
    manifest: Option<Manifest>,
    /// The record that should come next; `None` after damage that hid how many were lost.
    seq: Option<u64>,
    /// Over all records so far; `None` after damage, until a segment's head says where it stands.
    tree: Option<Frontier>,
    notice: Option<KeyNotice>,
    /// Where the last file was left.
    last: (PathBuf, u64),
    gone: Gone,
}

impl<'a> Walk<'a> {
    fn begin(root: &Path, folder: PathBuf, each: &'a mut dyn FnMut(StoredEntry)) -> Self {
        let is_export = root.join(MANIFEST_FILE).exists();
        let shape = match is_export {
            true => Shape::Export,
            false if dir::in_use(root) => Shape::LiveDirectory,
            false => Shape::Directory,
        };
        let last = (folder.clone(), 0);
        let report = Report::new(root.to_owned(), shape);
        let (mark, manifest, notice) = (None, None, None);
        let (seq, tree) = (Some(0), Some(Frontier::default()));
        let gone = Gone::default();
        let mut this = Self { folder, each, report, mark, manifest, seq, tree, notice, last, gone };
        this.format(root);
        if is_export {
            this.read_manifest(root)
        } else {
            this.read_mark()
        }
        this
    }

    fn find(&mut self, file: PathBuf, fault: Fault) {
        self.report.find(Damage { file, offset: 0, seq: None, fault });
    }

    fn format(&mut self, root: &Path) {
        let fault = match dir::read_format(root) {
            Format::Current | Format::Older => return,
            Format::Newer(found) => Fault::FormatNewer(found),
            Format::Absent => Fault::FormatMissing,
            Format::Unknown(_) => Fault::FormatUnknown,
        };
        self.find(root.join("FORMAT"), fault);
    }

    fn read_mark(&mut self) {
        let file = self.folder.join(MARK_FILE);
        let live = self.report.shape == Shape::LiveDirectory;
        match mark::read(&self.folder) {
            Ok(Marks::Whole(mark)) => self.mark = Some(mark),
            // A running node may be writing the other slot at this moment.
            Ok(Marks::Half(mark)) if live => self.mark = Some(mark),
            Ok(Marks::Half(mark)) => {
                self.mark = Some(mark);
                self.find(file, Fault::MarkHalf);
            }
            Ok(Marks::Damaged) => self.find(file, Fault::MarkDamaged),
            Ok(Marks::Absent) => self.find(file, Fault::MarkMissing),
            Err(e) => self.find(file, Fault::Unreadable(e.to_string())),
        }
    }

    fn read_manifest(&mut self, root: &Path) {
        let file = root.join(MANIFEST_FILE);
        // Without a list of contents the first segment's own head says where it begins.
        (self.seq, self.tree) = (None, None);
        let text = fs::read_to_string(&file).unwrap_or_default();
        let Some(manifest) = Manifest::read(&text) else {
            return self.find(file, Fault::ManifestDamaged);
        };
        self.seq = Some(manifest.first);
        for body in &manifest.notices {
            match SignedNotice::read(body) {
                Ok(signed) if signed.is_signed() => {
                    self.report.keys.push(signed.notice.public_key);
                    self.notice = Some(signed.notice);
                }
                _ => self.find(file.clone(), Fault::ManifestKey),
            }
        }
        for body in &manifest.destructions {
            let key = self.notice.as_ref().map(|notice| notice.public_key);
            match (SignedDestruction::read(body), key) {
                // The key may be one that the export has further on; its own records tell.
                (Ok(signed), _) => self.gone.orders.push((u64::MAX, signed.destruction)),
                _ => self.find(file.clone(), Fault::Destruction),
            }
        }
        self.manifest = Some(manifest);
    }

    fn strangers(&mut self, files: Vec<PathBuf>) {
        let marked = self.report.shape != Shape::Export;
        let mark = self.folder.join(MARK_FILE);
        for file in files.into_iter().filter(|file| !marked || *file != mark) {
            self.find(file, Fault::Stranger);
        }
    }

    fn segments(&mut self, numbers: &[u32]) {
        let mut expected = 0;
        for &number in numbers {
            for missing in expected..number {
                self.lose_place();
                self.find(self.folder.join(file_name(missing)), Fault::SegmentMissing);
            }
            expected = number + 1;
            let limit = self.limit(number);
            if limit > 0 {
                self.segment(number, limit);
            }
        }
    }

    /// How much of a segment counts: of a running node's, what it acknowledged.
    fn limit(&self, number: u32) -> u64 {
        match self.mark {
            Some(mark) if self.report.shape == Shape::LiveDirectory => {
                match u64::from(number).cmp(&mark.segment) {
                    std::cmp::Ordering::Less => u64::MAX,
                    std::cmp::Ordering::Equal => mark.offset,
                    std::cmp::Ordering::Greater => 0,
                }
            }
            _ => u64::MAX,
        }
    }

    fn lose_place(&mut self) {
        (self.seq, self.tree) = (None, None);
    }

    fn segment(&mut self, number: u32, limit: u64) {
        let mut reader = match SegmentReader::open(&self.folder, number, limit, self.seq) {
            Ok(reader) => reader,
            Err(damage) => {
                self.last = (damage.file.clone(), 0);
                self.report.find(damage);
                return self.lose_place();
            }
        };
        let head = &reader.head.tree;
        if self.report.records == 0 && self.tree.is_none() {
            self.report.first_seq = head.size();
        }
        if self.tree.as_ref().is_some_and(|tree| tree != head) {
            let fault = Fault::SegmentTree;
            self.report.find(reader.damage(0, head.size(), fault));
        }
        let mut seq = head.size();
        self.tree = Some(head.clone());
        loop {
            match reader.next(seq) {
                Ok(None) => break,
                Ok(Some(batch)) => {
                    self.batch(&reader, &batch);
                    seq = batch.next_seq();
                }
                Err(damage) => {
                    self.report.find(damage);
                    self.tree = None;
                    match reader.resync() {
                        Ok(Some(next)) => seq = next,
                        Ok(None) | Err(_) => {
                            self.last = (reader.path.clone(), reader.offset());
                            return self.lose_place();
                        }
                    }
                }
            }
        }
        self.last = (reader.path.clone(), reader.offset());
        self.seq = Some(seq);
        self.report.next_seq = seq;
    }

    fn batch(&mut self, reader: &SegmentReader, batch: &Batch) {
        for record in batch.records() {
            let checked = match &record {
                Ok(record) => self
                    .record(&reader.path, record)
                    .map_err(|fault| (record.offset, record.header.seq, fault)),
                Err(misfit) => Err(misfit.clone()),
            };
            if let Err((offset, seq, fault)) = checked {
                self.report.find(reader.damage(offset, seq, fault));
            }
            match (&record, &mut self.tree) {
                (Ok(record), Some(tree)) => tree.push(leaf_hash(record.header_bytes)),
                _ => self.tree = None,
            }
        }
        self.report.next_seq = batch.next_seq();
    }

    fn record(&mut self, file: &Path, record: &Record<'_>) -> Result<(), Fault> {
        let entry = StoredEntry::take(record)?;
        match entry.body() {
            Some(body) if entry.kind == KIND_KEY_NOTICE => self.key_notice(record, body)?,
            _ => self.under_key(record)?,
        }
        match (entry.kind, entry.body()) {
            (KIND_CHECKPOINT, Some(body)) => self.checkpoint(entry.seq, body)?,
            (KIND_CURSORS, Some(body)) => {
                read_cursors(body).ok_or(Fault::Cursors)?;
            }
            (KIND_BORDER_NOTICE, Some(body)) => {
                let signed = SignedNotice::read(body).map_err(|_| Fault::NoticeSpelling)?;
                let key = self.notice.as_ref().map(|notice| notice.public_key);
                if !key.is_some_and(|key| signed.is_endorsed_by(&key)) {
                    return Err(Fault::NoticeSignature);
                }
            }
            (KIND_DESTRUCTION, Some(body)) => self.destruction(entry.seq, body)?,
            (_, Some(_)) => {}
            (_, None) if record.content == Content::Destroyed => {
                let place = (file.to_owned(), record.offset, record.header.commitment);
                self.gone.flagged.insert(entry.seq, place);
            }
            (kind, None) => {
                let allowed = self.manifest.as_ref().is_some_and(|m| m.leaves_out(kind));
                if !allowed {
                    return Err(Fault::BodyMissing);
                }
                self.report.bodies_left_out += 1;
            }
        }
        self.report.saw(entry.time);
        (self.each)(entry);
        Ok(())
    }

    /// A notice is written under the key that it follows, the first one under its own.
    fn key_notice(&mut self, record: &Record<'_>, body: &[u8]) -> Result<(), Fault> {
        let signed = SignedNotice::read(body).map_err(|_| Fault::NoticeSpelling)?;
        let hidden = self.notice.is_none() && record.header.seq > 0;
        let holds = if hidden { signed.is_signed() } else { signed.holds(self.notice.as_ref()) };
        if !holds {
            return Err(Fault::NoticeSignature);
        }
        self.notice.get_or_insert_with(|| signed.notice.clone());
        self.under_key(record)?;
        if !self.report.keys.contains(&signed.notice.public_key) {
            self.report.keys.push(signed.notice.public_key);
        }
        if let Some(revoked) = &signed.notice.revokes {
            self.report.revoked.push((record.header.seq, revoked.clone()));
        }
        self.notice = Some(signed.notice);
        Ok(())
    }

    fn under_key(&self, record: &Record<'_>) -> Result<(), Fault> {
        let notice = self.notice.as_ref().ok_or(Fault::Key)?;
        if record.header.partition != notice.partition {
            return Err(Fault::Partition(record.header.partition.to_string()));
        }
        if record.header.key != notice.key() { Err(Fault::Key) } else { Ok(()) }
    }

    fn destruction(&mut self, seq: u64, body: &[u8]) -> Result<(), Fault> {
        let notice = self.notice.as_ref().ok_or(Fault::Key)?;
        let signed = SignedDestruction::read(body).map_err(|_| Fault::Destruction)?;
        if !signed.holds(&notice.public_key) {
            return Err(Fault::Destruction);
        }
        self.gone.orders.push((seq, signed.destruction));
        Ok(())
    }

    /// What is gone must be named by an order, and what an order names must be gone.
    fn bodies_gone(&mut self) {
        let (first, end) = (self.report.first_seq, self.report.next_seq);
        // After damage a record may be missing altogether; that was reported.
        if self.report.findings.is_empty() {
            for seq in self.gone.still_there(first, end) {
                let (file, fault) = (self.folder.clone(), Fault::StillThere);
                self.report.find(Damage { file, offset: 0, seq: Some(seq), fault });
            }
        }
        for damage in self.gone.unordered() {
            self.report.find(damage);
        }
        self.report.bodies_destroyed = self.gone.flagged.len() as u64;
        let orders = std::mem::take(&mut self.gone.orders);
        let here = |order: &Destruction| {
            order.records.iter().any(|record| (first..end).contains(&record.seq))
        };
        self.report.destructions =
            orders.into_iter().map(|(_, order)| order).filter(here).collect();
    }

    fn checkpoint(&mut self, seq: u64, body: &[u8]) -> Result<(), Fault> {
        let notice = self.notice.as_ref().ok_or(Fault::Key)?;
        let (checkpoint, signed) = Checkpoint::read(body, &notice.origin(), &notice.public_key)
            .ok_or(Fault::CheckpointSpelling)?;
        if !signed {
            return Err(Fault::CheckpointSignature);
        }
        // After damage there is no tree to compare with; the damage itself was reported.
        let Some(tree) = &self.tree else { return Ok(()) };
        if checkpoint.size != seq || checkpoint.root != tree.root() {
            return Err(Fault::CheckpointRoot);
        }
        self.report.signed = checkpoint.size;
        self.report.checkpoints += 1;
        self.report.last_checkpoint = Some(checkpoint);
        Ok(())
    }

    fn end(&mut self) {
        self.bodies_gone();
        self.report.notice = self.notice.clone();
        let promised = match (&self.mark, &self.manifest) {
            (Some(mark), _) => mark.next_seq,
            (None, Some(manifest)) => manifest.end,
            (None, None) => return,
        };
        let present = self.report.next_seq;
        if present < promised {
            let (file, offset) = self.last.clone();
            let fault = Fault::Missing { present, promised };
            self.report.find(Damage { file, offset, seq: Some(present), fault });
        }
        let too_long = self.manifest.as_ref().is_some_and(|m| m.end < present);
        if too_long {
            let file = self.report.path.join(MANIFEST_FILE);
            self.find(file, Fault::ManifestLength);
        }
        let origin = self.report.notice.as_ref().map(KeyNotice::origin);
        if self.manifest.as_ref().is_some_and(|m| Some(&m.origin) != origin.as_ref()) {
            let file = self.report.path.join(MANIFEST_FILE);
            self.find(file, Fault::ManifestOrigin);
        }
    }
}
