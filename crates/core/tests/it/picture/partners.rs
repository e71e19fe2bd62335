//! Several partners: what one is released, withheld or gives us changes nothing of what another gets,
//! and nothing that one gave ever goes to another.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use expect_test::expect;
use proptest::prelude::*;
use renkei_core::picture::{Picture, PictureConfig, PictureEffect, PictureInput, Towards};
use renkei_model::id::{Nation, SourceId};
use renkei_model::label::Label;
use renkei_model::observation::{Observation, Source};
use renkei_model::plot::Plot;
use renkei_model::position::Position;
use renkei_model::track::TrackNumber;
use renkei_policy::{Policy, shipped};

use super::floors::{Floor, at, civil, offers, partition, plot, sensitive, ship, told, zone};

const CANARY: &str = "CANARY MARU";

/// The Japanese set as shipped, and the same permits once more towards Australia.
fn policy() -> Policy {
    static READ: OnceLock<Policy> = OnceLock::new();
    let read = || {
        let mut files: Vec<(String, String)> = Vec::new();
        for (name, text) in shipped(Nation::JPN) {
            files.push(((*name).into(), (*text).into()));
            if text.contains("permit") {
                let text = text.replace("Nation::\"USA\"", "Nation::\"AUS\"");
                files.push((format!("aus-{name}"), text.replace("@id(\"", "@id(\"aus-")));
            }
        }
        let files: Vec<_> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        Policy::load(Nation::JPN, &partition(), &files).unwrap()
    };
    READ.get_or_init(read).clone()
}

/// The Japanese floor with two partners.
fn japan() -> Floor {
    let partners = [(Nation::USA, 0), (Nation::AUS, 1)]
        .map(|(partner, lane)| Towards { partner, lane })
        .to_vec();
    let config = PictureConfig::of(Nation::JPN, partners);
    Floor { nation: Nation::JPN, picture: Picture::new(config, &policy()) }
}

/// A partner's floor; Australia's set is the US one, which permits Japan the same.
fn ally(nation: Nation) -> Floor {
    static AUS: OnceLock<Policy> = OnceLock::new();
    if nation == Nation::USA {
        return Floor::new(nation);
    }
    let read = || Policy::load(Nation::AUS, &partition(), shipped(Nation::USA)).unwrap();
    let config = PictureConfig::new(nation, Nation::JPN);
    Floor { nation, picture: Picture::new(config, AUS.get_or_init(read)) }
}

/// Unclassified and listed for `nations` alone.
fn for_only(nations: &[Nation]) -> Label {
    let releasable_to = nations.iter().copied().collect::<BTreeSet<_>>();
    Label { releasable_to, informative: BTreeSet::new(), ..civil(Nation::JPN) }
}

/// One thing that happens on the Japanese floor.
#[derive(Clone, Debug)]
enum Event {
    /// An own report, and who alone may have it; nobody named = civil, for all.
    Own(Observation, Option<Nation>),
    Secret(Observation),
    /// A partner released a report to us.
    From(Nation, Observation),
    /// A sweep of a radar that one partner alone may have.
    Swept(Nation, Vec<Plot>),
    Tick,
}

impl Event {
    /// Whether it concerns nobody but `nation` and us.
    fn is_of(&self, nation: Nation) -> bool {
        match self {
            Self::Own(_, to) => *to == Some(nation),
            Self::From(of, _) | Self::Swept(of, _) => *of == nation,
            Self::Secret(_) | Self::Tick => false,
        }
    }
}

fn report(feed: &'static str, label: Label) -> impl Strategy<Value = Observation> {
    (1..4u32, (24.0..26.0, 124.0..126.0), 0..5u64, 0..120i64).prop_map(
        move |(mmsi, (lat, lon), content, late_s)| {
            let mut o = ship(feed, label.clone(), mmsi, 0, 125.0);
            o.position = Position::new(lat, lon);
            o.content = content;
            o.event_time = at(-late_s);
            o
        },
    )
}

fn own(to: Option<Nation>) -> impl Strategy<Value = Event> {
    let (feed, label) = match to {
        Some(nation) if nation == Nation::USA => ("usa-only", for_only(&[nation])),
        Some(nation) => ("aus-only", for_only(&[nation])),
        None => ("ais", civil(Nation::JPN)),
    };
    report(feed, label).prop_map(move |o| Event::Own(o, to))
}

fn from(nation: Nation) -> impl Strategy<Value = Event> {
    report("theirs", civil(nation)).prop_map(move |mut o| {
        o.attributes.name = Some(CANARY.into());
        Event::From(nation, o)
    })
}

fn swept(nation: Nation) -> impl Strategy<Value = Event> {
    let place = (24.9..25.1, 124.9..125.1);
    proptest::collection::vec(place, 1..3).prop_map(move |places| {
        let feed = if nation == Nation::USA { "usa-radar" } else { "aus-radar" };
        let label = for_only(&[nation]);
        let plots = places.into_iter().map(|place| plot(feed, label.clone(), 0, place));
        Event::Swept(nation, plots.collect())
    })
}

