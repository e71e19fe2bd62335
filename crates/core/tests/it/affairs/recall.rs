//! Recall and change of label: stopped, first after a cut, shown no more, confirmed; and every order
//! of disk, wire, crash and recall, with the fault that it catches.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use renkei_core::affairs::Command;
use renkei_core::affairs::entry::Entry;
use renkei_model::id::ObjectId;
use renkei_model::label::Classification;
use renkei_model::seat::Role;
use renkei_model::statement::Ground;

use super::pair::{Handling, JPN, Pair, USA, label};
use super::review::{report, tear_line, texts, view, with_policy};

const TOLD: &str = "An unknown vessel is near.";

fn recall(object: &ObjectId) -> Command {
    Command::Recall { object: object.clone(), ground: Ground::Mistake, reason: "wrong ship".into() }
}

fn crossed(pair: &Pair) -> bool {
    pair.nodes[USA].ledger.iter().any(|(kind, body)| {
        let entry = Entry::from_body(*kind, body);
        let Ok(Some(Entry::Partner(from))) = entry else { return false };
        String::from_utf8_lossy(&from.signed.bytes).contains(TOLD)
    })
}

#[test]
fn what_was_recalled_is_shown_no_more_and_a_receipt_comes_back() {
    let mut pair = with_policy();
    let incident = report(&mut pair, JPN, Some(tear_line()));
    pair.quiet();
    assert!(texts(&pair, USA).contains(TOLD));
    pair.pass(60);
    pair.ask(JPN, Role::ReleaseOfficer, recall(&incident)).unwrap();
    pair.quiet();
    assert!(!texts(&pair, USA).contains(TOLD), "{}", texts(&pair, USA));
    assert!(crossed(&pair), "the ledger keeps what was received");
    let there = view(&pair, USA).incidents.remove(0).recalled.expect("marked");
    assert_eq!((there.by, there.at_ms), (pair.nodes[JPN].nation, pair.now.0));
    let here = view(&pair, JPN);
    let done = here.incidents[0].recalled.and_then(|r| r.done_ms);
    assert_eq!(done, Some(pair.now.0), "both screens know that it was done, and when");
    assert_eq!((here.recalls.len(), here.recalls[0].held), (1, Some(true)));
    assert_eq!(pair.ask(JPN, Role::Commander, recall(&incident)), Err("RK-1357".into()));
    assert!(!serde_json::to_string(&view(&pair, USA)).unwrap().contains("wrong ship"));
}

/// Found on the screen: the receiver's own record of the incident still waited, with the words in it.
#[test]
fn a_recall_also_empties_the_receivers_own_queue_of_it() {
    let mut pair = with_policy();
    let report = |pair: &mut Pair, marks: &str| {
        let mut about = super::pair::ship(JPN);
        about.label.restrictive.insert(marks.into());
        about.released = None;
        let occurrence = renkei_model::statement::Occurrence::DuplicateIdentity;
        let alert = super::pair::alert(occurrence, about, pair.now);
        pair.act(JPN, renkei_core::affairs::AffairsInput::Raise(alert));
    };
    report(&mut pair, "ORCON");
    for role in [Role::ReleaseOfficer, Role::Commander] {
        super::review::decide(&mut pair, role, true, 3_600).unwrap();
    }
    pair.quiet();
    assert_eq!(view(&pair, USA).reviews.len(), 1, "the US side would say it back under its label");
    assert!(texts(&pair, USA).contains("SAMPLE STAR"));
    let incident = view(&pair, JPN).incidents[0].id.parse().unwrap();
    pair.ask(JPN, Role::ReleaseOfficer, recall(&incident)).unwrap();
    pair.quiet();
    assert!(view(&pair, USA).reviews.is_empty());
    assert!(!texts(&pair, USA).contains("SAMPLE STAR"), "{}", texts(&pair, USA));
}

