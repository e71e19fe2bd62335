//! Position on the WGS 84 ellipsoid and the few great-circle sums that everyone needs.

use serde::{Deserialize, Serialize};

/// Mean Earth radius in metres (IUGG R1).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point. Invariant: finite, latitude in `[-90, 90]`, longitude in `[-180, 180)`. An unknown
/// position is `None`, never `(0, 0)` and never a wire sentinel such as AIS 181°.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    latitude_deg: f64,
    longitude_deg: f64,
}

impl Position {
    /// A position, or `None` when either value is not finite or out of range (longitude 180 is
    /// taken as -180).
    #[must_use]
    pub fn new(latitude_deg: f64, longitude_deg: f64) -> Option<Self> {
        let longitude_deg = if longitude_deg == 180.0 { -180.0 } else { longitude_deg };
        let valid =
            (-90.0..=90.0).contains(&latitude_deg) && (-180.0..180.0).contains(&longitude_deg);
        valid.then_some(Self { latitude_deg, longitude_deg })
    }

    /// Degrees north.
    #[must_use]
    pub fn latitude_deg(self) -> f64 {
        self.latitude_deg
    }

    /// Degrees east, in `[-180, 180)`.
    #[must_use]
    pub fn longitude_deg(self) -> f64 {
        self.longitude_deg
    }

    /// Great-circle distance in metres (haversine on the mean sphere; within 0.5 % of WGS 84).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let (la, lb) = (self.latitude_deg.to_radians(), other.latitude_deg.to_radians());
        let dlat = lb - la;
        let dlon = (other.longitude_deg - self.longitude_deg).to_radians();
        let h = (dlat / 2.0).sin().powi(2) + la.cos() * lb.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }

    /// The point reached after `distance_m` metres on the initial bearing `bearing_deg`.
    #[must_use]
    pub fn destination(self, bearing_deg: f64, distance_m: f64) -> Self {
        let (d, b) = (distance_m / EARTH_RADIUS_M, bearing_deg.to_radians());
        let (lat, lon) = (self.latitude_deg.to_radians(), self.longitude_deg.to_radians());
        let sin_lat = lat.sin() * d.cos() + lat.cos() * d.sin() * b.cos();
        let new_lon = lon + (b.sin() * d.sin() * lat.cos()).atan2(d.cos() - lat.sin() * sin_lat);
        let longitude_deg = (new_lon.to_degrees() + 540.0).rem_euclid(360.0) - 180.0;
        Self::new(sin_lat.clamp(-1.0, 1.0).asin().to_degrees(), longitude_deg).unwrap_or(self)
    }

    /// Initial great-circle bearing towards `other`, degrees true in `[0, 360)`.
    #[must_use]
    pub fn bearing_deg(self, other: Self) -> f64 {
        let (la, lb) = (self.latitude_deg.to_radians(), other.latitude_deg.to_radians());
        let dlon = (other.longitude_deg - self.longitude_deg).to_radians();
        let y = dlon.sin() * lb.cos();
        let x = la.cos() * lb.sin() - la.sin() * lb.cos() * dlon.cos();
        y.atan2(x).to_degrees().rem_euclid(360.0)
    }
}

/// A point in integers for signed bytes and wires: 1e-6 degree (about 0.11 m).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    minicbor::Encode,
    minicbor::Decode,
    Serialize,
    Deserialize,
)]
pub struct MicroPosition {
    /// Latitude in 1e-6 degree, ±90,000,000.
    #[n(0)]
    pub latitude_udeg: i32,
    /// Longitude in 1e-6 degree, ±180,000,000.
    #[n(1)]
    pub longitude_udeg: i32,
}

impl From<Position> for MicroPosition {
    fn from(p: Position) -> Self {
        Self {
            latitude_udeg: (p.latitude_deg * 1e6).round() as i32,
            longitude_udeg: (p.longitude_deg * 1e6).round() as i32,
        }
    }
}

impl MicroPosition {
    /// The position, or `None` when the integers are out of range.
    #[must_use]
    pub fn position(self) -> Option<Position> {
        Position::new(f64::from(self.latitude_udeg) / 1e6, f64::from(self.longitude_udeg) / 1e6)
    }
}
