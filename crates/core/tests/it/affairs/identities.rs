//! Identity is a national statement: owned, reasoned, expiring, beside the partner's and never
//! instead of it.

use expect_test::expect;
use renkei_core::affairs::{About, AffairsInput, Command};
use renkei_model::observation::{Emergency, Identity};
use renkei_model::seat::Role;
use renkei_model::statement::{Affiliation, Occurrence, Subject};
use renkei_model::track::TrackNumber;

use super::pair::{JPN, Pair, USA, alert, both, check, session, ship};

fn state(affiliation: Affiliation) -> Command {
    Command::StateIdentity {
        track: TrackNumber(40),
        affiliation,
        reason: both("Name and course fit a known ferry.", "船名及び針路が既知の旅客船と一致"),
        expires_s: 3_600,
        tear_line: None,
    }
}

fn differences(pair: &Pair, i: usize) -> usize {
    let view = pair.nodes[i].affairs.snapshot(pair.now);
    view.attention.iter().filter(|item| item.kind == "identity_differs").count()
}

#[test]
fn a_statement_goes_to_both_pictures_and_a_difference_wants_attention() {
    check(
        |pair| {
            pair.ask(JPN, Role::WatchOfficer, state(Affiliation::Neutral)).unwrap();
            pair.quiet();
            assert_eq!((differences(pair, JPN), differences(pair, USA)), (0, 0));
            pair.ask(USA, Role::WatchOfficer, state(Affiliation::Suspect)).unwrap();
            pair.quiet();
            assert_eq!((differences(pair, JPN), differences(pair, USA)), (1, 1));
            // The last word of the US side is the same as Japan's.
            pair.ask(USA, Role::WatchOfficer, state(Affiliation::Neutral)).unwrap();
            pair.quiet();
            assert_eq!((differences(pair, JPN), differences(pair, USA)), (0, 0));
        },
        &expect![[r#"
            JPN identity Neutral
            JPN picture: JPN states Neutral
            USA picture: JPN states Neutral
            USA identity Suspect
            USA picture: USA states Suspect
            JPN picture: USA states Suspect
            USA identity Neutral
            USA picture: USA states Neutral
            JPN picture: USA states Neutral
        "#]],
    );
}

#[test]
fn an_expired_statement_stands_no_more() {
    let mut pair = Pair::new();
    pair.ask(JPN, Role::WatchOfficer, state(Affiliation::Neutral)).unwrap();
    pair.ask(USA, Role::WatchOfficer, state(Affiliation::Suspect)).unwrap();
    pair.quiet();
    pair.trace.clear();
    pair.act(JPN, AffairsInput::Start);
    assert_eq!(pair.trace.len(), 2, "both are told again at a start: {:?}", pair.trace);
    pair.pass(3_601);
    assert_eq!(differences(&pair, JPN), 0);
    pair.trace.clear();
    pair.act(JPN, AffairsInput::Start);
    assert!(pair.trace.is_empty(), "{:?}", pair.trace);
}

#[test]
fn a_statement_on_what_is_withheld_stays_here() {
    let mut pair = super::review::with_policy();
    let mut about = ship(JPN);
    about.released = None;
    let by = super::pair::session(JPN, Role::WatchOfficer);
    pair.ask_as(JPN, by, state(Affiliation::Suspect), Some(about)).unwrap();
    let signed = pair.nodes[JPN].ledger.iter().rev().find_map(|(kind, body)| {
        use renkei_core::affairs::entry::Entry;
        match Entry::from_body(*kind, body) {
            Ok(Some(Entry::Own(signed))) => Some(signed),
            _ => None,
        }
    });
    let record: renkei_model::statement::Record =
        renkei_model::cbor::from_canonical(&signed.unwrap().bytes).unwrap();
    assert!(record.label.restrictive.contains("HOLD"), "only a person releases it");
    pair.quiet();
    assert_eq!(differences(&pair, USA), 0);
    assert_eq!(pair.nodes[JPN].affairs.snapshot(pair.now).reviews.len(), 1);
}

#[test]
fn a_statement_wants_a_reason_in_both_languages_and_an_end() {
    let mut pair = Pair::new();
    let ask = |pair: &mut Pair, reason, expires_s| {
        let (track, affiliation) = (TrackNumber(40), Affiliation::Neutral);
        let tear_line = None;
        let command = Command::StateIdentity { track, affiliation, reason, expires_s, tear_line };
        pair.ask(JPN, Role::WatchOfficer, command)
    };
    assert_eq!(ask(&mut pair, both("Ferry.", ""), 60), Err("RK-1102".into()));
    assert_eq!(ask(&mut pair, both("Ferry.", "旅客船"), 0), Err("RK-1108".into()));
    let by = super::pair::session(JPN, Role::WatchOfficer);
    let gone = pair.ask_as(JPN, by, state(Affiliation::Neutral), None);
    assert_eq!(gone, Err("RK-1107".into()), "the track is gone");
}

/// A thing that a radar sees and nobody may know of: no name, no alias.
fn nameless() -> About {
    let subject = Subject { alias: None, identity: None, name: None, ..ship(JPN).subject };
    About { subject, known_as: [].into(), released: None, ..ship(JPN) }
}

#[test]
fn a_statement_needs_something_to_stand_under() {
    let mut pair = Pair::new();
    let by = session(JPN, Role::WatchOfficer);
    let command = state(Affiliation::Suspect);
    let refused = pair.ask_as(JPN, by.clone(), command.clone(), Some(nameless()));
    assert_eq!(refused, Err("RK-1129".into()));
    let alias = ship(JPN).subject.alias.unwrap();
    let spoken = About { known_as: [Identity::Alias(alias)].into(), ..nameless() };
    assert!(pair.ask_as(JPN, by, command, Some(spoken)).is_ok());
}

#[test]
fn an_incident_about_a_thing_without_a_name_says_so() {
    let mut pair = super::review::with_policy();
    let occurrence = Occurrence::Emergency { emergency: Emergency::Distress };
    let alert = alert(occurrence, nameless(), pair.now);
    pair.act(JPN, AffairsInput::Raise(alert.clone()));
    pair.act(JPN, AffairsInput::Raise(alert));
    pair.quiet();
    let view = pair.nodes[JPN].affairs.snapshot(pair.now);
    assert_eq!(view.incidents.len(), 1, "the same track again is the same matter");
    let incident = &view.incidents[0];
    assert_eq!((incident.track, &incident.subject.identity), (Some(40), &None));
    let said = view.attention.iter().find_map(|item| item.args.get("name")).unwrap();
    assert_eq!(
        (said.en.as_str(), said.ja.as_str()),
        ("the vessel that gave no name", "名称不明の船舶")
    );
    assert_eq!(pair.nodes[USA].affairs.snapshot(pair.now).incidents.len(), 0, "nothing may cross");
}
