//! Destruction of bodies in the ledger (廃棄): one person proposes, another approves, the store carries
//! it out. Only what stayed at home may go: what crossed lies in two ledgers, and neither side alone
//! destroys it.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use renkei_model::statement::{Bilingual, Signatory};
use renkei_model::time::Timestamp;

use super::command::{TEXT_CHARS_MAX, signatory};
use super::effect::AffairsEffect;
use super::entry::Local;
use super::input::Session;
use super::refusal::Refusal;
use super::state::State;
use super::work::Work;

/// Records that one proposal may name.
const RECORDS_MAX: usize = 4_096;

/// A step towards destruction.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Destruction {
    /// One person proposes.
    #[n(0)]
    Proposed(#[n(0)] Proposal),
    /// Another approves.
    #[n(1)]
    Approved(#[n(0)] DestructionApproval),
}

/// That bodies be destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Proposal {
    /// Its number on this node, from 1.
    #[n(0)]
    pub number: u64,
    /// Numbers of records in the own ledger, ascending.
    #[n(1)]
    pub records: BTreeSet<u64>,
    /// Why.
    #[n(2)]
    pub reason: Bilingual,
    /// Under which rule, as it is cited.
    #[n(3)]
    pub authority: String,
    /// Who.
    #[n(4)]
    pub by: Signatory,
    /// When.
    #[n(5)]
    pub at: Timestamp,
}

/// A second person's approval.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DestructionApproval {
    /// Of which proposal.
    #[n(0)]
    pub number: u64,
    /// Who.
    #[n(1)]
    pub by: Signatory,
    /// When.
    #[n(2)]
    pub at: Timestamp,
    /// The last numbers given, which the bodies that go may have been the only ones to hold: none is
    /// ever given twice.
    #[n(3)]
    pub last: LastNumbers,
}

/// The last numbers given on this node.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LastNumbers {
    /// To an object.
    #[n(0)]
    pub object: u64,
    /// To a watch.
    #[n(1)]
    pub watch: u64,
    /// To a statement that tracks are one thing, or two.
    #[n(2)]
    pub merge: u64,
}

/// What was proposed, and the approval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Destructions {
    pub(super) proposed: BTreeMap<u64, (Proposal, Option<DestructionApproval>)>,
}

impl State {
    pub(super) fn destruction(&mut self, step: &Destruction) {
        match step {
            Destruction::Proposed(proposal) => {
                self.destructions.proposed.insert(proposal.number, (proposal.clone(), None));
            }
            Destruction::Approved(approval) => {
                self.counter = self.counter.max(approval.last.object);
                self.last_watch = self.last_watch.max(approval.last.watch);
                self.merges.not_below(approval.last.merge);
                if let Some((_, held)) = self.destructions.proposed.get_mut(&approval.number) {
                    *held = Some(approval.clone());
                }
            }
        }
    }

    /// The orders that stand: the store knows which of them it has carried out.
    pub(super) fn orders_of_destruction(&self) -> impl Iterator<Item = AffairsEffect> + '_ {
        self.destructions.proposed.values().filter_map(|(proposal, approval)| {
            let (proposal, approval) = (proposal.clone(), approval.clone()?);
            Some(AffairsEffect::Destroy(Box::new((proposal, approval))))
        })
    }
}

impl Work<'_> {
    /// Proposes that bodies be destroyed.
    pub(super) fn propose_destruction(
        &mut self,
        by: &Session,
        records: BTreeSet<u64>,
        reason: Bilingual,
        authority: &str,
    ) -> Result<String, Refusal> {
        let said = |text: &str| (1..=TEXT_CHARS_MAX).contains(&text.trim().chars().count());
        if !said(&reason.en) || !said(&reason.ja) || !said(authority) {
            return Err(Refusal::new(
                "RK-1310",
                "say why in both languages, and under which rule",
                "廃棄の理由（日英）及び根拠規定を記されたい",
            ));
        }
        if records.is_empty() || records.len() > RECORDS_MAX {
            return Err(Refusal::new(
                "RK-1311",
                format!("name 1 to {RECORDS_MAX} records"),
                format!("対象記録を1件以上{RECORDS_MAX}件以内で指定されたい"),
            ));
        }
        let number = self.state.destructions.proposed.keys().last().map_or(1, |last| last + 1);
        let proposal = Proposal {
            number,
            records,
            reason,
            authority: authority.trim().into(),
            by: signatory(by),
            at: self.now,
        };
        self.note_down(Local::Destruction(Box::new(Destruction::Proposed(proposal))));
        Ok(number.to_string())
    }

    /// Approves another person's proposal: the bodies go.
    pub(super) fn approve_destruction(
        &mut self,
        by: &Session,
        number: u64,
    ) -> Result<String, Refusal> {
        let Some((proposal, None)) = self.state.destructions.proposed.get(&number).cloned() else {
            return Err(Refusal::new(
                "RK-1312",
                "there is no such proposal, or it was approved already",
                "当該廃棄案は存在しないか、既に承認されている",
            ));
        };
        if proposal.by.person == by.person {
            return Err(Refusal::new(
                "RK-1313",
                "who proposed it cannot approve it; a second person does",
                "起案者本人は承認できない。別の者の承認を要する",
            ));
        }
        let last = LastNumbers {
            object: self.state.counter,
            watch: self.state.last_watch,
            merge: self.state.merges.last(),
        };
        let approval = DestructionApproval { number, by: signatory(by), at: self.now, last };
        let approved = Destruction::Approved(approval.clone());
        self.note_down(Local::Destruction(Box::new(approved)));
        self.then.push(AffairsEffect::Destroy(Box::new((proposal, approval))));
        Ok(number.to_string())
    }
}
