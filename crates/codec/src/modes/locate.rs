//! Where one aircraft is, from its own coded positions.
//!
//! Refuses: a first position from one message, positions that the aircraft could not have reached,
//! and a fixed reference. One message on the ground is placed by the aircraft's own position alone; a
//! pair, which needs to know no more than the part of the world, also by where the same feed hears
//! others fly.

use std::collections::VecDeque;

use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::cpr::{Cpr, CprPair};

/// The two halves of a pair in the air: DO-260B asks for 10 s, in which no aircraft crosses a zone
/// unseen.
const PAIR_AGE_MS_MAX_AIR: i64 = 10_000;
/// On the ground: messages come every 5 s from one that stands, and 25 s is what DO-260B allows above
/// 25 knots.
const PAIR_AGE_MS_MAX_SURFACE: i64 = 25_000;
/// Half a zone in the air is 333 km: further than Mach 3 goes in 5 minutes.
const REFERENCE_AGE_MS_MAX_AIR: i64 = 300_000;
/// Half a zone on the ground is 83 km. Below 10,000 ft nothing flies faster than 250 knots, and an
/// aircraft that lands or has taken off was below it for the last 10 minutes: 77 km.
const REFERENCE_AGE_MS_MAX_LANDING: i64 = 600_000;
/// A taxiing aircraft needs longer than this for 83 km.
const REFERENCE_AGE_MS_MAX_TAXI: i64 = 900_000;
/// A pair on the ground needs its reference within 45°: 4 hours of flight.
const REFERENCE_AGE_MS_MAX_PAIR: i64 = 14_400_000;
/// Mach 3 at height.
const SPEED_MPS_MAX_AIR: f64 = 1_030.0;
/// Faster than any take-off run.
const SPEED_MPS_MAX_SURFACE: f64 = 150.0;
/// What receive times and coding may be off.
const SLACK_M: f64 = 2_000.0;
/// After so many positions in a row that could not be reached, the old one is the wrong one.
const STRIKES_MAX: u8 = 3;

/// A coded position and when it came.
#[derive(Clone, Copy, Debug)]
struct Heard {
    cpr: Cpr,
    at: Timestamp,
    is_surface: bool,
}

/// A position and when it was true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// Where.
    pub position: Position,
    /// When.
    pub at: Timestamp,
    /// Whether on the ground.
    pub is_surface: bool,
}

/// Positions in the air of which the part of the world is told.
const NEIGHBOURS: usize = 16;
/// Apart in time, so that one aircraft alone does not fill the table.
const NEIGHBOUR_MS: i64 = 10_000;
/// One receiver hears no further than 450 km; two such circles and some room.
const NEIGHBOURHOOD_M: f64 = 1_500_000.0;

/// In which part of the world a feed's receiver stands, told from the positions in the air that it
/// heard of late. A feed that mixes distant receivers has none.
#[derive(Clone, Debug, Default)]
pub struct Neighbourhood {
    fixes: VecDeque<Fix>,
}

impl Neighbourhood {
    /// Takes a position that was accepted.
    pub fn hear(&mut self, fix: Fix) {
        let is_soon =
            self.fixes.back().is_some_and(|last| fix.at.since_ms(last.at).abs() < NEIGHBOUR_MS);
        if fix.is_surface || is_soon {
            return;
        }
        if self.fixes.len() >= NEIGHBOURS {
            self.fixes.pop_front();
        }
        self.fixes.push_back(fix);
    }

    /// A position in that part of the world.
    #[must_use]
    pub fn reference(&self) -> Option<Position> {
        let last = self.fixes.back()?;
        let is_near = |fix: &Fix| fix.position.distance_m(last.position) <= NEIGHBOURHOOD_M;
        self.fixes.iter().all(is_near).then_some(last.position)
    }
}

/// The state of one aircraft's coded positions.
#[derive(Clone, Debug, Default)]
pub struct Locator {
    even: Option<Heard>,
    odd: Option<Heard>,
    last: Option<Fix>,
    strikes: u8,
    fixes: u8,
}

impl Locator {
    /// Takes a coded position heard at `at` and says where the aircraft was, if that can be known.
    pub fn place(
        &mut self,
        cpr: Cpr,
        is_surface: bool,
        at: Timestamp,
        neighbourhood: &Neighbourhood,
    ) -> Option<Position> {
        let heard = Some(Heard { cpr, at, is_surface });
        if cpr.is_odd {
            self.odd = heard;
        } else {
            self.even = heard;
        }
        let candidate = self
            .by_pair(cpr.is_odd, is_surface, neighbourhood)
            .or_else(|| self.last.and_then(|last| near(cpr, is_surface, at, last)))?;
        self.accept(Fix { position: candidate, at, is_surface })
    }

    /// Takes a position that needs no decoding, if the aircraft can have reached it.
    pub fn accept(&mut self, fix: Fix) -> Option<Position> {
        if self.last.is_some_and(|last| !reachable(last, fix)) {
            self.strikes += 1;
            if self.strikes >= STRIKES_MAX {
                *self = Self { even: self.even, odd: self.odd, ..Self::default() };
            }
            return None;
        }
        self.strikes = 0;
        self.fixes = self.fixes.saturating_add(1);
        self.last = Some(fix);
        Some(fix.position)
    }

    /// The last accepted position.
    #[must_use]
    pub fn last(&self) -> Option<Fix> {
        self.last
    }

    /// How many positions in a row agreed with the one before; saturates at 255.
    #[must_use]
    pub fn agreeing(&self) -> u8 {
        self.fixes
    }

