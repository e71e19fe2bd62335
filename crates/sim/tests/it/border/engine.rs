//! A node's engine, as small as it can be: load, border, disk. Memory is lost with the process.

use std::collections::BTreeSet;

use renkei_link::{Border, Class, Cursor, Event};
use renkei_model::time::Timestamp;
use renkei_policy::Policy;

use super::disk::{Logged, Mark};
use super::material::{START, config, key_and_version, number, observation, policy, record};
use super::oracle::{Shared, Variant};

/// Things that each node observes.
const THINGS: u64 = 40;

/// One process of one node.
pub(crate) struct Engine {
    pub(crate) index: usize,
    pub(crate) border: Border,
    pub(crate) shared: Shared,
    policy: Policy,
    variant: Variant,
    /// Feeds report every thing again after a start, one by one.
    unreported: BTreeSet<u32>,
}

impl Engine {
    /// Starts on what the disk holds.
    pub(crate) fn start(index: usize, shared: Shared) -> Self {
        let mut oracle = shared.borrow_mut();
        oracle.boots[index] += 1;
        let boot = oracle.boots[index];
        oracle.note_of(index, &format!("starts for the {boot}. time"));
        let border = Border::restore(config(index, boot), &oracle.disks[index].restored());
        let unreported = oracle.offered[index].keys().copied().collect();
        let variant = oracle.variant;
        drop(oracle);
        Self { index, border, shared, policy: policy(index), variant, unreported }
    }

    /// This node's clock.
    pub(crate) fn now(&self) -> Timestamp {
        let elapsed = turmoil::sim_elapsed().expect("runs in the simulation").as_millis() as i64;
        START.plus_ms(elapsed + self.shared.borrow().skew_ms[self.index])
    }

    /// Time passes: load is made, and the border looks at its time-outs.
    pub(crate) fn tick(&mut self) {
        if let Some(key) = self.unreported.pop_first() {
            let version = self.shared.borrow().offered[self.index].get(&key).copied();
            self.observe(key, version.unwrap_or(1));
        }
        if !self.shared.borrow().is_quiet {
            self.make_load();
        }
        if self.variant != Variant::NeverTimesOut {
            let events = self.border.tick(self.now());
            self.act(events);
        }
    }

    /// Acts on what the border hands up.
    pub(crate) fn act(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Record { class, cursor, record, .. } => {
                    let mut oracle = self.shared.borrow_mut();
                    let is_recall = class == Class::Decisions && cursor.seq.is_multiple_of(7);
                    if self.variant != Variant::LosesRecalls || !is_recall {
                        oracle.took_effect(self.index, class, number(&record));
                    }
                    let known = oracle.disks[self.index].cursors.get_mut(class);
                    *known = cursor.max(*known);
                    if self.variant == Variant::AcknowledgesEarly {
                        self.border.applied(class, cursor);
                    }
                }
                Event::Observation { release, .. } => {
                    let (key, version) = key_and_version(&release);
                    self.shared.borrow_mut().received[self.index].insert(key, version);
                }
                Event::PartnerApplied { class, seq } => {
                    self.shared.borrow_mut().was_told(self.index, class, seq);
                }
                Event::Wanted { class, first, bytes } => {
                    let entries =
                        self.shared.borrow().disks[self.index].entries(class, first, bytes);
                    self.border.supply(class, first, entries);
                }
                Event::Up(_) => self.up(),
                Event::Down(_) => self.shared.borrow_mut().note_of(self.index, "down"),
                Event::Refused { refusal, .. } => {
                    self.shared.borrow_mut().refused(self.index, &refusal);
                }
            }
        }
    }

    /// What is written and not durable, to be synced.
    pub(crate) fn unsynced(&self) -> Option<Mark> {
        let oracle = self.shared.borrow();
        let disk = &oracle.disks[self.index];
        Some(disk.written()).filter(|written| *written != disk.synced)
    }

    /// Everything up to `mark` became durable, unless the disk refuses.
    pub(crate) fn synced(&mut self, mark: Mark) {
        if std::mem::take(&mut self.shared.borrow_mut().disk_full[self.index]) {
            self.shared.borrow_mut().lost_unsynced(self.index);
            let events = self.border.not_stored("the disk is full");
            return self.act(events);
        }
        for class in Class::ALL {
            self.border.committed(class, *mark.logs.get(class) as u64);
            self.border.applied(class, *mark.cursors.get(class));
        }
        self.shared.borrow_mut().disks[self.index].synced = mark;
    }

    fn up(&mut self) {
        let mut oracle = self.shared.borrow_mut();
        oracle.note_of(self.index, "up");
        if self.variant == Variant::AdvancesCursorOnConnect {
            for class in Class::ALL {
                let seq = *oracle.disks[1 - self.index].synced.logs.get(class) as u64;
                *oracle.disks[self.index].cursors.get_mut(class) = Cursor { epoch: 1, seq };
            }
        }
    }

    fn make_load(&mut self) {
        let mut oracle = self.shared.borrow_mut();
        let dice = &mut oracle.dice[self.index];
        let key = dice.between(1, THINGS + 1) as u32;
        let class = dice.one_in(4).then(|| Class::ALL[dice.between(0, 3) as usize]);
        let padding = if dice.one_in(8) { dice.between(0, 8_000) } else { 0 };
        let version = oracle.offered[self.index].get(&key).copied().unwrap_or(0) + 1;
        oracle.offered[self.index].insert(key, version);
        drop(oracle);
        self.unreported.remove(&key);
        self.observe(key, version);
        if let Some(class) = class {
            self.offer(class, padding as usize);
        }
    }

    fn observe(&mut self, key: u32, version: u32) {
        let observation = observation(&mut self.policy, self.index, key, version);
        self.border.offer_observation(observation).expect("short and for the partner");
    }

    fn offer(&mut self, class: Class, padding: usize) {
        let mut oracle = self.shared.borrow_mut();
        oracle.next_number += 1;
        let number = oracle.next_number;
        let record = record(&self.policy, self.index, number, padding);
        let outbound = self.border.offer_record(class, record).expect("short and for the partner");
        oracle
            .note_of(self.index, &format!("offers {number} as {class:?} {}", outbound.cursor.seq));
        let log = oracle.disks[self.index].logs.get_mut(class);
        log.push(Logged { number, bytes: outbound.bytes });
        if self.variant == Variant::SendsEarly {
            self.border.committed(class, outbound.cursor.seq);
        }
    }
}
