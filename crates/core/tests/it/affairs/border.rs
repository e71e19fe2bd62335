//! What the border does with records: kept back by policy, asked for again, confirmed; and the shape
//! of what the screens get.

use std::collections::BTreeSet;

use expect_test::expect;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use renkei_core::affairs::{AffairsEffect, AffairsInput, Choice};
use renkei_model::cbor::from_canonical;
use renkei_model::statement::SignedRecord;
use serde_json::Value;

use super::agreement::{answer, begin, draft, offer, task};
use super::pair::{BEGIN, JPN, Pair, USA, both};

#[test]
fn what_policy_keeps_back_is_shown_as_withheld_and_is_not_asked_again() {
    let mut pair = Pair::new();
    pair.handling.slow_disk = true;
    pair.enter(JPN);
    // The disk has it; policy refuses what is to be sent.
    let node = &mut pair.nodes[JPN];
    let effects =
        node.affairs.handle(AffairsInput::Persisted(renkei_core::affairs::Ticket(u64::MAX)), BEGIN);
    let record = effects.iter().find_map(|effect| match effect {
        AffairsEffect::Send { record, .. } => Some(record.id.clone()),
        _ => None,
    });
    let reason = both("No agreement covers this.", "提供に係る取決めがない。");
    let policy = Some("default".to_owned());
    let record = record.unwrap();
    let asked = node.affairs.handle(
        AffairsInput::Withheld {
            record: record.clone(),
            policy,
            reason: reason.clone(),
            review: None,
        },
        BEGIN,
    );
    let [AffairsEffect::Persist { ticket, .. }] = asked[..] else { panic!("{asked:?}") };
    node.affairs.handle(AffairsInput::Persisted(ticket), BEGIN);
    let view = &node.affairs.snapshot(BEGIN).incidents[0];
    assert_eq!(view.withheld, Some(reason));
    let again = node.affairs.handle(AffairsInput::Start, BEGIN);
    assert!(again.iter().all(|effect| !matches!(effect, AffairsEffect::Send { .. })));
}

#[test]
fn the_link_may_ask_again_for_what_the_partner_has_not_confirmed() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    let affairs = &pair.nodes[JPN].affairs;
    let first = affairs.sent()[&1].seq - 1;
    let all = affairs.supply(1, first, 1_000_000);
    assert_eq!(all.len(), 2, "the offer and the answer");
    assert!(all.iter().all(|bytes| from_canonical::<SignedRecord>(bytes).is_ok()));
    assert_eq!(affairs.supply(1, first, 1), all[..1], "at least one");
    assert_eq!(affairs.supply(1, first + 1, 1_000_000), all[1..]);
    pair.quiet();
    assert!(pair.nodes[JPN].affairs.supply(1, 1, 1_000_000).is_empty(), "all is confirmed");
}

#[test]
fn a_restart_says_nothing_new() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    pair.trace.clear();
    let lengths = |pair: &Pair| [JPN, USA].map(|i| pair.nodes[i].ledger.len());
    let before = lengths(&pair);
    pair.crash(JPN);
    pair.crash(USA);
    pair.quiet();
    assert_eq!((pair.trace.len(), lengths(&pair)), (0, before));
}

