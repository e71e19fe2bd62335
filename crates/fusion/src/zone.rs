//! Who entered, left or stayed in which zone: a fact with a time and a place, never a finding.
//!
//! An entry counts after two fixes inside in a row, and leaving after two outside, so that a thing
//! on the line does not ring twice. Both happened where the path crossed the line. A thing first
//! seen inside did not enter; how long it stays is counted from there.

use std::collections::BTreeMap;

use renkei_model::id::ObjectId;
use renkei_model::observation::{Domain, Identity};
use renkei_model::position::Position;
use renkei_model::statement::{Occurrence, Zone};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use crate::alert::Alert;
use crate::alerts::{DwellPreset, Rule, Why, figures};
use crate::kalman::Fix;
use crate::region::Region;
use crate::ring::RingError;
use crate::way::Way;

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

/// Says whether `zone` can be watched, before anybody relies on it.
///
/// # Errors
/// [`ZoneError::Ring`] with what is wrong and how to mend it.
pub fn check_zone(zone: &Zone) -> Result<(), ZoneError> {
    region(zone).map(|_| ())
}

fn region(zone: &Zone) -> Result<Region, ZoneError> {
    let refused =
        |e: RingError| ZoneError::Ring { name: zone.name.en.clone(), reason: e.to_string() };
    Region::new(zone).map_err(refused)
}

#[derive(Clone, Debug)]
struct Area {
    zone: Zone,
    region: Region,
}

/// A track's standing towards a zone. Absent means outside.
#[derive(Clone, Debug)]
enum Presence {
    /// One fix inside after one outside.
    Entering { at: Timestamp, position: Position },
    /// Inside since then, as far as was seen; `out` when the last fix was outside, with where and
    /// when it went out; `told` once it was said that it stays.
    Inside { since: Timestamp, out: Option<(Timestamp, Position)>, told: bool },
}

#[derive(Clone, Debug)]
struct Watched {
    last: Fix,
    presence: BTreeMap<ObjectId, Presence>,
}

/// What became certain of a track and a zone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Crossing {
    pub(crate) occurrence: Occurrence,
    pub(crate) at: Timestamp,
    pub(crate) position: Position,
    pub(crate) why: Why,
}

impl Crossing {
    /// The alert about it, from a report that came in at `ingested_at`.
    pub(crate) fn alert(
        self,
        track: TrackNumber,
        identity: Option<Identity>,
        ingested_at: Timestamp,
    ) -> Alert {
        Alert {
            track: Some(track),
            identity,
            occurrence: self.occurrence,
            sensed_at: self.at,
            ingested_at,
            position: Some(self.position),
            why: self.why,
        }
    }
}

/// The same, before it has a zone's name.
#[derive(Clone, Copy, Debug)]
enum Crossed {
    Entered { at: Timestamp, position: Position },
    Left { since: Timestamp, at: Timestamp, position: Position },
    Dwelt { since: Timestamp, at: Timestamp, position: Position },
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
        let region = region(&zone)?;
        for watched in self.tracks.values_mut() {
            if region.contains(watched.last.position) {
                watched.presence.insert(id.clone(), Presence::seen_inside(watched.last.at));
            } else {
                watched.presence.remove(&id);
            }
        }
        self.areas.insert(id, Area { zone, region });
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

    /// Takes in the next accepted fix of a track: the zones it has now entered, left or stayed in
    /// for as long as `dwell` asks.
    pub(crate) fn observe(
        &mut self,
        track: TrackNumber,
        domain: Domain,
        fix: Fix,
        dwell: Option<&DwellPreset>,
    ) -> Vec<Crossing> {
        let Some(watched) = self.tracks.get_mut(&track) else {
            let mut presence = BTreeMap::new();
            for (id, area) in &self.areas {
                if area.region.contains(fix.position) {
                    presence.insert(id.clone(), Presence::seen_inside(fix.at));
                }
            }
            self.tracks.insert(track, Watched { last: fix, presence });
            return Vec::new();
        };
        let mut crossings = Vec::new();
        for (id, area) in &self.areas {
            let inside = area.region.contains(fix.position);
            if !inside && watched.presence.is_empty() {
                continue;
            }
            let before = watched.presence.get(id);
            let (after, crossed) = step(before, inside, area, &watched.last, &fix, dwell);
            match after {
                Some(presence) => watched.presence.insert(id.clone(), presence),
                None => watched.presence.remove(id),
            };
            if let Some(crossed) = crossed.filter(|_| area.zone.domains.contains(&domain)) {
                crossings.push(crossing(crossed, id, &area.zone, track, dwell));
            }
        }
        watched.last = fix;
        crossings
    }
}

