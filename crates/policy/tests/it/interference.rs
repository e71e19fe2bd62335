//! What is withheld cannot be read from what is sent: change it, and no byte changes.
//!
//! Two worlds that differ only in withheld things are told to the partner; the bytes, their order
//! and their number must be the same.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::label::Classification;
use renkei_model::observation::{Observation, Source};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_policy::wire::{CELL_UDEG, Coarse, SLOT_MS};
use renkei_policy::{Policy, Tier};

use crate::support::{NOW, alias, civil, listed, policy, restricted_by, ship};
use crate::world::{attributes, identity, motion, observation, track};

/// All that the partner gets of `reports`.
fn sent(policy: &Policy, reports: &[Observation]) -> Vec<Vec<u8>> {
    let mut policy = policy.clone();
    let decide = |report: &Observation| {
        let now = report.event_time.max(NOW);
        policy.release_observation(report, alias, Nation::USA, now).released
    };
    reports.iter().filter_map(decide).map(|released| released.item().to_bytes()).collect()
}

/// The highest tier that policy tells of `report`.
fn highest(policy: &Policy, report: &Observation) -> Option<Tier> {
    let tiers = policy.clone().verdicts_of(report, Nation::USA, NOW);
    tiers.iter().take_while(|verdict| verdict.permitted).last().map(|verdict| verdict.tier)
}

/// `report` with everything above `told` taken from `other`.
///
/// The coarse cell and the slot of each time are kept: they are what those tiers tell.
fn withheld_changed(report: &Observation, other: &Observation, told: Option<Tier>) -> Observation {
    let mut changed = report.clone();
    changed.received_at = other.received_at;
    let both_own = matches!((&report.source, &other.source), (Source::Own(_), Source::Own(_)));
    if both_own && told < Some(Tier::Source) {
        changed.source = other.source.clone();
    }
    if told < Some(Tier::Identity) {
        changed.attributes = other.attributes.clone();
        changed.content = other.content;
        if std::mem::discriminant(&changed.identity) == std::mem::discriminant(&other.identity) {
            changed.identity = other.identity.clone();
        }
    }
    if told < Some(Tier::Full) {
        changed.motion = other.motion.clone();
        changed.accuracy_m = other.accuracy_m;
        changed.label.created = within_slot(report.label.created, other.label.created);
        changed.event_time = within_slot(report.event_time, other.event_time);
        changed.position = report.position.map(|here| moved_in_cell(here, other));
    }
    if told < Some(Tier::Coarse) {
        changed.position = other.position;
    }
    changed
}

/// The moment of the slot of `at` that is as far into it as `other` is into its own.
fn within_slot(at: Timestamp, other: Timestamp) -> Timestamp {
    Timestamp(at.0.div_euclid(SLOT_MS) * SLOT_MS + other.0.rem_euclid(SLOT_MS))
}

/// Another point of the cell that holds `here`.
fn moved_in_cell(here: Position, other: &Observation) -> Position {
    let share = (other.content % 100_000) as i32;
    let within = |degrees: f64| {
        let udeg = (degrees * 1e6).round() as i32;
        f64::from(udeg.div_euclid(CELL_UDEG) * CELL_UDEG + share) / 1e6
    };
    Position::new(within(here.latitude_deg()), within(here.longitude_deg()))
        .filter(|there| Coarse::of(*there) == Coarse::of(here))
        .unwrap_or(here)
}

/// Whether two worlds that differ only in withheld things look the same to `look`.
fn no_interference(
    policy: &Policy,
    look: fn(&Policy, &[Observation]) -> Vec<Vec<u8>>,
) -> Result<(), String> {
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let reports = prop_oneof![track(), secret_track()];
    runner
        .run(&(reports, observation()), |(reports, other)| {
            let changed: Vec<Observation> = reports
                .iter()
                .map(|report| withheld_changed(report, &other, highest(policy, report)))
                .collect();
            prop_assert_eq!(look(policy, &reports), look(policy, &changed));
            Ok(())
        })
        .map_err(|failure| failure.to_string())
}

/// Reports that are told coarsely: most of what can leak leaks there.
fn secret_track() -> impl Strategy<Value = Vec<Observation>> {
    (track(), identity(), attributes(), motion()).prop_map(|(reports, identity, said, motion)| {
        let mut reports = reports;
        for report in &mut reports {
            report.label = listed(Classification::Secret);
            report.source = ship(report.label.clone()).source;
            report.identity = identity.clone();
            report.attributes = said.clone();
            report.motion = motion.clone();
        }
        reports
    })
}

#[test]
fn withheld_things_never_change_a_byte() {
    no_interference(&policy(Nation::JPN), sent).expect("holds");
}

#[test]
fn a_release_that_carries_the_exact_time_is_caught() {
    let leaky = |policy: &Policy, reports: &[Observation]| {
        let mut policy = policy.clone();
        let leak = |report: &Observation| {
            let released = policy.release_observation(report, alias, Nation::USA, NOW).released?;
            let mut bytes = released.item().to_bytes();
            bytes.extend(report.event_time.0.to_be_bytes());
            Some(bytes)
        };
        reports.iter().filter_map(leak).collect()
    };
    assert!(no_interference(&policy(Nation::JPN), leaky).is_err());
}

#[test]
fn a_release_that_carries_the_length_of_the_name_is_caught() {
    let leaky = |policy: &Policy, reports: &[Observation]| {
        let length = |report: &Observation| {
            let name = report.attributes.name.as_deref().unwrap_or_default();
            u8::try_from(name.len()).unwrap_or(u8::MAX)
        };
        let lengths = reports.iter().map(length).collect();
        sent(policy, reports).into_iter().chain([lengths]).collect()
    };
    assert!(no_interference(&policy(Nation::JPN), leaky).is_err());
}

#[test]
fn a_release_of_every_report_in_a_slot_is_caught() {
    let leaky = |policy: &Policy, reports: &[Observation]| {
        // A policy that forgets between reports tells each cell of a slot.
        reports.iter().flat_map(|report| sent(policy, std::slice::from_ref(report))).collect()
    };
    assert_eq!(told_of_a_crossing(sent), 1);
    assert_eq!(told_of_a_crossing(leaky), 2);
}

/// How often `look` tells of a ship that crosses a cell's edge within one slot.
fn told_of_a_crossing(look: fn(&Policy, &[Observation]) -> Vec<Vec<u8>>) -> usize {
    let mut south = ship(listed(Classification::Secret));
    south.position = Position::new(24.899, 125.28);
    let mut north = south.clone();
    north.event_time = north.event_time.plus_ms(1_000);
    north.position = Position::new(24.901, 125.28);
    look(&policy(Nation::JPN), &[south, north]).len()
}

#[test]
fn a_withheld_source_leaves_no_gap_in_the_aliases() {
    let mut policy = policy(Nation::JPN);
    let mut given = 0;
    let labels = [civil(), restricted_by("NOFORN")];
    for label in labels.iter().cycle().take(10) {
        let next = || {
            given += 1;
            BorderAlias { nation: Nation::JPN, number: given }
        };
        let report = ship(label.clone());
        policy.release_observation(&report, next, Nation::USA, NOW);
    }
    assert_eq!(given, 5);
}
