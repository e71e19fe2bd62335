//! Mode S against recordings, hostile bytes and its own encoders.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use renkei_codec::FeedContext;
use renkei_codec::modes::{
    self, Cpr, CprPair, Frame, Lines, Received, Squawk, Tracker, avr, beast, fuzz, readsb, sbs,
    snapshot,
};
use renkei_model::id::{Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Domain, Identity, Observation};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use serde_json::{Map, Value};

mod golden;
mod stream;
mod told;
mod track;

const ICAO: u32 = 0xF0_0123;

pub(crate) fn context() -> FeedContext {
    let label = Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Unclassified,
        releasable_to: [Nation::USA].into(),
        restrictive: [].into(),
        informative: [].into(),
        originator: Nation::JPN,
        created: Timestamp(0),
        review: None,
    };
    FeedContext { source: SourceId("test-adsb".into()), label, nation: Nation::JPN }
}

fn at(latitude: f64, longitude: f64) -> Position {
    Position::new(latitude, longitude).expect("a position of the test")
}

/// Lines of a gzipped recording beside the workspace, or `None` (and a word) where it is absent.
fn recording(name: &str) -> Option<impl Iterator<Item = String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    match std::fs::File::open(&path) {
        Ok(file) => Some(BufReader::new(GzDecoder::new(file)).lines().map_while(Result::ok)),
        Err(_) => {
            println!("skipped: {} is absent", path.display());
            None
        }
    }
}

/// Runs a property and says what broke it, so that a planted fault can be shown to be caught.
pub(crate) fn run_property<S: Strategy>(
    strategy: S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) -> Result<(), TestError<S::Value>> {
    let config = Config { failure_persistence: None, ..Config::with_cases(2_000) };
    TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    )
    .run(&strategy, test)
}
