//! Twenty seeds and more of every kind of scene, with and without what each rule is about.

use renkei_fusion::FusionConfig;
use renkei_fusion::alerts::{AlertConfig, Rule, Scope};
use renkei_model::observation::Emergency;
use renkei_model::statement::Zone;

use crate::support::{Say, aircraft, ship, zone};
use crate::truth::{Heard, Scene, WELL, ring_m};

const KN: f64 = 1852.0 / 3600.0;
const MIN: f64 = 60.0;
const HOUR: f64 = 3600.0;
const NM: f64 = 1852.0;

/// The kinds of scene of a rule: each makes one scene of a seed.
pub(crate) type Kind = fn(&mut Scene, u64);

/// Every rule and its kinds of scene.
pub(crate) const SCENES: [(Rule, &[Kind]); 15] = [
    (Rule::ZoneEntered, &[enters, runs_alongside]),
    (Rule::ZoneLeft, &[leaves, weaves_on_the_line]),
    (Rule::ZoneDwelt, &[dwells, leaves_early]),
    (Rule::CloseApproach, &[crosses_close, wavers, passes_clear]),
    (Rule::Rendezvous, &[meets, meets_far_out, nearly_meets]),
    (Rule::Loitering, &[loiters, hardly_loiters]),
    (Rule::Unheard, &[falls_silent, is_not_missing]),
    (Rule::SourceSilent, &[receiver_fails, receiver_is_sparse]),
    (Rule::Emergency, &[calls_for_help, does_not_call]),
    (Rule::DuplicateIdentity, &[is_in_two_places, is_one_ship]),
    (Rule::ImpossibleJump, &[jumps, only_seems_to_jump]),
    (Rule::IdentityChanged, &[is_renamed, keeps_its_name]),
    (Rule::PoorNavigation, &[loses_navigation, has_a_bad_receiver]),
    (Rule::MovementChanged, &[turns, holds_on]),
    (Rule::SafetyText, &[sends_texts, sends_none]),
];

/// The shipped presets, with closest points for every pair.
pub(crate) fn config() -> FusionConfig {
    let approach = Some(AlertConfig::marine_approach(Scope::All));
    let alerts = AlertConfig { approach, ..AlertConfig::default() };
    FusionConfig { alerts, ..FusionConfig::default() }
}

fn straight(from: [f64; 2], speed_mps: f64, course_deg: f64) -> impl Fn(f64) -> [f64; 2] {
    let (sin, cos) = course_deg.to_radians().sin_cos();
    move |t| [from[0] + speed_mps * sin * t, from[1] + speed_mps * cos * t]
}

/// A square of 20 km with its middle at the origin.
fn square() -> Zone {
    let [a, b, c, d] = [
        [-10_000.0, -10_000.0],
        [10_000.0, -10_000.0],
        [10_000.0, 10_000.0],
        [-10_000.0, 10_000.0],
    ];
    Zone { ring: ring_m(&[a, b, c, d]), ..zone("Square", &[]) }
}

fn enters(s: &mut Scene, _: u64) {
    s.zone = Some(square());
    let (speed, start) = (s.roll(6.0, 20.0) * KN, s.roll(2_000.0, 6_000.0));
    let side = s.roll(-9_000.0, 9_000.0);
    let crossing = start / speed;
    s.sail(
        1,
        WELL,
        (0.0, crossing + 10.0 * MIN),
        &straight([-10_000.0 - start, side], speed, 90.0),
    );
    s.expect(Rule::ZoneEntered, &[1], (crossing - 45.0, crossing + 45.0));
}

fn runs_alongside(s: &mut Scene, seed: u64) {
    s.zone = Some(square());
    let (speed, gap) = (s.roll(6.0, 20.0) * KN, s.roll(60.0, 400.0));
    let path = straight([-10_000.0 - gap, -12_000.0], speed, 0.0);
    s.sail(1, WELL, (0.0, 24_000.0 / speed), &path);
    if seed.is_multiple_of(2) {
        let one = ship(1, 1_001.0).at(-9_950.0, path(1_001.0)[1]);
        s.reports.push(one.0);
    }
}

