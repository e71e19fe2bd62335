//! From the durable state to what a screen gets. A reader of another nation gets what was released
//! to that nation, built up from the released records, never masked down.

use std::collections::BTreeMap;

use renkei_model::id::{Nation, ObjectId};
use renkei_model::label::Label;
use renkei_model::observation::Domain;
use renkei_model::position::MicroPosition;
use renkei_model::seat::SeatNotice;
use renkei_model::statement::{IncidentState, Subject, Verdict};
use renkei_model::time::Timestamp;

use super::decide::{blocked, wait};
use super::entry::{Draft, Task};
use super::incident::OwnIncident;
use super::machine::Affairs;
use super::not_taken::NotTaken;
use super::option::{HeldAnswer, NotNow, Opt, Version};
use super::standing::Standing;
use super::view::{
    ActionView, AffairsView, AnswerView, BothTimes, DeadlineView, IncidentView, LogView,
    OptionView, Outcome, PhrasesView, RecalledView, RefusedView, SignatoryView, SubjectView,
    TaskView, Times, VersionView, ZoneView,
};
use crate::picture::view::LabelView;

/// Options by own incident.
pub(super) type Grouped<'a> = BTreeMap<&'a ObjectId, Vec<(&'a ObjectId, &'a Opt)>>;

impl Affairs {
    /// The snapshot for our own floor.
    #[must_use]
    pub fn snapshot(&self, now: Timestamp) -> AffairsView {
        self.snapshot_for(self.config.nation, now)
    }

    /// The snapshot for a reader of `nation`: what our floor sees, or what was released to it.
    #[must_use]
    pub fn snapshot_for(&self, nation: Nation, now: Timestamp) -> AffairsView {
        let own = nation == self.config.nation;
        let readable = |i: &&OwnIncident| {
            let fresh = i.closed_at.is_none_or(|at| now.since_ms(at) < self.config.closed_shown_ms);
            // The partner's liaison sees what policy let go, never what is only on its way to it.
            let released =
                i.is_shared() && i.went && self.shown.recalls.of(&i.record.incident).is_none();
            fresh && (own || (nation == self.config.partner.nation && released))
        };
        let mut incidents: Vec<_> = self.shown.incidents.values().filter(readable).collect();
        incidents.sort_by_key(|i| std::cmp::Reverse((i.raised_at, i.record.incident.clone())));
        let grouped = self.grouped();
        let shown = |id: &&ObjectId| {
            incidents.iter().any(|i| i.record.incident == **id)
                || !self.shown.incidents.contains_key(*id)
        };
        let mut options: Vec<_> =
            grouped.iter().filter(|(id, _)| shown(id)).flat_map(|(_, of)| of).copied().collect();
        options.sort_by_key(|(id, o)| std::cmp::Reverse((o.since, (*id).clone())));
        let tasks = self.shown.tasks.iter().rev().filter(|t| own && has(&options, &t.option));
        AffairsView {
            tasks: tasks.map(task_view).collect(),
            incidents: incidents.iter().map(|i| self.incident_view(i, &grouped, own)).collect(),
            options: options.iter().filter_map(|(id, o)| self.option_view(id, o, own)).collect(),
            seats: self.seats(),
            zones: self.zones(),
            attention: if own { self.attention(&incidents, &grouped, now) } else { Vec::new() },
            merges: if own { self.merges() } else { Vec::new() },
            rules: if own { self.rules() } else { Vec::new() },
            watches: if own { self.watches(now) } else { Vec::new() },
            reviews: if own { self.reviews(now) } else { Vec::new() },
            decisions: if own { self.decisions() } else { Vec::new() },
            recalls: if own { self.recall_views() } else { Vec::new() },
            refused: if own { self.refused() } else { Vec::new() },
        }
    }

    /// The phrase book.
    #[must_use]
    pub fn phrases(&self) -> PhrasesView {
        Standing::view(&self.config.standing)
    }

