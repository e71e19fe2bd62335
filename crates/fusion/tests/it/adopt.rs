//! One sensor's own track from a partner: taken whole, shown beside ours, and never counted twice.

use renkei_fusion::{AssociateConfig, Fusion, FusionConfig};
use renkei_model::id::SourceId;
use renkei_model::observation::{Domain, Source};
use renkei_model::plot::Plot;
use renkei_model::track::{Freshness, SensorTrack, TrackNumber};

use crate::plots::{RADAR, plot};
use crate::support::{Dice, NOON, Say, ship, zone, zone_id};

/// A ship that goes east at 8 m/s, as a partner's radar has it in its own track under U-`number`.
struct Partner {
    fusion: Fusion,
    number: u32,
}

impl Partner {
    fn new(number: u32) -> Self {
        Self { fusion: Fusion::new(FusionConfig::default()), number }
    }

    /// The report and the track after a plot that errs by `error` metres.
    fn sees(&mut self, t: f64, [east, north]: [f64; 2]) -> Option<(Say, SensorTrack)> {
        let now = NOON.plus_ms((t * 1000.0) as i64);
        self.fusion.sweep(&RADAR, &[plot(t, east, north)], now);
        let number = self.fusion.tracks().next()?.number;
        let believed = self.fusion.sensor_track(number)?;
        let mut say = ship(0, t).nameless(self.number);
        say.0.domain = Domain::Surface;
        say.0.position = Some(believed.position);
        Some((say, believed))
    }
}

fn error(dice: &mut Dice, t: f64) -> [f64; 2] {
    [8.0 * t + 50.0 * dice.normal(), 50.0 * dice.normal()]
}

fn by(plot: Plot, radar: &str) -> Plot {
    Plot { source: Source::Own(SourceId(radar.into())), ..plot }
}

#[test]
fn a_track_that_is_told_again_and_again_grows_no_surer() {
    let (mut dice, mut partner) = (Dice(3), Partner::new(7));
    let (mut adopted, mut measured) =
        (Fusion::new(FusionConfig::default()), Fusion::new(FusionConfig::default()));
    let mut claimed = (0.0, 0.0, 0.0);
    for k in 0..40 {
        let t = f64::from(k) * 10.0;
        let Some((Say(o), believed)) = partner.sees(t, error(&mut dice, t)) else { continue };
        let now = o.received_at;
        let number = adopted.adopt(&o, &believed, now).track.unwrap();
        assert_eq!(adopted.sensor_track(number), Some(believed), "taken whole");
        // Planted: the estimate is taken for a fresh measurement.
        let planted = Say(o).accuracy(believed.sd_m());
        let wrong = measured.observe(&planted.0, now).track.unwrap();
        let sd_m = |fusion: &Fusion, n: TrackNumber| {
            fusion.track(n).unwrap().estimate.as_ref().unwrap().sd_m
        };
        claimed = (believed.sd_m(), sd_m(&adopted, number), sd_m(&measured, wrong));
    }
    let (told, adopted, measured) = claimed;
    assert!((adopted - told).abs() < 1e-9, "{adopted} m of {told} m told");
    assert!(measured < 0.8 * told, "the plant claims {measured} m of {told} m and is not caught");
}

#[test]
fn our_plots_never_go_into_a_partners_track() {
    let (mut dice, mut partner) = (Dice(5), Partner::new(7));
    let mut fusion = Fusion::new(FusionConfig::default());
    for k in 0..12 {
        let t = f64::from(k) * 10.0;
        if let Some((Say(o), believed)) = partner.sees(t, error(&mut dice, t)) {
            fusion.adopt(&o, &believed, o.received_at);
        }
        let [east, north] = error(&mut dice, t);
        let now = NOON.plus_ms((t * 1000.0) as i64);
        fusion.sweep(&RADAR, &[plot(t, east, north)], now);
    }
    let sources: Vec<usize> = fusion.tracks().map(|track| track.sources.len()).collect();
    assert_eq!(sources, [1, 1], "each is of one source");
    let nameless = fusion.tracks().filter(|track| track.identities.is_empty()).count();
    assert_eq!(nameless, 1, "ours got no name from theirs");
}

/// Ten minutes of a ship that our radar and the partner's see, and what is shown of it at the end.
fn both_see(seed: u64, associate: AssociateConfig) -> (Fusion, TrackNumber, f64) {
    let (mut dice, mut partner) = (Dice(seed), Partner::new(7));
    let mut fusion = Fusion::new(FusionConfig { associate, ..FusionConfig::default() });
    let end = 600.0;
    for k in 0..=60 {
        let t = f64::from(k) * 10.0;
        let now = NOON.plus_ms((t * 1000.0) as i64);
        let [east, north] = error(&mut dice, t);
        fusion.sweep(&RADAR, &[plot(t, east, north)], now);
        if let Some((Say(o), believed)) = partner.sees(t, error(&mut dice, t)) {
            fusion.adopt(&o, &believed, now);
        }
        fusion.tick(now);
    }
    let ours = fusion.tracks().find(|track| track.identities.is_empty()).unwrap().number;
    let Say(truth) = ship(0, end).at(8.0 * end, 0.0);
    let whole = fusion.whole(ours).unwrap();
    let estimate = whole.estimate.as_ref().unwrap();
    let off_m = estimate.position.distance_m(truth.position.unwrap());
    let claimed = off_m * off_m / (2.0 * estimate.sd_m * estimate.sd_m);
    drop(whole);
    (fusion, ours, claimed)
}

