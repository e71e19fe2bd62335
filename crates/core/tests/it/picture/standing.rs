//! Whose a thing is: a national statement, never a guess.

use expect_test::expect;
use renkei_core::picture::view::{StatedBy, TrackView};
use renkei_core::picture::{NeutralRule, PictureConfig, PictureInput};
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::observation::Identity;
use renkei_model::statement::Affiliation;

use super::floors::{Floor, at, civil, named, ship, stated, told};

fn view(floor: &Floor, seconds: i64) -> TrackView {
    floor.picture.views(floor.nation, at(seconds)).remove(0)
}

/// A ship without name, heard once.
fn floor() -> Floor {
    let mut floor = Floor::new(Nation::JPN);
    floor.hear(ship("ais", civil(Nation::JPN), 1, 0, 125.0));
    floor
}

fn state(floor: &mut Floor, input: renkei_core::affairs::StatedIdentity, seconds: i64) -> String {
    told(&floor.picture.handle(PictureInput::Affiliation(input), at(seconds)))
}

#[test]
fn a_thing_is_unknown_until_somebody_says_otherwise() {
    let view = view(&floor(), 1);
    assert_eq!((view.affiliation, view.by), (Affiliation::Unknown, None));
}

#[test]
fn civil_traffic_that_identifies_itself_is_neutral_by_rule() {
    let mut floor = floor();
    floor.hear(named(ship("ais", civil(Nation::JPN), 1, 10, 125.0), "HOSHI MARU"));
    let view = view(&floor, 11);
    assert_eq!((view.affiliation, view.by), (Affiliation::Neutral, Some(StatedBy::Rule)));
}

#[test]
fn the_rule_is_data_and_leaves_out_ships_that_call_themselves_military() {
    let mut floor = floor();
    let mut o = named(ship("ais", civil(Nation::JPN), 1, 10, 125.0), "HAYATE");
    o.attributes.ship_type = Some(35);
    floor.hear(o);
    assert_eq!(view(&floor, 11).affiliation, Affiliation::Unknown);
    let rule = NeutralRule { clauses: Vec::new(), ..NeutralRule::default() };
    let config = PictureConfig { neutral: rule, ..PictureConfig::new(Nation::JPN, Nation::USA) };
    assert!(!config.neutral.holds(floor.picture.tracks().next().unwrap()));
}

#[test]
fn a_persons_word_stands_over_the_rule_until_it_expires() {
    let mut floor = floor();
    let name = Identity::Mmsi(1);
    let word = stated(Nation::JPN, name, Affiliation::Suspect, 5, 60);
    assert_eq!(state(&mut floor, word, 5), "track 1 changed\n");
    let seen = view(&floor, 6);
    assert_eq!((seen.affiliation, seen.by), (Affiliation::Suspect, Some(StatedBy::Person)));
    assert_eq!(view(&floor, 60).affiliation, Affiliation::Unknown);
    assert!(told(&floor.tick(60)).contains("track 1 changed"));
}

#[test]
fn the_partners_word_stands_beside_ours_and_moves_nothing() {
    let mut floor = floor();
    let before = format!("{:?}", floor.picture.track(renkei_model::track::TrackNumber(1)));
    let ours_there = Identity::Alias(BorderAlias { nation: Nation::JPN, number: 1 });
    let theirs = stated(Nation::USA, ours_there, Affiliation::Friend, 5, 60);
    assert_eq!(state(&mut floor, theirs, 6), "track 1 changed\n");
    let seen = view(&floor, 7);
    assert_eq!(seen.affiliation, Affiliation::Unknown);
    assert_eq!(seen.partner_affiliation.unwrap().affiliation, Affiliation::Friend);
    assert_eq!(format!("{:?}", floor.picture.track(renkei_model::track::TrackNumber(1))), before);
}

#[test]
fn an_older_word_never_replaces_a_newer_one() {
    let mut floor = floor();
    let word = |affiliation, made| stated(Nation::JPN, Identity::Mmsi(1), affiliation, made, 900);
    state(&mut floor, word(Affiliation::Friend, 9), 10);
    state(&mut floor, word(Affiliation::Suspect, 5), 11);
    assert_eq!(view(&floor, 12).affiliation, Affiliation::Friend);
}

#[test]
fn a_liaison_is_not_shown_our_assessment() {
    let mut floor = floor();
    state(&mut floor, stated(Nation::JPN, Identity::Mmsi(1), Affiliation::Suspect, 5, 60), 5);
    let seen = &floor.picture.views(Nation::USA, at(6))[0];
    assert_eq!((seen.affiliation, seen.by), (Affiliation::Unknown, None));
    expect!["[]"].assert_eq(&format!("{:?}", floor.picture.views("KOR".parse().unwrap(), at(6))));
}
