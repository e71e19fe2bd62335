//! The classes of traffic and the sequence numbers of those that keep a log.
//!
//! Class 0 (control) and class 3 (observations) have no log and no durable acknowledgement, so they
//! are not among [`Class`]: nothing can be offered to a log that does not exist.

use minicbor::{Decode, Encode};

/// A class that keeps a single-writer log, by urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Class {
    /// Class 1: decisions, approvals, recalls. Overtakes everything but control.
    #[n(1)]
    Decisions,
    /// Class 2: alerts and incidents.
    #[n(2)]
    Incidents,
    /// Class 4: documents and history.
    #[n(4)]
    Documents,
}

impl Class {
    /// All classes that keep a log, most urgent first.
    pub const ALL: [Self; 3] = [Self::Decisions, Self::Incidents, Self::Documents];

    /// The number of the class on the wire and in the store: 1, 2 or 4.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Decisions => 1,
            Self::Incidents => 2,
            Self::Documents => 4,
        }
    }

    /// The class of a number; `None` for classes without a log and unknown ones.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }
}

/// A place in one log: everything up to and including `seq` of `epoch`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Cursor {
    /// The log's epoch: raised by its writer at every restore from backup.
    #[n(0)]
    pub epoch: u32,
    /// Dense from 1 within the epoch; 0 = nothing yet.
    #[n(1)]
    pub seq: u64,
}

/// What the writer of an entry held of the reader's own logs when the entry was made: the causality
/// stamp. An effect that answers something never stands before what it answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Seen {
    /// Epoch of the reader's logs.
    #[n(0)]
    pub epoch: u32,
    /// Class 1, applied up to here.
    #[n(1)]
    pub decisions: u64,
    /// Class 2.
    #[n(2)]
    pub incidents: u64,
    /// Class 4.
    #[n(3)]
    pub documents: u64,
}

/// One value for each class that keeps a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerClass<T> {
    /// Class 1.
    pub decisions: T,
    /// Class 2.
    pub incidents: T,
    /// Class 4.
    pub documents: T,
}

impl<T> PerClass<T> {
    /// One value for each class, made by `make`.
    pub fn of(mut make: impl FnMut(Class) -> T) -> Self {
        Self {
            decisions: make(Class::Decisions),
            incidents: make(Class::Incidents),
            documents: make(Class::Documents),
        }
    }

    /// The value of `class`.
    #[must_use]
    pub fn get(&self, class: Class) -> &T {
        match class {
            Class::Decisions => &self.decisions,
            Class::Incidents => &self.incidents,
            Class::Documents => &self.documents,
        }
    }

    /// The value of `class`, to change.
    pub fn get_mut(&mut self, class: Class) -> &mut T {
        match class {
            Class::Decisions => &mut self.decisions,
            Class::Incidents => &mut self.incidents,
            Class::Documents => &mut self.documents,
        }
    }
}
