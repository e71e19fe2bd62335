//! Inside or not, against a second way to tell: count the drawn edges between a point and a pole.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use renkei_model::observation::Domain;
use renkei_model::statement::Bilingual;

use super::*;
use crate::plane::wrap_deg;

type Corner = (f64, f64);

/// A zone and points about it.
#[derive(Clone, Debug)]
struct Case {
    ring: Vec<Corner>,
    hole: Vec<Corner>,
    points: Vec<Corner>,
    is_round_pole: bool,
}

fn micro((lat, lon): &Corner) -> MicroPosition {
    MicroPosition::from(position(*lat, *lon))
}

fn position(lat: f64, lon: f64) -> Position {
    Position::new(lat.clamp(-90.0, 90.0), wrap_deg(lon)).unwrap()
}

fn zone(ring: &[Corner], holes: &[&[Corner]]) -> Zone {
    let corners = |ring: &[Corner]| ring.iter().map(micro).collect::<Vec<_>>();
    Zone {
        name: Bilingual::default(),
        ring: corners(ring),
        domains: vec![Domain::Surface],
        neutral_too: true,
        holes: holes.iter().map(|hole| corners(hole)).collect(),
    }
}

/// A ring seen as a star from `middle`, with radii between `near` and `far` degrees.
fn star(middle: Corner, near: f64, far: f64) -> impl Strategy<Value = Vec<Corner>> {
    prop::collection::vec(near..far, 5..14).prop_map(move |radii| {
        let turn = std::f64::consts::TAU / radii.len() as f64;
        let corner = |(i, radius): (usize, &f64)| {
            let (sin, cos) = (i as f64 * turn).sin_cos();
            (middle.0 + radius * cos, middle.1 + radius * sin)
        };
        radii.iter().enumerate().map(corner).collect()
    })
}

/// A ring round the nearer pole, a hole in it, points anywhere in those latitudes.
fn round_pole() -> impl Strategy<Value = Case> {
    let heights = prop::collection::vec(60.0..75.0, 5..14);
    let places = prop::collection::vec((50.0..=90.0, -180.0..180.0), 40);
    (heights, star((81.0, 175.0), 1.0, 5.0), places, any::<bool>(), any::<bool>()).prop_map(
        |(heights, hole, points, north, eastward)| {
            let turn = 360.0 / heights.len() as f64 * if eastward { 1.0 } else { -1.0 };
            let corner = |(i, lat): (usize, &f64)| (*lat, i as f64 * turn + 11.0);
            let flip = |ring: Vec<Corner>| -> Vec<Corner> {
                ring.into_iter().map(|(lat, lon)| (if north { lat } else { -lat }, lon)).collect()
            };
            Case {
                ring: flip(heights.iter().enumerate().map(corner).collect()),
                hole: flip(hole),
                points: flip(points),
                is_round_pole: true,
            }
        },
    )
}

/// A ring anywhere, often across the antimeridian or near a pole, with a hole.
fn anywhere() -> impl Strategy<Value = Case> {
    let middle = prop_oneof![
        (-70.0..70.0, -180.0..180.0),
        (-70.0..70.0, 175.0..185.0),
        (75.0..78.0, 170.0..190.0),
    ];
    middle.prop_flat_map(|middle| {
        let off = prop::collection::vec((-12.0..12.0, -12.0..12.0), 40);
        (star(middle, 5.0, 11.0), star(middle, 1.0, 4.0), off).prop_map(move |(ring, hole, off)| {
            let point = |(lat, lon): &Corner| (middle.0 + lat, middle.1 + lon);
            let points = off.iter().map(point).collect();
            Case { ring, hole, points, is_round_pole: false }
        })
    })
}

fn case() -> impl Strategy<Value = Case> {
    prop_oneof![2 => anywhere(), 1 => round_pole()]
}

/// Whether `p` is inside, told from the pole to which the ring is nearer: each edge on the meridian
/// between the two changes sides.
fn by_meridian(ring: &[Corner], is_round_pole: bool, p: Position) -> bool {
    let corner = |c: &Corner| position(c.0, c.1);
    let north: f64 = ring.iter().map(|c| c.0).sum();
    let mut inside = is_round_pole;
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (a, b) = (corner(a), corner(b));
        let west = wrap_deg(a.longitude_deg() - p.longitude_deg());
        let east = west + wrap_deg(b.longitude_deg() - a.longitude_deg());
        for meridian in [-360.0, 0.0, 360.0] {
            if (west < meridian) == (east < meridian) {
                continue;
            }
            let part = (meridian - west) / (east - west);
            let latitude = a.latitude_deg() + (b.latitude_deg() - a.latitude_deg()) * part;
            inside ^= latitude * north.signum() > p.latitude_deg() * north.signum();
        }
    }
    inside
}

