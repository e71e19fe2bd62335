//! What may happen to a headquarters' affairs: alerts, commands of persons, records of the
//! partner, and what the node did with the effects it was given.

use std::collections::BTreeSet;

use renkei_fusion::alerts::Why;
use renkei_model::cbor::Digest;
use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::label::Label;
use renkei_model::observation::Identity;
use renkei_model::position::MicroPosition;
use renkei_model::seat::{Role, SeatId};
use renkei_model::statement::{
    Affiliation, Bilingual, Ground, Language, Occurrence, SignedRecord, Subject,
};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;
use renkei_policy::Review;
use serde::{Deserialize, Deserializer, Serialize};

use super::agreed::TearLine;
use super::effect::{Place, Ticket};
use super::notices::{Judgement, Notice};
use super::policies::PolicyProposal;

/// One thing that happened. Time is the second argument of `handle`, never part of it, except
/// where a sensor's or the feed's own time is what is told.
#[derive(Clone, Debug)]
pub enum AffairsInput {
    /// The node begins: publish seats and zones, finish what a crash interrupted. Once, after `new`
    /// or `replay`, before anything else.
    Start,
    /// The picture saw something that a watch should know.
    Raise(Alert),
    /// The picture saw something that opens no incident by itself.
    Notice(Box<Notice>),
    /// A signed-in person asks for something.
    Command {
        /// Comes back in [`super::AffairsEffect::Reply`].
        request: u64,
        /// Who asks.
        by: Session,
        /// What.
        command: Command,
        /// The track that `open_incident`, `state_identity`, `watch_track`, `merge_tracks` and
        /// `split_track` name, as the picture knows it.
        about: Option<About>,
        /// The tracks that it is to be one with, or to be no longer.
        beside: Vec<About>,
    },
    /// A signed-in person proposes a change of the release policy, which the node has read and tried.
    ProposePolicy {
        /// Comes back in [`super::AffairsEffect::Reply`].
        request: u64,
        /// Who asks.
        by: Session,
        /// What.
        proposal: PolicyProposal,
    },
    /// The link handed over a record of the partner.
    Received {
        /// The peer that the link authenticated.
        from: Nation,
        /// The border class: 1, 2 or 4.
        class: u8,
        /// Its place in the peer's log of that class.
        place: Place,
        /// The bytes and the signature, unchecked.
        record: SignedRecord,
    },
    /// The ledger holds this batch and every one before it, fsynced.
    Persisted(Ticket),
    /// The ledger refused this batch (disk full): it and all later ones are as if never asked. The
    /// link must be told too, so that the partner sends again what was not applied; `Start` once the
    /// store works again.
    NotPersisted {
        /// The first batch that is not held.
        ticket: Ticket,
        /// The store's words, shown to the person who asked.
        why: String,
    },
    /// Policy released the record and the link gave it this place; not yet sent.
    Outbound {
        /// The record of a `Send`.
        record: ObjectId,
        /// The border class.
        class: u8,
        /// Its place in our log of that class.
        place: Place,
        /// Exactly what the link will send and may ask for again.
        bytes: Vec<u8>,
    },
    /// Policy did not release the record.
    Withheld {
        /// The record of a `Send`.
        record: ObjectId,
        /// The deciding rule, where one decided.
        policy: Option<String>,
        /// Why, for a person.
        reason: Bilingual,
        /// Whose review may release it all the same, and the version of the policy set that says
        /// so; `None` where none may.
        review: Option<(Review, Digest)>,
    },
    /// The link sends these bytes in place of a record that was recalled before it went.
    Replaced {
        /// The record that was stopped.
        stopped: ObjectId,
        /// The recall that goes in its place.
        recall: ObjectId,
        /// Its border class.
        class: u8,
        /// Its place.
        place: Place,
        /// Exactly what the link will send there.
        bytes: Vec<u8>,
    },
    /// The partner's ledger holds our log of `class`, in this epoch, up to `seq`.
    PartnerApplied {
        /// The border class.
        class: u8,
        /// Up to and with this place.
        seq: u64,
    },
    /// An own screen first showed the incident (T2).
    Shown {
        /// Which.
        incident: ObjectId,
    },
    /// The picture's answer to `Locate`, also when it changes. Not durable: track numbers end with
    /// the process.
    Located {
        /// Which.
        incident: ObjectId,
        /// The track it concerns now.
        track: TrackNumber,
        /// Every name of the track, border aliases included.
        known_as: BTreeSet<Identity>,
    },
    /// The newest checkpoint note of the own ledger. Not durable: the ledger has it.
    Checkpointed(String),
    /// Fresh random bytes for the salts; may come at any time, is mixed in.
    Entropy([u8; 32]),
    /// Time passed: deadlines are looked at. About once a second.
    Tick,
}

