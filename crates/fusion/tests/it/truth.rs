//! Scripted truth: a scene says what happens, and therefore what must be told and what must not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use renkei_fusion::alerts::Rule;
use renkei_fusion::{Alert, Fusion, FusionConfig};
use renkei_model::observation::{Identity, Observation};
use renkei_model::position::{MicroPosition, Position};
use renkei_model::statement::{Occurrence, Zone};

use crate::support::{Dice, NOON, Say, ship, zone_id};

/// Seeds of each kind of scene.
pub(crate) const SEEDS: u64 = 20;

/// What must be told, once, within a window.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    pub(crate) rule: Rule,
    /// Any of these; empty = about no track.
    pub(crate) who: Vec<u32>,
    /// The window of the alert's own time, seconds past noon.
    pub(crate) window_s: (f64, f64),
}

/// A scene and what must be told of it.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) config: FusionConfig,
    pub(crate) zone: Option<Zone>,
    pub(crate) shore: Vec<Vec<MicroPosition>>,
    /// Who is watched, until how many seconds past noon.
    pub(crate) watched: Vec<(u32, f64)>,
    pub(crate) reports: Vec<Observation>,
    pub(crate) truth: Vec<Truth>,
    pub(crate) dice: Dice,
}

/// How one thing is heard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    pub(crate) feed: &'static str,
    pub(crate) every_s: f64,
    /// One standard deviation of the position, metres.
    pub(crate) noise_m: f64,
    /// The part of the reports that is lost.
    pub(crate) lost: f64,
}

/// By feed `a`, each half minute, 8 m, one report in ten lost.
pub(crate) const WELL: Heard = Heard { feed: "a", every_s: 30.0, noise_m: 8.0, lost: 0.1 };

impl Scene {
    pub(crate) fn new(seed: u64, config: FusionConfig) -> Self {
        Self {
            config,
            zone: None,
            shore: Vec::new(),
            watched: Vec::new(),
            reports: Vec::new(),
            truth: Vec::new(),
            dice: Dice(seed.wrapping_mul(0x9e37_79b9) + 11),
        }
    }

    /// A number in the range.
    pub(crate) fn roll(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.dice.unit()
    }

    pub(crate) fn expect(&mut self, rule: Rule, who: &[u32], window_s: (f64, f64)) {
        self.truth.push(Truth { rule, who: who.to_vec(), window_s });
    }

    /// A ship on `path` (seconds to metres east and north), heard from and to those seconds.
    pub(crate) fn sail(
        &mut self,
        mmsi: u32,
        heard: Heard,
        (from_s, to_s): (f64, f64),
        path: &dyn Fn(f64) -> [f64; 2],
    ) {
        let mut t = from_s + self.roll(0.0, heard.every_s);
        while t < to_s {
            if self.dice.unit() >= heard.lost {
                let report = self.report(ship(mmsi, t), heard, t, path);
                self.reports.push(report.0);
            }
            t += heard.every_s * (1.0 + 0.2 * (self.dice.unit() - 0.5));
        }
    }

    /// One report from `path` at `t`.
    pub(crate) fn report(
        &mut self,
        say: Say,
        heard: Heard,
        t: f64,
        path: &dyn Fn(f64) -> [f64; 2],
    ) -> Say {
        let ([x, y], [u, v]) = (path(t), path(t + 1.0));
        let (dx, dy) = (u - x, v - y);
        let (e, n) = (self.dice.normal() * heard.noise_m, self.dice.normal() * heard.noise_m);
        let speed = (dx.hypot(dy) + 0.05 * self.dice.normal()).max(0.0);
        let course = dx.atan2(dy).to_degrees() + self.dice.normal();
        say.by(heard.feed).at(x + e, y + n).moving(speed, course.rem_euclid(360.0))
    }

