//! Alerts that open no incident by themselves: shown to the watch, judged by a person.
//!
//! A notice lives in memory, as the picture that saw it does. What a person makes of it (seen, put
//! off, escalated, a false alarm) is written into the ledger, and gives each rule its precision.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use renkei_fusion::alerts::Why;
use renkei_model::id::ObjectId;
use renkei_model::statement::{Bilingual, Occurrence, Signatory, Subject};
use renkei_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::authority::{Act, allow};
use super::command::{TEXT_CHARS_MAX, signatory};
use super::effect::{AffairsEffect, Severity};
use super::entry::Local;
use super::input::{About, Alert, Session};
use super::machine::Affairs;
use super::refusal::Refusal;
use super::standing::spoken;
use super::view::{AttentionView, RuleView};
use super::work::Work;

/// No more notices than this; the oldest makes room.
const NOTICES_MAX: usize = 500;
/// A notice nobody judged leaves the screen after a day, ms.
const FORGOTTEN_MS: i64 = 24 * 3_600_000;
/// A notice may be put off for at most twelve hours, seconds.
const SNOOZE_MAX_S: u32 = 43_200;

/// What the picture saw, where it opens no incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub occurrence: Occurrence,
    /// To whom; `None` where it is about a receiver or an area.
    pub about: Option<About>,
    /// Why it was raised.
    pub why: Why,
    /// T0.
    pub sensed_at: Timestamp,
    /// T1.
    pub ingested_at: Timestamp,
}

/// What a person makes of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Deserialize, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// Seen (受領確認).
    #[n(0)]
    Acknowledged,
    /// Put off, with a reason and an end.
    #[n(1)]
    Snoozed,
    /// Made an incident (事案登録).
    #[n(2)]
    Escalated,
    /// It did not happen as told (誤警報).
    #[n(3)]
    FalseAlarm,
}

/// One judgement, for the ledger. It never crosses.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Judged {
    /// The rule's code.
    #[n(0)]
    pub rule: String,
    /// What was told.
    #[n(1)]
    pub occurrence: Occurrence,
    /// Of whom.
    #[n(2)]
    pub subject: Option<Subject>,
    /// The judgement.
    #[n(3)]
    pub judgement: Judgement,
    /// The same notice's judgement before this one, which it replaces.
    #[n(4)]
    pub before: Option<Judgement>,
    /// Why, in the person's words; empty where none was asked for.
    #[n(5)]
    pub reason: String,
    /// Until when it is put off.
    #[n(6)]
    pub until: Option<Timestamp>,
    /// The incident it became.
    #[n(7)]
    pub incident: Option<ObjectId>,
    /// Who.
    #[n(8)]
    pub by: Signatory,
    /// When.
    #[n(9)]
    pub at: Timestamp,
}

/// How a rule's notices were judged, each by its last judgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally([u32; 4]);

impl Tally {
    pub(super) fn add(&mut self, judged: &Judged) {
        if let Some(before) = judged.before {
            let count = &mut self.0[before as usize];
            *count = count.saturating_sub(1);
        }
        let count = &mut self.0[judged.judgement as usize];
        *count = count.saturating_add(1);
    }

    fn of(&self, judgement: Judgement) -> u32 {
        self.0[judgement as usize]
    }
}

#[derive(Clone, Debug)]
struct Held {
    notice: Notice,
    judgement: Option<Judgement>,
    hidden_until: Option<Timestamp>,
}

impl Held {
    fn is_open(&self, now: Timestamp) -> bool {
        match self.judgement {
            None => now.since_ms(self.notice.ingested_at) < FORGOTTEN_MS,
            Some(Judgement::Snoozed) => self.hidden_until.is_none_or(|until| until <= now),
            Some(_) => false,
        }
    }
}

/// The notices of this process.
#[derive(Clone, Debug, Default)]
pub(super) struct Notices {
    held: BTreeMap<u64, Held>,
    last: u64,
    /// Told since the start, by rule.
    told: BTreeMap<&'static str, u32>,
}

impl Notices {
    /// A notice that is held.
    pub(super) fn get(&self, number: u64) -> Option<&Notice> {
        self.held.get(&number).map(|held| &held.notice)
    }

    fn add(&mut self, notice: Notice) {
        let count = self.told.entry(notice.why.rule.code()).or_default();
        *count = count.saturating_add(1);
        if self.held.len() >= NOTICES_MAX {
            self.held.pop_first();
        }
        self.last += 1;
        self.held.insert(self.last, Held { notice, judgement: None, hidden_until: None });
    }
}

/// A person's judgement as asked for.
pub(super) struct Asked<'a> {
    pub(super) judgement: Judgement,
    pub(super) for_s: Option<u32>,
    pub(super) reason: &'a str,
}

impl Affairs {
    /// Keeps what the picture saw for whoever has the watch.
    pub(super) fn notice(&mut self, notice: Notice) -> Vec<AffairsEffect> {
        self.notices.add(notice);
        vec![AffairsEffect::Changed]
    }

