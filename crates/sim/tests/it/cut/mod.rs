//! A link that was cut for hours comes back thin, long and lossy: how long until the partner has the
//! decisions, and how long until it has the whole picture. One seed decides everything.
//!
//! Shared by a test and by `examples/cut.rs`, which prints the table.

mod dice;
mod line;
mod material;

use std::collections::BTreeMap;

use renkei_link::{Border, Class, Cursor, Event, Restored};
use renkei_model::statement::SignedRecord;
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Policy};

use self::dice::Dice;
use self::line::Line;
pub(crate) use self::line::LineFigures;
use self::material::{Ship, config, decision, policy, released};

/// When the cut begins.
pub(crate) const START: Timestamp = Timestamp(1_795_000_200_000);
/// A ship reports this often.
const REPORT_MS: u64 = 360_000;
/// The dialling side's longest pause, TCP's and TLS's greeting: two and a half round trips and 2.2 KB.
const GREETING_MS: u64 = 2_000 + 1_500 + 275;
/// What a disk takes to make a batch durable.
const SYNC_MS: u64 = 20;
/// Nothing takes longer, or it never ends.
const END_MS: u64 = 600_000;

/// What is simulated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) tracks: u32,
    pub(crate) decisions: u64,
    pub(crate) cut_hours: u64,
    pub(crate) line: LineFigures,
    pub(crate) seed: u64,
    /// A planted fault: the picture goes before the decisions.
    pub(crate) is_hasty: bool,
}

/// What was measured. Times are from the moment at which the line stands again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) decisions_ms: u64,
    pub(crate) picture_ms: u64,
    /// The longest entry of a decision, bytes.
    pub(crate) entry_bytes: usize,
    /// Bytes on the line towards the partner, of all packets, until the picture was whole.
    pub(crate) line_bytes: u64,
    /// Bytes of frames until then, and values in them.
    pub(crate) frame_bytes: u64,
    pub(crate) values: u64,
    /// Reports that were offered during the cut.
    pub(crate) reports: u64,
    /// Bytes of frames for one more report of place and motion of every ship at once, and how many.
    pub(crate) update_bytes: u64,
    pub(crate) updates: u64,
}

struct Field {
    scene: Scene,
    dice: Dice,
    policy: Policy,
    ships: Vec<Ship>,
    borders: [Border; 2],
    /// Entries of JPN's decisions, and what USA has got of them.
    entries: Vec<Vec<u8>>,
    made: Vec<SignedRecord>,
    came: Vec<SignedRecord>,
    /// Time of the newest value of each thing's aspects: offered, and come.
    offered: BTreeMap<(u32, bool), i64>,
    received: BTreeMap<(u32, bool), i64>,
    to_sync: Vec<(Class, Cursor)>,
    reports: u64,
    updates: (u64, u64),
}

/// Simulates the scene.
///
/// # Errors
/// Which rule was broken: something lost, doubled, reordered, or never come.
pub(crate) fn run(scene: Scene) -> Result<Outcome, String> {
    let mut field = Field::new(scene);
    field.meet();
    field.cut();
    field.reconnect()
}

impl Field {
    fn new(scene: Scene) -> Self {
        let mut dice = Dice::new(scene.seed);
        let ships = (1..=scene.tracks).map(|number| Ship::new(number, &mut dice)).collect();
        Self {
            scene,
            dice,
            policy: policy(),
            ships,
            borders: [0, 1].map(|index| Border::restore(config(index), &Restored::default())),
            entries: Vec::new(),
            made: Vec::new(),
            came: Vec::new(),
            offered: BTreeMap::new(),
            received: BTreeMap::new(),
            to_sync: Vec::new(),
            reports: 0,
            updates: (0, 0),
        }
    }

    fn observe(&mut self, index: usize, now: Timestamp, says_all: bool) {
        let Self { ships, dice, policy, borders: [border, _], .. } = self;
        let ship = &ships[index];
        let said = says_all.then(|| ship.said(now, dice));
        for report in [ship.position(now, dice)].into_iter().chain(said) {
            self.reports += 1;
            self.offered.insert((ship.number, report.position.is_some()), now.0);
            let release = released(policy, ship.number, &report);
            border.offer_observation(release).expect("short and for the partner");
        }
    }

    /// Both know everything before the cut.
    fn meet(&mut self) {
        let ships = self.ships.len();
        let at = |round: i64, index: usize| {
            START.plus_ms(
                (round - 4) * REPORT_MS as i64 + (index as u64 * REPORT_MS / ships as u64) as i64,
            )
        };
        self.borders.iter_mut().for_each(|border| border.connected(1, at(0, 0)));
        for round in 0..4 {
            let before = self.borders[1].status().counters;
            for index in 0..ships {
                self.ships[index].go(REPORT_MS as f64 / 1000.0, &mut self.dice);
                let jitter = self.dice.between(0, 900) as i64;
                self.observe(index, at(round, index).plus_ms(jitter), round == 0);
            }
            self.exchange(at(round + 1, 0));
            let after = self.borders[1].status().counters;
            let values = after.observations_in - before.observations_in;
            self.updates = (after.bytes_in - before.bytes_in, values);
        }
        assert_eq!(self.received, self.offered, "before the cut both know everything");
    }

    /// Everything goes to and fro at once, until both are quiet.
    fn exchange(&mut self, now: Timestamp) {
        loop {
            let mut is_quiet = true;
            for side in 0..2 {
                let bytes = self.borders[side].transmit(1, now, 1 << 16);
                is_quiet &= bytes.is_empty();
                self.arrive(1 - side, 1, &bytes, now);
            }
            if is_quiet {
                break;
            }
        }
    }

