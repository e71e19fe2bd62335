//! `renkei decode adsb`: one JSON object a frame.
//!
//! Refuses: positions from frames without a clock (two messages of unknown age are no pair), and
//! growth: what is held back for a later position is bounded.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::cpr::Cpr;
use super::field::Callsign;
use super::frame::{Content, Frame, Message};
use super::locate::{Fix, Locator, Neighbourhood, near};
use super::received::Received;
use super::told::Told;
use crate::Reject;

/// Aircraft whose positions are followed; beyond it the table starts anew. Ten times what one
/// receiver hears in an hour.
const AIRCRAFT_MAX: usize = 20_000;

fn push_text(line: &mut String, key: &str, value: Option<impl std::fmt::Display>) {
    // Writing to a String cannot fail; the values are hexadecimal, octal or call-sign characters.
    let _ = match value {
        Some(value) => write!(line, ",\"{key}\":\"{value}\""),
        None => write!(line, ",\"{key}\":null"),
    };
}

fn push_number(line: &mut String, key: &str, value: Option<f64>, scale: f64) {
    let _ = match value {
        Some(value) => write!(line, ",\"{key}\":{}", (value * scale).round() / scale),
        None => write!(line, ",\"{key}\":null"),
    };
}

/// The fields of one frame as the command line prints them: feet, knots, degrees, feet a minute.
#[derive(Default)]
struct Row<'a> {
    callsign: Option<&'a str>,
    altitude_ft: Option<f64>,
    squawk: Option<super::Squawk>,
    gs_kn: Option<f64>,
    track_deg: Option<f64>,
    vertical_rate_fpm: Option<i32>,
}

impl<'a> Row<'a> {
    fn of(frame: &'a Frame) -> Self {
        let mut row = Self::default();
        match &frame.message {
            Message::Altitude(altitude) => row.altitude_ft = altitude.map(|a| a.feet()),
            Message::Identity(squawk) => row.squawk = Some(*squawk),
            Message::AllCall { .. } => {}
            Message::Extended { content, .. } => match content {
                Content::Identification { callsign, .. } => row.callsign = Some(callsign.text()),
                Content::Surface { ground_speed_kn, track_deg, .. } => {
                    row.gs_kn = *ground_speed_kn;
                    row.track_deg = *track_deg;
                }
                Content::Airborne { altitude, .. } => row.altitude_ft = altitude.map(|a| a.feet()),
                Content::Velocity(velocity) => {
                    let over_ground = velocity.over_ground();
                    row.gs_kn = over_ground.map(|(speed, _)| speed);
                    row.track_deg = over_ground.map(|(_, track)| track);
                    row.vertical_rate_fpm = velocity.vertical_rate_fpm;
                }
                Content::Status { squawk, .. } => row.squawk = Some(*squawk),
                Content::Quality { .. } | Content::Other => {}
            },
        }
        row
    }
}

/// One JSON object, without line end: `frame df icao tc callsign altitude squawk gs track
/// vertical_rate lat lon time`; `null` where the frame has no such field.
#[must_use]
pub fn json_line(
    bytes: &[u8],
    frame: &Frame,
    position: Option<Position>,
    time: Option<Timestamp>,
) -> String {
    let row = Row::of(frame);
    let mut line = String::with_capacity(256);
    line.push_str("{\"frame\":\"");
    for byte in bytes {
        let _ = write!(line, "{byte:02x}");
    }
    let _ = write!(line, "\",\"df\":{},\"icao\":\"{:06x}\"", frame.df, frame.address);
    push_number(&mut line, "tc", frame.type_code().map(f64::from), 1.0);
    push_text(&mut line, "callsign", row.callsign);
    push_number(&mut line, "altitude", row.altitude_ft, 1.0);
    push_text(&mut line, "squawk", row.squawk);
    push_number(&mut line, "gs", row.gs_kn, 1e3);
    push_number(&mut line, "track", row.track_deg, 1e3);
    push_number(&mut line, "vertical_rate", row.vertical_rate_fpm.map(f64::from), 1.0);
    push_number(&mut line, "lat", position.map(Position::latitude_deg), 1e6);
    push_number(&mut line, "lon", position.map(Position::longitude_deg), 1e6);
    push_text(&mut line, "time", time.and_then(Timestamp::to_rfc3339));
    line.push('}');
    line
}

/// One aircraft as another decoder told of it, in the same keys; there is no frame.
#[must_use]
pub fn told_line(told: &Told, time: Option<Timestamp>) -> String {
    let mut line = String::with_capacity(256);
    let _ = write!(line, "{{\"frame\":null,\"df\":null,\"icao\":\"{:06x}\"", told.address);
    push_number(&mut line, "tc", None, 1.0);
    let callsign = told.callsign.filter(Callsign::is_plain);
    push_text(&mut line, "callsign", callsign.as_ref().map(Callsign::text));
    push_number(&mut line, "altitude", told.altitude_ft, 1.0);
    push_text(&mut line, "squawk", told.squawk);
    push_number(&mut line, "gs", told.ground_speed_kn, 1e3);
    push_number(&mut line, "track", told.track_deg, 1e3);
    push_number(&mut line, "vertical_rate", told.climb_fpm, 1.0);
    push_number(&mut line, "lat", told.position.map(Position::latitude_deg), 1e6);
    push_number(&mut line, "lon", told.position.map(Position::longitude_deg), 1e6);
    push_text(&mut line, "time", time.and_then(Timestamp::to_rfc3339));
    line.push('}');
    line
}

