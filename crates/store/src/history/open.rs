//! Opening history: what a crash left behind is put in order, the index is compared with the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::block;
use super::index::{self, FileRow, Index};
use super::journal::{self, Journal};
use super::keep::Keeps;
use super::told::{self, Told};
use super::{History, HistoryDamage, HistoryError, Wrong};
use crate::dir::{StoreDir, sync_dir};

/// The files in the folder.
#[derive(Default)]
struct Listing {
    blocks: BTreeMap<u32, u64>,
    journals: BTreeSet<u32>,
    told: BTreeSet<u32>,
}

impl History {
    /// Opens the history in `dir`, making it when there is none. What did not check is named; the
    /// rest is kept.
    ///
    /// # Errors
    /// [`HistoryError`].
    pub fn open(dir: &StoreDir) -> Result<(Self, Vec<HistoryDamage>), HistoryError> {
        let folder = dir.path().join("history");
        let io = |source| HistoryError::Io { path: folder.clone(), source };
        fs::create_dir_all(&folder).map_err(io)?;
        sync_dir(dir.path()).map_err(io)?;
        let mut listing = list(&folder).map_err(io)?;
        drop_sealed_journals(&folder, &mut listing).map_err(io)?;
        let newest = listing.blocks.keys().chain(&listing.journals).max().copied();
        let mut damages = Vec::new();
        let index = open_index(&folder, &mut damages)?;
        let keeps = Keeps::open(&folder, &mut damages).map_err(io)?;
        let mut this = Self {
            dir: dir.clone(),
            number: newest.map_or(0, |n| n + u32::from(!listing.journals.contains(&n))),
            index,
            files: BTreeMap::new(),
            journal: None,
            pending: BTreeMap::new(),
            pending_rows: 0,
            unwritten: Vec::new(),
            pending_since: None,
            last_track: None,
            dropped: 0,
            keeps,
            told: Told::default(),
            folder,
        };
        this.told = Told::resume(&this.folder, this.number, &mut damages);
        this.compare(&listing, &mut damages)?;
        this.resume(&listing, &mut damages)?;
        let sealed = this.files.values().map(|file| file.extent.track.1).max();
        this.last_track = this.last_track.max(sealed);
        Ok((this, damages))
    }

    /// Brings the index into line with the files that are there.
    fn compare(
        &mut self,
        listing: &Listing,
        damages: &mut Vec<HistoryDamage>,
    ) -> Result<(), HistoryError> {
        let known = self.index.files().unwrap_or_default();
        let known: BTreeMap<u32, Option<FileRow>> = known.into_iter().collect();
        for (&number, &length) in &listing.blocks {
            match known.get(&number) {
                Some(Some(row)) if row.length == length => {
                    self.files.insert(number, *row);
                }
                row => {
                    if row.is_some() {
                        let file = index::path(&self.folder);
                        damages.push(HistoryDamage { file, offset: 0, wrong: Wrong::Index });
                    }
                    let (file, found) = block::scan(&self.folder, number);
                    damages.extend(found);
                    let row = self.put(&file)?;
                    self.files.insert(number, row);
                }
            }
        }
        for number in known.keys().filter(|number| !listing.blocks.contains_key(number)) {
            self.index.remove(*number).map_err(|source| self.index_error(source))?;
        }
        Ok(())
    }

    /// Takes the journals' rows back. One whole journal is gone on with; rows of a damaged one, or
    /// of several (a journal could not be removed), are sealed at once.
    fn resume(
        &mut self,
        listing: &Listing,
        damages: &mut Vec<HistoryDamage>,
    ) -> Result<(), HistoryError> {
        let path = self.folder.clone();
        let io = |source| HistoryError::Io { path: path.clone(), source };
        for &number in &listing.journals {
            let kept = journal::read(&self.folder, number).map_err(io)?;
            damages.extend(kept.damages);
            for row in kept.rows {
                self.take_pending(row);
            }
            if let Some(length) = kept.length.filter(|_| listing.journals.len() == 1) {
                let journal = Journal::resume(&journal::path(&self.folder, number), length);
                self.journal = Some(journal.map_err(io)?);
            }
        }
        if self.journal.is_none() && self.pending_rows > 0 {
            self.seal()?;
            for &number in &listing.journals {
                let path = journal::path(&self.folder, number);
                if path.exists() {
                    fs::remove_file(&path).map_err(|source| HistoryError::Io { path, source })?;
                }
            }
        }
        Ok(())
    }
}

fn open_index(folder: &Path, damages: &mut Vec<HistoryDamage>) -> Result<Index, HistoryError> {
    let path = index::path(folder);
    let open = || {
        let index = Index::open(folder)?;
        index.files()?;
        Ok(index)
    };
    if let Ok(index) = open() {
        return Ok(index);
    }
    damages.push(HistoryDamage { file: path.clone(), offset: 0, wrong: Wrong::Index });
    index::remove(folder);
    open().map_err(|source| HistoryError::Index { path, source })
}

fn list(folder: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some((stem, kind)) = name.to_str().and_then(|n| n.split_once('.')) else { continue };
        let Ok(number) = stem.parse::<u32>() else { continue };
        match kind {
            "blk" => {
                listing.blocks.insert(number, entry.metadata()?.len());
            }
            "jnl" => {
                listing.journals.insert(number);
            }
            "told" | "told.zst" => {
                listing.told.insert(number);
            }
            // What a crash left of a sealing that was not renamed: its rows are in the journal.
            "blk.new" | "told.new" => fs::remove_file(entry.path())?,
            _ => {}
        }
    }
    // What was told of tracks goes with their rows.
    for number in listing.told.iter().filter(|n| !listing.blocks.contains_key(n)) {
        if !listing.journals.contains(number) {
            told::remove(folder, *number)?;
        }
    }
    Ok(listing)
}

/// A journal whose rows were sealed counts no longer.
fn drop_sealed_journals(folder: &Path, listing: &mut Listing) -> io::Result<()> {
    for number in listing.blocks.keys() {
        if listing.journals.remove(number) {
            fs::remove_file(journal::path(folder, *number))?;
        }
    }
    Ok(())
}
