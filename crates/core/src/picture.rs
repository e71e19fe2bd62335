//! The picture: observations in, tracks, releases and alerts out. One deterministic function of its
//! inputs and of time.
//!
//! An own observation goes two ways that never meet again: to the release desk, which sees reports
//! alone and so can tell the partner nothing of what fusion made of a withheld one; and to fusion. What
//! a sensor saw without a name goes the same two ways: to a tracker of that sensor alone, whose tracks
//! may be released, and to fusion.
//! Each partner has a side of its own (`side`): what a partner released goes to fusion and to that
//! partner's side only, and is never passed on. Whose a thing is stands
//! beside the tracks and never enters fusion.
//!
//! Refuses: clocks, sockets, disks, fused estimates at the border, and affiliation from flags.

mod alias;
mod census;
mod config;
mod counts;
mod desk;
mod effect;
mod input;
mod look;
mod raise;
mod seek;
mod sensors;
mod side;
mod standing;
pub mod view;

pub use alias::{AliasKey, Known};
pub use census::SeenLately;
pub use config::{NeutralClause, NeutralRule, PictureConfig, SelfName, Towards};
pub use counts::ReleaseBlock;
pub use effect::{HistoryRow, PictureEffect, Problem};
pub use input::PictureInput;
pub use look::identity_text;

use std::collections::{BTreeMap, BTreeSet};

use renkei_fusion::alerts::{ApproachCoverage, ShoreError};
use renkei_fusion::{Counts, Disposition, Fusion, Outcome};
use renkei_model::id::{Nation, ObjectId};
use renkei_model::observation::{Identity, Observation, Source};
use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};
use renkei_policy::{ObservationRelease, Policy};

use crate::affairs::{StatedIdentity, StatedPair, StatedZone};
use census::Census;
use desk::Desk;
use seek::Sought;
use side::{Shown, Side};
use standing::Standings;

/// The picture of one headquarters. What it knows is lost with the process, except the aliases,
/// which come back as [`PictureInput::AliasRestored`].
#[derive(Clone, Debug)]
pub struct Picture {
    config: PictureConfig,
    fusion: Fusion,
    /// One a partner, in the order of the configuration.
    sides: Vec<Side>,
    census: Census,
    standings: Standings,
    sought: BTreeMap<ObjectId, Sought>,
}

impl Picture {
    /// An empty picture.
    #[must_use]
    pub fn new(config: PictureConfig, policy: &Policy) -> Self {
        Self {
            fusion: Fusion::new(config.fusion.clone()),
            sides: config
                .partners
                .iter()
                .map(|towards| {
                    let desk = Desk::new(&config, *towards, policy.clone());
                    Side::new(towards.partner, desk)
                })
                .collect(),
            census: Census::default(),
            standings: Standings::default(),
            sought: BTreeMap::new(),
            config,
        }
    }

    /// Takes in one thing that happened at `now`. The order of the effects is the order to act in.
    pub fn handle(&mut self, input: PictureInput, now: Timestamp) -> Vec<PictureEffect> {
        let mut effects = Vec::new();
        for side in &mut self.sides {
            effects.extend(side.desk.minute(now));
        }
        match input {
            PictureInput::Observed(observation) => self.observed(&observation, now, &mut effects),
            PictureInput::Swept { sensor, plots } => {
                self.swept(&sensor, plots, now, &mut effects);
            }
            PictureInput::Received { from, release } => {
                self.received(from, release, now, &mut effects);
            }
            PictureInput::Affiliation(stated) => self.stated(stated, &mut effects),
            PictureInput::Merged(pairs) => self.merged(&pairs, &mut effects),
            PictureInput::Zone(stated) => self.zone(stated, &mut effects),
            PictureInput::Watch(watch) => {
                for name in watch.known_as {
                    for side in &mut self.sides {
                        side.desk.watch(name.clone(), watch.until);
                    }
                    if !self.fusion.watch(name, watch.until) {
                        effects.push(PictureEffect::Problem(Problem::TooManyWatched));
                    }
                }
            }
            PictureInput::Unwatch { known_as } => {
                for name in &known_as {
                    self.sides.iter_mut().for_each(|side| side.desk.unwatch(name));
                    self.fusion.unwatch(name);
                }
            }
            PictureInput::Locate { incident, subject, known_as } => {
                self.locate(incident, &subject, known_as, &mut effects);
            }
            PictureInput::PartnerLink { partner, up } => {
                if let Some(side) = self.side_mut(partner) {
                    side.link(up, now);
                }
            }
            PictureInput::AliasRestored { partner, key, alias } => {
                if let Some(side) = self.side_mut(partner) {
                    side.desk.restore(key, alias);
                }
            }
            PictureInput::Tick => self.tick(now, &mut effects),
            PictureInput::Close => {
                for side in &mut self.sides {
                    effects.extend(side.desk.close());
                }
            }
        }
        effects
    }