    /// The notices that want somebody.
    pub(super) fn open_notices(&self, now: Timestamp) -> impl Iterator<Item = AttentionView> + '_ {
        let open = self.notices.held.iter().filter(move |(_, held)| held.is_open(now));
        open.map(|(number, held)| view(*number, &held.notice))
    }

    /// What each rule told, and how that was judged.
    pub(super) fn rules(&self) -> Vec<RuleView> {
        use Judgement::{Acknowledged, Escalated, FalseAlarm, Snoozed};
        let codes = renkei_fusion::alerts::Rule::ALL.map(renkei_fusion::alerts::Rule::code);
        let row = |rule: &'static str| {
            let tally = self.shown.judged.get(rule).copied().unwrap_or_default();
            let told = self.notices.told.get(rule).copied().unwrap_or_default();
            let held_true = tally.of(Acknowledged) + tally.of(Escalated);
            let judged = held_true + tally.of(FalseAlarm);
            RuleView {
                rule,
                told,
                acknowledged: tally.of(Acknowledged),
                snoozed: tally.of(Snoozed),
                escalated: tally.of(Escalated),
                false_alarms: tally.of(FalseAlarm),
                precision_percent: (100 * held_true).checked_div(judged),
            }
        };
        let rows = codes.into_iter().map(row);
        rows.filter(|r| r.told + r.acknowledged + r.snoozed + r.escalated + r.false_alarms > 0)
            .collect()
    }
}

impl Work<'_> {
    /// Writes the judgement, and the incident where it is escalated; its id.
    pub(super) fn judge(
        &mut self,
        by: &Session,
        number: u64,
        asked: &Asked<'_>,
    ) -> Result<String, Refusal> {
        let escalates = asked.judgement == Judgement::Escalated;
        if escalates {
            allow(self.state, by, Act::OpenIncident)?;
        }
        let held = self.notices.held.get(&number).cloned().ok_or_else(gone)?;
        check(&held, asked)?;
        let Notice { occurrence, about, why, sensed_at, ingested_at } = held.notice;
        let subject = about.as_ref().map(|about| about.subject.clone());
        let incident = escalates.then(|| match about {
            Some(about) => {
                let occurrence = occurrence.clone();
                let why = why.clone();
                self.raise(Alert { occurrence, about, why, sensed_at, ingested_at }, None)
            }
            None => self.open(occurrence.clone(), None, sensed_at, ingested_at),
        });
        let until = asked.for_s.map(|s| self.now.plus_ms(i64::from(s) * 1_000));
        let judged = Judged {
            rule: why.rule.code().into(),
            occurrence,
            subject,
            judgement: asked.judgement,
            before: held.judgement,
            reason: asked.reason.trim().into(),
            until,
            incident: incident.clone(),
            by: signatory(by),
            at: self.now,
        };
        self.note_down(Local::Judged(Box::new(judged)));
        if let Some(held) = self.notices.held.get_mut(&number) {
            (held.judgement, held.hidden_until) = (Some(asked.judgement), until);
        }
        Ok(incident.as_ref().map(ToString::to_string).unwrap_or_default())
    }
}

/// What of a judgement must be said, and what of it has no sense.
fn check(held: &Held, asked: &Asked<'_>) -> Result<(), Refusal> {
    let snoozes = asked.judgement == Judgement::Snoozed;
    if held.judgement == Some(Judgement::Escalated) {
        return Err(Refusal::new(
            "RK-1116",
            "this alert is an incident already",
            "本警報は既に事案として登録されている",
        ));
    }
    let timed = asked.for_s.is_some_and(|s| (1..=SNOOZE_MAX_S).contains(&s));
    if snoozes != asked.for_s.is_some() || (snoozes && !timed) {
        return Err(Refusal::new(
            "RK-1117",
            format!("putting an alert off, and nothing else, takes 1 to {SNOOZE_MAX_S} seconds"),
            format!("警報の一時保留に限り、1秒以上{SNOOZE_MAX_S}秒以内の時間を指定されたい"),
        ));
    }
    let wanted = snoozes || asked.judgement == Judgement::FalseAlarm;
    let said = !asked.reason.trim().is_empty();
    if (wanted && !said) || asked.reason.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::new(
            "RK-1118",
            format!("say why, in at most {TEXT_CHARS_MAX} characters"),
            format!("理由を{TEXT_CHARS_MAX}字以内で記されたい"),
        ));
    }
    Ok(())
}

fn gone() -> Refusal {
    Refusal::new("RK-1115", "this alert is no longer held", "当該警報は現在保持していない")
}

fn view(number: u64, notice: &Notice) -> AttentionView {
    let mut args: BTreeMap<&'static str, Bilingual> = super::occurrence::args(&notice.occurrence);
    if let Some(about) = &notice.about {
        args.insert("name", spoken(&about.subject));
    }
    AttentionView {
        id: format!("notice/{number}"),
        kind: "notice",
        severity: severity(&notice.occurrence),
        incident: None,
        track: notice.about.as_ref().map(|about| about.track.0),
        at_ms: notice.ingested_at.0,
        key: super::occurrence::key(&notice.occurrence),
        args,
        notice: Some(number),
        why: Some(notice.why.clone()),
    }
}

/// What may need somebody soon is an alert, the rest is to be known.
fn severity(occurrence: &Occurrence) -> Severity {
    match occurrence {
        Occurrence::CloseApproach { .. }
        | Occurrence::SourceSilent { .. }
        | Occurrence::SafetyText { .. }
        | Occurrence::PoorNavigation { .. } => Severity::Alert,
        _ => Severity::Notice,
    }
}
