//! Human release: what a review may lift, by whom, and what voids an approval.

use std::collections::BTreeSet;

use proptest::prelude::*;
use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, ObjectId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::Domain;
use renkei_model::seat::SeatId;
use renkei_model::statement::{
    Bilingual, Ground, Handling, Incident, IncidentState, Occurrence, Recall, Recalled, Record,
    Signatory, Statement, Subject, Wording,
};
use renkei_policy::review::substance;
use renkei_policy::{Approval, Policy, Review, shipped};

use crate::support::{NOW, listed, partition, policy, record, signed};

fn reported(text: &str, wording: Option<Wording>) -> Incident {
    let id = |counter| ObjectId { node: Nation::JPN, partition: partition(), epoch: 1, counter };
    Incident {
        incident: id(2),
        revision: 0,
        occurrence: Occurrence::Reported {
            text: Bilingual { en: text.into(), ja: "不審船".into() },
            wording,
        },
        subject: Subject { alias: None, identity: None, name: None, domain: Domain::Surface },
        position: None,
        sensed_at: NOW,
        ingested_at: NOW,
        state: IncidentState::Reported,
        pair: None,
    }
}

fn free() -> Statement {
    Statement::Incident(reported("A source of ours saw it.", None))
}

fn torn() -> Statement {
    let by = Wording::TearLine("Ito".into());
    Statement::Incident(reported("An unknown vessel is there.", Some(by)))
}

fn marked(restrictions: &[&str]) -> Label {
    let restrictive = restrictions.iter().map(|r| (*r).to_owned()).collect::<BTreeSet<_>>();
    Label { restrictive, ..listed(Classification::Restricted) }
}

fn approval(record: &Record, policy: &Policy, person: &str, desk: &str) -> Approval {
    Approval {
        to: Nation::USA,
        substance: substance(record),
        policy: policy.version(),
        desk: SeatId(desk.into()),
        person: person.into(),
        at: NOW.plus_ms(-60_000),
        until: NOW.plus_ms(3_600_000),
    }
}

/// What policy asks for before a statement under a label crosses.
fn asks(label: Label, statement: Statement) -> Result<String, (String, Option<Review>)> {
    let (signed, record) = record(label, statement);
    policy(Nation::JPN)
        .release_record(signed, &record, Nation::USA, NOW)
        .map(|released| released.policy().to_owned())
        .map_err(|w| (w.policy.unwrap_or_else(|| "-".into()), w.review))
}

#[test]
fn free_text_waits_for_one_person_and_a_tear_line_goes_by_policy() {
    let label = || listed(Classification::Restricted);
    assert_eq!(asks(label(), free()), Err(("always-free-text".into(), Some(Review::One))));
    assert_eq!(asks(label(), torn()), Ok("incident-shared".into()));
}

#[test]
fn the_class_decides_how_many_persons_it_takes() {
    let asked = |marks: &[&str], statement| asks(marked(marks), statement).unwrap_err();
    let hold = asked(&["HOLD"], torn());
    assert_eq!(hold, ("hold-stated".into(), Some(Review::One)));
    let orcon = asked(&["HOLD", "ORCON"], free());
    let consent = "originator-consent-stated".to_owned();
    assert_eq!(orcon, (consent, Some(Review::Two)), "the strictest counts and is told");
    assert_eq!(asked(&["SENSITIVE_SOURCE"], torn()).1, Some(Review::Two));
    assert_eq!(asked(&["PERSONAL_DATA"], torn()).1, Some(Review::Two));
}

#[test]
fn lowering_a_label_takes_two_persons_and_raising_one_goes_at_once() {
    let relabel = |from: Label, to: Label| {
        Statement::Recall(Recall {
            what: Recalled::Object(reported("-", None).incident),
            handling: Handling::Relabel { from: Box::new(from), to: Box::new(to) },
            ground: Ground::Review,
            by: Signatory {
                nation: Nation::JPN,
                seat: SeatId("release".into()),
                person: "Ito".into(),
                passkey: None,
            },
            at: NOW,
        })
    };
    let (low, high) = (listed(Classification::Restricted), listed(Classification::Secret));
    let plain = || listed(Classification::Unclassified);
    assert_eq!(asks(plain(), relabel(low.clone(), high.clone())), Ok("recall-at-once".into()));
    let down = asks(plain(), relabel(high, low));
    assert_eq!(down, Err(("always-downgrade".into(), Some(Review::Two))));
}

