//! The alert desk: what a watch should be told beside who entered which zone.
//!
//! Reports come in one by one; a sweep looks at all tracks together every ten seconds. Every rule
//! states a fact, runs on a named preset, rings once until it has clearly ended, and says why.
//!
//! Refuses: any rule on nationality, flag, MMSI country or ICAO block, and any finding.

mod approach;
mod config;
mod grid;
mod loitering;
mod look;
mod movement;
mod navigation;
mod presets;
mod receivers;
mod rendezvous;
mod shore;
mod sweep;
mod tell;
mod text;
mod thing;
mod unheard;
mod why;

pub use approach::ApproachCoverage;
pub use config::{
    AlertConfig, ApproachPreset, DwellPreset, JumpPreset, LoiteringPreset, MovementPreset,
    NavigationPreset, ReceiverPreset, RendezvousPreset, Scope, TextPreset, UnheardPreset,
};
pub use presets::PresetError;
pub use shore::ShoreError;
pub(crate) use tell::emergency;
pub(crate) use why::figures;
pub use why::{Figure, Rule, Why};

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::observation::{Domain, Identity, Observation, Source};
use renkei_model::position::MicroPosition;
use renkei_model::statement::IdentityField;
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use crate::alert::{Alert, Jump};
use crate::entry::Entry;
use approach::Approaches;
use look::Look;
use navigation::{Areas, Reception};
use receivers::Receivers;
use rendezvous::Meetings;
use shore::Shore;
use thing::Thing;

/// Between two sweeps for closest points and areas, ms.
const SWEEP_MS: i64 = 10_000;
/// A ship has moved on by less than this since it was put into its cell, metres: eight minutes at
/// 40 kn, and it is stale after six.
const CARRIED_M: f64 = 10_000.0;
/// Between two looks for what takes minutes or hours, ms.
const LOOK_MS: i64 = 60_000;
/// No more tracks than this are watched by order of a person.
const WATCHED_MAX: usize = 1_000;

/// What the rules look at.
pub(crate) struct About<'a> {
    /// Every track.
    pub(crate) tracks: &'a BTreeMap<TrackNumber, Entry>,
    /// Where they were last believed.
    pub(crate) grid: &'a crate::grid::Grid,
    /// The tracks under a name.
    pub(crate) named: &'a dyn Fn(&Identity) -> Vec<TrackNumber>,
}

/// The rules' memory.
#[derive(Clone, Debug)]
pub(crate) struct AlertDesk {
    config: AlertConfig,
    shore: Shore,
    things: BTreeMap<TrackNumber, Thing>,
    /// Of aircraft that say how well they know where they are.
    receptions: BTreeMap<TrackNumber, Reception>,
    receivers: Receivers,
    approaches: Approaches,
    meetings: Meetings,
    areas: Areas,
    /// Until when.
    watched: BTreeMap<Identity, Timestamp>,
    /// The track that an identity jumped from, and the one it went on as.
    jumped: BTreeMap<TrackNumber, TrackNumber>,
    swept: Timestamp,
    looked: Timestamp,
    look: Option<Look>,
}

impl AlertDesk {
    pub(crate) fn new(config: AlertConfig) -> Self {
        Self {
            config,
            shore: Shore::default(),
            things: BTreeMap::new(),
            receptions: BTreeMap::new(),
            receivers: Receivers::default(),
            approaches: Approaches::default(),
            meetings: Meetings::default(),
            areas: Areas::default(),
            watched: BTreeMap::new(),
            jumped: BTreeMap::new(),
            swept: Timestamp(i64::MIN),
            looked: Timestamp(i64::MIN),
            look: None,
        }
    }

    pub(crate) fn set_shore(&mut self, rings: &[Vec<MicroPosition>]) -> Result<(), ShoreError> {
        self.shore = Shore::new(rings)?;
        Ok(())
    }

    /// Watches `identity` until then; false when too many are watched.
    pub(crate) fn watch(&mut self, identity: Identity, until: Timestamp) -> bool {
        let room = self.watched.len() < WATCHED_MAX || self.watched.contains_key(&identity);
        if room {
            self.watched.insert(identity, until);
        }
        room
    }

