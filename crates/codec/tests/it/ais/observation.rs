//! What a message becomes on the picture: units, sentinels, domain, distress, times.

use expect_test::{Expect, expect};
use renkei_codec::FeedContext;
use renkei_codec::ais::{
    Dimensions, Fix, Framing, Message, MmsiClass, PositionA, Receiver, StaticB, Text,
    encode_sentences, to_observation,
};
use renkei_model::id::{Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Domain, Emergency, Observation};
use renkei_model::position::Position;

use super::NOW;

pub(super) fn context() -> FeedContext {
    let label = Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Unclassified,
        releasable_to: [Nation::USA].into(),
        restrictive: [].into(),
        informative: ["CIVIL".into()].into(),
        originator: Nation::JPN,
        created: NOW,
        review: None,
    };
    FeedContext { source: SourceId("jpn-ais".into()), label, nation: Nation::JPN }
}

/// Observations of what `lines` hold.
fn observed(lines: &str) -> Vec<Observation> {
    let (mut receiver, mut observations) = (Receiver::default(), Vec::new());
    receiver.push(lines.as_bytes(), NOW, |item| {
        let item = item.expect("a good line");
        observations.extend(to_observation(&item, &context(), NOW));
    });
    observations
}

fn check(lines: &str, expected: &Expect) {
    let mut text = String::new();
    for o in observed(lines) {
        text += &format!(
            "{:?} {:?} at {:?} ±{:?}\n{:?}\n{:?}\n{}\n",
            o.identity,
            o.domain,
            o.position,
            o.accuracy_m,
            o.motion,
            o.attributes,
            o.event_time.to_rfc3339().unwrap_or_default()
        );
    }
    expected.assert_eq(&text);
}

/// A position report with nothing available.
fn silent(mmsi: u32, status: u8) -> PositionA {
    PositionA {
        kind: 1,
        repeat: 0,
        mmsi,
        status,
        turn: -128,
        speed: 1023,
        accurate: false,
        fix: Fix::NONE,
        course: 3600,
        heading: 511,
        second: 60,
        manoeuvre: 0,
        raim: false,
        radio: 0,
    }
}

fn observe(message: &Message) -> Option<Observation> {
    observed(&(encode_sentences(message, Framing::default()).join("\n") + "\n")).pop()
}

