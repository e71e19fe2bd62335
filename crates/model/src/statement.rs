//! What a person or a rule of one headquarters stated, in the shape that crosses the border and
//! lies in the ledger: a signed record of canonical CBOR.
//!
//! Codes travel, sentences only where a person wrote them. Every record is written by one node
//! only; the partner's say is a record of its own that names the first.

mod notarial;
mod occurrence;
mod recall;
mod wording;

pub use notarial::{BorderHead, BorderLeaf, LogEnd, Notarial};
pub use occurrence::{Change, IdentityField, Occurrence};
pub use recall::{Ground, Handling, Recall, RecallReceipt, Recalled};
pub use wording::Wording;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::cbor::Digest;
use crate::id::{BorderAlias, Nation, ObjectId, Partition};
use crate::label::Label;
use crate::observation::{Domain, Identity};
use crate::position::MicroPosition;
use crate::seat::{SeatId, SeatNotice};
use crate::time::Timestamp;

/// The version of [`Record`] this build writes. It reads this one and the one before.
pub const RECORD_VERSION: u16 = 1;

/// One text in both languages, each checked by a person or rendered from phrase blocks.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
pub struct Bilingual {
    /// English.
    #[n(0)]
    pub en: String,
    /// Japanese.
    #[n(1)]
    pub ja: String,
}

/// A language a person works in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[n(0)]
    En,
    /// Japanese.
    #[n(1)]
    Ja,
}

/// Who answers for the other language of a text. Machine translation is not among them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Translation {
    /// Both texts were rendered from the same phrase blocks.
    #[n(0)]
    Phrases,
    /// A named person wrote and checked the other language.
    #[n(1)]
    Person(#[n(0)] String),
}

/// What a statement is about, named so that both sides can speak of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Subject {
    /// The spoken name at the border, where the object has one.
    #[n(0)]
    pub alias: Option<BorderAlias>,
    /// The claimed identity, where its tier was released.
    #[n(1)]
    pub identity: Option<Identity>,
    /// Its name, where its tier was released.
    #[n(2)]
    pub name: Option<String>,
    /// Where it moves.
    #[n(3)]
    pub domain: Domain,
}

/// A headquarters' assessment whose thing this is (MIL-STD-2525 standard identity). National:
/// owned, reasoned, and expiring. Software never makes [`Affiliation::Hostile`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Affiliation {
    /// Not yet assessed.
    #[n(0)]
    Pending,
    /// Assessed, not known.
    #[n(1)]
    Unknown,
    /// Assumed friend.
    #[n(2)]
    AssumedFriend,
    /// Friend.
    #[n(3)]
    Friend,
    /// Neutral.
    #[n(4)]
    Neutral,
    /// Suspect.
    #[n(5)]
    Suspect,
    /// Hostile: only ever stated by a named person.
    #[n(6)]
    Hostile,
}

/// An affiliation stated by a person or a shipped, editable rule.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct IdentityStatement {
    /// About what.
    #[n(0)]
    pub subject: Subject,
    /// The assessment.
    #[n(1)]
    pub affiliation: Affiliation,
    /// Why, as the author wrote it.
    #[n(2)]
    pub reason: Bilingual,
    /// After this moment it no longer stands.
    #[n(3)]
    pub expires: Timestamp,
    /// Who answers for `reason`; without it `reason` is free text.
    #[n(4)]
    pub wording: Option<Wording>,
}

/// An area with a name, as one headquarters draws it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Zone {
    /// Its name.
    #[n(0)]
    pub name: Bilingual,
    /// The outer ring, at least three corners, not closed; great-circle edges are not implied,
    /// edges are straight in latitude and longitude, each the shorter way round. A ring that runs
    /// round a pole encloses the pole that it is nearer to.
    #[n(1)]
    pub ring: Vec<MicroPosition>,
    /// Which domains raise an alert on entry.
    #[n(2)]
    pub domains: Vec<Domain>,
    /// Whether entries of things assessed neutral raise an alert too.
    #[n(3)]
    pub neutral_too: bool,
    /// Rings within the outer one that do not belong to it, each like `ring`. Not written when
    /// there are none, so that such a zone has the same bytes as before holes were known.
    #[n(4)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub holes: Vec<Vec<MicroPosition>>,
}

/// How far an incident has come on its owner's side.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// Raised, nobody has taken it.
    #[n(0)]
    Reported,
    /// A watch officer has taken it (T4).
    #[n(1)]
    Acknowledged,
    /// Options are being worked on (T5).
    #[n(2)]
    Options,
    /// Both signatures are held (T6).
    #[n(3)]
    Decided,
    /// The owner's side has tasked its own (T7).
    #[n(4)]
    Tasked,
    /// Done.
    #[n(5)]
    Closed,
}