type Tell = fn(&Case, Position) -> bool;

/// Whether `tell` agrees with the meridian for every point of many cases.
fn agrees(tell: Tell) -> bool {
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config.clone(),
        proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm),
    );
    let outcome = runner.run(&case(), |case| {
        for (lat, lon) in &case.points {
            let p = position(*lat, *lon);
            let truth = by_meridian(&case.ring, case.is_round_pole, p)
                && !by_meridian(&case.hole, false, p);
            prop_assert_eq!(tell(&case, p), truth, "{:?}", p);
        }
        Ok(())
    });
    outcome.is_ok()
}

fn ours(case: &Case, p: Position) -> bool {
    Region::new(&zone(&case.ring, &[&case.hole])).unwrap().contains(p)
}

/// A test in the flat plane, as if longitude ended at 180°.
fn flat(ring: &[Corner], p: Position) -> bool {
    let corners: Vec<Position> = ring.iter().map(|c| position(c.0, c.1)).collect();
    let mut inside = false;
    for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        let (south, north) = (a.latitude_deg(), b.latitude_deg());
        if (south > p.latitude_deg()) != (north > p.latitude_deg()) {
            let part = (p.latitude_deg() - south) / (north - south);
            let crossing = a.longitude_deg() + part * (b.longitude_deg() - a.longitude_deg());
            inside ^= p.longitude_deg() < crossing;
        }
    }
    inside
}

#[test]
fn inside_agrees_with_the_meridian_across_180_degrees_round_poles_and_in_holes() {
    assert!(agrees(ours));
    assert!(!agrees(|case, p| flat(&case.ring, p) && !flat(&case.hole, p)), "planted: no turn");
    assert!(
        !agrees(|case, p| Region::new(&zone(&case.ring, &[])).unwrap().contains(p)),
        "planted: the hole is forgotten"
    );
}

/// Whether, from the part of the way that `entered` names on, all is inside, and just before not.
fn comes_in(entered: fn(&Region, &Way) -> f64) -> bool {
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config.clone(),
        proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm),
    );
    let outcome = runner.run(&case(), |case| {
        let region = Region::new(&zone(&case.ring, &[&case.hole])).unwrap();
        let places: Vec<Position> = case.points.iter().map(|c| position(c.0, c.1)).collect();
        for ends in places.windows(2) {
            let way = Way::new(ends[0], ends[1]);
            if region.contains(ends[0]) || !region.contains(ends[1]) {
                continue;
            }
            let part = entered(&region, &way);
            let inside = |part: f64| way.at(part).is_some_and(|p| region.contains(p));
            prop_assert!(!inside(part - 1e-6), "before {part} of {ends:?}");
            for step in 0..200 {
                let later = part + 1e-6 + (1.0 - part - 1e-6) * f64::from(step) / 200.0;
                prop_assert!(inside(later.min(1.0)), "after {part} of {ends:?}");
            }
        }
        Ok(())
    });
    outcome.is_ok()
}

#[test]
fn the_way_came_in_where_all_after_is_inside_and_what_was_just_before_is_not() {
    assert!(comes_in(Region::entered_at));
    assert!(!comes_in(|region, way| {
        let outer = |(start, end)| region.outer.last_crossing(start, end);
        way.last_part(outer).unwrap_or(1.0)
    }));
}

#[test]
fn the_way_over_a_pole_leads_over_it_and_takes_its_time() {
    let (from, to) = (position(89.0, 10.0), position(89.0, -170.0));
    let way = Way::new(from, to);
    let middle = way.at(0.5).unwrap();
    assert!(middle.latitude_deg() > 89.9, "{middle:?}");
    let cap: Vec<Corner> = (0..12).map(|i| (89.5, f64::from(i) * 30.0)).collect();
    let region = Region::new(&zone(&cap, &[])).unwrap();
    assert!(region.contains(position(90.0, 0.0)));
    let near = Way::new(from, position(89.9, 10.0));
    let part = region.entered_at(&near);
    assert!((part - 5.0 / 9.0).abs() < 1e-3, "half of 0.9° at {part}");
}
