//! What every feed's parser is told and what it says when it refuses bytes.
//!
//! Refuses: feed formats themselves, and keeping more of a bad input than a short sample.

use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, SourceId};
use renkei_model::label::Label;
use renkei_model::observation::Source;

/// What a node knows of a feed before its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedContext {
    /// The feed's configured name.
    pub source: SourceId,
    /// The label of every report that brings none of its own.
    pub label: Label,
    /// The node's nation.
    pub nation: Nation,
}

impl FeedContext {
    /// The feed as the source of an observation.
    #[must_use]
    pub fn observation_source(&self) -> Source {
        Source::Own(self.source.clone())
    }
}

/// Bytes that a parser refused. Rejecting never stops a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// A short stable code to count by, for example `checksum`.
    pub reason: &'static str,
    /// What was wrong, where and how to mend it, for a person.
    pub detail: String,
    /// The first bytes of what was refused, at most [`Reject::SAMPLE_LEN_MAX`].
    pub sample: Vec<u8>,
}

impl Reject {
    /// 128 bytes show any AIS sentence, Mode S frame or the head of a CoT event.
    pub const SAMPLE_LEN_MAX: usize = 128;

    /// A refusal of `bytes`, of which a sample is kept.
    #[must_use]
    pub fn new(reason: &'static str, detail: impl Into<String>, bytes: &[u8]) -> Self {
        let sample = bytes.get(..Self::SAMPLE_LEN_MAX).unwrap_or(bytes).to_vec();
        Self { reason, detail: detail.into(), sample }
    }
}

/// First eight bytes (big endian) of SHA-256 over the transmitted payload `parts`: equal for one
/// transmission that two receivers heard.
#[must_use]
pub fn content_hash(parts: &[&[u8]]) -> u64 {
    let Digest([a, b, c, d, e, f, g, h, ..]) = Digest::of_parts(parts);
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}
