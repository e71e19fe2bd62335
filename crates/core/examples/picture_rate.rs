//! How much of a core the picture takes at 10,000 live tracks and 5,000 reports a second, every
//! report fused, released and turned into a history row:
//! `cargo run --profile ci -p renkei-core --example picture_rate`.

use std::collections::BTreeSet;
use std::time::Instant;

use renkei_core::picture::{Picture, PictureConfig, PictureInput};
use renkei_model::id::{Nation, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_policy::{Policy, shipped};

const TRACKS: u32 = 10_000;
const REPORTS_PER_S: u32 = 5_000;
const SECONDS: u32 = 60;

fn observation(id: u32, ms: i64) -> Observation {
    let label = Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Unclassified,
        releasable_to: BTreeSet::from([Nation::USA]),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::from(["CIVIL".into()]),
        originator: Nation::JPN,
        created: Timestamp(0),
        review: None,
    };
    let moved = ms as f64 / 1000.0 * 8.0 / 111_000.0;
    let (row, column) = (f64::from(id / 100), f64::from(id % 100));
    Observation {
        source: Source::Own(SourceId("coast".into())),
        identity: Identity::Mmsi(431_000_000 + id),
        domain: Domain::Surface,
        event_time: Timestamp(ms),
        received_at: Timestamp(ms),
        position: Position::new(22.0 + row * 0.1 + moved, 120.0 + column * 0.1),
        accuracy_m: None,
        motion: Motion { speed_mps: Some(8.0), course_deg: Some(0.0), ..Motion::default() },
        attributes: Attributes { name: Some(format!("SHIP {id}")), ..Attributes::default() },
        content: (u64::from(id) << 32) | ms as u64,
        label,
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn main() {
    let partition = Partition::Exercise("rate".into());
    let policy = match Policy::load(Nation::JPN, &partition, shipped(Nation::JPN)) {
        Ok(policy) => policy,
        Err(error) => return println!("{error}"),
    };
    let mut picture = Picture::new(PictureConfig::new(Nation::JPN, Nation::USA), &policy);
    let reports: Vec<Observation> = (0..REPORTS_PER_S * SECONDS)
        .map(|i| observation(i % TRACKS, i64::from(i) * 1000 / i64::from(REPORTS_PER_S)))
        .collect();
    let count = reports.len();
    let (mut effects, mut looking) = (0, std::time::Duration::ZERO);
    let started = Instant::now();
    for (i, report) in reports.into_iter().enumerate() {
        let now = report.received_at;
        effects += picture.handle(PictureInput::Observed(report), now).len();
        if i % REPORTS_PER_S as usize == 0 {
            effects += picture.handle(PictureInput::Tick, now).len();
            let look = Instant::now();
            effects += picture.motions(Nation::JPN, now).len();
            looking += look.elapsed();
        }
    }
    let spent = started.elapsed();
    let share = |time: std::time::Duration| time.as_secs_f64() * 100.0 / f64::from(SECONDS);
    println!(
        "{} tracks, {count} reports, {effects} effects: {:.2} us a report, {:.2} % of one core, \
         of which looking at all tracks once a second {:.2} %",
        picture.tracks().len(),
        spent.as_secs_f64() * 1e6 / count as f64,
        share(spent),
        share(looking),
    );
}
