//! Destruction by two persons: the body is gone from the files, the proofs hold, and a body that is
//! missing without such an order is damage.

use std::fs;
use std::path::Path;

use renkei_model::id::Nation;
use renkei_model::seat::SeatId;
use renkei_model::statement::{Bilingual, Language, Signatory};
use renkei_store::ledger::{DestroyError, Fault, Order, Selection, export, verify, verify_with};

use crate::layout::{forge, frames};
use crate::world::{NOON, copy, entry, files, open, sample, scratch, sign};

fn person(name: &str) -> Signatory {
    let seat = SeatId(format!("seat of {name}"));
    Signatory { nation: Nation::JPN, seat, person: name.into(), passkey: None }
}

fn order(records: &[u64]) -> Order {
    Order {
        records: records.iter().copied().collect(),
        kinds: [16, 17, 18].into(),
        reason: Bilingual { en: "personal data".into(), ja: "個人情報のため".into() },
        authority: "rule 7".into(),
        proposed: (person("A"), NOON),
        approved: (person("B"), NOON.plus_ms(1)),
    }
}

fn destroy(root: &Path, order: &Order) -> Result<bool, DestroyError> {
    let (mut ledger, _) = open(root);
    ledger.destroy(order, NOON.plus_ms(2), &sign).map(|receipt| receipt.is_some())
}

fn holds(root: &Path, needle: &[u8]) -> bool {
    let held = |file| fs::read(file).unwrap().windows(needle.len()).any(|part| part == needle);
    files(root).into_iter().any(held)
}

/// The entry that is record `seq` of the sample, whose checkpoints lie between.
fn of_record(root: &Path, seq: u64) -> u64 {
    let mut n = 0;
    let mut found = 0;
    verify_with(root, |e| {
        if e.seq == seq {
            found = n;
        }
        n += u64::from(e.kind >= 16);
    })
    .unwrap();
    found
}

#[test]
fn an_order_of_two_removes_salt_and_body_and_every_proof_holds() {
    let dir = scratch();
    sample(dir.path(), 12);
    let before = verify(dir.path()).unwrap();
    let (number, other) = (of_record(dir.path(), 9), of_record(dir.path(), 10));
    assert!(holds(dir.path(), &entry(number).body) && holds(dir.path(), &entry(number).salt));
    assert!(destroy(dir.path(), &order(&[9])).unwrap());
    // `entry N ` repeated: the whole of it, with its salt before it, is in no file.
    let sealed = |n: u64| [&entry(n).salt[..], &entry(n).body].concat();
    assert!(!holds(dir.path(), &sealed(number)) && holds(dir.path(), &sealed(other)));
    assert!(!holds(dir.path(), &entry(number).salt));
    let report = verify(dir.path()).unwrap();
    assert!(report.is_whole(), "{}", report.text(Language::En));
    assert_eq!((report.bodies_destroyed, report.signed), (1, before.signed));
    let text = report.text(Language::En);
    let told = "destroyed by A (seat of A) and B (seat of B) on 2026-11-18T11:06:40.001Z, under rule 7, because: personal data; bodies of records 9 (10 y)";
    assert!(text.contains(told), "{text}");
    assert!(report.text(Language::Ja).contains("理由：個人情報のため"));
    // Done is done, and the ledger goes on.
    assert!(!destroy(dir.path(), &order(&[9])).unwrap());
    let (mut ledger, _) = open(dir.path());
    ledger.append(&crate::world::batch(900, 3)).unwrap();
    ledger.checkpoint(NOON, &sign).unwrap();
    drop(ledger);
    assert!(verify(dir.path()).unwrap().is_whole());
}

#[test]
fn one_person_alone_destroys_nothing() {
    let dir = scratch();
    sample(dir.path(), 6);
    let alone = Order { approved: (person("A"), NOON), ..order(&[3]) };
    assert!(matches!(destroy(dir.path(), &alone), Err(DestroyError::OnePerson(_))));
    for (seq, what) in [(0, "the key notice"), (999, "nothing")] {
        let refused = destroy(dir.path(), &order(&[seq]));
        assert!(matches!(refused, Err(DestroyError::NotAllowed { .. })), "{what}: {refused:?}");
    }
    let other_kinds = Order { kinds: [300].into(), ..order(&[3]) };
    assert!(matches!(destroy(dir.path(), &other_kinds), Err(DestroyError::NotAllowed { .. })));
    assert_eq!(verify(dir.path()).unwrap().bodies_destroyed, 0);
}

