//! What the affairs write into the ledger, and read back: the only things that change state.
//!
//! Kinds 0x0100–0x01ff are the affairs'; everything else in the ledger is passed over.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use renkei_model::cbor::{CanonicalError, Digest, from_canonical, to_canonical};
use renkei_model::id::{Nation, ObjectId};
use renkei_model::observation::Identity;
use renkei_model::position::MicroPosition;
use renkei_model::statement::{Bilingual, OptionVersion, Signatory, SignedRecord, Subject};
use renkei_model::time::Timestamp;

use super::destruction::Destruction;
use super::effect::Place;
use super::merges::{Merge, MergeWithdrawn};
use super::notary::Seal;
use super::notices::Judged;
use super::policies::{PolicyDecided, PolicyProposed};
use super::review::{ReviewAsked, ReviewDecided};
use super::watches::{Unwatched, Watched};

/// The ledger kinds of the affairs.
pub mod kind {
    /// A record of this node: [`super::SignedRecord`].
    pub const OWN: u16 = 0x0101;
    /// A record of the partner, taken: [`super::FromPartner`].
    pub const PARTNER: u16 = 0x0102;
    /// A record of the partner, not taken: [`super::Refused`].
    pub const REFUSED: u16 = 0x0103;
    /// A record of this node has its place in the border log: [`super::Placed`].
    pub const PLACED: u16 = 0x0104;
    /// Policy kept a record of this node back: [`super::Kept`].
    pub const KEPT: u16 = 0x0105;
    /// The partner's ledger holds our border log so far: [`super::Held`].
    pub const HELD: u16 = 0x0106;
    /// What concerns this node alone: [`super::Local`].
    pub const LOCAL: u16 = 0x0107;
}

/// A record of the partner and how it came.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FromPartner {
    /// The authenticated peer.
    #[n(0)]
    pub from: Nation,
    /// The border class.
    #[n(1)]
    pub class: u8,
    /// Its place in the peer's log of that class.
    #[n(2)]
    pub place: Place,
    /// When it was taken, by our clock.
    #[n(3)]
    pub at: Timestamp,
    /// The record, byte for byte, also where its statement is unknown to this build.
    #[n(4)]
    pub signed: SignedRecord,
}

/// A record that was not taken. Its place is used up: the cursor goes past it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Refused {
    /// The authenticated peer.
    #[n(0)]
    pub from: Nation,
    /// The border class.
    #[n(1)]
    pub class: u8,
    /// Its place.
    #[n(2)]
    pub place: Place,
    /// When, by our clock.
    #[n(3)]
    pub at: Timestamp,
    /// The stable code of the reason.
    #[n(4)]
    pub code: String,
    /// SHA-256 of its bytes.
    #[n(5)]
    pub digest: Digest,
    /// How many bytes it had.
    #[n(6)]
    pub size: u64,
}

/// A record of this node in the border log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Placed {
    /// Which.
    #[n(0)]
    pub record: ObjectId,
    /// The border class.
    #[n(1)]
    pub class: u8,
    /// Its place.
    #[n(2)]
    pub place: Place,
    /// When.
    #[n(3)]
    pub at: Timestamp,
    /// Exactly what the link sends and may ask for again: what crossed is on record.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
    /// In the log towards whom; absent = the one partner of a node that had one.
    #[n(5)]
    pub partner: Option<Nation>,
    /// The recall that goes in the record's place; absent = the record itself.
    #[n(6)]
    pub carries: Option<ObjectId>,
}

/// A record of this node that the release policy kept back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Kept {
    /// Which.
    #[n(0)]
    pub record: ObjectId,
    /// The deciding rule.
    #[n(1)]
    pub policy: Option<String>,
    /// Why.
    #[n(2)]
    pub reason: Bilingual,
    /// When.
    #[n(3)]
    pub at: Timestamp,
    /// From whom; absent = the one partner of a node that had one.
    #[n(4)]
    pub partner: Option<Nation>,
}

/// The partner's durable acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    /// The border class.
    #[n(0)]
    pub class: u8,
    /// Up to and with this place.
    #[n(1)]
    pub place: Place,
    /// When we learnt it.
    #[n(2)]
    pub at: Timestamp,
    /// Whose; absent = the one partner of a node that had one.
    #[n(3)]
    pub partner: Option<Nation>,
}