    /// Runs the scene with a tick each ten seconds; everything that was told.
    pub(crate) fn run(&self) -> Vec<Alert> {
        let mut reports: Vec<&Observation> = self.reports.iter().collect();
        reports.sort_by_key(|o| o.received_at);
        let mut fusion = Fusion::new(self.config.clone());
        fusion.set_shore(&self.shore).unwrap();
        if let Some(zone) = &self.zone {
            fusion.set_zone(zone_id(1), zone.clone()).unwrap();
        }
        for (mmsi, until_s) in &self.watched {
            assert!(fusion.watch(Identity::Mmsi(*mmsi), at(*until_s)));
        }
        let Some(last) = reports.last().map(|o| o.received_at) else { return Vec::new() };
        let (mut alerts, mut now) = (Vec::new(), NOON);
        let mut next = reports.into_iter().peekable();
        while now <= last.plus_ms(20_000) {
            while let Some(o) = next.next_if(|o| o.received_at <= now) {
                alerts.extend(fusion.observe(o, o.received_at).alerts);
            }
            alerts.extend(fusion.tick(now).alerts);
            now = now.plus_ms(10_000);
        }
        alerts
    }
}

fn at(seconds: f64) -> renkei_model::time::Timestamp {
    NOON.plus_ms((seconds * 1000.0) as i64)
}

/// A ring with the corners given in metres east and north of the scenes' origin.
pub(crate) fn ring_m(corners: &[[f64; 2]]) -> Vec<MicroPosition> {
    let origin = Position::new(25.0, 125.0).unwrap();
    let point = |[e, n]: &[f64; 2]| origin.destination(90.0, *e).destination(0.0, *n).into();
    corners.iter().map(point).collect()
}

/// What a rule got right.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    pub(crate) scenes: u32,
    pub(crate) with_truth: u32,
    pub(crate) told: u32,
    pub(crate) missed: u32,
    pub(crate) false_alarms: u32,
}

impl Score {
    pub(crate) fn precision(&self) -> f64 {
        f64::from(self.told) / f64::from((self.told + self.false_alarms).max(1))
    }

    pub(crate) fn recall(&self) -> f64 {
        f64::from(self.told) / f64::from((self.told + self.missed).max(1))
    }
}

fn who(alert: &Alert) -> BTreeSet<u32> {
    let number = |id: &Identity| match id {
        Identity::Mmsi(n) | Identity::Icao(n) => Some(*n),
        _ => None,
    };
    let other = match &alert.occurrence {
        Occurrence::CloseApproach { other, .. } | Occurrence::Rendezvous { other, .. } => {
            number(other)
        }
        _ => None,
    };
    alert.identity.iter().filter_map(number).chain(other).collect()
}

/// Adds what came of `scene` to the scores of every rule: an alert of any rule that nothing in the
/// scene asked for is a false alarm of that rule.
pub(crate) fn score(scene: &Scene, about: Rule, scores: &mut BTreeMap<Rule, Score>) {
    let mut open = scene.truth.clone();
    let own = scores.entry(about).or_default();
    own.scenes += 1;
    own.with_truth += u32::from(open.iter().any(|truth| truth.rule == about));
    for alert in scene.run() {
        assert!(!alert.why.measured.is_empty() && !alert.why.thresholds.is_empty(), "{alert:?}");
        let t = alert.sensed_at.since_ms(NOON) as f64 / 1000.0;
        let (rule, names) = (alert.why.rule, who(&alert));
        let fits = |truth: &Truth| {
            truth.rule == rule
                && (truth.window_s.0..=truth.window_s.1).contains(&t)
                && truth.who.iter().all(|n| names.contains(n))
        };
        let own = scores.entry(rule).or_default();
        match open.iter().position(fits) {
            Some(i) => {
                open.swap_remove(i);
                own.told += 1;
            }
            None => own.false_alarms += 1,
        }
    }
    for truth in open {
        scores.entry(truth.rule).or_default().missed += 1;
    }
}

/// The scores, a line a rule.
pub(crate) fn table(scores: &BTreeMap<Rule, Score>) -> String {
    let mut text =
        String::from("rule                scenes  with  told  missed  false  prec.  recall\n");
    for (rule, s) in scores {
        let (precision, recall) = (s.precision(), s.recall());
        writeln!(
            text,
            "{:<18} {:>7} {:>5} {:>5} {:>7} {:>6} {precision:>6.3} {recall:>7.3}",
            rule.code(),
            s.scenes,
            s.with_truth,
            s.told,
            s.missed,
            s.false_alarms,
        )
        .unwrap();
    }
    text
}
