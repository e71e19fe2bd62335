//! Non-interference: what a withheld source reports, and whether it reports at all, changes nothing
//! of what the partner gets, of what its liaison sees here, or of the names things go by.

use proptest::prelude::*;
use renkei_core::affairs::StatedPair;
use renkei_core::picture::{PictureEffect, PictureInput};
use renkei_fusion::{Fusion, FusionConfig};
use renkei_model::id::Nation;
use renkei_model::label::Label;
use renkei_model::observation::{Emergency, Identity, Observation};
use renkei_model::plot::Plot;
use renkei_model::position::Position;
use renkei_model::track::TrackNumber;

use super::floors::{Floor, RADAR, at, civil, classified, listed, plot, sensitive, ship, zone};

/// One thing that happens on the Japanese floor.
#[derive(Clone, Debug)]
enum Event {
    /// A report by a source that is released in some tier.
    Open(Observation),
    /// A report by the withheld source.
    Secret(Observation),
    /// The partner released a report.
    Theirs(Observation),
    /// A sweep of a radar that is released in some tier.
    Swept(Vec<Plot>),
    /// A sweep of a withheld radar.
    SecretSweep(Vec<Plot>),
    Tick,
}

fn report(feed: &'static str, label: Label) -> impl Strategy<Value = Observation> {
    let place = (24.0..26.0, 124.0..126.0);
    (1..4u32, place, 0..5u64, any::<bool>(), 0..120i64).prop_map(
        move |(mmsi, (lat, lon), content, named, late_s)| {
            let mut o = ship(feed, label.clone(), mmsi, 0, 125.0);
            o.position = Position::new(lat, lon);
            o.content = content;
            o.event_time = at(-late_s);
            o.attributes.name = named.then(|| format!("SHIP {content}"));
            o.attributes.emergency = (content == 1).then_some(Emergency::Distress);
            o
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        report("ais", civil(Nation::JPN)).prop_map(Event::Open),
        report("sonar", classified(Nation::JPN)).prop_map(Event::Open),
        report("radar", sensitive(Nation::JPN)).prop_map(Event::Secret),
        report("usa", civil(Nation::USA)).prop_map(Event::Theirs),
        Just(Event::Tick),
    ]
}

/// What the partner can know: everything that leaves, and what its liaison is shown.
fn known(events: &[(i64, Event)], viewer: Nation) -> String {
    let (mut jpn, mut usa) = (Floor::new(Nation::JPN), Floor::new(Nation::USA));
    jpn.picture.handle(PictureInput::Zone(zone(Nation::JPN, true)), at(0));
    let mut text = String::new();
    let mut last = 0;
    for (seconds, event) in events {
        let timed = |o: &Observation| {
            let mut o = o.clone();
            o.received_at = at(*seconds);
            o.event_time = o.event_time.plus_ms(seconds * 1000);
            o
        };
        let effects = match event {
            Event::Open(o) | Event::Secret(o) => jpn.hear(timed(o)),
            Event::Theirs(o) => {
                let offered = usa.hear(timed(o));
                jpn.receive(Nation::USA, &offered, *seconds)
            }
            Event::Swept(plots) | Event::SecretSweep(plots) => {
                let dated = plots.iter().map(|plot| Plot {
                    event_time: plot.event_time.plus_ms(seconds * 1000),
                    received_at: at(*seconds),
                    ..plot.clone()
                });
                jpn.sweep(*seconds, dated.collect())
            }
            Event::Tick => jpn.tick(*seconds),
        };
        for effect in effects {
            use PictureEffect::{AliasGiven, Forget, Offer};
            if matches!(effect, Offer { .. } | AliasGiven { .. } | Forget { .. }) {
                text += &format!("{effect:?}\n");
            }
        }
        last = *seconds;
    }
    for view in jpn.picture.views(viewer, at(last)) {
        text += &format!("{view:?}\n");
    }
    text + &format!("{:?}", jpn.picture.motions(viewer, at(last)))
}

/// The same history with the withheld source silent, and with it saying something else.
fn variations(events: &[(i64, Event)], other: &[Observation]) -> [Vec<(i64, Event)>; 2] {
    let is_secret = |e: &Event| matches!(e, Event::Secret(_) | Event::SecretSweep(_));
    let silent = events.iter().filter(|(_, e)| !is_secret(e)).cloned().collect();
    let mut others = other.iter().cycle();
    let changed = events.iter().map(|(seconds, event)| match event {
        Event::Secret(_) => (*seconds, others.next().cloned().map_or(Event::Tick, Event::Secret)),
        other => (*seconds, other.clone()),
    });
    [silent, changed.collect()]
}

/// Times that rise by up to twenty minutes, over which things age and slots change.
fn history() -> impl Strategy<Value = Vec<(i64, Event)>> {
    proptest::collection::vec((0..1_200i64, event()), 1..40).prop_map(|steps| {
        let mut seconds = 0;
        let timed = |(step, event)| {
            seconds += step;
            (seconds, event)
        };
        steps.into_iter().map(timed).collect()
    })
}

fn secrets() -> impl Strategy<Value = Vec<Observation>> {
    proptest::collection::vec(report("radar", sensitive(Nation::JPN)), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_withheld_source_changes_nothing_that_the_partner_can_know(
        events in history(),
        other in secrets(),
    ) {
        let before = known(&events, Nation::USA);
        for varied in variations(&events, &other) {
            prop_assert_eq!(&known(&varied, Nation::USA), &before);
        }
    }
}

/// A short history in which the withheld source sees what nobody else does.
fn plain_history(secret: Label) -> Vec<(i64, Event)> {
    let open = |seconds, mmsi| {
        let o = ship("ais", civil(Nation::JPN), mmsi, 0, 124.9);
        (seconds, Event::Open(o))
    };
    let hidden = ship("radar", secret, 7, 0, 125.4);
    vec![open(1, 1), (2, Event::Secret(hidden)), open(3, 2), open(4, 7)]
}

#[test]
fn a_source_that_leaks_is_caught() {
    let leaky = plain_history(classified(Nation::JPN));
    let [silent, _] = variations(&leaky, &[]);
    assert_ne!(known(&leaky, Nation::USA), known(&silent, Nation::USA));
}

#[test]
fn a_view_that_shows_the_own_picture_to_a_liaison_is_caught() {
    let events = plain_history(sensitive(Nation::JPN));
    let [silent, _] = variations(&events, &[]);
    assert_eq!(known(&events, Nation::USA), known(&silent, Nation::USA));
    assert_ne!(known(&events, Nation::JPN), known(&silent, Nation::JPN));
}

/// Twenty minutes in which a ship is heard by AIS, which is released, and a team beside it by CoT under
/// `secret`; the two tracks are one thing on our own floor.
fn beside(secret: &Label) -> Vec<(i64, Event)> {
    let mut events = Vec::new();
    for seconds in (0..1_200).step_by(10) {
        let longitude = 125.0 + 0.000_08 * seconds as f64;
        let mut open = ship("ais", civil(Nation::JPN), 1, 0, longitude);
        let mut hidden = ship("team", secret.clone(), 2, 0, longitude);
        hidden.identity = Identity::Cot("unit-2".into());
        hidden.attributes.name = Some("HIDDEN".into());
        (open.content, hidden.content) = (seconds as u64 + 1, seconds as u64 + 1_000);
        events.push((seconds, Event::Open(open)));
        events.push((seconds, Event::Secret(hidden)));
        events.push((seconds, Event::Tick));
    }
    events
}

#[test]
fn an_association_with_a_withheld_source_changes_nothing_that_the_partner_can_know() {
    let events = beside(&sensitive(Nation::JPN));
    let [silent, _] = variations(&events, &[]);
    let own = known(&events, Nation::JPN);
    assert!(own.contains("one_with: [OneWith") && own.contains("HIDDEN"), "they are one here");
    assert_ne!(own, known(&silent, Nation::JPN));
    let theirs = known(&events, Nation::USA);
    assert_eq!(theirs, known(&silent, Nation::USA));
    assert!(!theirs.contains("HIDDEN") && !theirs.contains("unit-2"));
}

#[test]
fn an_association_with_a_source_that_leaks_is_caught() {
    // Planted: the team's reports carry a label that lets them go.
    let leaky = beside(&classified(Nation::JPN));
    let [silent, _] = variations(&leaky, &[]);
    assert_ne!(known(&leaky, Nation::USA), known(&silent, Nation::USA));
}

#[test]
fn a_view_that_shows_an_own_association_to_a_liaison_is_caught() {
    // Planted: the liaison is shown our own floor's view of the track.
    let events = beside(&sensitive(Nation::JPN));
    let [silent, _] = variations(&events, &[]);
    assert_ne!(known(&events, Nation::JPN), known(&silent, Nation::USA));
}

#[test]
fn a_person_who_joins_a_track_with_a_withheld_one_tells_the_partner_nothing() {
    let mut jpn = Floor::new(Nation::JPN);
    let mut hidden = ship("team", sensitive(Nation::JPN), 2, 0, 125.3);
    hidden.identity = Identity::Cot("unit-2".into());
    jpn.hear(ship("ais", civil(Nation::JPN), 1, 0, 125.0));
    jpn.hear(hidden);
    let names = (Identity::Mmsi(1), Identity::Cot("unit-2".into()));
    let state = |jpn: &mut Floor, same| {
        let pair = StatedPair { one: names.0.clone(), other: names.1.clone(), same };
        jpn.picture.handle(PictureInput::Merged(vec![pair]), at(1))
    };
    let theirs = |jpn: &Floor| format!("{:?}", jpn.picture.views(Nation::USA, at(1)));
    let (before, alone) =
        (theirs(&jpn), jpn.picture.about_track(TrackNumber(1), Nation::USA).unwrap());
    assert!(alone.released.is_some());

    let changed = state(&mut jpn, Some(true));
    assert!(changed.iter().all(|effect| matches!(effect, PictureEffect::Changed(_))));
    assert_eq!(changed.len(), 2);
    let whole = jpn.picture.view(TrackNumber(2), Nation::JPN, at(1)).unwrap();
    assert_eq!((whole.number, whole.identities.len()), (TrackNumber(1), 2));
    assert_eq!(jpn.picture.views(Nation::JPN, at(1)).len(), 1);
    // What is said of the thing now rests on the withheld source too.
    assert_eq!(jpn.picture.about_track(TrackNumber(1), Nation::USA).unwrap().released, None);
    assert_eq!(theirs(&jpn), before);

    state(&mut jpn, None);
    assert_eq!(jpn.picture.views(Nation::JPN, at(1)).len(), 2);
    assert_eq!(jpn.picture.about_track(TrackNumber(1), Nation::USA), Some(alone));
}

/// Ten minutes in which a ship is heard by AIS under `ais` and seen by a radar under `radar`, and a boat
/// without AIS by that radar alone; both go into the zone. `secret` says whose reports may fall silent.
fn seen_and_heard(ais: &Label, radar: &Label, secret: Secret) -> Vec<(i64, Event)> {
    let mut events = Vec::new();
    for seconds in (0..600).step_by(10) {
        // A quiet beat stands where a withheld one may be missing, so that time passes all the same.
        events.push((seconds, Event::Tick));
        let longitude = 124.98 + 0.000_08 * seconds as f64;
        let mut report = ship("ais", ais.clone(), 1, 0, longitude);
        report.content = seconds as u64 + 1;
        let plots = vec![
            plot("radar", radar.clone(), 0, (25.0, longitude)),
            plot("radar", radar.clone(), 0, (25.05, longitude)),
        ];
        let (heard, seen) = match secret {
            Secret::Radar => (Event::Open(report), Event::SecretSweep(plots)),
            Secret::Ais => (Event::Secret(report), Event::Swept(plots)),
        };
        events.extend([(seconds, seen), (seconds, heard)]);
    }
    events
}

#[derive(Clone, Copy)]
enum Secret {
    Radar,
    Ais,
}

#[test]
fn a_withheld_radar_beside_released_ais_changes_nothing_that_the_partner_can_know() {
    let (civil, hidden) = (civil(Nation::JPN), sensitive(Nation::JPN));
    let events = seen_and_heard(&civil, &hidden, Secret::Radar);
    let [silent, _] = variations(&events, &[]);
    let own = known(&events, Nation::JPN);
    assert!(own.contains("identities: []"), "the boat without AIS is on our own floor");
    assert_ne!(own, known(&silent, Nation::JPN));
    assert_eq!(known(&events, Nation::USA), known(&silent, Nation::USA));
}

#[test]
fn withheld_ais_beside_a_released_radar_changes_nothing_that_the_partner_can_know() {
    let (hidden, listed) = (sensitive(Nation::JPN), listed(Nation::JPN));
    let events = seen_and_heard(&hidden, &listed, Secret::Ais);
    let [silent, _] = variations(&events, &[]);
    let theirs = known(&events, Nation::USA);
    assert!(theirs.contains("J-0001") && theirs.contains("J-0002"), "both are told by the radar");
    assert_eq!(theirs, known(&silent, Nation::USA));
    // On our own floor the report has named what the radar sees, and moved it.
    assert_ne!(known(&events, Nation::JPN), known(&silent, Nation::JPN));
}

#[test]
fn a_radar_that_leaks_is_caught() {
    // Planted: the radar's plots carry a label that lets them go.
    for leaky in [classified(Nation::JPN), listed(Nation::JPN)] {
        let events = seen_and_heard(&civil(Nation::JPN), &leaky, Secret::Radar);
        let [silent, _] = variations(&events, &[]);
        assert_ne!(known(&events, Nation::USA), known(&silent, Nation::USA));
    }
}

/// What would go over if the released radar's track were the one that fusion moves with AIS too.
fn fused(events: &[(i64, Event)]) -> String {
    let mut fusion = Fusion::new(FusionConfig::default());
    let mut text = String::new();
    for (seconds, event) in events {
        match event {
            Event::Secret(o) => {
                let o = Observation {
                    event_time: at(*seconds),
                    received_at: at(*seconds),
                    ..o.clone()
                };
                fusion.observe(&o, at(*seconds));
            }
            Event::Swept(plots) => {
                let dated = plots.iter().map(|plot| Plot {
                    event_time: at(*seconds),
                    received_at: at(*seconds),
                    ..plot.clone()
                });
                let swept = fusion.sweep(&RADAR, &dated.collect::<Vec<Plot>>(), at(*seconds));
                for (number, _) in swept.taken {
                    text += &format!("{:?}\n", fusion.sensor_track(number));
                }
            }
            _ => {}
        }
    }
    text
}

#[test]
fn a_release_of_the_fused_track_instead_of_the_radars_own_is_caught() {
    // Planted: what the partner is told of the radar comes from the estimate that AIS moves as well.
    let events = seen_and_heard(&sensitive(Nation::JPN), &listed(Nation::JPN), Secret::Ais);
    let [silent, _] = variations(&events, &[]);
    assert_ne!(fused(&events), fused(&silent));
}
