//! How much of a core fusion takes at 10,000 live tracks and 5,000 reports a second:
//! `cargo run --profile ci -p renkei-fusion --example rate`.

use std::collections::BTreeSet;
use std::time::Instant;

use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::id::{Nation, ObjectId, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::{MicroPosition, Position};
use renkei_model::statement::{Bilingual, Zone};
use renkei_model::time::Timestamp;

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
        attributes: Attributes { nav_status: Some(0), ..Attributes::default() },
        content: (u64::from(id) << 32) | ms as u64,
        label,
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn main() {
    let mut fusion = Fusion::new(FusionConfig::default());
    for counter in 0..20 {
        let (south, west) = (22_000_000 + counter * 400_000, 121_000_000 + counter * 300_000);
        let corner =
            |dy, dx| MicroPosition { latitude_udeg: south + dy, longitude_udeg: west + dx };
        let zone = Zone {
            name: Bilingual::default(),
            ring: vec![
                corner(0, 0),
                corner(0, 500_000),
                corner(500_000, 500_000),
                corner(500_000, 0),
            ],
            domains: vec![Domain::Surface],
            neutral_too: true,
            holes: Vec::new(),
        };
        let id = ObjectId {
            node: Nation::JPN,
            partition: Partition::Real,
            epoch: 1,
            counter: counter as u64,
        };
        if let Err(refused) = fusion.set_zone(id, zone) {
            println!("{refused}");
        }
    }
    let reports: Vec<Observation> = (0..REPORTS_PER_S * SECONDS)
        .map(|i| observation(i % TRACKS, i64::from(i) * 1000 / i64::from(REPORTS_PER_S)))
        .collect();
    let started = Instant::now();
    let mut alerts = 0;
    for (i, report) in reports.iter().enumerate() {
        alerts += fusion.observe(report, report.received_at).alerts.len();
        if i % REPORTS_PER_S as usize == 0 {
            fusion.tick(report.received_at);
        }
    }
    let spent = started.elapsed();
    println!(
        "{} tracks, {} reports, {alerts} alerts, 20 zones: {:.2} us a report, {:.2} % of one core",
        fusion.tracks().len(),
        reports.len(),
        spent.as_secs_f64() * 1e6 / reports.len() as f64,
        spent.as_secs_f64() * 100.0 / f64::from(SECONDS),
    );
}
