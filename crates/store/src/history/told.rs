//! What was told of the tracks (names, identities), kept beside the rows of the same time and no longer
//! than they: without it the past would know tracks by their numbers only.
//!
//! Each number has its own file: lines while its journal is open, packed when it is sealed. A line is
//! `TRACK CRC TEXT`; one that does not check is passed over and reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{HistoryDamage, Wrong};
use crate::dir::sync_dir;

/// A longer text is not kept.
const TEXT_BYTES_MAX: usize = 4_096;
/// A packed file is not read beyond this.
const FILE_BYTES_MAX: u64 = 256 << 20;
const LEVEL: i32 = 3;

/// Texts by track.
pub(super) type Texts = BTreeMap<u32, Arc<str>>;

/// What is told of the tracks now, and what the open number's file holds.
#[derive(Debug, Default)]
pub(super) struct Told {
    current: Texts,
    written: Texts,
    /// Told since the last write.
    fresh: BTreeSet<u32>,
    /// Tracks that are gone: forgotten at the next sealing.
    leaving: BTreeSet<u32>,
    /// The last write failed: a torn line may be at the end of the file.
    is_torn: bool,
}

fn open_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:08}.told"))
}

fn sealed_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:08}.told.zst"))
}

fn line(track: u32, text: &str) -> String {
    let crc = crc32c::crc32c(format!("{track} {text}").as_bytes());
    format!("{track} {crc:08x} {text}\n")
}

fn read_line(text: &str) -> Option<(u32, &str)> {
    let (track, rest) = text.split_once(' ')?;
    let (_, told) = rest.split_once(' ')?;
    let track = track.parse().ok()?;
    (line(track, told).strip_suffix('\n') == Some(text)).then_some((track, told))
}

fn lines(texts: &Texts) -> String {
    texts.iter().map(|(track, text)| line(*track, text)).collect()
}

impl Told {
    /// Goes on with the open number's file.
    pub(super) fn resume(folder: &Path, number: u32, damages: &mut Vec<HistoryDamage>) -> Self {
        let written = read(folder, number, damages);
        let is_torn = !written.is_empty();
        Self { written, is_torn, ..Self::default() }
    }

    pub(super) fn tell(&mut self, track: u32, text: Arc<str>) {
        self.leaving.remove(&track);
        if text.len() <= TEXT_BYTES_MAX && !text.contains('\n') {
            self.current.insert(track, text);
            self.fresh.insert(track);
        }
    }

    pub(super) fn leave(&mut self, track: u32) {
        self.leaving.insert(track);
    }

    /// What is told of `track` in the open number.
    pub(super) fn of(&self, track: u32) -> Option<&Arc<str>> {
        self.current.get(&track).or_else(|| self.written.get(&track))
    }

    /// Writes what is told of `tracks`, and of what else was told since the last write and `has` rows,
    /// as far as it is not yet in the open number's file.
    pub(super) fn write(
        &mut self,
        folder: &Path,
        number: u32,
        tracks: impl Iterator<Item = u32>,
        has: impl Fn(u32) -> bool,
    ) -> io::Result<()> {
        let mut tracks: BTreeSet<u32> = tracks.collect();
        tracks.extend(std::mem::take(&mut self.fresh).into_iter().filter(|track| has(*track)));
        let new: Texts = tracks
            .into_iter()
            .filter_map(|track| Some((track, self.current.get(&track)?.clone())))
            .filter(|(track, text)| self.written.get(track) != Some(text))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let gap = if self.is_torn { "\n" } else { "" };
        self.is_torn = true;
        let path = open_path(folder, number);
        let mut file = File::options().append(true).create(true).open(&path)?;
        file.write_all(format!("{gap}{}", lines(&new)).as_bytes())?;
        file.sync_data()?;
        if self.written.is_empty() {
            sync_dir(folder)?;
        }
        self.is_torn = false;
        self.written.extend(new);
        Ok(())
    }

    /// Packs what is told of `tracks`, the rows of which are being sealed, and begins the next number.
    pub(super) fn seal(
        &mut self,
        folder: &Path,
        number: u32,
        tracks: impl Iterator<Item = u32>,
    ) -> io::Result<()> {
        let texts: Texts =
            tracks.filter_map(|track| Some((track, self.of(track)?.clone()))).collect();
        put(folder, number, &texts)?;
        for track in std::mem::take(&mut self.leaving) {
            self.current.remove(&track);
        }
        self.written.clear();
        self.is_torn = false;
        Ok(())
    }
}

/// Packs `texts` as those of `number`, whole or not at all; the lines of its open time go.
fn put(folder: &Path, number: u32, texts: &Texts) -> io::Result<()> {
    let (path, new) = (sealed_path(folder, number), folder.join(format!("{number:08}.told.new")));
    let packed = zstd::bulk::compress(lines(texts).as_bytes(), LEVEL)?;
    let mut file = File::create(&new)?;
    file.write_all(&packed)?;
    file.sync_all()?;
    fs::rename(&new, &path)?;
    sync_dir(folder)?;
    absent_is_well(fs::remove_file(open_path(folder, number)))
}

fn absent_is_well(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Keeps only what is told of the tracks that `holds`.
pub(super) fn keep_only(folder: &Path, number: u32, holds: impl Fn(u32) -> bool) -> io::Result<()> {
    let mut texts = read(folder, number, &mut Vec::new());
    texts.retain(|track, _| holds(*track));
    put(folder, number, &texts)
}

/// Removes the files of `number`.
pub(super) fn remove(folder: &Path, number: u32) -> io::Result<()> {
    absent_is_well(fs::remove_file(open_path(folder, number)))?;
    absent_is_well(fs::remove_file(sealed_path(folder, number)))
}

/// What was told in `number`; of each track the last.
pub(super) fn read(folder: &Path, number: u32, damages: &mut Vec<HistoryDamage>) -> Texts {
    let (sealed, open) = (sealed_path(folder, number), open_path(folder, number));
    let mut texts = Texts::new();
    if let Ok(file) = File::open(&sealed) {
        let mut bytes = Vec::new();
        let unpacked = zstd::stream::read::Decoder::new(file)
            .and_then(|unpacked| unpacked.take(FILE_BYTES_MAX).read_to_end(&mut bytes));
        let is_whole = unpacked.is_ok();
        if take_lines(&bytes, &mut texts) || !is_whole {
            damages.push(HistoryDamage { file: sealed, offset: 0, wrong: Wrong::ToldLine });
        }
    }
    if let Ok(bytes) = fs::read(&open) {
        // The last line may be torn by a crash: that is expected.
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        if take_lines(&bytes[..whole], &mut texts) {
            damages.push(HistoryDamage { file: open, offset: 0, wrong: Wrong::ToldLine });
        }
    }
    texts
}

/// Takes the lines that check; true when one did not.
fn take_lines(bytes: &[u8], texts: &mut Texts) -> bool {
    let mut is_damaged = false;
    for text in bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
        match std::str::from_utf8(text).ok().and_then(read_line) {
            Some((track, told)) => {
                texts.insert(track, told.into());
            }
            None => is_damaged = true,
        }
    }
    is_damaged
}
