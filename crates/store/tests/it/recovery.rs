//! What opening cuts and what it refuses.

use std::fs::{self, File};
use std::path::Path;

use renkei_store::StoreDir;
use renkei_store::ledger::{Cut, Fault, Ledger, OpenError, Recovery};

use crate::layout::frames;
use crate::world::{NOON, batch, copy, files, open, owner, sample, scratch, sign};

fn last_segment(root: &Path) -> std::path::PathBuf {
    files(root).into_iter().rfind(|f| f.extension().is_some_and(|e| e == "seg")).unwrap()
}

fn refused(root: &Path) -> OpenError {
    Ledger::open(&StoreDir::open(root).unwrap(), &owner(), NOON, &sign).unwrap_err()
}

fn damage(root: &Path) -> (String, u64, Option<u64>, Fault) {
    match refused(root) {
        OpenError::Damaged(d) => {
            (d.file.file_name().unwrap().to_string_lossy().into(), d.offset, d.seq, d.fault)
        }
        other => panic!("{other}"),
    }
}

/// A ledger whose last batch was never acknowledged: the node died in the middle of it.
fn died_in_the_last_batch(root: &Path) -> (u64, std::ops::Range<usize>) {
    sample(root, 8);
    let mark = fs::read(root.join("ledger/ACKNOWLEDGED")).unwrap();
    let (mut ledger, _) = open(root);
    let acknowledged = ledger.len();
    let before = last_segment(root);
    ledger.append(&batch(90, 3)).unwrap();
    drop(ledger);
    fs::write(root.join("ledger/ACKNOWLEDGED"), mark).unwrap();
    let path = last_segment(root);
    assert_eq!(path, before, "the sample must not end at a segment's end");
    let frame = frames(&fs::read(path).unwrap()).pop().unwrap();
    (acknowledged, frame.bytes)
}

#[test]
fn a_torn_tail_is_cut_whole_at_every_byte() {
    let dir = scratch();
    let (acknowledged, frame) = died_in_the_last_batch(dir.path());
    let segment = last_segment(dir.path());
    let bytes = fs::read(&segment).unwrap();
    for end in frame.clone() {
        let other = scratch();
        copy(dir.path(), other.path());
        let path = last_segment(other.path());
        fs::write(&path, &bytes[..end]).unwrap();
        let (mut ledger, recovery) = open(other.path());
        assert_eq!(ledger.len(), acknowledged, "cut at {end}");
        let gone = (end - frame.start) as u64;
        let cut = (gone > 0).then_some(Cut { file: path, offset: frame.start as u64, bytes: gone });
        assert_eq!(recovery, Recovery { cut, ..Default::default() });
        ledger.append(&batch(90, 3)).unwrap();
        assert_eq!(ledger.entries(0).map(Result::unwrap).count() as u64, acknowledged + 3);
    }
}

#[test]
fn a_batch_with_a_hole_in_it_is_cut_when_it_was_never_acknowledged() {
    let dir = scratch();
    let (acknowledged, frame) = died_in_the_last_batch(dir.path());
    for hole in frame.clone().step_by(7) {
        let other = scratch();
        copy(dir.path(), other.path());
        let path = last_segment(other.path());
        let mut bytes = fs::read(&path).unwrap();
        bytes[hole..(hole + 16).min(frame.end)].fill(0);
        fs::write(&path, bytes).unwrap();
        let (ledger, recovery) = open(other.path());
        // Sixteen zeros in place of sixteen zeros of a salt are no hole.
        assert!(ledger.len() == acknowledged || recovery.cut.is_none());
        assert!(ledger.len() == acknowledged || ledger.len() == acknowledged + 3);
    }
}

