//! An invented world round the Miyako Strait, heard as real AIS sentences, Mode S frames, CoT and
//! radar plots.
//!
//! Ships, aircraft, teams and units move by closed formulas of time, so that the same seed and
//! start give the same bytes however the time is cut into steps. One scripted ship enters the
//! story's zone when it is asked to.
//!
//! Refuses: real identities. MMSIs carry country digits 691, call signs and flight numbers begin
//! with Q, ICAO addresses lie in D90000–D9FFFF: none of these is assigned to anybody.

mod actor;
mod air;
mod dice;
mod fleet;
mod ground;
mod names;
mod path;
mod radar;
mod seamarks;
mod table;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use renkei_model::observation::Identity;
use renkei_model::position::Position;
use renkei_model::statement::Bilingual;
use renkei_model::time::Timestamp;

use actor::Actor;
use air::Aircraft;
use dice::Dice;
use fleet::Ship;
use ground::Unit;
use radar::Radar;
use seamarks::Seamark;

/// The feeds that hear the world, as the demonstration's nodes name them.
pub const RECEIVERS: [&str; 8] = [
    "jpn-ais",
    "jpn-adsb",
    "jpn-cot",
    "jpn-special",
    "usa-ais",
    "usa-adsb",
    "usa-cot",
    "jpn-radar",
];

/// What one receiver hears at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emission {
    /// When.
    pub at: Timestamp,
    /// Which of [`RECEIVERS`].
    pub receiver: &'static str,
    /// AIVDM sentences with line ends, one Beast frame, one CoT event, or the plots of one turn.
    pub bytes: Vec<u8>,
}

/// What the story asks of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// The scripted ship turns into the zone and crosses its edge 25 s later.
    ZoneEntry,
    /// The scripted ship leaves the zone and waits outside again, at most half a minute later.
    Reset,
}

/// Something of the world as it truly is.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// How it names itself.
    pub identity: Identity,
    /// Its name or call sign.
    pub name: String,
    /// Where it is.
    pub position: Position,
    /// Metres a second over the ground.
    pub speed_mps: f64,
    /// Degrees true; of no meaning at rest.
    pub course_deg: f64,
    /// Who hears it.
    pub receivers: &'static [&'static str],
}

/// The story's zone: its name and the corners of its ring as (latitude, longitude), not closed.
/// Invented; it marks no boundary of anybody.
#[must_use]
pub fn story_zone() -> (Bilingual, [(f64, f64); 5]) {
    let name = Bilingual {
        en: "Miyako Strait watch area (exercise)".into(),
        ja: "宮古海峡警戒区域（訓練）".into(),
    };
    (name, actor::ZONE)
}

/// Whose turn it is to be heard. The order breaks ties, so that no run differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Position(usize),
    Static(usize),
    Actor,
    ActorStatic,
    Seamark(usize),
    Air(usize, air::Kind),
    Unit(usize),
    Radar,
}

/// The world of one seed.
#[derive(Debug)]
pub struct World {
    start: Timestamp,
    now: Timestamp,
    ships: Vec<Ship>,
    seamarks: Vec<Seamark>,
    aircraft: Vec<Aircraft>,
    units: Vec<Unit>,
    actor: Actor,
    radar: Radar,
    due: BinaryHeap<Reverse<(Timestamp, Due)>>,
    /// Sequence number of the next message of more than one sentence.
    sequence: u8,
}

impl World {
    /// The world of `seed`, beginning at `start`. Everything names itself within five seconds.
    #[must_use]
    pub fn new(seed: u64, start: Timestamp) -> Self {
        let mut dice = Dice::new(seed);
        let mut world = Self {
            start,
            now: start,
            ships: fleet::ships(&mut dice),
            seamarks: seamarks::seamarks(),
            aircraft: air::aircraft(&mut dice),
            units: ground::units(&mut dice),
            actor: Actor::new(start),
            radar: Radar::new(seed),
            due: BinaryHeap::new(),
            sequence: 0,
        };
        world.begin(&mut dice);
        world
    }

