//! Compact position reporting: 17 bits a coordinate, two grids whose difference tells the zone
//! (DO-260B appendix A.1.7).
//!
//! Refuses: a position on the ground without a reference that belongs to the aircraft itself. The
//! ground grid repeats every 90°, and a fixed reference has put an arrival 860 km off.

use renkei_model::position::Position;

/// A coded position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpr {
    /// Which of the two grids.
    pub is_odd: bool,
    /// 17 bits.
    pub latitude: u32,
    /// 17 bits.
    pub longitude: u32,
}

/// Steps of a coordinate within a zone.
const STEPS: f64 = 131_072.0;

/// Latitudes at which one longitude zone fewer fits (DO-260B table A-21), from 59 zones down to 2.
const ZONE_EDGES: [f64; 58] = [
    10.470_471_30,
    14.828_174_37,
    18.186_263_57,
    21.029_394_93,
    23.545_044_87,
    25.829_247_07,
    27.938_987_10,
    29.911_356_86,
    31.772_097_08,
    33.539_934_36,
    35.228_995_98,
    36.850_251_08,
    38.412_418_92,
    39.922_566_84,
    41.386_518_32,
    42.809_140_12,
    44.194_549_51,
    45.546_267_23,
    46.867_332_52,
    48.160_391_28,
    49.427_764_39,
    50.671_501_66,
    51.893_424_69,
    53.095_161_53,
    54.278_174_72,
    55.443_784_44,
    56.593_187_56,
    57.727_473_54,
    58.847_637_76,
    59.954_592_77,
    61.049_177_74,
    62.132_166_59,
    63.204_274_79,
    64.266_165_23,
    65.318_453_10,
    66.361_710_08,
    67.396_467_74,
    68.423_220_22,
    69.442_426_31,
    70.454_510_75,
    71.459_864_73,
    72.458_845_45,
    73.451_774_42,
    74.438_934_16,
    75.420_562_57,
    76.396_843_91,
    77.367_894_61,
    78.333_740_83,
    79.294_282_25,
    80.249_232_13,
    81.198_013_49,
    82.139_569_81,
    83.071_994_45,
    83.991_735_63,
    84.891_661_91,
    85.755_416_21,
    86.535_369_98,
    87.000_000_00,
];

/// Longitude zones of the even grid at a latitude: 59 at the equator, 1 at the poles.
fn zones(latitude_deg: f64) -> u32 {
    let latitude = latitude_deg.abs();
    59 - ZONE_EDGES.partition_point(|edge| *edge < latitude) as u32
}

/// Longitude zones of a grid: the odd one has one fewer, at least one.
fn zones_of(latitude_deg: f64, is_odd: bool) -> f64 {
    f64::from(zones(latitude_deg).saturating_sub(u32::from(is_odd)).max(1))
}

/// Height of a latitude zone in degrees over `range` (360 in the air, 90 on the ground).
fn zone_height(is_odd: bool, range: f64) -> f64 {
    range / if is_odd { 59.0 } else { 60.0 }
}

/// Degrees covered by a grid in the air or on the ground.
fn range(is_surface: bool) -> f64 {
    if is_surface { 90.0 } else { 360.0 }
}

/// Longitude in `[-180, 180)`.
fn wrap(longitude_deg: f64) -> f64 {
    (longitude_deg + 180.0).rem_euclid(360.0) - 180.0
}

impl Cpr {
    /// Codes a position.
    #[must_use]
    pub fn encode(at: Position, is_odd: bool, is_surface: bool) -> Self {
        let range = range(is_surface);
        let code = |value: f64, zone: f64| (value.rem_euclid(zone) / zone * STEPS + 0.5).floor();
        let height = zone_height(is_odd, range);
        let steps = code(at.latitude_deg(), height);
        // The number of zones round the Earth is that of the latitude that a receiver will read.
        let read = height * (steps / STEPS + (at.latitude_deg() / height).floor());
        let width = range / zones_of(read, is_odd);
        let wire = |steps: f64| steps as u32 & 0x1_FFFF;
        Self { is_odd, latitude: wire(steps), longitude: wire(code(at.longitude_deg(), width)) }
    }

    fn fractions(self) -> (f64, f64) {
        (f64::from(self.latitude) / STEPS, f64::from(self.longitude) / STEPS)
    }

    /// The position nearest to `reference`. True when the aircraft is within half a zone of it:
    /// 3° (180 nautical miles) in the air, 0.75° (45) on the ground.
    #[must_use]
    pub fn local(self, reference: Position, is_surface: bool) -> Option<Position> {
        let (yz, xz) = self.fractions();
        let range = range(is_surface);
        let nearest = |fraction: f64, reference: f64, size: f64| {
            let turns = reference / size;
            size * (turns.floor() + (0.5 + turns - turns.floor() - fraction).floor() + fraction)
        };
        let latitude = nearest(yz, reference.latitude_deg(), zone_height(self.is_odd, range));
        let width = range / zones_of(latitude, self.is_odd);
        Position::new(latitude, wrap(nearest(xz, reference.longitude_deg(), width)))
    }
}