/// Every key of a JSON value, with its path; lists as `[]`.
fn keys(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if !inner.is_object() && !inner.is_array() {
                    found.insert(path.clone());
                }
                keys(&path, inner, found);
            }
        }
        Value::Array(list) => {
            for inner in list {
                keys(&format!("{path}[]"), inner, found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_screens_get_these_fields() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    pair.quiet();
    answer(&mut pair, USA, Choice::Caveat).unwrap();
    pair.quiet();
    task(&mut pair, JPN).unwrap();
    // The US side has still to task: something is left to do.
    let mut found = BTreeSet::new();
    for i in [JPN, USA] {
        let view = serde_json::to_value(pair.nodes[i].affairs.snapshot(pair.now)).unwrap();
        keys("", &view, &mut found);
    }
    let text: String = found.into_iter().map(|key| format!("{key}\n")).collect();
    expect![[r#"
        attention[].args.name.en
        attention[].args.name.ja
        attention[].args.partner.en
        attention[].args.partner.ja
        attention[].args.version.en
        attention[].args.version.ja
        attention[].at_ms
        attention[].id
        attention[].incident
        attention[].key
        attention[].kind
        attention[].notice
        attention[].severity
        attention[].track
        attention[].why
        incidents[].alias
        incidents[].id
        incidents[].label.classification
        incidents[].label.originator
        incidents[].label.policy
        incidents[].lat
        incidents[].log[].at_ms
        incidents[].log[].person
        incidents[].log[].text.en
        incidents[].log[].text.ja
        incidents[].lon
        incidents[].occurrence.kind
        incidents[].occurrence.zone.counter
        incidents[].occurrence.zone.epoch
        incidents[].occurrence.zone.node
        incidents[].occurrence.zone.partition
        incidents[].occurrence.zone_name.en
        incidents[].occurrence.zone_name.ja
        incidents[].owner
        incidents[].pair
        incidents[].pair_state
        incidents[].partner
        incidents[].recalled
        incidents[].state
        incidents[].subject.alias
        incidents[].subject.domain
        incidents[].subject.identity.mmsi
        incidents[].subject.name
        incidents[].times.own.t0
        incidents[].times.own.t1
        incidents[].times.own.t2
        incidents[].times.own.t3
        incidents[].times.own.t4
        incidents[].times.own.t5
        incidents[].times.own.t6
        incidents[].times.own.t7
        incidents[].times.partner.t0
        incidents[].times.partner.t1
        incidents[].times.partner.t2
        incidents[].times.partner.t3
        incidents[].times.partner.t4
        incidents[].times.partner.t5
        incidents[].times.partner.t6
        incidents[].times.partner.t7
        incidents[].track
        incidents[].withheld
        options[].id
        options[].incident
        options[].partner
        options[].template
        options[].versions[].actions[].nation
        options[].versions[].actions[].text.en
        options[].versions[].actions[].text.ja
        options[].versions[].answers[].at_ms
        options[].versions[].answers[].hash
        options[].versions[].answers[].nation
        options[].versions[].answers[].person
        options[].versions[].answers[].seat
        options[].versions[].answers[].text
        options[].versions[].answers[].text.en
        options[].versions[].answers[].text.ja
        options[].versions[].answers[].to
        options[].versions[].answers[].verdict
        options[].versions[].author.nation
        options[].versions[].author.person
        options[].versions[].author.seat
        options[].versions[].blocked
        options[].versions[].deadlines[].at_ms
        options[].versions[].deadlines[].nation
        options[].versions[].hash
        options[].versions[].held_own
        options[].versions[].held_partner
        options[].versions[].label.classification
        options[].versions[].label.originator
        options[].versions[].label.policy
        options[].versions[].language
        options[].versions[].made_at_ms
        options[].versions[].number
        options[].versions[].offered
        options[].versions[].outcome
        options[].versions[].parent
        options[].versions[].tasked.JPN
        options[].versions[].tasked.USA
        options[].versions[].text.en
        options[].versions[].text.ja
        options[].versions[].translation
        options[].versions[].void
        options[].versions[].wait
        seats[].counterpart
        seats[].deputy
        seats[].holder
        seats[].nation
        seats[].role
        seats[].seat
        seats[].since
        seats[].title.en
        seats[].title.ja
        tasks[].at_ms
        tasks[].by
        tasks[].option
        tasks[].partner_holds
        tasks[].text.en
        tasks[].text.ja
        tasks[].version
        zones[].id
        zones[].name.en
        zones[].name.ja
        zones[].owner
    "#]]
    .assert_eq(&text);
}

#[test]
fn any_bytes_under_a_good_signature_are_borne() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, USA).unwrap();
    offer(&mut pair, USA).unwrap();
    answer(&mut pair, USA, Choice::Caveat).unwrap();
    let logged: Vec<_> = pair.nodes[USA].affairs.supply(1, 1, 1_000_000);
    let records: Vec<SignedRecord> =
        logged.iter().map(|bytes| from_canonical(bytes).unwrap()).collect();
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    let which = any::<prop::sample::Index>();
    let pair = std::cell::RefCell::new(pair);
    let config = Config { cases: 5_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    runner
        .run(&(which, changes, any::<bool>()), |(which, changes, cut)| {
            let mut bytes = which.get(&records).bytes.clone();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
                if cut {
                    bytes.truncate(at.max(1));
                }
            }
            let told =
                super::records::give(&mut pair.borrow_mut(), super::records::sign_bytes(bytes));
            prop_assert!(told.len() < 20);
            Ok(())
        })
        .unwrap();
    let pair = pair.into_inner();
    assert!(pair.nodes[JPN].replayed(JPN).same_state(&pair.nodes[JPN].affairs));
}
