//! From frames to observations: gathers what one aircraft's messages say into one report.
//!
//! Refuses: aircraft heard once, addresses that came out of damaged bits, first positions that no
//! second one agrees with, and growth beyond [`AIRCRAFT_MAX`].

use std::collections::BTreeMap;

use renkei_model::observation::{Attributes, Domain, Identity, Observation};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::aircraft::{Aircraft, Novelty};
use super::frame::{AddressKind, Frame, Message};
use super::locate::Neighbourhood;
use super::received::Received;
use super::told::Told;
use crate::{FeedContext, Reject, content_hash};

/// Aircraft followed at once: about ten times what one receiver ever hears.
pub const AIRCRAFT_MAX: usize = 20_000;
/// An aircraft silent for so long is forgotten.
const SILENCE_MS_MAX: i64 = 600_000;
/// A lone message that none followed within this time was noise.
const NOISE_MS_MAX: i64 = 60_000;
/// How often the table is swept.
const SWEEP_MS: i64 = 1_000;
/// How often an aircraft that reports no position is reported.
const REPORT_MS: i64 = 5_000;
/// Messages before an aircraft shows: one alone may be noise.
const MESSAGES_MIN: u32 = 2;
/// A first position counts once a second one agrees with it.
const AGREEING_MIN: u8 = 2;

/// An address and whether it is ICAO's.
type Key = (bool, u32);

/// Follows the aircraft of one feed.
#[derive(Debug)]
pub struct Tracker {
    context: FeedContext,
    aircraft: BTreeMap<Key, Aircraft>,
    neighbourhood: Neighbourhood,
    swept: Timestamp,
    turned_away: u64,
}

impl Tracker {
    /// A tracker for one feed.
    #[must_use]
    pub fn new(context: FeedContext) -> Self {
        Self {
            context,
            aircraft: BTreeMap::new(),
            neighbourhood: Neighbourhood::default(),
            swept: Timestamp::default(),
            turned_away: 0,
        }
    }

    /// Aircraft followed now, those heard once included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.aircraft.len()
    }

    /// True when no aircraft is followed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.aircraft.is_empty()
    }

    /// Messages of aircraft that found no room.
    #[must_use]
    pub fn turned_away(&self) -> u64 {
        self.turned_away
    }

    /// Takes one frame received by this node at `now`. Gives a report when the frame has a trusted
    /// position, names the aircraft, changes its emergency, or when one that sends no position was
    /// not reported for five seconds.
    ///
    /// # Errors
    /// A [`Reject`] when the frame is refused.
    pub fn receive(
        &mut self,
        received: &Received,
        now: Timestamp,
    ) -> Result<Option<Observation>, Reject> {
        let bytes = received.bytes();
        let frame = Frame::decode(bytes)
            .map_err(|error| Reject::new(error.code(), error.to_string(), bytes))?;
        self.sweep(now);
        let at = received.at.unwrap_or(now);
        let Some(key) = self.key(&frame, at) else { return Ok(None) };
        let Some(aircraft) = self.aircraft.get_mut(&key) else { return Ok(None) };
        let novelty = aircraft.hear(&frame, at, &self.neighbourhood);
        let heard = Heard { key, at, now, content: || content_hash(&[bytes]) };
        Ok(self.report(novelty, heard))
    }

    /// Takes what another decoder said of one aircraft, true at `at`, received at `now`. Gives a
    /// report as [`Tracker::receive`] does; the other decoder's address is believed at once.
    pub fn tell(&mut self, told: &Told, at: Timestamp, now: Timestamp) -> Option<Observation> {
        self.sweep(now);
        let key = (told.is_icao, told.address);
        if !self.enter(key, at) {
            return None;
        }
        let novelty = self.aircraft.get_mut(&key)?.tell(told, at);
        self.report(novelty, Heard { key, at, now, content: || told.content })
    }

    /// The report that a message asks for, if it does.
    fn report<F: FnOnce() -> u64>(
        &mut self,
        novelty: Novelty,
        heard: Heard<F>,
    ) -> Option<Observation> {
        let Heard { key, at, now, content } = heard;
        let aircraft = self.aircraft.get_mut(&key)?;
        if aircraft.messages < MESSAGES_MIN {
            return None;
        }
        let position = match novelty {
            Novelty::Position(fix, agreeing) if agreeing >= AGREEING_MIN => {
                self.neighbourhood.hear(fix);
                Some(fix.position)
            }
            _ => None,
        };
        let silent = aircraft.reported.is_none_or(|last| at.since_ms(last) >= REPORT_MS);
        if position.is_none() && novelty != Novelty::Matter && !silent {
            return None;
        }
        aircraft.reported = Some(at);
        let report = Report { key, position, at, now, content: content() };
        Some(report.observation(aircraft, &self.context))
    }

    /// The aircraft that `frame` is from, which is then in the table. A reply with an overlaid address counts only when the
    /// address was announced before, and an all-call reply to an interrogator (whose code hides
    /// damage in seven bits) does not announce one.
    fn key(&mut self, frame: &Frame, at: Timestamp) -> Option<Key> {
        let key = (frame.address_kind != AddressKind::NonIcao, frame.address);
        let announces = match frame.message {
            Message::AllCall { interrogator } => interrogator == 0,
            Message::Extended { .. } => true,
            Message::Altitude(_) | Message::Identity(_) => false,
        };
        if !self.aircraft.contains_key(&key) && !announces {
            return None;
        }
        self.enter(key, at).then_some(key)
    }

    /// Makes sure that `key` is in the table; false when there is no room.
    fn enter(&mut self, key: Key, at: Timestamp) -> bool {
        if self.aircraft.contains_key(&key) {
            return true;
        }
        if self.aircraft.len() >= AIRCRAFT_MAX {
            self.turned_away += 1;
            return false;
        }
        self.aircraft.insert(key, Aircraft::new(at));
        true
    }

    fn sweep(&mut self, now: Timestamp) {
        if now.since_ms(self.swept).abs() < SWEEP_MS {
            return;
        }
        self.swept = now;
        self.aircraft.retain(|_, aircraft| {
            let limit =
                if aircraft.messages < MESSAGES_MIN { NOISE_MS_MAX } else { SILENCE_MS_MAX };
            now.since_ms(aircraft.heard).abs() <= limit
        });
    }
}

/// A message that was taken: of whom, when it was true, when it came, and what to know it by.
struct Heard<F> {
    key: Key,
    at: Timestamp,
    now: Timestamp,
    content: F,
}

/// What one report adds to what is known of its aircraft.
struct Report {
    key: Key,
    position: Option<Position>,
    at: Timestamp,
    now: Timestamp,
    content: u64,
}

impl Report {
    fn observation(&self, aircraft: &Aircraft, context: &FeedContext) -> Observation {
        let (is_icao, address) = self.key;
        Observation {
            source: context.observation_source(),
            identity: if is_icao { Identity::Icao(address) } else { Identity::NonIcao(address) },
            domain: if aircraft.is_ground_vehicle { Domain::Land } else { Domain::Air },
            event_time: self.at,
            received_at: self.now,
            position: self.position,
            accuracy_m: self.position.and_then(|_| aircraft.accuracy_m()),
            motion: aircraft.motion(self.at),
            attributes: Attributes {
                callsign: aircraft.callsign.map(|callsign| callsign.text().to_owned()),
                squawk: aircraft.squawk.confirmed().map(|squawk| squawk.to_string()),
                emergency: aircraft.emergency(),
                ..Attributes::default()
            },
            content: self.content,
            label: context.label.clone(),
        }
    }
}
