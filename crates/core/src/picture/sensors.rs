//! What sensors see that cannot say what it is: into the picture, and over the border one sensor's own
//! track at a time.
//!
//! The tracks that go over are made by trackers that stand beside the picture, one a sensor, each fed
//! that sensor's plots and nothing else. What fusion makes of the same plots with AIS, with another
//! radar or with the partner's reports never reaches them, so no release can tell of it. Which track
//! of the picture a tracker's track is, is noted only for our own floor: to say under which alias the
//! partner speaks of it.

use std::collections::{BTreeMap, BTreeSet};

use renkei_fusion::{AssociateConfig, Fusion, FusionConfig, Sensor};
use renkei_model::id::{BorderAlias, SourceId};
use renkei_model::observation::{Identity, Observation, Source};
use renkei_model::plot::Plot;
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use super::Picture;
use super::alias::Known;
use super::effect::{HistoryRow, PictureEffect, Problem};
use super::side::{Shown, Side};

/// A track of one sensor's own tracker.
pub(crate) type SensorTrackId = (SourceId, TrackNumber);

/// One sensor's own tracker, and the names at the border of what it tracks.
#[derive(Clone, Debug)]
struct Tracker {
    fusion: Fusion,
    aliases: BTreeMap<(TrackNumber, Known), BorderAlias>,
}

/// The trackers of all sensors that are released in some tier; as many as there are such feeds.
#[derive(Clone, Debug)]
pub(crate) struct Trackers {
    config: FusionConfig,
    trackers: BTreeMap<SourceId, Tracker>,
    named: BTreeMap<BorderAlias, SensorTrackId>,
}

/// What one sensor's own tracker makes of a sweep.
#[derive(Debug, Default)]
pub(crate) struct Tracked {
    /// Which of its tracks took each plot, by the plot's place.
    pub(crate) by_plot: BTreeMap<usize, TrackNumber>,
    /// The tracks that are new or moved.
    pub(crate) moved: BTreeSet<TrackNumber>,
}

impl Trackers {
    pub(crate) fn new(config: &FusionConfig) -> Self {
        let associate = AssociateConfig { is_on: false, ..config.associate.clone() };
        let config = FusionConfig { associate, last_number: 0, ..config.clone() };
        Self { config, trackers: BTreeMap::new(), named: BTreeMap::new() }
    }

    /// Gives `plots` to the tracker of `source`, which saw them all.
    pub(crate) fn sweep(
        &mut self,
        sensor: &Sensor,
        source: &SourceId,
        plots: &[Plot],
        now: Timestamp,
    ) -> Tracked {
        let config = &self.config;
        let tracker = self.trackers.entry(source.clone()).or_insert_with(|| Tracker {
            fusion: Fusion::new(config.clone()),
            aliases: BTreeMap::new(),
        });
        let swept = tracker.fusion.sweep(sensor, plots, now);
        Tracked {
            by_plot: swept.taken.iter().map(|(number, place)| (*place, *number)).collect(),
            moved: swept.moved.into_iter().chain(swept.opened).collect(),
        }
    }

    /// The tracker behind a track.
    pub(crate) fn fusion(&self, source: &SourceId) -> Option<&Fusion> {
        self.trackers.get(source).map(|tracker| &tracker.fusion)
    }

    /// The alias of a track for what the partner is told in that measure.
    pub(crate) fn alias(
        &self,
        source: &SourceId,
        number: TrackNumber,
        known: Known,
    ) -> Option<BorderAlias> {
        self.trackers.get(source)?.aliases.get(&(number, known)).copied()
    }

    /// The alias was given.
    pub(crate) fn give(
        &mut self,
        source: &SourceId,
        number: TrackNumber,
        known: Known,
        alias: BorderAlias,
    ) {
        if let Some(tracker) = self.trackers.get_mut(source) {
            tracker.aliases.insert((number, known), alias);
            self.named.insert(alias, (source.clone(), number));
        }
    }

    /// The aliases of a track, best known first.
    pub(crate) fn aliases(
        &self,
        (source, number): &SensorTrackId,
    ) -> impl Iterator<Item = BorderAlias> {
        let tracker = self.trackers.get(source);
        let number = *number;
        Known::ALL.into_iter().filter_map(move |known| {
            tracker.and_then(|tracker| tracker.aliases.get(&(number, known)).copied())
        })
    }

    /// Every alias given for a sensor's track.
    pub(crate) fn given(&self) -> impl Iterator<Item = BorderAlias> + '_ {
        self.named.keys().copied()
    }

    /// Which track an alias was given for.
    pub(crate) fn named(&self, alias: BorderAlias) -> Option<&SensorTrackId> {
        self.named.get(&alias)
    }

    /// Lets time pass; the tracks that are gone.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Vec<SensorTrackId> {
        let mut gone = Vec::new();
        for (source, tracker) in &mut self.trackers {
            for track in tracker.fusion.tick(now).dropped {
                for known in Known::ALL {
                    if let Some(alias) = tracker.aliases.remove(&(track.number, known)) {
                        self.named.remove(&alias);
                    }
                }
                gone.push((source.clone(), track.number));
            }
        }
        gone
    }
}

/// The report that a sensor's own track comes to. Its identity is none: the alias that stands for one
/// is given only when something of it goes.
pub(crate) fn report(
    source: &SourceId,
    track: &Track,
    none: BorderAlias,
    now: Timestamp,
) -> Option<Observation> {
    let estimate = track.estimate.as_ref()?;
    Some(Observation {
        source: Source::Own(source.clone()),
        identity: Identity::Alias(none),
        domain: track.domain,
        event_time: estimate.at,
        received_at: now,
        position: Some(estimate.position),
        accuracy_m: Some(estimate.sd_m),
        motion: estimate.motion.clone(),
        attributes: Default::default(),
        content: 0,
        label: track.label.clone(),
    })
}

