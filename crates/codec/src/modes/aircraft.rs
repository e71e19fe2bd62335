//! What is known of one aircraft from its own messages.
//!
//! Refuses: a Mode A code or an emergency said once (a selector passes over 7500 on its way), motion
//! much older than its position, and a ground station's word where the aircraft itself is heard.

use renkei_model::observation::{Emergency, Motion};
use renkei_model::time::Timestamp;

use super::field::{Altitude, Callsign, Squawk};
use super::frame::{Content, Emitter, Frame, Message};
use super::locate::{Fix, Locator, Neighbourhood};
use super::told::Told;

/// Motion older than this is not reported with a position; velocity comes twice a second.
const MOTION_AGE_MS_MAX: i64 = 15_000;
/// For so long an aircraft's own position keeps a ground station's out.
const OWN_VOICE_MS: i64 = 30_000;
/// For so long a pressure altitude keeps a height above the ellipsoid out.
const PRESSURE_AGE_MS_MAX: i64 = 30_000;
/// An emergency state is said every 0.8 s while it lasts (DO-260B, aircraft status broadcast rate); for
/// so long after the last time it still stands.
const STATE_AGE_MS_MAX: i64 = 30_000;
/// Standard deviation of one axis from a radius that holds 95 % of positions (Rayleigh).
const RADIUS_95_PER_SD: f64 = 2.447_7;
/// The same from a containment radius at 1e-5 an hour.
pub(super) const CONTAINMENT_PER_SD: f64 = 4.8;

/// A value that counts once it was said twice in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Twice<T> {
    confirmed: Option<T>,
    candidate: Option<T>,
}

impl<T> Default for Twice<T> {
    fn default() -> Self {
        Self { confirmed: None, candidate: None }
    }
}

impl<T: Copy + PartialEq> Twice<T> {
    /// Takes a value; true when that changes what is confirmed.
    fn say(&mut self, value: T) -> bool {
        if self.candidate != Some(value) {
            self.candidate = Some(value);
            return false;
        }
        let changed = self.confirmed != Some(value);
        self.confirmed = Some(value);
        changed
    }

    /// The confirmed value.
    pub(super) fn confirmed(&self) -> Option<T> {
        self.confirmed
    }
}

/// What a message brought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Novelty {
    /// Nothing that asks for a report of its own.
    Nothing,
    /// A new name, code or emergency.
    Matter,
    /// A position, and how many in a row agreed.
    Position(Fix, u8),
}

/// One aircraft.
#[derive(Clone, Debug)]
pub(super) struct Aircraft {
    pub(super) messages: u32,
    pub(super) heard: Timestamp,
    pub(super) reported: Option<Timestamp>,
    pub(super) callsign: Option<Callsign>,
    pub(super) squawk: Twice<Squawk>,
    pub(super) is_ground_vehicle: bool,
    state: Twice<u8>,
    state_at: Timestamp,
    locator: Locator,
    own_voice: Option<Timestamp>,
    altitude: Option<(Altitude, Timestamp)>,
    pressure_at: Option<Timestamp>,
    course: Option<(f64, Timestamp)>,
    speed_kn: Option<(f64, Timestamp)>,
    climb_fpm: Option<(f64, Timestamp)>,
    nac_p: Option<u8>,
    sil: Option<u8>,
    type_code: u8,
}

