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
mod near;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use renkei_model::observation::{Domain, Identity};
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, Track, TrackNumber};

use crate::config::{DomainConfig, FusionConfig};
use crate::kalman::Fix;
use compare::{Trail, Verdict, compare};
use groups::Groups;
pub(crate) use groups::together;
use near::{Near, Spot};

/// Statements of people on which identities are one thing, at most.
const STATED_MAX: usize = 10_000;
/// The numbers of association, each with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct AssociateConfig {
    /// Whether tracks are associated at all.
    pub is_on: bool,
    /// So many points at least; five, so that a meeting is no match.
    pub points_min: usize,
    /// So many of the newest points are looked at.
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
    /// Tracks looked round from, and pairs compared, in a round at most; the next one goes on from
    /// there.
    pub pairs_max: usize,
}

impl Default for AssociateConfig {
    fn default() -> Self {
        Self {
            is_on: true,
            points_min: 5,
            points_max: 24,
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
    spots: BTreeMap<TrackNumber, Spot>,
    near: Near,
    rounds: BTreeMap<Pair, Rounds>,
    stated: BTreeMap<(Identity, Identity), bool>,
    groups: Groups,
    last_round: Option<Timestamp>,
    /// The budget ended behind this track, and behind this pair that was joined.
    resume: Option<(u8, TrackNumber)>,
    resume_joined: Option<Pair>,
}

impl Associations {
    /// A track moved.
    pub(crate) fn moved(&mut self, track: &Track, fix: Fix, config: &DomainConfig) {
        self.trails.entry(track.number).or_default().push(fix, config);
        let here = track.estimate.as_ref().map_or(fix.position, |estimate| estimate.position);
        let spot = Spot::of(track, here);
        let old = self.spots.insert(track.number, spot);
        self.near.place(track.number, old, spot);
    }

    /// The track's motion so far was wrong, or the track is gone.
    pub(crate) fn forget(&mut self, number: TrackNumber) {
        self.trails.remove(&number);
        self.near.remove(number, self.spots.remove(&number));
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

    /// Whether a round is due.
    pub(crate) fn is_due(&self, now: Timestamp, config: &AssociateConfig) -> bool {
        let since_ms = self.last_round.map_or(i64::MAX, |last| now.since_ms(last));
        config.is_on && !(0..config.round_ms).contains(&since_ms)
    }

    /// One round within the budget; the tracks whose relations changed. `tracks` gives the track of a
    /// number, `named` the numbers under a name.
    pub(crate) fn round<'a>(
        &mut self,
        tracks: impl Fn(TrackNumber) -> Option<&'a Track>,
        named: impl Fn(&Identity) -> Vec<TrackNumber>,
        now: Timestamp,
        config: &FusionConfig,
    ) -> BTreeSet<TrackNumber> {
        self.last_round = Some(now);
        let mut verdicts = BTreeMap::new();
        self.look_at_joined(&tracks, config, &mut verdicts);
        self.look_around(&tracks, config, &mut verdicts);
        let doubtful = doubtful(&verdicts, &tracks, config.associate.margin);
        self.count(&verdicts, &doubtful, &config.associate);
        self.regroup(tracks, named)
    }

    /// Draws the groups anew from what stands; the tracks whose group changed.
    pub(crate) fn regroup<'a>(
        &mut self,
        tracks: impl Fn(TrackNumber) -> Option<&'a Track>,
        named: impl Fn(&Identity) -> Vec<TrackNumber>,
    ) -> BTreeSet<TrackNumber> {
        let mut joined: Vec<(f64, Pair)> =
            self.rounds.iter().filter(|(_, r)| r.joined).map(|(p, r)| (r.misfit, *p)).collect();
        joined.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut stated: BTreeMap<Pair, bool> = BTreeMap::new();
        for ((a, b), same) in &self.stated {
            let (ours, theirs) = (named(a), named(b));
            let pairs = ours.iter().flat_map(|a| theirs.iter().map(|b| pair(*a, *b)));
            stated.extend(pairs.map(|pair| (pair, *same)));
        }
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

    /// Compares the pairs that are taken for one thing, from where the last round stopped.
    fn look_at_joined<'a>(
        &mut self,
        tracks: &impl Fn(TrackNumber) -> Option<&'a Track>,
        config: &FusionConfig,
        verdicts: &mut BTreeMap<Pair, Verdict>,
    ) {
        let last = self.resume_joined.take();
        let behind = last.map_or(Bound::Unbounded, Bound::Excluded);
        let mut left = config.associate.pairs_max;
        let after = self.rounds.range((behind, Bound::Unbounded));
        let before = last.map(|last| self.rounds.range(..=last)).into_iter().flatten();
        let joined = after.chain(before).filter(|(_, rounds)| rounds.joined);
        for (key, _) in joined {
            let Some(rest) = left.checked_sub(1) else { break };
            left = rest;
            self.resume_joined = Some(*key);
            let (Some(track), Some(_)) = (tracks(key.0), tracks(key.1)) else { continue };
            verdicts.insert(*key, self.verdict(key.0, key.1, track.domain, config));
        }
    }

    /// Compares live tracks with those near them that may be the same thing, from where the last
    /// round stopped.
    fn look_around<'a>(
        &mut self,
        tracks: &impl Fn(TrackNumber) -> Option<&'a Track>,
        config: &FusionConfig,
        verdicts: &mut BTreeMap<Pair, Verdict>,
    ) {
        let mut left = config.associate.pairs_max;
        let is_live = |track: &&Track| track.freshness == Freshness::Live;
        for seeker in self.near.seekers(self.resume.take()) {
            let spot = self.spots.get(&seeker.1).copied();
            let (Some(track), Some(spot)) = (tracks(seeker.1).filter(is_live), spot) else {
                continue;
            };
            for number in self.near.about(spot) {
                let key = pair(track.number, number);
                let Some(other) = tracks(number).filter(is_live) else { continue };
                if key.0 == key.1
                    || verdicts.contains_key(&key)
                    || !groups::may_be_one(track, other)
                {
                    continue;
                }
                left = left.saturating_sub(1);
                let verdict = self.verdict(key.0, key.1, track.domain, config);
                if verdict != Verdict::Open || self.rounds.contains_key(&key) {
                    verdicts.insert(key, verdict);
                }
            }
            let Some(rest) = left.checked_sub(1) else {
                self.resume = Some(seeker);
                return;
            };
            left = rest;
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
