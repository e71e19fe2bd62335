//! A node without its sockets: what a benchmark drives. Sentences and frames as sockets deliver them
//! → codec → fusion, alerts, label, release, aliases → history on disk.
//!
//! Refuses: the network, and time of its own; time is the traffic's.

use std::collections::BTreeSet;

use renkei_codec::ais::{Receiver, to_observation};
use renkei_codec::modes::{Tracker, beast};
use renkei_core::affairs::StatedZone;
use renkei_core::picture::{Picture, PictureConfig, PictureEffect, PictureInput};
use renkei_model::id::{Nation, ObjectId, Partition};
use renkei_model::observation::{Domain, Observation};
use renkei_model::position::MicroPosition;
use renkei_model::statement::{Bilingual, Zone};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;
use renkei_policy::{Policy, shipped};
use renkei_store::StoreDir;
use renkei_store::history::History;

use super::traffic::{self, START, Tenth};
use crate::cli::End;
use crate::engine::history_row;

/// What went through.
#[derive(Default)]
pub(super) struct Count {
    /// Good lines and frames.
    pub(super) received: u64,
    /// Observations that reached the picture.
    pub(super) reports: u64,
    pub(super) released: u64,
    pub(super) released_bytes: usize,
    pub(super) rows: u64,
    pub(super) alerts: u64,
    pub(super) problems: u64,
}

/// A node without its sockets.
pub(super) struct Node {
    receiver: Receiver,
    deframer: beast::Deframer,
    tracker: Tracker,
    context: renkei_codec::FeedContext,
    pub(super) picture: Picture,
    history: History,
    /// What the screens are told once a second.
    pub(super) changed: BTreeSet<TrackNumber>,
    pub(super) count: Count,
}

impl Node {
    /// An empty node that watches zones 2° square with these south-western corners, degrees.
    pub(super) fn new(
        dir: &StoreDir,
        config: PictureConfig,
        corners: impl IntoIterator<Item = [f64; 2]>,
    ) -> Result<Self, End> {
        let partition = Partition::Exercise("bench".into());
        let policy = Policy::load(Nation::JPN, &partition, shipped(Nation::JPN))?;
        let mut picture = Picture::new(config, &policy);
        for (counter, corner) in (0..).zip(corners) {
            let zone = PictureInput::Zone(zone(counter, corner, &partition));
            let refused = picture.handle(zone, START);
            if let Some(PictureEffect::Problem(problem)) = refused.into_iter().next() {
                return Err(problem.into());
            }
        }
        Ok(Self {
            receiver: Receiver::default(),
            deframer: beast::Deframer::default(),
            tracker: Tracker::new(traffic::context("bench-adsb")),
            context: traffic::context("bench-ais"),
            picture,
            history: History::open(dir)?.0,
            changed: BTreeSet::new(),
            count: Count::default(),
        })
    }

    /// A tenth of a second of traffic.
    pub(super) fn tenth(&mut self, tenth: &Tenth) {
        for observation in self.read(tenth) {
            self.count.reports += 1;
            self.handle(PictureInput::Observed(observation), tenth.at);
        }
    }

    /// What time alone changes.
    pub(super) fn tick(&mut self, now: Timestamp) {
        self.handle(PictureInput::Tick, now);
    }

    /// What a node's disk thread does twice a second.
    pub(super) fn flush(&mut self, now: Timestamp) -> Result<(), End> {
        Ok(self.history.flush(now)?)
    }

    fn read(&mut self, tenth: &Tenth) -> Vec<Observation> {
        let (mut observations, context) = (Vec::new(), &self.context);
        let mut received = 0;
        self.receiver.push(&tenth.ais, tenth.at, |item| {
            received += u64::from(item.is_ok());
            observations.extend(item.ok().and_then(|r| to_observation(&r, context, tenth.at)));
        });
        for frame in self.deframer.push(&tenth.beast).into_iter().flatten() {
            received += 1;
            observations.extend(self.tracker.receive(&frame, tenth.at).ok().flatten());
        }
        self.count.received += received;
        observations
    }

    /// What the engine does with a picture's effects, up to the link.
    fn handle(&mut self, input: PictureInput, now: Timestamp) {
        for effect in self.picture.handle(input, now) {
            match effect {
                PictureEffect::History(row) => {
                    self.history.record(history_row(&row, 1));
                    self.count.rows += 1;
                }
                PictureEffect::Changed(number) | PictureEffect::Dropped(number) => {
                    self.changed.insert(number);
                }
                PictureEffect::Offer { released, .. } => {
                    self.count.released_bytes += released.item().to_bytes().len();
                    self.count.released += 1;
                }
                PictureEffect::Raise { .. } | PictureEffect::Notice(_) => self.count.alerts += 1,
                PictureEffect::Problem(_) => self.count.problems += 1,
                PictureEffect::AliasGiven { .. }
                | PictureEffect::Forget { .. }
                | PictureEffect::Located { .. }
                | PictureEffect::ReleaseCounted(_) => {}
            }
        }
    }
}

fn zone(counter: u64, [south, west]: [f64; 2], partition: &Partition) -> StatedZone {
    let udeg = |degrees: f64| (degrees * 1e6) as i32;
    let corner = |north, east| MicroPosition {
        latitude_udeg: udeg(south + north),
        longitude_udeg: udeg(west + east),
    };
    let zone = Zone {
        name: Bilingual::default(),
        ring: vec![corner(0.0, 0.0), corner(0.0, 2.0), corner(2.0, 2.0), corner(2.0, 0.0)],
        domains: vec![Domain::Surface, Domain::Air],
        neutral_too: true,
        holes: Vec::new(),
    };
    let id = ObjectId { node: Nation::JPN, partition: partition.clone(), epoch: 1, counter };
    StatedZone { id, zone }
}
