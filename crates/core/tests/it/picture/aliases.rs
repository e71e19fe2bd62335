//! The spoken names at the border.

use expect_test::expect;
use renkei_core::picture::{AliasKey, Picture, PictureConfig, PictureEffect, PictureInput};
use renkei_model::cbor::{from_canonical, to_canonical};
use renkei_model::id::Nation;
use renkei_model::observation::Identity;

use super::floors::{Floor, NOON, at, civil, classified, offers, policy, sensitive, ship, told};

#[test]
fn aliases_are_dense_whatever_was_withheld() {
    let mut floor = Floor::new(Nation::JPN);
    let mut spoken = Vec::new();
    for mmsi in 1..=6 {
        let label = if mmsi % 2 == 0 { sensitive(Nation::JPN) } else { civil(Nation::JPN) };
        let effects = floor.hear(ship("feed", label, mmsi, 0, 125.0));
        spoken.extend(offers(&effects).iter().map(|o| o.item().alias.to_string()));
    }
    assert_eq!(spoken, ["J-0001", "J-0002", "J-0003"]);
}

#[test]
fn a_feed_that_may_not_name_speaks_under_another_alias_than_one_that_may() {
    let mut floor = Floor::new(Nation::JPN);
    let mut effects = floor.hear(ship("ais", civil(Nation::JPN), 1, 0, 125.0));
    effects.extend(floor.hear(ship("radar", classified(Nation::JPN), 1, 1, 125.0)));
    expect![[r#"
        to USA, Named Mmsi(1) is J-0001
        offer J-0001 to USA: existence full identity source by civil-broadcast-in-full
        history of track 1
        track 1 changed
        to USA, Vaguely Mmsi(1) is J-0002
        offer J-0002 to USA: existence coarse by listed-classified-coarse
        history of track 1
        track 1 changed
    "#]]
    .assert_eq(&told(&effects));
}

#[test]
fn aliases_survive_a_restart_through_their_stored_bytes() {
    let mut before = Floor::new(Nation::JPN);
    let mut stored = Vec::new();
    for mmsi in 1..=3 {
        for effect in before.hear(ship("ais", civil(Nation::JPN), mmsi, 0, 125.0)) {
            if let PictureEffect::AliasGiven { partner, key, alias } = effect {
                stored.push((partner, to_canonical(&key), alias));
            }
        }
    }
    let mut after = Floor::new(Nation::JPN);
    for (partner, key, alias) in stored {
        let key: AliasKey = from_canonical(&key).unwrap();
        after.picture.handle(PictureInput::AliasRestored { partner, key, alias }, NOON);
    }
    let effects = after.hear(ship("ais", civil(Nation::JPN), 2, 60, 125.0));
    expect![[r#"
        offer J-0002 to USA: existence full identity source by civil-broadcast-in-full
        history of track 1
        track 1 changed
    "#]]
    .assert_eq(&told(&effects));
    let effects = after.hear(ship("ais", civil(Nation::JPN), 9, 60, 125.0));
    assert!(told(&effects).starts_with("to USA, Named Mmsi(9) is J-0004\n"));
}

#[test]
fn a_full_book_says_so_and_releases_nothing_new() {
    let config = PictureConfig { aliases_max: 1, ..PictureConfig::new(Nation::JPN, Nation::USA) };
    let picture = Picture::new(config, &policy(Nation::JPN));
    let mut floor = Floor { nation: Nation::JPN, picture };
    let mut effects = floor.hear(ship("ais", civil(Nation::JPN), 1, 0, 125.0));
    effects.extend(floor.hear(ship("ais", civil(Nation::JPN), 2, 0, 125.0)));
    effects.extend(floor.hear(ship("ais", civil(Nation::JPN), 1, 9, 125.0)));
    expect![[r#"
        to USA, Named Mmsi(1) is J-0001
        offer J-0001 to USA: existence full identity source by civil-broadcast-in-full
        history of track 1
        track 1 changed
        release a new thing to USA: 1 border aliases are given; raise `aliases_max`
        history of track 2
        track 2 changed
        offer J-0001 to USA: existence full identity source by civil-broadcast-in-full
        history of track 1
        track 1 changed
    "#]]
    .assert_eq(&told(&effects));
}

#[test]
fn an_incident_is_located_by_any_name_and_again_after_a_change() {
    let mut floor = Floor::new(Nation::JPN);
    let incident = super::floors::object(Nation::JPN, 7);
    let subject = renkei_model::statement::Subject {
        alias: None,
        identity: Some(Identity::Mmsi(1)),
        name: None,
        domain: renkei_model::observation::Domain::Surface,
    };
    let locate =
        PictureInput::Locate { incident, subject, known_as: std::collections::BTreeSet::new() };
    assert_eq!(told(&floor.picture.handle(locate, at(0))), "");
    floor.hear(ship("ais", civil(Nation::JPN), 1, 1, 125.0));
    expect![[r#"
        incident 7 is about track 1, 2 names
    "#]]
    .assert_eq(&told(&floor.tick(2)));
    assert_eq!(told(&floor.tick(3)), "");
}
