//! The same for what other decoders tell: SBS-1 lines and `aircraft.json` tables.
//!
//! Refuses: mending. Text has no checksum that would hide what stands behind it.

use renkei_model::time::Timestamp;

use super::{Dice, Tally};
use crate::FeedContext;
use crate::modes::{Tracker, sbs, snapshot, told_line};

/// Feeds `count` mutations of `corpus` (SBS lines that begin with `M`, tables) to both parsers, to the
/// tracker, to the follower of tables and to the JSON printer. Returns; that is the test.
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
    let (mut lines, mut objects) = (sbs::Deframer::default(), snapshot::Deframer::default());
    let mut tracker = Tracker::new(context.clone());
    let mut tables = snapshot::Tables::new(context.clone());
    for input in 0..count {
        *bytes = corpus.get(dice.below(corpus.len())).copied().unwrap_or_default().to_vec();
        let is_line = bytes.first() == Some(&b'M');
        dice.mutate(bytes);
        bytes.push(b'\n');
        let now = Timestamp(input as i64 * 37);
        if is_line {
            for line in lines.push(bytes) {
                let Ok(line) = line else {
                    tally.rejected += 1;
                    continue;
                };
                let at = lines.event_time(&line, now).unwrap_or(now);
                let _ = tracker.tell(&line.told, at, now);
                let _ = told_line(&line.told, line.local);
                tally.accepted += 1;
            }
        } else {
            for aircraft in objects.push(bytes) {
                let Ok(aircraft) = aircraft else {
                    tally.rejected += 1;
                    continue;
                };
                let _ = tables.receive(&aircraft, now);
                let _ = told_line(&aircraft.told(), aircraft.now);
                tally.accepted += 1;
            }
        }
        tally.inputs += 1;
    }
    tally
}
