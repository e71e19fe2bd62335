//! The machine: one observation in, one outcome out; a tick for what time alone changes.

mod adopt;
mod ageing;
mod one;
mod sweep;

pub(crate) use ageing::Queued;

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::id::{BorderAlias, ObjectId};
use renkei_model::observation::{Identity, Observation, Source};
use renkei_model::position::MicroPosition;
use renkei_model::statement::Zone;
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use crate::alert::{Alert, Disposition, Jump, Outcome, Refusal};
use crate::alerts::{AlertDesk, ApproachCoverage, ShoreError, emergency};
use crate::associate::Associations;
use crate::config::FusionConfig;
use crate::entry::Entry;
use crate::identity::{Claim, Key, fix_of, jump};
use crate::kalman::Fix;
use crate::zone::{ZoneError, ZoneWatch};
use ageing::Ageing;

/// How observations were used since the start; each is counted once, by its disposition, beside
/// the outliers and drops that come later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Opened or moved a track.
    pub moved: u64,
    /// Kept for pedigree and attributes only.
    pub noted: u64,
    /// The same transmission from another source.
    pub repeated: u64,
    /// Kept aside for an impossible step.
    pub held: u64,
    /// Held fixes that nothing confirmed, and first fixes that were contradicted.
    pub outliers: u64,
    /// Identities found in two places.
    pub splits: u64,
    /// Not taken, by reason.
    pub refused: BTreeMap<Refusal, u64>,
    /// Lost tracks that were dropped.
    pub dropped: u64,
}

impl Counts {
    fn add(&mut self, disposition: &Disposition) {
        let count = match disposition {
            Disposition::Opened | Disposition::Moved => &mut self.moved,
            Disposition::Noted => &mut self.noted,
            Disposition::Repeated => &mut self.repeated,
            Disposition::Held(_) => &mut self.held,
            Disposition::Split(_) => &mut self.splits,
            Disposition::Refused(refusal) => self.refused.entry(*refusal).or_default(),
        };
        *count += 1;
    }
}

/// What time alone changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ticked {
    /// Tracks whose freshness changed, or which became or ceased to be one thing with another.
    pub changed: Vec<TrackNumber>,
    /// Lost tracks that were dropped: too old, or the oldest while the limit is near.
    pub dropped: Vec<Track>,
    /// What time brought to light and a watch should see.
    pub alerts: Vec<Alert>,
}

/// Where a report belongs.
enum Choice {
    Open,
    Existing(TrackNumber),
    Implausible(Jump),
}

/// All tracks of this node, and the rules that make them. Deterministic: the same observations and
/// times give the same tracks on any machine.
#[derive(Clone, Debug)]
pub struct Fusion {
    config: FusionConfig,
    tracks: BTreeMap<TrackNumber, Entry>,
    claims: BTreeMap<Key, Claim>,
    /// The claims that keep fixes aside.
    holding: BTreeSet<Key>,
    aliases: BTreeMap<BorderAlias, Key>,
    /// The same the other way round.
    called: BTreeMap<Key, BTreeSet<BorderAlias>>,
    ageing: Ageing,
    zones: ZoneWatch,
    alerts: AlertDesk,
    associations: Associations,
    counts: Counts,
    foreign: usize,
    last_number: u32,
    sweeping: sweep::Sweeping,
}

impl Fusion {
    /// No tracks, no zones.
    #[must_use]
    pub fn new(config: FusionConfig) -> Self {
        Self {
            last_number: config.last_number,
            alerts: AlertDesk::new(config.alerts.clone()),
            config,
            tracks: BTreeMap::new(),
            claims: BTreeMap::new(),
            holding: BTreeSet::new(),
            aliases: BTreeMap::new(),
            called: BTreeMap::new(),
            ageing: Ageing::default(),
            zones: ZoneWatch::default(),
            associations: Associations::default(),
            counts: Counts::default(),
            foreign: 0,
            sweeping: sweep::Sweeping::default(),
        }
    }

    /// The track of that number.
    #[must_use]
    pub fn track(&self, number: TrackNumber) -> Option<&Track> {
        self.tracks.get(&number).map(|entry| &entry.track)
    }

    /// Every track, by number.
    pub fn tracks(&self) -> impl ExactSizeIterator<Item = &Track> {
        self.tracks.values().map(|entry| &entry.track)
    }

    /// How observations were used since the start.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The zones that are watched.
    #[must_use]
    pub fn zones(&self) -> &ZoneWatch {
        &self.zones
    }

    /// Watches `zone`, or redraws it. Whoever is inside now did not enter.
    ///
    /// # Errors
    /// [`ZoneError`] when the ring cannot be watched or too many zones are.
    pub fn set_zone(&mut self, id: ObjectId, zone: Zone) -> Result<(), ZoneError> {
        self.zones.set(id, zone)
    }

