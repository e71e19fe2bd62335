//! A ledger as C2SP tlog-tiles: static files that any transparency-log client reads.
//!
//! `checkpoint` is the last signed note; `tile/L/N` hold 256 hashes each; `tile/entries/N` hold the
//! record headers, which are what the leaves hash: they commit to bodies by salted hashes and hold
//! none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use renkei_model::cbor::Digest;
use renkei_model::merkle;

use super::KIND_CHECKPOINT;
use super::export::ExportError;
use super::verify::{VerifyError, verify_with};

/// Hashes in a full tile.
const WIDTH: usize = 256;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tiled {
    /// Records under the checkpoint.
    pub records: u64,
    /// Their root.
    pub root: Digest,
}

/// Why no tiles were written.
#[derive(Debug, thiserror::Error)]
pub enum TilesError {
    /// Nothing to verify at that place.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The ledger is not whole, or begins later, or was never signed.
    #[error("write tiles of `{path}`: {why}")]
    Unfit {
        /// The ledger.
        path: PathBuf,
        /// Why.
        why: &'static str,
    },
    /// The target cannot be written.
    #[error(transparent)]
    Export(#[from] ExportError),
}

/// Writes the ledger in `from` (a data directory, or an export that begins with record 0) up to its
/// last checkpoint as tiles into the new folder `out`.
///
/// # Errors
/// [`TilesError`].
pub fn tiles(from: &Path, out: &Path) -> Result<Tiled, TilesError> {
    let mut note = Vec::new();
    let report = verify_with(from, |entry| {
        if let (KIND_CHECKPOINT, Some(content)) = (entry.kind, entry.content) {
            note = content.body;
        }
    })?;
    let unfit = |why| TilesError::Unfit { path: from.to_owned(), why };
    if !report.is_whole() {
        return Err(unfit("it is not whole; `renkei ledger verify` says where"));
    }
    if report.first_seq > 0 {
        return Err(unfit("it begins after record 0; give the whole ledger"));
    }
    let checkpoint = report.last_checkpoint.ok_or_else(|| unfit("it holds no checkpoint yet"))?;
    let io = |source| ExportError::Io { path: out.to_owned(), source };
    fs::create_dir_all(out).map_err(io)?;
    if fs::read_dir(out).map_err(io)?.next().is_some() {
        return Err(ExportError::NotEmpty(out.to_owned()).into());
    }
    let mut writer =
        Writer { out, levels: Vec::new(), full: Vec::new(), bundle: Vec::new(), bundled: 0 };
    let mut failed = None;
    verify_with(from, |entry| {
        if entry.seq < checkpoint.size && failed.is_none() {
            failed = writer.entry(&entry.header, entry.leaf).err();
        }
    })?;
    let written = failed.map_or_else(|| writer.finish(), Err);
    written.and_then(|()| fs::write(out.join("checkpoint"), note)).map_err(io)?;
    Ok(Tiled { records: checkpoint.size, root: checkpoint.root })
}

struct Writer<'a> {
    out: &'a Path,
    /// The tile in hand of each level.
    levels: Vec<Vec<Digest>>,
    /// Full tiles written, by level.
    full: Vec<u64>,
    /// The entry bundle in hand.
    bundle: Vec<u8>,
    /// Entries so far.
    bundled: u64,
}

impl Writer<'_> {
    fn entry(&mut self, header: &[u8], leaf: Digest) -> io::Result<()> {
        self.bundle.extend_from_slice(&(header.len() as u16).to_be_bytes());
        self.bundle.extend_from_slice(header);
        self.bundled += 1;
        if self.bundled.is_multiple_of(WIDTH as u64) {
            let bundle = std::mem::take(&mut self.bundle);
            self.put("entries", self.bundled / WIDTH as u64 - 1, 0, &bundle)?;
        }
        self.hash(0, leaf)
    }

    fn hash(&mut self, level: usize, hash: Digest) -> io::Result<()> {
        if self.levels.len() == level {
            self.levels.push(Vec::with_capacity(WIDTH));
            self.full.push(0);
        }
        let (Some(tile), Some(full)) = (self.levels.get_mut(level), self.full.get_mut(level))
        else {
            return Ok(());
        };
        tile.push(hash);
        if tile.len() < WIDTH {
            return Ok(());
        }
        let (number, tile) = (*full, std::mem::take(tile));
        *full += 1;
        self.put(&level.to_string(), number, 0, &bytes(&tile))?;
        self.hash(level + 1, merkle::root(&tile))
    }

    /// Partial tiles: what is in hand at the end.
    fn finish(&mut self) -> io::Result<()> {
        let (rest, at) = (self.bundled % WIDTH as u64, self.bundled / WIDTH as u64);
        if rest > 0 {
            let bundle = std::mem::take(&mut self.bundle);
            self.put("entries", at, rest, &bundle)?;
        }
        let levels = std::mem::take(&mut self.levels);
        for (level, (tile, full)) in levels.iter().zip(self.full.clone()).enumerate() {
            if !tile.is_empty() {
                self.put(&level.to_string(), full, tile.len() as u64, &bytes(tile))?;
            }
        }
        Ok(())
    }

    /// Writes one tile; `width` 0 = a full one.
    fn put(&self, level: &str, number: u64, width: u64, content: &[u8]) -> io::Result<()> {
        let mut path = format!("tile/{level}/{}", number_path(number));
        if width > 0 {
            path = format!("{path}.p/{width}");
        }
        let path = self.out.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, content)
    }
}

fn bytes(tile: &[Digest]) -> Vec<u8> {
    tile.iter().flat_map(|hash| hash.0).collect()
}

/// A tile's number as a path: groups of three digits, all but the last with an `x` before them.
fn number_path(number: u64) -> String {
    let mut path = format!("{:03}", number % 1_000);
    let mut rest = number / 1_000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1_000);
        rest /= 1_000;
    }
    path
}

#[cfg(test)]
mod tests {
    //! The paths of the specification.

    use super::number_path;

    #[test]
    fn a_tile_number_is_spelt_as_the_specification_spells_it() {
        let check = |number, path: &str| assert_eq!(number_path(number), path);
        check(0, "000");
        check(999, "999");
        check(1_234_067, "x001/x234/067");
    }
}
