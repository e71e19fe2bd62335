//! F9: precision and recall of every alert rule over scripted truth, and what the rules cost:
//! `cargo run --profile ci -p renkei-fusion --example alerts`.

#[path = "../tests/it/scenes.rs"]
mod scenes;
#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../tests/it/support.rs"]
mod support;
#[path = "../tests/it/truth.rs"]
mod truth;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use renkei_fusion::alerts::{AlertConfig, ApproachCoverage, Scope};
use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::observation::Identity;
use renkei_model::time::Timestamp;

use support::{Dice, NOON, ship};

const SHIPS: u32 = 10_000;
const WATCHED: u32 = 50;
/// Twenty minutes, a report of each ship each 30 s.
const SECONDS: u32 = 1_200;

fn main() {
    let mut scores = BTreeMap::new();
    for (rule, kinds) in &scenes::SCENES {
        for kind in *kinds {
            for seed in 0..truth::SEEDS {
                truth::score(&scenes::scene(*kind, seed, &scenes::config()), *rule, &mut scores);
            }
        }
    }
    print!("{}", truth::table(&scores));
    for (name, spread_m) in [("spread over 600 km", 600_000.0), ("in one bay of 60 km", 60_000.0)] {
        for (scope, approach) in
            [("pairs with 50 watched", Scope::Watched), ("all pairs", Scope::All)]
        {
            let Cost { mean, worst, told, coverage } = cost(spread_m, approach);
            println!(
                "{SHIPS} ships {name}, {scope}: a tick {mean:?}, worst {worst:?}, {told} alerts; \
                 the last sweep looked at the pairs of {} of {} ships, {} close pairs forgotten",
                coverage.looked, coverage.ships, coverage.forgotten
            );
        }
    }
}

/// What twenty minutes took.
struct Cost {
    mean: Duration,
    worst: Duration,
    told: usize,
    coverage: ApproachCoverage,
}

/// Mean and longest tick over twenty minutes, and what was told.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn cost(spread_m: f64, scope: Scope) -> Cost {
    let approach = Some(AlertConfig::marine_approach(scope));
    let alerts = AlertConfig { approach, ..AlertConfig::default() };
    let mut fusion = Fusion::new(FusionConfig { alerts, ..FusionConfig::default() });
    for id in 1..=WATCHED {
        assert!(fusion.watch(Identity::Mmsi(id), Timestamp(i64::MAX)));
    }
    let mut dice = Dice(1);
    let ships: Vec<_> = (0..SHIPS)
        .map(|_| {
            let from = [dice.unit() * spread_m, dice.unit() * spread_m];
            (from, dice.unit() * 8.0, dice.unit() * 360.0)
        })
        .collect();
    let (mut spent, mut worst, mut told) = (Duration::ZERO, Duration::ZERO, 0);
    for second in 0..SECONDS {
        for id in (0..SHIPS).filter(|id| id % 30 == second % 30) {
            let (from, speed, course) = ships[id as usize];
            let way = speed * f64::from(second);
            let (sin, cos) = course.to_radians().sin_cos();
            let say = ship(id + 1, f64::from(second)).moving(speed, course);
            let say = say.at(from[0] + way * sin, from[1] + way * cos);
            told += fusion.observe(&say.0, say.0.received_at).alerts.len();
        }
        let now = Timestamp(NOON.0 + i64::from(second) * 1_000);
        let started = Instant::now();
        told += fusion.tick(now).alerts.len();
        let took = started.elapsed();
        spent += took;
        worst = worst.max(took);
    }
    Cost { mean: spent / SECONDS, worst, told, coverage: fusion.approach_coverage() }
}
