//! The affairs as a screen needs them: the `affairs` message and the phrase book, as data.
//!
//! Built from what is durable only. Refuses: markup, sentences made for one language, and any field
//! that would feed a weapon.

use std::collections::BTreeMap;

use renkei_fusion::alerts::Why;
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::observation::{Domain, Identity};
use renkei_model::seat::SeatNotice;
use renkei_model::statement::{
    Bilingual, Ground, IncidentState, Language, Occurrence, Translation,
};
use serde::Serialize;

use super::agreed::AgreedReason;
use super::effect::Severity;
use super::merges::MergeView;
use super::recall::RecallView;
use super::reviewing::{DecisionView, ReviewView};
use crate::picture::view::LabelView;

/// The whole snapshot. Ids are strings as `ObjectId` displays; times are milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AffairsView {
    /// Own incidents, newest first; those of the partner stand in `pair`.
    pub incidents: Vec<IncidentView>,
    /// Options, newest first.
    pub options: Vec<OptionView>,
    /// Own tasks, newest first. They never cross.
    pub tasks: Vec<TaskView>,
    /// Every published seat, own nation first.
    pub seats: Vec<SeatNotice>,
    /// Every zone, own and the partner's.
    pub zones: Vec<ZoneView>,
    /// What wants somebody, most pressing first.
    pub attention: Vec<AttentionView>,
    /// Which tracks persons state to be one thing, or two, newest first.
    pub merges: Vec<MergeView>,
    /// Every alert rule that told something or was judged.
    pub rules: Vec<RuleView>,
    /// Every track that is watched, the watch that ends first first.
    pub watches: Vec<WatchView>,
    /// What waits for a release review, the longest wait first.
    pub reviews: Vec<ReviewView>,
    /// The last decisions of reviews, newest first.
    pub decisions: Vec<DecisionView>,
    /// What either side took back or labelled anew, newest first.
    pub recalls: Vec<RecallView>,
    /// Received and refused, by code, so that it is seen and not guessed.
    pub refused: Vec<RefusedView>,
}

/// One own incident and what the partner told of its pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentView {
    /// Its id.
    pub id: String,
    /// The spoken name, where it has one.
    pub alias: Option<BorderAlias>,
    /// Whose incident.
    pub owner: Nation,
    /// With which partner it is dealt with.
    pub partner: Nation,
    /// Our incidents of the same matter that are dealt with with other partners.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// The partner's incident of the same matter.
    pub pair: Option<String>,
    /// How far it is on our side.
    pub state: IncidentState,
    /// How far the partner's is, as last told.
    pub pair_state: Option<IncidentState>,
    /// What happened.
    pub occurrence: Occurrence,
    /// To whom, as this reader may know it.
    pub subject: SubjectView,
    /// Degrees north, where known.
    pub lat: Option<f64>,
    /// Degrees east, where known.
    pub lon: Option<f64>,
    /// The own track's number, where one is held now.
    pub track: Option<u32>,
    /// Why the partner does not have it; `None` when it does or soon will.
    pub withheld: Option<Bilingual>,
    /// The label of its record.
    pub label: LabelView,
    /// Whether and when it was taken back; of the partner's recall, its content is shown no more.
    pub recalled: Option<RecalledView>,
    /// T0–T7 of both sides.
    pub times: BothTimes,
    /// The watch log, oldest first; empty for a reader of another nation.
    pub log: Vec<LogView>,
}

/// A recall of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RecalledView {
    /// Who took it back.
    pub by: Nation,
    /// When, by its clock.
    pub at_ms: i64,
    /// Why.
    pub ground: Ground,
    /// When the receiver carried it out; `None` while we do not know.
    pub done_ms: Option<i64>,
}

/// To whom it happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SubjectView {
    /// The border alias.
    pub alias: Option<BorderAlias>,
    /// The claimed identity.
    pub identity: Option<Identity>,
    /// Its name.
    pub name: Option<String>,
    /// Where it moves.
    pub domain: Domain,
}