fn leaves(s: &mut Scene, _: u64) {
    s.zone = Some(square());
    let (speed, way) = (s.roll(6.0, 20.0) * KN, s.roll(3_000.0, 9_000.0));
    let crossing = way / speed;
    s.sail(1, WELL, (0.0, crossing + 10.0 * MIN), &straight([10_000.0 - way, 0.0], speed, 90.0));
    s.expect(Rule::ZoneLeft, &[1], (crossing - 45.0, crossing + 45.0));
}

fn weaves_on_the_line(s: &mut Scene, _: u64) {
    s.zone = Some(square());
    let speed = s.roll(6.0, 14.0) * KN;
    s.sail(1, WELL, (0.0, 20.0 * MIN), &straight([9_850.0, -9_000.0], speed, 0.0));
    for k in 0..4 {
        let t = 200.0 + 250.0 * f64::from(k);
        s.reports.push(ship(1, t).at(10_030.0, -9_000.0 + speed * t).0);
    }
}

/// In a circle inside, at a speed that is no loitering.
fn dwells(s: &mut Scene, _: u64) {
    s.zone = Some(square());
    let (speed, radius) = (s.roll(5.0, 9.0) * KN, s.roll(3_000.0, 8_000.0));
    let heard = Heard { every_s: 60.0, ..WELL };
    s.sail(1, heard, (0.0, 4.3 * HOUR), &circle(radius, speed));
    s.expect(Rule::ZoneDwelt, &[1], (4.0 * HOUR, 4.0 * HOUR + 10.0 * MIN));
}

fn circle(radius: f64, speed: f64) -> impl Fn(f64) -> [f64; 2] {
    move |t| [radius * (t * speed / radius).sin(), radius * (t * speed / radius).cos()]
}

fn leaves_early(s: &mut Scene, _: u64) {
    s.zone = Some(square());
    let (stay, speed) = (s.roll(1.0, 3.5) * HOUR, s.roll(5.0, 9.0) * KN);
    let inside = circle(8_000.0, speed);
    let [x, y] = inside(stay);
    let away = move |t: f64| if t < stay { inside(t) } else { [x + 8.0 * (t - stay), y] };
    let heard = Heard { every_s: 60.0, ..WELL };
    s.sail(1, heard, (0.0, stay + 1.0 * HOUR), &away);
    let crossing = stay + (10_000.0 - x) / 8.0;
    s.expect(Rule::ZoneLeft, &[1], (crossing - 90.0, crossing + 90.0));
}

fn crosses_close(s: &mut Scene, _: u64) {
    let (a, b) = (s.roll(8.0, 18.0) * KN, s.roll(8.0, 18.0) * KN);
    let (course, miss) = (s.roll(40.0, 320.0), s.roll(0.0, 1.1) * NM);
    pass(s, (a, b), course, miss);
    s.expect(Rule::CloseApproach, &[1, 2], (18.0 * MIN, 31.0 * MIN));
}

/// Two ships whose closest point, `miss` metres, is 40 min past noon.
fn pass(s: &mut Scene, (a, b): (f64, f64), course_deg: f64, miss: f64) {
    let t = 40.0 * MIN;
    let (sin, cos) = course_deg.to_radians().sin_cos();
    let (du, dv) = (b * sin, b * cos - a);
    let relative = du.hypot(dv);
    let closest = [miss * dv / relative, a * t - miss * du / relative];
    let from = [closest[0] - b * sin * t, closest[1] - b * cos * t];
    s.sail(1, WELL, (0.0, 55.0 * MIN), &straight([0.0, 0.0], a, 0.0));
    s.sail(2, WELL, (0.0, 55.0 * MIN), &straight(from, b, course_deg));
}

