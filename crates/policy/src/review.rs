//! Human release (提供審査): how many persons a review takes, what an approval binds, and whether
//! approvals are enough for a record.
//!
//! A prohibition with `@review("one")` or `@review("two")` may be lifted by so many persons; one
//! without can never be lifted. An approval binds the [`substance`] of the record that the person
//! saw, the policy's version and an end: a change of any voids it.
//!
//! Refuses: one person twice, two persons at one desk, an approval whose time is over, and one
//! that was given under other rules.

use minicbor::{Decode, Encode};
use renkei_model::cbor::{Digest, to_canonical};
use renkei_model::id::Nation;
use renkei_model::seat::SeatId;
use renkei_model::statement::{IncidentState, Record, Statement};
use renkei_model::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How many persons must agree before a prohibition is lifted for one record.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// One person.
    #[n(1)]
    One,
    /// Two persons at different desks.
    #[n(2)]
    Two,
}

impl Review {
    /// Reads the annotation's word.
    pub(crate) fn read(word: &str) -> Option<Self> {
        match word {
            "one" => Some(Self::One),
            "two" => Some(Self::Two),
            _ => None,
        }
    }

    /// How many persons.
    #[must_use]
    pub fn persons(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// One person's yes to one record (承認).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Approval {
    /// To whom it may go.
    #[n(0)]
    pub to: Nation,
    /// [`substance`] of the record that the person saw.
    #[n(1)]
    pub substance: Digest,
    /// [`crate::Policy::version`] that asked.
    #[n(2)]
    pub policy: Digest,
    /// The desk.
    #[n(3)]
    pub desk: SeatId,
    /// The person at it.
    #[n(4)]
    pub person: String,
    /// When.
    #[n(5)]
    pub at: Timestamp,
    /// After this moment nothing more goes under it.
    #[n(6)]
    pub until: Timestamp,
}

/// Names what is reviewed of `record`: everything in it but its number, its times of writing, and
/// how far the incident that it tells of has come (revision, state, pair). So a text, a subject, a
/// position or a label that differs by one byte is another substance, while "acknowledged" may
/// follow "reported" under the same approval.
#[must_use]
pub fn substance(record: &Record) -> Digest {
    let mut plain = record.clone();
    plain.id.counter = 0;
    plain.id.epoch = 0;
    plain.made_at = Timestamp(0);
    plain.label.created = Timestamp(0);
    if let Statement::Incident(incident) = &mut plain.statement {
        incident.revision = 0;
        incident.state = IncidentState::Reported;
        incident.pair = None;
    }
    Digest::of_parts(&[b"renkei/substance/1\0", &to_canonical(&plain)])
}

/// Whether `approvals` lift what takes `wanted` for a record of this substance to `to`, at `now`,
/// under the policy of `version`.
#[must_use]
pub fn suffices(
    wanted: Review,
    approvals: &[Approval],
    (to, of, version): (Nation, Digest, Digest),
    now: Timestamp,
) -> bool {
    let counts = |a: &&Approval| {
        a.to == to
            && a.substance == of
            && a.policy == version
            && a.at <= now
            && now < a.until
            && !a.person.is_empty()
            && !a.desk.0.is_empty()
    };
    let standing: Vec<&Approval> = approvals.iter().filter(counts).collect();
    match wanted {
        Review::One => !standing.is_empty(),
        Review::Two => standing
            .iter()
            .any(|a| standing.iter().any(|b| a.person != b.person && a.desk != b.desk)),
    }
}
