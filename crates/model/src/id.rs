//! Who owns a thing and what it is called: nation, partition, object id, border alias, source.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A nation by its ISO 3166-1 alpha-3 code in upper case.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
#[cbor(transparent)]
pub struct Nation(#[cbor(with = "minicbor::bytes")] [u8; 3]);

impl Nation {
    /// Japan.
    pub const JPN: Self = Self(*b"JPN");
    /// United States of America.
    pub const USA: Self = Self(*b"USA");
    /// Australia.
    pub const AUS: Self = Self(*b"AUS");

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// The one letter that marks this nation's objects on a screen and in border aliases.
    #[must_use]
    pub fn letter(&self) -> char {
        char::from(self.0[0])
    }
}

impl fmt::Debug for Nation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Nation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not three capital letters.
    #[error("read nation `{0}`: write three capital letters, for example JPN")]
    Nation(String),
    /// Not one of the three partition forms.
    #[error("read partition `{0}`: write real, exercise:ID or simulation:ID (ID: a-z, 0-9, -)")]
    Partition(String),
    /// Not of the form letter-number.
    #[error("read border alias `{0}`: write a letter, a dash and a number, for example J-0412")]
    Alias(String),
    /// Not of the form nation/partition/epoch/counter.
    #[error(
        "read object id `{0}`: write NATION/PARTITION/EPOCH/COUNTER, for example JPN/real/0/12"
    )]
    Object(String),
}

impl FromStr for Nation {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(NameError::Nation(text.into())),
        }
    }
}

impl TryFrom<String> for Nation {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<Nation> for String {
    fn from(nation: Nation) -> Self {
        nation.code().into()
    }
}

/// The world an object belongs to. Objects of two partitions never meet.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub enum Partition {
    /// The real world.
    #[n(0)]
    Real,
    /// A named exercise.
    #[n(1)]
    Exercise(#[n(0)] String),
    /// A named simulation.
    #[n(2)]
    Simulation(#[n(0)] String),
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real => f.write_str("real"),
            Self::Exercise(id) => write!(f, "exercise:{id}"),
            Self::Simulation(id) => write!(f, "simulation:{id}"),
        }
    }
}

impl FromStr for Partition {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let valid = |id: &str| {
            (1..=32).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        match text.split_once(':') {
            None if text == "real" => Ok(Self::Real),
            Some(("exercise", id)) if valid(id) => Ok(Self::Exercise(id.into())),
            Some(("simulation", id)) if valid(id) => Ok(Self::Simulation(id.into())),
            _ => Err(NameError::Partition(text.into())),
        }
    }
}

impl TryFrom<String> for Partition {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<Partition> for String {
    fn from(partition: Partition) -> Self {
        partition.to_string()
    }
}

/// The name of one object, unique over all nodes, partitions and restores:
/// (node, partition, epoch, counter). Only the node that is named in it writes the object.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
pub struct ObjectId {
    /// The nation of the node that made it (one node a nation and partition writes).
    #[n(0)]
    pub node: Nation,
    /// The world it belongs to.
    #[n(1)]
    pub partition: Partition,
    /// Raised by one at every restore from backup.
    #[n(2)]
    pub epoch: u32,
    /// Dense within (node, partition, epoch) and the lane of one partner, from 1; the lane's number
    /// times [`ObjectId::LANE`] is added.
    #[n(3)]
    pub counter: u64,
}

impl ObjectId {
    /// Counters a lane. What a node writes for one partner is numbered in that partner's lane, so
    /// that no number tells of what another partner got; lane 0 is that of its first partner.
    pub const LANE: u64 = 1 << 40;

    /// This bit marks the number of a notarial record, which is counted apart from all others in its
    /// lane and always takes the same bytes.
    pub const NOTARIAL: u64 = 1 << 62;

    /// The lane that it was numbered in.
    #[must_use]
    pub const fn lane(&self) -> u64 {
        (self.counter & !Self::NOTARIAL) / Self::LANE
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.node, self.partition, self.epoch, self.counter)
    }
}

impl FromStr for ObjectId {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let error = || NameError::Object(text.into());
        let mut parts = text.split('/');
        let mut next = || parts.next().ok_or_else(error);
        let id = Self {
            node: next()?.parse().map_err(|_| error())?,
            partition: next()?.parse().map_err(|_| error())?,
            epoch: next()?.parse().map_err(|_| error())?,
            counter: next()?.parse().map_err(|_| error())?,
        };
        // One name, one spelling: `+1` and `01` are not ids.
        if parts.next().is_none() && id.to_string() == text { Ok(id) } else { Err(error()) }
    }
}

/// The spoken name of an object at the border, given by the releasing node: `J-0412`, `U-0077`.
/// Dense per partner, so that gaps do not count what was withheld. Each partner has a lane of
/// numbers, so that a name heard on a common net means one thing: towards the second partner the
/// names are `JB-0001` and on, towards the third `JC-0001`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct BorderAlias {
    /// The releasing node's nation.
    #[n(0)]
    pub nation: Nation,
    /// From 1; the lane's number times [`BorderAlias::LANE`] is added.
    #[n(1)]
    pub number: u32,
}

impl BorderAlias {
    /// Numbers a lane.
    pub const LANE: u32 = 500_000_000;
    /// Lanes, and so partners that one node may ever have.
    pub const LANES: u32 = 8;

    /// The lane that it was numbered in.
    #[must_use]
    pub const fn lane(&self) -> u32 {
        self.number / Self::LANE
    }
}

/// What stands between the nation's letter and the dash: nothing in lane 0, then B, C and on.
const LANE_LETTERS: [&str; BorderAlias::LANES as usize] = ["", "B", "C", "D", "E", "F", "G", "H"];

impl fmt::Display for BorderAlias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = self.nation.letter();
        match LANE_LETTERS.get(self.lane() as usize) {
            Some(lane) => write!(f, "{letter}{lane}-{:04}", self.number % Self::LANE),
            None => write!(f, "{letter}-{:04}", self.number),
        }
    }
}

impl FromStr for BorderAlias {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let error = || NameError::Alias(text.into());
        let (letters, number) = text.split_once('-').ok_or_else(error)?;
        let nation = match letters.get(..1) {
            Some("J") => Nation::JPN,
            Some("U") => Nation::USA,
            Some("A") => Nation::AUS,
            _ => return Err(error()),
        };
        let lane = LANE_LETTERS.iter().position(|l| Some(*l) == letters.get(1..));
        let lane = lane.and_then(|lane| u32::try_from(lane).ok()).ok_or_else(error)?;
        let number: u32 = number.parse().map_err(|_| error())?;
        let number = (lane * Self::LANE).checked_add(number).ok_or_else(error)?;
        Ok(Self { nation, number })
    }
}

impl TryFrom<String> for BorderAlias {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<BorderAlias> for String {
    fn from(alias: BorderAlias) -> Self {
        alias.to_string()
    }
}

/// A feed of this node by its configured name, for example `miyako-ais`. At most 64 bytes.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct SourceId(#[n(0)] pub String);

/// Where a report was first taken in, so that it is relayed once and never counted twice:
/// (origin node, source, the content's hash, event time).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct OriginId {
    /// The node that took it in.
    #[n(0)]
    pub node: Nation,
    /// Its feed; `None` when the source is withheld.
    #[n(1)]
    pub source: Option<SourceId>,
    /// First eight bytes of SHA-256 over the transmitted payload: equal for one transmission that
    /// two receivers heard.
    #[n(2)]
    pub content: u64,
    /// Event time.
    #[n(3)]
    pub at: Timestamp,
}
