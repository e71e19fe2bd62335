//! Builds each tier of a release up from nothing: a field that is not written here does not cross.
//!
//! The patterns name every field of the report, so a new field in `renkei-model` does not compile
//! until it was decided here in which tier it belongs.

use renkei_model::id::SourceId;
use renkei_model::label::Label;
use renkei_model::observation::{
    Attributes, CONTENT_RELEASED, Identity, Motion, Observation, Source,
};
use renkei_model::position::MicroPosition;
use renkei_model::track::SensorTrack;

use crate::wire::{
    Existence, FullKinematics, ReleasedIdentity, ReleasedSource, SensorBelief, TEXT_BYTES_MAX,
    slot_start,
};

pub(crate) fn existence(observation: &Observation) -> Existence {
    Existence { domain: observation.domain, at: slot_start(observation.event_time) }
}

pub(crate) fn full(observation: &Observation) -> FullKinematics {
    let Motion { speed_mps, course_deg, heading_deg, altitude_m, vertical_rate_mps } =
        observation.motion;
    FullKinematics {
        at: observation.event_time,
        position: observation.position.map(on_the_globe),
        accuracy_dm: observation.accuracy_m.and_then(|v| unsigned(v * 10.0)),
        speed_cmps: speed_mps.and_then(|v| unsigned(v * 100.0)),
        course_cdeg: course_deg.and_then(angle_cdeg),
        heading_cdeg: heading_deg.and_then(angle_cdeg),
        altitude_dm: altitude_m.and_then(|v| signed(v * 10.0)),
        vertical_cmps: vertical_rate_mps.and_then(|v| signed(v * 100.0)),
    }
}

/// What it takes to weigh a sensor's own track; `None` when it is no estimate.
pub(crate) fn belief(track: &SensorTrack) -> Option<SensorBelief> {
    let SensorTrack { at: _, position: _, velocity_mps, covariance, quiet_ms } = track;
    let cmps = |mps: f64| signed(mps * 100.0);
    let [east, north] = *velocity_mps;
    Some(SensorBelief {
        velocity_cmps: [cmps(east)?, cmps(north)?],
        covariance: SensorBelief::written(covariance),
        quiet_ms: u32::try_from(*quiet_ms).ok()?,
    })
    .filter(|_| track.is_sound())
}

/// `None` when the thing has no name that may stand in the tier (a partner's alias, or longer than
/// a name may be).
pub(crate) fn identity(observation: &Observation) -> Option<ReleasedIdentity> {
    let (identity, in_clear) = match &observation.identity {
        Identity::Mmsi(mmsi) => (Identity::Mmsi(*mmsi), true),
        Identity::Icao(address) => (Identity::Icao(*address), true),
        Identity::NonIcao(address) => (Identity::NonIcao(*address), true),
        Identity::Cot(uid) => (Identity::Cot(text(uid)?), false),
        Identity::Alias(_) => return None,
    };
    Some(ReleasedIdentity {
        identity,
        attributes: attributes(&observation.attributes),
        content: in_clear.then_some(observation.content & CONTENT_RELEASED),
    })
}

pub(crate) fn source(observation: &Observation) -> Option<ReleasedSource> {
    match &observation.source {
        Source::Own(SourceId(name)) => Some(ReleasedSource { feed: SourceId(text(name)?) }),
        Source::Partner { .. } => None,
    }
}

/// The label that crosses. Its creation time is quantised like the event time where the exact one
/// is withheld, because a message that brings its own label is labelled when it is sent.
pub(crate) fn label(label: &Label, exact_time: bool) -> Label {
    let Label {
        policy,
        classification,
        releasable_to,
        restrictive,
        informative,
        originator,
        created,
        review,
    } = label;
    Label {
        policy: policy.clone(),
        classification: *classification,
        releasable_to: releasable_to.clone(),
        restrictive: restrictive.clone(),
        informative: informative.clone(),
        originator: *originator,
        created: if exact_time { *created } else { slot_start(*created) },
        review: if exact_time { *review } else { review.map(slot_start) },
    }
}

fn attributes(said: &Attributes) -> Attributes {
    let Attributes {
        name,
        callsign,
        imo,
        ship_type,
        destination,
        length_m,
        beam_m,
        nav_status,
        squawk,
        cot_type,
        team,
        emergency,
        // Free text is no part of any tier: a person reads it before it may go, by other means.
        safety_text: _,
    } = said;
    let text = |said: &Option<String>| said.as_deref().and_then(text);
    Attributes {
        name: text(name),
        callsign: text(callsign),
        imo: *imo,
        ship_type: *ship_type,
        destination: text(destination),
        length_m: *length_m,
        beam_m: *beam_m,
        nav_status: *nav_status,
        squawk: text(squawk),
        cot_type: text(cot_type),
        team: text(team),
        emergency: *emergency,
        safety_text: None,
    }
}

fn text(said: &str) -> Option<String> {
    (said.len() <= TEXT_BYTES_MAX).then(|| said.to_owned())
}

fn on_the_globe(position: renkei_model::position::Position) -> MicroPosition {
    let p = MicroPosition::from(position);
    let longitude_udeg =
        if p.longitude_udeg == 180_000_000 { -180_000_000 } else { p.longitude_udeg };
    MicroPosition { longitude_udeg, ..p }
}

fn unsigned(value: f64) -> Option<u32> {
    let value = value.round();
    (0.0..=f64::from(u32::MAX)).contains(&value).then_some(value as u32)
}

fn signed(value: f64) -> Option<i32> {
    let value = value.round();
    (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value).then_some(value as i32)
}

fn angle_cdeg(degrees: f64) -> Option<u16> {
    let in_circle = (0.0..360.0).contains(&degrees);
    in_circle.then(|| ((degrees * 100.0).round() as u16) % 36_000)
}
