//! Two borders over any cut, crash and delay: nothing lost, nothing twice, nothing out of order.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use renkei_link::{Class, Event, RefusalCode};

use crate::pair::{Pair, Planted};
use crate::support::class;

#[derive(Clone, Debug)]
enum Step {
    Offer { side: usize, class: usize, padding: usize },
    Observe { side: usize, key: u32 },
    Sync { side: usize },
    Transmit { side: usize, bytes: usize },
    Deliver { side: usize, bytes: usize },
    Pass { ms: i64 },
    Connect,
    Cut,
    Crash { side: usize },
    DiskFull { side: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let side = 0..2_usize;
    prop_oneof![
        6 => (side.clone(), 0..3_usize, prop_oneof![3 => Just(0), 1 => 0..5_000_usize])
            .prop_map(|(side, class, padding)| Step::Offer { side, class, padding }),
        4 => (side.clone(), 1..6_u32).prop_map(|(side, key)| Step::Observe { side, key }),
        4 => side.clone().prop_map(|side| Step::Sync { side }),
        8 => (side.clone(), 1..6_000_usize)
            .prop_map(|(side, bytes)| Step::Transmit { side, bytes }),
        8 => (side.clone(), 1..6_000_usize)
            .prop_map(|(side, bytes)| Step::Deliver { side, bytes }),
        2 => (0..400_i64).prop_map(|ms| Step::Pass { ms }),
        2 => Just(Step::Connect),
        1 => Just(Step::Cut),
        1 => side.clone().prop_map(|side| Step::Crash { side }),
        1 => side.prop_map(|side| Step::DiskFull { side }),
    ]
}

fn take(pair: &mut Pair, step: &Step) {
    match *step {
        Step::Offer { side, class: index, padding } => {
            pair.sides[side].offer(class(index), padding);
        }
        Step::Observe { side, key } => pair.sides[side].observe(key),
        Step::Sync { side } => pair.sides[side].sync(),
        Step::Transmit { side, bytes } => pair.transmit(side, bytes),
        Step::Deliver { side, bytes } => pair.deliver(side, bytes),
        Step::Pass { ms } => pair.pass(ms),
        Step::Connect => pair.connect(),
        Step::Cut => pair.cut(),
        Step::Crash { side } => pair.crash(side),
        Step::DiskFull { side } => pair.sides[side].disk_full(),
    }
}

/// What must hold at every moment.
fn always(pair: &Pair) -> Result<(), String> {
    for (from, to) in [(0, 1), (1, 0)] {
        let (sender, receiver) = (&pair.sides[from], &pair.sides[to]);
        for class in Class::ALL {
            let sent = sender.disk.synced.offered.get(class);
            let effects = receiver.disk.written.effects.get(class);
            if !sent.starts_with(effects) {
                return Err(format!("order: {class:?} {effects:?} of {sent:?}"));
            }
            let told = sender.partner_holds.get(&class).copied().unwrap_or(0);
            let durable = receiver.disk.synced.effects.get(class).len() as u64;
            if told > durable {
                return Err(format!("lost: {class:?} {told} acknowledged, {durable} durable"));
            }
        }
        let expected = [RefusalCode::Silent, RefusalCode::NotStored];
        let refusals = sender.events.iter().find_map(|event| match event {
            Event::Refused { refusal, .. } if !expected.contains(&refusal.code) => Some(refusal),
            _ => None,
        });
        if let Some(refusal) = refusals {
            return Err(format!("refused: {refusal}"));
        }
    }
    Ok(())
}

/// What must hold once both are connected and nothing is left to say.
fn at_rest(pair: &Pair) -> Result<(), String> {
    for (from, to) in [(0, 1), (1, 0)] {
        let (sender, receiver) = (&pair.sides[from], &pair.sides[to]);
        let (sent, effects) = (&sender.disk.synced.offered, &receiver.disk.synced.effects);
        if sent != effects {
            return Err(format!("missing: {sent:?} became {effects:?}"));
        }
        if sender.offered != receiver.picture {
            return Err(format!("picture: {:?} for {:?}", receiver.picture, sender.offered));
        }
    }
    Ok(())
}

fn run(planted: Planted, steps: &[Step]) -> Result<(), String> {
    let mut pair = Pair::new(planted);
    for step in steps {
        take(&mut pair, step);
        always(&pair)?;
    }
    let rests = pair.settle();
    always(&pair)?;
    at_rest(&pair)?;
    if rests { Ok(()) } else { Err("restless: two connected nodes do not come to rest".into()) }
}

/// The first words of the rule that was broken first, or nothing.
fn check(planted: Planted, cases: u32) -> Option<String> {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    let outcome = TestRunner::new_with_rng(config, rng)
        .run(&proptest::collection::vec(step(), 1..160), |steps| {
            run(planted, &steps).map_err(TestCaseError::fail)
        });
    match outcome {
        Ok(()) => None,
        Err(TestError::Fail(reason, steps)) => Some(format!("{reason}\n{steps:?}")),
        Err(TestError::Abort(reason)) => Some(format!("gave up: {reason}")),
    }
}

fn check_caught(planted: Planted, rules: &[&str]) {
    let broken = check(planted, 400).expect("the planted fault must be caught");
    assert!(rules.iter().any(|rule| broken.starts_with(rule)), "for the wrong reason: {broken}");
}

#[test]
fn two_borders_converge_over_any_cut_and_crash() {
    assert_eq!(check(Planted::Nothing, 400), None);
}

#[test]
fn an_early_acknowledgement_is_caught() {
    check_caught(Planted::AcknowledgesEarly, &["lost"]);
}

#[test]
fn sending_before_it_is_durable_is_caught() {
    check_caught(Planted::SendsEarly, &["order"]);
}

#[test]
fn advancing_the_cursor_on_connect_is_caught() {
    check_caught(Planted::AdvancesCursorOnConnect, &["lost", "order", "missing"]);
}

#[test]
fn an_effect_without_its_cursor_is_caught() {
    check_caught(Planted::SplitsTransaction, &["order", "missing"]);
}
