//! What an event says of its own confidentiality and its world, in the words of the model.
//!
//! Refuses: widening. A label that the event brings is met with the feed's default; words that are
//! not understood hold the event back.

use std::collections::BTreeSet;

use renkei_model::id::{Nation, Partition};
use renkei_model::label::{Classification, Label};

use super::event::Head;
use super::words::{LabelWords, words};

/// The restriction put on what could not be understood: a person has to look.
const HOLD: &str = "HOLD";
/// Restrictions taken from one event.
const CAVEATS_MAX: usize = 16;
/// Length of one restriction.
const CAVEAT_LEN_MAX: usize = 32;

/// The feed's label narrowed by what the event says. What is not understood is taken for the most
/// restrictive: the highest level and a [`HOLD`] for `access`, nobody for `releasableTo`, and a
/// restriction that no policy knows, so that it withholds, for `caveat`.
pub(super) fn narrow(default: &Label, head: &Head, net: &LabelWords) -> Label {
    let mut label = default.clone();
    match head.access.as_deref().and_then(|access| net.level(access)) {
        Some(Some(said)) => label.classification = label.classification.max(said),
        Some(None) => {
            label.classification = Classification::TopSecret;
            label.restrictive.insert(HOLD.into());
        }
        None => {}
    }
    if let Some(nations) = &head.releasable_to {
        let said: BTreeSet<Nation> = words(nations).filter_map(|word| net.nation(&word)).collect();
        label.releasable_to.retain(|nation| said.contains(nation));
    }
    if let Some(caveat) = &head.caveat {
        let caveats: Vec<String> = words(caveat).collect();
        if caveats.len() > CAVEATS_MAX || caveats.iter().any(|word| word.len() > CAVEAT_LEN_MAX) {
            label.restrictive.insert(HOLD.into());
        }
        let fitting = caveats.into_iter().filter(|word| word.len() <= CAVEAT_LEN_MAX);
        label.restrictive.extend(fitting.take(CAVEATS_MAX).map(|word| net.caveat(word)));
    }
    label
}

/// Whether an event with this `opex` may enter this partition, and if not, why. Operation (`o`) may
/// enter an exercise or a simulation, where real receivers are allowed; never the other way.
pub(super) fn belongs(opex: Option<&str>, partition: &Partition) -> Result<(), String> {
    let Some(opex) = opex else { return Ok(()) };
    let (world, name) = opex.split_once('-').unwrap_or((opex, ""));
    let fits = |id: &str| name.is_empty() || name.eq_ignore_ascii_case(id);
    let belongs = match (world.trim().to_ascii_lowercase().as_str(), partition) {
        ("o" | "", _) => true,
        ("e", Partition::Exercise(id)) | ("s", Partition::Simulation(id)) => fits(id),
        _ => false,
    };
    if belongs {
        Ok(())
    } else {
        Err(format!(
            "the event says opex `{opex}` and this node serves `{partition}`; \
             send it to the node of that partition"
        ))
    }
}
