//! What sensors see that cannot say what it is: on the screen, over the border, and in alerts.

use expect_test::expect;
use renkei_core::picture::view::{HeldBy, TrackView};
use renkei_core::picture::{AliasKey, Known, PictureEffect, PictureInput};
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::label::Label;
use renkei_model::observation::Identity;
use renkei_model::statement::Affiliation;
use renkei_model::track::TrackNumber;

use super::floors::{
    Floor, at, civil, classified, listed, offers, plot, sensitive, ship, stated, told, zone,
};

/// A boat without AIS goes east at 8 m/s and is seen at each turn in `turns`; the effects of all.
fn boat(floor: &mut Floor, label: &Label, turns: std::ops::Range<i64>) -> Vec<PictureEffect> {
    let mut effects = Vec::new();
    for turn in turns {
        let seconds = 10 * turn;
        let place = (25.0, 124.98 + 0.000_08 * seconds as f64);
        effects.extend(floor.sweep(seconds, vec![plot("radar", label.clone(), seconds, place)]));
        effects.extend(floor.tick(seconds));
    }
    effects
}

fn only(floor: &Floor, viewer: Nation, seconds: i64) -> TrackView {
    let mut views = floor.picture.views(viewer, at(seconds));
    assert_eq!(views.len(), 1, "{views:?}");
    views.remove(0)
}

