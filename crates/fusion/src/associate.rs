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
mod places;

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::observation::Identity;
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, Track, TrackNumber};

use crate::config::FusionConfig;
use crate::kalman::Fix;
use compare::{Verdict, compare};
use groups::Groups;
pub(crate) use groups::together;
use places::Places;

/// Statements of people on which identities are one thing, at most.
const STATED_MAX: usize = 10_000;

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
    /// Rounds of one pair are this far apart by their newest points, ms.
    pub round_ms: i64,
    /// Tracks looked at in a tick at most; the next tick goes on from there.
    pub tracks_max: usize,
    /// Pairs compared in a tick at most; the next tick goes on from there.
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
            tracks_max: 10_000,
            pairs_max: 4_000,
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

/// The relations between tracks. A tick costs no more than its budget, whatever the picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Associations {
    places: Places,
    rounds: BTreeMap<Pair, Rounds>,
    stated: BTreeMap<(Identity, Identity), bool>,
    groups: Groups,
    /// The groups must be drawn anew.
    changed: bool,
    /// The last tick's budget ended at this track.
    resume: Option<TrackNumber>,
}

impl Associations {
    /// A track moved.
    pub(crate) fn moved(&mut self, track: &Track, fix: Fix, config: &FusionConfig) {
        if !config.associate.is_on {
            return;
        }
        let renamed = self.places.place(track, fix.position);
        self.changed |= renamed && !self.stated.is_empty();
        if let Some(place) = self
            .places
            .get_mut(track.number)
            .filter(|_| fix.sd_m <= config.associate.accuracy_max_m)
            && place.has_company()
        {
            place.trail.push(fix, config.of(track.domain));
        }
    }

    /// The track's motion so far was wrong, or the track is gone.
    pub(crate) fn forget(&mut self, number: TrackNumber) {
        for partner in self.places.remove(number) {
            self.rounds.remove(&pair(number, partner));
            if let Some(place) = self.places.get_mut(partner) {
                place.partners.retain(|other| *other != number);
            }
        }
        self.changed |= self.groups.forget(number);
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
        self.changed = true;
        true
    }

    /// The tracks that are one thing with `number`, itself included, the leading one first; empty
    /// when it stands alone.
    pub(crate) fn with(&self, number: TrackNumber) -> &[TrackNumber] {
        self.groups.with(number)
    }

