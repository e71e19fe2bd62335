//! What the tasks of a node say to its engine, and what the engine says to them. All channels are
//! bounded: a slow engine slows the sockets, never the memory.

use renkei_core::affairs::PolicyTexts;
use renkei_fusion::Sensor;
use renkei_fusion::clock::ClockReading;
use renkei_model::id::{Nation, ObjectId, SourceId};
use renkei_model::observation::Observation;
use renkei_model::plot::Plot;
use renkei_model::time::Timestamp;
use renkei_store::history::Area;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::access::User;

/// Length of the channel into the engine. Feeds send batches, so this is some 100,000 reports.
pub(crate) const ENGINE_QUEUE: usize = 1_024;

/// Everything that reaches the engine.
#[derive(Debug)]
pub(crate) enum ToEngine {
    /// Reports of one feed.
    Observed(Vec<Observation>),
    /// What a sensor of one feed saw in one look round.
    Swept {
        /// The sensor.
        sensor: Sensor,
        /// What it saw.
        plots: Vec<Plot>,
    },
    /// How a feed fares.
    Feed(FeedReport),
    /// From the border task of one partner.
    Border {
        /// Whose.
        partner: Nation,
        /// What it says.
        told: FromBorder,
    },
    /// A ledger batch is on disk, or could not be written.
    Stored(Stored),
    /// The node stops: what is counted but not yet kept goes to the disk, then the engine ends.
    Stop,
    /// A person's command.
    Command {
        /// Who.
        by: User,
        /// The body of `POST /api/command`.
        body: Value,
        /// The answer.
        reply: oneshot::Sender<Result<String, Complaint>>,
    },
    /// A person proposes a change of the release policy; the texts stood `renkei policy check`.
    ProposePolicy {
        /// Who.
        by: User,
        /// The whole set as it is to be.
        texts: PolicyTexts,
        /// Why.
        reason: String,
        /// The answer.
        reply: oneshot::Sender<Result<String, Complaint>>,
    },
    /// A question of the screen, answered from memory.
    Query {
        /// Who asks.
        by: User,
        /// What.
        query: Query,
        /// The answer; `None` when there is no such thing for this viewer.
        reply: oneshot::Sender<Option<Value>>,
    },
}

/// Questions of the screen.
#[derive(Clone, Debug)]
pub(crate) enum Query {
    /// What crossed to a partner and what was held; the first partner where none is named.
    Exchange(Option<Nation>),
    /// Why a partner sees a track as it does; the first partner where none is named.
    Explain(u32, Option<Nation>),
    /// One track, whole.
    Track(u32),
    /// A track's way.
    History {
        /// Track number.
        track: u32,
        /// When.
        past: Past,
    },
    /// Where everything was.
    Playback {
        /// Only here.
        area: Option<Area>,
        /// When.
        past: Past,
    },
    /// A record that waits for a release review, whole.
    Review(ObjectId),
    /// Standing options and phrase blocks.
    Phrases,
    /// The release policy in force, its proof, and changes of it.
    Policy,
    /// What other texts would let through of the last day's things.
    TryPolicy(PolicyTexts),
}

/// Which part of the past, and in which steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Past {
    /// From.
    pub(crate) from: Timestamp,
    /// To, included.
    pub(crate) to: Timestamp,
    /// One point a track and step, milliseconds.
    pub(crate) step_ms: i64,
    /// Where the page before ended.
    pub(crate) after: Option<Timestamp>,
}

/// A refusal that the screen shows: a stable code and one sentence in each language.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Complaint {
    /// Stable code, `RK-` and four digits.
    pub(crate) code: String,
    /// English.
    pub(crate) en: String,
    /// Japanese.
    pub(crate) ja: String,
}

/// How a feed fares, sent at least once a second while it runs and on every change.
#[derive(Clone, Debug)]
pub(crate) struct FeedReport {
    /// Which feed.
    pub(crate) feed: SourceId,
    /// Connected, waiting, or why not.
    pub(crate) state: FeedState,
    /// Messages accepted since the last report.
    pub(crate) accepted: u64,
    /// Rejected since the last report, by stable reason code.
    pub(crate) rejected: Vec<(&'static str, u64)>,
    /// At most a few samples of what was rejected.
    pub(crate) samples: Vec<RejectSample>,
    /// The clock of its senders, the furthest off, where one was measured since the last report.
    pub(crate) clock: Option<ClockReading>,
}

/// Whether bytes can come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FeedState {
    /// Listening or connected; the number of open connections (0 for a listener nobody uses).
    Open(usize),
    /// Not connected; why, in words.
    Down(String),
    /// A file that was read to its end.
    Finished,
}

/// One rejected piece, kept for the operator.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RejectSample {
    /// When.
    pub(crate) at_ms: Timestamp,
    /// Stable reason code.
    pub(crate) reason: &'static str,
    /// What was wrong.
    pub(crate) detail: String,
    /// The bytes, printable ones as they are, at most 128.
    pub(crate) bytes: String,
}

/// From the border task to the engine. Connection numbers rise with every connection.
#[derive(Debug)]
pub(crate) enum FromBorder {
    /// A TLS session with the right partner stands.
    Connected {
        /// The connection.
        number: u64,
    },
    /// It ended, or could not be made; why.
    Disconnected {
        /// The connection.
        number: u64,
        /// In words for the operator.
        why: String,
    },
    /// Bytes from the partner.
    Received {
        /// The connection.
        number: u64,
        /// Cut anywhere.
        bytes: Vec<u8>,
    },
}

/// From the engine to the border task.
#[derive(Debug)]
pub(crate) enum ToBorder {
    /// Bytes for the partner; dropped when that connection is gone, the protocol sends again.
    Send {
        /// The connection.
        number: u64,
        /// Whole frames.
        bytes: Vec<u8>,
    },
    /// Hang up.
    Close {
        /// The connection.
        number: u64,
    },
}

/// From the store's thread.
#[derive(Debug)]
pub(crate) enum Stored {
    /// The batch of this ticket is durable.
    Done {
        /// The engine's ticket.
        ticket: u64,
    },
    /// The ledger was signed: its newest checkpoint note.
    Signed {
        /// The note.
        note: String,
    },
    /// It could not be written; nothing of it was.
    Failed {
        /// The engine's ticket.
        ticket: u64,
        /// Why, and how to mend it.
        why: String,
    },
}
