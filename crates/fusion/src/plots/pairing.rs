//! Which plots lie within the gate of which tracks, and how much likelier together than apart.

use crate::assign::Pair;
use crate::config::DomainConfig;
use crate::kalman::{Filter, Measured};
use crate::plane;

use super::{GATE_SD, REACH_MAX_M, Sensor};

/// More plots than this within one track's gate: only the likeliest are weighed.
const PLOTS_PER_TRACK_MAX: usize = 16;
/// Metres in a degree of latitude, at least; at most 1 % more.
const DEGREE_M: f64 = 110_570.0;

/// What a plot may belong to.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    /// What is believed of it.
    pub(crate) filter: &'a Filter,
    /// How such things move.
    pub(crate) config: &'a DomainConfig,
}

/// Every pair within the gate that is likelier than clutter and a miss. The gain in nats is
/// `ln(Pd · N(d; 0, S) / (β (1 − Pd)))`: seen there, against not seen and clutter there.
pub(crate) fn pairs(targets: &[Target<'_>], plots: &[Measured], sensor: &Sensor) -> Vec<Pair> {
    let mut by_latitude: Vec<usize> = (0..plots.len()).collect();
    let latitude = |plot: &usize| plots[*plot].position.latitude_deg();
    by_latitude.sort_by(|a, b| latitude(a).total_cmp(&latitude(b)));
    let span = Span::of(plots);
    let (pd, clutter_m2) = (sensor.detection_probability, sensor.clutter_per_km2 * 1e-6);
    let odds = (pd / ((1.0 - pd) * clutter_m2 * std::f64::consts::TAU)).ln();
    let mut pairs = Vec::new();
    for (track, target) in targets.iter().enumerate() {
        let Some(reach_m) = span.reach_m(target) else { continue };
        // Roughly is enough here: the gate itself is exact.
        let here = target.filter.position();
        let gap_s = span.middle.since_ms(target.filter.at()) as f64 / 1000.0;
        let [east_m, north_m] = target.filter.velocity_mps().map(|mps| mps * gap_s);
        let (reach_m, middle) = (reach_m * 1.02 + 1.0, here.latitude_deg() + north_m / DEGREE_M);
        let band = reach_m / DEGREE_M + north_m.abs() / DEGREE_M * 0.02;
        let first = by_latitude.partition_point(|p| latitude(p) < middle - band);
        let from = pairs.len();
        for plot in &by_latitude[first..] {
            if latitude(plot) > middle + band {
                break;
            }
            let [east, _] = plane::offset(here, plots[*plot].position);
            if (east - east_m).abs() > reach_m {
                continue;
            }
            let (squared, determinant) = target.filter.miss(&plots[*plot], target.config);
            let gain = odds - determinant.ln() / 2.0 - squared / 2.0;
            if squared <= GATE_SD * GATE_SD && gain > 0.0 {
                pairs.push(Pair { track, plot: *plot, gain });
            }
        }
        if pairs.len() - from > PLOTS_PER_TRACK_MAX {
            pairs[from..].sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.plot.cmp(&b.plot)));
            pairs.truncate(from + PLOTS_PER_TRACK_MAX);
        }
    }
    pairs
}

/// When the plots were made, and how poor the poorest is.
struct Span {
    middle: renkei_model::time::Timestamp,
    half_ms: i64,
    variance_max: f64,
}

impl Span {
    fn of(plots: &[Measured]) -> Self {
        let first = plots.iter().map(|plot| plot.at).min().unwrap_or_default();
        let last = plots.iter().map(|plot| plot.at).max().unwrap_or_default();
        let half_ms = last.since_ms(first) / 2;
        let trace = |plot: &Measured| plot.covariance[0][0] + plot.covariance[1][1];
        let variance_max = plots.iter().map(trace).fold(0.0, f64::max);
        Self { middle: first.plus_ms(half_ms), half_ms, variance_max }
    }

    /// How far from its place in the middle of the span a plot of `target` can lie; `None` when it
    /// is not known well enough to have one.
    fn reach_m(&self, target: &Target<'_>) -> Option<f64> {
        let gap_ms = self.middle.since_ms(target.filter.at());
        if gap_ms.saturating_add(self.half_ms) > target.config.lost_after_ms
            || gap_ms.saturating_add(self.half_ms) < -target.config.interval_ms
        {
            return None;
        }
        let wide_ms = if gap_ms < 0 { gap_ms - self.half_ms } else { gap_ms + self.half_ms };
        let spread = target.filter.spread(wide_ms, target.config);
        let sd_m = (spread[0][0] + spread[1][1] + self.variance_max).sqrt();
        let [east, north] = target.filter.velocity_mps();
        let way_m = east.hypot(north) * self.half_ms as f64 / 1000.0;
        let reach_m = GATE_SD * sd_m;
        (reach_m <= REACH_MAX_M).then_some(reach_m + way_m)
    }
}
