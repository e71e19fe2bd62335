//! What was encoded is read as it was.

use super::*;

fn any_mode_a() -> impl Strategy<Value = ModeA> {
    (0..=0o7777_u16, any::<bool>(), any::<bool>()).prop_map(|(code, is_unsure, is_garbled)| ModeA {
        code: Squawk::new(code).expect("12 bits"),
        is_unsure,
        is_garbled,
    })
}

fn any_callsign() -> impl Strategy<Value = Callsign> {
    "[A-Z0-9 ]{1,8}".prop_map(|text| Callsign::from_text(&text))
}

const DETECTIONS: [Detection; 8] = [
    Detection::None,
    Detection::Primary,
    Detection::Secondary,
    Detection::Both,
    Detection::AllCall,
    Detection::RollCall,
    Detection::AllCallPrimary,
    Detection::RollCallPrimary,
];

fn any_target() -> impl Strategy<Value = TargetReport> {
    use proptest::option::of;
    let head = (any::<(u8, u8)>(), of(0..1_u32 << 24), of(0..8_usize), any::<[bool; 3]>());
    let place = (of(any::<(u16, u16)>()), of(any::<(i16, i16)>()), of(any::<(u16, u16)>()));
    let level = (-8_192..8_192_i16, any::<[bool; 2]>());
    let height = (of(level), of(-8_192..8_192_i16), of(-512..512_i16));
    let name = (of(any_mode_a()), of(0..1_u32 << 24), of(any_callsign()));
    let track = (of(0..4_096_u16), of(any::<[bool; 3]>()));
    (head, place, height, name, track).prop_map(|(head, place, height, name, track)| {
        let ((sac, sic), time_of_day, detection, flags) = head;
        // The flags stand in the descriptor; without one there are none.
        let [is_simulated, is_test, is_field_monitor] = flags.map(|is| is && detection.is_some());
        TargetReport {
            sac,
            sic,
            time_of_day,
            detection: detection.map(|number| DETECTIONS[number]),
            is_simulated,
            is_test,
            is_field_monitor,
            polar: place.0.map(|(range, bearing)| Polar { range, bearing }),
            cartesian: place.1,
            velocity: place.2,
            flight_level: height.0.map(|(quarters, [is_unsure, is_garbled])| FlightLevel {
                quarters,
                is_unsure,
                is_garbled,
            }),
            height: height.1,
            doppler_mps: height.2,
            mode_a: name.0,
            address: name.1,
            callsign: name.2,
            track_number: track.0,
            track: track.1.map(|[is_tentative, is_end, is_ghost]| TrackState {
                is_tentative,
                is_end,
                is_ghost,
            }),
            content: 0,
        }
    })
}

fn any_track() -> impl Strategy<Value = SystemTrack> {
    use proptest::option::of;
    let half = -8_388_608..8_388_608_i32;
    let head = (any::<(u8, u8)>(), of(any::<u8>()), of(0..1_u32 << 24), any::<[bool; 4]>());
    let place = (of(any::<(i32, i32)>()), of((half.clone(), half)), of(any::<(i16, i16)>()));
    let name = (of(any_mode_a()), of(0..1_u32 << 24), of(any_callsign()), of(any::<u16>()));
    let height = (of(any::<i16>()), of(any::<i16>()), of((-16_384..16_384_i16, any::<bool>())));
    let rest = (of(any::<i16>()), of(any::<u16>()), of(any::<u8>()));
    let accuracy = (of(any::<(u16, u16)>()), of(any::<i16>()), of(any::<(u16, u16)>()));
    (head, place, name, height, rest, accuracy).prop_map(
        |(head, place, name, height, rest, accuracy)| {
            let ((sac, sic), service, time_of_day, flags) = head;
            let [is_tentative, is_simulated, is_end, is_coasting] = flags;
            SystemTrack {
                sac,
                sic,
                service,
                time_of_day,
                position: place.0,
                cartesian: place.1,
                velocity: place.2,
                mode_a: name.0,
                address: name.1,
                callsign: name.2,
                track_number: name.3,
                is_tentative,
                is_simulated,
                is_end,
                is_coasting,
                flight_level: height.0,
                geometric_altitude: height.1,
                barometric_altitude: height.2,
                climb: rest.0,
                age: rest.1,
                movement: rest.2,
                accuracy: Accuracy {
                    cartesian: accuracy.0,
                    covariance: accuracy.1,
                    geographic: accuracy.2,
                },
                content: 0,
            }
        },
    )
}

