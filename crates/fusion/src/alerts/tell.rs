//! Each fact as an alert: what happened in scaled whole numbers, and why it was raised.

use renkei_model::observation::{Emergency, Observation};
use renkei_model::position::Position;
use renkei_model::statement::{Change, IdentityField, Occurrence};
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use super::approach::Approach;
use super::config::{
    ApproachPreset, JumpPreset, LoiteringPreset, MovementPreset, NavigationPreset, ReceiverPreset,
    TextPreset, UnheardPreset,
};
use super::loitering::Slow;
use super::movement::Changed;
use super::navigation::Poor;
use super::receivers::Silent;
use super::rendezvous::Meeting;
use super::sweep::{Ship, name};
use super::text::Heard;
use super::unheard::Unheard;
use super::why::{Rule, Why, ckn, figures};
use crate::alert::{Alert, Jump};

/// Milliseconds as an occurrence holds them.
pub(crate) fn ms(ms: i64) -> u64 {
    ms.max(0).unsigned_abs()
}

fn metres(distance_m: f64) -> u32 {
    distance_m.round() as u32
}

fn known(track: &Track) -> Option<Position> {
    track.estimate.as_ref().map(|estimate| estimate.position)
}

/// About one track, from a report.
fn of_report(track: &Track, o: &Observation, occurrence: Occurrence, why: Why) -> Alert {
    Alert {
        track: Some(track.number),
        identity: Some(o.identity.clone()),
        occurrence,
        sensed_at: o.event_time.min(o.received_at),
        ingested_at: o.received_at,
        position: o.position.or_else(|| known(track)),
        why,
    }
}

/// About one track, from a sweep at `now`.
fn of_sweep(
    track: &Track,
    position: Position,
    occurrence: Occurrence,
    why: Why,
    now: Timestamp,
) -> Alert {
    Alert {
        track: Some(track.number),
        identity: name(track),
        occurrence,
        sensed_at: now,
        ingested_at: now,
        position: Some(position),
        why,
    }
}

/// One identity in two places: both tracks go on.
pub(crate) fn in_two_places(track: &Track, other: TrackNumber, o: &Observation) -> Alert {
    let why = Why {
        rule: Rule::DuplicateIdentity,
        preset: "split",
        thresholds: figures([("fixes", crate::identity::HELD_TO_SPLIT as f64)]),
        measured: figures([("fixes", crate::identity::HELD_TO_SPLIT as f64)]),
        tracks: vec![track.number, other],
        from: track.first_seen,
        until: o.received_at,
    };
    of_report(track, o, Occurrence::DuplicateIdentity, why)
}

/// One identity went on elsewhere.
pub(crate) fn jumped(
    track: &Track,
    other: TrackNumber,
    o: &Observation,
    jump: Jump,
    preset: &JumpPreset,
) -> Alert {
    let tracks = vec![track.number, other];
    let fixes = crate::identity::HELD_TO_SPLIT;
    jump_alert(track, o, jump, tracks, fixes, (fixes, preset))
}

/// One identity hops about.
pub(crate) fn hops(
    track: &Track,
    o: &Observation,
    jump: Jump,
    fixes: usize,
    preset: &JumpPreset,
) -> Alert {
    jump_alert(track, o, jump, vec![track.number], fixes, (preset.fixes, preset))
}

fn jump_alert(
    track: &Track,
    o: &Observation,
    jump: Jump,
    tracks: Vec<TrackNumber>,
    fixes: usize,
    (fixes_min, preset): (usize, &JumpPreset),
) -> Alert {
    let in_ms = jump.to_at.since_ms(jump.from_at).abs();
    let occurrence =
        Occurrence::ImpossibleJump { distance_m: metres(jump.distance_m()), in_ms: ms(in_ms) };
    let why = Why {
        rule: Rule::ImpossibleJump,
        preset: preset.preset,
        thresholds: figures([("fixes", fixes_min as f64), ("within_ms", preset.within_ms as f64)]),
        measured: figures([
            ("fixes", fixes as f64),
            ("distance_m", jump.distance_m()),
            ("in_ms", in_ms as f64),
        ]),
        tracks,
        from: jump.from_at.min(jump.to_at),
        until: o.received_at,
    };
    of_report(track, o, occurrence, why)
}

/// Another name than before.
pub(crate) fn renamed(
    track: &Track,
    o: &Observation,
    field: IdentityField,
    before: String,
    after: String,
) -> Alert {
    let why = Why {
        rule: Rule::IdentityChanged,
        preset: "said_twice",
        thresholds: figures([("reports", 2.0)]),
        measured: figures([("reports", 2.0)]),
        tracks: vec![track.number],
        from: track.first_seen,
        until: o.received_at,
    };
    of_report(track, o, Occurrence::IdentityChanged { field, before, after }, why)
}

