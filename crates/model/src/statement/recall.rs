//! What an originator takes back (提供取消・回収) or labels anew (表示の変更) of what it released,
//! and the partner's word that it did so too.
//!
//! Grounds are codes: a recall is never held up by a text that somebody would have to read first.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Signatory;
use crate::cbor::Digest;
use crate::id::{BorderAlias, ObjectId};
use crate::label::Label;
use crate::time::Timestamp;

/// What is recalled or labelled anew.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recalled {
    /// An object of the author's node: an incident with all its records, or one statement of an
    /// identity.
    #[n(0)]
    Object(#[n(0)] ObjectId),
    /// A thing by its border alias: every report of it.
    #[n(1)]
    Alias(#[n(0)] BorderAlias),
}

/// What the partner is asked to do with what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// Show it no more and rest nothing on it.
    #[n(0)]
    Withdraw,
    /// Handle it under another label from now on.
    #[n(1)]
    Relabel {
        /// The label it was released under.
        #[n(0)]
        from: Box<Label>,
        /// The label that stands now.
        #[n(1)]
        to: Box<Label>,
    },
}

impl Handling {
    /// Whether it asks for less protection than before in any part: a lower classification, a
    /// restriction gone, a nation more, a later review or none.
    #[must_use]
    pub fn is_downgrade(&self) -> bool {
        let Self::Relabel { from, to } = self else { return false };
        let later = match (from.review, to.review) {
            (Some(before), Some(after)) => after > before,
            (Some(_), None) => true,
            (None, _) => false,
        };
        to.classification < from.classification
            || !from.restrictive.is_subset(&to.restrictive)
            || !to.releasable_to.is_subset(&from.releasable_to)
            || to.policy != from.policy
            || to.originator != from.originator
            || later
    }
}

/// Why, as a code.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// It went by mistake (誤提供).
    #[n(0)]
    Mistake,
    /// It is wrong (内容の誤り).
    #[n(1)]
    Wrong,
    /// Its source must be protected (情報源の保護).
    #[n(2)]
    Source,
    /// The label was reviewed (秘密指定の見直し).
    #[n(3)]
    Review,
}

/// A recall or a change of label, signed by the originator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Recall {
    /// Of what.
    #[n(0)]
    pub what: Recalled,
    /// What is asked.
    #[n(1)]
    pub handling: Handling,
    /// Why.
    #[n(2)]
    pub ground: Ground,
    /// The release officer or commander.
    #[n(3)]
    pub by: Signatory,
    /// When, by the author's clock.
    #[n(4)]
    pub at: Timestamp,
}

/// "Done here": the partner's receipt of a recall (回収受領通知).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct RecallReceipt {
    /// The recall's record.
    #[n(0)]
    pub recall: ObjectId,
    /// The hash of its signed bytes.
    #[n(1)]
    pub digest: Digest,
    /// Whether this side held anything of it when the recall came.
    #[n(2)]
    pub held: bool,
    /// When it was done, by this side's clock.
    #[n(3)]
    pub at: Timestamp,
}
