//! What persons state of tracks: these are one thing (同一指定), these are two (別個指定).
//!
//! A statement names identities, never track numbers, which end with the process. It is national,
//! stands until it is withdrawn, outweighs what the points say, and never crosses the border: it may
//! rest on a source that the partner must not know of. Of two statements on the same two names the
//! later one stands; when it is withdrawn the earlier one does again.
//!
//! Refuses: tracks without a name. Their number is all that they have, and it ends with them.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use renkei_model::observation::Identity;
use renkei_model::statement::Signatory;
use renkei_model::time::Timestamp;
use serde::Serialize;

use super::command::{TEXT_CHARS_MAX, signatory};
use super::effect::AffairsEffect;
use super::entry::Local;
use super::input::{About, Session};
use super::machine::Affairs;
use super::refusal::Refusal;
use super::state::State;
use super::work::Work;
use crate::picture::identity_text;

/// Statements that stand at one time, at most: fusion keeps as many pairs and eight names a thing.
const STANDING_MAX: usize = 1_000;

/// One statement, for the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Merge {
    /// Its number on this node, from 1.
    #[n(0)]
    pub number: u64,
    /// The thing.
    #[n(1)]
    pub one: Identity,
    /// What it is, or is not, one with.
    #[n(2)]
    pub others: BTreeSet<Identity>,
    /// One thing, or two.
    #[n(3)]
    pub same: bool,
    /// Why, in the person's words.
    #[n(4)]
    pub reason: String,
    /// Who.
    #[n(5)]
    pub by: Signatory,
    /// When.
    #[n(6)]
    pub at: Timestamp,
}

/// The end of a statement, for the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct MergeWithdrawn {
    /// Which.
    #[n(0)]
    pub number: u64,
    /// Who.
    #[n(1)]
    pub by: Signatory,
    /// When.
    #[n(2)]
    pub at: Timestamp,
}

/// What stands of two names: for the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedPair {
    /// One name.
    pub one: Identity,
    /// The other.
    pub other: Identity,
    /// One thing, two things, or nothing stated any more.
    pub same: Option<bool>,
}

/// A standing statement, as a screen needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MergeView {
    /// To withdraw it by.
    pub number: u64,
    /// The thing, as the screens spell it.
    pub one: String,
    /// What it is, or is not, one with.
    pub others: Vec<String>,
    /// One thing, or two.
    pub same: bool,
    /// Why, as written.
    pub reason: String,
    /// Who.
    pub person: String,
    /// When.
    pub at_ms: i64,
}

/// The statements that stand, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Merges {
    standing: BTreeMap<u64, Merge>,
    last: u64,
}

impl Merges {
    pub(super) fn state(&mut self, merge: &Merge) {
        self.last = self.last.max(merge.number);
        self.standing.insert(merge.number, merge.clone());
    }

    /// The last number given.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Numbers up to `number` were given.
    pub(super) fn not_below(&mut self, number: u64) {
        self.last = self.last.max(number);
    }

    pub(super) fn withdraw(&mut self, number: u64) {
        self.standing.remove(&number);
    }

    /// What stands of the names of `merge` now.
    fn pairs_of(&self, merge: &Merge) -> Vec<StatedPair> {
        let pair = |other: &Identity| {
            let names = [&merge.one, other];
            let latest = self.standing.values().rev().find(|later| later.speaks_of(names));
            let (one, other) = (merge.one.clone(), other.clone());
            StatedPair { one, other, same: latest.map(|later| later.same) }
        };
        merge.others.iter().map(pair).collect()
    }

    /// Everything that stands, for a picture that begins.
    pub(super) fn all(&self) -> Vec<StatedPair> {
        self.standing.values().flat_map(|merge| self.pairs_of(merge)).collect()
    }
}

impl Merge {
    fn speaks_of(&self, [a, b]: [&Identity; 2]) -> bool {
        (self.one == *a && self.others.contains(b)) || (self.one == *b && self.others.contains(a))
    }
}

