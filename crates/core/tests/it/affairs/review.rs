//! Human release between two headquarters: what waits, who decides, and what an approval carries.

use expect_test::expect;
use renkei_core::affairs::view::AffairsView;
use renkei_core::affairs::{About, Command, ReviewView, TearLine, agreed_reasons};
use renkei_model::cbor::Digest;
use renkei_model::id::ObjectId;
use renkei_model::seat::Role;
use renkei_model::statement::{Affiliation, Bilingual, Occurrence};

use super::pair::{Handling, JPN, Pair, USA, both, check, session, ship};

/// A pair whose nodes ask the shipped policies.
pub(crate) fn with_policy() -> Pair {
    Pair::with(Handling { policy: true, ..Handling::default() })
}

pub(crate) fn tear_line() -> TearLine {
    TearLine {
        text: both("An unknown vessel is near.", "不明船を認めた。"),
        checked_by: "Ito".into(),
    }
}

/// The watch officer reports by hand, with a tear-line or without; the incident's id.
pub(crate) fn report(pair: &mut Pair, i: usize, tear_line: Option<TearLine>) -> ObjectId {
    let text = both("SECRET WORDS of the watch.", "当直の秘密の言葉。");
    let command = Command::OpenIncident { track: None, text, tear_line };
    let id = pair.ask(i, Role::WatchOfficer, command).expect("taken");
    id.parse().expect("an id")
}

pub(crate) fn view(pair: &Pair, i: usize) -> AffairsView {
    pair.nodes[i].affairs.snapshot(pair.now)
}

fn waits(pair: &Pair, i: usize) -> Vec<ReviewView> {
    view(pair, i).reviews
}

/// What a person decides about the first that waits.
pub(crate) fn decide(
    pair: &mut Pair,
    role: Role,
    approve: bool,
    for_s: u32,
) -> Result<String, String> {
    let item = waits(pair, JPN).remove(0);
    let digest = Digest::from_hex(&item.digest).expect("a digest");
    let record = item.record.parse().expect("an id");
    let reason = "read and checked".to_owned();
    pair.ask(JPN, role, Command::Review { record, digest, approve, for_s, reason })
}

/// Everything that the floor of node `i` can read.
pub(crate) fn texts(pair: &Pair, i: usize) -> String {
    serde_json::to_string(&view(pair, i)).expect("JSON")
}

#[test]
fn free_text_waits_for_a_person_and_then_goes_byte_for_byte() {
    let mut pair = with_policy();
    report(&mut pair, JPN, None);
    pair.quiet();
    assert!(view(&pair, USA).incidents.is_empty(), "nothing goes by itself");
    let item = waits(&pair, JPN).remove(0);
    assert_eq!((item.review.persons(), item.kind), (1, "incident"));
    assert_eq!(item.asked_by.as_deref(), Some("Cdr. Hayashi"));
    let detail = pair.nodes[JPN]
        .affairs
        .review_detail(&item.record.parse().unwrap(), pair.now)
        .expect("it waits");
    assert_eq!(detail.hex.len(), 2 * item.bytes);
    assert_eq!(detail.own.log[0].text.en, "SECRET WORDS of the watch.");
    decide(&mut pair, Role::ReleaseOfficer, true, 3_600).unwrap();
    pair.quiet();
    assert!(waits(&pair, JPN).is_empty());
    assert!(texts(&pair, USA).contains("SECRET WORDS"));
    let decided = view(&pair, JPN).decisions.remove(0);
    assert_eq!((decided.approved, decided.by.as_str()), (true, "Lt. Ito"));
    assert_eq!(decided.until_ms - decided.at_ms, 3_600_000);
    let placed = pair.nodes[JPN].placed_bytes(&item.record);
    assert!(
        placed.windows(detail.hex.len() / 2).any(|window| {
            window.iter().map(|b| format!("{b:02x}")).collect::<String>() == detail.hex
        }),
        "the bytes that were shown are the bytes that went"
    );
}

