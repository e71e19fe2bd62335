//! A message as an observation: metres a second, degrees, and `None` for every sentinel.
//!
//! Refuses: messages that report neither motion nor attributes, and MMSIs that cannot be one
//! (zero, more than nine digits). Nationality is never read from the MMSI.

use renkei_model::observation::{Attributes, Domain, Emergency, Identity, Motion, Observation};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::layout::Fix;
use super::{Message, MmsiClass, Received, Text};
use crate::{FeedContext, content_hash};

/// Metres a second in a knot.
const KNOT_MPS: f64 = 1852.0 / 3600.0;
/// What the accuracy flag promises (M.1371-5: high means better than 10 m).
const ACCURATE_M: f64 = 10.0;
/// What its absence means, and the coarse grid of type 27.
const COARSE_M: f64 = 100.0;
/// Navigational status of an active search and rescue transmitter.
const STATUS_SART_ACTIVE: u8 = 14;
/// Navigational status of a search and rescue transmitter under test.
const STATUS_UNDEFINED: u8 = 15;

/// What `received` says of its sender, or `None` when it says nothing that a track could hold.
///
/// Event time is the one that came with the sentences, else `received_at`. A beacon (970, 972,
/// 974) is in distress unless it says that it is under test (navigational status 15, or the word
/// TEST in its text). VDO is a report like any other: no sentence makes its sender our own ship.
#[must_use]
pub fn to_observation(
    received: &Received<'_>,
    context: &FeedContext,
    received_at: Timestamp,
) -> Option<Observation> {
    let mmsi = received.message.mmsi();
    if !(1..=999_999_999).contains(&mmsi) {
        return None;
    }
    let mut said = Said::of(received.message)?;
    if let Some(name) = received.part_a_name.as_ref().and_then(Text::non_empty) {
        said.attributes.name = Some(name.to_owned());
    }
    let class = MmsiClass::of(mmsi);
    let attributes = Attributes { emergency: emergency(class, &said), ..said.attributes };
    Some(Observation {
        source: context.observation_source(),
        identity: Identity::Mmsi(mmsi),
        domain: domain(class, received.message),
        event_time: received.event_time.unwrap_or(received_at),
        received_at,
        position: said.position,
        accuracy_m: said.position.map(|_| said.accuracy_m),
        motion: said.motion,
        attributes,
        content: content_hash(&[received.payload]),
        label: context.label.clone(),
    })
}

/// Domain by the message's type where only one kind of station may send it, else by the MMSI.
fn domain(class: MmsiClass, message: &Message) -> Domain {
    match (message, class) {
        (Message::SarAircraft(_), _) | (_, MmsiClass::SarAircraft) => Domain::Air,
        (Message::AidToNavigation(_), _) | (_, MmsiClass::AidToNavigation | MmsiClass::Coast) => {
            Domain::Installation
        }
        (_, class) if class.is_distress_beacon() => Domain::Installation,
        (Message::BaseStation(m), MmsiClass::Odd | MmsiClass::Group) if m.kind == 4 => {
            Domain::Installation
        }
        _ => Domain::Surface,
    }
}

fn emergency(class: MmsiClass, said: &Said) -> Option<Emergency> {
    let distress = match said.attributes.nav_status {
        Some(STATUS_SART_ACTIVE) => true,
        Some(STATUS_UNDEFINED) => false,
        None if said.attributes.safety_text.as_ref().is_some_and(|s| s.contains("TEST")) => false,
        _ => class.is_distress_beacon(),
    };
    distress.then_some(Emergency::Distress)
}

/// The reported part of an observation.
#[derive(Default)]
struct Said {
    position: Option<Position>,
    accuracy_m: f64,
    motion: Motion,
    attributes: Attributes,
}

