//! About 420 invented ships: their lanes, what they say, and who hears them.
//!
//! MMSIs are 691NNNNNN: the ITU's table of maritime identification digits ends at 679 in Africa
//! and goes on at 701, so 691 is no country's. Refuses: IMO numbers, which would be somebody's.

use renkei_codec::ais::{
    Dimensions, Fix, Framing, Message, PositionA, PositionB, StaticA, StaticB, Text, Voyage,
    encode_sentences,
};
use renkei_model::observation::Identity;
use renkei_model::time::Timestamp;

use super::Truth;
use super::dice::Dice;
use super::names::Names;
use super::path::{Motion, Path};
use super::table::{number, points, rows, text};

const SEALANES: &str = include_str!("../../data/sealanes.csv");
/// First number of the invented ships.
const MMSI: u32 = 691_000_000;
/// Static and voyage data every six minutes (M.1371-5).
pub(super) const STATIC_MS: i64 = 360_000;
/// Metres a second in a knot.
const KNOT_MPS: f64 = 1852.0 / 3600.0;
/// Ships that the sensitive source alone hears.
const SPECIAL: usize = 3;

const BOTH: &[&str] = &["jpn-ais", "usa-ais"];
const JPN: &[&str] = &["jpn-ais"];
const USA: &[&str] = &["usa-ais"];
const SENSITIVE: &[&str] = &["jpn-special"];

/// One ship.
#[derive(Debug)]
pub(super) struct Ship {
    mmsi: u32,
    name: String,
    callsign: String,
    destination: &'static str,
    ship_type: u8,
    dimensions: Dimensions,
    draught: u8,
    class_b: bool,
    path: Path,
    pub(super) receivers: &'static [&'static str],
    pub(super) interval_ms: i64,
}

/// What a line of the data file calls a ship, with what it is like.
struct Class {
    types: &'static [u8],
    knots: (f64, f64),
    length_m: (f64, f64),
}

fn class(name: &str) -> Class {
    let (types, knots, length_m): (&[u8], _, _) = match name {
        "cargo" => (&[70, 71, 72, 74, 79], (9.0, 19.0), (90.0, 330.0)),
        "tanker" => (&[80, 81, 82, 84, 89], (9.0, 15.5), (95.0, 330.0)),
        "passenger" => (&[60, 61, 69], (14.0, 22.0), (80.0, 190.0)),
        "highspeed" => (&[40, 49], (30.0, 42.0), (28.0, 48.0)),
        "tug" => (&[52, 50], (4.0, 9.0), (22.0, 40.0)),
        _ => (&[30], (2.5, 7.0), (14.0, 38.0)),
    };
    Class { types, knots, length_m }
}

/// Every ship of the data file but the scripted one.
pub(super) fn ships(dice: &mut Dice) -> Vec<Ship> {
    let mut names = Names::default();
    let mut ships: Vec<Ship> = Vec::new();
    for row in rows(SEALANES) {
        for _ in 0..number(&row, 1) as usize {
            let mmsi = MMSI + 1 + ships.len() as u32;
            ships.push(Ship::new(mmsi, &row, &mut names, dice));
        }
    }
    let ocean = ships.iter_mut().filter(|ship| ship.ship_type == 80 || ship.ship_type == 81);
    ocean.take(SPECIAL).for_each(|ship| ship.receivers = SENSITIVE);
    ships
}

