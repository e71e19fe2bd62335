//! The two nodes notarise each other: what crossed is cosigned, what stays at home shows nothing.

use std::collections::BTreeMap;

use ed25519_dalek::Signer as _;
use expect_test::expect;
use renkei_core::affairs::decision::Half;
use renkei_core::affairs::entry::Entry;
use renkei_core::affairs::witness::{Against, verify};
use renkei_core::affairs::{AffairsInput, Choice, Command, Place};
use renkei_model::cbor::{from_canonical, to_canonical};
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::seat::Role;
use renkei_model::statement::{
    BorderHead, KeyId, LogEnd, Notarial, RECORD_VERSION, Record, SignedRecord, Statement,
};
use renkei_model::track::TrackNumber;

use super::agreement::{answer, begin, draft, offer};
use super::pair::{JPN, Pair, USA, key, label};

/// An agreement, two heads a side, and commitments of Japan to two checkpoints.
fn scene() -> Pair {
    let mut pair = Pair::new();
    beat(&mut pair);
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    answer(&mut pair, USA, Choice::Agree).unwrap();
    pair.quiet();
    beat(&mut pair);
    pair
}

fn note(n: u64) -> String {
    format!("a checkpoint of {n} records\n")
}

/// Ten minutes pass; a checkpoint of the national ledger is known.
fn beat(pair: &mut Pair) {
    pair.pass(600);
    let size = pair.nodes[JPN].ledger.len() as u64;
    pair.act(JPN, AffairsInput::Checkpointed(note(size)));
    pair.tick();
    pair.quiet();
}

fn notarial(pair: &Pair, i: usize) -> Vec<(Record, Notarial)> {
    let mut found = Vec::new();
    for (kind, body) in &pair.nodes[i].ledger {
        if let Ok(Some(Entry::Partner(e))) = Entry::from_body(*kind, body) {
            let record: Record = from_canonical(&e.signed.bytes).unwrap();
            if let Statement::Notarial(notarial) = record.statement.clone() {
                found.push((record, notarial));
            }
        }
    }
    found
}

fn report(pair: &Pair, i: usize, change: impl Fn(&mut Vec<(u16, Vec<u8>)>)) -> (bool, String) {
    let partition = Partition::Exercise("keen".into());
    let mut entries = pair.nodes[i].ledger.clone();
    change(&mut entries);
    let keys = [JPN, USA].map(|i| (pair.nodes[i].nation, vec![key(i).verifying_key().to_bytes()]));
    let records = entries.len() as u64;
    let checkpoints: BTreeMap<_, _> = (0..records).map(|n| (note(n), n)).collect();
    let half = Half { nation: pair.nodes[i].nation, entries };
    let against = Against {
        partner: pair.nodes[1 - i].nation,
        partition: &partition,
        keys: &keys.into(),
        checkpoints: &checkpoints,
        records,
        complete: true,
    };
    let lines = verify(&half, &against);
    let text = lines.iter().map(|line| format!("{}\n", line.text.en)).collect();
    (lines.iter().all(|line| line.sound), text)
}

