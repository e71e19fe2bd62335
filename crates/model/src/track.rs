//! What a headquarters believes about one thing: a track, fused from observations.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::label::Label;
use crate::observation::{Attributes, Domain, Identity, Motion, Source};
use crate::position::Position;
use crate::time::Timestamp;

/// A track's number on this node, never reused while the node's epoch lasts. It never crosses the
/// border; a border alias does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrackNumber(pub u32);

/// How fresh a track is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Reported within its reporting interval.
    Live,
    /// No report for longer than its interval allows (更新遅延).
    Stale,
    /// No report for so long that the position says little (失探).
    Lost,
}

/// One source's part in a track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Event time of its last accepted report.
    pub last: Timestamp,
    /// Accepted reports.
    pub reports: u64,
    /// The label of its last report.
    pub label: Label,
}

/// The believed motion of a track at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// When it is valid: event time of the last accepted position.
    pub at: Timestamp,
    /// Where.
    pub position: Position,
    /// One standard deviation of the position in metres, each axis.
    pub sd_m: f64,
    /// How it moves.
    pub motion: Motion,
}

/// What this headquarters believes about one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Its number on this node.
    pub number: TrackNumber,
    /// The identities that were claimed in reports on it.
    pub identities: BTreeSet<Identity>,
    /// Where it moves.
    pub domain: Domain,
    /// `None` until a position was reported.
    pub estimate: Option<Estimate>,
    /// The last that was said, field by field.
    pub attributes: Attributes,
    /// The pedigree: every source that contributed, and when last.
    pub sources: BTreeMap<Source, Contribution>,
    /// How fresh.
    pub freshness: Freshness,
    /// The meet of the labels of all contributions.
    pub label: Label,
    /// Receive time of the first report.
    pub first_seen: Timestamp,
    /// Receive time of the last report.
    pub last_seen: Timestamp,
    /// True when the identity is shared with another track in another place.
    pub duplicate_identity: bool,
}
