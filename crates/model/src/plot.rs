//! A sensor's plot: something was there, and the sensor cannot say what. Anonymous; its identity, if
//! it ever gets one, comes from the track that it supports.
//!
//! Refuses: an uncertainty that is not one. A plot without a believable error cannot be weighed
//! against a track, so there is no plot without a [`Covariance`].

use serde::{Deserialize, Serialize};

use crate::label::Label;
use crate::observation::Source;
use crate::position::Position;
use crate::time::Timestamp;

/// The largest standard deviation a plot may claim, in metres: 100 km, beyond which it says nothing.
const SD_M_MAX: f64 = 100_000.0;

/// How sure a position is: the covariance of its error in the plane that touches the ellipsoid there,
/// axes east and north, in square metres.
///
/// Invariant: finite, positive definite, and no axis above (100 km)².
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Covariance {
    east_m2: f64,
    north_m2: f64,
    east_north_m2: f64,
}

impl Covariance {
    /// A covariance, or `None` when the values are no covariance or too wide to mean anything.
    #[must_use]
    pub fn new(east_m2: f64, north_m2: f64, east_north_m2: f64) -> Option<Self> {
        let is_axis = |m2: f64| m2 > 0.0 && m2 <= SD_M_MAX * SD_M_MAX;
        let determinant = east_m2 * north_m2 - east_north_m2 * east_north_m2;
        let valid = is_axis(east_m2) && is_axis(north_m2) && determinant > 0.0;
        valid.then_some(Self { east_m2, north_m2, east_north_m2 })
    }

    /// Equally sure in all directions: one standard deviation `sd_m` in metres on each axis.
    #[must_use]
    pub fn circular(sd_m: f64) -> Option<Self> {
        Self::new(sd_m * sd_m, sd_m * sd_m, 0.0)
    }

    /// What a sensor knows that measures range and bearing: `range_sd_m` along the line of sight,
    /// which at the target runs on `bearing_deg` (degrees true), and `cross_sd_m` across it (range
    /// times the bearing's standard deviation in radians).
    #[must_use]
    pub fn along(bearing_deg: f64, range_sd_m: f64, cross_sd_m: f64) -> Option<Self> {
        let (sin, cos) = bearing_deg.to_radians().sin_cos();
        let (range_m2, cross_m2) = (range_sd_m * range_sd_m, cross_sd_m * cross_sd_m);
        Self::new(
            range_m2 * sin * sin + cross_m2 * cos * cos,
            range_m2 * cos * cos + cross_m2 * sin * sin,
            (range_m2 - cross_m2) * sin * cos,
        )
    }

    /// Variance to the east, square metres.
    #[must_use]
    pub fn east_m2(self) -> f64 {
        self.east_m2
    }

    /// Variance to the north, square metres.
    #[must_use]
    pub fn north_m2(self) -> f64 {
        self.north_m2
    }

    /// Covariance of east and north, square metres.
    #[must_use]
    pub fn east_north_m2(self) -> f64 {
        self.east_north_m2
    }

    /// One number for a screen: the root mean square of the two axes' standard deviations, metres.
    #[must_use]
    pub fn sd_m(self) -> f64 {
        f64::midpoint(self.east_m2, self.north_m2).sqrt()
    }
}

/// One plot of one sensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    /// Who handed it to us.
    pub source: Source,
    /// When it was measured, by the sensor's clock.
    pub event_time: Timestamp,
    /// When this node received it.
    pub received_at: Timestamp,
    /// Where, already turned from range and bearing where the sensor measures those.
    pub position: Position,
    /// How sure the position is.
    pub covariance: Covariance,
    /// Height in metres: pressure altitude where a transponder said it, else as the sensor measured.
    pub altitude_m: Option<f64>,
    /// Speed along the sensor's line of sight in metres a second, positive when it draws away.
    pub radial_speed_mps: Option<f64>,
    /// Mode A code, 12 bits (`0o0000`–`0o7777`), where a transponder answered with a valid one.
    pub mode_a: Option<u16>,
    /// 24-bit aircraft address, where the sensor interrogates Mode S.
    pub icao: Option<u32>,
    /// First eight bytes of SHA-256 over the transmitted record: equal for one report that came by
    /// two ways, so that it is counted once.
    pub content: u64,
    /// The sensor's label.
    pub label: Label,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_covariance_is_one_or_is_refused() {
        assert!(Covariance::circular(50.0).is_some());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e11] {
            assert_eq!(Covariance::new(bad, 1.0, 0.0), None, "{bad} to the east");
            assert_eq!(Covariance::new(1.0, bad, 0.0), None, "{bad} to the north");
        }
        assert_eq!(Covariance::new(4.0, 4.0, 4.0), None, "no width across its own axis");
        assert_eq!(Covariance::new(1.0, 1.0, f64::NAN), None);
    }

    #[test]
    fn a_line_of_sight_to_the_north_is_sure_to_the_north() {
        let north = Covariance::along(0.0, 20.0, 300.0).unwrap();
        assert!((north.north_m2() - 400.0).abs() < 1e-6);
        assert!((north.east_m2() - 90_000.0).abs() < 1e-6);
        assert!(north.east_north_m2().abs() < 1e-6);
    }

    #[test]
    fn a_line_of_sight_to_the_north_east_errs_across_itself() {
        let c = Covariance::along(45.0, 20.0, 300.0).unwrap();
        assert!((c.east_m2() - c.north_m2()).abs() < 1e-6);
        // Across the line means east and north err against each other.
        assert!((c.east_north_m2() - (400.0 - 90_000.0) / 2.0).abs() < 1e-6);
        assert!((c.sd_m() - 45_200.0_f64.sqrt()).abs() < 1e-6);
    }
}
