//! What one feed took and refused, counted between two reports.
//!
//! Refuses: keeping more than a few samples a second, however much garbage comes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use renkei_codec::Reject;
use renkei_fusion::clock::ClockReading;
use renkei_model::id::SourceId;

use super::Feed;
use crate::clock;
use crate::messages::{FeedReport, FeedState, RejectSample, ToEngine};

/// How often a feed reports.
const REPORT: Duration = Duration::from_secs(1);
/// Samples in one report: enough to see what comes, few enough for any flood.
const SAMPLES_MAX: usize = 4;

#[derive(Debug)]
struct Counts {
    state: FeedState,
    connections: usize,
    accepted: u64,
    rejected: BTreeMap<&'static str, u64>,
    samples: Vec<RejectSample>,
    clock: Option<ClockReading>,
}

/// The counts of one feed, shared by its connections.
#[derive(Debug)]
pub(super) struct Tally {
    feed: SourceId,
    counts: Mutex<Counts>,
}

impl Tally {
    pub(super) fn new(feed: SourceId) -> Self {
        let counts = Counts {
            state: FeedState::Down("starting".into()),
            connections: 0,
            accepted: 0,
            rejected: BTreeMap::new(),
            samples: Vec::new(),
            clock: None,
        };
        Self { feed, counts: Mutex::new(counts) }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many messages were good.
    pub(super) fn accept(&self, count: u64) {
        self.counts().accepted += count;
    }

    /// Something was refused.
    pub(super) fn reject(&self, reject: &Reject) {
        *self.counts().rejected.entry(reject.reason).or_default() += 1;
        self.note(reject);
    }

    /// Keeps a sample without counting it as a refusal.
    pub(super) fn note(&self, reject: &Reject) {
        let mut counts = self.counts();
        if counts.samples.len() < SAMPLES_MAX {
            counts.samples.push(RejectSample {
                at_ms: clock::now(),
                reason: reject.reason,
                detail: reject.detail.clone(),
                bytes: printable(&reject.sample),
            });
        }
    }

    /// A sender's clock was measured; of several, the one that is furthest off is reported.
    pub(super) fn clock(&self, reading: Option<ClockReading>) {
        let mut counts = self.counts();
        let off = |reading: &ClockReading| reading.offset_ms.saturating_abs();
        counts.clock = counts.clock.into_iter().chain(reading).max_by_key(off);
    }

    /// The feed is open; connections are counted by [`Tally::connected`].
    pub(super) fn open(&self) {
        let mut counts = self.counts();
        counts.state = FeedState::Open(counts.connections);
    }

    /// The feed is down, for this reason.
    pub(super) fn down(&self, why: String) {
        self.counts().state = FeedState::Down(why);
    }

    /// The file was read to its end.
    pub(super) fn finished(&self) {
        self.counts().state = FeedState::Finished;
    }

    /// A connection opens; dropping the result closes it.
    pub(super) fn connected(&self) -> Connected<'_> {
        let mut counts = self.counts();
        counts.connections += 1;
        counts.state = FeedState::Open(counts.connections);
        Connected(self)
    }

    /// What happened since the last report.
    pub(super) fn drain(&self) -> FeedReport {
        let mut counts = self.counts();
        FeedReport {
            feed: self.feed.clone(),
            state: counts.state.clone(),
            accepted: std::mem::take(&mut counts.accepted),
            rejected: std::mem::take(&mut counts.rejected).into_iter().collect(),
            samples: std::mem::take(&mut counts.samples),
            clock: counts.clock.take(),
        }
    }
}

/// One open connection of a feed.
#[derive(Debug)]
pub(super) struct Connected<'a>(&'a Tally);

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        let mut counts = self.0.counts();
        counts.connections = counts.connections.saturating_sub(1);
        if let FeedState::Open(_) = counts.state {
            counts.state = FeedState::Open(counts.connections);
        }
    }
}

/// Printable characters as they are, other bytes as `\x1a`.
fn printable(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// Reports the feed once a second until the engine ends.
pub(super) async fn report(feed: Arc<Feed>) {
    let mut ticker = tokio::time::interval(REPORT);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        ticker.tick().await;
        let report = feed.tally.drain();
        if feed.engine.send(ToEngine::Feed(report)).await.is_err() {
            return;
        }
    }
}
