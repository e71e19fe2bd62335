//! What the partner sees follows from what was offered to it and from the line: what a node does
//! beside that changes no byte and no size.

use renkei_link::{Border, Class, Restored};
use renkei_model::id::Nation;
use renkei_policy::Policy;

use crate::support::{START, config, observation, other, policy, record, static_report};
use crate::wire::{CHUNK, CREDIT, HEARTBEAT, Hello, PIECES, body, frame, frames};

/// How the alias of a thing is given.
#[derive(Clone, Copy)]
enum Aliases {
    /// Dense for the partner.
    Dense,
    /// Planted fault: the node counts all its things.
    OfTheNode,
}

/// All bytes that JPN sends USA over a busy minute, while between any two things and records that
/// are released `withheld` others are not.
fn sent(aliases: Aliases, withheld: u32) -> Vec<u8> {
    let mut japan: Policy = policy(Nation::JPN);
    let mut border = Border::restore(config(Nation::JPN, 1, 5), &Restored::default());
    border.connected(1, START);
    border.receive(1, &Hello { newest: 2, ..Hello::default() }.frame(), START);
    let (mut bytes, mut taken) = (Vec::new(), 0);
    for round in 0..60 {
        let now = START.plus_ms(i64::from(round) * 1_000);
        for thing in 1..30_u32 {
            for hidden in 0..withheld {
                // Decided for the partner and not released: nothing is offered.
                let not_theirs = observation(&mut japan, Nation::JPN, 10_000 + hidden, round);
                assert_eq!(not_theirs.to(), other(Nation::JPN));
            }
            let alias = match aliases {
                Aliases::Dense => thing,
                Aliases::OfTheNode => thing * (withheld + 1),
            };
            let report = observation(&mut japan, Nation::JPN, alias, round);
            border.offer_observation(report).unwrap();
            if (thing + round) % 10 == 0 {
                let name = format!("SHIP {thing}");
                let said = static_report(&mut japan, Nation::JPN, alias, &name);
                border.offer_observation(said).unwrap();
            }
        }
        let made = record(&japan, Nation::JPN, u64::from(round), 10);
        let outbound = border.offer_record(Class::Decisions, made).unwrap();
        border.committed(Class::Decisions, outbound.cursor.seq);
        border.tick(now);
        let out = border.transmit(1, now, 1 << 16);
        taken += counted(&out);
        bytes.extend(out);
        // The partner lives and takes in everything.
        border.receive(
            1,
            &frame(HEARTBEAT, &body(|e| e.array(2).ok()?.i64(0).ok()?.u64(0).ok()?.ok().ok())),
            now,
        );
        border.receive(
            1,
            &frame(CREDIT, &body(|e| e.array(1).ok()?.u64(taken).ok()?.ok().ok())),
            now,
        );
    }
    assert!(bytes.len() > 3_000);
    bytes
}

/// Bytes of the frames in `sent` that count against credit.
fn counted(sent: &[u8]) -> u64 {
    let counted = frames(sent).into_iter().filter(|(kind, _)| (CHUNK..=PIECES).contains(kind));
    counted.map(|(_, body)| 7 + body.len() as u64).sum()
}

#[test]
fn what_is_withheld_changes_no_byte_on_the_wire() {
    let nothing = sent(Aliases::Dense, 0);
    assert_eq!(sent(Aliases::Dense, 1), nothing);
    assert_eq!(sent(Aliases::Dense, 7), nothing);
}

#[test]
fn an_alias_that_counts_what_is_withheld_is_caught() {
    assert_ne!(sent(Aliases::OfTheNode, 1), sent(Aliases::OfTheNode, 0));
}
