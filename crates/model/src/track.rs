//! What a headquarters believes about one thing: a track, fused from observations.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::label::Label;
use crate::observation::{Attributes, Domain, Identity, Motion, Source};
use crate::position::Position;
use crate::time::Timestamp;

/// A track's number on this node, never reused while the node's epoch lasts. It never crosses the
/// border; a border alias does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrackNumber(pub u32);

/// How fresh a track is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Reported within its reporting interval.
    Live,
    /// No report for longer than its interval allows (更新遅延).
    Stale,
    /// No report for so long that the position says little (失探).
    Lost,
}

/// One source's part in a track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Event time of its last accepted report.
    pub last: Timestamp,
    /// Accepted reports.
    pub reports: u64,
    /// The label of its last report.
    pub label: Label,
}

/// The believed motion of a track at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// When it is valid: event time of the last accepted position.
    pub at: Timestamp,
    /// Where.
    pub position: Position,
    /// One standard deviation of the position in metres, each axis.
    pub sd_m: f64,
    /// How it moves.
    pub motion: Motion,
}

/// The widest standard deviation that a sensor's own track may claim, metres, as for a plot.
const SENSOR_SD_M_MAX: f64 = 100_000.0;
/// The longest silence that a sensor's own track may ask for, ms: thirty turns of the slowest antenna.
const QUIET_MS_MAX: i64 = 3_600_000;

/// What the plots of one sensor alone say of a thing that gave no name: its place and velocity, with
/// the covariance of their errors, so that whoever gets it can weigh it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SensorTrack {
    /// When it is valid: event time of the last plot.
    pub at: Timestamp,
    /// Where.
    pub position: Position,
    /// Velocity to the east and to the north, metres a second.
    pub velocity_mps: [f64; 2],
    /// Of the errors east and north (metres) and of those of the velocity east and north (metres a
    /// second): symmetric and positive definite.
    pub covariance: [[f64; 4]; 4],
    /// Silence after which it is stale, ms.
    pub quiet_ms: i64,
}

impl SensorTrack {
    /// Whether the numbers can be an estimate: all finite, a covariance that is one and no wider than
    /// 100 km, a silence of 1 ms to an hour.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let [[east_m2, ..], [_, north_m2, ..], ..] = self.covariance;
        let is_narrow = east_m2.max(north_m2) <= SENSOR_SD_M_MAX * SENSOR_SD_M_MAX;
        let is_speed = self.velocity_mps.iter().all(|mps| mps.is_finite());
        is_narrow
            && is_speed
            && (1..=QUIET_MS_MAX).contains(&self.quiet_ms)
            && is_positive_definite(&self.covariance)
    }

    /// One standard deviation of the position, each axis, metres.
    #[must_use]
    pub fn sd_m(&self) -> f64 {
        f64::midpoint(self.covariance[0][0], self.covariance[1][1]).sqrt()
    }
}

/// Whether Cholesky's factor exists.
fn is_positive_definite(matrix: &[[f64; 4]; 4]) -> bool {
    let mut lower = [[0.0; 4]; 4];
    for i in 0..4 {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = f64::midpoint(matrix[i][j], matrix[j][i]) - done;
            if i != j {
                lower[i][j] = rest / lower[j][j];
            } else if rest > 0.0 && rest.is_finite() {
                lower[i][i] = rest.sqrt();
            } else {
                return false;
            }
        }
    }
    true
}

/// What this headquarters believes about one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Its number on this node.
    pub number: TrackNumber,
    /// The identities that were claimed in reports on it.
    pub identities: BTreeSet<Identity>,
    /// Where it moves.
    pub domain: Domain,
    /// `None` until a position was reported.
    pub estimate: Option<Estimate>,
    /// The last that was said, field by field.
    pub attributes: Attributes,
    /// The pedigree: every source that contributed, and when last.
    pub sources: BTreeMap<Source, Contribution>,
    /// How fresh.
    pub freshness: Freshness,
    /// The meet of the labels of all contributions.
    pub label: Label,
    /// Receive time of the first report.
    pub first_seen: Timestamp,
    /// Receive time of the last report.
    pub last_seen: Timestamp,
    /// True when the identity is shared with another track in another place.
    pub duplicate_identity: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(change: impl Fn(&mut SensorTrack)) -> bool {
        let mut covariance = [[0.0; 4]; 4];
        for (i, row) in covariance.iter_mut().enumerate() {
            row[i] = 100.0;
        }
        let position = Position::new(25.0, 125.0).unwrap();
        let (at, velocity_mps) = (Timestamp(0), [1.0, 2.0]);
        let mut track = SensorTrack { at, position, velocity_mps, covariance, quiet_ms: 6_000 };
        change(&mut track);
        track.is_sound()
    }

    #[test]
    fn a_sensors_track_is_an_estimate_or_is_refused() {
        assert!(track(|_| ()));
        assert!(track(|t| t.covariance[0][2] = 50.0), "place and velocity may err together");
        assert!(!track(|t| t.covariance[3][3] = 0.0), "nothing is known without error");
        assert!(!track(|t| t.covariance[0][0] = 1e11), "wider than 100 km");
        assert!(!track(|t| {
            t.covariance[0][1] = 101.0;
            t.covariance[1][0] = 101.0;
        }));
        assert!(!track(|t| t.covariance[2][2] = f64::NAN));
        assert!(!track(|t| t.velocity_mps[0] = f64::INFINITY));
        assert!(!track(|t| t.quiet_ms = 0) && !track(|t| t.quiet_ms = 3_600_001));
    }
}