    fn by_pair(
        &self,
        is_odd_last: bool,
        is_surface: bool,
        neighbourhood: &Neighbourhood,
    ) -> Option<Position> {
        let (even, odd) = (self.even?, self.odd?);
        let age = odd.at.since_ms(even.at).abs();
        let age_max = if is_surface { PAIR_AGE_MS_MAX_SURFACE } else { PAIR_AGE_MS_MAX_AIR };
        if even.is_surface != is_surface || odd.is_surface != is_surface || age > age_max {
            return None;
        }
        let pair = CprPair { even: even.cpr, odd: odd.cpr, is_odd_last };
        if !is_surface {
            return pair.airborne();
        }
        let at = even.at.max(odd.at);
        let own = self.last.filter(|last| at.since_ms(last.at).abs() <= REFERENCE_AGE_MS_MAX_PAIR);
        pair.surface(own.map(|fix| fix.position).or_else(|| neighbourhood.reference())?)
    }
}

/// The position of `cpr` near the aircraft's own `other` position, earlier or later, if it cannot
/// have been half a zone away at `at`.
#[must_use]
pub(super) fn near(cpr: Cpr, is_surface: bool, at: Timestamp, other: Fix) -> Option<Position> {
    let age_max = match (is_surface, other.is_surface) {
        (false, _) => REFERENCE_AGE_MS_MAX_AIR,
        (true, false) => REFERENCE_AGE_MS_MAX_LANDING,
        (true, true) => REFERENCE_AGE_MS_MAX_TAXI,
    };
    if at.since_ms(other.at).abs() > age_max {
        return None;
    }
    cpr.local(other.position, is_surface)
}

fn reachable(from: Fix, to: Fix) -> bool {
    let on_ground = from.is_surface && to.is_surface;
    let speed = if on_ground { SPEED_MPS_MAX_SURFACE } else { SPEED_MPS_MAX_AIR };
    let elapsed_s = to.at.since_ms(from.at).abs() as f64 / 1000.0;
    from.position.distance_m(to.position) <= SLACK_M + speed * elapsed_s
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    fn elsewhere() -> Neighbourhood {
        Neighbourhood::default()
    }

    fn hear(
        locator: &mut Locator,
        truth: Position,
        odd: bool,
        ground: bool,
        s: i64,
    ) -> Option<f64> {
        locator
            .place(Cpr::encode(truth, odd, ground), ground, Timestamp(s * 1000), &elsewhere())
            .map(|place| place.distance_m(truth))
    }

    #[test]
    fn one_message_is_no_position_and_two_within_ten_seconds_are() {
        let (mut locator, truth) = (Locator::default(), at(24.8, 125.3));
        assert_eq!(hear(&mut locator, truth, false, false, 0), None);
        assert_eq!(hear(&mut locator, truth, true, false, 11), None);
        assert!(hear(&mut locator, truth, false, false, 20).unwrap() < 6.0);
        assert!(hear(&mut locator, truth, false, false, 200).unwrap() < 6.0, "then one is enough");
    }

    #[test]
    fn an_impossible_jump_is_dropped_and_three_start_anew() {
        let (mut locator, here, there) = (Locator::default(), at(24.8, 125.3), at(34.0, 135.0));
        hear(&mut locator, here, false, false, 0);
        assert!(hear(&mut locator, here, true, false, 1).is_some());
        for (second, odd) in [(2, false), (3, true), (4, false), (5, true)] {
            // The first of them still pairs with the old place, which gives nonsense or a jump.
            assert_eq!(hear(&mut locator, there, odd, false, second), None, "{second}");
            if locator.last().is_none() {
                break;
            }
        }
        assert!(locator.last().is_none());
        assert!(hear(&mut locator, there, true, false, 6).unwrap() < 6.0);
        assert_eq!(locator.agreeing(), 1);
    }

    #[test]
    fn an_arrival_is_placed_by_its_own_flight() {
        let (mut locator, final_approach) = (Locator::default(), at(51.45, -0.35));
        let stand = at(51.4775, -0.4614);
        hear(&mut locator, final_approach, false, false, 0);
        hear(&mut locator, final_approach, true, false, 1);
        assert!(hear(&mut locator, stand, false, true, 120).unwrap() < 2.0);
    }

    #[test]
    fn on_the_ground_one_message_is_no_position() {
        let (mut locator, stand) = (Locator::default(), at(43.63, 1.36));
        assert_eq!(hear(&mut locator, stand, false, true, 0), None);
        assert_eq!(hear(&mut locator, stand, true, true, 1), None, "nor two without a reference");
    }

    #[test]
    fn a_departure_is_placed_in_pairs_by_where_others_fly() {
        let (mut locator, stand) = (Locator::default(), at(43.63, 1.36));
        let mut toulouse = Neighbourhood::default();
        toulouse.hear(Fix { position: at(46.0, 3.0), at: Timestamp(0), is_surface: false });
        let mut say = |odd: bool, s: i64| {
            let cpr = Cpr::encode(stand, odd, true);
            locator.place(cpr, true, Timestamp(s * 1000), &toulouse)
        };
        assert_eq!(say(false, 1), None);
        assert!(say(true, 2).unwrap().distance_m(stand) < 2.0);
    }

    #[test]
    fn a_feed_of_distant_receivers_has_no_neighbourhood() {
        let mut world = Neighbourhood::default();
        for (s, place) in [(0, at(43.6, 1.4)), (20, at(35.5, 139.8))] {
            world.hear(Fix { position: place, at: Timestamp(s * 1000), is_surface: false });
        }
        assert_eq!(world.reference(), None);
    }
}
