//! Alerts that people trust: precision and recall of every rule over scripted truth, and what the
//! rules rest on when one is taken away.

use std::collections::BTreeMap;

use expect_test::expect;
use renkei_fusion::alerts::Rule;
use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::time::Timestamp;

use crate::scenes::{SCENES, config, scene};
use crate::support::{NOON, Say, ship};
use crate::truth::{SEEDS, Score, score, table};

/// The bar for both, F9.
const BAR: f64 = 0.95;

fn scores(config: &FusionConfig, rules: &[Rule]) -> BTreeMap<Rule, Score> {
    let mut scores = BTreeMap::new();
    for (rule, kinds) in SCENES.iter().filter(|(rule, _)| rules.contains(rule)) {
        for kind in *kinds {
            for seed in 0..SEEDS {
                score(&scene(*kind, seed, config), *rule, &mut scores);
            }
        }
    }
    scores
}

#[test]
fn every_rule_tells_what_happened_and_nothing_else() {
    let scores = scores(&config(), &Rule::ALL);
    expect![[r#"
        rule                scenes  with  told  missed  false  prec.  recall
        zone_entered            40    20    20       0      0  1.000   1.000
        zone_left               40    20    40       0      0  1.000   1.000
        zone_dwelt              40    20    20       0      0  1.000   1.000
        close_approach          60    40    40       0      1  0.976   1.000
        rendezvous              60    40    40       0      0  1.000   1.000
        loitering               40    20    20       0      0  1.000   1.000
        unheard                 40    20    20       0      0  1.000   1.000
        source_silent           40    20    25       0      0  1.000   1.000
        emergency               40    20    20       0      0  1.000   1.000
        duplicate_identity      40    20    20       0      0  1.000   1.000
        impossible_jump         40    20    20       0      0  1.000   1.000
        identity_changed        40    20    20       0      0  1.000   1.000
        poor_navigation         40    20    20       0      0  1.000   1.000
        movement_changed        40    20    20       0      0  1.000   1.000
        safety_text             40    20    60       0      0  1.000   1.000
    "#]]
    .assert_eq(&table(&scores));
    for (rule, score) in &scores {
        assert!(score.precision() >= BAR && score.recall() >= BAR, "{rule:?} {score:?}");
        assert!(score.with_truth >= 20 && score.scenes - score.with_truth >= 20, "{rule:?}");
    }
    assert_eq!(scores.len(), Rule::ALL.len());
}

fn falls_short(plant: impl Fn(&mut FusionConfig), rule: Rule) -> Score {
    let mut planted = config();
    plant(&mut planted);
    let score = scores(&planted, &[rule])[&rule];
    assert!(score.precision() < BAR || score.recall() < BAR, "{rule:?} not caught: {score:?}");
    score
}

#[test]
fn a_pair_that_may_ring_again_at_once_is_caught() {
    let score = falls_short(
        |config| config.alerts.approach.as_mut().unwrap().clear_ms = 1,
        Rule::CloseApproach,
    );
    assert!(score.false_alarms > 0);
}

#[test]
fn without_the_coverage_model_ships_ring_for_a_receiver_and_for_leaving() {
    let score = falls_short(
        |config| {
            config.alerts.receiver = None;
            let unheard = config.alerts.unheard.as_mut().unwrap();
            unheard.neighbours_min = 0;
            unheard.open_max_deg = 360.0;
        },
        Rule::Unheard,
    );
    assert!(score.false_alarms > 20, "{score:?}");
}

#[test]
fn an_open_angle_left_out_rings_for_ships_that_sail_away() {
    falls_short(
        |config| config.alerts.unheard.as_mut().unwrap().open_max_deg = 360.0,
        Rule::Unheard,
    );
}

#[test]
fn presets_that_are_moved_are_caught() {
    falls_short(|c| c.alerts.rendezvous[0].for_ms /= 2, Rule::Rendezvous);
    falls_short(|c| c.alerts.rendezvous[0].distance_m *= 3.0, Rule::Rendezvous);
    falls_short(|c| c.alerts.loitering.as_mut().unwrap().for_ms /= 2, Rule::Loitering);
    falls_short(|c| c.alerts.loitering.as_mut().unwrap().offshore_m = 0.0, Rule::Loitering);
    falls_short(|c| c.alerts.dwell.as_mut().unwrap().inside_ms /= 2, Rule::ZoneDwelt);
    falls_short(|c| c.alerts.receiver.as_mut().unwrap().intervals = 1.0, Rule::SourceSilent);
    let one_is_enough = |c: &mut FusionConfig| {
        let navigation = c.alerts.navigation.as_mut().unwrap();
        (navigation.aircraft_min, navigation.part_min) = (1, -1.0);
    };
    falls_short(one_is_enough, Rule::PoorNavigation);
    falls_short(|c| c.alerts.movement.as_mut().unwrap().for_ms = 0, Rule::MovementChanged);
    falls_short(|c| c.alerts.jump.as_mut().unwrap().fixes = 1, Rule::ImpossibleJump);
    falls_short(|c| c.alerts.identity = false, Rule::IdentityChanged);
    falls_short(|c| c.alerts.text.as_mut().unwrap().within_ms = 1, Rule::SafetyText);
    falls_short(|c| c.alerts.text.as_mut().unwrap().texts_max = 1, Rule::SafetyText);
}

/// In a bay full of ships not every pair is looked at in one sweep, nor every close one remembered:
/// that is counted, and none of it where the limits are not reached.
#[test]
fn pairs_that_are_not_looked_at_in_time_are_counted() {
    use crate::support::{NOON, ship};

    let coverage = |looks: usize, pairs: usize| {
        let mut config = config();
        config.alerts.approach.as_mut().unwrap().pairs_max = looks;
        config.alerts.pairs_max = pairs;
        let mut fusion = renkei_fusion::Fusion::new(config);
        for n in 0..40 {
            let x = f64::from(n) * 50.0;
            let course = if n % 2 == 0 { 0.0 } else { 180.0 };
            let say = ship(n + 1, 0.0).at(x, f64::from(n % 2) * 4_000.0).moving(5.0, course);
            fusion.observe(&say.0, say.0.received_at);
        }
        fusion.tick(NOON.plus_ms(10_000));
        fusion.approach_coverage()
    };
    let all = coverage(1_000_000, 20_000);
    assert_eq!((all.ships, all.looked, all.forgotten), (40, 40, 0));
    let few = coverage(200, 20_000);
    assert!(few.ships == 40 && (5..39).contains(&few.looked), "{few:?}");
    let full = coverage(1_000_000, 10);
    assert!(full.looked == 40 && full.forgotten > 100, "{full:?}");
}

/// The same scenes with other country digits and another ICAO block tell the same.
#[test]
fn no_rule_looks_at_an_mmsi_country_or_an_icao_block() {
    use renkei_model::observation::Identity;

    use crate::truth::Scene;
    let facts = |scene: &Scene| -> Vec<String> {
        let told = scene.run().into_iter();
        told.map(|a| format!("{:?} {:?} {:?}", a.why, a.sensed_at, a.track)).collect()
    };
    let mut told = 0;
    for (_, kinds) in &SCENES {
        for kind in *kinds {
            let plain = scene(*kind, 4, &config());
            let expected = facts(&plain);
            told += expected.len();
            for (country, block) in [(431, 0x84_0000), (366, 0xa0_0000), (412, 0x78_0000)] {
                let mut moved = plain.clone();
                let number = |n: u32| country * 1_000_000 + n % 1_000_000;
                for o in &mut moved.reports {
                    o.identity = match &o.identity {
                        Identity::Mmsi(n) => Identity::Mmsi(number(*n)),
                        Identity::Icao(n) => Identity::Icao(block + n),
                        other => other.clone(),
                    };
                }
                for (mmsi, _) in &mut moved.watched {
                    *mmsi = number(*mmsi);
                }
                assert_eq!(facts(&moved), expected);
            }
        }
    }
    assert!(told > 14, "the scenes told {told} facts: nothing was compared");
}

/// When a pair that meets is told of, beside so many other ships.
fn told_of_a_pair(others: u32) -> Vec<Timestamp> {
    let mut config = FusionConfig::default();
    for preset in &mut config.alerts.rendezvous {
        (preset.for_ms, preset.needs_shore, preset.speed_max_mps) = (600_000, false, None);
    }
    let mut fusion = Fusion::new(config);
    let mut told = Vec::new();
    for tick in 0..120_u32 {
        let seconds = f64::from(tick) * 10.0;
        if tick.is_multiple_of(30) {
            let sails = |n: u32| {
                let place = |part: u32| f64::from(part) * 2_000.0 + 20_000.0;
                ship(n, seconds)
                    .at(place(n % 160) + 5.0 * seconds, place(n / 160))
                    .moving(5.0, 90.0)
            };
            // The pair comes last, behind everything that a part of a look takes.
            let drifts = |n: u32| {
                let speed = if tick == 0 { 5.0 } else { 0.1 };
                ship(90_000 + n, seconds).at(0.0, 100.0 * f64::from(n)).moving(speed, 90.0)
            };
            for Say(o) in (0..others).map(sails).chain((0..2).map(drifts)) {
                fusion.observe(&o, o.received_at);
            }
        }
        let now = NOON.plus_ms(i64::from(tick) * 10_000);
        let alerts = fusion.tick(now).alerts;
        told.extend(alerts.iter().filter(|a| a.why.rule == Rule::Rendezvous).map(|a| a.sensed_at));
    }
    told
}

#[test]
fn a_look_that_takes_several_ticks_tells_what_one_of_one_tick_tells() {
    let alone = told_of_a_pair(0);
    assert_eq!(alone.len(), 1);
    assert_eq!(told_of_a_pair(25_000), alone);
}
