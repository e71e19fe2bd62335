//! Changes of the release policy (提供方針の変更): one person proposes, another approves, and from
//! then on the new texts decide.
//!
//! The texts, who answered for them, and what the change would have let through of the last day's
//! things lie in the ledger. What was approved last is in force, whatever lies on the disk.
//!
//! Refuses: a change by one person alone, a change of a policy that is no longer in force, and texts
//! that do not read; reading and trying them is the node's.

use minicbor::{Decode, Encode};
use renkei_model::cbor::Digest;
use renkei_model::statement::Signatory;
use renkei_model::time::Timestamp;
use serde::Serialize;

use super::authority::{Act, allow};
use super::command::{TEXT_CHARS_MAX, signatory};
use super::effect::AffairsEffect;
use super::entry::Local;
use super::input::Session;
use super::machine::{Affairs, refused_reply};
use super::refusal::Refusal;
use super::work::Work;

/// The longest set, in bytes of all its texts.
pub const POLICY_BYTES_MAX: usize = 48 * 1024;
/// Decided changes that are shown.
const PAST_MAX: usize = 20;

/// A policy: file names and their Cedar texts, by name ascending.
pub type PolicyTexts = Vec<(String, String)>;

/// A change that was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PolicyProposed {
    /// Its number on this node, from 1, never used again.
    #[n(0)]
    pub change: u64,
    /// The whole set as it is to be.
    #[n(1)]
    pub texts: PolicyTexts,
    /// What names those texts.
    #[n(2)]
    pub policy: Digest,
    /// What names the texts that they are to replace.
    #[n(3)]
    pub before: Digest,
    /// Things of the last day of which more would have crossed.
    #[n(4)]
    pub widens: u64,
    /// Things of the last day of which less would have crossed.
    #[n(5)]
    pub narrows: u64,
    /// Why, in the person's words.
    #[n(6)]
    pub reason: String,
    /// Who.
    #[n(7)]
    pub by: Signatory,
    /// When.
    #[n(8)]
    pub at: Timestamp,
}

/// What became of a proposed change.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PolicyDecided {
    /// Which.
    #[n(0)]
    pub change: u64,
    /// Whether it is in force from here on; else it was declined, or withdrawn by its author.
    #[n(1)]
    pub approved: bool,
    /// Why, in the person's words; may be empty for an approval.
    #[n(2)]
    pub reason: String,
    /// Who.
    #[n(3)]
    pub by: Signatory,
    /// When.
    #[n(4)]
    pub at: Timestamp,
}

/// A change as the node worked it out before it hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyProposal {
    /// The whole set as it is to be; it reads and stands the node's checks.
    pub texts: PolicyTexts,
    /// What names those texts.
    pub policy: Digest,
    /// What names the texts in force.
    pub before: Digest,
    /// Things of the last day of which more would have crossed.
    pub widens: u64,
    /// Things of the last day of which less would have crossed.
    pub narrows: u64,
    /// Why, in the person's words.
    pub reason: String,
}

/// What was proposed and decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Policies {
    last: u64,
    pending: Option<PolicyProposed>,
    past: Vec<(PolicyProposed, PolicyDecided)>,
    in_force: Option<PolicyTexts>,
}

impl Policies {
    pub(super) fn proposed(&mut self, proposed: &PolicyProposed) {
        self.last = self.last.max(proposed.change);
        self.pending = Some(proposed.clone());
    }

    pub(super) fn decided(&mut self, decided: &PolicyDecided) {
        let Some(proposed) = self.pending.take_if(|p| p.change == decided.change) else { return };
        if decided.approved {
            self.in_force = Some(proposed.texts.clone());
        }
        if self.past.len() >= PAST_MAX {
            self.past.remove(0);
        }
        self.past.push((proposed, decided.clone()));
    }

    /// The texts that were approved last; `None` when none ever were.
    pub(super) fn in_force(&self) -> Option<&PolicyTexts> {
        self.in_force.as_ref()
    }

    /// For the screen.
    pub(super) fn view(&self) -> PolicyChanges {
        let past = self.past.iter().rev();
        PolicyChanges {
            pending: self.pending.as_ref().map(view),
            texts: self.pending.as_ref().map(|p| p.texts.clone()),
            past: past.map(|(proposed, decided)| decided_view(proposed, decided)).collect(),
        }
    }
}

/// Changes of the policy, for the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyChanges {
    /// The one that waits for a second person.
    pub pending: Option<PolicyChangeView>,
    /// Its texts.
    pub texts: Option<PolicyTexts>,
    /// Those that were decided, newest first.
    pub past: Vec<PolicyChangeView>,
}

/// One change, for the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyChangeView {
    /// Its number.
    pub change: u64,
    /// What names its texts, 64 hexadecimal digits.
    pub policy: String,
    /// Things of the last day of which more would have crossed.
    pub widens: u64,
    /// Things of the last day of which less would have crossed.
    pub narrows: u64,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at_ms: i64,
    /// Whether it was approved; `None` while it waits.
    pub approved: Option<bool>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at_ms: Option<i64>,
    /// What that person said.
    pub decided_reason: Option<String>,
}

fn view(proposed: &PolicyProposed) -> PolicyChangeView {
    PolicyChangeView {
        change: proposed.change,
        policy: proposed.policy.to_hex(),
        widens: proposed.widens,
        narrows: proposed.narrows,
        reason: proposed.reason.clone(),
        by: proposed.by.person.clone(),
        at_ms: proposed.at.0,
        approved: None,
        decided_by: None,
        decided_at_ms: None,
        decided_reason: None,
    }
}

