//! Class 3: the newest of each thing, stalest first, the whole map again after a reconnect.

use expect_test::{Expect, expect};
use renkei_link::Event;
use renkei_model::id::{BorderAlias, Nation};

use crate::pair::{Pair, Planted};
use crate::support::{key_and_version, observation, policy, static_report};

fn connected() -> Pair {
    let mut pair = Pair::new(Planted::Nothing);
    assert!(pair.settle() && pair.settle());
    pair
}

/// What arrives at side 1 when side 0 sends one frame of observations after the other.
fn check(pair: &mut Pair, expected: &Expect) {
    let before = pair.sides[1].events.len();
    pair.settle();
    let arrived = pair.sides[1].events[before..].iter().filter_map(|event| match event {
        Event::Observation { release } => {
            let (key, said) = key_and_version(release);
            Some(format!("J-{key:04} says {said}\n"))
        }
        _ => None,
    });
    expected.assert_eq(&arrived.collect::<String>());
}

#[test]
fn a_value_that_was_overtaken_is_never_sent() {
    let mut pair = connected();
    for _ in 0..3 {
        pair.sides[0].observe(1);
    }
    check(
        &mut pair,
        &expect![[r#"
            J-0001 says 3
        "#]],
    );
    assert_eq!(pair.sides[0].border.status().counters.observations_overtaken, 2);
}

#[test]
fn a_name_does_not_overtake_a_position_nor_a_position_a_name() {
    let mut pair = connected();
    let before = pair.sides[1].events.len();
    for name in ["OLD", "NEW"] {
        pair.sides[0].observe(1);
        let report = static_report(&mut policy(Nation::JPN), Nation::JPN, 1, name);
        pair.sides[0].border.offer_observation(report).unwrap();
    }
    pair.settle();
    let arrived = pair.sides[1].events[before..].iter().filter_map(|event| match event {
        Event::Observation { release, .. } => {
            let name = release.identity.as_ref().and_then(|said| said.attributes.name.as_deref());
            Some((name.map(str::to_owned), release.has_position()))
        }
        _ => None,
    });
    assert_eq!(arrived.collect::<Vec<_>>(), [(None, true), (Some("NEW".into()), false)]);
    assert_eq!(pair.sides[0].border.status().counters.observations_overtaken, 2);
}

#[test]
fn the_thing_whose_picture_over_there_is_oldest_goes_first() {
    let mut pair = connected();
    for key in [3, 1, 2] {
        pair.sides[0].observe(key);
        pair.settle();
    }
    for key in [1, 2, 3, 4] {
        pair.sides[0].observe(key);
    }
    check(
        &mut pair,
        &expect![[r#"
            J-0004 says 1
            J-0003 says 2
            J-0001 says 2
            J-0002 says 2
        "#]],
    );
}

#[test]
fn a_reconnect_sends_the_whole_present_map_and_nothing_older() {
    let mut pair = connected();
    for key in [1, 2, 3] {
        pair.sides[0].observe(key);
    }
    pair.settle();
    pair.cut();
    pair.sides[0].observe(2);
    pair.sides[0].observe(2);
    pair.sides[0].border.forget_observation(BorderAlias { nation: Nation::JPN, number: 3 });
    check(
        &mut pair,
        &expect![[r#"
            J-0001 says 1
            J-0002 says 3
        "#]],
    );
}

#[test]
fn memory_grows_with_things_and_not_with_values() {
    let mut pair = Pair::new(Planted::Nothing);
    let mut after = Vec::new();
    for _ in 0..3 {
        for key in 1..=100 {
            pair.sides[0].observe(key);
        }
        after.push(pair.sides[0].border.status().memory_bytes);
    }
    assert!(after[2] <= after[0] + 100, "{after:?}");
    assert_eq!(pair.sides[0].border.status().queued, [0, 0, 0, 100, 0]);
}

#[test]
fn the_status_tells_how_old_the_partners_picture_and_ours_are() {
    let mut pair = connected();
    pair.sides[0].observe(1);
    assert!(pair.settle());
    let known = pair.sides[1].border.status().as_of.expect("heartbeats came");
    pair.cut();
    pair.sides[0].observe(1);
    pair.pass(60_000);
    let (ours, theirs) = (pair.sides[0].border.status(), pair.sides[1].border.status());
    assert_eq!(ours.lag_ms, 60_000);
    assert_eq!(ours.queued, [0, 0, 0, 1, 0]);
    assert!(!theirs.up);
    assert_eq!(theirs.as_of, Some(known));
    assert_eq!(pair.now.since_ms(theirs.since.expect("it was up")), 60_000);
}

#[test]
fn an_observation_of_another_version_is_dropped_and_counted() {
    let mut pair = connected();
    let good = observation(&mut policy(Nation::USA), Nation::USA, 5, 1).into_item();
    let mut later = good.clone();
    later.version = 2;
    let mut stolen = good.clone();
    stolen.alias.nation = Nation::JPN;
    let items = [later, stolen, good].map(|release| release.to_bytes());
    let body = crate::wire::body(|e| {
        e.array(1).ok()?.array(3).ok()?;
        for item in &items {
            e.array(2).ok()?.u32(1).ok()?.bytes(item).ok()?;
        }
        Some(())
    });
    let frame = crate::wire::frame(crate::wire::OBSERVATIONS, &body);
    let events = pair.sides[0].border.receive(1, &frame, pair.now);
    assert!(matches!(events.as_slice(), [Event::Observation { .. }]), "{events:?}");
    let status = pair.sides[0].border.status();
    assert_eq!(status.counters.observations_dropped, 2);
    expect![[r#"
        Some(
            "read an observation release: the alias is not the sender's; the sender is at fault, the release is dropped",
        )
    "#]]
    .assert_debug_eq(&status.last_dropped);
}
