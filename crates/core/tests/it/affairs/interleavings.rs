//! Every order of disk, wire, crash and person: the laws that hold at each moment, and the faults
//! that they catch.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use renkei_core::affairs::decision::{Finding, Half, verify};
use renkei_core::affairs::entry::{Entry, Local};
use renkei_core::affairs::view::Outcome;
use renkei_core::affairs::{Choice, Command};
use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::Nation;
use renkei_model::seat::Role;
use renkei_model::statement::{Record, Statement, Verdict};

use super::agreement::{TEMPLATE, answer, begin, current, draft, edit, offer, task};
use super::pair::{Handling, JPN, Pair, USA, key};

#[derive(Clone, Debug)]
enum Step {
    Sync(usize),
    Deliver(usize, u8),
    Crash(usize),
    Enter(usize),
    Draft(usize),
    Edit(usize),
    Offer(usize),
    Answer(usize, Choice),
    Task(usize),
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let side = || 0..2_usize;
    let choice = prop_oneof![
        6 => Just(Choice::Agree),
        1 => Just(Choice::Caveat),
        1 => Just(Choice::ReferUp),
        1 => Just(Choice::Decline),
    ];
    prop_oneof![
        12 => side().prop_map(Step::Sync),
        8 => (side(), 1..3_u8).prop_map(|(i, class)| Step::Deliver(i, class)),
        2 => side().prop_map(Step::Crash),
        1 => side().prop_map(Step::Enter),
        1 => side().prop_map(Step::Draft),
        2 => side().prop_map(Step::Edit),
        3 => side().prop_map(Step::Offer),
        6 => (side(), choice).prop_map(|(i, choice)| Step::Answer(i, choice)),
        2 => side().prop_map(Step::Task),
        1 => (1..400_i64).prop_map(Step::Pass),
    ]
}

fn do_step(pair: &mut Pair, step: &Step) {
    let has_option =
        |pair: &Pair, i: usize| !pair.nodes[i].affairs.snapshot(pair.now).options.is_empty();
    // What a person asks may be refused; the laws are about what is not.
    let _ = match *step {
        Step::Sync(i) => {
            pair.sync(i);
            return;
        }
        Step::Deliver(i, class) => {
            pair.deliver(i, class);
            return;
        }
        Step::Crash(i) => return pair.crash(i),
        Step::Enter(i) => return pair.enter(i),
        Step::Pass(seconds) => {
            pair.pass(seconds);
            return pair.tick();
        }
        Step::Draft(i) => draft(pair, i),
        Step::Edit(i) if has_option(pair, i) => edit(pair, i, None),
        Step::Offer(i) if has_option(pair, i) => offer(pair, i),
        Step::Answer(i, choice) if has_option(pair, i) => answer(pair, i, choice),
        Step::Task(i) if has_option(pair, i) => task(pair, i),
        _ => return,
    };
}

/// What each side durably holds as agreed, by option.
fn agreed(pair: &Pair, i: usize) -> BTreeMap<String, String> {
    let view = pair.nodes[i].affairs.snapshot(pair.now);
    let done = [Outcome::Agreed, Outcome::AgreedWithCaveat];
    let versions = view.options.into_iter().flat_map(|o| {
        let id = o.id;
        o.versions.into_iter().map(move |v| (id.clone(), v))
    });
    versions.filter(|(_, v)| done.contains(&v.outcome)).map(|(id, v)| (id, v.hash)).collect()
}

/// On the disk, both signatures stand before the task that rests on them.
fn tasks_rest_on_two_signatures(pair: &Pair, i: usize) -> Result<(), TestCaseError> {
    let mut signed: BTreeMap<Digest, Vec<Nation>> = BTreeMap::new();
    for (kind, body) in &pair.nodes[i].ledger {
        let bytes = match Entry::from_body(*kind, body).unwrap() {
            Some(Entry::Own(signed)) => signed.bytes,
            Some(Entry::Partner(e)) => e.signed.bytes,
            Some(Entry::Local(local)) => {
                if let Local::Task(task) = *local {
                    let by = signed.get(&task.version).map_or(0, Vec::len);
                    prop_assert_eq!(by, 2, "a task without both signatures");
                }
                continue;
            }
            _ => continue,
        };
        let record: Record = from_canonical(&bytes).unwrap();
        if let Statement::Answer(a) = record.statement
            && matches!(a.verdict, Verdict::Agree | Verdict::AgreeWithCaveat { .. })
        {
            signed.entry(a.version).or_default().push(a.by.nation);
        }
    }
    Ok(())
}

