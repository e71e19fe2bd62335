//! Plots without identity: what becomes a track, what does not, and that a ship with radar and AIS
//! is one track.

use std::collections::BTreeSet;

use proptest::prelude::*;
use renkei_fusion::{Fusion, FusionConfig, Sensor, Swept};
use renkei_model::id::{Nation, SourceId};
use renkei_model::observation::{Domain, Identity, Source};
use renkei_model::plot::{Covariance, Plot};
use renkei_model::track::{Freshness, TrackNumber};

use crate::support::{Dice, NOON, Say, label, ship};

/// A coast radar that turns in 10 s.
pub(crate) const RADAR: Sensor = Sensor {
    domain: Domain::Surface,
    period_ms: 10_000,
    detection_probability: 0.9,
    clutter_per_km2: 0.01,
};

/// A plot by `radar`, 50 m accurate, in metres east and north of where ships are said to be.
pub(crate) fn plot(seconds: f64, east_m: f64, north_m: f64) -> Plot {
    let Say(o) = ship(0, seconds).at(east_m, north_m);
    Plot {
        source: Source::Own(SourceId("radar".into())),
        event_time: o.event_time,
        received_at: o.received_at,
        position: o.position.unwrap(),
        covariance: Covariance::circular(50.0).unwrap(),
        altitude_m: None,
        radial_speed_mps: None,
        mode_a: None,
        icao: None,
        content: 0,
        label: o.label,
    }
}

fn new() -> Fusion {
    Fusion::new(FusionConfig::default())
}

fn sweep(fusion: &mut Fusion, seconds: f64, plots: &[Plot]) -> Swept {
    let now = NOON.plus_ms((seconds * 1000.0) as i64);
    let swept = fusion.sweep(&RADAR, plots, now);
    fusion.tick(now);
    swept
}

/// A ship that goes east at 8 m/s, seen at each turn in `turns`.
fn seen(fusion: &mut Fusion, turns: std::ops::Range<u32>) {
    for k in turns {
        let t = f64::from(k) * 10.0;
        sweep(fusion, t, &[plot(t, 8.0 * t, 0.0)]);
    }
}

fn only(fusion: &Fusion) -> TrackNumber {
    let numbers: Vec<TrackNumber> = fusion.tracks().map(|track| track.number).collect();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    numbers[0]
}

#[test]
fn a_thing_is_a_track_once_it_was_seen_three_times() {
    let mut fusion = new();
    seen(&mut fusion, 0..2);
    assert_eq!(fusion.tracks().len(), 0);
    seen(&mut fusion, 2..3);
    let track = fusion.track(only(&fusion)).unwrap();
    assert!(track.identities.is_empty());
    assert_eq!(track.sources.values().map(|c| c.reports).sum::<u64>(), 3);
    assert_eq!(track.first_seen, NOON);
}

#[test]
fn a_thing_that_was_missed_once_is_still_found() {
    let mut fusion = new();
    seen(&mut fusion, 0..2);
    seen(&mut fusion, 3..4);
    only(&fusion);
}

#[test]
fn clutter_here_and_there_is_no_track() {
    let mut fusion = new();
    let mut dice = Dice(7);
    for k in 0..60 {
        let t = f64::from(k) * 10.0;
        let mut place = || 60_000.0 * dice.unit();
        let clutter: Vec<Plot> = (0..40).map(|_| plot(t, place(), place())).collect();
        sweep(&mut fusion, t, &clutter);
    }
    let opened = fusion.tracks().len() as u64 + fusion.counts().dropped;
    assert!(opened <= 3, "{opened} tracks of 2,400 plots of nothing");
}

#[test]
fn a_nameless_track_grows_old_when_the_radar_misses_it_and_is_dropped_out_loud() {
    let mut fusion = new();
    seen(&mut fusion, 0..5);
    let number = only(&fusion);
    let freshness = |fusion: &Fusion| fusion.track(number).map(|track| track.freshness);
    sweep(&mut fusion, 60.0, &[]);
    assert_eq!(freshness(&fusion), Some(Freshness::Live), "two misses happen");
    sweep(&mut fusion, 70.0, &[]);
    assert_eq!(freshness(&fusion), Some(Freshness::Stale), "three do not");
    let dropped = fusion.tick(NOON.plus_ms(200_000)).dropped;
    assert_eq!(dropped.iter().map(|track| track.number).collect::<Vec<_>>(), [number]);
    assert_eq!(fusion.counts().dropped, 1);
}

