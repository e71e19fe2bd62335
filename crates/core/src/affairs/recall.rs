//! Recall and change of label (提供取消・回収／秘密指定の変更): what an originator takes back of
//! what it released, and what the partner's node does when it is told.
//!
//! A recall is a signed statement of class 1, so it is the first thing that goes after a cut. What
//! was not sent yet is stopped: its place in the log gets the recall itself. The receiver shows the
//! thing no more and says so, with the time; its ledger keeps what it received, for what was signed
//! is never unmade. A receipt goes back.
//!
//! Refuses: to recall what both must sign (options, answers and what follows from them), and what
//! is not its own. A recall needs no authority that the partner would check: to show less is safe.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::cbor::Digest;
use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::label::Label;
use renkei_model::statement::{
    Bilingual, Ground, Handling, Occurrence, Recall, RecallReceipt, Recalled, Record, Statement,
    Subject, Wording,
};
use renkei_model::time::Timestamp;
use serde::Serialize;

use super::command::{TEXT_CHARS_MAX, signatory};
use super::effect::{AffairsEffect, Place, StatedIdentity};
use super::input::Session;
use super::machine::Affairs;
use super::refusal::Refusal;
use super::state::State;
use super::words::{self, both};
use super::work::Work;

/// A recall that was made here or received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeldRecall {
    pub(super) recall: Recall,
    /// Its record.
    pub(super) record: ObjectId,
    pub(super) digest: Digest,
    /// When it was made or taken here.
    pub(super) at: Timestamp,
    /// Whether anything of it was held here when it came.
    pub(super) held: bool,
    /// The other side's receipt: whether it held anything, and when by its clock.
    pub(super) receipt: Option<(bool, Timestamp)>,
}

/// The recalls of both sides, by their records in the order made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Recalls {
    pub(super) all: BTreeMap<ObjectId, HeldRecall>,
    withdrawn: BTreeSet<Recalled>,
    /// Receipts that this side gave, by recall.
    given: BTreeSet<ObjectId>,
}

impl Recalls {
    /// Whether this object or thing was withdrawn.
    pub(super) fn withdrew(&self, what: &Recalled) -> bool {
        self.withdrawn.contains(what)
    }

    /// Whether `record` tells of something that was withdrawn.
    pub(super) fn covers(&self, record: &Record) -> bool {
        !self.withdrawn.is_empty() && self.withdrew(&Recalled::Object(object_of(record)))
    }

    /// The recall that withdrew an object.
    pub(super) fn of(&self, object: &ObjectId) -> Option<&HeldRecall> {
        let what = Recalled::Object(object.clone());
        self.all
            .values()
            .find(|held| held.recall.what == what && held.recall.handling == Handling::Withdraw)
    }
}

/// The object that a record tells of: the incident, or the record's own statement.
pub(super) fn object_of(record: &Record) -> ObjectId {
    super::review::incident_of(record).unwrap_or(&record.id).clone()
}

/// Why what was recalled before it went stays.
pub(super) fn stopped() -> Bilingual {
    both("recalled before it was sent", "送信前に提供を取り消した")
}

impl State {
    /// A recall stands: `from` made it.
    pub(super) fn recalled(
        &mut self,
        from: Nation,
        (record, digest): (ObjectId, Digest),
        recall: Recall,
        at: Timestamp,
    ) {
        let theirs = from != self.me;
        let mut held = false;
        match (&recall.what, &recall.handling) {
            (what, Handling::Withdraw) => {
                if let Recalled::Object(object) = what {
                    held = self.withdraw(object, theirs, at, from);
                }
                self.recalls.withdrawn.insert(what.clone());
            }
            (Recalled::Object(object), Handling::Relabel { to, .. }) => {
                held = self.relabel(object, to, theirs);
            }
            (Recalled::Alias(_), Handling::Relabel { .. }) => {}
        }
        let entry = HeldRecall { recall, record: record.clone(), digest, at, held, receipt: None };
        self.recalls.all.insert(record, entry);
    }