/// A helm that wanders: the closest point swings between nothing and miles, and is one matter.
fn wavers(s: &mut Scene, _: u64) {
    let (speed, swing) = (s.roll(9.0, 14.0) * KN, s.roll(35.0, 50.0));
    let leg = s.roll(100.0, 140.0);
    let wander = move |t: f64| {
        let (sin, cos) = swing.to_radians().sin_cos();
        let phase = t % (2.0 * leg);
        [speed * sin * phase.min(2.0 * leg - phase), speed * cos * t]
    };
    let range = 2.0 * speed * 40.0 * MIN;
    s.sail(1, WELL, (0.0, 50.0 * MIN), &wander);
    s.sail(2, WELL, (0.0, 50.0 * MIN), &straight([speed * 20.0, range], speed, 180.0));
    s.expect(Rule::CloseApproach, &[1, 2], (15.0 * MIN, 40.0 * MIN));
}

fn passes_clear(s: &mut Scene, seed: u64) {
    let (a, b) = (s.roll(8.0, 18.0) * KN, s.roll(8.0, 18.0) * KN);
    if seed.is_multiple_of(3) {
        let speed = s.roll(8.0, 14.0) * KN;
        s.sail(1, WELL, (0.0, 40.0 * MIN), &straight([0.0, 0.0], speed, 30.0));
        s.sail(2, WELL, (0.0, 40.0 * MIN), &straight([900.0, 300.0], speed, 30.0));
    } else {
        let (course, miss) = (s.roll(40.0, 320.0), s.roll(2.0, 5.0) * NM);
        pass(s, (a, b), course, miss);
    }
}

/// Comes at 8 kn from `away` metres to `at`, then drifts at `drift` until `leave`, then goes on.
fn comes_and_drifts(
    at: [f64; 2],
    away: f64,
    drift: f64,
    leave: f64,
) -> (f64, impl Fn(f64) -> [f64; 2]) {
    let speed = 8.0 * KN;
    let arrives = away / speed;
    let starts = arrives.max(20.0 * MIN);
    let path = move |t: f64| {
        if t < arrives {
            [at[0] - away + speed * t, at[1]]
        } else if t < leave {
            [at[0], at[1] + drift * (t - starts).max(0.0)]
        } else {
            [at[0] + speed * (t - leave), at[1] + drift * (leave - starts)]
        }
    };
    (arrives, path)
}

const HARBOUR: Heard = Heard { every_s: 60.0, ..WELL };

fn meets(s: &mut Scene, seed: u64) {
    without_approaches(s);
    let (gap, drift) = (s.roll(270.0, 400.0), s.roll(0.2, 1.2) * KN);
    let leave = 20.0 * MIN + s.roll(2.5, 3.2) * HOUR;
    let (_, first) = comes_and_drifts([0.0, 0.0], 4_000.0, drift, leave);
    let (second_at, second) = comes_and_drifts([0.0, gap], 4_800.0, drift, leave + 5.0 * MIN);
    s.sail(1, HARBOUR, (0.0, leave + 0.5 * HOUR), &first);
    s.sail(2, HARBOUR, (0.0, leave + 0.5 * HOUR), &second);
    if seed.is_multiple_of(2) {
        s.shore = vec![land(30_000.0)];
    }
    let from = second_at + 2.0 * HOUR;
    s.expect(Rule::Rendezvous, &[1, 2], (from - 5.0 * MIN, from + 12.0 * MIN));
}

/// Where the shore is known to be far, 30 min within 200 m are enough.
fn meets_far_out(s: &mut Scene, _: u64) {
    without_approaches(s);
    let (gap, drift) = (s.roll(80.0, 150.0), s.roll(0.2, 3.0) * KN);
    let leave = 20.0 * MIN + 50.0 * MIN;
    let (_, first) = comes_and_drifts([0.0, 0.0], 4_000.0, drift, leave);
    let (second_at, second) = comes_and_drifts([0.0, gap], 4_800.0, drift, leave + 5.0 * MIN);
    s.sail(1, HARBOUR, (0.0, leave + 0.3 * HOUR), &first);
    s.sail(2, HARBOUR, (0.0, leave + 0.3 * HOUR), &second);
    s.shore = vec![land(30_000.0)];
    let from = second_at + 30.0 * MIN;
    s.expect(Rule::Rendezvous, &[1, 2], (from - 3.0 * MIN, from + 5.0 * MIN));
}

