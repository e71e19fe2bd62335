//! Which tracks of different sources are one thing: a ship by AIS, by a team's CoT and by a partner's
//! nameless report.
//!
//! Two tracks are compared over at least five points at which one was heard and the other stood
//! between two of its own fixes. They are taken for one thing when three rounds of new points in a
//! row say so, and for two again when two rounds say that; between the two limits nothing changes.
//! The tracks themselves stay as they are, each with its identity and pedigree: that they are one is
//! only a relation beside them, which a person can state or deny, and which can end.
//!
//! Refuses: nationality, in any form; tracks of two domains; two identities of one kind (two MMSIs
//! are two ships); a choice between two that fit alike; more work than the round's budget.

mod compare;
mod groups;

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::observation::{Domain, Identity};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, Track, TrackNumber};

use crate::config::{DomainConfig, FusionConfig};
use crate::kalman::Fix;
use compare::{Trail, Verdict, compare};
use groups::Groups;
pub(crate) use groups::together;

/// Statements of people on which identities are one thing, at most.
const STATED_MAX: usize = 10_000;
/// Tracks of one cell that are looked at; in an anchorage fuller than this a person must decide.
const CELL_MAX: usize = 32;

/// The numbers of association, each with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct AssociateConfig {
    /// Whether tracks are associated at all.
    pub is_on: bool,
    /// So many points at least; five, so that a meeting is no match.
    pub points_min: usize,
    /// So many of the newest points are looked at: both trails whole, so that two that report often
    /// span the time that is asked for.
    pub points_max: usize,
    /// The points span at least so many of the domain's expected intervals.
    pub intervals_min: i64,
    /// Rounds with new points in a row that make two tracks one.
    pub rounds_to_join: u8,
    /// Rounds with new points in a row that make one thing two tracks again.
    pub rounds_to_part: u8,
    /// Worse fixes are no points, metres: a coarse cell fits everything in it.
    pub accuracy_max_m: f64,
    /// Antenna and map datum differ by this without averaging out, metres.
    pub bias_m: f64,
    /// Squared mean distance in variances below which two tracks are one: 99 of 100 that are one.
    pub same_below: f64,
    /// Squared distance of the worst point in variances.
    pub worst_below: f64,
    /// Squared step from the earlier half of the points to the later in variances: 999 of 1,000 that
    /// are one.
    pub drift_below: f64,
    /// Squared mean distance in variances above which they are two.
    pub two_above: f64,
    /// A second candidate must fit worse by this, or none is taken.
    pub margin: f64,
    /// Rounds are this far apart, ms.
    pub round_ms: i64,
    /// Pairs compared in a round at most; the next round goes on from there.
    pub pairs_max: usize,
}

impl Default for AssociateConfig {
    fn default() -> Self {
        Self {
            is_on: true,
            points_min: 5,
            points_max: 48,
            intervals_min: 4,
            rounds_to_join: 3,
            rounds_to_part: 2,
            accuracy_max_m: 100.0,
            bias_m: 15.0,
            same_below: 9.2,
            worst_below: 16.0,
            drift_below: 13.8,
            two_above: 25.0,
            margin: 6.0,
            round_ms: 5_000,
            pairs_max: 20_000,
        }
    }
}

/// Two tracks, the lower number first.
type Pair = (TrackNumber, TrackNumber);

fn pair(a: TrackNumber, b: TrackNumber) -> Pair {
    (a.min(b), a.max(b))
}

/// What the rounds so far said of a pair.
#[derive(Clone, Copy, Debug)]
struct Rounds {
    joined: bool,
    in_a_row: u8,
    misfit: f64,
    until: Timestamp,
}

/// The relations between tracks. Its cost is bounded by the round's budget whatever the picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Associations {
    trails: BTreeMap<TrackNumber, Trail>,
    rounds: BTreeMap<Pair, Rounds>,
    stated: BTreeMap<(Identity, Identity), bool>,
    groups: Groups,
    last_round: Option<Timestamp>,
    /// The budget ended at this track.
    resume: Option<TrackNumber>,
}

impl Associations {
    /// A track moved.
    pub(crate) fn moved(&mut self, number: TrackNumber, fix: Fix, config: &DomainConfig) {
        self.trails.entry(number).or_default().push(fix, config);
    }

