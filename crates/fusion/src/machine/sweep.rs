//! One sweep of a sensor through the machine: standing tracks first, then beginnings, then what is
//! left begins something.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::plot::Plot;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, TrackNumber};

use crate::alert::Alert;
use crate::assign::assign;
use crate::entry::Entry;
use crate::grid::Grid;
use crate::identity::Key;
use crate::kalman::{Fix, Measured};
use crate::plots::{
    GATE_SD, REACH_MAX_M, Sensor, Swept, Target, Tentative, Tentatives, measured, pairs,
};

use crate::zone::Crossing;

use super::Fusion;

/// A track may have moved on by this much since it was put into its cell, metres: an aircraft in
/// half a minute.
const MOVED_MAX_M: f64 = 10_000.0;
/// Plots remembered to tell repeats; some sweeps of several radars.
const HEARD_MAX: usize = 16_384;

/// What the machine keeps for plots.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sweeping {
    /// Where the tracks are.
    pub(super) grid: Grid,
    /// The nameless ones of them: a new name asks only these, not a harbour full of ships.
    pub(super) nameless: Grid,
    tentatives: Tentatives,
    heard: BTreeSet<u64>,
    heard_order: VecDeque<u64>,
}

impl Sweeping {
    /// Forgets beginnings whose time is over.
    pub(super) fn expire(&mut self, now: Timestamp) {
        self.tentatives.expire(now);
    }

    /// Whether the transmission `content` came before; it is remembered.
    fn repeats(&mut self, content: u64) -> bool {
        if content == 0 {
            return false;
        }
        if !self.heard.insert(content) {
            return true;
        }
        self.heard_order.push_back(content);
        if self.heard_order.len() > HEARD_MAX
            && let Some(oldest) = self.heard_order.pop_front()
        {
            self.heard.remove(&oldest);
        }
        false
    }
}

/// Plots of one source within half a sweep, so that no thing is seen twice.
struct Batch<'a> {
    sensor: Sensor,
    plots: Vec<&'a Plot>,
    /// Where each stood among those given.
    places: Vec<usize>,
    measured: Vec<Measured>,
    free: Vec<bool>,
}

