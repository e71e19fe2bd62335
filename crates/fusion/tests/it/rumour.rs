//! Headquarters that tell each other what they see, in a loop and in a triangle with a cut link:
//! nobody becomes surer than the sensors made them, no ship appears twice, no word is lost.
//!
//! The planted bug is the one that the border forbids by its type: a fused track sent on as if it
//! were something new.

use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::id::{BorderAlias, Nation, SourceId};
use renkei_model::observation::{Identity, Observation, Source};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::Track;

use crate::support::{Dice, Say, ship};

const SHIPS: u32 = 150;
const TURNS: u32 = 60;
const TURN_S: f64 = 10.0;
/// One standard deviation of every sensor, metres.
const SENSOR_SD_M: f64 = 50.0;
/// From this turn on the last node's sensor is dead, and the triangle's first and last node have no
/// link.
const HALF: u32 = 30;

/// What the nodes send each other.
#[derive(Clone, Copy, PartialEq)]
enum Sent {
    /// Each report as the sensor made it, passed on once by whoever had not heard it.
    Reports,
    /// The planted bug: what each believes, as if it had seen it.
    FusedTracks,
}

/// Headquarters, each with a sensor of its own, all linked with each other.
struct World {
    nodes: Vec<Fusion>,
    sent: Sent,
    cut: bool,
}

/// Squared error over claimed variance, per dimension, at every turn.
#[derive(Default)]
struct Nees {
    sum: f64,
    count: f64,
}

impl Nees {
    fn add(&mut self, miss_m: f64, sd_m: f64) {
        self.sum += (miss_m / sd_m).powi(2) / 2.0;
        self.count += 1.0;
    }

    fn mean(&self) -> f64 {
        self.sum / self.count
    }
}

fn nation(node: usize) -> Nation {
    ["JPN", "USA", "AUS"][node].parse().unwrap()
}

/// As the partner's node hands it over: same event, same content, another source.
fn released(o: &Observation, by: usize) -> Observation {
    let Identity::Mmsi(number) = o.identity else { return o.clone() };
    let alias = BorderAlias { nation: nation(by), number };
    Observation { source: Source::Partner { nation: nation(by), alias, feed: None }, ..o.clone() }
}

impl World {
    fn new(nodes: usize, sent: Sent) -> Self {
        let fusion = || Fusion::new(FusionConfig::default());
        Self { nodes: (0..nodes).map(|_| fusion()).collect(), sent, cut: false }
    }

    /// Whom `node` has a link with.
    fn linked(&self, node: usize) -> Vec<usize> {
        let is_cut = |to: usize| self.cut && self.nodes.len() == 3 && node.abs_diff(to) == 2;
        (0..self.nodes.len()).filter(|to| *to != node && !is_cut(*to)).collect()
    }

    /// A sensor's report reaches its node, and others as they do.
    fn report(&mut self, node: usize, o: &Observation) {
        self.nodes[node].observe(o, o.received_at);
        match self.sent {
            Sent::Reports => {
                let mut heard = vec![node];
                let mut next = 0;
                while let Some(from) = heard.get(next).copied() {
                    next += 1;
                    for to in self.linked(from) {
                        // A report comes by every way there is, and counts once.
                        self.nodes[to].observe(&released(o, from), o.received_at);
                        if !heard.contains(&to) {
                            heard.push(to);
                        }
                    }
                }
            }
            Sent::FusedTracks => self.export(node, &o.identity, o.event_time),
        }
    }

    /// The planted bug: what `node` believes of a ship goes out as if it were a sensor's.
    fn export(&mut self, node: usize, ship: &Identity, at: Timestamp) {
        let fusion = &self.nodes[node];
        let Some(number) = fusion.find(ship).first().copied() else { return };
        let estimate = fusion.track(number).and_then(|track| track.estimate.clone()).unwrap();
        let Say(mut o) = crate::support::ship(mmsi(ship), 0.0).accuracy(estimate.sd_m);
        (o.event_time, o.received_at) = (at, at);
        o.position = fusion.predicted(number, at);
        for to in self.linked(node) {
            self.nodes[to].observe(&released(&o, node), at);
        }
    }
}

fn mmsi(identity: &Identity) -> u32 {
    match identity {
        Identity::Mmsi(number) => *number,
        other => panic!("{other:?} is no ship"),
    }
}

/// A ship's true way.
struct Ship {
    place: Position,
    velocity: [f64; 2],
}

impl Ship {
    fn new(dice: &mut Dice) -> Self {
        let place = Position::new(20.0 + 15.0 * dice.unit(), 125.0 + 15.0 * dice.unit()).unwrap();
        let course = std::f64::consts::TAU * dice.unit();
        Self { place, velocity: [8.0 * course.sin(), 8.0 * course.cos()] }
    }

    /// Sails for `dt` seconds under white acceleration of the configured density.
    fn sail(&mut self, dt: f64, dice: &mut Dice) {
        let q = FusionConfig::default().surface.process_noise;
        let mut moved = [0.0; 2];
        for (moved, v) in moved.iter_mut().zip(&mut self.velocity) {
            let (a, b) = (dice.normal(), dice.normal());
            let along = (q * dt.powi(3)).sqrt() * (a / 2.0 + b / 12.0_f64.sqrt());
            *moved = *v * dt + along;
            *v += (q * dt).sqrt() * a;
        }
        self.place = shifted(self.place, moved);
    }
}

