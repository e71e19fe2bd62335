//! Constant-velocity Kalman filter on the local tangent plane of one track.
//!
//! State: east, north (metres, from the anchor, which moves along), east and north velocity.
//! Measurements are taken one scalar at a time, so that a course and speed keep their own shape
//! (sharp along the track, wide across it) without a matrix inverse. A position that comes late,
//! behind one from another sensor, is taken for what it is: where the thing was then.

use renkei_model::observation::Motion;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::SensorTrack;

use crate::config::DomainConfig;
use crate::covariance::Belief;
use crate::plane;

/// Squared normalised innovation of a position (2 dimensions) above which the motion model did not
/// hold and the estimate starts anew: by chance 3 in 10 million.
const INNOVATION_MAX: f64 = 30.0;
/// Noise grows with the gap at most this many times.
const GAP_FACTOR_MAX: f64 = 10.0;
/// Slower than this a course says nothing, metres a second.
const MOVING_MPS: f64 = 0.5;

/// One accepted measurement of where a thing was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fix {
    /// Event time.
    pub(crate) at: Timestamp,
    /// Where.
    pub(crate) position: Position,
    /// One standard deviation each axis, metres.
    pub(crate) sd_m: f64,
}

/// A position with its error's covariance: axes east and north, square metres.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Event time.
    pub(crate) at: Timestamp,
    /// Where.
    pub(crate) position: Position,
    /// Symmetric and positive definite.
    pub(crate) covariance: [[f64; 2]; 2],
}

impl From<&Fix> for Measured {
    fn from(fix: &Fix) -> Self {
        let variance = fix.sd_m * fix.sd_m;
        let covariance = [[variance, 0.0], [0.0, variance]];
        Self { at: fix.at, position: fix.position, covariance }
    }
}

/// The believed state at the time of the last fix.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    at: Timestamp,
    anchor: Position,
    /// East, north (both 0 between updates), east and north velocity.
    state: [f64; 4],
    covariance: [[f64; 4]; 4],
}

impl Filter {
    /// A filter that knows one position and no velocity.
    pub(crate) fn new(first: &Measured, config: &DomainConfig) -> Self {
        let v = config.velocity_sd_mps * config.velocity_sd_mps;
        let [[east, cross], [_, north]] = first.covariance;
        let covariance = [
            [east, cross, 0.0, 0.0],
            [cross, north, 0.0, 0.0],
            [0.0, 0.0, v, 0.0],
            [0.0, 0.0, 0.0, v],
        ];
        Self { at: first.at, anchor: first.position, state: [0.0; 4], covariance }
    }

    /// A filter that believes what a sensor's own track says.
    pub(crate) fn of(track: &SensorTrack) -> Self {
        let [east, north] = track.velocity_mps;
        Self {
            at: track.at,
            anchor: track.position,
            state: [0.0, 0.0, east, north],
            covariance: track.covariance,
        }
    }

    /// What it believes, as a sensor's own track that is stale after `quiet_ms`.
    pub(crate) fn track(&self, quiet_ms: i64) -> SensorTrack {
        SensorTrack {
            at: self.at,
            position: self.anchor,
            velocity_mps: self.velocity_mps(),
            covariance: self.covariance,
            quiet_ms,
        }
    }

    /// What it believes of `at`, if that lies ahead.
    pub(crate) fn carried(&self, at: Timestamp, config: &DomainConfig) -> Self {
        let mut carried = self.clone();
        carried.predict(at.since_ms(self.at).max(0), config);
        carried.settle();
        carried
    }

    /// What it believes, in metres east and north of `from` and metres a second.
    pub(crate) fn belief(&self, from: Position) -> Belief<4> {
        let [east, north] = plane::offset(from, self.anchor);
        let [_, _, east_mps, north_mps] = self.state;
        Belief { mean: [east, north, east_mps, north_mps], covariance: self.covariance }
    }