    /// The track's motion so far was wrong, or the track is gone.
    pub(crate) fn forget(&mut self, number: TrackNumber) {
        self.trails.remove(&number);
        self.rounds.retain(|(a, b), _| *a != number && *b != number);
        self.groups.forget(number);
    }

    /// A person says that two identities are one thing (`Some(true)`), are two (`Some(false)`), or
    /// takes that back. False when too many such statements stand.
    pub(crate) fn state(&mut self, a: Identity, b: Identity, same: Option<bool>) -> bool {
        let key = if a <= b { (a, b) } else { (b, a) };
        match same {
            None => drop(self.stated.remove(&key)),
            Some(_) if self.stated.len() >= STATED_MAX && !self.stated.contains_key(&key) => {
                return false;
            }
            Some(same) => drop(self.stated.insert(key, same)),
        }
        true
    }

    /// The tracks that are one thing with `number`, itself included, the leading one first; empty
    /// when it stands alone.
    pub(crate) fn with(&self, number: TrackNumber) -> &[TrackNumber] {
        self.groups.with(number)
    }

    /// Whether a round is due, for the caller to gather what it needs only then.
    pub(crate) fn is_due(&self, now: Timestamp, config: &AssociateConfig) -> bool {
        let since_ms = self.last_round.map_or(i64::MAX, |last| now.since_ms(last));
        config.is_on && !(0..config.round_ms).contains(&since_ms)
    }

    /// One round over all tracks; those whose relations changed.
    pub(crate) fn round<'a>(
        &mut self,
        tracks: impl Fn(TrackNumber) -> Option<&'a Track>,
        live: &[&'a Track],
        now: Timestamp,
        config: &FusionConfig,
    ) -> BTreeSet<TrackNumber> {
        self.last_round = Some(now);
        let mut verdicts = BTreeMap::new();
        for ((a, b), rounds) in &self.rounds {
            let (Some(track), Some(_)) = (tracks(*a), tracks(*b)) else { continue };
            if rounds.joined {
                verdicts.insert((*a, *b), self.verdict(*a, *b, track.domain, config));
            }
        }
        self.look_around(live, config, &mut verdicts);
        let doubtful = doubtful(&verdicts, &tracks, config.associate.margin);
        self.count(&verdicts, &doubtful, &config.associate);
        self.regroup(tracks, live)
    }

    /// Draws the groups anew from what stands; the tracks whose group changed.
    pub(crate) fn regroup<'a>(
        &mut self,
        tracks: impl Fn(TrackNumber) -> Option<&'a Track>,
        live: &[&'a Track],
    ) -> BTreeSet<TrackNumber> {
        let mut joined: Vec<(f64, Pair)> =
            self.rounds.iter().filter(|(_, r)| r.joined).map(|(p, r)| (r.misfit, *p)).collect();
        joined.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut named: BTreeMap<&Identity, Vec<TrackNumber>> = BTreeMap::new();
        if !self.stated.is_empty() {
            for track in live {
                for identity in &track.identities {
                    named.entry(identity).or_default().push(track.number);
                }
            }
        }
        let of = |identity| named.get(identity).map_or(&[][..], Vec::as_slice);
        let stated = self.stated.iter().flat_map(|((a, b), same)| {
            of(a).iter().flat_map(move |a| of(b).iter().map(move |b| (pair(*a, *b), *same)))
        });
        let stated: BTreeMap<Pair, bool> = stated.collect();
        let groups = Groups::draw(&stated, joined.into_iter().map(|(_, pair)| pair), tracks);
        let before = std::mem::replace(&mut self.groups, groups);
        self.groups.differing(&before)
    }

    fn verdict(
        &self,
        a: TrackNumber,
        b: TrackNumber,
        domain: Domain,
        config: &FusionConfig,
    ) -> Verdict {
        match (self.trails.get(&a), self.trails.get(&b)) {
            (Some(a), Some(b)) => compare(a, b, config.of(domain), &config.associate),
            _ => Verdict::Open,
        }
    }

