//! Verification from files alone: everything that changed is found and named.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect;
use renkei_model::statement::Language;
use renkei_store::StoreDir;
use renkei_store::ledger::{
    Damage, ExportError, Fault, KIND_FIRST_FREE, Report, Selection, Shape, VerifyError, export,
    verify, verify_with,
};

use crate::layout::{Frame, frames, head_length};
use crate::world::{Seeded, batch, copy, files, open, sample, scratch};

fn is_segment(file: &Path) -> bool {
    file.extension().is_some_and(|e| e == "seg")
}

/// One changed bit.
#[derive(Debug)]
struct Flip {
    file: PathBuf,
    at: usize,
    bit: u32,
}

/// What a verifier said about a folder with one flipped bit: the first thing it found.
type Verifier = dyn Fn(&Path) -> Option<Damage>;

fn real(root: &Path) -> Option<Damage> {
    verify(root).unwrap().findings.into_iter().next()
}

/// Where the damage must be said to be: the offset of the smallest thing that holds the flipped
/// byte, and the record.
fn expected(segment: &[u8], at: usize) -> (u64, Option<u64>) {
    if at < head_length(segment) {
        return (0, None);
    }
    let all = frames(segment);
    let Frame { bytes, first_seq, records } =
        all.into_iter().find(|frame| frame.bytes.contains(&at)).unwrap();
    let record = (first_seq..).zip(&records).find(|(_, record)| record.contains(&at));
    match record {
        Some((seq, record)) => (record.start as u64, Some(seq)),
        None => (bytes.start as u64, Some(first_seq)),
    }
}

/// The flips that `verifier` does not find or does not name.
fn missed(root: &Path, flips: &[Flip], verifier: &Verifier) -> usize {
    let mut missed = 0;
    for Flip { file, at, bit } in flips {
        let whole = fs::read(file).unwrap();
        let mut flipped = whole.clone();
        flipped[*at] ^= 1 << bit;
        fs::write(file, flipped).unwrap();
        let named = verifier(root).is_some_and(|damage| {
            let place = is_segment(file).then(|| expected(&whole, *at));
            damage.file == *file
                && place.is_none_or(|(offset, seq)| {
                    damage.offset == offset && seq.is_none_or(|seq| damage.seq == Some(seq))
                })
        });
        missed += usize::from(!named);
        fs::write(file, whole).unwrap();
    }
    missed
}

fn random_flips(root: &Path, seed: u64, count: usize) -> Vec<Flip> {
    let all: Vec<(PathBuf, usize)> = files(root)
        .into_iter()
        .flat_map(|file| {
            let length = file.metadata().unwrap().len() as usize;
            (0..length).map(move |at| (file.clone(), at))
        })
        .collect();
    let mut random = Seeded(seed);
    (0..count)
        .map(|_| {
            let (file, at) = all[random.below(all.len() as u64) as usize].clone();
            Flip { file, at, bit: random.below(8) as u32 }
        })
        .collect()
}

/// The planted weak verifier: it looks at each record's checksum and at nothing else.
fn weak(root: &Path) -> Option<Damage> {
    for file in files(root).into_iter().filter(|file| is_segment(file)) {
        let bytes = fs::read(&file).unwrap();
        let mut at = 28 + 32 * usize::from(*bytes.get(10)?);
        while let Some(head) = bytes.get(at..at + 24) {
            let mut seq = u64::from(head[12]) | u64::from(head[13]) << 8;
            let end = at + 24 + usize::from(head[4]) + (usize::from(head[5]) << 8);
            let mut record = at + 24;
            while record < end {
                let length = u32::from_le_bytes(bytes.get(record..record + 4)?.try_into().ok()?);
                let this = bytes.get(record..record + length as usize)?;
                let (covered, crc) = this.split_last_chunk::<4>()?;
                if crc32c::crc32c(covered).to_le_bytes() != *crc {
                    let fault = Fault::RecordChecksum;
                    return Some(Damage { file, offset: record as u64, seq: Some(seq), fault });
                }
                record += length as usize;
                seq += 1;
            }
            at = end + 4;
        }
    }
    None
}

