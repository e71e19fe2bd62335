//! Lines of JSON: aircraft as readsb and its kin print them (`--net-json-port`), and jet1090's
//! recordings of frames.
//!
//! Refuses: lines over 64 KiB, and trust in types: a field of the wrong type is as if absent.

use renkei_model::observation::{Attributes, Domain, Emergency, Identity, Motion, Observation};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use serde_json::{Map, Value};

use super::field::{Callsign, Squawk};
use super::received::Received;
use super::told::Told;
use crate::{FeedContext, Reject, content_hash};

/// An aircraft's line has about 1 KiB.
const LINE_LEN_MAX: usize = 65_536;

/// What a line holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// `{"timestamp":…,"frame":"8d…"}`: a frame with its time of reception.
    Frame(Received),
    /// `{"hex":…,"lat":…}`: an aircraft as another decoder understood it.
    Aircraft(Box<Aircraft>),
}

/// An aircraft as another decoder understood it, in its own units. `None` = not said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aircraft {
    /// 24-bit address.
    pub address: u32,
    /// False for `~` addresses (TIS-B, anonymous).
    pub is_icao: bool,
    /// Flight identification.
    pub flight: Option<String>,
    /// Where.
    pub position: Option<Position>,
    /// Age of the position in seconds.
    pub position_age_s: f64,
    /// When the line was written.
    pub now: Option<Timestamp>,
    /// Pressure altitude in feet.
    pub altitude_ft: Option<f64>,
    /// Ground speed in knots.
    pub ground_speed_kn: Option<f64>,
    /// Track in degrees true.
    pub track_deg: Option<f64>,
    /// True heading in degrees.
    pub heading_deg: Option<f64>,
    /// Rate of climb in feet a minute.
    pub climb_fpm: Option<f64>,
    /// Mode A code.
    pub squawk: Option<Squawk>,
    /// `emergency` as sent, where it is not `none`.
    pub emergency: Option<String>,
    /// Emitter category, for example `A3`, `C1`.
    pub category: Option<String>,
    /// Containment radius in metres.
    pub containment_m: Option<f64>,
    /// Navigation accuracy category for position, 0–11.
    pub nac_p: Option<u8>,
    /// Source integrity level, 0–3; 0 = the containment radius is not to be trusted.
    pub sil: Option<u8>,
    /// Messages heard of it so far.
    pub messages: Option<u64>,
    content: u64,
}

/// Bytes to lines. Keeps at most one unfinished line.
#[derive(Debug, Default)]
pub struct Deframer {
    line: Vec<u8>,
    is_too_long: bool,
}

impl Deframer {
    /// Takes the next bytes of the stream; gives the lines they complete and what was refused.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<Line, Reject>> {
        let mut out = Vec::new();
        for (at, part) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if at > 0 {
                out.extend(self.end());
            }
            if self.line.len() + part.len() > LINE_LEN_MAX {
                self.is_too_long = true;
            } else if !self.is_too_long {
                self.line.extend_from_slice(part);
            }
        }
        out
    }

    /// Ends the stream: what stands in the last line, if it lacks its line end.
    pub fn finish(&mut self) -> Option<Result<Line, Reject>> {
        self.end()
    }

    fn end(&mut self) -> Option<Result<Line, Reject>> {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.is_too_long) {
            let detail = format!("JSON line longer than {LINE_LEN_MAX} bytes");
            return Some(Err(Reject::new("too_long", detail, &line)));
        }
        // readsb may end an object with a comma where it prints an array a line an element.
        let text = line.trim_ascii();
        let text = text.strip_suffix(b",").unwrap_or(text);
        if text.is_empty() { None } else { Some(read_line(text)) }
    }
}

fn read_object(text: &[u8]) -> Result<Map<String, Value>, Reject> {
    serde_json::from_slice(text)
        .map_err(|error| Reject::new("syntax", format!("JSON object: {error}"), text))
}

/// Reads the object of one aircraft, as it stands in `aircraft.json`.
///
/// # Errors
/// A [`Reject`] when it is no JSON object or has no `hex`.
pub(super) fn read_aircraft_text(text: &[u8]) -> Result<Aircraft, Reject> {
    let object = read_object(text)?;
    read_aircraft(&object, text)
        .ok_or_else(|| Reject::new("shape", "object has no aircraft's `hex` of six digits", text))
}

fn read_line(text: &[u8]) -> Result<Line, Reject> {
    let object = read_object(text)?;
    let line = match object.get("frame").and_then(Value::as_str) {
        Some(frame) => super::avr::from_hex(frame.as_bytes()).map(|mut received| {
            received.at = seconds(&object, "timestamp");
            Line::Frame(received)
        }),
        None => read_aircraft(&object, text).map(|aircraft| Line::Aircraft(Box::new(aircraft))),
    };
    line.ok_or_else(|| {
        let detail = "line has neither a `frame` of 14 or 28 digits nor an aircraft's `hex`";
        Reject::new("shape", detail, text)
    })
}

fn seconds(object: &Map<String, Value>, key: &str) -> Option<Timestamp> {
    unix_seconds(object.get(key)?.as_f64()?)
}

/// Unix seconds with a fraction, within RFC 3339's years.
pub(super) fn unix_seconds(seconds: f64) -> Option<Timestamp> {
    (0.0..=2.5e11).contains(&seconds).then(|| Timestamp((seconds * 1000.0).round() as i64))
}

