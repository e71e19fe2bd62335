//! Where the shore and the anchorages are, as far as this node was told: rings, any number of them.
//!
//! Told nothing, nothing is near a shore, and the rules that need one say so in their presets.

use renkei_model::position::{MicroPosition, Position};

use crate::plane;
use crate::ring::{Ring, RingError};

/// No more corners than this in all rings together: a coast at 1:1,000,000 round Japan has 30,000.
const CORNERS_MAX: usize = 200_000;

/// Why shores were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShoreError {
    /// A ring cannot be used.
    #[error("take ring {number} of the shore: {reason}")]
    Ring {
        /// Its place in the list, from 1.
        number: usize,
        /// What is wrong with it and how to mend it.
        reason: String,
    },
    /// Too many corners in all.
    #[error("take the shore: {0} corners; simplify it to {CORNERS_MAX} or fewer")]
    TooMany(usize),
}

/// Land and anchorages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shore {
    rings: Vec<(Ring, Vec<Position>)>,
}

impl Shore {
    pub(crate) fn new(rings: &[Vec<MicroPosition>]) -> Result<Self, ShoreError> {
        let corners = rings.iter().map(Vec::len).sum();
        if corners > CORNERS_MAX {
            return Err(ShoreError::TooMany(corners));
        }
        let ring = |(i, corners): (usize, &Vec<MicroPosition>)| {
            let reason = |e: RingError| ShoreError::Ring { number: i + 1, reason: e.to_string() };
            let ring = Ring::new(corners).map_err(reason)?;
            Ok((ring, corners.iter().filter_map(|c| c.position()).collect()))
        };
        Ok(Self { rings: rings.iter().enumerate().map(ring).collect::<Result<_, _>>()? })
    }

    /// Whether any shore was told.
    pub(crate) fn is_known(&self) -> bool {
        !self.rings.is_empty()
    }

    /// Whether `here` lies inside a ring or nearer to one than `range_m`.
    pub(crate) fn is_near(&self, here: Position, range_m: f64) -> bool {
        self.rings.iter().any(|(ring, corners)| {
            ring.may_be_within(here, range_m)
                && (ring.contains(here) || edges(corners).any(|e| distance_m(here, e) < range_m))
        })
    }
}

fn edges(corners: &[Position]) -> impl Iterator<Item = (Position, Position)> + '_ {
    corners.iter().copied().zip(corners.iter().copied().cycle().skip(1))
}

/// Distance to an edge on the tangent plane at `here`: good where it matters, near.
fn distance_m(here: Position, (a, b): (Position, Position)) -> f64 {
    let (a, b) = (plane::offset(here, a), plane::offset(here, b));
    let edge = [b[0] - a[0], b[1] - a[1]];
    let length_squared = edge[0] * edge[0] + edge[1] * edge[1];
    let along = if length_squared > 0.0 {
        (-(a[0] * edge[0] + a[1] * edge[1]) / length_squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (a[0] + along * edge[0]).hypot(a[1] + along * edge[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Vec<MicroPosition> {
        let corner =
            |latitude_udeg, longitude_udeg| MicroPosition { latitude_udeg, longitude_udeg };
        vec![
            corner(25_000_000, 125_000_000),
            corner(26_000_000, 125_000_000),
            corner(26_000_000, 126_000_000),
            corner(25_000_000, 126_000_000),
        ]
    }

    #[test]
    fn near_is_inside_or_within_the_range_of_an_edge() {
        let shore = Shore::new(&[square()]).unwrap();
        let near = |lat, lon, range_m| shore.is_near(Position::new(lat, lon).unwrap(), range_m);
        assert!(near(25.5, 125.5, 1.0));
        assert!(near(24.95, 125.5, 10_000.0) && !near(24.95, 125.5, 5_000.0));
        assert!(near(25.5, 124.95, 10_000.0) && !near(25.5, 124.85, 10_000.0));
        assert!(!near(-25.5, -125.5, 100_000.0));
    }

    #[test]
    fn no_shore_told_is_near_nothing() {
        let shore = Shore::default();
        assert!(!shore.is_known() && !shore.is_near(Position::new(0.0, 0.0).unwrap(), 1e9));
        let bad = Shore::new(&[square(), square()[..2].to_vec()]).unwrap_err();
        assert_eq!(bad.to_string(), "take ring 2 of the shore: 2 corners; draw 3 to 2000");
    }
}