/// The only report of the bytes, or what went wrong.
fn only(bytes: &[u8]) -> Result<Report, TestCaseError> {
    let mut deframer = Deframer::default();
    let mut items = deframer.push(bytes);
    items.extend(deframer.finish());
    let [Ok(block)] = items.as_slice() else { return Err(TestCaseError::fail("no block")) };
    match Report::of_block(block) {
        (reports, None) if reports.len() == 1 => Ok(reports[0].clone()),
        other => Err(TestCaseError::fail(format!("{other:?}"))),
    }
}

/// A target report that was encoded is read as it was; `twist` plants a fault in its block.
fn targets_come_back(twist: fn(Vec<u8>) -> Vec<u8>) -> Result<(), String> {
    let ended = run_property(any_target(), |report| {
        let Report::Target(read) = only(&twist(asterix::encode_target(&report)))? else {
            return Err(TestCaseError::fail("another category"));
        };
        prop_assert_eq!(TargetReport { content: 0, ..*read }, report);
        Ok(())
    });
    ended.map_err(|error| error.to_string())
}

#[test]
fn a_target_report_comes_back() {
    targets_come_back(|block| block).expect("holds");
    let planted = targets_come_back(|mut block| {
        // The last bit of the last item that was written.
        block.last_mut().into_iter().for_each(|last| *last ^= 1);
        block
    });
    assert!(planted.is_err(), "a flipped bit is caught");
}

#[test]
fn a_system_track_comes_back() {
    let check = |twist: fn(Vec<u8>) -> Vec<u8>| {
        let ended = run_property(any_track(), |track| {
            let Report::Track(read) = only(&twist(asterix::encode_track(&track)))? else {
                return Err(TestCaseError::fail("another category"));
            };
            prop_assert_eq!(SystemTrack { content: 0, ..*read }, track);
            Ok(())
        });
        ended.map_err(|error| error.to_string())
    };
    check(|block| block).expect("holds");
    assert!(
        check(|mut block| {
            block[2] -= 1;
            block.pop();
            block
        })
        .is_err(),
        "an octet less is caught"
    );
}

#[test]
fn blocks_come_back_wherever_the_stream_is_cut() {
    let track = SystemTrack { sac: 25, sic: 9, track_number: Some(77), ..SystemTrack::default() };
    let stream = [asterix::encode_target(&target()), asterix::encode_track(&track)].concat();
    let whole = Deframer::default().push(&stream);
    assert_eq!(whole.iter().flatten().count(), 2);
    for cut in 0..=stream.len() {
        let mut deframer = Deframer::default();
        let (head, tail) = stream.split_at(cut);
        let mut items = deframer.push(head);
        items.extend(deframer.push(tail));
        assert_eq!(items, whole, "cut at {cut}");
        assert!(deframer.finish().is_empty());
    }
}

#[test]
fn records_of_one_block_are_read_one_after_the_other() {
    let mut records = Vec::new();
    for number in [1, 2, 3] {
        let one = TargetReport { track_number: Some(number), ..target() };
        records.extend_from_slice(&asterix::encode_target(&one)[3..]);
    }
    let mut bytes = vec![48];
    bytes.extend((records.len() as u16 + 3).to_be_bytes());
    bytes.extend(&records);
    let (reports, reject) = Report::of_block(&block(&bytes));
    let numbers: Vec<Option<u16>> = reports
        .iter()
        .map(|report| match report {
            Report::Target(report) => report.track_number,
            Report::Track(_) => None,
        })
        .collect();
    assert_eq!((numbers, reject), (vec![Some(1), Some(2), Some(3)], None));
}