/// The time line of both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BothTimes {
    /// By our clock.
    pub own: Times,
    /// By the partner's clock, as told in its records; `t3` by ours.
    pub partner: Times,
}

/// T0 sensed · T1 ingested · T2 on the own screen · T3 held by the other side's node ·
/// T4 acknowledged · T5 first offer · T6 both signatures held · T7 own forces tasked.
/// Milliseconds, `null` = not yet or not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the struct's own sentence names each")]
pub struct Times {
    pub t0: Option<i64>,
    pub t1: Option<i64>,
    pub t2: Option<i64>,
    pub t3: Option<i64>,
    pub t4: Option<i64>,
    pub t5: Option<i64>,
    pub t6: Option<i64>,
    pub t7: Option<i64>,
}

/// One line of the watch log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogView {
    /// When, by our clock.
    pub at_ms: i64,
    /// Who; empty = the node itself.
    pub person: String,
    /// What; a person's own note has the same words in both fields.
    pub text: Bilingual,
}

/// An option with all its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionView {
    /// Its id.
    pub id: String,
    /// Our incident that it answers; the author's when ours is not open (yet).
    pub incident: String,
    /// With which partner.
    pub partner: Nation,
    /// The standing option.
    pub template: Option<String>,
    /// Oldest first; the last that is not void is the current one.
    pub versions: Vec<VersionView>,
}

/// How a version came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Not sent to the partner.
    Draft,
    /// Answers are outstanding.
    Open,
    /// Both nations agreed.
    Agreed,
    /// Both agreed, at least one with a caveat.
    AgreedWithCaveat,
    /// One declined.
    NotAgreed,
    /// A deadline passed without an answer.
    Lapsed,
    /// Another version stands in its place.
    Superseded,
}

/// One immutable version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionView {
    /// The label of its record; of a draft, the one that it would get.
    pub label: LabelView,
    /// From 1.
    pub number: u32,
    /// What both sign.
    pub hash: String,
    /// The version it replaces.
    pub parent: Option<String>,
    /// The text that both sign.
    pub text: Bilingual,
    /// What each side would do with its own.
    pub actions: Vec<ActionView>,
    /// The phrase blocks, where this node wrote it.
    pub blocks: Vec<String>,
    /// The author's language.
    pub language: Language,
    /// Who answers for the other language.
    pub translation: Translation,
    /// Each by its own clock.
    pub deadlines: Vec<DeadlineView>,
    /// Who wrote it.
    pub author: SignatoryView,
    /// When.
    pub made_at_ms: i64,
    /// Whether it was sent to the partner, or came from there.
    pub offered: bool,
    /// Why it cannot be offered as it is.
    pub blocked: Option<Bilingual>,
    /// In the order they were held here.
    pub answers: Vec<AnswerView>,
    /// Why our side cannot sign it now, though it has not answered.
    pub wait: Option<Bilingual>,
    /// A later version or an agreement stands in its place: its answers count for nothing.
    pub void: bool,
    /// How it came out.
    pub outcome: Outcome,
    /// We hold both signatures.
    pub held_own: bool,
    /// The partner has confirmed that it holds both.
    pub held_partner: bool,
    /// When each side tasked its own.
    pub tasked: BTreeMap<Nation, Option<i64>>,
}

/// What one side would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionView {
    /// Which.
    pub nation: Nation,
    /// What.
    pub text: Bilingual,
}

/// One side's own deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadlineView {
    /// Whose.
    pub nation: Nation,
    /// By that nation's clock.
    pub at_ms: i64,
}

/// Who stands behind a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignatoryView {
    /// The nation.
    pub nation: Nation,
    /// The seat.
    pub seat: String,
    /// The person; empty when the node answered for a clock.
    pub person: String,
}

/// One signed answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerView {
    /// Whose.
    pub nation: Nation,
    /// `agree`, `caveat`, `refer_up`, `decline` or `lapsed`.
    pub verdict: &'static str,
    /// The caveat or reason.
    pub text: Option<Bilingual>,
    /// The seat referred to.
    pub to: Option<String>,
    /// The answering seat.
    pub seat: String,
    /// The person in it.
    pub person: String,
    /// By the answering side's clock.
    pub at_ms: i64,
    /// The hash of the signed record.
    pub hash: String,
}