/// A coast that runs north, `east` metres away.
fn land(east: f64) -> Vec<renkei_model::position::MicroPosition> {
    ring_m(&[
        [east, -80_000.0],
        [east + 40_000.0, -80_000.0],
        [east + 40_000.0, 80_000.0],
        [east, 80_000.0],
    ])
}

fn nearly_meets(s: &mut Scene, seed: u64) {
    without_approaches(s);
    let (hours, gap, drift) = match seed % 5 {
        0 => (1.2, 200.0, 0.7 * KN),
        1 => (2.8, 900.0, 0.7 * KN),
        2 => (2.8, 200.0, 5.0 * KN),
        _ => (2.8, 200.0, 0.5 * KN),
    };
    let leave = 20.0 * MIN + hours * HOUR;
    let (_, first) = comes_and_drifts([0.0, 0.0], 4_000.0, drift, leave);
    let (_, second) = comes_and_drifts([0.0, gap], 4_000.0, drift, leave);
    s.sail(1, HARBOUR, (0.0, leave + 0.3 * HOUR), &first);
    s.sail(2, HARBOUR, (0.0, leave + 0.3 * HOUR), &second);
    match seed % 5 {
        3 => s.shore = vec![land(6_000.0)],
        4 => s.reports.iter_mut().for_each(|o| o.attributes.nav_status = Some(1)),
        _ => {}
    }
}

fn loiters(s: &mut Scene, seed: u64) {
    let drift = s.roll(0.1, 1.6) * KN;
    let (arrives, path) = comes_and_drifts([0.0, 0.0], 6_000.0, drift, 1e9);
    s.sail(1, HARBOUR, (0.0, arrives + 5.2 * HOUR), &path);
    if seed.is_multiple_of(2) {
        s.shore = vec![land(45_000.0)];
    }
    let from = arrives + 4.0 * HOUR;
    s.expect(Rule::Loitering, &[1], (from - 5.0 * MIN, from + 0.6 * HOUR));
}

fn hardly_loiters(s: &mut Scene, seed: u64) {
    let (drift, leave) = match seed % 4 {
        0 => (0.8 * KN, 3.4 * HOUR),
        1 => (3.2 * KN, 1e9),
        _ => (0.8 * KN, 1e9),
    };
    let (_, path) = comes_and_drifts([0.0, 0.0], 6_000.0, drift, leave);
    s.sail(1, HARBOUR, (0.0, 5.5 * HOUR), &path);
    match seed % 4 {
        2 => s.shore = vec![land(20_000.0)],
        3 => s.reports.iter_mut().for_each(|o| o.attributes.nav_status = Some(5)),
        _ => {}
    }
}

/// Twelve ships round the origin that stay within 12 km, heard by `a`; numbers from 100.
fn company(s: &mut Scene, outage: Option<(f64, f64)>, to_s: f64) {
    for k in 0..12 {
        let (bearing, radius) = (f64::from(k) * 30.0, s.roll(6_000.0, 12_000.0));
        let (sin, cos) = bearing.to_radians().sin_cos();
        let (speed, course) = (s.roll(3.0, 5.0) * KN, s.roll(0.0, 360.0));
        let turn = straight([0.0, 0.0], speed, course);
        // To and fro, so that nobody leaves.
        let path = move |t: f64| {
            let leg = t % (20.0 * MIN);
            let [x, y] = turn(leg.min(20.0 * MIN - leg));
            [radius * sin + x, radius * cos + y]
        };
        let (out, back) = outage.unwrap_or((to_s, to_s));
        s.sail(100 + k, HARBOUR, (0.0, out), &path);
        s.sail(100 + k, HARBOUR, (back, to_s), &path);
    }
}

/// The rules beside the one on trial that company would set off.
fn without_approaches(s: &mut Scene) {
    s.config.alerts.approach = None;
}

fn falls_silent(s: &mut Scene, _: u64) {
    without_approaches(s);
    company(s, None, 2.0 * HOUR);
    let (stops, speed, course) =
        (s.roll(20.0, 40.0) * MIN, s.roll(2.0, 4.0) * KN, s.roll(0.0, 360.0));
    s.sail(1, HARBOUR, (0.0, stops), &straight([0.0, 0.0], speed, course));
    s.expect(Rule::Unheard, &[1], (stops - 4.0 * MIN, stops + 1.0));
}

