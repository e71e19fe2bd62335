//! Who may do what: every role against every act, and the seat behind it.

use expect_test::expect;
use renkei_core::affairs::{Act, Choice, Command, Extra, Judgement, may, role_may};
use renkei_model::cbor::Digest;
use renkei_model::id::Nation;
use renkei_model::seat::{Authority, Role, SeatId};
use renkei_model::statement::{Affiliation, Ground};

use super::agreement::{begin, current, draft, incident, offer};
use super::pair::{JPN, Pair, USA, both, check, person, session};

#[test]
fn every_role_has_an_answer_for_every_act() {
    let mut table = String::new();
    for role in Role::ALL {
        let acts: Vec<_> = Act::ALL
            .into_iter()
            .filter(|act| role_may(role, *act))
            .map(|act| format!("{act:?}"))
            .collect();
        table.push_str(format!("{role:?}: {}", acts.join(" ")).trim_end());
        table.push('\n');
    }
    expect![[r#"
        Commander: Answer Task TakeSeat Note Destroy ChangePolicy Review Recall
        WatchOfficer: Acknowledge OpenIncident Draft Edit Offer Task Close StateIdentity TakeSeat Note JudgeNotice MergeTracks WatchTrack EndWatch
        J2: StateIdentity TakeSeat Note MergeTracks WatchTrack EndWatch
        J3: Draft Edit Task TakeSeat Note
        J4: TakeSeat Note
        J5: Draft Edit TakeSeat Note
        ReleaseOfficer: TakeSeat Note Destroy ChangePolicy Review Recall
        Liaison:
        Auditor:
        Administrator:
        Observer:
    "#]].assert_eq(&table);
}

/// One command of each kind, in a scene in which the right person may give it.
fn commands(pair: &Pair) -> Vec<Command> {
    let (option, version, _) = current(pair, JPN);
    let incident = incident(pair, JPN);
    let track = renkei_model::track::TrackNumber(40);
    vec![
        Command::Acknowledge { incident: incident.clone() },
        Command::OpenIncident { track: None, text: both("a", "あ"), tear_line: None },
        Command::Draft {
            incident: incident.clone(),
            template: "observe.1".into(),
            blocks: Vec::new(),
            deadline_s: 60,
        },
        Command::Edit {
            option: option.clone(),
            parent: version,
            blocks: Vec::new(),
            extra: Some(Extra::default()),
            deadline_s: 60,
        },
        Command::Offer { option: option.clone(), version },
        Command::Answer {
            option: option.clone(),
            version,
            verdict: Choice::Agree,
            text: None,
            to: None,
        },
        Command::Task { option, version },
        Command::Close { incident: incident.clone() },
        Command::StateIdentity {
            track,
            affiliation: Affiliation::Neutral,
            reason: both("a", "あ"),
            expires_s: 60,
            tear_line: None,
        },
        Command::TakeSeat { seat: SeatId("watch".into()) },
        Command::Note { incident: incident.clone(), text: "a".into() },
        Command::MergeTracks { track, with: track, reason: "a".into() },
        Command::JudgeNotice {
            notice: 1,
            judgement: Judgement::Acknowledged,
            for_s: None,
            reason: String::new(),
        },
        Command::WatchTrack { track, reason: "a".into(), for_s: 60 },
        Command::EndWatch { watch: 1 },
        Command::ProposeDestruction {
            records: [1].into(),
            reason: both("a", "あ"),
            authority: "a".into(),
        },
        Command::DecidePolicy { change: 1, approve: false, reason: "a".into() },
        Command::Review {
            record: incident.clone(),
            digest: version,
            approve: true,
            for_s: 60,
            reason: "a".into(),
        },
        Command::Recall { object: incident.clone(), ground: Ground::Mistake, reason: "a".into() },
    ]
}

#[test]
fn who_may_not_is_refused_before_anything_is_looked_at() {
    for role in Role::ALL {
        for act in 0..Act::ALL.len() {
            let mut pair = Pair::new();
            begin(&mut pair);
            draft(&mut pair, JPN).unwrap();
            let command = commands(&pair).remove(act);
            let act = Act::of(&command);
            let before = pair.nodes[JPN].ledger.len();
            let answer = pair.ask(JPN, role, command.clone());
            if !role_may(role, act) {
                assert_eq!(answer, Err("RK-1002".into()), "{role:?} {act:?}");
                assert_eq!(pair.nodes[JPN].ledger.len(), before);
            }
            // The partner's person on this floor may do nothing in any role.
            let mut guest = session(JPN, role);
            guest.nation = Nation::USA;
            assert_eq!(pair.ask_as(JPN, guest, command, None), Err("RK-1001".into()));
        }
    }
}

#[test]
fn a_role_without_the_seat_decides_nothing() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    let (option, version, _) = current(&pair, JPN);
    let sign = Command::Answer { option, version, verdict: Choice::Agree, text: None, to: None };
    let mut by = session(JPN, Role::Commander);
    by.seat = SeatId("watch".into());
    assert_eq!(pair.ask_as(JPN, by.clone(), sign.clone(), None), Err("RK-1003".into()));
    by.seat = SeatId("commander".into());
    by.person = "Somebody else".into();
    assert_eq!(pair.ask_as(JPN, by, sign, None), Err("RK-1004".into()));
}

#[test]
fn a_seat_that_is_taken_over_is_told_to_the_partner() {
    check(
        |pair| {
            let mut by = session(JPN, Role::Commander);
            by.person = "Gen. Mori".into();
            pair.pass(60);
            let take = Command::TakeSeat { seat: SeatId("commander".into()) };
            pair.ask_as(JPN, by.clone(), take.clone(), None).unwrap();
            pair.ask_as(JPN, by.clone(), take, None).expect("taking it twice changes nothing");
            pair.quiet();
            let wrong = Command::TakeSeat { seat: SeatId("watch".into()) };
            pair.ask_as(JPN, by, wrong, None).unwrap_err();
            let seats = pair.nodes[USA].affairs.snapshot(pair.now).seats;
            let seen = seats.iter().find(|s| s.nation == Nation::JPN && s.role == Role::Commander);
            assert_eq!(seen.unwrap().holder.as_deref(), Some("Gen. Mori"));
            assert_eq!(seen.unwrap().since, pair.now);
            assert_eq!(seats[0].nation, Nation::USA, "own seats stand first");
        },
        &expect![[r#"
            JPN seat commander: Gen. Mori
            JPN refused RK-1109: seat `watch` is not one of your role
        "#]],
    );
}

#[test]
fn who_holds_a_seat_outlives_a_restart() {
    let mut pair = Pair::new();
    let mut by = session(JPN, Role::WatchOfficer);
    by.person = "Lt. Ono".into();
    let take = Command::TakeSeat { seat: SeatId("watch".into()) };
    pair.ask_as(JPN, by, take, None).unwrap();
    pair.crash(JPN);
    let seats = pair.nodes[JPN].affairs.snapshot(pair.now).seats;
    assert_eq!(seats[2].holder.as_deref(), Some("Lt. Ono"), "the file does not seat anybody anew");
    assert_ne!(seats[2].holder.as_deref(), Some(person(JPN, Role::WatchOfficer)));
}

#[test]
fn a_session_may_what_its_role_and_its_seat_both_allow() {
    let seats = Pair::new().nodes[JPN].affairs.snapshot(super::pair::BEGIN).seats;
    let (approve, task, release) = (Authority::Approve, Authority::Task, Authority::Release);
    assert_eq!(may(Role::Commander, &seats[0]), [approve, task, release]);
    assert_eq!(may(Role::ReleaseOfficer, &seats[1]), [release]);
    assert_eq!(may(Role::WatchOfficer, &seats[2]), [Authority::Offer]);
    assert_eq!(may(Role::Liaison, &seats[0]), []);
}

#[test]
fn commands_are_read_as_the_screens_send_them() {
    let read = |text: &str| serde_json::from_str::<Command>(text).map_err(|e| e.to_string());
    let id = "JPN/exercise:keen/0/12";
    let hash = Digest([1; 32]).to_hex();
    let command = format!(
        r#"{{"command":"answer","option":"{id}","version":"{hash}","verdict":"refer_up","to":"superior"}}"#
    );
    assert!(matches!(read(&command), Ok(Command::Answer { verdict: Choice::ReferUp, .. })));
    assert!(read(r#"{"command":"close","incident":"JPN/real/0/+1"}"#).is_err());
    assert!(read(r#"{"command":"close","incident":"JPN/real/0/1","force":true}"#).is_err());
    assert!(read(r#"{"command":"erase"}"#).is_err());
}