fn laws(pair: &Pair) -> Result<(), TestCaseError> {
    let (jpn, usa) = (agreed(pair, JPN), agreed(pair, USA));
    for (option, hash) in &jpn {
        prop_assert!(usa.get(option).is_none_or(|other| other == hash), "agreed on two texts");
    }
    for i in [JPN, USA] {
        let refused = pair.nodes[i].affairs.snapshot(pair.now).refused;
        prop_assert_eq!(refused, vec![], "an honest partner was refused");
    }
    Ok(())
}

/// When everything has arrived everywhere, both know the same, and the ledgers bear it out.
fn converged(pair: &Pair) -> Result<(), TestCaseError> {
    prop_assert_eq!(agreed(pair, JPN), agreed(pair, USA));
    let texts = |i: usize| {
        let options = pair.nodes[i].affairs.snapshot(pair.now).options;
        let mut held: Vec<_> = options
            .into_iter()
            .flat_map(|o| o.versions)
            .filter(|v| v.offered)
            .map(|v| {
                let mut answers: Vec<_> = v.answers.into_iter().map(|a| a.hash).collect();
                answers.sort();
                (v.hash, v.void, answers)
            })
            .collect();
        held.sort();
        held
    };
    prop_assert_eq!(texts(JPN), texts(USA), "a version or an answer was lost");
    let halves = [JPN, USA]
        .map(|i| Half { nation: pair.nodes[i].nation, entries: pair.nodes[i].ledger.clone() });
    let keys = [JPN, USA].map(|i| (pair.nodes[i].nation, vec![key(i).verifying_key().to_bytes()]));
    for report in verify(&halves, &keys.into()) {
        prop_assert_ne!(report.finding, Finding::Broken, "{:#?}", report.lines);
    }
    for i in [JPN, USA] {
        tasks_rest_on_two_signatures(pair, i)?;
        prop_assert!(pair.nodes[i].replayed(i).same_state(&pair.nodes[i].affairs));
    }
    Ok(())
}

fn holds(handling: Handling, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.handling = handling;
    for step in steps {
        do_step(&mut pair, step);
        laws(&pair)?;
    }
    pair.quiet();
    for i in [JPN, USA] {
        pair.crash(i);
    }
    pair.quiet();
    laws(&pair)?;
    converged(&pair)
}

fn run(handling: Handling, cases: u32) -> Result<(), String> {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let steps = proptest::collection::vec(step(), 1..120);
    runner.run(&steps, |steps| holds(handling, &steps)).map_err(|e| e.to_string())
}

#[test]
fn no_order_of_disk_wire_and_crash_makes_two_agreements() {
    run(Handling { slow_disk: true, ..Handling::default() }, 400).unwrap();
}

#[test]
fn a_node_that_acknowledges_before_its_disk_does_is_caught() {
    let caught = run(Handling { slow_disk: true, told_early: true, ..Handling::default() }, 400)
        .unwrap_err();
    assert!(!caught.is_empty());
}

#[test]
fn the_laws_are_tried_on_real_agreements() {
    // A property that never reaches agreement would hold for nothing.
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let reached = std::cell::Cell::new((0, 0));
    let steps = proptest::collection::vec(step(), 60..120);
    runner
        .run(&steps, |steps| {
            let mut pair = Pair::new();
            begin(&mut pair);
            draft(&mut pair, JPN).unwrap();
            offer(&mut pair, JPN).unwrap();
            pair.handling = Handling { slow_disk: true, ..Handling::default() };
            steps.iter().for_each(|step| do_step(&mut pair, step));
            pair.quiet();
            let (mut agreements, mut tasks) = reached.get();
            agreements += agreed(&pair, JPN).len();
            tasks += pair.nodes[USA].affairs.snapshot(pair.now).tasks.len();
            reached.set((agreements, tasks));
            Ok(())
        })
        .unwrap();
    let (agreements, tasks) = reached.get();
    assert!(agreements > 50 && tasks > 10, "{agreements} agreements, {tasks} tasks");
}

#[test]
fn a_standing_option_is_offered_within_two_requests() {
    let mut pair = Pair::new();
    begin(&mut pair);
    let incident = super::agreement::incident(&pair, JPN);
    let template = TEMPLATE.to_owned();
    let command = Command::Draft { incident, template, blocks: Vec::new(), deadline_s: 300 };
    pair.ask(JPN, Role::WatchOfficer, command).unwrap();
    let (option, version, _) = current(&pair, JPN);
    pair.ask(JPN, Role::WatchOfficer, Command::Offer { option, version }).unwrap();
    pair.quiet();
    assert_eq!(current(&pair, USA).1, version);
}
