//! What a partner's record must be: each way to be wrong is refused, counted and named, and costs
//! the next good record nothing.

use expect_test::expect;
use renkei_core::affairs::entry::{Entry, kind};
use renkei_core::affairs::{AffairsInput, Choice, Place};
use renkei_model::cbor::{Digest, from_canonical, to_canonical};
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::position::MicroPosition;
use renkei_model::seat::{Authority, Role, SeatId, SeatNotice};
use renkei_model::statement::{
    Answer, Holding, Incident, IncidentState, KeyId, Occurrence, RECORD_VERSION, Record, Signatory,
    SignedRecord, Statement, Verdict, Zone,
};

use super::agreement::{answer, begin, current, draft, edit, offer};
use super::pair::{BEGIN, JPN, Pair, USA, both, key, label};

/// A record of the US node that says `statement`.
fn record(counter: u64, statement: Statement) -> Record {
    Record {
        version: RECORD_VERSION,
        id: usa_id(counter),
        made_at: BEGIN,
        label: label(USA),
        statement,
    }
}

fn usa_id(counter: u64) -> ObjectId {
    let partition = Partition::Exercise("keen".into());
    ObjectId { node: Nation::USA, partition, epoch: 0, counter: 1_000 + counter }
}

pub(crate) fn sign_bytes(bytes: Vec<u8>) -> SignedRecord {
    use ed25519_dalek::Signer as _;
    let key = key(USA);
    let signature = key.sign(&[SignedRecord::DOMAIN, &bytes].concat()).to_bytes();
    SignedRecord { bytes, key: KeyId::of(key.verifying_key().as_bytes()), signature, cose: None }
}

fn sign(record: &Record) -> SignedRecord {
    sign_bytes(to_canonical(record))
}

fn seat(counter: u64) -> Record {
    let notice = SeatNotice {
        nation: Nation::USA,
        seat: SeatId("j2".into()),
        title: both("Intelligence desk", "情報幕僚"),
        role: Role::J2,
        holder: Some(format!("Holder {counter}")),
        since: BEGIN,
        authority: vec![Authority::Task],
        counterpart: None,
        deputy: None,
    };
    record(counter, Statement::Seat(notice))
}

/// Hands a record to the Japanese node as the next of class 1; the codes of what it refused so far.
fn give_from(pair: &mut Pair, from: Nation, signed: SignedRecord) -> Vec<(&'static str, u64)> {
    let last = pair.nodes[JPN].affairs.cursors().get(&1).copied().unwrap_or_default();
    let place = Place { epoch: 0, seq: last.seq + 1 };
    pair.act(JPN, AffairsInput::Received { from, class: 1, place, record: signed });
    assert_eq!(pair.nodes[JPN].affairs.cursors()[&1], place, "its place is used up either way");
    let refused = pair.nodes[JPN].affairs.snapshot(pair.now).refused;
    refused.into_iter().map(|r| (r.code, r.count)).collect()
}

pub(crate) fn give(pair: &mut Pair, signed: SignedRecord) -> Vec<(&'static str, u64)> {
    give_from(pair, Nation::USA, signed)
}

/// Who sits at the US intelligence desk, as the Japanese node holds it.
fn holder(pair: &Pair) -> String {
    let seats = pair.nodes[JPN].affairs.snapshot(pair.now).seats;
    let desk = seats.into_iter().find(|s| s.seat.0 == "j2").and_then(|s| s.holder);
    desk.unwrap_or_default()
}

/// A damaged form of a good record is refused with `code`, and the good one is taken after it.
fn refuse(code: &str, damage: impl FnOnce(&Record) -> SignedRecord) {
    let mut pair = Pair::new();
    let good = seat(1);
    let told = give(&mut pair, damage(&good));
    assert_eq!(told, [(code, 1)]);
    assert_eq!(give(&mut pair, sign(&good)), [(code, 1)]);
    assert_eq!(holder(&pair), "Holder 1");
    assert!(pair.nodes[JPN].replayed(JPN).same_state(&pair.nodes[JPN].affairs));
}

#[test]
fn a_flipped_signature_is_refused() {
    refuse("RK-1203", |good| {
        let mut signed = sign(good);
        signed.signature[5] ^= 1;
        signed
    });
}

#[test]
fn a_flipped_text_is_refused() {
    refuse("RK-1203", |good| {
        let mut signed = sign(good);
        let last = signed.bytes.len() - 30;
        signed.bytes[last] ^= 1;
        signed
    });
}

