//! Three headquarters in a triangle, over links that are cut at any time. One seed decides load and
//! cuts. When all is quiet again nothing was relayed, lost or doubled, and nobody believes a rumour:
//! a track rests on those nations alone that reported it and may be heard.

mod node;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use renkei_model::id::Nation;
use renkei_model::observation::Identity;
use renkei_model::statement::Occurrence;
use renkei_model::time::Timestamp;

use self::node::{Headquarters, partners, place};

const START: Timestamp = Timestamp(1_795_000_000_000);
const NATIONS: [Nation; 3] = [Nation::JPN, Nation::USA, Nation::AUS];
/// The pairs of the triangle, as places in [`NATIONS`].
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];
const STEP_MS: i64 = 100;
/// Steps with load and cuts, and steps until all must be even again: two idle time-outs, the longest
/// back-off, and the backlog.
const BUSY_STEPS: i64 = 450;
const QUIET_STEPS: i64 = 600;
/// A ship that all three hear.
const COMMON: u32 = 900_000_999;
/// Seeds that are run.
const SEEDS: u64 = 12;

/// How the nodes are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    Honest,
    /// Japan hands on what it was given: the planted rumour.
    Relays,
    /// Some records are acknowledged and forgotten: the planted loss.
    Loses,
}

/// A seeded die (xorshift64*, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// The line between two, cut or not; bytes take one step.
#[derive(Default)]
struct Line {
    number: u64,
    is_up: bool,
    wires: [VecDeque<Vec<u8>>; 2],
}

struct Triangle {
    nodes: Vec<Headquarters>,
    lines: Vec<Line>,
    dice: Dice,
    now: Timestamp,
    step: i64,
    /// When each nation last reported each ship, and who may have it.
    reported: BTreeMap<(Nation, u32), (Timestamp, BTreeSet<Nation>)>,
    /// What was opened, by whom and with whom.
    opened: Vec<(Nation, Nation, String)>,
    cuts: u64,
}

/// Ship `kind` of `nation`: who may have it.
fn audience(nation: Nation, kind: u32) -> BTreeSet<Nation> {
    let [first, second] = partners(nation);
    match kind {
        0 => [first, second].into(),
        1 => [first].into(),
        2 => [second].into(),
        _ => BTreeSet::new(),
    }
}

impl Triangle {
    fn new(seed: u64, variant: Variant) -> Self {
        Self {
            nodes: NATIONS.map(|nation| Headquarters::new(nation, variant)).into(),
            lines: PAIRS.map(|_| Line::default()).into(),
            dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            now: START,
            step: 0,
            reported: BTreeMap::new(),
            opened: Vec::new(),
            cuts: 0,
        }
    }

    fn run(&mut self) {
        (0..PAIRS.len()).for_each(|line| self.connect(line));
        while self.step < BUSY_STEPS {
            self.load();
            if self.dice.one_in(25) {
                let line = self.dice.below(3) as usize;
                if self.lines[line].is_up { self.cut(line) } else { self.connect(line) }
            }
            self.advance();
        }
        (0..PAIRS.len()).for_each(|line| self.connect(line));
        // Every ship says once more where it is, so that what is held must be of now.
        for (nation, mmsi) in self.reported.keys().copied().collect::<Vec<_>>() {
            self.report(nation, mmsi);
        }
        while self.step < BUSY_STEPS + QUIET_STEPS {
            self.advance();
        }
    }

    fn load(&mut self) {
        let nation = NATIONS[self.dice.below(3) as usize];
        if self.dice.one_in(2) {
            let kind = self.dice.below(5) as u32;
            let own = 900_000_000 + place(nation) as u32 * 10 + kind;
            self.report(nation, if kind == 4 { COMMON } else { own });
        }
        if self.dice.one_in(40) {
            let partner = partners(nation)[self.dice.below(2) as usize];
            let words = format!("{nation} with {partner}: {}", self.opened.len());
            self.nodes[place(nation)].open(partner, &words, self.now);
            self.opened.push((nation, partner, words));
        }
    }

    fn report(&mut self, nation: Nation, mmsi: u32) {
        let kind = if mmsi == COMMON { 0 } else { mmsi % 10 };
        let to = audience(nation, kind);
        let longitude = 125.0 + 8.0e-8 * self.step as f64 * STEP_MS as f64;
        self.nodes[place(nation)].hear(mmsi, &to, longitude, self.now);
        self.reported.insert((nation, mmsi), (self.now, to));
    }

    fn connect(&mut self, line: usize) {
        let (a, b) = PAIRS[line];
        let link = &mut self.lines[line];
        if std::mem::replace(&mut link.is_up, true) {
            return;
        }
        link.number += 1;
        let number = link.number;
        self.nodes[a].connected(NATIONS[b], number, self.now);
        self.nodes[b].connected(NATIONS[a], number, self.now);
    }

    fn cut(&mut self, line: usize) {
        let (a, b) = PAIRS[line];
        let link = &mut self.lines[line];
        link.is_up = false;
        link.wires = Default::default();
        let number = link.number;
        self.cuts += 1;
        self.nodes[a].cut(NATIONS[b], number, self.now);
        self.nodes[b].cut(NATIONS[a], number, self.now);
    }

