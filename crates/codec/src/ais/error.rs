//! Why a sentence or a payload was refused, with the short code that it is counted by.

use crate::Reject;

use super::bits::Bits;

/// Why a line's AIS sentence was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SentenceError {
    /// No complete line within the length that is read.
    #[error(
        "read line: no end within 1,024 bytes; send sentences of at most 82 characters, one a line"
    )]
    LineTooLong,
    /// Neither NMEA 0183 nor blank nor a comment.
    #[error("read line: no NMEA sentence in it; it must hold `!` or `$`")]
    NotNmea,
    /// The comma-separated fields are not those of a VDM or VDO sentence.
    #[error(
        "read AIS sentence: {0} is missing or malformed; it reads !AIVDM,total,number,sequence,channel,payload,fill*checksum"
    )]
    Fields(&'static str),
    /// No `*hh` behind the fields.
    #[error("read AIS sentence: no checksum; it must end with * and two hexadecimal digits")]
    ChecksumMissing,
    /// The checksum is another one.
    #[error("read AIS sentence: checksum {written:02X} is written, {computed:02X} is computed")]
    Checksum {
        /// As written.
        written: u8,
        /// Over the bytes between `!` and `*`.
        computed: u8,
    },
}

impl SentenceError {
    /// The code to count by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::LineTooLong => "line_too_long",
            Self::NotNmea => "not_nmea",
            Self::Fields(_) => "fields",
            Self::ChecksumMissing => "checksum_missing",
            Self::Checksum { .. } => "checksum",
        }
    }

    pub(super) fn reject(&self, bytes: &[u8]) -> Reject {
        Reject::new(self.code(), self.to_string(), bytes)
    }
}

/// Why a whole payload was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Fewer than 38 bits: not even type and MMSI.
    #[error("decode AIS payload: {bits} bits hold no type and MMSI; 38 are needed")]
    Empty {
        /// How many there are.
        bits: usize,
    },
    /// A character outside the armour alphabet.
    #[error("decode AIS payload: byte {byte:#04x} at character {index} is no payload character")]
    Armour {
        /// Which character, from 0.
        index: usize,
        /// The byte there.
        byte: u8,
    },
    /// A type that M.1371-5 does not know.
    #[error("decode AIS payload: type {0} is not one of 1 to 27")]
    Type(u8),
    /// The fields of its type do not fit.
    #[error("decode AIS payload: type {kind} needs {need} bits, {bits} were received")]
    Truncated {
        /// The type.
        kind: u8,
        /// How many there are.
        bits: usize,
        /// How many the last reported field needs.
        need: usize,
    },
}

impl DecodeError {
    /// The code to count by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "payload_empty",
            Self::Armour { .. } => "armour",
            Self::Type(_) => "type",
            Self::Truncated { .. } => "truncated",
        }
    }

    /// The first bad character of `payload`, which must hold one.
    pub(super) fn armour(payload: &[u8]) -> Self {
        let index = payload.iter().position(|&c| !Bits::is_armour(c)).unwrap_or(payload.len());
        Self::Armour { index, byte: payload.get(index).copied().unwrap_or_default() }
    }

    pub(super) fn reject(&self, bytes: &[u8]) -> Reject {
        Reject::new(self.code(), self.to_string(), bytes)
    }
}
