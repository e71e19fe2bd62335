//! How many observations a second are released or withheld, with 10,000 ships of ten feeds.
//!
//! `cargo run -p renkei-policy --profile ci --example release_speed`

#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]

use std::collections::BTreeSet;
use std::time::Instant;

use renkei_model::id::{BorderAlias, Nation, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_policy::{Policy, PolicyError, shipped};

const NOW: Timestamp = Timestamp(1_795_014_400_000);
const SHIPS: u32 = 10_000;
const ROUNDS: u32 = 100;

fn ship(number: u32) -> Observation {
    let restricted = number.is_multiple_of(10);
    Observation {
        source: Source::Own(SourceId(format!("feed-{}", number % 10))),
        identity: Identity::Mmsi(431_000_000 + number),
        domain: Domain::Surface,
        event_time: NOW,
        received_at: NOW,
        position: Position::new(24.0 + f64::from(number % 1_000) / 250.0, 125.0),
        accuracy_m: Some(10.0),
        motion: Motion { speed_mps: Some(6.17), course_deg: Some(231.4), ..Motion::default() },
        attributes: Attributes { name: Some("HAYABUSA".into()), ..Attributes::default() },
        content: u64::from(number),
        label: Label {
            policy: "JPN-EXERCISE".into(),
            classification: Classification::Unclassified,
            releasable_to: BTreeSet::new(),
            restrictive: restricted.then(|| "NOFORN".to_owned()).into_iter().collect(),
            informative: BTreeSet::from(["CIVIL".to_owned()]),
            originator: Nation::JPN,
            created: NOW.plus_ms(-i64::from(number)),
            review: None,
        },
    }
}

fn main() -> Result<(), PolicyError> {
    let files = shipped(Nation::JPN);
    let started = Instant::now();
    let mut policy = Policy::load(Nation::JPN, &Partition::Real, files)?;
    println!("load                {:9.2} ms", started.elapsed().as_secs_f64() * 1e3);

    let ships: Vec<Observation> = (0..SHIPS).map(ship).collect();
    let mut ask = |ship: &Observation, number: u32| {
        let alias = || BorderAlias { nation: Nation::JPN, number };
        policy.release_observation(ship, alias, Nation::USA, NOW).released
    };
    let started = Instant::now();
    let first = ask(&ships[1], 1);
    println!("first of its kind   {:9.2} ms", started.elapsed().as_secs_f64() * 1e3);

    let started = Instant::now();
    let mut released = 0_u32;
    for _ in 0..ROUNDS {
        for (ship, number) in ships.iter().zip(0..) {
            released += u32::from(ask(ship, number).is_some());
        }
    }
    let a_second = f64::from(SHIPS * ROUNDS) / started.elapsed().as_secs_f64();
    println!("decided and built   {a_second:9.0} a second ({released} released)");

    if let Some(release) = first {
        let started = Instant::now();
        let bytes: usize = (0..SHIPS * ROUNDS).map(|_| release.item().to_bytes().len()).sum();
        let each = started.elapsed().as_secs_f64() * 1e9 / f64::from(SHIPS * ROUNDS);
        println!(
            "encoded             {each:9.0} ns each, {} bytes",
            bytes / (SHIPS * ROUNDS) as usize
        );
    }
    Ok(())
}
