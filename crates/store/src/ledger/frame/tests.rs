//! What is written is read back; any other bytes are refused without a panic.

use proptest::prelude::*;
use renkei_model::cbor::to_canonical;
use renkei_model::id::Nation;

use super::*;
use crate::ledger::KeyNotice;
use crate::ledger::append::header_prefix;

fn notice() -> KeyNotice {
    KeyNotice {
        nation: Nation::USA,
        name: "n".into(),
        partition: Partition::Simulation("s-1".into()),
        epoch: 1,
        public_key: [3; 32],
        revokes: None,
    }
}

fn header(seq: u64, sealed: Sealed<'_>) -> Header {
    Header {
        version: FORMAT_VERSION,
        partition: notice().partition,
        key: notice().key(),
        seq,
        kind: 300,
        time: Timestamp(-5),
        commitment: sealed.commitment(),
        retention: Some(Retention::TEN_YEARS),
    }
}

/// A batch frame of these bodies; those that are `None` are left out.
fn frame(first_seq: u64, bodies: &[(Vec<u8>, bool)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = BatchWriter::new(&mut out, first_seq);
    for ((body, kept), seq) in bodies.iter().zip(first_seq..) {
        let sealed = Sealed { salt: &[8; 32], body };
        writer.push(
            &to_canonical(&header(seq, sealed)),
            if *kept { Content::Here(sealed) } else { Content::LeftOut },
        );
    }
    writer.finish();
    out
}

fn read(bytes: &[u8]) -> Option<Vec<(u64, Option<Vec<u8>>)>> {
    let head = BatchHead::read(bytes)?;
    let whole = bytes.get(..head.frame_length())?.to_vec();
    let batch = Batch::check(0, head, whole).ok()?;
    batch
        .records()
        .map(|r| r.ok().map(|r| (r.header.seq, r.sealed().map(|s| s.body.to_vec()))))
        .collect()
}

#[test]
fn the_fixed_beginning_of_a_header_is_the_canonical_one() {
    let header = header(70_000, Sealed { salt: &[0; 32], body: b"x" });
    assert!(to_canonical(&header).starts_with(&header_prefix(&notice())));
    assert_eq!(to_canonical(&Partition::Real), [0x82, 0, 0x80]);
    assert_eq!(to_canonical(&Partition::Exercise("a".into())), [0x82, 1, 0x81, 0x61, b'a']);
}

#[test]
fn a_segments_head_with_a_wrong_number_of_peaks_is_refused() {
    let head = SegmentHead { number: 3, tree: Frontier::default() }.to_bytes();
    assert_eq!(SegmentHead::read(&head).map(|h| h.number), Some(3));
    let mut forged = head.clone();
    forged[16] = 1;
    forged.truncate(24);
    seal(&mut forged, 0);
    assert_eq!(SegmentHead::read(&forged), None);
}

proptest! {
    #[test]
    fn a_batch_gives_back_what_was_put_in(
        first in 0..u64::from(u32::MAX),
        bodies in proptest::collection::vec(any::<(Vec<u8>, bool)>(), 1..20),
    ) {
        let bytes = frame(first, &bodies);
        let expected = bodies.into_iter().zip(first..);
        let expected = expected.map(|((body, kept), seq)| (seq, kept.then_some(body)));
        prop_assert_eq!(read(&bytes), Some(expected.collect::<Vec<_>>()));
    }

    #[test]
    fn a_changed_byte_is_refused(
        bodies in proptest::collection::vec(any::<(Vec<u8>, bool)>(), 1..5),
        at: prop::sample::Index,
        change in 1..=255u8,
    ) {
        let mut bytes = frame(9, &bodies);
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert_eq!(read(&bytes), None);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        read(&bytes);
        SegmentHead::read(&bytes);
        SegmentHead::length(&bytes);
    }

    #[test]
    fn any_bytes_under_good_checksums_are_read_or_refused(mut record: Vec<u8>) {
        // What a forger could write: a record of any bytes in a frame whose checksums match.
        let length = (record.len() + 8) as u32;
        record.splice(0..0, length.to_le_bytes());
        seal(&mut record, 0);
        let mut bytes = BATCH_MAGIC.to_vec();
        for number in [record.len() as u32, 1] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&7u64.to_le_bytes());
        seal(&mut bytes, 0);
        bytes.extend(record);
        seal(&mut bytes, 0);
        prop_assert!(BatchHead::read(&bytes).is_some());
        prop_assert_eq!(read(&bytes), None);
    }
}
