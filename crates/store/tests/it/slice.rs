//! The past in bounded slices: put together they are the whole, thinned as was said.

use std::collections::BTreeMap;

use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::history::{Area, Asked, History, HistoryRow};

use crate::world::{NOON, history_row as row, scratch};

const TRACKS: u32 = 12;
const REPORTS: u32 = 300;

fn at(n: u32) -> Timestamp {
    NOON.plus_ms(i64::from(n) * 10_000)
}

/// Twelve tracks with 300 reports each in ten files, the last 30 pending.
fn filled(path: &std::path::Path) -> History {
    let (mut history, _) = History::open(&StoreDir::open(path).unwrap()).unwrap();
    for n in 0..REPORTS {
        for track in 1..=TRACKS {
            history.record(row(track, n));
        }
        if n % 30 == 29 && n < 299 {
            history.seal().unwrap();
        }
    }
    history
}

fn all() -> Vec<HistoryRow> {
    (1..=TRACKS).flat_map(|track| (0..REPORTS).map(move |n| row(track, n))).collect()
}

/// The last row of each track in each step, by hand.
fn by_hand(rows: &[HistoryRow], step_ms: i64) -> Vec<HistoryRow> {
    let mut chosen = BTreeMap::new();
    for row in rows {
        chosen.insert((row.at.0 / step_ms, row.track), *row);
    }
    chosen.into_values().collect()
}

/// Every slice of a question, put together.
fn together(history: &mut History, asked: Asked, step_ms: i64, rows_max: usize) -> Vec<HistoryRow> {
    let (mut from, to, mut rows) = (at(0), at(REPORTS - 1), Vec::new());
    for _ in 0..10_000 {
        let slice = history.slice(asked, (from, to), step_ms, rows_max);
        assert!(slice.rows.len() <= rows_max && slice.damages.is_empty() && !slice.is_cut);
        assert!(slice.end > from, "it goes on");
        rows.extend(slice.rows);
        if slice.end > to {
            return rows;
        }
        from = slice.end;
    }
    panic!("it never ends");
}

#[test]
fn slices_put_together_are_the_whole_thinned_by_the_step() {
    let dir = scratch();
    let mut history = filled(dir.path());
    for step_ms in [10_000, 25_000, 600_000] {
        for rows_max in [12, 100, 100_000] {
            let rows = together(&mut history, Asked::Picture(None), step_ms, rows_max);
            assert_eq!(rows, by_hand(&all(), step_ms), "step {step_ms}, at most {rows_max}");
        }
    }
    let ship: Vec<_> = (0..REPORTS).map(|n| row(5, n)).collect();
    assert_eq!(together(&mut history, Asked::Track(5), 1, 7), ship);
    let middle = row(6, 150).position;
    let area = Area {
        south: middle.latitude_udeg - 20_000,
        west: middle.longitude_udeg - 20_000,
        north: middle.latitude_udeg + 20_000,
        east: middle.longitude_udeg + 20_000,
    };
    let inside: Vec<_> = all().into_iter().filter(|row| area.holds(row.position)).collect();
    assert!(inside.len() > 100 && inside.len() < all().len());
    let rows = together(&mut history, Asked::Picture(Some(area)), 10_000, 100);
    assert_eq!(rows, by_hand(&inside, 10_000));
}

#[test]
fn a_step_with_more_tracks_than_fit_is_cut_and_says_so() {
    let dir = scratch();
    let slice = filled(dir.path()).slice(Asked::Picture(None), (at(0), at(299)), 10_000, 5);
    assert_eq!((slice.rows.len(), slice.is_cut, slice.end), (5, true, at(1)));
}

#[test]
fn an_empty_past_is_answered_at_once() {
    let dir = scratch();
    let slice = filled(dir.path()).slice(Asked::Track(99), (Timestamp(0), at(299)), 1000, 5);
    assert_eq!((slice.rows, slice.is_cut), (vec![], false));
    assert!(slice.end > at(299));
}
