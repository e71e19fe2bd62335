//! Why a session was ended on purpose: a stable code that screens translate, and words for the log.

use minicbor::{Decode, Encode};

/// The longest words taken from a partner, in characters.
const WORDS_MAX: usize = 200;

/// Stable codes; the numbers never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalCode {
    /// 1: no protocol version in common.
    Version,
    /// 2: not the nation that was expected, on either side.
    Nation,
    /// 3: another partition.
    Partition,
    /// 4: a node runs in an older epoch than its partner has seen: a backup was started without
    /// `renkei restore`.
    EpochRolledBack,
    /// 5: a node lacks log entries of the same epoch that its partner already holds.
    LogRolledBack,
    /// 6: a newer session of the same process stands.
    Superseded,
    /// 7: a log entry is missing before the one that came.
    Gap,
    /// 8: bytes that are no frame, or a body that is not what its kind says.
    Malformed,
    /// 9: a frame of an unknown kind that may not be ignored.
    UnknownFrame,
    /// 10: more than the limits allow.
    Limit,
    /// 11: no whole frame for too long.
    Silent,
    /// 12: bytes in flight were not taken in for too long.
    Stalled,
    /// 13: what came could not be made durable.
    NotStored,
    /// 14: a record that its reader refuses: wrong signature, wrong originator.
    Unacceptable,
    /// 15: the node is being shut down or its operator closed the link.
    Closing,
    /// A code of a later version.
    Other(u16),
}

impl RefusalCode {
    /// Every code this version knows.
    pub const ALL: [Self; 15] = [
        Self::Version,
        Self::Nation,
        Self::Partition,
        Self::EpochRolledBack,
        Self::LogRolledBack,
        Self::Superseded,
        Self::Gap,
        Self::Malformed,
        Self::UnknownFrame,
        Self::Limit,
        Self::Silent,
        Self::Stalled,
        Self::NotStored,
        Self::Unacceptable,
        Self::Closing,
    ];

    /// The number on the wire.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Other(code) => code,
            known => Self::ALL.iter().position(|c| *c == known).map_or(0, |i| i as u16 + 1),
        }
    }

    /// The code of a number.
    #[must_use]
    pub fn from_code(code: u16) -> Self {
        usize::from(code)
            .checked_sub(1)
            .and_then(|i| Self::ALL.get(i).copied())
            .unwrap_or(Self::Other(code))
    }

    /// A stable name for screens, logs and translation keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Nation => "nation",
            Self::Partition => "partition",
            Self::EpochRolledBack => "epoch_rolled_back",
            Self::LogRolledBack => "log_rolled_back",
            Self::Superseded => "superseded",
            Self::Gap => "gap",
            Self::Malformed => "malformed",
            Self::UnknownFrame => "unknown_frame",
            Self::Limit => "limit",
            Self::Silent => "silent",
            Self::Stalled => "stalled",
            Self::NotStored => "not_stored",
            Self::Unacceptable => "unacceptable",
            Self::Closing => "closing",
            Self::Other(_) => "other",
        }
    }
}

impl<C> Encode<C> for RefusalCode {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u16(self.code())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for RefusalCode {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(Self::from_code(d.u16()?))
    }
}

/// One side's reason to end a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, thiserror::Error)]
#[error("{} ({words})", code.name())]
pub struct Refusal {
    /// What, for programs.
    #[n(0)]
    pub code: RefusalCode,
    /// What, where, how to mend it; English, at most 200 characters.
    #[n(1)]
    pub words: String,
}

impl Refusal {
    /// A refusal; words are cut to their limit, control characters replaced.
    #[must_use]
    pub fn new(code: RefusalCode, words: impl AsRef<str>) -> Self {
        let words = words.as_ref().chars().take(WORDS_MAX);
        Self { code, words: words.map(|c| if c.is_control() { ' ' } else { c }).collect() }
    }
}
