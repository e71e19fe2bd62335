//! Hostile bytes by the million: what `cargo xtask fuzz` and the short test run.
//!
//! Refuses: chance. The same seed gives the same bytes on any machine.

use renkei_model::id::Partition;
use renkei_model::time::Timestamp;

use super::{Event, LabelWords, Splitter, json_line};
use crate::FeedContext;
use crate::modes::fuzz::{Dice, Tally};

/// Feeds `count` mutations of `corpus` (whole events) to the splitter and on to everything behind it.
/// Returns; that is the test. `bytes` holds the event that is being tried, for the report of a panic.
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
    let (mut splitter, net) = (Splitter::default(), LabelWords::default());
    for input in 0..count {
        bytes.clear();
        bytes.extend_from_slice(corpus.get(dice.below(corpus.len())).copied().unwrap_or_default());
        dice.mutate(bytes);
        let mut items = splitter.push(bytes);
        if dice.below(16) == 0 {
            items.extend(splitter.finish());
        }
        for item in items {
            let event = item.ok().and_then(|document| Event::parse(&document).ok());
            let Some(event) = event else {
                tally.rejected += 1;
                continue;
            };
            let at = Timestamp(input as i64);
            let accepted = event.to_observation(context, &net, &Partition::Real, at).is_ok();
            tally.accepted += u64::from(accepted && !json_line(&event).is_empty());
            tally.rejected += u64::from(event.with_attribute("access", "Secret").is_err());
        }
        tally.inputs += 1;
    }
    tally
}
