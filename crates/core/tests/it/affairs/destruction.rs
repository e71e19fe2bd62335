//! Destruction is ordered by two persons, repeated until the store has it, and gives no number twice.

use renkei_core::affairs::entry::{Entry, Local};
use renkei_core::affairs::{Affairs, AffairsEffect, AffairsInput, Command};
use renkei_model::seat::Role;
use renkei_model::track::TrackNumber;

use super::pair::{JPN, Pair, both, config};

fn propose(records: &[u64]) -> Command {
    Command::ProposeDestruction {
        records: records.iter().copied().collect(),
        reason: both("personal data", "個人情報のため"),
        authority: "rule 7".into(),
    }
}

fn watch() -> Command {
    Command::WatchTrack { track: TrackNumber(40), reason: "r".into(), for_s: 60 }
}

#[test]
fn who_proposed_cannot_approve() {
    let mut pair = Pair::new();
    assert_eq!(pair.ask(JPN, Role::Commander, propose(&[])), Err("RK-1311".into()));
    let proposal = pair.ask(JPN, Role::Commander, propose(&[3])).unwrap().parse().unwrap();
    let approve = Command::ApproveDestruction { proposal };
    assert_eq!(pair.ask(JPN, Role::Commander, approve.clone()), Err("RK-1313".into()));
    pair.ask(JPN, Role::ReleaseOfficer, approve.clone()).unwrap();
    assert_eq!(pair.ask(JPN, Role::ReleaseOfficer, approve), Err("RK-1312".into()), "once");
    // Until the store has carried it out, and after: the store knows which.
    let mut back = pair.nodes[JPN].replayed(JPN);
    let effects = back.handle(AffairsInput::Start, pair.now);
    let orders = effects.iter().filter_map(|effect| match effect {
        AffairsEffect::Destroy(order) => Some((&order.0.records, order.1.by.person.as_str())),
        _ => None,
    });
    assert_eq!(orders.collect::<Vec<_>>(), [(&[3].into(), "Lt. Ito")]);
}

#[test]
fn a_number_whose_record_was_destroyed_is_not_given_again() {
    let mut pair = Pair::new();
    assert_eq!(pair.ask(JPN, Role::WatchOfficer, watch()).unwrap(), "1");
    let proposal = pair.ask(JPN, Role::Commander, propose(&[3])).unwrap().parse().unwrap();
    let approve = Command::ApproveDestruction { proposal };
    let without = |pair: &Pair| -> Vec<(u16, Vec<u8>)> {
        let watched = |kind: u16, body: &[u8]| {
            let entry = Entry::from_body(kind, body).unwrap();
            matches!(entry, Some(Entry::Local(local)) if matches!(*local, Local::Watched(_)))
        };
        let entries = pair.nodes[JPN].ledger.iter().filter(|(kind, body)| !watched(*kind, body));
        entries.cloned().collect()
    };
    let next = |pair: &mut Pair| {
        pair.nodes[JPN].affairs = Affairs::replay(config(JPN), without(pair)).unwrap();
        pair.ask(JPN, Role::WatchOfficer, watch()).unwrap()
    };
    // The planted fault: the record goes without the order that names the last numbers.
    let mut careless = Pair::new();
    careless.ask(JPN, Role::WatchOfficer, watch()).unwrap();
    assert_eq!(next(&mut careless), "1");
    pair.ask(JPN, Role::ReleaseOfficer, approve).unwrap();
    assert_eq!(next(&mut pair), "2");
}
