//! kill -9 of a process that appends: every batch whose receipt it told us is there.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use renkei_model::id::Nation;
use renkei_store::ledger::{Cursor, Cursors, KIND_FIRST_FREE, verify};

use crate::world::{NOON, Seeded, entry, moving, open_with, scratch, sign};

/// Tells the test binary, started again, to be the process that is killed.
const CHILD: &str = "RENKEI_STORE_KILL_DIR";
/// Tells that process to be wrong: it acknowledges five batches and then appends them as one.
const EARLY: &str = "RENKEI_STORE_KILL_EARLY";
/// Small, so that kills also hit the moment when a segment is closed.
const SEGMENT_BYTES: u64 = 32 << 10;

fn applied(path: &Path) -> (u64, u64) {
    let (ledger, recovery) = open_with(path, SEGMENT_BYTES);
    assert!(!recovery.mark_rebuilt, "{recovery:?}");
    let all = ledger.entries(0).map(Result::unwrap);
    let own: Vec<_> = all.filter(|e| e.kind >= KIND_FIRST_FREE).collect();
    for (n, stored) in (0..).zip(&own) {
        assert_eq!(stored.body(), Some(entry(n).body.as_slice()), "entry {n}");
    }
    (own.len() as u64, ledger.cursors().values().next().map_or(0, |c| c.seq))
}

/// The child: appends for ever, each batch with its cursor, and tells each receipt.
#[test]
fn appends_until_killed_when_started_for_it() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let early = std::env::var_os(EARLY).is_some();
    let path = Path::new(&path);
    let mut next = applied(path).0;
    let mut random = Seeded(next);
    let (mut ledger, _) = open_with(path, SEGMENT_BYTES);
    let mut entries = Vec::new();
    for round in 1.. {
        let count = 1 + random.below(20);
        entries.extend((next..next + count).map(entry));
        next += count;
        if !early || round % 5 == 0 {
            let cursors = Cursors::from([((Nation::USA, 1), Cursor { epoch: 1, seq: next })]);
            ledger.append(&moving(std::mem::take(&mut entries), cursors)).unwrap();
        }
        println!("\nacknowledged {next}");
        if random.below(10) == 0 {
            ledger.checkpoint(NOON, &sign).unwrap();
        }
    }
}

fn child(path: &Path, early: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    if early {
        command.env(EARLY, "1");
    }
    command
        .args(["--exact", "kill::appends_until_killed_when_started_for_it", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills a child after `left` receipts and gives the last it told of.
fn killed_after(path: &Path, mut left: u64, early: bool) -> u64 {
    let mut child = child(path, early);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = 0;
    for line in lines.map_while(Result::ok) {
        if let Some(n) = line.strip_prefix("acknowledged ") {
            acknowledged = n.parse().unwrap();
            left = left.saturating_sub(1);
            if left == 0 {
                child.kill().unwrap();
            }
        }
    }
    child.wait().unwrap();
    acknowledged
}

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    // The nightly run raises it: 1,000 kills.
    let kills = std::env::var("RENKEI_KILLS").map_or(25, |n| n.parse().unwrap());
    let mut dir = tempfile::tempdir().unwrap();
    let mut random = Seeded(kills);
    for kill in 0..kills {
        if kill % 25 == 24 {
            // A long ledger only makes each start slow.
            dir = tempfile::tempdir().unwrap();
        }
        let acknowledged = killed_after(dir.path(), 1 + random.below(40), false);
        let (entries, cursor) = applied(dir.path());
        assert!(entries >= acknowledged, "kill {kill}: {entries} of {acknowledged} are there");
        assert!(acknowledged > 0 && entries <= acknowledged + 20, "kill {kill}");
        assert_eq!(entries, cursor, "kill {kill}: apply and cursor are one");
        let report = verify(dir.path()).unwrap();
        assert!(report.is_whole(), "kill {kill}: {report:?}");
    }
}

#[test]
fn the_kill_test_sees_a_receipt_that_leaves_before_the_append() {
    let dir = scratch();
    let mut random = Seeded(3);
    let lost = (0..10).filter(|_| {
        let acknowledged = killed_after(dir.path(), 1 + random.below(40), true);
        applied(dir.path()).0 < acknowledged
    });
    assert!(lost.count() > 0);
}
