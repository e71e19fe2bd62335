//! From a standing option to a task: draft, edit, offer, answer, task. The rules of agreement are in
//! `option`; here they meet a person.

use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, ObjectId};
use renkei_model::seat::SeatId;
use renkei_model::statement::{
    Answer, Bilingual, Deadline, IncidentState, OptionVersion, Statement, TaskStatus, Translation,
    Verdict,
};

use super::command::{check_text, signatory};
use super::entry::{Draft, Local, Task};
use super::input::{Choice, Extra, Session};
use super::option::{NotNow, Opt, Version};
use super::refusal::Refusal;
use super::standing::{Slots, append};
use super::words;
use super::work::Work;

/// How long a deadline may be, seconds: half a minute for what was agreed beforehand, a day at most.
const DEADLINE_S: std::ops::RangeInclusive<u32> = 30..=86_400;
/// A text may hold this many blocks.
const BLOCKS_MAX: usize = 40;

/// What a new version is made of.
struct Making {
    option: ObjectId,
    number: u32,
    parent: Option<Digest>,
    incident: ObjectId,
    template: Option<String>,
    blocks: Vec<String>,
    extra: Option<Extra>,
    deadline_s: u32,
}

impl Work<'_> {
    pub(super) fn draft(
        &mut self,
        by: &Session,
        incident: &ObjectId,
        template: String,
        blocks: Vec<String>,
        deadline_s: u32,
    ) -> Result<String, Refusal> {
        let own = self.incident(incident)?;
        if own.record.state == IncidentState::Reported {
            return Err(Refusal::new(
                "RK-1113",
                "acknowledge the incident first",
                "先に事案の受領確認をされたい",
            ));
        }
        let incident = own.record.incident.clone();
        let signed = self.config.standing.blocks_of(&template, self.state.parties())?;
        let blocks = if blocks.is_empty() { signed } else { blocks };
        self.make(
            by,
            Making {
                option: self.id(1),
                number: 1,
                parent: None,
                incident,
                template: Some(template),
                blocks,
                extra: None,
                deadline_s,
            },
        )
    }

    pub(super) fn edit(
        &mut self,
        by: &Session,
        option: &ObjectId,
        parent: Digest,
        blocks: Vec<String>,
        extra: Option<Extra>,
        deadline_s: u32,
    ) -> Result<String, Refusal> {
        let held = self.option(option)?;
        if held.agreed.is_some() {
            return Err(Refusal::new(
                "RK-1114",
                "both sides have agreed; make a new option to change it",
                "既に合意している。変更は新たな対応案によられたい",
            ));
        }
        // An edit of what was never sent takes its place; an edit of what was sent follows it.
        let in_hand = held.draft.as_ref().filter(|d| d.version.digest() == parent);
        let (number, parent, template) = match (in_hand, held.current()) {
            (Some(d), _) => (d.version.number, d.version.parent, d.version.template.clone()),
            (None, Some(v)) if v.digest == parent => {
                let number = v.version.number.saturating_add(1);
                (number, Some(v.digest), v.version.template.clone())
            }
            _ => return Err(not_current()),
        };
        let incident = self.incident(&held.incident)?.record.incident.clone();
        let option = option.clone();
        let making =
            Making { option, number, parent, incident, template, blocks, extra, deadline_s };
        self.make(by, making)
    }

    fn make(&mut self, by: &Session, making: Making) -> Result<String, Refusal> {
        let Making { option, number, parent, incident, template, blocks, extra, deadline_s } =
            making;
        if !DEADLINE_S.contains(&deadline_s) || blocks.len() > BLOCKS_MAX {
            return Err(Refusal::new(
                "RK-1115",
                format!("a deadline is 30 to 86,400 seconds, a text at most {BLOCKS_MAX} blocks"),
                format!("回答期限は30秒以上86400秒以内、定型文は{BLOCKS_MAX}個以内とされたい"),
            ));
        }
        let own = self.incident(&incident)?;
        let slots = Slots::of(&own.record.subject, &own.record.occurrence);
        let parties = self.state.parties();
        let rendered = self.config.standing.render(&blocks, &slots, parties)?;
        let mut text = rendered.text;
        if let Some(extra) = &extra {
            check_extra(extra)?;
            append(&mut text, &extra.text);
        }
        let at = self.now.plus_ms(i64::from(deadline_s) * 1_000);
        let mut deadlines = parties.map(|nation| Deadline { nation, at });
        deadlines.sort_by_key(|d| d.nation);
        let version = OptionVersion {
            domain: OptionVersion::DOMAIN.into(),
            partition: self.config.partition.clone(),
            option: option.clone(),
            number,
            parent,
            incident: incident.clone(),
            template,
            text,
            actions: rendered.actions,
            language: by.language,
            translation: extra
                .as_ref()
                .map_or(Translation::Phrases, |e| Translation::Person(e.translator.clone())),
            deadlines: deadlines.into(),
            author: signatory(by),
            made_at: self.now,
        };
        let extra = extra.map(|e| e.text);
        self.note_down(Local::Draft(Box::new(Draft { version, blocks, extra })));
        self.say(&incident, &by.person, words::drafted(number));
        Ok(option.to_string())
    }

    pub(super) fn offer(
        &mut self,
        by: &Session,
        option: &ObjectId,
        version: Digest,
    ) -> Result<String, Refusal> {
        let held = self.option(option)?;
        let draft =
            held.draft.as_ref().filter(|d| d.version.digest() == version).ok_or_else(|| {
                Refusal::new(
                    "RK-1116",
                    "that version is not in hand; look again",
                    "当該版は起案中ではない。画面を更新されたい",
                )
            })?;
        if draft.version.parent != held.current().map(|v| v.digest) || held.agreed.is_some() {
            return Err(not_current());
        }
        if let Some(blocked) = blocked(draft) {
            return Err(blocked);
        }
        if draft.version.deadlines.iter().any(|d| d.at <= self.now) {
            return Err(past_deadline());
        }
        let own = self.incident(&draft.version.incident)?;
        if !own.is_shared() {
            return Err(Refusal::new(
                "RK-1119",
                "the incident is withheld from the partner; a release officer must release it first",
                "本事案は不提供である。先に対外提供審査官の審査を受けられたい",
            ));
        }
        let (version, incident) = (draft.version.clone(), own.record.incident.clone());
        // The person who sends it need not be the one who wrote it; the author stands in the text.
        self.say(&incident, &by.person, words::offered(&version));
        self.publish_plain(Statement::Offer(version));
        Ok(option.to_string())
    }

    pub(super) fn answer(
        &mut self,
        by: &Session,
        option: &ObjectId,
        version: Digest,
        choice: Choice,
        text: Option<Bilingual>,
        to: Option<SeatId>,
    ) -> Result<String, Refusal> {
        let verdict = verdict(choice, text, to)?;
        let (me, now) = (self.config.nation, self.now);
        let held = self.option(option)?;
        let partner = self.config.partner.nation;
        let target = held
            .may_answer(me, partner, version, &verdict)
            .map_err(|not_now| refusal(&not_now, partner))?;
        if target.deadline(me).is_some_and(|at| at <= now) {
            return Err(past_deadline());
        }
        self.publish_plain(Statement::Answer(Answer {
            domain: Answer::DOMAIN.into(),
            partition: self.config.partition.clone(),
            option: option.clone(),
            version,
            verdict,
            by: signatory(by),
            at: now,
        }));
        Ok(option.to_string())
    }

    pub(super) fn task(
        &mut self,
        by: &Session,
        option: &ObjectId,
        version: Digest,
    ) -> Result<String, Refusal> {
        let me = self.config.nation;
        let held = self.option(option)?;
        let agreed = held.versions.get(&version).filter(|_| held.agreed == Some(version));
        let agreed = agreed.ok_or_else(|| {
            Refusal::new(
                "RK-1122",
                "a task needs both signatures under this version",
                "任務の付与には、当該版に対する双方の署名が必要である",
            )
        })?;
        if agreed.tasked.contains_key(&me) {
            return Err(Refusal::new(
                "RK-1123",
                "own forces are tasked already",
                "任務は既に付与している",
            ));
        }
        let action = agreed.action(me).ok_or_else(|| {
            Refusal::new(
                "RK-1124",
                "this option gives no action to our side",
                "本対応案には自国側の行動がない",
            )
        })?;
        let task = Task {
            option: option.clone(),
            version,
            text: action.text.clone(),
            by: signatory(by),
            at: self.now,
            partner_holds: agreed.holding.contains_key(&self.config.partner.nation),
        };
        let option = option.clone();
        self.note_down(Local::Task(task));
        let tasked_at = self.now;
        self.publish_plain(Statement::Tasked(TaskStatus {
            option: option.clone(),
            version,
            tasked_at,
        }));
        Ok(option.to_string())
    }

    fn option(&self, id: &ObjectId) -> Result<&Opt, Refusal> {
        self.state.options.get(id).ok_or_else(|| {
            Refusal::new(
                "RK-1104",
                format!("there is no option {id} here"),
                format!("対応案{id}は登録されていない"),
            )
        })
    }
}

