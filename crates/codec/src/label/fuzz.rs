//! Hostile labels, bindings and policies: what `cargo xtask fuzz` and the short test run.
//!
//! Refuses: chance. The same seed gives the same bytes on any machine.

use renkei_model::id::Nation;

use super::{binding, read_document, read_spif, to_model, write};
use crate::FeedContext;
use crate::modes::fuzz::{Dice, Tally};

/// Feeds `count` mutations of `corpus` (whole documents) to every reader of labels. What is read must be
/// written and read again the same; that, and returning, is the test. `bytes` holds the document that is
/// being tried, for the report of a panic.
///
/// # Panics
/// When a label that was read is not the same after it was written and read again.
#[must_use]
pub fn run(seed: u64, count: u64, corpus: &[&[u8]], _: &FeedContext, bytes: &mut Vec<u8>) -> Tally {
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    for _ in 0..count {
        bytes.clear();
        bytes.extend_from_slice(corpus.get(dice.below(corpus.len())).copied().unwrap_or_default());
        dice.mutate(bytes);
        let label = read_document(bytes);
        if let Ok((standing, label)) = &label {
            let written = write(*standing, label).ok();
            let again = written.and_then(|xml| read_document(xml.as_bytes()).ok());
            assert_eq!(again.as_ref(), Some(&(*standing, label.clone())), "a label changed");
            assert!(!to_model(label, None, Nation::JPN).not_understood.is_empty());
        }
        let accepted = [
            label.is_ok(),
            binding::read_detached(bytes).is_ok(),
            binding::read_embedded(bytes).is_ok(),
            read_spif(bytes).is_ok(),
        ];
        match accepted.contains(&true) {
            true => tally.accepted += 1,
            false => tally.rejected += 1,
        }
        tally.inputs += 1;
    }
    tally
}
