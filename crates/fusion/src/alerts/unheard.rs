//! A ship that is heard no more, judged against the receiver that heard it last.
//!
//! It counts only while that receiver is at work without a break, and while ships lie round the
//! place where this one should be by now and are still heard by it: nothing is known of a
//! receiver's reach beyond the outermost ship that it hears.

use std::collections::BTreeMap;

use renkei_model::observation::{Domain, Identity, Source};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::{Contribution, Track, TrackNumber};

use super::config::UnheardPreset;
use super::grid::Grid;
use super::look::Place;
use super::receivers::Receivers;
use super::sweep::Ship;
use crate::entry::Entry;

/// A neighbour counts when the receiver heard it within this, ms: three reports at anchor.
const HEARD_MS: i64 = 10 * 60_000;
/// After so long where it should be by now says nothing, ms.
const GIVE_UP_MS: i64 = 6 * 3_600_000;

/// A ship to tell of.
#[derive(Clone, Debug)]
pub(crate) struct Unheard {
    pub(crate) track: TrackNumber,
    pub(crate) last: Timestamp,
    pub(crate) for_ms: i64,
    pub(crate) expected: Position,
    pub(crate) neighbours: Vec<TrackNumber>,
    pub(crate) open_deg: f64,
}

/// Whether a receiver may be judged by it: a ship on AIS.
pub(super) fn is_ship(track: &Track) -> bool {
    let mmsi = track.identities.iter().any(|id| matches!(id, Identity::Mmsi(_)));
    track.domain == Domain::Surface && mmsi
}

/// Whether it was heard lately.
pub(super) fn is_heard(track: &Track, now: Timestamp) -> bool {
    now.since_ms(track.last_seen) <= HEARD_MS
}

/// Whether it has not been heard for as long as `preset` asks, and may still be where it should be.
pub(super) fn is_silent(track: &Track, preset: &UnheardPreset, now: Timestamp) -> bool {
    (preset.for_ms..=GIVE_UP_MS).contains(&now.since_ms(track.last_seen))
}

/// The ships that are heard.
pub(super) struct About<'a> {
    pub(super) heard: &'a [Place],
    pub(super) grid: &'a Grid,
    pub(super) tracks: &'a BTreeMap<TrackNumber, Entry>,
}

/// Judges a silent ship; `left` loses what the ships near it cost.
pub(super) fn judge(
    track: &Track,
    about: &About<'_>,
    receivers: &Receivers,
    preset: &UnheardPreset,
    now: Timestamp,
    left: &mut usize,
) -> Option<Unheard> {
    let reports: u64 = track.sources.values().map(|c| c.reports).sum();
    let ship = Ship::of(track, now).filter(|ship| ship.speed_mps >= preset.speed_min_mps)?;
    if reports < preset.reports_min || ship.says_it_lies() {
        return None;
    }
    let (source, _) = track.sources.iter().max_by_key(|(_, c)| c.last)?;
    let Source::Own(feed) = source else { return None };
    let since = receivers.at_work_since(feed)?.max(track.last_seen);
    if now.since_ms(since) < preset.for_ms {
        return None;
    }
    let still = |other: &Track| {
        let heard_by_it = |c: &Contribution| now.since_ms(c.last) <= HEARD_MS;
        other.first_seen <= track.last_seen && other.sources.get(source).is_some_and(heard_by_it)
    };
    let mut neighbours = Vec::new();
    for place in about.grid.near(ship.position).filter_map(|j| about.heard.get(j)) {
        *left = left.saturating_sub(1);
        let other = about.tracks.get(&place.number).map(|entry| &entry.track);
        let near = place.position.distance_m(ship.position) <= preset.near_m;
        if near && other.is_some_and(still) {
            neighbours.push(*place);
        }
    }
    let bearings = neighbours.iter().map(|place| ship.position.bearing_deg(place.position));
    let open_deg = open_deg(bearings);
    let surrounded = neighbours.len() >= preset.neighbours_min && open_deg <= preset.open_max_deg;
    surrounded.then(|| Unheard {
        track: track.number,
        last: track.last_seen,
        for_ms: now.since_ms(track.last_seen),
        expected: ship.position,
        neighbours: neighbours.iter().map(|place| place.number).collect(),
        open_deg,
    })
}

/// The widest angle without any of `bearings`, degrees.
fn open_deg(bearings: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = bearings.collect();
    sorted.sort_by(f64::total_cmp);
    let Some(first) = sorted.first().copied() else { return 360.0 };
    let next = sorted.iter().skip(1).copied().chain([first + 360.0]);
    sorted.iter().zip(next).map(|(a, b)| b - a).fold(0.0, f64::max)
}