impl Aircraft {
    /// An aircraft first heard at `at`.
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            messages: 0,
            heard: at,
            reported: None,
            callsign: None,
            squawk: Twice::default(),
            is_ground_vehicle: false,
            state: Twice::default(),
            state_at: at,
            locator: Locator::default(),
            own_voice: None,
            altitude: None,
            pressure_at: None,
            course: None,
            speed_kn: None,
            climb_fpm: None,
            nac_p: None,
            sil: None,
            type_code: 0,
        }
    }

    /// Takes what a frame of this aircraft says.
    pub(super) fn hear(
        &mut self,
        frame: &Frame,
        at: Timestamp,
        neighbourhood: &Neighbourhood,
    ) -> Novelty {
        self.messages = self.messages.saturating_add(1);
        self.heard = at;
        let matter = |is: bool| if is { Novelty::Matter } else { Novelty::Nothing };
        match frame.message {
            Message::AllCall { .. } => Novelty::Nothing,
            Message::Identity(squawk) => matter(self.squawk.say(squawk)),
            Message::Altitude(altitude) => {
                self.climb_to(altitude, false, at);
                Novelty::Nothing
            }
            Message::Extended { emitter, type_code, content } => {
                if !self.is_heeded(emitter, at) {
                    return Novelty::Nothing;
                }
                let own = matches!(emitter, Emitter::Transponder | Emitter::Device);
                if own && frame.cpr().is_some() {
                    self.own_voice = Some(at);
                }
                match content {
                    Content::Identification { category, callsign } => {
                        matter(self.name(type_code, category, callsign))
                    }
                    Content::Status { emergency, squawk } => {
                        let squawked = self.squawk.say(squawk);
                        self.state_at = at;
                        matter(self.state.say(emergency) | squawked)
                    }
                    _ => {
                        self.move_to(content, at);
                        self.place(frame, at, neighbourhood)
                    }
                }
            }
        }
    }

    /// Takes what another decoder says of this aircraft.
    pub(super) fn tell(&mut self, told: &Told, at: Timestamp) -> Novelty {
        self.messages = self.messages.saturating_add(1);
        self.heard = at;
        let is_surface = told.is_on_ground == Some(true);
        if is_surface {
            self.altitude = None;
            self.climb_fpm = None;
        } else {
            self.climb_to(
                told.altitude_ft.map(|feet| Altitude::Feet(feet.round() as i32)),
                false,
                at,
            );
            self.climb_fpm = told.climb_fpm.map(|rate| (rate, at)).or(self.climb_fpm);
        }
        self.speed_kn = told.ground_speed_kn.map(|speed| (speed, at)).or(self.speed_kn);
        self.course = told.track_deg.map(|track| (track, at)).or(self.course);
        let named = told.callsign.is_some_and(|callsign| self.call(callsign));
        let squawked = told.squawk.is_some_and(|squawk| self.squawk.say(squawk));
        let fix = told.position.map(|position| Fix { position, at, is_surface });
        match fix.filter(|fix| self.locator.accept(*fix).is_some()) {
            Some(fix) => Novelty::Position(fix, self.locator.agreeing()),
            None if named || squawked => Novelty::Matter,
            None => Novelty::Nothing,
        }
    }

    /// A ground station's report of an aircraft that is itself heard is older and coarser.
    fn is_heeded(&self, emitter: Emitter, at: Timestamp) -> bool {
        let own_voice = self.own_voice.is_some_and(|last| at.since_ms(last) <= OWN_VOICE_MS);
        matches!(emitter, Emitter::Transponder | Emitter::Device) || !own_voice
    }

    fn name(&mut self, type_code: Option<u8>, category: u8, callsign: Callsign) -> bool {
        // Set C (type code 2), categories 1 and 3: emergency and service vehicles.
        self.is_ground_vehicle = type_code == Some(2) && matches!(category, 1 | 3);
        self.call(callsign)
    }

    fn call(&mut self, callsign: Callsign) -> bool {
        let is_new = callsign.is_plain() && self.callsign != Some(callsign);
        if is_new {
            self.callsign = Some(callsign);
        }
        is_new
    }

    fn move_to(&mut self, content: Content, at: Timestamp) {
        match content {
            Content::Airborne { altitude, is_gnss_height, .. } => {
                self.climb_to(altitude, is_gnss_height, at);
            }
            Content::Surface { ground_speed_kn, track_deg, .. } => {
                self.altitude = None;
                self.climb_fpm = None;
                self.speed_kn = ground_speed_kn.map(|speed| (speed, at));
                self.course = track_deg.map(|track| (track, at));
            }
            Content::Velocity(velocity) => {
                if let Some((speed, course)) = velocity.over_ground() {
                    self.speed_kn = Some((speed, at));
                    self.course = Some((course, at));
                }
                self.climb_fpm = velocity.vertical_rate_fpm.map(|rate| (f64::from(rate), at));
            }
            Content::Quality { nac_p, sil } => {
                self.nac_p = Some(nac_p);
                self.sil = Some(sil);
            }
            _ => {}
        }
    }

    fn place(&mut self, frame: &Frame, at: Timestamp, neighbourhood: &Neighbourhood) -> Novelty {
        let Some((cpr, is_surface)) = frame.cpr() else { return Novelty::Nothing };
        self.type_code = frame.type_code().unwrap_or_default();
        match self.locator.place(cpr, is_surface, at, neighbourhood) {
            Some(position) => {
                let fix = Fix { position, at, is_surface };
                Novelty::Position(fix, self.locator.agreeing())
            }
            None => Novelty::Nothing,
        }
    }

    fn climb_to(&mut self, altitude: Option<Altitude>, is_gnss_height: bool, at: Timestamp) {
        let Some(altitude) = altitude else { return };
        let pressure_known =
            self.pressure_at.is_some_and(|last| at.since_ms(last) <= PRESSURE_AGE_MS_MAX);
        if is_gnss_height && pressure_known {
            return;
        }
        if !is_gnss_height {
            self.pressure_at = Some(at);
        }
        self.altitude = Some((altitude, at));
    }

    /// Motion at `at`, in metres and metres a second.
    pub(super) fn motion(&self, at: Timestamp) -> Motion {
        let fresh = |said: Timestamp| at.since_ms(said).abs() <= MOTION_AGE_MS_MAX;
        let number =
            |said: Option<(f64, Timestamp)>| said.filter(|(_, t)| fresh(*t)).map(|(n, _)| n);
        let knots = 1852.0 / 3600.0;
        Motion {
            speed_mps: number(self.speed_kn).map(|speed| speed * knots),
            course_deg: number(self.course),
            heading_deg: None,
            altitude_m: self.altitude.filter(|(_, t)| fresh(*t)).map(|(a, _)| a.metres()),
            vertical_rate_mps: number(self.climb_fpm).map(|rate| rate * 0.3048 / 60.0),
        }
    }

    /// The emergency that is confirmed by code or by status message. A report that says a squawk says
    /// all that is known: `None` beside it means that there is none, or none any more.
    pub(super) fn emergency(&self) -> Option<Emergency> {
        let by_code = match self.squawk.confirmed() {
            Some(Squawk::HIJACK) => Some(Emergency::UnlawfulInterference),
            Some(Squawk::RADIO_FAILURE) => Some(Emergency::RadioFailure),
            Some(Squawk::EMERGENCY) => Some(Emergency::GeneralEmergency),
            _ => None,
        };
        let is_fresh = self.heard.since_ms(self.state_at) <= STATE_AGE_MS_MAX;
        by_code.or(match self.state.confirmed().filter(|_| is_fresh) {
            Some(1) => Some(Emergency::GeneralEmergency),
            Some(4) => Some(Emergency::RadioFailure),
            Some(5) => Some(Emergency::UnlawfulInterference),
            Some(6) => Some(Emergency::Distress),
            _ => None,
        })
    }

    /// One standard deviation of the position in metres: from the navigation accuracy category if it
    /// was sent, else from the containment radius that the type code stands for, unless the source
    /// integrity level says that nobody knows how often it is exceeded.
    pub(super) fn accuracy_m(&self) -> Option<f64> {
        let contained = containment_radius_m(self.type_code).filter(|_| self.sil != Some(0));
        let by_category = self.nac_p.and_then(accuracy_m_of_category);
        by_category.or_else(|| contained.map(|radius| radius / CONTAINMENT_PER_SD))
    }
}

