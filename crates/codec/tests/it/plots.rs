//! Plots as JSON lines: what is read, what is refused, and that our own come back.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use renkei_codec::{Reject, plots};
use renkei_model::plot::{Covariance, Plot};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use crate::modes::{context, run_property};

/// 2026-11-22 06:28:00 UTC.
const NOW: Timestamp = Timestamp(1_795_328_880_000);

fn read(text: &str) -> Vec<Result<plots::Line, Reject>> {
    let mut deframer = plots::Deframer::default();
    let mut items = deframer.push(text.as_bytes());
    items.extend(deframer.finish());
    items
}

fn check(text: &str, expected: &expect_test::Expect) {
    let mut shown = String::new();
    for item in read(text) {
        shown += &match item {
            Ok(line) => plots::json_line(&line.to_plot(&context(), NOW)) + "\n",
            Err(reject) => format!("reject {}: {}\n", reject.reason, reject.detail),
        };
    }
    expected.assert_eq(&shown);
}

#[test]
fn plots_come_by_position_or_by_range_and_bearing_from_a_site() {
    check(
        r#"{"time":"2026-11-22T06:27:59.5Z","lat":24.8,"lon":125.3,"sd_m":50}
           {"time":1795328879.25,"lat":24.8,"lon":125.3,"east_m2":900,"north_m2":400,"east_north_m2":-120,"altitude_m":3000,"radial_speed_mps":-12.5,"mode_a":"1200","icao":"F00123","sensor":"x"}
           {"site":{"lat":24.7,"lon":125.3,"height_m":30},"range_m":20000,"bearing_deg":90,"range_sd_m":25,"bearing_sd_deg":0.5}
        "#,
        &expect_test::expect![[r#"
            {"time":"2026-11-22T06:27:59.5Z","lat":24.8,"lon":125.3,"east_m2":2500,"north_m2":2500,"east_north_m2":0,"altitude_m":null,"radial_speed_mps":null,"mode_a":null,"icao":null}
            {"time":"2026-11-22T06:27:59.25Z","lat":24.8,"lon":125.3,"east_m2":900,"north_m2":400,"east_north_m2":-120,"altitude_m":3000,"radial_speed_mps":-12.5,"mode_a":"1200","icao":"f00123"}
            {"time":"2026-11-22T06:28:00Z","lat":24.699869871564093,"lon":125.4976397673959,"east_m2":625.0682146476311,"north_m2":30461.393118193173,"east_north_m2":43.12627272747786,"altitude_m":null,"radial_speed_mps":null,"mode_a":null,"icao":null}
        "#]],
    );
}

#[test]
fn a_plot_that_is_none_is_refused_with_the_key_to_mend() {
    check(
        r#"{"lat":24.8,"lon":125.3}
           {"lat":24.8,"lon":125.3,"sd_m":0}
           {"lat":91,"lon":125.3,"sd_m":5}
           {"lat":24.8,"sd_m":5}
           {"lat":24.8,"lon":125.3,"east_m2":5}
           {"lat":24.8,"lon":125.3,"east_m2":5,"north_m2":5,"east_north_m2":6}
           {"lat":24.8,"lon":125.3,"sd_m":5,"time":"yesterday"}
           {"lat":24.8,"lon":125.3,"sd_m":5,"time":-1}
           {"lat":24.8,"lon":125.3,"sd_m":5,"mode_a":1200}
           {"lat":24.8,"lon":125.3,"sd_m":5,"icao":"f0012"}
           {"site":{"lat":24.8,"lon":125.3},"range_m":5,"bearing_deg":5,"range_sd_m":5}
           {"site":"north","range_m":5,"bearing_deg":5,"range_sd_m":5}
           [1,2]
        "#,
        &expect_test::expect![[r#"
            reject shape: plot: `sd_m` is missing
            reject shape: plot: its error is none: give `sd_m` above 0, or a covariance
            reject shape: plot: `lat` is no number from -90 to 90
            reject shape: plot: `lon` is missing
            reject shape: plot: one of `east_m2` and `north_m2` is missing
            reject shape: plot: its error is none: give `sd_m` above 0, or a covariance
            reject shape: plot: `time` is neither RFC 3339 nor Unix seconds
            reject shape: plot: `time` is no number from 0 to 250000000000
            reject shape: plot: `mode_a` is not four octal digits in quotes
            reject shape: plot: `icao` is not six hexadecimal digits in quotes
            reject shape: plot: `bearing_sd_deg` is missing
            reject shape: plot: `site` is no object with `lat` and `lon`
            reject syntax: JSON object: invalid type: sequence, expected a map at line 1 column 0
        "#]],
    );
    check(
        &"x".repeat(5_000),
        &expect_test::expect![[r#"
        reject too_long: JSON line longer than 4096 bytes
    "#]],
    );
}

fn any_plot() -> impl Strategy<Value = Plot> {
    let place = (-90.0..=90.0_f64, -180.0..180.0_f64);
    let spread = (0.1..1e4_f64, 0.1..1e4_f64, -0.99..0.99_f64);
    let said = (
        proptest::option::of(-900.0..90_000.0_f64),
        proptest::option::of(-900.0..900.0_f64),
        proptest::option::of(0..=0o7777_u16),
        proptest::option::of(0..0x100_0000_u32),
    );
    (0..4_000_000_000_000_i64, place, spread, said).prop_map(
        |(time, (lat, lon), (east, north, share), (altitude_m, radial_speed_mps, mode_a, icao))| {
            Plot {
                source: context().observation_source(),
                event_time: Timestamp(time),
                received_at: NOW,
                position: Position::new(lat, lon).expect("within the world"),
                covariance: Covariance::new(east * east, north * north, share * east * north)
                    .expect("positive definite"),
                altitude_m,
                radial_speed_mps,
                mode_a,
                icao,
                content: 0,
                label: context().label,
            }
        },
    )
}

/// A plot that was written is read as it was; `write` may plant a fault.
fn plots_come_back(write: fn(&Plot) -> String) -> Result<(), String> {
    let ended = run_property(any_plot(), |plot| {
        let items = read(&write(&plot));
        let [Ok(line)] = items.as_slice() else {
            return Err(TestCaseError::fail(format!("{items:?}")));
        };
        let back = line.to_plot(&context(), NOW);
        // Reading a decimal number may be off in the last of its 53 bits.
        let near = |a: f64, b: f64| (a - b).abs() <= a.abs() * 1e-15;
        let (was, is) = (plot.position, back.position);
        prop_assert!(near(was.latitude_deg(), is.latitude_deg()));
        prop_assert!(near(was.longitude_deg(), is.longitude_deg()));
        prop_assert!(near(plot.covariance.east_m2(), back.covariance.east_m2()));
        prop_assert!(near(plot.covariance.north_m2(), back.covariance.north_m2()));
        prop_assert!(near(plot.covariance.east_north_m2(), back.covariance.east_north_m2()));
        let both = |a: Option<f64>, b: Option<f64>| a.zip(b).map_or(a == b, |(a, b)| near(a, b));
        prop_assert!(both(plot.altitude_m, back.altitude_m));
        prop_assert!(both(plot.radial_speed_mps, back.radial_speed_mps));
        prop_assert_eq!((plot.event_time, plot.mode_a), (back.event_time, back.mode_a));
        prop_assert_eq!(plot.icao, back.icao);
        Ok(())
    });
    ended.map_err(|error| error.to_string())
}

#[test]
fn plots_of_our_own_come_back() {
    plots_come_back(plots::json_line).expect("holds");
    let planted = plots_come_back(|plot| {
        // A writer that rounds positions to a metre.
        let rounded = |degrees: f64| (degrees * 1e5).round() / 1e5;
        let position = Position::new(
            rounded(plot.position.latitude_deg()),
            rounded(plot.position.longitude_deg()),
        );
        plots::json_line(&Plot { position: position.unwrap_or(plot.position), ..plot.clone() })
    });
    assert!(planted.is_err(), "a writer that rounds is caught");
}