fn is_not_missing(s: &mut Scene, seed: u64) {
    without_approaches(s);
    let (stops, course) = (s.roll(20.0, 40.0) * MIN, s.roll(0.0, 360.0));
    let to_s = 2.5 * HOUR;
    match seed % 4 {
        0 => {
            // The receiver fails: one alert about it, none about ships.
            company(s, Some((stops, stops + 55.0 * MIN)), to_s);
            s.expect(Rule::SourceSilent, &[], (stops - 2.0 * MIN, stops + 1.0));
        }
        1 => {
            // It sails out of reach.
            company(s, None, to_s);
            let speed = s.roll(7.0, 18.0) * KN;
            s.sail(1, HARBOUR, (0.0, 15_000.0 / speed), &straight([0.0, 0.0], speed, course));
        }
        2 => {
            // It lies at the berth and switches off.
            company(s, None, to_s);
            s.sail(1, HARBOUR, (0.0, stops), &straight([0.0, 0.0], 0.0, 0.0));
        }
        _ => {
            // Alone: nobody near shows that the receiver reaches there.
            s.sail(1, HARBOUR, (0.0, stops), &straight([0.0, 0.0], 3.0 * KN, course));
            s.sail(2, HARBOUR, (0.0, to_s), &straight([90_000.0, 0.0], 3.0 * KN, course));
        }
    }
}

fn receiver_fails(s: &mut Scene, seed: u64) {
    without_approaches(s);
    let (out, long) = (s.roll(15.0, 50.0) * MIN, s.roll(5.0, 80.0) * MIN);
    company(s, Some((out, out + long)), 2.5 * HOUR);
    if seed.is_multiple_of(2) {
        // Another receiver goes on hearing others.
        let heard = Heard { feed: "b", ..HARBOUR };
        s.sail(2, heard, (0.0, 2.5 * HOUR), &straight([60_000.0, 0.0], 6.0 * KN, 0.0));
    }
    s.expect(Rule::SourceSilent, &[], (out - 2.0 * MIN, out + 1.0));
}

fn receiver_is_sparse(s: &mut Scene, seed: u64) {
    let path = straight([0.0, 0.0], 9.0 * KN, 40.0);
    let mut t = 0.0;
    while t < 6.0 * HOUR {
        let report = s.report(ship(1, t), WELL, t, &path);
        s.reports.push(report.0);
        t += if seed.is_multiple_of(2) { 300.0 } else { -60.0 * (1.0 - s.dice.unit()).ln() };
    }
}

fn squawk(say: Say, code: &str, emergency: Option<Emergency>) -> Say {
    say.saying(|a| {
        a.squawk = Some(code.into());
        a.emergency = emergency;
    })
}

fn calls_for_help(s: &mut Scene, seed: u64) {
    use Emergency::{Distress, GeneralEmergency, RadioFailure, UnlawfulInterference};
    let path = straight([0.0, 0.0], 200.0, 90.0);
    let starts = s.roll(60.0, 200.0);
    let code = ["7500", "7600", "7700"][(seed % 4 % 3) as usize];
    let state = [UnlawfulInterference, RadioFailure, GeneralEmergency][(seed % 4 % 3) as usize];
    for k in 0..60 {
        let t = f64::from(k) * 5.0;
        if seed % 4 == 3 {
            let heard = Heard { every_s: 60.0, ..WELL };
            let beacon = s.report(ship(970_000_001, t), heard, t, &|_| [0.0, 0.0]);
            s.reports.push(beacon.saying(|a| a.emergency = Some(Distress)).0);
            continue;
        }
        let say = s.report(aircraft(1, t), WELL, t, &path);
        let now = if t >= starts { (code, Some(state)) } else { ("2000", None) };
        s.reports.push(squawk(say, now.0, now.1).0);
    }
    if seed % 4 == 3 {
        s.expect(Rule::Emergency, &[970_000_001], (0.0, 10.0));
    } else {
        s.expect(Rule::Emergency, &[1], (starts, starts + 12.0));
    }
}

