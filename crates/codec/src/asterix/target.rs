//! Category 048: what one radar says of one target.
//!
//! ```text
//! I048/010  SAC 8, SIC 8                        data source
//! I048/140  24, 1/128 s since midnight UTC      time of day
//! I048/020  TYP 3 SIM RDP SPI RAB FX            target report descriptor
//!           TST ERR XPP ME MI FOE/FRI 2 FX      (its second octet)
//! I048/040  RHO 16, 1/256 NM; THETA 16, 360/65536°    slant range and bearing
//! I048/042  X 16, Y 16, 1/128 NM, signed        to the east and the north of the radar
//! I048/070  V G L 0, Mode 3/A 12                V: not validated, G: garbled, L: not of this scan
//! I048/090  V G, flight level 14, 1/4, signed
//! I048/110  0 0, height 14, 25 ft, signed       by a 3D radar, above mean sea level
//! I048/120  CAL: D, 0 5, speed 10, m/s, signed  D: doubtful. The specification gives no sign a meaning
//! I048/161  0 4, track number 12
//! I048/170  CNF RAD 2 DOU MAH CDM 2 FX          CNF: tentative
//!           TRE GHO SUP TCC 0 3 FX              TRE: the track ends, GHO: a ghost
//! I048/200  speed 16, 2⁻¹⁴ NM/s; heading 16, 360/65536°
//! I048/220  24-bit address
//! I048/240  8 characters of 6 bits
//! ```
//!
//! Refuses: a record without its source; whose radar it is would be a guess.

use super::items::{Fault, items, signed, sub_items, unsigned};
use super::profile;
use crate::content_hash;
use crate::modes::{Callsign, Squawk};

/// The category.
pub(super) const CATEGORY: u8 = 48;

/// What detected the target (TYP).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detection {
    /// 0: nothing; the report is extrapolated.
    #[default]
    None,
    /// 1: the primary radar.
    Primary,
    /// 2: the secondary radar.
    Secondary,
    /// 3: both.
    Both,
    /// 4: Mode S all-call.
    AllCall,
    /// 5: Mode S roll-call.
    RollCall,
    /// 6: Mode S all-call and the primary radar.
    AllCallPrimary,
    /// 7: Mode S roll-call and the primary radar.
    RollCallPrimary,
}

/// All of them in the order of their numbers.
const DETECTIONS: [Detection; 8] = [
    Detection::None,
    Detection::Primary,
    Detection::Secondary,
    Detection::Both,
    Detection::AllCall,
    Detection::RollCall,
    Detection::AllCallPrimary,
    Detection::RollCallPrimary,
];

impl Detection {
    pub(super) fn of_number(number: u32) -> Self {
        DETECTIONS.get(number as usize & 7).copied().unwrap_or_default()
    }

    pub(super) fn number(self) -> u8 {
        DETECTIONS.iter().position(|other| *other == self).unwrap_or_default() as u8
    }

    /// The word for it in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Primary => "psr",
            Self::Secondary => "ssr",
            Self::Both => "ssr+psr",
            Self::AllCall => "all-call",
            Self::RollCall => "roll-call",
            Self::AllCallPrimary => "all-call+psr",
            Self::RollCallPrimary => "roll-call+psr",
        }
    }
}

/// A Mode 3/A code and how far to trust it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeA {
    /// Four octal digits.
    pub code: Squawk,
    /// V: the code was not validated (not enough equal replies).
    pub is_unsure: bool,
    /// G: replies overlapped.
    pub is_garbled: bool,
}

impl ModeA {
    pub(super) fn read(item: &[u8]) -> Self {
        let field = unsigned::<2>(item, 0);
        Self {
            code: Squawk::of_low_bits(field),
            is_unsure: field & 0x8000 != 0,
            is_garbled: field & 0x4000 != 0,
        }
    }

    /// The code, where the radar stands by it.
    #[must_use]
    pub fn valid(self) -> Option<Squawk> {
        (!self.is_unsure && !self.is_garbled).then_some(self.code)
    }
}

/// A flight level and how far to trust it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlightLevel {
    /// Quarters of a flight level: 25 ft. −8,192 to 8,191.
    pub quarters: i16,
    /// V: not validated.
    pub is_unsure: bool,
    /// G: replies overlapped.
    pub is_garbled: bool,
}

impl FlightLevel {
    /// Pressure altitude in metres, where the radar stands by it.
    #[must_use]
    pub fn valid_m(self) -> Option<f64> {
        let metres = f64::from(self.quarters) * 25.0 * 0.3048;
        (!self.is_unsure && !self.is_garbled).then_some(metres)
    }
}

/// A measured position as coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polar {
    /// Slant range in 1/256 NM.
    pub range: u16,
    /// Bearing in 360/65536°, from true north.
    pub bearing: u16,
}

impl Polar {
    /// Slant range in metres.
    #[must_use]
    pub fn range_m(self) -> f64 {
        f64::from(self.range) * 1852.0 / 256.0
    }

    /// Bearing in degrees true, `[0, 360)`.
    #[must_use]
    pub fn bearing_deg(self) -> f64 {
        f64::from(self.bearing) * 360.0 / 65_536.0
    }
}

