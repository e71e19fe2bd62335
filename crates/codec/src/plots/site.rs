//! From range and bearing to a position: the line of sight on the WGS 84 ellipsoid.
//!
//! Refuses: refraction. It bends the ray, which changes the elevation but hardly the range (below
//! 10 m at 400 km), and elevation is not used.

use renkei_model::plot::Covariance;
use renkei_model::position::{EARTH_RADIUS_M, Position};

/// Semi-major axis of WGS 84, metres.
const SEMI_MAJOR_M: f64 = 6_378_137.0;
/// Flattening of WGS 84.
const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// First eccentricity squared.
const ECCENTRICITY2: f64 = FLATTENING * (2.0 - FLATTENING);
/// A target whose height came out nearer than this to what was said is placed.
const HEIGHT_M_OFF_MAX: f64 = 0.05;
/// Each step gains two digits or more; three are enough up to 500 km.
const STEPS_MAX: usize = 12;
/// The least standard deviation of a plot in metres: what the coding of positions alone costs.
const SD_M_MIN: f64 = 1.0;

/// Where a sensor stands and how well it measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// The antenna.
    pub position: Position,
    /// Height of the antenna in metres above the ellipsoid. Above the sea is good enough.
    pub height_m: f64,
    /// One standard deviation of a range, metres.
    pub range_sd_m: f64,
    /// One standard deviation of a bearing, degrees.
    pub bearing_sd_deg: f64,
    /// How high a target without a height may fly, metres; 0 for a radar that sees the surface alone.
    /// Such a target is placed as if on the surface, and its range is trusted the less for it.
    pub ceiling_m: f64,
}

/// A point in Earth-centred, Earth-fixed coordinates, metres.
type Ecef = [f64; 3];

impl Site {
    /// The position of a target at `slant_m` metres (along the line of sight) on `bearing_deg`
    /// (degrees true) and `height_m` metres high, and how sure that is. `None` when the values are
    /// not finite or below zero, or the errors are none.
    #[must_use]
    pub fn place(
        &self,
        slant_m: f64,
        bearing_deg: f64,
        height_m: Option<f64>,
    ) -> Option<(Position, Covariance)> {
        let is_range = (0.0..2_000_000.0).contains(&slant_m);
        let is_error = |sd: f64| sd > 0.0 && sd.is_finite();
        let is_site = is_error(self.range_sd_m)
            && is_error(self.bearing_sd_deg)
            && self.height_m.is_finite()
            && self.ceiling_m.is_finite();
        if !is_range || !is_site || !bearing_deg.is_finite() {
            return None;
        }
        let height = height_m.unwrap_or_default();
        let sin_elevation = self.sin_elevation(slant_m, bearing_deg, height);
        let (position, _) = geodetic(self.along(slant_m, bearing_deg, sin_elevation))?;
        let covariance = self.covariance(position, slant_m, sin_elevation, height_m.is_none());
        Some((position, covariance?))
    }

    /// What this sensor would measure of a target: slant range in metres and bearing in degrees true
    /// in `[0, 360)`.
    #[must_use]
    pub fn measure(&self, target: Position, height_m: f64) -> (f64, f64) {
        let from = ecef(self.position, self.height_m);
        let to = ecef(target, height_m);
        let d = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        let [east, north, up] = axes(self.position).map(|axis| dot(axis, d));
        let bearing = east.atan2(north).to_degrees().rem_euclid(360.0);
        (east.hypot(north).hypot(up), if bearing == 360.0 { 0.0 } else { bearing })
    }

    /// Sine of the elevation at which the target has the height that it says: from a sphere, then
    /// mended on the ellipsoid. A height that the range cannot reach is straight above or below.
    fn sin_elevation(&self, slant_m: f64, bearing_deg: f64, height_m: f64) -> f64 {
        if slant_m < SD_M_MIN {
            return 0.0;
        }
        let (site, target) = (EARTH_RADIUS_M + self.height_m, EARTH_RADIUS_M + height_m);
        let sphere = (target * target - site * site - slant_m * slant_m) / (2.0 * slant_m * site);
        let mut sin = sphere.clamp(-1.0, 1.0);
        for _ in 0..STEPS_MAX {
            let Some((_, height)) = geodetic(self.along(slant_m, bearing_deg, sin)) else { break };
            let off = height_m - height;
            if off.abs() < HEIGHT_M_OFF_MAX {
                break;
            }
            sin = (sin + off / slant_m).clamp(-1.0, 1.0);
        }
        sin
    }

    fn along(&self, slant_m: f64, bearing_deg: f64, sin_elevation: f64) -> Ecef {
        let (sin, cos) = bearing_deg.to_radians().sin_cos();
        let level = slant_m * (1.0 - sin_elevation * sin_elevation).max(0.0).sqrt();
        let parts = [level * sin, level * cos, slant_m * sin_elevation];
        let mut point = ecef(self.position, self.height_m);
        for (axis, part) in axes(self.position).iter().zip(parts) {
            point.iter_mut().zip(axis).for_each(|(sum, a)| *sum += a * part);
        }
        point
    }

    fn covariance(
        &self,
        target: Position,
        slant_m: f64,
        sin_elevation: f64,
        is_height_unknown: bool,
    ) -> Option<Covariance> {
        // A steep line of sight spreads a range over more ground.
        let cos = (1.0 - sin_elevation * sin_elevation).max(0.01).sqrt();
        let mut range_m2 = (self.range_sd_m / cos).powi(2);
        if is_height_unknown && self.ceiling_m > 0.0 {
            // Anything between none and the whole of what a target at the ceiling is nearer by.
            let rise = (self.ceiling_m - self.height_m).max(0.0).min(slant_m);
            let nearer_m = slant_m - (slant_m * slant_m - rise * rise).max(0.0).sqrt();
            range_m2 += nearer_m * nearer_m / 3.0;
        }
        let cross_m = slant_m * cos * self.bearing_sd_deg.to_radians();
        // The line of sight turns on its way: meridians converge. At the site itself it has no way.
        let bearing_deg = target.bearing_deg(self.position) + 180.0;
        Covariance::along(bearing_deg, range_m2.sqrt().max(SD_M_MIN), cross_m.abs().max(SD_M_MIN))
    }
}

