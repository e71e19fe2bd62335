//! `aircraft.json` as dump1090 and readsb write it: the whole table of aircraft, again and again.
//!
//! ```text
//! { "now" : 1717664400.5, "messages" : 123, "aircraft" : [ {"hex":"f00123", …}, … ] }
//! ```
//!
//! One after the other on a stream, in a file, or as the body of an HTTP answer. The table is never
//! held whole: each aircraft is read as soon as its object ends.
//!
//! Refuses: saying a thing twice. An aircraft is reported when it has a new position, a new name, code
//! or emergency, or else every five seconds; never on its first message, and a code that stands in one
//! table alone does not count.

use std::collections::BTreeMap;

use renkei_model::observation::{Identity, Observation};
use renkei_model::time::Timestamp;

use super::field::Squawk;
use super::readsb::{Aircraft, read_aircraft_text};
use super::tracker::AIRCRAFT_MAX;
use crate::{FeedContext, Reject};

/// An aircraft's object has about 1 KiB.
const OBJECT_LEN_MAX: usize = 65_536;
/// What stands before the list of aircraft has about 100 bytes.
const HEAD_LEN_MAX: usize = 4_096;
/// Objects in objects; an aircraft has two.
const DEPTH_MAX: usize = 16;
/// How often an aircraft that has no new position is reported.
const REPORT_MS: i64 = 5_000;
/// An aircraft that is in no table for so long is forgotten.
const SILENCE_MS_MAX: i64 = 600_000;
/// How often the table is swept.
const SWEEP_MS: i64 = 1_000;

/// Bytes to aircraft. Keeps at most one unfinished object and the head of its table.
#[derive(Debug, Default)]
pub struct Deframer {
    /// Text of the table outside its aircraft, from its beginning.
    head: Vec<u8>,
    /// The unfinished object of one aircraft.
    object: Vec<u8>,
    depth: usize,
    /// Depth of brackets at which aircraft stand: 2 in a table, 1 for objects that stand alone.
    list_depth: Option<usize>,
    is_string: bool,
    is_escaped: bool,
    garbage: Vec<u8>,
    garbage_len: usize,
}

