//! A bounded part of the past: who was where, one row a track and step, with the moment from which
//! to ask on.
//!
//! Refuses: reading without bound. The answer ends early rather than hold up the disk or the memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::sync::Arc;

use renkei_model::time::Timestamp;

use super::block::{self, Extent};
use super::index::FileRow;
use super::{Area, History, HistoryDamage, HistoryRow, Wrong, told};

/// Blocks that one slice reads of a picture: some 10 ms.
const BLOCKS_MAX: usize = 192;
/// Files that one slice looks into for one track: a day of sealings.
const FILES_MAX: usize = 300;

/// Whose past is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// One track's.
    Track(u32),
    /// Everything's, or what was in one area.
    Picture(Option<Area>),
}

impl Asked {
    fn may_be_in(&self, extent: &Extent) -> bool {
        match self {
            Self::Track(track) => (extent.track.0..=extent.track.1).contains(track),
            Self::Picture(area) => area.is_none_or(|area| area.meets(extent)),
        }
    }

    fn holds(&self, row: &HistoryRow) -> bool {
        match self {
            Self::Track(track) => row.track == *track,
            Self::Picture(area) => area.is_none_or(|area| area.holds(row.position)),
        }
    }
}

/// One slice of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// By step, then by track: the last row of each track in each step.
    pub rows: Vec<HistoryRow>,
    /// The slice is whole up to here (not included): ask on from here. Beyond the time asked for
    /// when that was the end.
    pub end: Timestamp,
    /// More tracks than fit moved in one step, and some were left out.
    pub is_cut: bool,
    /// What was told of the tracks of these rows at their time, by track; see [`History::tell`].
    pub told: BTreeMap<u32, Arc<str>>,
    /// What could not be read on the way.
    pub damages: Vec<HistoryDamage>,
}

/// The rows that were chosen so far.
struct Chosen {
    step_ms: i64,
    rows_max: usize,
    /// The first step that is not answered.
    end: i64,
    rows: BTreeMap<(i64, u32), HistoryRow>,
    is_cut: bool,
}

impl Chosen {
    fn take(&mut self, row: &HistoryRow) {
        let step = row.at.0.div_euclid(self.step_ms);
        if step >= self.end {
            return;
        }
        let kept = self.rows.entry((step, row.track)).or_insert(*row);
        if row.at >= kept.at {
            *kept = *row;
        }
        if self.rows.len() <= self.rows_max {
            return;
        }
        let first = self.rows.first_key_value().map_or(step, |((first, _), _)| *first);
        let last = self.rows.last_key_value().map_or(step, |((last, _), _)| *last);
        if first == last {
            self.rows.pop_last();
            (self.is_cut, self.end) = (true, self.end.min(first + 1));
        } else {
            self.rows.split_off(&(last, 0));
            self.end = last;
        }
    }
}

impl History {
    /// What was `asked` for from `from` (taken down to a whole step) to `to` (included): the last
    /// row of each track in each `step_ms`, at most about `rows_max` rows and a bounded number of
    /// blocks. `step_ms` below 1 counts as 1: every row that differs in time.
    pub fn slice(
        &mut self,
        asked: Asked,
        (from, to): (Timestamp, Timestamp),
        step_ms: i64,
        rows_max: usize,
    ) -> Slice {
        let step_ms = step_ms.max(1);
        let first = from.0.div_euclid(step_ms);
        let from = Timestamp(first.saturating_mul(step_ms));
        let last = to.0.div_euclid(step_ms).max(first);
        let end = self.affordable(asked, (first, last.saturating_add(1)), step_ms);
        let mut chosen = Chosen { step_ms, rows_max, end, rows: BTreeMap::new(), is_cut: false };
        let until = Timestamp(to.0.min(end.saturating_mul(step_ms).saturating_sub(1)));
        let mut damages = Vec::new();
        let wanted = |row: &HistoryRow| (from..=until).contains(&row.at) && asked.holds(row);
        let files = self.files_with(asked, from, until);
        for file in &files {
            self.visit(file, asked, (from, until), &mut damages, &mut |row| {
                if wanted(row) {
                    chosen.take(row);
                }
            });
        }
        for row in self.pending.values().flatten().filter(|row| wanted(row)) {
            chosen.take(row);
        }
        let rows: Vec<HistoryRow> = chosen.rows.into_values().collect();
        let told = self.told_of(&rows, &files, (from, until), &mut damages);
        let end = Timestamp(chosen.end.saturating_mul(step_ms));
        Slice { rows, end, is_cut: chosen.is_cut, told, damages }
    }

