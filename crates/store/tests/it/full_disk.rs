//! A full disk: an append is refused whole, reading goes on, and appending goes on when there is
//! room again, without a restart.

use std::fs;
use std::path::Path;
use std::process::Command;

use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::history::{History, HistoryError};
use renkei_store::ledger::{AppendError, Batch, Entry, Ledger, verify};

use crate::world::{NOON, entry, open_with, sign};

/// Tells the test binary, started again under a file size limit, where to append.
const CHILD: &str = "RENKEI_STORE_LIMIT_DIR";

fn heavy(n: u64, bytes: usize) -> Batch {
    let body = vec![n as u8; bytes];
    Batch { entries: vec![Entry { body, ..entry(n) }, entry(n)], cursors: None }
}

/// Appends until the disk refuses, then checks that nothing of the refused batch is there. Gives
/// how many batches went in.
fn fill(ledger: &mut Ledger) -> u64 {
    for n in 0.. {
        let (len, root) = (ledger.len(), ledger.root());
        match ledger.append(&heavy(n, 50_000)) {
            Ok(_) => assert!(n < 10_000, "the disk is never full"),
            Err(AppendError::Io { .. }) => {
                assert_eq!((ledger.len(), ledger.root()), (len, root));
                return n;
            }
            Err(other) => panic!("{other}"),
        }
    }
    0
}

fn everything_is_there(path: &Path, ledger: Ledger) {
    let len = ledger.len();
    assert_eq!(ledger.entries(0).map(Result::unwrap).count() as u64, len);
    drop(ledger);
    let (ledger, recovery) = open_with(path, 1 << 30);
    assert_eq!((ledger.len(), recovery.cut), (len, None));
    drop(ledger);
    let report = verify(path).unwrap();
    assert!(report.is_whole(), "{report:?}");
}

#[test]
fn appends_under_a_file_size_limit_when_started_for_it() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let path = Path::new(&path);
    let (mut ledger, _) = open_with(path, 1 << 30);
    assert!(fill(&mut ledger) > 2);
    fill_again_is_refused(&mut ledger);
    // A small batch fits into what the refused one left.
    ledger.append(&heavy(7, 10)).unwrap();
    ledger.checkpoint(NOON, &sign).unwrap();
    everything_is_there(path, ledger);
}

fn fill_again_is_refused(ledger: &mut Ledger) {
    let len = ledger.len();
    assert!(matches!(ledger.append(&heavy(1, 50_000)), Err(AppendError::Io { .. })));
    assert_eq!(ledger.len(), len);
}

#[test]
fn a_write_that_the_system_refuses_in_the_middle_leaves_nothing_behind() {
    // A file size limit, with its signal ignored, makes a write stop short as a full disk does.
    let dir = tempfile::tempdir().unwrap();
    let exe = std::env::current_exe().unwrap();
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 500; exec \"$0\" \"$@\""])
        .arg(exe)
        .args(["--exact", "full_disk::appends_under_a_file_size_limit_when_started_for_it"])
        .env(CHILD, dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// A tiny disk of its own; `None` where that is not allowed.
struct TinyDisk(tempfile::TempDir);

impl TinyDisk {
    fn mount() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(dir.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            println!("skipped: a tiny disk cannot be mounted here (needs root)");
        }
        mounted.then_some(Self(dir))
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0.path()).status().ok();
    }
}

#[test]
fn a_ledger_on_a_full_disk_goes_on_when_there_is_room_again() {
    let Some(disk) = TinyDisk::mount() else { return };
    let path = disk.0.path();
    let filler = path.join("filler");
    fs::write(&filler, vec![1; 300_000]).unwrap();
    let (mut ledger, _) = open_with(path, 200_000);
    assert!(fill(&mut ledger) > 2);
    fill_again_is_refused(&mut ledger);
    assert_eq!(ledger.entries(0).map(Result::unwrap).count() as u64, ledger.len());
    fs::remove_file(&filler).unwrap();
    for n in 0..4 {
        ledger.append(&heavy(n, 50_000)).unwrap();
    }
    // Opened again while there is no room at all.
    fill(&mut ledger);
    let more = (0..).map(|n| path.join(format!("filler{n}")));
    assert!(more.take(10_000).any(|file| fs::write(file, [1; 4096]).is_err()));
    everything_is_there(path, ledger);
}

#[test]
fn history_on_a_full_disk_keeps_its_rows_until_there_is_room_again() {
    let Some(disk) = TinyDisk::mount() else { return };
    let path = disk.0.path();
    let (mut history, _) = History::open(&StoreDir::open(path).unwrap()).unwrap();
    let row = |n: u32| renkei_store::history::HistoryRow {
        track: 1 + n % 50,
        at: NOON.plus_ms(i64::from(n)),
        position: renkei_model::position::MicroPosition {
            latitude_udeg: n as i32,
            longitude_udeg: -(n as i32),
        },
        course_cdeg: None,
        speed_cmps: Some(3),
        altitude_m: None,
        sd_m: 9,
        marks: 1,
        source: 0,
    };
    let filler = path.join("filler");
    fs::write(&filler, vec![1; 500_000]).unwrap();
    let mut n = 0;
    let refused = loop {
        for _ in 0..1000 {
            history.record(row(n));
            n += 1;
        }
        match history.flush(NOON) {
            Ok(()) => assert!(n < 200_000, "the disk is never full"),
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, HistoryError::Io { .. }), "{refused}");
    let find = |history: &mut History| {
        (1..=50).map(|t| history.query(t, Timestamp(0), NOON.plus_ms(1 << 40)).0.len()).sum()
    };
    let found: usize = find(&mut history);
    assert_eq!(found, n as usize);
    fs::remove_file(&filler).unwrap();
    history.flush(NOON).unwrap();
    drop(history);
    let (mut history, damages) = History::open(&StoreDir::open(path).unwrap()).unwrap();
    assert_eq!((find(&mut history), damages), (n as usize, vec![]));
}
