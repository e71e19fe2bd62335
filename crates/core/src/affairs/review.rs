//! Human release (提供審査): what policy asks a person about, who decided what, and until when.
//!
//! A record that policy asks about waits in a queue, by partner. A release officer or the commander
//! sees the exact bytes that would go, and approves them with an end, or refuses; each decision lies
//! in the ledger. Whether approvals are enough is policy's to say: this module hands them over with
//! the record and never decides.
//!
//! Refuses: a decision on bytes that are no longer those on the screen, one without a reason or an
//! end, a second one of the same person or desk, and silence as consent: what nobody decides stays.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::{Nation, ObjectId};
use renkei_model::statement::{Bilingual, Occurrence, Record, Signatory, SignedRecord, Statement};
use renkei_model::time::Timestamp;
use renkei_policy::Review;
use renkei_policy::review::{Approval, substance, suffices};

use super::command::{TEXT_CHARS_MAX, signatory};
use super::effect::{AffairsEffect, Severity};
use super::entry::{Entry, Kept, Local};
use super::input::Session;
use super::refusal::Refusal;
use super::settle::severity;
use super::state::State;
use super::words::both;
use super::work::{Work, class_of};

/// How long an approval may stand, seconds: a minute to a week.
const FOR_S: std::ops::RangeInclusive<u32> = 60..=604_800;
/// Decisions that the screen still shows.
const DECIDED_SHOWN: usize = 50;
/// The `policy` of a [`Kept`] whose record a newer one replaced in the queue.
const REPLACED: &str = "review:replaced";
/// The `policy` of a [`Kept`] that a person refused.
const REFUSED: &str = "review:refused";

/// Policy asked for a review.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReviewAsked {
    /// To whom it would go.
    #[n(0)]
    pub to: Nation,
    /// The record.
    #[n(1)]
    pub record: ObjectId,
    /// What of it is reviewed.
    #[n(2)]
    pub substance: Digest,
    /// By how many persons.
    #[n(3)]
    pub review: Review,
    /// The prohibition that asks.
    #[n(4)]
    pub policy: Option<String>,
    /// Its words.
    #[n(5)]
    pub reason: Bilingual,
    /// The version of the policy set.
    #[n(6)]
    pub version: Digest,
    /// When it was asked.
    #[n(7)]
    pub at: Timestamp,
    /// When it should be decided; past it, it stays in the queue and is shown as overdue.
    #[n(8)]
    pub deadline: Timestamp,
}

/// One person's decision.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ReviewDecided {
    /// To whom it would go.
    #[n(0)]
    pub to: Nation,
    /// The record.
    #[n(1)]
    pub record: ObjectId,
    /// SHA-256 of the bytes that were on the screen.
    #[n(2)]
    pub digest: Digest,
    /// What of them was reviewed.
    #[n(3)]
    pub substance: Digest,
    /// Yes or no.
    #[n(4)]
    pub approved: bool,
    /// Why, in the person's words. It never crosses.
    #[n(5)]
    pub reason: String,
    /// Until when it stands; of a refusal the same as `at`.
    #[n(6)]
    pub until: Timestamp,
    /// Who.
    #[n(7)]
    pub by: Signatory,
    /// Under which policy set.
    #[n(8)]
    pub version: Digest,
    /// When.
    #[n(9)]
    pub at: Timestamp,
}

impl ReviewDecided {
    fn approval(&self) -> Approval {
        Approval {
            to: self.to,
            substance: self.substance,
            policy: self.version,
            desk: self.by.seat.clone(),
            person: self.by.person.clone(),
            at: self.at,
            until: self.until,
        }
    }
}

/// What is reviewed, for whom.
type Matter = (Nation, Digest);

/// The reviews of this node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reviews {
    /// What waits, by record.
    pub(super) queue: BTreeMap<ObjectId, ReviewAsked>,
    /// Approvals by what they are of; those that are over leave with the next decision.
    approvals: BTreeMap<Matter, Vec<Approval>>,
    refused: BTreeSet<Matter>,
    /// The last decisions, newest last.
    pub(super) decided: Vec<ReviewDecided>,
}

impl Reviews {
    pub(super) fn asked(&mut self, asked: &ReviewAsked) {
        self.queue.insert(asked.record.clone(), asked.clone());
    }

    pub(super) fn decide(&mut self, decided: &ReviewDecided) {
        for approvals in self.approvals.values_mut() {
            approvals.retain(|approval| approval.until > decided.at);
        }
        self.approvals.retain(|_, approvals| !approvals.is_empty());
        let matter = (decided.to, decided.substance);
        if decided.approved {
            self.approvals.entry(matter).or_default().push(decided.approval());
        } else {
            self.approvals.remove(&matter);
            self.refused.insert(matter);
        }
        self.decided.push(decided.clone());
        if self.decided.len() > DECIDED_SHOWN {
            self.decided.remove(0);
        }
    }