#[test]
fn a_tear_line_goes_by_policy_and_the_words_stay_here() {
    let mut pair = with_policy();
    report(&mut pair, JPN, Some(tear_line()));
    pair.quiet();
    assert!(waits(&pair, JPN).is_empty());
    let there = texts(&pair, USA);
    assert!(there.contains("An unknown vessel is near."), "{there}");
    assert!(!there.contains("SECRET WORDS"), "the words stay");
    assert!(texts(&pair, JPN).contains("SECRET WORDS"), "in the own log");
    let nobody = TearLine { checked_by: " ".into(), ..tear_line() };
    let text = both("a", "あ");
    let command = Command::OpenIncident { track: None, text, tear_line: Some(nobody) };
    assert_eq!(pair.ask(JPN, Role::WatchOfficer, command), Err("RK-1360".into()));
}

#[test]
fn an_agreed_reason_goes_and_a_persons_own_waits() {
    let state = |reason: Bilingual, tear_line| Command::StateIdentity {
        track: ship(JPN).track,
        affiliation: Affiliation::Suspect,
        reason,
        expires_s: 3_600,
        tear_line,
    };
    let mut pair = with_policy();
    let agreed = agreed_reasons().remove(1);
    pair.ask(JPN, Role::WatchOfficer, state(both(&agreed.en, &agreed.ja), None)).unwrap();
    assert!(waits(&pair, JPN).is_empty());
    pair.ask(JPN, Role::WatchOfficer, state(both("our own words", "独自の記述"), None)).unwrap();
    assert_eq!(waits(&pair, JPN).len(), 1);
    let line = Some(tear_line());
    pair.ask(JPN, Role::WatchOfficer, state(both("our own words", "独自の記述"), line)).unwrap();
    assert_eq!(waits(&pair, JPN).len(), 1, "the one before still waits, this one went");
}

/// The ship as a sensitive source knows it: listed for the partner, withheld by policy.
fn withheld_ship() -> About {
    let mut about = ship(JPN);
    about.label.restrictive.insert("SENSITIVE_SOURCE".into());
    About { released: None, ..about }
}