    pub(crate) fn unwatch(&mut self, identity: &Identity) -> bool {
        self.watched.remove(identity).is_some()
    }

    /// Whether any name of `track` is watched: a report under another of its names, a partner's alias
    /// say, is the same thing's.
    fn is_watched(&self, track: &Track, now: Timestamp) -> bool {
        let stands = |id| self.watched.get(id).is_some_and(|until| *until > now);
        !self.watched.is_empty() && track.identities.iter().any(stands)
    }

    /// How much of the closest points the last sweep looked at.
    pub(crate) fn approach_coverage(&self) -> ApproachCoverage {
        self.approaches.coverage()
    }

    /// Forgets a track that was dropped.
    pub(crate) fn forget(&mut self, track: TrackNumber) {
        self.things.remove(&track);
        self.receptions.remove(&track);
        self.jumped.retain(|from, to| *from != track && *to != track);
    }

    /// A report came in, whatever becomes of it.
    pub(crate) fn arrived(&mut self, o: &Observation) {
        if let Source::Own(feed) = &o.source {
            self.receivers.hear(feed, o.received_at);
        }
    }

    /// A report was taken into `track`; `moved` when it was a new fix.
    pub(crate) fn taken(&mut self, o: &Observation, track: &Track, moved: bool) -> Vec<Alert> {
        let mut alerts = Vec::new();
        let watched = self.is_watched(track, o.received_at);
        let thing = self.things.entry(track.number).or_default();
        thing.unheard = false;
        if moved && let Some(other) = self.jumped.remove(&track.number) {
            alerts.push(tell::in_two_places(track, other, o));
        }
        if self.config.identity && matches!(o.identity, Identity::Mmsi(_)) {
            names(thing, o, track, &mut alerts);
        }
        if let (Some(preset), Some(text)) = (&self.config.text, &o.attributes.safety_text)
            && let Some(heard) = thing.texts.hear(text, o.received_at, preset)
        {
            alerts.push(tell::safety_text(track, o, text, heard, preset));
        }
        if let (Some(preset), Some(accuracy_m), Domain::Air) =
            (&self.config.navigation, o.accuracy_m, o.domain)
        {
            let reception = self.receptions.entry(track.number).or_insert(Reception::NONE);
            reception.hear(accuracy_m, o.received_at, preset);
        }
        if let Some(preset) = self.config.movement.as_ref().filter(|_| watched) {
            let baseline = thing.baseline.get_or_insert_default();
            for changed in baseline.hear(track, o.received_at, preset) {
                alerts.push(tell::changed(track, o, changed, preset));
            }
            if let Some(change) = baseline.destination(o) {
                alerts.push(tell::destination(track, o, change, preset));
            }
        } else if thing.baseline.is_some() {
            thing.baseline = None;
        }
        alerts
    }

    /// A fix was held: `track` cannot have made this step.
    pub(crate) fn held(&mut self, o: &Observation, track: &Track, jump: Jump) -> Option<Alert> {
        let preset = self.config.jump.as_ref()?;
        let thing = self.things.entry(track.number).or_default();
        let recent = |at: &Timestamp| o.received_at.since_ms(*at) <= preset.within_ms;
        thing.hops.retain(recent);
        thing.hopping_since = thing.hopping_since.filter(|_| !thing.hops.is_empty());
        if thing.hops.len() >= preset.fixes.max(1) {
            thing.hops.pop_front();
        }
        thing.hops.push_back(o.received_at);
        let rings = thing.hops.len() >= preset.fixes && thing.hopping_since.is_none();
        if !rings {
            return None;
        }
        thing.hopping_since = Some(o.received_at);
        Some(tell::hops(track, o, jump, thing.hops.len(), preset))
    }