    /// Spreads the first emissions over the first seconds.
    fn begin(&mut self, dice: &mut Dice) {
        let start = self.start;
        let mut at =
            |due: Due, within_ms: u64| Reverse((start.plus_ms(dice.below(within_ms) as i64), due));
        self.due.push(at(Due::Actor, 1_000));
        self.due.push(at(Due::ActorStatic, 1_000));
        self.due.extend((0..self.seamarks.len()).map(|i| at(Due::Seamark(i), 4_000)));
        for i in 0..self.ships.len() {
            self.due.extend([at(Due::Position(i), 4_500), at(Due::Static(i), 4_500)]);
        }
        for i in 0..self.aircraft.len() {
            self.due.extend(air::Kind::ALL.map(|kind| at(Due::Air(i, kind), kind.interval_ms())));
        }
        self.due.extend((0..self.units.len()).map(|i| at(Due::Unit(i), 3_000)));
        self.due.push(Reverse((start.plus_ms(radar::TURN_MS), Due::Radar)));
    }

    /// Lets time go on to `to` and gives what was heard until then, in order of time.
    pub fn step(&mut self, to: Timestamp) -> Vec<Emission> {
        let mut heard = Vec::new();
        while let Some(Reverse((at, due))) = self.due.peek().copied() {
            if at > to {
                break;
            }
            self.due.pop();
            self.now = self.now.max(at);
            let next = self.emit(at, due, &mut heard);
            self.due.push(Reverse((at.plus_ms(next), due)));
        }
        self.now = self.now.max(to);
        self.actor.advance(self.now);
        heard
    }

    /// Asks the scripted ship for something, from the moment that the world has reached.
    pub fn cue(&mut self, cue: Cue) {
        self.actor.cue(cue, self.now);
    }

    /// Everything that moves or stands, as it truly is at the moment that the world has reached.
    #[must_use]
    pub fn truth(&self) -> Vec<Truth> {
        self.truth_at(self.now)
    }

    /// The same at `at`, without what happens until then; for the scripted ship it holds until it
    /// does something else.
    #[must_use]
    pub fn truth_at(&self, at: Timestamp) -> Vec<Truth> {
        let ships = self.ships.iter().map(|ship| ship.truth(self.start, at));
        let air = self.aircraft.iter().map(|craft| craft.truth(self.start, at));
        let units = self.units.iter().map(|unit| unit.truth(self.start, at));
        let actor = std::iter::once(self.actor.truth(at));
        ships.chain(air).chain(units).chain(actor).collect()
    }

    /// Where the boats are that send no AIS, at `at`: the radar alone sees them.
    #[must_use]
    pub fn silent_at(&self, at: Timestamp) -> Vec<Position> {
        self.radar.boats(self.start, at)
    }

    /// Emits what is due at `at` and says in how many milliseconds it is due again.
    fn emit(&mut self, at: Timestamp, due: Due, heard: &mut Vec<Emission>) -> i64 {
        let start = self.start;
        let mut to = |receivers: &[&'static str], bytes: Vec<u8>| {
            heard.extend(receivers.iter().map(|&receiver| Emission {
                at,
                receiver,
                bytes: bytes.clone(),
            }));
        };
        match due {
            Due::Position(i) => {
                let Some(ship) = self.ships.get(i) else { return i64::MAX };
                to(ship.receivers, ship.position_report(start, at));
                ship.interval_ms
            }
            Due::Static(i) => {
                let Some(ship) = self.ships.get(i) else { return i64::MAX };
                self.sequence = (self.sequence + 1) % 10;
                to(ship.receivers, ship.static_reports(self.sequence));
                fleet::STATIC_MS
            }
            Due::Actor => {
                self.actor.advance(at);
                to(actor::RECEIVERS, self.actor.position_report(at));
                actor::INTERVAL_MS
            }
            Due::ActorStatic => {
                self.sequence = (self.sequence + 1) % 10;
                to(actor::RECEIVERS, self.actor.static_report(self.sequence));
                actor::STATIC_MS
            }
            Due::Seamark(i) => {
                let Some(mark) = self.seamarks.get(i) else { return i64::MAX };
                to(seamarks::RECEIVERS, mark.report(at));
                mark.interval_ms()
            }
            Due::Air(i, kind) => {
                let Some(craft) = self.aircraft.get(i) else { return i64::MAX };
                to(craft.receivers, craft.frame(kind, start, at));
                kind.interval_ms() as i64
            }
            Due::Unit(i) => {
                let Some(unit) = self.units.get(i) else { return i64::MAX };
                to(unit.receivers, unit.event(start, at));
                unit.interval_ms()
            }
            Due::Radar => {
                let ships = |at| self.ships.iter().map(|s| s.truth(start, at).position).collect();
                let plots = self.radar.turn(start, at, ships);
                to(radar::RECEIVERS, plots);
                radar::TURN_MS
            }
        }
    }
}