    /// Looks at the next tracks within the budget; those whose relations changed.
    pub(crate) fn tick<'a>(
        &mut self,
        track: impl Fn(TrackNumber) -> Option<&'a Track>,
        find: impl Fn(&Identity) -> Vec<TrackNumber>,
        config: &FusionConfig,
    ) -> BTreeSet<TrackNumber> {
        let (turn, next) = self.places.turn(self.resume, config.associate.tracks_max);
        self.resume = next;
        let mut look = Look { budget: config.associate.pairs_max, track: &track, config };
        for number in turn {
            if look.budget == 0 {
                self.resume = Some(number);
                break;
            }
            self.visit(number, &mut look);
        }
        self.regroup(track, find)
    }

    /// Draws the groups anew from what stands, if anything changed; the tracks whose group did.
    pub(crate) fn regroup<'a>(
        &mut self,
        track: impl Fn(TrackNumber) -> Option<&'a Track>,
        find: impl Fn(&Identity) -> Vec<TrackNumber>,
    ) -> BTreeSet<TrackNumber> {
        if !std::mem::take(&mut self.changed) {
            return BTreeSet::new();
        }
        let mut joined: Vec<(f64, Pair)> =
            self.rounds.iter().filter(|(_, r)| r.joined).map(|(p, r)| (r.misfit, *p)).collect();
        joined.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut stated = BTreeMap::new();
        for ((a, b), same) in &self.stated {
            let theirs = find(b);
            for a in find(a) {
                stated.extend(theirs.iter().map(|b| (pair(a, *b), *same)));
            }
        }
        let groups = Groups::draw(&stated, joined.into_iter().map(|(_, pair)| pair), track);
        let before = std::mem::replace(&mut self.groups, groups);
        self.groups.differing(&before)
    }

    /// Compares one track with those near it that come after it, so that each pair has its turn once.
    fn visit<'a, F: Fn(TrackNumber) -> Option<&'a Track>>(
        &mut self,
        number: TrackNumber,
        look: &mut Look<'_, F>,
    ) {
        let Some(track) = (look.track)(number) else { return };
        let candidates = self.candidates(track, look);
        let partners = self.places.get(number).map_or(&[][..], |place| &place.partners);
        let parted: Vec<_> =
            partners.iter().copied().filter(|other| !candidates.contains(other)).collect();
        self.places.set_company(number, !candidates.is_empty() || !parted.is_empty());
        for other in candidates.into_iter().chain(parted).filter(|other| *other > number) {
            let Some(theirs) = (look.track)(other) else { continue };
            look.budget = look.budget.saturating_sub(1);
            let verdict = match groups::may_be_one(track, theirs) {
                true => self.verdict(track, other, look.config),
                false => Verdict::Never,
            };
            let is_new = !self.rounds.get(&(number, other)).is_some_and(|rounds| rounds.joined);
            let doubted = match verdict {
                Verdict::Same { misfit, .. } if is_new => {
                    self.doubted((track, theirs), misfit, look)
                }
                _ => false,
            };
            self.count((number, other), verdict, doubted, &look.config.associate);
        }
    }

    /// The live tracks near `track` that may be one thing with it.
    fn candidates<'a, F: Fn(TrackNumber) -> Option<&'a Track>>(
        &self,
        track: &Track,
        look: &Look<'_, F>,
    ) -> Vec<TrackNumber> {
        if track.freshness != Freshness::Live {
            return Vec::new();
        }
        let mut near = self.places.near(track.number);
        near.retain(|other| {
            (look.track)(*other).is_some_and(|other| {
                other.freshness == Freshness::Live && groups::may_be_one(track, other)
            })
        });
        near
    }

    fn verdict(&self, a: &Track, b: TrackNumber, config: &FusionConfig) -> Verdict {
        match (self.places.get(a.number), self.places.get(b)) {
            (Some(ours), Some(theirs)) => {
                compare(&ours.trail, &theirs.trail, config.of(a.domain), &config.associate)
            }
            _ => Verdict::Open,
        }
    }

    /// Whether one of the two fits another track about as well, no common name decides, and those
    /// two cannot be one thing.
    fn doubted<'a, F: Fn(TrackNumber) -> Option<&'a Track>>(
        &self,
        (a, b): (&Track, &Track),
        misfit: f64,
        look: &mut Look<'_, F>,
    ) -> bool {
        let margin = look.config.associate.margin;
        let weighed = |x: &Track, y: &Track, misfit: f64| {
            if groups::share_a_name(x, y) { misfit - margin } else { misfit }
        };
        let ours = weighed(a, b, misfit);
        for (one, other) in [(a, b), (b, a)] {
            for rival in self.candidates(one, look) {
                let Some(rival) = (look.track)(rival).filter(|r| r.number != other.number) else {
                    continue;
                };
                if groups::may_be_one(other, rival) {
                    continue;
                }
                look.budget = look.budget.saturating_sub(1);
                let verdict = self.verdict(one, rival.number, look.config);
                if let Verdict::Same { misfit, .. } = verdict
                    && weighed(one, rival, misfit) - ours < margin
                {
                    return true;
                }
            }
        }
        false
    }

    /// Takes one verdict into the rounds of a pair.
    fn count(&mut self, pair: Pair, verdict: Verdict, doubted: bool, config: &AssociateConfig) {
        let known = self.rounds.get(&pair).copied();
        let mut rounds = known.unwrap_or(Rounds {
            joined: false,
            in_a_row: 0,
            misfit: f64::INFINITY,
            until: Timestamp(i64::MIN),
        });
        let (towards, until) = match verdict {
            Verdict::Never => {
                self.end(pair, rounds.joined);
                return;
            }
            Verdict::Same { misfit, until } if !doubted => {
                rounds.misfit = misfit;
                (Some(true), until)
            }
            Verdict::Two { until } => (Some(false), until),
            Verdict::Same { .. } | Verdict::Open => (None, rounds.until),
        };
        match towards {
            Some(towards) if towards != rounds.joined => {
                if until.since_ms(rounds.until) >= config.round_ms {
                    (rounds.in_a_row, rounds.until) = (rounds.in_a_row + 1, until);
                }
            }
            _ => rounds.in_a_row = 0,
        }
        let needed = if rounds.joined { config.rounds_to_part } else { config.rounds_to_join };
        if rounds.in_a_row >= needed {
            (rounds.joined, rounds.in_a_row) = (!rounds.joined, 0);
            self.changed = true;
        }
        if rounds.joined || rounds.in_a_row > 0 {
            if self.rounds.insert(pair, rounds).is_none() {
                self.meet(pair);
            }
        } else {
            self.end(pair, false);
        }
    }

    fn meet(&mut self, (a, b): Pair) {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(place) = self.places.get_mut(one) {
                place.partners.push(other);
            }
        }
    }

    fn end(&mut self, (a, b): Pair, was_joined: bool) {
        if self.rounds.remove(&(a, b)).is_none() {
            return;
        }
        self.changed |= was_joined;
        for (one, other) in [(a, b), (b, a)] {
            if let Some(place) = self.places.get_mut(one) {
                place.partners.retain(|known| *known != other);
            }
        }
    }
}

/// What one tick looks with.
struct Look<'l, F> {
    /// Comparisons that are left.
    budget: usize,
    track: &'l F,
    config: &'l FusionConfig,
}
