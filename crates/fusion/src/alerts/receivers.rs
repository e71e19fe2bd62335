//! Which of our receivers are at work: the other half of every statement on who was not heard.

use std::collections::BTreeMap;

use renkei_model::id::SourceId;
use renkei_model::time::Timestamp;

use super::config::ReceiverPreset;

/// No more receivers than this are judged.
const RECEIVERS_MAX: usize = 1_024;
/// Intervals that the mean remembers, about.
const MEMORY: f64 = 64.0;

#[derive(Clone, Debug)]
struct Receiver {
    last: Timestamp,
    reports: u64,
    interval_ms: f64,
    /// At work without a break since.
    since: Timestamp,
    silent: bool,
}

/// A receiver that fell silent.
#[derive(Clone, Debug)]
pub(crate) struct Silent {
    pub(crate) feed: SourceId,
    pub(crate) last: Timestamp,
    pub(crate) for_ms: i64,
    pub(crate) interval_ms: f64,
}

/// Every own feed, as it is heard.
#[derive(Clone, Debug, Default)]
pub(crate) struct Receivers(BTreeMap<SourceId, Receiver>);

impl Receivers {
    /// A report came in over `feed`.
    pub(crate) fn hear(&mut self, feed: &SourceId, at: Timestamp) {
        if let Some(receiver) = self.0.get_mut(feed) {
            let interval_ms = at.since_ms(receiver.last).max(0) as f64;
            if receiver.silent {
                receiver.silent = false;
                receiver.since = at;
            } else {
                let weight = (receiver.reports as f64).min(MEMORY);
                receiver.interval_ms += (interval_ms - receiver.interval_ms) / weight;
            }
            receiver.last = receiver.last.max(at);
            receiver.reports += 1;
        } else if self.0.len() < RECEIVERS_MAX {
            let new = Receiver { last: at, reports: 1, interval_ms: 0.0, since: at, silent: false };
            self.0.insert(feed.clone(), new);
        }
    }

    /// The receivers that fell silent by `now`, each once until it is heard again.
    pub(crate) fn judge(&mut self, now: Timestamp, preset: &ReceiverPreset) -> Vec<Silent> {
        let mut fell = Vec::new();
        for (feed, receiver) in &mut self.0 {
            let for_ms = now.since_ms(receiver.last);
            let patience_ms = (receiver.interval_ms * preset.intervals) as i64;
            let silent = for_ms > preset.silent_min_ms.max(patience_ms);
            if silent && !receiver.silent && receiver.reports >= preset.reports_min {
                receiver.silent = true;
                fell.push(Silent {
                    feed: feed.clone(),
                    last: receiver.last,
                    for_ms,
                    interval_ms: receiver.interval_ms,
                });
            }
        }
        fell
    }

    /// Since when `feed` has been at work without a break; `None` while it is silent.
    pub(crate) fn at_work_since(&self, feed: &SourceId) -> Option<Timestamp> {
        self.0.get(feed).filter(|receiver| !receiver.silent).map(|receiver| receiver.since)
    }
}
