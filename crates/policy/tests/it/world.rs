//! Random labels, observations and releases for the property tests.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use renkei_model::id::{BorderAlias, Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{
    Attributes, Domain, Emergency, Identity, Motion, Observation, Source,
};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use crate::support::NOW;

pub(crate) const LEVELS: [Classification; 5] = [
    Classification::Unclassified,
    Classification::Restricted,
    Classification::Confidential,
    Classification::Secret,
    Classification::TopSecret,
];

pub(crate) const RESTRICTIONS: [&str; 6] =
    ["NOFORN", "HOLD", "SENSITIVE_SOURCE", "ORCON", "PERSONAL_DATA", "EYES_ONLY"];

pub(crate) const DOMAINS: [Domain; 5] =
    [Domain::Surface, Domain::Air, Domain::Land, Domain::Installation, Domain::Other];

fn nations() -> impl Strategy<Value = BTreeSet<Nation>> {
    let third: Nation = "AUS".parse().expect("a nation");
    btree_set(select(vec![Nation::USA, Nation::USA, third]), 0..3)
}

fn words(from: &'static [&'static str], most: usize) -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(select(from).prop_map(str::to_owned), 0..=most)
}

/// A label, mostly of JPN, mostly with few marks, so that much of it is released.
pub(crate) fn label() -> impl Strategy<Value = Label> {
    let restrictive = prop_oneof![
        3 => Just(BTreeSet::new()),
        1 => words(&RESTRICTIONS, 2),
    ];
    let originator = prop_oneof![9 => Just(Nation::JPN), 1 => Just(Nation::USA)];
    let review = option::of((-2_i64..3).prop_map(|hours| NOW.plus_ms(hours * 3_600_000)));
    let marks = (select(&LEVELS[..]), nations(), restrictive, words(&["CIVIL", "EXERCISE"], 2));
    (marks, originator, 0_i64..86_400_000, review).prop_map(|(marks, originator, age, review)| {
        let (classification, releasable_to, restrictive, informative) = marks;
        Label {
            policy: "JPN-EXERCISE".into(),
            classification,
            releasable_to,
            restrictive,
            informative,
            originator,
            created: NOW.plus_ms(-age),
            review,
        }
    })
}

pub(crate) fn identity() -> impl Strategy<Value = Identity> {
    prop_oneof![
        (0_u32..1_000_000_000).prop_map(Identity::Mmsi),
        (0_u32..0x100_0000).prop_map(Identity::Icao),
        (0_u32..0x100_0000).prop_map(Identity::NonIcao),
        "[A-Z0-9-]{1,20}".prop_map(Identity::Cot),
    ]
}

fn text() -> impl Strategy<Value = Option<String>> {
    option::of(prop_oneof!["[ A-Z0-9]{0,20}", "\\PC{0,90}"])
}

pub(crate) fn attributes() -> impl Strategy<Value = Attributes> {
    let emergency = option::of(select(vec![Emergency::Distress, Emergency::CotEmergency]));
    let texts = (text(), text(), text(), text(), text(), text());
    let numbers = (any::<Option<u32>>(), any::<Option<u8>>(), any::<Option<u16>>());
    let more = (any::<Option<u16>>(), any::<Option<u8>>(), emergency);
    (texts, numbers, more).prop_map(|(texts, numbers, more)| {
        let (name, callsign, destination, squawk, cot_type, team) = texts;
        let safety_text = destination.clone();
        let ((imo, ship_type, length_m), (beam_m, nav_status, emergency)) = (numbers, more);
        Attributes {
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
            safety_text,
        }
    })
}

pub(crate) fn motion() -> impl Strategy<Value = Motion> {
    let angle = || option::of(0.0..360.0);
    let rest = (option::of(-500.0..20_000.0), option::of(-100.0..100.0));
    (option::of(0.0..400.0), angle(), angle(), rest).prop_map(
        |(speed_mps, course_deg, heading_deg, (altitude_m, vertical_rate_mps))| Motion {
            speed_mps,
            course_deg,
            heading_deg,
            altitude_m,
            vertical_rate_mps,
        },
    )
}

pub(crate) fn position() -> impl Strategy<Value = Position> {
    (-90.0..=90.0, -180.0..180.0)
        .prop_map(|(lat, lon)| Position::new(lat, lon).expect("on the globe"))
}

fn source() -> impl Strategy<Value = Source> {
    let feed = || select(vec!["miyako-ais", "yonaguni", "tak"]).prop_map(|s| SourceId(s.into()));
    let alias = BorderAlias { nation: Nation::USA, number: 7 };
    prop_oneof![
        9 => feed().prop_map(Source::Own),
        1 => option::of(feed()).prop_map(move |feed| Source::Partner {
            nation: Nation::USA,
            alias,
            feed,
        }),
    ]
}

pub(crate) fn domain() -> impl Strategy<Value = Domain> {
    select(&DOMAINS[..])
}

/// A report of the last hour.
pub(crate) fn observation() -> impl Strategy<Value = Observation> {
    let what = (source(), identity(), domain(), label());
    let told = (option::of(position()), option::of(0.0..5_000.0), motion(), attributes());
    (what, told, 0_i64..3_600_000, any::<u64>()).prop_map(|(what, told, age, content)| {
        let (source, identity, domain, label) = what;
        let (position, accuracy_m, motion, attributes) = told;
        let event_time: Timestamp = NOW.plus_ms(-age);
        Observation {
            source,
            identity,
            domain,
            event_time,
            received_at: NOW,
            position,
            accuracy_m,
            motion,
            attributes,
            content,
            label,
        }
    })
}

/// Some reports of one thing, in the order of their times.
pub(crate) fn track() -> impl Strategy<Value = Vec<Observation>> {
    (observation(), vec((0_i64..900_000, position(), motion()), 1..12)).prop_map(
        |(first, later)| {
            let mut at = first.event_time;
            let mut track = vec![first.clone()];
            for (step, position, motion) in later {
                at = at.plus_ms(step);
                let position = Some(position);
                track.push(Observation { event_time: at, position, motion, ..first.clone() });
            }
            track
        },
    )
}
