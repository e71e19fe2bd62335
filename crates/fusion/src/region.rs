//! What a zone encloses: a ring without its holes. A hole is outside, and going into one is leaving.

use renkei_model::position::{MicroPosition, Position};
use renkei_model::statement::Zone;

use crate::ring::{CORNERS_MAX, Ring, RingError};
use crate::way::Way;

/// An outer ring and the holes in it.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    outer: Ring,
    holes: Vec<Ring>,
}

impl Region {
    /// What `zone` encloses.
    pub(crate) fn new(zone: &Zone) -> Result<Self, RingError> {
        let corners = zone.ring.len() + zone.holes.iter().map(Vec::len).sum::<usize>();
        if corners > CORNERS_MAX {
            return Err(RingError::Corners(corners));
        }
        let outer = Ring::new(&zone.ring)?;
        let hole = |(i, corners): (usize, &Vec<MicroPosition>)| {
            let hole = Ring::new(corners)?;
            let is_inside = corners.iter().any(|c| c.position().is_some_and(|p| outer.contains(p)));
            if is_inside { Ok(hole) } else { Err(RingError::Hole(i + 1)) }
        };
        let holes = zone.holes.iter().enumerate().map(hole).collect::<Result<_, _>>()?;
        Ok(Self { outer, holes })
    }

    pub(crate) fn contains(&self, p: Position) -> bool {
        self.outer.contains(p) && !self.holes.iter().any(|hole| hole.contains(p))
    }

    /// The part of `way` (from outside to inside) at which it last came in, in `[0, 1]`.
    pub(crate) fn entered_at(&self, way: &Way) -> f64 {
        let rings = || std::iter::once(&self.outer).chain(&self.holes);
        let crossing = |(start, end)| {
            rings().filter_map(|ring| ring.last_crossing(start, end)).max_by(f64::total_cmp)
        };
        way.last_part(crossing).unwrap_or(1.0)
    }

    /// The part of `way` (from inside to outside) at which it first went out, in `[0, 1]`.
    pub(crate) fn left_at(&self, way: &Way) -> f64 {
        1.0 - self.entered_at(&way.reversed())
    }
}

#[cfg(test)]
mod tests;