/// One side's incident. Each change is a new record of the same `incident` id.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Incident {
    /// Its id; only its node writes it.
    #[n(0)]
    pub incident: ObjectId,
    /// From 0, raised with every change.
    #[n(1)]
    pub revision: u32,
    /// What happened.
    #[n(2)]
    pub occurrence: Occurrence,
    /// To whom.
    #[n(3)]
    pub subject: Subject,
    /// Where, when it was released.
    #[n(4)]
    pub position: Option<MicroPosition>,
    /// T0: when the sensor saw it.
    #[n(5)]
    pub sensed_at: Timestamp,
    /// T1: when the node took the report in.
    #[n(6)]
    pub ingested_at: Timestamp,
    /// How far it is.
    #[n(7)]
    pub state: IncidentState,
    /// The partner's incident of the same matter, once paired.
    #[n(8)]
    pub pair: Option<ObjectId>,
}

/// What one side would do under an option, in its own chain of command.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct SideAction {
    /// Whose action.
    #[n(0)]
    pub nation: Nation,
    /// The action.
    #[n(1)]
    pub text: Bilingual,
}

/// One immutable version of an option (対応案). An edit or a counter-offer is a new version naming
/// its parent, and voids the answers to it. Its hash, [`OptionVersion::digest`], is what both sign.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct OptionVersion {
    /// Always `renkei/option/1`.
    #[n(0)]
    pub domain: String,
    /// The world it is for.
    #[n(1)]
    pub partition: Partition,
    /// The option; its id is the first author's.
    #[n(2)]
    pub option: ObjectId,
    /// From 1.
    #[n(3)]
    pub number: u32,
    /// The version it replaces.
    #[n(4)]
    pub parent: Option<Digest>,
    /// The author's incident it answers.
    #[n(5)]
    pub incident: ObjectId,
    /// The standing option it was made from.
    #[n(6)]
    pub template: Option<String>,
    /// The text that both sides sign.
    #[n(7)]
    pub text: Bilingual,
    /// What each side would do, at most one entry a nation, ascending by nation.
    #[n(8)]
    pub actions: Vec<SideAction>,
    /// The language its author worked in.
    #[n(9)]
    pub language: Language,
    /// Who answers for the other language.
    #[n(10)]
    pub translation: Translation,
    /// By when each side wants an answer, ascending by nation; each judged by its own clock.
    #[n(11)]
    pub deadlines: Vec<Deadline>,
    /// The author's nation, seat and person.
    #[n(12)]
    pub author: Signatory,
    /// When it was written.
    #[n(13)]
    pub made_at: Timestamp,
}

impl OptionVersion {
    /// The domain tag of this shape.
    pub const DOMAIN: &'static str = "renkei/option/1";

    /// The hash that answers bind to.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&crate::cbor::to_canonical(self))
    }
}

/// One side's own deadline.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Deadline {
    /// Whose.
    #[n(0)]
    pub nation: Nation,
    /// When, by that nation's clock.
    #[n(1)]
    pub at: Timestamp,
}

/// The seat and the person that stand behind a signature, attested by their node.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Signatory {
    /// The nation.
    #[n(0)]
    pub nation: Nation,
    /// The seat.
    #[n(1)]
    pub seat: SeatId,
    /// The person in it.
    #[n(2)]
    pub person: String,
    /// Reserved for the person's own passkey signature.
    #[n(3)]
    pub passkey: Option<Digest>,
}

/// A side's answer to one version.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Approved by its own side (承認) or concurred with by the partner (同意).
    #[n(0)]
    Agree,
    /// The same, with a caveat (条件付同意).
    #[n(1)]
    AgreeWithCaveat {
        /// The caveat.
        #[n(0)]
        caveat: Bilingual,
    },
    /// Sent to a higher seat (上申中); no signature yet.
    #[n(2)]
    ReferredUp {
        /// To whom.
        #[n(0)]
        to: SeatId,
    },
    /// Not agreed (不同意).
    #[n(3)]
    Decline {
        /// Why.
        #[n(0)]
        reason: Bilingual,
    },
    /// This side's deadline passed without an answer (期限内回答なし). Silence is never consent.
    #[n(4)]
    Lapsed,
}

/// A signed answer, irrevocable once sent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Answer {
    /// Always `renkei/answer/1`.
    #[n(0)]
    pub domain: String,
    /// The world it is for.
    #[n(1)]
    pub partition: Partition,
    /// The option.
    #[n(2)]
    pub option: ObjectId,
    /// The version, by the hash of both texts and all else in it.
    #[n(3)]
    pub version: Digest,
    /// The answer.
    #[n(4)]
    pub verdict: Verdict,
    /// Nation, seat, person.
    #[n(5)]
    pub by: Signatory,
    /// When, by the answering side's clock.
    #[n(6)]
    pub at: Timestamp,
}

impl Answer {
    /// The domain tag of this shape.
    pub const DOMAIN: &'static str = "renkei/answer/1";
}

