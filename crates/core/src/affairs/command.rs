//! What persons ask for: every check first, then the entries. A refused command writes nothing.

use renkei_model::id::ObjectId;
use renkei_model::label::Label;
use renkei_model::position::MicroPosition;
use renkei_model::seat::{SeatId, SeatNotice};
use renkei_model::statement::{
    Affiliation, Bilingual, IdentityStatement, Incident, IncidentState, Occurrence, Signatory,
    Statement, Subject,
};

use super::agreed::{TearLine, worded};
use super::authority::{Act, allow};
use super::effect::AffairsEffect;
use super::effect::StatedIdentity;
use super::entry::{Local, Seen};
use super::incident::OwnIncident;
use super::input::{About, Alert, Command, Session};
use super::notices::Asked;
use super::recall::Target;
use super::refusal::Refusal;
use super::settle::severity;
use super::words;
use super::work::Work;

/// The longest text a person may write, in characters of either language.
pub(super) const TEXT_CHARS_MAX: usize = 2_000;
/// How long an identity statement may stand, seconds.
const EXPIRES_S: std::ops::RangeInclusive<u32> = 60..=2_592_000;

impl Work<'_> {
    /// Does what `by` asks, or says why not.
    pub(super) fn command(
        &mut self,
        by: &Session,
        command: Command,
        about: Option<About>,
        beside: &[About],
    ) -> Result<String, Refusal> {
        allow(self.state, by, Act::of(&command))?;
        match command {
            Command::Acknowledge { incident } => self.acknowledge(by, &incident),
            Command::OpenIncident { text, tear_line, .. } => {
                self.open_by_hand(by, text, tear_line, about)
            }
            Command::Draft { incident, template, blocks, deadline_s } => {
                self.draft(by, &incident, template, blocks, deadline_s)
            }
            Command::Edit { option, parent, blocks, extra, deadline_s } => {
                self.edit(by, &option, parent, blocks, extra, deadline_s)
            }
            Command::Offer { option, version } => self.offer(by, &option, version),
            Command::Answer { option, version, verdict, text, to } => {
                self.answer(by, &option, version, verdict, text, to)
            }
            Command::Task { option, version } => self.task(by, &option, version),
            Command::Close { incident } => self.close(by, &incident),
            Command::StateIdentity { affiliation, reason, expires_s, tear_line, .. } => {
                self.state_identity(by, affiliation, (reason, tear_line), expires_s, about)
            }
            Command::TakeSeat { seat } => self.take_seat(by, &seat),
            Command::Note { incident, text } => self.note(by, &incident, &text),
            Command::MergeTracks { reason, .. } => self.merge(by, about, beside, (true, &reason)),
            Command::SplitTrack { reason, .. } => self.merge(by, about, beside, (false, &reason)),
            Command::WithdrawMerge { merge } => self.withdraw_merge(by, merge),
            Command::JudgeNotice { notice, judgement, for_s, reason } => {
                self.judge(by, notice, &Asked { judgement, for_s, reason: &reason })
            }
            Command::WatchTrack { reason, for_s, .. } => self.watch(by, &reason, for_s, about),
            Command::EndWatch { watch } => self.end_watch(by, watch),
            Command::ProposeDestruction { records, reason, authority } => {
                self.propose_destruction(by, records, reason, &authority)
            }
            Command::ApproveDestruction { proposal } => self.approve_destruction(by, proposal),
            Command::DecidePolicy { change, approve, reason } => {
                self.decide_policy(by, change, approve, &reason)
            }
            Command::Review { record, digest, approve, for_s, reason } => {
                self.review(by, &record, digest, (approve, for_s), &reason)
            }
            Command::Recall { object, ground, reason } => {
                self.recall(by, Target::Object(object), ground, &reason)
            }
            Command::RecallAlias { alias, ground, reason } => {
                self.recall(by, Target::Alias(alias), ground, &reason)
            }
            Command::Relabel { object, label, ground, reason } => {
                self.relabel(by, object, *label, (ground, &reason))
            }
        }
    }

    /// What the picture saw becomes an incident, unless it is one already.
    pub(super) fn raise(&mut self, alert: Alert, known: Option<ObjectId>) -> ObjectId {
        let Alert { occurrence, about, sensed_at, ingested_at, .. } = alert;
        let open = known.or_else(|| {
            let same = |own: &OwnIncident| own.is_about(&occurrence, &about.known_as);
            self.state.incidents.iter().find(|(_, own)| same(own)).map(|(id, _)| id.clone())
        });
        if let Some(id) = open {
            self.seen_again(&id, &about, ingested_at);
            return id;
        }
        self.open(occurrence, Some(&about), sensed_at, ingested_at)
    }

    /// An incident that the partner told us of is now in our own sensors too.
    fn seen_again(&mut self, id: &ObjectId, about: &About, at: renkei_model::time::Timestamp) {
        let Some(own) = self.state.incidents.get(id) else { return };
        if about.known_as.is_subset(&own.known_as) {
            return;
        }
        let first = own.subject == own.record.subject;
        self.note_down(Local::Seen(seen(id, about, at)));
        if first {
            self.say(id, "", words::own_sensors());
        }
    }

    /// Opens an own incident. Without anything released it stays on this side.
    pub(super) fn open(
        &mut self,
        occurrence: Occurrence,
        about: Option<&About>,
        sensed_at: renkei_model::time::Timestamp,
        ingested_at: renkei_model::time::Timestamp,
    ) -> ObjectId {
        let id = self.id(1);
        let mut label = self.config.label.clone();
        let (subject, position) = match about {
            Some(About { released: Some(released), .. }) => {
                label = label.meet(&released.label);
                (released.subject.clone(), released.position)
            }
            Some(about) => {
                label = held(&label, about);
                (about.subject.clone(), about.position)
            }
            None => (nothing_in_particular(), None::<MicroPosition>),
        };
        let severity = severity(&occurrence);
        let incident = Incident {
            incident: id.clone(),
            revision: 0,
            occurrence,
            subject,
            position,
            sensed_at,
            ingested_at,
            state: IncidentState::Reported,
            pair: None,
        };
        self.publish(self.id(2), label, Statement::Incident(incident));
        if let Some(about) = about {
            self.note_down(Local::Seen(seen(&id, about, ingested_at)));
        }
        self.then.push(AffairsEffect::Ring { severity, incident: id.clone() });
        id
    }

    pub(super) fn incident(&self, id: &ObjectId) -> Result<&OwnIncident, Refusal> {
        let own = self.state.own_incident(id).ok_or_else(|| {
            Refusal::new(
                "RK-1101",
                format!("there is no incident {id} here"),
                format!("事案{id}は登録されていない"),
            )
        })?;
        if own.is_open() {
            return Ok(own);
        }
        Err(Refusal::new(
            "RK-1105",
            "the incident is closed; open a new one",
            "事案は終結している。新たに事案登録されたい",
        ))
    }

    fn acknowledge(&mut self, by: &Session, id: &ObjectId) -> Result<String, Refusal> {
        let own = self.incident(id)?;
        let id = own.record.incident.clone();
        if own.record.state != IncidentState::Reported {
            return Err(Refusal::new(
                "RK-1106",
                "the incident is acknowledged already",
                "事案は既に受領確認済みである",
            ));
        }
        self.say(&id, &by.person, words::acknowledged());
        self.revise(&id, Some(IncidentState::Acknowledged), None);
        Ok(id.to_string())
    }

    fn open_by_hand(
        &mut self,
        by: &Session,
        text: Bilingual,
        tear_line: Option<TearLine>,
        about: Option<About>,
    ) -> Result<String, Refusal> {
        check_text(&text)?;
        let now = self.now;
        let (told, wording) = worded(text.clone(), tear_line)?;
        let occurrence = Occurrence::Reported { text: told, wording };
        let id = self.open(occurrence, about.as_ref(), now, now);
        self.say(&id, &by.person, text);
        Ok(id.to_string())
    }

    fn close(&mut self, by: &Session, id: &ObjectId) -> Result<String, Refusal> {
        let id = self.incident(id)?.record.incident.clone();
        self.say(&id, &by.person, words::closed());
        self.revise(&id, Some(IncidentState::Closed), None);
        Ok(id.to_string())
    }

    fn note(&mut self, by: &Session, id: &ObjectId, text: &str) -> Result<String, Refusal> {
        let own = self.state.own_incident(id);
        let id = match own {
            Some(own) => own.record.incident.clone(),
            None => return self.incident(id).map(|own| own.record.incident.to_string()),
        };
        // One person's words in one language: shown as written on every screen.
        let text = Bilingual { en: text.into(), ja: text.into() };
        check_text(&text)?;
        self.say(&id, &by.person, text);
        Ok(id.to_string())
    }

    fn state_identity(
        &mut self,
        by: &Session,
        affiliation: Affiliation,
        (said, tear_line): (Bilingual, Option<TearLine>),
        expires_s: u32,
        about: Option<About>,
    ) -> Result<String, Refusal> {
        check_text(&said)?;
        let (reason, wording) = worded(said.clone(), tear_line)?;
        let about = about.ok_or_else(|| {
            Refusal::new("RK-1107", "the track is no longer held", "当該航跡は現在保持していない")
        })?;
        if about.known_as.is_empty() {
            return Err(Refusal::new(
                "RK-1129",
                "the track gave no name and has no border alias, so a statement could not stand \
                 under either; state it once it has one",
                "当該航跡は名乗りがなく呼称番号も付与されていないため、識別区分を付与できない。\
                 いずれかを得た後に付与されたい",
            ));
        }
        if !EXPIRES_S.contains(&expires_s) {
            return Err(Refusal::new(
                "RK-1108",
                "an identity statement stands for 60 seconds to 30 days",
                "識別区分の有効期間は60秒以上30日以内とされたい",
            ));
        }
        let mut label = self.config.label.clone();
        let subject = match &about.released {
            Some(released) => {
                label = label.meet(&released.label);
                released.subject.clone()
            }
            None => {
                label = held(&label, &about);
                about.subject.clone()
            }
        };
        let expires = self.now.plus_ms(i64::from(expires_s) * 1_000);
        let statement = IdentityStatement { subject, affiliation, reason, expires, wording };
        let by = signatory(by);
        let id = self.publish(self.id(1), label, Statement::Identity(statement.clone()));
        let known_as = about.known_as;
        self.note_down(Local::Stated(id.clone(), by.clone(), known_as.clone()));
        if said != statement.reason {
            self.note_down(Local::OwnWords(id.clone(), said));
        }
        self.then.push(AffairsEffect::Identity(StatedIdentity {
            record: id.clone(),
            nation: self.config.nation,
            statement,
            made_at: self.now,
            known_as,
            by: Some(by),
        }));
        Ok(id.to_string())
    }

    fn take_seat(&mut self, by: &Session, seat: &SeatId) -> Result<String, Refusal> {
        let held = self.state.seats.get(&(self.config.nation, seat.clone()));
        let Some(held) = held.filter(|s| s.role == by.role) else {
            return Err(Refusal::new(
                "RK-1109",
                format!("seat `{}` is not one of your role", seat.0),
                format!("職「{}」は貴官の職務区分のものではない", seat.0),
            ));
        };
        if held.holder.as_deref() != Some(by.person.as_str()) {
            let notice =
                SeatNotice { holder: Some(by.person.clone()), since: self.now, ..held.clone() };
            self.publish_plain(Statement::Seat(notice));
        }
        Ok(seat.0.clone())
    }
}

