//! One track from the inside: the public belief, the filter behind it, and who contributed.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::label::Label;
use renkei_model::observation::{Emergency, Identity, Motion, Observation, Source};
use renkei_model::plot::Plot;
use renkei_model::time::Timestamp;
use renkei_model::track::{Contribution, Estimate, Freshness, SensorTrack, Track, TrackNumber};

use crate::alert::Refusal;
use crate::attributes::Said;
use crate::config::{DomainConfig, FusionConfig};
use crate::grid::Cell;
use crate::identity::{HELD_TO_SPLIT, Key, event_time};
use crate::kalman::{Filter, Fix, Measured};
use crate::machine::Queued;
use crate::plots::{Sensor, Tentative};

/// A nameless track is lost after this many times the silence that made it stale: by then its next
/// plot could be anywhere.
const NAMELESS_LOST_FACTOR: i64 = 4;

/// A track and what only fusion needs to know of it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) track: Track,
    /// `None` while nobody named it: plots alone.
    pub(crate) key: Option<Key>,
    /// Where the grid has it.
    pub(crate) cell: Option<Cell>,
    /// Where the queues of time have it.
    pub(crate) queued: Queued,
    /// Silence after which it is stale while nameless, ms.
    quiet_ms: i64,
    /// A partner's sensor's own track: what is believed comes whole, and nothing of ours goes into it.
    pub(crate) adopted: bool,
    /// Opened by a partner's report.
    pub(crate) foreign: bool,
    fix: Option<Fix>,
    fixes: u64,
    filter: Option<Filter>,
    motion: Motion,
    said: Said,
    last_event: Timestamp,
}

impl Entry {
    /// An empty track for `o`; the caller then takes `o` in.
    pub(crate) fn open(number: TrackNumber, key: Key, o: &Observation) -> Self {
        let track = Track {
            number,
            identities: BTreeSet::from([o.identity.clone()]),
            domain: o.domain,
            estimate: None,
            attributes: Default::default(),
            sources: BTreeMap::new(),
            freshness: Freshness::Live,
            label: o.label.clone(),
            first_seen: o.received_at,
            last_seen: o.received_at,
            duplicate_identity: false,
        };
        Self {
            track,
            key: Some(key),
            cell: None,
            queued: Queued::default(),
            quiet_ms: 0,
            adopted: false,
            foreign: matches!(o.source, Source::Partner { .. }),
            fix: None,
            fixes: 0,
            filter: None,
            motion: Motion::default(),
            said: Said::default(),
            last_event: event_time(o),
        }
    }

    /// A track of plots alone.
    pub(crate) fn nameless(
        number: TrackNumber,
        seen: Tentative,
        last: &Plot,
        sensor: &Sensor,
        config: &FusionConfig,
    ) -> Self {
        let track = Track {
            number,
            identities: BTreeSet::new(),
            domain: seen.domain,
            estimate: None,
            attributes: Default::default(),
            sources: seen.sources,
            freshness: Freshness::Live,
            label: seen.label,
            first_seen: seen.first_seen,
            last_seen: last.received_at,
            duplicate_identity: false,
        };
        let mut entry = Self {
            track,
            key: None,
            cell: None,
            queued: Queued::default(),
            quiet_ms: sensor.quiet_ms(),
            adopted: false,
            foreign: matches!(last.source, Source::Partner { .. }),
            fix: None,
            fixes: 0,
            last_event: seen.filter.at(),
            filter: Some(seen.filter),
            motion: Motion::default(),
            said: Said::default(),
        };
        entry.believe(config.of(seen.domain));
        entry
    }

    /// The filter, once there was a position.
    pub(crate) fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// Takes in a plot that was found to be its own.
    pub(crate) fn take_plot(
        &mut self,
        plot: &Plot,
        measured: &Measured,
        sensor: &Sensor,
        config: &DomainConfig,
        sources_max: usize,
    ) -> Result<(), Refusal> {
        self.enter(&plot.source, &plot.label, (measured.at, plot.received_at), sources_max)?;
        match &mut self.filter {
            Some(filter) => filter.take(measured, config),
            None => self.filter = Some(Filter::new(measured, config)),
        }
        self.quiet_ms = self.quiet_ms.max(sensor.quiet_ms());
        self.motion.speed_mps = None;
        self.motion.course_deg = None;
        self.believe(config);
        Ok(())
    }

    /// What its filter believes, as one sensor's own track; `None` before the first position.
    pub(crate) fn sensor_track(&self) -> Option<SensorTrack> {
        Some(self.filter.as_ref()?.track(self.quiet_ms))
    }

