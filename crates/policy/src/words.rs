//! The words of the schema that Rust must know: systems, kinds of statement, restrictions, domains.

use renkei_model::observation::{Domain, Identity};
use renkei_model::statement::{Occurrence, Statement};
use serde::{Deserialize, Serialize};

/// The restrictions that policies can speak of; any other one withholds.
pub(crate) const KNOWN_RESTRICTIONS: [&str; 5] =
    ["NOFORN", "HOLD", "SENSITIVE_SOURCE", "ORCON", "PERSONAL_DATA"];

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
    /// That something released is recalled or labelled anew.
    Recall,
    /// That a recall was carried out.
    RecallReceipt,
}

impl StatementKind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
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
        Self::Recall,
        Self::RecallReceipt,
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
            Statement::Recall(_) => Self::Recall,
            Statement::RecallReceipt(_) => Self::RecallReceipt,
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
            Self::Recall => "recall",
            Self::RecallReceipt => "recall_receipt",
        }
    }
}

/// What a policy may know of a statement's content: which kind it is, and what a person must answer
/// for before it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) kind: StatementKind,
    /// It holds words that no agreement covers and nobody wrote to be given: a person's own, or the
    /// name of one of our receivers.
    pub(crate) free_text: bool,
    /// It asks the partner to protect something less than before.
    pub(crate) downgrade: bool,
}

impl Said {
    /// What is asked of a plain statement of this kind.
    pub(crate) fn plain(kind: StatementKind) -> Self {
        Self { kind, free_text: false, downgrade: false }
    }

    /// Of the texts in a statement these are not free: titles of seats and names of zones, which an
    /// administrator configured to be known to both; what a transmitter broadcast in the open about
    /// itself; and the texts of options and answers, which a person with that authority signs: the
    /// signature is the review, and no other person may change a word of them.
    pub(crate) fn of(statement: &Statement) -> Self {
        let free_text = match statement {
            Statement::Incident(incident) => match &incident.occurrence {
                Occurrence::Reported { wording, .. } => wording.is_none(),
                Occurrence::SourceSilent { .. } => true,
                _ => false,
            },
            Statement::Identity(identity) => identity.wording.is_none(),
            _ => false,
        };
        let downgrade =
            matches!(statement, Statement::Recall(recall) if recall.handling.is_downgrade());
        Self { kind: StatementKind::of(statement), free_text, downgrade }
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