#[test]
fn a_ship_with_radar_and_ais_is_one_track() {
    let mut fusion = new();
    for k in 0..20 {
        let t = f64::from(k) * 10.0;
        let Say(report) = ship(1, t).at(8.0 * t, 0.0);
        fusion.observe(&report, report.received_at);
        let swept = sweep(&mut fusion, t + 1.0, &[plot(t + 1.0, 8.0 * (t + 1.0) + 40.0, -30.0)]);
        assert_eq!(swept.begun, 0, "turn {k}");
    }
    let track = fusion.track(only(&fusion)).unwrap();
    assert_eq!(track.sources.len(), 2);
    assert_eq!(track.identities, BTreeSet::from([Identity::Mmsi(1)]));
}

#[test]
fn a_report_that_a_plot_overtook_still_counts() {
    let mut fusion = new();
    for k in 0..20 {
        let t = f64::from(k) * 10.0;
        sweep(&mut fusion, t, &[plot(t, 8.0 * t, 50.0)]);
        let Say(report) = ship(1, t - 2.0).at(8.0 * (t - 2.0), 0.0).accuracy(5.0);
        fusion.observe(&report, NOON.plus_ms((t * 1000.0) as i64));
    }
    let track = fusion.track(only(&fusion)).unwrap();
    let estimate = track.estimate.as_ref().unwrap();
    let truth = plot(190.0, 8.0 * 190.0, 0.0).position;
    assert_eq!(estimate.at, NOON.plus_ms(190_000));
    let miss_m = estimate.position.distance_m(truth);
    assert!(miss_m < 10.0, "{miss_m} m: the plots alone would stay 50 m off");
}

#[test]
fn radar_carries_on_when_ais_falls_silent() {
    let mut fusion = new();
    let Say(report) = ship(1, 0.0).at(0.0, 0.0).moving(8.0, 90.0);
    fusion.observe(&report, report.received_at);
    seen(&mut fusion, 1..120);
    let track = fusion.track(only(&fusion)).unwrap();
    assert_eq!(track.freshness, Freshness::Live);
    assert_eq!(track.estimate.as_ref().unwrap().at, NOON.plus_ms(1_190_000));
}

#[test]
fn a_nameless_track_takes_the_name_that_a_report_gives_it() {
    let mut fusion = new();
    seen(&mut fusion, 0..5);
    let number = only(&fusion);
    let Say(report) = ship(1, 41.0).at(8.0 * 41.0, 20.0);
    let outcome = fusion.observe(&report, report.received_at);
    assert_eq!(outcome.track, Some(number));
    assert_eq!(fusion.find(&Identity::Mmsi(1)), [number]);
}

#[test]
fn a_report_between_two_nameless_tracks_names_neither() {
    let mut fusion = new();
    for k in 0..5 {
        let t = f64::from(k) * 10.0;
        sweep(&mut fusion, t, &[plot(t, 8.0 * t, 0.0), plot(t, 8.0 * t, 130.0)]);
    }
    assert_eq!(fusion.tracks().len(), 2);
    let Say(report) = ship(1, 41.0).at(8.0 * 41.0, 65.0).accuracy(50.0);
    fusion.observe(&report, report.received_at);
    assert_eq!(fusion.tracks().len(), 3);
}

#[test]
fn a_plot_that_came_by_two_ways_counts_once() {
    let mut fusion = new();
    let mut twice = plot(0.0, 0.0, 0.0);
    twice.content = 9;
    let mut relayed = twice.clone();
    relayed.source = Source::Own(SourceId("relay".into()));
    let swept = sweep(&mut fusion, 0.0, &[twice, relayed]);
    assert_eq!((swept.begun, swept.repeated), (1, 1));
}

#[test]
fn a_second_plot_of_a_ship_in_one_turn_begins_nothing() {
    let mut fusion = new();
    seen(&mut fusion, 0..5);
    let stern = sweep(&mut fusion, 50.0, &[plot(50.0, 400.0, 0.0), plot(50.4, 320.0, 0.0)]);
    assert_eq!((stern.begun, stern.repeated, stern.moved.len()), (0, 1, 1));
    let later = sweep(&mut fusion, 51.0, &[plot(51.0, 420.0, 10.0)]);
    assert_eq!((later.begun, later.repeated, later.moved.len()), (0, 1, 0));
}