impl Presence {
    fn seen_inside(since: Timestamp) -> Self {
        Self::Inside { since, out: None, told: false }
    }
}

/// A track's next standing towards one zone, and what became certain.
fn step(
    before: Option<&Presence>,
    inside: bool,
    area: &Area,
    last: &Fix,
    fix: &Fix,
    dwell: Option<&DwellPreset>,
) -> (Option<Presence>, Option<Crossed>) {
    match (before, inside) {
        (None | Some(Presence::Entering { .. }), false) => (None, None),
        (None, true) => {
            let (at, position) = on_way(last, fix, |way| area.region.entered_at(way));
            (Some(Presence::Entering { at, position }), None)
        }
        (Some(Presence::Entering { at, position }), true) => {
            let entered = Crossed::Entered { at: *at, position: *position };
            (Some(Presence::seen_inside(*at)), Some(entered))
        }
        (Some(Presence::Inside { since, out: Some((at, position)), .. }), false) => {
            (None, Some(Crossed::Left { since: *since, at: *at, position: *position }))
        }
        (Some(Presence::Inside { since, out: None, told }), false) => {
            let out = on_way(last, fix, |way| area.region.left_at(way));
            (Some(Presence::Inside { since: *since, out: Some(out), told: *told }), None)
        }
        (Some(Presence::Inside { since, told, .. }), true) => {
            let long = dwell.is_some_and(|preset| fix.at.since_ms(*since) >= preset.inside_ms);
            let (since, at, position) = (*since, fix.at, fix.position);
            let dwelt = (long && !told).then_some(Crossed::Dwelt { since, at, position });
            (Some(Presence::Inside { since, out: None, told: *told || long }), dwelt)
        }
    }
}

/// Where and when the path from `last` to `fix` was at the part of the way that `part` says.
fn on_way(last: &Fix, fix: &Fix, part: impl Fn(&Way) -> f64) -> (Timestamp, Position) {
    let way = Way::new(last.position, fix.position);
    let part = part(&way);
    let ms = fix.at.since_ms(last.at) as f64 * part;
    (last.at.plus_ms(ms.round() as i64), way.at(part).unwrap_or(fix.position))
}

fn crossing(
    crossed: Crossed,
    id: &ObjectId,
    zone: &Zone,
    track: TrackNumber,
    dwell: Option<&DwellPreset>,
) -> Crossing {
    let (zone, zone_name) = (id.clone(), zone.name.clone());
    let inside_ms = |since: Timestamp, at: Timestamp| at.since_ms(since).max(0);
    let (rule, from, at, position) = match crossed {
        Crossed::Entered { at, position } => (Rule::ZoneEntered, at, at, position),
        Crossed::Left { since, at, position } => (Rule::ZoneLeft, since, at, position),
        Crossed::Dwelt { since, at, position } => (Rule::ZoneDwelt, since, at, position),
    };
    let stayed_ms = inside_ms(from, at);
    let stayed = stayed_ms.unsigned_abs();
    let fixes = || figures([("fixes", 2.0)]);
    let (occurrence, preset, thresholds, measured) = match (rule, dwell) {
        (Rule::ZoneLeft, _) => {
            let occurrence = Occurrence::ZoneLeft { zone, zone_name, inside_ms: stayed };
            let measured = figures([("fixes", 2.0), ("inside_ms", stayed_ms as f64)]);
            (occurrence, "two_fixes", fixes(), measured)
        }
        (Rule::ZoneDwelt, Some(dwell)) => {
            let occurrence = Occurrence::ZoneDwelt { zone, zone_name, inside_ms: stayed };
            let thresholds = figures([("inside_ms", dwell.inside_ms as f64)]);
            (occurrence, dwell.preset, thresholds, figures([("inside_ms", stayed_ms as f64)]))
        }
        _ => (Occurrence::ZoneEntered { zone, zone_name }, "two_fixes", fixes(), fixes()),
    };
    let why = Why { rule, preset, thresholds, measured, tracks: vec![track], from, until: at };
    Crossing { occurrence, at, position, why }
}