#[test]
fn two_hundred_random_flips_are_found_and_named() {
    let dir = scratch();
    sample(dir.path(), 23);
    assert_eq!(real(dir.path()), None);
    assert_eq!(missed(dir.path(), &random_flips(dir.path(), 1, 200), &real), 0);
}

#[test]
fn every_bit_of_a_small_ledger_is_under_guard() {
    let dir = scratch();
    sample(dir.path(), 2);
    open(dir.path()).0.checkpoint(crate::world::NOON, &crate::world::sign).unwrap();
    let mut flips = Vec::new();
    for file in files(dir.path()) {
        let length = file.metadata().unwrap().len() as usize;
        for at in 0..length {
            flips.extend((0..8).map(|bit| Flip { file: file.clone(), at, bit }));
        }
    }
    assert!(flips.len() > 8_000);
    assert_eq!(missed(dir.path(), &flips, &real), 0);
}

#[test]
fn the_flip_test_sees_a_verifier_that_checks_records_alone() {
    let dir = scratch();
    sample(dir.path(), 23);
    assert_eq!(weak(dir.path()), None);
    let missed = missed(dir.path(), &random_flips(dir.path(), 1, 200), &weak);
    assert!(missed > 10, "the weak verifier missed only {missed} of 200");
}

#[test]
fn two_hundred_random_flips_in_an_export_are_found_and_named() {
    let (dir, out) = (scratch(), scratch());
    sample(dir.path(), 23);
    let part = Selection { from: 20, until: Some(60), kinds: Some([16].into()) };
    export(dir.path(), &part, out.path()).unwrap();
    assert_eq!(real(out.path()), None);
    assert_eq!(missed(out.path(), &random_flips(out.path(), 2, 200), &real), 0);
}

/// Cuts the last segment at `end` and gives what is found.
fn truncated(root: &Path, end: usize) -> Damage {
    let file = files(root).into_iter().rfind(|f| is_segment(f)).unwrap();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..end]).unwrap();
    let found = real(root).unwrap();
    fs::write(&file, whole).unwrap();
    assert_eq!(found.file, file);
    found
}

#[test]
fn a_ledger_cut_at_any_record_behind_its_last_checkpoint_is_not_whole() {
    let (dir, out) = (scratch(), scratch());
    sample(dir.path(), 18);
    let promised = open(dir.path()).0.len();
    export(dir.path(), &Selection::default(), out.path()).unwrap();
    let signed = verify(dir.path()).unwrap().signed;
    for root in [dir.path(), out.path()] {
        let file = files(root).into_iter().rfind(|f| is_segment(f)).unwrap();
        let behind: Vec<Frame> = frames(&fs::read(&file).unwrap())
            .into_iter()
            .filter(|frame| frame.first_seq > signed)
            .collect();
        assert!(behind.len() >= 2, "{}", behind.len());
        for frame in behind {
            let start = frame.bytes.start;
            let present = frame.first_seq;
            let missing = Damage {
                file: file.clone(),
                offset: start as u64,
                seq: Some(present),
                fault: Fault::Missing { present, promised },
            };
            assert_eq!(truncated(root, start), missing);
            for record in frame.records {
                let bytes = (record.end - start) as u64;
                let torn = Damage { fault: Fault::Torn { bytes }, ..missing.clone() };
                assert_eq!(truncated(root, record.end), torn);
            }
        }
    }
}

