//! Who entered which zone: a fact with a time and a place, never a finding.
//!
//! An entry counts after two fixes inside in a row, and leaving after two outside, so that a thing
//! on the line does not ring twice. A thing first seen inside did not enter.

use std::collections::BTreeMap;

use renkei_model::id::ObjectId;
use renkei_model::observation::Domain;
use renkei_model::position::Position;
use renkei_model::statement::{Occurrence, Zone};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use crate::kalman::Fix;
use crate::plane;
use crate::ring::{Ring, RingError};

/// No more zones than this: every fix meets every bounding box.
const ZONES_MAX: usize = 512;

/// Why a zone was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// Its ring cannot be watched.
    #[error("watch zone `{name}`: {reason}")]
    Ring {
        /// The zone's English name.
        name: String,
        /// What is wrong with the ring and how to mend it.
        reason: String,
    },
    /// Too many zones are watched already.
    #[error("watch zone `{0}`: {ZONES_MAX} zones are watched already; remove one first")]
    TooMany(String),
}

#[derive(Clone, Debug)]
struct Area {
    zone: Zone,
    ring: Ring,
}

/// A track's standing towards a zone. Absent means outside.
#[derive(Clone, Debug)]
enum Presence {
    /// One fix inside after one outside.
    Entering { at: Timestamp, position: Position },
    /// Inside; `out` when the last fix was outside.
    Inside { out: bool },
}

#[derive(Clone, Debug)]
struct Watched {
    last: Fix,
    presence: BTreeMap<ObjectId, Presence>,
}

/// An entry into a zone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entered {
    pub(crate) occurrence: Occurrence,
    pub(crate) at: Timestamp,
    pub(crate) position: Position,
}

/// The watched zones and where every track stands towards them.
#[derive(Clone, Debug, Default)]
pub struct ZoneWatch {
    areas: BTreeMap<ObjectId, Area>,
    tracks: BTreeMap<TrackNumber, Watched>,
}

impl ZoneWatch {
    /// The zones that are watched.
    pub fn zones(&self) -> impl Iterator<Item = (&ObjectId, &Zone)> {
        self.areas.iter().map(|(id, area)| (id, &area.zone))
    }

    /// The zone of that id, when it is watched.
    #[must_use]
    pub fn zone(&self, id: &ObjectId) -> Option<&Zone> {
        self.areas.get(id).map(|area| &area.zone)
    }

    /// Watches `zone`, or redraws it. Whoever is inside now did not enter.
    pub(crate) fn set(&mut self, id: ObjectId, zone: Zone) -> Result<(), ZoneError> {
        let name = || zone.name.en.clone();
        if self.areas.len() >= ZONES_MAX && !self.areas.contains_key(&id) {
            return Err(ZoneError::TooMany(name()));
        }
        let ring = Ring::new(&zone.ring)
            .map_err(|e: RingError| ZoneError::Ring { name: name(), reason: e.to_string() })?;
        for watched in self.tracks.values_mut() {
            if ring.contains(watched.last.position) {
                watched.presence.insert(id.clone(), Presence::Inside { out: false });
            } else {
                watched.presence.remove(&id);
            }
        }
        self.areas.insert(id, Area { zone, ring });
        Ok(())
    }

    /// Watches `id` no longer; false when it was not watched.
    pub(crate) fn remove(&mut self, id: &ObjectId) -> bool {
        for watched in self.tracks.values_mut() {
            watched.presence.remove(id);
        }
        self.areas.remove(id).is_some()
    }

    /// Forgets a track that was dropped or starts anew.
    pub(crate) fn forget(&mut self, track: TrackNumber) {
        self.tracks.remove(&track);
    }

    /// Takes in the next accepted fix of a track; the zones it has now entered.
    pub(crate) fn observe(&mut self, track: TrackNumber, domain: Domain, fix: Fix) -> Vec<Entered> {
        let Some(watched) = self.tracks.get_mut(&track) else {
            let mut presence = BTreeMap::new();
            for (id, area) in &self.areas {
                if area.ring.contains(fix.position) {
                    presence.insert(id.clone(), Presence::Inside { out: false });
                }
            }
            self.tracks.insert(track, Watched { last: fix, presence });
            return Vec::new();
        };
        let mut entered = Vec::new();
        for (id, area) in &self.areas {
            let inside = area.ring.contains(fix.position);
            if !inside && watched.presence.is_empty() {
                continue;
            }
            let before = watched.presence.get(id);
            let (after, entry) = step(before, inside, area, &watched.last, &fix);
            match after {
                Some(presence) => watched.presence.insert(id.clone(), presence),
                None => watched.presence.remove(id),
            };
            if let Some((at, position)) = entry.filter(|_| area.zone.domains.contains(&domain)) {
                let zone_name = area.zone.name.clone();
                let occurrence = Occurrence::ZoneEntered { zone: id.clone(), zone_name };
                entered.push(Entered { occurrence, at, position });
            }
        }
        watched.last = fix;
        entered
    }
}

/// A track's next standing towards one zone, and the entry that became certain.
fn step(
    before: Option<&Presence>,
    inside: bool,
    area: &Area,
    last: &Fix,
    fix: &Fix,
) -> (Option<Presence>, Option<(Timestamp, Position)>) {
    match (before, inside) {
        (None, false)
        | (Some(Presence::Entering { .. } | Presence::Inside { out: true }), false) => (None, None),
        (None, true) => {
            let part = area.ring.entered_at(last.position, fix.position);
            let ms = fix.at.since_ms(last.at) as f64 * part;
            let [east, north] = plane::offset(last.position, fix.position);
            let position = plane::displace(last.position, [east * part, north * part]);
            (Some(Presence::Entering { at: last.at.plus_ms(ms.round() as i64), position }), None)
        }
        (Some(Presence::Entering { at, position }), true) => {
            (Some(Presence::Inside { out: false }), Some((*at, *position)))
        }
        (Some(Presence::Inside { .. }), inside) => (Some(Presence::Inside { out: !inside }), None),
    }
}