    /// Believes what a partner's sensor's own track says; false when it is not later than what is
    /// believed already. It is not weighed against what it said before: the errors are the same.
    pub(crate) fn adopt(
        &mut self,
        o: &Observation,
        believed: &SensorTrack,
        config: &DomainConfig,
    ) -> bool {
        // A sensor's clock that runs ahead of ours must not freeze a track.
        let believed = SensorTrack { at: believed.at.min(o.received_at), ..*believed };
        if self.filter.as_ref().is_some_and(|filter| believed.at <= filter.at()) {
            return false;
        }
        self.adopted = true;
        self.quiet_ms = believed.quiet_ms;
        self.filter = Some(Filter::of(&believed));
        self.motion = Motion { speed_mps: None, course_deg: None, ..sane(&o.motion, config) };
        self.believe(config);
        true
    }

    /// The last accepted fix, as reported.
    pub(crate) fn fix(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }

    /// How far the fix lies from where the track should be by now, metres.
    pub(crate) fn miss_m(&self, fix: &Fix) -> f64 {
        match &self.filter {
            Some(filter) => filter.predicted(fix.at).distance_m(fix.position),
            None => f64::INFINITY,
        }
    }

    /// Whether enough fixes agreed that a contradicting chain is another thing, not a first fix
    /// that was wrong.
    pub(crate) fn confirmed(&self) -> bool {
        self.fixes >= HELD_TO_SPLIT as u64
    }

    /// Forgets the motion: the fixes so far were outliers. Gives their number.
    pub(crate) fn restart(&mut self) -> u64 {
        self.fix = None;
        self.filter = None;
        self.track.estimate = None;
        std::mem::take(&mut self.fixes)
    }

    /// Enters `o` in the pedigree.
    pub(crate) fn credit(&mut self, o: &Observation, sources_max: usize) -> Result<(), Refusal> {
        self.enter(&o.source, &o.label, (event_time(o), o.received_at), sources_max)?;
        if !self.track.identities.contains(&o.identity) && !matches!(o.identity, Identity::Alias(_))
        {
            self.track.identities.insert(o.identity.clone());
        }
        Ok(())
    }

    /// Enters a report of `source` in the pedigree; `times` are event and receive time.
    fn enter(
        &mut self,
        source: &Source,
        label: &Label,
        (at, received_at): (Timestamp, Timestamp),
        sources_max: usize,
    ) -> Result<(), Refusal> {
        let mut relabel = false;
        if let Some(known) = self.track.sources.get_mut(source) {
            known.last = known.last.max(at);
            known.reports += 1;
            if known.label != *label {
                known.label = label.clone();
                relabel = true;
            }
        } else {
            if self.track.sources.len() >= sources_max {
                return Err(Refusal::TooManySources);
            }
            relabel = true;
            let contribution = Contribution { last: at, reports: 1, label: label.clone() };
            self.track.sources.insert(source.clone(), contribution);
        }
        if relabel {
            self.track.label = meet(&self.track.sources, label);
        }
        self.track.last_seen = self.track.last_seen.max(received_at);
        self.last_event = self.last_event.max(at);
        Ok(())
    }

    /// Takes in what was said beside the motion; an emergency that is new.
    pub(crate) fn hear(&mut self, o: &Observation) -> Option<Emergency> {
        self.track.domain = o.domain;
        self.said.hear(&mut self.track.attributes, &o.attributes, event_time(o))
    }

    /// Takes in a fix; false when it is not later than the last one and so says nothing of motion.
    pub(crate) fn advance(&mut self, o: &Observation, fix: Fix, config: &DomainConfig) -> bool {
        if self.fix.is_some_and(|last| fix.at <= last.at) {
            return false;
        }
        let mut behind_ms = 0;
        match &mut self.filter {
            Some(filter) => {
                // A radar's plot may have overtaken it.
                behind_ms = filter.at().since_ms(fix.at).max(0);
                if behind_ms > config.interval_ms {
                    return false;
                }
                filter.take(&Measured::from(&fix), config);
            }
            None => self.filter = Some(Filter::new(&Measured::from(&fix), config)),
        }
        self.fix = Some(fix);
        self.fixes += 1;
        self.motion.speed_mps = None;
        self.motion.course_deg = None;
        self.take_motion(o, behind_ms, config);
        true
    }

    /// Takes in a report of motion without position, while the last fix is fresh.
    pub(crate) fn drift(&mut self, o: &Observation, config: &DomainConfig) {
        let Some(filter) = &self.filter else { return };
        let late_ms = event_time(o).since_ms(filter.at());
        if (0..=config.interval_ms).contains(&late_ms) {
            self.take_motion(o, late_ms, config);
        }
    }

