//! How the feeds fare, as the health screen shows it.

use std::collections::{BTreeMap, VecDeque};

use renkei_fusion::clock::{ClockBasis, ClockReading};
use renkei_model::id::SourceId;
use renkei_model::time::Timestamp;
use serde_json::{Value, json};

use crate::config::FeedConfig;
use crate::messages::{FeedReport, FeedState, RejectSample};

/// Rejected pieces kept for the operator, per feed.
const SAMPLES_MAX: usize = 20;
/// A feed that spoke before and is silent for this long is late.
const LATE_MS: i64 = 30_000;
/// Weight of the newest second in the shown rate.
const RATE_WEIGHT: f64 = 0.3;

struct Feed {
    kind: &'static str,
    address: String,
    state: FeedState,
    last: Option<Timestamp>,
    accepted: u64,
    in_this_second: u64,
    rate_per_s: f64,
    reasons: BTreeMap<&'static str, u64>,
    samples: VecDeque<RejectSample>,
    clock: Option<ClockReading>,
}

/// All feeds of this node.
pub(crate) struct Feeds {
    feeds: BTreeMap<SourceId, Feed>,
}

fn address(config: &FeedConfig) -> String {
    let listen = config.listen.map(|a| format!("tcp listen {a}"));
    let connect = config.connect.as_ref().map(|a| format!("tcp connect {a}"));
    let udp = config.udp.map(|a| format!("udp {a}"));
    let file = config.file.as_ref().map(|p| format!("file {}", p.display()));
    listen.or(connect).or(udp).or(file).unwrap_or_default()
}

impl Feeds {
    /// Feeds that have not spoken yet.
    pub(crate) fn new(configs: &[FeedConfig]) -> Self {
        let feed = |config: &FeedConfig| Feed {
            kind: config.kind.word(),
            address: address(config),
            state: FeedState::Down("not started".into()),
            last: None,
            accepted: 0,
            in_this_second: 0,
            rate_per_s: 0.0,
            reasons: BTreeMap::new(),
            samples: VecDeque::new(),
            clock: None,
        };
        Self { feeds: configs.iter().map(|c| (c.name.clone(), feed(c))).collect() }
    }

    /// A feed reported.
    pub(crate) fn report(&mut self, report: FeedReport, now: Timestamp) {
        let Some(feed) = self.feeds.get_mut(&report.feed) else { return };
        if feed.state != report.state {
            tracing::info!(feed = report.feed.0, state = ?report.state, "feed");
        }
        feed.state = report.state;
        feed.clock = report.clock.or(feed.clock);
        feed.accepted += report.accepted;
        feed.in_this_second += report.accepted;
        if report.accepted > 0 {
            feed.last = Some(now);
        }
        for (reason, count) in report.rejected {
            *feed.reasons.entry(reason).or_default() += count;
        }
        for sample in report.samples {
            if feed.samples.len() == SAMPLES_MAX {
                feed.samples.pop_front();
            }
            feed.samples.push_back(sample);
        }
    }

    /// A second passed.
    pub(crate) fn second(&mut self) {
        for feed in self.feeds.values_mut() {
            #[expect(clippy::cast_precision_loss, reason = "a rate for a screen")]
            let newest = feed.in_this_second as f64;
            feed.rate_per_s += RATE_WEIGHT * (newest - feed.rate_per_s);
            feed.in_this_second = 0;
        }
    }

    /// The `feeds` part of the `status` message.
    pub(crate) fn view(&self, now: Timestamp) -> Value {
        self.feeds.iter().map(|(name, feed)| feed.view(name, now)).collect()
    }
}

impl Feed {
    fn view(&self, name: &SourceId, now: Timestamp) -> Value {
        let late = self.last.is_some_and(|last| now.since_ms(last) > LATE_MS);
        let (state, why) = match &self.state {
            FeedState::Down(why) => ("down", Some(why.as_str())),
            FeedState::Open(0) | FeedState::Finished if self.last.is_none() => ("waiting", None),
            FeedState::Finished => ("finished", None),
            FeedState::Open(_) if late => ("late", None),
            FeedState::Open(_) => ("live", None),
        };
        json!({
            "name": name, "kind": self.kind, "address": self.address, "state": state, "why": why,
            "rate_per_s": (self.rate_per_s * 10.0).round() / 10.0, "last_ms": self.last,
            "accepted": self.accepted, "rejected": self.reasons.values().sum::<u64>(),
            "reasons": self.reasons, "samples": self.samples, "clock": self.clock.map(|c| clock(&c)),
        })
    }
}

fn clock(reading: &ClockReading) -> Value {
    let basis = match reading.basis {
        ClockBasis::Arrival => "arrival",
        ClockBasis::Told => "told",
    };
    json!({
        "state": if reading.is_wrong { "wrong" } else { "right" },
        "offset_ms": reading.offset_ms, "uncertainty_ms": reading.uncertainty_ms, "basis": basis,
        "set_ms": reading.set_at,
    })
}
