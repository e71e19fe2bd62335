//! Seats and roles: authority sits in a seat, a person holds it for a time.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::Nation;
use crate::statement::Bilingual;
use crate::time::Timestamp;

/// What a session may do at all; the seat says for what.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Commander or delegate: approves and concurs.
    #[n(0)]
    Commander,
    /// Senior watch officer: runs the floor.
    #[n(1)]
    WatchOfficer,
    /// Intelligence desk.
    #[n(2)]
    J2,
    /// Operations desk.
    #[n(3)]
    J3,
    /// Logistics desk.
    #[n(4)]
    J4,
    /// Plans desk.
    #[n(5)]
    J5,
    /// Reviews what may go to the partner.
    #[n(6)]
    ReleaseOfficer,
    /// The partner's person on this floor: sees only what is released to that nation.
    #[n(7)]
    Liaison,
    /// Reads everything that was recorded, changes nothing.
    #[n(8)]
    Auditor,
    /// Runs the machine, sees no content.
    #[n(9)]
    Administrator,
    /// Sees the picture, changes nothing.
    #[n(10)]
    Observer,
}

impl Role {
    /// All roles, for tables that must name each.
    pub const ALL: [Self; 11] = [
        Self::Commander,
        Self::WatchOfficer,
        Self::J2,
        Self::J3,
        Self::J4,
        Self::J5,
        Self::ReleaseOfficer,
        Self::Liaison,
        Self::Auditor,
        Self::Administrator,
        Self::Observer,
    ];
}

/// What a seat may decide.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// Open incidents, draft and offer options.
    #[n(0)]
    Offer,
    /// Approve for its own side, concur with the partner's.
    #[n(1)]
    Approve,
    /// Issue tasks in its own chain of command.
    #[n(2)]
    Task,
    /// Release held items.
    #[n(3)]
    Release,
}

/// A seat's stable name within its nation, for example `commander` or `watch`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct SeatId(#[n(0)] pub String);

/// Who holds a seat: published to the partner so that each floor knows its counterparts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct SeatNotice {
    /// Whose seat.
    #[n(0)]
    pub nation: Nation,
    /// Which seat.
    #[n(1)]
    pub seat: SeatId,
    /// Its title on screens.
    #[n(2)]
    pub title: Bilingual,
    /// The role a holder acts in.
    #[n(3)]
    pub role: Role,
    /// Who holds it, by the name to be spoken; `None` = vacant.
    #[n(4)]
    pub holder: Option<String>,
    /// Since when.
    #[n(5)]
    pub since: Timestamp,
    /// What it may decide, ascending.
    #[n(6)]
    pub authority: Vec<Authority>,
    /// The partner's seat it deals with.
    #[n(7)]
    pub counterpart: Option<SeatId>,
    /// Who acts when the holder cannot.
    #[n(8)]
    pub deputy: Option<SeatId>,
}

impl SeatNotice {
    /// Whether this seat may do `what`.
    #[must_use]
    pub fn may(&self, what: Authority) -> bool {
        self.authority.iter().collect::<BTreeSet<_>>().contains(&what)
    }
}
