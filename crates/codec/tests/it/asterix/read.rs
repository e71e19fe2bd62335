//! Octet by octet: every item is skipped by its right length, and damage ends a block, not a feed.

use super::*;

/// A block of one record from its parts.
fn record(category: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut bytes = vec![category];
    bytes.extend((body.len() as u16 + 3).to_be_bytes());
    bytes.extend(body);
    bytes
}

/// Items 130, 220, 161 … stand behind one another: if any were skipped by a wrong length, the last,
/// whose value is known, would be wrong.
#[test]
fn every_item_of_category_048_is_skipped_by_its_length() {
    let bytes = record(
        48,
        &[
            &[0xFF, 0xFF, 0xFF, 0xFE],            // all places, 1 to 28
            &[25, 7],                             // 010
            &[0x2D, 0x78, 0x00],                  // 140
            &[0b0100_0001, 0x01, 0x00],           // 020 with two more octets
            &[0x28, 0x00, 0x20, 0x00],            // 040
            &[0x02, 0x9C],                        // 070: 1234
            &[0x05, 0x28],                        // 090: FL 330
            &[0b1010_0001, 0b1000_0000, 1, 2, 3], // 130: two octets of it would be too many
        ],
    );
    // 130 has seven subitems, so that a second octet of it names none.
    let (reports, reject) = Report::of_block(&block(&bytes));
    assert!(reports.is_empty());
    assert_eq!(reject.map(|reject| reject.reason), Some("truncated"));
    let bytes = record(
        48,
        &[
            &[0xFF, 0xFF, 0xFF, 0xFE],
            &[25, 7],
            &[0x2D, 0x78, 0x00],
            &[0b0100_0001, 0x01, 0x00],
            &[0x28, 0x00, 0x20, 0x00],
            &[0x02, 0x9C],
            &[0x05, 0x28],
            &[0b1010_0000, 1, 3],                  // 130: SRL and SAM
            &[0xF0, 0x01, 0x23],                   // 220
            &[0x4C, 0xE2, 0xF1, 0xCB, 0x3D, 0x35], // 240
            &[2],                                  // 250: two registers
            &[9; 16],
            &[0x00, 0x2A],                                   // 161: 42
            &[0x01, 0x00, 0xFF, 0x00],                       // 042
            &[0x01, 0x00, 0x40, 0x00],                       // 200
            &[0b1000_0001, 0],                               // 170
            &[1, 2, 3, 4],                                   // 210
            &[0x03, 0x05, 0x06],                             // 030 with two more octets
            &[0, 0],                                         // 080
            &[0, 0, 0, 0],                                   // 100
            &[0x3F, 0xFE],                                   // 110: -50 ft
            &[0b1100_0000, 0x03, 0xF6, 1, 1, 2, 3, 4, 5, 6], // 120: CAL -10, one RDS
            &[0, 0],                                         // 230
            &[0; 7],                                         // 260
            &[1],                                            // 055
            &[0, 2],                                         // 050
            &[3],                                            // 065
            &[0, 4],                                         // 060
            &[3, 0xAA, 0xBB],                                // SP
            &[1],                                            // RE
        ],
    );
    let report = read_target(&bytes);
    assert_eq!((report.sac, report.sic), (25, 7));
    assert_eq!(report.time_of_day, Some(OF_DAY));
    assert_eq!(report.detection, Some(Detection::Secondary));
    assert_eq!(report.polar.map(|polar| polar.range_m()), Some(74_080.0));
    assert_eq!(report.polar.map(|polar| polar.bearing_deg()), Some(45.0));
    assert_eq!(report.mode_a, Some(mode_a("1234")));
    assert_eq!(report.flight_level.and_then(|level| level.valid_m()), Some(10_058.4));
    assert_eq!(report.address, Some(ICAO));
    assert_eq!(report.callsign.map(|callsign| callsign.text().to_owned()), Some("SNK12345".into()));
    assert_eq!(report.track_number, Some(42));
    assert_eq!(report.cartesian, Some((256, -256)));
    assert_eq!(report.velocity, Some((256, 16_384)));
    assert_eq!(report.track.map(|track| track.is_tentative), Some(true));
    assert_eq!(report.height, Some(-2));
    assert_eq!(report.doppler_mps, Some(-10));
}