/// How the radar's own tracker sees the track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrackState {
    /// CNF: not confirmed yet.
    pub is_tentative: bool,
    /// TRE: the last report of this track.
    pub is_end: bool,
    /// GHO: taken for a reflection.
    pub is_ghost: bool,
}

/// One target report. `None` = the item is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetReport {
    /// System area code.
    pub sac: u8,
    /// System identification code.
    pub sic: u8,
    /// 1/128 s since midnight UTC.
    pub time_of_day: Option<u32>,
    /// What detected it; `None` where the descriptor is absent.
    pub detection: Option<Detection>,
    /// SIM: made by a simulator.
    pub is_simulated: bool,
    /// TST: a test target.
    pub is_test: bool,
    /// RAB: a fixed transponder by which the radar checks itself.
    pub is_field_monitor: bool,
    /// Slant range and bearing.
    pub polar: Option<Polar>,
    /// To the east and to the north of the radar, 1/128 NM.
    pub cartesian: Option<(i16, i16)>,
    /// Mode 3/A code.
    pub mode_a: Option<ModeA>,
    /// Flight level.
    pub flight_level: Option<FlightLevel>,
    /// Height above mean sea level measured by a 3D radar, 25 ft: −8,192 to 8,191.
    pub height: Option<i16>,
    /// Calculated Doppler speed in m/s as sent, −512 to 511, where it is not doubtful.
    pub doppler_mps: Option<i16>,
    /// 24-bit address.
    pub address: Option<u32>,
    /// Aircraft identification.
    pub callsign: Option<Callsign>,
    /// Number of the radar's own track, 0–4095.
    pub track_number: Option<u16>,
    /// Speed in 2⁻¹⁴ NM/s and heading in 360/65536°, by the radar's own tracker.
    pub velocity: Option<(u16, u16)>,
    /// State of that track.
    pub track: Option<TrackState>,
    /// First eight bytes of SHA-256 over the record.
    pub content: u64,
}

impl TargetReport {
    /// Reads the record at the beginning of `bytes`; what follows it.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Fault> {
        let mut report = Self::default();
        let mut has_source = false;
        let rest = items(profile::TARGET, bytes, |number, item| {
            has_source |= number == 10;
            report.take(number, item);
        })?;
        if !has_source {
            return Err(Fault::Missing { number: 10 });
        }
        let len = bytes.len() - rest.len();
        report.content = content_hash(&[bytes.get(..len).unwrap_or_default()]);
        Ok((report, rest))
    }

    fn take(&mut self, number: u16, item: &[u8]) {
        let pair = || (unsigned::<2>(item, 0) as u16, unsigned::<2>(item, 2) as u16);
        match number {
            10 => {
                self.sac = unsigned::<1>(item, 0) as u8;
                self.sic = unsigned::<1>(item, 1) as u8;
            }
            20 => self.describe(item),
            40 => {
                let (range, bearing) = pair();
                self.polar = Some(Polar { range, bearing });
            }
            42 => {
                let (x, y) = pair();
                self.cartesian = Some((x as i16, y as i16));
            }
            70 => self.mode_a = Some(ModeA::read(item)),
            90 => {
                let field = unsigned::<2>(item, 0);
                self.flight_level = Some(FlightLevel {
                    quarters: signed(field, 14) as i16,
                    is_unsure: field & 0x8000 != 0,
                    is_garbled: field & 0x4000 != 0,
                });
            }
            110 => self.height = Some(signed(unsigned::<2>(item, 0), 14) as i16),
            120 => self.doppler_mps = doppler_mps(item),
            140 => self.time_of_day = Some(unsigned::<3>(item, 0)),
            161 => self.track_number = Some(unsigned::<2>(item, 0) as u16 & 0x0FFF),
            170 => {
                let (first, second) = (unsigned::<1>(item, 0), unsigned::<1>(item, 1));
                self.track = Some(TrackState {
                    is_tentative: first & 0x80 != 0,
                    is_end: second & 0x80 != 0,
                    is_ghost: second & 0x40 != 0,
                });
            }
            200 => self.velocity = Some(pair()),
            220 => self.address = Some(unsigned::<3>(item, 0)),
            240 => self.callsign = Some(Callsign::of_octets(item)),
            _ => {}
        }
    }

    fn describe(&mut self, item: &[u8]) {
        let (first, second) = (unsigned::<1>(item, 0), unsigned::<1>(item, 1));
        self.detection = Some(Detection::of_number(first >> 5));
        self.is_simulated = first & 0x10 != 0;
        self.is_field_monitor = first & 0x02 != 0;
        self.is_test = second & 0x80 != 0;
    }
}

fn doppler_mps(item: &[u8]) -> Option<i16> {
    let mut speed = None;
    sub_items(profile::DOPPLER, item, |at, sub| {
        if at == 0 {
            let field = unsigned::<2>(sub, 0);
            speed = (field & 0x8000 == 0).then(|| signed(field, 10) as i16);
        }
    });
    speed
}
