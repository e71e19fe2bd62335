//! The release desk of one partner: own reports in, what may go to that partner out. Each partner
//! has a desk, and no desk knows of another: what one partner gets or gives can change nothing of
//! what another gets.
//!
//! It sees reports and plots alone. No track of the picture and no estimate of it reaches it, so a
//! withheld report can change nothing of what it lets go: where plots must become a track before they
//! can go, its own trackers make it, each of one sensor's plots. Beside it stands a second fusion of what it let go and of what the
//! partner released to us: what both sides know. That is the view of a liaison, the preview of
//! "what do they see", and the measure of whether a fact rests on something withheld.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use renkei_fusion::alerts::ShoreError;
use renkei_fusion::{Alert, Disposition, Fusion, FusionConfig, Sensor, ZoneError};
use renkei_model::id::{BorderAlias, Nation, SourceId};
use renkei_model::observation::{Attributes, Identity, Motion, Observation, Source};
use renkei_model::plot::Plot;
use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;
use renkei_model::track::{SensorTrack, Track, TrackNumber};
use renkei_policy::{Policy, Tier, TierVerdict};

use super::alias::{AliasBook, AliasKey, Known};
use super::config::{PictureConfig, Towards};
use super::counts::ReleaseCounts;
use super::effect::{PictureEffect, Problem};
use super::sensors::{SensorTrackId, Tracked, Trackers, report};
use crate::affairs::StatedZone;

/// What policy says of all five tiers.
pub(crate) type Tiers = Arc<[TierVerdict; 5]>;

/// What policy last said of one source's reports on one track.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) tiers: Tiers,
    /// Since when the same tiers stand.
    pub(crate) since: Timestamp,
}

impl Told {
    pub(crate) fn renew(&mut self, tiers: Tiers, now: Timestamp) {
        if highest(&tiers) != highest(&self.tiers) {
            self.since = now;
        }
        self.tiers = tiers;
    }
}

/// The highest tier up to which all are permitted.
pub(crate) fn highest(tiers: &[TierVerdict; 5]) -> Option<Tier> {
    tiers.iter().take_while(|verdict| verdict.permitted).last().map(|verdict| verdict.tier)
}

/// What became of one own report.
pub(crate) struct Offered {
    pub(crate) tiers: Tiers,
    /// The facts that follow from what both sides know, and nothing else.
    pub(crate) shown: Vec<Alert>,
}

/// What became of one sensor's sweep.
#[derive(Default)]
pub(crate) struct OfferedSweep {
    /// What policy says of the sensor's plots; `None` when there were none.
    pub(crate) tiers: Option<Tiers>,
    /// What its own tracker made of them, where anything of them may go.
    pub(crate) tracked: Tracked,
    /// The facts that follow from what both sides know, by the tracker's track.
    pub(crate) shown: BTreeMap<TrackNumber, Vec<Alert>>,
}

/// What time alone changed of what the partner may know.
pub(crate) struct Aged {
    /// Aliases to forget.
    pub(crate) forgotten: Vec<PictureEffect>,
    /// What time brought to light of what both sides know.
    pub(crate) shown: Vec<Alert>,
    /// Sensors' own tracks that are gone.
    pub(crate) gone: Vec<SensorTrackId>,
}

#[derive(Clone, Debug)]
pub(crate) struct Desk {
    partner: Nation,
    policy: Policy,
    book: AliasBook,
    shared: Fusion,
    trackers: Trackers,
    /// Shared tracks that look different since the last step, or are gone.
    changed: BTreeSet<TrackNumber>,
    counts: ReleaseCounts,
    full: bool,
}

impl Desk {
    pub(crate) fn new(config: &PictureConfig, towards: Towards, policy: Policy) -> Self {
        // Everything in the shared fusion has a partner's source, and fusion keeps half of its room
        // for own sources.
        let tracks_max = config.fusion.tracks_max.saturating_mul(2);
        let Towards { partner, lane } = towards;
        let counts = ReleaseCounts::new(partner, policy.version());
        Self {
            partner,
            policy,
            book: AliasBook::new(config.nation, lane, config.aliases_max),
            shared: Fusion::new(FusionConfig { tracks_max, ..config.fusion.clone() }),
            trackers: Trackers::new(&config.fusion),
            changed: BTreeSet::new(),
            counts,
            full: false,
        }
    }

    /// Lets another policy decide: counts begin anew under its name, and what waits for the link is
    /// taken back, for the new one might not let it go.
    pub(crate) fn set_policy(&mut self, policy: &Policy, now: Timestamp) -> Vec<PictureEffect> {
        let mut effects = self.close();
        self.policy = policy.clone();
        self.counts = ReleaseCounts::new(self.partner, policy.version());
        effects.extend(self.minute(now));
        let partner = self.partner;
        let taken_back = self.book.given().chain(self.trackers.given());
        effects.extend(taken_back.map(|alias| PictureEffect::Forget { partner, alias }));
        effects
    }

