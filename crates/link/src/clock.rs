//! Time inside the state machine: how long ago, and how far the partner's clock is off.
//!
//! Time-outs count elapsed time, gathered call by call from the owner's wall clock: a step back
//! counts as nothing and a leap ahead as little, so that setting a clock neither holds a dead session
//! open nor ends a living one. The offset is for display only; no decision rests on it.

use std::collections::VecDeque;

use renkei_model::time::Timestamp;

/// The most that may pass between two calls, in milliseconds. The owner calls four times a second;
/// a longer gap is a clock that was set, or a process that stood still and heard nothing meanwhile.
const GAP_MS_MAX: u64 = 2_000;

/// Offset samples that are kept: the one with the shortest round trip is believed, as NTP's clock
/// filter does with its last eight.
const SAMPLES: usize = 8;

/// Milliseconds since the first moment that was told, never going back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Elapsed(pub(crate) u64);

impl Elapsed {
    /// Milliseconds from `earlier` to this.
    pub(crate) fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Turns the owner's wall clock into elapsed time.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    last: Option<Timestamp>,
    elapsed: Elapsed,
}

impl Clock {
    /// Takes the owner's time.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        if let Some(last) = self.last {
            self.elapsed.0 += u64::try_from(now.since_ms(last)).unwrap_or(0).min(GAP_MS_MAX);
        }
        self.last = Some(now);
    }

    /// The owner's last time.
    pub(crate) fn wall(&self) -> Timestamp {
        self.last.unwrap_or_default()
    }

    /// Elapsed time at the owner's last time.
    pub(crate) fn elapsed(&self) -> Elapsed {
        self.elapsed
    }
}

/// Round trips and the partner's clock, from heartbeats.
#[derive(Debug, Default)]
pub(crate) struct Offset {
    /// (round trip, offset) in milliseconds, oldest first.
    samples: VecDeque<(u64, i64)>,
}

impl Offset {
    /// One heartbeat's echo: `echo` is our own time that comes back, `held_ms` how long the partner
    /// kept it, `sent_at` the partner's time of sending.
    pub(crate) fn sample(&mut self, now: Timestamp, echo: Timestamp, held_ms: u64, sent_at: i64) {
        let trip = u64::try_from(now.since_ms(echo)).unwrap_or(0).saturating_sub(held_ms);
        let middle = now.0.saturating_sub(i64::try_from(trip / 2).unwrap_or(i64::MAX));
        if self.samples.len() == SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back((trip, sent_at.saturating_sub(middle)));
    }

    /// Shortest round trip of the last samples, in milliseconds.
    pub(crate) fn round_trip_ms(&self) -> Option<u64> {
        self.samples.iter().map(|(trip, _)| *trip).min()
    }

    /// Partner's clock minus ours, in milliseconds.
    pub(crate) fn offset_ms(&self) -> Option<i64> {
        self.samples.iter().min_by_key(|(trip, _)| *trip).map(|(_, offset)| *offset)
    }
}