    /// Watches `id` no longer; false when it was not watched.
    pub fn remove_zone(&mut self, id: &ObjectId) -> bool {
        self.zones.remove(id)
    }

    /// Takes in where the shore and the anchorages are, ring by ring, in place of what was known.
    ///
    /// # Errors
    /// [`ShoreError`] when a ring cannot be used or there are too many corners.
    pub fn set_shore(&mut self, rings: &[Vec<MicroPosition>]) -> Result<(), ShoreError> {
        self.alerts.set_shore(rings)
    }

    /// Watches the movement of whatever names itself `identity` until then; false when too many
    /// are watched. Who asked for it, and why, is the caller's to keep.
    pub fn watch(&mut self, identity: Identity, until: Timestamp) -> bool {
        self.alerts.watch(identity, until)
    }

    /// Watches `identity` no longer; false when it was not watched.
    pub fn unwatch(&mut self, identity: &Identity) -> bool {
        self.alerts.unwatch(identity)
    }

    /// How much of the closest points of approach the last sweep looked at.
    #[must_use]
    pub fn approach_coverage(&self) -> ApproachCoverage {
        self.alerts.approach_coverage()
    }

    /// Takes in one observation.
    pub fn observe(&mut self, o: &Observation, now: Timestamp) -> Outcome {
        self.alerts.arrived(o);
        let key = self.key_of(o);
        let repeated = self.claims.get(&key).and_then(|claim| claim.repeated(o));
        let fix = fix_of(o, self.config.of(o.domain));
        let outcome = match repeated {
            Some(track) => self.repeat(track, o),
            None => match self.choose(&key, o, fix.as_ref()) {
                Choice::Open => self.open(key, o, now),
                Choice::Existing(number) => {
                    let outcome = self.take(number, o, now);
                    self.remember(&key, o, outcome.track);
                    outcome
                }
                Choice::Implausible(jump) => self.hold(key, o, fix.as_ref(), jump, now),
            },
        };
        self.counts.add(&outcome.disposition);
        outcome
    }

    /// The key of `o`. A partner that released an identity under an alias goes on to mean it, and
    /// a track known by that alias alone takes the identity over.
    fn key_of(&mut self, o: &Observation) -> Key {
        let key = Key::of(&o.identity, o.domain);
        let Source::Partner { alias, .. } = &o.source else { return key };
        if matches!(o.identity, Identity::Alias(_)) {
            return self.aliases.get(alias).cloned().unwrap_or(key);
        }
        if self.aliases.get(alias) == Some(&key) || self.aliases.len() >= self.config.tracks_max {
            return key;
        }
        if let Some(before) = self.aliases.insert(*alias, key.clone())
            && let Some(aliases) = self.called.get_mut(&before)
        {
            aliases.remove(alias);
        }
        self.called.entry(key.clone()).or_default().insert(*alias);
        let nameless = Key::of(&Identity::Alias(*alias), o.domain);
        if !self.claims.contains_key(&key)
            && let Some(claim) = self.claims.remove(&nameless)
        {
            for number in &claim.tracks {
                if let Some(entry) = self.tracks.get_mut(number) {
                    entry.key = Some(key.clone());
                }
            }
            if claim.is_holding() {
                self.holding.insert(key.clone());
            }
            self.claims.insert(key.clone(), claim);
        }
        key
    }

    /// Nothing stands under `key` any more: no alias means it.
    fn unname(&mut self, key: &Key) {
        for alias in self.called.remove(key).unwrap_or_default() {
            self.aliases.remove(&alias);
        }
    }

    fn choose(&self, key: &Key, o: &Observation, fix: Option<&Fix>) -> Choice {
        let entries = self
            .claims
            .get(key)
            .into_iter()
            .flat_map(|claim| &claim.tracks)
            .filter_map(|number| self.tracks.get(number));
        let Some(fix) = fix else {
            let known = |e: &&Entry| (e.track.sources.contains_key(&o.source), e.track.last_seen);
            return entries
                .max_by_key(known)
                .map_or(Choice::Open, |entry| Choice::Existing(entry.track.number));
        };
        let config = self.config.of(o.domain);
        let mut best: Option<(f64, TrackNumber)> = None;
        let mut implausible = None;
        for entry in entries {
            match entry.fix().and_then(|last| jump(last, fix, config)) {
                Some(jump) => implausible = implausible.or(Some(jump)),
                None => {
                    let miss_m = entry.miss_m(fix);
                    if best.is_none_or(|(least, _)| miss_m < least) {
                        best = Some((miss_m, entry.track.number));
                    }
                }
            }
        }
        match (best, implausible) {
            (Some((_, number)), _) => Choice::Existing(number),
            (None, Some(jump)) => Choice::Implausible(jump),
            (None, None) => Choice::Open,
        }
    }

