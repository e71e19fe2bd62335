//! The node's data directory: one process at a time, one format.
//!
//! Refuses a directory that another process holds, and one whose `FORMAT` it does not know.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How often a lock that is held is tried for, and how long apart.
const LOCK_TRIES: u32 = 20;
const LOCK_WAIT: std::time::Duration = std::time::Duration::from_millis(10);

/// The format this build writes. Format 1 is upgraded when it is opened: it differs only in what a
/// ledger may hold (terms of retention, destroyed bodies), so its files stay as they are.
const FORMAT: u32 = 2;
/// The oldest format that this build reads.
const FORMAT_OLDEST: u32 = 1;

/// Before the number in the `FORMAT` file.
const FORMAT_WORD: &str = "renkei-store ";

/// Why a data directory could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum DirError {
    /// The operating system refused.
    #[error("open data directory `{path}`: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Somebody else has it.
    #[error(
        "open data directory `{path}`: process {holder} uses it; stop that one first or give another directory"
    )]
    InUse {
        /// The directory.
        path: PathBuf,
        /// Its process id as it wrote it, or `unknown`.
        holder: String,
    },
    /// Written by a later Renkei.
    #[error(
        "open data directory `{path}`: it has format {found} and this build knows up to {FORMAT}; use the newer Renkei that wrote it, or restore a backup made with this one"
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// The number in its `FORMAT` file.
        found: u32,
    },
    /// Not ours, or damaged.
    #[error(
        "open data directory `{path}`: its FORMAT file {what}, where `{FORMAT_WORD}{FORMAT}` was expected; if `renkei ledger verify` names nothing else, write that line back, otherwise restore a backup"
    )]
    Unknown {
        /// The directory.
        path: PathBuf,
        /// What is wrong with the file.
        what: String,
    },
}

/// A data directory that this process holds until the last clone is dropped.
#[derive(Clone, Debug)]
pub struct StoreDir {
    path: PathBuf,
    _lock: Arc<File>,
}

impl StoreDir {
    /// Takes `path` for this process, making it (and its `FORMAT` file) when it is new.
    ///
    /// # Errors
    /// [`DirError`]: in use, another format, or refused by the operating system.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, DirError> {
        let path = path.into();
        fs::create_dir_all(&path).map_err(|source| DirError::Io { path: path.clone(), source })?;
        let lock = lock(&path)?;
        match read_format(&path) {
            Format::Current => {}
            Format::Older => write_format(&path)?,
            Format::Newer(found) => return Err(DirError::Newer { path, found }),
            Format::Absent if is_new(&path) => write_format(&path)?,
            Format::Absent => return Err(DirError::Unknown { path, what: "is missing".into() }),
            Format::Unknown(what) => return Err(DirError::Unknown { path, what }),
        }
        Ok(Self { path, _lock: Arc::new(lock) })
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// What a `FORMAT` file says.
pub(crate) enum Format {
    Current,
    /// One that is upgraded when it is opened.
    Older,
    Newer(u32),
    Absent,
    /// Why it is not a format of ours.
    Unknown(String),
}

/// Reads `FORMAT` of the directory `path`.
pub(crate) fn read_format(path: &Path) -> Format {
    let bytes = match fs::read(path.join("FORMAT")) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Format::Absent,
        Err(e) => return Format::Unknown(format!("cannot be read ({e})")),
    };
    if bytes == format_text().as_bytes() {
        return Format::Current;
    }
    let older = (FORMAT_OLDEST..FORMAT).any(|n| bytes == format!("{FORMAT_WORD}{n}\n").as_bytes());
    if older {
        return Format::Older;
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let number = text.strip_prefix(FORMAT_WORD).and_then(|t| t.trim_end().parse::<u32>().ok());
    match number {
        Some(found) if found > FORMAT => Format::Newer(found),
        _ => Format::Unknown(format!("says {:?}", text.chars().take(40).collect::<String>())),
    }
}

/// The whole content of a `FORMAT` file.
pub(crate) fn format_text() -> String {
    format!("{FORMAT_WORD}{FORMAT}\n")
}

/// Whether another process holds the directory at this moment.
pub(crate) fn in_use(path: &Path) -> bool {
    let Ok(file) = File::open(path.join("LOCK")) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Makes a directory's entries durable (a created, renamed or removed file).
pub(crate) fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn is_new(path: &Path) -> bool {
    !path.join("ledger").exists() && !path.join("history").exists()
}

fn write_format(path: &Path) -> Result<(), DirError> {
    let write = || {
        // Beside and renamed: an upgrade that is broken off leaves the old file.
        let beside = path.join("FORMAT.new");
        let mut file = File::create(&beside)?;
        file.write_all(format_text().as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path.join("FORMAT"))?;
        sync_dir(path)
    };
    write().map_err(|source| DirError::Io { path: path.join("FORMAT"), source })
}

/// Tries for a fifth of a second: a process that was just forked elsewhere in this one holds a copy
/// of every lock until it runs its own program, also of one that was given back meanwhile.
fn patiently(file: &File) -> Result<(), TryLockError> {
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_WAIT),
            other => return other,
        }
    }
    file.try_lock()
}

fn lock(path: &Path) -> Result<File, DirError> {
    let name = path.join("LOCK");
    let io_error = |source| DirError::Io { path: name.clone(), source };
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&name)
        .map_err(io_error)?;
    match patiently(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let known = file.read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
            let holder = if known { holder.trim().to_owned() } else { "unknown".to_owned() };
            return Err(DirError::InUse { path: path.to_owned(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(io_error(source)),
    }
    let write_pid = |file: &mut File| {
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(format!("{}\n", std::process::id()).as_bytes())
    };
    // The number only helps a person; a full disk must not keep the node from starting.
    write_pid(&mut file).ok();
    Ok(file)
}
