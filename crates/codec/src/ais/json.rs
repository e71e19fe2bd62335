//! A message as one line of JSON, the form of `renkei decode ais`.
//!
//! Numbers are written from the raw integers, exactly; angles of position are rounded to 1e-6
//! degree. What an application says is in its circular's units, as floats. `null` = not available, or a position that is not on this Earth; a field that the type
//! does not have is not there. Other values outside the standard's range are shown as sent.

mod other;

use std::fmt::Write as _;

use super::layout::{Dimensions, Fix};
use super::message::Message;
use super::mmsi::MmsiClass;
use super::{Received, Text};

/// Appends the JSON object of `received` to `out`, without a line's end.
///
/// Keys, in this order, where the type has them: `nmea time type mmsi lat lon sog cog hdg sec imo
/// callsign name dest draught bow stern port stbd shiptype dac fid`; degrees, knots, metres. Types
/// that report neither motion nor a ship have further keys, which `docs/feeds.md` lists.
pub fn json_line(received: &Received<'_>, out: &mut String) {
    out.push_str("{\"nmea\":[");
    for (index, sentence) in received.sentences.iter().enumerate() {
        out.push_str(if index == 0 { "\"" } else { ",\"" });
        push_escaped(out, sentence);
        out.push('"');
    }
    out.push_str("],\"time\":");
    match received.event_time.and_then(|time| time.to_rfc3339()) {
        Some(time) => {
            let _ = write!(out, "\"{time}\"");
        }
        None => out.push_str("null"),
    }
    integer(out, "type", u32::from(received.message.kind()));
    integer(out, "mmsi", received.message.mmsi());
    fields(out, received);
    out.push('}');
}

fn fields(out: &mut String, received: &Received<'_>) {
    match received.message {
        Message::PositionA(m) => {
            fix(out, m.fix);
            tenths(out, "sog", u32::from(m.speed), 1023);
            tenths(out, "cog", u32::from(m.course), 3600);
            unless(out, "hdg", u32::from(m.heading), 511);
            integer(out, "sec", u32::from(m.second));
        }
        Message::BaseStation(m) => fix(out, m.fix),
        Message::Voyage(m) => {
            integer(out, "imo", m.imo);
            text(out, "callsign", &m.callsign);
            text(out, "name", &m.name);
            text(out, "dest", &m.destination);
            tenths(out, "draught", u32::from(m.draught), u32::MAX);
            dimensions(out, m.dimensions);
            integer(out, "shiptype", u32::from(m.ship_type));
        }
        Message::SarAircraft(m) => {
            fix(out, m.fix);
            unless(out, "sog", u32::from(m.speed), 1023);
            tenths(out, "cog", u32::from(m.course), 3600);
            integer(out, "sec", u32::from(m.second));
        }
        Message::PositionB(m) => {
            fix(out, m.fix);
            tenths(out, "sog", u32::from(m.speed), 1023);
            tenths(out, "cog", u32::from(m.course), 3600);
            unless(out, "hdg", u32::from(m.heading), 511);
            integer(out, "sec", u32::from(m.second));
        }
        Message::ExtendedB(m) => {
            fix(out, m.fix);
            tenths(out, "sog", u32::from(m.speed), 1023);
            tenths(out, "cog", u32::from(m.course), 3600);
            unless(out, "hdg", u32::from(m.heading), 511);
            integer(out, "sec", u32::from(m.second));
            text(out, "name", &m.name);
            dimensions(out, m.dimensions);
            integer(out, "shiptype", u32::from(m.ship_type));
        }
        Message::AidToNavigation(m) => {
            fix(out, m.fix);
            integer(out, "sec", u32::from(m.second));
            text(out, "name", &m.name);
            dimensions(out, m.dimensions);
        }
        Message::StaticA(m) => text(out, "name", &m.name),
        Message::StaticB(m) => {
            text(out, "callsign", &m.callsign);
            if let Some(name) = &received.part_a_name {
                text(out, "name", name);
            }
            if MmsiClass::of(m.mmsi) != MmsiClass::Auxiliary {
                dimensions(out, m.dimensions);
            }
            integer(out, "shiptype", u32::from(m.ship_type));
        }
        Message::LongRange(m) => {
            fix(out, m.fix);
            unless(out, "sog", u32::from(m.speed), 63);
            unless(out, "cog", u32::from(m.course), 511);
        }
        message => other::fields(out, message),
    }
}

fn key(out: &mut String, name: &str) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
}

fn integer(out: &mut String, name: &str, value: u32) {
    key(out, name);
    push_digits(out, value);
}

fn unless(out: &mut String, name: &str, value: u32, absent: u32) {
    key(out, name);
    if value == absent { out.push_str("null") } else { push_digits(out, value) }
}

fn tenths(out: &mut String, name: &str, value: u32, absent: u32) {
    key(out, name);
    if value == absent {
        out.push_str("null");
        return;
    }
    push_digits(out, value / 10);
    out.push('.');
    push_digits(out, value % 10);
}

fn text<const N: usize>(out: &mut String, name: &str, text: &Text<N>) {
    key(out, name);
    out.push('"');
    push_escaped(out, text.as_str());
    out.push('"');
}

fn dimensions(out: &mut String, d: Dimensions) {
    integer(out, "bow", u32::from(d.bow));
    integer(out, "stern", u32::from(d.stern));
    integer(out, "port", u32::from(d.port));
    integer(out, "stbd", u32::from(d.starboard));
}

fn fix<const P: i32>(out: &mut String, fix: Fix<P>) {
    degrees::<P>(out, "lat", fix.latitude, 90);
    degrees::<P>(out, "lon", fix.longitude, 180);
}

/// `raw`/`P` degrees, rounded to six digits and without zeros at the end but the first.
fn degrees<const P: i32>(out: &mut String, name: &str, raw: i32, limit: i32) {
    key(out, name);
    if raw.abs() > limit * P {
        out.push_str("null");
        return;
    }
    let scaled = u64::from(raw.unsigned_abs()) * 1_000_000;
    let micro = (scaled + u64::from(P.unsigned_abs()) / 2) / u64::from(P.unsigned_abs());
    if raw < 0 && micro > 0 {
        out.push('-');
    }
    push_digits(out, (micro / 1_000_000) as u32);
    out.push('.');
    let mut digits = [b'0'; 6];
    let mut rest = (micro % 1_000_000) as u32;
    for digit in digits.iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    let last = digits.iter().rposition(|&digit| digit != b'0').unwrap_or(0);
    push_ascii(out, digits.get(..=last).unwrap_or(&digits));
}

fn push_digits(out: &mut String, value: u32) {
    let mut digits = [b'0'; 10];
    let (mut rest, mut first) = (value, digits.len());
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
        first = place;
        if rest == 0 {
            break;
        }
    }
    push_ascii(out, digits.get(first..).unwrap_or(&digits));
}

fn push_ascii(out: &mut String, text: &[u8]) {
    out.push_str(std::str::from_utf8(text).unwrap_or_default());
}

/// Six-bit text and printable ASCII need only these two escapes.
fn push_escaped(out: &mut String, text: &str) {
    if !text.bytes().fold(false, |any, c| any | matches!(c, b'"' | b'\\')) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
}
