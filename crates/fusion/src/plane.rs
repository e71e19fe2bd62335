//! The local tangent plane at a point: east and north in metres on the WGS 84 ellipsoid.
//!
//! Good to a few parts in ten thousand over tens of kilometres, which is what one prediction step
//! spans. At the poles east has no meaning; there the scale is held above zero, so that nothing
//! divides by it, and positions are merely poor.

use renkei_model::position::Position;

const SEMI_MAJOR_M: f64 = 6_378_137.0;
const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_14e-3;
/// Cosine of latitude below which east is no longer resolved (about 6 km from a pole).
const COSINE_MIN: f64 = 1e-3;

/// Metres in a radian of longitude and of latitude at `latitude_deg`.
fn scales(latitude_deg: f64) -> (f64, f64) {
    let (sin, cos) = latitude_deg.to_radians().sin_cos();
    let w = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
    let prime_vertical = SEMI_MAJOR_M / w.sqrt();
    let meridional = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / w;
    (prime_vertical * cos.max(COSINE_MIN), meridional)
}

/// `degrees` folded into `[-180, 180)`.
pub(crate) fn wrap_deg(degrees: f64) -> f64 {
    (degrees + 180.0).rem_euclid(360.0) - 180.0
}

/// East and north of `to` as seen from `from`, metres.
pub(crate) fn offset(from: Position, to: Position) -> [f64; 2] {
    let (east, north) = scales((from.latitude_deg() + to.latitude_deg()) / 2.0);
    [
        wrap_deg(to.longitude_deg() - from.longitude_deg()).to_radians() * east,
        (to.latitude_deg() - from.latitude_deg()).to_radians() * north,
    ]
}

/// The point `east_north` metres from `from`.
pub(crate) fn displace(from: Position, east_north: [f64; 2]) -> Position {
    let (_, north) = scales(from.latitude_deg());
    let middle =
        (from.latitude_deg() + (east_north[1] / north).to_degrees() / 2.0).clamp(-90.0, 90.0);
    let (east, north) = scales(middle);
    let latitude = from.latitude_deg() + (east_north[1] / north).to_degrees();
    let longitude = from.longitude_deg() + (east_north[0] / east).to_degrees();
    Position::new(latitude.clamp(-90.0, 90.0), wrap_deg(longitude)).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displacing_by_an_offset_comes_back_within_a_centimetre() {
        for (lat, lon) in [(0.0, 0.0), (24.8, 125.3), (-60.0, 179.9), (70.0, -179.95)] {
            let from = Position::new(lat, lon).unwrap();
            let to = displace(from, [8_000.0, -5_000.0]);
            let [east, north] = offset(from, to);
            assert!(
                (east - 8_000.0).abs() < 0.01 && (north + 5_000.0).abs() < 0.01,
                "{east} {north}"
            );
        }
    }

    #[test]
    fn the_pole_gives_numbers_and_no_panic() {
        let pole = Position::new(90.0, 0.0).unwrap();
        let there = displace(pole, [1e6, 1e6]);
        assert!(offset(pole, there).iter().all(|m| m.is_finite()));
    }
}
