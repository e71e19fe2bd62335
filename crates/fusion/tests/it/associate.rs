//! Which tracks of different sources are taken for one thing: scenes with truth, counted.

use std::collections::BTreeSet;

use renkei_fusion::{AssociateConfig, Fusion, FusionConfig};
use renkei_model::observation::Identity;
use renkei_model::track::{Track, TrackNumber};

use crate::support::{Dice, NOON, Say, ship};

/// A ship under way: where it was at noon (metres), and how it moves (metres a second).
#[derive(Clone, Copy, Debug)]
struct Ship {
    start: [f64; 2],
    speed: [f64; 2],
    /// Turns to this velocity after ten minutes.
    later: Option<[f64; 2]>,
}

const TURN_S: f64 = 600.0;

impl Ship {
    fn at(&self, seconds: f64) -> [f64; 2] {
        let [before, after] = [seconds.min(TURN_S), (seconds - TURN_S).max(0.0)];
        let later = self.later.unwrap_or(self.speed);
        std::array::from_fn(|i| self.start[i] + self.speed[i] * before + later[i] * after)
    }
}

/// What reports a ship: its AIS, a team's CoT, or both.
#[derive(Clone, Copy, Debug)]
struct Heard {
    ship: Ship,
    mmsi: Option<u32>,
    cot: Option<u32>,
}

fn both(number: u32, ship: Ship) -> Heard {
    Heard { ship, mmsi: Some(number), cot: Some(number) }
}

fn only_ais(number: u32, ship: Ship) -> Heard {
    Heard { ship, mmsi: Some(number), cot: None }
}

fn only_cot(number: u32, ship: Ship) -> Heard {
    Heard { ship, mmsi: None, cot: Some(number) }
}

fn cot(number: u32) -> Identity {
    Identity::Cot(format!("unit-{number}"))
}

/// Every kind of meeting, each with its own pairs: crossing, parallel, convoy, overtaking; ships
/// that only one source knows are beside those that both know.
fn scene(dice: &mut Dice) -> Vec<Heard> {
    let mut heard = Vec::new();
    let place = |dice: &mut Dice, kind: u32| {
        let corner = [f64::from(kind) * 20_000.0, (dice.unit() - 0.5) * 10_000.0];
        let (course, speed) = (dice.unit() * std::f64::consts::TAU, 4.0 + 6.0 * dice.unit());
        let velocity = [speed * course.sin(), speed * course.cos()];
        let beside = [velocity[1] / speed, -velocity[0] / speed];
        (corner, velocity, beside)
    };
    let straight = |start, speed| Ship { start, speed, later: None };
    // Crossing at five minutes: the AIS of one and the CoT of the other meet in one point.
    let (corner, v, _) = place(dice, 0);
    let other = [v[1], -v[0]];
    let meeting = |w: [f64; 2]| [corner[0] - 300.0 * w[0], corner[1] - 300.0 * w[1]];
    heard.push(only_ais(1, straight(meeting(v), v)));
    heard.push(only_cot(2, straight(meeting(other), other)));
    let late = [-0.8 * v[0], 0.6 * v[1]];
    heard.push(both(3, straight(meeting(late), late)));
    // Parallel, 400 m apart.
    let (corner, v, beside) = place(dice, 1);
    let aside = |m: f64| [corner[0] + m * beside[0], corner[1] + m * beside[1]];
    heard.push(only_ais(4, straight(aside(0.0), v)));
    heard.push(only_cot(5, straight(aside(400.0), v)));
    heard.push(both(6, straight(aside(800.0), v)));
    // A convoy in line, 350 m from ship to ship, all known to both.
    let (corner, v, beside) = place(dice, 2);
    let speed = v[0].hypot(v[1]);
    for i in 0..4u32 {
        let astern = -350.0 * f64::from(i) / speed;
        let start = [corner[0] + v[0] * astern, corner[1] + v[1] * astern];
        heard.push(both(7 + i, straight(start, v)));
    }
    let side = [corner[0] + 350.0 * beside[0], corner[1] + 350.0 * beside[1]];
    heard.push(only_cot(11, straight(side, v)));
    // Overtaking on the same line, a tenth faster: beside each other for a minute or two.
    let (corner, v, _) = place(dice, 3);
    let fast = v.map(|speed| speed * 1.3);
    let behind = [corner[0] - 90.0 * v[0], corner[1] - 90.0 * v[1]];
    heard.push(only_ais(12, straight(corner, v)));
    heard.push(only_cot(13, straight(behind, fast)));
    heard.push(both(14, straight([corner[0] + 3_000.0, corner[1]], v)));
    heard
}