fn does_not_call(s: &mut Scene, seed: u64) {
    let path = straight([0.0, 0.0], 200.0, 90.0);
    for k in 0..60 {
        let t = f64::from(k) * 5.0;
        let say = s.report(aircraft(1, t), WELL, t, &path);
        // Dialled past once, or a code that only looks like one.
        let say = match (seed % 2, k % 20) {
            (0, 10) => squawk(say, "7700", Some(Emergency::GeneralEmergency)),
            (1, _) => squawk(say, "7701", None),
            _ => squawk(say, "2000", None),
        };
        s.reports.push(say.0);
    }
}

fn is_in_two_places(s: &mut Scene, _: u64) {
    let (far, speed) = (s.roll(30_000.0, 400_000.0), s.roll(5.0, 15.0) * KN);
    s.sail(1, WELL, (0.0, 20.0 * MIN), &straight([0.0, 0.0], speed, 10.0));
    let starts = s.roll(1.0, 5.0) * MIN;
    s.sail(1, WELL, (starts, 20.0 * MIN), &straight([far, 0.0], speed, 200.0));
    s.expect(Rule::DuplicateIdentity, &[1], (starts, starts + 5.0 * MIN));
}

fn is_one_ship(s: &mut Scene, seed: u64) {
    let speed = s.roll(5.0, 15.0) * KN;
    s.sail(1, WELL, (0.0, 20.0 * MIN), &straight([0.0, 0.0], speed, 10.0));
    if seed.is_multiple_of(2) {
        let second = Heard { feed: "b", ..WELL };
        s.sail(1, second, (0.0, 20.0 * MIN), &straight([0.0, 0.0], speed, 10.0));
    }
    let t = s.roll(5.0, 15.0) * MIN;
    s.reports.push(ship(1, t).at(200_000.0, 0.0).0);
}

fn jumps(s: &mut Scene, seed: u64) {
    let speed = s.roll(5.0, 15.0) * KN;
    let leaves = s.roll(8.0, 12.0) * MIN;
    s.sail(1, WELL, (0.0, leaves), &straight([0.0, 0.0], speed, 10.0));
    if seed.is_multiple_of(2) {
        let far = s.roll(30_000.0, 400_000.0);
        s.sail(1, WELL, (leaves, leaves + 10.0 * MIN), &straight([far, 0.0], speed, 200.0));
        s.expect(Rule::ImpossibleJump, &[1], (leaves, leaves + 4.0 * MIN));
        return;
    }
    for k in 0..8_u32 {
        let (t, turn) = (leaves + 30.0 * f64::from(k), f64::from(k) * 77.0);
        let far = s.roll(80_000.0, 300_000.0);
        let [x, y] = straight([0.0, 0.0], far, turn)(1.0);
        s.reports.push(ship(1, t).at(x, y).0);
    }
    s.expect(Rule::ImpossibleJump, &[1], (leaves, leaves + 5.0 * MIN));
}

fn only_seems_to_jump(s: &mut Scene, seed: u64) {
    let speed = s.roll(5.0, 15.0) * KN;
    let path = straight([0.0, 0.0], speed, 10.0);
    s.sail(1, WELL, (0.0, 10.0 * MIN), &path);
    if seed.is_multiple_of(2) {
        // Heard again after hours, far on but not too far, by a receiver that heard another all along.
        s.sail(2, HARBOUR, (0.0, 3.2 * HOUR), &straight([-40_000.0, 0.0], speed, 10.0));
        s.sail(1, WELL, (3.0 * HOUR, 3.2 * HOUR), &path);
    } else {
        s.sail(1, WELL, (10.0 * MIN, 30.0 * MIN), &path);
        for t in [400.0, 900.0] {
            s.reports.push(ship(1, t).at(150_000.0, -t * 90.0).0);
        }
    }
}

fn static_report(t: f64, name: &str, callsign: &str, imo: u32) -> Say {
    ship(1, t).saying(|a| {
        a.name = Some(name.into());
        a.callsign = Some(callsign.into());
        a.imo = Some(imo);
    })
}

