//! One connection's bytes to reports, whatever the feed speaks.
//!
//! Refuses: opinions. It moves bytes through the codec and counts what the codec says.

use renkei_codec::asterix::{self, Radars, Seen};
use renkei_codec::modes::{Tracker, avr, beast, readsb, sbs, snapshot};
use renkei_codec::{FeedContext, Reject, ais, cot, plots};
use renkei_fusion::clock::{ClockNews, ClockReading, SourceClock};
use renkei_model::id::Partition;
use renkei_model::observation::Observation;
use renkei_model::plot::Plot;
use renkei_model::time::Timestamp;

use super::Feed;
use crate::config::FeedKind;

/// What some bytes held.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Reports for the engine.
    pub(super) observations: Vec<Observation>,
    /// Things that a sensor saw and cannot name.
    pub(super) plots: Vec<Plot>,
    /// Places among the plots before which a look round is over.
    pub(super) marks: Vec<usize>,
    /// Whole CoT events, in order.
    pub(super) events: Vec<cot::Event>,
    /// Good messages.
    pub(super) accepted: u64,
    /// What was refused.
    pub(super) rejects: Vec<Reject>,
    /// What the operator should know but is not refused.
    pub(super) notes: Vec<Reject>,
    /// What is known of the sender's clock.
    pub(super) clock: Option<ClockReading>,
}

enum Stream {
    Ais(Box<ais::Receiver>),
    Beast(Box<beast::Deframer>, Box<Tracker>),
    Avr(avr::Deframer, Box<Tracker>),
    Json(readsb::Deframer, Box<Tracker>),
    Sbs(sbs::Deframer, Box<Tracker>),
    Tables(Box<snapshot::Deframer>, Box<snapshot::Tables>),
    Cot(Box<cot::Splitter>),
    Asterix(asterix::Deframer, Radars),
    /// With the scan of the last plot.
    Plots(plots::Deframer, Option<u64>),
}

/// Reads one connection.
pub(super) struct Reader {
    stream: Stream,
    context: FeedContext,
    partition: Partition,
    words: cot::LabelWords,
    clock: SourceClock,
}

impl Reader {
    pub(super) fn new(feed: &Feed) -> Self {
        let context = &feed.context;
        let tracker = || Box::new(Tracker::new(context.clone()));
        let stream = match feed.kind {
            FeedKind::Ais => Stream::Ais(Box::default()),
            FeedKind::Beast => Stream::Beast(Box::default(), tracker()),
            FeedKind::Avr => Stream::Avr(avr::Deframer::default(), tracker()),
            FeedKind::Readsb => Stream::Json(readsb::Deframer::default(), tracker()),
            FeedKind::Sbs => Stream::Sbs(sbs::Deframer::default(), tracker()),
            FeedKind::AircraftJson => {
                Stream::Tables(Box::default(), Box::new(snapshot::Tables::new(context.clone())))
            }
            FeedKind::Cot => Stream::Cot(Box::default()),
            FeedKind::Asterix => Stream::Asterix(asterix::Deframer::default(), feed.radars.clone()),
            FeedKind::Plots => Stream::Plots(plots::Deframer::default(), None),
        };
        Self {
            stream,
            context: context.clone(),
            partition: feed.partition.clone(),
            words: feed.words.clone(),
            clock: SourceClock::live(),
        }
    }

