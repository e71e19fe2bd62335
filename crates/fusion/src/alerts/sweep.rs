//! The picture at one moment, as the rules look at it: every fresh ship where it should be by now.

use renkei_model::observation::{Domain, Identity};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, Track, TrackNumber};

use crate::entry::Entry;
use crate::plane;

/// Positions are carried on for at most this, ms.
const CARRY_MAX_MS: i64 = 3_600_000;

/// One ship now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ship<'a> {
    pub(crate) track: &'a Track,
    /// Where it should be by now.
    pub(crate) position: Position,
    pub(crate) speed_mps: f64,
    /// East and north, metres a second.
    pub(crate) velocity: [f64; 2],
}

impl<'a> Ship<'a> {
    /// `track` as a ship with a known speed; `None` for all else.
    pub(crate) fn of(track: &'a Track, now: Timestamp) -> Option<Self> {
        let estimate = track.estimate.as_ref().filter(|_| track.domain == Domain::Surface)?;
        let speed_mps = estimate.motion.speed_mps?;
        let (sin, cos) = estimate.motion.course_deg.unwrap_or(0.0).to_radians().sin_cos();
        let along = if estimate.motion.course_deg.is_some() { speed_mps } else { 0.0 };
        let velocity = [along * sin, along * cos];
        let seconds = now.since_ms(estimate.at).clamp(0, CARRY_MAX_MS) as f64 / 1000.0;
        let moved = velocity.map(|v| v * seconds);
        let position = plane::displace(estimate.position, moved);
        Some(Self { track, position, speed_mps, velocity })
    }

    pub(crate) fn number(&self) -> TrackNumber {
        self.track.number
    }

    /// At anchor, moored or aground by its own word (navigational status 1, 5, 6).
    pub(crate) fn says_it_lies(&self) -> bool {
        matches!(self.track.attributes.nav_status, Some(1 | 5 | 6))
    }
}

/// Those of `entries` that are live ships.
pub(crate) fn live<'a>(entries: impl Iterator<Item = &'a Entry>, now: Timestamp) -> Vec<Ship<'a>> {
    let fresh = entries.map(|entry| &entry.track);
    let fresh = fresh.filter(|track| track.freshness == Freshness::Live);
    fresh.filter_map(|track| Ship::of(track, now)).collect()
}

/// The name by which a track is spoken of: an identity of its own before a border alias.
pub(crate) fn name(track: &Track) -> Option<Identity> {
    track.identities.first().cloned()
}
