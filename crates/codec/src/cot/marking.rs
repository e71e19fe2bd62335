//! What an event says of its own confidentiality and its world, in the words of the model.
//!
//! Refuses: widening. A label that the event brings is met with the feed's default; words that are
//! not understood hold the event back.

use std::collections::BTreeSet;

use renkei_model::id::{Nation, Partition};
use renkei_model::label::{Classification, Label};

use super::event::Head;

/// The restriction put on what could not be understood: a person has to look.
const HOLD: &str = "HOLD";
/// Restrictions taken from one event.
const CAVEATS_MAX: usize = 16;
/// Length of one restriction.
const CAVEAT_LEN_MAX: usize = 32;

/// Words between blanks, commas, slashes and other signs, in upper case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
}

/// The classification that `access` names; `None` when it says nothing, `Some(None)` when what it
/// says is not understood.
fn classification(access: &str) -> Option<Option<Classification>> {
    let word = words(access).collect::<Vec<_>>().join(" ");
    let word = word.strip_prefix("NATO ").or(word.strip_prefix("COSMIC ")).unwrap_or(&word);
    Some(match word {
        "" | "UNDEFINED" => return None,
        "U" | "UNCLASSIFIED" | "UNCLASS" | "OPEN" => Some(Classification::Unclassified),
        "R" | "RESTRICTED" | "FOUO" | "CUI" | "OFFICIAL" => Some(Classification::Restricted),
        "C" | "CONFIDENTIAL" => Some(Classification::Confidential),
        "S" | "SECRET" => Some(Classification::Secret),
        "TS" | "TOP SECRET" | "TOPSECRET" => Some(Classification::TopSecret),
        _ => None,
    })
}

/// The feed's label narrowed by what the event says.
pub(super) fn narrow(default: &Label, head: &Head) -> Label {
    let mut label = default.clone();
    match head.access.as_deref().and_then(classification) {
        Some(Some(said)) => label.classification = label.classification.max(said),
        Some(None) => {
            label.restrictive.insert(HOLD.into());
        }
        None => {}
    }
    if let Some(nations) = &head.releasable_to {
        let said: BTreeSet<Nation> = words(nations).filter_map(|word| word.parse().ok()).collect();
        label.releasable_to.retain(|nation| said.contains(nation));
    }
    if let Some(caveat) = &head.caveat {
        let caveats: Vec<String> = words(caveat).collect();
        if caveats.len() > CAVEATS_MAX || caveats.iter().any(|word| word.len() > CAVEAT_LEN_MAX) {
            label.restrictive.insert(HOLD.into());
        }
        let fitting = caveats.into_iter().filter(|word| word.len() <= CAVEAT_LEN_MAX);
        label.restrictive.extend(fitting.take(CAVEATS_MAX).map(|word| match word.as_str() {
            "NF" => "NOFORN".into(),
            "OC" => "ORCON".into(),
            _ => word,
        }));
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
