//! Plots as JSON, one object a line.
//!
//! | key | type | meaning |
//! |---|---|---|
//! | `time` | text or number | RFC 3339, or Unix seconds; when it was measured. Absent: now |
//! | `lat`, `lon` | number | degrees; needs one of the two errors below |
//! | `sd_m` | number | one standard deviation on each axis, metres |
//! | `east_m2`, `north_m2`, `east_north_m2` | number | or the covariance, square metres |
//! | `site` | object | instead of `lat`, `lon`: `lat`, `lon`, `height_m` (0), `ceiling_m` (0) |
//! | `range_m`, `bearing_deg` | number | slant range, degrees true, as seen from `site` |
//! | `range_sd_m`, `bearing_sd_deg` | number | one standard deviation of each |
//! | `altitude_m` | number | height, metres; also used to place what a site sees |
//! | `radial_speed_mps` | number | along the line of sight, positive when it draws away |
//! | `scan` | number | which turn of the antenna: whole, the same for all plots of one |
//! | `mode_a` | text | four octal digits |
//! | `icao` | text | six hexadecimal digits |
//!
//! Other keys are ignored. Refuses: a plot without an error, a value out of range, a `null` where a
//! plot needs a value, lines over 4 KiB.

use std::fmt::Write as _;

use renkei_model::plot::{Covariance, Plot};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use serde_json::{Map, Value};

use super::site::Site;
use crate::modes::Squawk;
use crate::{FeedContext, Reject, content_hash};

/// A line has about 200 bytes.
const LINE_LEN_MAX: usize = 4_096;

/// One plot as its line says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// When it was measured.
    pub time: Option<Timestamp>,
    /// Where.
    pub position: Position,
    /// How sure that is.
    pub covariance: Covariance,
    /// Height in metres.
    pub altitude_m: Option<f64>,
    /// Speed along the line of sight, metres a second, positive when it draws away.
    pub radial_speed_mps: Option<f64>,
    /// Mode A code.
    pub mode_a: Option<Squawk>,
    /// 24-bit aircraft address.
    pub icao: Option<u32>,
    /// Which turn of the antenna, where the sensor counts them.
    pub scan: Option<u64>,
    /// First eight bytes of SHA-256 over the line.
    pub content: u64,
}

impl Line {
    /// The line as a plot of `context`'s feed that this node received at `received_at`.
    #[must_use]
    pub fn to_plot(&self, context: &FeedContext, received_at: Timestamp) -> Plot {
        Plot {
            source: context.observation_source(),
            event_time: self.time.unwrap_or(received_at),
            received_at,
            position: self.position,
            covariance: self.covariance,
            altitude_m: self.altitude_m,
            radial_speed_mps: self.radial_speed_mps,
            mode_a: self.mode_a.map(Squawk::code),
            icao: self.icao,
            content: self.content,
            label: context.label.clone(),
        }
    }
}

/// Bytes to plots. Keeps at most one unfinished line.
#[derive(Debug, Default)]
pub struct Deframer {
    line: Vec<u8>,
    is_too_long: bool,
}

impl Deframer {
    /// Takes the next bytes of the stream; gives the lines they complete and what was refused.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<Line, Reject>> {
        let mut out = Vec::new();
        for byte in bytes {
            match byte {
                b'\n' => out.extend(self.finish()),
                _ if self.line.len() >= LINE_LEN_MAX => self.is_too_long = true,
                _ => self.line.push(*byte),
            }
        }
        out
    }

    /// Ends the stream: what stands in the last line, if it lacks its line end.
    pub fn finish(&mut self) -> Option<Result<Line, Reject>> {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.is_too_long) {
            let detail = format!("JSON line longer than {LINE_LEN_MAX} bytes");
            return Some(Err(Reject::new("too_long", detail, &line)));
        }
        let text = line.trim_ascii();
        (!text.is_empty()).then(|| read_line(text))
    }
}

fn read_line(text: &[u8]) -> Result<Line, Reject> {
    let object: Map<String, Value> = serde_json::from_slice(text)
        .map_err(|error| Reject::new("syntax", format!("JSON object: {error}"), text))?;
    let refuse = |what: String| Reject::new("shape", format!("plot: {what}"), text);
    let time = time(&object).map_err(&refuse)?;
    let altitude_m = number(&object, "altitude_m", -1_000.0, 100_000.0).map_err(&refuse)?;
    let (position, covariance) = placed(&object, altitude_m).map_err(&refuse)?;
    let radial = number(&object, "radial_speed_mps", -5_000.0, 5_000.0).map_err(&refuse)?;
    let mode_a = words(&object, "mode_a", "four octal digits", Squawk::from_digits);
    let icao = words(&object, "icao", "six hexadecimal digits", |text| {
        let is_hex = text.len() == 6 && text.bytes().all(|b| b.is_ascii_hexdigit());
        is_hex.then(|| u32::from_str_radix(text, 16).ok()).flatten()
    });
    let scan = match object.get("scan") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let scan = value.as_u64().ok_or_else(|| "`scan` is no whole number".to_owned());
            Some(scan.map_err(&refuse)?)
        }
    };
    Ok(Line {
        time,
        position,
        covariance,
        altitude_m,
        radial_speed_mps: radial,
        mode_a: mode_a.map_err(&refuse)?,
        icao: icao.map_err(&refuse)?,
        scan,
        content: content_hash(&[text]),
    })
}

