//! What follows of itself: pairing, receipts, confirmations of holding, progress of incidents, and
//! deadlines. Each rule looks at the state alone and does nothing twice, so a crash between a cause
//! and its consequence mends itself at the next start.

use renkei_model::cbor::Digest;
use renkei_model::id::ObjectId;
use renkei_model::seat::{Authority, SeatNotice};
use renkei_model::statement::{
    Answer, Holding, Incident, IncidentState, Occurrence, Receipt, Statement, Verdict, Wording,
};

use super::effect::{AffairsEffect, Severity, StatedZone};
use super::incident::{TheirIncident, names};
use super::work::Work;

impl Work<'_> {
    /// Does everything that is due; nothing when nothing is.
    pub(super) fn settle(&mut self) {
        self.pair_up();
        self.confirm_receipt();
        self.confirm_recalls();
        self.confirm_holding();
        self.advance();
        self.countersign();
    }

    /// Publishes own seats and zones that the ledger does not hold as configured.
    pub(super) fn introduce(&mut self) {
        self.tell_keys();
        let me = self.config.nation;
        for seat in &self.config.seats {
            let held = self.state.seats.get(&(me, seat.seat.clone()));
            // Who sits there, and since when, is what the ledger says, never what the file says.
            let notice = match held {
                Some(held) => SeatNotice {
                    nation: me,
                    holder: held.holder.clone(),
                    since: held.since,
                    ..seat.clone()
                },
                None => SeatNotice { nation: me, since: self.now, ..seat.clone() },
            };
            if held != Some(&notice) {
                self.publish_plain(Statement::Seat(notice));
            }
        }
        for zone in &self.config.zones {
            let held = self.state.zones.iter().any(|(id, z)| id.node == me && z == zone);
            if !held {
                let id = self.publish_plain(Statement::Zone(zone.clone()));
                let stated = StatedZone { id, zone: zone.clone() };
                self.then.push(AffairsEffect::Zone(stated));
            }
        }
    }

    /// Joins each incident of the partner with one of ours, or opens ours.
    fn pair_up(&mut self) {
        let alone = |(id, _): &(&ObjectId, &TheirIncident)| !self.state.pairs.contains_key(*id);
        let theirs: Vec<_> = self
            .state
            .theirs
            .iter()
            .filter(alone)
            .map(|(id, their)| (id.clone(), their.clone()))
            .collect();
        for (id, their) in theirs {
            if let Some(named) = &their.record.pair {
                let free = self.state.incidents.get(named).is_some_and(|o| o.record.pair.is_none());
                if free {
                    self.revise(&named.clone(), None, Some(id));
                }
                continue;
            }
            let about = names(&their.record.subject);
            let same = self.state.incidents.iter().find(|(_, own)| {
                own.record.pair.is_none() && own.is_about(&their.record.occurrence, &about)
            });
            match same.map(|(own, _)| own.clone()) {
                Some(own) => self.revise(&own, None, Some(id)),
                None if their.record.state != IncidentState::Closed => self.open_from(&id, &their),
                None => {}
            }
        }
    }

    fn open_from(&mut self, id: &ObjectId, their: &TheirIncident) {
        let own = self.id(1);
        let incident = Incident {
            incident: own.clone(),
            revision: 0,
            ingested_at: self.now,
            state: IncidentState::Reported,
            pair: Some(id.clone()),
            occurrence: as_told(their.record.occurrence.clone()),
            ..their.record.clone()
        };
        let label = self.config.label.meet(&their.label);
        let subject = incident.subject.clone();
        let known_as = names(&subject);
        let severity = severity(&incident.occurrence);
        self.publish(self.id(2), label, Statement::Incident(incident));
        self.then.push(AffairsEffect::Ring { severity, incident: own.clone() });
        self.then.push(AffairsEffect::Locate { incident: own, subject, known_as });
    }

    fn confirm_receipt(&mut self) {
        let me = self.config.nation;
        for (option, version) in self
            .versions_where(|v, _| v.version.author.nation != me && !v.receipts.contains_key(&me))
        {
            self.publish_plain(Statement::Receipt(Receipt { option, version }));
        }
    }

    fn confirm_holding(&mut self) {
        let (me, partner) = (self.config.nation, self.config.partner.nation);
        for (option, version) in self
            .versions_where(|v, agreed| agreed == Some(v.digest) && !v.holding.contains_key(&me))
        {
            let theirs = self
                .state
                .options
                .get(&option)
                .and_then(|o| o.versions.get(&version))
                .and_then(|v| v.final_answer(partner))
                .map(|held| held.record);
            if let Some(partner_answer) = theirs {
                let holding = Holding { option, version, partner_answer };
                self.publish_plain(Statement::Holding(holding));
            }
        }
    }

    fn versions_where(
        &self,
        is_due: impl Fn(&super::option::Version, Option<Digest>) -> bool,
    ) -> Vec<(ObjectId, Digest)> {
        let options = self.state.options.iter();
        options
            .flat_map(|(id, o)| o.versions.values().map(move |v| (id, o.agreed, v)))
            .filter(|(_, agreed, v)| is_due(v, *agreed))
            .map(|(id, _, v)| (id.clone(), v.digest))
            .collect()
    }

    /// An acknowledged incident is as far as its furthest option.
    fn advance(&mut self) {
        let me = self.config.nation;
        let mut due = std::collections::BTreeMap::new();
        for option in self.state.options.values() {
            let Some(own) = self.state.own_incident(&option.incident) else { continue };
            let tasked = option.versions.values().any(|v| v.tasked.contains_key(&me));
            let reached = match option.agreed {
                _ if tasked => IncidentState::Tasked,
                Some(_) => IncidentState::Decided,
                None if !option.versions.is_empty() => IncidentState::Options,
                None => IncidentState::Acknowledged,
            };
            let state = own.record.state;
            if state >= IncidentState::Acknowledged && own.is_open() && reached > state {
                let furthest = due.entry(own.record.incident.clone()).or_insert(reached);
                *furthest = reached.max(*furthest);
            }
        }
        for (id, reached) in due {
            self.revise(&id, Some(reached), None);
        }
    }

    /// Answers for our clock where a deadline of ours has passed. Silence is never consent.
    pub(super) fn lapse(&mut self) {
        let (me, partner) = (self.config.nation, self.config.partner.nation);
        let now = self.now;
        let Some(by) = self.nobody_with(Authority::Approve) else { return };
        let due: Vec<_> = self
            .state
            .options
            .iter()
            .filter(|(_, option)| option.agreed.is_none())
            .filter_map(|(id, option)| option.current().map(|v| (id.clone(), v)))
            .filter(|(_, v)| {
                v.kept.is_none()
                    && v.final_answer(me).is_none()
                    && !v.refused_by(partner)
                    && v.deadline(me).is_some_and(|at| at <= now)
            })
            .map(|(id, v)| (id, v.digest))
            .collect();
        for (option, version) in due {
            self.publish_plain(Statement::Answer(Answer {
                domain: Answer::DOMAIN.into(),
                partition: self.config.partition.clone(),
                option,
                version,
                verdict: Verdict::Lapsed,
                by: by.clone(),
                at: now,
            }));
        }
    }
}

/// The partner's own words go back to it as they came: nobody here need read them first. To whom else
/// they may go its label says.
fn as_told(occurrence: Occurrence) -> Occurrence {
    match occurrence {
        Occurrence::Reported { text, wording: None } => {
            Occurrence::Reported { text, wording: Some(Wording::Agreed("as-told".into())) }
        }
        other => other,
    }
}

/// Red is for distress; all else is calm.
pub(super) fn severity(occurrence: &Occurrence) -> Severity {
    use renkei_model::observation::Emergency::RadioFailure;
    match occurrence {
        Occurrence::Emergency { emergency: RadioFailure } => Severity::Alert,
        Occurrence::Emergency { .. } => Severity::Distress,
        Occurrence::ZoneEntered { .. } | Occurrence::Reported { .. } => Severity::Alert,
        _ => Severity::Notice,
    }
}
