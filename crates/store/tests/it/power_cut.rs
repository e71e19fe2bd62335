//! The power fails in the middle of an append: of what was not yet synced, the disk keeps any part.
//!
//! The disk is modelled by copies of the real files: those at the last receipt, and a torn mixture
//! of them with the next ones. A seed replays a cut.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use renkei_model::id::Nation;
use renkei_store::ledger::{Cursor, Cursors, KIND_FIRST_FREE};

use crate::layout::frames;
use crate::world::{Seeded, entry, files, moving, open, scratch};

const SECTOR: usize = 512;

/// The ledger's files by name.
type Disk = BTreeMap<PathBuf, Vec<u8>>;

fn snapshot(root: &Path) -> Disk {
    let name = |file: &PathBuf| file.strip_prefix(root).unwrap().to_owned();
    files(root).into_iter().map(|f| (name(&f), fs::read(&f).unwrap())).collect()
}

fn restore(disk: &Disk, root: &Path) {
    fs::create_dir_all(root.join("ledger")).unwrap();
    for (name, bytes) in disk {
        fs::write(root.join(name), bytes).unwrap();
    }
}

/// What was applied when the receipt of an append came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Applied {
    entries: u64,
    cursor: u64,
}

/// A run: the disk and what was applied at the beginning and after every append.
fn run(random: &mut Seeded) -> Vec<(Disk, Applied)> {
    let dir = scratch();
    let (mut ledger, _) = open(dir.path());
    let mut applied = Applied { entries: 0, cursor: 0 };
    let mut states = vec![(snapshot(dir.path()), applied)];
    for _ in 0..2 + random.below(12) {
        let count = 1 + random.below(9);
        let entries = (applied.entries..applied.entries + count).map(entry).collect();
        applied.entries += count;
        applied.cursor = applied.entries;
        ledger.append(&moving(entries, cursor(applied.cursor))).unwrap();
        states.push((snapshot(dir.path()), applied));
    }
    states
}

fn cursor(seq: u64) -> Cursors {
    Cursors::from([((Nation::USA, 1), Cursor { epoch: 1, seq })])
}

/// The disk after a cut: all of `synced`, and of what `next` adds any prefix with any sectors lost.
fn torn(synced: &Disk, next: &Disk, random: &mut Seeded) -> Disk {
    let mut disk = synced.clone();
    for (name, new) in next.iter().filter(|(name, _)| !name.ends_with("ACKNOWLEDGED")) {
        let old = synced.get(name).map_or(0, Vec::len);
        if new.len() == old || (old == 0 && random.below(4) == 0) {
            continue;
        }
        let mut bytes = new[..old + random.below((new.len() - old) as u64 + 1) as usize].to_vec();
        for sector in (old / SECTOR)..bytes.len().div_ceil(SECTOR) {
            if random.below(4) == 0 {
                let end = bytes.len().min((sector + 1) * SECTOR);
                bytes[old.max(sector * SECTOR)..end].fill(0);
            }
        }
        disk.insert(name.clone(), bytes);
    }
    disk
}

/// What a restarted node finds.
fn recovered(disk: &Disk) -> Option<Applied> {
    let dir = scratch();
    restore(disk, dir.path());
    let (ledger, _) = open(dir.path());
    let all = ledger.entries(0).collect::<Result<Vec<_>, _>>().ok()?;
    let own: Vec<_> = all.iter().filter(|e| e.kind >= KIND_FIRST_FREE).collect();
    let exact = (0..).zip(&own).all(|(n, e)| e.body() == Some(entry(n).body.as_slice()));
    let cursor = ledger.cursors().values().next().map_or(0, |c| c.seq);
    exact.then_some(Applied { entries: own.len() as u64, cursor })
}

/// Whether the promise held for one seed: what was acknowledged is there, and beyond it at most the
/// whole batch that was being written. `early` acknowledges that batch before its sync.
fn holds(seed: u64, early: bool) -> bool {
    let mut random = Seeded(seed);
    let states = run(&mut random);
    let at = random.below(states.len() as u64 - 1) as usize;
    let ((synced, before), (next, after)) = (&states[at], &states[at + 1]);
    // The mark is not synced either: the disk may still have an older one.
    let older = &states[random.below(at as u64 + 1) as usize].0;
    let mut disk = torn(synced, next, &mut random);
    let mark = PathBuf::from("ledger/ACKNOWLEDGED");
    disk.insert(mark.clone(), older[&mark].clone());
    let acknowledged = if early { after } else { before };
    recovered(&disk).is_some_and(|found| {
        found.entries >= acknowledged.entries && [before, after].contains(&&found)
    })
}

#[test]
fn nothing_acknowledged_is_lost_and_no_batch_comes_back_in_part() {
    // The nightly run raises it: 10,000 cuts.
    let cuts = std::env::var("RENKEI_CUTS").map_or(1000, |n| n.parse().unwrap());
    for seed in 0..cuts {
        assert!(holds(seed, false), "seed {seed}");
    }
}

#[test]
fn the_power_cut_test_sees_a_receipt_that_leaves_before_the_sync() {
    let lost = (0..30).filter(|seed| !holds(*seed, true)).count();
    assert!(lost > 20, "only {lost} of 30 cuts lost something");
}

#[test]
fn the_power_cut_test_sees_a_reader_that_takes_records_one_by_one() {
    // The planted fault: no batch frame is looked at, each record with a good checksum counts.
    let naive = |disk: &Disk, whole: &Disk| {
        let mut count = 0;
        for (name, bytes) in whole.iter().filter(|(n, _)| n.extension().is_some()) {
            let kept = disk.get(name).map_or(&[][..], Vec::as_slice);
            let records = frames(bytes).into_iter().flat_map(|frame| frame.records);
            count += records
                .filter_map(|range| kept.get(range))
                .filter(|r| {
                    let (covered, crc) = r.split_last_chunk::<4>().unwrap();
                    crc32c::crc32c(covered).to_le_bytes() == *crc && covered[8..].len() > 32
                })
                .count() as u64;
        }
        count
    };
    let mut parts = 0;
    for seed in 0..30 {
        let mut random = Seeded(seed);
        let states = run(&mut random);
        let at = random.below(states.len() as u64 - 1) as usize;
        let disk = torn(&states[at].0, &states[at + 1].0, &mut random);
        let whole = |state: usize| naive(&states[state].0, &states[state].0);
        let found = naive(&disk, &states[at + 1].0);
        parts += u32::from(found != whole(at) && found != whole(at + 1));
    }
    assert!(parts > 5, "only {parts} of 30 cuts gave a part of a batch");
}
