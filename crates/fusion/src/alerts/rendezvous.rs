//! Two ships that stay together: how near, how long, how slow, and how far from any shore.
//!
//! A pair rings once, for the first preset that holds, and again only after it parted. A place
//! where many lie is an anchorage, whether or not anyone drew one.

use std::collections::BTreeMap;

use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use super::config::{AlertConfig, RendezvousPreset};
use super::grid::Grid;
use super::look::Place;
use super::shore::Shore;
use super::why::ckn;

/// A pair that was not seen together for so long has parted, ms.
const PARTED_MS: i64 = 30 * 60_000;
/// Positions jitter: together up to so many times the preset's distance once they met.
const PART: f64 = 1.25;
/// Steps of the speeds kept for the median, 0.01 kn, and their number.
const STEP_CKN: u32 = 10;
const STEPS: usize = 41;

#[derive(Clone, Debug)]
struct Pair {
    last: Timestamp,
    told: bool,
    /// Since when each preset's distance holds, and the largest distance since.
    since: Vec<Option<(Timestamp, f64)>>,
    /// How often the pair's mean speed fell into each step; the last takes all above.
    speeds: [u16; STEPS],
}

/// The pairs that are together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meetings(BTreeMap<(TrackNumber, TrackNumber), Pair>);

/// A pair to tell of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meeting<'a> {
    pub(super) places: [Place; 2],
    pub(super) preset: &'a RendezvousPreset,
    pub(super) distance_m: f64,
    pub(super) speed_ckn: u32,
    pub(super) from: Timestamp,
}

/// How far apart two that met may be and still be together, metres.
pub(super) fn reach_m(preset: &RendezvousPreset) -> f64 {
    preset.distance_m * PART
}

impl Meetings {
    /// Looks at ship `i` of `ships`, which were all under way once, and those of a higher place in
    /// the list that `grid` has near it.
    pub(super) fn meet<'a>(
        &mut self,
        i: usize,
        ships: &[Place],
        grid: &Grid,
        config: &'a AlertConfig,
        shore: &Shore,
        now: Timestamp,
    ) -> Vec<Meeting<'a>> {
        let (Some(a), false) = (ships.get(i), config.rendezvous.is_empty()) else {
            return Vec::new();
        };
        let widest_m = config.rendezvous.iter().map(reach_m).fold(0.0, f64::max);
        let near = |j: &usize| ships[*j].position.distance_m(a.position) <= widest_m;
        let others: Vec<usize> = grid.about(i).filter(near).take(config.crowd_max + 1).collect();
        if others.len() > config.crowd_max {
            return Vec::new();
        }
        let later = others.into_iter().filter(|j| *j > i);
        later.filter_map(|j| self.look([*a, ships[j]], config, shore, now)).collect()
    }

    /// Forgets the pairs that have parted by `now`.
    pub(super) fn part(&mut self, now: Timestamp) {
        self.0.retain(|_, pair| now.since_ms(pair.last) < PARTED_MS);
    }

    fn look<'a>(
        &mut self,
        places: [Place; 2],
        config: &'a AlertConfig,
        shore: &Shore,
        now: Timestamp,
    ) -> Option<Meeting<'a>> {
        let [a, b] = places;
        let key = (a.number.min(b.number), a.number.max(b.number));
        if !self.0.contains_key(&key) && self.0.len() >= config.pairs_max {
            return None;
        }
        let pair = self.0.entry(key).or_insert_with(|| Pair {
            last: now,
            told: false,
            since: vec![None; config.rendezvous.len()],
            speeds: [0; STEPS],
        });
        pair.last = now;
        let distance_m = a.position.distance_m(b.position);
        let step = (ckn((a.speed_mps + b.speed_mps) / 2.0) / STEP_CKN) as usize;
        if let Some(count) = pair.speeds.get_mut(step.min(STEPS - 1)) {
            *count = count.saturating_add(1);
        }
        let speed_ckn = median_ckn(&pair.speeds);
        for (preset, since) in config.rendezvous.iter().zip(&mut pair.since) {
            let reach = if since.is_some() { PART } else { 1.0 };
            *since = (distance_m <= preset.distance_m * reach).then(|| match since {
                Some((from, most)) => (*from, most.max(distance_m)),
                None => (now, distance_m),
            });
            let Some((from, most_m)) = *since else { continue };
            let slow = preset.speed_max_mps.is_none_or(|max| speed_ckn < ckn(max));
            if pair.told || now.since_ms(from) < preset.for_ms || !slow {
                continue;
            }
            if is_ashore(preset, shore, a) {
                *since = None;
                continue;
            }
            pair.told = true;
            let distance_m = most_m;
            return Some(Meeting { places, preset, distance_m, speed_ckn, from });
        }
        None
    }
}

fn is_ashore(preset: &RendezvousPreset, shore: &Shore, ship: Place) -> bool {
    if shore.is_known() {
        shore.is_near(ship.position, preset.offshore_m)
    } else {
        preset.needs_shore
    }
}

fn median_ckn(speeds: &[u16; STEPS]) -> u32 {
    let all: u32 = speeds.iter().map(|n| u32::from(*n)).sum();
    let mut below = 0;
    for (step, count) in speeds.iter().enumerate() {
        below += u32::from(*count);
        if 2 * below >= all {
            return step as u32 * STEP_CKN;
        }
    }
    0
}
