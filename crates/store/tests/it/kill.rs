//! kill -9 of a process that appends: every batch whose receipt it told us is there.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use renkei_model::id::Nation;
use renkei_store::ledger::{Cursor, Cursors, KIND_FIRST_FREE, verify};

use crate::world::{NOON, Seeded, entry, moving, open_with, sign};

/// Tells the test binary, started again, to be the process that is killed.
const CHILD: &str = "RENKEI_STORE_KILL_DIR";
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
    let path = Path::new(&path);
    let mut next = applied(path).0;
    let mut random = Seeded(next);
    let (mut ledger, _) = open_with(path, SEGMENT_BYTES);
    loop {
        let count = 1 + random.below(20);
        let entries = (next..next + count).map(entry).collect();
        next += count;
        let cursors = Cursors::from([((Nation::USA, 1), Cursor { epoch: 1, seq: next })]);
        ledger.append(&moving(entries, cursors)).unwrap();
        println!("\nacknowledged {next}");
        if random.below(10) == 0 {
            ledger.checkpoint(NOON, &sign).unwrap();
        }
    }
}

fn child(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::appends_until_killed_when_started_for_it", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    // The nightly run raises it: 1,000 kills.
    let kills = std::env::var("RENKEI_KILLS").map_or(25, |n| n.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let mut random = Seeded(kills);
    for kill in 0..kills {
        let mut child = child(dir.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledged = 0;
        let mut left = 1 + random.below(40);
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
        let (entries, cursor) = applied(dir.path());
        assert!(entries >= acknowledged, "kill {kill}: {entries} of {acknowledged} are there");
        assert!(acknowledged > 0 && entries <= acknowledged + 20, "kill {kill}");
        assert_eq!(entries, cursor, "kill {kill}: apply and cursor are one");
    }
    let report = verify(dir.path()).unwrap();
    assert!(report.is_whole(), "{report:?}");
}
