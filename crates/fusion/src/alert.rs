//! What comes of one observation: where it went, and what somebody should be told.

use renkei_model::observation::Identity;
use renkei_model::position::Position;
use renkei_model::statement::Occurrence;
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use crate::alerts::Why;

/// A fact that a watch should see.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// The track; `None` where it is about a receiver or an area.
    pub track: Option<TrackNumber>,
    /// How the track named itself; `None` where it gave no name, or it is about no track.
    pub identity: Option<Identity>,
    /// What happened.
    pub occurrence: Occurrence,
    /// T0: when it happened as far as the sensor can say; a zone's crossing time is interpolated.
    pub sensed_at: Timestamp,
    /// T1: when this node took in the report that showed it.
    pub ingested_at: Timestamp,
    /// Where it happened.
    pub position: Option<Position>,
    /// The rule, its numbers, what was measured, and what it rests on.
    pub why: Why,
}

/// A step that no thing of its kind can make.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jump {
    /// The last accepted fix.
    pub from: Position,
    /// Its event time.
    pub from_at: Timestamp,
    /// The held fix.
    pub to: Position,
    /// Its event time.
    pub to_at: Timestamp,
}

impl Jump {
    /// Great-circle length, metres.
    #[must_use]
    pub fn distance_m(&self) -> f64 {
        self.from.distance_m(self.to)
    }

    /// The speed it would have taken, metres a second; infinite at equal times.
    #[must_use]
    pub fn speed_mps(&self) -> f64 {
        self.distance_m() / (self.to_at.since_ms(self.from_at).abs() as f64 / 1000.0)
    }
}

/// Why an observation was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The configured number of tracks is reached (for partner-sourced tracks: half of it).
    TooManyTracks,
    /// The track already has the configured number of sources.
    TooManySources,
}

/// Where one observation went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Disposition {
    /// It opened a track.
    Opened,
    /// It moved its track.
    Moved,
    /// Kept for pedigree and attributes, not for motion: no position, or older than the last fix.
    Noted,
    /// Another source already brought the same transmission.
    Repeated,
    /// Kept aside: it would have taken an impossible step.
    Held(Jump),
    /// Its identity now stands in two places: a further track was opened beside the first.
    Split(Jump),
    /// Not taken; counted.
    Refused(Refusal),
}

/// What came of one observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The track it went to, if any.
    pub track: Option<TrackNumber>,
    /// How it was used.
    pub disposition: Disposition,
    /// What a watch should see.
    pub alerts: Vec<Alert>,
}
