//! One option (対応案) and the rules of agreement: two signatures under one hash, never two hashes.
//!
//! No two versions of an option ever carry both signatures. The proof, in four rules that each side
//! keeps and checks of the other:
//! 1. Versions stand in one total order: number, then hash. The current one is the greatest known.
//! 2. A side answers only its current version, and writes only successors of it.
//! 3. A side's offer, receipt or answer of a version shows that it knows it ([`Standing`]): by rule
//!    2 it will answer no lesser one, and its log is in order, so had it done so we would hold it.
//! 4. A side that agreed to one version agrees to another only when it holds proof that the partner
//!    will never agree to the first: by rule 3, or by the partner's final "no".
//!
//! So if both agreed to `a` and to `b`, the side that agreed to `a` first and `b` later held proof
//! that the partner never agrees to `a`: a contradiction. An agreement is therefore for ever once both
//! signatures are held, also where an edit had crossed the partner's answer on the way, and whoever
//! reads the ledgers later finds one text and no other.

use std::collections::BTreeMap;

use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, ObjectId};
use renkei_model::label::Label;
use renkei_model::statement::{Answer, Bilingual, OptionVersion, SideAction, Verdict};
use renkei_model::time::Timestamp;

use super::entry::Draft;
use super::not_taken::NotTaken;
use super::view::Outcome;

/// A version's place among all versions of its option. Neither nation outranks the other: equal
/// numbers, made at the same time on both sides, stand by their hashes.
pub(super) type Standing = (u32, Digest);

/// One option with everything known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opt {
    /// The author's incident of the first version.
    pub(super) incident: ObjectId,
    /// When it was first known here.
    pub(super) since: Timestamp,
    /// The version in hand, not offered.
    pub(super) draft: Option<Draft>,
    /// Offered versions by hash.
    pub(super) versions: BTreeMap<Digest, Version>,
    /// The greatest version each nation has shown to know.
    pub(super) knows: BTreeMap<Nation, Standing>,
    /// The version that both nations agreed to. Never changed once set.
    pub(super) agreed: Option<Digest>,
}

/// One offered version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) version: OptionVersion,
    /// Its hash: what both sign.
    pub(super) digest: Digest,
    /// The label of the record that it came in.
    pub(super) label: Option<Label>,
    /// When its offer was made, by the author's clock.
    pub(super) offered_at: Timestamp,
    /// In the order held here.
    pub(super) answers: Vec<HeldAnswer>,
    /// Who has confirmed holding both signatures, and when by its own clock.
    pub(super) holding: BTreeMap<Nation, Timestamp>,
    /// Who has tasked its own, and when by its own clock.
    pub(super) tasked: BTreeMap<Nation, Timestamp>,
    /// Who has confirmed holding the version.
    pub(super) receipts: BTreeMap<Nation, Timestamp>,
    /// The phrase blocks, where this node wrote it.
    pub(super) blocks: Vec<String>,
    /// Why our policy kept the offer back.
    pub(super) kept: Option<Bilingual>,
}

/// A signed answer as held here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeldAnswer {
    pub(super) answer: Answer,
    /// Hash of the signed record.
    pub(super) record: Digest,
    /// When it was held here, by our clock.
    pub(super) held_at: Timestamp,
}

/// Why an answer cannot be given now.
#[derive(Debug)]
pub(super) enum NotNow<'a> {
    /// Another version stands, or an agreement.
    Replaced,
    /// This side's final answer was given.
    Answered(&'a Answer),
    /// Rule 4: our signature under `live` may still meet the partner's.
    Wait { live: &'a Version, version: &'a Version },
}

impl Version {
    pub(super) fn standing(&self) -> Standing {
        (self.version.number, self.digest)
    }

    /// The one answer of `nation` that cannot be taken back; being referred up is not yet one.
    pub(super) fn final_answer(&self, nation: Nation) -> Option<&HeldAnswer> {
        self.answers.iter().find(|held| {
            held.answer.by.nation == nation
                && !matches!(held.answer.verdict, Verdict::ReferredUp { .. })
        })
    }

    /// Whether `nation` signed it.
    pub(super) fn signed_by(&self, nation: Nation) -> bool {
        self.final_answer(nation).is_some_and(|held| is_signature(&held.answer.verdict))
    }

    /// Whether `nation` has said that it will not sign it.
    pub(super) fn refused_by(&self, nation: Nation) -> bool {
        self.final_answer(nation).is_some_and(|held| !is_signature(&held.answer.verdict))
    }

    pub(super) fn deadline(&self, nation: Nation) -> Option<Timestamp> {
        self.version.deadlines.iter().find(|d| d.nation == nation).map(|d| d.at)
    }

    pub(super) fn action(&self, nation: Nation) -> Option<&SideAction> {
        self.version.actions.iter().find(|a| a.nation == nation)
    }
}

/// Whether a verdict is a signature under the version.
pub(super) fn is_signature(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Agree | Verdict::AgreeWithCaveat { .. })
}

impl Opt {
    pub(super) fn new(incident: ObjectId, since: Timestamp) -> Self {
        Self {
            incident,
            since,
            draft: None,
            versions: BTreeMap::new(),
            knows: BTreeMap::new(),
            agreed: None,
        }
    }

