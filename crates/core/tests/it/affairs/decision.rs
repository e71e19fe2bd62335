//! A decision is checked from the exported halves, together and alone.

use expect_test::{Expect, expect};
use renkei_core::affairs::Choice;
use renkei_core::affairs::decision::{DecisionReport, Finding, Half, verify};
use renkei_core::affairs::entry::{Entry, kind};
use renkei_model::cbor::to_canonical;

use super::agreement::{answer, begin, draft, edit, offer, task};
use super::pair::{JPN, Pair, USA, key};

fn scene() -> Pair {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    pair.pass(20);
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    pair.quiet();
    pair.pass(30);
    answer(&mut pair, USA, Choice::Caveat).unwrap();
    pair.quiet();
    pair.pass(10);
    task(&mut pair, JPN).unwrap();
    pair.quiet();
    pair
}

fn half(pair: &Pair, i: usize) -> Half {
    Half { nation: pair.nodes[i].nation, entries: pair.nodes[i].ledger.clone() }
}

fn report(pair: &Pair, halves: &[Half]) -> Vec<DecisionReport> {
    let keys = [JPN, USA].map(|i| (pair.nodes[i].nation, vec![key(i).verifying_key().to_bytes()]));
    verify(halves, &keys.into())
}

fn words(
    reports: &[DecisionReport],
    language: fn(&renkei_model::statement::Bilingual) -> &str,
) -> String {
    let mut text = String::new();
    for report in reports {
        text.push_str(&format!("{:?}\n", report.finding));
        for line in &report.lines {
            let mark = if line.sound { " " } else { "!" };
            text.push_str(&format!("{mark} {}\n", language(&line.text)));
        }
    }
    text
}

fn check(halves: &[usize], expect: &Expect) {
    let pair = scene();
    let halves: Vec<_> = halves.iter().map(|i| half(&pair, *i)).collect();
    expect.assert_eq(&words(&report(&pair, &halves), |t| &t.en));
}

#[test]
fn both_halves_together_bear_it_out() {
    check(
        &[JPN, USA],
        &expect![[r#"
            Holds
              The Japanese side (Cdr. Hayashi) offered this text; its hash begins 7e3a6f8e49b1.
              The Japanese side signed at 2026-11-22T06:28:20Z by its own clock (Gen. Kuroda, seat commander).
              The US side signed with a caveat at 2026-11-22T06:28:50Z by its own clock (Gen. Ames, seat commander).
              In the ledger of the Japanese side the offer stands first, then the answers in this order: the Japanese side, the US side.
              In the ledger of the US side the offer stands first, then the answers in this order: the Japanese side, the US side.
              The Japanese side confirmed at 2026-11-22T06:28:50Z that it held both signatures.
              The Japanese side tasked its own forces at 2026-11-22T06:29:00Z, word for word as agreed.
              The US side confirmed at 2026-11-22T06:28:50Z that it held both signatures.
        "#]],
    );
}

#[test]
fn one_half_alone_says_how_far_it_reaches() {
    check(
        &[USA],
        &expect![[r#"
            HoldsHere
              The Japanese side (Cdr. Hayashi) offered this text; its hash begins 7e3a6f8e49b1.
              The Japanese side signed at 2026-11-22T06:28:20Z by its own clock (Gen. Kuroda, seat commander).
              The US side signed with a caveat at 2026-11-22T06:28:50Z by its own clock (Gen. Ames, seat commander).
              In the ledger of the US side the offer stands first, then the answers in this order: the Japanese side, the US side.
              The Japanese side confirmed at 2026-11-22T06:28:50Z that it held both signatures.
              The US side confirmed at 2026-11-22T06:28:50Z that it held both signatures.
              The ledger of the Japanese side was not given: its signature is checked, its order of events and its own task are not.
        "#]],
    );
    let pair = scene();
    let japanese = words(&report(&pair, &[half(&pair, JPN)]), |t| &t.ja);
    expect![[r#"
        HoldsHere
          日本側（Cdr. Hayashi）が本文面を提案した。ハッシュ値の先頭は7e3a6f8e49b1である。
          日本側は2026-11-22T06:28:20Z（同側の時計による）に署名した（職：commander、氏名：Gen. Kuroda）。
          米側は2026-11-22T06:28:50Z（同側の時計による）に条件付で署名した（職：commander、氏名：Gen. Ames）。
          日本側の台帳では、提案の後に回答が次の順に記録されている：日本側、米側。
          日本側は2026-11-22T06:28:50Zに双方の署名の保有を通知した。
          日本側は2026-11-22T06:29:00Zに、合意どおりの文言で自国の部隊に任務を付与した。
          米側は2026-11-22T06:28:50Zに双方の署名の保有を通知した。
          米側の台帳は提示されていない。署名は検証したが、記録の順序及び任務は検証していない。
    "#]]
    .assert_eq(&japanese);
}

#[test]
fn a_replaced_version_is_reported_as_not_agreed() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    pair.quiet();
    edit(&mut pair, USA, None).unwrap();
    offer(&mut pair, USA).unwrap();
    pair.quiet();
    answer(&mut pair, USA, Choice::Agree).unwrap();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    pair.quiet();
    let halves = [half(&pair, JPN), half(&pair, USA)];
    let found: Vec<_> = report(&pair, &halves).iter().map(|r| (r.number, r.finding)).collect();
    assert_eq!(found, [(1, Finding::NotAgreed), (2, Finding::Holds)]);
}

type Entries = Vec<(u16, Vec<u8>)>;

/// The planted faults: each falsifies one half and is found.
#[test]
fn a_falsified_half_is_found() {
    let pair = scene();
    let whole = [half(&pair, JPN), half(&pair, USA)];
    assert_eq!(report(&pair, &whole)[0].finding, Finding::Holds);
    let found = |change: &dyn Fn(&mut Entries)| {
        let mut halves = whole.clone();
        change(&mut halves[0].entries);
        report(&pair, &halves).first().map(|r| r.finding)
    };
    let broken = Some(Finding::Broken);
    // A byte of a signature of the partner's answer.
    assert_eq!(
        found(&|entries| {
            for (kind, body) in entries.iter_mut() {
                if let Ok(Some(Entry::Partner(mut e))) = Entry::from_body(*kind, body) {
                    e.signed.signature[0] ^= 1;
                    *body = to_canonical(&e);
                }
            }
        }),
        broken
    );
    // The task is moved before the signatures.
    assert_eq!(
        found(&|entries| {
            let is_task = |(k, b): &(u16, Vec<u8>)| {
                *k == kind::LOCAL
                    && matches!(Entry::from_body(*k, b), Ok(Some(Entry::Local(l)))
                        if matches!(*l, renkei_core::affairs::entry::Local::Task(_)))
            };
            let at = entries.iter().position(is_task).unwrap();
            let task = entries.remove(at);
            entries.insert(0, task);
        }),
        broken
    );
    // The order of the ledger is turned round.
    assert_eq!(found(&|entries| entries.reverse()), broken);
}
