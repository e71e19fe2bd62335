//! Damaged, invented and absurd labels: none of them ever releases more.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use renkei_model::cbor::{from_canonical, to_canonical};
use renkei_model::id::Nation;
use renkei_model::label::{Classification, Label};
use renkei_model::observation::Observation;
use renkei_model::statement::{Record, Statement, TaskStatus};
use renkei_model::time::Timestamp;
use renkei_policy::{Policy, shipped};

use crate::support::{NOW, alias, civil, listed, partition, policy, record, ship};
use crate::world::{LEVELS, observation};

/// One way in which a label may be damaged or played with, other than saying honestly that more may go.
#[derive(Clone, Debug)]
enum Damage {
    Restriction(String),
    Mark(String),
    Raised(Classification),
    NationGone,
    MarksGone,
    Policy(String),
    Created(i64),
    ReviewBefore(i64),
}

fn damage() -> impl Strategy<Value = Damage> {
    let word = || "[A-Za-z_ /\u{3040}-\u{30ff}]{0,12}|NOFORN|noforn|HOLD|LEAK";
    let time = || prop_oneof![any::<i64>(), NOW.0 - 9_000_000_000..NOW.0 + 9_000_000_000];
    prop_oneof![
        word().prop_map(Damage::Restriction),
        word()
            .prop_filter("an honest mark", |w| w != "CIVIL" && w != "EXERCISE")
            .prop_map(Damage::Mark),
        proptest::sample::select(&LEVELS[..]).prop_map(Damage::Raised),
        Just(Damage::NationGone),
        Just(Damage::MarksGone),
        prop_oneof![Just("NATO".to_owned()), Just("USA-EXERCISE".to_owned()), word().boxed()]
            .prop_map(Damage::Policy),
        time().prop_map(Damage::Created),
        time().prop_map(Damage::ReviewBefore),
    ]
}

fn damaged(label: &Label, by: &Damage) -> Label {
    let mut label = label.clone();
    match by {
        Damage::Restriction(word) => {
            label.restrictive.insert(word.clone());
        }
        Damage::Mark(word) => {
            label.informative.insert(word.clone());
        }
        Damage::Raised(level) => label.classification = label.classification.max(*level),
        Damage::NationGone => {
            label.releasable_to.pop_first();
        }
        Damage::MarksGone => label.informative.clear(),
        Damage::Policy(word) => label.policy.clone_from(word),
        Damage::Created(at) => label.created = Timestamp(*at),
        Damage::ReviewBefore(at) => {
            let at = Timestamp(*at);
            label.review = Some(label.review.map_or(at, |review| review.min(at)));
        }
    }
    label
}

