//! Appending and reading back.

use std::collections::BTreeMap;

use renkei_model::id::{Nation, Partition};
use renkei_model::merkle::{inclusion_proof, proves_inclusion};
use renkei_store::StoreDir;
use renkei_store::ledger::{
    AppendError, BODY_MAX, Batch, Cursor, Cursors, Entry, KIND_FIRST_FREE, Ledger, OpenError,
    Owner, Receipt, StoredEntry,
};

use crate::world::{NOON, batch, entry, moving, open, owner, sample, scratch, sign};

/// The caller's entries of a ledger.
fn own(ledger: &Ledger, from: u64) -> Vec<StoredEntry> {
    let all = ledger.entries(from).collect::<Result<Vec<_>, _>>().unwrap();
    all.into_iter().filter(|e| e.kind >= KIND_FIRST_FREE).collect()
}

fn cursor(class: u8, epoch: u32, seq: u64) -> Cursors {
    BTreeMap::from([((Nation::USA, class), Cursor { epoch, seq })])
}

#[test]
fn what_was_appended_is_read_back_after_any_number_of_segments() {
    let dir = scratch();
    sample(dir.path(), 40);
    let segments = std::fs::read_dir(dir.path().join("ledger")).unwrap().count() - 1;
    assert!(segments > 4, "{segments}");
    let (ledger, recovery) = open(dir.path());
    assert_eq!(recovery, Default::default());
    let read = own(&ledger, 0);
    assert_eq!(read.len(), 120);
    for (n, stored) in (0..).zip(&read) {
        let Entry { kind, time, salt, body, .. } = entry(n);
        let content = stored.content.as_ref().unwrap();
        assert_eq!((stored.kind, stored.time), (kind, time));
        assert_eq!((content.salt, &content.body), (salt, &body));
    }
    for from in [0, 1, 17, 60, ledger.len() - 1, ledger.len(), ledger.len() + 5] {
        let some: Vec<_> = read.iter().filter(|e| e.seq >= from).cloned().collect();
        assert_eq!(own(&ledger, from), some, "from {from}");
    }
}

#[test]
fn a_receipt_names_the_records_of_its_batch() {
    let dir = scratch();
    let (mut ledger, recovery) = open(dir.path());
    assert!(recovery.created);
    let receipt = |first_seq, next_seq| Receipt { first_seq, next_seq };
    assert_eq!(ledger.append(&batch(0, 3)).unwrap(), receipt(1, 4));
    assert_eq!(ledger.append(&moving(vec![entry(3)], cursor(1, 1, 8))).unwrap(), receipt(4, 6));
    assert_eq!(ledger.append(&moving(vec![], cursor(1, 1, 9))).unwrap(), receipt(6, 7));
    assert_eq!(ledger.len(), 7);
}

#[test]
fn cursors_come_back_with_the_entries_they_came_with() {
    let dir = scratch();
    let (mut ledger, _) = open(dir.path());
    ledger.append(&moving(vec![entry(0)], cursor(1, 1, 8))).unwrap();
    ledger.append(&moving(vec![entry(1)], cursor(2, 1, 3))).unwrap();
    ledger.append(&moving(vec![entry(2)], cursor(1, 2, 1))).unwrap();
    let mut expected = cursor(1, 2, 1);
    expected.extend(cursor(2, 1, 3));
    assert_eq!(ledger.cursors(), &expected);
    drop(ledger);
    assert_eq!(open(dir.path()).0.cursors(), &expected);
}

#[test]
fn a_bad_batch_is_refused_and_nothing_of_it_is_kept() {
    let dir = scratch();
    let (mut ledger, _) = open(dir.path());
    ledger.append(&moving(vec![entry(0)], cursor(1, 1, 8))).unwrap();
    let (len, root) = (ledger.len(), ledger.root());
    let mut check = |batch: &Batch, why: fn(&AppendError) -> bool| {
        let error = ledger.append(batch).unwrap_err();
        assert!(why(&error), "{error}");
        assert_eq!((ledger.len(), ledger.root()), (len, root));
    };
    check(&Batch::default(), |e| matches!(e, AppendError::Empty));
    check(&moving(vec![], Cursors::new()), |e| matches!(e, AppendError::Empty));
    let backwards = moving(vec![entry(1)], cursor(1, 1, 7));
    check(&backwards, |e| matches!(e, AppendError::CursorBackwards { class: 1, .. }));
    let reserved = Batch { entries: vec![Entry { kind: 2, ..entry(1) }], cursors: None };
    check(&reserved, |e| matches!(e, AppendError::ReservedKind(2)));
    let long = Entry { body: vec![0; BODY_MAX + 1], ..entry(1) };
    let long = Batch { entries: vec![entry(1), long], cursors: None };
    check(&long, |e| matches!(e, AppendError::BodyTooLong { index: 1, .. }));
    let full = Entry { body: vec![0; BODY_MAX], ..entry(1) };
    let heavy = Batch { entries: vec![full; 17], cursors: None };
    check(&heavy, |e| matches!(e, AppendError::TooLong { records: 17, .. }));
}

#[test]
fn a_ledger_opens_for_its_own_node_partition_and_key_alone() {
    let dir = scratch();
    sample(dir.path(), 1);
    let check = |other: Owner| {
        let store = StoreDir::open(dir.path()).unwrap();
        let refused = Ledger::open(&store, &other, NOON, &sign).unwrap_err();
        assert!(matches!(refused, OpenError::Foreign { .. }), "{refused}");
    };
    check(Owner { nation: Nation::USA, ..owner() });
    check(Owner { partition: Partition::Real, ..owner() });
    check(Owner { public_key: [1; 32], ..owner() });
    let store = StoreDir::open(dir.path()).unwrap();
    Ledger::open(&store, &Owner { name: "renamed".into(), ..owner() }, NOON, &sign).unwrap();
}

#[test]
fn a_restore_opens_a_new_epoch_that_stays() {
    let dir = scratch();
    let (mut ledger, _) = open(dir.path());
    assert_eq!(ledger.notice().epoch, 1);
    assert_eq!(ledger.begin_epoch(NOON, &sign).unwrap(), 2);
    ledger.append(&batch(0, 1)).unwrap();
    drop(ledger);
    let (mut ledger, _) = open(dir.path());
    assert_eq!(ledger.notice().epoch, 2);
    assert_eq!(ledger.begin_epoch(NOON, &sign).unwrap(), 3);
}

#[test]
fn a_record_is_proved_under_a_checkpoint_without_the_others() {
    let dir = scratch();
    sample(dir.path(), 20);
    let (mut ledger, _) = open(dir.path());
    assert_eq!(ledger.last_checkpoint().map(|c| c.size), Some(64));
    let checkpoint = ledger.checkpoint(NOON, &sign).unwrap();
    assert_eq!(ledger.last_checkpoint(), Some(checkpoint));
    let all: Vec<_> = ledger.entries(0).map(Result::unwrap).collect();
    let leaves: Vec<_> =
        all.iter().map(|e| e.leaf).take(usize::try_from(checkpoint.size).unwrap()).collect();
    for (index, leaf) in leaves.iter().enumerate() {
        let proof = inclusion_proof(&leaves, index).unwrap();
        let holds = |leaf, at| proves_inclusion(leaf, at, checkpoint.size, &proof, checkpoint.root);
        assert!(holds(*leaf, index as u64));
        assert!(!holds(leaves[(index + 1) % leaves.len()], index as u64));
    }
}