fn dot(a: Ecef, b: Ecef) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Unit vectors to the east, the north and up.
fn axes(at: Position) -> [Ecef; 3] {
    let (sin_lat, cos_lat) = at.latitude_deg().to_radians().sin_cos();
    let (sin_lon, cos_lon) = at.longitude_deg().to_radians().sin_cos();
    [
        [-sin_lon, cos_lon, 0.0],
        [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
        [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
    ]
}

fn ecef(at: Position, height_m: f64) -> Ecef {
    let (sin_lat, cos_lat) = at.latitude_deg().to_radians().sin_cos();
    let (sin_lon, cos_lon) = at.longitude_deg().to_radians().sin_cos();
    let normal = SEMI_MAJOR_M / (1.0 - ECCENTRICITY2 * sin_lat * sin_lat).sqrt();
    let level = (normal + height_m) * cos_lat;
    [level * cos_lon, level * sin_lon, (normal * (1.0 - ECCENTRICITY2) + height_m) * sin_lat]
}

/// Position and height in metres of a point near the surface.
fn geodetic([x, y, z]: Ecef) -> Option<(Position, f64)> {
    let level = x.hypot(y);
    let mut latitude = z.atan2(level * (1.0 - ECCENTRICITY2));
    let mut height = 0.0;
    for _ in 0..6 {
        let (sin, cos) = latitude.sin_cos();
        let normal = SEMI_MAJOR_M / (1.0 - ECCENTRICITY2 * sin * sin).sqrt();
        // Good at the poles as well as at the equator.
        height = level * cos + z * sin - SEMI_MAJOR_M * SEMI_MAJOR_M / normal;
        latitude = z.atan2(level * (1.0 - ECCENTRICITY2 * normal / (normal + height)));
    }
    let position = Position::new(latitude.to_degrees(), y.atan2(x).to_degrees())?;
    Some((position, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(latitude: f64, longitude: f64, height_m: f64) -> Site {
        let position = Position::new(latitude, longitude).unwrap();
        Site { position, height_m, range_sd_m: 50.0, bearing_sd_deg: 0.08, ceiling_m: 0.0 }
    }

    #[test]
    fn a_degree_of_latitude_is_as_long_as_the_ellipsoid_says() {
        // Meridian arc from 45° to 46° N on WGS 84: 111,141.5 m; the chord is 1.4 m shorter.
        let (slant_m, bearing) =
            site(45.0, 0.0, 0.0).measure(Position::new(46.0, 0.0).unwrap(), 0.0);
        assert!((slant_m - 111_140.1).abs() < 1.0, "{slant_m}");
        assert!(bearing.to_radians().sin().abs() < 1e-9, "{bearing}");
    }

    #[test]
    fn a_target_that_was_measured_is_placed_where_it_is() {
        for (latitude, height_m) in [(24.7, 30.0), (-65.0, 800.0), (0.0, 0.0), (89.0, 10.0)] {
            let site = site(latitude, 179.5, height_m);
            for (bearing, away_m) in [(0.0, 400.0), (77.0, 40_000.0), (200.0, 380_000.0)] {
                for up_m in [0.0, 11_000.0] {
                    let truth = site.position.destination(bearing, away_m);
                    let (slant_m, measured) = site.measure(truth, up_m);
                    let (place, _) = site.place(slant_m, measured, Some(up_m)).unwrap();
                    let off_m = place.distance_m(truth);
                    assert!(off_m < 1.0, "{latitude} {bearing} {away_m} {up_m}: {off_m}");
                }
            }
        }
    }

    #[test]
    fn a_height_that_is_not_told_widens_the_range_by_what_it_may_be() {
        let mut site = site(24.7, 125.3, 0.0);
        let width = |site: &Site, slant_m: f64, height: Option<f64>| {
            site.place(slant_m, 0.0, height).unwrap().1.north_m2().sqrt()
        };
        assert!((width(&site, 40_000.0, None) - 50.0).abs() < 1.0, "a radar of the surface");
        site.ceiling_m = 12_000.0;
        let far = width(&site, 200_000.0, None);
        let near = width(&site, 20_000.0, None);
        assert!((200.0..230.0).contains(&far), "{far}: 360 m at most, over √3, and 50 m");
        assert!((2_300.0..2_320.0).contains(&near), "{near}: 4,000 m at most");
        assert!((width(&site, 200_000.0, Some(10_000.0)) - 50.0).abs() < 1.0);
    }

    #[test]
    fn what_is_no_measurement_has_no_place() {
        let site = site(24.7, 125.3, 0.0);
        for (slant, bearing) in
            [(f64::NAN, 0.0), (-1.0, 0.0), (1.0, f64::INFINITY), (f64::INFINITY, 0.0)]
        {
            assert_eq!(site.place(slant, bearing, None), None, "{slant} {bearing}");
        }
        assert!(site.place(0.0, 0.0, None).is_some(), "at the antenna");
        assert!(site.place(100.0, 0.0, Some(9_000.0)).is_some(), "higher than its range: above");
        for none in [f64::NAN, 0.0, -1.0] {
            assert_eq!(Site { range_sd_m: none, ..site }.place(9.0, 0.0, None), None);
            assert_eq!(Site { bearing_sd_deg: none, ..site }.place(9.0, 0.0, None), None);
        }
    }
}
