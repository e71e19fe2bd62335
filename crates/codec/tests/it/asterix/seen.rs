//! What a report stands for: a plot, an aircraft, or nothing.

use super::*;

fn seen(report: TargetReport) -> Result<Seen, Reject> {
    radars().seen(&Report::Target(Box::new(report)), &context(), NOW)
}

fn track_seen(track: SystemTrack) -> Result<Seen, Reject> {
    radars().seen(&Report::Track(Box::new(track)), &context(), NOW)
}

#[test]
fn a_radar_s_report_is_a_plot_where_the_target_is() {
    let truth = at(25.4, 126.1);
    let site = radars().radars[0].site;
    let (range_m, bearing_deg) = site.measure(truth, 10_058.4);
    let polar = Polar {
        range: (range_m * 256.0 / 1852.0).round() as u16,
        bearing: (bearing_deg * 65_536.0 / 360.0).round() as u16,
    };
    let report = TargetReport { polar: Some(polar), ..target() };
    let Ok(Seen::Plot(plot)) = seen(read_target(&asterix::encode_target(&report))) else {
        panic!("no plot")
    };
    // Half a step of range and of bearing at 105 km: 3.6 m and 5.0 m.
    assert!(plot.position.distance_m(truth) < 7.0, "{}", plot.position.distance_m(truth));
    assert_eq!(plot.event_time, NOW);
    assert_eq!(plot.altitude_m, Some(10_058.4));
    assert_eq!((plot.mode_a, plot.icao), (Some(0o1234), None));
    // Across the line of sight: 105 km times 0.07° is 129 m; along it 60 m.
    let mean_m2 = f64::midpoint(129.0_f64.powi(2), 60.0_f64.powi(2));
    assert!((plot.covariance.sd_m() - mean_m2.sqrt()).abs() < 2.0, "{}", plot.covariance.sd_m());
    assert!(plot.covariance.east_north_m2() < 0.0, "the target is to the north-east");
}

