//! Exports: a ledger, or a part of it, that another person can verify from the files alone.
//!
//! Bodies may be left out by kind; headers never are, so that proofs hold. The list of contents
//! (`EXPORT`) is written last: an export that was broken off does not verify.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::damage::{Damage, Fault};
use super::frame::{Batch, BatchWriter, Content, Misfit, SegmentHead};
use super::mark::{self, Marks};
use super::read::Entries;
use super::segment::{SegmentReader, file_name};
use super::{KIND_CHECKPOINT, KIND_DESTRUCTION, KIND_FIRST_FREE, KIND_KEY_NOTICE};
use crate::dir::{self, sync_dir};
use renkei_model::merkle::{Frontier, leaf_hash};
use renkei_model::note::{Checkpoint, KeyNotice, SignedNotice};

/// The file that lists an export's contents.
pub(super) const MANIFEST_FILE: &str = "EXPORT";

/// What to export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The first record wanted; the export begins with the batch that holds it.
    pub from: u64,
    /// The record to end before; the export goes on to the first checkpoint that covers it.
    /// `None` = all.
    pub until: Option<u64>,
    /// Bodies of these kinds only (the ledger's own kinds always); `None` = all.
    pub kinds: Option<BTreeSet<u16>>,
}

/// Why an export was not made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The operating system refused.
    #[error("export to `{path}`: {source}; delete what was written there before the next try")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// There is something at the target already.
    #[error("export to `{0}`: it is not empty; give a new folder")]
    NotEmpty(PathBuf),
    /// Not a ledger's directory, or one without its mark.
    #[error(
        "export from `{0}`: it holds no ledger with a readable ACKNOWLEDGED file; give the node's data directory"
    )]
    NotALedger(PathBuf),
    /// The source is damaged.
    #[error("export: {0}; run `renkei ledger verify` for the whole extent")]
    Damaged(Damage),
    /// Nothing in the range.
    #[error("export from `{path}`: record {from} is wanted first, but it holds only {records}")]
    Empty {
        /// The source.
        path: PathBuf,
        /// The first record wanted.
        from: u64,
        /// How many there are.
        records: u64,
    },
}

/// What was exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The first record.
    pub first_seq: u64,
    /// The record after the last.
    pub next_seq: u64,
}

/// The list of contents of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) origin: String,
    pub(super) first: u64,
    pub(super) end: u64,
    pub(super) kinds: Option<BTreeSet<u16>>,
    /// Bodies of the key notices before the first record.
    pub(super) notices: Vec<Vec<u8>>,
    /// Bodies of the orders of destruction outside the range: what is gone in it may be named there.
    pub(super) destructions: Vec<Vec<u8>>,
}

impl Manifest {
    fn to_text(&self) -> String {
        let mut text = String::from("renkei ledger export 1\n");
        let kinds = self.kinds.as_ref().map_or_else(
            || "all".to_owned(),
            |kinds| kinds.iter().map(u16::to_string).collect::<Vec<_>>().join(","),
        );
        // Writing to a string cannot fail.
        write!(
            text,
            "origin {}\nrecords {} {}\nbodies {kinds}\n",
            self.origin, self.first, self.end
        )
        .ok();
        let bodies = [("key", &self.notices), ("destroyed", &self.destructions)];
        for (word, body) in bodies.iter().flat_map(|(word, all)| all.iter().map(move |b| (word, b)))
        {
            let hex = body.iter().map(|b| format!("{b:02x}")).collect::<String>();
            writeln!(text, "{word} {hex}").ok();
        }
        let crc = crc32c::crc32c(text.as_bytes());
        writeln!(text, "crc32c {crc:08x}").ok();
        text
    }

