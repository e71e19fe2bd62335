//! Live, stale, lost, and never gone silently.

use expect_test::expect;
use renkei_fusion::{Fusion, FusionConfig};

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
        1441 min: Air dropped
        1441 min: Surface dropped
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

#[test]
fn static_words_do_not_make_an_old_position_look_fresh() {
    let mut fusion = Fusion::new(FusionConfig::default());
    story(&mut fusion, &[ship(1, 0.0).at(0.0, 0.0), ship(1, 400.0)]);
    assert_eq!(fusion.tracks().next().unwrap().freshness, renkei_model::track::Freshness::Stale);
}
