//! Questions about the past: a track's way, and the whole picture's, in bounded pages. Who asked for
//! what goes into the ledger before the answer leaves.
//!
//! Refuses: the partner's people. What was released to them is not kept apart from what was not.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use renkei_model::id::Nation;
use renkei_model::time::Timestamp;
use renkei_store::history::{Area, Asked, HistoryRow, Slice};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{Engine, kinds};
use crate::access::User;
use crate::keeper::ToKeeper;
use crate::messages::{Past, Query};

/// Points in one page of a track's way.
const TRAIL_POINTS_MAX: usize = 2_000;
/// Points in one page of the picture's past: about 1 MB.
const PLAYBACK_POINTS_MAX: usize = 20_000;
/// The same person asking for the same thing again is one search for this long: a trail on the
/// screen is asked for every few seconds.
const SAME_SEARCH_MS: i64 = 600_000;
/// Searches that are remembered as the same; beyond it each is logged anew.
const SEARCHES_MAX: usize = 1_024;

const KNOTS_PER_CMPS: f64 = 36.0 / 1_852.0;

/// A search of the history, as it lies in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Searched {
    /// Who.
    #[n(0)]
    pub(crate) person: String,
    /// Whose person.
    #[n(1)]
    pub(crate) nation: Nation,
    /// From which seat; empty = none.
    #[n(2)]
    pub(crate) seat: String,
    /// Whose past; `None` = everything's.
    #[n(3)]
    pub(crate) track: Option<u32>,
    /// South, west, north, east in 1e-6 degree; `None` = everywhere.
    #[n(4)]
    pub(crate) area: Option<[i32; 4]>,
    /// From when.
    #[n(5)]
    pub(crate) from: Timestamp,
    /// To when.
    #[n(6)]
    pub(crate) to: Timestamp,
}

/// What a person asked for of late, so that one search is logged once.
#[derive(Debug, Default)]
pub(super) struct Searches(BTreeMap<Subject, (Timestamp, Searched)>);

/// Person, track, area.
type Subject = (String, Option<u32>, Option<[i32; 4]>);

impl Searches {
    /// Whether `searched` is to be logged.
    fn is_new(&mut self, searched: &Searched, now: Timestamp) -> bool {
        self.0.retain(|_, (logged, _)| now.since_ms(*logged) < SAME_SEARCH_MS);
        let subject = (searched.person.clone(), searched.track, searched.area);
        let is_within = |(_, before): &(Timestamp, Searched)| {
            searched.from >= before.from && searched.to <= before.to.plus_ms(SAME_SEARCH_MS)
        };
        if self.0.get(&subject).is_some_and(is_within) {
            return false;
        }
        if self.0.len() < SEARCHES_MAX {
            self.0.insert(subject, (now, searched.clone()));
        }
        true
    }
}

fn degrees(micro: i32) -> f64 {
    f64::from(micro) / 1e6
}

fn corners(area: Area) -> [i32; 4] {
    [area.south, area.west, area.north, area.east]
}

impl Engine {
    /// A track's way or the picture's past, page by page.
    pub(super) fn past(
        &mut self,
        by: &User,
        query: Query,
        reply: oneshot::Sender<Option<Value>>,
        now: Timestamp,
    ) {
        let (asked, past) = match query {
            Query::History { track, past } => (Asked::Track(track), past),
            Query::Playback { area, past } => (Asked::Picture(area), past),
            _ => return,
        };
        if by.nation != self.nation {
            let _ = reply.send(None);
            return;
        }
        self.log_search(by, asked, past, now);
        let (rows, answer) = oneshot::channel();
        let rows_max = match asked {
            Asked::Track(_) => TRAIL_POINTS_MAX,
            Asked::Picture(_) => PLAYBACK_POINTS_MAX,
        };
        let window = (past.after.unwrap_or(past.from).max(past.from), past.to);
        let slice = ToKeeper::Slice { asked, window, step_ms: past.step_ms, rows_max, reply: rows };
        if !self.keeper.ask(slice) {
            return;
        }
        tokio::spawn(async move {
            // Without an answer the reply is dropped, and the asker hears that the node is busy.
            let Ok(slice) = answer.await else { return };
            let page = match asked {
                Asked::Track(_) => trail_json(past, &slice),
                Asked::Picture(_) => playback_json(past, &slice),
            };
            let _ = reply.send(Some(page));
        });
    }

