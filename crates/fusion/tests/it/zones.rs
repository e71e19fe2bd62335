//! Who entered, when, and who did not.

use expect_test::{Expect, expect};
use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::observation::Domain;
use renkei_model::statement::Zone;

use crate::support::{Say, aircraft, ship, story, zone, zone_id};

const BOX: [(f64, f64); 4] = [(24.5, 125.0), (25.5, 125.0), (25.5, 126.0), (24.5, 126.0)];

fn check_zone(zone: Zone, reports: &[Say], expect: &Expect) {
    let mut fusion = Fusion::new(FusionConfig::default());
    fusion.set_zone(zone_id(1), zone).unwrap();
    expect.assert_eq(&story(&mut fusion, reports));
}

fn path(points: &[(f64, f64)]) -> Vec<Say> {
    let fix = |(i, (lat, lon)): (usize, &(f64, f64))| ship(1, i as f64 * 600.0).lat_lon(*lat, *lon);
    points.iter().enumerate().map(fix).collect()
}

#[test]
fn an_entry_counts_after_two_fixes_inside_at_the_interpolated_crossing() {
    check_zone(
        zone("Box", &BOX),
        &path(&[(25.0, 124.9), (25.0, 124.97), (25.0, 125.03), (25.0, 125.1), (25.0, 125.2)]),
        &expect![[r#"
            0 s: track 1 opened
            600 s: track 1 moved
            1200 s: track 1 moved
            1800 s: track 1 moved; alert: entered Box at 900 s
            2400 s: track 1 moved
        "#]],
    );
}

#[test]
fn a_ship_on_the_line_rings_once_and_again_only_after_leaving() {
    let (inside, outside) = ((25.0, 125.01), (25.0, 124.99));
    let points = [
        outside, inside, outside, inside, inside, outside, inside, inside, outside, outside,
        inside, inside,
    ];
    check_zone(
        zone("Box", &BOX),
        &path(&points),
        &expect![[r#"
            0 s: track 1 opened
            600 s: track 1 moved
            1200 s: track 1 moved
            1800 s: track 1 moved
            2400 s: track 1 moved; alert: entered Box at 1500 s
            3000 s: track 1 moved
            3600 s: track 1 moved
            4200 s: track 1 moved
            4800 s: track 1 moved
            5400 s: track 1 moved; alert: left Box after 3000 s at 4500 s
            6000 s: track 1 moved
            6600 s: track 1 moved; alert: entered Box at 5700 s
        "#]],
    );
}

#[test]
fn a_ship_first_seen_inside_did_not_enter() {
    check_zone(
        zone("Box", &BOX),
        &path(&[(25.0, 125.1), (25.0, 125.11), (25.0, 125.12)]),
        &expect![[r#"
            0 s: track 1 opened
            600 s: track 1 moved
            1200 s: track 1 moved
        "#]],
    );
}

#[test]
fn a_zone_drawn_round_a_ship_was_not_entered_by_it() {
    let mut fusion = Fusion::new(FusionConfig::default());
    let points = path(&[(25.0, 125.1), (25.0, 125.11), (25.0, 125.12)]);
    story(&mut fusion, &points[..1]);
    fusion.set_zone(zone_id(1), zone("Box", &BOX)).unwrap();
    assert!(!story(&mut fusion, &points[1..]).contains("entered"));
    assert!(fusion.remove_zone(&zone_id(1)) && !fusion.remove_zone(&zone_id(1)));
}

#[test]
fn a_zone_across_the_antimeridian_is_one_zone() {
    check_zone(
        zone("Date line", &[(24.0, 179.0), (26.0, 179.0), (26.0, -179.0), (24.0, -179.0)]),
        &path(&[(25.0, 178.95), (25.0, 179.05), (25.0, 179.1), (25.0, 179.15)]),
        &expect![[r#"
            0 s: track 1 opened
            600 s: track 1 moved
            1200 s: track 1 moved; alert: entered Date line at 300 s
            1800 s: track 1 moved
        "#]],
    );
    check_zone(
        zone("Date line", &[(24.0, 179.95), (26.0, 179.95), (26.0, -179.0), (24.0, -179.0)]),
        &path(&[(25.0, -178.95), (25.0, -179.05), (25.0, -179.1)]),
        &expect![[r#"
            0 s: track 1 opened
            600 s: track 1 moved
            1200 s: track 1 moved; alert: entered Date line at 300 s
        "#]],
    );
}

#[test]
fn only_the_zones_domains_ring() {
    let flight: Vec<Say> = [124.9, 125.1, 125.2]
        .iter()
        .enumerate()
        .map(|(i, lon)| aircraft(7, i as f64 * 60.0).lat_lon(25.0, *lon))
        .collect();
    let mut both = zone("Box", &BOX);
    both.domains.push(Domain::Air);
    for (zone, rings) in [(zone("Box", &BOX), false), (both, true)] {
        let mut fusion = Fusion::new(FusionConfig::default());
        fusion.set_zone(zone_id(1), zone).unwrap();
        assert_eq!(story(&mut fusion, &flight).contains("entered"), rings);
    }
}

#[test]
fn a_coarse_position_is_no_entry() {
    let reports: Vec<Say> = path(&[(25.0, 124.97), (25.0, 125.03), (25.0, 125.1)])
        .into_iter()
        .map(|say| say.accuracy(5_000.0))
        .collect();
    let mut fusion = Fusion::new(FusionConfig::default());
    fusion.set_zone(zone_id(1), zone("Box", &BOX)).unwrap();
    assert!(!story(&mut fusion, &reports).contains("entered"));
}

#[test]
fn a_ring_that_cannot_be_watched_says_why() {
    let mut fusion = Fusion::new(FusionConfig::default());
    let mut refuse = |corners: &[(f64, f64)]| {
        fusion.set_zone(zone_id(1), zone("Bad", corners)).unwrap_err().to_string()
    };
    expect!["watch zone `Bad`: 2 corners; draw 3 to 2000"]
        .assert_eq(&refuse(&[(0.0, 0.0), (1.0, 1.0)]));
    expect!["watch zone `Bad`: corner 3 is not on Earth"].assert_eq(&refuse(&[
        (0.0, 0.0),
        (1.0, 1.0),
        (91.0, 0.0),
    ]));
    expect!["watch zone `Bad`: it overlaps itself round the Earth; draw it as zones of less than 360° of longitude"].assert_eq(&refuse(&[
        (10.0, 0.0),
        (20.0, 120.0),
        (30.0, -120.0),
        (40.0, 0.0),
        (50.0, 120.0),
        (60.0, -120.0),
    ]));
    let far = zone("", &[(50.0, 0.0), (50.0, 1.0), (51.0, 1.0)]).ring;
    let holed = Zone { holes: vec![far], ..zone("Bad", &BOX) };
    expect!["watch zone `Bad`: hole 1 lies outside the ring; draw it inside"]
        .assert_eq(&fusion.set_zone(zone_id(1), holed).unwrap_err().to_string());
}

#[test]
fn a_hole_is_outside_and_coming_out_of_it_is_an_entry() {
    let hole = [(24.8, 125.1), (25.2, 125.1), (25.2, 125.2), (24.8, 125.2)];
    let holed = Zone { holes: vec![zone("", &hole).ring], ..zone("Ring", &BOX) };
    let longitudes = [124.97, 125.03, 125.08, 125.12, 125.17, 125.22, 125.26];
    let points: Vec<(f64, f64)> = longitudes.into_iter().map(|lon| (25.0, lon)).collect();
    check_zone(
        holed,
        &path(&points),
        &expect![[r#"
        0 s: track 1 opened
        600 s: track 1 moved
        1200 s: track 1 moved; alert: entered Ring at 300 s
        1800 s: track 1 moved
        2400 s: track 1 moved; alert: left Ring after 1200 s at 1500 s
        3000 s: track 1 moved
        3600 s: track 1 moved; alert: entered Ring at 2760 s
    "#]],
    );
}

#[test]
fn a_zone_round_the_pole_is_entered_from_any_side() {
    let cap: Vec<(f64, f64)> = (0..12).map(|i| (88.0, f64::from(i) * 30.0 - 180.0)).collect();
    check_zone(
        zone("Pole", &cap),
        &path(&[(87.99, 30.0), (88.01, 30.0), (88.03, 30.0)]),
        &expect![[r#"
            0 s: track 1 opened
            600 s: track 1 moved
            1200 s: track 1 moved; alert: entered Pole at 300 s
        "#]],
    );
}
