//! What is said of a clock, and what its reports are dated by.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

const DAY_S: i64 = 86_400;

/// Reports of `(stamped, received)` in seconds; a line for each that brings news, and the last
/// date, in seconds before it was received.
fn check(mut clock: SourceClock, reports: impl IntoIterator<Item = (i64, i64)>, expect: &Expect) {
    let mut text = String::new();
    let mut age_ms = 0;
    for (stamped_s, received_s) in reports {
        let received = Timestamp(received_s * 1_000);
        let dated = clock.date(Timestamp(stamped_s * 1_000), received);
        age_ms = received.since_ms(dated.at);
        let line = match dated.news {
            None => continue,
            Some(ClockNews::Wrong(r)) => format!("wrong: {} s slow", r.offset_ms / 1_000),
            Some(ClockNews::Jumped(r, step_ms)) => {
                format!("jumped by {} s: {} s slow", step_ms / 1_000, r.offset_ms / 1_000)
            }
            Some(ClockNews::Right(_)) => "right".into(),
        };
        writeln!(text, "{received_s} s: {line}").unwrap();
    }
    writeln!(text, "last dated {} s before it came", age_ms / 1_000).unwrap();
    expect.assert_eq(&text);
}

#[test]
fn a_right_clock_is_believed_and_a_late_report_stays_late() {
    let steady = (0..60).map(|s| (s, s + 2));
    check(
        SourceClock::live(),
        steady.chain([(20, 62)]),
        &expect![[r#"
            last dated 42 s before it came
        "#]],
    );
}

#[test]
fn a_clock_that_jumps_is_marked_and_marked_again_when_it_is_right() {
    let right = (0..20).map(|s| (s, s));
    let slow = (20..60).map(|s| (s - 3 * DAY_S, s));
    let slower = (60..90).map(|s| (s - 4 * DAY_S, s));
    let again = (90..100).map(|s| (s, s));
    check(
        SourceClock::live(),
        right.chain(slow).chain(slower).chain(again),
        &expect![[r#"
            24 s: wrong: 259200 s slow
            64 s: jumped by 86400 s: 345600 s slow
            94 s: right
            last dated 0 s before it came
        "#]],
    );
}

#[test]
fn a_clock_ahead_is_wrong_at_ten_seconds_and_dates_nothing_into_the_future() {
    check(
        SourceClock::live(),
        (0..20).map(|s| (s + 15, s)),
        &expect![[r#"
            4 s: wrong: -15 s slow
            last dated 0 s before it came
        "#]],
    );
}

#[test]
fn a_backlog_after_a_broken_line_is_no_wrong_clock() {
    let before = (0..30).map(|s| (s, s));
    let backlog = (30..330).map(|s| (s, 330));
    let after = (331..360).map(|s| (s, s));
    check(
        SourceClock::live(),
        before.chain(backlog).chain(after),
        &expect![[r#"
            last dated 0 s before it came
        "#]],
    );
    // The same on a fresh connection: the first reports are old, the clock is right.
    check(
        SourceClock::live(),
        (0..300).map(|s| (s, 300)).chain((301..330).map(|s| (s, s))),
        &expect![[r#"
            last dated 0 s before it came
        "#]],
    );
}

#[test]
fn a_slow_way_with_a_right_clock_is_told_from_a_slow_clock_by_utc() {
    let mut satellite = SourceClock::live();
    let mut slow = SourceClock::live();
    let mut dates = Vec::new();
    for s in 0..20 {
        let (stamped, received) = (Timestamp(s * 1_000), Timestamp((s + 900) * 1_000));
        satellite.told(stamped, stamped);
        slow.told(stamped, received.plus_ms(-500));
        let dated = [satellite.date(stamped, received), slow.date(stamped, received)];
        dates = dated.map(|d| received.since_ms(d.at) / 1_000).to_vec();
    }
    assert_eq!(dates, [900, 0], "a satellite's report is old, a slow clock's is not");
    assert!(!satellite.reading().unwrap().is_wrong);
    assert!(slow.reading().unwrap().is_wrong);
}

#[test]
fn utc_that_implies_an_hour_underway_is_not_believed() {
    let mut clock = SourceClock::live();
    for s in 0..20 {
        let at = Timestamp(s * 1_000);
        clock.date(at, at);
        clock.told(at, at.plus_ms(-2 * 3_600_000));
        clock.told(at, at.plus_ms(3_600_000));
    }
    let reading = clock.reading().unwrap();
    assert_eq!((reading.offset_ms, reading.basis), (0, ClockBasis::Arrival));
}

#[test]
fn a_recording_is_dated_by_its_arrival_keeps_its_distances_and_blames_no_clock() {
    let mut clock = SourceClock::recorded();
    let day = DAY_S * 1_000;
    let reports = [(0, day), (2_000, day + 1_000), (1_500, day + 1_100), (3_000, day + 2_000)];
    let dated = reports.map(|(stamped, received)| {
        let dated = clock.date(Timestamp(stamped), Timestamp(received));
        assert_eq!(dated.news, None);
        dated.at.0 - day
    });
    assert_eq!(dated, [0, 1_000, 500, 2_000]);
    assert_eq!(clock.reading(), None);
}

/// Seconds of readings: how late each report was beside 0.2 s, with bursts of lateness.
fn bursts() -> impl Strategy<Value = (i64, Vec<i64>)> {
    let late = prop_oneof![3 => 0..300i64, 2 => 2_000..9_500i64, 1 => 20_000..300_000i64];
    (-4 * DAY_S..4 * DAY_S, proptest::collection::vec(late, 40..200))
}

fn off_by(centre: fn(&[i64]) -> i64, offset_s: i64, late_ms: &[i64]) -> (i64, i64) {
    let mut clock = SourceClock::with(true, centre);
    for (s, late_ms) in (0..).zip(late_ms) {
        let stamped = Timestamp(s * 1_000 - offset_s * 1_000);
        clock.date(stamped, Timestamp(s * 1_000 + 200 + late_ms));
    }
    let reading = clock.reading().unwrap();
    ((reading.offset_ms - offset_s * 1_000).abs(), reading.uncertainty_ms)
}

proptest! {
    #[test]
    fn bursts_of_late_reports_do_not_move_a_clock((offset_s, late_ms) in bursts()) {
        let (off_ms, uncertainty_ms) = off_by(lower_quartile, offset_s, &late_ms);
        prop_assert!(off_ms <= 200 + uncertainty_ms, "{off_ms} ms, said {uncertainty_ms} ms");
    }

    #[test]
    fn no_times_are_too_absurd(times in proptest::collection::vec((any::<i64>(), any::<i64>()), 0..80)) {
        let mut clock = SourceClock::live();
        for (a, b) in times {
            clock.told(Timestamp(a), Timestamp(b));
            let dated = clock.date(Timestamp(a), Timestamp(b));
            prop_assert!(dated.at <= Timestamp(b));
        }
    }
}

#[test]
fn a_mean_instead_of_the_envelope_is_caught_under_bursts() {
    let mean = |sorted: &[i64]| sorted.iter().sum::<i64>() / sorted.len().max(1) as i64;
    let late_ms: Vec<i64> = (0..64).map(|s| if s % 5 < 2 { 9_000 } else { 50 }).collect();
    let (by_quartile, _) = off_by(lower_quartile, 1_000, &late_ms);
    let (by_mean, _) = off_by(mean, 1_000, &late_ms);
    assert!(by_quartile <= 1_000, "{by_quartile} ms");
    assert!(by_mean > 1_000, "the planted mean is only {by_mean} ms off");
}