    /// The record waits no more.
    pub(super) fn done(&mut self, record: &ObjectId) {
        self.queue.remove(record);
    }

    /// Every approval of a record for `to`, those that are over among them: policy judges.
    pub(super) fn approvals_of(&self, to: Nation, record: &Record) -> Vec<Approval> {
        if self.approvals.is_empty() {
            return Vec::new();
        }
        self.approvals.get(&(to, substance(record))).cloned().unwrap_or_default()
    }

    /// The approvals of what waits that stand at `now`.
    pub(super) fn standing<'a>(
        &'a self,
        asked: &'a ReviewAsked,
        now: Timestamp,
    ) -> impl Iterator<Item = &'a Approval> {
        let of = self.approvals.get(&(asked.to, asked.substance)).into_iter().flatten();
        of.filter(move |a| a.policy == asked.version && a.until > now)
    }

    fn is_refused(&self, to: Nation, substance: Digest) -> bool {
        self.refused.contains(&(to, substance))
    }
}

/// The incident that a record tells of.
pub(super) fn incident_of(record: &Record) -> Option<&ObjectId> {
    match &record.statement {
        Statement::Incident(incident) => Some(&incident.incident),
        _ => None,
    }
}

impl State {
    /// A pending record, decoded.
    pub(super) fn pending_record(&self, id: &ObjectId) -> Option<(&SignedRecord, Record)> {
        let signed = self.pending.get(id)?;
        Some((signed, from_canonical(&signed.bytes).ok()?))
    }

    /// Marks the incident of `record` as waiting for a review, or not.
    pub(super) fn waits(&mut self, record: &ObjectId, waits: bool) {
        let incident = self.pending_record(record).and_then(|(_, r)| incident_of(&r).cloned());
        if let Some(own) = incident.and_then(|id| self.incidents.get_mut(&id)) {
            own.waits = waits;
        }
    }

    /// A record of an incident has its place in the border log: policy let it go.
    pub(super) fn went(&mut self, record: &ObjectId) {
        let incident = self.pending_record(record).and_then(|(_, r)| incident_of(&r).cloned());
        if let Some(own) = incident.and_then(|id| self.incidents.get_mut(&id)) {
            own.waits = false;
            own.went = true;
        }
    }
}

