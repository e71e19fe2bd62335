//! After a long cut over a thin and lossy line: everything comes, once, in order, decisions first.

use crate::cut::{LineFigures, Outcome, Scene, run};

/// A tenth of what `cargo xtask bench cut` simulates.
fn check(seed: u64, is_hasty: bool) -> Result<Outcome, String> {
    let line = LineFigures { bytes_per_second: 8_000, round_trip_ms: 600, lost_of_1000: 50 };
    run(Scene { tracks: 1_000, decisions: 100, cut_hours: 2, line, seed, is_hasty })
}

#[test]
fn decisions_come_first_and_the_whole_picture_soon_after() {
    let outcome = check(1, false).expect("no rule is broken");
    println!("{outcome:?}");
    assert!(outcome.decisions_ms <= 15_000, "{outcome:?}");
    assert!(outcome.picture_ms <= 20_000, "{outcome:?}");
    assert!(outcome.entry_bytes <= 400, "{outcome:?}");
    assert!(outcome.reports > 10 * outcome.values, "most were overtaken: {outcome:?}");
    assert!(outcome.update_bytes * 10 <= 85 * outcome.updates, "{outcome:?}");
}

#[test]
fn decisions_behind_the_picture_are_caught() {
    let outcome = check(1, true).expect("all comes in the end");
    assert!(outcome.decisions_ms > 15_000, "{outcome:?}");
}
