//! Who answers for a text that goes to the partner without anybody reading it there and then.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Why a text of a record may go by policy. A text without one is a person's free text: it goes
/// only after a review.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    /// An agreed sentence of the phrase book (定型文), by its id; `as-told`: the words of the one to
    /// whom they go back.
    #[n(0)]
    Agreed(#[n(0)] String),
    /// A tear-line (提供用要旨): a short text written to be given, by the named person who wrote or
    /// checked it in both languages.
    #[n(1)]
    TearLine(#[n(0)] String),
}