    /// Takes the content of `object` out of what is shown; whether anything of it was held.
    fn withdraw(&mut self, object: &ObjectId, theirs: bool, at: Timestamp, from: Nation) -> bool {
        if !theirs {
            return true;
        }
        let mut held = self.identities.remove(object).is_some();
        if let Some(their) = self.theirs.get_mut(object) {
            held = true;
            their.record.subject = nobody(&their.record.subject);
            their.record.position = None;
            their.record.occurrence = recalled_occurrence();
        }
        let ours = self.pairs.get(object).cloned();
        if let Some(own) = ours.and_then(|id| self.incidents.get_mut(&id)) {
            let (person, text) = words::recalled(from);
            let incident = own.record.incident.clone();
            own.log.push(super::entry::Line { incident, at, person, text });
            if own.is_hearsay {
                own.subject = nobody(&own.subject);
                own.position = None;
                own.known_as.clear();
                own.record.subject = nobody(&own.record.subject);
                own.record.position = None;
                own.record.occurrence = recalled_occurrence();
            }
        }
        held
    }

    fn relabel(&mut self, object: &ObjectId, to: &Label, theirs: bool) -> bool {
        if theirs {
            let ours = self.pairs.get(object).cloned();
            if let Some(own) = ours.and_then(|id| self.incidents.get_mut(&id)) {
                own.label = own.label.meet(to);
            }
            let their = self.theirs.get_mut(object);
            return their.map(|their| their.label = to.clone()).is_some();
        }
        let partner = self.partner;
        if let Some(own) = self.incidents.get_mut(object) {
            own.label = to.clone();
            own.releasable = to.releasable_to.contains(&partner);
        }
        true
    }

    pub(super) fn recall_confirmed(&mut self, from: Nation, receipt: &RecallReceipt) {
        if from == self.me {
            self.recalls.given.insert(receipt.recall.clone());
        } else if let Some(held) = self.recalls.all.get_mut(&receipt.recall)
            && held.digest == receipt.digest
        {
            held.receipt.get_or_insert((receipt.held, receipt.at));
        }
    }

    /// The label under which an own object was released, while it may still be recalled.
    fn label_of_own(&self, object: &ObjectId) -> Option<Label> {
        let own = self.incidents.get(object).map(|own| own.label.clone());
        own.or_else(|| self.identities.get(object).map(|held| held.label.clone()))
    }
}

/// What is left of a subject whose content was recalled: where it moves.
fn nobody(subject: &Subject) -> Subject {
    Subject { alias: None, identity: None, name: None, domain: subject.domain }
}

/// What a recalled incident says in place of what happened.
pub(super) fn recalled_occurrence() -> Occurrence {
    Occurrence::Reported {
        text: both("recalled by its originator", "作成元により提供取消・回収"),
        wording: Some(Wording::Agreed("recalled".into())),
    }
}

/// What a person asks to recall.
pub(super) enum Target {
    Object(ObjectId),
    Alias(BorderAlias),
}

