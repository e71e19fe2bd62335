//! The ledger is the truth: what it holds comes back, what it does not hold was never told.

use renkei_core::affairs::entry::Entry;
use renkei_core::affairs::{Affairs, AffairsEffect, AffairsInput, Choice, Command, Ticket};
use renkei_model::cbor::from_canonical;
use renkei_model::seat::Role;
use renkei_model::statement::{Record, Statement};

use super::agreement::{answer, begin, draft, incident, offer, task};
use super::pair::{Handling, JPN, Pair, USA, config};

fn whole_scene() -> Pair {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    pair.quiet();
    answer(&mut pair, JPN, Choice::Agree).unwrap();
    pair.quiet();
    answer(&mut pair, USA, Choice::Caveat).unwrap();
    pair.quiet();
    task(&mut pair, JPN).unwrap();
    pair.quiet();
    pair
}

#[test]
fn what_was_durable_comes_back_exactly() {
    let pair = whole_scene();
    for i in [JPN, USA] {
        let node = &pair.nodes[i];
        let back = node.replayed(i);
        assert!(back.same_state(&node.affairs));
        let mut view = node.affairs.snapshot(pair.now);
        // Track numbers end with the process; the picture gives them again.
        view.incidents.iter_mut().for_each(|incident| incident.track = None);
        view.attention.iter_mut().for_each(|item| item.track = None);
        assert_eq!(back.snapshot(pair.now), view);
    }
}

/// The partner's confirmations are cumulative, and each record of an incident tells it whole: of
/// these a later one speaks for an earlier.
fn is_repeated_later((kind, body): &(u16, Vec<u8>)) -> bool {
    let record = match Entry::from_body(*kind, body) {
        Ok(Some(Entry::Held(_))) => return true,
        Ok(Some(Entry::Own(signed))) => signed,
        Ok(Some(Entry::Partner(e))) => e.signed,
        _ => return false,
    };
    let record: Record = from_canonical(&record.bytes).unwrap();
    matches!(record.statement, Statement::Incident(i) if i.revision > 0)
}

#[test]
fn every_entry_counts() {
    // The planted fault: a replay that loses one entry, whichever it is, is told from a whole one.
    let pair = whole_scene();
    let node = &pair.nodes[JPN];
    let mut told = Vec::new();
    for lost in 0..node.ledger.len() {
        if is_repeated_later(&node.ledger[lost]) {
            continue;
        }
        let mut entries = node.ledger.clone();
        entries.remove(lost);
        let back = Affairs::replay(config(JPN), entries).unwrap();
        told.push((lost, !back.same_state(&node.affairs)));
    }
    assert!(told.iter().all(|(_, told)| *told), "{told:?}");
}

#[test]
fn nothing_is_told_before_the_disk_has_it() {
    let mut pair = Pair::new();
    begin(&mut pair);
    pair.handling = Handling { slow_disk: true, ..Handling::default() };
    let id = incident(&pair, JPN);
    let close = Command::Close { incident: id };
    assert_eq!(pair.ask(JPN, Role::WatchOfficer, close).unwrap(), "", "no reply yet");
    assert!(pair.trace.is_empty(), "nothing sent yet");
    pair.crash(JPN);
    assert!(pair.trace.is_empty(), "and nothing remembered");
    assert!(pair.replies.iter().all(|(_, reply)| reply.is_ok()));
}

#[test]
fn what_a_crash_kept_from_the_border_is_sent_at_the_next_start() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    pair.handling = Handling { slow_disk: true, ..Handling::default() };
    offer(&mut pair, JPN).unwrap();
    // The offer reaches the disk; its place in the border log does not.
    assert!(pair.sync(JPN));
    assert_eq!(pair.trace, ["JPN offer v1J", "JPN incident r3 Options, paired"]);
    pair.crash(JPN);
    assert_eq!(pair.trace[2..], pair.trace[..2], "sent again");
    pair.quiet();
    assert_eq!(pair.nodes[USA].affairs.snapshot(pair.now).options.len(), 1, "and taken once");
}

#[test]
fn a_full_disk_undoes_what_was_asked_and_says_so() {
    let mut pair = Pair::new();
    pair.enter(JPN);
    let before = pair.nodes[JPN].replayed(JPN);
    let incident = incident(&pair, JPN);
    let by = super::pair::session(JPN, Role::WatchOfficer);
    let command = Command::Acknowledge { incident };
    let input = AffairsInput::Command {
        request: 7,
        by,
        command: command.clone(),
        about: None,
        beside: Vec::new(),
    };
    let affairs = &mut pair.nodes[JPN].affairs;
    let asked = affairs.handle(input, pair.now);
    let [AffairsEffect::Persist { ticket, .. }] = asked[..] else { panic!("{asked:?}") };
    let why = "no space left".to_owned();
    let told = affairs.handle(AffairsInput::NotPersisted { ticket, why }, pair.now);
    let [AffairsEffect::Reply { request: 7, result: Err(refusal) }] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(refusal.code, "RK-1190");
    assert!(affairs.same_state(&before));
    pair.ask(JPN, Role::WatchOfficer, command).expect("works once the disk does");
}

#[test]
fn an_older_ticket_speaks_for_itself_alone() {
    let mut pair = Pair::new();
    let now = pair.now;
    let affairs = &mut pair.nodes[JPN].affairs;
    assert!(affairs.handle(AffairsInput::Persisted(Ticket(0)), now).is_empty());
}

#[test]
fn after_a_restore_the_border_log_begins_again_with_what_is_unconfirmed() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    offer(&mut pair, JPN).unwrap();
    let mut config = config(JPN);
    config.epoch = 1;
    let mut back = Affairs::replay(config, pair.nodes[JPN].ledger.clone()).unwrap();
    assert_eq!(back.supply(1, 1, 1_000_000), Vec::<Vec<u8>>::new(), "no place in epoch 1 yet");
    let effects = back.handle(AffairsInput::Start, pair.now);
    let sent = effects.iter().filter(|e| matches!(e, AffairsEffect::Send { .. })).count();
    assert_eq!(sent, 2, "the offer and the incident's last record");
}

#[test]
fn a_damaged_entry_is_named() {
    let mut entries = Pair::new().nodes[JPN].ledger.clone();
    entries[1].1.truncate(9);
    let error = Affairs::replay(config(JPN), entries).err().unwrap().to_string();
    assert!(error.starts_with("replay ledger entry 1 of kind 0x0101: "), "{error}");
}