fn history() -> impl Strategy<Value = Vec<(i64, Event)>> {
    let event = prop_oneof![
        own(None),
        own(Some(Nation::USA)),
        own(Some(Nation::AUS)),
        from(Nation::USA),
        from(Nation::AUS),
        swept(Nation::USA),
        swept(Nation::AUS),
        report("sonar", sensitive(Nation::JPN)).prop_map(Event::Secret),
        Just(Event::Tick),
    ];
    proptest::collection::vec((0..600i64, event), 1..40).prop_map(|steps| {
        let mut seconds = 0;
        let timed = |(step, event)| {
            seconds += step;
            (seconds, event)
        };
        steps.into_iter().map(timed).collect()
    })
}

/// What is planted.
#[derive(Clone, Copy, PartialEq)]
enum Planted {
    Nothing,
    /// What one partner released is heard as if a feed of ours had reported it.
    Relay,
    /// What leaves towards anyone reaches everyone.
    OneDesk,
}

/// What `partner` can know: every byte that leaves towards it, and what its liaison is shown.
fn known(events: &[(i64, Event)], partner: Nation, planted: Planted) -> String {
    let mut jpn = japan();
    let (mut usa, mut aus) = (ally(Nation::USA), ally(Nation::AUS));
    jpn.picture.handle(PictureInput::Zone(zone(Nation::JPN, true)), at(0));
    let (mut text, mut last) = (String::new(), 0);
    for (seconds, event) in events {
        let timed = |o: &Observation| {
            let (received_at, event_time) = (at(*seconds), o.event_time.plus_ms(seconds * 1000));
            Observation { received_at, event_time, ..o.clone() }
        };
        let effects = match event {
            Event::Own(o, _) | Event::Secret(o) => jpn.hear(timed(o)),
            Event::From(nation, o) => {
                let theirs = if *nation == Nation::USA { &mut usa } else { &mut aus };
                let offered = theirs.hear(timed(o));
                if planted == Planted::Relay {
                    let relayed = offers(&offered).into_iter().flat_map(|released| {
                        let heard = released.item().clone().into_observation(at(*seconds));
                        let source = Source::Own(SourceId("relay".into()));
                        jpn.hear(Observation { source, label: civil(Nation::JPN), ..heard })
                    });
                    relayed.collect()
                } else {
                    jpn.receive(*nation, &offered, *seconds)
                }
            }
            Event::Swept(_, plots) => {
                let dated = plots.iter().map(|plot| Plot {
                    event_time: at(*seconds),
                    received_at: at(*seconds),
                    ..plot.clone()
                });
                jpn.sweep(*seconds, dated.collect())
            }
            Event::Tick => jpn.tick(*seconds),
        };
        for effect in &effects {
            let to = match effect {
                PictureEffect::Offer { to, .. } => *to,
                PictureEffect::AliasGiven { partner, .. }
                | PictureEffect::Forget { partner, .. } => *partner,
                _ => continue,
            };
            if to == partner || planted == Planted::OneDesk {
                text += &format!("{effect:?}\n");
            }
        }
        last = *seconds;
    }
    for view in jpn.picture.views(partner, at(last)) {
        text += &format!("{view:?}\n");
    }
    text + &format!("{:?}", jpn.picture.motions(partner, at(last)))
}

/// The same history without what concerns `nation` alone.
fn without(events: &[(i64, Event)], nation: Nation) -> Vec<(i64, Event)> {
    events.iter().filter(|(_, event)| !event.is_of(nation)).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_one_partner_gets_and_gives_changes_no_byte_towards_another(events in history()) {
        for (one, other) in [(Nation::USA, Nation::AUS), (Nation::AUS, Nation::USA)] {
            let before = known(&events, one, Planted::Nothing);
            let varied = known(&without(&events, other), one, Planted::Nothing);
            prop_assert_eq!(varied, before);
        }
    }

    #[test]
    fn what_one_partner_gave_never_goes_to_another(events in history()) {
        let only_usa = without(&without(&events, Nation::AUS), Nation::AUS);
        prop_assert!(!known(&only_usa, Nation::AUS, Planted::Nothing).contains(CANARY));
    }
}

/// One report that Australia alone may have, one from the US, one for all.
fn plain_history() -> Vec<(i64, Event)> {
    let own = |to, feed, label, mmsi| Event::Own(ship(feed, label, mmsi, 0, 124.9), to);
    let mut theirs = ship("theirs", civil(Nation::USA), 9, 0, 125.4);
    theirs.attributes.name = Some(CANARY.into());
    vec![
        (1, own(Some(Nation::AUS), "aus-only", for_only(&[Nation::AUS]), 7)),
        (2, Event::From(Nation::USA, theirs)),
        (3, own(None, "ais", civil(Nation::JPN), 8)),
    ]
}