/// A number within bounds; `None` where the key is absent or null.
fn number(
    object: &Map<String, Value>,
    key: &str,
    low: f64,
    high: f64,
) -> Result<Option<f64>, String> {
    let Some(value) = object.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    let number = value.as_f64().filter(|number| (low..=high).contains(number));
    number.map(Some).ok_or_else(|| format!("`{key}` is no number from {low} to {high}"))
}

/// A number that must be there.
fn needed(object: &Map<String, Value>, key: &str, low: f64, high: f64) -> Result<f64, String> {
    number(object, key, low, high)?.ok_or_else(|| format!("`{key}` is missing"))
}

fn words<T>(
    object: &Map<String, Value>,
    key: &str,
    what: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, String> {
    let Some(value) = object.get(key).filter(|value| !value.is_null()) else { return Ok(None) };
    let read = value.as_str().and_then(read);
    read.map(Some).ok_or_else(|| format!("`{key}` is not {what} in quotes"))
}

fn time(object: &Map<String, Value>) -> Result<Option<Timestamp>, String> {
    let read = match object.get("time") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.len() <= 40 => Timestamp::from_rfc3339(text),
        Some(Value::Number(_)) => number(object, "time", 0.0, 2.5e11)?
            .map(|seconds| Timestamp((seconds * 1000.0).round() as i64)),
        Some(_) => None,
    };
    read.map(Some).ok_or_else(|| "`time` is neither RFC 3339 nor Unix seconds".into())
}

fn placed(
    object: &Map<String, Value>,
    altitude_m: Option<f64>,
) -> Result<(Position, Covariance), String> {
    let position = |object: &Map<String, Value>| {
        let latitude = needed(object, "lat", -90.0, 90.0)?;
        let longitude = needed(object, "lon", -180.0, 180.0)?;
        Position::new(latitude, longitude).ok_or_else(|| "no position".to_owned())
    };
    match object.get("site") {
        None | Some(Value::Null) => Ok((position(object)?, covariance(object)?)),
        Some(Value::Object(site)) => {
            let from =
                |key: &str, low, high| number(site, key, low, high).map(Option::unwrap_or_default);
            let site = Site {
                position: position(site)?,
                height_m: from("height_m", -500.0, 30_000.0)?,
                range_sd_m: needed(object, "range_sd_m", 0.0, 100_000.0)?,
                bearing_sd_deg: needed(object, "bearing_sd_deg", 0.0, 90.0)?,
                ceiling_m: from("ceiling_m", 0.0, 100_000.0)?,
            };
            let range_m = needed(object, "range_m", 0.0, 1_000_000.0)?;
            let bearing_deg = needed(object, "bearing_deg", 0.0, 360.0)?;
            let placed = site.place(range_m, bearing_deg, altitude_m);
            placed.ok_or_else(|| "range, bearing and their errors give no place".into())
        }
        Some(_) => Err("`site` is no object with `lat` and `lon`".into()),
    }
}

fn covariance(object: &Map<String, Value>) -> Result<Covariance, String> {
    let axis = |key: &str| number(object, key, 0.0, 1e10);
    let read = match (axis("east_m2")?, axis("north_m2")?) {
        (Some(east), Some(north)) => {
            let both = number(object, "east_north_m2", -1e10, 1e10)?;
            Covariance::new(east, north, both.unwrap_or_default())
        }
        (None, None) => Covariance::circular(needed(object, "sd_m", 0.0, 100_000.0)?),
        _ => return Err("one of `east_m2` and `north_m2` is missing".into()),
    };
    read.ok_or_else(|| "its error is none: give `sd_m` above 0, or a covariance".into())
}

/// A plot as one line without line end, in the form that [`Deframer`] reads.
#[must_use]
pub fn json_line(plot: &Plot) -> String {
    let mut line = String::with_capacity(256);
    // Writing to a String cannot fail; numbers are finite, texts are digits.
    let _ = match plot.event_time.to_rfc3339() {
        Some(time) => write!(line, "{{\"time\":\"{time}\""),
        None => write!(line, "{{\"time\":null"),
    };
    let _ = write!(
        line,
        ",\"lat\":{},\"lon\":{},\"east_m2\":{},\"north_m2\":{},\"east_north_m2\":{}",
        plot.position.latitude_deg(),
        plot.position.longitude_deg(),
        plot.covariance.east_m2(),
        plot.covariance.north_m2(),
        plot.covariance.east_north_m2(),
    );
    let numbers = [("altitude_m", plot.altitude_m), ("radial_speed_mps", plot.radial_speed_mps)];
    for (key, value) in numbers {
        let _ = match value.filter(|value| value.is_finite()) {
            Some(value) => write!(line, ",\"{key}\":{value}"),
            None => write!(line, ",\"{key}\":null"),
        };
    }
    let _ = match plot.mode_a {
        Some(code) => write!(line, ",\"mode_a\":\"{code:04o}\""),
        None => write!(line, ",\"mode_a\":null"),
    };
    let _ = match plot.icao {
        Some(address) => write!(line, ",\"icao\":\"{address:06x}\"}}"),
        None => write!(line, ",\"icao\":null}}"),
    };
    line
}