#[test]
fn two_radars_make_one_track() {
    let mut fusion = new();
    for k in 0..10 {
        let t = f64::from(k) * 10.0;
        sweep(&mut fusion, t, &[plot(t, 8.0 * t, 0.0)]);
        let mut other = plot(t + 4.0, 8.0 * (t + 4.0), 30.0);
        other.source = Source::Own(SourceId("other".into()));
        sweep(&mut fusion, t + 4.0, &[other]);
    }
    assert_eq!(fusion.track(only(&fusion)).unwrap().sources.len(), 2);
}

#[test]
fn a_plot_with_an_address_goes_to_that_aircraft() {
    let mut fusion = new();
    let mut said = plot(0.0, 0.0, 0.0);
    (said.icao, said.mode_a) = (Some(0x84_0001), Some(0o7700));
    let swept = fusion.sweep(&Sensor { domain: Domain::Air, ..RADAR }, &[said], NOON);
    let track = fusion.track(swept.moved[0]).unwrap();
    assert_eq!(track.identities, BTreeSet::from([Identity::Icao(0x84_0001)]));
    assert_eq!(track.attributes.squawk.as_deref(), Some("7700"));
}

#[test]
fn a_nameless_track_is_labelled_no_wider_than_its_plots() {
    let mut fusion = new();
    for k in 0..5 {
        let t = f64::from(k) * 10.0;
        let mut said = plot(t, 8.0 * t, 0.0);
        if k == 1 {
            said.source = Source::Own(SourceId("withheld".into()));
            said.label = label(&[]);
        }
        sweep(&mut fusion, t, &[said]);
    }
    let released = &fusion.track(only(&fusion)).unwrap().label.releasable_to;
    assert!(!released.contains(&Nation::USA), "{released:?}");
}

fn any_plot() -> impl Strategy<Value = (Plot, i64)> {
    let sd = prop_oneof![Just(1e-150), Just(50.0), Just(99_000.0)];
    let place = prop_oneof![-2e3..2e3, Just(0.0), -2e6..2e6];
    (0.0..100.0, place.clone(), place, sd, 0..4u64, 0..3u32, -90_000..90_000i64).prop_map(
        |(t, east, north, sd, content, feed, skew_ms)| {
            let mut said = plot(t, east, north);
            said.covariance = Covariance::along(east, sd, 50.0).unwrap_or(said.covariance);
            said.source = Source::Own(SourceId(format!("radar {feed}")));
            said.event_time = said.event_time.plus_ms(skew_ms);
            said.content = content;
            said.icao = (content == 3).then_some(feed);
            (said, skew_ms)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_plots_leave_a_sound_picture_and_the_same_one_again(
        batches in proptest::collection::vec(proptest::collection::vec(any_plot(), 0..30), 1..8),
        period_ms in prop_oneof![Just(i64::MIN), Just(i64::MAX), 1_000..20_000i64],
        odd in prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-1.0), 0.0..1.0],
    ) {
        let sensor = Sensor {
            period_ms, detection_probability: odd, clutter_per_km2: odd, ..RADAR
        };
        let run = || {
            let config = FusionConfig { tracks_max: 6, sources_max: 2, ..FusionConfig::default() };
            let mut fusion = Fusion::new(config);
            let mut all = Vec::new();
            for (k, batch) in batches.iter().enumerate() {
                let plots: Vec<Plot> = batch.iter().map(|(plot, _)| plot.clone()).collect();
                let now = NOON.plus_ms(k as i64 * 10_000);
                all.push(fusion.sweep(&sensor, &plots, now));
                fusion.tick(now);
            }
            (fusion, all)
        };
        let (fusion, all) = run();
        prop_assert_eq!(format!("{:?}", run()), format!("{:?}", (&fusion, &all)));
        prop_assert!(fusion.tracks().len() <= 6);
        for track in fusion.tracks() {
            prop_assert!(track.sources.len() <= 2 && !track.sources.is_empty());
            if let Some(estimate) = &track.estimate {
                prop_assert!(estimate.sd_m.is_finite() && estimate.sd_m > 0.0, "{:?}", estimate);
            }
        }
    }
}
