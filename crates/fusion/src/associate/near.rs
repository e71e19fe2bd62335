//! Who may be one thing with whom, by place and by kind of name: the tracks that have a trail, in
//! cells, each cell's tracks by which kinds of name they have. Where all have an MMSI nobody is
//! looked at, however many they are.
//!
//! The index stands; a report moves its own track in it and touches no other.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::observation::Domain;
use renkei_model::position::Position;
use renkei_model::track::{Track, TrackNumber};

use super::groups::{COT, kind};

/// Tracks of one cell and kind that are looked at; in an anchorage fuller than this a person must
/// decide.
const CELL_MAX: usize = 32;

/// A cell of the grid: domain, rows of latitude, columns of longitude.
type Cell = (Domain, i32, i32);

/// The kinds of name that a track has, a bit each.
type Kinds = u8;

/// Where a track is in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    cell: Cell,
    kinds: Kinds,
}

impl Spot {
    /// Where `track` belongs, believed at `here`.
    pub(super) fn of(track: &Track, here: Position) -> Self {
        let size = size_deg(track.domain);
        let of = |degrees: f64| (degrees / size).floor() as i32;
        let cell = (track.domain, of(here.latitude_deg()), of(here.longitude_deg()));
        let kinds = track.identities.iter().fold(0, |kinds, name| kinds | 1 << kind(name));
        Self { cell, kinds }
    }
}

/// The index.
#[derive(Clone, Debug, Default)]
pub(super) struct Near {
    cells: BTreeMap<(Cell, Kinds), BTreeSet<TrackNumber>>,
    kinds: BTreeMap<Kinds, BTreeSet<TrackNumber>>,
}

impl Near {
    /// Moves `number` from `old` to `new`.
    pub(super) fn place(&mut self, number: TrackNumber, old: Option<Spot>, new: Spot) {
        if old == Some(new) {
            return;
        }
        self.remove(number, old);
        self.cells.entry((new.cell, new.kinds)).or_default().insert(number);
        self.kinds.entry(new.kinds).or_default().insert(number);
    }

    /// Takes `number` out of `old`.
    pub(super) fn remove(&mut self, number: TrackNumber, old: Option<Spot>) {
        fn take<K: Ord>(from: &mut BTreeMap<K, BTreeSet<TrackNumber>>, key: K, one: TrackNumber) {
            if let Some(numbers) = from.get_mut(&key) {
                numbers.remove(&one);
                if numbers.is_empty() {
                    from.remove(&key);
                }
            }
        }
        let Some(Spot { cell, kinds }) = old else { return };
        take(&mut self.cells, (cell, kinds), number);
        take(&mut self.kinds, kinds, number);
    }

    /// The tracks to look round from, in a fixed order that begins after `last` and comes back to
    /// it: of every two kinds that may be one thing, the rarer.
    pub(super) fn seekers(&self, last: Option<(Kinds, TrackNumber)>) -> Vec<(Kinds, TrackNumber)> {
        let rank = |kinds: Kinds| (self.kinds.get(&kinds).map_or(0, BTreeSet::len), kinds);
        let seeks = |kinds: &Kinds| {
            let mut others = self.kinds.keys().filter(|other| may_be_one(*kinds, **other));
            others.any(|other| rank(*kinds) <= rank(*other))
        };
        let seeking = self.kinds.iter().filter(|(kinds, _)| seeks(kinds));
        let all: Vec<_> =
            seeking.flat_map(|(kinds, of)| of.iter().map(|one| (*kinds, *one))).collect();
        let start = last.map_or(0, |last| all.partition_point(|one| *one <= last));
        let (before, after) = all.split_at(start);
        [after, before].concat()
    }

    /// The tracks round `spot` that may be one thing with one there, by their kinds of name.
    pub(super) fn about(&self, spot: Spot) -> impl Iterator<Item = TrackNumber> + '_ {
        around(spot.cell).into_iter().flat_map(move |cell| {
            let here = self.cells.range((cell, Kinds::MIN)..=(cell, Kinds::MAX));
            let fits = here.filter(move |((_, kinds), _)| may_be_one(spot.kinds, *kinds));
            fits.flat_map(|(_, numbers)| numbers.iter().copied().take(CELL_MAX))
        })
    }
}

/// Whether no kind of name is had by both; two teams' servers may give one thing two CoT names.
fn may_be_one(a: Kinds, b: Kinds) -> bool {
    a & b & !(1 << COT) == 0
}

/// Cells are so wide that two tracks of one thing, heard an interval apart, lie in neighbours.
fn size_deg(domain: Domain) -> f64 {
    match domain {
        Domain::Air | Domain::Other => 0.2,
        Domain::Surface | Domain::Land | Domain::Installation => 0.04,
    }
}

/// A cell and its eight neighbours; the date line is a seam on which nothing is associated.
fn around((domain, row, column): Cell) -> [Cell; 9] {
    std::array::from_fn(|i| {
        let (down, left) = ((i / 3) as i32 - 1, (i % 3) as i32 - 1);
        (domain, row + down, column + left)
    })
}