#[test]
fn nothing_is_asked_where_one_prohibition_can_never_be_lifted_or_no_permit_remains() {
    for marks in [["NOFORN", "HOLD"], ["EYES_ONLY", "HOLD"]] {
        assert_eq!(asks(marked(&marks), torn()).unwrap_err().1, None, "{marks:?}");
    }
    let unlisted = Label { releasable_to: BTreeSet::new(), ..marked(&["HOLD"]) };
    assert_eq!(asks(unlisted, torn()).unwrap_err().1, None, "classified and not listed");
    let nobody = Label {
        classification: Classification::Unclassified,
        releasable_to: BTreeSet::new(),
        ..marked(&["HOLD"])
    };
    assert_eq!(asks(nobody, torn()).unwrap_err().1, None, "no agreement covers it");
    let top = Label { classification: Classification::TopSecret, ..marked(&["HOLD"]) };
    assert_eq!(asks(top, torn()).unwrap_err().1, None);
    let theirs = Label { originator: Nation::USA, ..marked(&["HOLD"]) };
    assert_eq!(asks(theirs, torn()).unwrap_err().1, None, "a third nation's");
}

/// What becomes of a statement that asks for a review, once `approvals` were given.
fn check(
    statement: Statement,
    marks: &[&str],
    approvals: impl Fn(&Record, &Policy) -> Vec<Approval>,
) -> bool {
    let policy = policy(Nation::JPN);
    let (signed, record) = record(marked(marks), statement);
    let given = approvals(&record, &policy);
    policy.release_reviewed(signed, &record, Nation::USA, &given, NOW).is_ok()
}

#[test]
fn two_persons_at_different_desks_and_no_fewer_lift_what_takes_two() {
    let two = |a: (&str, &str), b: (&str, &str)| {
        check(torn(), &["ORCON"], |r, p| vec![approval(r, p, a.0, a.1), approval(r, p, b.0, b.1)])
    };
    assert!(two(("Ito", "release"), ("Abe", "commander")));
    assert!(!two(("Ito", "release"), ("Ito", "commander")), "one person at two desks");
    assert!(!two(("Ito", "release"), ("Abe", "release")), "two persons at one desk");
    assert!(!check(torn(), &["ORCON"], |r, p| vec![approval(r, p, "Ito", "release")]));
    assert!(check(torn(), &["HOLD"], |r, p| vec![approval(r, p, "Ito", "release")]));
    assert!(!check(torn(), &["HOLD"], |_, _| Vec::new()), "nobody");
}

#[test]
fn an_approval_ends_with_its_time_its_policy_its_partner_and_its_substance() {
    let spoilt = |spoil: fn(&mut Approval)| {
        check(free(), &[], |r, p| {
            let mut one = approval(r, p, "Ito", "release");
            spoil(&mut one);
            vec![one]
        })
    };
    assert!(spoilt(|_| {}));
    assert!(!spoilt(|a| a.until = NOW), "expired");
    assert!(!spoilt(|a| a.at = NOW.plus_ms(1)), "from the future");
    assert!(!spoilt(|a| a.policy = Digest::of(b"other rules")));
    assert!(!spoilt(|a| a.to = Nation::JPN));
    assert!(!spoilt(|a| a.substance = Digest::of(b"another record")));
    assert!(!spoilt(|a| a.person.clear()), "nobody");
}

#[test]
fn no_approval_lifts_what_can_never_be_lifted() {
    let all = |r: &Record, p: &Policy| {
        vec![approval(r, p, "Ito", "release"), approval(r, p, "Abe", "commander")]
    };
    for marks in [&["NOFORN"][..], &["EYES_ONLY"], &["HOLD", "NOFORN"]] {
        assert!(!check(torn(), marks, all), "{marks:?}");
    }
    let policy = policy(Nation::JPN);
    let label = Label { classification: Classification::TopSecret, ..marked(&[]) };
    let (signed, record) = record(label, torn());
    let given = all(&record, &policy);
    assert!(policy.release_reviewed(signed, &record, Nation::USA, &given, NOW).is_err());
}

#[test]
fn an_approval_of_one_record_does_not_carry_another() {
    let policy = policy(Nation::JPN);
    let (_, shown) = record(marked(&[]), free());
    let given = [approval(&shown, &policy, "Ito", "release")];
    let mut other = shown.clone();
    other.statement = Statement::Incident(reported("Another text.", None));
    let swapped = policy.release_reviewed(signed(&other), &shown, Nation::USA, &given, NOW);
    assert!(swapped.is_err(), "the bytes are not those of the record");
    assert!(policy.release_reviewed(signed(&other), &other, Nation::USA, &given, NOW).is_err());
    assert!(policy.release_reviewed(signed(&shown), &shown, Nation::USA, &given, NOW).is_ok());
}

