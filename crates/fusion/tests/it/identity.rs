//! Which track a report goes to, and what one thing cannot have done.

use expect_test::expect;
use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::id::Nation;
use renkei_model::observation::{Domain, Identity};

use crate::support::{NOON, Say, aircraft, alias, check, label, ship, story};

#[test]
fn one_impossible_fix_is_an_outlier_and_moves_nothing() {
    let fusion = check(
        &[
            ship(1, 0.0).at(0.0, 0.0),
            ship(1, 10.0).at(50.0, 0.0),
            ship(1, 20.0).at(4_000_000.0, 0.0),
            ship(1, 30.0).at(150.0, 0.0),
        ],
        &expect![[r#"
            0 s: track 1 opened
            10 s: track 1 moved
            20 s: track - held (3999950 m)
            30 s: track 1 moved
        "#]],
    );
    let there = fusion.tracks().next().unwrap().estimate.as_ref().unwrap().position;
    assert!((there.longitude_deg() - 125.0).abs() < 0.01);
    let mut fusion = fusion;
    fusion.tick(NOON.plus_ms(3_600_000));
    assert_eq!(fusion.counts().outliers, 1);
}

#[test]
fn two_ships_under_one_identity_become_two_tracks_with_one_alert() {
    let mut reports = Vec::new();
    for i in 0..6 {
        let t = f64::from(i) * 10.0;
        reports.push(ship(1, t).at(t * 5.0, 0.0));
        reports.push(ship(1, t + 3.0).at(60_000.0 - t * 5.0, 0.0));
    }
    let fusion = check(
        &reports,
        &expect![[r#"
            0 s: track 1 opened
            3 s: track - held (60000 m)
            10 s: track 1 moved
            13 s: track - held (59900 m)
            20 s: track 1 moved
            23 s: track 2 split; alert: duplicate identity at 23 s
            30 s: track 1 moved
            33 s: track 2 moved
            40 s: track 1 moved
            43 s: track 2 moved
            50 s: track 1 moved
            53 s: track 2 moved
        "#]],
    );
    assert!(fusion.tracks().all(|track| track.duplicate_identity));
    assert_eq!(fusion.find(&Identity::Mmsi(1)).len(), 2);
}

#[test]
fn a_wrong_first_fix_is_corrected_without_alert() {
    let fusion = check(
        &[
            ship(1, 0.0).at(900_000.0, 0.0),
            ship(1, 10.0).at(0.0, 0.0),
            ship(1, 20.0).at(50.0, 0.0),
            ship(1, 30.0).at(100.0, 0.0),
        ],
        &expect![[r#"
            0 s: track 1 opened
            10 s: track - held (900000 m)
            20 s: track - held (899950 m)
            30 s: track 1 moved
        "#]],
    );
    assert_eq!(fusion.counts().outliers, 1);
}

#[test]
fn a_ship_may_jump_200_m_and_an_aircraft_may_fly_mach_3() {
    check(
        &[
            ship(1, 0.0).at(0.0, 0.0),
            ship(1, 0.1).at(199.0, 0.0),
            ship(1, 0.2).at(599.0, 0.0),
            aircraft(2, 0.0).at(0.0, 0.0),
            aircraft(2, 10.0).at(10_000.0, 0.0),
            aircraft(2, 20.0).at(22_000.0, 0.0),
        ],
        &expect![[r#"
            0 s: track 1 opened
            0 s: track 1 moved
            0 s: track - held (400 m)
            0 s: track 2 opened
            10 s: track 2 moved
            20 s: track - held (12000 m)
        "#]],
    );
}

#[test]
fn one_transmission_heard_twice_is_one_measurement_with_two_sources() {
    let fusion = check(
        &[
            ship(1, 0.0).at(0.0, 0.0).content(0xABCD_0007),
            ship(1, 2.0).at(0.0, 0.0).content(0xABCD_0007).by("b"),
            // A partner tells the last two bytes.
            ship(1, 2.5).at(0.0, 0.0).content(7).by_partner(1),
            ship(1, 40.0).at(90.0, 0.0).content(0xABCD_0007).by("b"),
        ],
        &expect![[r#"
            0 s: track 1 opened
            2 s: track 1 repeated
            2 s: track 1 repeated
            40 s: track 1 moved
        "#]],
    );
    assert_eq!(fusion.tracks().next().unwrap().sources.len(), 3);
}

#[test]
fn late_reports_join_the_pedigree_and_not_the_motion() {
    let late = |seconds: f64| {
        let mut say = ship(1, seconds).at(60.0, 0.0).by("late");
        say.0.event_time = say.0.event_time.plus_ms(-8_000);
        say
    };
    let fusion = check(
        &[
            ship(1, 0.0).at(0.0, 0.0),
            ship(1, 10.0).at(100.0, 0.0),
            late(11.0),
            ship(1, 20.0).at(200.0, 0.0),
        ],
        &expect![[r#"
            0 s: track 1 opened
            10 s: track 1 moved
            11 s: track 1 noted
            20 s: track 1 moved
        "#]],
    );
    let track = fusion.tracks().next().unwrap();
    assert_eq!(track.sources.len(), 2);
}

#[test]
fn a_clock_that_runs_ahead_does_not_freeze_a_track() {
    let mut ahead = ship(1, 10.0).at(50.0, 0.0);
    ahead.0.event_time = ahead.0.event_time.plus_ms(3_600_000);
    check(
        &[ship(1, 0.0).at(0.0, 0.0), ahead, ship(1, 20.0).at(100.0, 0.0)],
        &expect![[r#"
            0 s: track 1 opened
            10 s: track 1 moved
            20 s: track 1 moved
        "#]],
    );
}

#[test]
fn a_released_identity_joins_our_track_and_its_alias_is_remembered() {
    let fusion = check(
        &[
            ship(1, 0.0).at(0.0, 0.0),
            ship(1, 5.0).at(25.0, 0.0).by_partner(77),
            ship(1, 10.0).at(50.0, 0.0).nameless(77),
            ship(2, 10.0).at(900.0, 0.0).nameless(78),
        ],
        &expect![[r#"
            0 s: track 1 opened
            5 s: track 1 moved
            10 s: track 1 moved
            10 s: track 2 opened
        "#]],
    );
    assert_eq!(fusion.find(&Identity::Alias(alias(77))), fusion.find(&Identity::Mmsi(1)));
    assert_eq!(fusion.find(&Identity::Alias(alias(78))).len(), 1);
}

#[test]
fn an_alias_whose_identity_is_released_later_stays_one_track() {
    let fusion = check(
        &[
            ship(0, 0.0).at(0.0, 0.0).nameless(5),
            ship(9, 10.0).at(50.0, 0.0).by_partner(5),
            ship(9, 20.0).at(100.0, 0.0),
        ],
        &expect![[r#"
            0 s: track 1 opened
            10 s: track 1 moved
            20 s: track 1 moved
        "#]],
    );
    assert!(fusion.tracks().next().unwrap().identities.contains(&Identity::Mmsi(9)));
}

#[test]
fn a_ship_and_an_aid_to_navigation_under_one_number_are_two_things() {
    let mut buoy = ship(1, 1.0).at(30_000.0, 0.0);
    buoy.0.domain = Domain::Installation;
    check(
        &[ship(1, 0.0).at(0.0, 0.0), buoy],
        &expect![[r#"
            0 s: track 1 opened
            1 s: track 2 opened
        "#]],
    );
}

#[test]
fn the_label_is_the_meet_of_all_contributions() {
    let fusion = check(
        &[
            ship(1, 0.0).at(0.0, 0.0).label(label(&[Nation::USA])),
            ship(1, 9.0).at(9.0, 0.0).by("secret").label(label(&[])),
        ],
        &expect![[r#"
            0 s: track 1 opened
            9 s: track 1 moved
        "#]],
    );
    let releasable = &fusion.tracks().next().unwrap().label.releasable_to;
    assert!(!releasable.contains(&Nation::USA) && releasable.contains(&Nation::JPN));
}

#[test]
fn a_full_node_refuses_new_tracks_aloud_and_keeps_half_for_its_own() {
    let mut fusion = Fusion::new(FusionConfig { tracks_max: 4, ..FusionConfig::default() });
    let mut reports: Vec<Say> = (1..=3).map(|n| ship(n, 0.0).nameless(n)).collect();
    reports.extend((1..=3).map(|n| ship(n, 0.0).at(0.0, 0.0)));
    expect![[r#"
        0 s: track 1 opened
        0 s: track 2 opened
        0 s: track - refused TooManyTracks
        0 s: track 3 opened
        0 s: track 4 opened
        0 s: track - refused TooManyTracks
    "#]]
    .assert_eq(&story(&mut fusion, &reports));
    assert_eq!(fusion.counts().refused.values().sum::<u64>(), 2);
}