    /// The options of each own incident; those whose incident is still on its way here stand under
    /// the author's.
    fn grouped(&self) -> Grouped<'_> {
        let mut grouped = Grouped::new();
        for (id, option) in &self.shown.options {
            let own = self.shown.own_incident(&option.incident);
            let incident = own.map_or(&option.incident, |own| &own.record.incident);
            grouped.entry(incident).or_default().push((id, option));
        }
        grouped
    }

    fn incident_view(&self, own: &OwnIncident, grouped: &Grouped<'_>, ours: bool) -> IncidentView {
        let record = &own.record;
        let (subject, position) =
            if ours { (&own.subject, own.position) } else { (&record.subject, record.position) };
        let position = position.and_then(MicroPosition::position);
        let their = record.pair.as_ref().and_then(|pair| self.shown.theirs.get(pair));
        let track = self.tracks.get(&record.incident).filter(|_| ours);
        let waits =
            own.waits.then(|| super::words::both("waits for a release review", "提供審査中である"));
        let withheld = own.kept.clone().or(waits).or_else(|| {
            (!own.releasable).then(|| {
                super::words::both(
                    "rests on a report that is withheld from the partner",
                    "不提供の情報資料に基づくため、提供しない",
                )
            })
        });
        IncidentView {
            id: record.incident.to_string(),
            alias: record.subject.alias.or(subject.alias),
            owner: record.incident.node,
            partner: self.config.partner.nation,
            beside: Vec::new(),
            pair: record.pair.as_ref().map(ToString::to_string),
            state: record.state,
            pair_state: their.map(|t| t.record.state),
            occurrence: record.occurrence.clone(),
            subject: subject_view(subject),
            lat: position.map(|p| p.latitude_deg()),
            lon: position.map(|p| p.longitude_deg()),
            track: track.map(|t| t.0),
            withheld: withheld.filter(|_| ours),
            label: LabelView::from(&own.label),
            recalled: self.recalled_view(own).filter(|_| ours),
            times: self.times(own, grouped),
            log: if ours { own.log.iter().map(log_view).collect() } else { Vec::new() },
        }
    }

    /// When and by whom this incident, or the partner's part of it, was taken back.
    fn recalled_view(&self, own: &OwnIncident) -> Option<RecalledView> {
        let record = &own.record;
        let recalls = &self.shown.recalls;
        let ours = recalls.of(&record.incident);
        let held = ours.or_else(|| record.pair.as_ref().and_then(|pair| recalls.of(pair)))?;
        Some(RecalledView {
            by: held.recall.by.nation,
            at_ms: held.recall.at.0,
            ground: held.recall.ground,
            done_ms: if ours.is_some() { held.receipt.map(|r| r.1.0) } else { Some(held.at.0) },
        })
    }

    fn times(&self, own: &OwnIncident, grouped: &Grouped<'_>) -> BothTimes {
        let (me, partner) = (self.config.nation, self.config.partner.nation);
        let options = grouped.get(&own.record.incident).map(Vec::as_slice).unwrap_or_default();
        let versions: Vec<_> = options.iter().flat_map(|(_, o)| o.versions.values()).collect();
        let first = |of: &dyn Fn(&Version) -> Option<Timestamp>| {
            versions.iter().filter_map(|v| of(v)).min().map(|t| t.0)
        };
        let side = |nation: Nation| Times {
            t5: first(&|v| (v.version.author.nation == nation).then_some(v.offered_at)),
            t6: first(&|v| v.holding.get(&nation).copied()),
            t7: first(&|v| v.tasked.get(&nation).copied()),
            ..Times::default()
        };
        let their = own.record.pair.as_ref().and_then(|pair| self.shown.theirs.get(pair));
        BothTimes {
            own: Times {
                t0: Some(own.record.sensed_at.0),
                t1: Some(own.record.ingested_at.0),
                t2: own.shown_at.map(|t| t.0),
                t3: own.delivered_at.map(|t| t.0),
                t4: own.acknowledged_at.map(|t| t.0),
                ..side(me)
            },
            partner: Times {
                t0: their.map(|t| t.record.sensed_at.0),
                t1: their.map(|t| t.record.ingested_at.0),
                t3: their.map(|t| t.received_at.0),
                t4: their.and_then(|t| t.acknowledged_at).map(|t| t.0),
                ..side(partner)
            },
        }
    }

    fn option_view(&self, id: &ObjectId, option: &Opt, ours: bool) -> Option<OptionView> {
        let mut held: Vec<_> =
            option.versions.values().filter(|v| ours || v.kept.is_none()).collect();
        held.sort_by_key(|v| v.standing());
        let mut versions: Vec<_> = held.into_iter().map(|v| self.version_view(option, v)).collect();
        let draft = option.draft.as_ref().filter(|_| ours);
        versions.extend(draft.map(|d| self.draft_view(option, d)));
        let template = versions.last()?.1.clone();
        let incident = self
            .shown
            .own_incident(&option.incident)
            .map_or(&option.incident, |own| &own.record.incident);
        Some(OptionView {
            id: id.to_string(),
            incident: incident.to_string(),
            partner: self.config.partner.nation,
            template,
            versions: versions.into_iter().map(|(view, _)| view).collect(),
        })
    }

    fn version_view(&self, option: &Opt, held: &Version) -> (VersionView, Option<String>) {
        let (me, partner) = (self.config.nation, self.config.partner.nation);
        let wants = match option.may_answer(me, partner, held.digest, &Verdict::Agree) {
            Err(NotNow::Wait { live, version }) => Some(wait(live, version, partner)),
            _ => None,
        };
        let view = VersionView {
            blocks: held.blocks.clone(),
            offered: true,
            blocked: held.kept.clone(),
            answers: held.answers.iter().map(answer_view).collect(),
            wait: wants,
            void: option.is_void(held.digest),
            outcome: option.outcome(held),
            held_own: held.holding.contains_key(&me),
            held_partner: held.holding.contains_key(&partner),
            tasked: [me, partner].map(|n| (n, held.tasked.get(&n).map(|t| t.0))).into(),
            ..version_text(&held.version, held.label.as_ref().unwrap_or(&self.config.label))
        };
        (view, held.version.template.clone())
    }

    fn draft_view(&self, option: &Opt, draft: &Draft) -> (VersionView, Option<String>) {
        let stale = option.current().map(|v| v.digest) != draft.version.parent;
        let (me, partner) = (self.config.nation, self.config.partner.nation);
        let view = VersionView {
            blocks: draft.blocks.clone(),
            blocked: blocked(draft).map(|refusal| refusal.text),
            void: stale,
            outcome: if stale { Outcome::Superseded } else { Outcome::Draft },
            tasked: [me, partner].map(|n| (n, None)).into(),
            ..version_text(&draft.version, &self.config.label)
        };
        (view, draft.version.template.clone())
    }

    fn seats(&self) -> Vec<SeatNotice> {
        let mut seats: Vec<_> = self.shown.seats.values().cloned().collect();
        seats.sort_by_key(|s| (s.nation != self.config.nation, s.nation, s.seat.clone()));
        seats
    }

    fn zones(&self) -> Vec<ZoneView> {
        let zone = |(id, zone): (&ObjectId, &renkei_model::statement::Zone)| ZoneView {
            id: id.to_string(),
            name: zone.name.clone(),
            owner: id.node,
            ring: degrees(&zone.ring),
            holes: zone.holes.iter().map(|hole| degrees(hole)).collect(),
        };
        self.shown.zones.iter().map(zone).collect()
    }

    fn refused(&self) -> Vec<RefusedView> {
        let view = |(code, (count, last)): (&String, &(u64, Timestamp))| {
            let (code, reason) = NotTaken::by_code(code)?;
            let partner = self.config.partner.nation;
            Some(RefusedView { partner, code, reason, count: *count, last_ms: last.0 })
        };
        self.shown.refused.iter().filter_map(view).collect()
    }
}

