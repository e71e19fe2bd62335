//! Traffic of the whole world, spread as it is: half of it within a few miles of some sixty harbours
//! and straits, much of it at anchor, the rest along the way; aircraft round the same places.
//!
//! Refuses: chance and clocks, as all traffic here. A place on land is as good as one at sea.

use std::f64::consts::TAU;

use renkei_codec::modes::{
    beast, encode_airborne_position, encode_identification, encode_velocity,
};
use renkei_model::position::Position;

use super::traffic::{Motion, START, Tenth, report_a, report_b, static_b, voyage, write_sentences};

/// Tenths in which every ship says where and who it is before it is measured.
pub(super) const ARRIVAL_TENTHS: i64 = 600;
/// Metres a second in a knot.
const MPS: f64 = 1_852.0 / 3_600.0;
/// Tenths between reports as ITU-R M.1371 has them: class A under way, class B, at anchor, names.
const CLASS_A: u32 = 100;
const CLASS_B: u32 = 300;
const AT_ANCHOR: u32 = 1_800;
const NAMES: u32 = 3_600;

/// Latitude, longitude, and how crowded it is beside the others.
const HUBS: &[(f64, f64, u32)] = &[
    (31.2, 122.0, 90),
    (29.9, 122.1, 60),
    (1.2, 103.8, 80),
    (22.3, 114.0, 60),
    (22.5, 113.7, 40),
    (36.0, 120.4, 40),
    (38.9, 118.0, 40),
    (35.0, 129.0, 45),
    (34.9, 127.8, 20),
    (37.3, 126.4, 20),
    (35.4, 139.8, 45),
    (34.6, 135.3, 35),
    (34.0, 131.0, 25),
    (24.9, 125.2, 4),
    (26.2, 127.6, 6),
    (25.1, 121.4, 20),
    (22.6, 120.2, 20),
    (14.5, 120.8, 20),
    (10.3, 123.9, 10),
    (-6.1, 106.9, 20),
    (-7.2, 112.7, 15),
    (3.0, 101.3, 30),
    (5.5, 98.5, 15),
    (13.6, 100.6, 20),
    (10.4, 107.0, 20),
    (20.8, 106.8, 15),
    (22.2, 91.8, 15),
    (18.9, 72.8, 15),
    (6.9, 79.8, 12),
    (25.2, 56.4, 30),
    (26.5, 56.3, 15),
    (29.3, 48.7, 10),
    (12.6, 43.3, 12),
    (29.9, 32.6, 25),
    (31.3, 32.3, 20),
    (36.9, 27.0, 15),
    (37.9, 23.6, 20),
    (41.1, 29.0, 30),
    (38.0, 15.6, 10),
    (43.3, 5.2, 12),
    (36.0, -5.5, 35),
    (38.7, -9.3, 8),
    (51.0, 1.5, 40),
    (51.9, 4.0, 60),
    (51.3, 3.6, 30),
    (53.9, 8.5, 35),
    (57.6, 10.6, 25),
    (55.6, 12.7, 25),
    (59.9, 28.5, 15),
    (60.1, 25.0, 15),
    (60.4, 5.2, 20),
    (50.8, -1.2, 20),
    (53.4, -3.2, 10),
    (40.5, -74.0, 25),
    (36.9, -76.2, 12),
    (25.8, -80.1, 15),
    (29.3, -94.7, 35),
    (29.0, -89.4, 35),
    (9.1, -79.7, 20),
    (33.7, -118.2, 15),
    (37.8, -122.5, 12),
    (48.4, -123.2, 15),
    (-23.9, -46.3, 15),
    (-34.6, -58.3, 12),
    (-33.9, 18.4, 8),
    (6.4, 3.4, 12),
    (-33.9, 151.2, 8),
    (-37.9, 144.8, 8),
];

/// Ships and aircraft of the world.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ocean {
    pub(super) ships: u32,
    pub(super) aircraft: u32,
}

/// South-western corners of a zone 2° square round each hub, degrees.
pub(super) fn zones() -> impl Iterator<Item = [f64; 2]> {
    HUBS.iter().map(|(latitude, longitude, _)| [latitude - 1.0, longitude - 1.0])
}