impl Work<'_> {
    /// States that the track is one thing, or is not, with those beside it.
    pub(super) fn merge(
        &mut self,
        by: &Session,
        about: Option<About>,
        beside: &[About],
        (same, reason): (bool, &str),
    ) -> Result<String, Refusal> {
        let about = about.ok_or_else(|| {
            Refusal::new("RK-1107", "the track is no longer held", "当該航跡は現在保持していない")
        })?;
        if beside.is_empty() {
            return Err(alone(same));
        }
        if reason.trim().is_empty() || reason.chars().count() > TEXT_CHARS_MAX {
            return Err(Refusal::new(
                "RK-1132",
                format!("say why, in at most {TEXT_CHARS_MAX} characters"),
                format!("理由を{TEXT_CHARS_MAX}字以内で記されたい"),
            ));
        }
        let one = name_of(self.state, &about)?;
        let others: BTreeSet<Identity> =
            beside.iter().map(|other| name_of(self.state, other)).collect::<Result<_, _>>()?;
        if others.contains(&one) {
            return Err(Refusal::new(
                "RK-1131",
                "both tracks go by the same name; what stands in two places is told apart by its places",
                "両航跡は同一の識別符号を持つ。符号による指定はできない",
            ));
        }
        if self.state.merges.standing.len() >= STANDING_MAX {
            return Err(Refusal::new(
                "RK-1133",
                format!(
                    "{STANDING_MAX} such statements stand already; withdraw those no longer needed"
                ),
                format!(
                    "同一・別個の指定が{STANDING_MAX}件に達している。不要なものを取り消されたい"
                ),
            ));
        }
        let number = self.state.merges.last + 1;
        let reason = reason.trim().into();
        let (by, at) = (signatory(by), self.now);
        let merge = Merge { number, one, others, same, reason, by, at };
        self.note_down(Local::Merged(Box::new(merge.clone())));
        self.then.push(AffairsEffect::Merged(self.state.merges.pairs_of(&merge)));
        Ok(number.to_string())
    }

    /// Withdraws a statement; what stood before it stands again.
    pub(super) fn withdraw_merge(&mut self, by: &Session, number: u64) -> Result<String, Refusal> {
        let Some(merge) = self.state.merges.standing.get(&number).cloned() else {
            return Err(Refusal::new(
                "RK-1134",
                "this statement stands no more",
                "当該指定は既に取り消されている",
            ));
        };
        let (by, at) = (signatory(by), self.now);
        self.note_down(Local::MergeWithdrawn(MergeWithdrawn { number, by, at }));
        self.then.push(AffairsEffect::Merged(self.state.merges.pairs_of(&merge)));
        Ok(number.to_string())
    }
}

impl Affairs {
    /// The statements that stand, newest first.
    pub(super) fn merges(&self) -> Vec<MergeView> {
        let view = |merge: &Merge| MergeView {
            number: merge.number,
            one: identity_text(&merge.one),
            others: merge.others.iter().map(identity_text).collect(),
            same: merge.same,
            reason: merge.reason.clone(),
            person: merge.by.person.clone(),
            at_ms: merge.at.0,
        };
        self.shown.merges.standing.values().rev().map(view).collect()
    }
}

/// The name that outlasts the process: what a thing calls itself, or the partner's alias for it.
fn name_of(state: &State, about: &About) -> Result<Identity, Refusal> {
    let theirs =
        |name: &&Identity| matches!(name, Identity::Alias(alias) if alias.nation == state.partner);
    let alias = || about.known_as.iter().find(theirs).cloned();
    about.subject.identity.clone().or_else(alias).ok_or_else(|| {
        Refusal::new(
            "RK-1130",
            "a track without a name cannot be named in a statement",
            "識別符号のない航跡は指定できない",
        )
    })
}

fn alone(same: bool) -> Refusal {
    if same {
        Refusal::new(
            "RK-1135",
            "name another track that is held, to be one with this one",
            "同一とする航跡を、保持中の別の航跡から選ばれたい",
        )
    } else {
        Refusal::new(
            "RK-1136",
            "the track is not taken for one thing with any other",
            "当該航跡は他の航跡と同一とは扱われていない",
        )
    }
}
