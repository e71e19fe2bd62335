//! What the affairs ask of the world. The order in the returned list is the order to act in.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::id::{BorderAlias, Nation, ObjectId};
use renkei_model::observation::Identity;
use renkei_model::statement::{IdentityStatement, Record, Signatory, SignedRecord, Subject, Zone};
use renkei_model::time::Timestamp;
use renkei_policy::Approval;
use serde::Serialize;

use super::destruction::{DestructionApproval, Proposal};
use super::merges::StatedPair;
use super::policies::PolicyTexts;
use super::refusal::Refusal;

/// Names one batch; rising by one. `Persisted(t)` speaks for `t` and all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// A place in one border log: number `seq`, dense from 1, of the writer's `epoch`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode,
)]
pub struct Place {
    /// The log's epoch: raised by its writer at every restore from backup.
    #[n(0)]
    pub epoch: u32,
    /// Dense from 1 within the epoch.
    #[n(1)]
    pub seq: u64,
}

/// One ledger entry to be: the store adds header, checksum and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// One of the kinds of this crate's entries.
    pub kind: u16,
    /// Canonical CBOR.
    pub body: Vec<u8>,
    /// The leaf is the hash of salt and body, so that a body can be withheld and still be proved.
    pub salt: [u8; 32],
}

/// What is to be done. Everything but `Persist`, `Locate` and refusals comes only after the batch it
/// rests on was persisted.
#[derive(Clone, Debug)]
pub enum AffairsEffect {
    /// Append to the ledger, all or nothing, fsync, then answer [`super::AffairsInput::Persisted`].
    Persist {
        /// In this order.
        entries: Vec<LedgerEntry>,
        /// Up to which place the partner's log of each class is applied, this batch included.
        cursors: BTreeMap<u8, Place>,
        /// Names the batch.
        ticket: Ticket,
    },
    /// Run the release policy; then answer `Outbound` with the place the link gave it, or `Withheld`.
    Send {
        /// To whom.
        to: Nation,
        /// The border class.
        class: u8,
        /// What is sent.
        signed: SignedRecord,
        /// The same, decoded, for the policy.
        record: Box<Record>,
        /// What persons approved of it; policy says whether it is enough.
        approvals: Vec<Approval>,
    },
    /// Run the release policy on a recall, and have the link send it in place of a record that was
    /// not sent yet; then answer `Replaced`. Nothing to answer where the record has gone.
    Replace {
        /// To whom.
        to: Nation,
        /// The border class of the record that is stopped.
        class: u8,
        /// Its place.
        place: Place,
        /// The record that is stopped.
        stopped: ObjectId,
        /// The recall.
        signed: SignedRecord,
        /// The same, decoded, for the policy.
        record: Box<Record>,
    },
    /// A thing was recalled: it is not sent any more, or not shown.
    Recalled {
        /// Which.
        alias: BorderAlias,
    },
    /// The outbound place is durable: the link may transmit.
    Committed {
        /// The border class.
        class: u8,
        /// The place.
        place: Place,
    },
    /// The record is applied and durable: the link may acknowledge.
    Applied {
        /// The border class.
        class: u8,
        /// Up to and with this place.
        place: Place,
    },
    /// For the picture: an identity statement stands.
    Identity(StatedIdentity),
    /// For the picture: what persons state of these names, one thing or two.
    Merged(Vec<StatedPair>),
    /// For the picture: a zone stands.
    Zone(StatedZone),
    /// For the picture: a person has these names watched.
    Watch(TrackWatch),
    /// For the picture: the watch on these names is over.
    Unwatch {
        /// Every name it was on.
        known_as: BTreeSet<Identity>,
    },
    /// For the picture: which track is this? Answer with `Located`.
    Locate {
        /// The incident that asks.
        incident: ObjectId,
        /// As far as it is named.
        subject: Subject,
        /// Every name known.
        known_as: BTreeSet<Identity>,
    },
    /// A changed release policy is in force: it decides from here on.
    PolicyInForce {
        /// The whole set, by file name.
        texts: PolicyTexts,
    },
    /// The answer to a command.
    Reply {
        /// The command's.
        request: u64,
        /// The id of what was made or changed, or why not.
        result: Result<String, Refusal>,
    },
    /// Call the floor's attention aloud.
    Ring {
        /// How loud.
        severity: Severity,
        /// About what.
        incident: ObjectId,
    },
    /// For the store: two persons ordered bodies of the ledger destroyed. Repeated at every start; what
    /// is gone already is done.
    Destroy(Box<(Proposal, DestructionApproval)>),
    /// The snapshot differs from the last one.
    Changed,
}

/// How much a thing presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To be known.
    Notice,
    /// To be acted on.
    Alert,
    /// Lives may be at stake.
    Distress,
}

/// An identity statement with its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedIdentity {
    /// The record that states it.
    pub record: ObjectId,
    /// Whose statement: `record.node`.
    pub nation: Nation,
    /// What.
    pub statement: IdentityStatement,
    /// By the author's clock.
    pub made_at: Timestamp,
    /// Every name the thing went by on the own node; those of the statement where it is the partner's.
    pub known_as: BTreeSet<Identity>,
    /// Who stated it, where it is an own statement.
    pub by: Option<Signatory>,
}

/// What the picture is to watch; who asked for it and why stays with the affairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackWatch {
    /// Every name of the thing.
    pub known_as: BTreeSet<Identity>,
    /// Until when.
    pub until: Timestamp,
}

/// A zone with its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedZone {
    /// The zone's id: that of the record that first drew it.
    pub id: ObjectId,
    /// The zone; its owner is `id.node`.
    pub zone: Zone,
}
