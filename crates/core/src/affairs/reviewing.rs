//! Reviews as a screen needs them: the queue, one item with the exact bytes, the last decisions.

use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::observation::Identity;
use renkei_model::position::MicroPosition;
use renkei_model::statement::{Bilingual, Occurrence, Record, Statement, Subject};
use renkei_model::time::Timestamp;
use renkei_policy::Review;
use serde::Serialize;

use super::machine::Affairs;
use super::review::{ReviewAsked, ReviewDecided, incident_of};
use super::standing::spoken;
use super::view::LogView;
use super::words::both;

/// One record that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewView {
    /// The record.
    pub record: String,
    /// To whom it would go.
    pub to: Nation,
    /// Its kind: `incident`, `identity`, `recall`, …
    pub kind: &'static str,
    /// What it is about, or what it says.
    pub title: Bilingual,
    /// The own incident.
    pub incident: Option<String>,
    /// By how many persons.
    pub review: Review,
    /// Why policy asks.
    pub reason: Bilingual,
    /// The prohibition that asks.
    pub policy: Option<String>,
    /// Who wrote it; `None` where the node did.
    pub asked_by: Option<String>,
    /// Since when.
    pub since_ms: i64,
    /// By when it should be decided.
    pub deadline_ms: i64,
    /// SHA-256 of the bytes that would go.
    pub digest: String,
    /// How many.
    pub bytes: usize,
    /// Approvals that stand.
    pub approvals: Vec<ApprovalView>,
}

/// An approval that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApprovalView {
    /// Who.
    pub person: String,
    /// At which desk.
    pub seat: String,
    /// When.
    pub at_ms: i64,
    /// Until when.
    pub until_ms: i64,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionView {
    /// The record.
    pub record: String,
    /// To whom it would go.
    pub to: Nation,
    /// Yes or no.
    pub approved: bool,
    /// Why, in the person's words.
    pub reason: String,
    /// Who.
    pub by: String,
    /// At which desk.
    pub seat: String,
    /// When.
    pub at_ms: i64,
    /// Until when it stands.
    pub until_ms: i64,
    /// Under which policy set.
    pub policy_version: String,
}

/// One record that waits, whole: what would go, and what this side knows beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReviewDetail {
    /// As in the list.
    pub item: ReviewView,
    /// The exact bytes that were signed and would go, in hexadecimal.
    pub hex: String,
    /// The same, field by field.
    pub fields: Box<Record>,
    /// What stays here: the own view of it.
    pub own: OwnView,
}

/// What stays here of what is reviewed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OwnView {
    /// To whom it happened, as our floor knows it.
    pub subject: Option<Subject>,
    /// Every name of it.
    pub known_as: Vec<Identity>,
    /// Degrees north and east, as our floor knows it.
    pub position: Option<[f64; 2]>,
    /// A person's own words, where a tear-line would go in their place.
    pub words: Option<Bilingual>,
    /// The incident's log.
    pub log: Vec<LogView>,
}

impl Affairs {
    /// What waits for a review, the longest wait first.
    pub(super) fn reviews(&self, now: Timestamp) -> Vec<ReviewView> {
        let queue = self.shown.reviews.queue.values();
        let mut views: Vec<_> = queue.filter_map(|asked| self.review_view(asked, now)).collect();
        views.sort_by_key(|view| (view.since_ms, view.record.clone()));
        views
    }

    /// The last decisions, newest first.
    pub(super) fn decisions(&self) -> Vec<DecisionView> {
        self.shown.reviews.decided.iter().rev().map(decision).collect()
    }

    /// One record that waits, whole.
    #[must_use]
    pub fn review_detail(&self, record: &ObjectId, now: Timestamp) -> Option<ReviewDetail> {
        let asked = self.shown.reviews.queue.get(record)?;
        let (signed, fields) = self.shown.pending_record(record)?;
        Some(ReviewDetail {
            item: self.review_view(asked, now)?,
            hex: signed.bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            own: self.own_view(&fields),
            fields: Box::new(fields),
        })
    }

    fn review_view(&self, asked: &ReviewAsked, now: Timestamp) -> Option<ReviewView> {
        let (signed, record) = self.shown.pending_record(&asked.record)?;
        let approvals = self.shown.reviews.standing(asked, now).map(|a| ApprovalView {
            person: a.person.clone(),
            seat: a.desk.0.clone(),
            at_ms: a.at.0,
            until_ms: a.until.0,
        });
        Some(ReviewView {
            record: asked.record.to_string(),
            to: asked.to,
            kind: renkei_policy::explain::StatementKind::of(&record.statement).code(),
            title: title(&record),
            incident: incident_of(&record).map(ToString::to_string),
            review: asked.review,
            reason: asked.reason.clone(),
            policy: asked.policy.clone(),
            asked_by: self.shown.author_of(&record),
            since_ms: asked.at.0,
            deadline_ms: asked.deadline.0,
            digest: signed.digest().to_hex(),
            bytes: signed.bytes.len(),
            approvals: approvals.collect(),
        })
    }

    fn own_view(&self, record: &Record) -> OwnView {
        let degrees =
            |p: MicroPosition| p.position().map(|p| [p.latitude_deg(), p.longitude_deg()]);
        match &record.statement {
            Statement::Incident(incident) => {
                let Some(own) = self.shown.incidents.get(&incident.incident) else {
                    return OwnView::default();
                };
                OwnView {
                    subject: Some(own.subject.clone()),
                    known_as: own.known_as.iter().cloned().collect(),
                    position: own.position.and_then(degrees),
                    words: None,
                    log: own.log.iter().map(super::present::log_view).collect(),
                }
            }
            Statement::Identity(_) => {
                let held = self.shown.identities.get(&record.id);
                OwnView {
                    known_as: held.iter().flat_map(|h| h.known_as.iter().cloned()).collect(),
                    words: held.and_then(|h| h.own_words.clone()),
                    ..OwnView::default()
                }
            }
            _ => OwnView::default(),
        }
    }
}

fn title(record: &Record) -> Bilingual {
    match &record.statement {
        Statement::Incident(incident) => match &incident.occurrence {
            Occurrence::Reported { text, .. } => text.clone(),
            _ => spoken(&incident.subject),
        },
        Statement::Identity(identity) => spoken(&identity.subject),
        Statement::Recall(recall) => {
            let said = match &recall.what {
                renkei_model::statement::Recalled::Object(object) => object.to_string(),
                renkei_model::statement::Recalled::Alias(alias) => BorderAlias::to_string(alias),
            };
            both(said.clone(), said)
        }
        _ => both(record.id.to_string(), record.id.to_string()),
    }
}

fn decision(decided: &ReviewDecided) -> DecisionView {
    DecisionView {
        record: decided.record.to_string(),
        to: decided.to,
        approved: decided.approved,
        reason: decided.reason.clone(),
        by: decided.by.person.clone(),
        seat: decided.by.seat.0.clone(),
        at_ms: decided.at.0,
        until_ms: decided.until.0,
        policy_version: decided.version.to_hex(),
    }
}
