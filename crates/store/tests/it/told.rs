//! What was told of tracks stays with their rows: over a crash, a sealing and a restart, and no longer.

use std::fs;
use std::path::Path;

use renkei_store::StoreDir;
use renkei_store::history::{Asked, History, HistoryRow, Keep, Wrong};

use crate::world::{NOON, history_row as row, scratch};

fn open(path: &Path) -> History {
    let (history, damages) = History::open(&StoreDir::open(path).unwrap()).unwrap();
    assert_eq!(damages, []);
    history
}

/// What the past of reports `from` to `to` says of each track.
fn told(history: &mut History, from: u32, to: u32) -> Vec<(u32, String)> {
    let at = |n: u32| NOON.plus_ms(i64::from(n) * 10_000);
    let slice = history.slice(Asked::Picture(None), (at(from), at(to)), 1, 10_000);
    assert_eq!(slice.damages, []);
    slice.told.into_iter().map(|(track, text)| (track, text.to_string())).collect()
}

fn say(track: u32, text: &str) -> (u32, String) {
    (track, text.into())
}

#[test]
fn what_was_told_is_found_again_over_a_crash_a_sealing_and_a_restart() {
    let dir = scratch();
    let mut history = open(dir.path());
    history.record(row(1, 0));
    history.record(row(2, 0));
    history.tell(1, "Kaiyo".into());
    history.flush(NOON).unwrap();
    // Told after its row was journalled, and no row since.
    history.tell(2, "Tsubame".into());
    history.tell(3, "no rows".into());
    history.flush(NOON).unwrap();
    let both = [say(1, "Kaiyo"), say(2, "Tsubame")];
    assert_eq!(told(&mut history, 0, 9), both);
    drop(history);
    let mut history = open(dir.path());
    assert_eq!(told(&mut history, 0, 9), both, "after a crash");
    history.seal().unwrap();
    assert_eq!(told(&mut history, 0, 9), both, "sealed by another run");
    drop(history);
    assert_eq!(told(&mut open(dir.path()), 0, 9), both, "after a restart");
}

#[test]
fn the_past_has_the_name_of_its_time() {
    let dir = scratch();
    let mut history = open(dir.path());
    for (n, name) in [(0, "Kaiyo"), (10, "Kaiyo 2")] {
        history.tell(1, name.into());
        history.record(row(1, n));
        history.flush(NOON).unwrap();
        history.seal().unwrap();
    }
    history.record(row(1, 20));
    assert_eq!(told(&mut history, 0, 5), [say(1, "Kaiyo")]);
    assert_eq!(told(&mut history, 10, 15), [say(1, "Kaiyo 2")]);
    assert_eq!(told(&mut history, 20, 25), [say(1, "Kaiyo 2")], "told before, and still so");
    history.leave(1);
    history.seal().unwrap();
    assert_eq!(told(&mut history, 20, 25), [say(1, "Kaiyo 2")], "it left after its row");
    history.record(row(1, 30));
    assert_eq!(told(&mut history, 30, 35), [], "what left is not taken further");
}

#[test]
fn what_was_told_goes_with_the_rows() {
    let dir = scratch();
    let mut history = open(dir.path());
    let (busy, quiet) =
        (history.number_source("busy").unwrap(), history.number_source("q").unwrap());
    for (track, source) in [(1, busy), (9, quiet)] {
        history.record(HistoryRow { source, ..row(track, 0) });
        history.tell(track, format!("name {track}").into());
    }
    history.seal().unwrap();
    history.keep([(busy, Keep::For(60_000))].into(), Keep::For(3_600_000));
    let holds = |text: &str| {
        let all = fs::read_dir(dir.path().join("history")).unwrap();
        all.map(|e| e.unwrap().path()).filter(|p| p.to_str().unwrap().contains(".told")).any(|p| {
            let lines = zstd::stream::decode_all(fs::File::open(p).unwrap()).unwrap();
            String::from_utf8(lines).unwrap().contains(text)
        })
    };
    assert!(holds("name 1") && holds("name 9"));
    history.sweep(NOON.plus_ms(120_000)).unwrap();
    assert!(!holds("name 1") && holds("name 9"), "the busy feed's term is over");
    history.sweep(NOON.plus_ms(7_200_000)).unwrap();
    assert!(!holds("name 9"));
}

#[test]
fn a_damaged_line_costs_that_name_alone_and_is_reported() {
    let dir = scratch();
    let mut history = open(dir.path());
    for track in 1..=3 {
        history.record(row(track, 0));
        history.tell(track, format!("name {track}").into());
    }
    history.flush(NOON).unwrap();
    drop(history);
    let path = dir.path().join("history/00000000.told");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(6).position(|w| w == b"name 2").unwrap();
    bytes[at] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let (mut history, damages) = History::open(&StoreDir::open(dir.path()).unwrap()).unwrap();
    assert_eq!(damages.iter().map(|d| &d.wrong).collect::<Vec<_>>(), [&Wrong::ToldLine]);
    assert_eq!(told(&mut history, 0, 9), [say(1, "name 1"), say(3, "name 3")]);
    // A line torn by a crash is expected, and what follows is read.
    drop(history);
    fs::write(&path, &bytes[..bytes.len() - 3]).unwrap();
    let (mut history, _) = History::open(&StoreDir::open(dir.path()).unwrap()).unwrap();
    history.tell(3, "name 3 again".into());
    history.flush(NOON).unwrap();
    assert_eq!(told(&mut history, 0, 9), [say(1, "name 1"), say(3, "name 3 again")]);
}
