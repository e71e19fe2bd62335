//! What every test needs: a node with a key, a directory, entries to keep.

use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer as _, SigningKey};
use renkei_model::id::{Nation, Partition};
use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::history::HistoryRow;
use renkei_store::ledger::{Batch, CursorMove, Cursors, Entry, Ledger, Limits, Owner, Recovery};

/// Noon of a day in the exercise.
pub(crate) const NOON: Timestamp = Timestamp(1_795_000_000_000);

/// The node's key, the same in every run.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// Signs as the node.
pub(crate) fn sign(bytes: &[u8]) -> [u8; 64] {
    key().sign(bytes).to_bytes()
}

/// The node.
pub(crate) fn owner() -> Owner {
    Owner {
        nation: Nation::JPN,
        name: "demo-jpn".into(),
        partition: Partition::Exercise("demo".into()),
        public_key: key().verifying_key().to_bytes(),
    }
}

/// Opens the ledger in `path` with small segments, so that there are many.
pub(crate) fn open(path: &Path) -> (Ledger, Recovery) {
    open_with(path, 4096)
}

/// Opens the ledger in `path`.
pub(crate) fn open_with(path: &Path, segment_bytes: u64) -> (Ledger, Recovery) {
    let dir = StoreDir::open(path).unwrap();
    Ledger::open_with(&dir, &owner(), Limits { segment_bytes }, NOON, &sign).unwrap()
}

const TEN_YEARS: renkei_store::ledger::Retention = renkei_store::ledger::Retention::TEN_YEARS;

/// Entry number `n`, different from every other.
pub(crate) fn entry(n: u64) -> Entry {
    let mut salt = [0; 32];
    salt[..8].copy_from_slice(&n.to_le_bytes());
    let body = format!("entry {n} ").repeat(1 + n as usize % 7).into_bytes();
    Entry {
        kind: 16 + (n % 3) as u16,
        time: NOON.plus_ms(n as i64 * 250),
        retention: TEN_YEARS,
        salt,
        body,
    }
}

/// Entries `from..from + count` in one batch.
pub(crate) fn batch(from: u64, count: u64) -> Batch {
    Batch { entries: (from..from + count).map(entry).collect(), cursors: None }
}

/// A batch that moves these cursors.
pub(crate) fn moving(entries: Vec<Entry>, to: Cursors) -> Batch {
    Batch { entries, cursors: Some(CursorMove { time: NOON, salt: [9; 32], to }) }
}

/// A ledger of `batches` batches of three entries, a checkpoint after every fifth, then one more
/// batch; closed.
pub(crate) fn sample(path: &Path, batches: u64) {
    let (mut ledger, _) = open(path);
    for n in 0..batches {
        ledger.append(&batch(n * 3, 3)).unwrap();
        if n % 5 == 4 {
            ledger.checkpoint(NOON.plus_ms(n as i64 * 1000), &sign).unwrap();
        }
    }
}

/// The ledger's files under `root` (not the lock), sorted.
pub(crate) fn files(root: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = Vec::new();
    for folder in [root.to_owned(), root.join("ledger")] {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() && path.file_name().is_some_and(|n| n != "LOCK") {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

/// Numbers that are the same in every run (SplitMix64).
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    /// The next number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// Copies a data directory's ledger files.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.join("ledger")).unwrap();
    for file in files(from) {
        let name = file.strip_prefix(from).unwrap();
        std::fs::copy(&file, to.join(name)).unwrap();
    }
}

/// A new folder in memory where there is one: tests that model a crash by copies of files gain
/// nothing from a real disk and wait long for it.
pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Report `n` of `track`: ten seconds after the one before, a little further north-east.
pub(crate) fn history_row(track: u32, n: u32) -> HistoryRow {
    let position = MicroPosition {
        latitude_udeg: 24_800_000 + (track * 10_000 + n * 170) as i32,
        longitude_udeg: 125_300_000 + (track * 5_000 + n * 230) as i32,
    };
    HistoryRow {
        track,
        at: NOON.plus_ms(i64::from(n) * 10_000),
        position,
        course_cdeg: track.is_multiple_of(2).then_some(4_500),
        speed_cmps: Some(720 + (n % 5) as u16),
        altitude_m: track.is_multiple_of(3).then_some(-12 + n as i32),
        sd_m: 15,
        marks: 1 << (track % 4),
        source: 0,
    }
}
