//! Streams: cut anywhere, full of garbage, and back from our own encoders.

use super::*;

const FRAMES: [&[u8]; 2] = [
    &[0x5D, 0xAD, 0x57, 0x20, 0x28, 0x09, 0xF9],
    &[0x8D, 0x40, 0x62, 0x1D, 0x58, 0xC3, 0x82, 0xD6, 0x90, 0xC8, 0xAC, 0x28, 0x63, 0xA7],
];

fn show<T>(items: Vec<Result<T, renkei_codec::Reject>>, name: impl Fn(&T) -> String) -> String {
    items.iter().fold(String::new(), |text, item| {
        text + &match item {
            Ok(item) => name(item) + "\n",
            Err(reject) => format!("reject {}: {}\n", reject.reason, reject.detail),
        }
    })
}

fn name(received: &Received) -> String {
    let hex = received.bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{hex} counter {:?} signal {:?}", received.counter, received.signal)
}

fn hex_of_each(items: Vec<Result<Received, renkei_codec::Reject>>) -> Vec<Vec<u8>> {
    items.into_iter().flatten().map(|received| received.bytes().to_vec()).collect()
}

#[test]
fn beast_frames_come_back_with_escapes_wherever_the_stream_is_cut() {
    let frame = [0x1A; 14];
    let mut stream = beast::encode(&frame, 0x1A1A_0000_001A, 0x1A);
    stream.extend(beast::encode(FRAMES[0], 7, 255));
    for cut in 0..=stream.len() {
        let mut deframer = beast::Deframer::default();
        let (head, tail) = stream.split_at(cut);
        let mut items = deframer.push(head);
        items.extend(deframer.push(tail));
        assert_eq!(
            show(items, name),
            "1a1a1a1a1a1a1a1a1a1a1a1a1a1a counter Some(28698971471898) signal Some(26)\n\
             5dad57202809f9 counter Some(7) signal Some(255)\n"
        );
    }
}