#[test]
fn what_was_not_sent_yet_is_stopped() {
    let mut pair = with_policy();
    let incident = report(&mut pair, JPN, Some(tear_line()));
    pair.ask(JPN, Role::ReleaseOfficer, recall(&incident)).unwrap();
    assert!(pair.trace.iter().any(|line| line.contains("in place of it")), "{:#?}", pair.trace);
    pair.quiet();
    assert!(!crossed(&pair), "no byte of it went");
    assert!(view(&pair, USA).incidents.is_empty());
    pair.crash(JPN);
    pair.quiet();
    assert!(!crossed(&pair), "nor after a crash");
    pair.ask(JPN, Role::WatchOfficer, Command::Acknowledge { incident }).unwrap();
    pair.quiet();
    assert!(view(&pair, USA).incidents.is_empty(), "nor with what came later");
}

#[test]
fn what_waited_for_a_review_leaves_the_queue() {
    let mut pair = with_policy();
    let incident = report(&mut pair, JPN, None);
    assert_eq!(view(&pair, JPN).reviews.len(), 1);
    pair.ask(JPN, Role::ReleaseOfficer, recall(&incident)).unwrap();
    pair.quiet();
    assert!(view(&pair, JPN).reviews.is_empty());
    assert!(view(&pair, USA).incidents.is_empty());
}

#[test]
fn a_recall_overtakes_what_it_recalls() {
    let mut pair = Pair::new();
    let incident = report(&mut pair, JPN, Some(tear_line()));
    pair.handling.stop_nothing = true;
    pair.ask(JPN, Role::ReleaseOfficer, recall(&incident)).unwrap();
    while pair.deliver(USA, 1) {}
    while pair.deliver(USA, 2) {}
    assert!(crossed(&pair), "the record came, after its recall");
    assert!(!texts(&pair, USA).contains(TOLD));
    assert!(view(&pair, USA).incidents.is_empty(), "and opened nothing");
}

#[test]
fn only_its_originator_recalls_and_only_what_one_side_alone_said() {
    let mut pair = with_policy();
    let incident = report(&mut pair, JPN, Some(tear_line()));
    pair.quiet();
    let theirs = pair.ask(USA, Role::ReleaseOfficer, recall(&incident));
    assert_eq!(theirs, Err("RK-1361".into()));
    let seat = ObjectId { counter: 1, ..incident.clone() };
    assert_eq!(pair.ask(JPN, Role::ReleaseOfficer, recall(&seat)), Err("RK-1356".into()));
    assert_eq!(pair.ask(JPN, Role::WatchOfficer, recall(&incident)), Err("RK-1002".into()));
}

fn relabel(object: &ObjectId, classification: Classification) -> Command {
    let label = Box::new(renkei_model::label::Label { classification, ..label(JPN) });
    let (object, reason) = (object.clone(), "reviewed".into());
    Command::Relabel { object, label, ground: Ground::Review, reason }
}

#[test]
fn a_higher_label_goes_at_once_and_a_lower_one_waits_for_two_persons() {
    let mut pair = with_policy();
    let incident = report(&mut pair, JPN, Some(tear_line()));
    pair.quiet();
    let secret = relabel(&incident, Classification::Secret);
    pair.ask(JPN, Role::ReleaseOfficer, secret).unwrap();
    pair.quiet();
    let there = view(&pair, USA).recalls.remove(0);
    assert_eq!(there.label.map(|l| l.classification), Some(Classification::Secret));
    assert_eq!(there.label_before.map(|l| l.classification), Some(Classification::Restricted));
    pair.ask(JPN, Role::ReleaseOfficer, relabel(&incident, Classification::Unclassified)).unwrap();
    pair.quiet();
    let waits = view(&pair, JPN).reviews;
    assert_eq!((waits.len(), waits[0].review.persons()), (1, 2));
    assert_eq!(view(&pair, USA).recalls.len(), 1, "the lower label has not gone");
}