    /// The freshness at `now`; true when that is a change.
    pub(crate) fn age(&mut self, now: Timestamp, config: &DomainConfig) -> bool {
        let age_ms = now.since_ms(self.believed_at());
        let (stale_after_ms, lost_after_ms) = self.limits_ms(config);
        let freshness = if age_ms > lost_after_ms {
            Freshness::Lost
        } else if age_ms > stale_after_ms {
            Freshness::Stale
        } else {
            Freshness::Live
        };
        std::mem::replace(&mut self.track.freshness, freshness) != freshness
    }

    /// When it becomes stale, lost or, `drop_after_ms` old, over, if nothing more is heard; the next
    /// of these by its present freshness. Nobody will report under a name that a nameless track does
    /// not have: that is over once it is lost.
    pub(crate) fn ages_at(&self, config: &DomainConfig, drop_after_ms: i64) -> Timestamp {
        let (stale_after_ms, lost_after_ms) = self.limits_ms(config);
        let after_ms = match self.track.freshness {
            Freshness::Live => stale_after_ms.min(lost_after_ms),
            Freshness::Stale => lost_after_ms,
            Freshness::Lost if self.is_nameless() => lost_after_ms,
            Freshness::Lost => drop_after_ms.max(lost_after_ms),
        };
        self.believed_at().plus_ms(after_ms.saturating_add(1))
    }

    /// Whether no report names it, or none of ours may.
    fn is_nameless(&self) -> bool {
        self.key.is_none() || self.adopted
    }

    /// Stale and lost after so much silence.
    fn limits_ms(&self, config: &DomainConfig) -> (i64, i64) {
        if self.is_nameless() {
            (self.quiet_ms, NAMELESS_LOST_FACTOR * self.quiet_ms)
        } else {
            (config.stale_after_ms, config.lost_after_ms)
        }
    }

    /// The time of what is believed: of the last position, or the last word where there is none.
    pub(crate) fn believed_at(&self) -> Timestamp {
        self.track.estimate.as_ref().map_or(self.last_event, |estimate| estimate.at)
    }

    fn take_motion(&mut self, o: &Observation, late_ms: i64, config: &DomainConfig) {
        let Some(filter) = &mut self.filter else { return };
        let said = sane(&o.motion, config);
        filter.take_velocity(&said, late_ms, config);
        let motion = &mut self.motion;
        motion.speed_mps = said.speed_mps.or(motion.speed_mps);
        motion.course_deg = said.course_deg.or(motion.course_deg);
        motion.heading_deg = said.heading_deg.or(motion.heading_deg);
        motion.altitude_m = said.altitude_m.or(motion.altitude_m);
        motion.vertical_rate_mps = said.vertical_rate_mps.or(motion.vertical_rate_mps);
        self.believe(config);
    }

    /// Publishes what the filter holds.
    fn believe(&mut self, config: &DomainConfig) {
        let Some(filter) = &self.filter else { return };
        let motion = &self.motion;
        let (speed, course) = filter.velocity(config);
        self.track.estimate = Some(Estimate {
            at: filter.at(),
            position: filter.position(),
            sd_m: filter.sd_m(),
            motion: Motion {
                speed_mps: speed.or(motion.speed_mps),
                course_deg: course.or(motion.course_deg),
                ..motion.clone()
            },
        });
    }
}

/// The meet of the labels of all contributions; `fallback` stands for none.
fn meet(sources: &BTreeMap<Source, Contribution>, fallback: &Label) -> Label {
    let mut labels = sources.values().map(|contribution| &contribution.label);
    let Some(first) = labels.next() else { return fallback.clone() };
    labels.fold(first.clone(), |meet, label| meet.meet(label))
}

/// What of a reported motion a thing of its kind can have done; the rest was not said.
fn sane(motion: &Motion, config: &DomainConfig) -> Motion {
    let within = |value: Option<f64>, low: f64, high: f64| {
        value.filter(|value| (low..=high).contains(value))
    };
    Motion {
        speed_mps: within(motion.speed_mps, 0.0, config.speed_max_mps),
        course_deg: within(motion.course_deg, 0.0, 360.0).map(|course| course % 360.0),
        heading_deg: within(motion.heading_deg, 0.0, 360.0).map(|heading| heading % 360.0),
        altitude_m: within(motion.altitude_m, -1e4, 1e6),
        vertical_rate_mps: within(motion.vertical_rate_mps, -1e3, 1e3),
    }
}
