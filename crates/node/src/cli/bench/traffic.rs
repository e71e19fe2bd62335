//! Made-up traffic as real sentences and frames, so that every benchmark has input without any
//! recording.
//!
//! Refuses: chance and clocks. The same second gives the same bytes on any machine. Identities are
//! invented, under codes that no country has.

use renkei_codec::FeedContext;
use renkei_codec::ais::{
    Dimensions, Fix, Framing, Message, PositionA, PositionB, StaticA, StaticB, Text, Voyage,
    encode_sentences,
};
use renkei_codec::modes::{
    beast, encode_airborne_position, encode_identification, encode_velocity,
};
use renkei_model::id::{Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

/// When the first second begins.
pub(super) const START: Timestamp = Timestamp(1_795_014_400_000);
/// A ship reports its position this often.
const SHIP_S: i64 = 4;
/// And its name this often, as ITU-R M.1371 has it.
const NAME_S: i64 = 360;
/// Degrees of latitude in a nautical mile.
const MILE_DEG: f64 = 1.0 / 60.0;

/// A feed of this node whose reports may go to the partner in full.
pub(super) fn context(name: &str) -> FeedContext {
    let label = Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Unclassified,
        releasable_to: [Nation::USA].into(),
        restrictive: [].into(),
        informative: ["CIVIL".into()].into(),
        originator: Nation::JPN,
        created: START,
        review: None,
    };
    FeedContext { source: SourceId(name.into()), label, nation: Nation::JPN }
}

/// Ships that report every four seconds (three of four on class A, the others on class B) and
/// aircraft that report their position three times in two seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traffic {
    /// Ships.
    pub(super) ships: u32,
    /// Aircraft.
    pub(super) aircraft: u32,
}

/// What came in within a tenth of a second.
#[derive(Clone, Debug)]
pub(super) struct Tenth {
    /// When.
    pub(super) at: Timestamp,
    /// AIVDM lines.
    pub(super) ais: Vec<u8>,
    /// Beast frames.
    pub(super) beast: Vec<u8>,
}

impl Traffic {
    /// What is on the air in second `s`.
    pub(super) fn second(&self, s: i64) -> Vec<Tenth> {
        (0..10).map(|tenth| self.tenth(s, tenth)).collect()
    }

    fn tenth(&self, s: i64, tenth: i64) -> Tenth {
        let at = START.plus_ms(s * 1_000 + tenth * 100);
        let (mut ais, mut frames) = (Vec::new(), Vec::new());
        for ship in (0..self.ships).filter(|ship| i64::from(*ship % 10) == tenth) {
            for message in sent_by_ship(ship, s) {
                write_sentences(&message, (ship / 10 % 10) as u8, &mut ais);
            }
        }
        for aircraft in 0..self.aircraft {
            for frame in sent_by_aircraft(aircraft, s, tenth) {
                let counter = (s * 10 + tenth) as u64 * 1_200_000;
                frames.extend(beast::encode(&frame, counter, 200));
            }
        }
        Tenth { at, ais, beast: frames }
    }
}

/// Appends `message` as the lines of its sentences, whose parts are joined by `sequence`.
pub(super) fn write_sentences(message: &Message, sequence: u8, lines: &mut Vec<u8>) {
    for sentence in encode_sentences(message, Framing { sequence, ..Framing::default() }) {
        lines.extend_from_slice(sentence.as_bytes());
        lines.extend_from_slice(b"\r\n");
    }
}

/// Where number `n` is at second `s`: a place of its own on a grid over the western Pacific, and
/// from there on its way at `knots`. Also its course in degrees.
fn place(n: u32, s: f64, knots: f64) -> (Option<Position>, f64) {
    let (row, column) = (f64::from(n / 100 % 100), f64::from(n % 100));
    let course_deg = f64::from(n * 37 % 360);
    let (east, north) = course_deg.to_radians().sin_cos();
    let gone = knots / 3_600.0 * s * MILE_DEG;
    let latitude = 20.0 + row * 0.2 + north * gone;
    let longitude = 120.0 + column * 0.25 + east * gone / latitude.to_radians().cos();
    (Position::new(latitude, longitude), course_deg)
}

fn sent_by_ship(ship: u32, s: i64) -> Vec<Message> {
    let is_class_b = ship.is_multiple_of(4);
    let mut sent = Vec::new();
    let turn = s + i64::from(ship / 10);
    if turn % SHIP_S == 0 {
        let said = if is_class_b { report_b } else { report_a };
        sent.extend(ship_motion(ship, s).map(|motion| said(ship, motion)));
    }
    if turn % NAME_S == 0 {
        sent.push(if is_class_b { static_b(ship) } else { voyage(ship) });
    }
    sent
}

