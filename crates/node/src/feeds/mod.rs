//! Feeds: the sockets and files by which reports come in, and the way of the picture to TAK clients.
//!
//! Every feed runs alone: one that is down, flooded or fed garbage costs no other anything. All
//! tasks end with the engine.
//!
//! Refuses: unbounded anything. Connections, buffers, tables and queues have limits here, and a slow
//! engine slows the sockets.

pub(crate) mod file;
mod outbox;
pub(crate) mod pace;
mod reader;
pub(crate) mod recording;
mod sweeps;
mod tak;
mod tally;
mod tcp;
mod udp;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use renkei_codec::FeedContext;
use renkei_codec::asterix::Radars;
use renkei_codec::cot::LabelWords;
use renkei_core::picture::Picture;
use renkei_model::id::{Nation, Partition};
use renkei_model::label::Label;
use renkei_model::observation::Observation;
use renkei_model::plot::Plot;
use renkei_model::time::Timestamp;
use tokio::sync::mpsc;

use crate::cli::End;
use crate::clock;
use crate::config::{Config, FeedConfig, FeedKind, RadarConfig, SensorConfig};
use crate::labels::policy_name;
use crate::messages::ToEngine;
use sweeps::Sweeps;
use tak::Hub;
use tally::Tally;

/// One feed's part that all its connections share.
#[derive(Debug)]
pub(crate) struct Feed {
    kind: FeedKind,
    context: FeedContext,
    partition: Partition,
    words: LabelWords,
    radars: Radars,
    tally: Tally,
    sweeps: Sweeps,
    engine: mpsc::Sender<ToEngine>,
}

impl Feed {
    fn new(
        config: &FeedConfig,
        nation: Nation,
        partition: &Partition,
        engine: mpsc::Sender<ToEngine>,
    ) -> Self {
        let label = Label {
            policy: policy_name(nation, partition),
            classification: config.classification,
            releasable_to: config.releasable_to.iter().copied().collect(),
            restrictive: config.restrictive.iter().cloned().collect(),
            informative: config.informative.iter().cloned().collect(),
            originator: nation,
            created: clock::now(),
            review: None,
        };
        let context = FeedContext { source: config.name.clone(), label, nation };
        Self {
            kind: config.kind,
            context,
            partition: partition.clone(),
            // `config::check` lets only sound words through.
            words: config.words.words().unwrap_or_default(),
            radars: Radars {
                // `config::check` lets only radars through that can be used.
                radars: config.radars.iter().filter_map(RadarConfig::radar).collect(),
                track_sd_m: config.track_sd_m,
            },
            tally: Tally::new(config.name.clone()),
            sweeps: Sweeps::new(SensorConfig::sensor(config)),
            engine,
        }
    }

    /// Hands reports to the engine, waiting while it is busy; false when it has ended.
    async fn observed(&self, observations: Vec<Observation>) -> bool {
        observations.is_empty() || self.engine.send(ToEngine::Observed(observations)).await.is_ok()
    }

    /// Hands sweeps to the engine, waiting while it is busy; false when it has ended.
    async fn swept(&self, sweeps: Vec<Vec<Plot>>) -> bool {
        for plots in sweeps {
            if self.engine.send(self.sweep(plots)).await.is_err() {
                return false;
            }
        }
        true
    }

    fn sweep(&self, plots: Vec<Plot>) -> ToEngine {
        ToEngine::Swept { sensor: self.sweeps.sensor(), plots }
    }
}

/// The way of the picture to TAK clients.
#[derive(Debug, Default)]
pub(crate) struct PictureToTak {
    hubs: Vec<Arc<Hub>>,
}

impl PictureToTak {
    /// Sends what changed since the last time to every client that is connected.
    pub(crate) fn send(&self, picture: &Picture, nation: Nation, now: Timestamp) {
        for hub in self.hubs.iter().filter(|hub| hub.has_clients()) {
            hub.show(picture, nation, now);
        }
    }
}

/// Starts every feed. An address that is taken takes only its own feed down, which says so and tries
/// again.
///
/// # Errors
/// [`End::Wrong`] when the system gives no thread.
pub(crate) async fn start(
    config: &Config,
    engine: mpsc::Sender<ToEngine>,
) -> Result<PictureToTak, End> {
    let mut picture = PictureToTak::default();
    for settings in &config.feeds {
        let feed = Arc::new(Feed::new(settings, config.nation, &config.partition, engine.clone()));
        tokio::spawn(tally::report(feed.clone()));
        if matches!(settings.kind, FeedKind::Asterix | FeedKind::Plots) {
            tokio::spawn(sweeps::watch(feed.clone()));
        }
        match (settings.listen, &settings.connect, settings.udp, &settings.file) {
            (Some(address), ..) if settings.kind == FeedKind::Cot => {
                let hub = Arc::new(Hub::new(&feed, settings.labels));
                picture.hubs.push(hub.clone());
                let first = tcp::bind(&feed, address).await;
                tokio::spawn(tcp::listen(feed, address, first, Some(hub)));
            }
            (Some(address), ..) => {
                let first = tcp::bind(&feed, address).await;
                tokio::spawn(tcp::listen(feed, address, first, None));
            }
            (_, Some(address), ..) => {
                tokio::spawn(tcp::connect(feed, address.clone()));
            }
            (_, _, Some(address), _) => {
                tokio::spawn(udp::listen(feed, address));
            }
            (_, _, _, Some(path)) => {
                // A thread of its own: the runtime would wait for it when the node stops.
                let path = config.dir.join(path);
                std::thread::Builder::new()
                    .name("feed file".into())
                    .spawn(move || file::take(&feed, &path))?;
            }
            // `config::check` lets none through without a way in.
            _ => {}
        }
    }
    Ok(picture)
}