#[test]
fn beast_reading_resumes_after_garbage_and_after_a_frame_cut_short() {
    let mut stream = b"GET / HTTP/1.1\r\n".to_vec();
    stream.extend(beast::encode(FRAMES[1], 0xFF00_4D4C_4154, 9));
    let cut = beast::encode(FRAMES[1], 5, 9);
    stream.extend(&cut[..12]);
    stream.extend(beast::encode(FRAMES[0], 6, 9));
    stream.extend([0x1A, b'1', 0, 0, 0, 0, 0, 1, 9, 0x12, 0x34]);
    stream.extend([0x1A, b'9', 0x1A, 0x1A]);
    stream.extend(beast::encode(FRAMES[0], 8, 9));
    let mut deframer = beast::Deframer::default();
    expect_test::expect![[r#"
        reject garbage: 16 bytes between Beast frames; is the feed's format set right?
        8d40621d58c382d690c8ac2863a7 counter None signal Some(9)
        reject truncated: Beast frame ends after 10 bytes
        5dad57202809f9 counter Some(6) signal Some(9)
        reject garbage: 4 bytes between Beast frames; is the feed's format set right?
        5dad57202809f9 counter Some(8) signal Some(9)
    "#]]
    .assert_eq(&show(deframer.push(&stream), name));
    assert_eq!(deframer.others(), 1, "the Mode A/C reply");
}

#[test]
fn garbage_without_end_is_reported_and_not_kept() {
    let mut deframer = beast::Deframer::default();
    let rejects = deframer.push(&[b'x'; 100_000]);
    assert_eq!(rejects.len(), 24, "one each 4,096 bytes");
    let mut deframer = avr::Deframer::default();
    assert_eq!(deframer.push(&[b'x'; 100_000]).len(), 0);
    assert_eq!(
        show(deframer.push(b"\n"), name),
        "reject too_long: AVR line longer than 64 characters\n"
    );
}

#[test]
fn avr_lines_come_in_three_forms() {
    let mut deframer = avr::Deframer::default();
    let text = b"*5DAD57202809F9;\r\n@0000000000ff8d40621d58c382d690c8ac2863a7;\n\
                 <00000000010080 5dad57202809f9;hello;*5dad;*5dad57202809f9zz;\n*5DAD57202809F9";
    expect_test::expect![[r#"
        5dad57202809f9 counter None signal None
        8d40621d58c382d690c8ac2863a7 counter Some(255) signal None
        5dad57202809f9 counter Some(256) signal Some(128)
        reject syntax: AVR line is not `*`, `@` or `<` and the hexadecimal of a frame
        reject syntax: AVR line is not `*`, `@` or `<` and the hexadecimal of a frame
        reject syntax: AVR line is not `*`, `@` or `<` and the hexadecimal of a frame
    "#]]
    .assert_eq(&show(deframer.push(text), name));
    assert_eq!(deframer.finish().len(), 1, "the last line needs no end");
}

#[test]
fn frames_of_our_own_come_back_from_avr() {
    let text: String = FRAMES.iter().map(|frame| avr::encode(frame)).collect();
    assert_eq!(hex_of_each(avr::Deframer::default().push(text.as_bytes())), FRAMES);
}

fn report(line: &str) -> String {
    let mut deframer = readsb::Deframer::default();
    let items = deframer.push(format!("{line}\n").as_bytes());
    show(items, |line| match line {
        readsb::Line::Frame(received) => format!("{} at {:?}", name(received), received.at),
        readsb::Line::Aircraft(aircraft) => {
            let o = aircraft.to_observation(&context(), Timestamp(1_717_664_400_000));
            format!(
                "{:?} {:?} {:?} at {} accuracy {:?}\n{:?}\n{:?}",
                o.identity,
                o.domain,
                o.position,
                o.event_time.0,
                o.accuracy_m,
                o.motion,
                o.attributes
            )
        }
    })
}

#[test]
fn a_readsb_line_becomes_a_report() {
    expect_test::expect![[r#"
        Icao(15728931) Air Some(Position { latitude_deg: 24.81, longitude_deg: 125.29 }) at 1717664399000 accuracy Some(38.75)
        Motion { speed_mps: Some(231.50000000000003), course_deg: Some(90.0), heading_deg: Some(92.5), altitude_m: Some(10668.0), vertical_rate_mps: Some(-0.32512) }
        Attributes { name: None, callsign: Some("RNK12"), imo: None, ship_type: None, destination: None, length_m: None, beam_m: None, nav_status: None, squawk: Some("7700"), cot_type: None, team: None, emergency: Some(GeneralEmergency), safety_text: None }
    "#]]
    .assert_eq(&report(
        r#"{"now":1717664400.5,"hex":"f00123","flight":"RNK12   ","alt_baro":35000,"gs":450,
            "track":90.0,"true_heading":92.5,"baro_rate":-64,"squawk":"7700","emergency":"general",
            "lat":24.81,"lon":125.29,"seen_pos":1.5,"rc":186,"category":"A3"}"#
            .replace('\n', " ")
            .as_str(),
    ));
    expect_test::expect![[r#"
        NonIcao(15728931) Land None at 1717664400000 accuracy None
        Motion { speed_mps: None, course_deg: None, heading_deg: None, altitude_m: None, vertical_rate_mps: None }
        Attributes { name: None, callsign: None, imo: None, ship_type: None, destination: None, length_m: None, beam_m: None, nav_status: None, squawk: None, cot_type: None, team: None, emergency: None, safety_text: None }
    "#]]
    .assert_eq(&report(
        r#"{"hex":"~f00123","alt_baro":"ground","gs":-5,"lat":91,"lon":0,"squawk":"9999","category":"C2"}"#,
    ));
}

#[test]
fn a_jet1090_line_is_a_frame_with_its_time() {
    expect_test::expect![[r#"
        8d40621d58c382d690c8ac2863a7 counter None signal None at Some(Timestamp(1717664319148))
    "#]]
    .assert_eq(&report(
        r#"{"timestamp":1717664319.147975,"frame":"8d40621d58c382d690c8ac2863a7","df":"17"}"#,
    ));
}

#[test]
fn other_lines_are_refused_with_a_word() {
    expect_test::expect![[r#"
        reject syntax: JSON object: expected value at line 1 column 1
    "#]]
    .assert_eq(&report("hello"));
    expect_test::expect![[r#"
        reject shape: line has neither a `frame` of 14 or 28 digits nor an aircraft's `hex`
    "#]]
    .assert_eq(&report(r#"{"hex":"+12345"}"#));
}

#[test]
fn a_short_fuzz_run_returns() {
    let tally = fuzz::run(1, 100_000, &FRAMES, &context(), &mut Vec::new());
    assert_eq!(tally.inputs, 100_000);
    assert!(tally.accepted > 1_000 && tally.rejected > 1_000, "both ways were taken: {tally:?}");
}
