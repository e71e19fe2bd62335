//! What happened: facts that a watch is told, each in the shape that a signed record holds.
//!
//! Whole numbers in scaled units, because signed bytes hold no floats: metres, milliseconds,
//! hundredths of a knot (ckn). A build that does not know a kind keeps the record byte for byte.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{Bilingual, Wording};
use crate::id::ObjectId;
use crate::observation::{Emergency, Identity};
use crate::position::MicroPosition;

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
        /// In their words, or a tear-line in place of them.
        #[n(0)]
        text: Bilingual,
        /// Who answers for the text; without it, it is free text.
        #[n(1)]
        wording: Option<Wording>,
    },
    /// A track that was inside a zone left it (区域退出).
    #[n(4)]
    ZoneLeft {
        /// Which zone.
        #[n(0)]
        zone: ObjectId,
        /// The zone's name at that time.
        #[n(1)]
        zone_name: Bilingual,
        /// How long it had been inside as far as was seen, ms.
        #[n(2)]
        inside_ms: u64,
    },
    /// A track has stayed inside a zone for as long as the preset asks (区域内滞留).
    #[n(5)]
    ZoneDwelt {
        /// Which zone.
        #[n(0)]
        zone: ObjectId,
        /// The zone's name at that time.
        #[n(1)]
        zone_name: Bilingual,
        /// How long it has been inside as far as was seen, ms.
        #[n(2)]
        inside_ms: u64,
    },
    /// Two ships will pass close to each other if both hold course and speed (接近予測).
    #[n(6)]
    CloseApproach {
        /// The other ship, as it names itself.
        #[n(0)]
        other: Identity,
        /// Distance at the closest point of approach, metres.
        #[n(1)]
        distance_m: u32,
        /// Time until then, ms.
        #[n(2)]
        in_ms: u64,
    },
    /// Two ships stayed close together (会合).
    #[n(7)]
    Rendezvous {
        /// The other ship, as it names itself.
        #[n(0)]
        other: Identity,
        /// The largest distance between them meanwhile, metres.
        #[n(1)]
        distance_m: u32,
        /// For how long so far, ms.
        #[n(2)]
        for_ms: u64,
        /// Median of their mean speed meanwhile, 0.01 kn.
        #[n(3)]
        speed_ckn: u32,
    },
    /// A ship that was under way has hardly moved for hours (低速滞留).
    #[n(8)]
    Loitering {
        /// For how long so far, ms.
        #[n(0)]
        for_ms: u64,
        /// Its mean speed meanwhile, 0.01 kn.
        #[n(1)]
        speed_ckn: u32,
    },
    /// A ship is heard no more although ships near it still are, by the same receiver (受信途絶).
    #[n(9)]
    Unheard {
        /// Since its last report, ms.
        #[n(0)]
        for_ms: u64,
        /// Ships near it that the same receiver went on hearing.
        #[n(1)]
        neighbours: u32,
    },
    /// A receiver of ours gives no reports (受信源無音). About the receiver, never about ships.
    #[n(10)]
    SourceSilent {
        /// The feed, as this node names it.
        #[n(0)]
        feed: String,
        /// Since its last report, ms.
        #[n(1)]
        for_ms: u64,
    },
    /// One identity went on from a place that its bearer cannot have reached (位置跳躍).
    #[n(11)]
    ImpossibleJump {
        /// Great-circle length, metres.
        #[n(0)]
        distance_m: u32,
        /// Time between the two fixes, ms.
        #[n(1)]
        in_ms: u64,
    },
    /// A thing names itself otherwise than before, said twice (識別情報の変更).
    #[n(12)]
    IdentityChanged {
        /// What changed.
        #[n(0)]
        field: IdentityField,
        /// As it was.
        #[n(1)]
        before: String,
        /// As it is.
        #[n(2)]
        after: String,
    },
    /// Several aircraft in one area report poor satellite navigation (衛星航法の精度低下).
    #[n(13)]
    PoorNavigation {
        /// The middle of the area.
        #[n(0)]
        centre: MicroPosition,
        /// The side of the square area, metres.
        #[n(1)]
        side_m: u32,
        /// Aircraft in it whose reported accuracy is poor.
        #[n(2)]
        poor: u32,
        /// All aircraft in it that report an accuracy.
        #[n(3)]
        all: u32,
    },
    /// A watched track moves or says otherwise than before (動静変化).
    #[n(14)]
    MovementChanged {
        /// What changed, from what, to what.
        #[n(0)]
        change: Change,
    },
    /// A safety-related text was received (安全通報受信), AIS types 12 and 14. What its words say is
    /// not judged.
    #[n(15)]
    SafetyText {
        /// As sent, at most 161 characters.
        #[n(0)]
        text: String,
    },
}

/// A part of what a thing calls itself.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum IdentityField {
    /// Ship's name.
    #[n(0)]
    Name,
    /// Radio call sign.
    #[n(1)]
    Callsign,
    /// IMO number.
    #[n(2)]
    Imo,
}

/// What a watched track changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Course over ground, whole degrees true, 0–359.
    #[n(0)]
    Course {
        /// As it was.
        #[n(0)]
        before_deg: u16,
        /// As it is.
        #[n(1)]
        after_deg: u16,
    },
    /// Speed over ground, 0.01 kn.
    #[n(1)]
    Speed {
        /// As it was.
        #[n(0)]
        before_ckn: u32,
        /// As it is.
        #[n(1)]
        after_ckn: u32,
    },
    /// AIS destination as sent.
    #[n(2)]
    Destination {
        /// As it was.
        #[n(0)]
        before: String,
        /// As it is.
        #[n(1)]
        after: String,
    },
}
