//! AIS: the lines of whole recordings, as one stream of bytes in memory, through framing, checksum,
//! reassembly and decoding.
//!
//! Refuses: to count what the compiler could leave out. Every field is looked at.

use std::hint::black_box;

use renkei_codec::Reject;
use renkei_codec::ais::{Application, Message, Received, Receiver, json_line, to_observation};
use renkei_model::time::Timestamp;
use serde_json::{Value, json};

use super::traffic::{self, Traffic};
use super::{Input, meter};
use crate::cli::End;

/// As a socket delivers.
const CHUNK_LEN: usize = 64 * 1024;
/// Simulated traffic: 2,000 ships for so long are about 30,000 lines.
const SIMULATED_S: i64 = 60;

/// Measures, or writes the input.
///
/// # Errors
/// [`End::Wrong`].
pub(super) fn run(input: &Input) -> Result<Value, End> {
    let bytes = bytes(input)?;
    if let Some(path) = &input.write {
        std::fs::write(path, bytes)
            .map_err(|e| End::Wrong(format!("write `{}`: {e}", path.display())))?;
        return Ok(Value::Null);
    }
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    let mut text = String::new();
    let context = traffic::context("bench-ais");
    let fields = meter::rate(lines, input.seconds, || each(&bytes, look))?;
    let json = meter::rate(lines, input.seconds, || {
        each(&bytes, |received| {
            text.clear();
            json_line(received, &mut text);
            black_box(&text);
        })
    })?;
    let observations = meter::rate(lines, input.seconds, || {
        each(&bytes, |received| {
            black_box(to_observation(received, &context, traffic::START));
        })
    })?;
    Ok(json!({
        "bench": "ais",
        "input": {"what": input.what(), "lines": lines, "bytes": bytes.len()},
        "figures": {"fields": fields, "json": json, "observations": observations},
    }))
}

/// The recordings one after the other, or simulated traffic.
fn bytes(input: &Input) -> Result<Vec<u8>, End> {
    let mut bytes = Vec::new();
    for recording in input.recordings()? {
        bytes.extend(recording);
        if bytes.last().is_some_and(|last| *last != b'\n') {
            bytes.push(b'\n');
        }
    }
    if input.files.is_empty() {
        let traffic = Traffic { ships: 2_000, aircraft: 0 };
        bytes.extend((0..SIMULATED_S).flat_map(|s| traffic.second(s)).flat_map(|tenth| tenth.ais));
    }
    Ok(bytes)
}

/// All of `bytes` through a new receiver; gives how many messages came out.
fn each(bytes: &[u8], mut see: impl FnMut(&Received<'_>)) -> u64 {
    let mut receiver = Receiver::default();
    for chunk in bytes.chunks(CHUNK_LEN) {
        receiver.push(chunk, Timestamp::default(), |item| seen(item, &mut see));
    }
    receiver.finish(Timestamp::default(), |item| seen(item, &mut see));
    receiver.counts().messages
}

fn seen(item: Result<Received<'_>, Reject>, see: &mut impl FnMut(&Received<'_>)) {
    if let Ok(received) = item {
        see(&received);
    }
}

/// Looks at every field, in degrees, knots and text where a user would.
fn look(received: &Received<'_>) {
    black_box(received);
    match received.message {
        Message::PositionA(m) => {
            place(m.fix.latitude_deg(), m.fix.longitude_deg());
            motion(m.speed, m.course);
        }
        Message::BaseStation(m) => place(m.fix.latitude_deg(), m.fix.longitude_deg()),
        Message::Voyage(m) => {
            black_box((m.name.as_str(), m.callsign.as_str(), m.destination.as_str()));
        }
        Message::SarAircraft(m) => {
            place(m.fix.latitude_deg(), m.fix.longitude_deg());
            motion(m.speed, m.course);
        }
        Message::PositionB(m) => {
            place(m.fix.latitude_deg(), m.fix.longitude_deg());
            motion(m.speed, m.course);
        }
        Message::ExtendedB(m) => {
            place(m.fix.latitude_deg(), m.fix.longitude_deg());
            motion(m.speed, m.course);
            black_box(m.name.as_str());
        }
        Message::AidToNavigation(m) => {
            place(m.fix.latitude_deg(), m.fix.longitude_deg());
            black_box((m.name.as_str(), m.extension.as_str()));
        }
        Message::StaticA(m) => {
            black_box(m.name.as_str());
        }
        Message::StaticB(m) => {
            black_box((m.callsign.as_str(), m.vendor.as_str()));
        }
        Message::LongRange(m) => place(m.fix.latitude_deg(), m.fix.longitude_deg()),
        Message::Binary(m) => {
            black_box(Application::of(m));
        }
        Message::SafetyText(m) => {
            black_box(m.text.as_str());
        }
        // Integers and lists, which are looked at above as they are.
        _ => {}
    }
}

fn place(latitude_deg: Option<f64>, longitude_deg: Option<f64>) {
    black_box((latitude_deg, longitude_deg));
}

fn motion(speed: u16, course: u16) {
    black_box((f64::from(speed) / 10.0, f64::from(course) / 10.0));
}
