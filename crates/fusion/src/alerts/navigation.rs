//! Poor satellite navigation over an area: several aircraft, never one, whose receiver may be bad.

use renkei_model::observation::Domain;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use super::config::NavigationPreset;
use super::grid::Grid;

/// No more areas than this at a time.
const AREAS_MAX: usize = 64;
/// An aircraft that has not reported its accuracy for so long does not count, ms.
const FRESH_MS: i64 = 120_000;
/// What happens within so many radii of an area belongs to it.
const BELONGS: f64 = 3.0;

#[derive(Clone, Debug)]
struct Area {
    centre: Position,
    from: Timestamp,
    last: Timestamp,
    told: bool,
}

/// The areas that are watched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Areas(Vec<Area>);

/// One aircraft that reported its accuracy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aircraft {
    pub(crate) number: TrackNumber,
    pub(crate) position: Position,
    pub(crate) poor: bool,
}

/// An area to tell of.
#[derive(Clone, Debug)]
pub(crate) struct Poor {
    pub(crate) centre: Position,
    pub(crate) aircraft: Vec<TrackNumber>,
    pub(crate) all: usize,
    pub(crate) from: Timestamp,
}

/// How well one aircraft hears its satellites.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reception {
    /// Poor (positive) or good (negative) reports in a row.
    run: i8,
    at: Timestamp,
    /// Counted as poor.
    poor: bool,
}

impl Reception {
    /// Nothing heard yet.
    pub(crate) const NONE: Self = Self { run: 0, at: Timestamp(i64::MIN), poor: false };

    /// Takes in the accuracy that one report of the aircraft gave.
    pub(crate) fn hear(&mut self, accuracy_m: f64, at: Timestamp, preset: &NavigationPreset) {
        let poor = accuracy_m >= preset.poor_m;
        self.run = match (poor, self.run > 0) {
            (true, true) => self.run.saturating_add(1),
            (true, false) => 1,
            (false, false) => self.run.saturating_sub(1),
            (false, true) => -1,
        };
        if self.run.unsigned_abs() >= preset.reports {
            self.poor = poor;
        }
        self.at = at;
    }

    /// `track` as an aircraft that counts, or `None`.
    pub(crate) fn aircraft(&self, track: &Track, now: Timestamp) -> Option<Aircraft> {
        let fresh = now.since_ms(self.at) <= FRESH_MS;
        let estimate = track.estimate.as_ref().filter(|_| fresh && track.domain == Domain::Air)?;
        Some(Aircraft { number: track.number, position: estimate.position, poor: self.poor })
    }
}

impl Areas {
    pub(crate) fn sweep(
        &mut self,
        aircraft: &[Aircraft],
        preset: &NavigationPreset,
        now: Timestamp,
    ) -> Vec<Poor> {
        let grid = Grid::new(aircraft.iter().map(|a| a.position).collect(), preset.radius_m);
        let mut told = Vec::new();
        for (i, one) in aircraft.iter().enumerate().filter(|(_, a)| a.poor) {
            let reach_m = BELONGS * preset.radius_m;
            let belongs = |area: &Area| area.centre.distance_m(one.position) <= reach_m;
            let known = self.0.iter().position(belongs);
            if known.and_then(|at| self.0.get(at)).is_some_and(|a| a.told && a.last == now) {
                continue;
            }
            let within =
                |j: &usize| aircraft[*j].position.distance_m(one.position) <= preset.radius_m;
            let here: Vec<usize> = grid.about(i).filter(within).chain([i]).collect();
            let poor: Vec<TrackNumber> =
                here.iter().filter(|j| aircraft[**j].poor).map(|j| aircraft[*j].number).collect();
            let part = poor.len().saturating_sub(1) as f64 / here.len() as f64;
            if poor.len() < preset.aircraft_min || part <= preset.part_min {
                continue;
            }
            let at = known.unwrap_or(self.0.len());
            if known.is_none() && self.0.len() < AREAS_MAX {
                self.0.push(Area { centre: one.position, from: now, last: now, told: false });
            }
            let Some(area) = self.0.get_mut(at) else { continue };
            area.last = now;
            if !area.told && now.since_ms(area.from) >= preset.for_ms {
                area.told = true;
                let (centre, from) = (one.position, area.from);
                told.push(Poor { centre, aircraft: poor, all: here.len(), from });
            }
        }
        self.0.retain(|area| now.since_ms(area.last) < preset.clear_ms);
        told
    }
}
