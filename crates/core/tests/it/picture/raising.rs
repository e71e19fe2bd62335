//! Alerts, and what of them may cross.

use expect_test::expect;
use renkei_core::picture::{PictureEffect, PictureInput};
use renkei_model::id::Nation;
use renkei_model::label::Label;
use renkei_model::observation::{Emergency, Observation};
use renkei_model::track::TrackNumber;

use super::floors::{Floor, at, civil, named, sensitive, ship, told, zone};

fn watching(nation: Nation, neutral_too: bool) -> Floor {
    let mut floor = Floor::new(nation);
    floor.picture.handle(PictureInput::Zone(zone(nation, neutral_too)), at(0));
    floor
}

fn raised(effects: &[PictureEffect]) -> String {
    told(effects).lines().filter(|line| line.starts_with("raise")).collect()
}

/// A ship that comes in from the west, one report in ten minutes, each by the feed of its turn.
fn way_in(floor: &mut Floor, feeds: &[(&str, Label)]) -> String {
    let mut effects = Vec::new();
    for (i, longitude) in [124.97, 125.02, 125.07, 125.12].into_iter().enumerate() {
        let (feed, label) = &feeds[i % feeds.len()];
        effects.extend(floor.hear(ship(feed, label.clone(), 1, i as i64 * 600, longitude)));
    }
    raised(&effects)
}

#[test]
fn an_entry_that_the_partner_could_see_too_may_cross() {
    let mut floor = watching(Nation::JPN, false);
    expect![[r#"raise: entered Box, track 1; Some("J-0001") of it may cross"#]]
        .assert_eq(&way_in(&mut floor, &[("ais", civil(Nation::JPN))]));
}

#[test]
fn an_entry_that_rests_on_a_withheld_report_does_not_cross_by_itself() {
    let mut floor = watching(Nation::JPN, false);
    let feeds = [("ais", civil(Nation::JPN)), ("radar", sensitive(Nation::JPN))];
    expect!["raise: entered Box, track 1; nothing of it may cross"]
        .assert_eq(&way_in(&mut floor, &feeds));
}

#[test]
fn an_entry_seen_by_the_partners_reports_rings_and_speaks_of_it_by_their_alias() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), watching(Nation::USA, false));
    let mut effects = Vec::new();
    for (i, longitude) in [124.97, 125.02, 125.07].into_iter().enumerate() {
        let seconds = i as i64 * 600;
        let offered = jpn.hear(ship("ais", civil(Nation::JPN), 1, seconds, longitude));
        effects.extend(usa.receive(Nation::JPN, &offered, seconds));
    }
    expect![[r#"raise: entered Box, track 1; Some("J-0001") of it may cross"#]]
        .assert_eq(&raised(&effects));
}

#[test]
fn neutral_things_enter_quietly_unless_the_zone_asks() {
    for (neutral_too, rings) in [(false, false), (true, true)] {
        let mut floor = watching(Nation::JPN, neutral_too);
        floor.hear(named(ship("ais", civil(Nation::JPN), 1, -600, 124.92), "HOSHI MARU"));
        let text = way_in(&mut floor, &[("ais", civil(Nation::JPN))]);
        assert_eq!(text.contains("entered"), rings);
    }
}

#[test]
fn a_partners_zone_does_not_ring_here() {
    let mut floor = Floor::new(Nation::JPN);
    floor.picture.handle(PictureInput::Zone(zone(Nation::USA, true)), at(0));
    assert_eq!(way_in(&mut floor, &[("ais", civil(Nation::JPN))]), "");
}

#[test]
fn a_zone_that_cannot_be_watched_is_a_problem_said_aloud() {
    let mut floor = Floor::new(Nation::JPN);
    let mut bad = zone(Nation::JPN, true);
    bad.zone.ring.truncate(2);
    expect![[r#"
        watch zone `Box`: 2 corners; draw 3 to 2000
    "#]]
    .assert_eq(&told(&floor.picture.handle(PictureInput::Zone(bad), at(0))));
}

#[test]
fn distress_is_raised_and_one_identity_in_two_places_noticed() {
    let mut floor = Floor::new(Nation::JPN);
    let distress = |o: Observation| {
        let mut o = o;
        o.attributes.emergency = Some(Emergency::Distress);
        o
    };
    let mut effects = floor.hear(distress(ship("ais", civil(Nation::JPN), 2, 0, 125.0)));
    for i in 0..4 {
        effects.extend(floor.hear(ship("ais", civil(Nation::JPN), 1, i * 60, 125.0)));
        effects.extend(floor.hear(ship("ais", civil(Nation::JPN), 1, i * 60 + 1, 128.0)));
    }
    let lines: Vec<_> = told(&effects)
        .lines()
        .filter(|line| line.starts_with("raise") || line.starts_with("notice"))
        .map(str::to_owned)
        .collect();
    expect![[r#"
        [
            "raise: Emergency { emergency: Distress }, track 1; Some(\"J-0001\") of it may cross",
            "notice: DuplicateIdentity, track Some(3)",
        ]
    "#]]
    .assert_debug_eq(&lines);
}

#[test]
fn what_is_said_of_a_track_rests_on_all_its_sources() {
    let mut floor = Floor::new(Nation::JPN);
    floor.hear(ship("ais", civil(Nation::JPN), 1, 0, 125.0));
    let about = floor.picture.about_track(TrackNumber(1), Nation::USA).unwrap();
    let released = about.released.unwrap();
    assert!(released.label.releasable_to.contains(&Nation::USA));
    floor.hear(ship("radar", sensitive(Nation::JPN), 1, 60, 125.0));
    assert_eq!(floor.picture.about_track(TrackNumber(1), Nation::USA).unwrap().released, None);
}

#[test]
fn of_the_partners_own_track_we_may_speak_by_its_alias() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    let offered = jpn.hear(named(ship("ais", civil(Nation::JPN), 1, 0, 125.0), "HOSHI MARU"));
    usa.receive(Nation::JPN, &offered, 0);
    let about = usa.picture.about_track(TrackNumber(1), Nation::JPN).unwrap();
    let released = about.released.unwrap();
    assert_eq!(released.subject.alias.unwrap().to_string(), "J-0001");
    assert_eq!(released.subject.name.as_deref(), Some("HOSHI MARU"));
    usa.hear(ship("radar", sensitive(Nation::USA), 1, 60, 125.0));
    assert_eq!(usa.picture.about_track(TrackNumber(1), Nation::JPN).unwrap().released, None);
}

#[test]
fn an_entry_that_both_nations_feeds_show_together_may_cross() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), watching(Nation::USA, false));
    let mut effects = Vec::new();
    for (i, longitude) in [124.97, 125.02, 125.07, 125.12].into_iter().enumerate() {
        let seconds = i as i64 * 600;
        let label = |nation| ship("ais", civil(nation), 1, seconds, longitude);
        if i % 2 == 0 {
            effects.extend(usa.hear(label(Nation::USA)));
        } else {
            let offered = jpn.hear(label(Nation::JPN));
            effects.extend(usa.receive(Nation::JPN, &offered, seconds));
        }
    }
    expect![[r#"raise: entered Box, track 1; Some("U-0001") of it may cross"#]]
        .assert_eq(&raised(&effects));
}
