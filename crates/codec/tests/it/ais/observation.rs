//! What a message becomes on the picture: units, sentinels, domain, distress, times.

use expect_test::{Expect, expect};
use renkei_codec::FeedContext;
use renkei_codec::ais::{
    Dimensions, Fix, Framing, Message, MmsiClass, PositionA, Receiver, SafetyText, StaticA,
    StaticB, Text, encode_sentences, to_observation,
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

fn part_b(mmsi: u32) -> StaticB {
    StaticB {
        kind: 24,
        repeat: 0,
        mmsi,
        part: 1,
        ship_type: 37,
        vendor: Text::new("SRT"),
        model: 1,
        serial: 7,
        callsign: Text::new("JD3817"),
        dimensions: Dimensions { bow: 300, stern: 20, port: 5, starboard: 6 },
        device: 1,
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
            Attributes { name: None, callsign: None, imo: None, ship_type: None, destination: None, length_m: None, beam_m: None, nav_status: Some(0), squawk: None, cot_type: None, team: None, emergency: None, safety_text: None }
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
            Attributes { name: Some("EVER DIADEM"), callsign: Some("3FOF8"), imo: Some(9134270), ship_type: Some(70), destination: Some("NEW YORK"), length_m: Some(295), beam_m: Some(32), nav_status: None, squawk: None, cot_type: None, team: None, emergency: None, safety_text: None }
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
    let part_b =
        |mmsi| observe(&Message::StaticB(part_b(mmsi))).expect("an observation").attributes;
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

#[test]
fn safety_text_is_kept_with_its_sender() {
    let seen = observed("!AIVDM,1,1,,A,>5?Per18=HB1U:1@E=B0m<L,2*51\n");
    let texts: Vec<_> = seen.iter().map(|o| o.attributes.safety_text.as_deref()).collect();
    assert_eq!(texts, [Some("RCVD YR TEST MSG")]);
    assert_eq!(seen[0].attributes.emergency, None);
}

#[test]
fn a_beacons_text_is_distress_unless_it_is_a_test() {
    let text = |mmsi, text: &str| {
        let text = Text::new(text);
        observe(&Message::SafetyText(SafetyText { kind: 14, repeat: 0, mmsi, to: None, text }))
    };
    let emergency = |mmsi, said| text(mmsi, said).and_then(|seen| seen.attributes.emergency);
    for beacon in [970_000_001, 972_000_001, 974_000_001] {
        assert_eq!(emergency(beacon, "SART ACTIVE"), Some(Emergency::Distress));
        assert_eq!(emergency(beacon, "SART TEST"), None);
    }
    assert_eq!(emergency(690_000_001, "MOB ACTIVE"), None, "a ship's words are not its state");
    assert_eq!(text(690_000_001, ""), None, "no text says nothing");
}

#[test]
fn no_sentence_makes_its_sender_our_own_ship() {
    let report = Message::PositionA(silent(690_000_001, 0));
    let sent = |own_ship| {
        let framing = Framing { own_ship, ..Framing::default() };
        observed(&(encode_sentences(&report, framing).join("\n") + "\n"))
    };
    assert_eq!(sent(true), sent(false));
}

#[test]
fn a_reserved_ship_type_is_kept_as_sent() {
    for ship_type in [1, 19, 38, 39, 57, 100, 199, 255] {
        let mut part = part_b(690_000_001);
        part.ship_type = ship_type;
        let seen = observe(&Message::StaticB(part)).expect("an observation");
        assert_eq!(seen.attributes.ship_type, Some(ship_type));
    }
}

/// The names of what `lines` report, the second batch `ms` after the first.
fn names(first: &Message, second: &Message, ms: i64) -> Vec<Option<String>> {
    let (mut receiver, mut names) = (Receiver::default(), Vec::new());
    for (message, now) in [(first, NOW), (second, NOW.plus_ms(ms))] {
        let lines = encode_sentences(message, Framing::default()).join("\n") + "\n";
        receiver.push(lines.as_bytes(), now, |item| {
            let item = item.expect("a good line");
            let seen = to_observation(&item, &context(), now).expect("an observation");
            names.push(seen.attributes.name);
        });
    }
    names
}

#[test]
fn part_b_is_given_the_name_of_its_part_a_for_two_minutes_and_nothing_waits() {
    let part_a = |mmsi| {
        let name = Text::new("KAMOME");
        Message::StaticA(StaticA { kind: 24, repeat: 0, mmsi, part: 0, name })
    };
    let part_b = Message::StaticB(part_b(690_000_001));
    let kamome = Some("KAMOME".to_owned());
    assert_eq!(names(&part_a(690_000_001), &part_b, 120_000), [kamome.clone(), kamome.clone()]);
    assert_eq!(names(&part_a(690_000_001), &part_b, 120_001), [kamome.clone(), None]);
    assert_eq!(names(&part_a(690_000_002), &part_b, 0), [kamome.clone(), None], "another ship's");
    assert_eq!(names(&part_b, &part_a(690_000_001), 0), [None, kamome], "part B first");
}