#[test]
fn files_that_are_missing_or_strange_are_named() {
    let dir = scratch();
    sample(dir.path(), 40);
    let check = |change: &dyn Fn(&Path), faults: &[Fault]| {
        let other = scratch();
        copy(dir.path(), other.path());
        change(other.path());
        let found: Vec<Fault> =
            verify(other.path()).unwrap().findings.into_iter().map(|d| d.fault).collect();
        assert_eq!(found, faults);
    };
    let remove = |name: &'static str| move |root: &Path| fs::remove_file(root.join(name)).unwrap();
    check(&|_| {}, &[]);
    check(&remove("FORMAT"), &[Fault::FormatMissing]);
    check(&remove("ledger/ACKNOWLEDGED"), &[Fault::MarkMissing]);
    check(&remove("ledger/00000001.seg"), &[Fault::SegmentMissing]);
    check(&|root| fs::write(root.join("ledger/x.seg"), "").unwrap(), &[Fault::Stranger]);
    check(
        &|root| fs::write(root.join("FORMAT"), "renkei-store 9\n").unwrap(),
        &[Fault::FormatNewer(9)],
    );
    check(
        &|root| {
            let at = |n: u32| root.join(format!("ledger/0000000{n}.seg"));
            fs::rename(at(2), at(1)).unwrap();
        },
        &[Fault::SegmentOrder, Fault::SegmentMissing],
    );
}

#[test]
fn what_is_not_a_ledger_is_a_wrong_call_not_a_finding() {
    let dir = scratch();
    let check = |path: &Path| {
        assert!(matches!(verify(path), Err(VerifyError::NotALedger(_))), "{}", path.display());
    };
    check(dir.path());
    check(&dir.path().join("nowhere"));
    fs::create_dir(dir.path().join("ledger")).unwrap();
    let report = verify(dir.path()).unwrap();
    assert!(!report.is_whole());
}

#[test]
fn the_ledger_folder_itself_may_be_given() {
    let dir = scratch();
    sample(dir.path(), 3);
    assert!(verify(&dir.path().join("ledger")).unwrap().is_whole());
}

#[test]
fn a_running_node_is_verified_up_to_what_it_acknowledged() {
    let dir = scratch();
    let (mut ledger, _) = open(dir.path());
    ledger.append(&batch(0, 5)).unwrap();
    let segment = dir.path().join("ledger/00000000.seg");
    let whole = fs::read(&segment).unwrap();
    // A batch that is being written at this moment.
    fs::write(&segment, [whole.as_slice(), b"RNKB half"].concat()).unwrap();
    let report = verify(dir.path()).unwrap();
    assert_eq!((report.shape, report.is_whole()), (Shape::LiveDirectory, true));
    drop(ledger);
    assert_eq!(real(dir.path()).map(|d| d.fault), Some(Fault::Torn { bytes: 9 }));
}

#[test]
fn an_export_holds_what_was_asked_for_and_verifies() {
    let dir = scratch();
    sample(dir.path(), 40);
    let check = |selection: Selection, first: u64, next: u64, left_out: u64| {
        let out = scratch();
        let exported = export(dir.path(), &selection, out.path()).unwrap();
        assert_eq!((exported.first_seq, exported.next_seq), (first, next));
        let mut bodies = 0;
        let report = verify_with(out.path(), |entry| {
            bodies += u64::from(entry.content.is_some() && entry.kind >= KIND_FIRST_FREE);
        })
        .unwrap();
        assert!(report.is_whole(), "{report:?}");
        assert_eq!((report.shape, report.bodies_left_out), (Shape::Export, left_out));
        assert_eq!((report.first_seq, report.next_seq), (first, next));
        assert!(selection.until.is_none_or(|until| report.signed >= until));
        bodies
    };
    let all = Selection::default();
    assert_eq!(check(all.clone(), 0, 129, 0), 120);
    let part = Selection { from: 20, until: Some(60), kinds: None };
    assert_eq!(check(part.clone(), 20, 65, 0), 42);
    assert_eq!(check(Selection { kinds: Some([16].into()), ..part }, 20, 65, 28), 14);
    let none = Selection { kinds: Some([].into()), ..all };
    assert_eq!(check(none, 0, 129, 120), 0);
}

#[test]
fn a_whole_export_is_a_copy_of_the_segments() {
    let (dir, out) = (scratch(), scratch());
    sample(dir.path(), 40);
    export(dir.path(), &Selection::default(), out.path()).unwrap();
    for file in files(dir.path()).iter().filter(|f| is_segment(f)) {
        let copy = out.path().join(file.strip_prefix(dir.path()).unwrap());
        assert_eq!(fs::read(file).unwrap(), fs::read(copy).unwrap());
    }
}