fn read_aircraft(object: &Map<String, Value>, text: &[u8]) -> Option<Aircraft> {
    let hex = object.get("hex")?.as_str()?;
    let (is_icao, digits) = match hex.strip_prefix('~') {
        Some(digits) => (false, digits),
        None => (true, hex),
    };
    let is_hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let address = is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()?;
    let number = |key: &str| object.get(key).and_then(Value::as_f64);
    let within = |key: &str, low: f64, high: f64| number(key).filter(|n| (low..=high).contains(n));
    let degrees = |key: &str| within(key, 0.0, 360.0).map(|d| if d == 360.0 { 0.0 } else { d });
    let string = |key: &str| {
        let text: String = object.get(key)?.as_str()?.trim().chars().take(16).collect();
        (!text.is_empty()).then_some(text)
    };
    Some(Aircraft {
        address,
        is_icao,
        flight: string("flight").filter(|flight| flight.bytes().all(|b| b.is_ascii_graphic())),
        position: number("lat").zip(number("lon")).and_then(|(lat, lon)| Position::new(lat, lon)),
        position_age_s: within("seen_pos", 0.0, 3600.0).unwrap_or_default(),
        now: seconds(object, "now"),
        // The second names are those of older dump1090.
        altitude_ft: within("alt_baro", -2_000.0, 130_000.0)
            .or_else(|| within("altitude", -2_000.0, 130_000.0)),
        ground_speed_kn: within("gs", 0.0, 4_000.0).or_else(|| within("speed", 0.0, 4_000.0)),
        track_deg: degrees("track"),
        heading_deg: degrees("true_heading"),
        climb_fpm: within("baro_rate", -65_000.0, 65_000.0)
            .or_else(|| within("geom_rate", -65_000.0, 65_000.0))
            .or_else(|| within("vert_rate", -65_000.0, 65_000.0)),
        squawk: string("squawk").and_then(|digits| Squawk::from_digits(&digits)),
        emergency: string("emergency").filter(|state| state != "none"),
        category: string("category"),
        containment_m: within("rc", 1.0, 100_000.0),
        nac_p: within("nac_p", 0.0, 11.0).map(|n| n as u8),
        sil: within("sil", 0.0, 3.0).map(|n| n as u8),
        messages: object.get("messages").and_then(Value::as_u64),
        content: content_hash(&[text]),
    })
}

impl Aircraft {
    /// The same in the shape that all text formats share; a flight identification is cut to eight.
    #[must_use]
    pub fn told(&self) -> Told {
        Told {
            address: self.address,
            is_icao: self.is_icao,
            callsign: self.flight.as_deref().map(Callsign::from_text),
            position: self.position,
            is_on_ground: None,
            altitude_ft: self.altitude_ft,
            ground_speed_kn: self.ground_speed_kn,
            track_deg: self.track_deg,
            climb_fpm: self.climb_fpm,
            squawk: self.squawk,
            content: self.content,
        }
    }

    /// The line as a report received by this node at `received_at`.
    #[must_use]
    pub fn to_observation(&self, context: &FeedContext, received_at: Timestamp) -> Observation {
        let age_ms = (self.position_age_s * 1000.0).round() as i64;
        let vehicle = matches!(self.category.as_deref(), Some("C1" | "C2" | "C3"));
        let knots = 1852.0 / 3600.0;
        Observation {
            source: context.observation_source(),
            identity: if self.is_icao {
                Identity::Icao(self.address)
            } else {
                Identity::NonIcao(self.address)
            },
            domain: if vehicle { Domain::Land } else { Domain::Air },
            event_time: self.now.unwrap_or(received_at).plus_ms(-age_ms),
            received_at,
            position: self.position,
            accuracy_m: self.position.and_then(|_| self.accuracy_m()),
            motion: Motion {
                speed_mps: self.ground_speed_kn.map(|speed| speed * knots),
                course_deg: self.track_deg,
                heading_deg: self.heading_deg,
                altitude_m: self.altitude_ft.map(|feet| feet * 0.3048),
                vertical_rate_mps: self.climb_fpm.map(|rate| rate * 0.3048 / 60.0),
            },
            attributes: Attributes {
                callsign: self.flight.clone(),
                squawk: self.squawk.map(|squawk| squawk.to_string()),
                emergency: self.emergency(),
                ..Attributes::default()
            },
            content: self.content,
            label: context.label.clone(),
        }
    }

    /// One standard deviation of the position in metres: from the accuracy category if it was sent,
    /// else from the containment radius, unless its integrity level says that it is not kept.
    fn accuracy_m(&self) -> Option<f64> {
        let contained = self.containment_m.filter(|_| self.sil != Some(0));
        let by_category = self.nac_p.and_then(super::aircraft::accuracy_m_of_category);
        by_category.or(contained.map(|radius| radius / super::aircraft::CONTAINMENT_PER_SD))
    }

    fn emergency(&self) -> Option<Emergency> {
        match (self.emergency.as_deref(), self.squawk) {
            (Some("unlawful"), _) | (_, Some(Squawk::HIJACK)) => {
                Some(Emergency::UnlawfulInterference)
            }
            (Some("nordo"), _) | (_, Some(Squawk::RADIO_FAILURE)) => Some(Emergency::RadioFailure),
            (Some("general"), _) | (_, Some(Squawk::EMERGENCY)) => {
                Some(Emergency::GeneralEmergency)
            }
            (Some("downed"), _) => Some(Emergency::Distress),
            _ => None,
        }
    }
}
