//! A changed release policy: one proposes, another approves, and only then it is in force.

use renkei_core::affairs::{AffairsEffect, AffairsInput, Command, PolicyProposal};
use renkei_model::cbor::Digest;
use renkei_model::seat::Role;

use super::pair::{JPN, Pair, person, session};

fn proposal(words: &str, reason: &str) -> PolicyProposal {
    PolicyProposal {
        texts: vec![("own.cedar".into(), words.into())],
        policy: Digest::of(words.as_bytes()),
        before: Digest::of(b"in force"),
        widens: 14,
        narrows: 3,
        reason: reason.into(),
    }
}

/// The answer, and whether the node was told that other texts decide.
fn propose(pair: &mut Pair, role: Role, proposal: PolicyProposal) -> Result<String, String> {
    let by = session(JPN, role);
    let before = pair.replies.len();
    pair.act(JPN, AffairsInput::ProposePolicy { request: 900, by, proposal });
    match pair.replies.get(before) {
        Some((_, Ok(id))) => Ok(id.clone()),
        Some((_, Err(refusal))) => Err(refusal.code.into()),
        None => Err("no answer".into()),
    }
}

fn decide(pair: &mut Pair, role: Role, approve: bool, reason: &str) -> Result<String, String> {
    let change = pair.nodes[JPN].affairs.policy_changes().pending.map_or(0, |p| p.change);
    pair.ask(JPN, role, Command::DecidePolicy { change, approve, reason: reason.into() })
}

#[test]
fn a_change_is_in_force_when_a_second_person_approved_it_and_stays_so_over_a_restart() {
    let mut pair = Pair::new();
    assert_eq!(
        propose(&mut pair, Role::ReleaseOfficer, proposal("a", " May agreement ")),
        Ok("1".into())
    );
    assert_eq!(pair.nodes[JPN].affairs.policy_in_force(), None, "not by one person");
    assert_eq!(decide(&mut pair, Role::Commander, true, ""), Ok("1".into()));
    let texts = vec![("own.cedar".to_owned(), "a".to_owned())];
    assert_eq!(pair.nodes[JPN].affairs.policy_in_force(), Some(&texts));
    pair.crash(JPN);
    assert_eq!(pair.nodes[JPN].affairs.policy_in_force(), Some(&texts));
    let changes = pair.nodes[JPN].affairs.policy_changes();
    let past = &changes.past[0];
    assert_eq!((changes.pending.is_none(), past.widens, past.narrows), (true, 14, 3));
    assert_eq!(past.reason, "May agreement");
    assert_eq!(past.by, person(JPN, Role::ReleaseOfficer));
    assert_eq!(past.decided_by.as_deref(), Some(person(JPN, Role::Commander)));
}

#[test]
fn its_author_cannot_approve_it_but_may_withdraw_it() {
    let mut pair = Pair::new();
    propose(&mut pair, Role::ReleaseOfficer, proposal("a", "why")).unwrap();
    assert_eq!(decide(&mut pair, Role::ReleaseOfficer, true, "mine"), Err("RK-1435".into()));
    assert_eq!(decide(&mut pair, Role::ReleaseOfficer, false, ""), Err("RK-1430".into()));
    assert_eq!(decide(&mut pair, Role::ReleaseOfficer, false, "mistaken"), Ok("1".into()));
    assert_eq!(pair.nodes[JPN].affairs.policy_in_force(), None);
    assert_eq!(decide(&mut pair, Role::Commander, true, ""), Err("RK-1434".into()));
}

#[test]
fn one_change_waits_at_a_time_and_nothing_is_proposed_without_a_reason_or_a_change() {
    let mut pair = Pair::new();
    assert_eq!(propose(&mut pair, Role::Commander, proposal("a", "  ")), Err("RK-1430".into()));
    let same = PolicyProposal { before: Digest::of(b"a"), ..proposal("a", "why") };
    assert_eq!(propose(&mut pair, Role::Commander, same), Err("RK-1432".into()));
    let long = PolicyProposal {
        texts: vec![("long.cedar".into(), " ".repeat(48 * 1024 + 1))],
        ..proposal("a", "why")
    };
    assert_eq!(propose(&mut pair, Role::Commander, long), Err("RK-1431".into()));
    for names in [&["../own.cedar"][..], &["own"], &["b.cedar", "a.cedar"], &["a.cedar", "a.cedar"]]
    {
        let texts = names.iter().map(|name| ((*name).to_owned(), String::new())).collect();
        let odd = PolicyProposal { texts, ..proposal("a", "why") };
        assert_eq!(propose(&mut pair, Role::Commander, odd), Err("RK-1437".into()), "{names:?}");
    }
    propose(&mut pair, Role::Commander, proposal("a", "why")).unwrap();
    assert_eq!(propose(&mut pair, Role::Commander, proposal("b", "why")), Err("RK-1433".into()));
}

#[test]
fn a_watch_officer_changes_no_policy() {
    let mut pair = Pair::new();
    assert_eq!(propose(&mut pair, Role::WatchOfficer, proposal("a", "why")), Err("RK-1002".into()));
}

#[test]
fn nothing_decides_by_new_texts_before_the_approval_is_durable() {
    let mut pair = Pair::new();
    propose(&mut pair, Role::ReleaseOfficer, proposal("a", "why")).unwrap();
    let affairs = &mut pair.nodes[JPN].affairs;
    let command = Command::DecidePolicy { change: 1, approve: true, reason: String::new() };
    let by = session(JPN, Role::Commander);
    let input =
        AffairsInput::Command { request: 901, by, command, about: None, beside: Vec::new() };
    let effects = affairs.handle(input, pair.now);
    let told = |effects: &[AffairsEffect]| {
        effects.iter().any(|effect| matches!(effect, AffairsEffect::PolicyInForce { .. }))
    };
    assert!(!told(&effects), "the disk has not answered");
    let ticket = effects.iter().find_map(|effect| match effect {
        AffairsEffect::Persist { ticket, .. } => Some(*ticket),
        _ => None,
    });
    let effects = affairs.handle(AffairsInput::Persisted(ticket.unwrap()), pair.now);
    assert!(told(&effects));
}