/// What each source says at `second`: AIS every 2 or 10 s with 10 m, CoT every 15 s with 20 m.
fn reports(heard: &[Heard], second: u32, dice: &mut Dice) -> Vec<Say> {
    let seconds = f64::from(second);
    let mut said = Vec::new();
    for one in heard {
        let mut place = |sd: f64| one.ship.at(seconds).map(|metres| metres + sd * dice.normal());
        if let Some(number) = one
            .mmsi
            .filter(|number| (second + number).is_multiple_of(if number % 2 == 0 { 2 } else { 10 }))
        {
            let [east, north] = place(10.0);
            said.push(ship(431_000_000 + number, seconds).by("ais").at(east, north).accuracy(10.0));
        }
        if let Some(number) = one.cot.filter(|number| (second + 3 * number).is_multiple_of(15)) {
            let [east, north] = place(20.0);
            let mut say = ship(0, seconds).by("cot").at(east, north).accuracy(20.0);
            say.0.identity = cot(number);
            said.push(say);
        }
    }
    said
}

/// The pairs of AIS and CoT tracks that are taken for one at some moment of 20 minutes, and those
/// that are at the end.
type Pairs = BTreeSet<(u32, u32)>;

fn run(heard: &[Heard], config: AssociateConfig, seed: u64) -> (Pairs, Pairs, Fusion) {
    let mut fusion = Fusion::new(FusionConfig { associate: config, ..Default::default() });
    let mut dice = Dice(seed);
    let (mut ever, mut last) = (Pairs::new(), Pairs::new());
    for second in 0..1_200 {
        for Say(o) in reports(heard, second, &mut dice) {
            fusion.observe(&o, o.received_at);
        }
        fusion.tick(NOON.plus_ms(i64::from(second) * 1_000));
        last = pairs(&fusion, heard);
        ever.extend(&last);
    }
    (ever, last, fusion)
}

fn pairs(fusion: &Fusion, heard: &[Heard]) -> Pairs {
    let number = |identity: &Identity| fusion.find(identity).first().copied();
    let mut pairs = Pairs::new();
    for a in heard.iter().filter_map(|one| one.mmsi) {
        for c in heard.iter().filter_map(|one| one.cot) {
            let ends = number(&Identity::Mmsi(431_000_000 + a)).zip(number(&cot(c)));
            if ends.is_some_and(|(a, c)| fusion.one_with(a).contains(&c)) {
                pairs.insert((a, c));
            }
        }
    }
    pairs
}

