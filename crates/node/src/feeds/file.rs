//! Feeds from a file, and how every recording is opened: `.gz` is read as what it holds.
//!
//! Refuses: trusting names. Compression is told from the first bytes.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::Feed;
use super::reader::Reader;
use super::tcp::{CHUNK_LEN, count};
use crate::clock;
use crate::messages::ToEngine;

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

/// Reads a file once into the feed, as fast as the engine takes it. Blocks.
pub(super) fn take(feed: &Feed, path: &Path) {
    match read(feed, path) {
        Ok(()) => feed.tally.finished(),
        Err(error) => feed
            .tally
            .down(format!("read `{}`: {error}; correct feed.file and start again", path.display())),
    }
}

fn read(feed: &Feed, path: &Path) -> std::io::Result<()> {
    let mut bytes = open(path)?;
    feed.tally.open();
    let mut reader = Reader::new(feed.kind, &feed.context, &feed.partition);
    let mut chunk = vec![0; CHUNK_LEN];
    loop {
        let length = bytes.read(&mut chunk)?;
        let now = clock::now();
        let mut batch = match chunk.get(..length) {
            Some(bytes) if length > 0 => reader.push(bytes, now),
            _ => reader.finish(now),
        };
        reader.observe(&mut batch, now, |event| Ok(event.head().uid.clone()));
        count(feed, &batch);
        let has_ended = !batch.observations.is_empty()
            && feed.engine.blocking_send(ToEngine::Observed(batch.observations)).is_err();
        if length == 0 || has_ended {
            return Ok(());
        }
    }
}
