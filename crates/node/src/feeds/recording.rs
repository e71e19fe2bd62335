//! A recording cut into the messages it holds, each with the time at which it was recorded.
//!
//! Refuses: changing what was recorded. Lines and events stay as they are; Beast frames are framed
//! again with the counter they had.

use std::path::Path;

use renkei_codec::modes::{Received, avr, beast, readsb, sbs, snapshot};
use renkei_codec::{Reject, ais, asterix, cot, plots};
use renkei_model::time::Timestamp;

use crate::config::FeedKind;

/// The longest line; what is longer is given in parts.
const LINE_LEN_MAX: usize = 65_536;

/// One message.
pub(crate) struct Part {
    /// As it stands in the recording, line end included.
    pub(crate) bytes: Vec<u8>,
    /// When it was recorded, if that is told.
    pub(crate) at: Option<Timestamp>,
}

/// Cuts a recording into messages.
pub(crate) struct Cutter {
    kind: Kind,
    line: Vec<u8>,
}

enum Kind {
    Ais(Box<ais::Receiver>),
    Avr(avr::Deframer),
    Json(readsb::Deframer),
    Beast(Box<beast::Deframer>),
    Sbs(sbs::Deframer),
    Tables(Box<snapshot::Deframer>),
    Plots(plots::Deframer),
    Asterix(asterix::Deframer),
    Cot(Box<cot::Splitter>),
}

impl Cutter {
    /// A cutter for recordings of `kind`.
    pub(crate) fn new(kind: FeedKind) -> Self {
        let kind = match kind {
            FeedKind::Ais => Kind::Ais(Box::default()),
            FeedKind::Avr => Kind::Avr(avr::Deframer::default()),
            FeedKind::Readsb => Kind::Json(readsb::Deframer::default()),
            FeedKind::Beast => Kind::Beast(Box::default()),
            FeedKind::Sbs => Kind::Sbs(sbs::Deframer::default()),
            FeedKind::AircraftJson => Kind::Tables(Box::default()),
            FeedKind::Plots => Kind::Plots(plots::Deframer::default()),
            FeedKind::Asterix => Kind::Asterix(asterix::Deframer::default()),
            FeedKind::Cot => Kind::Cot(Box::default()),
        };
        Self { kind, line: Vec::new() }
    }

    /// The messages that a piece completes; without a piece, what is left. Lines are not judged here.
    pub(crate) fn push(&mut self, piece: Option<&[u8]>) -> Vec<Result<Part, Reject>> {
        match &mut self.kind {
            Kind::Beast(deframer) => {
                let frames = piece.map(|bytes| deframer.push(bytes)).unwrap_or_default();
                frames.into_iter().map(|item| item.map(|received| frame(&received))).collect()
            }
            Kind::Cot(splitter) => {
                let documents = match piece {
                    Some(bytes) => splitter.push(bytes),
                    None => splitter.finish(),
                };
                documents.into_iter().map(|item| item.map(event)).collect()
            }
            Kind::Asterix(deframer) => {
                let blocks = match piece {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish(),
                };
                blocks.into_iter().map(|item| item.map(|block| radar_block(&block))).collect()
            }
            Kind::Ais(_)
            | Kind::Avr(_)
            | Kind::Json(_)
            | Kind::Sbs(_)
            | Kind::Tables(_)
            | Kind::Plots(_) => self.lines(piece).into_iter().map(Ok).collect(),
        }
    }

    fn lines(&mut self, piece: Option<&[u8]>) -> Vec<Part> {
        let mut parts = Vec::new();
        for byte in piece.unwrap_or(b"\n") {
            self.line.push(*byte);
            if *byte == b'\n' || self.line.len() >= LINE_LEN_MAX {
                let bytes = std::mem::take(&mut self.line);
                if !bytes.trim_ascii().is_empty() {
                    parts.push(Part { at: self.time(&bytes), bytes });
                }
            }
        }
        parts
    }

    /// When a line was recorded, where it or the ones before it say.
    fn time(&mut self, line: &[u8]) -> Option<Timestamp> {
        match &mut self.kind {
            Kind::Ais(receiver) => {
                let mut at = None;
                receiver.push(line, Timestamp::default(), |item| {
                    at = item.ok().and_then(|received| received.event_time);
                });
                at
            }
            Kind::Avr(deframer) => {
                deframer.push(line).into_iter().flatten().find_map(|frame| frame.clock())
            }
            Kind::Json(deframer) => {
                deframer.push(line).into_iter().flatten().find_map(|line| match line {
                    readsb::Line::Frame(frame) => frame.at,
                    readsb::Line::Aircraft(aircraft) => aircraft.now,
                })
            }
            Kind::Sbs(deframer) => {
                deframer.push(line).into_iter().flatten().find_map(|line| line.local)
            }
            Kind::Tables(deframer) => {
                deframer.push(line).into_iter().flatten().find_map(|aircraft| aircraft.now)
            }
            Kind::Plots(deframer) => {
                deframer.push(line).into_iter().flatten().find_map(|line| line.time)
            }
            Kind::Beast(_) | Kind::Cot(_) | Kind::Asterix(_) => None,
        }
    }
}