fn is_renamed(s: &mut Scene, seed: u64) {
    s.sail(1, WELL, (0.0, 90.0 * MIN), &straight([0.0, 0.0], 6.0, 10.0));
    let changes = f64::from(3 + (s.dice.bits() % 6) as u32) * 6.0 * MIN;
    for k in 0..15_u32 {
        let t = f64::from(k) * 6.0 * MIN;
        // One that is renamed back rings once: both names are known by then.
        let other = t >= changes && !(seed % 4 == 3 && t >= changes + 18.0 * MIN);
        let say = match (other, seed % 3) {
            (true, 0) => static_report(t, "BLUE HERON", "XQ1AB", 9_000_001),
            (true, 1) => static_report(t, "GREY GULL", "XQ9ZZ", 9_000_001),
            (true, _) => static_report(t, "GREY GULL", "XQ1AB", 9_000_077),
            (false, _) => static_report(t, "GREY GULL", "XQ1AB", 9_000_001),
        };
        s.reports.push(say.0);
    }
    s.expect(Rule::IdentityChanged, &[1], (changes + 5.0 * MIN, changes + 7.0 * MIN));
}

fn keeps_its_name(s: &mut Scene, seed: u64) {
    s.sail(1, WELL, (0.0, 90.0 * MIN), &straight([0.0, 0.0], 6.0, 10.0));
    for k in 0..15_u32 {
        let t = f64::from(k) * 6.0 * MIN;
        let say = match (k, seed % 4) {
            // A corrupt line, once; then spaces and stops; then a field left empty.
            (7, 0) => static_report(t, "GREY GUMM", "XQ1AB", 9_000_001),
            (7, 1) => static_report(t, "GREY GULL", "XQ1AB", 1),
            (8.., 2) => static_report(t, "M.V. GREY  GULL", "XQ1AB", 9_000_001),
            (_, 2) => static_report(t, "MV GREY GULL", "XQ1AB", 9_000_001),
            (8.., 3) => static_report(t, "", "0", 0),
            _ => static_report(t, "GREY GULL", "XQ1AB", 9_000_001),
        };
        s.reports.push(say.0);
    }
}

/// Twelve aircraft over 30 km; from `from_s` on as many as `bad` of them report poorly, `far`
/// metres apart.
fn flights(s: &mut Scene, bad: u32, far: f64, (from_s, to_s): (f64, f64)) {
    for k in 0..12_u32 {
        let is_bad = k < bad;
        let spread = if is_bad { far } else { 4_000.0 };
        let start = [f64::from(k) * spread, f64::from(k % 3) * 3_000.0];
        let path = straight(start, 60.0, s.roll(80.0, 100.0));
        for step in 0..90_u32 {
            let t = f64::from(step) * 5.0 + 0.1 * f64::from(k);
            let poor = is_bad && (from_s..to_s).contains(&t);
            let metres = if poor { s.roll(300.0, 3_000.0) } else { s.roll(5.0, 80.0) };
            let say = s.report(aircraft(k + 1, t), WELL, t, &path);
            s.reports.push(say.accuracy(metres).0);
        }
    }
}

fn loses_navigation(s: &mut Scene, _: u64) {
    let (starts, bad) = (s.roll(60.0, 150.0), 4 + (s.dice.bits() % 5) as u32);
    flights(s, bad, 4_000.0, (starts, 400.0));
    s.expect(Rule::PoorNavigation, &[], (starts, starts + 60.0));
}

fn has_a_bad_receiver(s: &mut Scene, seed: u64) {
    match seed % 4 {
        0 => flights(s, 1, 4_000.0, (0.0, 450.0)),
        1 => flights(s, 2, 4_000.0, (0.0, 450.0)),
        2 => flights(s, 5, 4_000.0, (100.0, 104.0)),
        _ => flights(s, 4, 130_000.0, (0.0, 450.0)),
    }
}

