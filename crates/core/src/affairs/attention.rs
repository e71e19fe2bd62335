//! What wants somebody (要対応): derived from the state each time, so that nothing is ever left over
//! or forgotten.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use renkei_model::statement::{Bilingual, Verdict};
use renkei_model::time::Timestamp;

use super::effect::Severity;
use super::incident::OwnIncident;
use super::machine::Affairs;
use super::occurrence;
use super::option::{Opt, Version};
use super::present::{Grouped, is_untaken};
use super::settle::severity;
use super::standing::spoken;
use super::view::{AttentionView, Outcome};
use super::words::{both, side};

type Args = BTreeMap<&'static str, Bilingual>;

impl Affairs {
    /// Everything open on our side of these incidents, most pressing first, newest first.
    pub(super) fn attention(
        &self,
        incidents: &[&OwnIncident],
        grouped: &Grouped<'_>,
        now: Timestamp,
    ) -> Vec<AttentionView> {
        let mut items = self.disagreements(now);
        items.extend(self.open_notices(now));
        items.extend(self.border_mismatches());
        for own in incidents.iter().filter(|own| own.is_open()) {
            if is_untaken(own) {
                items.push(self.untaken(own));
            }
            for (id, option) in grouped.get(&own.record.incident).into_iter().flatten() {
                items.extend(self.of_option(own, &id.to_string(), option));
            }
        }
        items.sort_by_key(|item| (Reverse(item.severity), Reverse(item.at_ms), item.id.clone()));
        items
    }

    fn untaken(&self, own: &OwnIncident) -> AttentionView {
        let key = occurrence::key(&own.record.occurrence);
        let severity = severity(&own.record.occurrence);
        let mut args = self.name(own);
        args.extend(occurrence::args(&own.record.occurrence));
        let id = own.record.incident.to_string();
        let why = self.reasons.get(&own.record.incident).cloned();
        let item = self.item("incident", severity, own, own.raised_at, id, key, args);
        AttentionView { why, ..item }
    }

    /// At most one item of each option: the next thing that our side has to do about it.
    fn of_option(&self, own: &OwnIncident, id: &str, option: &Opt) -> Option<AttentionView> {
        let version = option.current()?;
        let me = self.config.nation;
        let answered = version.final_answer(me).is_some();
        let (kind, severity, key, at) = match option.outcome(version) {
            Outcome::Open if !answered => {
                ("answer_wanted", Severity::Alert, "attention-answer-wanted", version.offered_at)
            }
            Outcome::Agreed | Outcome::AgreedWithCaveat => self.of_agreement(version)?,
            Outcome::NotAgreed | Outcome::Lapsed => self.of_failure(version)?,
            _ => return None,
        };
        let mut args = self.name(own);
        let number = version.version.number.to_string();
        args.insert("version", both(number.clone(), number));
        let to = version.answers.iter().rev().find_map(|held| match &held.answer.verdict {
            Verdict::ReferredUp { to } if held.answer.by.nation == me => Some(to.0.clone()),
            _ => None,
        });
        let key = match to.filter(|_| kind == "answer_wanted") {
            Some(to) => {
                args.insert("to", both(to.clone(), to));
                "attention-referred-up"
            }
            None => key,
        };
        Some(self.item(kind, severity, own, at, format!("{id}/{kind}"), key, args))
    }

    fn of_agreement(
        &self,
        version: &Version,
    ) -> Option<(&'static str, Severity, &'static str, Timestamp)> {
        let (me, partner) = (self.config.nation, self.config.partner.nation);
        let at = *version.holding.get(&me)?;
        if version.action(me).is_some() && !version.tasked.contains_key(&me) {
            return Some(("task_wanted", Severity::Alert, "attention-task-wanted", at));
        }
        let unconfirmed = !version.holding.contains_key(&partner);
        unconfirmed.then_some(("unconfirmed", Severity::Notice, "attention-unconfirmed", at))
    }

    fn of_failure(
        &self,
        version: &Version,
    ) -> Option<(&'static str, Severity, &'static str, Timestamp)> {
        let held = version
            .answers
            .iter()
            .find(|h| matches!(h.answer.verdict, Verdict::Decline { .. } | Verdict::Lapsed))?;
        Some(match held.answer.verdict {
            Verdict::Lapsed => ("lapsed", Severity::Alert, "attention-lapsed", held.held_at),
            _ => ("answered", Severity::Alert, "attention-declined", held.held_at),
        })
    }

    /// Where the two sides' identity statements about one thing differ.
    fn disagreements(&self, now: Timestamp) -> Vec<AttentionView> {
        let me = self.config.nation;
        let stands = |i: &&super::state::Identified| i.statement.expires > now;
        let of = |ours: bool| {
            let held = self.shown.identities.iter();
            held.filter(move |(id, _)| (id.node == me) == ours)
        };
        let mut items = Vec::new();
        for (id, own) in of(true).filter(|(_, held)| stands(held)) {
            for (_, their) in of(false).filter(|(_, held)| stands(held)) {
                let same = !own.known_as.is_disjoint(&their.known_as);
                if same && own.statement.affiliation != their.statement.affiliation {
                    items.push(AttentionView {
                        id: format!("{id}/identity_differs"),
                        kind: "identity_differs",
                        severity: Severity::Notice,
                        incident: None,
                        track: None,
                        at_ms: own.made_at.max(their.made_at).0,
                        key: "attention-identity-differs",
                        args: [
                            ("name", spoken(&own.statement.subject)),
                            ("partner", side(self.config.partner.nation)),
                        ]
                        .into(),
                        notice: None,
                        why: None,
                    });
                }
            }
        }
        items
    }

    /// Heads of a partner's border log that do not fit what was received from it.
    fn border_mismatches(&self) -> Vec<AttentionView> {
        let found =
            self.shown.notary.iter().filter_map(|(n, notary)| Some((n, notary.mismatch.as_ref()?)));
        found
            .map(|(nation, mismatch)| {
                let number = |n: u64| both(n.to_string(), n.to_string());
                AttentionView {
                    id: format!("{nation}/border_mismatch"),
                    kind: "border_mismatch",
                    severity: Severity::Alert,
                    incident: None,
                    track: None,
                    at_ms: mismatch.at.0,
                    key: "attention-border-mismatch",
                    args: [
                        ("partner", side(*nation)),
                        ("first", number(mismatch.first)),
                        ("end", number(mismatch.end)),
                    ]
                    .into(),
                    notice: None,
                    why: None,
                }
            })
            .collect()
    }

    fn name(&self, own: &OwnIncident) -> Args {
        let partner = side(self.config.partner.nation);
        [("name", spoken(&own.subject)), ("partner", partner)].into()
    }

    #[expect(clippy::too_many_arguments, reason = "one row of a table, each column named once")]
    fn item(
        &self,
        kind: &'static str,
        severity: Severity,
        own: &OwnIncident,
        at: Timestamp,
        id: String,
        key: &'static str,
        args: Args,
    ) -> AttentionView {
        AttentionView {
            id,
            kind,
            severity,
            incident: Some(own.record.incident.to_string()),
            track: self.tracks.get(&own.record.incident).map(|t| t.0),
            at_ms: at.0,
            key,
            args,
            notice: None,
            why: None,
        }
    }
}