#[test]
fn what_rests_on_a_withheld_source_goes_only_when_two_persons_at_two_desks_agree() {
    check(
        |pair| {
            pair.handling.policy = true;
            let zone_name = both("Miyako Strait", "宮古海峡");
            let zone = super::pair::zone(JPN);
            let occurrence = Occurrence::ZoneEntered { zone, zone_name };
            let alert = super::pair::alert(occurrence, withheld_ship(), pair.now);
            pair.act(JPN, renkei_core::affairs::AffairsInput::Raise(alert));
            pair.quiet();
            assert!(view(pair, USA).incidents.is_empty());
            decide(pair, Role::ReleaseOfficer, true, 3_600).unwrap();
            pair.quiet();
            assert!(view(pair, USA).incidents.is_empty(), "one is not enough");
            let again = decide(pair, Role::ReleaseOfficer, true, 3_600);
            assert_eq!(again, Err("RK-1354".into()), "nor is one person twice");
            assert_eq!(waits(pair, JPN)[0].approvals.len(), 1);
            decide(pair, Role::Commander, true, 600).unwrap();
            pair.quiet();
            assert_eq!(view(pair, USA).incidents.len(), 1);
        },
        &expect![[r#"
            JPN incident r0 Reported asks Two: sensitive-source-statement
            JPN rings Alert
            JPN refused RK-1354: the second person must be another one at another desk
            JPN incident r0 Reported
            USA incident r0 Reported, paired asks Two: sensitive-source-statement
            USA rings Alert
        "#]],
    );
}

#[test]
fn progress_goes_under_an_approval_until_it_ends_and_then_waits_again() {
    let mut pair = with_policy();
    let incident = report(&mut pair, JPN, None);
    decide(&mut pair, Role::ReleaseOfficer, true, 60).unwrap();
    pair.quiet();
    assert!(waits(&pair, JPN).is_empty(), "the pairing followed under it");
    pair.pass(30);
    pair.ask(JPN, Role::WatchOfficer, Command::Acknowledge { incident: incident.clone() }).unwrap();
    pair.quiet();
    assert!(waits(&pair, JPN).is_empty(), "so did what was acknowledged");
    pair.pass(31);
    pair.ask(JPN, Role::WatchOfficer, Command::Close { incident }).unwrap();
    pair.quiet();
    assert_eq!(waits(&pair, JPN).len(), 1, "its time is over");
    let there = view(&pair, USA).incidents.remove(0).pair_state;
    assert_ne!(there, Some(renkei_model::statement::IncidentState::Closed));
}

#[test]
fn who_may_not_review_is_refused_and_nothing_is_written() {
    let mut pair = with_policy();
    report(&mut pair, JPN, None);
    pair.quiet();
    let item = waits(&pair, JPN).remove(0);
    let record: ObjectId = item.record.parse().unwrap();
    let digest = Digest::from_hex(&item.digest).unwrap();
    let before = pair.nodes[JPN].ledger.len();
    let review = |digest, for_s, reason: &str| Command::Review {
        record: record.clone(),
        digest,
        approve: true,
        for_s,
        reason: reason.into(),
    };
    let good = review(digest, 60, "read");
    for role in [Role::WatchOfficer, Role::J2, Role::J3, Role::Liaison, Role::Administrator] {
        assert_eq!(pair.ask(JPN, role, good.clone()), Err("RK-1002".into()), "{role:?}");
    }
    let officer = Role::ReleaseOfficer;
    let other = review(Digest::of(b"other bytes"), 60, "read");
    assert_eq!(pair.ask(JPN, officer, other), Err("RK-1351".into()));
    assert_eq!(pair.ask(JPN, officer, review(digest, 60, " ")), Err("RK-1352".into()));
    assert_eq!(pair.ask(JPN, officer, review(digest, 59, "read")), Err("RK-1353".into()));
    let mut author = session(JPN, officer);
    author.person = "Cdr. Hayashi".into();
    pair.ask_as(JPN, author.clone(), Command::TakeSeat { seat: author.seat.clone() }, None)
        .unwrap();
    let own = pair.ask_as(JPN, author, good.clone(), None);
    assert_eq!(own, Err("RK-1355".into()), "nobody reviews what they wrote");
    assert_eq!(pair.nodes[JPN].ledger.len(), before + 2, "the seat: made and placed");
    pair.ask(JPN, Role::Commander, good.clone()).unwrap();
    assert_eq!(pair.ask(JPN, Role::Commander, good), Err("RK-1350".into()), "it is decided");
}

#[test]
fn what_was_refused_stays_and_is_not_asked_again() {
    let mut pair = with_policy();
    let incident = report(&mut pair, JPN, None);
    decide(&mut pair, Role::ReleaseOfficer, false, 0).unwrap();
    pair.quiet();
    pair.ask(JPN, Role::WatchOfficer, Command::Acknowledge { incident }).unwrap();
    pair.quiet();
    assert!(waits(&pair, JPN).is_empty());
    assert!(view(&pair, USA).incidents.is_empty());
    let own = view(&pair, JPN).incidents.remove(0);
    assert_eq!(
        own.withheld,
        Some(both("a release officer refused it", "提供審査により不提供とされた"))
    );
}

#[test]
fn a_queue_and_its_decisions_outlive_a_crash() {
    let mut pair = with_policy();
    report(&mut pair, JPN, None);
    report(&mut pair, JPN, None);
    decide(&mut pair, Role::ReleaseOfficer, true, 3_600).unwrap();
    pair.quiet();
    let before = (waits(&pair, JPN), view(&pair, JPN).decisions);
    assert_eq!((before.0.len(), before.1.len()), (1, 1));
    pair.crash(JPN);
    pair.quiet();
    assert_eq!((waits(&pair, JPN), view(&pair, JPN).decisions), before);
    assert_eq!(view(&pair, USA).incidents.len(), 1, "it is not sent twice");
}

#[test]
fn a_liaison_sees_nothing_of_what_waits() {
    let mut pair = with_policy();
    report(&mut pair, JPN, None);
    pair.quiet();
    let guest = pair.nodes[JPN].affairs.snapshot_for(pair.nodes[USA].nation, pair.now);
    let text = serde_json::to_string(&guest).unwrap();
    assert!(!text.contains("SECRET WORDS"), "{text}");
    assert!(guest.reviews.is_empty());
}
