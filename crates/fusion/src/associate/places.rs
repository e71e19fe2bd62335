//! Where the tracks are that may be one thing with another, and their last fixes.
//!
//! A track stands in a cell under the kind of name that it has. Only a track with company keeps a
//! trail: one near which nothing of another kind is heard is one with nothing, and in a sea of AIS
//! nearly every track is such.

use std::collections::BTreeMap;

use renkei_model::observation::{Domain, Identity};
use renkei_model::position::Position;
use renkei_model::track::{Track, TrackNumber};

use super::compare::Trail;

/// Kinds of names, and none.
const KINDS: usize = 5;
/// Tracks of one cell that are looked at; in an anchorage fuller than this a person must decide.
const CELL_MAX: usize = 32;

/// The kind of name that a team's server gives.
pub(super) const COT: usize = 2;

/// What kind of name an identity is; a thing has one of each kind.
pub(super) fn kind(identity: &Identity) -> usize {
    match identity {
        Identity::Mmsi(_) => 0,
        Identity::Icao(_) | Identity::NonIcao(_) => 1,
        Identity::Cot(_) => COT,
        Identity::Alias(_) => 3,
    }
}

/// The slot of a track: the kind of its first name.
fn slot(track: &Track) -> usize {
    track.identities.first().map_or(KINDS - 1, kind)
}

/// A cell of the grid: domain, rows of latitude, columns of longitude.
type Cell = (Domain, i32, i32);

/// Cells are so wide that two tracks of one thing, heard an interval apart, lie in neighbours.
fn size_deg(domain: Domain) -> f64 {
    match domain {
        Domain::Air | Domain::Other => 0.2,
        Domain::Surface | Domain::Land | Domain::Installation => 0.04,
    }
}

fn cell(domain: Domain, here: Position) -> Cell {
    let size = size_deg(domain);
    let of = |degrees: f64| (degrees / size).floor() as i32;
    (domain, of(here.latitude_deg()), of(here.longitude_deg()))
}

/// A cell and its eight neighbours, across the date line too.
fn around((domain, row, column): Cell) -> [Cell; 9] {
    let columns = (360.0 / size_deg(domain)).round() as i32;
    let half = columns / 2;
    std::array::from_fn(|i| {
        let (down, left) = ((i / 3) as i32 - 1, (i % 3) as i32 - 1);
        (domain, row + down, (column + left + half).rem_euclid(columns) - half)
    })
}

/// One track's place.
#[derive(Clone, Debug)]
pub(super) struct Place {
    at: (Cell, usize),
    names: usize,
    has_company: bool,
    pub(super) trail: Trail,
    /// Tracks with which it is counted in rounds.
    pub(super) partners: Vec<TrackNumber>,
}

impl Place {
    /// Whether anything near it may be one thing with it, as the last look found.
    pub(super) fn has_company(&self) -> bool {
        self.has_company
    }
}

/// The places of all tracks.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    of: BTreeMap<TrackNumber, Place>,
    cells: BTreeMap<Cell, [Vec<TrackNumber>; KINDS]>,
    /// How many tracks of a domain go by each kind of name.
    counts: BTreeMap<Domain, [usize; KINDS]>,
}

impl Places {
    pub(super) fn get(&self, number: TrackNumber) -> Option<&Place> {
        self.of.get(&number)
    }

    pub(super) fn get_mut(&mut self, number: TrackNumber) -> Option<&mut Place> {
        self.of.get_mut(&number)
    }

    /// Moves `track` to `here`; whether it is new, or goes by other names than before.
    pub(super) fn place(&mut self, track: &Track, here: Position) -> bool {
        let at = (cell(track.domain, here), slot(track));
        let names = track.identities.len();
        let before = self.of.get(&track.number).map(|place| (place.at, place.names));
        if before.map(|before| before.0) != Some(at) {
            if let Some((old, _)) = before {
                self.leave(track.number, old);
            }
            self.cells.entry(at.0).or_default()[at.1].push(track.number);
            self.counts.entry(track.domain).or_default()[at.1] += 1;
        }
        match self.of.get_mut(&track.number) {
            Some(place) => (place.at, place.names) = (at, names),
            None => {
                let (has_company, trail, partners) = (false, Trail::default(), Vec::new());
                let place = Place { at, names, has_company, trail, partners };
                self.of.insert(track.number, place);
            }
        }
        before.map(|before| before.1) != Some(names)
    }

    /// Takes `number` away; the tracks that it was counted with.
    pub(super) fn remove(&mut self, number: TrackNumber) -> Vec<TrackNumber> {
        let Some(place) = self.of.remove(&number) else { return Vec::new() };
        self.leave(number, place.at);
        place.partners
    }

    /// Without company a trail is worth nothing.
    pub(super) fn set_company(&mut self, number: TrackNumber, has_company: bool) {
        let Some(place) = self.of.get_mut(&number) else { return };
        place.has_company = has_company;
        if !has_company {
            place.trail = Trail::default();
        }
    }

    /// The tracks near `number` that go by another kind of name, or by a CoT name or none as it does.
    pub(super) fn near(&self, number: TrackNumber) -> Vec<TrackNumber> {
        let Some((cell, slot)) = self.of.get(&number).map(|place| place.at) else {
            return Vec::new();
        };
        // Two MMSIs are two ships; two teams' servers may give one thing two names.
        let alike_too = slot == COT || slot == KINDS - 1;
        let counts = self.counts.get(&cell.0).copied().unwrap_or_default();
        let fits = |kind: usize| match kind == slot {
            true => alike_too && counts[kind] > 1,
            false => counts[kind] > 0,
        };
        if !(0..KINDS).any(fits) {
            return Vec::new();
        }
        let mut near = Vec::new();
        for slots in around(cell).iter().filter_map(|cell| self.cells.get(cell)) {
            for (kind, numbers) in slots.iter().enumerate() {
                if kind != slot || alike_too {
                    let others = numbers.iter().filter(|other| **other != number);
                    near.extend(others.take(CELL_MAX));
                }
            }
        }
        near.sort_unstable();
        near
    }

    /// Up to `most` tracks from `from` on, and where the next look begins.
    pub(super) fn turn(
        &self,
        from: Option<TrackNumber>,
        most: usize,
    ) -> (Vec<TrackNumber>, Option<TrackNumber>) {
        let first = from.unwrap_or(TrackNumber(0));
        let ahead = self.of.range(first..).map(|(number, _)| *number);
        let wrapped = self.of.range(..first).map(|(number, _)| *number);
        let mut turn: Vec<_> = ahead.chain(wrapped).take(most.saturating_add(1)).collect();
        let next = if turn.len() > most { turn.pop() } else { None };
        (turn, next)
    }

    fn leave(&mut self, number: TrackNumber, (cell, slot): (Cell, usize)) {
        if let Some(counts) = self.counts.get_mut(&cell.0) {
            counts[slot] = counts[slot].saturating_sub(1);
        }
        let Some(slots) = self.cells.get_mut(&cell) else { return };
        slots[slot].retain(|other| *other != number);
        if slots.iter().all(Vec::is_empty) {
            self.cells.remove(&cell);
        }
    }
}
