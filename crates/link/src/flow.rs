//! The credit window: how many bytes may be on their way, so that what is urgent waits for little.
//!
//! Over plain TCP an urgent message of 200 bytes waited 13.9 s behind bulk on a 64 kbit/s link;
//! with a window of 4 KiB 0.5 s. The receiver tells how much it has taken in; the sender measures
//! rate and round trip from that and keeps `clamp(3 × rate × shortest round trip, 4–64 KiB)` in
//! flight.

use std::collections::VecDeque;

use crate::clock::Elapsed;

/// The smallest window: four whole frames.
pub(crate) const WINDOW_MIN: u64 = 4 * 1024;
/// The largest window: 0.5 s at 1 Mbit/s.
pub(crate) const WINDOW_MAX: u64 = 64 * 1024;
/// Round trips' worth of bytes on their way. Two would do on a line that loses nothing; where TCP
/// waits a round trip or two for what was lost, a line of 64 kbit/s that loses 5 % stood still for
/// 45 % of the time.
const WINDOW_TRIPS: u64 = 3;
/// What class 1 may send beyond the window, so that it never waits for credit behind bulk.
const URGENT_RESERVE: u64 = 4 * 1024;
/// The room one more frame needs.
const FRAME_ROOM: u64 = 1024;

/// One frame on its way.
#[derive(Debug)]
struct Flight {
    /// Bytes sent in the session up to its end.
    end: u64,
    sent_at: Elapsed,
    /// Bytes and time of the last credit when it was sent.
    credited: u64,
    credited_at: Elapsed,
}

/// The sender's side of the window, for one session.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    sent: u64,
    credited: u64,
    credited_at: Elapsed,
    flights: VecDeque<Flight>,
    /// Bytes a second, decaying maximum.
    rate: u64,
    /// Shortest in this session. It is never forgotten within one: measured again under load it
    /// would hold our own queue and the window would feed itself.
    round_trip_ms: Option<u64>,
}

impl Flow {
    /// A frame of `bytes` was handed out.
    pub(crate) fn sent(&mut self, bytes: usize, now: Elapsed) {
        if self.in_flight() == 0 {
            self.credited_at = now;
        }
        self.sent += bytes as u64;
        self.flights.push_back(Flight {
            end: self.sent,
            sent_at: now,
            credited: self.credited,
            credited_at: self.credited_at,
        });
    }

    /// The receiver has taken in `total` bytes since the session began; false when that is more
    /// than was sent.
    pub(crate) fn credit(&mut self, total: u64, now: Elapsed) -> bool {
        if total > self.sent {
            return false;
        }
        self.credited = self.credited.max(total);
        self.credited_at = now;
        while let Some(flight) = self.flights.pop_front_if(|flight| flight.end <= total) {
            let trip = now.since(flight.sent_at).max(1);
            self.round_trip_ms = Some(self.round_trip_ms.map_or(trip, |known| known.min(trip)));
            let interval = now.since(flight.credited_at).max(1);
            let rate = (flight.end - flight.credited) * 1000 / interval;
            self.rate = rate.max(self.rate - self.rate / 64);
        }
        true
    }

    /// Bytes on their way.
    pub(crate) fn in_flight(&self) -> u64 {
        self.sent - self.credited
    }

    /// Bytes that may be on their way.
    pub(crate) fn window(&self) -> u64 {
        let product = WINDOW_TRIPS * self.rate * self.round_trip_ms.unwrap_or(0) / 1000;
        product.clamp(WINDOW_MIN, WINDOW_MAX)
    }

    /// Whether one more frame may go; `urgent` = of class 1.
    pub(crate) fn has_room(&self, urgent: bool) -> bool {
        let reserve = if urgent { URGENT_RESERVE } else { 0 };
        self.in_flight() + FRAME_ROOM <= self.window() + reserve
    }

    /// How long the oldest byte on its way has gone without any credit, in milliseconds.
    pub(crate) fn stalled_ms(&self, now: Elapsed) -> u64 {
        match self.flights.front() {
            Some(flight) => now.since(flight.sent_at.max(self.credited_at)),
            None => 0,
        }
    }
}
