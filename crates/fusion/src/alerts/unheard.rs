//! A ship that is heard no more, judged against the receiver that heard it last.
//!
//! It counts only while that receiver is at work without a break, and while ships lie round the
//! place where this one should be by now and are still heard by it: nothing is known of a
//! receiver's reach beyond the outermost ship that it hears.

use std::collections::BTreeMap;

use renkei_model::observation::{Domain, Identity, Source};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use super::config::UnheardPreset;
use super::grid::Grid;
use super::receivers::Receivers;
use super::sweep::Ship;
use super::thing::Thing;
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

/// One look at every ship that was not heard for as long as `preset` asks.
pub(crate) fn sweep(
    tracks: &BTreeMap<TrackNumber, Entry>,
    things: &BTreeMap<TrackNumber, Thing>,
    receivers: &Receivers,
    preset: &UnheardPreset,
    now: Timestamp,
) -> Vec<Unheard> {
    let ships = || tracks.values().map(|entry| &entry.track).filter(|t| is_ship(t));
    let heard: Vec<Ship<'_>> = ships()
        .filter(|track| now.since_ms(track.last_seen) <= HEARD_MS)
        .filter_map(|track| Ship::of(track, now))
        .collect();
    let silent = ships().filter(|track| now.since_ms(track.last_seen) >= preset.for_ms);
    let silent: Vec<&Track> = silent
        .filter(|track| now.since_ms(track.last_seen) <= GIVE_UP_MS)
        .filter(|track| things.get(&track.number).is_some_and(|thing| !thing.unheard))
        .collect();
    if silent.is_empty() || heard.len() < preset.neighbours_min {
        return Vec::new();
    }
    let grid = Grid::new(heard.iter().map(|ship| ship.position).collect(), preset.near_m);
    silent.iter().filter_map(|track| judge(track, &heard, &grid, receivers, preset, now)).collect()
}

fn is_ship(track: &Track) -> bool {
    let mmsi = track.identities.iter().any(|id| matches!(id, Identity::Mmsi(_)));
    track.domain == Domain::Surface && mmsi
}

fn judge(
    track: &Track,
    heard: &[Ship<'_>],
    grid: &Grid,
    receivers: &Receivers,
    preset: &UnheardPreset,
    now: Timestamp,
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
    let still = |j: &usize| {
        let other = &heard[*j];
        let known_before = other.track.first_seen <= track.last_seen;
        let heard_by_it =
            other.track.sources.get(source).is_some_and(|c| now.since_ms(c.last) <= HEARD_MS);
        known_before && heard_by_it && other.position.distance_m(ship.position) <= preset.near_m
    };
    let neighbours: Vec<usize> = grid.near(ship.position).filter(still).collect();
    let open_deg =
        open_deg(neighbours.iter().map(|j| ship.position.bearing_deg(heard[*j].position)));
    let surrounded = neighbours.len() >= preset.neighbours_min && open_deg <= preset.open_max_deg;
    surrounded.then(|| Unheard {
        track: track.number,
        last: track.last_seen,
        for_ms: now.since_ms(track.last_seen),
        expected: ship.position,
        neighbours: neighbours.iter().map(|j| heard[*j].number()).collect(),
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
