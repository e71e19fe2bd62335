//! Incidents: raised on both floors, paired, never twice, never with what was withheld.

use expect_test::expect;
use renkei_core::affairs::{AffairsInput, Command};
use renkei_model::id::Nation;
use renkei_model::observation::{Emergency, Identity};
use renkei_model::seat::Role;
use renkei_model::statement::{IncidentState, Occurrence};

use super::pair::{BEGIN, JPN, Pair, USA, alert, both, check, ship};

#[test]
fn a_zone_entry_becomes_an_incident_on_both_floors() {
    check(
        |pair| {
            pair.enter(JPN);
            pair.quiet();
        },
        &expect![[r#"
            JPN incident r0 Reported
            JPN rings Alert
            USA incident r0 Reported, paired
            USA rings Alert
            JPN incident r1 Reported, paired
        "#]],
    );
}

#[test]
fn two_headquarters_that_saw_the_same_join_their_incidents() {
    check(
        |pair| {
            pair.enter(JPN);
            pair.enter(USA);
            pair.quiet();
        },
        &expect![[r#"
            JPN incident r0 Reported
            JPN rings Alert
            USA incident r0 Reported
            USA rings Alert
            JPN incident r1 Reported, paired
            USA incident r1 Reported, paired
        "#]],
    );
}

#[test]
fn a_repeated_alert_does_not_open_a_second_incident() {
    check(
        |pair| {
            pair.enter(JPN);
            pair.enter(JPN);
            pair.quiet();
            pair.enter(USA);
            pair.quiet();
            pair.enter(JPN);
        },
        &expect![[r#"
            JPN incident r0 Reported
            JPN rings Alert
            USA incident r0 Reported, paired
            USA rings Alert
            JPN incident r1 Reported, paired
        "#]],
    );
}

#[test]
fn after_closing_the_same_entry_is_a_new_incident() {
    check(
        |pair| {
            pair.enter(JPN);
            let incident = pair.nodes[JPN].affairs.snapshot(BEGIN).incidents[0].id.clone();
            let incident = incident.parse().unwrap();
            pair.ask(JPN, Role::WatchOfficer, Command::Close { incident }).unwrap();
            pair.enter(JPN);
        },
        &expect![[r#"
            JPN incident r0 Reported
            JPN rings Alert
            JPN incident r1 Closed
            JPN incident r0 Reported
            JPN rings Alert
        "#]],
    );
}

#[test]
fn what_rests_on_a_withheld_report_is_not_told_to_the_partner() {
    let mut pair = super::review::with_policy();
    let mut about = ship(JPN);
    about.released = None;
    let occurrence = Occurrence::Emergency { emergency: Emergency::Distress };
    pair.act(JPN, AffairsInput::Raise(alert(occurrence, about, BEGIN)));
    let own = &pair.nodes[JPN].affairs;
    let seen = own.snapshot(BEGIN).incidents;
    assert_eq!(seen[0].subject.name.as_deref(), Some("SAMPLE STAR"));
    assert!(seen[0].withheld.is_some(), "our floor is told that the partner does not have it");
    assert_eq!(own.snapshot_for(Nation::USA, BEGIN).incidents, [], "nor has its liaison");
    // The record that policy is asked about says so too.
    let record: renkei_model::statement::Record = pair.nodes[JPN]
        .ledger
        .iter()
        .rev()
        .filter(|(kind, _)| *kind == renkei_core::affairs::entry::kind::OWN)
        .map(|(_, body)| {
            renkei_model::cbor::from_canonical::<renkei_model::statement::SignedRecord>(body)
        })
        .map(|signed| renkei_model::cbor::from_canonical(&signed.unwrap().bytes).unwrap())
        .next()
        .unwrap();
    assert!(record.label.restrictive.contains("HOLD"), "only a person releases it");
}

#[test]
fn only_released_names_go_into_the_record() {
    let mut pair = Pair::new();
    let mut about = ship(JPN);
    let released = about.released.as_mut().unwrap();
    released.subject.name = None;
    released.subject.identity = None;
    released.position = None;
    let occurrence = Occurrence::DuplicateIdentity;
    pair.act(JPN, AffairsInput::Raise(alert(occurrence, about, BEGIN)));
    pair.quiet();
    let own = pair.nodes[JPN].affairs.snapshot(BEGIN);
    let liaison = pair.nodes[JPN].affairs.snapshot_for(Nation::USA, BEGIN);
    let partner = pair.nodes[USA].affairs.snapshot(BEGIN);
    assert_eq!(own.incidents[0].subject.identity, Some(Identity::Mmsi(999_000_001)));
    for view in [&liaison.incidents[0], &partner.incidents[0]] {
        assert_eq!(view.subject.alias.unwrap().to_string(), "J-0412");
        assert_eq!((&view.subject.identity, &view.subject.name), (&None, &None));
        assert_eq!((view.lat, view.lon), (None, None));
    }
    assert!(liaison.incidents[0].log.is_empty() && liaison.tasks.is_empty());
    assert!(!own.incidents[0].log.is_empty(), "our own log tells of the pairing");
}

#[test]
fn times_of_both_sides_are_recorded() {
    let mut pair = Pair::new();
    pair.enter(JPN);
    let incident = pair.nodes[JPN].affairs.snapshot(BEGIN).incidents[0].id.parse().unwrap();
    pair.pass(1);
    pair.act(JPN, AffairsInput::Shown { incident });
    pair.quiet();
    for (i, wait) in [(JPN, 5), (USA, 8)] {
        pair.pass(wait);
        let incident = pair.nodes[i].affairs.snapshot(BEGIN).incidents[0].id.parse().unwrap();
        pair.ask(i, Role::WatchOfficer, Command::Acknowledge { incident }).unwrap();
        pair.quiet();
    }
    let view = &pair.nodes[JPN].affairs.snapshot(pair.now).incidents[0];
    assert_eq!(view.state, IncidentState::Acknowledged);
    let ms = |t: Option<i64>| t.map(|t| t - BEGIN.0);
    let (own, partner) = (view.times.own, view.times.partner);
    let row = |t: renkei_core::affairs::view::Times| {
        let all = [t.t0, t.t1, t.t2, t.t3, t.t4, t.t5, t.t6, t.t7].map(ms);
        all.map(|t| t.map_or("-".into(), |t| t.to_string())).join(" ")
    };
    expect![[r#"
        own -2000 0 1000 1000 6000 - - -
        partner -2000 1000 - 1000 14000 - - -
    "#]]
    .assert_eq(&format!("own {}\npartner {}\n", row(own), row(partner)));
}

#[test]
fn a_note_stays_on_its_own_side() {
    let mut pair = Pair::new();
    pair.enter(JPN);
    pair.quiet();
    let incident = pair.nodes[JPN].affairs.snapshot(BEGIN).incidents[0].id.parse().unwrap();
    let sent = pair.trace.len();
    let text = "海保へ電話連絡済み".to_owned();
    pair.ask(JPN, Role::WatchOfficer, Command::Note { incident, text: text.clone() }).unwrap();
    pair.quiet();
    assert_eq!(pair.trace.len(), sent, "nothing was sent");
    let log = &pair.nodes[JPN].affairs.snapshot(BEGIN).incidents[0].log;
    assert_eq!(log.last().unwrap().text, both(&text, &text));
}

#[test]
fn closed_incidents_leave_the_screen_and_stay_in_the_ledger() {
    let mut pair = Pair::new();
    pair.enter(JPN);
    let incident: renkei_model::id::ObjectId =
        pair.nodes[JPN].affairs.snapshot(BEGIN).incidents[0].id.parse().unwrap();
    pair.ask(JPN, Role::WatchOfficer, Command::Close { incident: incident.clone() }).unwrap();
    assert_eq!(pair.nodes[JPN].affairs.snapshot(pair.now).incidents.len(), 1);
    pair.pass(601);
    assert!(pair.nodes[JPN].affairs.snapshot(pair.now).incidents.is_empty());
    let note = Command::Note { incident, text: "late".into() };
    pair.ask(JPN, Role::WatchOfficer, note).unwrap();
}