    /// The version that answers go to: the agreed one, else the greatest.
    pub(super) fn current(&self) -> Option<&Version> {
        match self.agreed {
            Some(digest) => self.versions.get(&digest),
            None => self.versions.values().max_by_key(|v| v.standing()),
        }
    }

    pub(super) fn is_current(&self, digest: Digest) -> bool {
        self.current().is_some_and(|v| v.digest == digest)
    }

    /// Notes that `nation` has shown to know a version.
    pub(super) fn shows(&mut self, nation: Nation, standing: Standing) {
        let known = self.knows.entry(nation).or_insert(standing);
        *known = (*known).max(standing);
    }

    /// Whether `nation` can never again answer a version that stands at `standing`.
    pub(super) fn is_past(&self, nation: Nation, standing: Standing) -> bool {
        self.knows.get(&nation).is_some_and(|known| *known > standing)
    }

    /// Rule 4: a version that `by` signed and that `other` may still sign, so that `by` must not sign
    /// `digest` now.
    pub(super) fn live_signature(
        &self,
        by: Nation,
        other: Nation,
        digest: Digest,
    ) -> Option<&Version> {
        self.versions.values().find(|v| {
            v.digest != digest
                && v.signed_by(by)
                && !v.refused_by(other)
                && !self.is_past(other, v.standing())
        })
    }

    /// Whether `by` may now give `verdict` on a version: rules 2 and 4, and one final answer each.
    pub(super) fn may_answer(
        &self,
        by: Nation,
        other: Nation,
        digest: Digest,
        verdict: &Verdict,
    ) -> Result<&Version, NotNow<'_>> {
        let version = self.versions.get(&digest).ok_or(NotNow::Replaced)?;
        if let Some(before) = version.final_answer(by) {
            return Err(NotNow::Answered(&before.answer));
        }
        if self.agreed.is_some() || !self.is_current(digest) || version.kept.is_some() {
            return Err(NotNow::Replaced);
        }
        match self.live_signature(by, other, digest) {
            Some(live) if is_signature(verdict) => Err(NotNow::Wait { live, version }),
            _ => Ok(version),
        }
    }

    /// Whether `from` may have given `verdict` on a version by the rules that it keeps too.
    pub(super) fn may_have_answered(
        &self,
        from: Nation,
        me: Nation,
        digest: Digest,
        verdict: &Verdict,
    ) -> Result<(), NotTaken> {
        let version = self.versions.get(&digest).ok_or(NotTaken::NoSuchVersion)?;
        if version.final_answer(from).is_some() {
            return Err(NotTaken::SecondAnswer);
        }
        if self.is_past(from, version.standing()) {
            return Err(NotTaken::Overtaken);
        }
        let elsewhere = self.agreed.is_some_and(|agreed| agreed != digest)
            || self.live_signature(from, me, digest).is_some();
        if is_signature(verdict) && elsewhere {
            return Err(NotTaken::SecondSignature);
        }
        Ok(())
    }

    /// Adds an offered version.
    pub(super) fn offered(&mut self, version: OptionVersion, at: Timestamp) {
        let digest = version.digest();
        let standing = (version.number, digest);
        self.shows(version.author.nation, standing);
        let blocks = match self.draft.take_if(|d| d.version.digest() == digest) {
            Some(draft) => draft.blocks,
            None => Vec::new(),
        };
        self.versions.entry(digest).or_insert(Version {
            version,
            digest,
            label: None,
            offered_at: at,
            answers: Vec::new(),
            holding: BTreeMap::new(),
            tasked: BTreeMap::new(),
            receipts: BTreeMap::new(),
            blocks,
            kept: None,
        });
    }

    /// Adds an answer, and agreement where it completes one.
    pub(super) fn answered(&mut self, held: HeldAnswer, parties: [Nation; 2]) {
        let digest = held.answer.version;
        let nation = held.answer.by.nation;
        let Some(version) = self.versions.get_mut(&digest) else { return };
        let standing = version.standing();
        version.answers.push(held);
        if self.agreed.is_none() && parties.iter().all(|n| version.signed_by(*n)) {
            self.agreed = Some(digest);
        }
        self.shows(nation, standing);
    }

    /// Whether a version counts for nothing any more.
    pub(super) fn is_void(&self, digest: Digest) -> bool {
        !self.is_current(digest)
    }

    /// How a version came out.
    pub(super) fn outcome(&self, version: &Version) -> Outcome {
        let digest = version.digest;
        let caveat = |h: &HeldAnswer| matches!(h.answer.verdict, Verdict::AgreeWithCaveat { .. });
        let declined = |h: &HeldAnswer| matches!(h.answer.verdict, Verdict::Decline { .. });
        let lapsed = |h: &HeldAnswer| matches!(h.answer.verdict, Verdict::Lapsed);
        if self.agreed == Some(digest) {
            if version.answers.iter().any(caveat) {
                Outcome::AgreedWithCaveat
            } else {
                Outcome::Agreed
            }
        } else if self.is_void(digest) {
            Outcome::Superseded
        } else if version.answers.iter().any(declined) {
            Outcome::NotAgreed
        } else if version.answers.iter().any(lapsed) {
            Outcome::Lapsed
        } else {
            Outcome::Open
        }
    }
}

#[cfg(test)]
mod tests;