impl<'a> Batch<'a> {
    fn new(sensor: Sensor, plots: Vec<(usize, &'a Plot)>) -> Self {
        let (places, plots): (Vec<usize>, Vec<&Plot>) = plots.into_iter().unzip();
        let measured: Vec<Measured> = plots.iter().map(|plot| measured(plot)).collect();
        let free = vec![true; plots.len()];
        Self { sensor, plots, places, measured, free }
    }

    /// When the last thing was seen that counts as this sweep already, for a plot at `at`.
    fn is_this_sweep(&self, last: Option<Timestamp>) -> bool {
        let first = self.measured.iter().map(|m| m.at).min();
        match (first, last) {
            (Some(first), Some(last)) => first.since_ms(last) < self.sensor.period_ms / 2,
            _ => false,
        }
    }

    /// Whatever `grid` has about any free plot, each once.
    fn candidates(&self, grid: &Grid) -> Vec<TrackNumber> {
        let free = self.measured.iter().zip(&self.free).filter(|(_, free)| **free);
        grid.near(free.map(|(plot, _)| plot.position), REACH_MAX_M + MOVED_MAX_M)
    }

    /// The assignment of free plots to `targets`, as (target, plot).
    fn assigned(&self, targets: &[Target<'_>]) -> Vec<(usize, usize)> {
        let free: Vec<usize> = (0..self.free.len()).filter(|plot| self.free[*plot]).collect();
        let measured: Vec<Measured> = free.iter().map(|plot| self.measured[*plot]).collect();
        let pairs = pairs(targets, &measured, &self.sensor);
        let chosen = assign(pairs, targets.len(), measured.len());
        chosen.into_iter().map(|(target, plot)| (target, free[plot])).collect()
    }
}

impl Fusion {
    /// Takes in plots of one kind of sensor. One that names itself by its 24-bit address is an
    /// observation like any other; the rest go to the likeliest track or begin one.
    pub fn sweep(&mut self, sensor: &Sensor, plots: &[Plot], now: Timestamp) -> Swept {
        let sensor = sensor.sane();
        let mut swept = Swept::default();
        let mut nameless: BTreeMap<&Source, Vec<(usize, &Plot)>> = BTreeMap::new();
        for (place, plot) in plots.iter().enumerate() {
            if self.sweeping.repeats(plot.content) {
                swept.repeated += 1;
            } else if let Some(observation) = Self::named(plot) {
                let outcome = self.observe(&observation, now);
                swept.moved.extend(outcome.track);
                swept.alerts.extend(outcome.alerts);
            } else {
                nameless.entry(&plot.source).or_default().push((place, plot));
            }
        }
        for mut plots in nameless.into_values() {
            plots.sort_by_key(|(_, plot)| (plot.event_time, plot.content));
            while let Some((_, first)) = plots.first() {
                let end = first.event_time.plus_ms(sensor.period_ms / 2);
                let cut = plots.partition_point(|(_, plot)| plot.event_time < end).max(1);
                let later = plots.split_off(cut);
                self.batch(Batch::new(sensor, plots), now, &mut swept);
                plots = later;
            }
        }
        swept.moved.sort_unstable();
        swept.moved.dedup();
        swept
    }

    fn batch(&mut self, mut batch: Batch<'_>, now: Timestamp, swept: &mut Swept) {
        self.feed_tracks(&mut batch, now, swept);
        self.feed_tentatives(&mut batch, now, swept);
        for plot in (0..batch.plots.len()).filter(|plot| batch.free[*plot]) {
            let config = self.config.of(batch.sensor.domain);
            let (plot, measured) = (batch.plots[plot], &batch.measured[plot]);
            match self.sweeping.tentatives.begin(plot, measured, &batch.sensor, config) {
                true => swept.begun += 1,
                false => swept.refused += 1,
            }
        }
    }

    /// Standing tracks take their plots; a second plot of a thing in one sweep begins nothing.
    fn feed_tracks(&mut self, batch: &mut Batch<'_>, now: Timestamp, swept: &mut Swept) {
        let numbers = batch.candidates(&self.sweeping.grid);
        let source = batch.plots.first().map(|plot| &plot.source);
        let (mut due, mut done) = (Vec::new(), Vec::new());
        for number in numbers {
            let Some(entry) = self.tracks.get(&number) else { continue };
            let sees = batch.sensor.sees(entry.track.domain);
            if !sees || entry.filter().is_none() || entry.track.freshness == Freshness::Lost {
                continue;
            }
            let last = source.and_then(|source| entry.track.sources.get(source));
            match batch.is_this_sweep(last.map(|last| last.last)) {
                true => done.push(number),
                false => due.push(number),
            }
        }
        let chosen = batch.assigned(&self.targets(&due));
        for (target, plot) in chosen {
            batch.free[plot] = false;
            let place = plot;
            let (plot, measured) = (batch.plots[place], batch.measured[place]);
            match self.take_plot(due[target], plot, &measured, &batch.sensor, now) {
                Some(alerts) => {
                    swept.alerts.extend(alerts);
                    swept.moved.push(due[target]);
                    swept.taken.push((due[target], batch.places[place]));
                    done.push(due[target]);
                }
                None => swept.refused += 1,
            }
        }
        let again = batch.assigned(&self.targets(&done));
        for (_, plot) in again {
            batch.free[plot] = false;
            swept.repeated += 1;
        }
    }

    fn feed_tentatives(&mut self, batch: &mut Batch<'_>, now: Timestamp, swept: &mut Swept) {
        let tentatives = &self.sweeping.tentatives;
        let source = batch.plots.first().map(|plot| &plot.source);
        let (mut numbers, mut targets) = (Vec::new(), Vec::new());
        for number in batch.candidates(tentatives.grid()) {
            let Some(tentative) = tentatives.get(number) else { continue };
            let last = source.and_then(|source| tentative.sources.get(source));
            if batch.sensor.sees(tentative.domain) && !batch.is_this_sweep(last.map(|l| l.last)) {
                let config = self.config.of(tentative.domain);
                numbers.push(number);
                targets.push(Target { filter: &tentative.filter, config });
            }
        }
        for (target, plot) in batch.assigned(&targets) {
            batch.free[plot] = false;
            let place = plot;
            let (plot, measured) = (batch.plots[place], &batch.measured[place]);
            let config = self.config.of(batch.sensor.domain);
            let number = numbers[target];
            if let Some(confirmed) = self.sweeping.tentatives.take(number, plot, measured, config) {
                match self.confirm(*confirmed, plot, &batch.sensor, now) {
                    Some(number) => {
                        swept.opened.push(number);
                        swept.taken.push((number, batch.places[place]));
                    }
                    None => swept.refused += 1,
                }
            }
        }
    }

    fn targets(&self, numbers: &[TrackNumber]) -> Vec<Target<'_>> {
        let target = |number| {
            let entry = self.tracks.get(number)?;
            let config = self.config.of(entry.track.domain);
            Some(Target { filter: entry.filter()?, config })
        };
        numbers.iter().filter_map(target).collect()
    }

    /// A plot moves a standing track; `None` when its pedigree has no room for the sensor.
    fn take_plot(
        &mut self,
        number: TrackNumber,
        plot: &Plot,
        measured: &Measured,
        sensor: &Sensor,
        now: Timestamp,
    ) -> Option<Vec<Alert>> {
        let entry = self.tracks.get_mut(&number)?;
        let config = self.config.of(entry.track.domain);
        entry.take_plot(plot, measured, sensor, config, self.config.sources_max).ok()?;
        entry.age(now, config);
        self.ageing.settle(entry, &self.config);
        // A named track is compared by what it says itself; the plots of a radar beside it would mix
        // two antennas' errors.
        let fix = Fix { at: measured.at, position: plot.position, sd_m: plot.covariance.sd_m() };
        if entry.key.is_none() {
            self.associations.moved(&entry.track, fix, &self.config);
        }
        self.locate(number);
        Some(self.entered(number, plot))
    }

    /// Zones that the track came into, left or stayed in by a plot; who it is stands there as far as it
    /// is known.
    fn entered(&mut self, number: TrackNumber, plot: &Plot) -> Vec<Alert> {
        let known = self.tracks.get(&number).and_then(|entry| {
            let track = &entry.track;
            Some((track.identities.first().cloned(), track.domain, track.estimate.as_ref()?))
        });
        let Some((identity, domain, estimate)) = known else { return Vec::new() };
        let fix = Fix { at: estimate.at, position: estimate.position, sd_m: estimate.sd_m };
        if fix.sd_m > self.config.zone_accuracy_max_m {
            return Vec::new();
        }
        let dwell = self.config.alerts.dwell.as_ref();
        let crossings = self.zones.observe(number, domain, fix, dwell);
        let alert = |c: Crossing| c.alert(number, identity.clone(), plot.received_at);
        crossings.into_iter().map(alert).collect()
    }

    /// Makes a nameless track of a confirmed beginning.
    fn confirm(
        &mut self,
        tentative: Tentative,
        plot: &Plot,
        sensor: &Sensor,
        now: Timestamp,
    ) -> Option<TrackNumber> {
        let foreign = matches!(plot.source, Source::Partner { .. });
        if !self.room(foreign) || tentative.sources.len() > self.config.sources_max {
            return None;
        }
        let number = self.next_number();
        let mut entry = Entry::nameless(number, tentative, plot, sensor, &self.config);
        entry.age(now, self.config.of(sensor.domain));
        self.ageing.settle(&mut entry, &self.config);
        self.foreign += usize::from(entry.foreign);
        self.tracks.insert(number, entry);
        self.locate(number);
        // The first place says where it stands towards the zones and rings nothing.
        self.entered(number, plot);
        Some(number)
    }

    /// Puts the track into the cell where it is believed to be.
    pub(super) fn locate(&mut self, number: TrackNumber) {
        if let Some(entry) = self.tracks.get_mut(&number)
            && let Some(filter) = entry.filter()
        {
            let position = filter.position();
            if entry.key.is_none() {
                self.sweeping.nameless.place(number, entry.cell, position);
            }
            entry.cell = Some(self.sweeping.grid.place(number, entry.cell, position));
        }
    }

    /// The one nameless live track that `fix` may be a report of. Where there are several it is
    /// nobody's: they go on, and the plots of the right one will go to the report's track.
    pub(super) fn nameless_at(&self, fix: &Fix, domain: Domain) -> Option<TrackNumber> {
        let about = [fix.position].into_iter();
        let mut found = self.sweeping.nameless.near(about, REACH_MAX_M + MOVED_MAX_M);
        let measured = Measured::from(fix);
        let fits = |number: &TrackNumber| {
            self.tracks.get(number).is_some_and(|entry| {
                let nameless = entry.key.is_none() && entry.track.freshness == Freshness::Live;
                let filter = entry.filter().filter(|_| nameless && entry.track.domain == domain);
                filter.is_some_and(|filter| {
                    filter.miss(&measured, self.config.of(domain)).0 <= GATE_SD * GATE_SD
                })
            })
        };
        found.retain(fits);
        match found[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The nameless track `number` is `key` from now on.
    pub(super) fn name(&mut self, number: TrackNumber, key: Key) -> TrackNumber {
        if let Some(entry) = self.tracks.get_mut(&number) {
            entry.key = Some(key.clone());
            self.sweeping.nameless.remove(number, entry.cell);
        }
        self.claims.entry(key).or_default().tracks.push(number);
        number
    }

    /// Where the motion of the track puts it at `at`.
    #[must_use]
    pub fn predicted(&self, number: TrackNumber, at: Timestamp) -> Option<Position> {
        Some(self.tracks.get(&number)?.filter()?.predicted(at))
    }

    /// The observation that a plot is whose sensor read the aircraft's own address; `None` of any other.
    #[must_use]
    pub fn named(plot: &Plot) -> Option<Observation> {
        let squawk = |code: u16| (code <= 0o7777).then(|| format!("{code:04o}"));
        Some(Observation {
            source: plot.source.clone(),
            identity: Identity::Icao(plot.icao?),
            domain: Domain::Air,
            event_time: plot.event_time,
            received_at: plot.received_at,
            position: Some(plot.position),
            accuracy_m: Some(plot.covariance.sd_m()),
            motion: Motion { altitude_m: plot.altitude_m, ..Motion::default() },
            attributes: Attributes {
                squawk: plot.mode_a.and_then(squawk),
                ..Attributes::default()
            },
            content: plot.content,
            label: plot.label.clone(),
        })
    }
}