    fn side(&self, partner: Nation) -> Option<&Side> {
        self.sides.iter().find(|side| side.partner == partner)
    }

    fn side_mut(&mut self, partner: Nation) -> Option<&mut Side> {
        self.sides.iter_mut().find(|side| side.partner == partner)
    }

    /// How observations were used since the start.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        self.fusion.counts()
    }

    /// Takes in where the shore and the anchorages are, ring by ring.
    ///
    /// # Errors
    /// [`ShoreError`] when a ring cannot be used or there are too many corners.
    pub fn set_shore(&mut self, rings: &[Vec<MicroPosition>]) -> Result<(), ShoreError> {
        for side in &mut self.sides {
            side.desk.set_shore(rings)?;
        }
        self.fusion.set_shore(rings)
    }

    /// What of ours was seen in the last day, as a policy knows it.
    #[must_use]
    pub fn seen_lately(&self, now: Timestamp) -> SeenLately {
        self.census.seen(self.config.nation, now)
    }

    /// Lets another policy decide from here on. What was offered under the old one and waits is taken
    /// back; each thing is decided on anew at its next report.
    pub fn set_policy(&mut self, policy: &Policy, now: Timestamp) -> Vec<PictureEffect> {
        let mut effects = Vec::new();
        for side in &mut self.sides {
            side.forget_verdicts();
            effects.extend(side.desk.set_policy(policy, now));
        }
        effects
    }

    /// How much of the closest points of approach was looked at, for the health page.
    #[must_use]
    pub fn approach_coverage(&self) -> ApproachCoverage {
        self.fusion.approach_coverage()
    }

    /// Every track, as our own floor believes it, by number.
    pub fn tracks(&self) -> impl ExactSizeIterator<Item = &Track> {
        self.fusion.tracks()
    }

    /// The track of that number, as our own floor believes it.
    #[must_use]
    pub fn track(&self, number: TrackNumber) -> Option<&Track> {
        self.fusion.track(number)
    }

    /// The tracks of what `partner` and we both know that look different since the last call, or are
    /// gone: for the screens of the partner's people, as [`PictureEffect::Changed`] is for ours.
    pub fn take_shared_changes(&mut self, partner: Nation) -> BTreeSet<TrackNumber> {
        self.side_mut(partner).map(|side| side.desk.take_changed()).unwrap_or_default()
    }

    fn observed(&mut self, o: &Observation, now: Timestamp, effects: &mut Vec<PictureEffect>) {
        let Source::Own(source) = &o.source else {
            effects.push(PictureEffect::Problem(Problem::NotOurs));
            return;
        };
        self.census.note(o, now);
        let mut shown = Shown::new();
        let mut tiers = Vec::with_capacity(self.sides.len());
        for side in &mut self.sides {
            let offered = side.desk.offer(o, now, effects);
            shown.insert(side.partner, offered.shown);
            tiers.push(offered.tiers);
        }
        let outcome = self.fusion.observe(o, now);
        if let Some(number) = outcome.track {
            for (side, tiers) in self.sides.iter_mut().zip(tiers) {
                side.tell(number, source, tiers, now);
            }
        }
        self.used(o, outcome, &shown, now, effects);
    }

    fn received(
        &mut self,
        from: Nation,
        release: ObservationRelease,
        now: Timestamp,
        effects: &mut Vec<PictureEffect>,
    ) {
        let side = self.sides.iter_mut().find(|side| side.partner == from);
        let Some(side) = side.filter(|_| release.alias.nation == from) else {
            effects.push(PictureEffect::Problem(Problem::NotThePartner(from)));
            return;
        };
        side.heard(now);
        let believed = release.sensor_track();
        let observation = release.into_observation(now);
        // To the side it came from and to fusion; no other side hears of it.
        let shown = side.desk.learn(&observation, believed.as_ref(), now);
        let shown = Shown::from([(from, shown)]);
        let outcome = match &believed {
            Some(believed) => self.fusion.adopt(&observation, believed, now),
            None => self.fusion.observe(&observation, now),
        };
        self.used(&observation, outcome, &shown, now, effects);
    }

    /// What fusion made of a report: history, a changed track, alerts.
    fn used(
        &self,
        o: &Observation,
        outcome: Outcome,
        shown: &Shown,
        now: Timestamp,
        effects: &mut Vec<PictureEffect>,
    ) {
        let told: Vec<_> =
            outcome.alerts.into_iter().flat_map(|alert| self.announce(alert, shown, now)).collect();
        let Some(number) = outcome.track else {
            effects.extend(told);
            return;
        };
        let moved = matches!(
            outcome.disposition,
            Disposition::Opened | Disposition::Moved | Disposition::Split(_)
        );
        let track = self.fusion.track(number).filter(|_| moved);
        let row = track.and_then(|track| HistoryRow::of(track, o));
        effects.extend(row.map(PictureEffect::History));
        effects.push(PictureEffect::Changed(number));
        let lead = self.fusion.lead(number);
        if lead != number {
            effects.push(PictureEffect::Changed(lead));
        }
        if matches!(outcome.disposition, Disposition::Split(_)) {
            self.changed([&o.identity].into_iter(), effects);
        }
        effects.extend(told);
    }

    fn stated(&mut self, stated: StatedIdentity, effects: &mut Vec<PictureEffect>) {
        match self.standings.state(stated) {
            Ok(names) => self.restated(&names, effects),
            Err(problem) => effects.push(PictureEffect::Problem(problem)),
        }
    }

    /// Enters our own picture only: what both sides know is joined by its own points.
    fn merged(&mut self, pairs: &[StatedPair], effects: &mut Vec<PictureEffect>) {
        for StatedPair { one, other, same } in pairs {
            match self.fusion.state_one(one, other, *same) {
                Some(changed) => effects.extend(changed.into_iter().map(PictureEffect::Changed)),
                None => effects.push(PictureEffect::Problem(Problem::TooManyMerges)),
            }
        }
    }

    /// The partner's zones are drawn by the affairs; only ours ring.
    fn zone(&mut self, stated: StatedZone, effects: &mut Vec<PictureEffect>) {
        if stated.id.node != self.config.nation {
            return;
        }
        let sides = &mut self.sides;
        let result = self
            .fusion
            .set_zone(stated.id.clone(), stated.zone.clone())
            .and_then(|()| sides.iter_mut().try_for_each(|s| s.desk.set_zone(stated.clone())));
        if let Err(refused) = result {
            effects.push(PictureEffect::Problem(Problem::Zone(refused)));
        }
    }

    fn tick(&mut self, now: Timestamp, effects: &mut Vec<PictureEffect>) {
        self.census.prune(now);
        let ticked = self.fusion.tick(now);
        effects.extend(ticked.changed.into_iter().map(PictureEffect::Changed));
        for track in ticked.dropped {
            self.sides.iter_mut().for_each(|side| side.forget(track.number));
            effects.push(PictureEffect::Dropped(track.number));
            // It may have been the other of two under one name.
            self.changed(track.identities.iter(), effects);
        }
        let mut all = Shown::new();
        for side in &mut self.sides {
            let desk::Aged { forgotten, shown, gone } = side.desk.tick(now);
            gone.iter().for_each(|track| side.seen_as.forget_theirs(track));
            effects.extend(forgotten);
            all.insert(side.partner, shown);
            side.tick(now);
        }
        for alert in ticked.alerts {
            effects.extend(self.announce(alert, &all, now));
        }
        let expired = self.standings.expire(now);
        self.restated(&expired, effects);
        self.seek(effects);
    }

    /// What is said of the things of these names has changed, on either side's picture.
    fn restated(&mut self, names: &BTreeSet<Identity>, effects: &mut Vec<PictureEffect>) {
        for side in &mut self.sides {
            names.iter().for_each(|name| side.desk.touch(name));
        }
        self.changed(names.iter(), effects);
    }

    /// The tracks under any of `names` look different now.
    fn changed<'a>(
        &self,
        names: impl Iterator<Item = &'a Identity>,
        effects: &mut Vec<PictureEffect>,
    ) {
        let numbers: BTreeSet<TrackNumber> = names.flat_map(|name| self.find(name)).collect();
        effects.extend(numbers.into_iter().map(PictureEffect::Changed));
    }
}
