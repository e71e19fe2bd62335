//! What persons state of tracks: kept, obeyed, withdrawn, and never sent.

use expect_test::expect;
use renkei_core::affairs::{About, Command};
use renkei_model::id::Nation;
use renkei_model::observation::Identity;
use renkei_model::seat::Role;
use renkei_model::track::TrackNumber;

use super::pair::{JPN, Pair, check, session, ship};

/// A team's boat beside the ship, known by its CoT name alone.
fn boat(name: Option<&str>) -> About {
    let mut about = ship(JPN);
    about.track = TrackNumber(50);
    about.subject.alias = None;
    about.subject.identity = name.map(|name| Identity::Cot(name.into()));
    about.known_as = about.subject.identity.clone().into_iter().collect();
    about
}

fn ask(pair: &mut Pair, command: Command, beside: Vec<About>) -> Result<String, String> {
    let by = session(JPN, Role::WatchOfficer);
    pair.ask_beside(JPN, by, command, Some(ship(JPN)), beside)
}

fn join(pair: &mut Pair, beside: Vec<About>) -> Result<String, String> {
    let (track, with) = (ship(JPN).track, TrackNumber(50));
    ask(pair, Command::MergeTracks { track, with, reason: "same wake".into() }, beside)
}

fn split(pair: &mut Pair, beside: Vec<About>) -> Result<String, String> {
    let command = Command::SplitTrack { track: ship(JPN).track, reason: "two masts".into() };
    ask(pair, command, beside)
}

#[test]
fn the_last_statement_stands_until_it_is_withdrawn_and_then_the_one_before_it() {
    check(
        |pair| {
            join(pair, vec![boat(Some("boat"))]).unwrap();
            let number = split(pair, vec![boat(Some("boat"))]).unwrap().parse().unwrap();
            for _ in 0..2 {
                let _ = ask(pair, Command::WithdrawMerge { merge: number }, Vec::new());
            }
            ask(pair, Command::WithdrawMerge { merge: 1 }, Vec::new()).unwrap();
            pair.quiet();
        },
        &expect![[r#"
            JPN picture: Mmsi(999000001) Cot("boat"): Some(true)
            JPN picture: Mmsi(999000001) Cot("boat"): Some(false)
            JPN picture: Mmsi(999000001) Cot("boat"): Some(true)
            JPN refused RK-1134: this statement stands no more
            JPN picture: Mmsi(999000001) Cot("boat"): None
        "#]],
    );
}

#[test]
fn what_persons_stated_comes_back_after_a_crash_and_is_told_to_the_picture_again() {
    let mut pair = Pair::new();
    join(&mut pair, vec![boat(Some("boat"))]).unwrap();
    let before = pair.nodes[JPN].affairs.snapshot(pair.now).merges;
    let [merge] = &before[..] else { panic!("{before:?}") };
    assert_eq!((&*merge.one, merge.same), ("MMSI 999000001", true));
    assert_eq!((&*merge.others[0], &*merge.reason), ("CoT boat", "same wake"));
    let told = pair.trace.len();
    pair.crash(JPN);
    assert_eq!(pair.nodes[JPN].affairs.snapshot(pair.now).merges, before);
    let again = pair.trace[told..].iter().any(|line| line.contains("Cot(\"boat\"): Some(true)"));
    assert!(again, "{:?}", &pair.trace[told..]);
    let theirs = pair.nodes[JPN].affairs.snapshot_for(Nation::USA, pair.now);
    assert_eq!(theirs.merges, [], "a liaison is told nothing of it");
}

#[test]
fn a_statement_wants_two_names_and_a_reason() {
    let mut pair = Pair::new();
    assert_eq!(join(&mut pair, vec![boat(None)]), Err("RK-1130".into()));
    assert_eq!(join(&mut pair, vec![ship(JPN)]), Err("RK-1131".into()));
    assert_eq!(join(&mut pair, Vec::new()), Err("RK-1135".into()));
    assert_eq!(split(&mut pair, Vec::new()), Err("RK-1136".into()));
    let (track, with) = (ship(JPN).track, TrackNumber(50));
    let silent = Command::MergeTracks { track, with, reason: "  ".into() };
    assert_eq!(ask(&mut pair, silent, vec![boat(Some("boat"))]), Err("RK-1132".into()));
    let gone = Command::WithdrawMerge { merge: 7 };
    assert_eq!(ask(&mut pair, gone, Vec::new()), Err("RK-1134".into()));
    assert_eq!(pair.nodes[JPN].affairs.snapshot(pair.now).merges, []);
}
