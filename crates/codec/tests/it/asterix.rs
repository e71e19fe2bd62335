//! ASTERIX categories 048 and 062: what is read, what is skipped, what counts as seen.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use renkei_codec::Reject;
use renkei_codec::asterix::{
    self, Accuracy, Block, Deframer, Detection, FlightLevel, ModeA, Polar, Radar, Radars, Report,
    Seen, SystemTrack, TargetReport, TrackState,
};
use renkei_codec::modes::{Callsign, Squawk};
use renkei_codec::plots::Site;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use crate::modes::{context, run_property};

mod read;
mod round_trip;
mod seen;

/// 2026-11-22 06:28:00 UTC.
const NOW: Timestamp = Timestamp(1_795_328_880_000);
/// The same as a time of day in 1/128 s.
const OF_DAY: u32 = (6 * 3_600 + 28 * 60) * 128;

fn at(latitude: f64, longitude: f64) -> Position {
    Position::new(latitude, longitude).expect("a position of the test")
}

/// A radar on Miyako's hill, code 25/7.
fn radars() -> Radars {
    let site = Site {
        position: at(24.76, 125.33),
        height_m: 110.0,
        range_sd_m: 60.0,
        bearing_sd_deg: 0.07,
        ceiling_m: 15_000.0,
    };
    Radars { radars: vec![Radar { sac: 25, sic: 7, site }], track_sd_m: 150.0 }
}

/// A report of an aircraft north-east of that radar.
fn target() -> TargetReport {
    TargetReport {
        sac: 25,
        sic: 7,
        time_of_day: Some(OF_DAY),
        detection: Some(Detection::Secondary),
        polar: Some(Polar { range: 256 * 40, bearing: 8_192 }),
        mode_a: Some(mode_a("1234")),
        flight_level: Some(FlightLevel { quarters: 1_320, is_unsure: false, is_garbled: false }),
        ..TargetReport::default()
    }
}

fn mode_a(digits: &str) -> ModeA {
    let code = Squawk::from_digits(digits).expect("octal");
    ModeA { code, is_unsure: false, is_garbled: false }
}

/// The whole of one block.
fn block(bytes: &[u8]) -> Block {
    let mut deframer = Deframer::default();
    let mut items = deframer.push(bytes);
    items.extend(deframer.finish());
    match items.as_slice() {
        [Ok(block)] => block.clone(),
        other => panic!("{other:?}"),
    }
}

/// The one report of a block.
fn report(bytes: &[u8]) -> Report {
    let (reports, reject) = Report::of_block(&block(bytes));
    match (reports.as_slice(), reject) {
        ([report], None) => report.clone(),
        other => panic!("{other:?}"),
    }
}

fn read_target(bytes: &[u8]) -> TargetReport {
    match report(bytes) {
        Report::Target(report) => *report,
        Report::Track(other) => panic!("{other:?}"),
    }
}

fn read_track(bytes: &[u8]) -> SystemTrack {
    match report(bytes) {
        Report::Track(track) => *track,
        Report::Target(other) => panic!("{other:?}"),
    }
}
