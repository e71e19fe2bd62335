//! What a picture asks of the world.

use std::collections::BTreeSet;

use renkei_fusion::ZoneError;
use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::label::Label;
use renkei_model::observation::{Domain, Identity, Observation, Source};
use renkei_model::plot::Plot;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};
use renkei_policy::{ObservationRelease, Released};

use super::alias::AliasKey;
use super::counts::ReleaseBlock;
use crate::affairs::{Alert, Notice};

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum PictureEffect {
    /// Append to the track history.
    History(HistoryRow),
    /// A track opened or changed; its view may be asked for.
    Changed(TrackNumber),
    /// A track that was lost for long, or for which there was no more room, is no longer held.
    Dropped(TrackNumber),
    /// A thing got its spoken name at the border. Persist it before an `Offer` that follows leaves,
    /// or a restart could give the name to another thing.
    AliasGiven {
        /// Towards whom.
        partner: Nation,
        /// For what.
        key: AliasKey,
        /// The name.
        alias: BorderAlias,
    },
    /// Give it to the link.
    Offer {
        /// To whom.
        to: Nation,
        /// What policy let go.
        released: Released<ObservationRelease>,
    },
    /// Nothing released under this alias is recent any more: the link may forget its newest value.
    Forget {
        /// Towards whom.
        partner: Nation,
        /// Which.
        alias: BorderAlias,
    },
    /// For the affairs with one partner. The first partner's hear of every alert; another's of
    /// those alone of which something may go there.
    Raise {
        /// Whose affairs.
        partner: Nation,
        /// What was seen, and what of it may go to that partner.
        alert: Alert,
    },
    /// For the affairs: an alert that opens no incident.
    Notice(Box<Notice>),
    /// For the affairs: the answer to `Locate`, also when it changes.
    Located {
        /// The incident that asked.
        incident: ObjectId,
        /// The track it is about now.
        track: TrackNumber,
        /// Every name of the track, border aliases included.
        known_as: BTreeSet<Identity>,
    },
    /// A minute of releases under one rule and tier has ended: for the ledger.
    ReleaseCounted(ReleaseBlock),
    /// Something could not be done; for the health page.
    Problem(Problem),
}

/// What could not be done, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A zone cannot be watched.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// Too many names are watched.
    #[error("watch a track under all its names: too many names are watched; end some watches")]
    TooManyWatched,
    /// An observation was handed in as ours that a partner released.
    #[error("take in an observation: it is a partner's; hand it in as received")]
    NotOurs,
    /// A release came from a nation that is no partner, or under another's alias.
    #[error(
        "take in a release from {0}: not a configured partner, or under another nation's alias"
    )]
    NotThePartner(Nation),
    /// Too many identity statements stand at one time.
    #[error("show an identity statement of {0}: too many stand; let some expire")]
    TooManyStatements(Nation),
    /// Too many statements on which tracks are one thing stand at one time.
    #[error("follow a statement that tracks are one thing, or two: too many stand; withdraw some")]
    TooManyMerges,
    /// No more border aliases are remembered.
    #[error("release a new thing to {0}: {1} border aliases are given; raise `aliases_max`")]
    TooManyAliases(Nation, usize),
}

/// One accepted position, as reported.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryRow {
    /// The track that took it.
    pub track: TrackNumber,
    /// How the thing named itself; `None` where a sensor saw it that cannot say.
    pub identity: Option<Identity>,
    /// Where it moves.
    pub domain: Domain,
    /// Who reported it.
    pub source: Source,
    /// The report's own label.
    pub label: Label,
    /// Event time.
    pub at: Timestamp,
    /// When this node received it.
    pub received_at: Timestamp,
    /// Where.
    pub position: Position,
    /// One standard deviation of the track's position after it, metres each axis.
    pub sd_m: Option<f64>,
    /// Speed over ground, metres a second.
    pub speed_mps: Option<f64>,
    /// Course over ground, degrees true.
    pub course_deg: Option<f64>,
    /// Altitude, metres.
    pub altitude_m: Option<f64>,
}

impl HistoryRow {
    /// The row of a report; `None` without a position.
    pub(crate) fn of(track: &Track, o: &Observation) -> Option<Self> {
        let position = o.position?;
        Some(Self {
            track: track.number,
            sd_m: track.estimate.as_ref().map(|e| e.sd_m),
            identity: Some(o.identity.clone()),
            domain: o.domain,
            source: o.source.clone(),
            label: o.label.clone(),
            at: o.event_time,
            received_at: o.received_at,
            position,
            speed_mps: o.motion.speed_mps,
            course_deg: o.motion.course_deg,
            altitude_m: o.motion.altitude_m,
        })
    }

    /// The row of a plot that the track took. A plot says no motion; the track's own stands for it.
    pub(crate) fn of_plot(track: &Track, plot: &Plot) -> Self {
        let estimate = track.estimate.as_ref();
        Self {
            track: track.number,
            sd_m: estimate.map(|e| e.sd_m),
            identity: None,
            domain: track.domain,
            source: plot.source.clone(),
            label: plot.label.clone(),
            at: plot.event_time,
            received_at: plot.received_at,
            position: plot.position,
            speed_mps: estimate.and_then(|e| e.motion.speed_mps),
            course_deg: estimate.and_then(|e| e.motion.course_deg),
            altitude_m: plot.altitude_m,
        }
    }
}
