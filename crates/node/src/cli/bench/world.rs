//! The whole world in one thread, at the rate of the world: everything that `picture` measures, and
//! what goes to the screens once a second. A long step counts as much as a slow mean: at night on
//! the watch floor it is the one that is seen.
//!
//! Refuses: the network. What the sockets' and the screens' own threads do is told apart.

use std::path::PathBuf;
use std::time::Duration;

use renkei_core::picture::PictureConfig;
use renkei_model::id::Nation;
use renkei_model::time::Timestamp;
use renkei_model::track::Freshness;
use renkei_store::StoreDir;
use serde_json::{Map, Value, json};

use super::meter;
use super::node::{Count, Node};
use super::ocean::{self, ARRIVAL_TENTHS, Ocean};
use super::picture::in_dir;
use super::traffic::{START, Tenth};
use crate::cli::End;
use crate::engine::Rows;
use crate::http::ws::Screen;
use crate::published::Frame;

/// A tenth of traffic comes this often.
const TENTH: Duration = Duration::from_millis(100);
/// What a watch officer in Japan looks at: west, south, east, north, degrees.
const FLOOR: [f64; 4] = [122.0, 24.0, 146.0, 46.0];

/// How much is put on the picture.
#[derive(clap::Args, Debug)]
pub(crate) struct Load {
    /// Ships; they report as ITU-R M.1371 has it, every 10 s to 3 min
    #[arg(long, default_value_t = 284_000)]
    ships: u32,
    /// Aircraft; each reports its position every second
    #[arg(long, default_value_t = 16_000)]
    aircraft: u32,
    /// Seconds of traffic to measure, after a minute in which all arrive
    #[arg(long, default_value_t = 150)]
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

fn measure(load: &Load, dir: &StoreDir) -> Result<Value, End> {
    let traffic = Ocean { ships: load.ships, aircraft: load.aircraft };
    let mut floor = Floor::new(dir)?;
    for s in -ARRIVAL_TENTHS / 10..0 {
        floor.second(&traffic.second(s))?;
    }
    floor.node.count = Count::default();
    floor.steps = Steps::default();
    let mut cpu = Duration::ZERO;
    for s in 0..load.seconds {
        let second = traffic.second(s);
        let before = meter::spent()?;
        floor.second(&second)?;
        cpu += meter::spent()? - before;
    }
    let Floor { node, steps, .. } = &floor;
    let live = node.picture.tracks().filter(|track| track.freshness == Freshness::Live).count();
    #[expect(clippy::cast_precision_loss, reason = "rates to print")]
    let (reports, seconds) = (node.count.reports as f64, load.seconds as f64);
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    Ok(json!({
        "bench": "world",
        "input": {"what": "simulated traffic of the world", "ships": load.ships,
            "aircraft": load.aircraft, "seconds": load.seconds},
        "figures": {
            "live_tracks": live,
            "reports_per_s": rounded(reports / seconds),
            "core_percent": rounded(cpu.as_secs_f64() / seconds * 100.0),
            "cpu_us_per_report": rounded(cpu.as_secs_f64() * 1e6 / reports),
            "backlog_max_ms": steps.backlog_max.as_millis(),
            "backlog_end_ms": steps.backlog.as_millis(),
            "steps": steps.told(seconds),
            "released": node.count.released, "history_rows": node.count.rows,
            "alerts": node.count.alerts, "problems": node.count.problems,
            "memory_mib": meter::memory_mib().map(rounded),
        },
    }))
}

/// A node with its screens.
struct Floor {
    node: Node,
    own: Rows,
    released: Rows,
    screens: [(&'static str, Screen); 2],
    seq: u32,
    steps: Steps,
}

impl Floor {
    fn new(dir: &StoreDir) -> Result<Self, End> {
        let config = PictureConfig::new(Nation::JPN, Nation::USA);
        Ok(Self {
            node: Node::new(dir, config, ocean::zones())?,
            own: Rows::new(Nation::JPN),
            released: Rows::new(Nation::USA),
            screens: [
                ("screen_of_japan", Screen::limited_to(FLOOR)),
                ("screen_of_the_world", Screen::default()),
            ],
            seq: 0,
            steps: Steps::default(),
        })
    }

    /// A second of traffic, then what a node does once a second.
    fn second(&mut self, tenths: &[Tenth]) -> Result<(), End> {
        for tenth in tenths {
            self.steps.takes("reports", || self.node.tenth(tenth))?;
            self.steps.arrive();
        }
        let Some(now) = tenths.last().map(|tenth| tenth.at) else { return Ok(()) };
        self.steps.takes("tick", || self.node.tick(now))?;
        let frame = self.publish(now)?;
        self.steps.takes("disk", || self.node.flush(now))??;
        // The screens have threads of their own.
        for (name, screen) in &mut self.screens {
            let (_, took) = timed(|| screen.update(&frame))?;
            self.steps.note(name, took);
        }
        Ok(())
    }

    fn publish(&mut self, now: Timestamp) -> Result<Frame, End> {
        self.seq += 1;
        let picture = &mut self.node.picture;
        for number in std::mem::take(&mut self.node.changed) {
            self.own.changed(number);
        }
        let rows = self.steps.takes("publish_own", || self.own.refresh(picture, START, now))?;
        let released = &mut self.released;
        self.steps.takes("publish_released", || {
            let shared = picture.take_shared_changes(Nation::USA);
            shared.into_iter().for_each(|number| released.changed(number));
            released.refresh(picture, START, now)
        })?;
        Ok(Frame { seq: self.seq, at: now, rows })
    }
}

/// Runs a step; the CPU time that it took, to a scheduler's tick, so that other work on the machine
/// does not count.
fn timed<T>(step: impl FnOnce() -> T) -> Result<(T, Duration), End> {
    let begun = meter::spent()?;
    let result = step();
    Ok((result, meter::spent()?.saturating_sub(begun)))
}

/// How long each kind of step took, and how far behind the traffic they leave the node.
#[derive(Default)]
struct Steps {
    took: Vec<(&'static str, Vec<Duration>)>,
    backlog: Duration,
    backlog_max: Duration,
}

impl Steps {
    /// Runs a step of the engine.
    fn takes<T>(&mut self, name: &'static str, step: impl FnOnce() -> T) -> Result<T, End> {
        let (result, took) = timed(step)?;
        self.note(name, took);
        self.backlog += took;
        self.backlog_max = self.backlog_max.max(self.backlog);
        Ok(result)
    }

    /// A tenth of a second passed outside.
    fn arrive(&mut self) {
        self.backlog = self.backlog.saturating_sub(TENTH);
    }

    fn note(&mut self, name: &'static str, took: Duration) {
        match self.took.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.push(took),
            None => self.took.push((name, vec![took])),
        }
    }

    /// By kind: the part of a core, the 99th of a hundred steps and the longest.
    fn told(&self, seconds: f64) -> Value {
        let ms = |took: Duration| (took.as_secs_f64() * 10_000.0).round() / 10.0;
        let mut told = Map::new();
        for (name, all) in &self.took {
            let mut sorted = all.clone();
            sorted.sort_unstable();
            let sum: Duration = sorted.iter().sum();
            let p99 = sorted.get(sorted.len() * 99 / 100).copied().unwrap_or_default();
            let longest = sorted.last().copied().unwrap_or_default();
            let ms_per_s = ms(sum.div_f64(seconds));
            let figures =
                json!({"ms_per_s": ms_per_s, "p99_ms": ms(p99), "longest_ms": ms(longest)});
            told.insert((*name).to_owned(), figures);
        }
        Value::Object(told)
    }
}