/// A watched track turned or changed speed.
pub(crate) fn changed(
    track: &Track,
    o: &Observation,
    changed: Changed,
    preset: &MovementPreset,
) -> Alert {
    let speed_ckn = f64::from(ckn(preset.speed_mps));
    let threshold = match &changed.change {
        Change::Course { .. } => ("turn_deg", preset.course_deg),
        _ => ("speed_change_ckn", speed_ckn),
    };
    let why = Why {
        rule: Rule::MovementChanged,
        preset: preset.preset,
        thresholds: figures([threshold, ("for_ms", preset.for_ms as f64)]),
        measured: changed.measured,
        tracks: vec![track.number],
        from: changed.from,
        until: o.received_at,
    };
    of_report(track, o, Occurrence::MovementChanged { change: changed.change }, why)
}

/// A watched track says another destination.
pub(crate) fn destination(
    track: &Track,
    o: &Observation,
    change: Change,
    preset: &MovementPreset,
) -> Alert {
    let why = Why {
        rule: Rule::MovementChanged,
        preset: preset.preset,
        thresholds: figures([("reports", 2.0)]),
        measured: figures([("reports", 2.0)]),
        tracks: vec![track.number],
        from: o.received_at,
        until: o.received_at,
    };
    of_report(track, o, Occurrence::MovementChanged { change }, why)
}

/// A safety-related text, as received.
pub(crate) fn safety_text(
    track: &Track,
    o: &Observation,
    text: &str,
    heard: Heard,
    preset: &TextPreset,
) -> Alert {
    let why = Why {
        rule: Rule::SafetyText,
        preset: preset.preset,
        thresholds: figures([
            ("texts", preset.texts_max as f64),
            ("within_ms", preset.within_ms as f64),
        ]),
        measured: figures([
            ("texts", heard.texts as f64),
            ("held_back", f64::from(heard.held_back)),
        ]),
        tracks: vec![track.number],
        from: heard.from,
        until: o.received_at,
    };
    of_report(track, o, Occurrence::SafetyText { text: text.into() }, why)
}

/// A receiver gives nothing: about no track.
pub(crate) fn silent(silent: Silent, preset: &ReceiverPreset, now: Timestamp) -> Alert {
    let why = Why {
        rule: Rule::SourceSilent,
        preset: preset.preset,
        thresholds: figures([
            ("silent_ms", preset.silent_min_ms as f64),
            ("intervals", preset.intervals),
        ]),
        measured: figures([
            ("silent_ms", silent.for_ms as f64),
            ("interval_ms", silent.interval_ms),
        ]),
        tracks: Vec::new(),
        from: silent.last,
        until: now,
    };
    Alert {
        track: None,
        identity: None,
        occurrence: Occurrence::SourceSilent { feed: silent.feed.0, for_ms: ms(silent.for_ms) },
        sensed_at: silent.last,
        ingested_at: now,
        position: None,
        why,
    }
}

/// Poor satellite navigation: about an area.
pub(crate) fn poor(poor: Poor, preset: &NavigationPreset, now: Timestamp) -> Alert {
    let (count, all) = (poor.aircraft.len() as u32, poor.all as u32);
    let occurrence = Occurrence::PoorNavigation {
        centre: poor.centre.into(),
        side_m: metres(2.0 * preset.radius_m),
        poor: count,
        all,
    };
    let why = Why {
        rule: Rule::PoorNavigation,
        preset: preset.preset,
        thresholds: figures([
            ("accuracy_m", preset.poor_m),
            ("aircraft", preset.aircraft_min as f64),
            ("part_percent", preset.part_min * 100.0),
            ("for_ms", preset.for_ms as f64),
        ]),
        measured: figures([
            ("aircraft", f64::from(count)),
            ("all", f64::from(all)),
            ("for_ms", now.since_ms(poor.from) as f64),
        ]),
        tracks: poor.aircraft,
        from: poor.from,
        until: now,
    };
    Alert {
        track: None,
        identity: None,
        occurrence,
        sensed_at: poor.from,
        ingested_at: now,
        position: Some(poor.centre),
        why,
    }
}

/// Two ships will pass close; `None` where the other has no name.
pub(crate) fn approach(
    pair: &Approach<'_>,
    preset: &ApproachPreset,
    now: Timestamp,
) -> Option<Alert> {
    let [a, b] = &pair.ships;
    let closest = &pair.closest;
    let in_ms = closest.in_s * 1000.0;
    let occurrence = Occurrence::CloseApproach {
        other: name(b.track)?,
        distance_m: metres(closest.distance_m),
        in_ms: in_ms.max(0.0) as u64,
    };
    let why = Why {
        rule: Rule::CloseApproach,
        preset: preset.preset,
        thresholds: figures([
            ("distance_m", preset.distance_m),
            ("within_ms", preset.within_ms as f64),
        ]),
        measured: figures([
            ("distance_m", closest.distance_m),
            ("in_ms", in_ms),
            ("range_m", closest.range_m),
            ("closing_ckn", f64::from(ckn(closest.closing_mps))),
        ]),
        tracks: vec![a.number(), b.number()],
        from: pair.from,
        until: now,
    };
    Some(of_sweep(a.track, a.position, occurrence, why, now))
}

