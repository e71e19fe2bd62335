//! Why an alert was raised: the rule, the numbers it runs on, what was measured, and on what.
//!
//! Codes and whole numbers only; the screen makes a sentence of them in either language.

use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;
use serde::Serialize;

/// The rules, each counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A track entered a zone.
    ZoneEntered,
    /// A track left a zone.
    ZoneLeft,
    /// A track stayed in a zone.
    ZoneDwelt,
    /// Two ships will pass close.
    CloseApproach,
    /// Two ships stayed together.
    Rendezvous,
    /// A ship hardly moves.
    Loitering,
    /// A ship is heard no more.
    Unheard,
    /// A receiver gives nothing.
    SourceSilent,
    /// A distress or emergency state as reported.
    Emergency,
    /// One identity in two places.
    DuplicateIdentity,
    /// One identity went on elsewhere.
    ImpossibleJump,
    /// Another name under the same MMSI.
    IdentityChanged,
    /// Poor satellite navigation over an area.
    PoorNavigation,
    /// A watched track moves otherwise.
    MovementChanged,
    /// A safety-related text was received.
    SafetyText,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 15] = [
        Self::ZoneEntered,
        Self::ZoneLeft,
        Self::ZoneDwelt,
        Self::CloseApproach,
        Self::Rendezvous,
        Self::Loitering,
        Self::Unheard,
        Self::SourceSilent,
        Self::Emergency,
        Self::DuplicateIdentity,
        Self::ImpossibleJump,
        Self::IdentityChanged,
        Self::PoorNavigation,
        Self::MovementChanged,
        Self::SafetyText,
    ];

    /// Its stable code, the ending of its sentences' keys.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ZoneEntered => "zone_entered",
            Self::ZoneLeft => "zone_left",
            Self::ZoneDwelt => "zone_dwelt",
            Self::CloseApproach => "close_approach",
            Self::Rendezvous => "rendezvous",
            Self::Loitering => "loitering",
            Self::Unheard => "unheard",
            Self::SourceSilent => "source_silent",
            Self::Emergency => "emergency",
            Self::DuplicateIdentity => "duplicate_identity",
            Self::ImpossibleJump => "impossible_jump",
            Self::IdentityChanged => "identity_changed",
            Self::PoorNavigation => "poor_navigation",
            Self::MovementChanged => "movement_changed",
            Self::SafetyText => "safety_text",
        }
    }
}

/// One number with its name, unit last: `distance_m`, `for_ms`, `speed_ckn`, `fixes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// What it is.
    pub name: &'static str,
    /// How much.
    pub value: i64,
}

/// What an alert rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The rule.
    pub rule: Rule,
    /// Whose numbers it ran on.
    pub preset: &'static str,
    /// Those numbers.
    pub thresholds: Vec<Figure>,
    /// What was measured against them.
    pub measured: Vec<Figure>,
    /// The tracks it rests on, the one it is about first.
    pub tracks: Vec<TrackNumber>,
    /// The first moment that counted.
    pub from: Timestamp,
    /// The last.
    pub until: Timestamp,
}

/// Figures as a rule writes them; what does not fit is the largest that does.
pub(crate) fn figures<const N: usize>(of: [(&'static str, f64); N]) -> Vec<Figure> {
    of.into_iter().map(|(name, value)| Figure { name, value: value.round() as i64 }).collect()
}

/// Metres a second in hundredths of a knot.
pub(crate) fn ckn(speed_mps: f64) -> u32 {
    (speed_mps / crate::config::KNOT_MPS * 100.0).round() as u32
}
