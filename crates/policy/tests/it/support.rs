//! Makes the observations, records and policies that the tests speak of.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use renkei_model::cbor::to_canonical;
use renkei_model::id::{BorderAlias, Nation, ObjectId, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::statement::{KeyId, RECORD_VERSION, Record, SignedRecord, Statement};
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationDecision, Policy, shipped};

/// 2026-11-18T15:06:40Z, 400 s into a ten-minute slot.
pub(crate) const NOW: Timestamp = Timestamp(1_795_014_400_000);

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

pub(crate) fn restricted_by(restriction: &str) -> Label {
    Label { restrictive: BTreeSet::from([restriction.to_owned()]), ..civil() }
}

/// Of JPN, not civil, listed for the United States.
pub(crate) fn listed(classification: Classification) -> Label {
    Label {
        classification,
        releasable_to: BTreeSet::from([Nation::USA]),
        informative: BTreeSet::new(),
        ..civil()
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

pub(crate) fn team(label: Label) -> Observation {
    Observation {
        source: Source::Own(SourceId("tak-miyako".into())),
        identity: Identity::Cot("ANDROID-7".into()),
        domain: Domain::Land,
        attributes: Attributes { callsign: Some("TANUKI 1".into()), ..Attributes::default() },
        ..ship(label)
    }
}

/// A record of `statement` as JPN's node would sign it; the signature is not looked at here.
pub(crate) fn record(label: Label, statement: Statement) -> (SignedRecord, Record) {
    let record = Record {
        version: RECORD_VERSION,
        id: ObjectId { node: Nation::JPN, partition: partition(), epoch: 1, counter: 9 },
        made_at: NOW,
        label,
        statement,
    };
    (signed(&record), record)
}

pub(crate) fn signed(record: &Record) -> SignedRecord {
    SignedRecord { bytes: to_canonical(record), key: KeyId(1), signature: [0; 64], cose: None }
}

/// A line a tier, then what is built.
pub(crate) fn table(decision: &ObservationDecision) -> String {
    let mut text = String::new();
    for verdict in decision.tiers.iter() {
        let word = if verdict.permitted { "released" } else { "withheld" };
        let policy = verdict.policy.as_deref().unwrap_or("-");
        let _ = writeln!(text, "{} {word} {policy}", verdict.tier.code());
    }
    if let Some(released) = &decision.released {
        let item = released.item();
        let built = [
            ("existence", true),
            ("coarse", item.coarse.is_some()),
            ("full", item.full.is_some()),
            ("identity", item.identity.is_some()),
            ("source", item.source.is_some()),
        ];
        let built: Vec<_> = built.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
        let _ = writeln!(text, "built {}", built.join(" "));
    }
    text
}
