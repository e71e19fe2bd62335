//! A table of AIS positions to the count of tracks and what was wrong with them: the logic of
//! `renkei fuse ais-csv`. Refuses a table without the columns it needs; a bad row is counted.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::id::{Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use serde::Serialize;

use crate::alert::{Disposition, Jump};
use crate::config::{FusionConfig, KNOT_MPS};
use crate::machine::Fusion;

/// Why a table was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AisCsvError {
    /// There is no header line.
    #[error(
        "read AIS table: it is empty; begin with a header line such as Time,MMSI,Latitude_degrees,Longitude_degrees,COG_degrees,SOG_knots"
    )]
    Empty,
    /// A needed column is missing.
    #[error(
        "read AIS table, line 1: no column begins with `{0}`; columns are known by their first letters: time, mmsi, lat, lon, and if there are cog, sog"
    )]
    Column(&'static str),
}

/// One thing that was wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CsvAlert {
    /// One identity in two places: a second track was opened.
    DuplicateIdentity {
        /// The MMSI.
        mmsi: u32,
        /// RFC 3339.
        time: Option<String>,
    },
    /// A step that no ship can make, out or back.
    ImpossibleJump {
        /// The MMSI.
        mmsi: u32,
        /// RFC 3339: when it had arrived.
        time: Option<String>,
        /// How far, metres.
        distance_m: f64,
        /// In what time, seconds.
        seconds: f64,
    },
}

/// What the table held. Serialises as `{"tracks","identities","alerts",…}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AisCsvReport {
    /// Tracks at the end.
    pub tracks: usize,
    /// Different MMSIs.
    pub identities: usize,
    /// What was wrong, in the order of the table.
    pub alerts: Vec<CsvAlert>,
    /// Rows that were taken in.
    pub rows: usize,
    /// Rows that could not be read.
    pub rejected: usize,
}

struct Columns {
    time: usize,
    mmsi: usize,
    latitude: usize,
    longitude: usize,
    course: Option<usize>,
    speed: Option<usize>,
}

/// Fuses a table of AIS positions: one header line, then one report a row, comma-separated.
///
/// # Errors
/// [`AisCsvError`] when a needed column is missing. Rows that cannot be read are only counted.
pub fn fuse_ais_csv(text: &str, config: FusionConfig) -> Result<AisCsvReport, AisCsvError> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let columns = Columns::find(lines.next().ok_or(AisCsvError::Empty)?)?;
    let mut fusion = Fusion::new(config);
    let mut identities = BTreeSet::new();
    let mut away: BTreeMap<u32, Jump> = BTreeMap::new();
    let (mut alerts, mut rows, mut rejected) = (Vec::new(), 0, 0);
    for line in lines {
        let Some((mmsi, observation)) = columns.read(line) else {
            rejected += 1;
            continue;
        };
        rows += 1;
        identities.insert(mmsi);
        let time = observation.event_time.to_rfc3339();
        let impossible = |jump: Jump| CsvAlert::ImpossibleJump {
            mmsi,
            time: jump.to_at.to_rfc3339(),
            distance_m: jump.distance_m().round(),
            seconds: jump.to_at.since_ms(jump.from_at) as f64 / 1000.0,
        };
        match fusion.observe(&observation, observation.received_at).disposition {
            Disposition::Held(jump) => {
                if away.insert(mmsi, jump).is_none() {
                    alerts.push(impossible(jump));
                }
            }
            Disposition::Split(_) => {
                away.remove(&mmsi);
                alerts.push(CsvAlert::DuplicateIdentity { mmsi, time });
            }
            _ => {
                if let (Some(out), Some(position)) = (away.remove(&mmsi), observation.position) {
                    let (from, from_at) = (out.to, out.to_at);
                    let (to, to_at) = (position, observation.event_time);
                    alerts.push(impossible(Jump { from, from_at, to, to_at }));
                }
            }
        }
    }
    let tracks = fusion.tracks().len();
    Ok(AisCsvReport { tracks, identities: identities.len(), alerts, rows, rejected })
}

impl Columns {
    fn find(header: &str) -> Result<Self, AisCsvError> {
        let names: Vec<String> =
            header.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        let find = |start: &str| names.iter().position(|name| name.starts_with(start));
        let need = |start: &'static str| find(start).ok_or(AisCsvError::Column(start));
        Ok(Self {
            time: need("time")?,
            mmsi: need("mmsi")?,
            latitude: need("lat")?,
            longitude: need("lon")?,
            course: find("cog"),
            speed: find("sog"),
        })
    }

    fn read(&self, line: &str) -> Option<(u32, Observation)> {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let number = |column: usize| cells.get(column)?.parse::<f64>().ok();
        let mmsi = cells.get(self.mmsi)?.parse().ok()?;
        let at = time(cells.get(self.time)?)?;
        let course = self.course.and_then(number).filter(|c| (0.0..=360.0).contains(c));
        let speed = self.speed.and_then(number).filter(|s| (0.0..102.25).contains(s));
        let observation = Observation {
            source: Source::Own(SourceId("table".into())),
            identity: Identity::Mmsi(mmsi),
            domain: Domain::Surface,
            event_time: at,
            received_at: at,
            position: Some(Position::new(number(self.latitude)?, number(self.longitude)?)?),
            accuracy_m: None,
            motion: Motion {
                speed_mps: speed.map(|knots| knots * KNOT_MPS),
                course_deg: course.map(|c| c % 360.0),
                ..Motion::default()
            },
            attributes: Attributes::default(),
            content: 0,
            label: label(at),
        };
        Some((mmsi, observation))
    }
}

/// RFC 3339, or date and time in UTC with a blank between.
fn time(text: &str) -> Option<Timestamp> {
    Timestamp::from_rfc3339(text)
        .or_else(|| Timestamp::from_rfc3339(&format!("{}Z", text.replacen(' ', "T", 1))))
}

/// A table on a command line is nobody's secret and goes nowhere.
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