    /// The identity of `others` went on as `track`. When none of them was heard meanwhile it has
    /// jumped; otherwise it is in two places.
    pub(crate) fn split(
        &mut self,
        o: &Observation,
        track: &Track,
        others: &[TrackNumber],
        jump: Jump,
        meanwhile: bool,
    ) -> Alert {
        for number in others {
            if let Some(thing) = self.things.get_mut(number) {
                thing.hops.clear();
            }
        }
        match (&self.config.jump, others.last()) {
            (Some(preset), Some(other)) if !meanwhile => {
                self.jumped.insert(*other, track.number);
                tell::jumped(track, *other, o, jump, preset)
            }
            _ => tell::in_two_places(track, others.first().copied().unwrap_or(track.number), o),
        }
    }

    /// What time brings to light.
    pub(crate) fn sweep(&mut self, about: &About<'_>, now: Timestamp) -> Vec<Alert> {
        let mut alerts = Vec::new();
        if now.since_ms(self.swept) >= SWEEP_MS {
            self.swept = now;
            self.sweep_receivers(now, &mut alerts);
            self.sweep_navigation(about.tracks, now, &mut alerts);
            self.sweep_approaches(about, now, &mut alerts);
            if now.since_ms(self.looked) >= LOOK_MS && self.look.is_none() {
                self.looked = now;
                self.watched.retain(|_, until| *until > now);
                self.look = Some(Look::new(now));
            }
        }
        self.look_on(about.tracks, &mut alerts);
        alerts
    }

    fn sweep_receivers(&mut self, now: Timestamp, alerts: &mut Vec<Alert>) {
        let Some(preset) = &self.config.receiver else { return };
        let fell = self.receivers.judge(now, preset);
        alerts.extend(fell.into_iter().map(|silent| tell::silent(silent, preset, now)));
    }

    fn sweep_navigation(
        &mut self,
        tracks: &BTreeMap<TrackNumber, Entry>,
        now: Timestamp,
        alerts: &mut Vec<Alert>,
    ) {
        let Some(preset) = &self.config.navigation else { return };
        let aircraft: Vec<_> = self
            .receptions
            .iter()
            .filter_map(|(n, reception)| reception.aircraft(&tracks.get(n)?.track, now))
            .collect();
        let poor = self.areas.sweep(&aircraft, preset, now);
        alerts.extend(poor.into_iter().map(|poor| tell::poor(poor, preset, now)));
    }

    fn sweep_approaches(&mut self, about: &About<'_>, now: Timestamp, alerts: &mut Vec<Alert>) {
        let Some(preset) = &self.config.approach else { return };
        if preset.scope == Scope::Watched && self.watched.is_empty() {
            return;
        }
        let watched = self.watched.iter().filter(|(_, until)| **until > now);
        let leaders: BTreeSet<TrackNumber> =
            watched.flat_map(|(name, _)| (about.named)(name)).collect();
        let ships = match preset.scope {
            Scope::All => sweep::live(about.tracks.values(), now),
            Scope::Watched => {
                let led = leaders.iter().filter_map(|number| about.tracks.get(number));
                let led = sweep::live(led, now);
                let places = led.iter().map(|ship| ship.position);
                let near = about.grid.near(places, approach::reach_m(preset) + CARRIED_M);
                sweep::live(near.iter().filter_map(|number| about.tracks.get(number)), now)
            }
        };
        let pairs_max = self.config.pairs_max;
        let found = self.approaches.sweep(&ships, &leaders, preset, pairs_max, now);
        alerts.extend(found.into_iter().filter_map(|pair| tell::approach(&pair, preset, now)));
    }
}

/// Another name, call sign or IMO number than the track had.
fn names(thing: &mut Thing, o: &Observation, track: &Track, alerts: &mut Vec<Alert>) {
    use IdentityField::{Callsign, Imo, Name};
    let (said, known) = (&o.attributes, &track.attributes);
    let mut hear = |field, value: &str, confirmed| {
        if let Some(before) = thing.names(field).hear(value, confirmed) {
            alerts.push(tell::renamed(track, o, field, before, value.into()));
        }
    };
    if let (Some(_), Some(name)) = (&said.name, &known.name) {
        hear(Name, name, true);
    }
    if let (Some(_), Some(callsign)) = (&said.callsign, &known.callsign) {
        hear(Callsign, callsign, true);
    }
    if let Some(imo) = said.imo {
        hear(Imo, &imo.to_string(), false);
    }
}