fn lines(effects: &[PictureEffect], begin: &[&str]) -> String {
    let text = told(effects);
    let wanted = text.lines().filter(|line| begin.iter().any(|word| line.contains(word)));
    wanted.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_boat_without_a_name_is_a_track_with_a_pedigree_and_a_history() {
    let mut floor = Floor::new(Nation::JPN);
    let effects = boat(&mut floor, &listed(Nation::JPN), 0..6);
    let view = only(&floor, Nation::JPN, 50);
    assert_eq!((view.identities.len(), view.name, view.held_by), (0, None, HeldBy::Own));
    assert_eq!(view.affiliation, Affiliation::Unknown);
    let sources: Vec<_> = view.sources.iter().map(|s| (s.name.as_deref(), s.reports)).collect();
    assert_eq!(sources, [(Some("radar"), 6)]);
    let rows = effects.iter().filter_map(|effect| match effect {
        PictureEffect::History(row) => Some((row.track, row.identity.clone())),
        _ => None,
    });
    assert_eq!(rows.collect::<Vec<_>>(), vec![(TrackNumber(1), None); 4]);
    let motion = floor.picture.motions(Nation::JPN, at(50))[0];
    assert!(!motion.not_released && motion.speed_mps.is_some());
    assert_eq!(
        lines(&boat(&mut floor, &listed(Nation::JPN), 90..91), &["dropped"]),
        "track 1 dropped\n"
    );
}

#[test]
fn one_sensors_own_track_goes_over_under_an_alias_and_is_forgotten_with_it() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    let effects = boat(&mut jpn, &listed(Nation::JPN), 0..6);
    expect![[r#"
        to USA, Located Alias(BorderAlias { nation: JPN, number: 1 }) is J-0001
        offer J-0001 to USA: existence full by listed-without-feed
        offer J-0001 to USA: existence full by listed-without-feed
        offer J-0001 to USA: existence full by listed-without-feed
        offer J-0001 to USA: existence full by listed-without-feed
    "#]]
    .assert_eq(&lines(&effects, &["offer", " is J-"]));
    assert_eq!(only(&jpn, Nation::JPN, 50).own_alias.unwrap().to_string(), "J-0001");
    let sent = offers(&effects);
    let believed = sent.last().unwrap().item().sensor_track().unwrap();
    usa.receive(Nation::JPN, &effects, 50);
    let theirs = only(&usa, Nation::USA, 50);
    assert_eq!((theirs.identities, theirs.held_by), (vec!["J-0001".to_owned()], HeldBy::Partner));
    assert!((theirs.sd_m.unwrap() - believed.sd_m()).abs() < 0.1, "taken whole");
    // Our liaison sees the same, and so does the preview.
    let liaison = only(&jpn, Nation::USA, 50);
    assert_eq!((liaison.identities, liaison.sd_m), (vec!["J-0001".to_owned()], theirs.sd_m));
    let preview =
        jpn.picture.explain(TrackNumber(1), Nation::USA, at(50)).unwrap().preview.unwrap();
    assert_eq!((preview.alias, preview.sd_m), (Some(alias(1)), theirs.sd_m));
    let quiet = jpn.tick(400);
    assert_eq!(lines(&quiet, &["forget"]), "USA may forget J-0001\n");
    usa.tick(400);
    assert_eq!(usa.picture.tracks().len(), 0, "it is not kept for a day");
}

fn alias(number: u32) -> BorderAlias {
    BorderAlias { nation: Nation::JPN, number }
}

#[test]
fn a_withheld_radar_takes_no_alias_and_says_why() {
    let mut floor = Floor::new(Nation::JPN);
    let effects = boat(&mut floor, &sensitive(Nation::JPN), 0..6);
    assert_eq!(lines(&effects, &["offer", " is J-"]), "");
    let view = only(&floor, Nation::JPN, 50);
    assert_eq!((view.own_alias, view.release.exception), (None, true));
    assert!(floor.picture.motions(Nation::JPN, at(50))[0].not_released);
    let held = floor.picture.exchange(Nation::USA).unwrap().withheld;
    let held: Vec<_> = held.iter().map(|h| (h.source.as_str(), h.policy.as_deref())).collect();
    assert_eq!(held, [("radar", Some("sensitive-source-existence"))]);
    // The next thing that is released gets the first number: gaps count nothing.
    let effects = floor.hear(ship("ais", civil(Nation::JPN), 1, 60, 125.5));
    assert!(lines(&effects, &[" is J-"]).ends_with("is J-0001\n"));
}

#[test]
fn a_classified_radar_tells_a_cell_once_in_ten_minutes() {
    let mut floor = Floor::new(Nation::JPN);
    let effects = boat(&mut floor, &classified(Nation::JPN), 0..30);
    expect![[r#"
        to USA, Vaguely Alias(BorderAlias { nation: JPN, number: 1 }) is J-0001
        offer J-0001 to USA: existence coarse by listed-classified-coarse
    "#]]
    .assert_eq(&lines(&effects, &["offer", " is J-"]));
}

#[test]
fn an_alias_of_a_track_that_ended_with_the_process_is_not_given_again() {
    let mut floor = Floor::new(Nation::JPN);
    let key = AliasKey { identity: Identity::Alias(alias(7)), known: Known::Located };
    let partner = Nation::USA;
    floor.picture.handle(PictureInput::AliasRestored { partner, key, alias: alias(7) }, at(0));
    let effects = boat(&mut floor, &listed(Nation::JPN), 0..4);
    assert!(lines(&effects, &[" is J-"]).ends_with("is J-0008\n"));
}

#[test]
fn a_thing_without_a_name_that_enters_a_zone_rings_on_both_sides() {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    for floor in [&mut jpn, &mut usa] {
        let nation = floor.nation;
        floor.picture.handle(PictureInput::Zone(zone(nation, false)), at(0));
    }
    let effects = boat(&mut jpn, &listed(Nation::JPN), 0..40);
    assert_eq!(
        lines(&effects, &["raise"]),
        "raise: entered Box, track 1; Some(\"J-0001\") of it may cross\n"
    );
    let theirs = usa.receive(Nation::JPN, &effects, 400);
    assert_eq!(
        lines(&theirs, &["raise"]),
        "raise: entered Box, track 1; Some(\"J-0001\") of it may cross\n"
    );
    let mut hidden = Floor::new(Nation::JPN);
    hidden.picture.handle(PictureInput::Zone(zone(Nation::JPN, false)), at(0));
    let effects = boat(&mut hidden, &sensitive(Nation::JPN), 0..40);
    assert_eq!(
        lines(&effects, &["raise"]),
        "raise: entered Box, track 1; nothing of it may cross\n"
    );
    let about = hidden.picture.about_track(TrackNumber(1), Nation::USA).unwrap();
    assert_eq!(
        (about.known_as.len(), about.subject.alias, about.subject.identity),
        (0, None, None)
    );
}

#[test]
fn a_statement_stands_under_the_alias_of_a_thing_without_a_name() {
    let mut floor = Floor::new(Nation::JPN);
    boat(&mut floor, &listed(Nation::JPN), 0..6);
    let about = floor.picture.about_track(TrackNumber(1), Nation::USA).unwrap();
    let name = Identity::Alias(alias(1));
    assert_eq!(about.known_as, [name.clone()].into());
    assert_eq!(about.released.unwrap().subject.alias, Some(alias(1)));
    let stated = stated(Nation::JPN, name, Affiliation::Suspect, 50, 500);
    let effects = floor.picture.handle(PictureInput::Affiliation(stated), at(51));
    assert_eq!(told(&effects), "track 1 changed\n");
    assert_eq!(only(&floor, Nation::JPN, 51).affiliation, Affiliation::Suspect);
}

#[test]
fn a_ship_that_radar_and_ais_see_is_spoken_of_by_the_name_of_its_ais() {
    let mut floor = Floor::new(Nation::JPN);
    for turn in 0..8 {
        let (seconds, longitude) = (10 * turn, 125.0 + 0.000_8 * turn as f64);
        floor.hear(ship("ais", civil(Nation::JPN), 1, seconds, longitude));
        let plots = vec![plot("radar", listed(Nation::JPN), seconds, (25.0, longitude))];
        floor.sweep(seconds, plots);
    }
    let view = only(&floor, Nation::JPN, 70);
    assert_eq!(view.identities, ["MMSI 000000001"]);
    assert_eq!(view.own_alias, Some(alias(1)));
    let sources: Vec<_> = view.sources.iter().filter_map(|s| s.name.as_deref()).collect();
    assert_eq!(sources, ["ais", "radar"]);
    // The partner is told of both reports, and joins them or not by itself.
    assert_eq!(floor.picture.views(Nation::USA, at(70)).len(), 2);
}

#[test]
fn a_plot_with_an_address_is_a_report_of_that_aircraft() {
    let mut floor = Floor::new(Nation::JPN);
    let mut named = plot("radar", civil(Nation::JPN), 0, (25.0, 125.0));
    named.icao = Some(0xD9_0001);
    let effects = floor.sweep(0, vec![named]);
    assert!(lines(&effects, &["offer"]).contains("identity source"));
    assert_eq!(only(&floor, Nation::JPN, 0).identities, ["ICAO D90001"]);
}
