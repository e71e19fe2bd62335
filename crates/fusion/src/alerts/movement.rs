//! A watched track that turned, changed speed, or says another destination.

use renkei_model::observation::Observation;
use renkei_model::statement::Change;
use renkei_model::time::Timestamp;
use renkei_model::track::Track;

use super::config::MovementPreset;
use super::thing::Names;
use super::why::{Figure, ckn, figures};
use crate::plane::wrap_deg;

/// Reports that must agree, beside the time.
const REPORTS_MIN: u8 = 3;

/// How a watched track moved when it was last told of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Baseline {
    course_deg: Option<f64>,
    speed_mps: Option<f64>,
    turned: Since,
    sped: Since,
    destination: Names,
}

/// A deviation that lasts.
#[derive(Clone, Copy, Debug, Default)]
struct Since(Option<(Timestamp, u8)>);

impl Since {
    /// Since when it has lasted long enough.
    fn lasts(&mut self, deviates: bool, at: Timestamp, for_ms: i64) -> Option<Timestamp> {
        let (from, reports) = match self.0 {
            _ if !deviates => (at, 0),
            None => (at, 1),
            Some((from, reports)) => (from, reports.saturating_add(1)),
        };
        let lasts = deviates && reports >= REPORTS_MIN && at.since_ms(from) >= for_ms;
        self.0 = (deviates && !lasts).then_some((from, reports));
        lasts.then_some(from)
    }
}

/// A change that lasted.
pub(crate) struct Changed {
    pub(crate) change: Change,
    pub(crate) from: Timestamp,
    pub(crate) measured: Vec<Figure>,
}

impl Baseline {
    /// Takes in where `track` is heading at `at`.
    pub(crate) fn hear(
        &mut self,
        track: &Track,
        at: Timestamp,
        preset: &MovementPreset,
    ) -> Vec<Changed> {
        let Some(motion) = track.estimate.as_ref().map(|e| &e.motion) else { return Vec::new() };
        let Some(speed) = motion.speed_mps else { return Vec::new() };
        let course = motion.course_deg.filter(|_| speed >= preset.course_from_mps);
        let mut changes = Vec::new();
        let before = *self.course_deg.get_or_insert(course.unwrap_or(f64::NAN));
        if before.is_nan() {
            self.course_deg = course;
        }
        if let Some(course) = course.filter(|_| !before.is_nan()) {
            let turn = wrap_deg(course - before).abs();
            if let Some(from) = self.turned.lasts(turn >= preset.course_deg, at, preset.for_ms) {
                self.course_deg = Some(course);
                let whole = |deg: f64| deg.round().rem_euclid(360.0) as u16;
                changes.push(Changed {
                    change: Change::Course { before_deg: whole(before), after_deg: whole(course) },
                    from,
                    measured: figures([("turn_deg", turn), ("for_ms", at.since_ms(from) as f64)]),
                });
            }
        }
        let before = *self.speed_mps.get_or_insert(speed);
        let gain = (speed - before).abs();
        if let Some(from) = self.sped.lasts(gain >= preset.speed_mps, at, preset.for_ms) {
            self.speed_mps = Some(speed);
            let change = Change::Speed { before_ckn: ckn(before), after_ckn: ckn(speed) };
            let gain_ckn = f64::from(ckn(gain));
            let for_ms = at.since_ms(from) as f64;
            let measured = figures([("speed_change_ckn", gain_ckn), ("for_ms", for_ms)]);
            changes.push(Changed { change, from, measured });
        }
        changes
    }

    /// Takes in where `track` says it is bound, which must be said twice; what that became.
    pub(crate) fn destination(&mut self, said: &Observation) -> Option<Change> {
        let after = said.attributes.destination.as_ref()?;
        let before = self.destination.hear(after, false)?;
        Some(Change::Destination { before, after: after.clone() })
    }
}