/// Numbers that look random and are the same on any machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn of(thing: u32) -> Self {
        Self(u64::from(thing).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn unit(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A hub, the crowded ones more often.
    fn hub(&mut self) -> Option<Position> {
        let all: u32 = HUBS.iter().map(|(_, _, weight)| weight).sum();
        let mut left = (self.roll() % u64::from(all)) as u32;
        for (latitude, longitude, weight) in HUBS {
            if left < *weight {
                return Position::new(*latitude, *longitude);
            }
            left -= weight;
        }
        None
    }

    /// Somewhere round `middle`: half within 0.7 of `spread_m`, few beyond four times that.
    fn round(&mut self, middle: Position, spread_m: f64) -> Position {
        let distance_m = -spread_m * (1.0 - self.unit()).ln();
        middle.destination(self.unit() * 360.0, distance_m)
    }
}

/// A ship's way.
struct Ship {
    start: Position,
    course_deg: f64,
    knots: f64,
    status: u8,
    is_class_b: bool,
}

impl Ship {
    fn of(number: u32) -> Option<Self> {
        let mut dice = Dice::of(number);
        let hub = dice.hub()?;
        let (start, lies) = match dice.roll() % 100 {
            0..45 => (dice.round(hub, 5_000.0), true),
            45..75 => (dice.round(hub, 25_000.0), false),
            _ => (dice.round(hub, 600_000.0), false),
        };
        let knots = if lies { 0.0 } else { 4.0 + 16.0 * dice.unit() };
        let status = if !lies {
            0
        } else if dice.unit() < 0.3 {
            1
        } else {
            5
        };
        let course_deg = 360.0 * dice.unit();
        Some(Self { start, course_deg, knots, status, is_class_b: dice.unit() < 0.3 })
    }

    fn every(&self) -> u32 {
        match (self.status, self.is_class_b) {
            (1 | 5, _) => AT_ANCHOR,
            (_, true) => CLASS_B,
            (_, false) => CLASS_A,
        }
    }
}

impl Ocean {
    /// What is on the air in second `s`; [`ARRIVAL_TENTHS`] are before second 0.
    pub(super) fn second(&self, s: i64) -> Vec<Tenth> {
        (0..10).map(|tenth| self.tenth(s * 10 + tenth)).collect()
    }

    fn tenth(&self, t: i64) -> Tenth {
        let at = START.plus_ms(t * 100);
        let mut tenth = Tenth { at, ais: Vec::new(), beast: Vec::new() };
        if t < 0 {
            let turn = t.rem_euclid(ARRIVAL_TENTHS) as u32;
            for (number, ship) in self.turns(turn, ARRIVAL_TENTHS as u32) {
                report(number, &ship, t, &mut tenth.ais);
                name(number, &ship, &mut tenth.ais);
            }
        } else {
            let of = |every: u32| t.rem_euclid(i64::from(every)) as u32;
            for (number, ship) in self.turns(of(CLASS_A), CLASS_A) {
                if number % ship.every() == of(ship.every()) {
                    report(number, &ship, t, &mut tenth.ais);
                }
            }
            for (number, ship) in self.turns(of(NAMES), NAMES) {
                name(number, &ship, &mut tenth.ais);
            }
        }
        for number in (t.rem_euclid(10) as u32..self.aircraft).step_by(10) {
            fly(number, t, &mut tenth.beast);
        }
        tenth
    }

    /// Every ship that has turn `turn` of `every`.
    fn turns(&self, turn: u32, every: u32) -> impl Iterator<Item = (u32, Ship)> {
        let numbers = (turn..self.ships).step_by(every as usize);
        numbers.filter_map(|number| Some((number, Ship::of(number)?)))
    }
}

fn report(number: u32, ship: &Ship, t: i64, lines: &mut Vec<u8>) {
    let gone_m = ship.knots * MPS * t as f64 / 10.0;
    let motion = Motion {
        position: ship.start.destination(ship.course_deg, gone_m),
        speed: (ship.knots * 10.0) as u16,
        course_deg: ship.course_deg as u16,
        status: ship.status,
        second: (t.div_euclid(10)).rem_euclid(60) as u8,
    };
    let said = if ship.is_class_b { report_b } else { report_a };
    write_sentences(&said(number, motion), 0, lines);
}

fn name(number: u32, ship: &Ship, lines: &mut Vec<u8>) {
    let said = if ship.is_class_b { static_b } else { voyage };
    write_sentences(&said(number), (number % 10) as u8, lines);
}

/// A position each second, a velocity every four, a call sign every ten.
fn fly(number: u32, t: i64, frames: &mut Vec<u8>) {
    let icao = 0xF0_0000 + number;
    let mut dice = Dice::of(0xA000_0000 | number);
    let Some(hub) = dice.hub() else { return };
    let start = dice.round(hub, 300_000.0);
    let (course_deg, knots) = (360.0 * dice.unit(), 200.0 + 280.0 * dice.unit());
    let place = start.destination(course_deg, knots * MPS * t as f64 / 10.0);
    let counter = (START.0 / 100 + t) as u64 * 1_200_000;
    let s = t.div_euclid(10) + i64::from(number);
    frames.extend(beast::encode(
        &encode_airborne_position(icao, place, 36_000, s % 2 == 0),
        counter,
        200,
    ));
    if s % 4 == 0 {
        let (east, north) = (course_deg / 360.0 * TAU).sin_cos();
        frames.extend(beast::encode(
            &encode_velocity(icao, east * knots, north * knots, 0.0),
            counter,
            200,
        ));
    }
    if s % 10 == 0 {
        let callsign = format!("RNK{number}");
        frames.extend(beast::encode(&encode_identification(icao, 3, &callsign), counter, 200));
    }
}