impl Work<'_> {
    /// Policy did not release a record: it stays for good, or waits for persons.
    pub(super) fn withheld(
        &mut self,
        id: ObjectId,
        policy: Option<String>,
        reason: Bilingual,
        review: Option<(Review, Digest)>,
    ) {
        let Some((_, record)) = self.state.pending_record(&id) else { return };
        let Some((review, version)) = review else { return self.keep(id, policy, reason) };
        let to = self.config.partner.nation;
        let substance = substance(&record);
        if self.state.recalls.covers(&record) {
            return self.keep(id, Some("recall".into()), super::recall::stopped());
        }
        if self.state.reviews.is_refused(to, substance) {
            return self.keep(id, Some(REFUSED.into()), refused_words());
        }
        let held = self.state.reviews.queue.get(&id);
        if held.is_some_and(|held| held.version == version && held.review == review) {
            return;
        }
        if let Some(incident) = incident_of(&record) {
            self.replace_in_queue(&id, incident);
        }
        let minutes = match &record.statement {
            Statement::Incident(incident) => match severity(&incident.occurrence) {
                Severity::Distress => 5,
                Severity::Alert => 15,
                Severity::Notice => 60,
            },
            Statement::Recall(_) => 5,
            _ => 60,
        };
        let (at, record) = (self.now, id);
        let deadline = at.plus_ms(minutes * 60_000);
        let asked =
            ReviewAsked { to, record, substance, review, policy, reason, version, at, deadline };
        self.note_down(Local::Asked(Box::new(asked)));
        self.then.push(AffairsEffect::Changed);
    }

    /// A newer record of an incident stands in place of the older one in the queue.
    fn replace_in_queue(&mut self, id: &ObjectId, incident: &ObjectId) {
        let same = |queued: &&ObjectId| {
            let record = self.state.pending_record(queued).map(|(_, record)| record);
            *queued != id && record.is_some_and(|r| incident_of(&r) == Some(incident))
        };
        let older: Vec<ObjectId> = self.state.reviews.queue.keys().filter(same).cloned().collect();
        for record in older {
            let reason =
                both("a newer record of the incident waits", "後続の記録が審査を待っている");
            self.keep(record, Some(REPLACED.into()), reason);
        }
    }

    /// Keeps a record here.
    pub(super) fn keep(&mut self, record: ObjectId, policy: Option<String>, reason: Bilingual) {
        let (at, partner) = (self.now, Some(self.config.partner.nation));
        self.write(Entry::Kept(Kept { record, policy, reason, at, partner }));
    }

    /// A release officer or the commander decides about what waits.
    pub(super) fn review(
        &mut self,
        by: &Session,
        record: &ObjectId,
        digest: Digest,
        (approved, for_s): (bool, u32),
        reason: &str,
    ) -> Result<String, Refusal> {
        let asked = self.state.reviews.queue.get(record).cloned().ok_or_else(not_queued)?;
        let (signed, decoded) = self.state.pending_record(record).ok_or_else(not_queued)?;
        if signed.digest() != digest {
            return Err(Refusal::new(
                "RK-1351",
                "what waits is no longer what was on the screen; look again",
                "審査対象が画面の表示から変わっている。再度確認されたい",
            ));
        }
        if reason.trim().is_empty() || reason.chars().count() > TEXT_CHARS_MAX {
            return Err(Refusal::new(
                "RK-1352",
                format!("say why, in at most {TEXT_CHARS_MAX} characters"),
                format!("審査の理由を{TEXT_CHARS_MAX}字以内で記されたい"),
            ));
        }
        if approved && !FOR_S.contains(&for_s) {
            return Err(Refusal::new(
                "RK-1353",
                "an approval stands for 60 seconds to 7 days",
                "承認の有効期間は60秒以上7日以内とされたい",
            ));
        }
        let (me, at) = (signatory(by), self.now);
        self.check_reviewer(&asked, &me, &decoded, approved)?;
        let until = if approved { at.plus_ms(i64::from(for_s) * 1_000) } else { at };
        let (signed, ReviewAsked { to, substance, version, review, .. }) = (signed.clone(), asked);
        self.note_down(Local::Decided(Box::new(ReviewDecided {
            to,
            record: record.clone(),
            digest,
            substance,
            approved,
            reason: reason.trim().into(),
            until,
            by: me,
            version,
            at,
        })));
        if approved {
            let approvals = self.state.reviews.approvals_of(to, &decoded);
            if suffices(review, &approvals, (to, substance, version), at) {
                let class = class_of(&decoded.statement);
                let record = Box::new(decoded);
                self.then.push(AffairsEffect::Send { to, class, signed, record, approvals });
            }
        } else {
            self.keep(record.clone(), Some(REFUSED.into()), refused_words());
        }
        Ok(record.to_string())
    }

    /// Who may not decide: whoever wrote it, and who has decided already, in person or at the desk.
    fn check_reviewer(
        &self,
        asked: &ReviewAsked,
        by: &Signatory,
        record: &Record,
        approved: bool,
    ) -> Result<(), Refusal> {
        if approved && self.state.author_of(record).as_deref() == Some(by.person.as_str()) {
            return Err(Refusal::new(
                "RK-1355",
                "whoever wrote it does not review it; ask another person",
                "起案者は自らの案件を審査できない。他の者に依頼されたい",
            ));
        }
        let mut standing = self.state.reviews.standing(asked, self.now);
        if approved && standing.any(|a| a.person == by.person || a.desk == by.seat) {
            return Err(Refusal::new(
                "RK-1354",
                "the second person must be another one at another desk",
                "二人目の審査は、異なる配置の別の者が行わなければならない",
            ));
        }
        Ok(())
    }
}

impl State {
    /// The person who wrote what `record` tells, as far as it is known here.
    pub(super) fn author_of(&self, record: &Record) -> Option<String> {
        match &record.statement {
            Statement::Identity(_) => {
                let by = self.identities.get(&record.id)?.by.as_ref()?;
                Some(by.person.clone())
            }
            Statement::Incident(incident) => {
                // What a rule raised, or the partner told, nobody here wrote.
                let own = self.incidents.get(&incident.incident)?;
                let by_hand = matches!(incident.occurrence, Occurrence::Reported { .. });
                if own.is_hearsay || !by_hand {
                    return None;
                }
                own.log.iter().map(|l| &l.person).find(|person| !person.is_empty()).cloned()
            }
            // The one who asks for a downgrade may be one of the two who agree to it.
            _ => None,
        }
    }
}

/// Whether a [`Kept`] only made room for a newer record.
pub(super) fn is_replaced(kept: &Kept) -> bool {
    kept.policy.as_deref() == Some(REPLACED)
}

fn not_queued() -> Refusal {
    Refusal::new(
        "RK-1350",
        "nothing of this name waits for a review; it was decided, replaced or recalled",
        "該当する審査待ちの案件はない。既に処理、差替え又は取消しがなされている",
    )
}

fn refused_words() -> Bilingual {
    both("a release officer refused it", "提供審査により不提供とされた")
}