fn refusal(not_now: &NotNow<'_>, partner: Nation) -> Refusal {
    match not_now {
        NotNow::Replaced => not_current(),
        NotNow::Answered(answer) => answered_already(answer),
        NotNow::Wait { live, version } => {
            Refusal { code: "RK-1121", text: wait(live, version, partner) }
        }
    }
}

/// Why our side must not sign `version` now although it may later.
pub(super) fn wait(live: &Version, version: &Version, partner: Nation) -> Bilingual {
    let n = live.version.number;
    let Bilingual { en, ja } = words::of_side(partner);
    words::both(
        format!(
            "our signature under version {n} is on its way and {en} may be signing it: wait until \
             its node has confirmed receipt of version {}",
            version.version.number
        ),
        format!(
            "第{n}版への当方の署名が送達中であり、{ja}が署名する可能性がある。第{}版の受領通知を待たれたい",
            version.version.number
        ),
    )
}

/// Why a draft cannot be offered as it is: words of one's own want both languages and a name.
pub(super) fn blocked(draft: &Draft) -> Option<Refusal> {
    let said = |text: &str| !text.trim().is_empty();
    let unnamed = matches!(&draft.version.translation, Translation::Person(p) if !said(p));
    let one_language = draft
        .extra
        .as_ref()
        .is_some_and(|e| !said(&e.en) || !said(&e.ja) || e.en.trim() == e.ja.trim());
    if unnamed || one_language {
        return Some(Refusal::new(
            "RK-1117",
            "free text blocks the offer until a named person has written and checked the other \
             language",
            "自由記述がある場合、氏名を明らかにした者が他方の言語文を作成し確認するまで提案できない",
        ));
    }
    (!said(&draft.version.text.en) || !said(&draft.version.text.ja)).then(|| {
        Refusal::new("RK-1118", "the option has no common text", "対応案に共通の文面がない")
    })
}