    fn advance(&mut self) {
        self.step += 1;
        self.now = self.now.plus_ms(STEP_MS);
        let second = self.step % 10 == 0;
        for node in &mut self.nodes {
            node.tick(second, self.now);
        }
        for (line, (a, b)) in PAIRS.into_iter().enumerate() {
            for (wire, (from, to)) in [(a, b), (b, a)].into_iter().enumerate() {
                let number = self.lines[line].number;
                if let Some(bytes) = self.lines[line].wires[wire].pop_front() {
                    self.nodes[to].receive(NATIONS[from], number, &bytes, self.now);
                }
                if self.lines[line].is_up {
                    let bytes = self.nodes[from].transmit(NATIONS[to], number, self.now);
                    if !bytes.is_empty() {
                        self.lines[line].wires[wire].push_back(bytes);
                    }
                }
            }
        }
    }

    /// Everything that is wrong now that all is quiet.
    fn wrongs(&self) -> Vec<String> {
        let mut wrongs = Vec::new();
        for node in &self.nodes {
            self.given_to(node, &mut wrongs);
            self.believed_by(node, &mut wrongs);
            self.dealt_with_by(node, &mut wrongs);
        }
        wrongs
    }

    /// Nothing was relayed, and nothing came under another's number.
    fn given_to(&self, node: &Headquarters, wrongs: &mut Vec<String>) {
        let own = node.nation;
        for (from, identity, lane) in &node.given {
            let Identity::Mmsi(mmsi) = identity else {
                wrongs.push(format!("{own} was given {identity:?} by {from}"));
                continue;
            };
            let heard = self.reported.get(&(*from, *mmsi));
            if heard.is_none_or(|(_, to)| !to.contains(&own)) {
                wrongs.push(format!("{from} gave {own} ship {mmsi}, which was not its to give"));
            }
            let lane_of_own = partners(*from).iter().position(|partner| *partner == own);
            if lane_of_own != Some(*lane as usize) {
                wrongs.push(format!("{from} named ship {mmsi} to {own} in lane {lane}"));
            }
        }
    }

    /// Each track rests on those who reported it and may be heard, up to their last report.
    fn believed_by(&self, node: &Headquarters, wrongs: &mut Vec<String>) {
        let own = node.nation;
        let mut expected: BTreeMap<String, BTreeMap<Nation, Timestamp>> = BTreeMap::new();
        for ((nation, mmsi), (last, to)) in &self.reported {
            if *nation == own || to.contains(&own) {
                expected.entry(format!("MMSI {mmsi:09}")).or_default().insert(*nation, *last);
            }
        }
        let mut held = BTreeMap::new();
        for view in node.picture.views(own, self.now) {
            let sources = view.sources.iter().map(|source| (source.nation, source.last_ms));
            let named = view.identities.into_iter().find(|name| name.starts_with("MMSI"));
            held.insert(named.unwrap_or_default(), sources.collect::<BTreeMap<_, _>>());
        }
        if held != expected {
            wrongs.push(format!("{own} believes {held:?}, and should {expected:?}"));
        }
    }

    /// Each incident stands once with the two whom it concerns, and nowhere else.
    fn dealt_with_by(&self, node: &Headquarters, wrongs: &mut Vec<String>) {
        let own = node.nation;
        let mut expected: Vec<(Nation, &str)> = Vec::new();
        for (by, with, words) in &self.opened {
            match own {
                _ if own == *by => expected.push((*with, words)),
                _ if own == *with => expected.push((*by, words)),
                _ => {}
            }
        }
        let view = node.desks.snapshot(self.now);
        let mut held: Vec<(Nation, &str)> = Vec::new();
        for incident in &view.incidents {
            if let Occurrence::Reported { text, .. } = &incident.occurrence {
                held.push((incident.partner, &text.en));
            }
        }
        expected.sort();
        held.sort();
        if held != expected {
            wrongs.push(format!("{own} deals with {held:?}, and should {expected:?}"));
        }
        if !view.refused.is_empty() {
            wrongs.push(format!("{own} refused {:?}", view.refused));
        }
    }
}

fn run(seed: u64, variant: Variant) -> Triangle {
    let mut triangle = Triangle::new(seed, variant);
    triangle.run();
    triangle
}

#[test]
fn three_nations_relay_lose_and_double_nothing() {
    let (mut cuts, mut opened) = (0, 0);
    for seed in 1..=SEEDS {
        let triangle = run(seed, Variant::Honest);
        let wrongs = triangle.wrongs();
        assert!(wrongs.is_empty(), "seed {seed}: {}", wrongs.join("\n"));
        cuts += triangle.cuts;
        opened += triangle.opened.len();
    }
    assert!(cuts > SEEDS * 5 && opened > SEEDS as usize * 5, "{cuts} cuts, {opened} incidents");
}

#[test]
fn a_rumour_is_caught() {
    let wrongs = run(1, Variant::Relays).wrongs().join("\n");
    assert!(wrongs.contains("which was not its to give"), "{wrongs}");
    assert!(wrongs.contains("AUS believes"), "{wrongs}");
}

#[test]
fn a_forgotten_record_is_caught() {
    let wrongs = run(1, Variant::Loses).wrongs().join("\n");
    assert!(wrongs.contains("deals with"), "{wrongs}");
}

#[test]
fn a_seed_replays() {
    let told = |seed| {
        let triangle = run(seed, Variant::Honest);
        let node = &triangle.nodes[0];
        format!("{:?} {:?}", node.given, node.desks.snapshot(triangle.now))
    };
    assert_eq!(told(3), told(3));
    assert_ne!(told(3), told(4));
}