#[test]
fn what_crossed_is_cosigned_by_the_side_that_received_it() {
    let pair = scene();
    let (sound, text) = report(&pair, JPN, |_| {});
    assert!(sound, "{text}");
    expect![[r#"
        From the Japanese side to the US side crossed 18 records; 2 signed heads, the last over 15; cosigned up to entry 15 at 2026-11-22T06:48:00Z by the reader's clock.
        From the US side to the Japanese side crossed 17 records; 2 signed heads, the last over 14; cosigned up to entry 14 at 2026-11-22T06:48:00Z by the reader's clock.
        The US side countersigned at 2026-11-22T06:48:00Z by its own clock: the records before 65 were not rewritten since. The 13 records after them have no witness yet.
    "#]].assert_eq(&text);
    let (sound, text) = report(&pair, USA, |_| {});
    assert!(sound, "{text}");
}

#[test]
fn a_half_that_lost_or_changed_what_crossed_is_named_with_its_range() {
    // The planted fault, once for each record that crossed.
    let pair = scene();
    let mut caught = 0;
    for i in [JPN, USA] {
        for at in 0..pair.nodes[i].ledger.len() {
            let (kind, body) = &pair.nodes[i].ledger[at];
            let crossed = match Entry::from_body(*kind, body) {
                Ok(Some(Entry::Partner(e))) => !matches!(
                    from_canonical::<Record>(&e.signed.bytes).unwrap().statement,
                    Statement::Notarial(_)
                ),
                Ok(Some(Entry::Placed(placed))) => placed.record.counter < 1 << 40,
                _ => false,
            };
            if crossed {
                let (sound, text) = report(&pair, i, |entries| drop(entries.remove(at)));
                assert!(!sound && text.contains("does not fit its own log"), "{at}: {text}");
                caught += 1;
            }
        }
    }
    assert!(caught > 20, "{caught}");
}

#[test]
fn notarial_records_alone_are_never_notarised() {
    let mut pair = scene();
    let heads = |pair: &Pair| {
        let all = notarial(pair, USA);
        all.iter().filter(|(_, n)| matches!(n, Notarial::Head(_))).count()
    };
    let before = heads(&pair);
    assert_eq!(before, 2);
    for _ in 0..20 {
        beat(&mut pair);
    }
    assert_eq!(heads(&pair), before);
}

#[test]
fn a_head_that_does_not_fit_rings_and_is_not_cosigned() {
    let mut pair = scene();
    let epoch = 0;
    let partition = Partition::Exercise("keen".into());
    let origin = renkei_model::note::border_origin(Nation::JPN, Nation::USA, &partition, epoch);
    let seq = pair.nodes[USA].affairs.cursors()[&4].seq;
    let (root, size) = (renkei_model::cbor::Digest::of(b"another history"), 90);
    let key = key(JPN);
    let public_key = key.verifying_key().to_bytes();
    let sign = |bytes: &[u8]| key.sign(bytes).to_bytes();
    let note = renkei_model::note::Checkpoint { size, root }.sign(&origin, &public_key, &sign);
    let up_to = vec![LogEnd { class: 4, seq }];
    let record = Record {
        version: RECORD_VERSION,
        id: ObjectId { node: Nation::JPN, partition, epoch, counter: 1 << 62 | 900 },
        made_at: pair.now,
        label: label(JPN),
        statement: Statement::Notarial(Notarial::Head(BorderHead { epoch, note, up_to })),
    };
    let bytes = to_canonical(&record);
    let signature = sign(&[SignedRecord::DOMAIN, &bytes].concat());
    let record = SignedRecord { bytes, key: KeyId::of(&public_key), signature, cose: None };
    let cosigned = |pair: &Pair| {
        let all = notarial(pair, JPN);
        all.iter().filter(|(_, n)| matches!(n, Notarial::Cosigned(_))).count()
    };
    let before = cosigned(&pair);
    let place = Place { epoch, seq: seq + 1 };
    pair.act(USA, AffairsInput::Received { from: Nation::JPN, class: 4, place, record });
    pair.quiet();
    assert_eq!(cosigned(&pair), before);
    let attention = pair.nodes[USA].affairs.snapshot(pair.now).attention;
    let alarm = attention.iter().find(|item| item.kind == "border_mismatch").expect("an alarm");
    assert_eq!(alarm.args["end"].en, "90");
    assert!(pair.nodes[USA].replayed(USA).same_state(&pair.nodes[USA].affairs));
}

/// What the partner sees of Japan's commitments: everything but the commitment itself. `leak` shows
/// in it what must not be there: the length of the ledger.
fn seen(busy: bool, leak: bool) -> Vec<(Record, usize)> {
    let mut pair = Pair::new();
    for n in 0..5 {
        beat(&mut pair);
        for _ in 0..if busy { 7 + n } else { 0 } {
            let watch =
                Command::WatchTrack { track: TrackNumber(40), reason: "r".into(), for_s: 60 };
            pair.ask(JPN, Role::WatchOfficer, watch).unwrap();
        }
    }
    let seals = notarial(&pair, USA);
    let seals = seals.into_iter().filter(|(_, n)| matches!(n, Notarial::Sealed(_)));
    let blank = renkei_model::cbor::Digest::of(b"");
    let seen = seals.map(|(record, _)| {
        let bytes = to_canonical(&record).len();
        let length = if leak { pair.nodes[JPN].ledger.len() } else { 0 };
        let statement = Statement::Notarial(Notarial::Sealed(blank));
        (Record { statement, ..record }, bytes + length)
    });
    seen.collect()
}

#[test]
fn a_busy_headquarters_commits_exactly_as_a_quiet_one() {
    let quiet = seen(false, false);
    assert_eq!(quiet.len(), 5);
    assert!(quiet.iter().all(|(_, bytes)| *bytes == quiet[0].1), "always as long");
    assert_eq!(seen(true, false), quiet);
    // The planted leak: one number of the national ledger in what crosses.
    assert_ne!(seen(true, true), seen(false, true));
}

#[test]
fn a_ledger_that_was_rewritten_is_told_by_the_countersigned_commitment() {
    let pair = scene();
    let partition = Partition::Exercise("keen".into());
    let half = Half { nation: Nation::JPN, entries: pair.nodes[JPN].ledger.clone() };
    let keys = [JPN, USA].map(|i| (pair.nodes[i].nation, vec![key(i).verifying_key().to_bytes()]));
    let against = Against {
        partner: Nation::USA,
        partition: &partition,
        keys: &keys.into(),
        // Another history has other checkpoints.
        checkpoints: &BTreeMap::new(),
        records: 40,
        complete: true,
    };
    let lines = verify(&half, &against);
    let told = lines.iter().find(|line| !line.sound).expect("told");
    assert!(told.text.en.contains("not in this ledger"), "{}", told.text.en);
}