impl Said {
    fn of(message: &Message) -> Option<Self> {
        let said = match message {
            Message::PositionA(m) => {
                let motion = motion(tenths(m.speed), course(m.course), heading(m.heading));
                Self::at(m.fix, m.accurate, motion).status(m.status)
            }
            Message::BaseStation(m) => Self::at(m.fix, m.accurate, Motion::default()),
            Message::SarAircraft(m) => {
                let altitude_m = (m.altitude != 4095).then(|| f64::from(m.altitude));
                let motion = motion(whole(m.speed, 1023), course(m.course), None);
                Self::at(m.fix, m.accurate, Motion { altitude_m, ..motion })
            }
            Message::PositionB(m) => {
                let motion = motion(tenths(m.speed), course(m.course), heading(m.heading));
                Self::at(m.fix, m.accurate, motion)
            }
            Message::ExtendedB(m) => {
                let motion = motion(tenths(m.speed), course(m.course), heading(m.heading));
                Self { attributes: attributes(message), ..Self::at(m.fix, m.accurate, motion) }
            }
            Message::AidToNavigation(m) => Self {
                attributes: attributes(message),
                ..Self::at(m.fix, m.accurate, Motion::default())
            },
            Message::LongRange(m) => {
                let course = (m.course < 360).then(|| f64::from(m.course));
                let motion = motion(whole(m.speed, 63), course, None);
                Self::at(m.fix, false, motion).status(m.status)
            }
            Message::Voyage(_) | Message::StaticA(_) | Message::StaticB(_) => {
                Self { attributes: attributes(message), ..Self::default() }
            }
            Message::SafetyText(m) => {
                let safety_text = Some(m.text.non_empty()?.to_owned());
                let attributes = Attributes { safety_text, ..Attributes::default() };
                Self { attributes, ..Self::default() }
            }
            _ => return None,
        };
        Some(said)
    }

    fn at<const P: i32>(fix: Fix<P>, accurate: bool, motion: Motion) -> Self {
        let accuracy_m = if accurate { ACCURATE_M } else { COARSE_M };
        Self { position: fix.position(), accuracy_m, motion, ..Self::default() }
    }

    fn status(mut self, status: u8) -> Self {
        self.attributes.nav_status = Some(status);
        self
    }
}

fn attributes(message: &Message) -> Attributes {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let mut said = Attributes::default();
    match message {
        Message::Voyage(m) => {
            said.name = text(m.name.as_str());
            said.callsign = text(m.callsign.as_str());
            said.imo = Some(m.imo).filter(|&imo| imo > 0);
            said.ship_type = Some(m.ship_type).filter(|&kind| kind > 0);
            said.destination = text(m.destination.as_str());
            (said.length_m, said.beam_m) = (m.dimensions.length_m(), m.dimensions.beam_m());
        }
        Message::ExtendedB(m) => {
            said.name = text(m.name.as_str());
            said.ship_type = Some(m.ship_type).filter(|&kind| kind > 0);
            (said.length_m, said.beam_m) = (m.dimensions.length_m(), m.dimensions.beam_m());
        }
        Message::AidToNavigation(m) => {
            let extension = if m.name.is_full() { m.extension.as_str() } else { "" };
            said.name = text(&format!("{}{extension}", m.name.as_str()));
        }
        Message::StaticA(m) => said.name = text(m.name.as_str()),
        Message::StaticB(m) => {
            said.callsign = text(m.callsign.as_str());
            said.ship_type = Some(m.ship_type).filter(|&kind| kind > 0);
            if MmsiClass::of(m.mmsi) != MmsiClass::Auxiliary {
                (said.length_m, said.beam_m) = (m.dimensions.length_m(), m.dimensions.beam_m());
            }
        }
        _ => {}
    }
    said
}

fn motion(speed_knots: Option<f64>, course_deg: Option<f64>, heading_deg: Option<f64>) -> Motion {
    let speed_mps = speed_knots.map(|knots| knots * KNOT_MPS);
    Motion { speed_mps, course_deg, heading_deg, ..Motion::default() }
}

fn tenths(speed: u16) -> Option<f64> {
    (speed != 1023).then(|| f64::from(speed) / 10.0)
}

fn whole(speed: u16, absent: u16) -> Option<f64> {
    (speed != absent).then(|| f64::from(speed))
}

fn course(course: u16) -> Option<f64> {
    (course < 3600).then(|| f64::from(course) / 10.0)
}

fn heading(heading: u16) -> Option<f64> {
    (heading < 360).then(|| f64::from(heading))
}