#[test]
fn an_export_of_damage_or_onto_something_is_refused() {
    let dir = scratch();
    sample(dir.path(), 10);
    let all = Selection::default();
    let onto = export(dir.path(), &all, dir.path());
    assert!(matches!(onto, Err(ExportError::NotEmpty(_))), "{onto:?}");
    let out = scratch();
    let beyond = export(dir.path(), &Selection { from: 900, ..all.clone() }, out.path());
    assert!(matches!(beyond, Err(ExportError::Empty { from: 900, .. })), "{beyond:?}");
    let segment = dir.path().join("ledger/00000000.seg");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[700] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let damaged = export(dir.path(), &all, out.path());
    assert!(matches!(damaged, Err(ExportError::Damaged(_))), "{damaged:?}");
    assert!(!verify(out.path()).unwrap().is_whole());
    let nowhere = scratch();
    drop(StoreDir::open(nowhere.path()).unwrap());
    let empty = export(nowhere.path(), &all, &nowhere.path().join("out"));
    assert!(matches!(empty, Err(ExportError::NotALedger(_))), "{empty:?}");
}

fn words(report: &Report, language: Language) -> String {
    report.text(language).replace(&report.path.display().to_string(), "DIR")
}

#[test]
fn the_report_speaks_plainly_in_both_languages() {
    let dir = scratch();
    sample(dir.path(), 12);
    let whole = verify(dir.path()).unwrap();
    expect![[r#"
        YES: the ledger `DIR` is whole: every byte was checked
        of JPN `demo-jpn`, exercise:demo, epoch 1; key fe81 2c12 f3ab 4ce6 ac5d b69a c352 f906 cb1b 11ef 43fb 33e2 52ef 7ff5 5226 3889
        39 records (0 to 38) from 2026-11-18T11:06:40Z to 2026-11-18T11:06:49Z
        signed checkpoints that hold: 2; the last covers the records before 32, root f3f5ba3842749315aa74ea8e4a793a599c093842b3eee2811198987d0f5de73a; records after it: 7
    "#]]
    .assert_eq(&words(&whole, Language::En));
    let segment = dir.path().join("ledger/00000000.seg");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[1000] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let damaged = verify(dir.path()).unwrap();
    expect![[r#"
        NO: the ledger `DIR` is not whole: 1 finding
        of JPN `demo-jpn`, exercise:demo, epoch 1; key fe81 2c12 f3ab 4ce6 ac5d b69a c352 f906 cb1b 11ef 43fb 33e2 52ef 7ff5 5226 3889
        36 records (0 to 38) from 2026-11-18T11:06:40Z to 2026-11-18T11:06:49Z
        signed checkpoints that hold: 1; the last covers the records before 32, root f3f5ba3842749315aa74ea8e4a793a599c093842b3eee2811198987d0f5de73a; records after it: 7
        `DIR/ledger/00000000.seg`, byte 857, record 5: the record's checksum does not match its bytes
    "#]].assert_eq(&words(&damaged, Language::En));
    expect![[r#"
        否：台帳「DIR」に異常1件
        JPN「demo-jpn」、区画 exercise:demo、第1期、鍵 fe81 2c12 f3ab 4ce6 ac5d b69a c352 f906 cb1b 11ef 43fb 33e2 52ef 7ff5 5226 3889
        記録36件（0～38）、2026-11-18T11:06:40Zから2026-11-18T11:06:49Zまで
        署名済み検査点1件が有効。最後の検査点は記録32の手前まで、ルート f3f5ba3842749315aa74ea8e4a793a599c093842b3eee2811198987d0f5de73a。以後の未署名の記録7件
        `DIR/ledger/00000000.seg` 857バイト目 記録5：記録の検査値が不一致
    "#]].assert_eq(&words(&damaged, Language::Ja));
}