#[derive(Clone, Debug)]
enum Step {
    Sync(usize),
    Deliver(usize, u8),
    Crash(usize),
    Report,
    Recall(usize),
    Acknowledge(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let side = || 0..2_usize;
    prop_oneof![
        10 => side().prop_map(Step::Sync),
        8 => (side(), 1..3_u8).prop_map(|(i, class)| Step::Deliver(i, class)),
        1 => side().prop_map(Step::Crash),
        2 => Just(Step::Report),
        2 => (0..3_usize).prop_map(Step::Recall),
        2 => (side(), 0..3_usize).prop_map(|(i, n)| Step::Acknowledge(i, n)),
    ]
}

/// Whatever the order: once all has arrived, nothing that was recalled is shown over there, and the
/// originator knows that it was done.
fn holds(handling: Handling, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut pair = Pair::new();
    pair.handling = handling;
    let mut reported: Vec<ObjectId> = Vec::new();
    let mut recalled: Vec<ObjectId> = Vec::new();
    for step in steps {
        match step {
            Step::Sync(i) => drop(pair.sync(*i)),
            Step::Deliver(i, class) => drop(pair.deliver(*i, *class)),
            Step::Crash(i) => pair.crash(*i),
            Step::Report => {
                let text = super::pair::both("SECRET WORDS", "秘密の言葉");
                let tear_line = Some(tear_line());
                let command = Command::OpenIncident { track: None, text, tear_line };
                let before = pair.replies.len();
                let _ = pair.ask(JPN, Role::WatchOfficer, command);
                while pair.sync(JPN) {}
                let new = pair.replies[before..].iter().filter_map(|(_, r)| r.as_ref().ok());
                for id in new.filter_map(|id| id.parse().ok()) {
                    // Answers to what was asked before may come with it.
                    if !reported.contains(&id) {
                        reported.push(id);
                    }
                }
            }
            Step::Recall(n) => {
                let Some(id) = reported.get(*n) else { continue };
                if pair.ask(JPN, Role::ReleaseOfficer, recall(id)).is_ok() {
                    // The person hears of it when it is durable: from here on it may not be lost.
                    while pair.sync(JPN) {}
                    recalled.push(id.clone());
                }
            }
            Step::Acknowledge(i, n) => {
                let id = view(&pair, *i).incidents.get(*n).and_then(|v| v.id.parse().ok());
                let Some(incident) = id else { continue };
                let _ = pair.ask(*i, Role::WatchOfficer, Command::Acknowledge { incident });
            }
        }
    }
    pair.quiet();
    for i in [JPN, USA] {
        pair.crash(i);
    }
    pair.quiet();
    let (here, there) = (view(&pair, JPN), view(&pair, USA));
    for id in &recalled {
        let id = id.to_string();
        let mine = here.recalls.iter().find(|r| r.object.as_ref() == Some(&id));
        prop_assert!(mine.is_some_and(|r| r.done_ms.is_some()), "no receipt of {}", id);
        let shown = there.incidents.iter().filter(|v| v.pair.as_ref() == Some(&id));
        for incident in shown {
            prop_assert!(incident.recalled.is_some(), "not marked as recalled");
            let text = serde_json::to_string(&incident.occurrence).unwrap();
            prop_assert!(!text.contains(TOLD), "still shown");
        }
    }
    let open = reported.iter().filter(|id| !recalled.contains(id)).count();
    let told = there.incidents.iter().filter(|v| v.recalled.is_none()).count();
    prop_assert_eq!(told, open, "what was not recalled is told");
    for i in [JPN, USA] {
        prop_assert!(pair.nodes[i].replayed(i).same_state(&pair.nodes[i].affairs));
    }
    Ok(())
}

fn run(handling: Handling) -> Result<(), String> {
    let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let steps = proptest::collection::vec(step(), 1..80);
    runner.run(&steps, |steps| holds(handling, &steps)).map_err(|e| e.to_string())
}

#[test]
fn no_order_of_disk_wire_and_crash_loses_a_recall() {
    run(Handling { slow_disk: true, ..Handling::default() }).unwrap();
}

#[test]
fn a_recall_that_never_goes_is_caught() {
    let caught = run(Handling { slow_disk: true, lost_recall: true, ..Handling::default() });
    assert!(caught.unwrap_err().contains("no receipt"));
}