fn shifted(from: Position, [east, north]: [f64; 2]) -> Position {
    from.destination(east.atan2(north).to_degrees(), east.hypot(north))
}

/// Runs `world`; `look` sees each ship's truth after each report of the second half.
fn run(world: &mut World, seed: u64, mut look: impl FnMut(&World, &Identity, Position, Timestamp)) {
    let mut dice = Dice(seed);
    let mut ships: Vec<Ship> = (0..SHIPS).map(|_| Ship::new(&mut dice)).collect();
    let mut content = 0;
    let nodes = world.nodes.len();
    for turn in 0..TURNS {
        world.cut = turn >= HALF;
        for node in 0..nodes {
            // Sensors turn one after the other.
            let seconds = (f64::from(turn) + node as f64 / nodes as f64) * TURN_S;
            for (i, truth) in ships.iter_mut().enumerate() {
                truth.sail(TURN_S / nodes as f64, &mut dice);
                let noise = [dice.normal(), dice.normal()].map(|n| n * SENSOR_SD_M);
                let is_dead = turn >= HALF && node == nodes - 1;
                let Say(mut o) = ship(1 + i as u32, seconds).accuracy(SENSOR_SD_M);
                content += 1;
                o.content = content;
                o.source = Source::Own(SourceId(format!("sensor {node}")));
                o.position = Some(shifted(truth.place, noise));
                // Only the first node's sensor hears what a ship says of itself.
                let word = if turn < HALF { "NAHA" } else { "SASEBO" };
                o.attributes.destination = (node == 0).then(|| word.into());
                match (is_dead, world.sent) {
                    (false, _) => world.report(node, &o),
                    (true, Sent::FusedTracks) => world.export(node, &o.identity, o.event_time),
                    (true, _) => {}
                }
                if turn >= HALF + 10 {
                    look(world, &o.identity, truth.place, o.event_time);
                }
            }
        }
    }
}

fn track<'a>(world: &'a World, node: usize, ship: &Identity) -> Option<&'a Track> {
    let fusion = &world.nodes[node];
    fusion.find(ship).first().and_then(|number| fusion.track(*number))
}

/// NEES of every node in the second half.
fn fused(nodes: usize, sent: Sent, seed: u64) -> (World, Vec<f64>) {
    let mut world = World::new(nodes, sent);
    let mut nees: Vec<Nees> = (0..nodes).map(|_| Nees::default()).collect();
    run(&mut world, seed, |world, ship, truth, now| {
        for (node, nees) in nees.iter_mut().enumerate() {
            let estimate = track(world, node, ship).and_then(|track| track.estimate.as_ref());
            if let Some(estimate) = estimate.filter(|estimate| estimate.at == now) {
                nees.add(estimate.position.distance_m(truth), estimate.sd_m);
            }
        }
    });
    let means = nees.iter().map(Nees::mean).collect();
    (world, means)
}

fn is_honest(nees: f64) -> bool {
    (0.8..=1.25).contains(&nees)
}

#[test]
fn reports_relayed_once_leave_every_node_honest() {
    for (nodes, seed) in [(2, 1), (2, 2), (3, 3), (3, 4)] {
        let (world, nees) = fused(nodes, Sent::Reports, seed);
        println!("{nodes} nodes, seed {seed}: NEES per dimension {nees:.3?}");
        assert!(nees.iter().all(|nees| is_honest(*nees)), "seed {seed}: {nees:?}");
        for (node, fusion) in world.nodes.iter().enumerate() {
            assert_eq!(fusion.tracks().len(), SHIPS as usize, "node {node} sees ships double");
            let told = fusion.tracks().map(|track| track.attributes.destination.as_deref());
            assert!(told.into_iter().all(|word| word == Some("SASEBO")), "node {node} lost a word");
        }
    }
}

#[test]
fn every_way_that_a_report_came_by_is_in_the_pedigree_and_counts_once() {
    let (world, _) = fused(3, Sent::Reports, 5);
    // Node 1 hears nodes 0 and 2, each also by way of the other while all links stand.
    let node = &world.nodes[1];
    assert!(node.tracks().all(|track| track.sources.len() == 3));
    let once = u64::from(SHIPS * (3 * HALF + 2 * (TURNS - HALF)));
    // One in some ten thousand errs so much that it is held as a jump.
    assert_eq!(node.counts().moved + node.counts().held, once);
    assert!(node.counts().repeated > 0);
}

#[test]
fn fused_tracks_sent_on_as_new_are_caught() {
    for (nodes, seed) in [(2, 1), (3, 3)] {
        let (_, nees) = fused(nodes, Sent::FusedTracks, seed);
        println!("{nodes} nodes, seed {seed}: NEES per dimension {nees:.0?}");
        assert!(nees.iter().all(|nees| *nees > 100.0), "seed {seed}: {nees:?}");
    }
}