/// What the picture saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What happened.
    pub occurrence: Occurrence,
    /// To whom.
    pub about: About,
    /// Why it was raised. It never crosses, and ends with the process as the tracks do.
    pub why: Why,
    /// T0: when the sensor saw it.
    pub sensed_at: Timestamp,
    /// T1: when this node took the report in.
    pub ingested_at: Timestamp,
}

/// A track as the affairs need it: what our floor may know, and what of it may cross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its number on this node.
    pub track: TrackNumber,
    /// As our own floor knows it.
    pub subject: Subject,
    /// Where, as our own floor knows it.
    pub position: Option<MicroPosition>,
    /// Every name it goes by: identities, our alias and the partner's, as `Identity::Alias`.
    pub known_as: BTreeSet<Identity>,
    /// The meet of the labels of everything that it rests on.
    pub label: Label,
    /// What may go to the partner, built up from the released tiers alone; `None` when not even its
    /// existence may.
    pub released: Option<ReleasedAbout>,
}

/// The part of [`About`] that the release policy let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleasedAbout {
    /// Alias always; identity and name only where that tier was released.
    pub subject: Subject,
    /// Only where full or coarse kinematics were released, as released.
    pub position: Option<MicroPosition>,
    /// The meet of the labels of the released inputs.
    pub label: Label,
}

/// Who asks. The node made it from a signed-in session; nothing in it comes from the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person's nation; a liaison's differs from the node's.
    pub nation: Nation,
    /// The role signed in with.
    pub role: Role,
    /// The seat signed in for.
    pub seat: SeatId,
    /// The name to be spoken.
    pub person: String,
    /// The language worked in.
    pub language: Language,
}

