//! The confidentiality label of every object, after STANAG 4774: policy, classification,
//! categories (permissive, restrictive, informative), creation and review time, originator.
//! The JSON form is this struct; XML and the STANAG 4778 binding belong to the edge.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::Nation;
use crate::time::Timestamp;

/// How much harm disclosure would do; ordered. The words of each nation are data of the policy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// No mark.
    #[n(0)]
    Unclassified,
    /// Restricted / 注意.
    #[n(1)]
    Restricted,
    /// Confidential / 秘.
    #[n(2)]
    Confidential,
    /// Secret / 極秘.
    #[n(3)]
    Secret,
    /// Top secret / 機密.
    #[n(4)]
    TopSecret,
}

/// An originator's confidentiality label. Immutable once made; a partner's equivalent stands
/// beside it and never replaces it. Absent label means no release.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// 4774 `PolicyIdentifier`, for example `JPN-EXERCISE`.
    #[n(0)]
    pub policy: String,
    /// 4774 `Classification`.
    #[n(1)]
    pub classification: Classification,
    /// PERMISSIVE category "releasable to": the nations that may have it beside the originator.
    #[n(2)]
    #[serde(default)]
    pub releasable_to: BTreeSet<Nation>,
    /// RESTRICTIVE categories, for example `NOFORN`, `SENSITIVE_SOURCE`, `HOLD`, `ORCON`.
    #[n(3)]
    #[serde(default)]
    pub restrictive: BTreeSet<String>,
    /// INFORMATIVE categories, for example `CIVIL`, `EXERCISE`.
    #[n(4)]
    #[serde(default)]
    pub informative: BTreeSet<String>,
    /// Who may change it.
    #[n(5)]
    pub originator: Nation,
    /// 4774 `CreationDateTime`.
    #[n(6)]
    pub created: Timestamp,
    /// 4774 `ReviewDateTime`; required unless a succession handling stands.
    #[n(7)]
    #[serde(default)]
    pub review: Option<Timestamp>,
}

impl Label {
    /// Whether both protect alike: equal in all but their two times.
    #[must_use]
    pub fn protects_as(&self, other: &Self) -> bool {
        let Self {
            policy,
            classification,
            releasable_to,
            restrictive,
            informative,
            originator,
            created: _,
            review: _,
        } = self;
        *classification == other.classification
            && *originator == other.originator
            && *policy == other.policy
            && *releasable_to == other.releasable_to
            && *restrictive == other.restrictive
            && *informative == other.informative
    }

    /// The label of something that rests on both: the higher classification, the nations that both
    /// allow, every restriction, and the earlier review. The originator is `self`'s.
    ///
    /// A nation's own data needs no release to itself, so an originator stays allowed where the
    /// other label allows it.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        let allows = |label: &Self, nation: &Nation| {
            label.originator == *nation || label.releasable_to.contains(nation)
        };
        let releasable_to = self
            .releasable_to
            .iter()
            .chain(&other.releasable_to)
            .chain([&self.originator, &other.originator])
            .filter(|nation| allows(self, nation) && allows(other, nation))
            .copied()
            .collect();
        Self {
            policy: self.policy.clone(),
            classification: self.classification.max(other.classification),
            releasable_to,
            restrictive: self.restrictive.union(&other.restrictive).cloned().collect(),
            informative: self.informative.union(&other.informative).cloned().collect(),
            originator: self.originator,
            created: self.created.max(other.created),
            review: match (self.review, other.review) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
        }
    }
}
