//! A closed ring on the map: inside or not, and where a path crosses it.
//!
//! Edges are straight in latitude and longitude, as a zone is drawn. Longitudes are unrolled from
//! the first corner, so a ring may lie across the antimeridian. A ring that runs round a pole
//! encloses it: the one that its corners are nearer to.

use renkei_model::position::{MicroPosition, Position};

use crate::plane::wrap_deg;

/// More corners than this are refused: every fix inside the bounding box walks them all.
pub(crate) const CORNERS_MAX: usize = 2_000;
/// A little less than a degree of latitude has anywhere, so that a bounding box is never too small.
const METRES_PER_DEG: f64 = 110_500.0;
/// Latitude at which a ring round a pole is closed: beyond the pole, so that the pole is inside.
const BEYOND_POLE_DEG: f64 = 91.0;
/// Whole turns in which a point may meet an unrolled ring.
const TURNS_DEG: [f64; 5] = [0.0, 360.0, -360.0, 720.0, -720.0];

/// A point: degrees north, and degrees east unrolled.
pub(crate) type Unrolled = (f64, f64);

/// Why a ring was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RingError {
    #[error("{0} corners; draw 3 to {CORNERS_MAX}")]
    Corners(usize),
    #[error("corner {0} is not on Earth")]
    Corner(usize),
    #[error("it overlaps itself round the Earth; draw it as zones of less than 360° of longitude")]
    Wound,
    #[error("hole {0} lies outside the ring; draw it inside")]
    Hole(usize),
}

/// A ring with its bounding box. Degrees; longitudes unrolled.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    corners: Vec<Unrolled>,
    /// How many of the edges, counted from the first, were drawn; the others close a ring round a
    /// pole, and nothing enters there.
    drawn: usize,
    latitude: (f64, f64),
    longitude: (f64, f64),
}

impl Ring {
    pub(crate) fn new(corners: &[MicroPosition]) -> Result<Self, RingError> {
        if !(3..=CORNERS_MAX).contains(&corners.len()) {
            return Err(RingError::Corners(corners.len()));
        }
        let mut unrolled: Vec<Unrolled> = Vec::with_capacity(corners.len() + 3);
        for (i, corner) in corners.iter().enumerate() {
            let p = corner.position().ok_or(RingError::Corner(i + 1))?;
            unrolled.push((p.latitude_deg(), onward(unrolled.last(), p.longitude_deg())));
        }
        let drawn = unrolled.len();
        let end = onward(unrolled.last(), unrolled[0].1);
        let turns = (end - unrolled[0].1) / 360.0;
        if turns.abs() > 1.5 {
            return Err(RingError::Wound);
        }
        let is_round_pole = turns.abs() > 0.5;
        if is_round_pole {
            let north: f64 = unrolled.iter().map(|corner| corner.0).sum();
            let (first, pole) = (unrolled[0], BEYOND_POLE_DEG.copysign(north));
            unrolled.extend([(first.0, end), (pole, end), (pole, first.1)]);
        }
        let range = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
        };
        let longitude = range(&mut unrolled.iter().map(|c| c.1));
        let span = longitude.1 - longitude.0;
        if span >= if is_round_pole { 720.0 } else { 360.0 } {
            return Err(RingError::Wound);
        }
        let latitude = range(&mut unrolled.iter().map(|c| c.0));
        Ok(Self { corners: unrolled, drawn, latitude, longitude })
    }

    pub(crate) fn contains(&self, p: Position) -> bool {
        let latitude = p.latitude_deg();
        if !(self.latitude.0..=self.latitude.1).contains(&latitude) {
            return false;
        }
        let turned = TURNS_DEG.map(|turn| p.longitude_deg() + turn);
        let mut inside = false;
        for longitude in
            turned.into_iter().filter(|l| self.longitude.0 <= *l && *l <= self.longitude.1)
        {
            for (a, b) in self.edges() {
                if (a.0 > latitude) != (b.0 > latitude) {
                    let crossing = a.1 + (latitude - a.0) / (b.0 - a.0) * (b.1 - a.1);
                    inside ^= longitude < crossing;
                }
            }
        }
        inside
    }

    /// The part of the straight way `start` to `end` at which it last crosses a drawn edge, in
    /// `[0, 1]`.
    pub(crate) fn last_crossing(&self, start: Unrolled, end: Unrolled) -> Option<f64> {
        let way = (end.0 - start.0, end.1 - start.1);
        let (west, east) = (start.1.min(end.1), start.1.max(end.1));
        let (south, north) = (start.0.min(end.0), start.0.max(end.0));
        if north < self.latitude.0 || south > self.latitude.1 {
            return None;
        }
        let mut last: Option<f64> = None;
        for turn in TURNS_DEG {
            if east + turn < self.longitude.0 || west + turn > self.longitude.1 {
                continue;
            }
            for (a, b) in self.edges().take(self.drawn) {
                let edge = (b.0 - a.0, b.1 - a.1);
                let cross = way.0 * edge.1 - way.1 * edge.0;
                if cross == 0.0 {
                    continue;
                }
                let gap = (a.0 - start.0, a.1 - start.1 - turn);
                let along_way = (gap.0 * edge.1 - gap.1 * edge.0) / cross;
                let along_edge = (gap.0 * way.1 - gap.1 * way.0) / cross;
                if (0.0..=1.0).contains(&along_way) && (0.0..=1.0).contains(&along_edge) {
                    last = Some(last.map_or(along_way, |l| l.max(along_way)));
                }
            }
        }
        last
    }

    /// Whether `p` may lie within `range_m` of the ring, by its bounding box.
    pub(crate) fn may_be_within(&self, p: Position, range_m: f64) -> bool {
        let up_deg = range_m / METRES_PER_DEG;
        let (low, high) = (self.latitude.0 - up_deg, self.latitude.1 + up_deg);
        if !(low..=high).contains(&p.latitude_deg()) {
            return false;
        }
        let poleward = low.abs().max(high.abs()).min(89.0);
        let along_deg = up_deg / poleward.to_radians().cos();
        let (west, east) = (self.longitude.0 - along_deg, self.longitude.1 + along_deg);
        east - west >= 360.0
            || wrap_deg(p.longitude_deg() - (west + east) / 2.0).abs() <= (east - west) / 2.0
    }

    fn edges(&self) -> impl Iterator<Item = (Unrolled, Unrolled)> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }
}

/// `longitude_deg` in the turn that is the shorter way on from `last`.
pub(crate) fn onward(last: Option<&Unrolled>, longitude_deg: f64) -> f64 {
    last.map_or(longitude_deg, |last| last.1 + wrap_deg(longitude_deg - last.1))
}
