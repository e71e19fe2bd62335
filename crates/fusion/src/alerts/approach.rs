//! Closest point of approach: two ships that will pass close if both hold course and speed.
//!
//! A pair rings once, when sweeps in a row agree, and again only after it was clear for a while.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;
use serde::Serialize;

use super::config::{ApproachPreset, Scope};
use super::grid::Grid;
use super::sweep::Ship;
use crate::plane;

/// Faster ships than this are met later than the preset asks; 40 kn.
const SPEED_MAX_MPS: f64 = 20.6;
/// A pair is clear beyond so many times the preset's distance.
const CLEAR: f64 = 1.5;

/// How far apart two ships may be that are to pass close within the time, metres.
pub(super) fn reach_m(preset: &ApproachPreset) -> f64 {
    let within_s = preset.within_ms as f64 / 1000.0;
    preset.distance_m * CLEAR + 2.0 * SPEED_MAX_MPS * within_s
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    agreed: u8,
    from: Timestamp,
    /// It last looked close.
    last: Timestamp,
    told: bool,
}

/// The pairs that are watched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Approaches {
    pairs: BTreeMap<(TrackNumber, TrackNumber), Pair>,
    /// Where the last sweep stopped, when it had to.
    resume: usize,
    coverage: ApproachCoverage,
}

/// How much of the closest points of approach the last sweep looked at. In a bay with thousands of
/// ships not every pair is looked at in time, and whoever reads the alerts must know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ApproachCoverage {
    /// Ships whose pairs were to be looked at.
    pub ships: usize,
    /// Of those, the ships all of whose pairs were; the next sweep, ten seconds later, goes on behind
    /// them.
    pub looked: usize,
    /// Close pairs that were not remembered, because as many are as the limit allows: they are not
    /// told.
    pub forgotten: usize,
}

/// The closest point of two ships.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closest {
    pub(crate) range_m: f64,
    pub(crate) distance_m: f64,
    pub(crate) in_s: f64,
    pub(crate) closing_mps: f64,
}

/// A pair to tell of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Approach<'a> {
    pub(crate) ships: [Ship<'a>; 2],
    pub(crate) closest: Closest,
    pub(crate) from: Timestamp,
}

impl Approaches {
    pub(crate) fn sweep<'a>(
        &mut self,
        ships: &[Ship<'a>],
        watched: &BTreeSet<TrackNumber>,
        preset: &ApproachPreset,
        pairs_max: usize,
        now: Timestamp,
    ) -> Vec<Approach<'a>> {
        let mut told = Vec::new();
        let leaders: Vec<usize> = (0..ships.len())
            .filter(|i| preset.scope == Scope::All || watched.contains(&ships[*i].number()))
            .collect();
        self.coverage =
            ApproachCoverage { ships: leaders.len(), looked: leaders.len(), forgotten: 0 };
        if leaders.is_empty() {
            self.pairs.clear();
            return told;
        }
        let grid = Grid::new(ships.iter().map(|ship| ship.position).collect(), reach_m(preset));
        let mut looked = 0;
        let start = if self.resume < leaders.len() { self.resume } else { 0 };
        self.resume = 0;
        for step in 0..leaders.len() {
            let at = (start + step) % leaders.len();
            if looked >= preset.pairs_max {
                self.resume = at;
                self.coverage.looked = step;
                break;
            }
            let i = leaders[at];
            for j in grid.about(i) {
                let both = preset.scope == Scope::All || watched.contains(&ships[j].number());
                if !(both && j < i) {
                    looked += 1;
                    told.extend(self.look(&ships[i], &ships[j], preset, pairs_max, now));
                }
            }
        }
        self.pairs.retain(|_, pair| now.since_ms(pair.last) < preset.clear_ms);
        told
    }

    pub(crate) fn coverage(&self) -> ApproachCoverage {
        self.coverage
    }

    fn look<'a>(
        &mut self,
        a: &Ship<'a>,
        b: &Ship<'a>,
        preset: &ApproachPreset,
        pairs_max: usize,
        now: Timestamp,
    ) -> Option<Approach<'a>> {
        let closest = closest(a, b)?;
        let soon = (0.0..=preset.within_ms as f64 / 1000.0).contains(&closest.in_s);
        let key = (a.number().min(b.number()), a.number().max(b.number()));
        let close = soon
            && closest.distance_m < preset.distance_m
            && closest.closing_mps >= preset.closing_min_mps;
        let Some(pair) = self.pairs.get_mut(&key) else {
            if !close || self.pairs.len() >= pairs_max {
                self.coverage.forgotten += usize::from(close);
                return None;
            }
            let told = preset.sweeps <= 1;
            self.pairs.insert(key, Pair { agreed: 1, from: now, last: now, told });
            return told.then_some(Approach { ships: [*a, *b], closest, from: now });
        };
        let clear = !soon || closest.distance_m >= preset.distance_m * CLEAR;
        if !clear || closest.range_m < preset.distance_m {
            pair.last = now;
        }
        pair.from = if pair.agreed == 0 { now } else { pair.from };
        pair.agreed = if close { pair.agreed.saturating_add(1) } else { 0 };
        let tell = !pair.told && pair.agreed >= preset.sweeps;
        pair.told |= tell;
        tell.then_some(Approach { ships: [*a, *b], closest, from: pair.from })
    }
}

/// The closest point, or `None` where neither moves against the other.
fn closest(a: &Ship<'_>, b: &Ship<'_>) -> Option<Closest> {
    let [east, north] = plane::offset(a.position, b.position);
    let [u, v] = [b.velocity[0] - a.velocity[0], b.velocity[1] - a.velocity[1]];
    let speed_squared = u * u + v * v;
    if speed_squared < 1e-6 {
        return None;
    }
    let in_s = -(east * u + north * v) / speed_squared;
    Some(Closest {
        range_m: east.hypot(north),
        distance_m: (east + u * in_s).hypot(north + v * in_s),
        in_s,
        closing_mps: speed_squared.sqrt(),
    })
}
