//! `renkei replay`: plays a recording into a socket, as a receiver would.
//!
//! Refuses: changing what was recorded. Lines and events go out as they are; Beast frames are framed
//! again with the counter they had.

use std::io::{BufWriter, Read as _, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use renkei_codec::modes::{avr, beast, readsb};
use renkei_codec::{ais, cot};
use renkei_model::time::Timestamp;

use super::End;
use crate::feeds::file;

/// Bytes read at once.
const CHUNK_LEN: usize = 16 * 1024;
/// The longest line; what is longer is sent in parts.
const LINE_LEN_MAX: usize = 65_536;
/// A recorded clock that jumps further was set, and is followed without waiting.
const JUMP_MS: i64 = 3_600_000;

/// Play a recording into a socket.
///
/// Where its lines carry times (tag blocks, $PGHP, prefixes, JSON timestamps, CoT times, Beast and
/// AVR counters) it is played with its own timing, else at a steady rate.
#[derive(clap::Args, Debug)]
pub(crate) struct Replay {
    /// The recording: NMEA, AVR, JSON lines, Beast or CoT; .gz is read as what it holds; - is standard input
    file: PathBuf,
    /// HOST:PORT to connect to, udp:HOST:PORT, or listen:HOST:PORT to wait for a receiver
    #[arg(long, value_name = "ADDR")]
    to: String,
    /// How much faster than recorded; 0 = without pauses
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Lines a second where the recording has no times
    #[arg(long, default_value_t = 200.0)]
    rate: f64,
}

/// Runs `renkei replay`.
///
/// # Errors
/// [`End::Wrong`] when the file cannot be read, the address not be reached, or the other end hangs up.
pub(crate) fn run(arguments: &Replay) -> Result<(), End> {
    if !(arguments.speed >= 0.0 && arguments.rate > 0.0) {
        return Err(End::Wrong("--speed must be 0 or more and --rate more than 0".into()));
    }
    let path = arguments.file.display();
    let mut bytes = file::open(&arguments.file)
        .map_err(|error| End::Wrong(format!("read `{path}`: {error}; is the path right?")))?;
    let mut way = Way::open(&arguments.to)?;
    let mut pace = Pace::new(arguments.speed, arguments.rate);
    let mut cutter = None;
    let mut chunk = vec![0; CHUNK_LEN];
    let mut played = 0_u64;
    loop {
        let length = bytes
            .read(&mut chunk)
            .map_err(|error| End::Wrong(format!("read `{path}`: {error}; is the file whole?")))?;
        let piece = chunk.get(..length).filter(|bytes| !bytes.is_empty());
        if cutter.is_none() {
            cutter = piece.map(|bytes| Cutter::new(&arguments.file, bytes));
        }
        for part in cutter.as_mut().map(|cutter| cutter.push(piece)).unwrap_or_default() {
            let to = &arguments.to;
            let sent = pace.wait(part.at, &mut way).and_then(|()| way.send(&part.bytes));
            sent.map_err(|error| {
                End::Wrong(format!("send to `{to}`: {error}; did the receiver hang up?"))
            })?;
            played += 1;
        }
        if piece.is_none() {
            break;
        }
    }
    way.flush().map_err(|error| End::Wrong(format!("send to `{}`: {error}", arguments.to)))?;
    eprintln!("played {played} messages in {:.1} s", pace.begun.elapsed().as_secs_f64());
    Ok(())
}

/// The way out.
enum Way {
    Tcp(BufWriter<TcpStream>),
    Udp(UdpSocket),
}

impl Way {
    fn open(to: &str) -> Result<Self, End> {
        let wrong = |error: std::io::Error, mend: &str| {
            End::Wrong(format!("reach `{to}`: {error}; {mend}"))
        };
        if let Some(address) = to.strip_prefix("udp:") {
            let here = if address.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" };
            let socket = UdpSocket::bind(here).and_then(|s| s.connect(address).map(|()| s));
            return socket.map(Self::Udp).map_err(|e| wrong(e, "write udp:HOST:PORT"));
        }
        let stream = match to.strip_prefix("listen:") {
            Some(address) => TcpListener::bind(address).and_then(|listener| {
                eprintln!("waiting for a receiver on {address}");
                listener.accept().map(|(stream, _)| stream)
            }),
            None => TcpStream::connect(to),
        };
        let stream = stream.map_err(|e| wrong(e, "is it HOST:PORT, and is somebody there?"))?;
        Ok(Self::Tcp(BufWriter::with_capacity(CHUNK_LEN, stream)))
    }

    fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.write_all(bytes),
            // Nobody need listen on the other end of UDP.
            Self::Udp(socket) => match socket.send(bytes) {
                Err(error) if error.kind() != std::io::ErrorKind::ConnectionRefused => Err(error),
                _ => Ok(()),
            },
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.flush(),
            Self::Udp(_) => Ok(()),
        }
    }
}

/// When the next message goes out.
struct Pace {
    speed: f64,
    rate: f64,
    begun: Instant,
    origin: Option<(Timestamp, Instant)>,
    newest: Timestamp,
    untimed: f64,
}

impl Pace {
    fn new(speed: f64, rate: f64) -> Self {
        let newest = Timestamp::default();
        Self { speed, rate, begun: Instant::now(), origin: None, newest, untimed: 0.0 }
    }

