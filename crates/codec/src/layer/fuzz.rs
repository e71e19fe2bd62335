//! Hostile layers by the million: what `cargo xtask fuzz` and the short test run.
//!
//! Refuses: chance. The same seed gives the same bytes on any machine.

use super::Layer;
use crate::modes::fuzz::{Dice, Tally};
use crate::{FeedContext, geojson, kml};

/// Feeds `count` mutations of `corpus` (whole documents) to both readers, and what was read to what
/// draws it. Returns; that is the test. `bytes` holds the document that is being tried, for the report
/// of a panic.
#[must_use]
pub fn run(
    seed: u64,
    count: u64,
    corpus: &[&[u8]],
    _context: &FeedContext,
    bytes: &mut Vec<u8>,
) -> Tally {
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    for _ in 0..count {
        bytes.clear();
        bytes.extend_from_slice(corpus.get(dice.below(corpus.len())).copied().unwrap_or_default());
        dice.mutate(bytes);
        let read = match bytes.first() {
            Some(b'{') => geojson::read(bytes, (dice.below(4) == 0).then_some("NAME")),
            _ => kml::read(bytes),
        };
        match read {
            Ok((layer, left_out)) => {
                tally.accepted += u64::from(draws(&layer));
                tally.rejected += left_out.len() as u64;
            }
            Err(_) => tally.rejected += 1,
        }
        tally.inputs += 1;
    }
    tally
}

/// Whether what was read can be drawn.
fn draws(layer: &Layer) -> bool {
    layer.shapes.is_empty() || !layer.to_geojson().to_string().is_empty()
}
