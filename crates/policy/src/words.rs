//! The words of the schema that Rust must know: systems, kinds of statement, restrictions, domains.

use renkei_model::observation::{Domain, Identity};
use renkei_model::statement::Statement;
use serde::{Deserialize, Serialize};

/// The restrictions that policies can speak of; any other one withholds.
pub(crate) const KNOWN_RESTRICTIONS: [&str; 4] = ["NOFORN", "HOLD", "SENSITIVE_SOURCE", "ORCON"];

/// How a thing named itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// By MMSI.
    Ais,
    /// By aircraft address.
    Adsb,
    /// By Cursor on Target uid.
    Cot,
    /// By the alias a partner gave it.
    Alias,
    /// Not at all: a sensor of ours saw it.
    Plot,
}

impl System {
    /// All systems.
    pub const ALL: [Self; 5] = [Self::Ais, Self::Adsb, Self::Cot, Self::Alias, Self::Plot];

    /// The system in which `identity` names a thing; [`System::Plot`] is told from the source alone.
    #[must_use]
    pub fn of(identity: &Identity) -> Self {
        match identity {
            Identity::Mmsi(_) => Self::Ais,
            Identity::Icao(_) | Identity::NonIcao(_) => Self::Adsb,
            Identity::Cot(_) => Self::Cot,
            Identity::Alias(_) => Self::Alias,
        }
    }

    /// The schema's and JSON's word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ais => "ais",
            Self::Adsb => "adsb",
            Self::Cot => "cot",
            Self::Alias => "alias",
            Self::Plot => "plot",
        }
    }
}

/// The kinds of statement. A national task is not among them, because [`Statement`] has no task:
/// what has no type cannot be released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// Who holds a seat.
    Seat,
    /// Whose a thing is, as assessed.
    Identity,
    /// An area.
    Zone,
    /// An incident.
    Incident,
    /// A version of an option.
    Offer,
    /// That a version was received.
    Receipt,
    /// An answer to a version.
    Answer,
    /// That both signatures are held.
    Holding,
    /// That a side has tasked its own.
    TaskStatus,
    /// What one node notarises for the other.
    Notarial,
    /// The node's keys.
    Keys,
}

impl StatementKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Seat,
        Self::Identity,
        Self::Zone,
        Self::Incident,
        Self::Offer,
        Self::Receipt,
        Self::Answer,
        Self::Holding,
        Self::TaskStatus,
        Self::Notarial,
        Self::Keys,
    ];

    /// The kind of `statement`.
    #[must_use]
    pub fn of(statement: &Statement) -> Self {
        match statement {
            Statement::Seat(_) => Self::Seat,
            Statement::Identity(_) => Self::Identity,
            Statement::Zone(_) => Self::Zone,
            Statement::Incident(_) => Self::Incident,
            Statement::Offer(_) => Self::Offer,
            Statement::Receipt(_) => Self::Receipt,
            Statement::Answer(_) => Self::Answer,
            Statement::Holding(_) => Self::Holding,
            Statement::Tasked(_) => Self::TaskStatus,
            Statement::Notarial(_) => Self::Notarial,
            Statement::Keys(_) => Self::Keys,
        }
    }

    /// The schema's and JSON's word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Seat => "seat",
            Self::Identity => "identity",
            Self::Zone => "zone",
            Self::Incident => "incident",
            Self::Offer => "offer",
            Self::Receipt => "receipt",
            Self::Answer => "answer",
            Self::Holding => "holding",
            Self::TaskStatus => "task_status",
            Self::Notarial => "notarial",
            Self::Keys => "keys",
        }
    }
}

/// The schema's word for `domain`.
pub(crate) fn domain_code(domain: Domain) -> &'static str {
    match domain {
        Domain::Surface => "surface",
        Domain::Air => "air",
        Domain::Land => "land",
        Domain::Installation => "installation",
        Domain::Other => "other",
    }
}