/// An own task, as written into the own chain of command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskView {
    /// Under which option.
    pub option: String,
    /// Under which version.
    pub version: String,
    /// The own side's action, word for word as agreed.
    pub text: Bilingual,
    /// T7.
    pub at_ms: i64,
    /// Who.
    pub by: String,
    /// Whether the partner had confirmed holding both signatures by now.
    pub partner_holds: bool,
}

/// A zone on the map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ZoneView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Bilingual,
    /// Who drew it.
    pub owner: Nation,
    /// Corners in degrees, latitude first.
    pub ring: Vec<[f64; 2]>,
    /// Rings within it that do not belong to it, likewise.
    pub holes: Vec<Vec<[f64; 2]>>,
}

/// Something that wants somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttentionView {
    /// Stable while it stands.
    pub id: String,
    /// `incident`, `answer_wanted`, `answered`, `lapsed`, `task_wanted`, `unconfirmed`,
    /// `identity_differs`, `border_mismatch` or `notice`.
    pub kind: &'static str,
    /// How much it presses.
    pub severity: Severity,
    /// The own incident.
    pub incident: Option<String>,
    /// The own track.
    pub track: Option<u32>,
    /// Since when.
    pub at_ms: i64,
    /// The Fluent message.
    pub key: &'static str,
    /// Its variables, in both languages.
    pub args: BTreeMap<&'static str, Bilingual>,
    /// The number to judge it by, where it is an alert that opened no incident.
    pub notice: Option<u64>,
    /// Why the alert or the incident was raised: codes and whole numbers.
    pub why: Option<Why>,
}

/// What one alert rule told since the node started, and how persons judged it, ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleView {
    /// Its code.
    pub rule: &'static str,
    /// Alerts told since the start.
    pub told: u32,
    /// Seen and let stand.
    pub acknowledged: u32,
    /// Put off.
    pub snoozed: u32,
    /// Made incidents.
    pub escalated: u32,
    /// Marked as false.
    pub false_alarms: u32,
    /// Acknowledged and escalated of those and the false ones, whole percent; `None` when nothing
    /// was judged.
    pub precision_percent: Option<u32>,
}

/// A track that a person has watched. It is found on the screen by its names: track numbers end
/// with the process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WatchView {
    /// Its number, to end it by.
    pub watch: u64,
    /// What the thing was called when it began.
    pub name: Bilingual,
    /// Where it moves.
    pub domain: Domain,
    /// Every name it had, spelt as in a track's `identities`, border aliases among them.
    pub known_as: Vec<String>,
    /// Why, in the person's words.
    pub reason: String,
    /// Who asked for it.
    pub by: String,
    /// From which seat.
    pub seat: String,
    /// Since when.
    pub since_ms: i64,
    /// Until when.
    pub until_ms: i64,
}

/// Records of the partner that were not taken, by reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedView {
    /// Of which partner.
    pub partner: Nation,
    /// The stable code.
    pub code: &'static str,
    /// In words.
    pub reason: Bilingual,
    /// How many.
    pub count: u64,
    /// The last one, by our clock.
    pub last_ms: i64,
}

/// The phrase book: `GET /api/phrases`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhrasesView {
    /// Standing options that both sides signed beforehand.
    pub standing: Vec<StandingView>,
    /// Every phrase block; texts still hold their slots in braces.
    pub blocks: Vec<BlockView>,
    /// Agreed sentences for the reason of an identity statement.
    pub reasons: Vec<AgreedReason>,
}

/// One standing option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StandingView {
    /// Its id, with its edition, for example `shadow-report.1`.
    pub id: String,
    /// Its title.
    pub title: Bilingual,
    /// Its blocks in order.
    pub blocks: Vec<String>,
}

/// One phrase block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockView {
    /// Its id.
    pub id: String,
    /// Whose action it words; `None` = of the text that both sign.
    pub nation: Option<Nation>,
    /// Both languages.
    pub text: Bilingual,
}