/// Puts the property to `policy`: whatever is done to a sound label, no further tier goes.
fn damage_never_widens(policy: &Policy) -> Result<(), String> {
    let config = Config { cases: 1_500, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let tiers = |observation: &Observation| {
        let decision = policy.clone().release_observation(observation, alias, Nation::USA, NOW);
        decision.tiers.iter().map(|verdict| verdict.permitted).collect::<Vec<_>>()
    };
    let several = proptest::collection::vec(damage(), 1..4);
    TestRunner::new_with_rng(config, rng)
        .run(&(observation(), several), |(mut sound, damages)| {
            sound.label.created = NOW.plus_ms(-30 * 86_400_000);
            let label = damages.iter().fold(sound.label.clone(), |label, by| damaged(&label, by));
            let spoilt = Observation { label, ..sound.clone() };
            let widened = tiers(&spoilt).iter().zip(tiers(&sound)).any(|(now, then)| *now && !then);
            prop_assert!(!widened, "{damages:?} of {:?}", sound.label);
            Ok(())
        })
        .map_err(|failure| failure.to_string())
}

#[test]
fn no_damage_to_a_label_ever_widens_what_crosses() {
    for nation in [Nation::JPN, Nation::USA] {
        damage_never_widens(&policy(nation)).expect("holds");
    }
}

#[test]
fn a_permit_that_rests_on_a_played_with_mark_is_caught() {
    let planted = r#"
        @id("planted")
        @reason_en("whatever says so of itself")
        @reason_ja("-")
        permit (principal == Nation::"USA", action == Action::"existence", resource)
        when { resource.label.informative.contains("LEAK") };
    "#;
    let files: Vec<_> =
        shipped(Nation::JPN).iter().copied().chain([("planted.cedar", planted)]).collect();
    let policy = Policy::load(Nation::JPN, &partition(), &files).expect("it is read");
    assert!(damage_never_widens(&policy).is_err());
}

/// The first withheld tier's policy, and whether anything was built.
fn withheld_by(label: Label) -> (bool, Option<String>) {
    let decision = policy(Nation::JPN).release_observation(&ship(label), alias, Nation::USA, NOW);
    let policy = decision.withheld().and_then(|verdict| verdict.policy.clone());
    (decision.released.is_some(), policy)
}

#[test]
fn unknown_policies_and_absurd_times_fail_closed() {
    assert!(withheld_by(civil()).0, "the sound one goes");
    let of_policy = |policy: &str| Label { policy: policy.into(), ..civil() };
    let of_times = |created: i64, review: Option<i64>| Label {
        created: Timestamp(created),
        review: review.map(Timestamp),
        ..civil()
    };
    let day = 86_400_000;
    let absurd = [
        of_policy("NATO"),
        of_policy(""),
        of_policy("JPN-"),
        of_policy("JPNX-EXERCISE"),
        of_policy("USA-EXERCISE"),
        of_times(i64::MAX, None),
        of_times(NOW.0 + day + 1, None),
        of_times(NOW.0 + day - 1_000, Some(NOW.0 + 1_000)),
        of_times(i64::MAX, Some(i64::MAX)),
    ];
    for label in absurd {
        let told = format!("{label:?}");
        let statement = || tasked();
        let (signed, record) = record(label.clone(), statement());
        let refused = policy(Nation::JPN).release_record(signed, &record, Nation::USA, NOW);
        let by = refused.expect_err(&told).policy;
        assert_eq!(withheld_by(label), (false, Some("always-unsound-label".into())), "{told}");
        assert_eq!(by.as_deref(), Some("always-unsound-label"), "{told}");
    }
    assert!(!withheld_by(of_times(i64::MIN, Some(i64::MIN + 1))).0, "long overdue");
    assert!(withheld_by(of_times(NOW.0 + day - 1, None)).0, "a clock may be a little ahead");
}

fn tasked() -> Statement {
    let version = renkei_model::cbor::Digest([7; 32]);
    let option = record(civil(), Statement::Zone(zone())).1.id;
    Statement::Tasked(TaskStatus { option, version, tasked_at: NOW })
}

fn zone() -> renkei_model::statement::Zone {
    let name = renkei_model::statement::Bilingual { en: "a".into(), ja: "あ".into() };
    renkei_model::statement::Zone {
        name,
        ring: Vec::new(),
        domains: Vec::new(),
        neutral_too: false,
        holes: Vec::new(),
    }
}

#[test]
fn a_level_that_no_build_knows_is_no_label() {
    let bytes = to_canonical(&listed(Classification::TopSecret));
    let at = bytes.iter().position(|byte| *byte == 4).expect("the level's number");
    for level in 5..=23_u8 {
        let mut changed = bytes.clone();
        changed[at] = level;
        assert!(from_canonical::<Label>(&changed).is_err(), "level {level}");
    }
    let json = serde_json::to_string(&civil()).expect("JSON").replace("unclassified", "cosmic");
    assert!(serde_json::from_str::<Label>(&json).is_err());
}

#[test]
fn a_record_whose_label_was_changed_after_it_was_signed_does_not_go() {
    let (signed_record, honest) = record(listed(Classification::Secret), tasked());
    let policy = policy(Nation::JPN);
    let mut read = 0;
    for at in 0..signed_record.bytes.len() {
        for bit in 0..8 {
            let mut bytes = signed_record.bytes.clone();
            bytes[at] ^= 1 << bit;
            let Ok(changed) = from_canonical::<Record>(&bytes) else { continue };
            read += 1;
            assert_ne!(changed, honest);
            let went = policy.release_record(signed_record.clone(), &changed, Nation::USA, NOW);
            assert!(went.is_err(), "byte {at}, bit {bit}");
        }
    }
    assert!(read > 100, "many changes still read as a record: {read}");
}