    /// The hours without the partner: every ship reports, people decide.
    fn cut(&mut self) {
        for border in &mut self.borders {
            border.disconnected(1, "cut", START);
        }
        let rounds = self.scene.cut_hours * 3_600_000 / REPORT_MS;
        let ships = self.ships.len();
        for round in 0..rounds {
            for index in 0..ships {
                let at = round * REPORT_MS + index as u64 * REPORT_MS / ships as u64;
                self.ships[index].go(REPORT_MS as f64 / 1000.0, &mut self.dice);
                let jitter = self.dice.between(0, 900);
                self.observe(index, START.plus_ms((at + jitter) as i64), true);
            }
            let until = self.scene.decisions * (round + 1) / rounds;
            while (self.made.len() as u64) < until {
                let now = START.plus_ms((round * REPORT_MS) as i64);
                let counter = self.made.len() as u64;
                let record = decision(&self.policy, counter, now, &mut self.dice);
                self.made.push(record.item().clone());
                let class = if self.scene.is_hasty { Class::Documents } else { Class::Decisions };
                let outbound = self.borders[0].offer_record(class, record).expect("it is short");
                self.entries.push(outbound.bytes);
                self.borders[0].committed(class, outbound.cursor.seq);
            }
        }
    }

    fn reconnect(mut self) -> Result<Outcome, String> {
        let began = self.scene.cut_hours as i64 * 3_600_000;
        let at = |ms: u64| START.plus_ms(began + ms as i64);
        let due = self.offered.clone();
        let mut outcome = Outcome {
            entry_bytes: self.entries.iter().map(Vec::len).max().unwrap_or(0),
            reports: std::mem::take(&mut self.reports),
            update_bytes: self.updates.0,
            updates: self.updates.1,
            ..Outcome::default()
        };
        let mut line = Line::new(self.scene.line, GREETING_MS, self.scene.seed);
        self.borders.iter_mut().for_each(|border| border.connected(2, at(GREETING_MS)));
        let met = self.borders[1].status().counters;
        let mut next_report = 0;
        for ms in GREETING_MS..END_MS {
            let ships = self.ships.len() as u64;
            while next_report * REPORT_MS / ships <= ms {
                let index = (next_report % ships) as usize;
                self.ships[index].go(REPORT_MS as f64 / 1000.0, &mut self.dice);
                self.observe(index, at(ms), true);
                next_report += 1;
            }
            self.tick(ms, at(ms));
            for side in 0..2 {
                let bytes = self.borders[side].transmit(2, at(ms), 1 << 16);
                if !bytes.is_empty() {
                    line.write(side, &bytes);
                }
                if self.borders[side].finished(2) {
                    return Err(format!("the session ended after {ms} ms"));
                }
            }
            for (side, bytes) in line.step(ms).into_iter().enumerate() {
                self.arrive(side, 2, &bytes, at(ms));
            }
            self.check_order()?;
            if outcome.decisions_ms == 0 && self.came.len() == self.made.len() {
                outcome.decisions_ms = ms;
            }
            let counters = self.borders[1].status().counters;
            if outcome.picture_ms == 0 && ms % 50 == 0 && self.has(&due) {
                outcome.picture_ms = ms;
                outcome.line_bytes = line.sent_bytes[0];
                outcome.frame_bytes = counters.bytes_in - met.bytes_in;
                outcome.values = counters.observations_in - met.observations_in;
            }
            if outcome.picture_ms > 0 && outcome.decisions_ms > 0 {
                return Ok(outcome);
            }
        }
        Err(format!("missing: {} of {} decisions came", self.came.len(), self.made.len()))
    }

    fn tick(&mut self, ms: u64, now: Timestamp) {
        if ms.is_multiple_of(250) {
            for side in 0..2 {
                let events = self.borders[side].tick(now);
                self.act(side, events);
            }
        }
        if ms.is_multiple_of(SYNC_MS) {
            for (class, cursor) in std::mem::take(&mut self.to_sync) {
                self.borders[1].applied(class, cursor);
            }
        }
    }

    fn arrive(&mut self, side: usize, connection: u64, bytes: &[u8], now: Timestamp) {
        if !bytes.is_empty() {
            let events = self.borders[side].receive(connection, bytes, now);
            self.act(side, events);
        }
    }

    fn act(&mut self, side: usize, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Record { class, cursor, record, .. } => {
                    self.came.push(record);
                    self.to_sync.push((class, cursor));
                }
                Event::Observation { release } => self.take(&release),
                Event::Wanted { class, first, bytes } => {
                    let mut left = bytes;
                    let log = self.entries.iter().skip(first as usize - 1);
                    let entries = log.take_while(|entry| {
                        let takes = left > 0;
                        left = left.saturating_sub(entry.len());
                        takes
                    });
                    self.borders[side].supply(class, first, entries.cloned().collect());
                }
                Event::Up(_) | Event::Down(_) | Event::Refused { .. } => {}
                Event::PartnerApplied { .. } => {}
            }
        }
    }

    fn take(&mut self, release: &ObservationRelease) {
        let key = (release.alias.number, release.has_position());
        self.received.insert(key, release.event_time().0);
    }

    /// Everything that was due has come, or something newer.
    fn has(&self, due: &BTreeMap<(u32, bool), i64>) -> bool {
        due.iter().all(|(key, at)| self.received.get(key).is_some_and(|come| come >= at))
    }

    fn check_order(&self) -> Result<(), String> {
        let last = self.came.len();
        if last > self.made.len() || (last > 0 && self.came[last - 1] != self.made[last - 1]) {
            return Err(format!("order: decision {last} is not the one that was made"));
        }
        Ok(())
    }
}
