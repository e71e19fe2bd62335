//! Feeds from a file, and how every recording is opened: `.gz` is read as what it holds. A device (a
//! serial line) or a named pipe is no recording: it is read as it comes, and opened again when it ends.
//!
//! Refuses: trusting names. Compression is told from the first bytes.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::read::MultiGzDecoder;

use super::Feed;
use super::pace::Pace;
use super::reader::Reader;
use super::recording::Cutter;
use super::tcp::{CHUNK_LEN, count};
use crate::clock;
use crate::messages::ToEngine;

/// Messages a second where a file has no times: a busy receiver's.
const STEADY_RATE: f64 = 200.0;
/// A device that ended or cannot be opened is tried again after this long.
const AGAIN: Duration = Duration::from_secs(1);
/// The first bytes of gzip (RFC 1952).
const GZIP: &[u8] = &[0x1F, 0x8B];

/// Opens a recording; `-` is standard input.
///
/// # Errors
/// When the file cannot be opened or read.
pub(crate) fn open(path: &Path) -> std::io::Result<Box<dyn Read + Send>> {
    if path.as_os_str() == "-" {
        return unpacked(std::io::stdin());
    }
    unpacked(File::open(path)?)
}

fn unpacked(bytes: impl Read + Send + 'static) -> std::io::Result<Box<dyn Read + Send>> {
    let mut bytes = BufReader::with_capacity(CHUNK_LEN, bytes);
    if bytes.fill_buf()?.starts_with(GZIP) {
        Ok(Box::new(MultiGzDecoder::new(bytes)))
    } else {
        Ok(Box::new(bytes))
    }
}

/// Plays a file once into the feed, with the timing it was recorded with: reports that are hours apart
/// and arrive at once would be taken for impossible jumps. Blocks.
///
/// A device or a pipe is read for as long as the node runs.
pub(super) fn take(feed: &Feed, path: &Path) {
    if is_live(path) {
        return follow(feed, path);
    }
    match play(feed, path) {
        Ok(()) => feed.tally.finished(),
        Err(error) => feed
            .tally
            .down(format!("read `{}`: {error}; correct feed.file and start again", path.display())),
    }
}

/// Whether `path` is a device or a pipe; one under `/dev` may not be plugged in yet.
fn is_live(path: &Path) -> bool {
    std::fs::metadata(path).map_or_else(
        |_| path.starts_with("/dev"),
        |found| found.file_type().is_char_device() || found.file_type().is_fifo(),
    )
}

fn follow(feed: &Feed, path: &Path) {
    while !feed.engine.is_closed() {
        let why = match listen(feed, path) {
            Ok(()) => "it ended".to_owned(),
            Err(error) => error.to_string(),
        };
        feed.tally
            .down(format!("read `{}`: {why}; it is opened again each second", path.display()));
        std::thread::sleep(AGAIN);
    }
}

/// Reads a device until it ends or the engine has.
fn listen(feed: &Feed, path: &Path) -> std::io::Result<()> {
    let mut bytes = File::open(path)?;
    feed.tally.open();
    let mut reader = Reader::new(feed);
    let mut chunk = vec![0; CHUNK_LEN];
    loop {
        let length = bytes.read(&mut chunk)?;
        let piece = chunk.get(..length).filter(|bytes| !bytes.is_empty());
        let Some(piece) = piece else { return Ok(()) };
        if !hand_on(feed, &mut reader, piece) {
            return Ok(());
        }
    }
}

fn play(feed: &Feed, path: &Path) -> std::io::Result<()> {
    let mut bytes = open(path)?;
    feed.tally.open();
    let mut reader = Reader::recorded(feed);
    let mut cutter = Cutter::new(feed.kind);
    let mut pace = Pace::new(f64::from(clock::speed()), STEADY_RATE);
    let mut chunk = vec![0; CHUNK_LEN];
    loop {
        let length = bytes.read(&mut chunk)?;
        let piece = chunk.get(..length).filter(|bytes| !bytes.is_empty());
        let mut together = Vec::new();
        for part in cutter.push(piece) {
            let part = match part {
                Ok(part) => part,
                Err(reject) => {
                    feed.tally.reject(&reject);
                    continue;
                }
            };
            let due = pace.due(part.at, Instant::now()).unwrap_or_else(Instant::now);
            let pause = due.saturating_duration_since(Instant::now());
            if !pause.is_zero() {
                if !hand_on(feed, &mut reader, &std::mem::take(&mut together)) {
                    return Ok(());
                }
                std::thread::sleep(pause);
            }
            together.extend(part.bytes);
        }
        if !hand_on(feed, &mut reader, &together) || piece.is_none() {
            return Ok(());
        }
    }
}

/// Gives the engine what some messages hold; false when it has ended.
fn hand_on(feed: &Feed, reader: &mut Reader, bytes: &[u8]) -> bool {
    let now = clock::now();
    let mut batch = reader.push(bytes, now);
    reader.observe(&mut batch, now, |event| Ok(event.head().uid.clone()));
    count(feed, &batch);
    for plots in feed.sweeps.add(batch.plots, &batch.marks, now) {
        if feed.engine.blocking_send(feed.sweep(plots)).is_err() {
            return false;
        }
    }
    batch.observations.is_empty() && !feed.engine.is_closed()
        || feed.engine.blocking_send(ToEngine::Observed(batch.observations)).is_ok()
}
