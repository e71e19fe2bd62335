//! A watched track: who, why, until when; ended by hand or by its time, kept over a restart.

use expect_test::expect;
use renkei_core::affairs::view::WatchView;
use renkei_core::affairs::{AffairsInput, Command, entry};
use renkei_model::id::Nation;
use renkei_model::seat::Role;
use renkei_model::track::TrackNumber;

use super::pair::{Handling, JPN, Pair, USA, check, person};

fn watch(reason: &str, for_s: u32) -> Command {
    Command::WatchTrack { track: TrackNumber(40), reason: reason.into(), for_s }
}

fn watches(pair: &Pair) -> Vec<WatchView> {
    pair.nodes[JPN].affairs.snapshot(pair.now).watches
}

/// What of the watches stands in the ledger, in order.
fn ledger(pair: &Pair) -> Vec<String> {
    let entries = pair.nodes[JPN].ledger.iter();
    let local = entries.filter_map(|(kind, body)| match entry::Entry::from_body(*kind, body) {
        Ok(Some(entry::Entry::Local(local))) => Some(*local),
        _ => None,
    });
    local
        .filter_map(|local| match local {
            entry::Local::Watched(w) => Some(format!("{} by {}", w.watch, w.by.person)),
            entry::Local::Unwatched(u) => {
                let by = u.by.map_or("its time".into(), |by| by.person);
                Some(format!("{} ended by {by}", u.watch))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn a_watch_says_who_why_and_until_when_and_a_restart_keeps_it() {
    let mut pair = Pair::new();
    let id = pair.ask(JPN, Role::WatchOfficer, watch(" course to the cable ", 3_600)).unwrap();
    let seen = watches(&pair);
    assert_eq!((id.as_str(), seen.len(), seen[0].watch), ("1", 1, 1));
    assert_eq!(seen[0].reason, "course to the cable");
    assert_eq!(seen[0].by, person(JPN, Role::WatchOfficer));
    assert_eq!(seen[0].until_ms - seen[0].since_ms, 3_600_000);
    assert_eq!(seen[0].known_as[0], "MMSI 999000001");
    let liaison = pair.nodes[JPN].affairs.snapshot_for(Nation::USA, pair.now);
    assert!(liaison.watches.is_empty(), "whom we watch is not for the partner");
    pair.trace.clear();
    pair.crash(JPN);
    assert_eq!(watches(&pair), seen);
    assert_eq!(pair.trace, ["JPN picture: watch 3 names"], "the picture is told again");
    pair.quiet();
    let theirs = &pair.nodes[USA].ledger;
    let needle = b"course to the cable";
    let crossed = theirs.iter().any(|(_, body)| body.windows(needle.len()).any(|w| w == needle));
    assert!(!crossed, "the reason stays here");
}

#[test]
fn a_watch_ends_by_hand_or_by_its_time_and_the_ledger_says_which() {
    check(
        |pair| {
            pair.ask(JPN, Role::J2, watch("drifts", 600)).unwrap();
            pair.ask(JPN, Role::WatchOfficer, Command::EndWatch { watch: 1 }).unwrap();
            assert!(watches(pair).is_empty());
            let again = pair.ask(JPN, Role::WatchOfficer, Command::EndWatch { watch: 1 });
            assert_eq!(again, Err("RK-1144".into()));
            pair.ask(JPN, Role::WatchOfficer, watch("drifts again", 600)).unwrap();
            pair.pass(599);
            pair.tick();
            assert_eq!(watches(pair).len(), 1);
            pair.pass(1);
            assert!(watches(pair).is_empty(), "it is over before the clock is looked at");
            pair.crash(JPN);
            pair.tick();
            pair.tick();
            let person = person(JPN, Role::WatchOfficer);
            assert_eq!(
                ledger(pair),
                [
                    format!("1 by {person}"),
                    format!("1 ended by {person}"),
                    format!("2 by {person}"),
                    "2 ended by its time".into(),
                ]
            );
        },
        &expect![[r#"
            JPN picture: watch 3 names
            JPN picture: watch 3 names no more
            JPN refused RK-1144: this watch has ended already
            JPN picture: watch 3 names
            JPN picture: watch 3 names no more
        "#]],
    );
}

#[test]
fn a_second_watch_on_one_thing_stands_in_place_of_the_first() {
    let mut pair = Pair::new();
    pair.ask(JPN, Role::WatchOfficer, watch("drifts", 600)).unwrap();
    pair.pass(300);
    pair.ask(JPN, Role::J2, watch("still drifts", 3_600)).unwrap();
    let seen = watches(&pair);
    assert_eq!((seen.len(), seen[0].watch, seen[0].reason.as_str()), (1, 2, "still drifts"));
    pair.crash(JPN);
    assert_eq!(watches(&pair), seen);
    assert_eq!(pair.ask(JPN, Role::J2, watch("once more", 60)), Ok("3".into()));
}

#[test]
fn a_watch_without_a_reason_or_an_end_is_refused() {
    let mut pair = Pair::new();
    let before = pair.nodes[JPN].ledger.len();
    let mut refused = |command, code: &str| {
        assert_eq!(pair.ask(JPN, Role::WatchOfficer, command), Err(code.into()));
    };
    refused(watch(" ", 600), "RK-1140");
    refused(watch(&"a".repeat(2_001), 600), "RK-1140");
    refused(watch("drifts", 59), "RK-1141");
    refused(watch("drifts", 2_592_001), "RK-1141");
    let by = super::pair::session(JPN, Role::WatchOfficer);
    let gone = pair.ask_as(JPN, by.clone(), watch("drifts", 600), None);
    assert_eq!(gone, Err("RK-1107".into()));
    let mut nameless = super::pair::ship(JPN);
    nameless.known_as.clear();
    let nameless = pair.ask_as(JPN, by, watch("drifts", 600), Some(nameless));
    assert_eq!(nameless, Err("RK-1142".into()));
    assert_eq!(pair.nodes[JPN].ledger.len(), before, "nothing was written");
}

#[test]
fn nothing_is_watched_before_the_ledger_holds_who_asked() {
    let mut pair = Pair::with(Handling { slow_disk: true, ..Handling::default() });
    pair.ask(JPN, Role::WatchOfficer, watch("drifts", 600)).unwrap();
    assert!(pair.trace.is_empty() && watches(&pair).is_empty());
    pair.sync(JPN);
    assert_eq!(pair.trace, ["JPN picture: watch 3 names"]);
    // A disk that refuses the entry leaves nothing watched.
    pair.trace.clear();
    pair.ask(JPN, Role::WatchOfficer, Command::EndWatch { watch: 1 }).unwrap();
    pair.crash(JPN);
    assert_eq!(watches(&pair).len(), 1);
    pair.act(JPN, AffairsInput::Tick);
    assert_eq!(pair.trace, ["JPN picture: watch 3 names"]);
}
