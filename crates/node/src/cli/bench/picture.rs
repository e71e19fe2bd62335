//! The picture end to end in one thread: sentences and frames as sockets deliver them → codec →
//! fusion, label, release, aliases → history on disk. Driven at full speed; time is the traffic's.
//!
//! Refuses: the network and the screens. They are measured by the demo.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use renkei_core::picture::PictureConfig;
use renkei_model::id::Nation;
use renkei_model::track::Freshness;
use renkei_store::StoreDir;
use serde_json::{Value, json};

use super::meter;
use super::node::{Count, Node};
use super::traffic::{Tenth, Traffic};
use crate::cli::End;

/// Before it is measured: every ship has reported, every aircraft is trusted.
const WARM_UP_S: i64 = 20;
/// Zones that are watched, each 2° square.
const ZONES: i32 = 8;

/// How much is put on the picture.
#[derive(clap::Args, Debug)]
pub(crate) struct Load {
    /// Ships; each reports every four seconds
    #[arg(long, default_value_t = 8_000)]
    ships: u32,
    /// Aircraft; each reports its position three times in two seconds
    #[arg(long, default_value_t = 2_000)]
    aircraft: u32,
    /// Seconds of traffic to measure, after 20 to warm up
    #[arg(long, default_value_t = 60)]
    seconds: i64,
    /// Directory for the history; a temporary one if not given
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Measures.
///
/// # Errors
/// [`End::Wrong`].
pub(super) fn run(load: &Load) -> Result<Value, End> {
    in_dir(load.dir.as_deref(), |dir| measure(load, &dir))
}

/// Runs `measure` on a store in `dir`, or in a temporary one that is removed.
pub(super) fn in_dir(
    dir: Option<&Path>,
    measure: impl FnOnce(StoreDir) -> Result<Value, End>,
) -> Result<Value, End> {
    let scratch = std::env::temp_dir().join(format!("renkei-bench-{}", std::process::id()));
    let measured = measure(StoreDir::open(dir.unwrap_or(&scratch))?);
    if dir.is_none() {
        std::fs::remove_dir_all(&scratch)?;
    }
    measured
}

fn measure(load: &Load, dir: &StoreDir) -> Result<Value, End> {
    let traffic = Traffic { ships: load.ships, aircraft: load.aircraft };
    let corners = (0..ZONES).map(f64::from).map(|n| [22.03 + n * 2.0, 122.03 + n * 2.5]);
    let mut node = Node::new(dir, PictureConfig::new(Nation::JPN, Nation::USA), corners)?;
    for s in 0..WARM_UP_S {
        second(&mut node, &traffic.second(s))?;
    }
    let measured: Vec<Vec<Tenth>> =
        (WARM_UP_S..WARM_UP_S + load.seconds).map(|s| traffic.second(s)).collect();
    node.count = Count::default();
    let (cpu, wall) = (meter::spent()?, Instant::now());
    let mut slowest = Duration::ZERO;
    for tenths in &measured {
        let begun = Instant::now();
        second(&mut node, tenths)?;
        slowest = slowest.max(begun.elapsed());
    }
    let (cpu_s, wall_s) = ((meter::spent()? - cpu).as_secs_f64(), wall.elapsed().as_secs_f64());
    let count = &node.count;
    let live = node.picture.tracks().filter(|track| track.freshness == Freshness::Live).count();
    #[expect(clippy::cast_precision_loss, reason = "rates to print")]
    let (reports, seconds) = (count.reports as f64, load.seconds as f64);
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    Ok(json!({
        "bench": "picture",
        "input": {"what": "simulated traffic", "ships": load.ships, "aircraft": load.aircraft,
            "seconds": load.seconds, "lines_and_frames": count.received},
        "figures": {
            "live_tracks": live,
            "reports_per_s": rounded(reports / seconds),
            "cpu_us_per_report": rounded(cpu_s * 1e6 / reports),
            "core_percent_at_5000_per_s": rounded(cpu_s / reports * 5_000.0 * 100.0),
            "wall_us_per_report": rounded(wall_s * 1e6 / reports),
            "slowest_second_ms": slowest.as_millis(),
            "released": count.released, "released_bytes": count.released_bytes,
            "history_rows": count.rows, "alerts": count.alerts, "problems": count.problems,
            "memory_mib": meter::memory_mib().map(rounded),
        },
    }))
}

fn second(node: &mut Node, tenths: &[Tenth]) -> Result<(), End> {
    for tenth in tenths {
        node.tenth(tenth);
    }
    let Some(now) = tenths.last().map(|tenth| tenth.at) else { return Ok(()) };
    node.tick(now);
    node.changed.clear();
    node.flush(now)
}
