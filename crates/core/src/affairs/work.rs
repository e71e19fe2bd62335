//! One input's work: entries are written and applied as they are decided, what may leave is kept
//! back for the batch's ticket.

use renkei_model::id::ObjectId;
use renkei_model::label::Label;
use renkei_model::seat::Authority;
use renkei_model::statement::{
    Incident, IncidentState, RECORD_VERSION, Record, Signatory, Statement,
};
use renkei_model::time::Timestamp;

use super::AffairsConfig;
use super::effect::AffairsEffect;
use super::entry::{Entry, Line, Local};
use super::notices::Notices;
use super::sign::sign;
use super::state::State;

/// Border class of decisions: seats too, so that an answer never comes before the notice of the
/// seat that gave it.
const CLASS_DECISIONS: u8 = 1;
/// Border class of alerts, incidents and what describes them.
const CLASS_INCIDENTS: u8 = 2;
/// Border class of documents and of what is notarised: nothing waits for it.
const CLASS_DOCUMENTS: u8 = 4;

/// The border class that a statement goes in.
pub(super) fn class_of(statement: &Statement) -> u8 {
    match statement {
        Statement::Incident(_) | Statement::Zone(_) | Statement::Identity(_) => CLASS_INCIDENTS,
        Statement::Notarial(_) => CLASS_DOCUMENTS,
        _ => CLASS_DECISIONS,
    }
}

/// A batch in the making.
pub(super) struct Work<'a> {
    pub(super) config: &'a AffairsConfig,
    /// With everything written so far.
    pub(super) state: &'a mut State,
    /// The alerts of this process that wait for a judgement.
    pub(super) notices: &'a mut Notices,
    pub(super) now: Timestamp,
    pub(super) entries: Vec<Entry>,
    /// What follows once the batch is durable.
    pub(super) then: Vec<AffairsEffect>,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        config: &'a AffairsConfig,
        state: &'a mut State,
        notices: &'a mut Notices,
        now: Timestamp,
    ) -> Self {
        Self { config, state, notices, now, entries: Vec::new(), then: Vec::new() }
    }

    /// Writes an entry: from here on it counts, and it is durable before anybody hears of it.
    pub(super) fn write(&mut self, entry: Entry) {
        self.state.apply(&entry);
        self.entries.push(entry);
    }

    /// Writes what concerns this node alone.
    pub(super) fn note_down(&mut self, local: Local) {
        self.write(Entry::Local(Box::new(local)));
    }

    /// The own object number `ahead` places on, from 1.
    pub(super) fn id(&self, ahead: u64) -> ObjectId {
        ObjectId {
            node: self.config.nation,
            partition: self.config.partition.clone(),
            epoch: self.config.epoch,
            counter: self.state.counter + ahead,
        }
    }

    /// Signs and writes a statement under `label`; it goes to the partner if policy lets it.
    pub(super) fn publish(&mut self, id: ObjectId, label: Label, statement: Statement) -> ObjectId {
        let class = class_of(&statement);
        let record = Record {
            version: RECORD_VERSION,
            id: id.clone(),
            made_at: self.now,
            label: Label { created: self.now, ..label },
            statement,
        };
        let signed = sign(&self.config.key, &record);
        self.write(Entry::Own(signed.clone()));
        let to = self.config.partner.nation;
        if self.state.recalls.covers(&record) {
            self.keep(id.clone(), Some("recall".into()), super::recall::stopped());
            return id;
        }
        let approvals = self.state.reviews.approvals_of(to, &record);
        let (signed, record) = (signed.without_cose(), Box::new(record));
        self.then.push(AffairsEffect::Send { to, class, signed, record, approvals });
        id
    }

    /// States something under the label of what persons here write for the partner.
    pub(super) fn publish_plain(&mut self, statement: Statement) -> ObjectId {
        self.publish(self.id(1), self.config.label.clone(), statement)
    }

    /// A further record of an own incident.
    pub(super) fn revise(
        &mut self,
        id: &ObjectId,
        state: Option<IncidentState>,
        pair: Option<ObjectId>,
    ) {
        let Some(own) = self.state.incidents.get(id) else { return };
        let label = own.label.clone();
        let incident = Incident {
            revision: own.record.revision + 1,
            state: state.unwrap_or(own.record.state),
            pair: pair.or_else(|| own.record.pair.clone()),
            ..own.record.clone()
        };
        self.publish(self.id(1), label, Statement::Incident(incident));
    }

    /// A line in the watch log.
    pub(super) fn say(
        &mut self,
        incident: &ObjectId,
        person: &str,
        text: renkei_model::statement::Bilingual,
    ) {
        self.note_down(Local::Line(Line {
            incident: incident.clone(),
            at: self.now,
            person: person.into(),
            text,
        }));
    }

    /// The node itself, in the seat that would have decided, speaking for a clock.
    pub(super) fn nobody_with(&self, authority: Authority) -> Option<Signatory> {
        let me = self.config.nation;
        let seat = self.state.seats.values().find(|s| s.nation == me && s.may(authority))?;
        Some(Signatory {
            nation: me,
            seat: seat.seat.clone(),
            person: String::new(),
            passkey: None,
        })
    }
}
