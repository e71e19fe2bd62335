//! The picture end to end in one thread: sentences and frames as sockets deliver them → codec →
//! fusion, label, release, aliases → history on disk. Driven at full speed; time is the traffic's.
//!
//! Refuses: the network and the screens. They are measured by the demo.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use renkei_codec::ais::{Receiver, to_observation};
use renkei_codec::modes::{Tracker, beast};
use renkei_core::affairs::StatedZone;
use renkei_core::picture::{Picture, PictureConfig, PictureEffect, PictureInput};
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::observation::{Domain, Observation};
use renkei_model::position::MicroPosition;
use renkei_model::statement::{Bilingual, Zone};
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, TrackNumber};
use renkei_policy::{Policy, shipped};
use renkei_store::StoreDir;
use renkei_store::history::History;
use serde_json::{Value, json};

use super::meter;
use super::traffic::{self, START, Tenth, Traffic};
use crate::cli::End;
use crate::engine::history_row;

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
    let scratch = std::env::temp_dir().join(format!("renkei-bench-{}", std::process::id()));
    let dir = load.dir.as_ref().unwrap_or(&scratch);
    let measured = measure(load, StoreDir::open(dir)?);
    if load.dir.is_none() {
        std::fs::remove_dir_all(&scratch)?;
    }
    measured
}

fn measure(load: &Load, dir: StoreDir) -> Result<Value, End> {
    let traffic = Traffic { ships: load.ships, aircraft: load.aircraft };
    let mut node = Node::new(dir)?;
    for s in 0..WARM_UP_S {
        node.second(&traffic.second(s))?;
    }
    let measured: Vec<Vec<Tenth>> =
        (WARM_UP_S..WARM_UP_S + load.seconds).map(|s| traffic.second(s)).collect();
    node.count = Count::default();
    let (cpu, wall) = (meter::spent()?, Instant::now());
    let mut slowest = Duration::ZERO;
    for second in &measured {
        let begun = Instant::now();
        node.second(second)?;
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

/// What went through.
#[derive(Default)]
struct Count {
    /// Good lines and frames.
    received: u64,
    /// Observations that reached the picture.
    reports: u64,
    released: u64,
    released_bytes: usize,
    rows: u64,
    alerts: u64,
    problems: u64,
}

/// A node without its sockets.
struct Node {
    receiver: Receiver,
    deframer: beast::Deframer,
    tracker: Tracker,
    context: renkei_codec::FeedContext,
    picture: Picture,
    history: History,
    /// What the screens would be told once a second.
    changed: BTreeSet<TrackNumber>,
    count: Count,
}

impl Node {
    fn new(dir: StoreDir) -> Result<Self, End> {
        let partition = Partition::Exercise("bench".into());
        let policy = Policy::load(Nation::JPN, &partition, shipped(Nation::JPN))?;
        let mut picture = Picture::new(PictureConfig::new(Nation::JPN, Nation::USA), policy);
        for counter in 0..ZONES {
            let refused = picture.handle(PictureInput::Zone(zone(counter, &partition)), START);
            if let Some(PictureEffect::Problem(problem)) = refused.into_iter().next() {
                return Err(problem.into());
            }
        }
        Ok(Self {
            receiver: Receiver::default(),
            deframer: beast::Deframer::default(),
            tracker: Tracker::new(traffic::context("bench-adsb")),
            context: traffic::context("bench-ais"),
            picture,
            history: History::open(&dir)?.0,
            changed: BTreeSet::new(),
            count: Count::default(),
        })
    }

    fn second(&mut self, tenths: &[Tenth]) -> Result<(), End> {
        for tenth in tenths {
            for observation in self.read(tenth) {
                self.count.reports += 1;
                self.handle(PictureInput::Observed(observation), tenth.at);
            }
        }
        let Some(now) = tenths.last().map(|tenth| tenth.at) else { return Ok(()) };
        self.handle(PictureInput::Tick, now);
        self.changed.clear();
        Ok(self.history.flush(now)?)
    }

    fn read(&mut self, tenth: &Tenth) -> Vec<Observation> {
        let (mut observations, context) = (Vec::new(), &self.context);
        let mut received = 0;
        self.receiver.push(&tenth.ais, tenth.at, |item| {
            received += u64::from(item.is_ok());
            observations.extend(item.ok().and_then(|r| to_observation(&r, context, tenth.at)));
        });
        for frame in self.deframer.push(&tenth.beast).into_iter().flatten() {
            received += 1;
            observations.extend(self.tracker.receive(&frame, tenth.at).ok().flatten());
        }
        self.count.received += received;
        observations
    }

    /// What the engine does with a picture's effects, up to the link.
    fn handle(&mut self, input: PictureInput, now: Timestamp) {
        for effect in self.picture.handle(input, now) {
            match effect {
                PictureEffect::History(row) => {
                    self.history.record(history_row(&row, 1));
                    self.count.rows += 1;
                }
                PictureEffect::Changed(number) => {
                    self.changed.insert(number);
                }
                PictureEffect::Offer { released, .. } => {
                    self.count.released_bytes += released.item().to_bytes().len();
                    self.count.released += 1;
                }
                PictureEffect::Raise(_) | PictureEffect::Notice(_) => self.count.alerts += 1,
                PictureEffect::Problem(_) => self.count.problems += 1,
                PictureEffect::Dropped(_)
                | PictureEffect::AliasGiven { .. }
                | PictureEffect::Forget { .. }
                | PictureEffect::Located { .. }
                | PictureEffect::ReleaseCounted(_) => {}
            }
        }
    }
}

fn zone(counter: i32, partition: &Partition) -> StatedZone {
    let (south, west) = (22_030_000 + counter * 2_000_000, 122_030_000 + counter * 2_500_000);
    let corner = |north, east| MicroPosition {
        latitude_udeg: south + north * 2_000_000,
        longitude_udeg: west + east * 2_000_000,
    };
    let zone = Zone {
        name: Bilingual::default(),
        ring: vec![corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0)],
        domains: vec![Domain::Surface, Domain::Air],
        neutral_too: true,
        holes: Vec::new(),
    };
    let counter = u64::from(counter.unsigned_abs());
    let id = ObjectId { node: Nation::JPN, partition: partition.clone(), epoch: 1, counter };
    StatedZone { id, zone }
}
