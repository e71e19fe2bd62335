//! History: what was recorded is found again, what is damaged is never served.

use std::fs;
use std::path::{Path, PathBuf};

use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::history::{
    Area, BLOCK_ROWS_MAX, History, HistoryRow, PENDING_ROWS_MAX, SEAL_AFTER_MS, Wrong,
};

use crate::world::{NOON, Seeded, history_row as row, scratch};

fn open(path: &Path) -> History {
    let (history, damages) = History::open(&StoreDir::open(path).unwrap()).unwrap();
    assert_eq!(damages, []);
    history
}

/// Twelve tracks with 300 reports each, sealed in three files; the last 50 reports are pending.
fn fill(path: &Path) -> History {
    let mut history = open(path);
    for n in 0..300 {
        for track in 1..=12 {
            history.record(row(track, n));
        }
        if n % 100 == 99 && n < 299 || n == 249 {
            history.seal().unwrap();
        } else {
            history.flush(NOON).unwrap();
        }
    }
    history
}

fn expected(track: u32, reports: std::ops::Range<u32>) -> Vec<HistoryRow> {
    reports.map(|n| row(track, n)).collect()
}

fn at(n: u32) -> Timestamp {
    NOON.plus_ms(i64::from(n) * 10_000)
}

/// The files of the history folder.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> =
        fs::read_dir(path.join("history")).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    all
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("history")).unwrap();
    fs::copy(from.join("FORMAT"), to.join("FORMAT")).unwrap();
    for file in files(from) {
        fs::copy(&file, to.join("history").join(file.file_name().unwrap())).unwrap();
    }
}

#[test]
fn a_track_is_found_again_over_blocks_journal_and_restart() {
    let dir = scratch();
    let check = |history: &mut History| {
        for track in [1, 7, 12] {
            assert_eq!(history.query(track, at(0), at(299)), (expected(track, 0..300), vec![]));
            assert_eq!(history.query(track, at(95), at(205)), (expected(track, 95..206), vec![]));
        }
        assert_eq!(history.query(13, at(0), at(299)), (vec![], vec![]));
        assert_eq!(history.last_track(), Some(12));
    };
    let mut history = fill(dir.path());
    check(&mut history);
    drop(history);
    check(&mut open(dir.path()));
}

#[test]
fn an_area_is_searched_by_place_and_time() {
    let dir = scratch();
    let mut history = fill(dir.path());
    let inside = row(5, 120).position;
    let area = Area {
        south: inside.latitude_udeg - 400,
        west: inside.longitude_udeg - 500,
        north: inside.latitude_udeg + 400,
        east: inside.longitude_udeg + 500,
    };
    let by_hand: Vec<HistoryRow> = (1..=12)
        .flat_map(|track| (0..300).map(move |n| row(track, n)))
        .filter(|row| area.holds(row.position) && (at(50)..=at(290)).contains(&row.at))
        .collect();
    assert!(by_hand.len() > 3 && by_hand.len() < 100, "{}", by_hand.len());
    assert_eq!(history.query_area(area, at(50), at(290)), (by_hand, vec![]));
    let across = Area { west: 170_000_000, east: -170_000_000, ..area };
    assert_eq!(history.query_area(across, at(0), at(299)).0, vec![]);
}

#[test]
fn rows_are_sealed_after_five_minutes_and_when_many_wait() {
    let dir = scratch();
    let mut history = open(dir.path());
    history.record(row(1, 0));
    history.flush(NOON).unwrap();
    history.flush(NOON.plus_ms(SEAL_AFTER_MS - 1)).unwrap();
    assert_eq!(history.pending(), 1);
    history.flush(NOON.plus_ms(SEAL_AFTER_MS)).unwrap();
    assert_eq!(history.pending(), 0);
    for n in 0..PENDING_ROWS_MAX as u32 {
        history.record(row(1 + n % 300, n / 300));
    }
    history.flush(NOON.plus_ms(SEAL_AFTER_MS + 1000)).unwrap();
    assert_eq!(history.pending(), 0);
    let rows = history.query(300, at(0), at(10_000)).0.len();
    assert_eq!(rows, PENDING_ROWS_MAX / 300);
    let size: u64 = files(dir.path())
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "blk"))
        .map(|f| f.metadata().unwrap().len())
        .sum();
    assert!(size < PENDING_ROWS_MAX as u64 * 8, "{size} bytes");
    const { assert!(BLOCK_ROWS_MAX == 1000) };
}

