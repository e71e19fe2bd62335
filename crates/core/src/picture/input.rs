//! What may happen to a picture.

use std::collections::BTreeSet;

use renkei_fusion::Sensor;
use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::observation::{Identity, Observation};
use renkei_model::plot::Plot;
use renkei_model::statement::Subject;
use renkei_policy::ObservationRelease;

use super::alias::AliasKey;
use crate::affairs::{StatedIdentity, StatedPair, StatedZone, TrackWatch};

/// One thing that happened. Time is the second argument of `handle`.
#[derive(Clone, Debug)]
pub enum PictureInput {
    /// A feed of this node reported.
    Observed(Observation),
    /// A sensor of this node looked round once: a sweep, or a part of one.
    Swept {
        /// What is known of the sensor.
        sensor: Sensor,
        /// What it saw.
        plots: Vec<Plot>,
    },
    /// The partner released an observation to us.
    Received {
        /// The peer that the link authenticated.
        from: Nation,
        /// As read by [`ObservationRelease::from_bytes`].
        release: ObservationRelease,
    },
    /// An identity statement stands, ours or the partner's.
    Affiliation(StatedIdentity),
    /// Persons state of these names that they are one thing, or two.
    Merged(Vec<StatedPair>),
    /// A zone stands, ours or the partner's.
    Zone(StatedZone),
    /// A person has these names watched until then; said again, the later end stands.
    Watch(TrackWatch),
    /// The watch on these names is over.
    Unwatch {
        /// Every name it was on.
        known_as: BTreeSet<Identity>,
    },
    /// The affairs ask which track an incident is about; answered now, and again when it changes.
    Locate {
        /// The incident.
        incident: ObjectId,
        /// As far as it is named.
        subject: Subject,
        /// Every name known.
        known_as: BTreeSet<Identity>,
    },
    /// A border link came up or went down.
    PartnerLink {
        /// Whose.
        partner: Nation,
        /// Whether it is up now.
        up: bool,
    },
    /// An alias that was given before a restart. All of them come before the first observation.
    AliasRestored {
        /// The partner it was given to.
        partner: Nation,
        /// For what.
        key: AliasKey,
        /// The alias.
        alias: BorderAlias,
    },
    /// Time passed. About once a second.
    Tick,
    /// The node stops: counts that are open are handed out.
    Close,
}
