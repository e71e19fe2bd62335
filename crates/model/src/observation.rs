//! What a source reported, in one shape for every feed.

use serde::{Deserialize, Serialize};

use crate::id::{BorderAlias, Nation, SourceId};
use crate::label::Label;
use crate::position::Position;
use crate::time::Timestamp;

/// Where the reported thing moves.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// On the sea.
    #[n(0)]
    Surface,
    /// In the air.
    #[n(1)]
    Air,
    /// On land.
    #[n(2)]
    Land,
    /// A fixed or drifting thing: aid to navigation, base station, beacon.
    #[n(3)]
    Installation,
    /// Under the sea, in space, or not told.
    #[n(4)]
    Other,
}

/// How a thing named itself, or how the partner named it to us. Identity is a claim of the
/// transmitter, never proof.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Maritime Mobile Service Identity, nine digits (ITU-R M.585).
    #[n(0)]
    Mmsi(#[n(0)] u32),
    /// ICAO 24-bit aircraft address.
    #[n(1)]
    Icao(#[n(0)] u32),
    /// A 24-bit address that is not ICAO's (DF 18 control field 1, TIS-B).
    #[n(2)]
    NonIcao(#[n(0)] u32),
    /// Cursor on Target `uid`.
    #[n(3)]
    Cot(#[n(0)] String),
    /// Known only by the border alias the partner gave it: its identity tier was withheld.
    #[n(4)]
    Alias(#[n(0)] BorderAlias),
}

/// Who handed us a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A feed of this node.
    Own(SourceId),
    /// Released by a partner, under this alias; its feed's name when the source tier was released.
    Partner {
        /// The releasing nation.
        nation: Nation,
        /// The releasing node's spoken name for the thing.
        alias: BorderAlias,
        /// The partner's feed.
        feed: Option<SourceId>,
    },
}

/// A distress or emergency state as reported by the transmitter.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Emergency {
    /// AIS-SART, MOB or EPIRB beacon (970, 972, 974) or navigational status 14.
    #[n(0)]
    Distress,
    /// Squawk 7500.
    #[n(1)]
    UnlawfulInterference,
    /// Squawk 7600.
    #[n(2)]
    RadioFailure,
    /// Squawk 7700.
    #[n(3)]
    GeneralEmergency,
    /// A CoT `emergency` element.
    #[n(4)]
    CotEmergency,
}

/// What a report said of the thing beside its motion. `None` = not said in this report.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(default)]
pub struct Attributes {
    /// Ship's name or unit's name.
    #[n(0)]
    pub name: Option<String>,
    /// Radio call sign or flight identification.
    #[n(1)]
    pub callsign: Option<String>,
    /// IMO number, seven digits.
    #[n(2)]
    pub imo: Option<u32>,
    /// AIS type of ship and cargo, 0–255 as sent (ITU-R M.1371-5 table 53).
    #[n(3)]
    pub ship_type: Option<u8>,
    /// AIS destination as sent.
    #[n(4)]
    pub destination: Option<String>,
    /// Length overall in metres.
    #[n(5)]
    pub length_m: Option<u16>,
    /// Beam in metres.
    #[n(6)]
    pub beam_m: Option<u16>,
    /// AIS navigational status, 0–15 (M.1371-5 table 45).
    #[n(7)]
    pub nav_status: Option<u8>,
    /// Mode A code, four octal digits.
    #[n(8)]
    pub squawk: Option<String>,
    /// CoT type, for example `a-f-G-U-C`.
    #[n(9)]
    pub cot_type: Option<String>,
    /// CoT group (team) name.
    #[n(10)]
    pub team: Option<String>,
    /// Emergency state as reported.
    #[n(11)]
    pub emergency: Option<Emergency>,
    /// Safety-related text as sent (AIS types 12 and 14), at most 161 characters. Free text never
    /// crosses the border.
    #[n(12)]
    pub safety_text: Option<String>,
}

/// The bits of [`Observation::content`] that are released: enough to tell the reports of one thing
/// from each other within half a minute.
pub const CONTENT_RELEASED: u64 = 0xFFFF;

/// Motion as reported. `None` = not available.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Motion {
    /// Speed over ground in metres a second, ≥ 0.
    pub speed_mps: Option<f64>,
    /// Course over ground, degrees true in `[0, 360)`.
    pub course_deg: Option<f64>,
    /// Heading, degrees true in `[0, 360)`.
    pub heading_deg: Option<f64>,
    /// Altitude in metres (pressure altitude for aircraft, height above ellipsoid for CoT).
    pub altitude_m: Option<f64>,
    /// Rate of climb in metres a second.
    pub vertical_rate_mps: Option<f64>,
}

/// One report of one thing by one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Who handed it to us.
    pub source: Source,
    /// How the thing named itself.
    pub identity: Identity,
    /// Where it moves.
    pub domain: Domain,
    /// When it was true, by the best clock known for the source.
    pub event_time: Timestamp,
    /// When this node received it.
    pub received_at: Timestamp,
    /// Where the thing was; `None` for reports without a position.
    pub position: Option<Position>,
    /// One standard deviation of the position in metres as reported, if it was.
    pub accuracy_m: Option<f64>,
    /// How it moved.
    pub motion: Motion,
    /// What else was said.
    pub attributes: Attributes,
    /// First eight bytes of SHA-256 over the transmitted payload: equal for one transmission heard
    /// by two receivers, so that it is counted once.
    pub content: u64,
    /// The source's label, or the message's own.
    pub label: Label,
}
