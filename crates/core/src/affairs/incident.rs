//! Incidents (事案): each side's own, and how one is recognised in the other.

use std::collections::BTreeSet;

use renkei_model::id::{Nation, ObjectId};
use renkei_model::label::Label;
use renkei_model::observation::Identity;
use renkei_model::position::MicroPosition;
use renkei_model::statement::{Bilingual, Incident, IncidentState, Occurrence, Subject};
use renkei_model::time::Timestamp;

use super::entry::{Line, Seen};
use super::words;

/// An incident of this headquarters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnIncident {
    /// As last recorded for the partner.
    pub(super) record: Incident,
    /// The record that raised it.
    pub(super) first: ObjectId,
    /// The label of its records.
    pub(super) label: Label,
    /// Whether that label lets it go to the partner.
    pub(super) releasable: bool,
    /// Whether a record of it waits for a review.
    pub(super) waits: bool,
    /// Whether policy ever let a record of it go.
    pub(super) went: bool,
    /// Whether all of it was told by the partner, and nothing by our own sensors.
    pub(super) is_hearsay: bool,
    /// Why policy kept it back all the same.
    pub(super) kept: Option<Bilingual>,
    /// As our floor knows it; the record's own subject holds only what may cross.
    pub(super) subject: Subject,
    pub(super) position: Option<MicroPosition>,
    /// Every name of its subject.
    pub(super) known_as: BTreeSet<Identity>,
    pub(super) raised_at: Timestamp,
    /// T2.
    pub(super) shown_at: Option<Timestamp>,
    /// T3: the partner's ledger holds it.
    pub(super) delivered_at: Option<Timestamp>,
    /// T4.
    pub(super) acknowledged_at: Option<Timestamp>,
    pub(super) closed_at: Option<Timestamp>,
    pub(super) log: Vec<Line>,
}

/// An incident of the partner, as last told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TheirIncident {
    pub(super) record: Incident,
    /// The label of its last record.
    pub(super) label: Label,
    /// When it was first held here (our clock).
    pub(super) received_at: Timestamp,
    /// T4 by the partner's clock.
    pub(super) acknowledged_at: Option<Timestamp>,
}

impl OwnIncident {
    /// The first record of an incident.
    pub(super) fn new(
        record: Incident,
        first: ObjectId,
        label: Label,
        partner: Nation,
        at: Timestamp,
    ) -> Self {
        Self {
            subject: record.subject.clone(),
            position: record.position,
            known_as: names(&record.subject),
            is_hearsay: record.pair.is_some(),
            waits: false,
            went: false,
            record,
            first,
            releasable: label.releasable_to.contains(&partner),
            label,
            kept: None,
            raised_at: at,
            shown_at: None,
            delivered_at: None,
            acknowledged_at: None,
            closed_at: None,
            log: Vec::new(),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.record.state != IncidentState::Closed
    }

    /// Whether the partner has it or will.
    pub(super) fn is_shared(&self) -> bool {
        self.releasable && self.kept.is_none() && !self.waits
    }

    /// Takes what our own sensors know.
    pub(super) fn seen(&mut self, seen: &Seen) {
        self.is_hearsay = false;
        self.subject = seen.subject.clone();
        self.position = seen.position.or(self.position);
        self.known_as.extend(seen.known_as.iter().cloned());
    }

    /// A further record of it.
    pub(super) fn changed(&mut self, record: Incident, at: Timestamp) {
        if record.state >= IncidentState::Acknowledged && record.state != IncidentState::Closed {
            self.acknowledged_at.get_or_insert(at);
        }
        if record.state == IncidentState::Closed {
            self.closed_at.get_or_insert(at);
        }
        if let (None, Some(pair)) = (&self.record.pair, &record.pair) {
            let (person, text) = words::paired(pair.node);
            self.log.push(Line { incident: record.incident.clone(), at, person, text });
        }
        self.record = record;
    }

    /// Whether an alert, or the partner's incident, is about the same thing.
    pub(super) fn is_about(&self, occurrence: &Occurrence, known_as: &BTreeSet<Identity>) -> bool {
        self.is_open()
            && same_occurrence(&self.record.occurrence, occurrence)
            && !self.known_as.is_disjoint(known_as)
    }
}

/// Every name that a subject carries itself.
pub(super) fn names(subject: &Subject) -> BTreeSet<Identity> {
    subject.identity.iter().cloned().chain(subject.alias.map(Identity::Alias)).collect()
}

/// Whether two occurrences are one matter. Two headquarters may each have drawn the same strait: a
/// zone is the same by its id or by its name. What persons report is never taken as the same.
pub(super) fn same_occurrence(a: &Occurrence, b: &Occurrence) -> bool {
    use Occurrence::{DuplicateIdentity, Emergency, ZoneEntered};
    match (a, b) {
        (
            ZoneEntered { zone: a, zone_name: name_a },
            ZoneEntered { zone: b, zone_name: name_b },
        ) => a == b || name_a.en == name_b.en || name_a.ja == name_b.ja,
        (Emergency { emergency: a }, Emergency { emergency: b }) => a == b,
        (DuplicateIdentity, DuplicateIdentity) => true,
        _ => false,
    }
}
