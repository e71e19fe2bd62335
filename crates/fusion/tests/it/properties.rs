//! What holds for any reports in any order.

use proptest::prelude::*;
use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::id::Nation;
use renkei_model::observation::Emergency;
use renkei_model::position::Position;
use renkei_model::track::{Contribution, Estimate, Track};

use crate::support::{Say, label, ship, zone, zone_id};

/// Any report: few identities, so that they collide; any place; absurd numbers too.
fn report() -> impl Strategy<Value = Say> {
    let number = prop_oneof![
        -1e3..1e3,
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(0.0),
        Just(f64::MIN_POSITIVE),
        Just(f64::MAX),
    ];
    let motion = (number.clone(), number.clone(), number);
    let place = prop_oneof![
        (-90.0..=90.0, -180.0..180.0),
        (24.9..25.1, 124.9..125.1),
        Just((90.0, 0.0)),
        Just((0.0, -180.0)),
    ];
    let whence = (1..4u32, 0..3u32, any::<bool>(), 0..3u64);
    (whence, -100.0..4_000.0, place, any::<bool>(), motion, -7_200_000i64..7_200_000).prop_map(
        |((id, feed, nameless, content), seconds, (lat, lon), placed, (a, b, c), late_ms)| {
            let mut say = ship(id, seconds).content(content);
            say = match feed {
                0 => say.by("b"),
                1 if nameless => say.nameless(id),
                1 => say.by_partner(id),
                _ => say,
            };
            let o = &mut say.0;
            o.position = Position::new(lat, lon).filter(|_| placed);
            o.event_time = o.event_time.plus_ms(late_ms);
            (o.motion.speed_mps, o.motion.course_deg, o.accuracy_m) = (Some(a), Some(b), Some(c));
            o.attributes.emergency = (content == 1).then_some(Emergency::Distress);
            say
        },
    )
}

/// What must be true of a track after any history.
fn sound(track: &Track) -> Result<(), String> {
    if let Some(estimate) = &track.estimate {
        let motion = &estimate.motion;
        let numbers = [Some(estimate.sd_m), motion.speed_mps, motion.course_deg];
        if numbers.iter().flatten().any(|n| !n.is_finite()) || estimate.sd_m <= 0.0 {
            return Err(format!("track {:?} believes {numbers:?}", track.number));
        }
    }
    if track.sources.is_empty() {
        return Err(format!("track {:?} has no pedigree", track.number));
    }
    let wider = |c: &Contribution| {
        let allowed = |n: &Nation| c.label.originator == *n || c.label.releasable_to.contains(n);
        !track.label.releasable_to.iter().all(allowed)
    };
    if track.sources.values().any(wider) {
        return Err(format!("track {:?} is labelled wider than a source", track.number));
    }
    Ok(())
}

/// Reports that are accounted for.
fn counted(fusion: &Fusion) -> u64 {
    let c = fusion.counts();
    c.moved + c.noted + c.repeated + c.held + c.splits + c.refused.values().sum::<u64>()
}

fn run(reports: &[Say]) -> Fusion {
    let mut fusion = Fusion::new(FusionConfig {
        tracks_max: 6,
        tracks_per_identity_max: 3,
        sources_max: 3,
        ..FusionConfig::default()
    });
    let corners = [(24.95, 124.95), (25.05, 124.95), (25.05, 125.05), (24.95, 125.05)];
    fusion.set_zone(zone_id(1), zone("Box", &corners)).unwrap();
    for Say(o) in reports {
        fusion.observe(o, o.received_at);
        fusion.tick(o.received_at);
    }
    fusion
}

/// A ship under way, each transmission heard again by a second receiver whose clock differs.
/// `content` tells transmissions apart; 0 plants the bug of not telling.
fn heard_twice(noise_m: &[(f64, f64)], content: impl Fn(u64) -> u64) -> (Vec<Say>, Vec<Say>) {
    let (mut once, mut twice) = (Vec::new(), Vec::new());
    for (i, (east, north)) in noise_m.iter().enumerate() {
        let t = i as f64 * 10.0;
        let first = ship(1, t).at(t * 5.0 + east, *north).content(content(i as u64 + 1));
        let mut second = first.clone().by("b");
        second.0.received_at = second.0.received_at.plus_ms(700);
        second.0.event_time = second.0.received_at;
        once.push(first.clone());
        twice.extend([first, second]);
    }
    (once, twice)
}

fn beliefs(fusion: &Fusion) -> Vec<Option<Estimate>> {
    fusion.tracks().map(|track| track.estimate.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_history_leaves_a_sound_picture_within_its_bounds(
        reports in proptest::collection::vec(report(), 1..60),
    ) {
        let fusion = run(&reports);
        for track in fusion.tracks() {
            prop_assert_eq!(sound(track), Ok(()));
        }
        prop_assert!(fusion.tracks().len() <= 6);
        prop_assert_eq!(counted(&fusion), reports.len() as u64);
    }

    #[test]
    fn the_same_history_gives_the_same_picture(
        reports in proptest::collection::vec(report(), 1..40),
    ) {
        prop_assert_eq!(format!("{:?}", run(&reports)), format!("{:?}", run(&reports)));
    }

    #[test]
    fn hearing_a_transmission_twice_changes_no_belief(
        noise_m in proptest::collection::vec((-20.0..20.0, -20.0..20.0), 2..30),
    ) {
        let (once, twice) = heard_twice(&noise_m, |i| i);
        prop_assert_eq!(beliefs(&run(&once)), beliefs(&run(&twice)));
    }
}

#[test]
fn a_node_that_cannot_tell_repeats_is_caught() {
    let (once, twice) = heard_twice(&[(0.0, 0.0), (5.0, 5.0), (-9.0, 2.0)], |_| 0);
    assert_ne!(beliefs(&run(&once)), beliefs(&run(&twice)));
}

#[test]
fn a_label_wider_than_a_source_is_caught() {
    let mut track = run(&[ship(1, 0.0).label(label(&[]))]).tracks().next().unwrap().clone();
    assert_eq!(sound(&track), Ok(()));
    track.label.releasable_to.insert(Nation::USA);
    assert!(sound(&track).is_err());
}
