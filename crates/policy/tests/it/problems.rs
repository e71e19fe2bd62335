//! A policy set that is wrong is refused when it is read, with the place and the way to mend it.

use expect_test::{Expect, expect};
use renkei_model::id::Nation;
use renkei_policy::check::check;
use renkei_policy::{Policy, shipped};

use crate::support::partition;

/// A sound permit, to be spoilt.
const SOUND: &str = r#"
@id("ships")
@reason_en("ships, by the agreement of May")
@reason_ja("五月の取決めに基づく船舶情報である")
permit (principal == Nation::"USA", action == Action::"existence", resource)
when { resource.label.classification == 0 };
"#;

fn refused(text: &str, expected: &Expect) {
    let error = Policy::load(Nation::JPN, &partition(), &[("ships.cedar", text)])
        .expect_err("the set is refused");
    let lines: Vec<String> = error.problems.iter().map(ToString::to_string).collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_sound_policy_is_read() {
    assert!(Policy::load(Nation::JPN, &partition(), &[("ships.cedar", SOUND)]).is_ok());
}

#[test]
fn the_error_itself_is_one_line() {
    let files = [("ships.cedar", "permit (principal, action, resource);")];
    let error = Policy::load(Nation::JPN, &partition(), &files).expect_err("the set is refused");
    expect![[r#"read the release policy: ships.cedar:1: `@id` is missing or empty; write @id("a-short-name") before it (and 3 more: run `renkei policy check`)"#]].assert_eq(&error.to_string());
}

#[test]
fn a_misspelt_attribute_is_refused() {
    refused(
        &SOUND.replace("classification", "clasification"),
        &expect![
            "ships.cedar:6: policy `ships`: attribute `label.clasification` on entity type `Observation` not found; did you mean `classification`?"
        ],
    );
}

#[test]
fn a_misspelt_restriction_is_refused() {
    let forbid = r#"
@id("no-foreigners")
@reason_en("not for foreigners")
@reason_ja("対外提供不可")
forbid (principal, action, resource)
when { resource.label.restrictive.contains(Restriction::"NOFRON") };
"#;
    refused(
        forbid,
        &expect![[
            r#"ships.cedar:6: policy `no-foreigners`: entity `Restriction::"NOFRON"` is of an enumerated entity type, but `"NOFRON"` is not declared as a valid eid; valid entity eids: "NOFORN", "HOLD", "SENSITIVE_SOURCE", "ORCON", "PERSONAL_DATA""#
        ]],
    );
}

#[test]
fn a_misspelt_action_is_refused() {
    refused(
        &SOUND.replace("existence", "existance"),
        &expect![[
            r#"ships.cedar:5: policy `ships`: unrecognized action `Action::"existance"`; did you mean `Action::"existence"`?"#
        ]],
    );
}

#[test]
fn text_that_is_not_cedar_is_refused() {
    refused(
        &SOUND.replace("when {", "when ("),
        &expect!["ships.cedar:6: unexpected token `(`; expected `{`"],
    );
}

#[test]
fn a_policy_without_reasons_or_id_is_refused() {
    let bare = SOUND.lines().filter(|line| !line.starts_with('@')).collect::<Vec<_>>().join("\n");
    refused(
        &bare,
        &expect![[r#"
            ships.cedar:2: `@id` is missing or empty; write @id("a-short-name") before it
            ships.cedar:2: `@reason_en` is missing or empty; write @reason_en("why, in English") before it
            ships.cedar:2: `@reason_ja` is missing or empty; write @reason_ja("why, in Japanese") before it"#]],
    );
}

#[test]
fn an_unknown_annotation_is_refused() {
    refused(
        &SOUND.replace("@reason_ja", "@reason_jp"),
        &expect![[r#"
            ships.cedar:2: policy `ships`: `@reason_ja` is missing or empty; write @reason_ja("why, in Japanese") before it
            ships.cedar:2: policy `ships`: `@reason_jp` is not an annotation that Renkei reads; use @id, @reason_en, @reason_ja and @review, or make it a // comment"#]],
    );
}

#[test]
fn a_permit_must_say_to_whom() {
    refused(
        &SOUND.replace("principal == Nation::\"USA\"", "principal"),
        &expect![[
            r#"ships.cedar:2: policy `ships`: a permit must say to whom; write principal == Nation::"…" in its head"#
        ]],
    );
}

#[test]
fn two_policies_of_one_id_are_refused() {
    refused(
        &format!("{SOUND}{SOUND}"),
        &expect![
            "ships.cedar:2: policy `ships`: the id stands already in ships.cedar:2; give each policy an id of its own"
        ],
    );
}

#[test]
fn a_policy_that_can_never_apply_is_refused() {
    refused(
        &SOUND.replace("== 0 }", "== 0 && !true }"),
        &expect![
            "ships.cedar:2: policy `ships`: policy is impossible: the policy expression evaluates to false for all valid requests; compare it with docs/policy.md"
        ],
    );
}

#[test]
fn a_template_is_refused() {
    refused(
        &SOUND.replace("principal == Nation::\"USA\"", "principal == ?principal"),
        &expect![
            "ships.cedar:2: policy `ships`: a template (`?principal`, `?resource`) cannot be used here; write the nation out"
        ],
    );
}

#[test]
fn a_nation_cannot_replace_what_always_stands() {
    refused(
        &SOUND.replace("\"ships\"", "\"always-own-data-only\""),
        &expect![
            "ships.cedar:2: policy `always-own-data-only`: the id stands already in always.cedar:4; give each policy an id of its own"
        ],
    );
}

#[test]
fn the_shipped_sets_pass_the_check() {
    for nation in [Nation::JPN, Nation::USA] {
        assert_eq!(check(shipped(nation)), [], "{nation}");
    }
}

#[test]
fn an_empty_set_passes_the_check() {
    assert_eq!(check(&[]), []);
}

#[test]
fn a_permit_without_prohibitions_beside_it_fails_the_check() {
    let problems = check(&[("ships.cedar", SOUND)]);
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    expect![[r#"
        the whole set: no prohibition keeps what is classified and not listed for the partner from USA: `existence` crosses once something permits it; add the prohibition, as in the shipped prohibitions.cedar
        the whole set: no prohibition keeps what is marked NOFORN from USA: `existence` crosses once something permits it; add the prohibition, as in the shipped prohibitions.cedar
        the whole set: no prohibition keeps what is marked ORCON from USA: `existence` crosses once something permits it; add the prohibition, as in the shipped prohibitions.cedar
        the whole set: no prohibition keeps what is of a SENSITIVE_SOURCE from USA: `coarse` crosses once something permits it; add the prohibition, as in the shipped prohibitions.cedar
        the whole set: no prohibition keeps what is on HOLD from USA: `existence` crosses once something permits it; add the prohibition, as in the shipped prohibitions.cedar"#]].assert_eq(&text.join("\n"));
}

#[test]
fn a_permit_that_asks_for_more_marks_fails_the_check() {
    let widening = SOUND.replace(
        "resource.label.classification == 0",
        "resource.label.classification == 3 && resource.label.releasable_to.contains(principal)",
    );
    let files: Vec<_> =
        shipped(Nation::JPN)[..1].iter().copied().chain([("ships.cedar", &*widening)]).collect();
    let text: Vec<String> = check(&files).iter().map(ToString::to_string).collect();
    expect!["ships.cedar:2: policy `ships`: lets `existence` cross to USA when a label is classified higher, and not before; let it ask for fewer marks, never for more"].assert_eq(&text.join("\n"));
}