/// A pair of one aircraft's coded positions, one from each grid, not long apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CprPair {
    /// From the even grid.
    pub even: Cpr,
    /// From the odd grid.
    pub odd: Cpr,
    /// Which came last: the position is read from it.
    pub is_odd_last: bool,
}

impl CprPair {
    /// Latitudes by both grids, in zones from the equator upward; `None` when the aircraft crossed
    /// into another longitude zone between the two.
    fn latitude(&self, range: f64, hemisphere_deg: f64) -> Option<(f64, f64)> {
        let ((y0, _), (y1, _)) = (self.even.fractions(), self.odd.fractions());
        let j = (59.0 * y0 - 60.0 * y1 + 0.5).floor();
        let even = zone_height(false, range) * (j.rem_euclid(60.0) + y0) + hemisphere_deg;
        let odd = zone_height(true, range) * (j.rem_euclid(59.0) + y1) + hemisphere_deg;
        let fold = |latitude: f64| if latitude >= 270.0 { latitude - 360.0 } else { latitude };
        let (even, odd) = (fold(even), fold(odd));
        let valid = even.abs() <= 90.0 && odd.abs() <= 90.0 && zones(even) == zones(odd);
        valid.then_some((even, odd))
    }

    /// Longitude at `latitude`, from the first zone eastward.
    fn longitude(&self, latitude_deg: f64, range: f64) -> f64 {
        let ((_, x0), (_, x1)) = (self.even.fractions(), self.odd.fractions());
        let zones = f64::from(zones(latitude_deg));
        let m = (x0 * (zones - 1.0) - x1 * zones + 0.5).floor();
        let count = zones_of(latitude_deg, self.is_odd_last);
        let fraction = if self.is_odd_last { x1 } else { x0 };
        range / count * (m.rem_euclid(count) + fraction)
    }

    /// The position in the air, without any reference.
    #[must_use]
    pub fn airborne(&self) -> Option<Position> {
        let (even, odd) = self.latitude(360.0, 0.0)?;
        let latitude = if self.is_odd_last { odd } else { even };
        Position::new(latitude, wrap(self.longitude(latitude, 360.0)))
    }

    /// The position on the ground: of the eight that fit (two latitudes, four longitudes 90° apart),
    /// the one nearest to `reference`, which must be within 45° each way.
    #[must_use]
    pub fn surface(&self, reference: Position) -> Option<Position> {
        [0.0, -90.0]
            .into_iter()
            .filter_map(|hemisphere| {
                let (even, odd) = self.latitude(90.0, hemisphere)?;
                let latitude = if self.is_odd_last { odd } else { even };
                let longitude = self.longitude(latitude, 90.0);
                let turns = ((reference.longitude_deg() - longitude) / 90.0).round();
                Position::new(latitude, wrap(longitude + turns * 90.0))
            })
            .min_by(|a, b| {
                let off = |p: &Position| (p.latitude_deg() - reference.latitude_deg()).abs();
                off(a).total_cmp(&off(b))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    #[test]
    fn a_pair_gives_the_position_of_the_last_message() {
        // Worked example of J. Sun, "The 1090 Megahertz Riddle", 5.3: 52.2572 N 3.9194 E.
        let even = Cpr { is_odd: false, latitude: 93_000, longitude: 51_372 };
        let odd = Cpr { is_odd: true, latitude: 74_158, longitude: 50_194 };
        let place = CprPair { even, odd, is_odd_last: false }.airborne().unwrap();
        assert!(place.distance_m(at(52.257_202, 3.919_373)) < 1.0, "{place:?}");
        let place = even.local(at(52.258, 3.918), false).unwrap();
        assert!(place.distance_m(at(52.257_202, 3.919_373)) < 1.0, "{place:?}");
    }

    #[test]
    fn a_pair_on_the_ground_takes_the_candidate_near_the_reference() {
        let truth = at(-33.9461, 151.1772);
        let pair = CprPair {
            even: Cpr::encode(truth, false, true),
            odd: Cpr::encode(truth, true, true),
            is_odd_last: true,
        };
        let place = pair.surface(at(-20.0, 130.0)).unwrap();
        assert!(place.distance_m(truth) < 2.0, "{place:?}");
        let wrong = pair.surface(at(20.0, 60.0)).unwrap();
        assert!(wrong.distance_m(truth) > 1_000_000.0, "another reference, another candidate");
    }

    #[test]
    fn a_pair_across_a_zone_edge_is_refused() {
        let pair = CprPair {
            even: Cpr::encode(at(10.4700, 20.0), false, false),
            odd: Cpr::encode(at(10.4710, 20.0), true, false),
            is_odd_last: true,
        };
        assert_eq!(pair.airborne(), None);
    }

    #[test]
    fn zones_fall_from_59_at_the_equator_to_1_at_the_poles() {
        for (latitude, expected) in
            [(0.0, 59), (10.47, 59), (10.48, 58), (-52.0, 36), (86.9, 2), (87.1, 1), (90.0, 1)]
        {
            assert_eq!(zones(latitude), expected, "{latitude}");
        }
    }
}