fn has(options: &[(&ObjectId, &Opt)], id: &ObjectId) -> bool {
    options.iter().any(|(held, _)| *held == id)
}

fn subject_view(subject: &Subject) -> SubjectView {
    let Subject { alias, identity, name, domain } = subject.clone();
    let domain: Domain = domain;
    SubjectView { alias, identity, name, domain }
}

pub(super) fn log_view(line: &super::entry::Line) -> LogView {
    LogView { at_ms: line.at.0, person: line.person.clone(), text: line.text.clone() }
}

fn task_view(task: &Task) -> TaskView {
    TaskView {
        option: task.option.to_string(),
        version: task.version.to_hex(),
        text: task.text.clone(),
        at_ms: task.at.0,
        by: task.by.person.clone(),
        partner_holds: task.partner_holds,
    }
}

/// What a version says, whoever holds it.
fn version_text(version: &renkei_model::statement::OptionVersion, label: &Label) -> VersionView {
    let action = |a: &renkei_model::statement::SideAction| ActionView {
        nation: a.nation,
        text: a.text.clone(),
    };
    let deadline =
        |d: &renkei_model::statement::Deadline| DeadlineView { nation: d.nation, at_ms: d.at.0 };
    VersionView {
        label: LabelView::from(label),
        number: version.number,
        hash: version.digest().to_hex(),
        parent: version.parent.map(renkei_model::cbor::Digest::to_hex),
        text: version.text.clone(),
        actions: version.actions.iter().map(action).collect(),
        blocks: Vec::new(),
        language: version.language,
        translation: version.translation.clone(),
        deadlines: version.deadlines.iter().map(deadline).collect(),
        author: SignatoryView {
            nation: version.author.nation,
            seat: version.author.seat.0.clone(),
            person: version.author.person.clone(),
        },
        made_at_ms: version.made_at.0,
        offered: false,
        blocked: None,
        answers: Vec::new(),
        wait: None,
        void: false,
        outcome: Outcome::Open,
        held_own: false,
        held_partner: false,
        tasked: std::collections::BTreeMap::new(),
    }
}

fn answer_view(held: &HeldAnswer) -> AnswerView {
    let answer = &held.answer;
    let (verdict, text, to) = match &answer.verdict {
        Verdict::Agree => ("agree", None, None),
        Verdict::AgreeWithCaveat { caveat } => ("caveat", Some(caveat.clone()), None),
        Verdict::ReferredUp { to } => ("refer_up", None, Some(to.0.clone())),
        Verdict::Decline { reason } => ("decline", Some(reason.clone()), None),
        Verdict::Lapsed => ("lapsed", None, None),
    };
    AnswerView {
        nation: answer.by.nation,
        verdict,
        text,
        to,
        seat: answer.by.seat.0.clone(),
        person: answer.by.person.clone(),
        at_ms: answer.at.0,
        hash: held.record.to_hex(),
    }
}

fn degrees(ring: &[MicroPosition]) -> Vec<[f64; 2]> {
    let corners = ring.iter().filter_map(|p| p.position());
    corners.map(|p| [p.latitude_deg(), p.longitude_deg()]).collect()
}

/// Whether an incident still wants its own side's eyes.
pub(super) fn is_untaken(own: &OwnIncident) -> bool {
    own.record.state == IncidentState::Reported
}