fn decided_view(proposed: &PolicyProposed, decided: &PolicyDecided) -> PolicyChangeView {
    PolicyChangeView {
        approved: Some(decided.approved),
        decided_by: Some(decided.by.person.clone()),
        decided_at_ms: Some(decided.at.0),
        decided_reason: Some(decided.reason.clone()),
        ..view(proposed)
    }
}

impl Work<'_> {
    /// Puts a change before a second person.
    pub(super) fn propose_policy(
        &mut self,
        by: &Session,
        proposal: PolicyProposal,
    ) -> Result<String, Refusal> {
        check_reason(&proposal.reason, true)?;
        if proposal.texts.iter().map(|(_, text)| text.len()).sum::<usize>() > POLICY_BYTES_MAX {
            return Err(Refusal::new(
                "RK-1431",
                format!("the policy is longer than {} KiB", POLICY_BYTES_MAX / 1024),
                format!("提供方針の文が{}KiBを超えている", POLICY_BYTES_MAX / 1024),
            ));
        }
        let names = proposal.texts.iter().map(|(name, _)| name.as_str());
        if !names.clone().all(is_file_name) || !names.is_sorted_by(|a, b| a < b) {
            return Err(Refusal::new(
                "RK-1437",
                "a policy file is named by small letters, digits and hyphens before `.cedar`, each \
                 name once",
                "提供方針のファイル名は、英小文字、数字及びハイフンに「.cedar」を付したものとし、\
                 重複は認められない",
            ));
        }
        if proposal.policy == proposal.before {
            return Err(Refusal::new(
                "RK-1432",
                "nothing is changed: these texts are in force",
                "現行の提供方針と同一であり、変更がない",
            ));
        }
        if let Some(pending) = &self.state.policies.pending {
            let change = pending.change;
            return Err(Refusal::new(
                "RK-1433",
                format!("change {change} waits for a second person; decide on it first"),
                format!("変更案第{change}号が決裁待ちである。先に処理されたい"),
            ));
        }
        let PolicyProposal { texts, policy, before, widens, narrows, reason } = proposal;
        let change = self.state.policies.last + 1;
        let proposed = PolicyProposed {
            change,
            texts,
            policy,
            before,
            widens,
            narrows,
            reason: reason.trim().into(),
            by: signatory(by),
            at: self.now,
        };
        self.note_down(Local::PolicyProposed(Box::new(proposed)));
        Ok(change.to_string())
    }

    /// Approves a change, declines it, or withdraws one's own.
    pub(super) fn decide_policy(
        &mut self,
        by: &Session,
        change: u64,
        approved: bool,
        reason: &str,
    ) -> Result<String, Refusal> {
        check_reason(reason, !approved)?;
        let pending = self.state.policies.pending.as_ref().filter(|p| p.change == change);
        let pending = pending.cloned().ok_or_else(|| {
            Refusal::new(
                "RK-1434",
                format!("change {change} does not wait for a decision"),
                format!("変更案第{change}号は決裁待ちではない"),
            )
        })?;
        if approved && (pending.by.person == by.person || pending.by.seat == by.seat) {
            return Err(Refusal::new(
                "RK-1435",
                "a second person in another seat must approve it; you can withdraw it",
                "起案者とは別の職にある者の承認を要する。起案者は取下げのみ可能である",
            ));
        }
        self.note_down(Local::PolicyDecided(PolicyDecided {
            change,
            approved,
            reason: reason.trim().into(),
            by: signatory(by),
            at: self.now,
        }));
        if approved {
            self.then.push(AffairsEffect::PolicyInForce { texts: pending.texts });
        }
        Ok(change.to_string())
    }
}

impl Affairs {
    /// Hands a change to a second person, or says why not.
    pub(super) fn propose_policy(
        &mut self,
        request: u64,
        by: &Session,
        proposal: PolicyProposal,
        now: Timestamp,
    ) -> Vec<AffairsEffect> {
        let mut refused = None;
        let mut effects = self.work(now, |work| {
            let allowed = allow(work.state, by, Act::ChangePolicy);
            match allowed.and_then(|()| work.propose_policy(by, proposal)) {
                Ok(id) => work.then.push(AffairsEffect::Reply { request, result: Ok(id) }),
                Err(refusal) => refused = Some(refused_reply(request, refusal)),
            }
        });
        effects.extend(refused);
        effects
    }

    /// Changes of the release policy, durable ones.
    #[must_use]
    pub fn policy_changes(&self) -> PolicyChanges {
        self.shown.policies.view()
    }

    /// The texts of the release policy that was approved last; `None` when none ever was.
    #[must_use]
    pub fn policy_in_force(&self) -> Option<&PolicyTexts> {
        self.shown.policies.in_force()
    }
}

/// A name that is one file beside the others, wherever it is written.
fn is_file_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.strip_suffix(".cedar")
        .is_some_and(|stem| (1..=40).contains(&stem.len()) && stem.chars().all(plain))
}

fn check_reason(reason: &str, wanted: bool) -> Result<(), Refusal> {
    let is_missing = wanted && reason.trim().is_empty();
    if is_missing || reason.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::new(
            "RK-1430",
            format!("say why, in at most {TEXT_CHARS_MAX} characters"),
            format!("理由を{TEXT_CHARS_MAX}字以内で記されたい"),
        ));
    }
    Ok(())
}