/// A frame on its way to becoming a line.
struct Pending {
    received: Received,
    frame: Frame,
    clock: Option<Timestamp>,
    position: Option<Position>,
    is_held: bool,
}

/// Frames in, JSON lines out in the same order, with positions.
///
/// A frame from an aircraft on the ground that has no position yet is held back until it has one or
/// `hold_max` frames have come: then the chain of its own positions is followed backwards.
pub struct Lines {
    aircraft: BTreeMap<u32, Locator>,
    neighbourhood: Neighbourhood,
    queue: VecDeque<Pending>,
    taken: usize,
    held: BTreeMap<u32, Vec<usize>>,
    hold_max: usize,
}

impl Lines {
    /// Holds back at most `hold_max` frames; 0 for a live stream that must not wait.
    #[must_use]
    pub fn new(hold_max: usize) -> Self {
        Self {
            aircraft: BTreeMap::new(),
            neighbourhood: Neighbourhood::default(),
            queue: VecDeque::new(),
            taken: 0,
            held: BTreeMap::new(),
            hold_max,
        }
    }

    /// Takes one frame.
    ///
    /// # Errors
    /// A [`Reject`] when the frame is refused.
    pub fn push(&mut self, received: Received) -> Result<(), Reject> {
        let frame = Frame::decode(received.bytes())
            .map_err(|error| Reject::new(error.code(), error.to_string(), received.bytes()))?;
        let clock = received.clock();
        self.queue.push_back(Pending { received, frame, clock, position: None, is_held: false });
        if let (Some((cpr, is_surface)), Some(at)) = (frame.cpr(), clock) {
            self.place(frame.address, cpr, is_surface, at);
        }
        Ok(())
    }

    /// Places the frame that came last.
    fn place(&mut self, address: u32, cpr: Cpr, is_surface: bool, at: Timestamp) {
        if self.aircraft.len() >= AIRCRAFT_MAX && !self.aircraft.contains_key(&address) {
            self.aircraft.clear();
        }
        let locator = self.aircraft.entry(address).or_default();
        let is_first = locator.last().is_none();
        let position = locator.place(cpr, is_surface, at, &self.neighbourhood);
        let index = self.taken + self.queue.len() - 1;
        let Some(pending) = self.queue.back_mut() else { return };
        pending.position = position;
        match position {
            Some(position) => {
                let fix = Fix { position, at, is_surface };
                self.neighbourhood.hear(fix);
                if is_first {
                    self.settle(address, Some(fix));
                }
            }
            None if is_surface && is_first && self.hold_max > 0 => {
                pending.is_held = true;
                self.held.entry(address).or_default().push(index);
            }
            None => {}
        }
    }

    /// Lets the held frames of `address` go: those that pair are placed in the part of the world that
    /// is known by now, the others by the one after them, the last by `later`.
    fn settle(&mut self, address: u32, mut later: Option<Fix>) {
        let held = self.held.remove(&address).unwrap_or_default();
        let places = || held.iter().filter_map(|place| place.checked_sub(self.taken));
        let mut locator = Locator::default();
        for index in places() {
            let Some(pending) = self.queue.get_mut(index) else { continue };
            pending.is_held = false;
            if let (Some((cpr, is_surface)), Some(at)) = (pending.frame.cpr(), pending.clock) {
                pending.position = locator.place(cpr, is_surface, at, &self.neighbourhood);
            }
        }
        for index in places().rev() {
            let Some(pending) = self.queue.get_mut(index) else { continue };
            let (Some((cpr, is_surface)), Some(at)) = (pending.frame.cpr(), pending.clock) else {
                continue;
            };
            if pending.position.is_none() {
                pending.position = later.and_then(|fix| near(cpr, is_surface, at, fix));
            }
            later = pending.position.map(|position| Fix { position, at, is_surface }).or(later);
        }
    }

    /// The next finished line. With `is_end` nothing is held back any more.
    pub fn next_line(&mut self, is_end: bool) -> Option<String> {
        let must_go = is_end || self.queue.len() > self.hold_max;
        let first = self.queue.front()?;
        if first.is_held {
            if !must_go {
                return None;
            }
            self.settle(first.frame.address, None);
        }
        let Pending { received, frame, position, .. } = self.queue.pop_front()?;
        self.taken += 1;
        Some(json_line(received.bytes(), &frame, position, received.at))
    }
}