impl Ship {
    fn new(mmsi: u32, row: &[&'static str], names: &mut Names, dice: &mut Dice) -> Self {
        let class = class(text(row, 3));
        let (kind, spread_km, way) = (text(row, 0), number(row, 2), points(row, 5));
        let knots = dice.between(class.knots.0, class.knots.1);
        let speed_mps = knots * KNOT_MPS;
        let path = match (kind, way.as_slice()) {
            ("roads", [centre]) => Path::at_rest(*centre, spread_km, dice),
            ("ground", [centre]) => Path::round(*centre, spread_km, speed_mps, dice),
            (_, way) => Path::along(way, spread_km, speed_mps, dice),
        };
        let class_b = kind == "ground" && dice.chance(80);
        let length_m = dice.between(class.length_m.0, class.length_m.1);
        Self {
            mmsi,
            name: names.ship(dice),
            callsign: names.callsign(dice),
            destination: text(row, 4),
            ship_type: dice.pick(class.types),
            dimensions: dimensions(length_m),
            draught: (length_m / 250.0 * 120.0).min(200.0) as u8,
            class_b,
            interval_ms: interval_ms(path.speed_mps / KNOT_MPS, class_b),
            path,
            receivers: match dice.below(100) {
                0..55 => BOTH,
                55..85 => JPN,
                _ => USA,
            },
        }
    }

    /// One position report, with its line's end.
    pub(super) fn position_report(&self, start: Timestamp, at: Timestamp) -> Vec<u8> {
        let motion = self.path.motion(start, at);
        let message = if self.class_b {
            Message::PositionB(position_b(self.mmsi, motion, at))
        } else {
            let status = if motion.speed_mps > 0.0 { 0 } else { 1 };
            Message::PositionA(position_a(self.mmsi, status, motion, at))
        };
        sentences(&message, self.mmsi, 0)
    }

    /// Name and the rest, with line ends.
    pub(super) fn static_reports(&self, sequence: u8) -> Vec<u8> {
        if !self.class_b {
            return sentences(&Message::Voyage(self.voyage()), self.mmsi, sequence);
        }
        let name =
            StaticA { kind: 24, repeat: 0, mmsi: self.mmsi, part: 0, name: Text::new(&self.name) };
        let rest = StaticB {
            kind: 24,
            repeat: 0,
            mmsi: self.mmsi,
            part: 1,
            ship_type: self.ship_type,
            vendor: Text::new("QEX"),
            model: 1,
            serial: self.mmsi % 1_000_000,
            callsign: Text::new(&self.callsign),
            dimensions: self.dimensions,
            device: 1,
        };
        let mut bytes = sentences(&Message::StaticA(name), self.mmsi, 0);
        bytes.extend(sentences(&Message::StaticB(rest), self.mmsi, 0));
        bytes
    }

    fn voyage(&self) -> Voyage {
        voyage(VoyageOf {
            mmsi: self.mmsi,
            name: &self.name,
            callsign: &self.callsign,
            ship_type: self.ship_type,
            dimensions: self.dimensions,
            draught: self.draught,
            destination: self.destination,
        })
    }

    /// As it truly is.
    pub(super) fn truth(&self, start: Timestamp, at: Timestamp) -> Truth {
        let motion = self.path.motion(start, at);
        Truth {
            identity: Identity::Mmsi(self.mmsi),
            name: self.name.clone(),
            position: motion.position,
            speed_mps: motion.speed_mps,
            course_deg: motion.course_deg,
            receivers: self.receivers,
        }
    }
}

/// Reporting interval of M.1371-5, table 1: at anchor, by speed, and class B.
fn interval_ms(knots: f64, class_b: bool) -> i64 {
    match knots {
        _ if class_b => 30_000,
        knots if knots < 0.5 => 180_000,
        knots if knots <= 14.0 => 10_000,
        knots if knots <= 23.0 => 6_000,
        _ => 2_000,
    }
}

fn dimensions(length_m: f64) -> Dimensions {
    let beam = (length_m / 6.5).clamp(4.0, 60.0) as u8;
    let length = length_m as u16;
    let stern = length / 5;
    Dimensions { bow: length - stern, stern, port: beam / 2, starboard: beam - beam / 2 }
}

/// What a type 5 is made from.
pub(super) struct VoyageOf<'a> {
    pub(super) mmsi: u32,
    pub(super) name: &'a str,
    pub(super) callsign: &'a str,
    pub(super) ship_type: u8,
    pub(super) dimensions: Dimensions,
    pub(super) draught: u8,
    pub(super) destination: &'a str,
}

pub(super) fn voyage(of: VoyageOf<'_>) -> Voyage {
    Voyage {
        kind: 5,
        repeat: 0,
        mmsi: of.mmsi,
        version: 2,
        imo: 0,
        callsign: Text::new(of.callsign),
        name: Text::new(of.name),
        ship_type: of.ship_type,
        dimensions: of.dimensions,
        device: 1,
        month: 0,
        day: 0,
        hour: 24,
        minute: 60,
        draught: of.draught,
        destination: Text::new(of.destination),
        dte: false,
    }
}

pub(super) fn position_a(mmsi: u32, status: u8, motion: Motion, at: Timestamp) -> PositionA {
    let (speed, course, heading, second) = raw(motion, at);
    PositionA {
        kind: 1,
        repeat: 0,
        mmsi,
        status,
        turn: 0,
        speed,
        accurate: true,
        fix: Fix::new(motion.position),
        course,
        heading,
        second,
        manoeuvre: 0,
        raim: false,
        radio: 0,
    }
}

fn position_b(mmsi: u32, motion: Motion, at: Timestamp) -> PositionB {
    let (speed, course, _, second) = raw(motion, at);
    PositionB {
        kind: 18,
        repeat: 0,
        mmsi,
        regional: 0,
        speed,
        accurate: true,
        fix: Fix::new(motion.position),
        course,
        heading: 511,
        second,
        carrier_sense: true,
        display: false,
        dsc: true,
        band: true,
        managed: true,
        assigned: false,
        raim: false,
        radio: 0,
    }
}

/// Speed, course, heading and second as AIS writes them.
fn raw(motion: Motion, at: Timestamp) -> (u16, u16, u16, u8) {
    let speed = (motion.speed_mps / KNOT_MPS * 10.0).round() as u16;
    let course = (motion.course_deg * 10.0).round() as u16 % 3600;
    let heading = motion.course_deg.round() as u16 % 360;
    (speed, course, heading, (at.0.div_euclid(1000).rem_euclid(60)) as u8)
}

/// The sentences of `message` with line ends. A ship keeps to its channel.
pub(super) fn sentences(message: &Message, mmsi: u32, sequence: u8) -> Vec<u8> {
    let channel = Some(if mmsi.is_multiple_of(2) { b'A' } else { b'B' });
    let framing = Framing { sequence, channel, ..Framing::default() };
    let mut bytes = Vec::new();
    for sentence in encode_sentences(message, framing) {
        bytes.extend(sentence.bytes().chain(*b"\r\n"));
    }
    bytes
}