#[test]
fn a_report_that_names_the_aircraft_is_an_observation_of_it() {
    let report = TargetReport {
        address: Some(0xF0_0123),
        callsign: Some(Callsign::from_text("RNK12")),
        mode_a: Some(mode_a("7700")),
        velocity: Some((1_024, 16_384)),
        ..target()
    };
    let Ok(Seen::Aircraft(o)) = seen(report.clone()) else { panic!("no aircraft") };
    let motion = &o.motion;
    expect_test::expect![[r#"Icao(15728931) Some("RNK12") Some("7700") Some(GeneralEmergency) speed Some(115.75) course Some(90.0) altitude Some(10058.4)"#]]
    .assert_eq(&format!(
        "{:?} {:?} {:?} {:?} speed {:?} course {:?} altitude {:?}",
        o.identity,
        o.attributes.callsign,
        o.attributes.squawk,
        o.attributes.emergency,
        motion.speed_mps,
        motion.course_deg,
        motion.altitude_m,
    ));
    let unsure = ModeA { is_unsure: true, ..mode_a("7700") };
    let Ok(Seen::Aircraft(o)) = seen(TargetReport { mode_a: Some(unsure), ..report }) else {
        panic!("no aircraft")
    };
    assert_eq!((&o.attributes.squawk, o.attributes.emergency), (&None, None));
}

#[test]
fn what_was_not_seen_is_no_plot() {
    for report in [
        TargetReport { detection: Some(Detection::None), ..target() },
        TargetReport { polar: None, ..target() },
        TargetReport {
            track: Some(TrackState { is_ghost: true, ..TrackState::default() }),
            ..target()
        },
    ] {
        assert_eq!(seen(report.clone()), Ok(Seen::Nothing), "{report:?}");
    }
    let track = SystemTrack { position: Some((4_620_000, 23_360_000)), ..SystemTrack::default() };
    assert!(matches!(track_seen(track.clone()), Ok(Seen::Plot(_))));
    for track in [
        SystemTrack { is_coasting: true, ..track.clone() },
        SystemTrack { is_end: true, ..track.clone() },
        SystemTrack { is_tentative: true, ..track.clone() },
        SystemTrack { position: None, ..track },
    ] {
        assert_eq!(track_seen(track.clone()), Ok(Seen::Nothing), "{track:?}");
    }
}

#[test]
fn simulated_and_test_targets_never_enter() {
    let reason = |seen: Result<Seen, Reject>| seen.map_err(|reject| reject.reason).err();
    for report in [
        TargetReport { is_simulated: true, ..target() },
        TargetReport { is_test: true, ..target() },
        TargetReport { is_field_monitor: true, ..target() },
    ] {
        let report = read_target(&asterix::encode_target(&report));
        assert_eq!(reason(seen(report)), Some("simulated"));
    }
    let track =
        SystemTrack { is_simulated: true, position: Some((0, 0)), ..SystemTrack::default() };
    assert_eq!(reason(track_seen(track)), Some("simulated"));
    assert_eq!(reason(seen(TargetReport { sic: 8, ..target() })), Some("site"));
    assert_eq!(
        reason(seen(TargetReport { time_of_day: Some(86_400 * 128), ..target() })),
        Some("time")
    );
}

#[test]
fn a_system_track_is_as_sure_as_it_says_but_never_surer_than_ten_metres() {
    // 25° N 125° E.
    let position = Some((4_660_338, 23_301_689));
    let track = |accuracy: Accuracy| {
        let track = SystemTrack { position, accuracy, ..SystemTrack::default() };
        let Ok(Seen::Plot(plot)) = track_seen(track) else { panic!("no plot") };
        assert!(plot.position.distance_m(at(25.0, 125.0)) < 1.0);
        let c = plot.covariance;
        [c.east_m2().sqrt(), c.north_m2().sqrt(), c.east_north_m2()].map(|n| n.round() as i64)
    };
    let none = Accuracy::default();
    assert_eq!(track(none), [150, 150, 0], "the feed's own");
    let cartesian = Some((80, 120));
    assert_eq!(track(Accuracy { cartesian, ..none }), [40, 60, 0]);
    assert_eq!(track(Accuracy { cartesian, covariance: Some(-40), ..none }), [40, 60, -400]);
    assert_eq!(track(Accuracy { cartesian: Some((1, 1)), ..none }), [10, 10, 0]);
    let geographic = Some((100, 100));
    assert_eq!(track(Accuracy { geographic, ..none }), [54, 60, 0]);
}

#[test]
fn a_time_of_day_is_of_the_day_nearest_to_now() {
    let midnight = 1_795_305_600_000;
    let date = |of_day_s: u32, now_ms: i64| {
        asterix::time_of_day(of_day_s * 128, Timestamp(now_ms)).map(|at| at.0 - midnight)
    };
    assert_eq!(date(86_399, midnight + 2_000), Some(-1_000), "sent before midnight, taken after");
    assert_eq!(date(1, midnight - 2_000), Some(1_000), "a clock that is a little fast");
    assert_eq!(date(43_200, midnight + 43_200_000), Some(43_200_000));
    assert_eq!(date(86_400, midnight), None);
    assert_eq!(asterix::time_of_day(1, Timestamp(midnight)).map(|at| at.0 - midnight), Some(8));
    let far = [i64::MIN, i64::MAX].map(|now| asterix::time_of_day(5, Timestamp(now)).is_some());
    assert_eq!(far, [true, true], "no overflow");
}

#[test]
fn one_record_heard_twice_has_one_content() {
    let one = read_target(&asterix::encode_target(&target()));
    let again = read_target(&asterix::encode_target(&target()));
    let later = TargetReport { time_of_day: Some(OF_DAY + 512), ..target() };
    let other = read_target(&asterix::encode_target(&later));
    assert_eq!(one.content, again.content);
    assert_ne!(one.content, other.content, "the next scan, though nothing moved");
}