/// Which track of the picture is which track of a sensor's own tracker.
#[derive(Clone, Debug, Default)]
pub(crate) struct SeenAs {
    theirs: BTreeMap<TrackNumber, BTreeMap<SourceId, TrackNumber>>,
    ours: BTreeMap<SensorTrackId, TrackNumber>,
}

impl SeenAs {
    /// One plot went to both.
    pub(crate) fn see(&mut self, ours: TrackNumber, (source, theirs): SensorTrackId) {
        self.theirs.entry(ours).or_default().insert(source.clone(), theirs);
        self.ours.insert((source, theirs), ours);
    }

    /// The sensors' own tracks of a track of the picture.
    pub(crate) fn theirs(&self, ours: TrackNumber) -> impl Iterator<Item = SensorTrackId> {
        let sources = self.theirs.get(&ours).into_iter().flatten();
        sources.map(|(source, theirs)| (source.clone(), *theirs))
    }

    /// The track of the picture that took the last plot of a sensor's own.
    pub(crate) fn ours(&self, theirs: &SensorTrackId) -> Option<TrackNumber> {
        self.ours.get(theirs).copied()
    }

    /// The picture's track is gone.
    pub(crate) fn forget(&mut self, ours: TrackNumber) {
        for (source, theirs) in self.theirs.remove(&ours).unwrap_or_default() {
            let key = (source, theirs);
            if self.ours.get(&key) == Some(&ours) {
                self.ours.remove(&key);
            }
        }
    }

    /// The sensor's own track is gone.
    pub(crate) fn forget_theirs(&mut self, theirs: &SensorTrackId) {
        let Some(ours) = self.ours.remove(theirs) else { return };
        if let Some(sources) = self.theirs.get_mut(&ours) {
            sources.retain(|source, number| (source, *number) != (&theirs.0, theirs.1));
            if sources.is_empty() {
                self.theirs.remove(&ours);
            }
        }
    }
}

impl Picture {
    /// Takes in a sweep. What names an aircraft by its address is a report like any other.
    pub(super) fn swept(
        &mut self,
        sensor: &Sensor,
        plots: Vec<Plot>,
        now: Timestamp,
        effects: &mut Vec<PictureEffect>,
    ) {
        let mut nameless: BTreeMap<SourceId, Vec<Plot>> = BTreeMap::new();
        for plot in plots {
            let Source::Own(source) = &plot.source else {
                effects.push(PictureEffect::Problem(Problem::NotOurs));
                continue;
            };
            match Fusion::named(&plot) {
                Some(observation) => self.observed(&observation, now, effects),
                None => nameless.entry(source.clone()).or_default().push(plot),
            }
        }
        for (source, plots) in nameless {
            self.looked(sensor, &source, &plots, now, effects);
        }
    }

    /// One sensor's nameless plots: to its own tracker for each partner, to fusion for us.
    fn looked(
        &mut self,
        sensor: &Sensor,
        source: &SourceId,
        plots: &[Plot],
        now: Timestamp,
        effects: &mut Vec<PictureEffect>,
    ) {
        let mut offered = Vec::with_capacity(self.sides.len());
        for side in &mut self.sides {
            offered.push(side.desk.sweep(sensor, source, plots, now, effects));
        }
        let swept = self.fusion.sweep(sensor, plots, now);
        for (number, place) in &swept.taken {
            for (side, offered) in self.sides.iter_mut().zip(&offered) {
                if let Some(theirs) = offered.tracked.by_plot.get(place) {
                    side.seen_as.see(*number, (source.clone(), *theirs));
                }
                if let Some(tiers) = &offered.tiers {
                    side.tell(*number, source, tiers.clone(), now);
                }
            }
            let (Some(track), Some(plot)) = (self.fusion.track(*number), plots.get(*place)) else {
                continue;
            };
            effects.push(PictureEffect::History(HistoryRow::of_plot(track, plot)));
        }
        let moved: BTreeSet<TrackNumber> = swept.moved.into_iter().chain(swept.opened).collect();
        let leads = moved.iter().map(|number| self.fusion.lead(*number));
        let shown: BTreeSet<TrackNumber> = leads.chain(moved.iter().copied()).collect();
        effects.extend(shown.into_iter().map(PictureEffect::Changed));
        for alert in swept.alerts {
            let same = self.sides.iter().zip(&offered).map(|(side, offered)| {
                let theirs = alert.track.into_iter().flat_map(|n| side.seen_as.theirs(n));
                let same = theirs
                    .filter(|(of, _)| of == source)
                    .filter_map(|(_, number)| offered.shown.get(&number))
                    .flatten();
                (side.partner, same.cloned().collect())
            });
            let same: Shown = same.collect();
            effects.extend(self.announce(alert, &same, now));
        }
    }
}

impl Side {
    /// Our aliases at the border for what sensors of ours see of a track.
    pub(crate) fn sensor_aliases<'a>(
        &'a self,
        track: &Track,
    ) -> impl Iterator<Item = BorderAlias> + use<'a> {
        let theirs = self.seen_as.theirs(track.number);
        theirs
            .flat_map(|theirs| self.desk.trackers().aliases(&theirs).collect::<Vec<BorderAlias>>())
    }

    /// The track that one of our sensors' own tracks is to us.
    pub(crate) fn sensor_named(&self, alias: BorderAlias) -> Option<TrackNumber> {
        self.seen_as.ours(self.desk.trackers().named(alias)?)
    }
}