impl Work<'_> {
    /// Takes back what was released.
    pub(super) fn recall(
        &mut self,
        by: &Session,
        target: Target,
        ground: Ground,
        reason: &str,
    ) -> Result<String, Refusal> {
        check_reason(reason)?;
        let what = match target {
            Target::Object(object) => {
                self.label_of(&object)?;
                Recalled::Object(object)
            }
            Target::Alias(alias) if alias.nation == self.config.nation => Recalled::Alias(alias),
            Target::Alias(_) => return Err(not_ours()),
        };
        if self.state.recalls.withdrew(&what) {
            return Err(Refusal::new("RK-1357", "it is recalled already", "既に取消し済みである"));
        }
        let log = if let Recalled::Object(object) = &what { Some(object.clone()) } else { None };
        let id = self.state_recall(by, what.clone(), Handling::Withdraw, ground);
        if let Some(object) = log.filter(|object| self.state.incidents.contains_key(object)) {
            self.say(&object, &by.person, words::recalled_because(reason));
        }
        self.stop(&what, &id);
        Ok(id.to_string())
    }

    /// Changes the label of what was released: less protection only after two persons agreed.
    pub(super) fn relabel(
        &mut self,
        by: &Session,
        object: ObjectId,
        to: Label,
        (ground, reason): (Ground, &str),
    ) -> Result<String, Refusal> {
        check_reason(reason)?;
        let from = self.label_of(&object)?;
        let to = Label { originator: from.originator, created: self.now, ..to };
        if (Label { created: from.created, ..to.clone() }) == from {
            return Err(Refusal::new(
                "RK-1358",
                "that is the label it has already",
                "現在の表示と同一である",
            ));
        }
        let handling = Handling::Relabel { from: Box::new(from), to: Box::new(to) };
        let is_incident = self.state.incidents.contains_key(&object);
        let id = self.state_recall(by, Recalled::Object(object.clone()), handling, ground);
        if is_incident {
            self.say(&object, &by.person, words::relabelled_because(reason));
        }
        Ok(id.to_string())
    }

    fn state_recall(
        &mut self,
        by: &Session,
        what: Recalled,
        handling: Handling,
        ground: Ground,
    ) -> ObjectId {
        let (by, at) = (signatory(by), self.now);
        self.publish_plain(Statement::Recall(Recall { what, handling, ground, by, at }))
    }

    fn label_of(&self, object: &ObjectId) -> Result<Label, Refusal> {
        if object.node != self.config.nation {
            return Err(not_ours());
        }
        self.state.label_of_own(object).ok_or_else(|| {
            Refusal::new(
                "RK-1356",
                "only an incident or a standing identity statement can be recalled; what both sign \
                 stands",
                "取消し・変更の対象は事案及び有効な識別区分に限る。双方が署名したものは取り消せない",
            )
        })
    }

    /// Stops what of `what` was not sent: it leaves the queue, and its place in the log gets the
    /// recall in its stead.
    fn stop(&mut self, what: &Recalled, recall: &ObjectId) {
        let Recalled::Object(object) = what else {
            if let Recalled::Alias(alias) = what {
                self.then.push(AffairsEffect::Recalled { alias: *alias });
            }
            return;
        };
        self.unqueue(object);
        self.replace_placed(object, recall);
    }

    /// Asks the link to send the recall in place of each record of `object` that it has not sent.
    fn replace_placed(&mut self, object: &ObjectId, recall: &ObjectId) {
        let Some((signed, decoded)) = self.state.pending_record(recall) else { return };
        let (signed, decoded) = (signed.clone(), Box::new(decoded));
        let epoch = self.config.epoch;
        let of = |id: &ObjectId| self.state.pending_record(id).map(|(_, r)| object_of(&r));
        let here = self.state.placed.iter().filter(|((_, place), _)| place.epoch == epoch);
        let places: Vec<(u8, Place, ObjectId)> = here
            .filter(|(_, (id, _))| id != recall && of(id).as_ref() == Some(object))
            .map(|((class, place), (id, _))| (*class, *place, id.clone()))
            .collect();
        let to = self.config.partner.nation;
        for (class, place, stopped) in places {
            let (signed, record) = (signed.clone(), decoded.clone());
            self.then.push(AffairsEffect::Replace { to, class, place, stopped, signed, record });
        }
    }

    /// A record got its place: if it was recalled meanwhile, the place is taken from it again.
    pub(super) fn stop_if_recalled(&mut self, id: &ObjectId) {
        let Some((_, record)) = self.state.pending_record(id) else { return };
        if !self.state.recalls.covers(&record) {
            return;
        }
        let object = object_of(&record);
        let recall = self.state.recalls.of(&object).map(|held| held.record.clone());
        if let Some(recall) = recall {
            self.replace_placed(&object, &recall);
        }
    }

    /// After a start: what a crash kept from being stopped is stopped now.
    pub(super) fn restop(&mut self) {
        let placed: Vec<ObjectId> = self.state.placed.values().map(|(id, _)| id.clone()).collect();
        for id in placed {
            self.stop_if_recalled(&id);
        }
    }

    /// What this side would have said of a recalled incident rested on the partner's words alone: it
    /// leaves the queue, in which somebody could still read it.
    fn unqueue_hearsay(&mut self, object: &ObjectId) {
        let Some(ours) = self.state.pairs.get(object).cloned() else { return };
        if self.state.incidents.get(&ours).is_some_and(|own| own.is_hearsay) {
            self.unqueue(&ours);
        }
    }

    /// Takes every record of `object` out of the queue.
    fn unqueue(&mut self, object: &ObjectId) {
        let queue: Vec<ObjectId> = self.state.reviews.queue.keys().cloned().collect();
        for record in queue {
            let of = self.state.pending_record(&record).map(|(_, record)| object_of(&record));
            if of.as_ref() == Some(object) {
                self.keep(record, Some("recall".into()), stopped());
            }
        }
    }

    /// Nothing of what the partner took back is taken in or waits any more.
    pub(super) fn forget(&mut self, recall: &Recall) {
        match (&recall.what, &recall.handling) {
            (Recalled::Alias(alias), Handling::Withdraw) => {
                self.then.push(AffairsEffect::Recalled { alias: *alias });
            }
            (Recalled::Object(object), Handling::Withdraw) => self.unqueue_hearsay(object),
            (_, Handling::Relabel { .. }) => {}
        }
    }

    /// The identity statement that `record` takes back, as the picture must be told: it ends now.
    pub(super) fn ended_by(&self, record: &Record) -> Option<StatedIdentity> {
        let Statement::Recall(Recall { what: Recalled::Object(id), handling, .. }) =
            &record.statement
        else {
            return None;
        };
        let held = self.state.identities.get(id).filter(|_| *handling == Handling::Withdraw)?;
        let mut statement = held.statement.clone();
        statement.expires = self.now;
        Some(StatedIdentity {
            record: id.clone(),
            nation: id.node,
            statement,
            made_at: held.made_at,
            known_as: held.known_as.clone(),
            by: None,
        })
    }

    /// Tells the originator of each recall that it was carried out here.
    pub(super) fn confirm_recalls(&mut self) {
        let me = self.config.nation;
        let recalls = &self.state.recalls;
        let due: Vec<RecallReceipt> = recalls
            .all
            .values()
            .filter(|held| held.recall.by.nation != me && !recalls.given.contains(&held.record))
            .map(|held| RecallReceipt {
                recall: held.record.clone(),
                digest: held.digest,
                held: held.held,
                at: held.at,
            })
            .collect();
        for receipt in due {
            self.publish_plain(Statement::RecallReceipt(receipt));
        }
    }
}