    /// Reads a recording: when it is played says nothing of the clock that stamped it.
    pub(super) fn recorded(feed: &Feed) -> Self {
        Self { clock: SourceClock::recorded(), ..Self::new(feed) }
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
                for told in receiver.take_told() {
                    let news = self.clock.told(told.stamped, told.utc);
                    batch.notes.extend(news.map(note));
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
            told_or_seen => batch.told_or_seen(told_or_seen, bytes, context, now),
        }
        self.date(&mut batch, (0, 0), now);
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
        let dated = (batch.observations.len(), batch.plots.len());
        for event in std::mem::take(&mut batch.events) {
            let report = event.to_observation(&self.context, &self.words, &self.partition, now);
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

    /// Dates the reports and plots of a batch behind the `dated` ones; each only once, or a wrong clock
    /// would look right.
    fn date(&mut self, batch: &mut Batch, dated: (usize, usize), now: Timestamp) {
        let observed = batch.observations.iter_mut().skip(dated.0).map(|o| &mut o.event_time);
        let times =
            observed.chain(batch.plots.iter_mut().skip(dated.1).map(|plot| &mut plot.event_time));
        for event_time in times {
            let dated = self.clock.date(*event_time, now);
            *event_time = dated.at;
            batch.notes.extend(dated.news.map(note));
        }
        batch.clock = self.clock.reading();
    }
}

/// What is said to the operator of a clock.
fn note(news: ClockNews) -> Reject {
    let off = |offset_ms: i64| {
        let word = if offset_ms > 0 { "slow" } else { "fast" };
        format!("{} s {word}", offset_ms.saturating_abs() / 1000)
    };
    let sure = |r: &ClockReading| format!("{} (± {} s)", off(r.offset_ms), r.uncertainty_ms / 1000);
    let detail = match news {
        ClockNews::Wrong(r) => {
            format!("the sender's clock is {}; its reports are dated without that", sure(&r))
        }
        ClockNews::Jumped(r, step_ms) => {
            let step_s = step_ms.saturating_abs() / 1000;
            format!("the sender's clock was set by {step_s} s and is now {}", sure(&r))
        }
        ClockNews::Right(r) => format!("the sender's clock is right again: {}", sure(&r)),
    };
    Reject::new("clock", detail, &[])
}

impl Batch {
    /// What other decoders tell, and what radars see.
    fn told_or_seen(
        &mut self,
        stream: &mut Stream,
        bytes: Option<&[u8]>,
        context: &FeedContext,
        now: Timestamp,
    ) {
        match stream {
            Stream::Sbs(deframer, tracker) => {
                let items = match bytes {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish(),
                };
                for item in items {
                    self.take(item.map(|line| {
                        let at = deframer.event_time(&line, now).unwrap_or(now);
                        tracker.tell(&line.told, at, now)
                    }));
                }
            }
            Stream::Tables(deframer, tables) => {
                let items = match bytes {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish(),
                };
                for item in items {
                    self.take(item.map(|aircraft| tables.receive(&aircraft, now)));
                }
            }
            Stream::Asterix(deframer, radars) => {
                let items = match bytes {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish(),
                };
                for item in items {
                    match item {
                        Ok(block) => self.radar(&block, radars, context, now),
                        Err(reject) => self.rejects.push(reject),
                    }
                }
            }
            Stream::Plots(deframer, scan) => {
                let items = match bytes {
                    Some(bytes) => deframer.push(bytes),
                    None => deframer.finish().into_iter().collect(),
                };
                for item in items {
                    match item {
                        Ok(line) => {
                            self.accepted += 1;
                            if line.scan.is_some() && line.scan != *scan {
                                self.marks.push(self.plots.len());
                                *scan = line.scan;
                            }
                            self.plots.push(line.to_plot(context, now));
                        }
                        Err(reject) => self.rejects.push(reject),
                    }
                }
            }
            // The others are read by `Reader::read` itself.
            Stream::Ais(_)
            | Stream::Beast(..)
            | Stream::Avr(..)
            | Stream::Json(..)
            | Stream::Cot(_) => {}
        }
    }

    /// Takes what a block of a radar or a tracker stands for.
    fn radar(
        &mut self,
        block: &asterix::Block,
        radars: &Radars,
        context: &FeedContext,
        now: Timestamp,
    ) {
        if block.is_north_mark() {
            self.marks.push(self.plots.len());
        }
        let (reports, reject) = asterix::Report::of_block(block);
        self.rejects.extend(reject);
        for report in reports {
            match radars.seen(&report, context, now) {
                Ok(seen) => {
                    self.accepted += 1;
                    match seen {
                        Seen::Plot(plot) => self.plots.push(*plot),
                        Seen::Aircraft(observation) => self.observations.push(*observation),
                        Seen::Nothing => {}
                    }
                }
                Err(reject) => self.rejects.push(reject),
            }
        }
    }

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

#[cfg(test)]
mod tests;
