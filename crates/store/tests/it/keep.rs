//! Each source's rows stay as long as was said of that source, and no longer.

use std::collections::BTreeMap;
use std::path::Path;

use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::history::{History, HistoryRow, Keep, SEAL_AFTER_MS};

use crate::world::{NOON, history_row, scratch};

const HOUR_MS: i64 = 3_600_000;
/// Tracks of the busy source begin here.
const FLOOD: u32 = 1_000;

fn open(path: &Path) -> History {
    let (history, damages) = History::open(&StoreDir::open(path).unwrap()).unwrap();
    assert_eq!(damages, []);
    history
}

fn row(source: u16, track: u32, at: Timestamp) -> HistoryRow {
    let mut row = history_row(track, (at.since_ms(NOON) / 10_000) as u32);
    // A real fix scatters, and does not compress to nothing.
    row.position.latitude_udeg += (u64::from(track).wrapping_mul(at.0 as u64 | 1) >> 7) as i32 % 90;
    HistoryRow { at, source, ..row }
}

/// Bytes of the sealed files; with the journal, too, when `all`.
fn size(path: &Path, all: bool) -> u64 {
    let counts = |name: &str| name.ends_with(".blk") || all && name.ends_with(".jnl");
    std::fs::read_dir(path.join("history"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| counts(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.metadata().unwrap().len())
        .sum()
}

/// A flood of 300 tracks every 20 s beside one quiet ship, for `hours`; the largest size after
/// each hour.
fn flood(path: &Path, keep: Keep, hours: i64) -> (History, Vec<u64>) {
    let mut history = open(path);
    let busy = history.number_source("own/busy").unwrap();
    let quiet = history.number_source("own/quiet").unwrap();
    assert_eq!((busy, quiet), (1, 2));
    history.keep(BTreeMap::from([(busy, keep), (quiet, Keep::Forever)]), Keep::For(HOUR_MS));
    let (mut sizes, mut largest) = (Vec::new(), 0);
    for second in (0..hours * 3600).step_by(20) {
        let now = NOON.plus_ms(second * 1000);
        for track in 0..300 {
            history.record(row(busy, FLOOD + track, now));
        }
        if second % 60 == 0 {
            history.record(row(quiet, 7, now));
            history.sweep(now).unwrap();
        }
        history.flush(now).unwrap();
        largest = size(path, keep == Keep::Latest).max(largest);
        if second % 3600 == 3580 {
            sizes.push(largest);
            largest = 0;
        }
    }
    (history, sizes)
}

fn quiet_rows(history: &mut History) -> usize {
    history.query(7, NOON, Timestamp(i64::MAX)).0.len()
}

#[test]
fn a_flood_beside_a_quiet_source_does_not_fill_the_disk() {
    let dir = scratch();
    let (mut history, sizes) = flood(dir.path(), Keep::For(HOUR_MS), 5);
    assert_eq!(quiet_rows(&mut history), 300, "the quiet ship's five hours are all there");
    assert!(sizes[4] < sizes[1] + sizes[1] / 10, "{sizes:?} grows");
    let now = NOON.plus_ms(5 * HOUR_MS);
    let (rows, _) = history.query(FLOOD + 5, NOON, now);
    let oldest = rows.first().unwrap().at;
    assert!(now.since_ms(oldest) >= HOUR_MS, "the busy source's last hour is there");
    assert!(now.since_ms(oldest) <= HOUR_MS + 3 * SEAL_AFTER_MS, "and little more: {oldest:?}");
    drop(history);
    assert_eq!(quiet_rows(&mut open(dir.path())), 300);
}

#[test]
fn the_flood_test_sees_a_disk_that_fills() {
    // The planted fault: nobody drops the busy source's blocks.
    let dir = scratch();
    let (_, sizes) = flood(dir.path(), Keep::Forever, 5);
    assert!(sizes[4] > sizes[1] * 2, "{sizes:?}");
}

#[test]
fn a_source_of_latest_keeps_one_row_a_track_and_no_journal() {
    let dir = scratch();
    let (mut history, sizes) = flood(dir.path(), Keep::Latest, 2);
    assert!(sizes.iter().all(|size| *size < 60_000), "{sizes:?}");
    let now = NOON.plus_ms(2 * HOUR_MS);
    let (rows, _) = history.query(FLOOD + 5, NOON, now);
    assert!((1..=4).contains(&rows.len()), "{}", rows.len());
    assert_eq!(rows.last().unwrap().at, now.plus_ms(-20_000));
    assert_eq!(quiet_rows(&mut history), 120);
    assert_eq!(history.last_track(), Some(FLOOD + 299), "track numbers are not used again");
}

#[test]
fn a_shorter_term_holds_for_what_is_kept_already_also_with_a_new_index() {
    let dir = scratch();
    drop(flood(dir.path(), Keep::Forever, 2));
    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(dir.path().join(format!("history/index.sqlite{suffix}"))).ok();
    }
    let mut history = open(dir.path());
    let busy = history.number_source("own/busy").unwrap();
    history.keep(BTreeMap::from([(busy, Keep::For(0))]), Keep::Forever);
    let later = NOON.plus_ms(20 * HOUR_MS);
    let before = size(dir.path(), false);
    let swept = history.sweep(later).unwrap();
    assert!(swept.blocks > 20 && swept.files == 0, "{swept:?}");
    assert!(size(dir.path(), false) < before / 2, "{before}");
    history.seal().unwrap();
    assert_eq!(history.sweep(later).unwrap().damages, []);
    assert_eq!(history.query(FLOOD, NOON, later).0, []);
    assert_eq!(quiet_rows(&mut history), 120);
    history.keep(BTreeMap::new(), Keep::For(HOUR_MS));
    assert!(history.sweep(later).unwrap().files > 20);
    assert_eq!(quiet_rows(&mut history), 0);
}