fn frame(received: &Received) -> Part {
    let (counter, signal) = (received.counter.unwrap_or_default(), received.signal);
    let bytes = beast::encode(received.bytes(), counter, signal.unwrap_or_default());
    Part { bytes, at: received.clock() }
}

fn event(document: Vec<u8>) -> Part {
    let at = cot::Event::parse(&document).ok().map(|event| event.head().time);
    let mut bytes = document;
    bytes.push(b'\n');
    Part { bytes, at }
}

/// The time of day is enough for the pace; at midnight it is taken for a clock that was set.
fn radar_block(block: &asterix::Block) -> Part {
    let (reports, _) = asterix::Report::of_block(block);
    let of_day = reports.iter().find_map(|report| match report {
        asterix::Report::Target(target) => target.time_of_day,
        asterix::Report::Track(track) => track.time_of_day,
    });
    let at = of_day.map(|of_day| Timestamp(i64::from(of_day) * 1_000 / 128));
    Part { bytes: block.bytes().to_vec(), at }
}

/// What a recording is, by its name and its first bytes.
pub(crate) fn guess(path: &Path, bytes: &[u8]) -> FeedKind {
    let is_beast = path.extension().is_some_and(|e| e == "beast" || e == "bin");
    match bytes.trim_ascii_start() {
        _ if is_beast => FeedKind::Beast,
        [0x1A, ..] => FeedKind::Beast,
        // The length of a block of radar reports; no text has such a second byte.
        [48 | 62, 0..=7, ..] => FeedKind::Asterix,
        [b'{', ..] if has(bytes, "\"aircraft\"") => FeedKind::AircraftJson,
        [b'{', ..] if has(bytes, "\"sd_m\"") || has(bytes, "\"east_m2\"") => FeedKind::Plots,
        [b'{', ..] if has(bytes, "\"range_m\"") => FeedKind::Plots,
        [b'{', ..] => FeedKind::Readsb,
        [b'M', b'S', b'G', b',', ..] => FeedKind::Sbs,
        [b'<', b'e' | b'?' | b'!', ..] => FeedKind::Cot,
        [b'*' | b'@' | b'<' | b'%', ..] => FeedKind::Avr,
        _ => FeedKind::Ais,
    }
}

/// Whether the first kilobyte holds a word.
fn has(bytes: &[u8], word: &str) -> bool {
    let head = bytes.get(..1_024).unwrap_or(bytes);
    head.windows(word.len()).any(|window| window == word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, Option<i64>)]) {
        let mut cutter = Cutter::new(guess(Path::new("recording"), text.as_bytes()));
        let mut parts = cutter.push(Some(text.as_bytes()));
        parts.extend(cutter.push(None));
        let parts: Vec<_> =
            parts.iter().flatten().map(|p| (p.bytes.len(), p.at.map(|at| at.0))).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn lines_carry_the_times_they_were_recorded_at() {
        check(
            "\\c:1334337317*5C\\!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\n\
             !AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24",
            &[(65, Some(1_334_337_317_000)), (48, None)],
        );
        check("{\"timestamp\":1.5,\"frame\":\"5dad57202809f9\"}\n", &[(43, Some(1_500))]);
        check("*5DAD57202809F9;\n\n*5DAD57202809F9;\n", &[(17, None), (17, None)]);
        check("@0000005b8d805DAD57202809F9;\n", &[(29, Some(500))]);
    }

    #[test]
    fn recordings_of_aircraft_and_radars_are_told_apart_and_timed() {
        let line = "MSG,3,1,1,F00123,1,1970/01/01,00:00:02.500,,,,30000,,,24.8,125.3,,,0,0,0,0\r\n";
        check(line, &[(line.len(), Some(2_500))]);
        check("{\"time\":3,\"lat\":24.8,\"lon\":125.3,\"sd_m\":50}\n", &[(44, Some(3_000))]);
        let table = "{\"now\":4,\"aircraft\":[\n{\"hex\":\"f00123\"}\n]}\n";
        check(table, &[(22, None), (17, Some(4_000)), (3, None)]);
        let radar = asterix::TargetReport { time_of_day: Some(640), ..Default::default() };
        let block = asterix::encode_target(&radar);
        let mut cutter = Cutter::new(guess(Path::new("recording"), &block));
        let parts = cutter.push(Some(&block));
        let [Ok(part)] = parts.as_slice() else { panic!("one block") };
        assert_eq!((&part.bytes, part.at), (&block, Some(Timestamp(5_000))));
    }

    #[test]
    fn events_go_out_one_by_one() {
        let event = "<event uid='a' type='a-f-G' time='1970-01-01T00:00:01Z' \
                     stale='1970-01-01T00:00:09Z'><point lat='1' lon='2'/></event>";
        check(&[event, event].concat(), &[(event.len() + 1, Some(1_000)); 2]);
    }
}
