//! Hostile lines by the million: what `cargo xtask fuzz` and the short test run.
//!
//! Refuses: chance. The same seed gives the same bytes on any machine. Two of three changed
//! lines get their checksum mended, or nothing behind the checksum would ever be tried.

use renkei_model::time::Timestamp;

use super::{Receiver, json_line, to_observation};
use crate::FeedContext;
use crate::modes::fuzz::{Dice, Tally};

/// Feeds `count` changed lines of `corpus` (sentences, tag blocks, prefixes, without line ends) to
/// the receiver, the JSON printer and the observation. Returns; that is the test. `bytes` holds
/// the line that is being tried, for the report of a panic.
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
    let mut receiver = Receiver::default();
    let mut json = String::new();
    for input in 0..count {
        let now = Timestamp((input as i64).saturating_mul(100));
        let line = corpus.get(dice.below(corpus.len())).copied().unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(line);
        match dice.below(3) {
            0 => dice.mutate(bytes),
            1 => {
                dice.mutate(bytes);
                mend(bytes);
            }
            _ => {
                respell(bytes, &mut dice);
                mend(bytes);
            }
        }
        bytes.push(b'\n');
        receiver.push(bytes, now, |item| match item {
            Ok(received) => {
                tally.accepted += 1;
                json.clear();
                json_line(&received, &mut json);
                let _ = to_observation(&received, context, now);
            }
            Err(_) => tally.rejected += 1,
        });
        tally.inputs += 1;
    }
    tally
}

/// Changes up to four characters to others of the payload alphabet.
fn respell(bytes: &mut [u8], dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let six = dice.below(64) as u8;
        if let Some(slot) = bytes.get_mut(at).filter(|b| b.is_ascii_alphanumeric()) {
            *slot = if six < 40 { six + 48 } else { six + 56 };
        }
    }
}

/// Writes the right checksum behind the last `*` that a `!` stands before.
fn mend(bytes: &mut [u8]) {
    let Some(star) = bytes.iter().rposition(|&b| b == b'*') else { return };
    let (body, end) = bytes.split_at_mut(star);
    let Some(start) = body.iter().rposition(|&b| b == b'!') else { return };
    let sum = body.iter().skip(start + 1).fold(0_u8, |sum, b| sum ^ b);
    for (slot, digit) in end.iter_mut().skip(1).zip(format!("{sum:02X}").bytes()) {
        *slot = digit;
    }
}