/// Precision of every association that was ever shown, recall at the end, over seeded scenes.
fn score(config: &AssociateConfig) -> (f64, f64) {
    let (mut right, mut shown, mut found, mut true_pairs) = (0, 0, 0, 0);
    for seed in 0..12 {
        let heard = scene(&mut Dice(seed));
        let (ever, last, _) = run(&heard, config.clone(), seed + 100);
        let truth: Pairs = heard.iter().filter_map(|one| one.mmsi.zip(one.cot)).collect();
        right += ever.intersection(&truth).count();
        shown += ever.len();
        found += last.intersection(&truth).count();
        true_pairs += truth.len();
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let (precision, recall) = (share(right, shown), share(found, true_pairs));
    println!(
        "association: precision {precision:.3} ({right} of {shown}), recall {recall:.3} ({found} of {true_pairs})"
    );
    (precision, recall)
}

#[test]
fn nineteen_of_twenty_associations_are_right_and_nineteen_of_twenty_are_found() {
    let (precision, recall) = score(&AssociateConfig::default());
    assert!(precision >= 0.95 && recall >= 0.95, "precision {precision}, recall {recall}");
}

#[test]
fn an_association_from_one_point_is_caught() {
    let planted = AssociateConfig {
        points_min: 1,
        points_max: 1,
        intervals_min: 0,
        rounds_to_join: 1,
        ..AssociateConfig::default()
    };
    let (precision, _) = score(&planted);
    assert!(precision < 0.95, "the planted bug is as right as the rule: {precision}");
}

fn steady(speed: [f64; 2]) -> Ship {
    Ship { start: [0.0, 0.0], speed, later: None }
}

#[test]
fn one_thing_keeps_both_identities_and_both_pedigrees() {
    let (_, _, fusion) = run(&[both(1, steady([5.0, 3.0]))], AssociateConfig::default(), 1);
    let numbers: Vec<TrackNumber> = fusion.tracks().map(|track| track.number).collect();
    assert_eq!(fusion.one_with(numbers[1]), numbers);
    let whole = fusion.whole(numbers[0]).unwrap().into_owned();
    assert_eq!(whole.identities, [Identity::Mmsi(431_000_001), cot(1)].into());
    let reports = |track: &Track| track.sources.values().map(|said| said.reports).sum::<u64>();
    let apart: u64 = fusion.tracks().map(reports).sum();
    assert_eq!((whole.sources.len(), reports(&whole)), (2, apart));
}

#[test]
fn two_that_both_report_every_two_seconds_are_one() {
    let mut fusion = Fusion::new(FusionConfig::default());
    for second in (0..300).step_by(2) {
        let seconds = f64::from(second);
        let Say(ais) = ship(431_000_001, seconds).at(5.0 * seconds, 0.0);
        let Say(mut team) = ship(0, seconds).by("team").at(5.0 * seconds, 0.0);
        team.identity = cot(1);
        fusion.observe(&ais, ais.received_at);
        fusion.observe(&team, team.received_at);
        fusion.tick(ais.received_at);
    }
    assert!(fusion.tracks().all(|track| fusion.one_with(track.number).len() == 2));
}

#[test]
fn two_that_part_are_two_again() {
    let lead = Ship { start: [0.0, 0.0], speed: [5.0, 0.0], later: None };
    let boat = Ship { later: Some([0.0, 5.0]), ..lead };
    let heard = [only_ais(1, lead), only_cot(2, boat)];
    let (ever, last, _) = run(&heard, AssociateConfig::default(), 1);
    assert_eq!((ever.len(), last.len()), (1, 0), "one while together, two after they parted");
}

#[test]
fn two_that_fit_alike_are_left_to_a_person_who_is_obeyed() {
    let one = steady([5.0, 0.0]);
    let near = Ship { start: [0.0, 10.0], ..one };
    let heard = [only_ais(1, one), only_ais(2, near), only_cot(3, one)];
    let (ever, _, mut fusion) = run(&heard, AssociateConfig::default(), 1);
    assert_eq!(ever, Pairs::new());
    let first = Identity::Mmsi(431_000_001);
    assert_eq!(fusion.state_one(&cot(3), &first, Some(true)).map(|changed| changed.len()), Some(2));
    assert_eq!(pairs(&fusion, &heard), [(1, 3)].into());
    fusion.state_one(&first, &cot(3), None);
    assert_eq!(pairs(&fusion, &heard), Pairs::new());
}

#[test]
fn a_person_who_says_two_outweighs_the_points() {
    let heard = [both(1, steady([5.0, 3.0]))];
    let (_, last, mut fusion) = run(&heard, AssociateConfig::default(), 1);
    assert_eq!(last.len(), 1);
    fusion.state_one(&Identity::Mmsi(431_000_001), &cot(1), Some(false));
    assert_eq!(pairs(&fusion, &heard), Pairs::new());
    fusion.tick(NOON.plus_ms(1_230_000));
    assert_eq!(pairs(&fusion, &heard), Pairs::new(), "nor does the next round join them");
}

#[test]
fn a_ship_and_an_aircraft_above_it_are_two() {
    let mut fusion = Fusion::new(FusionConfig::default());
    for second in (0..600).step_by(5) {
        let seconds = f64::from(second);
        let Say(surface) = ship(431_000_001, seconds).at(5.0 * seconds, 0.0);
        let Say(air) = crate::support::aircraft(7, seconds).by("b").at(5.0 * seconds, 0.0);
        fusion.observe(&surface, surface.received_at);
        fusion.observe(&air, air.received_at);
        fusion.tick(surface.received_at);
    }
    assert!(fusion.tracks().all(|track| fusion.one_with(track.number).is_empty()));
}

#[test]
fn ten_thousand_tracks_cost_no_more_pairs_than_the_budget() {
    let config = AssociateConfig { pairs_max: 100, ..AssociateConfig::default() };
    let mut fusion = Fusion::new(FusionConfig { associate: config, ..Default::default() });
    let mut dice = Dice(1);
    let places: Vec<[f64; 2]> =
        (0..5_000).map(|_| [dice.unit(), dice.unit()].map(|share| share * 200_000.0)).collect();
    for second in (0..240).step_by(20) {
        for (number, [east, north]) in (1..).zip(&places) {
            let here = |say: Say| say.at(*east, *north).accuracy(10.0).0;
            let o = here(ship(431_000_000 + number, f64::from(second)).by("ais"));
            fusion.observe(&o, o.received_at);
            let mut o = here(ship(0, f64::from(second)).by("cot"));
            o.identity = cot(number);
            fusion.observe(&o, o.received_at);
        }
        fusion.tick(NOON.plus_ms(i64::from(second) * 1_000));
    }
    let joined = fusion.tracks().filter(|track| !fusion.one_with(track.number).is_empty()).count();
    assert!(joined <= 2 * 100 * 12, "{joined} tracks joined on 1,200 comparisons");
}