fn seen(id: &ObjectId, about: &About, at: renkei_model::time::Timestamp) -> Seen {
    Seen {
        incident: id.clone(),
        subject: about.subject.clone(),
        position: about.position,
        known_as: about.known_as.clone(),
        at,
    }
}

/// The label of a statement that rests on something withheld: its meet with the label of that, on
/// hold, so that it goes only by human release.
fn held(label: &Label, about: &About) -> Label {
    let mut label = label.meet(&about.label);
    label.restrictive.insert("HOLD".into());
    label
}

fn nothing_in_particular() -> Subject {
    let domain = renkei_model::observation::Domain::Other;
    Subject { alias: None, identity: None, name: None, domain }
}

/// The person in the seat, as they sign.
pub(super) fn signatory(by: &Session) -> Signatory {
    Signatory { nation: by.nation, seat: by.seat.clone(), person: by.person.clone(), passkey: None }
}

/// A text for the record stands in both languages and is no longer than a page.
pub(super) fn check_text(text: &Bilingual) -> Result<(), Refusal> {
    let said = |t: &str| !t.trim().is_empty();
    if !said(&text.en) || !said(&text.ja) {
        return Err(Refusal::new(
            "RK-1102",
            "the text is wanted in both languages; have a named person write the other one",
            "日英両文が必要である。他方の言語は氏名を明らかにした者が作成されたい",
        ));
    }
    let long = |t: &str| t.chars().count() > TEXT_CHARS_MAX;
    if long(&text.en) || long(&text.ja) {
        return Err(Refusal::new(
            "RK-1103",
            format!("the text is longer than {TEXT_CHARS_MAX} characters"),
            format!("文が{TEXT_CHARS_MAX}字を超えている"),
        ));
    }
    Ok(())
}
