//! A closed ring on the map: inside or not, and where a path crosses it.
//!
//! Edges are straight in latitude and longitude, as a zone is drawn. Longitudes are unrolled from
//! the first corner, so a ring may lie across the antimeridian. A ring round a pole is refused.

use renkei_model::position::{MicroPosition, Position};

use crate::plane::wrap_deg;

/// More corners than this are refused: every fix inside the bounding box walks them all.
const CORNERS_MAX: usize = 2_000;
/// A little less than a degree of latitude has anywhere, so that a bounding box is never too small.
const METRES_PER_DEG: f64 = 110_500.0;

/// Why a ring was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RingError {
    #[error("{0} corners; draw 3 to {CORNERS_MAX}")]
    Corners(usize),
    #[error("corner {0} is not on Earth")]
    Corner(usize),
    #[error("it runs round a pole; draw it as zones of less than 360° of longitude")]
    Pole,
}

/// A ring with its bounding box. Degrees; longitudes unrolled.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    corners: Vec<(f64, f64)>,
    latitude: (f64, f64),
    longitude: (f64, f64),
}

impl Ring {
    pub(crate) fn new(corners: &[MicroPosition]) -> Result<Self, RingError> {
        if !(3..=CORNERS_MAX).contains(&corners.len()) {
            return Err(RingError::Corners(corners.len()));
        }
        let mut unrolled: Vec<(f64, f64)> = Vec::with_capacity(corners.len());
        for (i, corner) in corners.iter().enumerate() {
            let p = corner.position().ok_or(RingError::Corner(i + 1))?;
            let longitude = unrolled
                .last()
                .map_or(p.longitude_deg(), |(_, last)| last + wrap_deg(p.longitude_deg() - last));
            unrolled.push((p.latitude_deg(), longitude));
        }
        let (first, last) = (unrolled[0].1, unrolled[unrolled.len() - 1].1);
        let range = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
        };
        let longitude = range(&mut unrolled.iter().map(|c| c.1));
        // Closing the ring must need no further turn, or it encloses a pole.
        if (wrap_deg(first - last) - (first - last)).abs() > 1e-9
            || longitude.1 - longitude.0 >= 360.0
        {
            return Err(RingError::Pole);
        }
        let latitude = range(&mut unrolled.iter().map(|c| c.0));
        Ok(Self { corners: unrolled, latitude, longitude })
    }

    pub(crate) fn contains(&self, p: Position) -> bool {
        let Some(longitude) = self.unroll(p) else { return false };
        let latitude = p.latitude_deg();
        let mut inside = false;
        for (a, b) in self.edges() {
            if (a.0 > latitude) != (b.0 > latitude) {
                let crossing = a.1 + (latitude - a.0) / (b.0 - a.0) * (b.1 - a.1);
                inside ^= longitude < crossing;
            }
        }
        inside
    }

    /// The part of the way `from` (outside) to `to` (inside) at which the path last came in,
    /// in `(0, 1]`.
    pub(crate) fn entered_at(&self, from: Position, to: Position) -> f64 {
        let Some(longitude) = self.unroll(to) else { return 1.0 };
        let end = (to.latitude_deg(), longitude);
        let way = (
            to.latitude_deg() - from.latitude_deg(),
            wrap_deg(to.longitude_deg() - from.longitude_deg()),
        );
        let start = (end.0 - way.0, end.1 - way.1);
        let mut last = None;
        for (a, b) in self.edges() {
            let edge = (b.0 - a.0, b.1 - a.1);
            let cross = way.0 * edge.1 - way.1 * edge.0;
            if cross == 0.0 {
                continue;
            }
            let gap = (a.0 - start.0, a.1 - start.1);
            let along_way = (gap.0 * edge.1 - gap.1 * edge.0) / cross;
            let along_edge = (gap.0 * way.1 - gap.1 * way.0) / cross;
            if (0.0..=1.0).contains(&along_way) && (0.0..=1.0).contains(&along_edge) {
                last = Some(last.map_or(along_way, |l: f64| l.max(along_way)));
            }
        }
        last.unwrap_or(1.0)
    }

    /// The part of the way `from` (inside) to `to` (outside) at which the path first went out,
    /// in `[0, 1)`.
    pub(crate) fn left_at(&self, from: Position, to: Position) -> f64 {
        1.0 - self.entered_at(to, from)
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

    /// The longitude of `p` in the ring's own turn, or `None` outside the bounding box.
    fn unroll(&self, p: Position) -> Option<f64> {
        if !(self.latitude.0..=self.latitude.1).contains(&p.latitude_deg()) {
            return None;
        }
        [0.0, 360.0, -360.0]
            .into_iter()
            .map(|turn| p.longitude_deg() + turn)
            .find(|longitude| (self.longitude.0..=self.longitude.1).contains(longitude))
    }

    fn edges(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }
}
