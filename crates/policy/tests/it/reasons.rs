//! Every answer has a reason in both languages, and the same question always gets the same words.

use std::fmt::Write as _;

use expect_test::{Expect, expect, expect_file};
use renkei_model::id::Nation;
use renkei_model::label::{Classification, Label};
use renkei_model::observation::Domain;
use renkei_model::statement::Language;
use renkei_policy::explain::{Case, Explanation, StatementKind, Subject, System, explain, to_text};
use renkei_policy::{Policy, shipped};

use crate::support::{NOW, alias, civil, listed, partition, policy, ship};
use crate::world::{DOMAINS, RESTRICTIONS};

fn miyako(label: Label) -> Case {
    Case {
        about: Subject::Observation {
            domain: Domain::Surface,
            system: System::Ais,
            source: "miyako-ais".into(),
        },
        label,
        taken_in_by: None,
    }
}

fn check(case: &Case, language: Language, expected: &Expect) {
    let explanations = explain(&policy(Nation::JPN), case, Nation::USA, NOW);
    expected.assert_eq(&to_text(&explanations, language));
}

fn stated(kind: StatementKind) -> Subject {
    Subject::Statement { kind, partition: partition(), free_text: false, downgrade: false }
}

fn restricted_twice() -> Label {
    let restrictive = ["NOFORN".to_owned(), "HOLD".to_owned()].into();
    Label { restrictive, ..listed(Classification::TopSecret) }
}

#[test]
fn a_release_is_explained_in_english() {
    check(
        &miyako(listed(Classification::Secret)),
        Language::En,
        &expect![[r#"
        existence: released: own classified sensor, listed for this partner: that it is there, and roughly where
            observations.cedar:51 listed-classified-coarse: own classified sensor, listed for this partner: that it is there, and roughly where
        coarse: released: own classified sensor, listed for this partner: that it is there, and roughly where
            observations.cedar:51 listed-classified-coarse: own classified sensor, listed for this partner: that it is there, and roughly where
        full: withheld: no agreement covers this
        identity: withheld: no agreement covers this
        source: withheld: no agreement covers this
    "#]],
    );
}

#[test]
fn a_release_is_explained_in_japanese() {
    check(
        &miyako(listed(Classification::Secret)),
        Language::Ja,
        &expect![[r#"
            存在（existence）：提供：提供先として表示された秘以上の自国センサ情報であり、存在及び概略位置に限り提供する
                observations.cedar:51 listed-classified-coarse：提供先として表示された秘以上の自国センサ情報であり、存在及び概略位置に限り提供する
            概略位置（coarse）：提供：提供先として表示された秘以上の自国センサ情報であり、存在及び概略位置に限り提供する
                observations.cedar:51 listed-classified-coarse：提供先として表示された秘以上の自国センサ情報であり、存在及び概略位置に限り提供する
            詳細位置・運動（full）：不提供：この提供を認める取決めがない
            識別情報（identity）：不提供：この提供を認める取決めがない
            情報源（source）：不提供：この提供を認める取決めがない
        "#]],
    );
}

#[test]
fn all_prohibitions_that_fire_are_named_the_sternest_first() {
    let case = Case { about: stated(StatementKind::Offer), ..miyako(restricted_twice()) };
    check(
        &case,
        Language::En,
        &expect![[r#"
            release_record: withheld: marked not for any other nation (NOFORN)
                prohibitions.cedar:4 noforn-never: marked not for any other nation (NOFORN)
                prohibitions.cedar:89 top-secret-by-hand: top secret goes only by hand, never over this link
                prohibitions.cedar:27 hold-stated: on hold until a release officer has reviewed it
        "#]],
    );
    check(
        &case,
        Language::Ja,
        &expect![[r#"
            記録の提供（release_record）：不提供：「対外提供不可」の表示があり、他国には提供しない
                prohibitions.cedar:4 noforn-never：「対外提供不可」の表示があり、他国には提供しない
                prohibitions.cedar:89 top-secret-by-hand：機密区分の情報は手交のみとし、本回線では提供しない
                prohibitions.cedar:27 hold-stated：対外提供審査官の審査が終わるまで提供を保留している
        "#]],
    );
}

#[test]
fn the_same_question_gets_the_same_words() {
    let label = restricted_twice();
    let first =
        policy(Nation::JPN).release_observation(&ship(label.clone()), alias, Nation::USA, NOW);
    for _ in 0..50 {
        let mut again = policy(Nation::JPN);
        let decision = again.release_observation(&ship(label.clone()), alias, Nation::USA, NOW);
        assert_eq!(decision, first);
        let remembered = again.release_observation(&ship(label.clone()), alias, Nation::USA, NOW);
        assert_eq!(remembered, first);
    }
}

#[test]
fn explaining_and_releasing_agree() {
    for label in [civil(), listed(Classification::Secret), restricted_twice()] {
        let mut policy = policy(Nation::JPN);
        let explained = explain(&policy, &miyako(label.clone()), Nation::USA, NOW);
        let tiers = policy.verdicts_of(&ship(label), Nation::USA, NOW);
        for (Explanation { action, permitted, reason, .. }, verdict) in
            explained.iter().zip(&*tiers)
        {
            assert_eq!((*action, *permitted), (verdict.tier.code(), verdict.permitted));
            assert_eq!(*reason, verdict.reason);
        }
    }
}

#[test]
fn a_case_is_read_from_json_and_an_unknown_word_is_refused() {
    let json = r#"{
        "about": {"observation": {"domain": "surface", "system": "ais", "source": "miyako-ais"}},
        "label": {"policy": "JPN-EXERCISE", "classification": "secret", "releasable_to": ["USA"],
                  "originator": "JPN", "created": 1794928000000}
    }"#;
    let case: Case = serde_json::from_str(json).expect("a case");
    assert_eq!(case, miyako(listed(Classification::Secret)));
    let misspelt = json.replace("\"ais\"", "\"aid\"");
    assert!(serde_json::from_str::<Case>(&misspelt).is_err());
}

/// A word that Rust has and the schema lacks would make a question unanswerable.
#[test]
fn every_domain_system_kind_and_restriction_can_be_asked_about() {
    let policy = Policy::load(Nation::JPN, &partition(), &[]).expect("an empty set");
    let unanswerable = "the policy could not be evaluated, so nothing is released";
    let mut cases = Vec::new();
    for domain in DOMAINS {
        for system in System::ALL {
            let source = "any".to_owned();
            cases.push(Subject::Observation { domain, system, source });
        }
    }
    cases.extend(StatementKind::ALL.map(stated));
    let restrictive = RESTRICTIONS.iter().map(|r| (*r).to_owned()).collect();
    let label = Label { restrictive, ..civil() };
    for about in cases {
        let case = Case { about, label: label.clone(), taken_in_by: None };
        for explanation in explain(&policy, &case, Nation::USA, NOW) {
            assert_ne!(explanation.reason.en, unanswerable, "{case:?}");
        }
    }
}

/// The words of both nations' sets, to be read by someone who knows both languages.
#[test]
fn the_shipped_words_are_these() {
    let mut text = String::new();
    for nation in [Nation::JPN, Nation::USA] {
        for (file, cedar) in shipped(nation) {
            let _ = writeln!(text, "# {nation} {file}");
            for line in cedar.lines().filter(|line| line.starts_with('@')) {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    expect_file!["../testdata/shipped-words.txt"].assert_eq(&text);
}