#[test]
fn knots_become_metres_a_second_and_the_tag_block_gives_the_time() {
    check(
        "\\s:north,c:1334337317*54\\!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\n",
        &expect![[r#"
            Mmsi(371798000) Surface at Some(Position { latitude_deg: 48.38163333333333, longitude_deg: -123.39538333333333 }) ±Some(10.0)
            Motion { speed_mps: Some(6.327666666666667), course_deg: Some(224.0), heading_deg: Some(215.0), altitude_m: None, vertical_rate_mps: None }
            Attributes { name: None, callsign: None, imo: None, ship_type: None, destination: None, length_m: None, beam_m: None, nav_status: Some(0), squawk: None, cot_type: None, team: None, emergency: None }
            2012-04-13T17:15:17Z
        "#]],
    );
}

#[test]
fn static_data_is_attributes_without_a_position() {
    check(
        "!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C\n\
         !AIVDM,2,2,1,A,88888888880,2*25\n",
        &expect![[r#"
            Mmsi(351759000) Surface at None ±None
            Motion { speed_mps: None, course_deg: None, heading_deg: None, altitude_m: None, vertical_rate_mps: None }
            Attributes { name: Some("EVER DIADEM"), callsign: Some("3FOF8"), imo: Some(9134270), ship_type: Some(70), destination: Some("NEW YORK"), length_m: Some(295), beam_m: Some(32), nav_status: None, squawk: None, cot_type: None, team: None, emergency: None }
            2026-11-22T06:28:00Z
        "#]],
    );
}

#[test]
fn what_is_not_available_is_none() {
    let seen = observe(&Message::PositionA(silent(690_000_001, 15))).expect("an observation");
    assert_eq!(seen.position, None);
    assert_eq!(seen.accuracy_m, None);
    assert_eq!(seen.motion, Default::default());
    assert_eq!(seen.event_time, NOW);
}

#[test]
fn a_position_outside_this_earth_is_none() {
    let mut report = silent(690_000_001, 0);
    report.fix = Fix { longitude: -121_478_075, latitude: 15_000_000 };
    assert_eq!(observe(&Message::PositionA(report)).expect("an observation").position, None);
}

#[test]
fn the_accuracy_flag_is_ten_metres_or_a_hundred() {
    let place = Position::new(24.5, 125.0).expect("a place");
    let mut report = silent(690_000_001, 0);
    report.fix = Fix::new(place);
    let coarse = observe(&Message::PositionA(report)).expect("an observation");
    report.accurate = true;
    let fine = observe(&Message::PositionA(report)).expect("an observation");
    assert_eq!((coarse.accuracy_m, fine.accuracy_m), (Some(100.0), Some(10.0)));
    assert!(fine.position.expect("sent").distance_m(place) < 0.2);
}

#[test]
fn digits_of_the_mmsi_say_where_it_moves() {
    let domain = |mmsi| observe(&Message::PositionA(silent(mmsi, 0))).map(|seen| seen.domain);
    assert_eq!(domain(690_000_001), Some(Domain::Surface));
    assert_eq!(domain(4_310_302), Some(Domain::Installation));
    assert_eq!(domain(992_190_934), Some(Domain::Installation));
    assert_eq!(domain(111_503_003), Some(Domain::Air));
    assert_eq!(domain(972_000_001), Some(Domain::Installation));
    assert_eq!(domain(982_190_934), Some(Domain::Surface));
    assert_eq!(domain(123_456_789), Some(Domain::Surface), "an odd number is no buoy");
    assert_eq!(domain(0), None);
    assert_eq!(domain(1_030_705_681), None);
    assert_eq!(MmsiClass::of(431_000_001), MmsiClass::Ship);
}

#[test]
fn a_beacon_is_in_distress_unless_it_says_it_is_under_test() {
    let emergency = |mmsi, status| {
        observe(&Message::PositionA(silent(mmsi, status))).and_then(|o| o.attributes.emergency)
    };
    for beacon in [970_000_001, 972_000_001, 974_000_001] {
        assert_eq!(emergency(beacon, 14), Some(Emergency::Distress));
        assert_eq!(emergency(beacon, 0), Some(Emergency::Distress));
        assert_eq!(emergency(beacon, 15), None);
    }
    assert_eq!(emergency(690_000_001, 14), Some(Emergency::Distress));
    assert_eq!(emergency(690_000_001, 0), None);
}

#[test]
fn the_mother_ship_of_an_auxiliary_craft_is_not_its_size() {
    let dimensions = Dimensions { bow: 300, stern: 20, port: 5, starboard: 6 };
    let part_b = |mmsi| {
        let callsign = Text::new("JD3817");
        let report = StaticB {
            kind: 24,
            repeat: 0,
            mmsi,
            part: 1,
            ship_type: 37,
            vendor: Text::new("SRT"),
            model: 1,
            serial: 7,
            callsign,
            dimensions,
            device: 1,
        };
        observe(&Message::StaticB(report)).expect("an observation").attributes
    };
    assert_eq!(part_b(690_000_001).length_m, Some(320));
    assert_eq!(part_b(980_000_001).length_m, None);
    assert_eq!(part_b(980_000_001).callsign.as_deref(), Some("JD3817"));
}

#[test]
fn one_transmission_heard_by_two_receivers_has_one_content() {
    let line = |talker: &str, channel: &str| {
        let body = format!("{talker}VDM,1,1,,{channel},15RTgt0PAso;90TKcjM8h6g208CQ,0");
        let sum = body.bytes().fold(0, |sum, b| sum ^ b);
        format!("!{body}*{sum:02X}\n")
    };
    let contents: Vec<u64> = [line("AI", "A"), line("BS", "A"), line("AB", "")]
        .iter()
        .flat_map(|line| observed(line))
        .map(|seen| seen.content)
        .collect();
    assert_eq!(contents.len(), 3);
    assert!(contents.iter().all(|&content| content == contents[0]));
}