    /// Takes in a position, also one that is up to the domain's interval older than the last; an
    /// older one says nothing any more.
    pub(crate) fn take(&mut self, measured: &Measured, config: &DomainConfig) {
        let gap_ms = measured.at.since_ms(self.at);
        if gap_ms < -config.interval_ms {
            return;
        }
        if gap_ms > config.lost_after_ms || self.miss(measured, config).0 > INNOVATION_MAX {
            *self = Self::new(measured, config);
            return;
        }
        self.predict(gap_ms.max(0), config);
        let late = seconds(gap_ms.min(0));
        let offset = plane::offset(self.anchor, measured.position);
        let unseen = noise(-gap_ms, config) * late.abs().powi(3) / 3.0;
        for ([east, north], variance) in axes(&measured.covariance) {
            let value = east * offset[0] + north * offset[1];
            self.update([east, north, late * east, late * north], value, variance + unseen);
        }
        self.settle();
    }

    /// Takes in a reported speed and course said `late_ms` after the last fix; the believed time
    /// stays, the velocity may have changed meanwhile and is trusted that much less. `motion` must
    /// lie within what a thing of its kind can do.
    pub(crate) fn take_velocity(&mut self, motion: &Motion, late_ms: i64, config: &DomainConfig) {
        let (Some(speed), course) = (motion.speed_mps, motion.course_deg) else { return };
        if course.is_none() && speed > MOVING_MPS {
            return;
        }
        let drift = noise(late_ms, config) * seconds(late_ms);
        let along = config.speed_sd_mps * config.speed_sd_mps + drift;
        let turn = speed * config.course_sd_deg.to_radians();
        let (sin, cos) = course.unwrap_or(0.0).to_radians().sin_cos();
        self.update([0.0, 0.0, sin, cos], speed, along);
        self.update([0.0, 0.0, cos, -sin], 0.0, along + turn * turn);
        self.settle();
    }

    /// Where it should be at `at`, by its last known velocity.
    pub(crate) fn predicted(&self, at: Timestamp) -> Position {
        let dt = seconds(at.since_ms(self.at));
        plane::displace(self.anchor, [self.state[2] * dt, self.state[3] * dt])
    }

    /// How a position lies to where the thing should have been then: the squared normalised
    /// innovation, and the determinant of its covariance in m⁴.
    pub(crate) fn miss(&self, measured: &Measured, config: &DomainConfig) -> (f64, f64) {
        let gap_ms = measured.at.since_ms(self.at);
        let offset = plane::offset(self.anchor, measured.position);
        let dt = seconds(gap_ms);
        let spread = self.spread(gap_ms, config);
        let [east, north] = [offset[0] - self.state[2] * dt, offset[1] - self.state[3] * dt];
        let r = &measured.covariance;
        let (a, b, c) = (spread[0][0] + r[0][0], spread[1][1] + r[1][1], spread[0][1] + r[0][1]);
        let determinant = a * b - c * c;
        let squared = (east * east * b - 2.0 * east * north * c + north * north * a) / determinant;
        (squared, determinant)
    }

    /// Covariance of the position `gap_ms` after the last fix, or before it if negative.
    pub(crate) fn spread(&self, gap_ms: i64, config: &DomainConfig) -> [[f64; 2]; 2] {
        let dt = seconds(gap_ms);
        let p = &self.covariance;
        let unseen = noise(gap_ms.abs(), config) * dt.abs().powi(3) / 3.0;
        let at = |i: usize, j: usize| {
            p[i][j] + dt * (p[i][j + 2] + p[i + 2][j]) + dt * dt * p[i + 2][j + 2]
        };
        let cross = f64::midpoint(at(0, 1), at(1, 0));
        [[at(0, 0) + unseen, cross], [cross, at(1, 1) + unseen]]
    }

    /// Event time of the last fix.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// The believed velocity, metres a second east and north.
    pub(crate) fn velocity_mps(&self) -> [f64; 2] {
        [self.state[2], self.state[3]]
    }

    /// The believed position.
    pub(crate) fn position(&self) -> Position {
        self.anchor
    }