#[test]
fn a_key_that_is_not_on_the_card_is_refused() {
    refuse("RK-1202", |good| {
        let mut signed = sign(good);
        signed.key = KeyId(1);
        signed
    });
}

#[test]
fn a_record_that_is_too_long_is_refused() {
    refuse("RK-1204", |_| sign_bytes(vec![0; 70_000]));
}

#[test]
fn another_spelling_of_the_same_record_is_refused() {
    refuse("RK-1205", |good| {
        let mut bytes = to_canonical(good);
        // An array of five with its length in a byte of its own: decodes alike, hashes otherwise.
        assert_eq!(bytes[0], 0x85);
        bytes.splice(0..1, [0x98, 5]);
        sign_bytes(bytes)
    });
}

#[test]
fn garbage_under_a_good_signature_is_refused() {
    refuse("RK-1205", |_| sign_bytes(b"not a record".to_vec()));
}

#[test]
fn a_record_in_anothers_name_is_refused() {
    refuse("RK-1206", |good| {
        let mut record = good.clone();
        record.id.node = Nation::JPN;
        sign(&record)
    });
}

#[test]
fn a_label_in_anothers_name_is_refused() {
    refuse("RK-1206", |good| {
        let mut record = good.clone();
        record.label.originator = Nation::JPN;
        sign(&record)
    });
}

#[test]
fn a_record_of_another_partition_is_refused() {
    refuse("RK-1207", |good| {
        let mut record = good.clone();
        record.id.partition = Partition::Real;
        sign(&record)
    });
}

#[test]
fn what_its_label_does_not_release_to_us_is_refused() {
    refuse("RK-1210", |good| {
        let mut record = good.clone();
        record.label.releasable_to.clear();
        sign(&record)
    });
}

#[test]
fn a_statement_for_another_nation_is_refused() {
    refuse("RK-1211", |good| {
        let mut record = good.clone();
        if let Statement::Seat(notice) = &mut record.statement {
            notice.nation = Nation::JPN;
        }
        sign(&record)
    });
}

#[test]
fn a_zone_without_an_inside_is_refused() {
    refuse("RK-1218", |good| {
        let zone = Zone {
            name: both("Line", "線"),
            ring: Vec::new(),
            domains: Vec::new(),
            neutral_too: false,
            holes: Vec::new(),
        };
        sign(&Record { statement: Statement::Zone(zone), ..good.clone() })
    });
}

#[test]
fn a_zone_without_holes_is_written_as_before_holes_were_known() {
    let corner = |latitude_udeg, longitude_udeg| MicroPosition { latitude_udeg, longitude_udeg };
    let ring = vec![corner(0, 0), corner(9, 0), corner(9, 9)];
    let zone = Zone {
        name: both("Box", "枠"),
        ring: ring.clone(),
        domains: Vec::new(),
        neutral_too: false,
        holes: Vec::new(),
    };
    let bytes = to_canonical(&zone);
    assert_eq!(bytes[0], 0x84, "an array of four");
    assert_eq!(from_canonical::<Zone>(&bytes).unwrap(), zone);
    let holed = Zone { holes: vec![ring], ..zone };
    let bytes = to_canonical(&holed);
    assert_eq!(bytes[0], 0x85, "an array of five");
    assert_eq!(from_canonical::<Zone>(&bytes).unwrap(), holed);
    let mut padded = bytes[..bytes.len() - 17].to_vec();
    padded.push(0x80);
    assert!(from_canonical::<Zone>(&padded).is_err(), "an empty list of holes is another spelling");
}

#[test]
fn a_third_party_is_refused() {
    let mut pair = Pair::new();
    let aus = "AUS".parse().unwrap();
    assert_eq!(give_from(&mut pair, aus, sign(&seat(1))), [("RK-1201", 1)]);
}

#[test]
fn a_record_counts_once() {
    let mut pair = Pair::new();
    let good = seat(1);
    assert_eq!(give(&mut pair, sign(&good)), []);
    assert_eq!(give(&mut pair, sign(&good)), [("RK-1208", 1)]);
    let mut other = seat(2);
    other.id = good.id;
    assert_eq!(give(&mut pair, sign(&other)), [("RK-1208", 1), ("RK-1209", 1)]);
    assert_eq!(holder(&pair), "Holder 1");
}

