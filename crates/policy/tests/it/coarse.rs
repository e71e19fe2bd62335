//! The coarse tier tells one cell a thing and ten minutes, and no time within them.

use renkei_model::id::{BorderAlias, Nation};
use renkei_model::label::Classification;
use renkei_model::observation::Observation;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_policy::Policy;
use renkei_policy::wire::{Coarse, ObservationRelease, SLOT_MS};

use crate::support::{NOW, alias, listed, policy, ship};

const SLOT: Timestamp = Timestamp(NOW.0 - 400_000);

/// A ship that crosses at `at`, at these degrees, told coarsely.
fn at(at: Timestamp, latitude: f64, longitude: f64) -> Observation {
    Observation {
        event_time: at,
        position: Position::new(latitude, longitude),
        ..ship(listed(Classification::Secret))
    }
}

fn tell(policy: &mut Policy, observation: &Observation) -> Option<ObservationRelease> {
    let now = observation.event_time;
    let decision = policy.release_observation(observation, alias, Nation::USA, now);
    assert_eq!(decision.unchanged, decision.released.is_none());
    decision.released.map(renkei_policy::Released::into_item)
}

#[test]
fn a_cell_is_a_tenth_of_a_degree_rounded_down() {
    let cell = |latitude, longitude| {
        let cell = Coarse::of(Position::new(latitude, longitude).expect("on the globe"));
        (cell.latitude_cell, cell.longitude_cell)
    };
    assert_eq!(cell(24.812, 125.281), (248, 1252));
    assert_eq!(cell(24.8, 125.3), (248, 1253));
    assert_eq!(cell(-0.01, -0.01), (-1, -1));
    assert_eq!(cell(90.0, 179.999_999_9), (900, -1800));
    assert_eq!(cell(-90.0, -180.0), (-900, -1800));
}

#[test]
fn the_time_is_that_of_the_slot_and_the_position_that_of_the_cell() {
    let mut policy = policy(Nation::JPN);
    let told = tell(&mut policy, &at(NOW, 24.812, 125.281)).expect("told");
    assert_eq!(told.existence.at, SLOT);
    assert_eq!(told.event_time(), SLOT);
    let seen = told.into_observation(NOW);
    let centre = seen.position.expect("a position");
    assert!((centre.latitude_deg() - 24.85).abs() < 1e-9, "{centre:?}");
    assert!((centre.longitude_deg() - 125.25).abs() < 1e-9, "{centre:?}");
}

#[test]
fn a_thing_is_told_once_a_slot_even_when_it_crosses_into_the_next_cell() {
    let mut policy = policy(Nation::JPN);
    assert!(tell(&mut policy, &at(NOW, 24.89, 125.28)).is_some());
    assert_eq!(tell(&mut policy, &at(NOW.plus_ms(10_000), 24.91, 125.28)), None);
    let next = tell(&mut policy, &at(NOW.plus_ms(SLOT_MS), 24.93, 125.28)).expect("a new slot");
    assert_eq!(next.coarse.map(|c| c.latitude_cell), Some(249));
}

#[test]
fn an_older_slot_is_not_told_after_a_newer_one() {
    let mut policy = policy(Nation::JPN);
    assert!(tell(&mut policy, &at(NOW, 24.89, 125.28)).is_some());
    let late = at(NOW.plus_ms(-SLOT_MS), 24.81, 125.28);
    assert_eq!(tell(&mut policy, &late), None);
}

#[test]
fn a_report_without_a_position_does_not_use_up_the_cell_of_its_slot() {
    let mut policy = policy(Nation::JPN);
    let named = Observation { position: None, ..at(NOW, 0.0, 0.0) };
    assert_eq!(tell(&mut policy, &named).expect("told").coarse, None);
    assert_eq!(tell(&mut policy, &named), None);
    let told = tell(&mut policy, &at(NOW.plus_ms(1_000), 24.89, 125.28)).expect("the first cell");
    assert_eq!(told.coarse.map(|c| c.latitude_cell), Some(248));
}

#[test]
fn a_report_from_the_future_is_not_told_and_takes_no_alias() {
    let mut policy = policy(Nation::JPN);
    let ahead = at(NOW.plus_ms(2 * SLOT_MS), 24.89, 125.28);
    let no_alias = || -> BorderAlias { panic!("nobody may ask for one") };
    let decision = policy.release_observation(&ahead, no_alias, Nation::USA, NOW);
    assert_eq!(decision.released, None);
    assert!(decision.unchanged);
    assert!(tell(&mut policy, &at(NOW, 24.89, 125.28)).is_some(), "the thing is not locked");
}

#[test]
fn two_things_and_two_partners_do_not_share_a_slot() {
    let mut policy = policy(Nation::JPN);
    let report = at(NOW, 24.89, 125.28);
    assert!(tell(&mut policy, &report).is_some());
    let other = || BorderAlias { nation: Nation::JPN, number: 413 };
    let decision = policy.release_observation(&report, other, Nation::USA, NOW);
    assert!(decision.released.is_some());
}
