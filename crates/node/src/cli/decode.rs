//! `renkei decode`: what a recording holds, as JSON lines on standard output; counts and refusals on
//! standard error.
//!
//! Refuses: nothing for good. Whatever it had to reject, it ends with 0.

mod plots;

use std::collections::BTreeMap;
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use renkei_codec::modes::{Lines, Received, avr, beast, readsb, sbs, snapshot, told_line};
use renkei_codec::{Reject, ais, cot};
use renkei_model::time::Timestamp;

use super::End;
use crate::feeds::file;

/// Bytes read at once.
const CHUNK_LEN: usize = 64 * 1024;
/// Frames looked ahead for the position of aircraft that are still on the ground: some minutes of a
/// busy receiver, 12 MB.
const LOOK_AHEAD: usize = 65_536;

/// Print what a recording holds.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// AIS: NMEA 0183 lines, with or without tag blocks, prefixes, $PGHP
    Ais(Input),
    /// Mode S and ADS-B: Beast binary, AVR text, JSON lines of frames, SBS-1 lines, aircraft.json
    Adsb(Adsb),
    /// Plots of radars: ASTERIX categories 048 and 062, or JSON lines
    Plots(plots::Plots),
    /// Cursor on Target: XML events, one after the other
    Cot(Input),
}

/// Where the bytes come from.
#[derive(clap::Args, Debug)]
pub(crate) struct Input {
    /// A file (.gz is read as what it holds), or - for standard input
    #[arg(default_value = "-")]
    file: PathBuf,
}

/// Arguments of `decode adsb`.
#[derive(clap::Args, Debug)]
pub(crate) struct Adsb {
    #[command(flatten)]
    input: Input,
    /// What the bytes are; told from the first of them if not given
    #[arg(long)]
    format: Option<Format>,
    /// Print each frame at once: for a live stream. Aircraft that never flew yet have no position then
    #[arg(long)]
    follow: bool,
}

/// Forms of Mode S recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// `*8D…;` lines, also `@` with a counter
    Avr,
    /// 0x1A frames as on port 30005
    Beast,
    /// {"timestamp":…,"frame":"8d…"} lines as of jet1090, or aircraft as of readsb's JSON port
    Jsonl,
    /// MSG,… lines as on port 30003; times are the sender's own
    Sbs,
    /// Whole tables as in dump1090's and readsb's aircraft.json
    AircraftJson,
}

/// Runs `renkei decode`.
///
/// # Errors
/// [`End::Wrong`] when the file cannot be read or the output not be written.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    let mut output = Output::new(BufWriter::new(std::io::stdout().lock()));
    let ended = match command {
        Command::Ais(input) => decode_ais(&input.file, &mut output),
        Command::Adsb(arguments) => decode_adsb(arguments, &mut output),
        Command::Plots(arguments) => plots::decode(arguments, &mut output),
        Command::Cot(input) => decode_cot(&input.file, &mut output),
    };
    match ended.and_then(|()| output.lines.flush()) {
        // Whoever reads the lines may stop when it has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            let path = command.path().display();
            return Err(End::Wrong(format!("decode `{path}`: {error}; is the path right?")));
        }
        Ok(()) => {}
    }
    output.report();
    Ok(())
}

impl Command {
    fn path(&self) -> &Path {
        match self {
            Self::Ais(input) | Self::Cot(input) => &input.file,
            Self::Adsb(arguments) => &arguments.input.file,
            Self::Plots(arguments) => &arguments.input.file,
        }
    }
}

/// Lines out, counts kept.
struct Output<W: Write> {
    lines: W,
    printed: u64,
    rejected: BTreeMap<&'static str, (u64, String)>,
}

impl<W: Write> Output<W> {
    fn new(lines: W) -> Self {
        Self { lines, printed: 0, rejected: BTreeMap::new() }
    }

    fn line(&mut self, line: &str) -> std::io::Result<()> {
        self.printed += 1;
        self.lines.write_all(line.as_bytes())?;
        self.lines.write_all(b"\n")
    }

    fn reject(&mut self, reject: Reject) {
        let (count, _) = self.rejected.entry(reject.reason).or_insert_with(|| {
            (0, format!("{} ({})", reject.detail, reject.sample.escape_ascii()))
        });
        *count += 1;
    }

    fn report(&self) {
        eprintln!("decoded {}", self.printed);
        for (reason, (count, example)) in &self.rejected {
            eprintln!("rejected {count} {reason}, for example: {example}");
        }
    }
}