/// Two ships stayed together; `None` where the other has no name.
pub(super) fn meeting([a, b]: [&Track; 2], met: &Meeting<'_>, now: Timestamp) -> Option<Alert> {
    let ([place, _], preset) = (&met.places, met.preset);
    let for_ms = now.since_ms(met.from);
    let occurrence = Occurrence::Rendezvous {
        other: name(b)?,
        distance_m: metres(met.distance_m),
        for_ms: ms(for_ms),
        speed_ckn: met.speed_ckn,
    };
    let mut thresholds = figures([
        ("distance_m", preset.distance_m),
        ("for_ms", preset.for_ms as f64),
        ("offshore_m", preset.offshore_m),
    ]);
    let speed = preset.speed_max_mps.map(|max| figures([("speed_ckn", f64::from(ckn(max)))]));
    thresholds.extend(speed.into_iter().flatten());
    let why = Why {
        rule: Rule::Rendezvous,
        preset: preset.preset,
        thresholds,
        measured: figures([
            ("distance_m", met.distance_m),
            ("for_ms", for_ms as f64),
            ("speed_ckn", f64::from(met.speed_ckn)),
        ]),
        tracks: vec![a.number, b.number],
        from: met.from,
        until: now,
    };
    Some(of_sweep(a, place.position, occurrence, why, now))
}

/// A ship hardly moves.
pub(crate) fn loitering(
    ship: &Ship<'_>,
    slow: Slow,
    preset: &LoiteringPreset,
    now: Timestamp,
) -> Alert {
    let occurrence = Occurrence::Loitering { for_ms: ms(slow.for_ms), speed_ckn: slow.speed_ckn };
    let why = Why {
        rule: Rule::Loitering,
        preset: preset.preset,
        thresholds: figures([
            ("speed_ckn", f64::from(ckn(preset.speed_max_mps))),
            ("for_ms", preset.for_ms as f64),
            ("offshore_m", preset.offshore_m),
        ]),
        measured: figures([
            ("speed_ckn", f64::from(slow.speed_ckn)),
            ("for_ms", slow.for_ms as f64),
        ]),
        tracks: vec![ship.number()],
        from: slow.from,
        until: now,
    };
    of_sweep(ship.track, ship.position, occurrence, why, now)
}

/// A ship is heard no more.
pub(crate) fn unheard(
    track: &Track,
    unheard: Unheard,
    preset: &UnheardPreset,
    now: Timestamp,
) -> Alert {
    let neighbours = unheard.neighbours.len() as u32;
    let occurrence = Occurrence::Unheard { for_ms: ms(unheard.for_ms), neighbours };
    let why = Why {
        rule: Rule::Unheard,
        preset: preset.preset,
        thresholds: figures([
            ("for_ms", preset.for_ms as f64),
            ("neighbours", preset.neighbours_min as f64),
            ("near_m", preset.near_m),
            ("open_deg", preset.open_max_deg),
        ]),
        measured: figures([
            ("for_ms", unheard.for_ms as f64),
            ("neighbours", f64::from(neighbours)),
            ("open_deg", unheard.open_deg),
        ]),
        tracks: [unheard.track].into_iter().chain(unheard.neighbours).collect(),
        from: unheard.last,
        until: now,
    };
    let position = known(track).unwrap_or(unheard.expected);
    Alert { sensed_at: unheard.last, ..of_sweep(track, position, occurrence, why, now) }
}

/// A distress or emergency state, as reported.
pub(crate) fn emergency(track: &Track, o: &Observation, emergency: Emergency) -> Alert {
    let by_squawk = o.attributes.squawk.is_some();
    let needed = if by_squawk { crate::attributes::SQUAWKS_TO_COUNT } else { 1 };
    let said = o.attributes.squawk.as_ref().and_then(|squawk| squawk.parse().ok());
    let mut measured = figures([("reports", f64::from(needed))]);
    measured.extend(said.map(|code: i64| super::Figure { name: "squawk", value: code }));
    let why = Why {
        rule: Rule::Emergency,
        preset: "as_reported",
        thresholds: figures([("reports", f64::from(needed))]),
        measured,
        tracks: vec![track.number],
        from: o.received_at,
        until: o.received_at,
    };
    let alert = of_report(track, o, Occurrence::Emergency { emergency }, why);
    Alert { sensed_at: o.event_time, ..alert }
}
