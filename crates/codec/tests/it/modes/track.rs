//! Properties of the codes, and what the tracker reports when.

use super::*;

/// Nearer to the poles a step of longitude is wider than 6 m, and nobody flies there.
fn places() -> impl Strategy<Value = Position> {
    (-85.0..85.0_f64, -180.0..180.0_f64).prop_map(|(latitude, longitude)| at(latitude, longitude))
}

/// `CprPair::airborne` and `Cpr::local` return within 6 m of what was coded; `twist` plants a fault.
fn coding_keeps_the_place(twist: fn(Cpr) -> Cpr) -> Result<(), TestError<(Position, bool)>> {
    run_property((places(), any::<bool>()), |(truth, is_odd_last)| {
        let [even, odd] = [false, true].map(|odd| twist(Cpr::encode(truth, odd, false)));
        let pair = CprPair { even, odd, is_odd_last };
        // At an edge the two grids may read the latitude in different zones; then there is no pair.
        if let Some(place) = pair.airborne() {
            prop_assert!(place.distance_m(truth) < 6.0, "{place:?}");
        }
        let near = truth.destination(77.0, 100_000.0);
        let place = even.local(near, false);
        prop_assert!(place.is_some_and(|place| place.distance_m(truth) < 6.0), "{place:?}");
        let ground = Cpr::encode(truth, is_odd_last, true);
        let place = ground.local(truth.destination(200.0, 20_000.0), true);
        prop_assert!(place.is_some_and(|place| place.distance_m(truth) < 2.0), "{place:?}");
        Ok(())
    })
}

#[test]
fn a_coded_position_comes_back_within_six_metres() {
    coding_keeps_the_place(|cpr| cpr).expect("holds");
    let planted = coding_keeps_the_place(|cpr| Cpr { latitude: cpr.latitude ^ 2, ..cpr });
    assert!(planted.is_err(), "a flipped bit of the code is caught");
}

/// Whatever the bytes, `decode` returns, and what it accepts has the length and parity it claims.
fn decoding_any_bytes_returns(
    decode: fn(&[u8]) -> Option<Frame>,
) -> Result<(), TestError<Vec<u8>>> {
    let bytes = proptest::collection::vec(any::<u8>(), 0..20);
    run_property(bytes, |bytes| {
        if let Some(frame) = decode(&bytes) {
            prop_assert!(bytes.len() == 7 || bytes.len() == 14);
            prop_assert_eq!(frame.df, bytes[0] >> 3);
            prop_assert!(!matches!(frame.df, 17 | 18), "24 bits of parity, by chance");
            let line: Map<String, Value> = serde_json::from_str(&modes::json_line(
                &bytes,
                &frame,
                None,
                Some(Timestamp(i64::from(bytes[0]))),
            ))
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(line.len(), 13);
        }
        Ok(())
    })
}

#[test]
fn any_bytes_are_read_or_refused() {
    decoding_any_bytes_returns(|bytes| Frame::decode(bytes).ok()).expect("holds");
    let planted = decoding_any_bytes_returns(|bytes| {
        // A decoder that reads the first 7 or 14 bytes of anything longer.
        let cut = if bytes.len() > 14 { 14 } else { bytes.len().min(7) };
        Frame::decode(&bytes[..cut]).ok()
    });
    assert!(planted.is_err(), "a decoder that takes frames of a wrong length is caught");
}

/// Gives frames one second apart and shows each report.
fn check(frames: &[Vec<u8>], expected: &expect_test::Expect) {
    let mut tracker = Tracker::new(context());
    let mut text = String::new();
    for (second, frame) in frames.iter().enumerate() {
        let now = Timestamp(second as i64 * 1000);
        let received = Received::new(frame).expect("7 or 14 bytes");
        let line = match tracker.receive(&received, now) {
            Ok(Some(observation)) => describe(&observation),
            Ok(None) => "-".into(),
            Err(reject) => format!("reject {}", reject.reason),
        };
        text += &format!("{second}: {line}\n");
    }
    expected.assert_eq(&text);
}

pub(super) fn describe(o: &Observation) -> String {
    let place = o.position.map(|p| format!("{:.3} {:.3}", p.latitude_deg(), p.longitude_deg()));
    let number = |value: Option<f64>| value.map_or("-".into(), |value| format!("{value:.1}"));
    format!(
        "{:?} {:?} at {} ±{} speed {} course {} altitude {} climb {} {} {} {:?}",
        o.identity,
        o.domain,
        place.as_deref().unwrap_or("-"),
        number(o.accuracy_m),
        number(o.motion.speed_mps),
        number(o.motion.course_deg),
        number(o.motion.altitude_m),
        number(o.motion.vertical_rate_mps),
        o.attributes.callsign.as_deref().unwrap_or("-"),
        o.attributes.squawk.as_deref().unwrap_or("-"),
        o.attributes.emergency,
    )
}