#[test]
fn a_relay_is_caught() {
    let events = plain_history();
    assert!(!known(&events, Nation::AUS, Planted::Nothing).contains(CANARY));
    assert!(known(&events, Nation::AUS, Planted::Relay).contains(CANARY));
    let silent = without(&events, Nation::USA);
    assert_ne!(
        known(&events, Nation::AUS, Planted::Relay),
        known(&silent, Nation::AUS, Planted::Relay)
    );
}

#[test]
fn a_desk_that_serves_two_partners_is_caught() {
    let events = plain_history();
    let silent = without(&events, Nation::AUS);
    let as_planted = |events: &[_]| known(events, Nation::USA, Planted::OneDesk);
    assert_ne!(as_planted(&events), as_planted(&silent));
}

#[test]
fn a_label_that_lists_both_is_caught() {
    let mut events = plain_history();
    let both = for_only(&[Nation::USA, Nation::AUS]);
    events.push((4, Event::Own(ship("aus-only", both, 6, 4, 125.1), Some(Nation::AUS))));
    let silent = without(&events, Nation::AUS);
    let honest = |events: &[_]| known(events, Nation::USA, Planted::Nothing);
    assert_ne!(honest(&events), honest(&silent));
}

#[test]
fn each_partner_hears_of_a_thing_by_an_alias_of_its_own_lane() {
    let mut jpn = japan();
    jpn.hear(ship("usa-only", for_only(&[Nation::USA]), 5, 0, 124.0));
    let effects = jpn.hear(ship("ais", civil(Nation::JPN), 8, 1, 125.0));
    expect![[r#"
        to USA, Named Mmsi(8) is J-0002
        offer J-0002 to USA: existence full identity source by civil-broadcast-in-full
        to AUS, Named Mmsi(8) is JB-0001
        offer JB-0001 to AUS: existence full identity source by aus-civil-broadcast-in-full
        history of track 2
        track 2 changed
    "#]]
    .assert_eq(&told(&effects));
}

#[test]
fn what_another_gave_us_is_explained_as_its_own_to_release() {
    let (mut jpn, mut usa) = (japan(), ally(Nation::USA));
    let offered = usa.hear(ship("theirs", civil(Nation::USA), 9, 0, 125.4));
    jpn.receive(Nation::USA, &offered, 1);
    let explained = jpn.picture.explain(TrackNumber(1), Nation::AUS, at(1)).unwrap();
    assert_eq!(explained.preview, None);
    let [existence, ..] = &explained.tiers;
    expect!["false received from another nation; only its originator may release it | 他国から提供された情報であり、原提供国の事前承認なく第三国に提供しない"]
        .assert_eq(&format!(
            "{} {} | {}",
            existence.permitted, existence.reason.en, existence.reason.ja
        ));
    assert!(jpn.picture.explain(TrackNumber(1), Nation::USA, at(1)).unwrap().preview.is_some());
}

#[test]
fn a_nation_that_no_rule_names_gets_nothing() {
    let partners = [(Nation::USA, 0), (Nation::AUS, 1)]
        .map(|(partner, lane)| Towards { partner, lane })
        .to_vec();
    let as_shipped = Policy::load(Nation::JPN, &partition(), shipped(Nation::JPN)).unwrap();
    let picture = Picture::new(PictureConfig::of(Nation::JPN, partners), &as_shipped);
    let mut jpn = Floor { nation: Nation::JPN, picture };
    let listed = for_only(&[Nation::USA, Nation::AUS]);
    for label in [civil(Nation::JPN), listed] {
        let effects = jpn.hear(ship("feed", label, 1, 0, 125.0));
        let to: Vec<_> = offers(&effects).iter().map(|released| released.to()).collect();
        assert_eq!(to, [Nation::USA]);
    }
    assert!(jpn.picture.views(Nation::AUS, at(1)).is_empty());
}

#[test]
fn an_alert_goes_to_those_partners_alone_who_know_the_thing() {
    let raised = |feed, label: Label| {
        let (mut jpn, mut to) = (japan(), Vec::new());
        jpn.picture.handle(PictureInput::Zone(zone(Nation::JPN, true)), at(0));
        for seconds in (0..600).step_by(10) {
            let longitude = 124.98 + 0.000_08 * seconds as f64;
            let effects = jpn.hear(ship(feed, label.clone(), 1, seconds, longitude));
            to.extend(effects.into_iter().filter_map(|effect| match effect {
                PictureEffect::Raise { partner, alert } => {
                    Some((partner, alert.about.released.is_some()))
                }
                _ => None,
            }));
        }
        to
    };
    let (usa, aus) = (Nation::USA, Nation::AUS);
    assert_eq!(raised("ais", civil(Nation::JPN)), [(usa, true), (aus, true)]);
    // The first partner's affairs keep what nobody may know.
    assert_eq!(raised("a", for_only(&[aus])), [(usa, false), (aus, true)]);
    assert_eq!(raised("b", for_only(&[usa])), [(usa, true)]);
}
