//! The look at every ship once a minute, for what takes minutes or hours: loitering, rendezvous, and
//! who is heard no more. It is taken in parts, a bounded one a tick, so that no tick is long however
//! many ships there are; what it tells is told of the moment at which it began.

use std::collections::BTreeMap;
use std::ops::Bound;

use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, Track, TrackNumber};

use super::grid::Grid;
use super::sweep::Ship;
use super::{AlertDesk, tell, unheard};
use crate::alert::Alert;
use crate::entry::Entry;

/// Ships looked at in a tick, of two rounds in a meeting half as many: some milliseconds.
const PART: usize = 20_000;
/// What a ship costs that is looked at together with those near it.
const WITH_OTHERS: usize = 2;

/// A ship where it should be when the look began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) number: TrackNumber,
    pub(super) position: Position,
    pub(super) speed_mps: f64,
}

/// Places with who is near whom, and the one that is next.
#[derive(Clone, Debug)]
struct Near {
    grid: Grid,
    next: usize,
}

impl Near {
    fn new(places: &[Place], range_m: f64) -> Self {
        Self { grid: Grid::new(places.iter().map(|p| p.position).collect(), range_m), next: 0 }
    }

    /// The next `count` of `all`.
    fn part(&mut self, all: usize, count: usize) -> std::ops::Range<usize> {
        let from = self.next.min(all);
        self.next = from.saturating_add(count).min(all);
        from..self.next
    }
}

/// How far the look has come.
#[derive(Clone, Debug)]
enum Step {
    /// Behind this track.
    Gather(Option<TrackNumber>),
    Meet(Near),
    Unheard(Near),
    Done,
}

/// A look that has begun.
#[derive(Clone, Debug)]
pub(super) struct Look {
    begun: Timestamp,
    step: Step,
    /// The ships that were under way once and do not say that they lie.
    slow: Vec<Place>,
    /// The ships that were heard lately.
    heard: Vec<Place>,
    /// The ships that were not.
    silent: Vec<TrackNumber>,
}

impl Look {
    pub(super) fn new(begun: Timestamp) -> Self {
        let (slow, heard, silent) = (Vec::new(), Vec::new(), Vec::new());
        Self { begun, step: Step::Gather(None), slow, heard, silent }
    }
}

type Tracks = BTreeMap<TrackNumber, Entry>;

impl AlertDesk {
    /// Goes on with the look that has begun, if one has.
    pub(super) fn look_on(&mut self, tracks: &Tracks, alerts: &mut Vec<Alert>) {
        let Some(mut look) = self.look.take() else { return };
        let mut left = PART;
        while left > 0 {
            let step = std::mem::replace(&mut look.step, Step::Done);
            look.step = match step {
                Step::Gather(last) => self.gather(&mut look, last, tracks, &mut left, alerts),
                Step::Meet(near) => self.meet(&look, near, tracks, &mut left, alerts),
                Step::Unheard(near) => self.unheard(&look, near, tracks, &mut left, alerts),
                Step::Done => return,
            };
        }
        self.look = Some(look);
    }

    fn gather(
        &mut self,
        look: &mut Look,
        mut last: Option<TrackNumber>,
        tracks: &Tracks,
        left: &mut usize,
        alerts: &mut Vec<Alert>,
    ) -> Step {
        let behind = last.map_or(Bound::Unbounded, Bound::Excluded);
        for (number, entry) in tracks.range((behind, Bound::Unbounded)).take(*left) {
            last = Some(*number);
            *left -= 1;
            self.look_at(look, &entry.track, alerts);
        }
        if *left == 0 {
            return Step::Gather(last);
        }
        let widest = self.config.rendezvous.iter().map(super::rendezvous::reach_m);
        Step::Meet(Near::new(&look.slow, widest.fold(0.0, f64::max)))
    }

    /// One ship by itself: loitering, and what the later steps need of it. Where no shore is known,
    /// one that says that it lies at anchor or moored is left alone.
    fn look_at(&mut self, look: &mut Look, track: &Track, alerts: &mut Vec<Alert>) {
        let now = look.begun;
        let ship = Ship::of(track, now);
        if let (Some(preset), true) = (&self.config.unheard, unheard::is_ship(track)) {
            let place = ship.filter(|_| unheard::is_heard(track, now)).map(Place::from);
            look.heard.extend(place);
            if unheard::is_silent(track, preset, now)
                && self.things.get(&track.number).is_some_and(|thing| !thing.unheard)
            {
                look.silent.push(track.number);
            }
        }
        let Some(ship) = ship.filter(|_| track.freshness == Freshness::Live) else { return };
        let thing = self.things.entry(track.number).or_default();
        thing.sample(ship.speed_mps, self.config.loitering.as_ref(), now);
        if !thing.under_way || (ship.says_it_lies() && !self.shore.is_known()) {
            return;
        }
        look.slow.push(ship.into());
        let Some(preset) = &self.config.loitering else { return };
        let Some(slow) = thing.blocks.slow(preset) else { return };
        thing.blocks.tell();
        if !self.shore.is_near(ship.position, preset.offshore_m) {
            alerts.push(tell::loitering(&ship, slow, preset, now));
        }
    }

    fn meet(
        &mut self,
        look: &Look,
        mut near: Near,
        tracks: &Tracks,
        left: &mut usize,
        alerts: &mut Vec<Alert>,
    ) -> Step {
        let part = near.part(look.slow.len(), left.div_ceil(WITH_OTHERS));
        *left = left.saturating_sub(part.len() * WITH_OTHERS);
        for i in part {
            let (config, shore) = (&self.config, &self.shore);
            for met in self.meetings.meet(i, &look.slow, &near.grid, config, shore, look.begun) {
                let [a, b] = met.places.map(|place| tracks.get(&place.number));
                let pair = a.zip(b).map(|(a, b)| [&a.track, &b.track]);
                alerts.extend(pair.and_then(|pair| tell::meeting(pair, &met, look.begun)));
            }
        }
        if *left == 0 {
            return Step::Meet(near);
        }
        self.meetings.part(look.begun);
        match &self.config.unheard {
            Some(preset)
                if !look.silent.is_empty() && look.heard.len() >= preset.neighbours_min =>
            {
                Step::Unheard(Near::new(&look.heard, preset.near_m))
            }
            _ => Step::Done,
        }
    }

    fn unheard(
        &mut self,
        look: &Look,
        mut near: Near,
        tracks: &Tracks,
        left: &mut usize,
        alerts: &mut Vec<Alert>,
    ) -> Step {
        let Some(preset) = &self.config.unheard else { return Step::Done };
        let now = look.begun;
        while *left > 0 {
            let part = near.part(look.silent.len(), 1);
            let Some(number) = look.silent.get(part).and_then(<[TrackNumber]>::first) else {
                return Step::Done;
            };
            *left = left.saturating_sub(WITH_OTHERS);
            let Some(track) = tracks.get(number).map(|entry| &entry.track) else { continue };
            let about = unheard::About { heard: &look.heard, grid: &near.grid, tracks };
            let found = unheard::judge(track, &about, &self.receivers, preset, now, left);
            let Some(unheard) = found else { continue };
            if let Some(thing) = self.things.get_mut(number) {
                thing.unheard = true;
            }
            alerts.push(tell::unheard(track, unheard, preset, now));
        }
        Step::Unheard(near)
    }
}

impl From<Ship<'_>> for Place {
    fn from(ship: Ship<'_>) -> Self {
        Self { number: ship.number(), position: ship.position, speed_mps: ship.speed_mps }
    }
}