/// "We hold both signatures under this version": without it a side cannot know that the partner
/// will act.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Holding {
    /// The option.
    #[n(0)]
    pub option: ObjectId,
    /// The version that both signed.
    #[n(1)]
    pub version: Digest,
    /// The record that holds the partner's answer, by hash of its signed bytes.
    #[n(2)]
    pub partner_answer: Digest,
}

/// The released status of a national task; the task itself never crosses.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TaskStatus {
    /// Under which option.
    #[n(0)]
    pub option: ObjectId,
    /// Under which version.
    #[n(1)]
    pub version: Digest,
    /// T7: when that side tasked its own.
    #[n(2)]
    pub tasked_at: Timestamp,
}

/// "We have this version in our ledger": from here on its author will answer no older one, which is
/// what lets the other side sign the newer without two versions ever being agreed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Receipt {
    /// The option.
    #[n(0)]
    pub option: ObjectId,
    /// The version that was received.
    #[n(1)]
    pub version: Digest,
}

/// The keys of the author's node: its first notice and every one endorsed by the key before it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct KeyChain {
    /// The one spelling of each [`crate::note::SignedNotice`], oldest first.
    #[n(0)]
    pub notices: Vec<NoticeBytes>,
}

/// A signed key notice as bytes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct NoticeBytes(#[cbor(with = "minicbor::bytes")] pub Vec<u8>);

/// Everything that may be stated.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// Who holds a seat.
    #[n(0)]
    Seat(#[n(0)] SeatNotice),
    /// Whose a thing is, as assessed.
    #[n(1)]
    Identity(#[n(0)] IdentityStatement),
    /// An area.
    #[n(2)]
    Zone(#[n(0)] Zone),
    /// An incident or a change of it.
    #[n(3)]
    Incident(#[n(0)] Incident),
    /// A version of an option, offered.
    #[n(4)]
    Offer(#[n(0)] OptionVersion),
    /// An answer.
    #[n(5)]
    Answer(#[n(0)] Answer),
    /// Both signatures are held.
    #[n(6)]
    Holding(#[n(0)] Holding),
    /// A side has tasked its own.
    #[n(7)]
    Tasked(#[n(0)] TaskStatus),
    /// A version was received.
    #[n(8)]
    Receipt(#[n(0)] Receipt),
    /// One node notarises for the other.
    #[n(9)]
    Notarial(#[n(0)] Notarial),
    /// The author's keys.
    #[n(10)]
    Keys(#[n(0)] KeyChain),
    /// What was released is recalled, or labelled anew.
    #[n(11)]
    Recall(#[n(0)] Recall),
    /// A recall was carried out.
    #[n(12)]
    RecallReceipt(#[n(0)] RecallReceipt),
}

/// The envelope of a statement: what is signed is its canonical CBOR after a domain tag.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Record {
    /// [`RECORD_VERSION`] of the writer.
    #[n(0)]
    pub version: u16,
    /// The record's own id.
    #[n(1)]
    pub id: ObjectId,
    /// When it was made, by the author node's clock.
    #[n(2)]
    pub made_at: Timestamp,
    /// The originator's label.
    #[n(3)]
    pub label: Label,
    /// What is stated.
    #[n(4)]
    pub statement: Statement,
}

/// First eight bytes of SHA-256 over an Ed25519 public key.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct KeyId(#[n(0)] pub u64);

impl KeyId {
    /// The id of `public_key` (32 bytes, RFC 8032).
    #[must_use]
    pub fn of(public_key: &[u8; 32]) -> Self {
        let Digest(d) = Digest::of(public_key);
        Self(u64::from_be_bytes([d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]]))
    }
}

/// A record as it is sent and stored: the exact signed bytes and an Ed25519 signature (RFC 8032)
/// over [`SignedRecord::DOMAIN`] followed by them. Unknown statements are kept verbatim.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedRecord {
    /// Canonical CBOR of a [`Record`].
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
    /// Whose key.
    #[n(1)]
    pub key: KeyId,
    /// 64 bytes.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub signature: [u8; 64],
    /// In the author's own ledger: a second signature of the same key over the COSE Sig_structure of
    /// `bytes` ([`crate::cose`]), so that an export has objects that any COSE library verifies. It does
    /// not cross, and was not made by builds that did not know it.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub cose: Option<[u8; 64]>,
}

impl SignedRecord {
    /// The record as a COSE_Sign1 object (RFC 9052), where it has that signature.
    #[must_use]
    pub fn to_cose(&self) -> Option<Vec<u8>> {
        let (protected, kid) = (crate::cose::protected(), self.key.0.to_be_bytes());
        self.cose.map(|signature| crate::cose::sign1(&protected, &kid, &self.bytes, &signature))
    }

    /// As it crosses.
    #[must_use]
    pub fn without_cose(self) -> Self {
        Self { cose: None, ..self }
    }

    /// What is signed before the bytes, so that no other signature of the key can be passed off.
    pub const DOMAIN: &'static [u8] = b"renkei/record/1\0";

    /// The hash by which another record names this one.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }
}
