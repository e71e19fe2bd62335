//! The simulated world: the same for a seed, heard as it is, on water, and obedient to its cues.

use std::collections::{BTreeMap, BTreeSet};

use renkei_codec::FeedContext;
use renkei_codec::{ais, cot, modes, plots};
use renkei_model::id::{Nation, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Identity, Observation};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_sim::world::{Cue, Emission, RECEIVERS, Truth, World, story_zone};

/// 2026-11-22T06:28:00Z, in the middle of a second so that no phase is special.
const START: Timestamp = Timestamp(1_795_328_880_137);
const ACTOR: Identity = Identity::Mmsi(691_900_001);

fn world() -> World {
    World::new(7, START)
}

/// A feed's decoders, fed as a node would.
struct Feed {
    context: FeedContext,
    ais: ais::Receiver,
    beast: modes::beast::Deframer,
    tracker: modes::Tracker,
    splitter: cot::Splitter,
    refused: Vec<String>,
}

impl Feed {
    fn new(name: &str) -> Self {
        let label = Label {
            policy: "JPN-EXERCISE".into(),
            classification: Classification::Unclassified,
            releasable_to: BTreeSet::new(),
            restrictive: BTreeSet::new(),
            informative: BTreeSet::new(),
            originator: Nation::JPN,
            created: START,
            review: None,
        };
        let context = FeedContext { source: SourceId(name.into()), label, nation: Nation::JPN };
        Self {
            tracker: modes::Tracker::new(context.clone()),
            context,
            ais: ais::Receiver::default(),
            beast: modes::beast::Deframer::default(),
            splitter: cot::Splitter::default(),
            refused: Vec::new(),
        }
    }

    fn hear(&mut self, emission: &Emission) -> Vec<Observation> {
        let (at, mut observations) = (emission.at, Vec::new());
        let Self { context, ais, beast, tracker, splitter, refused } = self;
        match emission.receiver {
            "jpn-ais" | "usa-ais" | "jpn-special" => {
                ais.push(&emission.bytes, at, |item| match item {
                    Ok(received) => {
                        observations.extend(ais::to_observation(&received, context, at))
                    }
                    Err(reject) => refused.push(reject.detail),
                })
            }
            "jpn-adsb" | "usa-adsb" => {
                for item in beast.push(&emission.bytes) {
                    match item.map(|received| tracker.receive(&received, at)) {
                        Ok(Ok(observation)) => observations.extend(observation),
                        Ok(Err(reject)) | Err(reject) => refused.push(reject.detail),
                    }
                }
            }
            "jpn-radar" => {
                let lines = plots::Deframer::default().push(&emission.bytes);
                refused.extend(lines.into_iter().filter_map(|l| l.err().map(|r| r.detail)));
            }
            _ => {
                let exercise = Partition::Exercise("demo".into());
                for item in splitter.push(&emission.bytes) {
                    let document = item.expect("a whole event");
                    let event = cot::Event::parse(&document).expect("a readable event");
                    match event.to_observation(context, &Default::default(), &exercise, at) {
                        Ok(observation) => observations.extend(observation),
                        Err(reject) => refused.push(reject.detail),
                    }
                }
            }
        }
        observations
    }
}

