//! Open XML SPIF.

use renkei_codec::label::{Equivalent, LABEL_LEVELS};

use super::*;

/// A line of the file changed; what is said then.
fn changed(from: &str, to: &str, expected: Expect) {
    let text = &shipped("EXERCISE")[1].1;
    assert!(text.contains(from), "the example holds {from}");
    let fault = read_spif(text.replacen(from, to, 1).as_bytes()).expect_err("refused");
    expected.assert_eq(&fault.to_string());
}

#[test]
fn the_shipped_policies_hold_the_real_words_and_say_that_they_are_examples() {
    let policies = policies("JPN-EXERCISE");
    for policy in policies.all.values() {
        assert!(policy.is_example() && policy.not_judged.is_empty());
        assert!(LABEL_LEVELS.iter().all(|level| policy.level(*level).is_some()));
        for class in &policy.classes {
            for language in ["en", "ja"] {
                assert!(class.phrases.banner.contains_key(language), "{}", class.name);
                assert!(class.phrases.portion.contains_key(language), "{}", class.name);
            }
        }
    }
    let words = |name: &str| {
        policies.all[name].classes.iter().map(|c| c.name.clone()).collect::<Vec<_>>().join(" ")
    };
    expect!["指定なし 注意 秘 極秘 機密"].assert_eq(&words("JPN-EXERCISE"));
    expect!["UNCLASSIFIED CUI CONFIDENTIAL SECRET TOP SECRET"].assert_eq(&words("USA-EXERCISE"));
    assert!(shipped("REAL")[0].1.contains("EXERCISE DATA, NOT AUTHORITATIVE"));
}

#[test]
fn every_level_of_the_partner_has_an_equivalent_or_becomes_the_highest() {
    let mut policies = policies("JPN-EXERCISE");
    let worth = |policies: &Policies, policy: &str, level| match policies.equivalent(policy, level)
    {
        Equivalent::Own => "own".to_owned(),
        Equivalent::Is(class) => class.name.clone(),
        Equivalent::None { instead } => format!("none, {}", instead.map_or("-", |c| &c.name)),
    };
    assert_eq!(worth(&policies, "USA-EXERCISE", Classification::Secret), "極秘");
    assert_eq!(worth(&policies, "JPN-EXERCISE", Classification::Secret), "own");
    assert_eq!(worth(&policies, "NATO", Classification::Unclassified), "none, 機密");
    let own = policies.all.get_mut("JPN-EXERCISE").expect("it is there");
    own.classes[3].equivalents.clear();
    assert_eq!(worth(&policies, "USA-EXERCISE", Classification::Secret), "none, 機密");
    let only_leaving = renkei_codec::label::EquivalentClass {
        policy: "USA-EXERCISE".into(),
        lacv: 4,
        applied: renkei_codec::label::Applied::Leaving,
    };
    policies.all.get_mut("JPN-EXERCISE").expect("it").classes[3].equivalents = vec![only_leaving];
    assert_eq!(worth(&policies, "USA-EXERCISE", Classification::Secret), "none, 機密");
}

#[test]
fn a_fault_is_named_with_its_line_and_how_to_mend_it() {
    changed(
        "schemaVersion=\"2.1\"",
        "schemaVersion=\"3.0\"",
        expect!["line 8: schemaVersion `3.0` is not read; convert the file to schemaVersion 2.1"],
    );
    changed(
        "name=\"CUI\" lacv=\"2\"",
        "name=\"CUI\" lacv=\"1\"",
        expect!["line 19: `UNCLASSIFIED` and `CUI` have the same lacv; give each level its own"],
    );
    changed(
        "policyRef=\"JPN-EXERCISE\" lacv=\"3\"",
        "policyRef=\"JPN-REAL\" lacv=\"3\"",
        expect![
            "line 31: `JPN-REAL` is no equivalent policy of this file; name it under equivalentPolicies, or correct policyRef"
        ],
    );
    changed(
        "applied=\"both\"",
        "applied=\"always\"",
        expect!["line 17: applied `always` is no direction; write encrypt, decrypt or both"],
    );
    changed(
        "#C8102E",
        "scarlet",
        expect![
            "line 33: `scarlet` is no colour; write #RRGGBB or one of the schema's sixteen names"
        ],
    );
    changed(
        "hierarchy=\"4\"",
        "hierarchy=\"four\"",
        expect![
            "line 33: `hierarchy` of `securityClassification` is not a number: `four`; write a whole number from 0"
        ],
    );
    changed(
        "tagType=\"restrictive\"",
        "tagType=\"enumerated\"",
        expect![
            "line 50: tagType `enumerated` with enumType `` is no kind of tag; write restrictive, permissive, informative, or enumerated with an enumType"
        ],
    );
    changed(
        "<spif:SPIF",
        "<!DOCTYPE x><spif:SPIF",
        expect!["line 8: a document type is not read; take the DOCTYPE out"],
    );
}

#[test]
fn rules_that_nobody_judges_are_told() {
    let rule = "<spif:requiredCategory operation=\"all\"/></spif:tagCategory>";
    let text = shipped("EXERCISE")[1].1.replacen("</spif:tagCategory>", rule, 1);
    let policy = read_spif(text.as_bytes()).expect("it is read");
    assert_eq!(policy.not_judged.len(), 1);
    assert_eq!(policy.not_judged[0].1, "requiredCategory");
}
