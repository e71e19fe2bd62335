//! Hostile bytes by the million: what `cargo xtask fuzz` and the short test run.
//!
//! Refuses: chance. The same seed gives the same bytes on any machine. Half of the frames get their
//! parity mended, or nothing behind the parity would ever be tried.

pub mod text;

use renkei_model::time::Timestamp;

use super::encode::seal;
use super::{Frame, Lines, Received, Tracker, avr, beast, readsb};
use crate::FeedContext;

/// A small generator of pseudo-random numbers (splitmix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Starts from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.roll() % n as u64) as usize }
    }

    /// Changes `bytes` in one to four places: a bit flipped, a byte set, cut, doubled or put in.
    pub fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let byte = self.roll() as u8;
            match (self.below(5), bytes.get_mut(at)) {
                (0, Some(slot)) => *slot ^= 1 << (byte % 8),
                (1, Some(slot)) => *slot = byte,
                (2, Some(_)) => bytes.truncate(at),
                (3, Some(slot)) => {
                    let twin = *slot;
                    bytes.insert(at, twin);
                }
                _ => bytes.insert(at, byte),
            }
        }
    }
}

/// What a run met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Inputs given.
    pub inputs: u64,
    /// Frames, lines or reports that came out.
    pub accepted: u64,
    /// Refusals.
    pub rejected: u64,
}

/// Feeds `count` mutations of `corpus` (frames of 7 or 14 bytes) to every Mode S parser, to the
/// tracker and to the JSON printer. Returns; that is the test. `bytes` holds the input that is being
/// tried, for the report of a panic.
#[must_use]
pub fn run(
    seed: u64,
    count: u64,
    corpus: &[&[u8]],
    context: &FeedContext,
    bytes: &mut Vec<u8>,
) -> Tally {
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    let (mut beast, mut avr) = (beast::Deframer::default(), avr::Deframer::default());
    let (mut json, mut lines) = (readsb::Deframer::default(), Lines::new(64));
    let mut tracker = Tracker::new(context.clone());
    for input in 0..count {
        let mut frame = corpus.get(dice.below(corpus.len())).copied().unwrap_or_default().to_vec();
        let is_mended = dice.below(2) == 0;
        if is_mended {
            vary(&mut frame, &mut dice);
        }
        let now = Timestamp(input as i64);
        let mut received = match dice.below(8) {
            0 => {
                *bytes = beast::encode(&frame, dice.roll(), 200);
                dice.mutate(bytes);
                beast.push(bytes)
            }
            1 => {
                *bytes = avr::encode(&frame).into_bytes();
                dice.mutate(bytes);
                avr.push(bytes)
            }
            2 => {
                *bytes = br#"{"hex":"~f0a123","lat":24.5,"lon":125.5,"squawk":"7700"}"#.to_vec();
                dice.mutate(bytes);
                bytes.push(b'\n');
                tally.accepted +=
                    json.push(bytes).iter().filter(|line| line.is_ok()).count() as u64;
                Vec::new()
            }
            _ => {
                *bytes = frame;
                if !is_mended {
                    dice.mutate(bytes);
                }
                tally.rejected += u64::from(Frame::decode(bytes).is_err());
                Received::new(bytes).map(Ok).into_iter().collect()
            }
        };
        for item in received.drain(..) {
            let Ok(mut received) = item else { continue };
            received.at = Some(now);
            tally.accepted += u64::from(tracker.receive(&received, now).is_ok());
            let _ = lines.push(received);
        }
        while lines.next_line(false).is_some() {}
        tally.inputs += 1;
    }
    tally
}

/// Changes up to four bytes, mostly behind the address, and mends the parity.
fn vary(frame: &mut [u8], dice: &mut Dice) {
    let first = if dice.below(4) == 0 { 0 } else { 4 };
    for _ in 0..dice.below(5) {
        let at = first + dice.below(frame.len().saturating_sub(first));
        if let Some(slot) = frame.get_mut(at) {
            *slot = dice.roll() as u8;
        }
    }
    seal(frame, 0);
}