    fn repeat(&mut self, track: Option<TrackNumber>, o: &Observation) -> Outcome {
        let sources_max = self.config.sources_max;
        if let Some(entry) = track.and_then(|number| self.tracks.get_mut(&number))
            && let Err(refusal) = entry.credit(o, sources_max)
        {
            return refuse(refusal);
        }
        Outcome { track, disposition: Disposition::Repeated, alerts: Vec::new() }
    }

    fn room(&self, foreign: bool) -> bool {
        self.tracks.len() < self.config.tracks_max
            && !(foreign && self.foreign >= self.config.tracks_max / 2)
    }

    fn open(&mut self, key: Key, o: &Observation, now: Timestamp) -> Outcome {
        let fix = fix_of(o, self.config.of(o.domain));
        // An alias is no name, and a coarse cell fits everything in it: those two are only compared.
        let accuracy_max_m = self.config.associate.accuracy_max_m;
        let states_a_name = !matches!(o.identity, Identity::Alias(_));
        let sure = fix.filter(|fix| states_a_name && fix.sd_m <= accuracy_max_m);
        let seen = sure.and_then(|fix| self.nameless_at(&fix, o.domain));
        if seen.is_none() && !self.room(is_foreign(o)) {
            self.unname(&key);
            return refuse(Refusal::TooManyTracks);
        }
        let number = match seen {
            Some(number) => self.name(number, key.clone()),
            None => self.insert(key.clone(), o),
        };
        let outcome = self.take(number, o, now);
        self.remember(&key, o, Some(number));
        let disposition = if seen.is_none() { Disposition::Opened } else { outcome.disposition };
        Outcome { disposition, ..outcome }
    }

    fn insert(&mut self, key: Key, o: &Observation) -> TrackNumber {
        let number = self.next_number();
        let entry = Entry::open(number, key.clone(), o);
        self.foreign += usize::from(entry.foreign);
        self.tracks.insert(number, entry);
        self.claims.entry(key).or_default().tracks.push(number);
        number
    }

    fn next_number(&mut self) -> TrackNumber {
        self.last_number = self.last_number.saturating_add(1);
        TrackNumber(self.last_number)
    }

    fn remember(&mut self, key: &Key, o: &Observation, track: Option<TrackNumber>) {
        if let Some(claim) = self.claims.get_mut(key) {
            claim.remember(o, track);
        }
    }

    /// Takes `o` into a track it plausibly belongs to.
    fn take(&mut self, number: TrackNumber, o: &Observation, now: Timestamp) -> Outcome {
        let config = self.config.of(o.domain);
        let Some(entry) = self.tracks.get_mut(&number) else {
            return Outcome { track: None, disposition: Disposition::Noted, alerts: Vec::new() };
        };
        if let Err(refusal) = entry.credit(o, self.config.sources_max) {
            return refuse(refusal);
        }
        let mut alerts = Vec::new();
        let fix = fix_of(o, config);
        let urgent = entry.hear(o);
        let moved = match fix {
            Some(fix) => entry.advance(o, fix, config),
            None => {
                entry.drift(o, config);
                false
            }
        };
        entry.age(now, config);
        self.ageing.settle(entry, &self.config);
        alerts.extend(urgent.map(|state| emergency(&entry.track, o, state)));
        alerts.extend(self.alerts.taken(o, &entry.track, moved));
        if let Some(fix) = fix.filter(|_| moved) {
            self.associations.moved(&entry.track, fix, &self.config);
        }
        if let Some(fix) = fix.filter(|fix| moved && fix.sd_m <= self.config.zone_accuracy_max_m) {
            let dwell = self.config.alerts.dwell.as_ref();
            for crossing in self.zones.observe(number, o.domain, fix, dwell) {
                alerts.push(crossing.alert(number, Some(o.identity.clone()), o.received_at));
            }
        }
        if moved {
            self.locate(number);
        }
        let disposition = if moved { Disposition::Moved } else { Disposition::Noted };
        Outcome { track: Some(number), disposition, alerts }
    }

