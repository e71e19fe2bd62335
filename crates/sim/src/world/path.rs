//! Motion as a closed formula: a way, a speed, and how far along at the start.
//!
//! Refuses: state. Where something is depends on the time alone, never on the steps before.

use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::dice::Dice;

/// A way that is gone to and fro, or round and round, at one speed.
#[derive(Clone, Debug)]
pub(super) struct Path {
    points: Vec<Position>,
    /// Metres from the first point to each of the others, and back to the first when closed.
    ends: Vec<f64>,
    closed: bool,
    /// Metres a second.
    pub(super) speed_mps: f64,
    /// Metres along at the start.
    begun_m: f64,
}

/// Where something is and how it moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Motion {
    pub(super) position: Position,
    pub(super) course_deg: f64,
    pub(super) speed_mps: f64,
}

impl Path {
    /// To and fro along `points`, all moved by one vector of at most `spread_km` each way.
    pub(super) fn along(
        points: &[Position],
        spread_km: f64,
        speed_mps: f64,
        dice: &mut Dice,
    ) -> Self {
        let east_m = dice.between(-0.7, 0.7) * spread_km * 1000.0;
        let north_m = dice.between(-0.7, 0.7) * spread_km * 1000.0;
        let moved = points.iter().map(|p| p.destination(90.0, east_m).destination(0.0, north_m));
        let mut path = Self::new(moved.collect(), false, speed_mps);
        path.begun_m = dice.unit() * 2.0 * path.len_m();
        path
    }

    /// Round and round within `radius_km` of `centre`.
    pub(super) fn round(centre: Position, radius_km: f64, speed_mps: f64, dice: &mut Dice) -> Self {
        let middle_m = dice.between(0.0, 0.4) * radius_km * 1000.0;
        let middle = centre.destination(dice.between(0.0, 360.0), middle_m);
        let turn = if dice.chance(50) { 36.0 } else { -36.0 };
        let corner = |i: u32, dice: &mut Dice| {
            let reach_m = dice.between(0.35, 0.6) * radius_km * 1000.0;
            middle.destination((f64::from(i) * turn).rem_euclid(360.0), reach_m)
        };
        let points = (0..10).map(|i| corner(i, dice)).collect();
        let mut path = Self::new(points, true, speed_mps);
        path.begun_m = dice.unit() * path.len_m();
        path
    }

    /// At rest within `radius_km` of `centre`.
    pub(super) fn at_rest(centre: Position, radius_km: f64, dice: &mut Dice) -> Self {
        let away_m = dice.between(0.1, 1.0) * radius_km * 1000.0;
        Self::new(vec![centre.destination(dice.between(0.0, 360.0), away_m)], false, 0.0)
    }

    pub(super) fn new(points: Vec<Position>, closed: bool, speed_mps: f64) -> Self {
        let back = points.first().filter(|_| closed);
        let next = points.iter().skip(1).chain(back);
        let ends = points
            .iter()
            .zip(next)
            .scan(0.0, |along, (a, b)| {
                *along += a.distance_m(*b);
                Some(*along)
            })
            .collect();
        Self { points, ends, closed, speed_mps, begun_m: 0.0 }
    }

    fn len_m(&self) -> f64 {
        self.ends.last().copied().unwrap_or(0.0)
    }

    /// Where it is at `at`, having started at `start`.
    pub(super) fn motion(&self, start: Timestamp, at: Timestamp) -> Motion {
        let gone_m = self.begun_m + self.speed_mps * at.since_ms(start) as f64 / 1000.0;
        let len_m = self.len_m();
        if len_m <= 0.0 || self.speed_mps <= 0.0 {
            return self.still();
        }
        let round = if self.closed { len_m } else { 2.0 * len_m };
        let along_m = gone_m.rem_euclid(round);
        let back = along_m > len_m;
        let along_m = if back { round - along_m } else { along_m };
        let (position, forth_deg) = self.place(along_m);
        let course_deg = if back { (forth_deg + 180.0).rem_euclid(360.0) } else { forth_deg };
        Motion { position, course_deg, speed_mps: self.speed_mps }
    }

    fn still(&self) -> Motion {
        #[expect(clippy::expect_used, reason = "every path is made with a point")]
        let position = *self.points.first().expect("a path has a point");
        Motion { position, course_deg: 0.0, speed_mps: 0.0 }
    }

    /// The point so far along, and the course there of one who goes on.
    fn place(&self, along_m: f64) -> (Position, f64) {
        let leg = self.ends.partition_point(|end| *end < along_m).min(self.ends.len() - 1);
        let begun_m = leg.checked_sub(1).and_then(|i| self.ends.get(i)).copied().unwrap_or(0.0);
        let next = (leg + 1) % self.points.len();
        let (Some(&from), Some(&to)) = (self.points.get(leg), self.points.get(next)) else {
            return (self.still().position, 0.0);
        };
        let position = from.destination(from.bearing_deg(to), along_m - begun_m);
        let left_m = position.distance_m(to);
        let towards = if left_m > 1.0 { position.bearing_deg(to) } else { from.bearing_deg(to) };
        (position, towards)
    }
}