    /// Compares every live track with those near it, within the budget.
    fn look_around(
        &mut self,
        live: &[&Track],
        config: &FusionConfig,
        verdicts: &mut BTreeMap<Pair, Verdict>,
    ) {
        let mut grid: BTreeMap<Cell, Vec<&Track>> = BTreeMap::new();
        for track in live {
            if let Some(cell) = cell(track) {
                grid.entry(cell).or_default().push(track);
            }
        }
        let start = self.resume.take().map_or(0, |n| live.partition_point(|t| t.number < n));
        let (before, after) = live.split_at(start.min(live.len()));
        let mut budget = config.associate.pairs_max;
        for track in after.iter().chain(before) {
            let Some(middle) = cell(track) else { continue };
            let near = around(middle).into_iter().filter_map(|cell| grid.get(&cell));
            let near = near.flat_map(|tracks| tracks.iter().take(CELL_MAX));
            for other in near.filter(|other| other.number > track.number) {
                let key = (track.number, other.number);
                if verdicts.contains_key(&key) || !groups::may_be_one(track, other) {
                    continue;
                }
                let Some(left) = budget.checked_sub(1) else {
                    self.resume = Some(track.number);
                    return;
                };
                budget = left;
                let verdict = self.verdict(key.0, key.1, track.domain, config);
                if verdict != Verdict::Open || self.rounds.contains_key(&key) {
                    verdicts.insert(key, verdict);
                }
            }
        }
    }

    fn count(
        &mut self,
        verdicts: &BTreeMap<Pair, Verdict>,
        doubtful: &BTreeSet<Pair>,
        config: &AssociateConfig,
    ) {
        for (pair, verdict) in verdicts {
            let known = self.rounds.get(pair).copied();
            let mut rounds = known.unwrap_or(Rounds {
                joined: false,
                in_a_row: 0,
                misfit: f64::INFINITY,
                until: Timestamp(i64::MIN),
            });
            let (towards, until) = match verdict {
                Verdict::Same { misfit, until } if !doubtful.contains(pair) => {
                    rounds.misfit = *misfit;
                    (Some(true), *until)
                }
                Verdict::Two { until } => (Some(false), *until),
                _ => (None, rounds.until),
            };
            match towards {
                Some(towards) if towards != rounds.joined => {
                    rounds.in_a_row += u8::from(until > rounds.until);
                }
                _ => rounds.in_a_row = 0,
            }
            rounds.until = rounds.until.max(until);
            let needed = if rounds.joined { config.rounds_to_part } else { config.rounds_to_join };
            if rounds.in_a_row >= needed {
                (rounds.joined, rounds.in_a_row) = (!rounds.joined, 0);
            }
            if rounds.joined || rounds.in_a_row > 0 {
                self.rounds.insert(*pair, rounds);
            } else {
                self.rounds.remove(pair);
            }
        }
    }
}

/// Pairs that fit, but of which one track fits another of the same kind about as well, and no common
/// name decides.
fn doubtful<'a>(
    verdicts: &BTreeMap<Pair, Verdict>,
    tracks: &impl Fn(TrackNumber) -> Option<&'a Track>,
    margin: f64,
) -> BTreeSet<Pair> {
    let mut fits: BTreeMap<TrackNumber, Vec<(f64, &Track, Pair)>> = BTreeMap::new();
    for (pair, verdict) in verdicts {
        let Verdict::Same { misfit, .. } = verdict else { continue };
        let (Some(a), Some(b)) = (tracks(pair.0), tracks(pair.1)) else { continue };
        let misfit = if groups::share_a_name(a, b) { misfit - margin } else { *misfit };
        fits.entry(pair.0).or_default().push((misfit, b, *pair));
        fits.entry(pair.1).or_default().push((misfit, a, *pair));
    }
    let mut doubtful = BTreeSet::new();
    for candidates in fits.values() {
        for (misfit, one, pair) in candidates {
            let rival = candidates.iter().any(|(other_misfit, other, _)| {
                one.number != other.number
                    && !groups::may_be_one(one, other)
                    && other_misfit - misfit < margin
            });
            if rival {
                doubtful.insert(*pair);
            }
        }
    }
    doubtful
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

fn cell(track: &Track) -> Option<Cell> {
    let here: Position = track.estimate.as_ref()?.position;
    if track.freshness != Freshness::Live {
        return None;
    }
    let size = size_deg(track.domain);
    let of = |degrees: f64| (degrees / size).floor() as i32;
    Some((track.domain, of(here.latitude_deg()), of(here.longitude_deg())))
}

/// A cell and its eight neighbours; the date line is a seam on which nothing is associated.
fn around((domain, row, column): Cell) -> [Cell; 9] {
    std::array::from_fn(|i| {
        let (down, left) = ((i / 3) as i32 - 1, (i % 3) as i32 - 1);
        (domain, row + down, column + left)
    })
}
