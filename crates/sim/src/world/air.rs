//! 150 invented aircraft: airways and orbits, heard as Mode S frames in Beast framing.
//!
//! ICAO addresses are D90000 and up: the block 1101 (D00000–DFFFFF) of annex 10 is reserved and no
//! state's. Refuses: emergencies. No frame here carries 7500, 7600 or 7700.

use renkei_codec::modes::{
    Squawk, beast, encode_airborne_position, encode_all_call, encode_identification,
    encode_squawk_reply, encode_velocity,
};
use renkei_model::observation::Identity;
use renkei_model::time::Timestamp;

use super::Truth;
use super::dice::Dice;
use super::names::Names;
use super::path::Path;
use super::table::{number, points, rows, text};

const AIRWAYS: &str = include_str!("../../data/airways.csv");
/// First of the invented addresses.
const ICAO: u32 = 0x00D9_0000;
const KNOT_MPS: f64 = 1852.0 / 3600.0;
/// Beast counts at 12 MHz.
const TICKS_A_MS: i64 = 12_000;
/// Received strength, of 255.
const SIGNAL: u8 = 180;

const BOTH: &[&str] = &["jpn-adsb", "usa-adsb"];
const JPN: &[&str] = &["jpn-adsb"];
const USA: &[&str] = &["usa-adsb"];

/// What an aircraft sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// DF 17 position, even and odd in turn.
    Position,
    /// DF 17 velocity.
    Velocity,
    /// DF 17 identification.
    Identification,
    /// DF 11.
    AllCall,
    /// DF 5.
    Squawk,
}

impl Kind {
    pub(super) const ALL: [Self; 5] =
        [Self::Position, Self::Velocity, Self::Identification, Self::AllCall, Self::Squawk];

    /// How often, in milliseconds; velocity and DF 11 at half of what the air really carries.
    pub(super) fn interval_ms(self) -> u64 {
        match self {
            Self::Position => 500,
            Self::Velocity => 1_000,
            Self::Identification => 5_000,
            Self::AllCall => 2_000,
            Self::Squawk => 8_000,
        }
    }
}

/// One aircraft.
#[derive(Debug)]
pub(super) struct Aircraft {
    icao: u32,
    callsign: String,
    category: u8,
    altitude_ft: i32,
    squawk: Squawk,
    path: Path,
    pub(super) receivers: &'static [&'static str],
}

pub(super) fn aircraft(dice: &mut Dice) -> Vec<Aircraft> {
    let mut names = Names::default();
    let mut aircraft = Vec::new();
    for row in rows(AIRWAYS) {
        for _ in 0..number(&row, 1) as usize {
            let icao = ICAO + 1 + aircraft.len() as u32;
            aircraft.push(Aircraft::new(icao, &row, &mut names, dice));
        }
    }
    aircraft
}

impl Aircraft {
    fn new(icao: u32, row: &[&'static str], names: &mut Names, dice: &mut Dice) -> Self {
        let (spread_km, knots, way) = (number(row, 2), number(row, 4), points(row, 5));
        let speed_mps = knots * KNOT_MPS * dice.between(0.93, 1.05);
        let path = match way.as_slice() {
            [centre] => Path::round(*centre, spread_km, speed_mps, dice),
            way => Path::along(way, spread_km, speed_mps, dice),
        };
        let levels: Vec<f64> =
            text(row, 3).split(' ').filter_map(|level| level.parse().ok()).collect();
        let (low, high) = (number_of(&levels, 0), number_of(&levels, 1));
        Self {
            icao,
            callsign: names.flight(dice),
            category: if knots < 150.0 {
                7
            } else if knots > 400.0 {
                5
            } else {
                3
            },
            altitude_ft: (dice.between(low, high) / 10.0).round() as i32 * 1_000,
            squawk: squawk(dice),
            path,
            receivers: match dice.below(100) {
                0..60 => BOTH,
                60..82 => JPN,
                _ => USA,
            },
        }
    }

    /// One frame in Beast framing.
    pub(super) fn frame(&self, kind: Kind, start: Timestamp, at: Timestamp) -> Vec<u8> {
        let counter = (at.since_ms(start) * TICKS_A_MS).unsigned_abs();
        let framed = |frame: &[u8]| beast::encode(frame, counter, SIGNAL);
        let motion = self.path.motion(start, at);
        match kind {
            Kind::Position => {
                let is_odd = at.0.div_euclid(500).rem_euclid(2) == 1;
                let at = motion.position;
                framed(&encode_airborne_position(self.icao, at, self.altitude_ft, is_odd))
            }
            Kind::Velocity => {
                let (sin, cos) = motion.course_deg.to_radians().sin_cos();
                let knots = motion.speed_mps / KNOT_MPS;
                framed(&encode_velocity(self.icao, knots * sin, knots * cos, 0.0))
            }
            Kind::Identification => {
                framed(&encode_identification(self.icao, self.category, &self.callsign))
            }
            Kind::AllCall => framed(&encode_all_call(self.icao)),
            Kind::Squawk => framed(&encode_squawk_reply(self.icao, self.squawk)),
        }
    }

    /// As it truly is.
    pub(super) fn truth(&self, start: Timestamp, at: Timestamp) -> Truth {
        let motion = self.path.motion(start, at);
        Truth {
            identity: Identity::Icao(self.icao),
            name: self.callsign.clone(),
            position: motion.position,
            speed_mps: motion.speed_mps,
            course_deg: motion.course_deg,
            receivers: self.receivers,
        }
    }
}

fn number_of(levels: &[f64], index: usize) -> f64 {
    levels.get(index).copied().unwrap_or(300.0)
}

/// A discrete code between 1000 and 6777, far from the emergency codes.
fn squawk(dice: &mut Dice) -> Squawk {
    let digits =
        format!("{}{}{}{}", 1 + dice.below(6), dice.below(8), dice.below(8), dice.below(8));
    #[expect(clippy::expect_used, reason = "four octal digits")]
    Squawk::from_digits(&digits).expect("four octal digits")
}
