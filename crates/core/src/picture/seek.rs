//! Names to tracks: every name a track goes by, and which track an incident is about.

use std::collections::BTreeSet;

use renkei_model::id::ObjectId;
use renkei_model::observation::Identity;
use renkei_model::statement::Subject;
use renkei_model::track::{Track, TrackNumber};

use super::Picture;
use super::desk::aliases;
use super::effect::PictureEffect;

/// Incidents whose track is sought at one time; the oldest make room.
const SOUGHT_MAX: usize = 1_000;

/// An incident that wants to know its track.
#[derive(Clone, Debug)]
pub(crate) struct Sought {
    names: BTreeSet<Identity>,
    found: Option<(TrackNumber, BTreeSet<Identity>)>,
}

impl Picture {
    /// Every name of `track`: what it calls itself, our aliases for it and for what our sensors see of
    /// it, towards every partner, and the partners'.
    pub(crate) fn names(&self, track: &Track) -> BTreeSet<Identity> {
        let mut names = track.identities.clone();
        for side in &self.sides {
            let ours = track.identities.iter().flat_map(|identity| side.desk.book().of(identity));
            let ours: Vec<_> = ours.chain(side.sensor_aliases(track)).collect();
            names.extend(ours.into_iter().map(Identity::Alias));
        }
        names.extend(aliases(track).map(Identity::Alias));
        names
    }

    /// The tracks under a name, an alias of either side included.
    pub(crate) fn find(&self, name: &Identity) -> Vec<TrackNumber> {
        match name {
            Identity::Alias(alias) if alias.nation == self.config.nation => {
                // Lanes keep the partners' aliases apart: at most one side gave it.
                match self.sides.iter().find_map(|side| side.desk.book().identity(*alias)) {
                    Some(identity) => self.fusion.find(identity),
                    None => {
                        let seen = self.sides.iter().find_map(|side| side.sensor_named(*alias));
                        seen.into_iter().collect()
                    }
                }
            }
            other => self.fusion.find(other),
        }
    }

    pub(crate) fn locate(
        &mut self,
        incident: ObjectId,
        subject: &Subject,
        known_as: BTreeSet<Identity>,
        effects: &mut Vec<PictureEffect>,
    ) {
        let mut names = known_as;
        names.extend(subject.identity.clone());
        names.extend(subject.alias.map(Identity::Alias));
        if self.sought.len() >= SOUGHT_MAX && !self.sought.contains_key(&incident) {
            self.sought.pop_first();
        }
        self.sought.insert(incident, Sought { names, found: None });
        self.seek(effects);
    }

    /// Answers every incident whose track changed. The names sought stay those that were asked for,
    /// so that a name learnt by mistake cannot lead an incident astray.
    pub(crate) fn seek(&mut self, effects: &mut Vec<PictureEffect>) {
        let mut sought = std::mem::take(&mut self.sought);
        for (incident, one) in &mut sought {
            let numbers = one.names.iter().flat_map(|name| self.find(name));
            let latest = numbers
                .filter_map(|number| self.fusion.track(number))
                .max_by_key(|track| (track.last_seen, track.number));
            // The number is the one that is shown; the names stay its own, so that what rests on a
            // withheld source is not said of what the other source saw.
            let found = latest.map(|track| (self.fusion.lead(track.number), self.names(track)));
            if let Some((track, known_as)) = found.clone().filter(|_| found != one.found) {
                let incident = incident.clone();
                effects.push(PictureEffect::Located { incident, track, known_as });
                one.found = found;
            }
        }
        self.sought = sought;
    }
}
