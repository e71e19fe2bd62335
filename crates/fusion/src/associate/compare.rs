//! Two tracks side by side: where each was when the other was heard, and whether that is one thing.
//!
//! Refuses: a verdict from fewer points than asked for, from a moment's meeting, or from points that
//! no two fixes of the other track enclose.

use std::collections::VecDeque;

use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::AssociateConfig;
use crate::config::DomainConfig;
use crate::kalman::Fix;
use crate::plane;

/// Fixes kept of a track.
const FIXES_MAX: usize = 24;
/// Of fixes closer than this part of the expected interval one is kept, so that the trail of a fast
/// reporter spans as much time as is asked for.
const FIXES_IN_INTERVAL: i64 = 4;
/// Fixes enclose a point while they are at most so many expected intervals apart.
const INTERVALS_MAX: i64 = 6;

/// The last fixes of a track, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail(VecDeque<Fix>);

impl Trail {
    /// Takes in a fix that is later than the last.
    pub(crate) fn push(&mut self, fix: Fix, config: &DomainConfig) {
        let spacing_ms = config.interval_ms / FIXES_IN_INTERVAL;
        if self.0.back().is_some_and(|last| fix.at.since_ms(last.at) < spacing_ms) {
            return;
        }
        if self.0.len() >= FIXES_MAX {
            self.0.pop_front();
        }
        self.0.push_back(fix);
    }

    /// Where the track was at `at`, between two of its fixes, with the variance of that (m²).
    fn at(&self, at: Timestamp, config: &DomainConfig) -> Option<(Position, f64)> {
        let after = self.0.partition_point(|fix| fix.at < at);
        let last = self.0.get(after)?;
        if last.at == at {
            return Some((last.position, last.sd_m * last.sd_m));
        }
        let first = self.0.get(after.checked_sub(1)?)?;
        let gap_ms = last.at.since_ms(first.at);
        if gap_ms > config.interval_ms.saturating_mul(INTERVALS_MAX) {
            return None;
        }
        let share = at.since_ms(first.at) as f64 / gap_ms as f64;
        let way = plane::offset(first.position, last.position);
        let position = plane::displace(first.position, way.map(|metres| metres * share));
        let (a, b) = (first.sd_m * (1.0 - share), last.sd_m * share);
        // White acceleration between two known ends: at most q·T³/192 in the middle.
        let gap_s = gap_ms as f64 / 1000.0;
        let unseen = config.process_noise * gap_s * gap_s * gap_s / 192.0;
        Some((position, a * a + b * b + unseen))
    }
}

/// How far one track was from the other at one time.
#[derive(Clone, Copy, Debug)]
struct Apart {
    at: Timestamp,
    east_north_m: [f64; 2],
    variance: f64,
}

/// What the points of two tracks say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Too few points, or neither near nor far enough.
    Open,
    /// One thing; how badly it fits (0 = perfectly), and the time of the last point.
    Same { misfit: f64, until: Timestamp },
    /// Two things, at the time of the last point.
    Two { until: Timestamp },
    /// What they say of themselves excludes it.
    Never,
}

/// Compares two tracks of one domain.
pub(crate) fn compare(
    a: &Trail,
    b: &Trail,
    domain: &DomainConfig,
    config: &AssociateConfig,
) -> Verdict {
    let mut points: Vec<Apart> = one_way(a, b, domain, 1.0).collect();
    points.extend(one_way(b, a, domain, -1.0));
    points.sort_unstable_by_key(|point| point.at);
    let newest = points.len().saturating_sub(config.points_max);
    let points = points.get(newest..).unwrap_or_default();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Verdict::Open };
    let until = last.at;
    let recent = points.get(points.len().saturating_sub(config.points_min)..).unwrap_or_default();
    let bias = config.bias_m * config.bias_m;
    if points.len() >= config.points_min && mean_misfit(recent, bias) > config.two_above {
        return Verdict::Two { until };
    }
    let span_ms = until.since_ms(first.at);
    let lasted = span_ms >= domain.interval_ms.saturating_mul(config.intervals_min);
    if points.len() < config.points_min || !lasted {
        return Verdict::Open;
    }
    let worst = points.iter().map(|point| misfit(point, bias)).fold(0.0, f64::max);
    let mean = mean_misfit(points, bias);
    let fits = mean <= config.same_below && worst <= config.worst_below;
    if fits && drift_misfit(points) <= config.drift_below {
        return Verdict::Same { misfit: mean, until };
    }
    Verdict::Open
}

/// The fixes of `a` against where `b` was at their times.
fn one_way<'a>(
    a: &'a Trail,
    b: &'a Trail,
    domain: &'a DomainConfig,
    sign: f64,
) -> impl Iterator<Item = Apart> + 'a {
    a.0.iter().filter_map(move |fix| {
        let (there, variance) = b.at(fix.at, domain)?;
        let east_north_m = plane::offset(fix.position, there).map(|metres| metres * sign);
        Some(Apart { at: fix.at, east_north_m, variance: variance + fix.sd_m * fix.sd_m })
    })
}

/// The squared distance of one point in variances.
fn misfit(point: &Apart, bias: f64) -> f64 {
    let [east, north] = point.east_north_m;
    (east * east + north * north) / (point.variance + bias)
}

/// How far the later half lies from the earlier, squared, in variances of that difference: one ship
/// that overtakes another passes it at a mean distance of nothing.
fn drift_misfit(points: &[Apart]) -> f64 {
    let (early, late) = points.split_at(points.len() / 2);
    let (early, late) = (Mean::of(early), Mean::of(late));
    let way = |i: usize| late.east_north_m[i] - early.east_north_m[i];
    let variance = early.variance + late.variance;
    if variance > 0.0 { (way(0) * way(0) + way(1) * way(1)) / variance } else { 0.0 }
}

/// The squared mean distance in variances of a mean; an antenna's offset does not average out.
fn mean_misfit(points: &[Apart], bias: f64) -> f64 {
    let Mean { east_north_m: [east, north], variance } = Mean::of(points);
    (east * east + north * north) / (variance + bias)
}

/// The mean of some points, and its variance.
struct Mean {
    east_north_m: [f64; 2],
    variance: f64,
}

impl Mean {
    /// Points of both ways share their fixes, so half of them count.
    fn of(points: &[Apart]) -> Self {
        let count = points.len().max(1) as f64;
        let mean = |value: fn(&Apart) -> f64| points.iter().map(value).sum::<f64>() / count;
        Self {
            east_north_m: [mean(|p| p.east_north_m[0]), mean(|p| p.east_north_m[1])],
            variance: mean(|p| p.variance) / (count / 2.0).max(1.0),
        }
    }
}
