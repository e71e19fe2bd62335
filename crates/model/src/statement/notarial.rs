//! What one node notarises for the other: heads of the log of what crossed, the reader's cosignature
//! under them, and commitments to a national checkpoint that say nothing but that it was there.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::cbor::Digest;
use crate::time::Timestamp;

/// A notarial statement. It is about records, never about the world.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notarial {
    /// The head of the author's log of what crossed to the reader.
    #[n(0)]
    Head(#[n(0)] BorderHead),
    /// A head of the reader's own, with the author's cosignature ([`crate::note::cosign`]): the author
    /// recomputed its root from what it received.
    #[n(1)]
    Cosigned(#[n(0)] String),
    /// SHA-256(salt ‖ checkpoint note) of the author's national ledger. It tells neither size nor
    /// growth, and goes at a fixed beat whether or not anything happened.
    #[n(2)]
    Sealed(#[n(0)] Digest),
    /// Such a commitment of the reader's, and when the author held it, by the author's clock.
    #[n(3)]
    Countersigned(#[n(0)] Digest, #[n(1)] Timestamp),
}

/// A head of the log of what crossed to one partner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct BorderHead {
    /// The epoch of the logs that it covers; each epoch has a border log of its own.
    #[n(0)]
    pub epoch: u32,
    /// A signed note of [`crate::note::border_origin`].
    #[n(1)]
    pub note: String,
    /// Up to where it goes on from the head before, ascending by class: entries of the first class
    /// named, then of the next.
    #[n(2)]
    pub up_to: Vec<LogEnd>,
}

/// A place in the log of one border class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct LogEnd {
    /// The border class: 1, 2 or 4.
    #[n(0)]
    pub class: u8,
    /// Number of the last entry covered.
    #[n(1)]
    pub seq: u64,
}

/// What a leaf of a border log holds: the place of a record and the hash of its signed bytes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BorderLeaf {
    /// The border class.
    #[n(0)]
    pub class: u8,
    /// The epoch of its log.
    #[n(1)]
    pub epoch: u32,
    /// Its number there.
    #[n(2)]
    pub seq: u64,
    /// [`super::SignedRecord::digest`] of the record.
    #[n(3)]
    pub record: Digest,
}