fn check_extra(extra: &Extra) -> Result<(), Refusal> {
    let filled = |t: &str| if t.trim().is_empty() { "-".to_owned() } else { t.to_owned() };
    // One language may still be missing in a draft; length counts all the same.
    check_text(&Bilingual { en: filled(&extra.text.en), ja: filled(&extra.text.ja) })
}

fn verdict(
    choice: Choice,
    text: Option<Bilingual>,
    to: Option<SeatId>,
) -> Result<Verdict, Refusal> {
    if let Some(text) = &text {
        check_text(text)?;
    }
    match choice {
        Choice::Agree => Ok(Verdict::Agree),
        Choice::Caveat => text.map(|caveat| Verdict::AgreeWithCaveat { caveat }).ok_or_else(|| {
            Refusal::new(
                "RK-1125",
                "write the caveat in both languages",
                "条件を日英両文で記載されたい",
            )
        }),
        Choice::ReferUp => {
            let to = to.filter(|seat| (1..=64).contains(&seat.0.trim().len()));
            to.map(|to| Verdict::ReferredUp { to }).ok_or_else(|| {
                Refusal::new(
                    "RK-1126",
                    "name the seat it is referred up to",
                    "上申先の職を指定されたい",
                )
            })
        }
        Choice::Decline => {
            let unsaid = || words::both("No reason stated.", "理由の記載なし。");
            Ok(Verdict::Decline { reason: text.unwrap_or_else(unsaid) })
        }
    }
}

fn answered_already(answer: &Answer) -> Refusal {
    let at = answer.at.to_dtg();
    if matches!(answer.verdict, Verdict::Lapsed) {
        return past_deadline();
    }
    Refusal::new(
        "RK-1120",
        format!(
            "our side answered this version at {at} ({}); an answer is irrevocable, make a new \
             version",
            answer.by.person
        ),
        format!(
            "当方は本版に{at}に回答済みである（{}）。回答は取り消せない。新たな版によられたい",
            answer.by.person
        ),
    )
}

fn not_current() -> Refusal {
    Refusal::new(
        "RK-1127",
        "another version stands now; look at that one",
        "現在は別の版が有効である。当該版を確認されたい",
    )
}

fn past_deadline() -> Refusal {
    Refusal::new(
        "RK-1128",
        "the deadline has passed; make a new version with a new deadline",
        "回答期限を過ぎている。新たな期限の版によられたい",
    )
}
