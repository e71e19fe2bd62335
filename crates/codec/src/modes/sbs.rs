//! SBS-1 ("BaseStation") lines, as on port 30003 of dump1090 and readsb.
//!
//! A line is 22 fields, comma-separated; a field that is not known is empty:
//!
//! ```text
//!  1 MSG | SEL ID AIR STA CLK     12 altitude, feet (pressure)
//!  2 kind of MSG, 1–8             13 ground speed, knots
//!  3 session                      14 track, degrees true
//!  4 aircraft number              15 latitude, degrees
//!  5 24-bit address, hexadecimal  16 longitude, degrees
//!  6 flight number                17 rate of climb, feet a minute
//!  7 date generated, 2024/06/06   18 squawk, four octal digits
//!  8 time generated, 09:12:33.456 19 alert: the code changed    (-1 yes, 0 no)
//!  9 date logged                  20 emergency code is set      (-1 yes, 0 no)
//! 10 time logged                  21 SPI: the pilot pressed ident
//! 11 call sign                    22 on the ground              (-1 yes, 0 no)
//! ```
//!
//! The times are the sender's local ones and name no zone. Every zone is a whole number of quarter
//! hours from UTC, so the quarter hour is told from the moment of arrival, and kept.
//!
//! Refuses: lines longer than any of them; the rest of such a line is skipped.

use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::field::{Callsign, Squawk};
use super::told::Told;
use crate::{Reject, content_hash};

/// A full line has about 150 characters.
const LINE_LEN_MAX: usize = 512;
/// Every time zone is a whole number of these from UTC.
const QUARTER_HOUR_MS: i64 = 900_000;

/// One aircraft's line and when it was generated.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it says.
    pub told: Told,
    /// The sender's clock in its own zone, as if it were UTC.
    pub local: Option<Timestamp>,
}

/// Bytes to lines. Keeps at most one unfinished line.
#[derive(Debug, Default)]
pub struct Deframer {
    line: Vec<u8>,
    is_too_long: bool,
    others: u64,
    zone_ms: Option<i64>,
}

impl Deframer {
    /// Takes the next bytes of the stream; gives the aircraft's lines that they complete and what was
    /// refused.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<Line, Reject>> {
        let mut out = Vec::new();
        for byte in bytes {
            match byte {
                b'\n' | b'\r' => out.extend(self.end()),
                _ if self.line.len() >= LINE_LEN_MAX => self.is_too_long = true,
                _ => self.line.push(*byte),
            }
        }
        out
    }

    /// Ends the stream: what stands in the last line, if it lacks its line end.
    pub fn finish(&mut self) -> Vec<Result<Line, Reject>> {
        self.end().into_iter().collect()
    }

    /// Whole lines that tell of no aircraft: `SEL`, `ID`, `AIR`, `STA`, `CLK`.
    #[must_use]
    pub fn others(&self) -> u64 {
        self.others
    }

    /// When a line was generated, its local time put on UTC by its arrival at `now`: to the quarter
    /// hour from the first line, kept until it is more than a quarter hour off (summer time ends).
    pub fn event_time(&mut self, line: &Line, now: Timestamp) -> Option<Timestamp> {
        let local = line.local?;
        let off_ms = now.since_ms(local);
        let kept = self.zone_ms.filter(|zone| (off_ms - zone).abs() <= QUARTER_HOUR_MS);
        let zone_ms = kept.unwrap_or_else(|| {
            off_ms.saturating_add(QUARTER_HOUR_MS / 2).div_euclid(QUARTER_HOUR_MS) * QUARTER_HOUR_MS
        });
        self.zone_ms = Some(zone_ms);
        Some(local.plus_ms(zone_ms))
    }

    fn end(&mut self) -> Option<Result<Line, Reject>> {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.is_too_long) {
            let detail = format!("SBS line longer than {LINE_LEN_MAX} characters");
            return Some(Err(Reject::new("too_long", detail, &line)));
        }
        if line.trim_ascii().is_empty() {
            return None;
        }
        match read_line(&line) {
            Ok(Some(line)) => Some(Ok(line)),
            Ok(None) => {
                self.others += 1;
                None
            }
            Err(what) => Some(Err(Reject::new("syntax", format!("SBS line: {what}"), &line))),
        }
    }
}

