//! Category 062: what a tracker believes of one track.
//!
//! ```text
//! I062/010  SAC 8, SIC 8                        data source
//! I062/015  service 8
//! I062/070  24, 1/128 s since midnight UTC      time of track information
//! I062/105  latitude 32, longitude 32, 180/2²⁵°, signed
//! I062/100  X 24, Y 24, 0.5 m, signed           to the east and the north of the system's reference
//! I062/185  Vx 16, Vy 16, 0.25 m/s, signed      to the east and the north
//! I062/060  V G CH 0, Mode 3/A 12               V: not validated, G: garbled, CH: changed
//! I062/245  STI 2, 0 6, 8 characters of 6 bits  STI 0: as the transponder said
//! I062/380  ADR 24-bit address, ID 8 characters of 6 bits, 26 more
//! I062/040  track number 16
//! I062/080  MON SPI MRH SRC 3 CNF FX            CNF: tentative
//!           SIM TSE TSB FPC AFF STP KOS FX      SIM: simulated, TSE: the track ends
//!           AMA MD4 2 ME MI MD5 2 FX
//!           CST PSR SSR MDS ADS SUC AAC FX      CST: coasting, no update of late
//! I062/290  ages by kind of sensor, 1/4 s (PSR SSR MDS ADS ES VDL UAT LOP MLT)
//! I062/200  TRANS 2 LONG 2 VERT 2 ADF 0         mode of movement
//! I062/136  flight level 16, 1/4, signed        measured
//! I062/130  altitude 16, 6.25 ft, signed        geometric, above mean sea level
//! I062/135  QNH, altitude 15, 1/4 FL, signed    barometric
//! I062/220  rate of climb 16, 6.25 ft/min, signed
//! I062/500  APC: x 16, y 16, 0.5 m; COV 16, 0.5 m, signed: the root of the covariance with its sign;
//!           APW: latitude 16, longitude 16, 180/2²⁵°: one standard deviation each
//! ```
//!
//! Refuses: a record without its source.

use super::items::{Fault, items, signed, sub_items, unsigned};
use super::profile;
use super::target::ModeA;
use crate::content_hash;
use crate::modes::Callsign;

/// The category.
pub(super) const CATEGORY: u8 = 62;

/// How sure a tracker is of a position. `None` = not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy {
    /// Standard deviation to the east and to the north, 0.5 m.
    pub cartesian: Option<(u16, u16)>,
    /// Root of the covariance of the two with its sign, 0.5 m.
    pub covariance: Option<i16>,
    /// Standard deviation of latitude and longitude, 180/2²⁵°.
    pub geographic: Option<(u16, u16)>,
}

/// One system track. `None` = the item is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SystemTrack {
    /// System area code.
    pub sac: u8,
    /// System identification code.
    pub sic: u8,
    /// Which service of that system.
    pub service: Option<u8>,
    /// 1/128 s since midnight UTC.
    pub time_of_day: Option<u32>,
    /// Latitude and longitude, 180/2²⁵°.
    pub position: Option<(i32, i32)>,
    /// To the east and to the north of the system's reference point, 0.5 m, 24 bits.
    pub cartesian: Option<(i32, i32)>,
    /// To the east and to the north, 0.25 m/s.
    pub velocity: Option<(i16, i16)>,
    /// Mode 3/A code.
    pub mode_a: Option<ModeA>,
    /// Target identification where the transponder said it (STI 0).
    pub callsign: Option<Callsign>,
    /// 24-bit address.
    pub address: Option<u32>,
    /// Number of the track in that system.
    pub track_number: Option<u16>,
    /// CNF: not confirmed yet.
    pub is_tentative: bool,
    /// SIM: simulated.
    pub is_simulated: bool,
    /// TSE: the last report of this track.
    pub is_end: bool,
    /// CST: no sensor updated it of late; the position is extrapolated.
    pub is_coasting: bool,
    /// Age of the youngest report of any sensor, 1/4 s.
    pub age: Option<u16>,
    /// Mode of movement as sent.
    pub movement: Option<u8>,
    /// Measured flight level, 1/4.
    pub flight_level: Option<i16>,
    /// Geometric altitude, 6.25 ft.
    pub geometric_altitude: Option<i16>,
    /// Barometric altitude, 1/4 FL (15 bits), and whether QNH was applied.
    pub barometric_altitude: Option<(i16, bool)>,
    /// Rate of climb, 6.25 ft/min.
    pub climb: Option<i16>,
    /// How sure the position is.
    pub accuracy: Accuracy,
    /// First eight bytes of SHA-256 over the record.
    pub content: u64,
}