    /// Waits for the moment of a message recorded at `at`; first everything before it goes out.
    fn wait(&mut self, at: Option<Timestamp>, way: &mut Way) -> std::io::Result<()> {
        let Some(due) = self.due(at, Instant::now()) else { return Ok(()) };
        let pause = due.saturating_duration_since(Instant::now());
        if !pause.is_zero() {
            way.flush()?;
            std::thread::sleep(pause);
        }
        Ok(())
    }

    /// The moment at which a message is due; `None` = at once.
    fn due(&mut self, at: Option<Timestamp>, now: Instant) -> Option<Instant> {
        if self.speed == 0.0 {
            return None;
        }
        let Some(at) = at else {
            // Once a time was seen, a line without one belongs to the line before it.
            self.untimed += 1.0;
            let after_s = self.untimed / (self.rate * self.speed);
            return self.origin.is_none().then(|| self.begun + seconds(after_s));
        };
        let is_set = self.origin.is_none() || at.since_ms(self.newest).abs() > JUMP_MS;
        if is_set {
            self.origin = Some((at, now));
        }
        self.newest = if is_set { at } else { self.newest.max(at) };
        let (origin, begun) = self.origin?;
        let elapsed_ms = at.since_ms(origin).max(0) as f64;
        Some(begun + seconds(elapsed_ms / 1000.0 / self.speed))
    }
}

/// A duration from seconds; absurd ones become a day.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.min(86_400.0)).unwrap_or_default()
}

/// One message as it goes out.
struct Part {
    bytes: Vec<u8>,
    at: Option<Timestamp>,
}

/// Cuts a recording into messages.
struct Cutter {
    kind: Kind,
    line: Vec<u8>,
}

enum Kind {
    Ais(Box<ais::Receiver>),
    Avr(avr::Deframer),
    Json(readsb::Deframer),
    Beast(Box<beast::Deframer>),
    Cot(Box<cot::Splitter>),
}

impl Cutter {
    /// A cutter for a recording that begins with `bytes`; a name that ends in `.beast` says so too.
    fn new(path: &Path, bytes: &[u8]) -> Self {
        let text = bytes.trim_ascii_start();
        let is_beast = path.extension().is_some_and(|e| e == "beast" || e == "bin");
        let kind = match text {
            _ if is_beast => Kind::Beast(Box::default()),
            [0x1A, ..] => Kind::Beast(Box::default()),
            [b'{', ..] => Kind::Json(readsb::Deframer::default()),
            [b'<', b'e' | b'?' | b'!', ..] => Kind::Cot(Box::default()),
            [b'*' | b'@' | b'<' | b'%', ..] => Kind::Avr(avr::Deframer::default()),
            _ => Kind::Ais(Box::default()),
        };
        Self { kind, line: Vec::new() }
    }

    /// The messages that a piece completes; without a piece, what is left.
    fn push(&mut self, piece: Option<&[u8]>) -> Vec<Part> {
        match &mut self.kind {
            Kind::Beast(deframer) => {
                let frames = piece.map(|bytes| deframer.push(bytes)).unwrap_or_default();
                frames
                    .into_iter()
                    .flatten()
                    .map(|frame| Part {
                        bytes: beast::encode(
                            frame.bytes(),
                            frame.counter.unwrap_or_default(),
                            frame.signal.unwrap_or_default(),
                        ),
                        at: frame.clock(),
                    })
                    .collect()
            }
            Kind::Cot(splitter) => {
                let documents = piece.map(|bytes| splitter.push(bytes)).unwrap_or_default();
                documents.into_iter().flatten().map(event).collect()
            }
            Kind::Ais(_) | Kind::Avr(_) | Kind::Json(_) => self.lines(piece),
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
            Kind::Beast(_) | Kind::Cot(_) => None,
        }
    }
}

fn event(document: Vec<u8>) -> Part {
    let at = cot::Event::parse(&document).ok().map(|event| event.head().time);
    let mut bytes = document;
    bytes.push(b'\n');
    Part { bytes, at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, Option<i64>)]) {
        let mut cutter = Cutter::new(Path::new("recording"), text.as_bytes());
        let mut parts = cutter.push(Some(text.as_bytes()));
        parts.extend(cutter.push(None));
        let parts: Vec<_> =
            parts.iter().map(|part| (part.bytes.len(), part.at.map(|at| at.0))).collect();
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
    fn events_go_out_one_by_one() {
        let event = "<event uid='a' type='a-f-G' time='1970-01-01T00:00:01Z' \
                     stale='1970-01-01T00:00:09Z'><point lat='1' lon='2'/></event>";
        check(&[event, event].concat(), &[(event.len() + 1, Some(1_000)); 2]);
    }

    #[test]
    fn the_pace_is_that_of_the_recording_or_steady() {
        let mut pace = Pace::new(2.0, 100.0);
        let now = pace.begun;
        let after_ms = |due: Option<Instant>| due.map(|due| (due - now).as_millis());
        assert_eq!(after_ms(pace.due(None, now)), Some(5), "no time yet: the steady rate");
        assert_eq!(after_ms(pace.due(Some(Timestamp(1_000)), now)), Some(0));
        assert_eq!(after_ms(pace.due(None, now)), None, "belongs to the line before it");
        assert_eq!(after_ms(pace.due(Some(Timestamp(5_000)), now)), Some(2_000));
        assert_eq!(after_ms(pace.due(Some(Timestamp(4_000)), now)), Some(1_500));
        assert_eq!(after_ms(pace.due(Some(Timestamp(90_000_000)), now)), Some(0), "was set");
        assert_eq!(Pace::new(0.0, 1.0).due(Some(Timestamp(5)), now), None);
    }
}