/// Straight on, then from `when` for `long` on another course and at another speed.
fn alters(when: f64, long: f64, turn: f64, gain: f64) -> impl Fn(f64) -> [f64; 2] {
    let first = straight([0.0, 0.0], 12.0 * KN, 40.0);
    let second = straight([0.0, 0.0], 12.0 * KN + gain, 40.0 + turn);
    move |t| {
        let (before, meanwhile) = (t.min(when), (t - when).clamp(0.0, long));
        let after = (t - when - long).max(0.0);
        let ([a, b], [c, d]) = (first(before + after), second(meanwhile));
        [a + c, b + d]
    }
}

fn turns(s: &mut Scene, seed: u64) {
    s.watched = vec![(1, 1e6)];
    let when = s.roll(10.0, 20.0) * MIN;
    let (turn, gain) = match seed % 3 {
        0 => (s.roll(45.0, 170.0), 0.0),
        1 => (0.0, s.roll(-11.0, -7.0) * KN),
        _ => (0.0, 0.0),
    };
    s.sail(1, WELL, (0.0, 40.0 * MIN), &alters(when, 1e9, turn, gain));
    if seed % 3 == 2 {
        for k in 0..7_u32 {
            let t = f64::from(k) * 6.0 * MIN;
            let bound = if t >= when { "OSAKA" } else { "NAHA" };
            s.reports.push(ship(1, t).saying(|a| a.destination = Some(bound.into())).0);
        }
        s.expect(Rule::MovementChanged, &[1], (when + 5.0 * MIN, when + 14.0 * MIN));
    } else {
        s.expect(Rule::MovementChanged, &[1], (when + 1.5 * MIN, when + 6.0 * MIN));
    }
}

fn holds_on(s: &mut Scene, seed: u64) {
    let (when, turn) = (s.roll(10.0, 20.0) * MIN, s.roll(60.0, 120.0));
    let path = match seed % 4 {
        0 => alters(when, 1e9, 15.0, 2.0 * KN),
        1 => alters(when, 60.0, turn, 0.0),
        _ => alters(when, 1e9, turn, 0.0),
    };
    s.watched = match seed % 4 {
        2 => vec![(7, 1e6)],
        3 => vec![(1, when - 60.0)],
        _ => vec![(1, 1e6)],
    };
    s.sail(1, WELL, (0.0, 40.0 * MIN), &path);
}

/// Sends the words, whether or not it was heard of before.
fn sends(s: &mut Scene, t: f64, words: &str) {
    s.reports.push(ship(1, t).saying(|a| a.safety_text = Some(words.into())).0);
}

fn sends_texts(s: &mut Scene, seed: u64) {
    let start = s.roll(10.0, 60.0);
    if seed.is_multiple_of(2) {
        // A flood under one name: three of its texts, and no more for ten minutes.
        for k in 0..24 {
            sends(s, start + f64::from(k) * 20.0, &format!("WARNING {k}"));
        }
        for k in 0..3 {
            let t = start + f64::from(k) * 20.0;
            s.expect(Rule::SafetyText, &[1], (t - 1.0, t + 1.0));
        }
        return;
    }
    // Each said three times a minute apart, as stations do; the first again much later.
    for (k, words) in
        ["ADRIFT OFF KURIMA", "TOW ON ITS WAY", "ADRIFT OFF KURIMA"].iter().enumerate()
    {
        let t = start + k as f64 * 7.0 * MIN;
        for again in 0..3 {
            sends(s, t + f64::from(again) * MIN, words);
        }
        s.expect(Rule::SafetyText, &[1], (t - 1.0, t + 1.0));
    }
}

/// A ship that says everything else.
fn sends_none(s: &mut Scene, _: u64) {
    s.sail(1, WELL, (0.0, 10.0 * MIN), &straight([0.0, 0.0], 10.0 * KN, 90.0));
    for k in 0..3 {
        let say = ship(1, 30.0 + f64::from(k) * MIN);
        s.reports.push(say.saying(|a| a.destination = Some("MAYDAY".into())).0);
    }
}

/// One scene of a kind.
pub(crate) fn scene(kind: Kind, seed: u64, config: &FusionConfig) -> Scene {
    let mut scene = Scene::new(seed, config.clone());
    kind(&mut scene, seed);
    scene
}
