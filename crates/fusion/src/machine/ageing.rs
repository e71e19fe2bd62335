//! When time alone changes a track: each track has one moment at which it must be looked at again,
//! so that a tick costs what has changed and not what is there.
//!
//! Reports do not touch the queue: a track whose moment has come and which was heard meanwhile is
//! given its next one.

use std::collections::BTreeSet;

use renkei_model::observation::Identity;
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, TrackNumber};

use super::{Fusion, Ticked, named};
use crate::alerts::About;
use crate::config::FusionConfig;
use crate::entry::Entry;

/// Where a track stands in the queues of [`Ageing`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Queued {
    due: Option<Timestamp>,
    lost: Option<Timestamp>,
}

/// The queues.
#[derive(Clone, Debug, Default)]
pub(super) struct Ageing {
    due: BTreeSet<(Timestamp, TrackNumber)>,
    /// Lost tracks, by the time of what is believed of them.
    lost: BTreeSet<(Timestamp, TrackNumber)>,
}

/// What became of a track whose moment had come.
enum Aged {
    /// Its time is over.
    Over,
    /// It is looked at again later; true when its freshness changed.
    Kept(bool),
}

impl Ageing {
    /// Notes when `entry`, whose freshness was just judged, must be looked at again.
    pub(super) fn settle(&mut self, entry: &mut Entry, config: &FusionConfig) {
        let number = entry.track.number;
        let next = entry.ages_at(config.of(entry.track.domain), config.drop_after_ms);
        if entry.queued.due.is_none_or(|due| next < due) {
            if let Some(due) = entry.queued.due.replace(next) {
                self.due.remove(&(due, number));
            }
            self.due.insert((next, number));
        }
        let lost = entry.track.freshness == Freshness::Lost;
        let lost = lost.then(|| entry.believed_at());
        let before = std::mem::replace(&mut entry.queued.lost, lost);
        if before == lost {
            return;
        }
        if let Some(at) = before {
            self.lost.remove(&(at, number));
        }
        if let Some(at) = lost {
            self.lost.insert((at, number));
        }
    }

    /// A track whose moment has come by `now`, taken out of the queue.
    fn pop(&mut self, now: Timestamp) -> Option<TrackNumber> {
        let first = self.due.first().filter(|(at, _)| *at <= now).copied()?;
        self.due.remove(&first);
        Some(first.1)
    }

    /// Judges a track that was popped.
    fn age(&mut self, entry: &mut Entry, now: Timestamp, config: &FusionConfig) -> Aged {
        entry.queued.due = None;
        let domain = config.of(entry.track.domain);
        let changed = entry.age(now, domain);
        if entry.ages_at(domain, config.drop_after_ms) <= now {
            return Aged::Over;
        }
        self.settle(entry, config);
        Aged::Kept(changed)
    }

    /// The lost track that was believed longest ago.
    fn longest_lost(&self) -> Option<TrackNumber> {
        self.lost.first().map(|(_, number)| *number)
    }

    /// Forgets a track that is dropped.
    pub(super) fn forget(&mut self, entry: &Entry) {
        let number = entry.track.number;
        if let Some(at) = entry.queued.due {
            self.due.remove(&(at, number));
        }
        if let Some(at) = entry.queued.lost {
            self.lost.remove(&(at, number));
        }
    }
}

impl Fusion {
    /// Lets `now` be: freshness, held fixes that nobody confirmed, tracks lost for too long.
    pub fn tick(&mut self, now: Timestamp) -> Ticked {
        let mut ticked = Ticked::default();
        let mut over = Vec::new();
        while let Some(number) = self.ageing.pop(now) {
            let Some(entry) = self.tracks.get_mut(&number) else { continue };
            match self.ageing.age(entry, now, &self.config) {
                Aged::Over => over.push(number),
                Aged::Kept(true) => ticked.changed.push(number),
                Aged::Kept(false) => {}
            }
        }
        self.sweeping.expire(now);
        self.expire_held(now);
        for number in over {
            self.give_up(number, &mut ticked);
        }
        // A flood of invented identities must not keep real ones out for a day.
        while self.tracks.len() > self.config.tracks_max / 10 * 9
            && let Some(number) = self.ageing.longest_lost()
        {
            self.give_up(number, &mut ticked);
        }
        ticked.changed.retain(|number| self.tracks.contains_key(number));
        ticked.changed.sort_unstable();
        let Self { tracks, claims, aliases, associations, alerts, config, .. } = self;
        let named = |identity: &Identity| named(claims, aliases, identity);
        let about = About { tracks, grid: &self.sweeping.grid, named: &named };
        ticked.alerts = alerts.sweep(&about, now);
        if config.associate.is_on {
            let track = |number| tracks.get(&number).map(|entry| &entry.track);
            ticked.changed.extend(associations.tick(track, named, config));
        }
        ticked
    }

    fn give_up(&mut self, number: TrackNumber, ticked: &mut Ticked) {
        ticked.changed.extend(self.one_with(number));
        ticked.dropped.extend(self.drop_track(number));
    }

    /// Held fixes that nothing joined in time are outliers.
    fn expire_held(&mut self, now: Timestamp) {
        let Self { claims, counts, config, .. } = self;
        self.holding.retain(|key| {
            claims.get_mut(key).is_some_and(|claim| {
                counts.outliers += claim.expire(now, config.held_expiry_ms);
                claim.is_holding()
            })
        });
    }
}