/// Reads `path` in pieces; the last call has none.
fn pieces(
    path: &Path,
    mut take: impl FnMut(Option<&[u8]>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut bytes = file::open(path)?;
    let mut chunk = vec![0; CHUNK_LEN];
    loop {
        match bytes.read(&mut chunk) {
            Ok(0) => return take(None),
            Ok(length) => take(chunk.get(..length))?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn decode_ais(path: &Path, output: &mut Output<impl Write>) -> std::io::Result<()> {
    let mut receiver = ais::Receiver::default();
    let mut line = String::new();
    pieces(path, |piece| {
        let mut written = Ok(());
        let sink = |item: Result<ais::Received<'_>, Reject>| match item {
            Ok(received) => {
                line.clear();
                ais::json_line(&received, &mut line);
                if written.is_ok() {
                    written = output.line(&line);
                }
            }
            Err(reject) => output.reject(reject),
        };
        // A file has no clock of its own: parts of one message never time out, they are crowded out.
        match piece {
            Some(bytes) => receiver.push(bytes, Timestamp::default(), sink),
            None => receiver.finish(Timestamp::default(), sink),
        }
        written
    })
}

enum Frames {
    Unknown,
    Avr(avr::Deframer),
    Beast(Box<beast::Deframer>),
    Json(readsb::Deframer),
    Sbs(sbs::Deframer),
    Tables(Box<snapshot::Deframer>),
}

/// A frame, or the line of an aircraft that another decoder told of.
enum Item {
    Frame(Received),
    Line(String),
}

impl Frames {
    fn of(format: Format) -> Self {
        match format {
            Format::Avr => Self::Avr(avr::Deframer::default()),
            Format::Beast => Self::Beast(Box::default()),
            Format::Jsonl => Self::Json(readsb::Deframer::default()),
            Format::Sbs => Self::Sbs(sbs::Deframer::default()),
            Format::AircraftJson => Self::Tables(Box::default()),
        }
    }

    /// The frames that a piece completes.
    fn push(&mut self, piece: Option<&[u8]>) -> Vec<Result<Item, Reject>> {
        if let (Self::Unknown, Some(bytes)) = (&*self, piece) {
            *self = Self::of(guess(bytes));
        }
        let frames = |items: Vec<Result<Received, Reject>>| {
            items.into_iter().map(|item| item.map(Item::Frame)).collect()
        };
        match self {
            Self::Unknown => Vec::new(),
            Self::Avr(deframer) => frames(match piece {
                Some(bytes) => deframer.push(bytes),
                None => deframer.finish(),
            }),
            Self::Beast(deframer) => frames(piece.map(|b| deframer.push(b)).unwrap_or_default()),
            Self::Sbs(deframer) => {
                let lines = match piece {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish(),
                };
                let line = |line: sbs::Line| Item::Line(told_line(&line.told, line.local));
                lines.into_iter().map(|item| item.map(line)).collect()
            }
            Self::Tables(deframer) => {
                let aircraft = match piece {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish(),
                };
                aircraft.into_iter().map(|item| item.map(|a| aircraft_item(&a))).collect()
            }
            Self::Json(deframer) => {
                let lines = match piece {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish().into_iter().collect(),
                };
                lines.into_iter().map(|line| line.map(item)).collect()
            }
        }
    }
}

fn item(line: readsb::Line) -> Item {
    match line {
        readsb::Line::Frame(received) => Item::Frame(received),
        readsb::Line::Aircraft(aircraft) => aircraft_item(&aircraft),
    }
}

fn aircraft_item(aircraft: &readsb::Aircraft) -> Item {
    Item::Line(told_line(&aircraft.told(), aircraft.now))
}

/// The form of Mode S bytes by their beginning.
pub(super) fn guess(bytes: &[u8]) -> Format {
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(0x1A) => Format::Beast,
        Some(b'{') if bytes.windows(10).take(1_024).any(|word| word == b"\"aircraft\"") => {
            Format::AircraftJson
        }
        Some(b'{') => Format::Jsonl,
        Some(b'M' | b'S') => Format::Sbs,
        _ => Format::Avr,
    }
}

fn decode_adsb(arguments: &Adsb, output: &mut Output<impl Write>) -> std::io::Result<()> {
    let mut frames = arguments.format.map_or(Frames::Unknown, Frames::of);
    let mut lines = Lines::new(if arguments.follow { 0 } else { LOOK_AHEAD });
    pieces(&arguments.input.file, |piece| {
        for item in frames.push(piece) {
            match item {
                Ok(Item::Line(line)) => output.line(&line)?,
                Ok(Item::Frame(received)) => {
                    lines.push(received).unwrap_or_else(|reject| output.reject(reject));
                }
                Err(reject) => output.reject(reject),
            }
            while let Some(line) = lines.next_line(false) {
                output.line(&line)?;
            }
        }
        while let (None, Some(line)) = (piece, lines.next_line(piece.is_none())) {
            output.line(&line)?;
        }
        if arguments.follow { output.lines.flush() } else { Ok(()) }
    })
}

fn decode_cot(path: &Path, output: &mut Output<impl Write>) -> std::io::Result<()> {
    let mut splitter = cot::Splitter::default();
    pieces(path, |piece| {
        let items = match piece {
            Some(bytes) => splitter.push(bytes),
            None => splitter.finish(),
        };
        for item in items {
            let event = item.and_then(|document| {
                cot::Event::parse(&document)
                    .map_err(|error| Reject::new(error.code(), error.to_string(), &document))
            });
            match event {
                Ok(event) => output.line(&cot::json_line(&event))?,
                Err(reject) => output.reject(reject),
            }
        }
        Ok(())
    })
}