#[test]
fn damage_in_the_last_acknowledged_batch_is_refused_not_cut() {
    let dir = scratch();
    sample(dir.path(), 8);
    let path = last_segment(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    let frame = frames(&bytes).pop().unwrap();
    let record = frame.records[1].clone();
    bytes[record.start + 60] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let expected = (name, record.start as u64, Some(frame.first_seq + 1), Fault::RecordChecksum);
    assert_eq!(damage(dir.path()), expected);
    assert_eq!(fs::read(&path).unwrap(), bytes, "a refused ledger must not be changed");
}

#[test]
fn damage_followed_by_valid_records_is_refused_with_its_place_and_the_way_to_mend_it() {
    let dir = scratch();
    sample(dir.path(), 20);
    let path = dir.path().join("ledger/00000001.seg");
    let mut bytes = fs::read(&path).unwrap();
    let frame = &frames(&bytes)[1];
    bytes[frame.bytes.start] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let said = refused(dir.path()).to_string().replace(&dir.path().display().to_string(), "DIR");
    let (offset, seq) = (frame.bytes.start, frame.first_seq);
    assert_eq!(
        said,
        format!(
            "open ledger: `DIR/ledger/00000001.seg`, byte {offset}, record {seq}: the batch's head is damaged; nothing was changed: run `renkei ledger verify` for the whole extent, then restore this ledger from a backup or the standby"
        )
    );
}

#[test]
fn acknowledged_records_that_are_gone_are_refused() {
    let dir = scratch();
    sample(dir.path(), 8);
    let len = open(dir.path()).0.len();
    let path = last_segment(dir.path());
    let frame = frames(&fs::read(&path).unwrap()).pop().unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(frame.bytes.start as u64).unwrap();
    let fault = Fault::Missing { present: frame.first_seq, promised: len };
    assert_eq!(damage(dir.path()).3, fault);
    // A whole segment gone from the middle, from the end.
    let other = scratch();
    sample(other.path(), 40);
    fs::remove_file(last_segment(other.path())).unwrap();
    assert!(matches!(damage(other.path()).3, Fault::Missing { .. }));
    fs::remove_file(other.path().join("ledger/00000001.seg")).unwrap();
    assert_eq!(damage(other.path()).0, "00000001.seg");
}

#[test]
fn a_segment_that_was_being_begun_is_begun_again() {
    let dir = scratch();
    sample(dir.path(), 8);
    let (ledger, _) = open(dir.path());
    let len = ledger.len();
    drop(ledger);
    let next = dir.path().join(format!("ledger/{:08}.seg", files(dir.path()).len() - 2));
    assert!(!next.exists());
    for torn in [&b""[..], b"RNKLEDG1", &[0; 90]] {
        fs::write(&next, torn).unwrap();
        let (ledger, _) = open(dir.path());
        assert_eq!(ledger.len(), len);
        assert!(!next.exists());
    }
}

#[test]
fn a_lost_mark_is_made_anew_only_from_a_whole_ledger() {
    let dir = scratch();
    sample(dir.path(), 8);
    let mark = dir.path().join("ledger/ACKNOWLEDGED");
    let whole = fs::read(&mark).unwrap();
    let mut half = whole.clone();
    half[3] ^= 1;
    for damaged in [half.as_slice(), b"", &[0; 88]] {
        fs::write(&mark, damaged).unwrap();
        assert!(open(dir.path()).1.mark_rebuilt);
        assert!(!open(dir.path()).1.mark_rebuilt);
    }
    fs::remove_file(&mark).unwrap();
    let path = last_segment(dir.path());
    let length = path.metadata().unwrap().len();
    File::options().write(true).open(&path).unwrap().set_len(length - 1).unwrap();
    assert!(matches!(damage(dir.path()).3, Fault::Torn { .. }));
}

#[test]
fn a_first_start_that_died_early_starts_again() {
    let dir = scratch();
    drop(open(dir.path()));
    let segment = dir.path().join("ledger/00000000.seg");
    let bytes = fs::read(&segment).unwrap();
    for end in [0, 10, 28, 60, bytes.len() - 1] {
        let other = scratch();
        let folder = other.path().join("ledger");
        drop(StoreDir::open(other.path()).unwrap());
        // The mark of an empty ledger is on the disk before the first segment is begun.
        drop(open(other.path()));
        fs::write(folder.join("00000000.seg"), &bytes[..end]).unwrap();
        fs::remove_file(folder.join("ACKNOWLEDGED")).unwrap();
        fs::write(folder.join("ACKNOWLEDGED"), empty_mark()).unwrap();
        let (ledger, recovery) = open(other.path());
        assert!(recovery.created, "{end}");
        assert_eq!(ledger.len(), 1);
    }
}

/// Both slots of a mark that says that nothing was acknowledged.
fn empty_mark() -> Vec<u8> {
    let mut both = Vec::new();
    for generation in [2u64, 3] {
        let mut slot = b"RNKMARK1".to_vec();
        for number in [generation, 0, 0, 0] {
            slot.extend_from_slice(&number.to_le_bytes());
        }
        slot.extend_from_slice(&crc32c::crc32c(&slot).to_le_bytes());
        both.extend(slot);
    }
    both
}