fn read_line(line: &[u8]) -> Result<Option<Line>, &'static str> {
    let text = std::str::from_utf8(line).map_err(|_| "not ASCII")?;
    let mut fields = [""; 22];
    let mut count = 0;
    for (at, field) in text.split(',').enumerate() {
        *fields.get_mut(at).ok_or("more than 22 fields")? = field.trim();
        count += 1;
    }
    match *fields.first().unwrap_or(&"") {
        "MSG" => {}
        "SEL" | "ID" | "AIR" | "STA" | "CLK" => return Ok(None),
        _ => {
            return Err(
                "starts with none of MSG, SEL, ID, AIR, STA, CLK; is the format set right?",
            );
        }
    }
    if count < 10 {
        return Err("fewer than 10 fields");
    }
    let [
        _,
        _,
        _,
        _,
        hex,
        _,
        date,
        time,
        _,
        _,
        callsign,
        altitude,
        speed,
        track,
        latitude,
        longitude,
        climb,
        squawk,
        _,
        _,
        _,
        ground,
    ] = fields;
    let (is_icao, address) = address(hex).ok_or("the address is not six hexadecimal digits")?;
    let within =
        |text: &str, low: f64, high: f64| number(text).filter(|n| (low..=high).contains(n));
    Ok(Some(Line {
        local: local_time(date, time),
        told: Told {
            address,
            is_icao,
            callsign: (!callsign.is_empty()).then(|| Callsign::from_text(callsign)),
            position: position(latitude, longitude),
            is_on_ground: flag(ground),
            altitude_ft: within(altitude, -2_000.0, 130_000.0),
            ground_speed_kn: within(speed, 0.0, 4_000.0),
            track_deg: within(track, 0.0, 360.0).map(|d| if d == 360.0 { 0.0 } else { d }),
            climb_fpm: within(climb, -65_000.0, 65_000.0),
            squawk: Squawk::from_digits(squawk),
            content: content_hash(&[line]),
        },
    }))
}

/// `~` marks addresses that are not ICAO's, as readsb writes them.
fn address(hex: &str) -> Option<(bool, u32)> {
    let (is_icao, digits) = match hex.strip_prefix('~') {
        Some(digits) => (false, digits),
        None => (true, hex),
    };
    let is_hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten().map(|n| (is_icao, n))
}

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|n| n.is_finite())
}

/// Some senders write 0,0 for a position that is not known.
fn position(latitude: &str, longitude: &str) -> Option<Position> {
    let (latitude, longitude) = number(latitude).zip(number(longitude))?;
    let is_known = latitude != 0.0 || longitude != 0.0;
    is_known.then(|| Position::new(latitude, longitude)).flatten()
}

/// -1 or 1 is yes, 0 is no.
fn flag(text: &str) -> Option<bool> {
    match text {
        "-1" | "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

fn local_time(date: &str, time: &str) -> Option<Timestamp> {
    // At most 31 characters, so that a hostile field costs nothing.
    let is_short = date.len() == 10 && (8..=20).contains(&time.len());
    is_short
        .then(|| Timestamp::from_rfc3339(&format!("{}T{time}Z", date.replace('/', "-"))))
        .flatten()
}

/// A position as `MSG,3` with its line end: for tests and the simulator. `time` is written as UTC.
#[must_use]
pub fn encode_position(icao: u32, at: Position, altitude_ft: i32, time: Timestamp) -> String {
    let stamp = time.to_rfc3339().unwrap_or_default();
    let (date, clock) = stamp.trim_end_matches('Z').split_once('T').unwrap_or_default();
    let date = date.replace('-', "/");
    format!(
        "MSG,3,1,1,{icao:06X},1,{date},{clock},{date},{clock},,{altitude_ft},,,{:.5},{:.5},,,0,0,0,0\r\n",
        at.latitude_deg(),
        at.longitude_deg(),
    )
}
