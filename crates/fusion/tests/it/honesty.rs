//! The claimed standard deviation is the true one: normalised error squared per dimension (NEES)
//! between 0.8 and 1.25 over seeded simulations.

use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::position::Position;

use crate::support::{Dice, Say, aircraft, ship};

const SHIPS: u32 = 300;
const STEPS: u32 = 60;

/// What the simulated world does, as the configuration says it does.
struct World {
    seed: u64,
    step_s: f64,
    air: bool,
    velocity: bool,
}

/// Mean of squared position error per dimension over the claimed variance, after settling.
fn nees(world: &World, config: &FusionConfig) -> f64 {
    let truth = FusionConfig::default();
    let domain = if world.air { &truth.air } else { &truth.surface };
    let mut dice = Dice(world.seed);
    let mut fusion = Fusion::new(config.clone());
    let (mut sum, mut count) = (0.0, 0.0);
    for id in 1..=SHIPS {
        let at = |lat, lon| Position::new(lat, lon).unwrap();
        let mut place = at(20.0 + 20.0 * dice.unit(), 179.0 + 0.9 * dice.unit());
        let cruise = if world.air { 220.0 } else { 8.0 };
        let angle = std::f64::consts::TAU * dice.unit();
        let mut v = [cruise * angle.cos(), cruise * angle.sin()];
        for step in 0..STEPS {
            let (dt, q) = (world.step_s, domain.process_noise);
            let mut moved = [0.0; 2];
            for axis in 0..2 {
                // White acceleration over dt: exact joint noise of velocity and position.
                let (a, b) = (dice.normal(), dice.normal());
                let dv = (q * dt).sqrt() * a;
                let dp = (q * dt.powi(3)).sqrt() * (a / 2.0 + b / 12.0_f64.sqrt());
                moved[axis] = v[axis] * dt + dp;
                v[axis] += dv;
            }
            place = shift(place, moved);
            let noise = [dice.normal(), dice.normal()].map(|n| n * domain.accuracy_m);
            let seen = shift(place, noise);
            let speed = v[0].hypot(v[1]);
            let along = dice.normal() * domain.speed_sd_mps;
            let turn = dice.normal()
                * domain.speed_sd_mps.hypot(speed * domain.course_sd_deg.to_radians())
                / speed.max(0.1);
            let course = (v[0].atan2(v[1]) + turn).to_degrees().rem_euclid(360.0);
            let seconds = f64::from(step) * dt;
            let Say(mut o) = if world.air { aircraft(id, seconds) } else { ship(id, seconds) };
            o.position = Some(seen);
            if world.velocity {
                o.motion.speed_mps = Some((speed + along).max(0.0));
                o.motion.course_deg = Some(course);
            }
            let number = fusion.observe(&o, o.received_at).track.unwrap();
            if step >= STEPS / 3 {
                let estimate = fusion.track(number).unwrap().estimate.as_ref().unwrap();
                let miss_m = estimate.position.distance_m(place);
                sum += (miss_m / estimate.sd_m).powi(2) / 2.0;
                count += 1.0;
            }
        }
    }
    sum / count
}

/// A small step on WGS 84, written apart from the code under test: radii of curvature from the
/// semi-axes.
fn shift(from: Position, [east, north]: [f64; 2]) -> Position {
    let (a, b) = (6_378_137.0_f64, 6_356_752.314_245_f64);
    let (sin, cos) = from.latitude_deg().to_radians().sin_cos();
    let root = (a * a * cos * cos + b * b * sin * sin).sqrt();
    let latitude = from.latitude_deg() + (north * root.powi(3) / (a * a * b * b)).to_degrees();
    let longitude = from.longitude_deg() + (east * root / (a * a * cos)).to_degrees();
    Position::new(latitude, (longitude + 540.0).rem_euclid(360.0) - 180.0).unwrap()
}

fn honest(nees: f64) -> bool {
    (0.8..=1.25).contains(&nees)
}

const WORLDS: [World; 5] = [
    World { seed: 1, step_s: 10.0, air: false, velocity: true },
    World { seed: 2, step_s: 30.0, air: false, velocity: true },
    World { seed: 3, step_s: 10.0, air: false, velocity: false },
    World { seed: 4, step_s: 1.0, air: true, velocity: true },
    World { seed: 5, step_s: 5.0, air: true, velocity: false },
];

#[test]
fn the_claimed_accuracy_is_the_true_one() {
    for world in WORLDS {
        let nees = nees(&world, &FusionConfig::default());
        println!("seed {}: NEES per dimension {nees:.3}", world.seed);
        assert!(honest(nees), "seed {}: NEES per dimension {nees:.3}", world.seed);
    }
}

#[test]
fn a_filter_without_process_noise_is_caught() {
    let mut config = FusionConfig::default();
    config.surface.process_noise = 0.0;
    config.air.process_noise = 0.0;
    for world in WORLDS {
        assert!(!honest(nees(&world, &config)), "seed {}", world.seed);
    }
}

#[test]
fn a_filter_that_trusts_its_sensor_too_much_is_caught() {
    let mut config = FusionConfig::default();
    config.surface.accuracy_m /= 2.0;
    config.air.accuracy_m /= 2.0;
    for world in WORLDS {
        assert!(!honest(nees(&world, &config)), "seed {}", world.seed);
    }
}

#[test]
fn a_poor_fix_moves_a_good_track_little() {
    let mut fusion = Fusion::new(FusionConfig::default());
    let reports = [
        ship(1, 0.0).at(0.0, 0.0).moving(0.0, 0.0),
        ship(1, 30.0).at(0.0, 0.0).moving(0.0, 0.0),
        ship(1, 60.0).at(6_000.0, 0.0).accuracy(5_000.0),
    ];
    crate::support::story(&mut fusion, &reports);
    let estimate = fusion.tracks().next().unwrap().estimate.clone().unwrap();
    let start = Position::new(25.0, 125.0).unwrap();
    assert!(estimate.position.distance_m(start) < 20.0 && estimate.sd_m < 50.0);
}