fn position(second: u32, is_odd: bool) -> Vec<u8> {
    let place = at(24.8, 125.3).destination(45.0, 200.0 * f64::from(second));
    modes::encode_airborne_position(ICAO, place, 30_000, is_odd).to_vec()
}

fn squawk(code: &str) -> Vec<u8> {
    modes::encode_squawk_reply(ICAO, Squawk::from_digits(code).expect("octal")).to_vec()
}

#[test]
fn an_aircraft_is_reported_once_two_positions_agree() {
    check(
        &[
            modes::encode_all_call(ICAO).to_vec(),
            modes::encode_identification(ICAO, 5, "RNK12").to_vec(),
            position(2, false),
            position(3, true),
            modes::encode_velocity(ICAO, 282.8, 282.8, 640.0).to_vec(),
            position(5, false),
            position(6, true),
        ],
        &expect_test::expect![[r#"
            0: -
            1: Icao(15728931) Air at - ±- speed - course - altitude - climb - RNK12 - None
            2: -
            3: -
            4: -
            5: Icao(15728931) Air at 24.806 125.307 ±38.6 speed 205.9 course 45.0 altitude 9144.0 climb 3.3 RNK12 - None
            6: Icao(15728931) Air at 24.808 125.308 ±38.6 speed 205.9 course 45.0 altitude 9144.0 climb 3.3 RNK12 - None
        "#]],
    );
}

#[test]
fn an_address_from_a_parity_overlay_counts_only_once_it_was_announced() {
    check(
        &[
            squawk("1200"),
            squawk("1200"),
            modes::encode_all_call(ICAO).to_vec(),
            squawk("1200"),
            squawk("1200"),
        ],
        &expect_test::expect![[r#"
            0: -
            1: -
            2: -
            3: Icao(15728931) Air at - ±- speed - course - altitude - climb - - - None
            4: Icao(15728931) Air at - ±- speed - course - altitude - climb - - 1200 None
        "#]],
    );
}

#[test]
fn an_emergency_code_counts_when_it_was_said_twice() {
    check(
        &[
            modes::encode_all_call(ICAO).to_vec(),
            squawk("1200"),
            squawk("1200"),
            squawk("7500"),
            squawk("7600"),
            squawk("7600"),
            squawk("7700"),
            squawk("7700"),
        ],
        &expect_test::expect![[r#"
            0: -
            1: Icao(15728931) Air at - ±- speed - course - altitude - climb - - - None
            2: Icao(15728931) Air at - ±- speed - course - altitude - climb - - 1200 None
            3: -
            4: -
            5: Icao(15728931) Air at - ±- speed - course - altitude - climb - - 7600 Some(RadioFailure)
            6: -
            7: Icao(15728931) Air at - ±- speed - course - altitude - climb - - 7700 Some(GeneralEmergency)
        "#]],
    );
}

#[test]
fn a_ground_station_that_tells_of_it_is_not_heeded_while_the_aircraft_is_heard() {
    let tis_b = |second: u32, is_odd| {
        let place = at(30.0, 130.0).destination(0.0, 200.0 * f64::from(second));
        let frame = modes::encode_airborne_position(ICAO, place, 100, is_odd).to_vec();
        reseal(frame, 18 << 3 | 2)
    };
    check(
        &[
            position(0, false),
            position(1, true),
            tis_b(2, false),
            position(3, false),
            tis_b(4, true),
            position(5, true),
        ],
        &expect_test::expect![[r#"
            0: -
            1: Icao(15728931) Air at - ±- speed - course - altitude 9144.0 climb - - - None
            2: -
            3: Icao(15728931) Air at 24.804 125.304 ±38.6 speed - course - altitude 9144.0 climb - - - None
            4: -
            5: Icao(15728931) Air at 24.806 125.307 ±38.6 speed - course - altitude 9144.0 climb - - - None
        "#]],
    );
}

/// The frame with another first byte and a parity that fits.
fn reseal(mut frame: Vec<u8>, first: u8) -> Vec<u8> {
    frame[0] = first;
    let Err(modes::FrameError::Parity { off, .. }) = Frame::decode(&frame) else {
        panic!("{first} must change the frame");
    };
    let [_, fix @ ..] = off.to_be_bytes();
    frame[11..].iter_mut().zip(fix).for_each(|(byte, fix)| *byte ^= fix);
    frame
}

#[test]
fn an_address_that_is_not_icaos_is_marked() {
    let other = |second: u32, is_odd| reseal(position(second, is_odd), 18 << 3 | 1);
    check(
        &[other(0, false), other(1, true), other(2, false)],
        &expect_test::expect![[r#"
        0: -
        1: NonIcao(15728931) Air at - ±- speed - course - altitude 9144.0 climb - - - None
        2: NonIcao(15728931) Air at 24.803 125.303 ±38.6 speed - course - altitude 9144.0 climb - - - None
    "#]],
    );
}

#[test]
fn the_table_is_bounded_and_forgets() {
    let mut tracker = Tracker::new(context());
    for address in 0..50_000_u32 {
        let frame = Received::new(&modes::encode_all_call(address)).expect("7 bytes");
        let _ = tracker.receive(&frame, Timestamp(0));
    }
    assert_eq!(tracker.len(), modes::AIRCRAFT_MAX);
    assert_eq!(tracker.turned_away(), 50_000 - modes::AIRCRAFT_MAX as u64);
    let frame = Received::new(&modes::encode_all_call(ICAO)).expect("7 bytes");
    let _ = tracker.receive(&frame, Timestamp(61_000));
    assert_eq!(tracker.len(), 1, "lone messages are noise after a minute");
}

#[test]
fn recorded_aircraft_are_reported_where_they_are() {
    let Some(lines) = recording("adsb/toulouse-2024-06-06.jsonl.gz") else { return };
    let mut tracker = Tracker::new(context());
    let mut json = readsb::Deframer::default();
    let (mut aircraft, mut reports, mut places) = (std::collections::BTreeSet::new(), 0, 0);
    let mut last = std::collections::BTreeMap::<Identity, Observation>::new();
    for line in lines {
        for item in json.push(format!("{line}\n").as_bytes()) {
            let Ok(readsb::Line::Frame(received)) = item else { panic!("{item:?}") };
            let now = received.at.expect("every line has its time");
            let Ok(Some(observation)) = tracker.receive(&received, now) else { continue };
            reports += 1;
            aircraft.insert(observation.identity.clone());
            let Some(place) = observation.position else { continue };
            places += 1;
            if let Some(before) = last.insert(observation.identity.clone(), observation.clone()) {
                let elapsed_s = observation.event_time.since_ms(before.event_time) as f64 / 1000.0;
                let far = before.position.expect("kept with one").distance_m(place);
                assert!(far < 400.0 * elapsed_s + 500.0, "{far} m in {elapsed_s} s");
            }
        }
    }
    expect_test::expect!["7 aircraft, 12297 reports, 12091 places"]
        .assert_eq(&format!("{} aircraft, {reports} reports, {places} places", aircraft.len()));
    assert!(last.values().all(|o| o.domain == Domain::Air && o.attributes.emergency.is_none()));
}

/// A position of `ICAO` at `place`, in the even or the odd grid, heard at `second`.
fn heard(tracker: &mut Tracker, place: Position, is_odd: bool, second: i64) -> Option<f64> {
    let frame = modes::encode_airborne_position(ICAO, place, 30_000, is_odd);
    let mut received = Received::new(&frame).expect("14 bytes");
    received.at = Some(Timestamp(second * 1000));
    let observation = tracker.receive(&received, Timestamp(second * 1000)).expect("is read")?;
    observation.position.map(|read| read.distance_m(place))
}

#[test]
fn an_even_frame_of_one_receiver_pairs_with_an_odd_of_another_only_when_close_in_time() {
    let place = |second: i64| at(24.8, 125.3).destination(45.0, 250.0 * second as f64);
    // One receiver hears the even grid only, the other the odd one, 11 s after it: never a pair.
    let mut tracker = Tracker::new(context());
    for second in (0..200).step_by(22) {
        assert_eq!(heard(&mut tracker, place(second), false, second), None, "{second}");
        assert_eq!(heard(&mut tracker, place(second + 11), true, second + 11), None, "{second}");
    }
    // Within ten seconds they are one aircraft's pair, whoever heard them.
    let mut tracker = Tracker::new(context());
    assert_eq!(heard(&mut tracker, place(0), false, 0), None);
    assert_eq!(heard(&mut tracker, place(4), true, 4), None, "the first must be agreed with");
    assert!(heard(&mut tracker, place(9), false, 9).is_some_and(|off_m| off_m < 6.0));
    // And an old half that comes late does not move the aircraft.
    let late = heard(&mut tracker, place(0), true, 60);
    assert!(late.is_none_or(|off_m| off_m < 6.0), "{late:?}");
}

#[test]
fn two_receivers_of_one_transmission_give_equal_content() {
    let reports: Vec<Observation> = (0..2)
        .map(|_| {
            let mut tracker = Tracker::new(context());
            let mut last = None;
            for second in 0..6 {
                let frame = position(second, second % 2 == 1);
                let received = Received::new(&frame).expect("14 bytes");
                let now = Timestamp(i64::from(second) * 1000);
                last = tracker.receive(&received, now).expect("is read");
            }
            last.expect("a report")
        })
        .collect();
    assert_eq!(reports[0].content, reports[1].content);
}

/// An extended squitter of `ICAO` with these 56 bits.
fn squitter(message: u64) -> Vec<u8> {
    let mut frame = position(0, false);
    frame[4..11].copy_from_slice(&message.to_be_bytes()[1..]);
    reseal(frame, 17 << 3 | 4)
}

/// Type code 28 subtype 1: emergency state and Mode A code.
fn status(state: u64, code: &str) -> Vec<u8> {
    let squawk = u64::from(Squawk::from_digits(code).expect("octal").to_id13());
    squitter(28 << 51 | 1 << 48 | state << 45 | squawk << 32)
}

#[test]
fn an_emergency_by_status_counts_twice_said_and_ends_twice_denied() {
    check(
        &[
            modes::encode_all_call(ICAO).to_vec(),
            status(0, "1200"),
            status(0, "1200"),
            status(6, "1200"),
            status(6, "1200"),
            status(0, "1200"),
            status(0, "1200"),
        ],
        &expect_test::expect![[r#"
            0: -
            1: Icao(15728931) Air at - ±- speed - course - altitude - climb - - - None
            2: Icao(15728931) Air at - ±- speed - course - altitude - climb - - 1200 None
            3: -
            4: Icao(15728931) Air at - ±- speed - course - altitude - climb - - 1200 Some(Distress)
            5: -
            6: Icao(15728931) Air at - ±- speed - course - altitude - climb - - 1200 None
        "#]],
    );
}

#[test]
fn an_emergency_state_that_is_not_repeated_does_not_stand_for_ever() {
    let mut tracker = Tracker::new(context());
    let mut say = |frame: Vec<u8>, second: i64| {
        let received = Received::new(&frame).expect("14 bytes");
        let report = tracker.receive(&received, Timestamp(second * 1000)).expect("is read");
        report.map(|o| (o.attributes.squawk, o.attributes.emergency.is_some()))
    };
    say(status(1, "1200"), 0);
    assert_eq!(say(status(1, "1200"), 1), Some((Some("1200".into()), true)));
    assert_eq!(say(position(20, false), 20), Some((Some("1200".into()), true)));
    assert_eq!(say(position(40, false), 40), Some((Some("1200".into()), false)), "said to be over");
}

/// Type code 31 subtype 0 version 2 with these categories.
fn quality(nac_p: u64, sil: u64) -> Vec<u8> {
    squitter(31 << 51 | 2 << 13 | nac_p << 8 | sil << 4)
}

#[test]
fn accuracy_is_the_category_s_or_the_containment_s_where_its_integrity_is_known() {
    let accuracy = |quality_frame: Option<Vec<u8>>| {
        let mut tracker = Tracker::new(context());
        let mut last = None;
        let frames = quality_frame.into_iter().chain((0..5).map(|s| position(s, s % 2 == 1)));
        for (second, frame) in frames.enumerate() {
            let received = Received::new(&frame).expect("14 bytes");
            let report = tracker.receive(&received, Timestamp(second as i64 * 1000));
            last = report.expect("is read").and_then(|o| o.accuracy_m);
        }
        last.map(|accuracy| (accuracy * 10.0).round() / 10.0)
    };
    assert_eq!(accuracy(None), Some(38.6), "type code 11: contained in 185.2 m");
    assert_eq!(accuracy(Some(quality(8, 3))), Some(37.8), "NACp 8: 95 % within 92.6 m");
    assert_eq!(accuracy(Some(quality(0, 3))), Some(38.6), "no category");
    assert_eq!(accuracy(Some(quality(0, 0))), None, "and no integrity");
}
