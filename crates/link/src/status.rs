//! What a headquarters can know of its link: for screens, health page and alarms.

use renkei_model::cbor::Digest;
use renkei_model::id::Nation;
use renkei_model::time::Timestamp;

use crate::refusal::Refusal;

/// The link to one partner at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkStatus {
    /// The other side.
    pub partner: Nation,
    /// Whether a session stands in which both have accepted each other.
    pub up: bool,
    /// Since when it is up or down; `None` until it was up for the first time.
    pub since: Option<Timestamp>,
    /// How far the partner is behind us in milliseconds: how long the oldest thing that it lacks has
    /// waited, at least half a round trip.
    pub lag_ms: u64,
    /// What the partner lacks of each class, 0 to 4: entries not yet durable over there (1, 2, 4),
    /// things whose newest value was not sent (3). Class 0 never queues.
    pub queued: [u64; 5],
    /// The moment, by our clock, up to which we hold what the partner released of its picture.
    pub as_of: Option<Timestamp>,
    /// The last session's end that was not asked for.
    pub last_error: Option<LinkError>,
    /// Partner's clock minus ours in milliseconds; for display and for an alarm over 5 s.
    pub clock_offset_ms: Option<i64>,
    /// Shortest of the last eight round trips in milliseconds.
    pub round_trip_ms: Option<u64>,
    /// Milliseconds since the last whole frame, while a session stands.
    pub silent_ms: Option<u64>,
    /// What the partner said of itself when the session began.
    pub greeting: Option<Greeting>,
    /// Why the last observation of the partner was dropped.
    pub last_dropped: Option<String>,
    /// Memory held for this partner in bytes, without the maps' own.
    pub memory_bytes: usize,
    /// Since the start of the process.
    pub counters: Counters,
}

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkError {
    /// When.
    pub at: Timestamp,
    /// A refusal's code and words; words alone when the connection broke.
    pub why: Ended,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// `by` ended it on purpose.
    Refused {
        /// Who.
        by: Nation,
        /// Why.
        refusal: Refusal,
    },
    /// The connection broke; the driver's words.
    Broken(String),
    /// A newer connection of the same partner took its place.
    Replaced,
}

/// What the partner's HELLO told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The version that this session speaks.
    pub protocol: u16,
    /// Newest record version the partner writes.
    pub record_version: u16,
    /// Version of its release policy's vocabulary.
    pub policy_version: u16,
    /// Names its policy set without telling it; another value means that it was changed.
    pub policy: Digest,
    /// Epoch of its logs.
    pub epoch: u32,
}

/// Counts since the start of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Sessions that were accepted by both.
    pub sessions: u64,
    /// Bytes handed in.
    pub bytes_in: u64,
    /// Bytes handed out.
    pub bytes_out: u64,
    /// Whole frames.
    pub frames_in: u64,
    /// Frames of later versions that were ignored.
    pub frames_unknown: u64,
    /// Pieces of log entries that came again and were ignored.
    pub duplicates: u64,
    /// Observations taken in.
    pub observations_in: u64,
    /// Observations of the partner that were dropped: unknown version or a value out of range.
    pub observations_dropped: u64,
    /// Our observations that a newer value overtook before they were sent.
    pub observations_overtaken: u64,
}