    /// Decides on one own report; the effects name the alias before the offer that uses it.
    pub(crate) fn offer(
        &mut self,
        o: &Observation,
        now: Timestamp,
        effects: &mut Vec<PictureEffect>,
    ) -> Offered {
        let Self { partner, policy, book, .. } = self;
        let tiers = policy.verdicts_of(o, *partner, now);
        let withheld = tiers.iter().find(|verdict| !verdict.permitted);
        if let Some(verdict) = withheld {
            self.counts.held(verdict);
        }
        let nothing = |tiers| Offered { tiers, shown: Vec::new() };
        let Some(highest) = highest(&tiers) else { return nothing(tiers) };
        let key = AliasKey { identity: o.identity.clone(), known: Known::by(highest) };
        if !book.has_room(&key) {
            self.say_full(effects);
            return nothing(tiers);
        }
        let given = book.len();
        let decision = policy.release_observation(o, || book.give(&key), *partner, now);
        if book.len() > given {
            let (partner, alias) = (*partner, book.give(&key));
            effects.push(PictureEffect::AliasGiven { partner, key, alias });
        }
        let Some(released) = decision.released else { return nothing(tiers) };
        self.counts.sent(&released, &tiers[highest as usize], now);
        let seen = released.item().clone().into_observation(now);
        let shown = self.learn(&seen, None, now);
        effects.push(PictureEffect::Offer { to: self.partner, released });
        Offered { tiers, shown }
    }

    /// Says once a second that a new thing is not released for want of a name.
    fn say_full(&mut self, effects: &mut Vec<PictureEffect>) {
        if !std::mem::replace(&mut self.full, true) {
            let problem = Problem::TooManyAliases(self.partner, self.book.len());
            effects.push(PictureEffect::Problem(problem));
        }
    }

    /// Decides on what one sensor saw without a name: its own tracker follows it, and each of its
    /// tracks goes as far as its label lets it. A withheld sensor has no tracker.
    pub(crate) fn sweep(
        &mut self,
        sensor: &Sensor,
        source: &SourceId,
        plots: &[Plot],
        now: Timestamp,
        effects: &mut Vec<PictureEffect>,
    ) -> OfferedSweep {
        let Some(first) = plots.first() else { return OfferedSweep::default() };
        let tiers = self.policy.verdicts_of(&self.seen(first, sensor), self.partner, now);
        if let Some(verdict) = tiers.iter().find(|verdict| !verdict.permitted) {
            plots.iter().for_each(|_| self.counts.held(verdict));
        }
        let told = Some(tiers.clone());
        if highest(&tiers).is_none() {
            return OfferedSweep { tiers: told, ..OfferedSweep::default() };
        }
        let tracked = self.trackers.sweep(sensor, source, plots, now);
        let mut shown = BTreeMap::new();
        for number in &tracked.moved {
            shown.insert(*number, self.offer_track(source, *number, now, effects));
        }
        OfferedSweep { tiers: told, tracked, shown }
    }

    /// Decides on one sensor's own track.
    fn offer_track(
        &mut self,
        source: &SourceId,
        number: TrackNumber,
        now: Timestamp,
        effects: &mut Vec<PictureEffect>,
    ) -> Vec<Alert> {
        let tracker = self.trackers.fusion(source);
        let track = tracker.and_then(|t| Some((t.track(number)?, t.sensor_track(number)?)));
        let none = self.nameless();
        let Some((report, believed)) =
            track.and_then(|(track, believed)| Some((report(source, track, none, now)?, believed)))
        else {
            return Vec::new();
        };
        let Self { partner, policy, book, trackers, .. } = self;
        let tiers = policy.verdicts_of(&report, *partner, now);
        let Some(highest) = highest(&tiers) else { return Vec::new() };
        // There is no name to be known by.
        let known = Known::by(highest.min(Tier::Full));
        let before = trackers.alias(source, number, known);
        if before.is_none() && !book.has_number() {
            self.say_full(effects);
            return Vec::new();
        }
        let alias = || before.unwrap_or_else(|| book.give_nameless());
        let decision = policy.release_track(&report, &believed, alias, *partner, now);
        let Some(released) = decision.released else { return Vec::new() };
        let alias = released.item().alias;
        if before.is_none() {
            trackers.give(source, number, known, alias);
            let key = AliasKey { identity: Identity::Alias(alias), known };
            effects.push(PictureEffect::AliasGiven { partner: *partner, key, alias });
        }
        self.counts.sent(&released, &tiers[highest as usize], now);
        let believed = released.item().sensor_track();
        let seen = released.item().clone().into_observation(now);
        let shown = self.learn(&seen, believed.as_ref(), now);
        effects.push(PictureEffect::Offer { to: self.partner, released });
        shown
    }

    /// A plot as policy sees it.
    fn seen(&self, plot: &Plot, sensor: &Sensor) -> Observation {
        Observation {
            source: plot.source.clone(),
            identity: Identity::Alias(self.nameless()),
            domain: sensor.domain,
            event_time: plot.event_time,
            received_at: plot.received_at,
            position: None,
            accuracy_m: None,
            motion: Motion::default(),
            attributes: Attributes::default(),
            content: 0,
            label: plot.label.clone(),
        }
    }

