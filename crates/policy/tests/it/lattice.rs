//! Narrowing a label never widens what crosses, for any label.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use renkei_model::id::Nation;
use renkei_model::label::Label;
use renkei_model::observation::Observation;
use renkei_policy::{Policy, shipped};

use crate::support::{NOW, alias, partition, policy};
use crate::world::{LEVELS, RESTRICTIONS, observation};

/// One step that makes a label narrower.
#[derive(Clone, Debug)]
enum Narrowing {
    ClassifyHigher(usize),
    Unlist,
    Restrict(usize),
    ForgetInformative,
    ReviewNow,
}

fn narrowing() -> impl Strategy<Value = Narrowing> {
    prop_oneof![
        (0..LEVELS.len()).prop_map(Narrowing::ClassifyHigher),
        Just(Narrowing::Unlist),
        (0..RESTRICTIONS.len()).prop_map(Narrowing::Restrict),
        Just(Narrowing::ForgetInformative),
        Just(Narrowing::ReviewNow),
    ]
}

fn narrowed(wide: &Label, by: &Narrowing) -> Label {
    let mut label = wide.clone();
    match by {
        Narrowing::ClassifyHigher(level) => {
            label.classification = label.classification.max(LEVELS[*level]);
        }
        Narrowing::Unlist => label.releasable_to.clear(),
        Narrowing::Restrict(which) => {
            label.restrictive.insert(RESTRICTIONS[*which].to_owned());
        }
        Narrowing::ForgetInformative => label.informative.clear(),
        Narrowing::ReviewNow => label.review = Some(NOW),
    }
    label
}

/// Puts the property to `policy` over random labels.
fn narrowing_never_widens(policy: &Policy) -> Result<(), String> {
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 400, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let tiers = |observation: &Observation| {
        let decision = policy.clone().release_observation(observation, alias, Nation::USA, NOW);
        decision.tiers.iter().map(|verdict| verdict.permitted).collect::<Vec<_>>()
    };
    runner
        .run(&(observation(), narrowing()), |(wide, by)| {
            let narrow = Observation { label: narrowed(&wide.label, &by), ..wide.clone() };
            let widened = tiers(&narrow).iter().zip(tiers(&wide)).any(|(now, then)| *now && !then);
            prop_assert!(!widened, "{by:?} of {:?}", wide.label);
            Ok(())
        })
        .map_err(|failure| failure.to_string())
}

#[test]
fn narrowing_a_label_never_widens_release() {
    for nation in [Nation::JPN, Nation::USA] {
        narrowing_never_widens(&policy(nation)).expect("holds");
    }
}

#[test]
fn a_permit_that_rests_on_a_restriction_is_caught() {
    let planted = r#"
        @id("planted")
        @reason_en("secret things to the partner, as a favour")
        @reason_ja("-")
        permit (principal == Nation::"USA", action == Action::"existence", resource)
        when { resource.label.classification == 1 };
    "#;
    let without_listing: Vec<(&str, &str)> =
        shipped(Nation::JPN)[1..].iter().copied().chain([("planted.cedar", planted)]).collect();
    let policy = Policy::load(Nation::JPN, &partition(), &without_listing).expect("it is read");
    assert!(narrowing_never_widens(&policy).is_err());
}
