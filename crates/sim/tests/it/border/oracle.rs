//! What is outside of both nodes: their disks, what they were told, the rules, and the trace.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use renkei_link::class::PerClass;
use renkei_link::{Class, Refusal, RefusalCode};

use super::HOSTS;
use super::disk::Disk;
use super::faults::Dice;

/// One oracle, seen by the simulation and by both nodes.
pub(crate) type Shared = Rc<RefCell<Oracle>>;

/// How the nodes are built: right, or with a planted fault that must be caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    /// As shipped.
    Right,
    /// Acknowledges before the effect is durable.
    AcknowledgesEarly,
    /// Takes all that the partner has as received when the link comes up.
    AdvancesCursorOnConnect,
    /// Sends before the entry is durable.
    SendsEarly,
    /// Never looks at its time-outs: a half-open connection stands for ever.
    NeverTimesOut,
    /// Takes one of seven decisions as applied without its effect: a recall that nobody sees.
    LosesRecalls,
}

/// What happened, a line each; equal for equal seeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trace {
    pub(crate) lines: Vec<String>,
}

/// A rule that was broken, and the lines before it.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) rule: &'static str,
    pub(crate) what: String,
    pub(crate) trace: Trace,
}

impl Violation {
    /// The simulation itself failed.
    pub(crate) fn broken(what: &str) -> Self {
        Self { rule: "simulation", what: what.into(), trace: Trace::default() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.what)
    }
}

/// Which value of each thing is the newest.
pub(crate) type Picture = BTreeMap<u32, u32>;

/// Everything that is not a node.
#[derive(Debug)]
pub(crate) struct Oracle {
    pub(crate) variant: Variant,
    pub(crate) now_ms: u64,
    /// How far each node's clock is off.
    pub(crate) skew_ms: [i64; 2],
    pub(crate) boots: [u64; 2],
    /// Whether the next sync of each node's disk fails.
    pub(crate) disk_full: [bool; 2],
    pub(crate) disks: [Disk; 2],
    pub(crate) dice: [Dice; 2],
    pub(crate) next_number: u64,
    /// The newest observations each node's feeds gave it, and those it has of the partner.
    pub(crate) offered: [Picture; 2],
    pub(crate) received: [Picture; 2],
    /// What each node was told that its partner holds durably.
    told: [PerClass<u64>; 2],
    pub(crate) is_quiet: bool,
    pub(crate) trace: Trace,
    pub(crate) violation: Option<Violation>,
}

impl Oracle {
    pub(crate) fn new(variant: Variant, dice: &mut Dice) -> Self {
        let skew = |dice: &mut Dice| dice.between(0, 60_000) as i64 - 30_000;
        Self {
            variant,
            now_ms: 0,
            skew_ms: [skew(dice), skew(dice)],
            boots: [0; 2],
            disk_full: [false; 2],
            disks: [Disk::default(), Disk::default()],
            dice: [Dice::new(dice.next()), Dice::new(dice.next())],
            next_number: 0,
            offered: [Picture::new(), Picture::new()],
            received: [Picture::new(), Picture::new()],
            told: [PerClass::default(), PerClass::default()],
            is_quiet: false,
            trace: Trace::default(),
            violation: None,
        }
    }

    /// Writes a line of the trace.
    pub(crate) fn note(&mut self, what: &str) {
        self.trace.lines.push(format!("{:>6} {what}", self.now_ms));
    }

    /// Writes a line of the trace about one node.
    pub(crate) fn note_of(&mut self, node: usize, what: &str) {
        self.note(&format!("{} {what}", HOSTS[node]));
    }

    /// Nothing new is made from here on.
    pub(crate) fn quiet(&mut self) {
        self.is_quiet = true;
        self.note("quiet");
    }

    /// A node lost its memory and what it had not synced.
    pub(crate) fn crashed(&mut self, node: usize) {
        self.received[node].clear();
        self.lost_unsynced(node);
    }

    /// A node's disk lost what was not synced.
    pub(crate) fn lost_unsynced(&mut self, node: usize) {
        self.disks[node].crash();
        for class in Class::ALL {
            self.check_held(1 - node, class);
            let (sent, effects) =
                (self.disks[node].logs.get(class), self.disks[1 - node].effects.get(class));
            if effects.len() > sent.len() {
                let what = format!("{class:?} {} went out before it was durable", sent.len() + 1);
                self.violate("order", what);
            }
        }
    }

    /// `node` wrote the effect of record `number` of the partner.
    pub(crate) fn took_effect(&mut self, node: usize, class: Class, number: u64) {
        self.note_of(node, &format!("effect of {number} in {class:?}"));
        let effects = self.disks[node].effects.get_mut(class);
        effects.push(number);
        let index = effects.len() - 1;
        let due = self.disks[1 - node].logs.get(class).get(index).map(|entry| entry.number);
        if due != Some(number) {
            let what = format!("{class:?} {number} took effect where {due:?} was due");
            self.violate("order", what);
        }
    }

    /// `node` was told that its partner durably holds everything up to `seq`.
    pub(crate) fn was_told(&mut self, node: usize, class: Class, seq: u64) {
        self.note_of(node, &format!("partner holds {class:?} {seq}"));
        let told = self.told[node].get_mut(class);
        *told = (*told).max(seq);
        self.check_held(node, class);
    }

    /// A session was refused. Some refusals answer the faults that strike; the rest would be ours.
    pub(crate) fn refused(&mut self, node: usize, refusal: &Refusal) {
        self.note_of(node, &format!("refused: {}", refusal.code.name()));
        let faults = [RefusalCode::Silent, RefusalCode::Superseded, RefusalCode::NotStored];
        if !faults.contains(&refusal.code) {
            self.violate("refused", refusal.to_string());
        }
    }

    /// Whether both sides durably have everything and know it.
    pub(crate) fn is_settled(&self) -> bool {
        (0..2).all(|from| {
            let (sender, receiver) = (&self.disks[from], &self.disks[1 - from]);
            let logs = Class::ALL.into_iter().all(|class| {
                let sent = *sender.synced.logs.get(class);
                sent == sender.logs.get(class).len()
                    && sent == *receiver.synced.effects.get(class)
                    && sent as u64 == *self.told[from].get(class)
            });
            logs && self.offered[from] == self.received[1 - from]
        })
    }

    /// The violation of a simulation that does not settle.
    pub(crate) fn stuck(&self) -> Violation {
        let state = |from: usize| {
            let (sender, receiver) = (&self.disks[from], &self.disks[1 - from]);
            let log = |class| {
                let durable = receiver.synced.effects.get(class);
                format!("{durable} of {}", sender.synced.logs.get(class))
            };
            let missing = self.offered[from]
                .iter()
                .filter(|(key, version)| self.received[1 - from].get(key) != Some(version))
                .count();
            format!(
                "{} → {}: {:?}, {missing} things old",
                HOSTS[from],
                HOSTS[1 - from],
                Class::ALL.map(log)
            )
        };
        let what = format!("{}; {}", state(0), state(1));
        Violation { rule: "stuck", what, trace: self.trace.clone() }
    }

    fn check_held(&mut self, node: usize, class: Class) {
        let told = *self.told[node].get(class);
        let durable = *self.disks[1 - node].synced.effects.get(class) as u64;
        if told > durable {
            let what = format!("{class:?} {told} acknowledged, {durable} durable");
            self.violate("lost", what);
        }
    }

    fn violate(&mut self, rule: &'static str, what: String) {
        self.note(&format!("{rule}: {what}"));
        let trace = self.trace.clone();
        self.violation.get_or_insert(Violation { rule, what, trace });
    }
}