/// What a person may ask for: the body of `POST /api/command`. Ids are strings as [`ObjectId`]
/// displays, versions are 64 hexadecimal digits: what was on the screen is what is answered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Takes an incident (T4).
    Acknowledge {
        /// Which.
        #[serde(deserialize_with = "id")]
        incident: ObjectId,
    },
    /// Opens an incident by hand.
    OpenIncident {
        /// About this track, if about one.
        track: Option<TrackNumber>,
        /// What was reported.
        text: Bilingual,
        /// What goes to the partner in place of it.
        #[serde(default)]
        tear_line: Option<TearLine>,
    },
    /// Makes an option from a standing option.
    Draft {
        /// For this incident.
        #[serde(deserialize_with = "id")]
        incident: ObjectId,
        /// The standing option.
        template: String,
        /// Its phrase blocks in order; empty = as the template has them.
        #[serde(default)]
        blocks: Vec<String>,
        /// Seconds from now, 30 to 86,400, for both sides, each by its own clock.
        deadline_s: u32,
    },
    /// A new version in place of `parent`: our own edit or a counter-offer.
    Edit {
        /// Which option.
        #[serde(deserialize_with = "id")]
        option: ObjectId,
        /// The version it replaces: the current one.
        parent: Digest,
        /// Its phrase blocks in order.
        blocks: Vec<String>,
        /// Words of one's own.
        #[serde(default)]
        extra: Option<Extra>,
        /// As in `draft`.
        deadline_s: u32,
    },
    /// Sends a version to the partner (T5).
    Offer {
        /// Which option.
        #[serde(deserialize_with = "id")]
        option: ObjectId,
        /// Which version.
        version: Digest,
    },
    /// Answers a version with the own side's authority. Irrevocable once sent.
    Answer {
        /// Which option.
        #[serde(deserialize_with = "id")]
        option: ObjectId,
        /// Which version.
        version: Digest,
        /// The answer.
        verdict: Choice,
        /// The caveat, or the reason of a decline.
        #[serde(default)]
        text: Option<Bilingual>,
        /// The seat referred to.
        #[serde(default)]
        to: Option<SeatId>,
    },
    /// Tasks the own side's forces in the own chain of command (T7).
    Task {
        /// Which option.
        #[serde(deserialize_with = "id")]
        option: ObjectId,
        /// Which version.
        version: Digest,
    },
    /// Closes an own incident.
    Close {
        /// Which.
        #[serde(deserialize_with = "id")]
        incident: ObjectId,
    },
    /// States whose a thing is.
    StateIdentity {
        /// Which.
        track: TrackNumber,
        /// The assessment.
        affiliation: Affiliation,
        /// Why.
        reason: Bilingual,
        /// Seconds until it no longer stands, 60 to 2,592,000 (30 days).
        expires_s: u32,
        /// What goes to the partner in place of the reason.
        #[serde(default)]
        tear_line: Option<TearLine>,
    },
    /// Decides about a record that waits for a review (提供審査).
    Review {
        /// Which record.
        #[serde(deserialize_with = "id")]
        record: ObjectId,
        /// SHA-256 of the bytes on the screen.
        digest: Digest,
        /// Yes or no.
        approve: bool,
        /// Seconds that a yes stands, 60 to 604,800 (7 days).
        #[serde(default)]
        for_s: u32,
        /// Why. It never crosses.
        reason: String,
    },
    /// Recalls an own incident or identity statement (提供取消・回収).
    Recall {
        /// Which.
        #[serde(deserialize_with = "id")]
        object: ObjectId,
        /// Why, as a code that the partner gets.
        ground: Ground,
        /// Why, in the person's words. It never crosses.
        reason: String,
    },
    /// Recalls every report of a thing.
    RecallAlias {
        /// Its border alias.
        alias: BorderAlias,
        /// Why, as a code that the partner gets.
        ground: Ground,
        /// Why, in the person's words. It never crosses.
        reason: String,
    },
    /// Changes the label of an own incident or identity statement (表示の変更).
    Relabel {
        /// Which.
        #[serde(deserialize_with = "id")]
        object: ObjectId,
        /// The label from now on; originator and time are filled in.
        label: Box<Label>,
        /// Why, as a code that the partner gets.
        ground: Ground,
        /// Why, in the person's words. It never crosses.
        reason: String,
    },
    /// Takes a seat over, as of now.
    TakeSeat {
        /// Which.
        seat: SeatId,
    },
    /// Says what an alert that opened no incident was worth.
    JudgeNotice {
        /// Its number in the attention item.
        notice: u64,
        /// The judgement.
        judgement: Judgement,
        /// Seconds that it is put off, 1 to 43,200; only with `snoozed`.
        #[serde(default)]
        for_s: Option<u32>,
        /// Why; wanted with `snoozed` and `false_alarm`. It never crosses.
        #[serde(default)]
        reason: String,
    },
    /// States that two tracks are one thing (同一指定).
    MergeTracks {
        /// One.
        track: TrackNumber,
        /// The other.
        with: TrackNumber,
        /// Why. It never crosses.
        reason: String,
    },
    /// States that a track is not one thing with those that it is taken for (別個指定).
    SplitTrack {
        /// Which; of several that are one thing, its own number.
        track: TrackNumber,
        /// Why. It never crosses.
        reason: String,
    },
    /// Withdraws a statement that tracks are one thing, or two.
    WithdrawMerge {
        /// Its number.
        merge: u64,
    },
    /// Has a track watched (監視): the rules for watched tracks look at it.
    WatchTrack {
        /// Which.
        track: TrackNumber,
        /// Why, in the person's words. It never crosses.
        reason: String,
        /// Seconds until it ends by itself, 60 to 2,592,000 (30 days).
        for_s: u32,
    },
    /// Ends a watch before its time.
    EndWatch {
        /// Its number.
        watch: u64,
    },
    /// Proposes that bodies of the own ledger be destroyed (廃棄). Nothing goes before another person
    /// approves it.
    ProposeDestruction {
        /// Numbers of records in the own ledger, as `renkei ledger verify --account` shows them.
        records: BTreeSet<u64>,
        /// Why.
        reason: Bilingual,
        /// Under which rule, as it is cited.
        authority: String,
    },
    /// Approves another person's proposal: the bodies go, and cannot be had back.
    ApproveDestruction {
        /// Its number.
        proposal: u64,
    },
    /// Approves a changed release policy, declines it, or withdraws one's own.
    DecidePolicy {
        /// Its number.
        change: u64,
        /// Whether it is to be in force.
        approve: bool,
        /// Why; wanted unless it is approved. It never crosses.
        #[serde(default)]
        reason: String,
    },
    /// A line in the incident's log (クロノロジー). It never crosses.
    Note {
        /// Which.
        #[serde(deserialize_with = "id")]
        incident: ObjectId,
        /// As written, in the writer's language.
        text: String,
    },
}

/// Words of one's own in an option. They block the offer until both languages stand and a named
/// person answers for the second. Machine translation is never signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Extra {
    /// The words; one language may still be empty in a draft.
    pub text: Bilingual,
    /// Who wrote and checked the other language; empty = nobody yet.
    #[serde(default)]
    pub translator: String,
}

/// The answers a person may give; lapsing is never chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// 承認 (own) / 同意 (partner).
    Agree,
    /// 条件付同意.
    Caveat,
    /// 上申中.
    ReferUp,
    /// 不同意.
    Decline,
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ObjectId, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}