impl SystemTrack {
    /// Reads the record at the beginning of `bytes`; what follows it.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Fault> {
        let mut track = Self::default();
        let mut has_source = false;
        let rest = items(profile::TRACK, bytes, |number, item| {
            has_source |= number == 10;
            track.take(number, item);
        })?;
        if !has_source {
            return Err(Fault::Missing { number: 10 });
        }
        let len = bytes.len() - rest.len();
        track.content = content_hash(&[bytes.get(..len).unwrap_or_default()]);
        Ok((track, rest))
    }

    fn take(&mut self, number: u16, item: &[u8]) {
        let word = || unsigned::<2>(item, 0);
        match number {
            10 => {
                self.sac = unsigned::<1>(item, 0) as u8;
                self.sic = unsigned::<1>(item, 1) as u8;
            }
            15 => self.service = Some(unsigned::<1>(item, 0) as u8),
            40 => self.track_number = Some(word() as u16),
            60 => self.mode_a = Some(ModeA::read(item)),
            70 => self.time_of_day = Some(unsigned::<3>(item, 0)),
            80 => self.state(item),
            100 => {
                let part = |first| signed(unsigned::<3>(item, first), 24);
                self.cartesian = Some((part(0), part(3)));
            }
            105 => {
                self.position =
                    Some((unsigned::<4>(item, 0) as i32, unsigned::<4>(item, 4) as i32));
            }
            130 => self.geometric_altitude = Some(word() as i16),
            135 => {
                let altitude = signed(word(), 15) as i16;
                self.barometric_altitude = Some((altitude, word() & 0x8000 != 0));
            }
            136 => self.flight_level = Some(word() as i16),
            185 => {
                self.velocity = Some((word() as u16 as i16, unsigned::<2>(item, 2) as u16 as i16));
            }
            200 => self.movement = Some(unsigned::<1>(item, 0) as u8),
            220 => self.climb = Some(word() as i16),
            // STI in the first two bits: 0 downlinked, 1 and 2 from a flight plan.
            245 if unsigned::<1>(item, 0) >> 6 == 0 => {
                let said = Callsign::of_octets(item.get(1..).unwrap_or_default());
                self.callsign = self.callsign.or(Some(said));
            }
            290 => self.ages(item),
            380 => self.aircraft(item),
            500 => self.accuracies(item),
            _ => {}
        }
    }

    fn state(&mut self, item: &[u8]) {
        self.is_tentative = unsigned::<1>(item, 0) & 0x02 != 0;
        self.is_simulated = unsigned::<1>(item, 1) & 0x80 != 0;
        self.is_end = unsigned::<1>(item, 1) & 0x40 != 0;
        self.is_coasting = unsigned::<1>(item, 3) & 0x80 != 0;
    }

    fn ages(&mut self, item: &[u8]) {
        let mut youngest = None::<u16>;
        sub_items(profile::AGES, item, |at, sub| {
            let age = sub.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte));
            // The first is the age of the whole track.
            if at > 0 {
                youngest = Some(youngest.map_or(age, |other| other.min(age)));
            }
        });
        self.age = youngest;
    }

    fn aircraft(&mut self, item: &[u8]) {
        sub_items(profile::AIRCRAFT, item, |at, sub| match at {
            0 => self.address = Some(unsigned::<3>(sub, 0)),
            1 => self.callsign = Some(Callsign::of_octets(sub)),
            _ => {}
        });
    }

    fn accuracies(&mut self, item: &[u8]) {
        let accuracy = &mut self.accuracy;
        sub_items(profile::ACCURACIES, item, |at, sub| {
            let pair = (unsigned::<2>(sub, 0) as u16, unsigned::<2>(sub, 2) as u16);
            match at {
                0 => accuracy.cartesian = Some(pair),
                1 => accuracy.covariance = Some(pair.0 as i16),
                2 => accuracy.geographic = Some(pair),
                _ => {}
            }
        });
    }
}
