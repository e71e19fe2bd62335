//! Live, stale, lost, and never gone silently.

use expect_test::expect;
use proptest::prelude::*;
use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, Track};

use crate::support::{NOON, aircraft, ship, story};

#[test]
fn each_domain_ages_by_its_own_intervals_and_drops_are_reported() {
    let mut fusion = Fusion::new(FusionConfig::default());
    story(&mut fusion, &[ship(1, 0.0).at(0.0, 0.0), aircraft(2, 0.0).at(0.0, 0.0)]);
    let mut text = String::new();
    for minutes in [0, 1, 5, 6, 7, 31, 1439, 1441] {
        let ticked = fusion.tick(NOON.plus_ms(minutes * 60_000));
        for number in ticked.changed {
            let track = fusion.track(number).unwrap();
            text += &format!("{minutes} min: {:?} {:?}\n", track.domain, track.freshness);
        }
        for track in ticked.dropped {
            text += &format!("{minutes} min: {:?} dropped\n", track.domain);
        }
    }
    expect![[r#"
        1 min: Air Stale
        6 min: Air Lost
        7 min: Surface Stale
        31 min: Surface Lost
        1441 min: Surface dropped
        1441 min: Air dropped
    "#]]
    .assert_eq(&text);
    assert_eq!(fusion.tracks().len(), 0);
}

#[test]
fn a_crowded_node_drops_its_longest_lost_tracks_first() {
    let mut fusion = Fusion::new(FusionConfig { tracks_max: 10, ..FusionConfig::default() });
    let reports: Vec<_> = (0..10).map(|n| ship(n, f64::from(n)).at(0.0, 0.0)).collect();
    story(&mut fusion, &reports);
    let dropped = fusion.tick(NOON.plus_ms(3_600_000)).dropped;
    assert_eq!(dropped.iter().map(|track| track.number.0).collect::<Vec<_>>(), [1]);
}

/// Whether `track` is as fresh at `now` as `config` has it, and not over.
fn is_judged(track: &Track, now: Timestamp, config: &FusionConfig) -> bool {
    let limits = config.of(track.domain);
    let age_ms = track.estimate.as_ref().map_or(0, |estimate| now.since_ms(estimate.at));
    let freshness = match age_ms {
        age_ms if age_ms > limits.lost_after_ms => Freshness::Lost,
        age_ms if age_ms > limits.stale_after_ms => Freshness::Stale,
        _ => Freshness::Live,
    };
    track.freshness == freshness && age_ms <= config.drop_after_ms
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_tick_judges_every_track_that_time_has_changed(
        reports in prop::collection::vec((0..8_u32, 1.0..600.0, 0.0..900.0), 1..60),
    ) {
        let config = FusionConfig { drop_after_ms: 3_600_000, ..FusionConfig::default() };
        let (mut fusion, mut seconds) = (Fusion::new(config.clone()), 0.0);
        for (who, later, delay) in reports {
            let report = ship(who, seconds - delay).at(0.0, 0.0);
            seconds += later;
            story(&mut fusion, &[report]);
            let half = (later * 500.0) as i64;
            for now in [NOON.plus_ms((seconds * 1_000.0) as i64 - half), NOON.plus_ms((seconds * 1_000.0) as i64)] {
                fusion.tick(now);
                prop_assert!(fusion.tracks().all(|track| is_judged(track, now, &config)));
            }
        }
    }
}

/// The planted bug: a queue that comes a second late, as the judge sees it.
#[test]
fn a_track_that_is_judged_a_second_late_is_caught() {
    let config = FusionConfig::default();
    let mut late = config.clone();
    late.surface.stale_after_ms -= 1_000;
    let mut fusion = Fusion::new(config.clone());
    story(&mut fusion, &[ship(1, 0.0).at(0.0, 0.0)]);
    let now = NOON.plus_ms(config.surface.stale_after_ms);
    fusion.tick(now);
    assert!(fusion.tracks().all(|track| is_judged(track, now, &config)));
    assert!(!fusion.tracks().all(|track| is_judged(track, now, &late)));
}

#[test]
fn static_words_do_not_make_an_old_position_look_fresh() {
    let mut fusion = Fusion::new(FusionConfig::default());
    story(&mut fusion, &[ship(1, 0.0).at(0.0, 0.0), ship(1, 400.0)]);
    assert_eq!(fusion.tracks().next().unwrap().freshness, Freshness::Stale);
}