/// How a record may differ from the one that was reviewed.
type Change = (&'static str, fn(&mut Record));

fn incident(record: &mut Record) -> &mut Incident {
    match &mut record.statement {
        Statement::Incident(incident) => incident,
        other => unreachable!("{other:?}"),
    }
}

const PROGRESS: [Change; 5] = [
    ("number", |r| r.id.counter += 1),
    ("time", |r| r.made_at = NOW.plus_ms(5)),
    ("revision", |r| incident(r).revision += 1),
    ("state", |r| incident(r).state = IncidentState::Acknowledged),
    ("pair", |r| incident(r).pair = Some(r.id.clone())),
];

const MATTER: [Change; 6] = [
    ("text", |r| incident(r).occurrence = Occurrence::DuplicateIdentity),
    ("name", |r| incident(r).subject.name = Some("HAYABUSA".into())),
    ("domain", |r| incident(r).subject.domain = Domain::Air),
    ("label", |r| r.label.classification = Classification::Unclassified),
    ("sensed", |r| incident(r).sensed_at = NOW.plus_ms(-1)),
    ("incident", |r| incident(r).incident.counter += 1),
];

proptest! {
    /// Planted bug: leave `subject` out of the substance, and this fails.
    #[test]
    fn progress_keeps_an_approval_and_any_other_change_voids_it(
        progress in proptest::sample::subsequence(&PROGRESS[..], 0..=5),
        matter in proptest::sample::subsequence(&MATTER[..], 0..=6),
    ) {
        let (_, before) = record(marked(&[]), free());
        let mut after = before.clone();
        for (_, change) in progress.iter().chain(&matter) {
            change(&mut after);
        }
        prop_assert_eq!(substance(&before) == substance(&after), matter.is_empty());
    }
}

#[test]
fn a_review_may_be_asked_for_statements_alone() {
    let told = |text: &str| {
        let words = "@id(\"x\") @reason_en(\"a\") @reason_ja(\"b\") ";
        let text = format!("{words}{text}");
        let files = [("mine.cedar", text.as_str())];
        Policy::load(Nation::JPN, &partition(), &files).map_err(|e| e.problems[0].to_string())
    };
    let why = |text: &str| told(text).unwrap_err();
    expect_test::expect![[r#"
        mine.cedar:1: policy `x`: a review lifts prohibitions of statements alone; write action == Action::"release_record" in its head"#]]
    .assert_eq(&why(r#"@review("one") forbid (principal, action, resource);"#));
    expect_test::expect![[r#"
        mine.cedar:1: policy `x`: a permit lets go without a review; put @review on the prohibition that a review may lift"#]]
    .assert_eq(&why(r#"@review("one") permit (principal == Nation::"USA", action, resource);"#));
    expect_test::expect![[r#"
        mine.cedar:1: policy `x`: `@review` says neither one nor two; write @review("one") or @review("two")"#]]
    .assert_eq(&why(
        r#"@review("three") forbid (principal, action == Action::"release_record", resource);"#,
    ));
}

#[test]
fn a_set_whose_review_lifts_noforn_does_not_pass_the_check() {
    let mut files: Vec<(String, String)> =
        shipped(Nation::JPN).iter().map(|(n, t)| ((*n).into(), (*t).into())).collect();
    files[0].1 = files[0].1.replace(
        "@id(\"noforn-never\")",
        "@id(\"noforn-seen\") @reason_en(\"-\") @reason_ja(\"-\") forbid (principal, action in \
         [Action::\"existence\", Action::\"coarse\", Action::\"full\", Action::\"identity\", \
         Action::\"source\"], resource) when { \
         resource.label.restrictive.contains(Restriction::\"NOFORN\") };\n\
         @id(\"noforn-never\") @review(\"two\")",
    );
    files[0].1 = files[0].1.replacen(
        "forbid (principal, action, resource)\nwhen { resource.label.restrictive.contains(Restriction::\"NOFORN\") };",
        "forbid (principal, action == Action::\"release_record\", resource)\nwhen { resource.label.restrictive.contains(Restriction::\"NOFORN\") };",
        1,
    );
    let borrowed: Vec<_> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let problems = renkei_policy::check::check(&borrowed);
    let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|p| p.contains("marked NOFORN") && p.contains("once a review lifts")),
        "{told:?}"
    );
}
