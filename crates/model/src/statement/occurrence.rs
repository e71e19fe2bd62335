//! What happened: facts that a watch is told, each in the shape that a signed record holds.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Bilingual;
use crate::id::ObjectId;
use crate::observation::Emergency;

/// What happened, as a fact ("entered"), never a finding ("violated").
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Occurrence {
    /// A track entered a zone (区域進入).
    #[n(0)]
    ZoneEntered {
        /// Which zone.
        #[n(0)]
        zone: ObjectId,
        /// The zone's name at that time.
        #[n(1)]
        zone_name: Bilingual,
    },
    /// A distress or emergency state as reported.
    #[n(1)]
    Emergency {
        /// Which.
        #[n(0)]
        emergency: Emergency,
    },
    /// One identity was reported in two places.
    #[n(2)]
    DuplicateIdentity,
    /// Reported by a person.
    #[n(3)]
    Reported {
        /// In their words.
        #[n(0)]
        text: Bilingual,
    },
}