    /// One standard deviation of the position, each axis, metres.
    pub(crate) fn sd_m(&self) -> f64 {
        ((self.covariance[0][0] + self.covariance[1][1]) / 2.0).max(0.0).sqrt()
    }

    /// Speed (m/s) and course (degrees) once the velocity is known better than at the start.
    pub(crate) fn velocity(&self, config: &DomainConfig) -> (Option<f64>, Option<f64>) {
        let sd = ((self.covariance[2][2] + self.covariance[3][3]) / 2.0).max(0.0).sqrt();
        let [_, _, east, north] = self.state;
        let speed = east.hypot(north);
        if sd > config.velocity_sd_mps / 2.0 {
            return (None, None);
        }
        let moving = speed >= MOVING_MPS.max(sd);
        (Some(speed), moving.then(|| east.atan2(north).to_degrees().rem_euclid(360.0) % 360.0))
    }

    fn predict(&mut self, gap_ms: i64, config: &DomainConfig) {
        let dt = seconds(gap_ms);
        let q = noise(gap_ms, config);
        let step = [self.state[2] * dt, self.state[3] * dt];
        self.anchor = plane::displace(self.anchor, step);
        self.at = self.at.plus_ms(gap_ms);
        let p = &mut self.covariance;
        // F P Fᵀ with F = [[I, dt I], [0, I]]: rows first, then columns.
        let (place, speed) = p.split_at_mut(2);
        for (row, rate) in place.iter_mut().zip(speed) {
            for (value, rate) in row.iter_mut().zip(rate) {
                *value += dt * *rate;
            }
        }
        for row in p.iter_mut() {
            for axis in 0..2 {
                row[axis] += dt * row[axis + 2];
            }
        }
        for axis in 0..2 {
            p[axis][axis] += q * dt * dt * dt / 3.0;
            p[axis][axis + 2] += q * dt * dt / 2.0;
            p[axis + 2][axis] += q * dt * dt / 2.0;
            p[axis + 2][axis + 2] += q * dt;
        }
    }

    /// Moves the anchor to the believed position.
    fn settle(&mut self) {
        self.anchor = plane::displace(self.anchor, [self.state[0], self.state[1]]);
        self.state[0] = 0.0;
        self.state[1] = 0.0;
    }

    /// One scalar measurement `value` of `direction · state` with `variance`.
    fn update(&mut self, direction: [f64; 4], value: f64, variance: f64) {
        let dot = |row: &[f64; 4]| row.iter().zip(&direction).map(|(a, b)| a * b).sum::<f64>();
        let spread = self.covariance.map(|row| dot(&row));
        let total = dot(&spread) + variance;
        let residual = value - dot(&self.state);
        for i in 0..4 {
            self.state[i] += spread[i] * residual / total;
            for j in 0..4 {
                self.covariance[i][j] -= spread[i] * spread[j] / total;
            }
        }
    }
}

/// The two directions (east, north) in which the errors do not depend on each other, with their
/// variances.
fn axes(covariance: &[[f64; 2]; 2]) -> [([f64; 2], f64); 2] {
    let [[east, cross], [_, north]] = *covariance;
    if cross == 0.0 {
        return [([1.0, 0.0], east), ([0.0, 1.0], north)];
    }
    let (sin, cos) = (f64::atan2(2.0 * cross, east - north) / 2.0).sin_cos();
    let middle = f64::midpoint(east, north);
    let half = f64::hypot((east - north) / 2.0, cross);
    let least = middle.min(1.0);
    [([cos, sin], (middle + half).max(least)), ([-sin, cos], (middle - half).max(least))]
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// Acceleration noise for a step over `gap_ms`: a thing that was not heard when expected may have
/// manoeuvred unseen.
fn noise(gap_ms: i64, config: &DomainConfig) -> f64 {
    let factor = gap_ms as f64 / config.interval_ms.max(1) as f64;
    config.process_noise * factor.clamp(1.0, GAP_FACTOR_MAX)
}
