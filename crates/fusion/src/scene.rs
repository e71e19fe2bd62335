//! A scene of scans to tracks: the logic of `renkei fuse scene`. The scene's plane is laid on the
//! ellipsoid at 0° N 0° E and goes through the same machine as live feeds, its ships' AIS reports
//! first. Its truth, if it has one, is not read.

use std::collections::BTreeSet;

use renkei_model::id::{Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::plot::{Covariance, Plot};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;
use serde::{Deserialize, Serialize};

use crate::associate::AssociateConfig;
use crate::config::FusionConfig;
use crate::machine::Fusion;
use crate::plane;
use crate::plots::Sensor;

/// The plane is laid on a ball: farther out than this it would no longer fit, metres.
const EXTENT_MAX_M: f64 = 200_000.0;
/// One standard deviation of a plot, each axis, metres.
const PLOT_SD_M: f64 = 50.0;
/// One standard deviation of an AIS position, each axis, metres.
const AIS_SD_M: f64 = 10.0;
/// How often a ship makes a plot.
const DETECTION_PROBABILITY: f64 = 0.9;
/// Plots of nothing in a square kilometre: 50 in 60 km square.
const CLUTTER_PER_KM2: f64 = 50.0 / 3_600.0;

/// Scans, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Each turn of the sensor.
    pub scans: Vec<SceneScan>,
}

/// One turn of the sensor, and what ships said of themselves meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SceneScan {
    /// Seconds from the start.
    pub t: f64,
    /// East and north of each plot, metres.
    pub plots: Vec<[f64; 2]>,
    /// MMSI, and east and north, metres.
    #[serde(default)]
    pub ais: Vec<(u32, f64, f64)>,
}

/// The live tracks at one scan. Serialises as `{"scan":k,"tracks":[[id,x,y],…]}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SceneTracks {
    /// The scan, from 0.
    pub scan: usize,
    /// Track number, and where it is at the time of the scan: east and north, metres to 1 cm.
    pub tracks: Vec<(u32, f64, f64)>,
}

/// Why a scene was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SceneError {
    /// A time is not a number, or not after the one before.
    #[error("read scan {0}: its `t` is not after the scan before; give seconds that grow")]
    Time(usize),
    /// A place is off the plane.
    #[error("read scan {0}: a plot or an `ais` lies beyond ±200,000 m; give metres")]
    Place(usize),
}

/// Fuses a scene; `with_ais` false leaves its AIS reports out.
///
/// # Errors
/// [`SceneError`] when a time or a place makes no sense.
pub fn fuse_scene(scene: &Scene, with_ais: bool) -> Result<Vec<SceneTracks>, SceneError> {
    // A scene prints its tracks as they are, not which of them are one thing.
    let associate = AssociateConfig { is_on: false, ..AssociateConfig::default() };
    let mut fusion = Fusion::new(FusionConfig { associate, ..FusionConfig::default() });
    let period_ms = period_ms(scene)?;
    let sensor = Sensor {
        domain: Domain::Surface,
        period_ms,
        detection_probability: DETECTION_PROBABILITY,
        clutter_per_km2: CLUTTER_PER_KM2,
    };
    let covariance = Covariance::circular(PLOT_SD_M);
    let mut out = Vec::with_capacity(scene.scans.len());
    for (k, scan) in scene.scans.iter().enumerate() {
        let now = Timestamp((scan.t * 1000.0).round() as i64);
        for (mmsi, x, y) in scan.ais.iter().filter(|_| with_ais) {
            let position = place(*x, *y).ok_or(SceneError::Place(k))?;
            fusion.observe(&report(*mmsi, position, now), now);
        }
        let plot = |[x, y]: &[f64; 2]| Some(plot(place(*x, *y)?, now, covariance?));
        let plots: Option<Vec<Plot>> = scan.plots.iter().map(plot).collect();
        fusion.sweep(&sensor, &plots.ok_or(SceneError::Place(k))?, now);
        fusion.tick(now);
        out.push(SceneTracks { scan: k, tracks: live(&fusion, now, sensor.quiet_ms()) });
    }
    Ok(out)
}

/// From one scan to the next: the middle of all gaps. One scan alone is taken as 10 s.
fn period_ms(scene: &Scene) -> Result<i64, SceneError> {
    let ms = |scan: &SceneScan| (scan.t * 1000.0).round() as i64;
    let mut gaps = Vec::new();
    for (k, scan) in scene.scans.iter().enumerate() {
        let sane = scan.t.is_finite() && scan.t.abs() < 1e9;
        let before = k.checked_sub(1).and_then(|before| scene.scans.get(before));
        let gap = before.map(|before| ms(scan) - ms(before));
        if !sane || gap.is_some_and(|gap| gap <= 0) {
            return Err(SceneError::Time(k));
        }
        gaps.extend(gap);
    }
    gaps.sort_unstable();
    Ok(gaps.get(gaps.len() / 2).copied().unwrap_or(10_000))
}

fn origin() -> Option<Position> {
    Position::new(0.0, 0.0)
}

fn place(x: f64, y: f64) -> Option<Position> {
    let near = |m: f64| m.abs() <= EXTENT_MAX_M;
    (near(x) && near(y)).then_some(plane::displace(origin()?, [x, y]))
}

/// Every track that was heard lately enough that chance does not explain the silence, where it is
/// now.
fn live(fusion: &Fusion, now: Timestamp, quiet_ms: i64) -> Vec<(u32, f64, f64)> {
    let heard = |number: &TrackNumber| {
        let estimate = fusion.track(*number).and_then(|track| track.estimate.as_ref());
        estimate.is_some_and(|estimate| now.since_ms(estimate.at) <= quiet_ms)
    };
    let numbers = fusion.tracks().map(|track| track.number).filter(heard);
    let at = |number: TrackNumber| {
        let [x, y] = plane::offset(origin()?, fusion.predicted(number, now)?);
        let centimetres = |m: f64| (m * 100.0).round() / 100.0;
        Some((number.0, centimetres(x), centimetres(y)))
    };
    numbers.filter_map(at).collect()
}

fn report(mmsi: u32, position: Position, at: Timestamp) -> Observation {
    Observation {
        source: Source::Own(SourceId("ais".into())),
        identity: Identity::Mmsi(mmsi),
        domain: Domain::Surface,
        event_time: at,
        received_at: at,
        position: Some(position),
        accuracy_m: Some(AIS_SD_M),
        motion: Motion::default(),
        attributes: Attributes::default(),
        content: 0,
        label: label(at),
    }
}

fn plot(position: Position, at: Timestamp, covariance: Covariance) -> Plot {
    Plot {
        source: Source::Own(SourceId("radar".into())),
        event_time: at,
        received_at: at,
        position,
        covariance,
        altitude_m: None,
        radial_speed_mps: None,
        mode_a: None,
        icao: None,
        content: 0,
        label: label(at),
    }
}

/// A scene on a command line is nobody's secret and goes nowhere.
fn label(created: Timestamp) -> Label {
    Label {
        policy: "LOCAL".into(),
        classification: Classification::Unclassified,
        releasable_to: BTreeSet::new(),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::new(),
        originator: Nation::JPN,
        created,
        review: None,
    }
}
