//! Two nodes and the wire between them, moved by hand: every byte, every sync, every moment.

use std::collections::BTreeMap;

use renkei_link::class::PerClass;
use renkei_link::{Border, Class, Cursor, Event};
use renkei_model::id::Nation;
use renkei_model::time::Timestamp;
use renkei_policy::Policy;

use crate::disk::{Disk, Picture};
use crate::support::{START, config, key_and_version, number, observation, policy, record};

/// A fault that is planted to see whether the rules catch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Planted {
    Nothing,
    /// Acknowledges before the effect is durable.
    AcknowledgesEarly,
    /// Sends before the entry is durable.
    SendsEarly,
    /// Takes the partner's whole log as received when a connection stands.
    AdvancesCursorOnConnect,
    /// Makes the effect durable first and the cursor some time later.
    SplitsTransaction,
}

/// One node: border, disk, and what its owner knows.
pub(crate) struct Side {
    pub(crate) own: Nation,
    pub(crate) border: Border,
    pub(crate) disk: Disk,
    pub(crate) events: Vec<Event>,
    /// What the partner says to hold durably.
    pub(crate) partner_holds: BTreeMap<Class, u64>,
    /// The newest of what we offered, and of what came.
    pub(crate) offered: Picture,
    pub(crate) picture: Picture,
    policy: Policy,
    planted: Planted,
    boot: u64,
    next: u64,
    /// Applied since the last sync.
    pending: Vec<(Class, Cursor)>,
}

impl Side {
    pub(crate) fn new(own: Nation, planted: Planted) -> Self {
        let disk = Disk::default();
        Self {
            own,
            border: Border::restore(config(own, 1, 1), &disk.restored()),
            disk,
            events: Vec::new(),
            partner_holds: BTreeMap::new(),
            offered: Picture::new(),
            picture: Picture::new(),
            policy: policy(own),
            planted,
            boot: 1,
            next: 0,
            pending: Vec::new(),
        }
    }

    /// Offers the next record in `class`; its number.
    pub(crate) fn offer(&mut self, class: Class, padding: usize) -> u64 {
        self.next += 1;
        let record = record(&self.policy, self.own, self.next, padding);
        let outbound = self.border.offer_record(class, record).expect("short and for the partner");
        self.disk.written.logs.get_mut(class).push(outbound.bytes);
        self.disk.written.offered.get_mut(class).push(self.next);
        if self.planted == Planted::SendsEarly {
            self.border.committed(class, outbound.cursor.seq);
        }
        self.next
    }

    /// Offers the next observation of thing `key`.
    pub(crate) fn observe(&mut self, key: u32) {
        let version = self.offered.get(&key).copied().unwrap_or(0) + 1;
        self.offered.insert(key, version);
        let observation = observation(&mut self.policy, self.own, key, version);
        self.border.offer_observation(observation).expect("short and for the partner");
    }

    /// Everything written becomes durable, and the border is told.
    pub(crate) fn sync(&mut self) {
        self.disk.sync();
        for class in Class::ALL {
            self.border.committed(class, self.disk.synced.logs.get(class).len() as u64);
        }
        for (class, cursor) in std::mem::take(&mut self.pending) {
            *self.disk.written.cursors.get_mut(class) = cursor;
            if self.planted != Planted::SplitsTransaction {
                *self.disk.synced.cursors.get_mut(class) = cursor;
            }
            self.border.applied(class, cursor);
        }
    }

    /// The disk refuses what was written since the last sync.
    pub(crate) fn disk_full(&mut self) {
        self.disk.crash();
        self.pending.clear();
        let events = self.border.not_stored("the disk is full; free some space");
        self.events.extend(events);
    }

    /// Power is lost, and the process starts again from what was synced.
    pub(crate) fn crash(&mut self) {
        self.disk.crash();
        self.pending.clear();
        self.boot += 1;
        self.border = Border::restore(config(self.own, 1, self.boot), &self.disk.restored());
        // Feeds report again after a start; the newest value of each thing comes back.
        for (key, version) in self.offered.clone() {
            let observation = observation(&mut self.policy, self.own, key, version);
            self.border.offer_observation(observation).expect("short and for the partner");
        }
    }