    /// Stands where a name would; no thing is ever given it.
    fn nameless(&self) -> BorderAlias {
        BorderAlias { nation: self.book.nation(), number: 0 }
    }

    pub(crate) fn trackers(&self) -> &Trackers {
        &self.trackers
    }

    /// Takes in what both sides know from now on. What the partner released is never passed on.
    pub(crate) fn learn(
        &mut self,
        o: &Observation,
        believed: Option<&SensorTrack>,
        now: Timestamp,
    ) -> Vec<Alert> {
        let outcome = match believed {
            Some(believed) => self.shared.adopt(o, believed, now),
            None => self.shared.observe(o, now),
        };
        if let Some(number) = outcome.track {
            self.changed.extend([number, self.shared.lead(number)]);
        }
        if matches!(outcome.disposition, Disposition::Split(_)) {
            self.touch(&o.identity);
        }
        outcome.alerts
    }

    /// What goes by `name` looks different now.
    pub(crate) fn touch(&mut self, name: &Identity) {
        self.changed.extend(self.shared.find(name));
    }

    /// The shared tracks that look different since the last call, or are gone.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<TrackNumber> {
        std::mem::take(&mut self.changed)
    }

    /// The blocks of an ended minute.
    pub(crate) fn minute(&mut self, now: Timestamp) -> Vec<PictureEffect> {
        self.counts.minute(now).into_iter().map(PictureEffect::ReleaseCounted).collect()
    }

    /// The open blocks.
    pub(crate) fn close(&mut self) -> Vec<PictureEffect> {
        self.counts.close().into_iter().map(PictureEffect::ReleaseCounted).collect()
    }

    /// Lets the partner's side of the picture age.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Aged {
        self.full = false;
        let gone = self.trackers.tick(now);
        let ticked = self.shared.tick(now);
        self.changed.extend(ticked.changed);
        for track in &ticked.dropped {
            self.changed.insert(track.number);
            track.identities.iter().for_each(|name| self.touch(name));
        }
        let (partner, own) = (self.partner, self.book.nation());
        let forget = |alias| PictureEffect::Forget { partner, alias };
        let dropped = ticked.dropped.iter().flat_map(aliases);
        let forgotten = dropped.filter(|alias| alias.nation == own).map(forget).collect();
        Aged { forgotten, shown: ticked.alerts, gone }
    }

    pub(crate) fn restore(&mut self, key: AliasKey, alias: BorderAlias) {
        self.book.restore(key, alias);
    }

    pub(crate) fn set_zone(&mut self, stated: StatedZone) -> Result<(), ZoneError> {
        self.shared.set_zone(stated.id, stated.zone)
    }

    /// Lets the shared picture run the same rules on the same shore, so that it can be told whether
    /// what it shows gives the same fact.
    pub(crate) fn set_shore(&mut self, rings: &[Vec<MicroPosition>]) -> Result<(), ShoreError> {
        self.shared.set_shore(rings)
    }

    /// The same for a watched name.
    pub(crate) fn watch(&mut self, name: Identity, until: Timestamp) {
        self.shared.watch(name, until);
    }

    /// And for one that is watched no more.
    pub(crate) fn unwatch(&mut self, name: &Identity) {
        self.shared.unwatch(name);
    }

    /// What policy says of a report, without releasing it.
    pub(crate) fn verdicts(&mut self, o: &Observation, now: Timestamp) -> Tiers {
        self.policy.verdicts_of(o, self.partner, now)
    }

    pub(crate) fn book(&self) -> &AliasBook {
        &self.book
    }

    pub(crate) fn counts(&self) -> &ReleaseCounts {
        &self.counts
    }

    /// The picture that follows from what both sides know, and nothing else.
    pub(crate) fn shared(&self) -> &Fusion {
        &self.shared
    }

    /// The part of `track` that both sides know, best known first; where an identity stands in two
    /// places, the nearer one. `seen_as` are our sensors' own tracks of it.
    pub(crate) fn known(
        &self,
        track: &Track,
        seen_as: impl Iterator<Item = SensorTrackId>,
    ) -> Option<&Track> {
        let distance_m = |known: &&Track| {
            let here = track.estimate.as_ref().map(|e| e.position);
            let there = known.estimate.as_ref().map(|e| e.position);
            here.zip(there).map_or(f64::INFINITY, |(here, there)| here.distance_m(there))
        };
        let ours = track.identities.iter().flat_map(|identity| self.book.of(identity));
        let known = |alias| {
            let numbers = self.shared.find(&Identity::Alias(alias));
            let tracks = numbers.into_iter().filter_map(|number| self.shared.track(number));
            tracks.min_by(|a, b| distance_m(a).total_cmp(&distance_m(b)))
        };
        let sensed = seen_as.flat_map(|seen| self.trackers.aliases(&seen).collect::<Vec<_>>());
        ours.chain(sensed).chain(aliases(track)).find_map(known)
    }
}

/// The aliases under which a partner's reports came.
pub(crate) fn aliases(track: &Track) -> impl Iterator<Item = BorderAlias> {
    track.sources.keys().filter_map(|source| match source {
        Source::Partner { alias, .. } => Some(*alias),
        Source::Own(_) => None,
    })
}
