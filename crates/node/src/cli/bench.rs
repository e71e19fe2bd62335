//! `renkei bench`: our side of a benchmark, one JSON line on standard output. `cargo xtask bench NAME`
//! runs it beside its peers and judges.
//!
//! Refuses: wall time. Figures are per second of CPU time of one thread, so that other work on the
//! machine counts little.

mod adsb;
mod ais;
mod meter;
mod node;
mod ocean;
mod picture;
mod scene;
mod traffic;
mod world;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::End;
use crate::feeds::file;

/// Measure this machine.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Bench {
    /// AIS lines in memory to messages, to JSON, to observations
    Ais(Input),
    /// Mode S frames in memory to fields with positions, to JSON, to observations
    Adsb(Input),
    /// A whole picture: real sentences and frames in; tracks, releases and history out
    Picture(picture::Load),
    /// The whole world: 300,000 tracks and 30,000 reports a second, screens included
    World(world::Load),
    /// A scene of radar plots and AIS reports to tracks
    Scene(scene::Scene),
}

/// What is decoded.
#[derive(clap::Args, Debug)]
pub(crate) struct Input {
    /// Recordings, one after the other (.gz is read as what it holds); simulated traffic if none
    files: Vec<PathBuf>,
    /// Seconds of CPU time for each figure
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Measure nothing; write the input as peers read it: AIS lines, or JSON lines of frames
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

impl Input {
    /// The bytes of every recording.
    fn recordings(&self) -> Result<Vec<Vec<u8>>, End> {
        self.files.iter().map(|path| read(path)).collect()
    }

    /// In words.
    fn what(&self) -> String {
        let name = |path: &PathBuf| {
            path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
        };
        let names: Vec<_> = self.files.iter().map(name).collect();
        if names.is_empty() { "simulated traffic".into() } else { names.join(" + ") }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, End> {
    let mut bytes = Vec::new();
    let opened = file::open(path).and_then(|mut from| from.read_to_end(&mut bytes));
    opened.map_err(|e| End::Wrong(format!("read `{}`: {e}; name a recording", path.display())))?;
    Ok(bytes)
}

/// Runs `renkei bench`.
///
/// # Errors
/// [`End::Wrong`] when the input cannot be read or the system tells no CPU time.
pub(crate) fn run(bench: &Bench) -> Result<(), End> {
    let mut figures = match bench {
        Bench::Ais(input) => ais::run(input)?,
        Bench::Adsb(input) => adsb::run(input)?,
        Bench::Picture(load) => picture::run(load)?,
        Bench::World(load) => world::run(load)?,
        Bench::Scene(call) => scene::run(call)?,
    };
    if figures != Value::Null {
        figures["tool"] = concat!("renkei ", env!("CARGO_PKG_VERSION")).into();
        figures["machine"] = machine();
        println!("{figures}");
    }
    Ok(())
}

/// Where this was measured; `null` for what the system does not tell.
fn machine() -> Value {
    let text = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = text("/proc/cpuinfo");
    let model = cpuinfo.lines().find(|line| line.starts_with("model name"));
    let loadavg = text("/proc/loadavg");
    json!({
        "cpu": model.and_then(|line| line.split(": ").nth(1)),
        "cores": std::thread::available_parallelism().map(usize::from).ok(),
        "load": loadavg.split(' ').next().and_then(|load| load.parse::<f64>().ok()),
    })
}
