//! Which tiers of what cross, by the shipped policies.

use expect_test::{Expect, expect};
use renkei_model::id::{BorderAlias, Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Identity, Observation, Source};
use renkei_policy::{Policy, Tier};

use crate::support::{
    NOW, alias, civil, listed, partition, policy, restricted_by, ship, table, team,
};

/// What JPN's shipped policy lets the United States have.
fn check(observation: &Observation, expected: &Expect) {
    let decision = policy(Nation::JPN).release_observation(observation, alias, Nation::USA, NOW);
    expected.assert_eq(&table(&decision));
}

fn nothing_crosses(observation: &Observation, policy_id: Option<&str>) {
    let decision = policy(Nation::JPN).release_observation(observation, alias, Nation::USA, NOW);
    assert_eq!(decision.released, None);
    assert!(!decision.unchanged);
    for verdict in decision.tiers.iter() {
        assert!(!verdict.permitted, "{verdict:?}");
    }
    let withheld = decision.withheld().expect("the lowest tier is withheld");
    assert_eq!(withheld.policy.as_deref(), policy_id);
}

#[test]
fn civil_traffic_crosses_in_full_with_its_feed() {
    check(
        &ship(civil()),
        &expect![[r#"
        existence released civil-broadcast-in-full
        coarse released civil-broadcast-in-full
        full released civil-broadcast-in-full
        identity released civil-broadcast-in-full
        source released civil-broadcast-in-full
        built existence full identity source
    "#]],
    );
}

#[test]
fn safety_text_does_not_cross_even_where_all_tiers_do() {
    let mut warned = ship(civil());
    warned.attributes.safety_text = Some("MAN OVER BOARD NEAR KURIMA".into());
    let decision = policy(Nation::JPN).release_observation(&warned, alias, Nation::USA, NOW);
    let released = decision.released.expect("civil traffic crosses").into_item();
    assert!(!released.to_bytes().windows(4).any(|four| four == b"OVER"));
    let said = released.identity.expect("the identity tier crosses").attributes;
    assert_eq!((said.name.as_deref(), said.safety_text), (Some("HAYABUSA"), None));
}

#[test]
fn noforn_never_crosses() {
    nothing_crosses(&ship(restricted_by("NOFORN")), Some("noforn-never"));
    nothing_crosses(&team(restricted_by("NOFORN")), Some("noforn-never"));
}

#[test]
fn hold_blocks_everything() {
    nothing_crosses(&ship(restricted_by("HOLD")), Some("hold-observed"));
}

#[test]
fn an_originator_controlled_report_waits_for_a_person() {
    nothing_crosses(&ship(restricted_by("ORCON")), Some("originator-consent-observed"));
}

#[test]
fn a_sensitive_source_shows_nothing_at_all() {
    let label = Label {
        restrictive: ["SENSITIVE_SOURCE".to_owned()].into(),
        ..listed(Classification::Secret)
    };
    nothing_crosses(&ship(label), Some("sensitive-source-existence"));
    nothing_crosses(&ship(restricted_by("SENSITIVE_SOURCE")), Some("sensitive-source-existence"));
}

/// Both prohibitions fire; the ids are chosen so that the more telling one comes first.
#[test]
fn a_sensitive_source_is_the_reason_that_is_shown_even_when_the_label_is_not_listed_either() {
    let label =
        Label { classification: Classification::Secret, ..restricted_by("SENSITIVE_SOURCE") };
    nothing_crosses(&ship(label), Some("sensitive-source-existence"));
}

#[test]
fn a_restriction_that_nobody_knows_withholds() {
    nothing_crosses(&ship(restricted_by("EYES_ONLY")), Some("always-unknown-restriction"));
}

#[test]
fn classified_crosses_only_when_listed() {
    let label = Label { classification: Classification::Restricted, ..civil() };
    nothing_crosses(&ship(label), Some("unlisted-classified"));
    check(
        &ship(listed(Classification::Restricted)),
        &expect![[r#"
        existence released listed-without-feed
        coarse released listed-without-feed
        full released listed-without-feed
        identity released listed-without-feed
        source withheld -
        built existence full identity
    "#]],
    );
}

#[test]
fn a_listed_secret_sensor_crosses_coarsely() {
    check(
        &ship(listed(Classification::Secret)),
        &expect![[r#"
        existence released listed-classified-coarse
        coarse released listed-classified-coarse
        full withheld -
        identity withheld -
        source withheld -
        built existence coarse
    "#]],
    );
}

#[test]
fn top_secret_never_crosses_even_when_listed() {
    nothing_crosses(&ship(listed(Classification::TopSecret)), Some("top-secret-by-hand"));
}

#[test]
fn own_teams_cross_without_their_feed() {
    check(
        &team(listed(Classification::Unclassified)),
        &expect![[r#"
        existence released own-teams-without-feed
        coarse released own-teams-without-feed
        full released own-teams-without-feed
        identity released own-teams-without-feed
        source withheld -
        built existence full identity
    "#]],
    );
}

#[test]
fn a_team_that_is_not_listed_has_no_agreement() {
    let label = Label { informative: [].into(), ..civil() };
    nothing_crosses(&team(label), None);
}

#[test]
fn what_a_partner_gave_is_never_passed_on() {
    let feed = Some(SourceId("theirs".into()));
    let source = Source::Partner { nation: Nation::USA, alias: alias(), feed };
    let relayed = Observation { source, ..ship(civil()) };
    nothing_crosses(&relayed, Some("always-own-data-only"));
}

#[test]
fn what_another_nation_labelled_is_never_passed_on() {
    let label = Label { originator: "AUS".parse().expect("a nation"), ..civil() };
    nothing_crosses(&ship(label), Some("always-own-data-only"));
}

#[test]
fn a_label_past_its_review_date_withholds() {
    let reviewed = |at| ship(Label { review: Some(at), ..civil() });
    nothing_crosses(&reviewed(NOW), Some("always-review-overdue"));
    let mut policy = policy(Nation::JPN);
    let due = reviewed(NOW.plus_ms(1));
    let before = policy.release_observation(&due, alias, Nation::USA, NOW);
    let after = policy.release_observation(&due, alias, Nation::USA, NOW.plus_ms(1));
    assert!(before.released.is_some());
    assert_eq!(after.released, None, "the remembered verdict does not outlive the date");
}

#[test]
fn a_nation_without_an_agreement_gets_nothing() {
    let korea: Nation = "KOR".parse().expect("a nation");
    let decision = policy(Nation::JPN).release_observation(&ship(civil()), alias, korea, NOW);
    assert_eq!(decision.released, None);
    let reason = &decision.withheld().expect("withheld").reason;
    assert_eq!(reason.en, "no agreement covers this");
    assert_eq!(reason.ja, "この提供を認める取決めがない");
}

#[test]
fn an_empty_policy_denies_everything() {
    let mut policy = Policy::load(Nation::JPN, &partition(), &[]).expect("an empty set is a set");
    let decision = policy.release_observation(&ship(civil()), alias, Nation::USA, NOW);
    assert_eq!(decision.released, None);
    assert!(decision.tiers.iter().all(|verdict| verdict.reason.en == "no agreement covers this"));
}

#[test]
fn a_withheld_thing_takes_no_alias() {
    let no_alias = || -> BorderAlias { panic!("nobody may ask for one") };
    let withheld = ship(restricted_by("NOFORN"));
    let decision = policy(Nation::JPN).release_observation(&withheld, no_alias, Nation::USA, NOW);
    assert_eq!(decision.released, None);
}

#[test]
fn a_higher_tier_needs_every_lower_one() {
    let gap = r#"
        @id("gap")
        @reason_en("who, but not where")
        @reason_ja("識別情報のみ")
        permit (
          principal == Nation::"USA",
          action in [Action::"existence", Action::"identity", Action::"source"],
          resource
        );
    "#;
    let mut policy =
        Policy::load(Nation::JPN, &partition(), &[("gap.cedar", gap)]).expect("a sound set");
    let decision = policy.release_observation(&ship(civil()), alias, Nation::USA, NOW);
    expect![[r#"
        existence released gap
        coarse withheld -
        full withheld -
        identity withheld -
        source withheld -
        built existence
    "#]]
    .assert_eq(&table(&decision));
    let identity = &decision.tiers[Tier::Identity as usize];
    assert_eq!(identity.reason.en, "no agreement covers this", "the reason of the tier below");
}

#[test]
fn a_name_that_is_too_long_is_left_out_and_an_identity_too_long_withholds_its_tier() {
    let mut long = team(listed(Classification::Unclassified));
    long.attributes.callsign = Some("長".repeat(90));
    let decision = policy(Nation::JPN).release_observation(&long, alias, Nation::USA, NOW);
    let released = decision.released.expect("released").into_item();
    assert_eq!(released.identity.expect("identity").attributes.callsign, None);
    long.identity = Identity::Cot("x".repeat(257));
    let decision = policy(Nation::JPN).release_observation(&long, alias, Nation::USA, NOW);
    assert_eq!(decision.released.expect("released").into_item().identity, None);
}

#[test]
fn the_united_states_policy_mirrors_the_rules() {
    let label = Label { originator: Nation::USA, policy: "USA-EXERCISE".into(), ..civil() };
    let mut policy = policy(Nation::USA);
    let mut tell = |label: Label| {
        let alias = || BorderAlias { nation: Nation::USA, number: 77 };
        table(&policy.release_observation(&ship(label), alias, Nation::JPN, NOW))
    };
    let open = tell(label.clone());
    let noforn = tell(Label { restrictive: ["NOFORN".to_owned()].into(), ..label });
    expect![[r#"
        existence released civil-broadcast-in-full
        coarse released civil-broadcast-in-full
        full released civil-broadcast-in-full
        identity released civil-broadcast-in-full
        source released civil-broadcast-in-full
        built existence full identity source
        existence withheld noforn-never
        coarse withheld noforn-never
        full withheld noforn-never
        identity withheld noforn-never
        source withheld noforn-never
    "#]]
    .assert_eq(&format!("{open}{noforn}"));
}
