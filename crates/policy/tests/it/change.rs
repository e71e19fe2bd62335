//! A changed policy, tried on what was seen: what more and what less would cross, and of how many.

use expect_test::{Expect, expect};
use renkei_model::id::{Nation, Partition};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::Domain;
use renkei_model::time::Timestamp;
use renkei_policy::change::{Difference, Seen, compare};
use renkei_policy::explain::{Case, StatementKind, Subject, System};
use renkei_policy::{Policy, shipped};

fn label(classification: Classification, listed: bool) -> Label {
    Label {
        policy: "JPN-EXERCISE".into(),
        classification,
        releasable_to: if listed { [Nation::USA].into() } else { [].into() },
        restrictive: [].into(),
        informative: [].into(),
        originator: Nation::JPN,
        created: Timestamp(0),
        review: None,
    }
}

fn radar(classification: Classification, things: u64) -> Seen {
    let about = Subject::Observation {
        domain: Domain::Surface,
        system: System::Ais,
        source: "coast".into(),
    };
    let case = Case { about, label: label(classification, true), taken_in_by: None };
    Seen { case, things, examples: vec![format!("MMSI {things}")] }
}

fn policy(change: impl Fn(&str) -> String) -> Policy {
    let texts: Vec<_> =
        shipped(Nation::JPN).iter().map(|(name, text)| (*name, change(text))).collect();
    let texts: Vec<_> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    Policy::load(Nation::JPN, &Partition::Exercise("keen".into()), &texts).unwrap()
}

fn check(change: impl Fn(&str) -> String, seen: &[Seen], expect: &Expect) {
    let (before, after) = (policy(ToOwned::to_owned), policy(change));
    let found = compare(&before, &after, Nation::USA, seen, Timestamp(1));
    let line = |d: &Difference| {
        format!(
            "{} {} ({}): {:?} -> {:?}: {}\n",
            if d.widens() { "more of" } else { "less of" },
            d.things,
            d.examples.join(" "),
            d.before,
            d.after,
            d.reason_after.en
        )
    };
    expect.assert_eq(&found.iter().map(line).collect::<String>());
}

#[test]
fn a_permit_that_is_widened_says_of_how_many_more_would_cross() {
    let seen = [
        radar(Classification::Restricted, 5),
        radar(Classification::Confidential, 14),
        radar(Classification::Secret, 2),
    ];
    check(ToOwned::to_owned, &seen, &expect![[r#""#]]);
    check(
        |text| {
            text.replace("resource.label.classification <= 1", "resource.label.classification <= 2")
        },
        &seen,
        &expect![[r#"
            more of 14 (MMSI 14): Tier(Coarse) -> Tier(Identity): no agreement covers this
        "#]],
    );
}

#[test]
fn a_new_prohibition_says_of_how_many_less_would_cross() {
    let seen = [radar(Classification::Restricted, 5), radar(Classification::Secret, 2)];
    check(
        |text| {
            text.replace("resource.label.classification > 3", "resource.label.classification > 2")
        },
        &seen,
        &expect![[r#"
            less of 2 (MMSI 2): Tier(Coarse) -> Nothing: top secret goes only by hand, never over this link
        "#]],
    );
}

#[test]
fn statements_are_tried_too() {
    let about = Subject::Statement {
        kind: StatementKind::Incident,
        partition: Partition::Exercise("keen".into()),
        free_text: false,
        downgrade: false,
    };
    let case = Case { about, label: label(Classification::TopSecret, true), taken_in_by: None };
    let seen = [Seen { case, things: 1, examples: vec!["J-1".into()] }];
    check(
        |text| {
            text.replace("resource.label.classification > 3", "resource.label.classification > 4")
        },
        &seen,
        &expect![[r#"
            more of 1 (J-1): Nothing -> Whole: an incident that the label lists for this partner
        "#]],
    );
}