fn check_reason(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() || reason.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::new(
            "RK-1359",
            format!("say why, in at most {TEXT_CHARS_MAX} characters; it does not cross"),
            format!("理由を{TEXT_CHARS_MAX}字以内で記されたい（提供されない）"),
        ));
    }
    Ok(())
}

fn not_ours() -> Refusal {
    Refusal::new(
        "RK-1361",
        "only its originator recalls it or changes its label",
        "取消し及び表示の変更は作成元のみが行う",
    )
}

/// A recall or a change of label, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecallView {
    /// The recall's record.
    pub id: String,
    /// Whose.
    pub owner: Nation,
    /// The recalled object; the incident's or statement's id.
    pub object: Option<String>,
    /// The own incident that it concerns.
    pub incident: Option<String>,
    /// The recalled thing.
    pub alias: Option<BorderAlias>,
    /// The new label; `None` where it was withdrawn.
    pub label: Option<Label>,
    /// The label before.
    pub label_before: Option<Label>,
    /// Why.
    pub ground: Ground,
    /// Who.
    pub by: String,
    /// In which seat.
    pub seat: String,
    /// By the originator's clock.
    pub at_ms: i64,
    /// When the other side did it, by its clock; of the partner's recall, when we did, by ours.
    pub done_ms: Option<i64>,
    /// Whether the receiver held anything of it.
    pub held: Option<bool>,
}

impl Affairs {
    /// Recalls of both sides, newest first.
    pub(super) fn recall_views(&self) -> Vec<RecallView> {
        let view = |held: &HeldRecall| {
            let recall = &held.recall;
            let (object, alias) = match &recall.what {
                Recalled::Object(object) => (Some(object), None),
                Recalled::Alias(alias) => (None, Some(*alias)),
            };
            let (label_before, label) = match &recall.handling {
                Handling::Withdraw => (None, None),
                Handling::Relabel { from, to } => {
                    (Some(from.as_ref().clone()), Some(to.as_ref().clone()))
                }
            };
            let ours = recall.by.nation == self.config.nation;
            let incident = object.and_then(|id| self.shown.own_incident(id));
            RecallView {
                id: held.record.to_string(),
                owner: recall.by.nation,
                object: object.map(ToString::to_string),
                incident: incident.map(|own| own.record.incident.to_string()),
                alias,
                label,
                label_before,
                ground: recall.ground,
                by: recall.by.person.clone(),
                seat: recall.by.seat.0.clone(),
                at_ms: recall.at.0,
                done_ms: if ours { held.receipt.map(|r| r.1.0) } else { Some(held.at.0) },
                held: if ours { held.receipt.map(|r| r.0) } else { Some(held.held) },
            }
        };
        let mut views: Vec<_> = self.shown.recalls.all.values().map(view).collect();
        views.sort_by_key(|view| (std::cmp::Reverse(view.at_ms), view.id.clone()));
        views
    }

    /// Whether a thing was recalled: it is neither sent nor shown any more.
    #[must_use]
    pub fn is_recalled(&self, alias: BorderAlias) -> bool {
        self.shown.recalls.withdrew(&Recalled::Alias(alias))
    }
}