/// What the feeds make of the first `seconds`, with the truth of the moment.
fn heard(world: &mut World, seconds: i64, mut each: impl FnMut(&Emission, &Observation, &Truth)) {
    let mut feeds: BTreeMap<&str, Feed> =
        RECEIVERS.iter().map(|&name| (name, Feed::new(name))).collect();
    let mut now = START;
    while now < START.plus_ms(seconds * 1000) {
        now = now.plus_ms(50);
        let emissions = world.step(now);
        let truth: BTreeMap<Identity, Truth> =
            world.truth().into_iter().map(|truth| (truth.identity.clone(), truth)).collect();
        for emission in &emissions {
            let feed = feeds.get_mut(emission.receiver).expect("a known receiver");
            for observation in feed.hear(emission) {
                if let Some(truth) = truth.get(&observation.identity) {
                    each(emission, &observation, truth);
                }
            }
        }
    }
    let refused: Vec<&String> = feeds.values().flat_map(|feed| &feed.refused).collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn a_seed_gives_the_same_bytes_however_time_is_cut() {
    let whole = world().step(START.plus_ms(20_000));
    let mut world = world();
    let mut cut = Vec::new();
    for ms in (1..=20_000).step_by(37).chain([20_000]) {
        cut.extend(world.step(START.plus_ms(ms)));
    }
    assert!(whole == cut, "{} and {} emissions", whole.len(), cut.len());
    assert!(whole.is_sorted_by_key(|emission| emission.at));
    assert!(
        World::new(8, START).step(START.plus_ms(20_000)) != whole,
        "another seed, the same bytes"
    );
}

#[test]
fn everything_is_heard_by_name_within_five_seconds() {
    let mut named = BTreeSet::new();
    let mut placed = BTreeSet::new();
    heard(&mut world(), 5, |_, observation, truth| {
        let attributes = &observation.attributes;
        let names = [&attributes.name, &attributes.callsign];
        if names.iter().any(|name| name.as_ref() == Some(&truth.name)) {
            named.insert(truth.identity.clone());
        }
        if observation.position.is_some() {
            placed.insert(truth.identity.clone());
        }
    });
    let truth = world().truth();
    let missing = |set: &BTreeSet<Identity>| -> Vec<String> {
        truth.iter().filter(|t| !set.contains(&t.identity)).map(|t| t.name.clone()).collect()
    };
    assert_eq!(missing(&named), Vec::<String>::new());
    assert_eq!(missing(&placed), Vec::<String>::new());
    let count = |kind: fn(&Identity) -> bool| truth.iter().filter(|t| kind(&t.identity)).count();
    assert!(count(|identity| matches!(identity, Identity::Mmsi(_))) >= 400);
    assert_eq!(count(|identity| matches!(identity, Identity::Icao(_))), 150);
    assert_eq!(count(|identity| matches!(identity, Identity::Cot(_))), 20 + 3 * 4);
}

/// How many positions were heard, and which were not where the truth of `late_ms` later is.
fn astray(late_ms: i64) -> (u32, Vec<String>) {
    let later: BTreeMap<Identity, Truth> = world()
        .truth_at(START.plus_ms(late_ms))
        .into_iter()
        .map(|truth| (truth.identity.clone(), truth))
        .collect();
    let (mut positions, mut astray) = (0, Vec::new());
    heard(&mut world(), 30, |emission, observation, truth| {
        let name = &truth.name;
        assert!(truth.receivers.contains(&emission.receiver), "{name} at {}", emission.receiver);
        let true_position =
            if late_ms == 0 { truth.position } else { later[&truth.identity].position };
        if let Some(position) = observation.position {
            positions += 1;
            let off_m = position.distance_m(true_position);
            // Half a step late, and a grid of 5 m for aircraft.
            if off_m > 6.0 + truth.speed_mps * 0.06 {
                astray.push(format!("{name} is {off_m:.1} m from where it is said to be"));
            }
        }
        if let Some(speed_mps) = observation.motion.speed_mps
            && (speed_mps - truth.speed_mps).abs() > 0.8
        {
            astray.push(format!("{name} makes {speed_mps} m/s"));
        }
    });
    (positions, astray)
}

#[test]
fn what_is_heard_is_where_it_truly_is() {
    let (positions, wrong) = astray(0);
    assert!(wrong.is_empty(), "{:?}", &wrong[..wrong.len().min(5)]);
    assert!(positions > 8_000, "{positions} positions");
}

#[test]
fn a_world_that_ran_ahead_of_its_sentences_would_be_caught() {
    let (positions, wrong) = astray(60_000);
    assert!(wrong.len() > positions as usize * 9 / 10, "{} of {positions}", wrong.len());
}

#[test]
fn a_shared_transmission_is_the_same_bytes_at_both_receivers() {
    let emissions = world().step(START.plus_ms(60_000));
    let of = |name: &str| -> BTreeSet<(Timestamp, Vec<u8>)> {
        let own = emissions.iter().filter(|emission| emission.receiver == name);
        own.map(|emission| (emission.at, emission.bytes.clone())).collect()
    };
    for (jpn, usa) in [("jpn-ais", "usa-ais"), ("jpn-adsb", "usa-adsb")] {
        let (jpn, usa) = (of(jpn), of(usa));
        let shared = jpn.intersection(&usa).count();
        let (least, most) = (jpn.len().min(usa.len()), jpn.len().max(usa.len()));
        assert!(shared * 2 > least && shared * 4 < most * 3, "{shared} of {least} and {most}");
    }
}

#[test]
fn three_ships_are_heard_by_the_sensitive_source_alone() {
    let truth = world().truth();
    let special: Vec<&Truth> =
        truth.iter().filter(|truth| truth.receivers.contains(&"jpn-special")).collect();
    assert_eq!(special.len(), 3);
    assert!(special.iter().all(|truth| truth.receivers.len() == 1));
}

#[test]
fn no_identity_is_anybodys() {
    for truth in world().truth() {
        match truth.identity {
            Identity::Mmsi(mmsi) => assert_eq!(mmsi / 1_000_000, 691, "{}", truth.name),
            Identity::Icao(icao) => {
                assert_eq!(icao >> 16, 0xD9);
                assert!(truth.name.starts_with('Q'), "{}", truth.name);
            }
            Identity::Cot(uid) => assert!(uid.starts_with("EX-"), "{uid}"),
            other => panic!("{other:?} in the simulated world"),
        }
    }
}

/// Rings of the coast as (latitude, longitude).
fn land() -> Vec<Vec<(f64, f64)>> {
    let numbers = |line: &str| -> Vec<f64> {
        line.split(' ').map(|number| number.parse().expect("a number")).collect()
    };
    include_str!("../../testdata/land.csv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| numbers(line).chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
        .collect()
}

/// Even-odd rule on (latitude, longitude).
fn is_within(ring: &[(f64, f64)], at: Position) -> bool {
    let (y, x) = (at.latitude_deg(), at.longitude_deg());
    let next = ring.iter().cycle().skip(1);
    let crossed = ring.iter().zip(next).filter(|&(&(y1, x1), &(y2, x2))| {
        (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    });
    crossed.count() % 2 == 1
}

#[test]
fn ships_keep_to_the_water_and_units_to_the_land_for_three_hours() {
    let land = land();
    let on_land = |at: Position| land.iter().any(|ring| is_within(ring, at));
    assert!(on_land(Position::new(26.5, 128.0).expect("Okinawa")), "the check sees land");
    let world = world();
    for minute in (0..180).step_by(3) {
        for truth in world.truth_at(START.plus_ms(minute * 60_000)) {
            let ashore = on_land(truth.position);
            match truth.identity {
                Identity::Mmsi(_) => assert!(!ashore, "{} at {:?}", truth.name, truth.position),
                Identity::Cot(_) => assert!(ashore, "{} at {:?}", truth.name, truth.position),
                _ => {}
            }
        }
    }
}

#[test]
fn nobody_but_the_scripted_ship_comes_near_the_zone() {
    let (_, ring) = story_zone();
    let near = |at: Position| {
        let corner = |&(lat, lon): &(f64, f64)| Position::new(lat, lon).expect("a corner");
        is_within(&ring, at) || ring.iter().any(|c| corner(c).distance_m(at) < 5_000.0)
    };
    for seed in 0..4 {
        let world = World::new(seed, START);
        for minute in (0..360).step_by(5) {
            let truth = world.truth_at(START.plus_ms(minute * 60_000)).into_iter();
            let ships = truth.filter(|truth| matches!(truth.identity, Identity::Mmsi(_)));
            for truth in ships.filter(|truth| truth.identity != ACTOR) {
                assert!(!near(truth.position), "{} with seed {seed}", truth.name);
            }
        }
    }
}

/// The scripted ship at `now`.
fn actor(world: &mut World, now: Timestamp) -> Truth {
    world.step(now);
    world.truth().into_iter().find(|truth| truth.identity == ACTOR).expect("the scripted ship")
}

#[test]
fn the_scripted_ship_enters_25_s_after_each_cue_and_leaves_at_reset() {
    let (_, ring) = story_zone();
    let mut world = world();
    let mut now = START;
    let mut last = actor(&mut world, now);
    let mut inside_until = |world: &mut World, from: i64, to: i64| -> Vec<i64> {
        let mut inside = Vec::new();
        for ms in (from..=to).step_by(100) {
            let truth = actor(world, START.plus_ms(ms));
            let gone_m = truth.position.distance_m(last.position);
            assert!(gone_m <= 16.0 * 0.1 + 0.1, "a jump of {gone_m} m at {ms} ms");
            if is_within(&ring, truth.position) {
                inside.push(ms);
            }
            last = truth;
        }
        inside
    };
    for round in 0..3 {
        let from = now.since_ms(START);
        assert!(inside_until(&mut world, from, from + 20_000).is_empty(), "round {round}");
        world.cue(Cue::ZoneEntry);
        let asked = from + 20_000;
        let inside = inside_until(&mut world, asked, asked + 60_000);
        let entered = inside.first().expect("it enters") - asked;
        assert!((24_500..=25_500).contains(&entered), "round {round}: entered after {entered} ms");
        assert_eq!(inside.last(), Some(&(asked + 60_000)), "it stays until it is told");
        world.cue(Cue::Reset);
        let inside = inside_until(&mut world, asked + 60_100, asked + 100_000);
        let left = inside.last().map_or(0, |ms| ms - asked - 60_000);
        assert!(left < 20_000, "round {round}: left after {left} ms");
        now = START.plus_ms(asked + 100_000);
    }
}

#[test]
fn a_cue_in_any_state_leads_to_one_entry() {
    let (_, ring) = story_zone();
    let mut world = world();
    let mut entries = 0;
    let mut was_inside = false;
    for second in 0..400 {
        match second {
            10 | 12 | 60 | 65 | 200 => world.cue(Cue::ZoneEntry),
            130 | 205 => world.cue(Cue::Reset),
            _ => {}
        }
        let inside = is_within(&ring, actor(&mut world, START.plus_ms(second * 1_000)).position);
        entries += u32::from(inside && !was_inside);
        was_inside = inside;
    }
    assert_eq!(entries, 2, "10 and 60 enter, 200 is called off at 205");
    assert!(!was_inside);
}

#[test]
fn the_load_is_what_two_nodes_of_the_demonstration_can_bear() {
    let mut load: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut world = world();
    world.step(START.plus_ms(10_000));
    for emission in world.step(START.plus_ms(70_000)) {
        let (count, bytes) = load.entry(emission.receiver).or_default();
        *count += 1;
        *bytes += emission.bytes.len();
    }
    let total: usize = load.values().map(|(count, _)| count).sum();
    println!("in 60 s: {load:?}, {} a second", total / 60);
    assert!((600..1_500).contains(&(total / 60)), "{} emissions a second", total / 60);
}

#[test]
fn the_radar_sees_what_sends_no_ais_and_little_that_is_not_there() {
    let mut world = world();
    let (mut of_boats, mut of_ships, mut of_nothing, mut turns) = (0, 0, 0, 0);
    for emission in world.step(START.plus_ms(120_000)) {
        if emission.receiver != "jpn-radar" {
            continue;
        }
        turns += 1;
        for line in plots::Deframer::default().push(&emission.bytes) {
            let line = line.expect("a readable plot");
            let at = line.time.expect("a dated plot");
            let near = |there: &Position| {
                there.distance_m(line.position) <= 30.0 + 5.0 * line.covariance.sd_m()
            };
            if world.silent_at(at).iter().any(near) {
                of_boats += 1;
            } else if world.truth_at(at).iter().any(|truth| near(&truth.position)) {
                of_ships += 1;
            } else {
                of_nothing += 1;
            }
        }
    }
    assert_eq!(turns, 40);
    assert!((200..=240).contains(&of_boats), "{of_boats} of 240 looks at six boats");
    assert!(of_ships > 40, "{of_ships} plots of ships with AIS");
    assert!(of_nothing <= 120, "{of_nothing} plots of nothing in {turns} turns");
}
