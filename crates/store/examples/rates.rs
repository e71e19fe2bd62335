//! How fast the store is on this machine, in one run of half a minute:
//! `cargo run -p renkei-store --profile ci --example rates [DIR]`.
//!
//! It writes into a new folder in DIR (the system's temporary one when not given) and removes it.

use std::path::Path;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use renkei_model::id::{Nation, Partition};
use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::history::{History, HistoryRow};
use renkei_store::ledger::{Batch, Entry, Ledger, Owner, Retention, verify};

/// Batches that wait for one sync.
const WAITING: usize = 40;
const NOON: Timestamp = Timestamp(1_795_000_000_000);

fn main() {
    let root = std::env::args().nth(1).map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(root).expect("a folder to write in");
    for (batch, total) in [(1000, 1_000_000), (100, 200_000), (10, 20_000), (1, 2_000)] {
        ledger(&folder.path().join(format!("ledger-{batch}")), batch, total);
    }
    waiting(&folder.path().join("waiting"), 100, 1_000_000);
    history(&folder.path().join("history"));
}

/// The same events in batches of `size` that wait for the disk, as many as the keeper takes at once.
fn waiting(path: &Path, size: u64, total: u64) {
    let mut ledger = open(path);
    let start = Instant::now();
    for first in (0..total).step_by(WAITING * size as usize) {
        let batches: Vec<Batch> =
            (0..WAITING as u64).map(|n| batch(first + n * size, size)).collect();
        ledger.append_all(&batches).expect("an append");
    }
    let what = format!("ledger append, {WAITING} batches of {size} that waited");
    say(&what, total, start.elapsed());
}

fn batch(first: u64, size: u64) -> Batch {
    let entries = (first..first + size).map(|n| {
        let mut salt = [0; 32];
        salt[..8].copy_from_slice(&n.to_le_bytes());
        Entry {
            kind: 16,
            time: NOON.plus_ms(n as i64),
            retention: Retention::TEN_YEARS,
            salt,
            body: vec![n as u8; 200],
        }
    });
    Batch { entries: entries.collect(), cursors: None }
}

fn say(what: &str, count: u64, took: Duration) {
    let rate = count as f64 / took.as_secs_f64();
    println!("{what}: {count} in {:.2} s = {rate:.0}/s", took.as_secs_f64());
}

fn open(path: &Path) -> Ledger {
    let key = SigningKey::from_bytes(&[7; 32]);
    let owner = Owner {
        nation: Nation::JPN,
        name: "rates".into(),
        partition: Partition::Exercise("rates".into()),
        public_key: key.verifying_key().to_bytes(),
    };
    let sign = |bytes: &[u8]| key.sign(bytes).to_bytes();
    let store = StoreDir::open(path).expect("a data directory");
    let mut ledger = Ledger::open(&store, &owner, NOON, &sign).expect("a ledger").0;
    ledger.checkpoint(NOON, &sign).expect("a checkpoint");
    ledger
}

/// Appends `total` events of 200 bytes in batches, each synced before its receipt; then opens,
/// reads and verifies.
fn ledger(path: &Path, size: u64, total: u64) {
    let mut ledger = open(path);
    let start = Instant::now();
    for first in (0..total).step_by(size as usize) {
        ledger.append(&batch(first, size)).expect("an append");
    }
    say(&format!("ledger append, batches of {size}"), total, start.elapsed());
    drop(ledger);
    let start = Instant::now();
    let ledger = open(path);
    say("  open", ledger.len(), start.elapsed());
    let start = Instant::now();
    let read = ledger.entries(0).filter(Result::is_ok).count() as u64;
    say("  read", read, start.elapsed());
    drop(ledger);
    let start = Instant::now();
    let report = verify(path).expect("a ledger");
    say("  verify", report.records, start.elapsed());
    assert!(report.is_whole());
}

/// An hour of 10,000 tracks that report every ten seconds, flushed once a second.
fn history(path: &Path) {
    let store = StoreDir::open(path).expect("a data directory");
    let mut history = History::open(&store).expect("a history").0;
    let (mut rows, mut longest) = (0, Duration::ZERO);
    let start = Instant::now();
    for second in 0..3600u32 {
        let now = NOON.plus_ms(i64::from(second) * 1000);
        for track in (second % 10..10_000).step_by(10) {
            let step = (second / 10 * 300) as i32;
            history.record(HistoryRow {
                track,
                at: now,
                position: MicroPosition {
                    latitude_udeg: 24_000_000 + track as i32 * 200 + step,
                    longitude_udeg: 125_000_000 + track as i32 * 100 - step,
                },
                course_cdeg: Some((track % 36_000) as u16),
                speed_cmps: Some(700 + (second % 9) as u16),
                altitude_m: None,
                sd_m: 12,
                marks: 3,
                source: 0,
            });
            rows += 1;
        }
        let flush = Instant::now();
        history.flush(now).expect("a flush");
        longest = longest.max(flush.elapsed());
    }
    say("history rows", rows, start.elapsed());
    println!("  longest flush (with sealing): {} ms", longest.as_millis());
    let bytes: u64 = std::fs::read_dir(path.join("history"))
        .expect("the folder")
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .map(|file| file.len())
        .sum();
    println!("  {:.1} bytes a row on the disk", bytes as f64 / rows as f64);
    let start = Instant::now();
    let found = history.query(4321, NOON, NOON.plus_ms(3_600_000)).0.len() as u64;
    say("  query of one track over the hour", found, start.elapsed());
    drop(history);
    let start = Instant::now();
    History::open(&store).expect("a history");
    println!("  open: {} ms", start.elapsed().as_millis());
}
