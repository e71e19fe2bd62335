//! A proof counts for exactly the texts that it was made of, and only when it leaves nothing out.

use expect_test::{Expect, expect};
use renkei_model::id::Nation;
use renkei_policy::proof::{Findings, Never, Proof, Task, never_words};
use renkei_policy::{shipped, shipped_never, shipped_proof};

fn proof(nation: Nation) -> Proof {
    serde_json::from_str(shipped_proof(nation).unwrap()).unwrap()
}

#[test]
fn each_shipped_policy_has_a_proof_of_its_very_texts() {
    for nation in [Nation::JPN, Nation::USA] {
        let (proof, files, never) = (proof(nation), shipped(nation), shipped_never(nation));
        let mend = "run `cargo xtask prove`";
        assert!(proof.is_about(files, never).unwrap(), "{nation}: {mend}");
        assert!(proof.findings.all_proved(never).unwrap(), "{nation}: {mend}");
        assert_eq!(
            proof.findings.unspoken(),
            Vec::<&str>::new(),
            "{nation}: no never speaks of it"
        );
    }
}

#[test]
fn every_prohibition_of_a_shipped_policy_holds_something_up_in_its_proof() {
    for nation in [Nation::JPN, Nation::USA] {
        let text: String = shipped(nation).iter().map(|(_, text)| *text).collect();
        let held: Vec<_> = proof(nation).findings.holds_up;
        for part in text.split("@id(\"").skip(1) {
            let id = part.split('"').next().unwrap();
            let forbids =
                part.lines().find(|line| line.starts_with("forbid") || line.starts_with("permit"));
            if forbids.is_some_and(|line| line.starts_with("forbid")) {
                assert!(held.iter().any(|h| h.prohibition == id && !h.never.is_empty()), "{id}");
            }
        }
    }
}

#[test]
fn a_proof_is_not_about_texts_that_changed_by_one_letter() {
    let (files, never) = (shipped(Nation::USA), shipped_never(Nation::USA));
    let proof = proof(Nation::USA);
    let changed = files[0].1.replace("classification > 3", "classification > 4");
    let other: Vec<_> =
        std::iter::once((files[0].0, changed.as_str())).chain(files[1..].iter().copied()).collect();
    assert!(!proof.is_about(&other, never).unwrap());
    assert!(!proof.is_about(files, &[]).unwrap(), "nor about a shorter list");
    assert!(proof.is_about(files, never).unwrap());
}

#[test]
fn findings_that_leave_one_out_or_refute_one_prove_nothing() {
    let never = shipped_never(Nation::JPN);
    let findings = proof(Nation::JPN).findings;
    assert!(findings.all_proved(never).unwrap());
    let without = Findings { never: findings.never[1..].to_vec(), ..findings.clone() };
    assert!(!without.all_proved(never).unwrap());
    let mut refuted = findings.clone();
    refuted.never[0] = Never { proved: false, ..refuted.never[0].clone() };
    assert!(!refuted.all_proved(never).unwrap());
}

fn check(never: &str, expect: &Expect) {
    let told = match Task::all(shipped(Nation::USA), &[("mine.cedar", never)], None) {
        Ok(_) => "taken".to_owned(),
        Err(error) => error.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    expect.assert_eq(&told);
}

#[test]
fn a_list_of_what_must_never_cross_is_held_to_the_schema() {
    const WORDS: &str = r#"@id("x") @reason_en("a") @reason_ja("b") "#;
    check(&format!("{WORDS}permit (principal, action, resource);"), &expect!["taken"]);
    check(
        &format!("{WORDS}forbid (principal, action, resource);"),
        &expect![
            "mine.cedar:1: policy `x`: what must never cross is described by permits; write permit; a prohibition belongs into the policy itself"
        ],
    );
    check(
        &format!("{WORDS}permit (principal, action, resource) when {{ resource.lable.expired }};"),
        &expect![[r#"
            mine.cedar:1: policy `x`: attribute `lable` on entity type `Observation` not found; did you mean `label`?
            mine.cedar:1: policy `x`: attribute `lable` on entity type `Statement` not found; did you mean `label`?"#]],
    );
    check(
        "permit (principal, action, resource);",
        &expect![[r#"
        mine.cedar:1: `@id` is missing or empty; write @id("a-short-name") before it
        mine.cedar:1: `@reason_en` is missing or empty; write @reason_en("why, in English") before it
        mine.cedar:1: `@reason_ja` is missing or empty; write @reason_ja("why, in Japanese") before it"#]],
    );
}

#[test]
fn what_must_never_cross_has_words_in_both_languages() {
    let words = never_words(shipped_never(Nation::JPN)).unwrap();
    expect!["19 things, for example: a statement on hold, without a review by one person / 一名の審査を経ない、提供保留中の表明"].assert_eq(&format!(
        "{} things, for example: {} / {}",
        words.len(),
        words["never-on-hold-stated"].en,
        words["never-on-hold-stated"].ja
    ));
}