fn mmsi(ship: u32) -> u32 {
    200_000_000 + ship
}

/// What a ship says of how it moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Motion {
    pub(super) position: Position,
    /// 0.1 knot.
    pub(super) speed: u16,
    pub(super) course_deg: u16,
    /// Navigational status: 0 under way, 1 at anchor, 5 moored.
    pub(super) status: u8,
    /// The second of the minute.
    pub(super) second: u8,
}

fn ship_motion(ship: u32, s: i64) -> Option<Motion> {
    let knots = 5 + ship % 15;
    let (position, course_deg) = place(ship, s as f64, f64::from(knots));
    let (speed, course_deg) = (knots as u16 * 10, course_deg as u16);
    Some(Motion { position: position?, speed, course_deg, status: 0, second: (s % 60) as u8 })
}

/// A position report of class A.
pub(super) fn report_a(ship: u32, motion: Motion) -> Message {
    let Motion { position, speed, course_deg, status, second } = motion;
    Message::PositionA(PositionA {
        kind: 1,
        repeat: 0,
        mmsi: mmsi(ship),
        status,
        turn: 0,
        speed,
        accurate: true,
        fix: Fix::new(position),
        course: course_deg * 10,
        heading: course_deg,
        second,
        manoeuvre: 0,
        raim: false,
        radio: 0,
    })
}

/// A position report of class B.
pub(super) fn report_b(ship: u32, motion: Motion) -> Message {
    let Motion { position, speed, course_deg, second, .. } = motion;
    Message::PositionB(PositionB {
        kind: 18,
        repeat: 0,
        mmsi: mmsi(ship),
        regional: 0,
        speed,
        accurate: false,
        fix: Fix::new(position),
        course: course_deg * 10,
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
    })
}

fn dimensions(ship: u32) -> Dimensions {
    Dimensions { bow: 50 + (ship % 200) as u16, stern: 20, port: 10, starboard: 12 }
}

/// What a ship of class A says of itself.
pub(super) fn voyage(ship: u32) -> Message {
    Message::Voyage(Voyage {
        kind: 5,
        repeat: 0,
        mmsi: mmsi(ship),
        version: 0,
        imo: 9_000_000 + ship,
        callsign: Text::new(&format!("X{ship}")),
        name: Text::new(&format!("RENKEI MARU {ship}")),
        ship_type: 70,
        dimensions: dimensions(ship),
        device: 1,
        month: 11,
        day: 23,
        hour: 6,
        minute: 30,
        draught: 85,
        destination: Text::new("NAHA"),
        dte: false,
    })
}

/// What a ship of class B says of itself.
pub(super) fn static_b(ship: u32) -> Message {
    let name = Text::new(&format!("RENKEI {ship}"));
    let a = StaticA { kind: 24, repeat: 0, mmsi: mmsi(ship), part: 0, name };
    let b = StaticB {
        kind: 24,
        repeat: 0,
        mmsi: mmsi(ship),
        part: 1,
        ship_type: 36,
        vendor: Text::new("RNK"),
        model: 1,
        serial: ship,
        callsign: Text::new(&format!("X{ship}")),
        dimensions: dimensions(ship),
        device: 1,
    };
    // One part a turn, as they are sent a minute apart.
    if ship.is_multiple_of(8) { Message::StaticA(a) } else { Message::StaticB(b) }
}

/// A position each second and another in odd ones, a velocity each second, a call sign every five.
fn sent_by_aircraft(aircraft: u32, s: i64, tenth: i64) -> Vec<[u8; 14]> {
    let icao = 0xF0_0000 + aircraft;
    let slot = i64::from(aircraft % 5);
    let mut sent = Vec::new();
    let knots = 250 + aircraft % 230;
    let (position, course_deg) = place(aircraft, s as f64 + tenth as f64 / 10.0, f64::from(knots));
    let is_second = tenth == slot + 5 && s % 2 == 1;
    if let Some(position) = position.filter(|_| tenth == slot || is_second) {
        let sent_before = s / 2 * 3 + s % 2 + i64::from(is_second);
        let is_odd = sent_before % 2 == 1;
        sent.push(encode_airborne_position(icao, position, 36_000, is_odd));
    }
    if tenth == slot {
        let (east, north) = course_deg.to_radians().sin_cos();
        let knots = f64::from(knots);
        sent.push(encode_velocity(icao, east * knots, north * knots, 0.0));
    }
    if tenth == slot && (s + i64::from(aircraft)) % 5 == 0 {
        sent.push(encode_identification(icao, 3, &format!("RNK{aircraft}")));
    }
    sent
}
