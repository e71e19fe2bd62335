//! Plots: what a radar saw without knowing what it is.
//!
//! A sweep's plots go first to tracks that stand (identified ones and nameless ones alike), then to
//! beginnings, and what is left begins something. A beginning that is seen often enough becomes a
//! nameless track. Gate and assignment weigh how likely the sensor is to see a thing and to see one
//! that is not there.
//!
//! Refuses: guessing among many hypotheses (each plot has one reading, at once), and naming a thing
//! by where it is: a nameless track takes an identity only from a report that states one.

mod pairing;
mod tentative;

pub(crate) use pairing::{Target, pairs};
pub(crate) use tentative::{Tentative, Tentatives};

use renkei_model::observation::Domain;
use renkei_model::plot::Plot;
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use crate::alert::Alert;
use crate::kalman::Measured;

/// Standard deviations within which a plot may belong to a track: 99.8 % of a track's own plots.
pub(crate) const GATE_SD: f64 = 3.5;
/// A track whose next plot could be farther off than this is not known well enough to have one, m.
pub(crate) const REACH_MAX_M: f64 = 5_000.0;
/// A beginning becomes a track once it was seen so often …
const HITS_TO_CONFIRM: u32 = 3;
/// … within so many sweeps.
const SWEEPS_TO_CONFIRM: i64 = 4;
/// A nameless track is stale once missing it so often in a row was this unlikely.
const MISSED_BY_CHANCE: f64 = 0.002;
/// Sensors do not claim to err by less, square metres.
const VARIANCE_MIN_M2: f64 = 1.0;

/// What is known of a sensor whose plots come in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sensor {
    /// What it looks for. A surface radar sees buoys too.
    pub domain: Domain,
    /// From one look at a place to the next, ms: an antenna's turn. Taken as 100 to 120,000.
    pub period_ms: i64,
    /// How often it sees a thing that is there. Taken as 0.1 to 0.99.
    pub detection_probability: f64,
    /// Plots of nothing, and of things not seen before, in a square kilometre a sweep. Taken as
    /// 1e-6 to 100.
    pub clutter_per_km2: f64,
}

impl Sensor {
    /// The same within the ranges above; what is not a number becomes the lower end.
    pub(crate) fn sane(self) -> Self {
        let within = |value: f64, low: f64, high: f64| value.max(low).min(high);
        Self {
            domain: self.domain,
            period_ms: self.period_ms.clamp(100, 120_000),
            detection_probability: within(self.detection_probability, 0.1, 0.99),
            clutter_per_km2: within(self.clutter_per_km2, 1e-6, 100.0),
        }
    }

    /// Silence after which a nameless track is stale: between the last miss that chance explains
    /// and the next, ms.
    pub(crate) fn quiet_ms(&self) -> i64 {
        let misses = MISSED_BY_CHANCE.ln() / (1.0 - self.detection_probability).ln();
        let misses = misses.ceil().clamp(2.0, 30.0) as i64;
        misses * self.period_ms - self.period_ms / 2
    }

    /// Whether tracks of `domain` make plots on it.
    pub(crate) fn sees(&self, domain: Domain) -> bool {
        domain == self.domain || self.domain == Domain::Surface && domain == Domain::Installation
    }
}

/// What came of a batch of plots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Swept {
    /// Tracks that a plot moved, nameless or identified, each once.
    pub moved: Vec<TrackNumber>,
    /// Nameless tracks that were opened.
    pub opened: Vec<TrackNumber>,
    /// Which track, moved or opened, took which of the plots, by its place among those given.
    pub taken: Vec<(TrackNumber, usize)>,
    /// What a watch should see.
    pub alerts: Vec<Alert>,
    /// Plots that were heard before, or of one thing a second time in one sweep.
    pub repeated: usize,
    /// Plots that began something, which may be nothing.
    pub begun: usize,
    /// Plots not taken because too much was begun or tracked already.
    pub refused: usize,
}

/// A plot as the filter takes it. A sensor's clock that runs ahead of ours must not freeze a track.
pub(crate) fn measured(plot: &Plot) -> Measured {
    let c = plot.covariance;
    let [east, north] = [c.east_m2(), c.north_m2()].map(|m2| m2 + VARIANCE_MIN_M2);
    let cross = c.east_north_m2();
    let at: Timestamp = plot.event_time.min(plot.received_at);
    Measured { at, position: plot.position, covariance: [[east, cross], [cross, north]] }
}