    /// Reads exactly what [`Self::to_text`] writes.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().skip(1);
        let origin = lines.next()?.strip_prefix("origin ")?.to_owned();
        let (first, end) = lines.next()?.strip_prefix("records ")?.split_once(' ')?;
        let kinds = match lines.next()?.strip_prefix("bodies ")? {
            "all" => None,
            "" => Some(BTreeSet::new()),
            list => Some(list.split(',').map(|k| k.parse().ok()).collect::<Option<_>>()?),
        };
        let mut bodies = |word| {
            let mut found = Vec::new();
            while let Some(hex) = lines.clone().next().and_then(|line| line.strip_prefix(word)) {
                found.push(unhex(hex)?);
                lines.next();
            }
            Some(found)
        };
        let (notices, destructions) = (bodies("key ")?, bodies("destroyed ")?);
        let (first, end) = (first.parse().ok()?, end.parse().ok()?);
        let this = Self { origin, first, end, kinds, notices, destructions };
        (this.to_text() == text).then_some(this)
    }

    /// Whether a record of `kind` may lack its body.
    pub(super) fn leaves_out(&self, kind: u16) -> bool {
        kind >= KIND_FIRST_FREE && self.kinds.as_ref().is_some_and(|kinds| !kinds.contains(&kind))
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits =
        text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<Vec<u8>>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Exports what `selection` names of the ledger in the data directory `from` into the new folder
/// `out`. The node may be running: what it acknowledged up to this moment is exported.
///
/// # Errors
/// [`ExportError`].
pub fn export(from: &Path, selection: &Selection, out: &Path) -> Result<Exported, ExportError> {
    let folder = from.join("ledger");
    let mark = match mark::read(&folder) {
        Ok(Marks::Whole(mark) | Marks::Half(mark)) => mark,
        _ => return Err(ExportError::NotALedger(from.to_owned())),
    };
    if selection.from >= mark.next_seq {
        let (path, from, records) = (from.to_owned(), selection.from, mark.next_seq);
        return Err(ExportError::Empty { path, from, records });
    }
    let io = |source| ExportError::Io { path: out.to_owned(), source };
    let target = out.join("ledger");
    fs::create_dir_all(out).map_err(io)?;
    if fs::read_dir(out).map_err(io)?.next().is_some() {
        return Err(ExportError::NotEmpty(out.to_owned()));
    }
    fs::create_dir(&target).map_err(io)?;
    let mut copy =
        Copy { selection, target, number: 0, file: None, tree: Frontier::default(), destroyed: 0 };
    let (notices, exported) = copy.all(&folder, mark.next_seq)?;
    let destructions = copy.destructions(&folder, exported, mark.next_seq)?;
    copy.close().map_err(io)?;
    let origin = copy_origin(&notices).unwrap_or_default();
    let notices = notices.into_iter().filter(|(seq, ..)| *seq < exported.first_seq);
    let manifest = Manifest {
        origin,
        first: exported.first_seq,
        end: exported.next_seq,
        kinds: selection.kinds.clone(),
        notices: notices.map(|(_, body, _)| body).collect(),
        destructions,
    };
    write_file(&out.join("FORMAT"), dir::format_text().as_bytes()).map_err(io)?;
    write_file(&out.join(MANIFEST_FILE), manifest.to_text().as_bytes()).map_err(io)?;
    sync_dir(out).map_err(io)?;
    Ok(exported)
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A key notice's record number, its body, and what it says.
type Noticed = (u64, Vec<u8>, KeyNotice);

fn copy_origin(notices: &[Noticed]) -> Option<String> {
    notices.last().map(|(_, _, notice)| notice.origin())
}

/// The walk over the source and the file that is being written.
struct Copy<'a> {
    selection: &'a Selection,
    target: PathBuf,
    number: u32,
    file: Option<BufWriter<File>>,
    /// Over the records up to where the walk stands.
    tree: Frontier,
    /// Destroyed bodies in what was copied.
    destroyed: u64,
}

impl Copy<'_> {
    fn all(&mut self, folder: &Path, end: u64) -> Result<(Vec<Noticed>, Exported), ExportError> {
        let (mut seq, mut number, mut notices) = (0, 0, Vec::new());
        let mut first = None;
        while seq < end {
            let mut reader = SegmentReader::open(folder, number, u64::MAX, Some(seq))
                .map_err(ExportError::Damaged)?;
            self.close().map_err(|source| self.io(source))?;
            while seq < end
                && let Some(batch) = reader.next(seq).map_err(ExportError::Damaged)?
            {
                let wanted = batch.next_seq() > self.selection.from;
                if wanted {
                    first.get_or_insert(seq);
                }
                let covered = self
                    .batch(&batch, wanted, &mut notices)
                    .map_err(|(at, seq, f)| ExportError::Damaged(reader.damage(at, seq, f)))?
                    .map_err(|source| self.io(source))?;
                seq = batch.next_seq();
                if self.selection.until.is_some_and(|until| covered >= until) {
                    return Ok((
                        notices,
                        Exported { first_seq: first.unwrap_or(seq), next_seq: seq },
                    ));
                }
            }
            number += 1;
        }
        Ok((notices, Exported { first_seq: first.unwrap_or(seq), next_seq: seq }))
    }

    /// The orders of destruction before and after what was exported.
    fn destructions(
        &self,
        folder: &Path,
        exported: Exported,
        end: u64,
    ) -> Result<Vec<Vec<u8>>, ExportError> {
        if self.destroyed == 0 {
            return Ok(Vec::new());
        }
        let within = exported.first_seq..exported.next_seq;
        let mut found = Vec::new();
        for entry in Entries::new(folder.to_owned(), 0, 0, end) {
            let entry = entry.map_err(ExportError::Damaged)?;
            if entry.kind == KIND_DESTRUCTION && !within.contains(&entry.seq) {
                found.extend(entry.content.map(|content| content.body));
            }
        }
        Ok(found)
    }

    /// Takes one batch: notes its key notices, writes it when wanted, and gives how many records
    /// its checkpoints cover.
    fn batch(
        &mut self,
        batch: &Batch,
        wanted: bool,
        notices: &mut Vec<Noticed>,
    ) -> Result<io::Result<u64>, Misfit> {
        let mut covered = 0;
        let mut bytes = self.head_when_new(wanted);
        let mut writer = BatchWriter::new(&mut bytes, batch.head.first_seq);
        for record in batch.records() {
            let record = record?;
            let kind = record.header.kind;
            let misfit = |fault| (record.offset, record.header.seq, fault);
            match (kind, record.sealed()) {
                (KIND_KEY_NOTICE, Some(sealed)) => {
                    let signed = SignedNotice::read(sealed.body)
                        .map_err(|_| misfit(Fault::NoticeSpelling))?;
                    notices.push((record.header.seq, sealed.body.to_vec(), signed.notice));
                }
                (KIND_CHECKPOINT, Some(sealed)) => {
                    let by = &notices.last().ok_or_else(|| misfit(Fault::Key))?.2;
                    let (checkpoint, _) =
                        Checkpoint::read(sealed.body, &by.origin(), &by.public_key)
                            .ok_or_else(|| misfit(Fault::CheckpointSpelling))?;
                    covered = checkpoint.size;
                }
                _ => {}
            }
            let kept = kind < KIND_FIRST_FREE
                || self.selection.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
            let content = match record.content {
                Content::Here(_) if !kept => Content::LeftOut,
                content => content,
            };
            self.destroyed += u64::from(wanted && content == Content::Destroyed);
            writer.push(record.header_bytes, content);
            self.tree.push(leaf_hash(record.header_bytes));
        }
        writer.finish();
        Ok(if wanted { self.put(&bytes).map(|()| covered) } else { Ok(covered) })
    }

    /// The head of the next file when there is none open.
    fn head_when_new(&self, wanted: bool) -> Vec<u8> {
        if wanted && self.file.is_none() {
            SegmentHead { number: self.number, tree: self.tree.clone() }.to_bytes()
        } else {
            Vec::new()
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let file = File::create_new(self.target.join(file_name(self.number)))?;
                self.number += 1;
                self.file.insert(BufWriter::new(file))
            }
        };
        file.write_all(bytes)
    }

    fn close(&mut self) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        }
        sync_dir(&self.target)
    }

    fn io(&self, source: io::Error) -> ExportError {
        ExportError::Io { path: self.target.clone(), source }
    }
}
