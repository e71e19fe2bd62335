//! The scripted ship: patrols outside the story's zone, enters it when asked, leaves when asked.
//!
//! It says that it is on military operations (type 35), so that no rule makes it neutral; what it
//! is, each side states for itself. Refuses: jumps. Every way begins where the last one ended.

use renkei_codec::ais::{Dimensions, Message};
use renkei_model::observation::Identity;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::fleet::{VoyageOf, position_a, sentences, voyage};
use super::path::{Motion, Path};
use super::table::place;
use super::{Cue, Truth};

/// Corners of the zone. Its southern edge, between the first two, runs due east.
pub(super) const ZONE: [(f64, f64); 5] =
    [(25.35, 126.15), (25.35, 126.45), (25.50, 126.50), (25.62, 126.30), (25.55, 126.10)];

const MMSI: u32 = 691_900_001;
const NAME: &str = "KESTRAL VOE";
const CALLSIGN: &str = "QZV90";
/// Both sides hear it.
pub(super) const RECEIVERS: &[&str] = &["jpn-ais", "usa-ais"];
/// A ship that changes course at speed reports every two seconds (M.1371-5).
pub(super) const INTERVAL_MS: i64 = 2_000;
/// More often than others, so that a floor that opens late soon has its name.
pub(super) const STATIC_MS: i64 = 30_000;

/// The middle of the southern edge.
const EDGE: (f64, f64) = (25.35, 126.30);
/// How far south of the edge it waits.
const WAIT_M: f64 = 200.0;
/// Cue to crossing.
const CROSSING_S: f64 = 25.0;
/// How far north of the edge it then stays.
const INSIDE_M: f64 = 120.0;
/// Half the length of its beat along the edge.
const BEAT_M: f64 = 2_500.0;
const PATROL_MPS: f64 = 6.0;
const STAY_MPS: f64 = 2.5;
const LEAVE_MPS: f64 = 14.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Patrolling,
    Entering,
    Inside,
    Leaving,
}

/// The scripted ship.
#[derive(Debug)]
pub(super) struct Actor {
    phase: Phase,
    since: Timestamp,
    /// When the phase ends by itself.
    until: Option<Timestamp>,
    path: Path,
    /// Asked to enter while it was leaving.
    enters_again: bool,
}

impl Actor {
    pub(super) fn new(start: Timestamp) -> Self {
        let begin = place(EDGE.0, EDGE.1).destination(180.0, WAIT_M).destination(270.0, 800.0);
        let mut actor = Self {
            phase: Phase::Patrolling,
            since: start,
            until: None,
            path: Path::new(vec![begin], false, 0.0),
            enters_again: false,
        };
        actor.patrol(begin, start);
        actor
    }

    pub(super) fn cue(&mut self, cue: Cue, now: Timestamp) {
        self.advance(now);
        match (cue, self.phase) {
            (Cue::ZoneEntry, Phase::Patrolling) => self.enter(now),
            (Cue::ZoneEntry, Phase::Entering) => {}
            (Cue::ZoneEntry, Phase::Inside) => {
                self.leave(now);
                self.enters_again = true;
            }
            (Cue::ZoneEntry, Phase::Leaving) => self.enters_again = true,
            (Cue::Reset, Phase::Entering | Phase::Inside) => self.leave(now),
            (Cue::Reset, Phase::Patrolling | Phase::Leaving) => self.enters_again = false,
        }
    }

    /// Ends the phases that end by themselves before `now`.
    pub(super) fn advance(&mut self, now: Timestamp) {
        while let Some(until) = self.until.filter(|until| *until <= now) {
            let here = self.motion(until).position;
            match self.phase {
                Phase::Leaving if self.enters_again => self.enter(until),
                Phase::Leaving => self.patrol(here, until),
                Phase::Entering | Phase::Inside | Phase::Patrolling => self.stay(here, until),
            }
        }
    }

    /// To and fro along the edge, beginning at `here`, which lies south of it.
    fn patrol(&mut self, here: Position, now: Timestamp) {
        let middle = place(EDGE.0, EDGE.1).destination(180.0, WAIT_M);
        let eastwards = here.longitude_deg() < EDGE.1;
        let (near, far) = if eastwards { (90.0, 270.0) } else { (270.0, 90.0) };
        let (one, two) = (middle.destination(near, BEAT_M), middle.destination(far, BEAT_M));
        self.go(Phase::Patrolling, vec![here, one, two, middle], true, PATROL_MPS, now);
    }

    /// Due north across the edge, so fast that it is crossed [`CROSSING_S`] later.
    fn enter(&mut self, now: Timestamp) {
        self.enters_again = false;
        let here = self.motion(now).position;
        let edge = place(EDGE.0, here.longitude_deg());
        let speed_mps = here.distance_m(edge) / CROSSING_S;
        let goal = edge.destination(0.0, INSIDE_M);
        self.go(Phase::Entering, vec![here, goal], false, speed_mps, now);
        let way_ms = here.distance_m(goal) / speed_mps * 1000.0;
        self.until = Some(now.plus_ms(way_ms as i64));
    }

    /// A small round inside.
    fn stay(&mut self, here: Position, now: Timestamp) {
        let round = [0.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 315.0]
            .map(|turn: f64| here.destination(0.0, 60.0).destination((turn + 180.0) % 360.0, 60.0));
        self.go(Phase::Inside, round.to_vec(), true, STAY_MPS, now);
    }

    /// Due south to where it waits.
    fn leave(&mut self, now: Timestamp) {
        let here = self.motion(now).position;
        let wait = place(EDGE.0, here.longitude_deg()).destination(180.0, WAIT_M);
        self.go(Phase::Leaving, vec![here, wait], false, LEAVE_MPS, now);
        self.until = Some(now.plus_ms((here.distance_m(wait) / LEAVE_MPS * 1000.0) as i64));
    }

    fn go(&mut self, phase: Phase, way: Vec<Position>, closed: bool, mps: f64, now: Timestamp) {
        self.phase = phase;
        self.since = now;
        self.until = None;
        self.path = Path::new(way, closed, mps);
    }

    fn motion(&self, at: Timestamp) -> Motion {
        self.path.motion(self.since, at)
    }

    pub(super) fn position_report(&self, at: Timestamp) -> Vec<u8> {
        let report = position_a(MMSI, 0, self.motion(at), at);
        sentences(&Message::PositionA(report), MMSI, 0)
    }

    pub(super) fn static_report(&self, sequence: u8) -> Vec<u8> {
        let report = voyage(VoyageOf {
            mmsi: MMSI,
            name: NAME,
            callsign: CALLSIGN,
            ship_type: 35,
            dimensions: Dimensions { bow: 70, stern: 26, port: 7, starboard: 7 },
            draught: 42,
            destination: "",
        });
        sentences(&Message::Voyage(report), MMSI, sequence)
    }

    /// As it truly is.
    pub(super) fn truth(&self, at: Timestamp) -> Truth {
        let motion = self.motion(at);
        Truth {
            identity: Identity::Mmsi(MMSI),
            name: NAME.into(),
            position: motion.position,
            speed_mps: motion.speed_mps,
            course_deg: motion.course_deg,
            receivers: RECEIVERS,
        }
    }
}
