//! Makes what the tests send: records and observations that the shipped policies release.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use renkei_link::{BorderConfig, Class};
use renkei_model::cbor::{Digest, from_canonical, to_canonical};
use renkei_model::id::{BorderAlias, Nation, ObjectId, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::statement::{Holding, KeyId, RECORD_VERSION, Record, SignedRecord, Statement};
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Policy, Released, shipped};

/// When the tests begin.
pub(crate) const START: Timestamp = Timestamp(1_795_000_000_000);

pub(crate) fn partition() -> Partition {
    Partition::Exercise("keen-edge".into())
}

pub(crate) fn other(nation: Nation) -> Nation {
    if nation == Nation::JPN { Nation::USA } else { Nation::JPN }
}

pub(crate) fn config(own: Nation, epoch: u32, boot: u64) -> BorderConfig {
    BorderConfig {
        own,
        partner: other(own),
        partition: partition(),
        epoch,
        boot,
        policy_version: 1,
        policy: Digest::of(own.code().as_bytes()),
    }
}

/// The shipped policy of `own`, read once: a property test makes many nodes.
pub(crate) fn policy(own: Nation) -> Policy {
    static SHIPPED: OnceLock<[Policy; 2]> = OnceLock::new();
    let load = |own| {
        Policy::load(own, &partition(), shipped(own)).expect("the shipped policies are sound")
    };
    let [japan, america] = SHIPPED.get_or_init(|| [load(Nation::JPN), load(Nation::USA)]);
    if own == Nation::JPN { japan.clone() } else { america.clone() }
}

fn label(own: Nation) -> Label {
    Label {
        policy: format!("{own}-EXERCISE"),
        classification: Classification::Unclassified,
        releasable_to: BTreeSet::from([other(own)]),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::from(["CIVIL".to_owned()]),
        originator: own,
        created: START,
        review: None,
    }
}

fn object(own: Nation, counter: u64) -> ObjectId {
    ObjectId { node: own, partition: partition(), epoch: 1, counter }
}

/// A record that only its `number` tells from others; `padding` bytes longer than the shortest.
pub(crate) fn record(
    policy: &Policy,
    own: Nation,
    number: u64,
    padding: usize,
) -> Released<SignedRecord> {
    let mut label = label(own);
    label.policy.push_str(&noise(number, padding));
    let record = Record {
        version: RECORD_VERSION,
        id: object(own, number),
        made_at: START,
        label,
        statement: Statement::Holding(Holding {
            option: object(own, number),
            version: Digest::of(b"version"),
            partner_answer: Digest::of(b"answer"),
        }),
    };
    let signed = SignedRecord {
        bytes: to_canonical(&record),
        key: KeyId(7),
        signature: [3; 64],
        cose: None,
    };
    policy.release_record(signed, &record, other(own), START).expect("the label lists the partner")
}

/// `length` letters of which none follows from the others, so that they do not pack.
fn noise(seed: u64, length: usize) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
    let mut state = seed;
    let letter = |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(letters[(state >> 58) as usize])
    };
    (0..length).map(letter).collect()
}

/// The number of a record that [`record`] made.
pub(crate) fn number(signed: &SignedRecord) -> u64 {
    from_canonical::<Record>(&signed.bytes).expect("made by `record`").id.counter
}

/// The `version`th observation of thing `key`: its speed says which it is.
pub(crate) fn observation(
    policy: &mut Policy,
    own: Nation,
    key: u32,
    version: u32,
) -> Released<ObservationRelease> {
    released(policy, own, key, |observation| {
        observation.motion.speed_mps = Some(f64::from(version));
        observation.content = u64::from(version);
    })
}

/// What thing `key` says of itself without saying where it is.
pub(crate) fn static_report(
    policy: &mut Policy,
    own: Nation,
    key: u32,
    name: &str,
) -> Released<ObservationRelease> {
    released(policy, own, key, |observation| {
        observation.position = None;
        observation.motion.speed_mps = Some(0.0);
        observation.attributes.name = Some(name.into());
    })
}

fn released(
    policy: &mut Policy,
    own: Nation,
    key: u32,
    tell: impl FnOnce(&mut Observation),
) -> Released<ObservationRelease> {
    let mut observation = Observation {
        source: Source::Own(SourceId("miyako-ais".into())),
        identity: Identity::Mmsi(100_000_000 + key),
        domain: Domain::Surface,
        event_time: START,
        received_at: START,
        position: Position::new(24.8, 125.2),
        accuracy_m: Some(10.0),
        motion: Motion::default(),
        attributes: Attributes::default(),
        content: 0,
        label: label(own),
    };
    tell(&mut observation);
    let alias = BorderAlias { nation: own, number: key };
    let decision = policy.release_observation(&observation, || alias, other(own), START);
    decision.released.expect("civil traffic is released in full")
}

/// Key and version of an observation that [`observation`] made.
pub(crate) fn key_and_version(release: &ObservationRelease) -> (u32, u32) {
    let speed_cmps = release.full.and_then(|full| full.speed_cmps).expect("released in full");
    (release.alias.number, speed_cmps / 100)
}

/// The class of a small number.
pub(crate) fn class(index: usize) -> Class {
    Class::ALL[index % 3]
}
