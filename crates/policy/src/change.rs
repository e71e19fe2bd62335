//! What a changed policy would let through that the one in force does not, and the reverse, over
//! things that were really seen.
//!
//! A policy knows facts about a thing and not the thing, so that a day of reports is a handful of
//! kinds of thing, each seen so many times. Both policies are asked about each kind.
//!
//! Refuses: to say what *could* cross; that is the prover's ([`crate::proof`]).

use renkei_model::id::Nation;
use renkei_model::statement::Bilingual;
use renkei_model::time::Timestamp;
use serde::Serialize;

use crate::explain::{Case, Explanation, Subject, explain};
use crate::policy::Policy;
use crate::tier::Tier;

/// Things of one kind that were seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What policy may know of them.
    pub case: Case,
    /// How many there were.
    pub things: u64,
    /// Some of them, by the names that the floor has for them.
    pub examples: Vec<String>,
}

/// How much of a thing crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Nothing.
    Nothing,
    /// Up to this tier.
    Tier(Tier),
    /// The whole statement.
    Whole,
}

/// One kind of thing of which another amount would cross.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// To whom.
    pub to: Nation,
    /// What they are.
    pub about: Subject,
    /// How many were seen.
    pub things: u64,
    /// Some of them.
    pub examples: Vec<String>,
    /// What crosses under the policy in force.
    pub before: Reach,
    /// What would cross.
    pub after: Reach,
    /// Why so under the policy in force.
    pub reason_before: Bilingual,
    /// Why so under the changed one.
    pub reason_after: Bilingual,
}

impl Difference {
    /// Whether more would cross than does.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.after > self.before
    }
}

/// All differences between two policies over what was seen, those that widen first, and among them
/// those that concern most things.
#[must_use]
pub fn compare(
    in_force: &Policy,
    changed: &Policy,
    to: Nation,
    seen: &[Seen],
    now: Timestamp,
) -> Vec<Difference> {
    let mut differences: Vec<Difference> = seen
        .iter()
        .filter_map(|seen| {
            let (before, reason_before) = reach(&explain(in_force, &seen.case, to, now));
            let (after, reason_after) = reach(&explain(changed, &seen.case, to, now));
            (before != after).then(|| Difference {
                to,
                about: seen.case.about.clone(),
                things: seen.things,
                examples: seen.examples.clone(),
                before,
                after,
                reason_before,
                reason_after,
            })
        })
        .collect();
    differences.sort_by_key(|d| (!d.widens(), std::cmp::Reverse(d.things)));
    differences
}

/// How far the tiers reach, and the words of the first that does not, or of the last that does.
fn reach(explanations: &[Explanation]) -> (Reach, Bilingual) {
    let none = || Bilingual { en: String::new(), ja: String::new() };
    let refused = explanations.iter().find(|e| !e.permitted);
    let reason = refused.or(explanations.last()).map_or_else(none, |e| e.reason.clone());
    let permitted = explanations.iter().take_while(|e| e.permitted);
    let Some(last) = permitted.last() else { return (Reach::Nothing, reason) };
    let tier = Tier::ALL.into_iter().find(|tier| tier.code() == last.action);
    (tier.map_or(Reach::Whole, Reach::Tier), reason)
}