impl Deframer {
    /// Takes the next bytes of the stream; gives the aircraft they complete and what was refused.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<Aircraft, Reject>> {
        let mut out = Vec::new();
        for byte in bytes {
            self.step(*byte, &mut out);
        }
        out
    }

    /// Ends the stream: what stands unfinished is refused.
    pub fn finish(&mut self) -> Vec<Result<Aircraft, Reject>> {
        let mut out = Vec::new();
        self.report_garbage(&mut out);
        if self.depth > 0 {
            self.lose("truncated", "aircraft.json ends within its table", &mut out);
        }
        out
    }

    fn step(&mut self, byte: u8, out: &mut Vec<Result<Aircraft, Reject>>) {
        if self.depth == 0 && byte != b'{' {
            if !byte.is_ascii_whitespace() && byte != b',' {
                self.garbage_len += 1;
                if self.garbage.len() < Reject::SAMPLE_LEN_MAX {
                    self.garbage.push(byte);
                }
            }
            return;
        }
        if self.is_string {
            self.keep(byte, out);
            match byte {
                // JSON has no line end within a string: the bytes before it were cut.
                b'\n' => self.lose("syntax", "aircraft.json: a text that does not end", out),
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'{' | b'[' => self.open(byte, out),
            b'}' | b']' => self.close(byte, out),
            b'"' => {
                self.is_string = true;
                self.keep(byte, out);
            }
            _ => self.keep(byte, out),
        }
    }

    fn open(&mut self, byte: u8, out: &mut Vec<Result<Aircraft, Reject>>) {
        if self.depth == 0 {
            self.report_garbage(out);
        }
        let is_list = byte == b'[' && self.depth == 1 && ends_with_key(&self.head, "aircraft");
        let depth = self.depth;
        self.keep(byte, out);
        if self.depth < depth {
            return;
        }
        self.depth += 1;
        if is_list {
            self.list_depth = Some(self.depth);
        }
        if self.depth > DEPTH_MAX {
            self.lose("shape", "aircraft.json: objects nested too deep", out);
        }
    }

    fn close(&mut self, byte: u8, out: &mut Vec<Result<Aircraft, Reject>>) {
        self.keep(byte, out);
        let Some(depth) = self.depth.checked_sub(1) else { return };
        self.depth = depth;
        match self.list_depth {
            Some(list) if self.depth == list && byte == b'}' => {
                let object = std::mem::take(&mut self.object);
                let now = number_of_key(&self.head, "now");
                out.push(aircraft(&object, now));
            }
            // Commas between aircraft.
            Some(list) if self.depth == list => self.object.clear(),
            _ if self.depth > 0 => {}
            Some(_) => self.reset(),
            // An object without a list: an aircraft that stands alone, as on readsb's JSON port.
            None => {
                let object = std::mem::take(&mut self.head);
                self.reset();
                out.push(aircraft(&object, None));
            }
        }
    }

    /// Keeps a byte where it belongs: to an aircraft, or to the table's head.
    fn keep(&mut self, byte: u8, out: &mut Vec<Result<Aircraft, Reject>>) {
        let in_list = self.list_depth.is_some_and(|list| self.depth >= list);
        if in_list {
            let is_between = self.object.is_empty() && byte != b'{';
            if !is_between {
                self.object.push(byte);
            }
            if self.object.len() > OBJECT_LEN_MAX {
                self.lose("too_long", "aircraft.json: an aircraft longer than 65536 bytes", out);
            }
            return;
        }
        // What follows the list is not needed; a lone aircraft may be as long as one in a list.
        if self.list_depth.is_none() {
            self.head.push(byte);
            let is_alone = self.head.starts_with(br#"{"hex""#);
            if self.head.len() > if is_alone { OBJECT_LEN_MAX } else { HEAD_LEN_MAX } {
                self.lose("too_long", "aircraft.json: no list of aircraft in 4096 bytes", out);
            }
        }
    }

    fn lose(
        &mut self,
        reason: &'static str,
        detail: &str,
        out: &mut Vec<Result<Aircraft, Reject>>,
    ) {
        let sample = if self.object.is_empty() { &self.head } else { &self.object };
        out.push(Err(Reject::new(reason, detail, sample)));
        self.reset();
    }

    fn reset(&mut self) {
        *self = Self::default();
    }

    /// One refusal for each run of bytes between tables, an HTTP head for example.
    fn report_garbage(&mut self, out: &mut Vec<Result<Aircraft, Reject>>) {
        if self.garbage_len > 0 {
            let detail = format!("{} bytes outside aircraft.json", self.garbage_len);
            out.push(Err(Reject::new("garbage", detail, &self.garbage)));
            self.garbage.clear();
            self.garbage_len = 0;
        }
    }
}

fn aircraft(object: &[u8], now: Option<Timestamp>) -> Result<Aircraft, Reject> {
    let mut aircraft = read_aircraft_text(object)?;
    aircraft.now = aircraft.now.or(now);
    Ok(aircraft)
}

/// Whether `text` ends with the key `key` and its colon.
fn ends_with_key(text: &[u8], key: &str) -> bool {
    let before = text.trim_ascii_end().strip_suffix(b":").map(<[u8]>::trim_ascii_end);
    before
        .and_then(|text| text.strip_suffix(b"\""))
        .and_then(|text| text.strip_suffix(key.as_bytes()))
        .is_some_and(|text| text.ends_with(b"\""))
}

/// Unix seconds that stand behind `key` in the head of a table.
fn number_of_key(head: &[u8], key: &str) -> Option<Timestamp> {
    let text = std::str::from_utf8(head).ok()?;
    let (_, behind) = text.split_once(&format!("\"{key}\""))?;
    let behind = behind.trim_start().strip_prefix(':')?.trim_start();
    let end = behind.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+' | 'e' | 'E'));
    let seconds: f64 = behind.get(..end.unwrap_or(behind.len()))?.parse().ok()?;
    super::readsb::unix_seconds(seconds)
}

/// A Mode A code and an emergency state as sent.
type Code = (Option<Squawk>, Option<String>);

/// What was last said of one aircraft.
#[derive(Clone, Debug, Default)]
struct Said {
    heard: Timestamp,
    reported: Option<Timestamp>,
    position_at: Option<Timestamp>,
    flight: Option<String>,
    code: Code,
    confirmed: Code,
}

/// Follows the aircraft of one feed from table to table.
#[derive(Debug)]
pub struct Tables {
    context: FeedContext,
    said: BTreeMap<(bool, u32), Said>,
    swept: Timestamp,
    turned_away: u64,
}

impl Tables {
    /// For one feed.
    #[must_use]
    pub fn new(context: FeedContext) -> Self {
        Self { context, said: BTreeMap::new(), swept: Timestamp::default(), turned_away: 0 }
    }

    /// Aircraft followed now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.said.len()
    }

    /// True when no aircraft is followed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// Aircraft that found no room.
    #[must_use]
    pub fn turned_away(&self) -> u64 {
        self.turned_away
    }

    /// Takes an aircraft of a table received at `now`; gives a report when it says something new.
    pub fn receive(&mut self, aircraft: &Aircraft, now: Timestamp) -> Option<Observation> {
        self.sweep(now);
        let mut observation = aircraft.to_observation(&self.context, now);
        let key = match observation.identity {
            Identity::Icao(address) => (true, address),
            _ => (false, aircraft.address),
        };
        if self.said.len() >= AIRCRAFT_MAX && !self.said.contains_key(&key) {
            self.turned_away += 1;
            return None;
        }
        let said = self.said.entry(key).or_default();
        said.heard = now;
        let table_at = aircraft.now.unwrap_or(now);
        // The table's clock has 0.1 s, the age too: a change below that is no new position.
        let is_new_place = observation.position.is_some()
            && said.position_at.is_none_or(|last| observation.event_time.since_ms(last) > 250);
        let is_new_name = aircraft.flight.is_some() && aircraft.flight != said.flight;
        let code = (aircraft.squawk, aircraft.emergency.clone());
        let is_twice = code != Code::default() && said.code == code;
        let is_new_code = is_twice && said.confirmed != code;
        if is_new_code {
            said.confirmed = code.clone();
        }
        said.code = code;
        let silent = said.reported.is_none_or(|last| table_at.since_ms(last) >= REPORT_MS);
        let is_first_message = aircraft.messages.is_some_and(|count| count < 2);
        if is_first_message || !(is_new_place || is_new_name || is_new_code || silent) {
            return None;
        }
        said.reported = Some(table_at);
        said.flight = aircraft.flight.clone().or(said.flight.take());
        if is_new_place {
            said.position_at = Some(observation.event_time);
        } else {
            // An old position again is no news, and the rest is of now.
            observation.position = None;
            observation.accuracy_m = None;
            observation.event_time = table_at;
        }
        if !is_twice {
            observation.attributes.squawk = None;
            observation.attributes.emergency = None;
        }
        Some(observation)
    }

    fn sweep(&mut self, now: Timestamp) {
        if now.since_ms(self.swept).abs() < SWEEP_MS {
            return;
        }
        self.swept = now;
        self.said.retain(|_, said| now.since_ms(said.heard).abs() <= SILENCE_MS_MAX);
    }
}
