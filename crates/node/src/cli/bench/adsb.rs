//! Mode S: frames in memory, each with its time, to fields with positions from each aircraft's own
//! coded positions.
//!
//! Refuses: to count what the compiler could leave out. Every field is looked at.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;

use renkei_codec::modes::{
    Content, Fix, Frame, Lines, Locator, Message, Neighbourhood, Received, Tracker, avr, beast,
    readsb,
};
use renkei_model::time::Timestamp;
use serde_json::{Value, json};

use super::traffic::{self, Traffic};
use super::{Input, meter};
use crate::cli::End;
use crate::cli::decode::{Format, guess};

/// Simulated traffic: 100 aircraft for so long are about 16,000 frames.
const SIMULATED_S: i64 = 60;

/// Measures, or writes the input.
///
/// # Errors
/// [`End::Wrong`].
pub(super) fn run(input: &Input) -> Result<Value, End> {
    let frames = frames(input)?;
    if let Some(path) = &input.write {
        std::fs::write(path, written(&frames))
            .map_err(|e| End::Wrong(format!("write `{}`: {e}", path.display())))?;
        return Ok(Value::Null);
    }
    let count = frames.len();
    let fields = meter::rate(count, input.seconds, || fields(&frames))?;
    let json = meter::rate(count, input.seconds, || {
        let mut lines = Lines::new(0);
        let mut out = 0;
        for frame in &frames {
            let _ = black_box(lines.push(*frame));
            while let Some(line) = lines.next_line(false) {
                black_box(&line);
                out += 1;
            }
        }
        out
    })?;
    let observations = meter::rate(count, input.seconds, || {
        let mut tracker = Tracker::new(traffic::context("bench-adsb"));
        let take = |frame: &&Received| {
            let now = frame.at.unwrap_or_default();
            black_box(tracker.receive(frame, now)).is_ok_and(|report| report.is_some())
        };
        frames.iter().filter(take).count() as u64
    })?;
    Ok(json!({
        "bench": "adsb",
        "input": {"what": input.what(), "frames": count},
        "figures": {"fields": fields, "json": json, "observations": observations},
    }))
}

/// The recordings' frames one after the other, or simulated traffic. Frames without a time get one:
/// a millisecond after the frame before.
fn frames(input: &Input) -> Result<Vec<Received>, End> {
    let mut frames = Vec::new();
    for recording in input.recordings()? {
        let mut last = frames.last().and_then(|frame: &Received| frame.at).unwrap_or_default();
        for mut received in unframed(&recording) {
            last = received.at.unwrap_or(last.plus_ms(1));
            received.at = Some(last);
            frames.push(received);
        }
    }
    if input.files.is_empty() {
        let traffic = Traffic { ships: 0, aircraft: 100 };
        for tenth in (0..SIMULATED_S).flat_map(|s| traffic.second(s)) {
            let received = beast::Deframer::default().push(&tenth.beast).into_iter().flatten();
            frames.extend(received.map(|mut frame| {
                frame.at = Some(tenth.at);
                frame
            }));
        }
    }
    Ok(frames)
}

fn unframed(bytes: &[u8]) -> Vec<Received> {
    match guess(bytes) {
        Format::Beast => beast::Deframer::default().push(bytes).into_iter().flatten().collect(),
        Format::Avr => avr::Deframer::default().push(bytes).into_iter().flatten().collect(),
        Format::Jsonl => {
            let lines = readsb::Deframer::default().push(bytes).into_iter().flatten();
            let frame = |line| match line {
                readsb::Line::Frame(received) => Some(received),
                readsb::Line::Aircraft(_) => None,
            };
            lines.filter_map(frame).collect()
        }
        // Aircraft, already decoded: no frames.
        Format::Sbs | Format::AircraftJson => Vec::new(),
    }
}

/// The frames as JSON lines, as jet1090 writes them.
fn written(frames: &[Received]) -> String {
    let mut text = String::new();
    for frame in frames {
        let Timestamp(ms) = frame.at.unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = write!(text, "{{\"timestamp\":{}.{:03},\"frame\":\"", ms / 1_000, ms % 1_000);
        for byte in frame.bytes() {
            let _ = write!(text, "{byte:02x}");
        }
        text.push_str("\"}\n");
    }
    text
}

/// Every frame decoded, every coded position placed; gives how many frames were good.
fn fields(frames: &[Received]) -> u64 {
    let mut aircraft: BTreeMap<u32, Locator> = BTreeMap::new();
    let mut neighbourhood = Neighbourhood::default();
    let mut good = 0;
    for received in frames {
        let Ok(frame) = Frame::decode(received.bytes()) else { continue };
        good += 1;
        look(&frame);
        let (Some((cpr, is_surface)), Some(at)) = (frame.cpr(), received.at) else { continue };
        let locator = aircraft.entry(frame.address).or_default();
        let position = locator.place(cpr, is_surface, at, &neighbourhood);
        if let Some(position) = black_box(position) {
            neighbourhood.hear(Fix { position, at, is_surface });
        }
    }
    good
}

/// Looks at every field, in feet, knots and text as a user would.
fn look(frame: &Frame) {
    black_box(frame);
    match &frame.message {
        Message::Altitude(altitude) => {
            black_box(altitude.map(|altitude| altitude.feet()));
        }
        Message::Identity(_) | Message::AllCall { .. } => {}
        Message::Extended { content, .. } => match content {
            Content::Identification { callsign, .. } => {
                black_box(callsign.text());
            }
            Content::Airborne { altitude, .. } => {
                black_box(altitude.map(|altitude| altitude.feet()));
            }
            Content::Velocity(velocity) => {
                black_box((velocity.over_ground(), velocity.vertical_rate_fpm));
            }
            Content::Surface { .. }
            | Content::Status { .. }
            | Content::Quality { .. }
            | Content::Other => {}
        },
    }
}