    fn act(&mut self, events: Vec<Event>, partner_heads: &PerClass<u64>) {
        for event in &events {
            match event {
                Event::Record { class, cursor, record, .. } => {
                    self.disk.written.effects.get_mut(*class).push(number(record));
                    self.pending.push((*class, *cursor));
                    if self.planted == Planted::AcknowledgesEarly {
                        self.border.applied(*class, *cursor);
                    }
                }
                Event::Observation { release, .. } => {
                    let (key, version) = key_and_version(release);
                    self.picture.insert(key, version);
                }
                Event::PartnerApplied { class, seq } => {
                    self.partner_holds.insert(*class, *seq);
                }
                Event::Wanted { class, first, bytes } => {
                    let entries = self.disk.entries(*class, *first, *bytes);
                    self.border.supply(*class, *first, entries);
                }
                Event::Up(_) if self.planted == Planted::AdvancesCursorOnConnect => {
                    for class in Class::ALL {
                        let cursor = Cursor { epoch: 1, seq: *partner_heads.get(class) };
                        *self.disk.synced.cursors.get_mut(class) = cursor;
                        *self.disk.written.cursors.get_mut(class) = cursor;
                    }
                }
                Event::Up(_) | Event::Down(_) | Event::Refused { .. } => {}
            }
        }
        self.events.extend(events);
    }
}

/// JPN, USA and the bytes on their way to each.
pub(crate) struct Pair {
    pub(crate) sides: [Side; 2],
    wires: [Vec<u8>; 2],
    pub(crate) now: Timestamp,
    connection: u64,
    pub(crate) is_connected: bool,
}

impl Pair {
    /// Two nodes that have never met; `planted` is wrong with both.
    pub(crate) fn new(planted: Planted) -> Self {
        Self {
            sides: [Side::new(Nation::JPN, planted), Side::new(Nation::USA, planted)],
            wires: [Vec::new(), Vec::new()],
            now: START,
            connection: 0,
            is_connected: false,
        }
    }

    pub(crate) fn connect(&mut self) {
        self.cut();
        self.connection += 1;
        self.is_connected = true;
        for side in &mut self.sides {
            side.border.connected(self.connection, self.now);
        }
    }

    /// The connection breaks; what was on its way is lost.
    pub(crate) fn cut(&mut self) {
        if !self.is_connected {
            return;
        }
        self.is_connected = false;
        self.wires = [Vec::new(), Vec::new()];
        for side in &mut self.sides {
            let events = side.border.disconnected(self.connection, "cut", self.now);
            side.events.extend(events);
        }
    }

    pub(crate) fn crash(&mut self, index: usize) {
        self.cut();
        self.sides[index].crash();
    }

    /// Time passes, with a tick at least every 250 ms.
    pub(crate) fn pass(&mut self, ms: i64) {
        let end = self.now.plus_ms(ms);
        loop {
            self.now = end.min(self.now.plus_ms(250));
            for index in 0..2 {
                let events = self.sides[index].border.tick(self.now);
                self.act(index, events);
            }
            if self.now == end {
                return;
            }
        }
    }

    /// Side `index` puts about `bytes` on the wire.
    pub(crate) fn transmit(&mut self, index: usize, bytes: usize) {
        if self.is_connected {
            let sent = self.sides[index].border.transmit(self.connection, self.now, bytes);
            self.wires[1 - index].extend(sent);
            if self.sides[index].border.finished(self.connection) {
                self.cut();
            }
        }
    }

    /// At most `bytes` arrive at side `index`.
    pub(crate) fn deliver(&mut self, index: usize, bytes: usize) {
        if self.is_connected {
            let bytes = bytes.min(self.wires[index].len());
            let arrived: Vec<u8> = self.wires[index].drain(..bytes).collect();
            let events = self.sides[index].border.receive(self.connection, &arrived, self.now);
            self.act(index, events);
        }
    }

    /// Whether bytes are on their way.
    pub(crate) fn is_quiet(&self) -> bool {
        self.wires.iter().all(Vec::is_empty)
    }

    /// Connects when needed, then moves everything until both have said all they can; false when
    /// that never comes.
    pub(crate) fn settle(&mut self) -> bool {
        for _ in 0..10_000 {
            if !self.is_connected {
                self.connect();
            }
            for index in 0..2 {
                self.sides[index].sync();
                self.transmit(index, 64 * 1024);
                self.deliver(1 - index, usize::MAX);
            }
            self.pass(10);
            let all_told = self.sides.iter().all(|side| side.border.status().queued == [0; 5]);
            if self.is_quiet() && all_told && self.is_connected {
                return true;
            }
        }
        false
    }

    fn act(&mut self, index: usize, events: Vec<Event>) {
        let logs = &self.sides[1 - index].disk.synced.logs;
        let heads = PerClass::of(|class| logs.get(class).len() as u64);
        self.sides[index].act(events, &heads);
    }
}