#[test]
fn the_index_is_made_anew_from_the_blocks() {
    let dir = scratch();
    drop(fill(dir.path()));
    for file in files(dir.path()) {
        if file.to_string_lossy().contains("index.sqlite") {
            fs::remove_file(file).unwrap();
        }
    }
    let mut history = open(dir.path());
    assert_eq!(history.query(7, at(0), at(299)), (expected(7, 0..300), vec![]));
}

#[test]
fn a_sealing_that_a_crash_cut_short_loses_and_doubles_nothing() {
    let dir = scratch();
    drop(fill(dir.path()));
    let folder = dir.path().join("history");
    // Killed before the rename: a half-written file lies beside the journal.
    fs::write(folder.join("00000003.blk.new"), b"half").unwrap();
    drop(open(dir.path()));
    assert!(!folder.join("00000003.blk.new").exists());
    // Killed after the rename: the sealed file and its journal are both there.
    let journal = fs::read(folder.join("00000003.jnl")).unwrap();
    open(dir.path()).seal().unwrap();
    fs::write(folder.join("00000003.jnl"), journal).unwrap();
    let mut history = open(dir.path());
    assert_eq!(history.query(9, at(0), at(299)), (expected(9, 0..300), vec![]));
}

#[test]
fn a_torn_journal_loses_the_torn_group_alone() {
    let dir = scratch();
    drop(fill(dir.path()));
    let journal = dir.path().join("history/00000003.jnl");
    let length = journal.metadata().unwrap().len();
    fs::File::options().write(true).open(&journal).unwrap().set_len(length - 9).unwrap();
    let (mut history, damages) = History::open(&StoreDir::open(dir.path()).unwrap()).unwrap();
    assert_eq!(damages.iter().map(|d| &d.wrong).collect::<Vec<_>>(), [&Wrong::JournalTail]);
    assert_eq!(history.query(4, at(0), at(299)).0, expected(4, 0..299));
    history.record(row(4, 299));
    history.flush(NOON).unwrap();
    drop(history);
    assert_eq!(open(dir.path()).query(4, at(0), at(299)), (expected(4, 0..300), vec![]));
}

/// What a damaged copy served: rows that were never recorded, and whether anything was missing
/// without a word.
fn served(path: &Path) -> (usize, bool) {
    let Ok((mut history, mut damages)) = History::open(&StoreDir::open(path).unwrap()) else {
        return (0, false);
    };
    let mut found = Vec::new();
    for track in 1..=12 {
        let (rows, more) = history.query(track, Timestamp(i64::MIN), Timestamp(i64::MAX));
        damages.extend(more);
        found.extend(rows);
    }
    let all: Vec<_> = (1..=12).flat_map(|track| expected(track, 0..300)).collect();
    let wrong = found.iter().filter(|row| !all.contains(row)).count();
    (wrong, found.len() != all.len() && damages.is_empty())
}

#[test]
fn no_flipped_bit_is_served_and_no_loss_is_silent() {
    let dir = scratch();
    drop(fill(dir.path()));
    let mut random = Seeded(11);
    for file in files(dir.path()) {
        let bytes = fs::read(&file).unwrap();
        for _ in 0..40 {
            let other = scratch();
            copy(dir.path(), other.path());
            let (at, bit) = (random.below(bytes.len() as u64) as usize, random.below(8));
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let name = file.file_name().unwrap();
            fs::write(other.path().join("history").join(name), flipped).unwrap();
            let (wrong, silent) = served(other.path());
            assert_eq!((wrong, silent), (0, false), "{name:?} byte {at} bit {bit}");
        }
    }
}

#[test]
fn the_flip_test_sees_a_wrong_value_where_nobody_checks() {
    // The planted fault: a flipped row whose checksum was made to match, as if there were none.
    let dir = scratch();
    drop(fill(dir.path()));
    let journal = dir.path().join("history/00000003.jnl");
    let mut bytes = fs::read(&journal).unwrap();
    let group = bytes.len() - (12 + 12 * 34 + 4);
    bytes[group + 12 + 13] ^= 4;
    let end = bytes.len() - 4;
    let crc = crc32c::crc32c(&bytes[group..end]).to_le_bytes();
    bytes[end..].copy_from_slice(&crc);
    fs::write(&journal, bytes).unwrap();
    assert_eq!(served(dir.path()), (1, false));
}
