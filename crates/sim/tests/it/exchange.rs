//! The border between two nodes, simulated: what must hold on every seed, and the planted faults
//! that must be caught.

use crate::border::{Variant, Violation, run};

/// Seeds in one run of the tests.
const SEEDS: u64 = 500;

/// Simulates one seed; when a rule is broken, says how to replay it.
fn check(seed: u64) {
    if let Err(violation) = run(seed, Variant::Right) {
        let lines = violation.trace.lines.iter().rev().take(20).rev();
        let last = lines.map(|line| format!("    {line}\n")).collect::<String>();
        panic!("seed {seed}: {violation}\n{last}replay it: cargo xtask sim --seed {seed}");
    }
}

/// Of the first twenty seeds at least `least` must break one of `rules`, and none another one.
fn check_caught(variant: Variant, rules: &[&str], least: usize) {
    let caught = (0..20).filter_map(|seed| run(seed, variant).err());
    let is_right = |violation: &Violation| assert!(rules.contains(&violation.rule), "{violation}");
    let caught = caught.inspect(is_right).count();
    assert!(caught >= least, "caught on {caught} of 20 seeds only");
}

#[test]
fn nothing_is_lost_doubled_or_reordered_on_even_seeds() {
    (0..SEEDS).step_by(2).for_each(check);
}

#[test]
fn nothing_is_lost_doubled_or_reordered_on_odd_seeds() {
    (1..SEEDS).step_by(2).for_each(check);
}

#[test]
fn an_early_acknowledgement_is_caught() {
    // Where the disk refuses before the acknowledgement has left, the next effect is out of order.
    check_caught(Variant::AcknowledgesEarly, &["lost", "order"], 18);
}

#[test]
fn a_cursor_advanced_on_connect_is_caught() {
    check_caught(Variant::AdvancesCursorOnConnect, &["lost"], 6);
}

#[test]
fn sending_before_it_is_durable_is_caught() {
    check_caught(Variant::SendsEarly, &["order"], 8);
}

#[test]
fn a_node_that_never_times_out_is_caught() {
    check_caught(Variant::NeverTimesOut, &["stuck"], 1);
}

#[test]
fn a_lost_recall_is_caught() {
    check_caught(Variant::LosesRecalls, &["lost", "order"], 15);
}

#[test]
fn the_faults_really_strike() {
    let traces = (0..20).filter_map(|seed| run(seed, Variant::Right).ok());
    let lines: Vec<String> = traces.flat_map(|trace| trace.lines).collect();
    let count = |word: &str| lines.iter().filter(|line| line.contains(word)).count();
    let (starts, downs) = (count("starts for the"), count(" down"));
    let (silent, effects) = (count("refused: silent"), count("effect of"));
    assert!(starts > 100 && downs > 100, "{starts} starts, {downs} ends of a session");
    assert!(silent > 5 && effects > 3_000, "{silent} half-open sessions, {effects} effects");
}

#[test]
fn one_seed_is_one_trace() {
    let (first, second) = (run(7, Variant::Right), run(7, Variant::Right));
    assert_eq!(first.expect("no rule is broken"), second.expect("no rule is broken"));
}
