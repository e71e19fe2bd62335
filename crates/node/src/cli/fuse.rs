//! `renkei fuse`: fusion on a file, for judging it beside other trackers.

use std::io::Read as _;
use std::path::PathBuf;

use renkei_fusion::{FusionConfig, fuse_ais_csv};

use super::End;
use crate::feeds::file;

/// Largest file that is read, decompressed.
const BYTES_MAX: u64 = 1 << 30;

/// Fusion on a file.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Tracks, identities and alerts of a table of AIS positions
    AisCsv {
        /// CSV with a header line (time, MMSI, latitude, longitude, …), plain or gzip
        file: PathBuf,
    },
}

/// Runs `renkei fuse`.
///
/// # Errors
/// [`End::Wrong`] when the file cannot be read or lacks a column.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    let Command::AisCsv { file: path } = command;
    let wrong = |e: &dyn std::fmt::Display| End::Wrong(format!("fuse `{}`: {e}", path.display()));
    let mut text = String::new();
    let opened = file::open(path).map_err(|e| wrong(&e))?;
    opened.take(BYTES_MAX).read_to_string(&mut text).map_err(|e| wrong(&e))?;
    let report = fuse_ais_csv(&text, FusionConfig::default()).map_err(|e| wrong(&e))?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}
