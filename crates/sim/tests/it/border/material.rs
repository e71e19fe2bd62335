//! What the nodes exchange: records and observations that the shipped policies release.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use renkei_link::BorderConfig;
use renkei_model::cbor::{Digest, from_canonical, to_canonical};
use renkei_model::id::{BorderAlias, Nation, ObjectId, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::statement::{Holding, KeyId, RECORD_VERSION, Record, SignedRecord, Statement};
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Policy, Released, shipped};

/// What both clocks would show at the start if they were right.
pub(crate) const START: Timestamp = Timestamp(1_795_000_000_000);

const NATIONS: [Nation; 2] = [Nation::JPN, Nation::USA];

fn partition() -> Partition {
    Partition::Simulation("border".into())
}

/// The border of node `index` in its `boot`th process.
pub(crate) fn config(index: usize, boot: u64) -> BorderConfig {
    BorderConfig {
        own: NATIONS[index],
        partner: NATIONS[1 - index],
        partition: partition(),
        epoch: 1,
        boot,
        policy_version: 1,
        policy: Digest::of(NATIONS[index].code().as_bytes()),
    }
}

/// The shipped policy of node `index`, read once for all simulations.
pub(crate) fn policy(index: usize) -> Policy {
    static SHIPPED: OnceLock<[Policy; 2]> = OnceLock::new();
    let load = |own| {
        Policy::load(own, &partition(), shipped(own)).expect("the shipped policies are sound")
    };
    SHIPPED.get_or_init(|| NATIONS.map(load))[index].clone()
}

fn label(index: usize) -> Label {
    Label {
        policy: format!("{}-EXERCISE", NATIONS[index]),
        classification: Classification::Unclassified,
        releasable_to: BTreeSet::from([NATIONS[1 - index]]),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::from(["CIVIL".to_owned()]),
        originator: NATIONS[index],
        created: START,
        review: None,
    }
}

/// Record `number`, `padding` bytes longer than the shortest.
pub(crate) fn record(
    policy: &Policy,
    index: usize,
    number: u64,
    padding: usize,
) -> Released<SignedRecord> {
    let mut label = label(index);
    label.policy.push_str(&noise(number, padding));
    let id = ObjectId { node: NATIONS[index], partition: partition(), epoch: 1, counter: number };
    let record = Record {
        version: RECORD_VERSION,
        id: id.clone(),
        made_at: START,
        label,
        statement: Statement::Holding(Holding {
            option: id,
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
    let to = NATIONS[1 - index];
    policy.release_record(signed, &record, to, START).expect("the label lists the partner")
}

/// `length` letters of which none follows from the others, so that they do not pack.
fn noise(seed: u64, length: usize) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
    let mut dice = super::faults::Dice::new(seed);
    (0..length).map(|_| char::from(letters[dice.between(0, 64) as usize])).collect()
}

/// The number of a record that [`record`] made.
pub(crate) fn number(signed: &SignedRecord) -> u64 {
    from_canonical::<Record>(&signed.bytes).expect("made by `record`").id.counter
}

/// The `version`th observation of thing `key`: its speed says which it is.
pub(crate) fn observation(
    policy: &mut Policy,
    index: usize,
    key: u32,
    version: u32,
) -> Released<ObservationRelease> {
    let observation = Observation {
        source: Source::Own(SourceId("ais".into())),
        identity: Identity::Mmsi(100_000_000 + key),
        domain: Domain::Surface,
        event_time: START,
        received_at: START,
        position: Position::new(24.8, 125.2),
        accuracy_m: Some(10.0),
        motion: Motion { speed_mps: Some(f64::from(version)), ..Motion::default() },
        attributes: Attributes::default(),
        content: u64::from(version),
        label: label(index),
    };
    let alias = BorderAlias { nation: NATIONS[index], number: key };
    let to = NATIONS[1 - index];
    let decision = policy.release_observation(&observation, || alias, to, START);
    decision.released.expect("civil traffic is released in full")
}

/// Key and version of an observation that [`observation`] made.
pub(crate) fn key_and_version(release: &ObservationRelease) -> (u32, u32) {
    let speed_cmps = release.full.and_then(|full| full.speed_cmps).expect("released in full");
    (release.alias.number, speed_cmps / 100)
}
