//! What a thing says of itself, and when it is believed.

use expect_test::expect;
use renkei_model::observation::{Attributes, Emergency};

use crate::support::{aircraft, check, ship};

/// What is believed after a ship said these, one a second.
fn believed(said: &[&dyn Fn(&mut Attributes)]) -> Attributes {
    let mut fusion = renkei_fusion::Fusion::new(Default::default());
    let said = (0..).zip(said).map(|(seconds, say)| ship(1, f64::from(seconds)).saying(say));
    crate::support::story(&mut fusion, &said.collect::<Vec<_>>());
    fusion.tracks().next().unwrap().attributes.clone()
}

/// `known`, then one line that says `noise` by a corrupt line's chance, then `noise` twice.
fn check_said_twice(known: &dyn Fn(&mut Attributes), noise: &dyn Fn(&mut Attributes)) {
    let of = |say: &dyn Fn(&mut Attributes)| believed(&[say]);
    let (known_alone, noise_alone) = (of(known), of(noise));
    assert_ne!(known_alone, noise_alone);
    assert_eq!(believed(&[known, noise]), known_alone, "said once");
    assert_eq!(believed(&[known, noise, known, noise]), known_alone, "not in a row");
    assert_eq!(believed(&[known, noise, &|_| {}, noise]), noise_alone, "said twice");
}

#[test]
fn what_is_known_is_replaced_only_when_the_other_is_said_twice() {
    check_said_twice(&|a| a.name = Some("HOSHI MARU".into()), &|a| {
        a.name = Some("HOSHI#MAR9".into());
    });
    check_said_twice(&|a| a.callsign = Some("JD1234".into()), &|a| {
        a.callsign = Some("JD12T4".into());
    });
    check_said_twice(&|a| a.imo = Some(9_074_729), &|a| a.imo = Some(9_075_241));
    check_said_twice(&|a| a.ship_type = Some(70), &|a| a.ship_type = Some(35));
    check_said_twice(&|a| a.length_m = Some(120), &|a| a.length_m = Some(376));
    check_said_twice(&|a| a.beam_m = Some(18), &|a| a.beam_m = Some(50));
}

#[test]
fn a_destination_changes_at_once() {
    let to = |port: &'static str| move |a: &mut Attributes| a.destination = Some(port.into());
    assert_eq!(believed(&[&to("NAHA"), &to("KOBE")]).destination.as_deref(), Some("KOBE"));
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
fn a_distress_ends_when_whoever_told_it_says_otherwise() {
    let distress = |t| ship(1, t).saying(|a| a.emergency = Some(Emergency::Distress));
    let standing = |after: fn(&mut renkei_model::observation::Attributes)| {
        let reports = [distress(0.0).at(0.0, 0.0), ship(1, 10.0).saying(after)];
        let mut fusion = renkei_fusion::Fusion::new(renkei_fusion::FusionConfig::default());
        for report in &reports {
            fusion.observe(&report.0, report.0.received_at);
        }
        fusion.tracks().next().unwrap().attributes.emergency
    };
    let kept = Some(Emergency::Distress);
    assert_eq!(standing(|a| a.nav_status = Some(0)), None, "a ship under way again");
    assert_eq!(standing(|a| a.squawk = Some("1200".into())), None, "an aircraft in order again");
    assert_eq!(standing(|a| a.name = Some("NARU".into())), kept, "a name says nothing of it");
    assert_eq!(standing(|a| a.safety_text = Some("ALL WELL".into())), kept, "nor do words");
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
