//! The way from one fix to the next: the great circle between them, in pieces that are straight in
//! latitude and longitude.
//!
//! In low latitudes one piece will do. Near a pole, where a straight line in latitude and longitude
//! runs round instead of across, as many as the meridians turn.

use renkei_model::position::Position;

use crate::plane::wrap_deg;
use crate::ring::{Unrolled, onward};

/// The meridians turn by no more than this along one piece, degrees.
const TURN_DEG_MAX: f64 = 2.0;
const PIECES_MAX: u32 = 90;

/// A way, as the ends of its pieces; all pieces take the same time.
#[derive(Clone, Debug)]
pub(crate) struct Way(Vec<Unrolled>);

impl Way {
    pub(crate) fn new(from: Position, to: Position) -> Self {
        let longitudes = wrap_deg(to.longitude_deg() - from.longitude_deg()).abs();
        let poleward = from.latitude_deg().abs().max(to.latitude_deg().abs());
        let turn = longitudes * poleward.to_radians().sin();
        #[expect(clippy::cast_sign_loss, reason = "the turn is not negative")]
        let pieces = ((turn / TURN_DEG_MAX).ceil() as u32).clamp(1, PIECES_MAX);
        let mut points = vec![(from.latitude_deg(), from.longitude_deg())];
        let (bearing, distance) = (from.bearing_deg(to), from.distance_m(to));
        for piece in 1..=pieces {
            let p = if piece == pieces {
                to
            } else {
                from.destination(bearing, distance * f64::from(piece) / f64::from(pieces))
            };
            points.push((p.latitude_deg(), onward(points.last(), p.longitude_deg())));
        }
        Self(points)
    }

    pub(crate) fn reversed(&self) -> Self {
        Self(self.0.iter().rev().copied().collect())
    }

    /// Where one is after `part` of the way, 0 to 1.
    pub(crate) fn at(&self, part: f64) -> Option<Position> {
        let pieces = self.0.len() - 1;
        let along = part.clamp(0.0, 1.0) * pieces as f64;
        #[expect(clippy::cast_sign_loss, reason = "a part of the way is not negative")]
        let piece = (along as usize).min(pieces - 1);
        let (a, b) = (self.0[piece], self.0[piece + 1]);
        let rest = along - piece as f64;
        let longitude = a.1 + (b.1 - a.1) * rest;
        Position::new(a.0 + (b.0 - a.0) * rest, wrap_deg(longitude))
    }

    /// The last part of the way at which `crossing` says that its piece crosses something.
    pub(crate) fn last_part(
        &self,
        crossing: impl Fn((Unrolled, Unrolled)) -> Option<f64>,
    ) -> Option<f64> {
        let pieces = self.0.windows(2).enumerate().rev();
        let within =
            pieces.filter_map(|(i, ends)| Some(i as f64 + crossing((ends[0], ends[1]))?)).next()?;
        Some(within / (self.0.len() - 1) as f64)
    }
}