    fn log_search(&mut self, by: &User, asked: Asked, past: Past, now: Timestamp) {
        let (track, area) = match asked {
            Asked::Track(track) => (Some(track), None),
            Asked::Picture(area) => (None, area.map(corners)),
        };
        let searched = Searched {
            person: by.person.clone(),
            nation: by.nation,
            seat: by.seat.as_ref().map(|seat| seat.0.clone()).unwrap_or_default(),
            track,
            area,
            from: past.from,
            to: past.to,
        };
        if self.searches.is_new(&searched, now) {
            let body = renkei_model::cbor::to_canonical(&searched);
            self.keep(vec![(kinds::SEARCH, body)], Vec::new(), now);
        }
    }
}

/// What every page says of itself.
fn page(past: Past, slice: &Slice) -> Value {
    json!({
        "from_ms": past.from, "to_ms": past.to, "step_ms": past.step_ms,
        "next_ms": (slice.end <= past.to).then_some(slice.end),
    })
}

fn trail_json(past: Past, slice: &Slice) -> Value {
    let point = |row: &HistoryRow| {
        json!([row.at, degrees(row.position.latitude_udeg), degrees(row.position.longitude_udeg)])
    };
    let mut value = page(past, slice);
    value["points"] = slice.rows.iter().map(point).collect();
    value
}

fn playback_json(past: Past, slice: &Slice) -> Value {
    let mut tracks: BTreeMap<u32, Vec<&HistoryRow>> = BTreeMap::new();
    for row in &slice.rows {
        tracks.entry(row.track).or_default().push(row);
    }
    let tenths = |value: f64| (value * 10.0).round() / 10.0;
    let point = |row: &&HistoryRow| {
        json!([
            row.at,
            degrees(row.position.latitude_udeg),
            degrees(row.position.longitude_udeg),
            row.course_cdeg.map(|course| f64::from(course) / 100.0),
            row.speed_cmps.map(|speed| tenths(f64::from(speed) * KNOTS_PER_CMPS)),
        ])
    };
    let track = |(number, rows): (u32, Vec<&HistoryRow>)| {
        let marks = rows.iter().fold(0, |all, row| all | row.marks);
        json!({
            "number": number,
            "domain": super::rows::domain_word(rows.last().map_or(0, |row| row.marks)),
            "held_by": match marks & 3 { 1 => "own", 2 => "partner", _ => "both" },
            "points": rows.iter().map(point).collect::<Vec<_>>(),
            "told": slice.told.get(&number).and_then(|text| serde_json::from_str::<Value>(text).ok()),
        })
    };
    let mut value = page(past, slice);
    value["tracks"] = tracks.into_iter().map(track).collect();
    value["cut"] = slice.is_cut.into();
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(person: &str, track: Option<u32>, from: i64, to: i64) -> Searched {
        Searched {
            person: person.into(),
            nation: Nation::JPN,
            seat: String::new(),
            track,
            area: None,
            from: Timestamp(from),
            to: Timestamp(to),
        }
    }

    #[test]
    fn a_trail_that_is_renewed_is_one_search_and_a_wider_one_is_another() {
        let mut searches = Searches::default();
        let mut asks = |person: &str, track, from, to, now| {
            searches.is_new(&search(person, track, from, to), Timestamp(now))
        };
        assert!(asks("Mori", Some(1), 0, 100, 100));
        assert!(!asks("Mori", Some(1), 10, 110, 110), "the same trail, ten seconds on");
        assert!(asks("Mori", Some(1), -5, 110, 110), "further back");
        assert!(asks("Mori", Some(2), 10, 110, 110), "another track");
        assert!(asks("Mori", None, 10, 110, 110), "everything");
        assert!(asks("Oda", Some(1), 10, 110, 110), "another person");
        assert!(asks("Mori", Some(1), 10, 110, 110 + SAME_SEARCH_MS), "later");
    }

    #[test]
    fn a_flood_of_searches_is_logged_in_bounded_memory() {
        let mut searches = Searches::default();
        for track in 0..5_000 {
            assert!(searches.is_new(&search("Mori", Some(track), 0, 1), Timestamp(1)));
        }
        assert_eq!(searches.0.len(), SEARCHES_MAX);
    }
}