/// What concerns this node alone and never crosses.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Local {
    /// What our floor knows of an incident beyond what may cross.
    #[n(0)]
    Seen(#[n(0)] Seen),
    /// A version in hand, not offered.
    #[n(1)]
    Draft(#[n(0)] Box<Draft>),
    /// A line of the watch log.
    #[n(2)]
    Line(#[n(0)] Line),
    /// A national task. It stays here.
    #[n(3)]
    Task(#[n(0)] Task),
    /// An own screen first showed an incident (T2).
    #[n(4)]
    Shown(#[n(0)] ObjectId, #[n(1)] Timestamp),
    /// Who stated an identity, and every name the thing had.
    #[n(5)]
    Stated(#[n(0)] ObjectId, #[n(1)] Signatory, #[n(2)] BTreeSet<Identity>),
    /// What a person made of an alert.
    #[n(6)]
    Judged(#[n(0)] Box<Judged>),
    /// A person has a track watched.
    #[n(7)]
    Watched(#[n(0)] Box<Watched>),
    /// A watch ended, by hand or because its time was over.
    #[n(8)]
    Unwatched(#[n(0)] Unwatched),
    /// What a person stated of tracks: one thing, or two.
    #[n(9)]
    Merged(#[n(0)] Box<Merge>),
    /// That such a statement stands no more.
    #[n(10)]
    MergeWithdrawn(#[n(0)] MergeWithdrawn),
    /// What opens a commitment to the national ledger.
    #[n(11)]
    Sealed(#[n(0)] Box<Seal>),
    /// A step towards the destruction of bodies.
    #[n(12)]
    Destruction(#[n(0)] Box<Destruction>),
    /// A changed release policy waits for a second person.
    #[n(13)]
    PolicyProposed(#[n(0)] Box<PolicyProposed>),
    /// What became of it.
    #[n(14)]
    PolicyDecided(#[n(0)] PolicyDecided),
    /// Policy asked persons about a record.
    #[n(16)]
    Asked(#[n(0)] Box<ReviewAsked>),
    /// A person decided about one.
    #[n(17)]
    Decided(#[n(0)] Box<ReviewDecided>),
    /// The own words of an identity statement that went with a tear-line.
    #[n(18)]
    OwnWords(#[n(0)] ObjectId, #[n(1)] Bilingual),
}

/// Our own view of an incident's subject.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seen {
    /// The own incident.
    #[n(0)]
    pub incident: ObjectId,
    /// As our floor knows it.
    #[n(1)]
    pub subject: Subject,
    /// Where.
    #[n(2)]
    pub position: Option<MicroPosition>,
    /// Every name.
    #[n(3)]
    pub known_as: BTreeSet<Identity>,
    /// When our node took the report in.
    #[n(4)]
    pub at: Timestamp,
}

/// A version in hand.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Draft {
    /// The version, as it will be signed.
    #[n(0)]
    pub version: OptionVersion,
    /// The phrase blocks it was rendered from.
    #[n(1)]
    pub blocks: Vec<String>,
    /// Words of a person's own, as given.
    #[n(2)]
    pub extra: Option<Bilingual>,
}

/// A line of the watch log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Line {
    /// The own incident.
    #[n(0)]
    pub incident: ObjectId,
    /// When.
    #[n(1)]
    pub at: Timestamp,
    /// Who; empty = the node.
    #[n(2)]
    pub person: String,
    /// What; one person's note has the same words twice.
    #[n(3)]
    pub text: Bilingual,
}

/// A national task, word for word the agreed action of the own side.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Task {
    /// Under which option.
    #[n(0)]
    pub option: ObjectId,
    /// Under which version.
    #[n(1)]
    pub version: Digest,
    /// What.
    #[n(2)]
    pub text: Bilingual,
    /// Who.
    #[n(3)]
    pub by: Signatory,
    /// T7.
    #[n(4)]
    pub at: Timestamp,
    /// Whether the partner had confirmed holding both signatures.
    #[n(5)]
    pub partner_holds: bool,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// [`kind::OWN`].
    Own(SignedRecord),
    /// [`kind::PARTNER`].
    Partner(FromPartner),
    /// [`kind::REFUSED`].
    Refused(Refused),
    /// [`kind::PLACED`].
    Placed(Placed),
    /// [`kind::KEPT`].
    Kept(Kept),
    /// [`kind::HELD`].
    Held(Held),
    /// [`kind::LOCAL`].
    Local(Box<Local>),
}

impl Entry {
    /// Kind and canonical body.
    #[must_use]
    pub fn to_body(&self) -> (u16, Vec<u8>) {
        match self {
            Self::Own(e) => (kind::OWN, to_canonical(e)),
            Self::Partner(e) => (kind::PARTNER, to_canonical(e)),
            Self::Refused(e) => (kind::REFUSED, to_canonical(e)),
            Self::Placed(e) => (kind::PLACED, to_canonical(e)),
            Self::Kept(e) => (kind::KEPT, to_canonical(e)),
            Self::Held(e) => (kind::HELD, to_canonical(e)),
            Self::Local(e) => (kind::LOCAL, to_canonical(e.as_ref())),
        }
    }

    /// Reads an entry back; `None` for a kind that is not the affairs'.
    ///
    /// # Errors
    /// [`CanonicalError`] when the body is not what this kind holds.
    pub fn from_body(kind: u16, body: &[u8]) -> Result<Option<Self>, CanonicalError> {
        Ok(Some(match kind {
            kind::OWN => Self::Own(from_canonical(body)?),
            kind::PARTNER => Self::Partner(from_canonical(body)?),
            kind::REFUSED => Self::Refused(from_canonical(body)?),
            kind::PLACED => Self::Placed(from_canonical(body)?),
            kind::KEPT => Self::Kept(from_canonical(body)?),
            kind::HELD => Self::Held(from_canonical(body)?),
            kind::LOCAL => Self::Local(Box::new(from_canonical(body)?)),
            _ => return Ok(None),
        }))
    }
}
