//! One connection's bytes to reports, whatever the feed speaks.
//!
//! Refuses: opinions. It moves bytes through the codec and counts what the codec says.

use renkei_codec::modes::{Tracker, avr, beast, readsb};
use renkei_codec::{FeedContext, Reject, ais, cot};
use renkei_model::id::Partition;
use renkei_model::observation::Observation;
use renkei_model::time::Timestamp;

use super::dating::Dating;
use crate::config::FeedKind;

/// What some bytes held.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Reports for the engine.
    pub(super) observations: Vec<Observation>,
    /// Whole CoT events, in order.
    pub(super) events: Vec<cot::Event>,
    /// Good messages.
    pub(super) accepted: u64,
    /// What was refused.
    pub(super) rejects: Vec<Reject>,
    /// What the operator should know but is not refused.
    pub(super) notes: Vec<Reject>,
}

enum Stream {
    Ais(Box<ais::Receiver>),
    Beast(Box<beast::Deframer>, Box<Tracker>),
    Avr(avr::Deframer, Box<Tracker>),
    Json(readsb::Deframer, Box<Tracker>),
    Cot(Box<cot::Splitter>),
}

/// Reads one connection.
pub(super) struct Reader {
    stream: Stream,
    context: FeedContext,
    partition: Partition,
    dating: Dating,
}

impl Reader {
    pub(super) fn new(kind: FeedKind, context: &FeedContext, partition: &Partition) -> Self {
        let tracker = || Box::new(Tracker::new(context.clone()));
        let stream = match kind {
            FeedKind::Ais => Stream::Ais(Box::default()),
            FeedKind::Beast => Stream::Beast(Box::default(), tracker()),
            FeedKind::Avr => Stream::Avr(avr::Deframer::default(), tracker()),
            FeedKind::Readsb => Stream::Json(readsb::Deframer::default(), tracker()),
            FeedKind::Cot => Stream::Cot(Box::default()),
        };
        Self {
            stream,
            context: context.clone(),
            partition: partition.clone(),
            dating: Dating::default(),
        }
    }

    /// Takes bytes that arrived at `now`.
    pub(super) fn push(&mut self, bytes: &[u8], now: Timestamp) -> Batch {
        self.read(Some(bytes), now)
    }

    /// Takes what stands without its end as whole: at the end of a file, a datagram, a connection.
    pub(super) fn finish(&mut self, now: Timestamp) -> Batch {
        self.read(None, now)
    }

    fn read(&mut self, bytes: Option<&[u8]>, now: Timestamp) -> Batch {
        let mut batch = Batch::default();
        let context = &self.context;
        match &mut self.stream {
            Stream::Ais(receiver) => {
                let sink = |item: Result<ais::Received<'_>, Reject>| {
                    batch.take(item.map(|r| ais::to_observation(&r, context, now)));
                };
                match bytes {
                    Some(bytes) => receiver.push(bytes, now, sink),
                    None => receiver.finish(now, sink),
                }
            }
            Stream::Beast(deframer, tracker) => {
                for item in bytes.map(|bytes| deframer.push(bytes)).unwrap_or_default() {
                    batch.take(item.and_then(|received| tracker.receive(&received, now)));
                }
            }
            Stream::Avr(deframer, tracker) => {
                let items = match bytes {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish(),
                };
                for item in items {
                    batch.take(item.and_then(|received| tracker.receive(&received, now)));
                }
            }
            Stream::Json(deframer, tracker) => {
                let items = match bytes {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish().into_iter().collect(),
                };
                for item in items {
                    batch.take(item.and_then(|line| match line {
                        readsb::Line::Frame(received) => tracker.receive(&received, now),
                        readsb::Line::Aircraft(a) => Ok(Some(a.to_observation(context, now))),
                    }));
                }
            }
            Stream::Cot(splitter) => {
                let items = match bytes {
                    Some(bytes) => splitter.push(bytes),
                    None => splitter.finish(),
                };
                for item in items {
                    match item.and_then(|document| event(&document)) {
                        Ok(event) => batch.events.push(event),
                        Err(reject) => batch.rejects.push(reject),
                    }
                }
            }
        }
        self.date(&mut batch, 0, now);
        batch
    }

    /// The reports of CoT events, whose label, world and clock are looked at one by one. `name` gives
    /// each event the identity under which its sender is known here, or refuses it.
    pub(super) fn observe(
        &mut self,
        batch: &mut Batch,
        now: Timestamp,
        mut name: impl FnMut(&cot::Event) -> Result<String, Reject>,
    ) {
        let dated = batch.observations.len();
        for event in std::mem::take(&mut batch.events) {
            let report = event.to_observation(&self.context, &self.partition, now);
            batch.take(report.and_then(|observation| match observation {
                Some(observation) => {
                    let identity = renkei_model::observation::Identity::Cot(name(&event)?);
                    Ok(Some(Observation { identity, ..observation }))
                }
                None => Ok(None),
            }));
        }
        self.date(batch, dated, now);
    }

    /// Dates the reports of a batch from the `first` on; each only once, or a wrong clock would look
    /// right.
    fn date(&mut self, batch: &mut Batch, first: usize, now: Timestamp) {
        for observation in batch.observations.iter_mut().skip(first) {
            let dated = self.dating.date(observation.event_time, now);
            observation.event_time = dated.at;
            if let Some(off_ms) = dated.news {
                let detail = format!(
                    "the sender's clock is {} s {}; its reports are dated by their arrival",
                    off_ms.saturating_abs() / 1000,
                    if off_ms > 0 { "slow" } else { "fast" },
                );
                batch.notes.push(Reject::new("clock", detail, &[]));
            }
        }
    }
}

impl Batch {
    fn take(&mut self, item: Result<Option<Observation>, Reject>) {
        match item {
            Ok(observation) => {
                self.accepted += 1;
                self.observations.extend(observation);
            }
            Err(reject) => self.rejects.push(reject),
        }
    }
}

fn event(document: &[u8]) -> Result<cot::Event, Reject> {
    cot::Event::parse(document)
        .map_err(|error| Reject::new(error.code(), error.to_string(), document))
}
