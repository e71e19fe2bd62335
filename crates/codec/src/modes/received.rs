//! One frame as a receiver handed it over, before it is read.
//!
//! Refuses: frames longer than Mode S has.

use renkei_model::time::Timestamp;

use super::frame::{LONG_LEN, SHORT_LEN};

/// Ticks a second of the counter in Beast and AVR frames.
const TICKS_PER_MS: u64 = 12_000;

/// Counter value by which readsb and dump1090 mark positions that come from multilateration, not
/// from a clock ("\xFF\x00MLAT").
pub(super) const MLAT_MAGIC: u64 = 0xFF00_4D4C_4154;

/// A frame with what the receiver said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    bytes: [u8; LONG_LEN],
    len: usize,
    /// The receiver's 12 MHz counter at the frame's first bit, 48 bits; its zero is any moment.
    pub counter: Option<u64>,
    /// Signal level, 0–255 of full scale.
    pub signal: Option<u8>,
    /// Time of reception where the input tells it.
    pub at: Option<Timestamp>,
}

impl Received {
    /// A frame of 7 or 14 bytes; `None` for another length.
    #[must_use]
    pub fn new(frame: &[u8]) -> Option<Self> {
        let len = frame.len();
        if len != SHORT_LEN && len != LONG_LEN {
            return None;
        }
        let mut bytes = [0; LONG_LEN];
        bytes.iter_mut().zip(frame).for_each(|(slot, byte)| *slot = *byte);
        Some(Self { bytes, len, counter: None, signal: None, at: None })
    }

    /// The same frame with a counter; zero and the multilateration mark are none.
    #[must_use]
    pub fn with_counter(mut self, counter: u64) -> Self {
        self.counter = (counter != 0 && counter != MLAT_MAGIC).then_some(counter);
        self
    }

    /// The frame.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// A clock to measure ages by: the time of reception, or else the counter from its own zero.
    #[must_use]
    pub fn clock(&self) -> Option<Timestamp> {
        let counted = self.counter.map(|ticks| Timestamp((ticks / TICKS_PER_MS) as i64));
        self.at.or(counted)
    }
}