    /// What was told of the tracks of `rows`, the newest that is kept with rows of that time.
    fn told_of(
        &self,
        rows: &[HistoryRow],
        files: &[FileRow],
        (from, until): (Timestamp, Timestamp),
        damages: &mut Vec<HistoryDamage>,
    ) -> BTreeMap<u32, Arc<str>> {
        let tracks: BTreeSet<u32> = rows.iter().map(|row| row.track).collect();
        let mut told = BTreeMap::new();
        if tracks.is_empty() {
            return told;
        }
        for file in files {
            let texts = told::read(&self.folder, file.number, damages);
            told.extend(texts.into_iter().filter(|(track, _)| tracks.contains(track)));
        }
        for (track, pending) in &self.pending {
            let is_of_the_time = pending.iter().any(|row| (from..=until).contains(&row.at));
            if let Some(text) = self.told.of(*track).filter(|_| tracks.contains(track))
                && is_of_the_time
            {
                told.insert(*track, text.clone());
            }
        }
        told
    }

    /// The step up to which a slice can be read; at least one.
    fn affordable(&self, asked: Asked, (first, mut end): (i64, i64), step_ms: i64) -> i64 {
        let start = Timestamp(first.saturating_mul(step_ms));
        while end > first.saturating_add(1) {
            let until = Timestamp(end.saturating_mul(step_ms).saturating_sub(1));
            let files = self.files_with(asked, start, until);
            let fits = match asked {
                Asked::Track(_) => files.len() <= FILES_MAX,
                Asked::Picture(_) => {
                    files.iter().map(|file| file.blocks as usize).sum::<usize>() <= BLOCKS_MAX
                }
            };
            if fits {
                break;
            }
            // An empty past before the first file costs nothing: the halves are of what is there.
            let earliest = files.iter().map(|file| file.extent.time.0).min().unwrap_or(start.0);
            let low = earliest.div_euclid(step_ms).max(first);
            end = low.saturating_add(1).max(low.saturating_add((end.saturating_sub(low)) / 2));
        }
        end
    }

    fn files_with(&self, asked: Asked, from: Timestamp, to: Timestamp) -> Vec<FileRow> {
        let has =
            |file: &&FileRow| file.extent.meets_time(from, to) && asked.may_be_in(&file.extent);
        self.files.values().filter(has).copied().collect()
    }

    fn visit(
        &mut self,
        file: &FileRow,
        asked: Asked,
        (from, to): (Timestamp, Timestamp),
        damages: &mut Vec<HistoryDamage>,
        take: &mut dyn FnMut(&HistoryRow),
    ) {
        let path = block::path(&self.folder, file.number);
        let blocks = self.blocks(file, damages);
        let damage = |offset, wrong| HistoryDamage { file: path.clone(), offset, wrong };
        let open = match File::open(&path) {
            Ok(open) => open,
            Err(e) => {
                damages.push(damage(0, Wrong::Unreadable(e.to_string())));
                return;
            }
        };
        for place in &blocks {
            if !place.extent.meets_time(from, to) || !asked.may_be_in(&place.extent) {
                continue;
            }
            match block::read(&open, place) {
                Ok(rows) => rows.iter().for_each(&mut *take),
                Err(wrong) => damages.push(damage(place.offset, wrong)),
            }
        }
    }
}
