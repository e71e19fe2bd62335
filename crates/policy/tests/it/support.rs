//! Makes the observations and policies that the tests speak of.

use std::collections::BTreeSet;

use renkei_model::id::{BorderAlias, Nation, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_policy::{Policy, shipped};

pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000_000);

pub(crate) fn partition() -> Partition {
    Partition::Exercise("demo".into())
}

pub(crate) fn policy(home: Nation) -> Policy {
    Policy::load(home, &partition(), shipped(home)).expect("the shipped policies are sound")
}

pub(crate) fn alias() -> BorderAlias {
    BorderAlias { nation: Nation::JPN, number: 412 }
}

/// UNCLASSIFIED, CIVIL, of JPN, listed for nobody.
pub(crate) fn civil() -> Label {
    Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Unclassified,
        releasable_to: BTreeSet::new(),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::from(["CIVIL".to_owned()]),
        originator: Nation::JPN,
        created: NOW.plus_ms(-86_400_000),
        review: None,
    }
}

pub(crate) fn ship(label: Label) -> Observation {
    Observation {
        source: Source::Own(SourceId("miyako-ais".into())),
        identity: Identity::Mmsi(431_000_001),
        domain: Domain::Surface,
        event_time: NOW.plus_ms(-2_000),
        received_at: NOW,
        position: Position::new(24.812_345, 125.281_234),
        accuracy_m: Some(10.0),
        motion: Motion { speed_mps: Some(6.17), course_deg: Some(231.4), ..Motion::default() },
        attributes: Attributes { name: Some("HAYABUSA".into()), ..Attributes::default() },
        content: 0xFEED,
        label,
    }
}