#[test]
fn every_item_of_category_062_is_skipped_by_its_length() {
    let all_of = |octets: usize, len: usize| {
        // So many octets of a compound's specification, all set, and its subitems.
        let mut item = vec![0xFF; octets];
        item[octets - 1] = 0xFE;
        item.extend(vec![1; len]);
        item
    };
    // 380: TIS without FX (even), TID and MB repeated once; the address and the name come first.
    let mut aircraft = vec![0xFF, 0xFF, 0xFF, 0xFE];
    aircraft.extend([0xF0, 0x01, 0x23, 0x4C, 0xE2, 0xF1, 0xCB, 0x3D, 0x35]);
    aircraft.extend([0; 10]); // MHG IAS TAS SAL FSS
    aircraft.extend([0b1100_0000, 1]); // TIS, and how often TID
    aircraft.extend([0; 15 + 2 + 2 + 7 + 2 + 2]); // TID COM SAB ACS BVR GVR
    aircraft.extend([0; 2 + 2 + 2 + 2 + 1 + 8 + 1]); // RAN TAR TAN GSP VUN MET EMC
    aircraft.extend([0; 6 + 2 + 1]); // POS GAL PUN
    aircraft.extend([2]);
    aircraft.extend([0; 16 + 2 + 2 + 2]); // MB IAR MAC BPS
    // 290: ten subitems, ADS of two octets; 390: TOD repeated once.
    let ages = [0xFF, 0b1110_0000, 200, 40, 12, 16, 1, 0, 20, 24, 28, 32, 36];
    let mut plan = vec![0xFF, 0xFF, 0b1111_0000];
    plan.extend([0; 2 + 7 + 4 + 1 + 4 + 1 + 4 + 4 + 3 + 2 + 2]);
    plan.extend([1, 0, 0, 0, 0]);
    plan.extend([0; 6 + 1 + 7 + 7 + 2 + 7]);
    let bytes = record(
        62,
        &[
            &[0xBF, 0xFF, 0xFF, 0xFF, 0x06], // all but the spare places
            &[25, 9],
            &[1],
            &[0x2D, 0x78, 0x00],
            &[0x00, 0x46, 0xA7, 0xEF, 0x01, 0x64, 0x60, 0x00],
            &[0, 0, 2, 0xFF, 0xFF, 0xFE],
            &[0x00, 0x64, 0xFF, 0x9C],
            &[0, 0],
            &[0x02, 0x9C],
            &[0x40, 0, 0, 0, 0, 0, 0], // 245, of a flight plan: not what the aircraft said
            &aircraft,
            &[0x12, 0x34],
            &[0x03, 0x01, 0x01, 0x80],
            &ages,
            &[0x40],
            &[[0xFF, 0xFF, 0xFF, 0xFF, 0b1110_0000].as_slice(), &[1; 31]].concat(),
            &[0x05, 0x28],
            &[0x14, 0x80],
            &[0x85, 0x28],
            &[0x00, 0x40],
            &plan,
            &[0x01, 0x01, 0x00],
            &[1],
            &all_of(1, 1 + 4 + 6 + 2 + 2 + 1 + 1),
            &[0, 1],
            &[1, 0, 3, 2, 0, 4], // 510: master and one slave
            &[0xFF, 0b1000_0000, 0, 40, 0, 60, 0xFF, 0xF6, 0, 1, 0, 2, 1, 1, 1, 1, 1, 1, 1],
            &all_of(1, 2 + 4 + 2 + 2 + 2 + 1)
                .iter()
                .enumerate()
                .map(|(at, octet)| if at == 0 { 0b1111_1100 } else { *octet })
                .collect::<Vec<u8>>(),
            &[2, 0xAA],
            &[1],
        ],
    );
    let track = read_track(&bytes);
    assert_eq!((track.sac, track.sic, track.service), (25, 9, Some(1)));
    assert_eq!(track.position, Some((0x0046_A7EF, 0x0164_6000)));
    assert_eq!(track.cartesian, Some((2, -2)));
    assert_eq!(track.velocity, Some((100, -100)));
    assert_eq!(track.address, Some(ICAO));
    assert_eq!(track.callsign.map(|callsign| callsign.text().to_owned()), Some("SNK12345".into()));
    assert_eq!(track.track_number, Some(0x1234));
    assert!(track.is_tentative && track.is_coasting && !track.is_end && !track.is_simulated);
    assert_eq!(track.age, Some(12), "the youngest but that of the track itself");
    assert_eq!(track.flight_level, Some(1_320));
    assert_eq!(track.barometric_altitude, Some((1_320, true)));
    assert_eq!(track.climb, Some(64));
    assert_eq!(track.accuracy.cartesian, Some((40, 60)));
    assert_eq!(track.accuracy.covariance, Some(-10));
    assert_eq!(track.accuracy.geographic, Some((1, 2)));
}

const ICAO: u32 = 0xF0_0123;

