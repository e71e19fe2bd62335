//! Alerts that open no incident: told to the watch, judged by a person, counted by rule.

use renkei_core::affairs::{AffairsInput, Command, Judgement, Notice};
use renkei_fusion::alerts::{Figure, Rule, Why};
use renkei_model::id::Nation;
use renkei_model::observation::Identity;
use renkei_model::seat::Role;
use renkei_model::statement::Occurrence;

use super::pair::{JPN, Pair, USA, ship};

fn approach(pair: &mut Pair) {
    let why = Why {
        rule: Rule::CloseApproach,
        preset: "marine",
        thresholds: vec![Figure { name: "distance_m", value: 2_778 }],
        measured: vec![Figure { name: "distance_m", value: 926 }],
        tracks: vec![ship(JPN).track],
        from: pair.now,
        until: pair.now,
    };
    let occurrence = Occurrence::CloseApproach {
        other: Identity::Mmsi(999_000_002),
        distance_m: 926,
        in_ms: 600_000,
    };
    let (sensed_at, ingested_at) = (pair.now, pair.now);
    let notice = Notice { occurrence, about: Some(ship(JPN)), why, sensed_at, ingested_at };
    pair.act(JPN, AffairsInput::Notice(Box::new(notice)));
}

fn judge(
    pair: &mut Pair,
    notice: u64,
    judgement: Judgement,
    for_s: Option<u32>,
    reason: &str,
) -> Result<String, String> {
    let reason = reason.into();
    let command = Command::JudgeNotice { notice, judgement, for_s, reason };
    pair.ask(JPN, Role::WatchOfficer, command)
}

/// The numbers of the notices that want somebody.
fn open(pair: &Pair) -> Vec<u64> {
    let view = pair.nodes[JPN].affairs.snapshot(pair.now);
    view.attention.iter().filter_map(|item| item.notice).collect()
}

#[test]
fn a_notice_says_why_and_opens_no_incident() {
    let mut pair = Pair::new();
    approach(&mut pair);
    let view = pair.nodes[JPN].affairs.snapshot(pair.now);
    assert_eq!(view.incidents, []);
    let item = &view.attention[0];
    assert_eq!((item.key, item.notice), ("attention-close-approach", Some(1)));
    assert_eq!(item.args["distance_nm"].en, "0.5");
    assert_eq!(item.args["minutes"].ja, "10");
    assert_eq!(item.why.as_ref().unwrap().measured[0].value, 926);
    let liaison = pair.nodes[JPN].affairs.snapshot_for(Nation::USA, pair.now);
    assert!(liaison.attention.is_empty() && liaison.rules.is_empty());
}

#[test]
fn a_judged_notice_leaves_and_counts_for_its_rule_even_after_a_restart() {
    let mut pair = Pair::new();
    for _ in 0..4 {
        approach(&mut pair);
    }
    judge(&mut pair, 1, Judgement::Acknowledged, None, "").unwrap();
    judge(&mut pair, 2, Judgement::Acknowledged, None, "").unwrap();
    judge(&mut pair, 3, Judgement::FalseAlarm, None, "two tugs at work").unwrap();
    assert_eq!(open(&pair), [4]);
    // The second thought replaces the first.
    judge(&mut pair, 2, Judgement::FalseAlarm, None, "pilot boat").unwrap();
    let row = |pair: &Pair| pair.nodes[JPN].affairs.snapshot(pair.now).rules[0].clone();
    let before = row(&pair);
    assert_eq!((before.told, before.acknowledged, before.false_alarms), (4, 1, 2));
    assert_eq!(before.precision_percent, Some(33));
    pair.crash(JPN);
    let after = row(&pair);
    assert_eq!((after.acknowledged, after.false_alarms), (1, 2));
    assert_eq!(after.precision_percent, Some(33));
}

#[test]
fn an_incident_says_why_it_was_raised_too() {
    let mut pair = Pair::new();
    pair.enter(JPN);
    let presets = |pair: &Pair| -> Vec<_> {
        let view = pair.nodes[JPN].affairs.snapshot(pair.now);
        let incidents = view.attention.iter().filter(|item| item.kind == "incident");
        incidents.filter_map(|item| item.why.as_ref()).map(|why| why.preset).collect()
    };
    assert_eq!(presets(&pair), ["two_fixes"]);
    approach(&mut pair);
    judge(&mut pair, 1, Judgement::Escalated, None, "").unwrap();
    assert_eq!(presets(&pair), ["two_fixes", "marine"], "an escalated alert brings its own");
}

#[test]
fn a_notice_put_off_comes_back() {
    let mut pair = Pair::new();
    approach(&mut pair);
    judge(&mut pair, 1, Judgement::Snoozed, Some(600), "escort on the way").unwrap();
    assert_eq!(open(&pair), Vec::<u64>::new());
    pair.pass(599);
    assert_eq!(open(&pair), Vec::<u64>::new());
    pair.pass(1);
    assert_eq!(open(&pair), [1]);
}

#[test]
fn an_escalated_notice_is_an_incident_once() {
    let mut pair = Pair::new();
    approach(&mut pair);
    let id = judge(&mut pair, 1, Judgement::Escalated, None, "").unwrap();
    let view = pair.nodes[JPN].affairs.snapshot(pair.now);
    assert_eq!(view.incidents[0].id, id);
    assert_eq!(view.incidents[0].track, Some(ship(JPN).track.0));
    assert_eq!(open(&pair), Vec::<u64>::new());
    let again = judge(&mut pair, 1, Judgement::Escalated, None, "");
    assert_eq!(again, Err("RK-1116".into()));
    pair.quiet();
    let theirs = pair.nodes[USA].affairs.snapshot(pair.now).incidents;
    assert_eq!(theirs.len(), 1, "it was released, so the partner has it too");
}

#[test]
fn a_judgement_that_must_be_explained_is_refused_without_words() {
    let mut pair = Pair::new();
    approach(&mut pair);
    let mut refused = |judgement, for_s, reason: &str, code: &str| {
        assert_eq!(judge(&mut pair, 1, judgement, for_s, reason), Err(code.into()));
    };
    refused(Judgement::FalseAlarm, None, " ", "RK-1118");
    refused(Judgement::Snoozed, Some(60), "", "RK-1118");
    refused(Judgement::Snoozed, None, "later", "RK-1117");
    refused(Judgement::Snoozed, Some(50_000), "later", "RK-1117");
    refused(Judgement::Acknowledged, Some(60), "", "RK-1117");
    assert_eq!(judge(&mut pair, 9, Judgement::Acknowledged, None, ""), Err("RK-1115".into()));
    assert_eq!(open(&pair), [1], "nothing was judged");
}
