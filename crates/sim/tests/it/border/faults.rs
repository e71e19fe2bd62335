//! What goes wrong, and when, drawn from the seed.

/// A small seeded generator (SplitMix64): equal on every machine and in every version.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `low..high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low)
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n)
    }
}

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing passes, and nothing says so: connections are half open.
    Cut { ms: u64 },
    /// Nothing passes from this node to the other.
    OneWay { from: usize, ms: u64 },
    /// Everything waits and then arrives at once.
    Fade { ms: u64 },
    /// The node loses power: its memory and what was not synced.
    Crash { node: usize, ms: u64 },
    /// The node's disk refuses its next sync.
    DiskFull { node: usize },
    /// The node's clock is set.
    ClockSet { node: usize, by_ms: i64 },
}

impl Fault {
    pub(crate) fn lasts_ms(self) -> u64 {
        match self {
            Self::Cut { ms } | Self::OneWay { ms, .. } | Self::Fade { ms } => ms,
            Self::Crash { ms, .. } => ms,
            Self::ClockSet { .. } | Self::DiskFull { .. } => 0,
        }
    }

    fn is_of_the_wire(self) -> bool {
        matches!(self, Self::Cut { .. } | Self::OneWay { .. } | Self::Fade { .. })
    }

    /// Whether `other` cannot strike while this stands: one fault of the wire at a time, and a node
    /// that is down cannot crash.
    pub(crate) fn excludes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Crash { node, .. }, Self::Crash { node: also, .. }) => node == also,
            _ => self.is_of_the_wire() && other.is_of_the_wire(),
        }
    }
}

/// The network and its faults.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Least and greatest latency of a message.
    pub(crate) latency_ms: (u64, u64),
    /// When what goes wrong, in order.
    pub(crate) faults: Vec<(u64, Fault)>,
}

impl Plan {
    /// Draws faults for the first `busy_ms`.
    pub(crate) fn draw(dice: &mut Dice, busy_ms: u64) -> Self {
        let least = dice.between(5, 100);
        let latency_ms = (least, least + dice.between(1, 500));
        let mut faults = Vec::new();
        let mut at = dice.between(500, 2_000);
        while at < busy_ms {
            let node = dice.between(0, 2) as usize;
            let fault = match dice.between(0, 11) {
                0..=1 => Fault::Cut { ms: dice.between(50, 12_000) },
                2 => Fault::OneWay { from: node, ms: dice.between(50, 12_000) },
                3..=4 => Fault::Fade { ms: dice.between(50, 3_000) },
                5..=8 => Fault::Crash { node, ms: dice.between(10, 2_000) },
                9 => Fault::DiskFull { node },
                _ => Fault::ClockSet { node, by_ms: dice.between(0, 7_200_000) as i64 - 3_600_000 },
            };
            faults.push((at, fault));
            at += dice.between(200, 4_000);
        }
        Self { latency_ms, faults }
    }
}