/// What a stream gives: reports by their kind, refusals by their words.
fn check(stream: &[u8], expected: &expect_test::Expect) {
    let mut deframer = Deframer::default();
    let mut items = deframer.push(stream);
    items.extend(deframer.finish());
    let mut text = String::new();
    for item in items {
        match item {
            Ok(block) => {
                let (reports, reject) = Report::of_block(&block);
                text += &format!("category {} reports {}\n", block.category, reports.len());
                text += &reject.map_or(String::new(), |r| show(&r));
            }
            Err(reject) => text += &show(&reject),
        }
    }
    text += &format!("others {}\n", deframer.others());
    expected.assert_eq(&text);
}

fn show(reject: &Reject) -> String {
    format!("reject {}: {}\n", reject.reason, reject.detail)
}

#[test]
fn damage_costs_a_block_and_reading_goes_on() {
    let good = asterix::encode_target(&target());
    let mut stream = b"GET / HTTP".to_vec();
    stream.extend(&good);
    stream.extend(record(34, &[&[0xE0], &[25, 7, 1, 0, 0, 0]])); // a radar's north mark
    stream.extend(record(62, &[&[0x40], &[1, 2]])); // a spare place
    stream.extend(record(48, &[&[0x01, 0x01, 0x01, 0x01, 0x80], &[1, 2]])); // past the profile
    stream.extend(record(48, &[&[0x40], &[0, 0, 1]])); // no source
    stream.extend(record(48, &[&[0; 40]])); // padding
    stream.extend(record(48, &[&[0x01; 3]])); // a specification without end
    stream.extend(record(48, &[&[0x80], &[25, 7], &[0xC0], &[25, 7, 1]])); // good, then cut
    stream.extend(&good);
    stream.extend(&good[..10]);
    check(
        &stream,
        &expect_test::expect![[r#"
            reject garbage: 10 octets between ASTERIX blocks; is the feed's format set right?
            category 48 reports 1
            category 34 reports 0
            category 62 reports 0
            reject profile: ASTERIX category 062 record: its field specification names place 2, which the profile does not have
            category 48 reports 0
            reject profile: ASTERIX category 048 record: its field specification names place 29, which the profile does not have
            category 48 reports 0
            reject missing: ASTERIX category 048 record: has no item 010
            category 48 reports 0
            reject empty: ASTERIX category 048 record: has no item
            category 48 reports 0
            reject truncated: ASTERIX category 048 record: ends within its field specification
            category 48 reports 1
            reject truncated: ASTERIX category 048 record: ends within item 140
            category 48 reports 1
            reject truncated: ASTERIX block ends after 10 octets
            others 0
        "#]],
    );
}

/// Whatever the bytes, reading returns, and never gives more reports than it was given octets.
#[test]
fn any_bytes_are_read_or_refused() {
    let count = |take: fn(&[u8]) -> Vec<u8>| {
        let bytes = proptest::collection::vec(any::<u8>(), 0..300);
        let ended = run_property((any::<bool>(), bytes), |(is_track, body)| {
            let bytes = record(if is_track { 62 } else { 48 }, &[&body, &[0, 0]]);
            let mut reports = 0;
            let mut deframer = Deframer::default();
            for block in deframer.push(&take(&bytes)).into_iter().flatten() {
                let (read, _) = Report::of_block(&block);
                reports += read.len();
                for report in read {
                    let line = asterix::json_line(&report, None, false);
                    let object = serde_json::from_str::<serde_json::Value>(&line);
                    prop_assert!(object.is_ok(), "{line}");
                }
            }
            // A record has a specification and its source: three octets at least.
            prop_assert!(reports * 3 <= body.len() + 2, "{reports} of {}", body.len());
            Ok(())
        });
        ended.map_err(|error| error.to_string())
    };
    count(<[u8]>::to_vec).expect("holds");
    let planted = count(|bytes| [bytes, &asterix::encode_target(&target()).repeat(60)].concat());
    assert!(planted.is_err(), "reports out of nothing are caught");
}

#[test]
fn memory_is_bounded_whatever_a_length_says() {
    let mut deframer = Deframer::default();
    let mut rejects = 0;
    for _ in 0..1_000 {
        // Category 048, but 65,535 octets long: no block.
        rejects += deframer.push(&[48, 0xFF, 0xFF, 0xFF]).len();
    }
    assert_eq!(rejects, 0, "one each 4,096 octets");
    assert_eq!(deframer.push(&[48, 0xFF, 0xFF, 0xFF].repeat(1_000)).len(), 1);
}

#[test]
fn a_short_fuzz_run_returns() {
    let good = asterix::encode_target(&target());
    let line = br#"{"lat":24.8,"lon":125.3,"sd_m":50}"#;
    let corpus: [&[u8]; 2] = [&good, line];
    let tally = asterix::fuzz::run(1, 100_000, &corpus, &context(), &mut Vec::new());
    assert_eq!(tally.inputs, 100_000);
    assert!(tally.accepted > 1_000 && tally.rejected > 1_000, "both ways were taken: {tally:?}");
}