#[test]
fn two_radars_of_two_sides_meet_by_covariance_intersection() {
    let mut errors = 0.0;
    for seed in 0..40 {
        let (fusion, ours, nees) = both_see(seed, AssociateConfig::default());
        assert_eq!(fusion.one_with(ours).len(), 2, "seed {seed}: they are one thing");
        let alone = |n: TrackNumber| fusion.track(n).unwrap().estimate.as_ref().unwrap().sd_m;
        let shown = fusion.whole(ours).unwrap().estimate.as_ref().unwrap().sd_m;
        let surest = fusion.one_with(ours).iter().map(|n| alone(*n)).fold(f64::INFINITY, f64::min);
        assert!(shown <= surest * 1.000_1, "seed {seed}: {shown} m of {surest} m");
        // Had both been taken for independent, their variances would add in inverse.
        assert!(shown > 0.8 * surest, "seed {seed}: {shown} m claims more than is known");
        errors += nees / 40.0;
    }
    assert!((0.2..1.6).contains(&errors), "the mean normalised error is {errors}");
}

#[test]
fn what_one_sensor_saw_as_two_is_never_one() {
    // Two boats 20 m apart, one radar that tells them apart: the same places by two radars are one.
    let joined = |radars: [&str; 2]| {
        let mut fusion = Fusion::new(FusionConfig::default());
        for k in 0..60 {
            let t = f64::from(k) * 10.0;
            let now = NOON.plus_ms((t * 1000.0) as i64);
            let places = [[8.0 * t, 0.0], [8.0 * t, 20.0]];
            let plots: Vec<Plot> = std::iter::zip(radars, places)
                .map(|(radar, [east, north])| by(plot(t, east, north), radar))
                .collect();
            fusion.sweep(&RADAR, &plots, now);
            fusion.tick(now);
        }
        let all: Vec<TrackNumber> = fusion.tracks().map(|track| track.number).collect();
        (all.len(), all.iter().filter(|number| !fusion.one_with(**number).is_empty()).count())
    };
    assert_eq!(joined(["north", "north"]), (2, 0));
    // What another radar sees goes to the track that stands there.
    assert_eq!(joined(["north", "south"]).0, 1);
}

#[test]
fn a_partners_track_is_old_when_its_sensor_says_so_and_is_gone_when_it_is_lost() {
    let (mut dice, mut partner) = (Dice(9), Partner::new(7));
    let mut fusion = Fusion::new(FusionConfig::default());
    for k in 0..6 {
        let t = f64::from(k) * 10.0;
        if let Some((Say(o), believed)) = partner.sees(t, error(&mut dice, t)) {
            fusion.adopt(&o, &believed, o.received_at);
        }
    }
    let at = |seconds: i64| NOON.plus_ms(seconds * 1000);
    let freshness = |fusion: &Fusion| fusion.tracks().next().map(|track| track.freshness);
    fusion.tick(at(60));
    assert_eq!(freshness(&fusion), Some(Freshness::Live));
    fusion.tick(at(100));
    assert_eq!(freshness(&fusion), Some(Freshness::Stale));
    assert_eq!(fusion.tick(at(200)).dropped.len(), 1);
}

#[test]
fn a_thing_without_a_name_enters_a_zone() {
    let mut fusion = Fusion::new(FusionConfig::default());
    // From 2 km east of the origin on.
    let corners = [(24.9, 125.02), (25.1, 125.02), (25.1, 125.2), (24.9, 125.2)];
    fusion.set_zone(zone_id(1), zone("Box", &corners)).unwrap();
    let mut alerts = Vec::new();
    for k in 0..40 {
        let t = f64::from(k) * 10.0;
        let now = NOON.plus_ms((t * 1000.0) as i64);
        alerts.extend(fusion.sweep(&RADAR, &[plot(t, 8.0 * t, 0.0)], now).alerts);
    }
    assert_eq!(alerts.len(), 1);
    assert_eq!((alerts[0].track, alerts[0].identity.clone()), (Some(TrackNumber(1)), None));
}

#[test]
fn a_partners_alias_or_cell_names_nothing_that_we_see() {
    let named = |say: fn(Say) -> Say| {
        let mut fusion = Fusion::new(FusionConfig::default());
        for k in 0..6 {
            let t = f64::from(k) * 10.0;
            let now = NOON.plus_ms((t * 1000.0) as i64);
            fusion.sweep(&RADAR, &[plot(t, 8.0 * t, 0.0)], now);
        }
        let Say(o) = say(ship(1, 51.0).at(8.0 * 51.0, 0.0));
        fusion.observe(&o, o.received_at);
        let ours = fusion.track(TrackNumber(1)).unwrap();
        (fusion.tracks().len(), ours.identities.len())
    };
    assert_eq!(named(|say| say), (1, 1), "a report that states a name does");
    assert_eq!(named(|say| say.nameless(7)), (2, 0), "an alias is none");
    assert_eq!(named(|say| say.accuracy(3_300.0)), (2, 0), "a cell fits everything in it");
}
