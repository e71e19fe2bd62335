//! The logs of classes 1, 2 and 4: durable before sent, durable before acknowledged.

use expect_test::{Expect, expect};
use renkei_link::{Class, Event};
use renkei_model::id::Nation;

use crate::pair::{Pair, Planted};
use crate::support::{other, policy, record};
use crate::wire::names;

fn connected() -> Pair {
    let mut pair = Pair::new(Planted::Nothing);
    // Once for the greetings, once for the first heartbeats.
    assert!(pair.settle() && pair.settle());
    pair
}

/// The frames that side 0 sends now, heartbeats left out.
fn check(pair: &mut Pair, expected: &Expect) {
    let bytes = pair.sides[0].border.transmit(1, pair.now, 64 * 1024);
    let names = names(&bytes).into_iter().filter(|name| name != "HEARTBEAT");
    expected.assert_eq(&names.map(|name| name + "\n").collect::<String>());
}

#[test]
fn an_entry_goes_only_when_it_is_durable() {
    let mut pair = connected();
    pair.sides[0].offer(Class::Decisions, 0);
    check(&mut pair, &expect![""]);
    pair.sides[0].sync();
    check(
        &mut pair,
        &expect![[r#"
            CHUNK class 1 seq 1 at 0 of 240
        "#]],
    );
}

#[test]
fn an_entry_is_acknowledged_only_when_it_is_durable() {
    let mut pair = connected();
    pair.sides[1].offer(Class::Incidents, 0);
    pair.sides[1].sync();
    pair.transmit(1, 4096);
    pair.deliver(0, usize::MAX);
    check(
        &mut pair,
        &expect![[r#"
            CREDIT 186
        "#]],
    );
    pair.sides[0].sync();
    check(
        &mut pair,
        &expect![[r#"
            ACK
        "#]],
    );
}

#[test]
fn a_long_entry_goes_in_pieces_between_which_a_decision_overtakes() {
    let mut pair = connected();
    pair.sides[0].offer(Class::Documents, 2_000);
    pair.sides[0].sync();
    let mut sent = pair.sides[0].border.transmit(1, pair.now, 1);
    pair.sides[0].offer(Class::Decisions, 0);
    pair.sides[0].sync();
    sent.extend(pair.sides[0].border.transmit(1, pair.now, 4096));
    expect![[r#"
        [
            "CHUNK class 4 seq 1 at 0 of 2243",
            "CHUNK class 1 seq 1 at 0 of 240",
            "CHUNK class 4 seq 1 at 960 of 2243",
        ]
    "#]]
    .assert_debug_eq(&names(&sent));
}

#[test]
fn a_record_released_to_somebody_else_is_not_taken() {
    let mut pair = connected();
    let for_japan = record(&policy(Nation::USA), Nation::USA, 1, 0);
    assert_eq!(for_japan.to(), other(Nation::USA));
    let error = pair.sides[0].border.offer_record(Class::Decisions, for_japan).unwrap_err();
    expect!["offer to USA: it is released to JPN only"].assert_eq(&error.to_string());
}

#[test]
fn a_number_that_could_not_be_made_durable_is_given_again() {
    let mut pair = connected();
    let japan = policy(Nation::JPN);
    let border = &mut pair.sides[0].border;
    let offer = |border: &mut renkei_link::Border, number| {
        let record = record(&japan, Nation::JPN, number, 0);
        border.offer_record(Class::Decisions, record).unwrap().cursor.seq
    };
    assert_eq!([offer(border, 1), offer(border, 2), offer(border, 3)], [1, 2, 3]);
    border.committed(Class::Decisions, 1);
    assert_eq!(border.not_stored("the disk is full"), [], "nothing came: the session goes on");
    assert_eq!(offer(border, 4), 2);
    assert_eq!(border.status().queued, [0, 2, 0, 0, 0]);
    border.committed(Class::Decisions, 2);
    pair.transmit(0, 4096);
    pair.deliver(1, usize::MAX);
    assert_eq!(pair.sides[1].disk.written.effects.decisions, [1, 4]);
}

#[test]
fn what_could_not_be_stored_comes_again_after_a_reconnect() {
    let mut pair = connected();
    pair.sides[1].offer(Class::Decisions, 0);
    pair.sides[1].sync();
    pair.transmit(1, 4096);
    pair.deliver(0, usize::MAX);
    pair.sides[0].events.clear();
    pair.sides[0].disk_full();
    expect![[r#"
        [
            Refused {
                by: JPN,
                refusal: Refusal {
                    code: NotStored,
                    words: "the disk is full; free some space",
                },
            },
            Down(
                Refused {
                    by: JPN,
                    refusal: Refusal {
                        code: NotStored,
                        words: "the disk is full; free some space",
                    },
                },
            ),
        ]
    "#]]
    .assert_debug_eq(&pair.sides[0].events);
    pair.transmit(0, 4096);
    assert!(!pair.is_connected);
    assert!(pair.settle());
    assert_eq!(pair.sides[0].disk.synced.effects.decisions, [1]);
}

#[test]
fn a_partner_that_is_away_costs_disk_and_not_memory() {
    let mut pair = Pair::new(Planted::Nothing);
    for _ in 0..300 {
        pair.sides[0].offer(Class::Documents, 20_000);
    }
    pair.sides[0].sync();
    let status = pair.sides[0].border.status();
    assert_eq!(status.queued, [0, 0, 0, 0, 300]);
    assert!(status.memory_bytes <= 1024 * 1024, "{}", status.memory_bytes);
    assert!(pair.settle());
    assert_eq!(pair.sides[1].disk.synced.effects.documents, (1..=300).collect::<Vec<_>>());
    assert_eq!(pair.sides[0].border.status().memory_bytes, 0);
}

#[test]
fn an_entry_says_what_its_writer_had_seen() {
    let mut pair = connected();
    pair.sides[0].offer(Class::Decisions, 0);
    pair.sides[0].offer(Class::Decisions, 0);
    assert!(pair.settle());
    pair.sides[1].offer(Class::Decisions, 0);
    assert!(pair.settle());
    let seen = pair.sides[0].events.iter().find_map(|event| match event {
        Event::Record { seen, .. } => Some(*seen),
        _ => None,
    });
    expect![[r#"
        Some(
            Seen {
                epoch: 1,
                decisions: 2,
                incidents: 0,
                documents: 0,
            },
        )
    "#]]
    .assert_debug_eq(&seen);
}

#[test]
fn what_is_recalled_before_it_goes_does_not_go() {
    let mut pair = connected();
    let own = pair.sides[0].own;
    let recall = |number| record(&policy(own), own, number, 0);
    pair.sides[0].offer(Class::Incidents, 0);
    pair.sides[0].offer(Class::Incidents, 0);
    let border = &mut pair.sides[0].border;
    let instead = border.replace_record(Class::Incidents, 2, recall(99)).expect("for the partner");
    // Its owner makes the new bytes durable under the same number.
    let log = pair.sides[0].disk.written.logs.get_mut(Class::Incidents);
    log[1] = instead.expect("it has not gone");
    assert!(pair.settle());
    let border = &mut pair.sides[0].border;
    let late = border.replace_record(Class::Incidents, 1, recall(98)).expect("for the partner");
    assert_eq!(late, None, "what went cannot be stopped");
    assert_eq!(*pair.sides[1].disk.synced.effects.get(Class::Incidents), vec![1, 99]);
}