#[test]
fn a_place_that_was_given_before_is_not_taken_again() {
    let mut pair = Pair::new();
    let before = pair.nodes[JPN].ledger.len();
    let place = Place { epoch: 0, seq: 1 };
    let (from, record) = (Nation::USA, sign(&seat(1)));
    pair.act(JPN, AffairsInput::Received { from, class: 1, place, record: record.clone() });
    let place = Place { epoch: 0, seq: 40 };
    pair.act(JPN, AffairsInput::Received { from, class: 1, place, record });
    assert_eq!(pair.nodes[JPN].ledger.len(), before, "nor one beyond a gap");
}

#[test]
fn a_partner_restored_from_a_backup_begins_a_new_log() {
    let mut pair = Pair::new();
    let place = Place { epoch: 1, seq: 1 };
    let (from, record) = (Nation::USA, sign(&seat(1)));
    pair.act(JPN, AffairsInput::Received { from, class: 1, place, record });
    assert_eq!(pair.nodes[JPN].affairs.cursors()[&1], place);
}

#[test]
fn a_statement_of_a_newer_build_is_kept_word_for_word() {
    let mut pair = Pair::new();
    let mut bytes = vec![0x85, 0x02];
    for part in [to_canonical(&usa_id(1)), to_canonical(&BEGIN), to_canonical(&label(USA))] {
        bytes.extend(part);
    }
    bytes.extend([0x82, 0x18, 42, 0x81, 0x63, b'n', b'e', b'w']);
    let signed = sign_bytes(bytes);
    assert_eq!(give(&mut pair, signed.clone()), []);
    let (last, body) =
        pair.nodes[JPN].ledger.iter().rev().find(|(kind, _)| *kind == kind::PARTNER).unwrap();
    let Ok(Some(Entry::Partner(kept))) = Entry::from_body(*last, body) else { panic!("{body:?}") };
    assert_eq!(kept.signed, signed);
    assert_eq!(give(&mut pair, sign(&seat(1))), [("RK-1209", 1)], "its id counts as held");
    assert!(pair.nodes[JPN].replayed(JPN).same_state(&pair.nodes[JPN].affairs));
}

/// The kinds of occurrence grow: an older node keeps what it does not know and says nothing of it.
#[test]
fn an_occurrence_of_a_newer_build_is_kept_word_for_word() {
    let mut pair = Pair::new();
    let incident = Incident {
        incident: usa_id(2),
        revision: 0,
        occurrence: Occurrence::SafetyText { text: "ADRIFT".into() },
        subject: super::pair::ship(USA).subject,
        position: None,
        sensed_at: BEGIN,
        ingested_at: BEGIN,
        state: IncidentState::Reported,
        pair: None,
    };
    let bytes = |n| to_canonical(&record(n, Statement::Incident(incident.clone())));
    let (known, other) = (bytes(1), bytes(2));
    // The same record with its occurrence's kind, 15 here, as a newer build would number its own.
    let mut kind = vec![0x82, 15, 0x81, 0x66];
    kind.extend(b"ADRIFT");
    let at = known.windows(kind.len()).position(|w| w == kind).unwrap();
    let newer = [&known[..=at], &[0x18, 99], &known[at + 2..]].concat();
    let signed = sign_bytes(newer.clone());
    assert_eq!(give(&mut pair, signed.clone()), [], "it is taken, not refused");
    let (last, body) =
        pair.nodes[JPN].ledger.iter().rev().find(|(kind, _)| *kind == kind::PARTNER).unwrap();
    let Ok(Some(Entry::Partner(kept))) = Entry::from_body(*last, body) else { panic!("{body:?}") };
    assert_eq!(kept.signed.bytes, newer);
    assert!(pair.nodes[JPN].affairs.snapshot(BEGIN).incidents.is_empty());
    // Bytes that only begin like it are not taken.
    let short = sign_bytes([&other[..=at], &[0x18, 99]].concat());
    assert_eq!(give(&mut pair, short), [("RK-1205", 1)]);
    // What this build knows is an incident of theirs, so the test can tell the difference.
    assert_eq!(give(&mut pair, sign_bytes(bytes(3))), [("RK-1205", 1)], "no further one");
    assert_eq!(pair.nodes[JPN].affairs.snapshot(BEGIN).incidents.len(), 1);
    assert!(pair.nodes[JPN].replayed(JPN).same_state(&pair.nodes[JPN].affairs));
}

fn usa_answer(pair: &Pair, seat: &str, verdict: Verdict) -> Answer {
    let (option, version, _) = current(pair, JPN);
    Answer {
        domain: Answer::DOMAIN.into(),
        partition: Partition::Exercise("keen".into()),
        option,
        version,
        verdict,
        by: Signatory {
            nation: Nation::USA,
            seat: SeatId(seat.into()),
            person: "Gen. Ames".into(),
            passkey: None,
        },
        at: BEGIN,
    }
}

