//! What a thing says of itself, and when it is believed.

use expect_test::expect;
use renkei_model::observation::Emergency;

use crate::support::{Say, aircraft, check, ship};

fn named(seconds: f64, name: &str) -> Say {
    ship(1, seconds).saying(|a| a.name = Some(name.into()))
}

#[test]
fn a_name_must_be_said_twice_before_it_replaces_another() {
    let after = |names: &[&str]| {
        let mut fusion = renkei_fusion::Fusion::new(Default::default());
        let said = names.iter().enumerate().map(|(i, name)| named(i as f64, name));
        crate::support::story(&mut fusion, &said.collect::<Vec<_>>());
        fusion.tracks().next().unwrap().attributes.name.clone().unwrap()
    };
    let (maru, noise) = ("HOSHI MARU", "HOSHI#MAR9");
    assert_eq!(after(&[maru, noise]), maru);
    assert_eq!(after(&[maru, noise, maru, noise]), maru);
    assert_eq!(after(&[maru, noise, noise]), noise);
}

#[test]
fn an_emergency_squawk_counts_when_said_twice_and_ends_with_another_squawk() {
    let squawk = |seconds, code: &str| {
        aircraft(7, seconds).saying(|a| {
            a.squawk = Some(code.into());
            a.emergency = (code == "7700").then_some(Emergency::GeneralEmergency);
        })
    };
    let fusion = check(
        &[
            squawk(0.0, "7700"),
            squawk(1.0, "1200"),
            squawk(2.0, "7700"),
            squawk(3.0, "7700"),
            squawk(4.0, "7700"),
            squawk(5.0, "1200"),
        ],
        &expect![[r#"
            0 s: track 1 opened
            1 s: track 1 noted
            2 s: track 1 noted
            3 s: track 1 noted; alert: GeneralEmergency at 3 s
            4 s: track 1 noted
            5 s: track 1 noted
        "#]],
    );
    assert_eq!(fusion.tracks().next().unwrap().attributes.emergency, None);
}

#[test]
fn a_distress_beacon_counts_at_once_and_once() {
    let sart = |t| ship(970_123_456, t).saying(|a| a.emergency = Some(Emergency::Distress));
    check(
        &[sart(0.0).at(0.0, 0.0), sart(2.0).at(0.0, 0.0)],
        &expect![[r#"
            0 s: track 1 opened; alert: Distress at 0 s
            2 s: track 1 moved
        "#]],
    );
}

#[test]
fn an_old_report_fills_gaps_and_replaces_nothing() {
    let mut old = ship(1, 20.0).saying(|a| {
        a.destination = Some("NAHA".into());
        a.imo = Some(9_074_729);
    });
    old.0.event_time = old.0.event_time.plus_ms(-15_000);
    let fusion = check(
        &[ship(1, 10.0).saying(|a| a.destination = Some("KOBE".into())), old],
        &expect![[r#"
            10 s: track 1 opened
            20 s: track 1 noted
        "#]],
    );
    let attributes = &fusion.tracks().next().unwrap().attributes;
    assert_eq!(attributes.destination.as_deref(), Some("KOBE"));
    assert_eq!(attributes.imo, Some(9_074_729));
}
