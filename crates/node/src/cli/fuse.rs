//! `renkei fuse`: fusion on a file, for judging it beside other trackers.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use renkei_fusion::{FusionConfig, Scene, fuse_ais_csv, fuse_scene};

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
    /// Tracks at each scan of a scene of radar plots and AIS reports, a JSON line a scan
    Scene {
        /// JSON {"scans":[{"t","plots":[[x,y],…],"ais":[[mmsi,x,y],…]},…]} in metres and seconds,
        /// plain or gzip
        file: PathBuf,
        /// Fuse the plots alone
        #[arg(long)]
        no_ais: bool,
    },
}

/// Runs `renkei fuse`.
///
/// # Errors
/// [`End::Wrong`] when the file cannot be read, lacks a column, or is no scene.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    match command {
        Command::AisCsv { file } => ais_csv(file),
        Command::Scene { file, no_ais } => {
            let tracks = fuse_scene(&scene(file)?, !no_ais).map_err(|e| wrong(file, &e))?;
            let mut out = std::io::stdout().lock();
            for scan in tracks {
                writeln!(out, "{}", serde_json::to_string(&scan)?)?;
            }
            Ok(())
        }
    }
}

/// The scene in `path`.
///
/// # Errors
/// [`End::Wrong`] when it cannot be read or is no scene.
pub(super) fn scene(path: &Path) -> Result<Scene, End> {
    serde_json::from_str(&text(path)?).map_err(|e| wrong(path, &e))
}

fn ais_csv(path: &Path) -> Result<(), End> {
    let report =
        fuse_ais_csv(&text(path)?, FusionConfig::default()).map_err(|e| wrong(path, &e))?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

fn text(path: &Path) -> Result<String, End> {
    let mut text = String::new();
    let opened = file::open(path).map_err(|e| wrong(path, &e))?;
    opened.take(BYTES_MAX).read_to_string(&mut text).map_err(|e| wrong(path, &e))?;
    Ok(text)
}

fn wrong(path: &Path, e: &dyn std::fmt::Display) -> End {
    End::Wrong(format!("fuse `{}`: {e}", path.display()))
}