/// Takes the body of record `seq` out as a forger would: flag set, checksums right, no order.
fn rob(root: &Path, seq: u64, flag: u8) {
    for file in files(root).iter().filter(|f| f.extension().is_some_and(|e| e == "seg")) {
        let bytes = fs::read(file).unwrap();
        for frame in frames(&bytes) {
            let index = (frame.first_seq..).zip(&frame.records).position(|(n, _)| n == seq);
            let Some(index) = index else { continue };
            let record = frame.records[index].clone();
            let header = crate::layout::header(&bytes[record.clone()]).end;
            let cut = record.start + header..record.end - 4;
            let mut robbed = bytes.clone();
            robbed[record.start + 6] = flag;
            let gone = cut.len() as u32;
            let shorter = |bytes: &mut [u8], at: usize| {
                let old = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
                bytes[at..at + 4].copy_from_slice(&(old - gone).to_le_bytes());
            };
            shorter(&mut robbed, record.start);
            shorter(&mut robbed, frame.bytes.start + 4);
            let crc = crc32c::crc32c(&robbed[frame.bytes.start..frame.bytes.start + 20]);
            let at = frame.bytes.start + 20;
            robbed[at..at + 4].copy_from_slice(&crc.to_le_bytes());
            robbed.drain(cut);
            let frame = frames(&robbed).into_iter().find(|f| f.first_seq == frame.first_seq);
            forge(&mut robbed, &frame.unwrap(), index);
            fs::write(file, robbed).unwrap();
            return;
        }
    }
}

#[test]
fn a_body_that_is_missing_without_an_order_is_damage() {
    let dir = scratch();
    sample(dir.path(), 12);
    for flag in [0, 2] {
        let robbed = scratch();
        copy(dir.path(), robbed.path());
        rob(robbed.path(), 9, flag);
        let findings = verify(robbed.path()).unwrap().findings;
        let told = findings.iter().any(|f| f.seq == Some(9) && f.fault == Fault::BodyMissing);
        assert!(told, "flag {flag}: {findings:?}");
    }
    // The planted fault in reverse: a verifier that believes the flag alone would have said yes.
    assert!(destroy(dir.path(), &order(&[6])).unwrap());
    assert!(verify(dir.path()).unwrap().is_whole());
    rob(dir.path(), 9, 2);
    assert_eq!(verify(dir.path()).unwrap().findings.len(), 1, "the order names 6, not 9");
}

#[test]
fn an_order_that_a_crash_interrupted_is_carried_out_when_the_ledger_is_opened() {
    let dir = scratch();
    sample(dir.path(), 12);
    let crashed = scratch();
    copy(dir.path(), crashed.path());
    assert!(destroy(dir.path(), &order(&[6, 9])).unwrap());
    // The order's segment is there; of the rewritten one only a part lies beside the old.
    let of_order =
        files(dir.path()).into_iter().rfind(|f| f.extension().is_some_and(|e| e == "seg"));
    let of_order = of_order.unwrap();
    fs::copy(&of_order, crashed.path().join("ledger").join(of_order.file_name().unwrap())).unwrap();
    fs::copy(dir.path().join("ledger/ACKNOWLEDGED"), crashed.path().join("ledger/ACKNOWLEDGED"))
        .unwrap();
    fs::write(crashed.path().join("ledger/00000000.new"), b"half").unwrap();
    let findings = verify(crashed.path()).unwrap().findings;
    assert!(findings.iter().any(|f| f.fault == Fault::StillThere || f.fault == Fault::Stranger));
    let (ledger, recovery) = open(crashed.path());
    assert_eq!(recovery.destroyed, 2);
    drop(ledger);
    let report = verify(crashed.path()).unwrap();
    assert!(report.is_whole(), "{}", report.text(Language::En));
    assert_eq!(report.bodies_destroyed, 2);
}

#[test]
fn an_export_carries_the_order_also_where_it_lies_outside_its_range() {
    let dir = scratch();
    sample(dir.path(), 12);
    assert!(destroy(dir.path(), &order(&[9])).unwrap());
    for selection in [Selection::default(), Selection { until: Some(12), ..Default::default() }] {
        let out = scratch();
        let made = export(dir.path(), &selection, out.path()).unwrap();
        let report = verify(out.path()).unwrap();
        assert!(report.is_whole(), "{made:?} {}", report.text(Language::En));
        assert_eq!((report.bodies_destroyed, report.destructions.len()), (1, 1));
    }
}