/// One standard deviation in metres from a navigation accuracy category for position.
pub(super) fn accuracy_m_of_category(nac_p: u8) -> Option<f64> {
    accuracy_radius_m(nac_p).map(|radius| radius / RADIUS_95_PER_SD)
}

/// Estimated position uncertainty, 95 % (DO-260B table 2-70); `None` for 0, unknown.
fn accuracy_radius_m(nac_p: u8) -> Option<f64> {
    const NAUTICAL_MILE: f64 = 1852.0;
    match nac_p {
        1 => Some(10.0 * NAUTICAL_MILE),
        2 => Some(4.0 * NAUTICAL_MILE),
        3 => Some(2.0 * NAUTICAL_MILE),
        4 => Some(NAUTICAL_MILE),
        5 => Some(0.5 * NAUTICAL_MILE),
        6 => Some(0.3 * NAUTICAL_MILE),
        7 => Some(0.1 * NAUTICAL_MILE),
        8 => Some(0.05 * NAUTICAL_MILE),
        9 => Some(30.0),
        10 => Some(10.0),
        11 => Some(3.0),
        _ => None,
    }
}

/// Containment radius by type code, the larger where a supplement bit decides (DO-260B table 2-14).
fn containment_radius_m(type_code: u8) -> Option<f64> {
    match type_code {
        5 | 9 | 20 => Some(7.5),
        6 | 10 | 21 => Some(25.0),
        7 | 11 => Some(185.2),
        12 => Some(370.4),
        13 => Some(1_111.2),
        14 => Some(1_852.0),
        15 => Some(3_704.0),
        16 => Some(14_816.0),
        17 => Some(37_040.0),
        _ => None,
    }
}