    fn hold(
        &mut self,
        key: Key,
        o: &Observation,
        fix: Option<&Fix>,
        jump: Jump,
        now: Timestamp,
    ) -> Outcome {
        self.remember(&key, o, None);
        let config = self.config.of(o.domain);
        let mut held =
            Outcome { track: None, disposition: Disposition::Held(jump), alerts: Vec::new() };
        let (Some(claim), Some(fix)) = (self.claims.get_mut(&key), fix) else { return held };
        let (chain, outliers) = claim.hold(o, fix, config);
        self.holding.insert(key.clone());
        self.counts.outliers += outliers;
        let Some(chain) = chain else {
            let last = claim.tracks.last().and_then(|number| self.tracks.get(number));
            held.alerts.extend(last.and_then(|e| self.alerts.held(o, &e.track, jump)));
            return held;
        };
        let tracks = claim.tracks.clone();
        let wrong = tracks
            .iter()
            .find(|number| self.tracks.get(number).is_some_and(|entry| !entry.confirmed()));
        if let Some(number) = wrong {
            return self.correct(*number, &chain, now);
        }
        if tracks.len() >= self.config.tracks_per_identity_max || !self.room(is_foreign(o)) {
            self.counts.outliers += chain.len() as u64;
            return held;
        }
        self.split(key, &tracks, &chain, jump, now)
    }

    /// A track whose few fixes three later ones contradict goes on from those.
    fn correct(&mut self, number: TrackNumber, chain: &[Observation], now: Timestamp) -> Outcome {
        self.counts.outliers += self.tracks.get_mut(&number).map_or(0, Entry::restart);
        self.zones.forget(number);
        self.associations.forget(number);
        self.replay(number, chain, now)
    }

    /// Opens a further track under an identity that is in two places.
    fn split(
        &mut self,
        key: Key,
        others: &[TrackNumber],
        chain: &[Observation],
        jump: Jump,
        now: Timestamp,
    ) -> Outcome {
        let Some(last) = chain.last() else { return refuse(Refusal::TooManyTracks) };
        let number = self.insert(key, last);
        let mut outcome = self.replay(number, chain, now);
        for number in others.iter().chain([&number]) {
            if let Some(entry) = self.tracks.get_mut(number) {
                entry.track.duplicate_identity = true;
            }
        }
        outcome.disposition = Disposition::Split(jump);
        let began = chain.first().map_or(last.event_time, |o| o.event_time);
        let heard = |number: &TrackNumber| self.tracks.get(number).and_then(|e| e.fix());
        let meanwhile = others.iter().filter_map(heard).any(|fix| fix.at > began);
        if let Some(entry) = self.tracks.get(&number) {
            let alert = self.alerts.split(last, &entry.track, others, jump, meanwhile);
            outcome.alerts.push(alert);
        }
        outcome
    }

    fn replay(&mut self, number: TrackNumber, chain: &[Observation], now: Timestamp) -> Outcome {
        let mut alerts = Vec::new();
        let mut disposition = Disposition::Noted;
        for o in chain {
            let outcome = self.take(number, o, now);
            alerts.extend(outcome.alerts);
            disposition = outcome.disposition;
        }
        Outcome { track: Some(number), disposition, alerts }
    }

    fn drop_track(&mut self, number: TrackNumber) -> Option<Track> {
        let entry = self.tracks.remove(&number)?;
        self.zones.forget(number);
        self.alerts.forget(number);
        self.associations.forget(number);
        self.foreign -= usize::from(entry.foreign);
        self.sweeping.grid.remove(number, entry.cell);
        self.sweeping.nameless.remove(number, entry.cell);
        self.ageing.forget(&entry);
        self.counts.dropped += 1;
        if let Some(key) = &entry.key
            && let Some(claim) = self.claims.get_mut(key)
        {
            claim.tracks.retain(|other| *other != number);
            match claim.tracks[..] {
                [] => {
                    self.claims.remove(key);
                    self.unname(key);
                }
                [only] => {
                    if let Some(other) = self.tracks.get_mut(&only) {
                        other.track.duplicate_identity = false;
                    }
                }
                _ => {}
            }
        }
        Some(entry.track)
    }
}

/// The tracks under `identity`; an alias also finds those of the identity released under it.
fn named(
    claims: &BTreeMap<Key, Claim>,
    aliases: &BTreeMap<BorderAlias, Key>,
    identity: &Identity,
) -> Vec<TrackNumber> {
    let aliased = match identity {
        Identity::Alias(alias) => aliases.get(alias).cloned(),
        _ => None,
    };
    let claims = Key::all(identity).chain(aliased).filter_map(|key| claims.get(&key));
    claims.flat_map(|claim| claim.tracks.iter().copied()).collect()
}

fn is_foreign(o: &Observation) -> bool {
    matches!(o.source, Source::Partner { .. })
}

fn refuse(refusal: Refusal) -> Outcome {
    Outcome { track: None, disposition: Disposition::Refused(refusal), alerts: Vec::new() }
}