/// An offered version, and a way to hand the Japanese node an answer to it.
fn offered() -> Pair {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    pair
}

#[test]
fn an_answer_by_a_seat_without_authority_is_refused() {
    let mut pair = offered();
    let answer = usa_answer(&pair, "watch", Verdict::Agree);
    let told = give(&mut pair, sign(&record(1, Statement::Answer(answer))));
    assert_eq!(told, [("RK-1212", 1)]);
    let answer = usa_answer(&pair, "nobody", Verdict::Agree);
    let told = give(&mut pair, sign(&record(2, Statement::Answer(answer))));
    assert_eq!(told, [("RK-1212", 2)]);
}

#[test]
fn an_answer_to_what_was_never_offered_is_refused() {
    let mut pair = offered();
    let mut answer = usa_answer(&pair, "commander", Verdict::Agree);
    answer.version = Digest([9; 32]);
    let told = give(&mut pair, sign(&record(1, Statement::Answer(answer))));
    assert_eq!(told, [("RK-1213", 1)]);
}

#[test]
fn a_second_answer_is_refused() {
    let mut pair = offered();
    let answer = usa_answer(&pair, "commander", Verdict::Lapsed);
    assert_eq!(give(&mut pair, sign(&record(1, Statement::Answer(answer)))), []);
    let answer = usa_answer(&pair, "commander", Verdict::Agree);
    let told = give(&mut pair, sign(&record(2, Statement::Answer(answer))));
    assert_eq!(told, [("RK-1214", 1)]);
}

#[test]
fn an_answer_to_a_version_that_its_side_had_replaced_is_refused() {
    let mut pair = offered();
    let answer = usa_answer(&pair, "commander", Verdict::Agree);
    edit(&mut pair, USA, None).unwrap();
    offer(&mut pair, USA).unwrap();
    pair.quiet();
    let told = give(&mut pair, sign(&record(1, Statement::Answer(answer))));
    assert_eq!(told, [("RK-1215", 1)]);
}

#[test]
fn a_signature_beside_an_agreement_is_refused() {
    let mut pair = offered();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    let agree = usa_answer(&pair, "commander", Verdict::Agree);
    // Both write at once; Japan's own version reaches nobody before the US signature under v1.
    edit(&mut pair, JPN, None).unwrap();
    offer(&mut pair, JPN).unwrap();
    let later = usa_answer(&pair, "commander", Verdict::Agree);
    assert_eq!(give(&mut pair, sign(&record(1, Statement::Answer(agree)))), []);
    let told = give(&mut pair, sign(&record(2, Statement::Answer(later))));
    assert_eq!(told, [("RK-1216", 1)]);
}

#[test]
fn holding_and_tasking_without_an_agreement_are_refused() {
    let mut pair = offered();
    let (option, version, _) = current(&pair, JPN);
    let holding = Holding { option, version, partner_answer: Digest([1; 32]) };
    let told = give(&mut pair, sign(&record(1, Statement::Holding(holding))));
    assert_eq!(told, [("RK-1217", 1)]);
}

#[test]
fn an_incident_does_not_go_back() {
    let mut pair = offered();
    let theirs = pair.nodes[USA].ledger.iter().find_map(|(kind, body)| {
        let Ok(Some(Entry::Own(signed))) = Entry::from_body(*kind, body) else { return None };
        let record: Record = renkei_model::cbor::from_canonical(&signed.bytes).unwrap();
        matches!(record.statement, Statement::Incident(_)).then_some(record)
    });
    let old = Record { id: usa_id(1), ..theirs.unwrap() };
    assert_eq!(give(&mut pair, sign(&old)), [("RK-1219", 1)]);
}

#[test]
fn what_was_refused_is_named_in_both_languages() {
    let mut pair = Pair::new();
    give(&mut pair, sign_bytes(b"garbage".to_vec()));
    let refused = pair.nodes[JPN].affairs.snapshot(pair.now).refused;
    expect![[r#"
        [
            RefusedView {
                partner: USA,
                code: "RK-1205",
                reason: Bilingual {
                    en: "not in the one canonical spelling",
                    ja: "正規の符号化ではない",
                },
                count: 1,
                last_ms: 1795328880000,
            },
        ]
    "#]]
    .assert_debug_eq(&refused);
}
