//! A partner's sensor's own track: taken in whole, shown beside what we hold, and weighed against it
//! only where the two are shown as one.
//!
//! One such track repeats its errors from one release to the next, and may rest on what we know too.
//! So it is never measured into a filter, ours never goes into it, and where both are one thing they
//! meet by covariance intersection, which claims too little error under no correlation.

use renkei_model::observation::{Motion, Observation};
use renkei_model::time::Timestamp;
use renkei_model::track::{Estimate, Freshness, SensorTrack, TrackNumber};

use crate::alert::{Disposition, Outcome, Refusal};
use crate::covariance::intersect;
use crate::entry::Entry;
use crate::identity::Key;
use crate::kalman::{Filter, Fix};
use crate::plane;

use super::{Fusion, is_foreign, refuse};

impl Fusion {
    /// Takes in what one sensor of a partner believes of a thing that gave no name. `o` says under
    /// which alias and label it came.
    pub fn adopt(&mut self, o: &Observation, believed: &SensorTrack, now: Timestamp) -> Outcome {
        let key = Key::of(&o.identity, o.domain);
        let known = self.claims.get(&key).and_then(|claim| claim.tracks.last().copied());
        if known.is_none() && !self.room(is_foreign(o)) {
            return self.counted(refuse(Refusal::TooManyTracks));
        }
        let number = known.unwrap_or_else(|| self.insert(key, o));
        let outcome = self.adopt_into(number, known.is_none(), o, believed, now);
        self.counted(outcome)
    }

    fn adopt_into(
        &mut self,
        number: TrackNumber,
        is_new: bool,
        o: &Observation,
        believed: &SensorTrack,
        now: Timestamp,
    ) -> Outcome {
        let config = self.config.of(o.domain);
        let Some(entry) = self.tracks.get_mut(&number) else {
            return Outcome { track: None, disposition: Disposition::Noted, alerts: Vec::new() };
        };
        if let Err(refusal) = entry.credit(o, self.config.sources_max) {
            return refuse(refusal);
        }
        let moved = entry.adopt(o, believed, config);
        entry.age(now, config);
        self.ageing.settle(entry, &self.config);
        let fix = entry.filter().map(fix);
        let mut alerts = Vec::new();
        if let Some(fix) = fix.filter(|_| moved) {
            self.associations.moved(&entry.track, fix, &self.config);
        }
        if let Some(fix) = fix.filter(|fix| moved && fix.sd_m <= self.config.zone_accuracy_max_m) {
            let dwell = self.config.alerts.dwell.as_ref();
            let crossings = self.zones.observe(number, o.domain, fix, dwell);
            let alert =
                |c: crate::zone::Crossing| c.alert(number, Some(o.identity.clone()), o.received_at);
            alerts.extend(crossings.into_iter().map(alert));
        }
        let disposition = match (moved, is_new) {
            (true, true) => Disposition::Opened,
            (true, false) => Disposition::Moved,
            (false, _) => Disposition::Noted,
        };
        Outcome { track: Some(number), disposition, alerts }
    }

    fn counted(&mut self, outcome: Outcome) -> Outcome {
        self.counts.add(&outcome.disposition);
        outcome
    }

    /// What is believed of the track `number` as a track of one sensor, which it is when this machine
    /// was given the plots of that sensor and nothing else.
    #[must_use]
    pub fn sensor_track(&self, number: TrackNumber) -> Option<SensorTrack> {
        self.tracks.get(&number)?.sensor_track()
    }

    /// The estimate of tracks that are one thing, where one of them is a partner's sensor's own;
    /// `None` where none is, or fewer than two are fresh.
    pub(super) fn intersected(&self, numbers: &[TrackNumber]) -> Option<Estimate> {
        let fresh =
            |entry: &&Entry| entry.track.freshness == Freshness::Live && entry.filter().is_some();
        let entries: Vec<&Entry> =
            numbers.iter().filter_map(|number| self.tracks.get(number)).filter(fresh).collect();
        if entries.len() < 2 || !entries.iter().any(|entry| entry.adopted) {
            return None;
        }
        let newest = entries.iter().max_by_key(|entry| entry.filter().map(Filter::at))?;
        let (at, config) = (newest.filter()?.at(), self.config.of(newest.track.domain));
        let from = newest.filter()?.position();
        let filters = entries.iter().filter_map(|entry| entry.filter());
        let mut beliefs = filters.map(|filter| filter.carried(at, config).belief(from));
        let first = beliefs.next()?;
        let whole = beliefs.try_fold(first, |a, b| intersect(&a, &b))?;
        let [east_m, north_m, east_mps, north_mps] = whole.mean;
        let filter = Filter::of(&SensorTrack {
            at,
            position: plane::displace(from, [east_m, north_m]),
            velocity_mps: [east_mps, north_mps],
            covariance: whole.covariance,
            quiet_ms: 0,
        });
        let said = newest.track.estimate.as_ref().map(|e| e.motion.clone()).unwrap_or_default();
        let (speed_mps, course_deg) = filter.velocity(config);
        Some(Estimate {
            at,
            position: filter.position(),
            sd_m: filter.sd_m(),
            motion: Motion {
                speed_mps: speed_mps.or(said.speed_mps),
                course_deg: course_deg.or(said.course_deg),
                ..said
            },
        })
    }
}

fn fix(filter: &Filter) -> Fix {
    Fix { at: filter.at(), position: filter.position(), sd_m: filter.sd_m() }
}
