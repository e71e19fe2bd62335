//! A forger makes all checksums match: hashes and signatures still tell.

use std::fs;
use std::path::Path;

use ed25519_dalek::{Signer as _, SigningKey};
use renkei_store::StoreDir;
use renkei_store::ledger::{
    Fault, KIND_CHECKPOINT, Ledger, Limits, Owner, Selection, export, verify,
};

use crate::layout::{Frame, body, forge, frames, header};
use crate::world::{NOON, batch, files, owner, sample, scratch};

/// Changes record `wanted` (batch, record) of the first segment with `change`, makes the checksums
/// match, and gives what is found.
fn forged(root: &Path, (batch, record): (usize, usize), change: &dyn Fn(&mut [u8])) -> Vec<Fault> {
    let path = root.join("ledger/00000000.seg");
    let whole = fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    let frame: &Frame = &frames(&bytes)[batch];
    change(&mut bytes[frame.records[record].clone()]);
    forge(&mut bytes, frame, record);
    fs::write(&path, bytes).unwrap();
    let found = verify(root).unwrap().findings.into_iter().map(|d| d.fault).collect();
    fs::write(&path, whole).unwrap();
    found
}

#[test]
fn a_changed_body_does_not_keep_the_headers_promise() {
    let dir = scratch();
    sample(dir.path(), 12);
    let change = |record: &mut [u8]| record[body(record).start] ^= 1;
    assert_eq!(forged(dir.path(), (2, 1), &change), [Fault::Commitment]);
}

#[test]
fn a_changed_header_breaks_the_next_checkpoint() {
    let dir = scratch();
    sample(dir.path(), 12);
    // The last bytes of a header are commitment and term; before them lies the time.
    let change = |record: &mut [u8]| {
        let end = header(record).end;
        record[end - 1 - 34 - 1] ^= 1;
    };
    let found = forged(dir.path(), (2, 1), &change);
    assert!(found.contains(&Fault::CheckpointRoot), "{found:?}");
    assert!(!found.contains(&Fault::Commitment), "{found:?}");
}

#[test]
fn a_record_of_another_number_or_version_is_found() {
    let dir = scratch();
    sample(dir.path(), 12);
    let seq = |record: &mut [u8]| {
        // A one-byte number just before kind (1), time (9), commitment (34) and term (1).
        let at = header(record).end - 1 - 34 - 9 - 1 - 1;
        record[at] += 1;
    };
    let found = forged(dir.path(), (2, 0), &seq);
    assert!(matches!(found[0], Fault::Sequence { .. }), "{found:?}");
    let version = |record: &mut [u8]| record[header(record).start + 1] = 3;
    assert_eq!(forged(dir.path(), (2, 0), &version)[0], Fault::RecordVersion(3));
    // Format 1 had no term of retention: such a header is neither.
    let version = |record: &mut [u8]| record[header(record).start + 1] = 1;
    assert_eq!(forged(dir.path(), (2, 0), &version)[0], Fault::RecordVersion(1));
    let flags = |record: &mut [u8]| record[6] |= 2;
    assert_eq!(forged(dir.path(), (2, 0), &flags)[0], Fault::RecordFlags);
}

#[test]
fn a_checkpoint_of_another_hand_is_found() {
    let dir = scratch();
    let other = SigningKey::from_bytes(&[8; 32]);
    let store = StoreDir::open(dir.path()).unwrap();
    let limits = Limits::default();
    let (mut ledger, _) =
        Ledger::open_with(&store, &owner(), limits, NOON, &crate::world::sign).unwrap();
    ledger.append(&batch(0, 3)).unwrap();
    ledger.checkpoint(NOON, &|bytes| other.sign(bytes).to_bytes()).unwrap();
    drop((ledger, store));
    let found = verify(dir.path()).unwrap();
    assert_eq!(found.findings.len(), 1);
    assert_eq!(found.findings[0].fault, Fault::CheckpointSignature);
    assert_eq!(found.signed, 0);
}

#[test]
fn a_ledger_under_a_key_that_did_not_sign_its_notice_is_found() {
    let dir = scratch();
    let store = StoreDir::open(dir.path()).unwrap();
    let stolen = Owner {
        public_key: SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes(),
        ..owner()
    };
    drop(Ledger::open(&store, &stolen, NOON, &crate::world::sign).unwrap());
    drop(store);
    let found = verify(dir.path()).unwrap().findings;
    assert_eq!(found[0].fault, Fault::NoticeSignature);
}

#[test]
fn a_body_may_be_missing_only_where_the_list_of_contents_says_so() {
    let (dir, out) = (scratch(), scratch());
    sample(dir.path(), 5);
    let selection = Selection { kinds: Some([16].into()), ..Selection::default() };
    export(dir.path(), &selection, out.path()).unwrap();
    assert!(verify(out.path()).unwrap().is_whole());
    // The same files passed off as a list of everything.
    let list = out.path().join("EXPORT");
    let text = fs::read_to_string(&list).unwrap();
    let text = text.split_once("crc32c").unwrap().0.replace("bodies 16\n", "bodies all\n");
    let crc = crc32c::crc32c(text.as_bytes());
    fs::write(&list, format!("{text}crc32c {crc:08x}\n")).unwrap();
    let found = verify(out.path()).unwrap().findings;
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|d| d.fault == Fault::BodyMissing), "{found:?}");
}

#[test]
fn checkpoints_are_c2sp_notes() {
    let dir = scratch();
    sample(dir.path(), 5);
    let mut notes = Vec::new();
    renkei_store::ledger::verify_with(dir.path(), |entry| {
        if entry.kind == KIND_CHECKPOINT {
            notes.push(String::from_utf8(entry.body().unwrap().to_vec()).unwrap());
        }
    })
    .unwrap();
    assert_eq!(files(dir.path()).len(), 3);
    expect_test::expect![[r#"
        renkei/ledger/JPN/exercise:demo
        16
        ebZRYVmSfoJqV1xvQ8vG1E4LHPExZ8EYwBP0JdFN+Rw=

        — renkei/ledger/JPN/exercise:demo RbskaPMCTpEUZ99LecGI9bpdjFTJts419y+vD2XUJG7AvaM0Tze1001zB6EqZOicF0kCCP3g7RxMDLcboOpHCX4O2AE=
    "#]].assert_eq(&notes.concat());
}
