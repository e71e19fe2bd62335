//! A scene of plots and AIS reports in memory to the tracks of every scan.
//!
//! Refuses: time for reading the file and for writing the tracks. `renkei fuse scene` writes them.

use std::path::PathBuf;

use renkei_fusion::fuse_scene;
use serde_json::{Value, json};

use super::meter;
use crate::cli::{End, fuse};

/// What is fused.
#[derive(clap::Args, Debug)]
pub(crate) struct Scene {
    /// As `renkei fuse scene` reads it
    file: PathBuf,
    /// Fuse the plots alone
    #[arg(long)]
    no_ais: bool,
    /// Seconds of CPU time to measure for
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
}

/// Measures.
///
/// # Errors
/// [`End::Wrong`] when the file is no scene.
pub(super) fn run(call: &Scene) -> Result<Value, End> {
    let scene = fuse::scene(&call.file)?;
    let scans = fuse_scene(&scene, !call.no_ais)?.len();
    let figure = meter::rate(scans, call.seconds, || {
        fuse_scene(&scene, !call.no_ais).map_or(0, |out| out.len() as u64)
    })?;
    let plots: usize = scene.scans.iter().map(|scan| scan.plots.len()).sum();
    Ok(json!({
        "bench": "scene",
        "input": {"what": call.file.display().to_string(), "plots": plots, "scans": scans,
            "ais": !call.no_ais},
        "figures": {"scans": figure},
    }))
}
