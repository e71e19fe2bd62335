//! What other decoders tell: SBS-1 lines and whole `aircraft.json` tables.

use super::track::describe;
use super::*;

/// 2024-06-06 09:00:00 UTC.
const NOON: i64 = 1_717_664_400_000;

/// Gives lines to a tracker, each received at its own second, and shows each report.
fn check_sbs(lines: &[&str], expected: &expect_test::Expect) {
    let (mut deframer, mut tracker) = (sbs::Deframer::default(), Tracker::new(context()));
    let mut text = String::new();
    for (second, line) in lines.iter().enumerate() {
        let now = Timestamp(NOON + second as i64 * 1000);
        for item in deframer.push(format!("{line}\r\n").as_bytes()) {
            text += &match item {
                Ok(line) => {
                    let at = deframer.event_time(&line, now).unwrap_or(now);
                    match tracker.tell(&line.told, at, now) {
                        Some(o) => {
                            format!("{second}: {} {}\n", o.event_time.0 - NOON, describe(&o))
                        }
                        None => format!("{second}: -\n"),
                    }
                }
                Err(reject) => format!("{second}: reject {}: {}\n", reject.reason, reject.detail),
            };
        }
    }
    text += &format!("others {}\n", deframer.others());
    expected.assert_eq(&text);
}

#[test]
fn sbs_lines_of_one_aircraft_become_one_report() {
    check_sbs(
        &[
            "MSG,8,1,1,F00123,1,2024/06/06,18:00:00.000,2024/06/06,18:00:00.000,,,,,,,,,,,,0",
            "MSG,1,1,1,F00123,1,2024/06/06,18:00:00.900,2024/06/06,18:00:00.950,RNK12,,,,,,,,,,,",
            "MSG,4,1,1,F00123,1,2024/06/06,18:00:01.900,2024/06/06,18:00:01.950,,,450.0,90.0,,,-64,,,,,",
            "MSG,3,1,1,F00123,1,2024/06/06,18:00:02.900,2024/06/06,18:00:02.950,,35000,,,24.81000,125.29000,,,0,0,0,0",
            "STA,,5,179,F00123,10103,2024/06/06,18:00:03.900,2024/06/06,18:00:03.900,RM",
            "MSG,3,1,1,F00123,1,2024/06/06,18:00:04.900,2024/06/06,18:00:04.950,,35000,,,24.81000,125.29450,,,0,0,0,0",
            "MSG,3,1,1,F00123,1,2024/06/06,18:00:05.900,2024/06/06,18:00:05.950,,35000,,,34.81000,125.29450,,,0,0,0,0",
            "MSG,6,1,1,F00123,1,2024/06/06,18:00:06.900,2024/06/06,18:00:06.950,,,,,,,,7700,-1,-1,0,0",
            "MSG,6,1,1,F00123,1,2024/06/06,18:00:07.900,2024/06/06,18:00:07.950,,,,,,,,7700,-1,-1,0,0",
            "MSG,6,1,1,F00123,1,2024/06/06,18:00:08.900,2024/06/06,18:00:08.950,,,,,,,,1200,-1,0,0,0",
            "MSG,6,1,1,F00123,1,2024/06/06,18:00:09.900,2024/06/06,18:00:09.950,,,,,,,,1200,0,0,0,0",
        ],
        &expect_test::expect![[r#"
            0: -
            1: 900 Icao(15728931) Air at - ±- speed - course - altitude - climb - RNK12 - None
            2: -
            3: -
            5: 4900 Icao(15728931) Air at 24.810 125.294 ±- speed 231.5 course 90.0 altitude 10668.0 climb -0.3 RNK12 - None
            6: -
            7: -
            8: 7900 Icao(15728931) Air at - ±- speed 231.5 course 90.0 altitude 10668.0 climb -0.3 RNK12 7700 Some(GeneralEmergency)
            9: -
            10: 9900 Icao(15728931) Air at - ±- speed 231.5 course 90.0 altitude 10668.0 climb -0.3 RNK12 1200 None
            others 1
        "#]],
    );
}

#[test]
fn sbs_lines_that_are_none_are_refused_with_a_word() {
    check_sbs(
        &[
            "MSG,3,1,1,F00123",
            "MSG,3,1,1,F0012,1,2024/06/06,18:00:00,2024/06/06,18:00:00",
            "*8D40621D58C382D690C8AC2863A7;",
            "MSG,3,1,1,F00123,1,,,,,,,,,0.0,0.0,,,,,,,,",
            &"M".repeat(600),
        ],
        &expect_test::expect![[r#"
            0: reject syntax: SBS line: fewer than 10 fields
            1: reject syntax: SBS line: the address is not six hexadecimal digits
            2: reject syntax: SBS line: starts with none of MSG, SEL, ID, AIR, STA, CLK; is the format set right?
            3: reject syntax: SBS line: more than 22 fields
            4: reject too_long: SBS line longer than 512 characters
            others 0
        "#]],
    );
}

#[test]
fn sbs_positions_of_our_own_come_back() {
    let truth = at(24.81, 125.29);
    let line = sbs::encode_position(ICAO, truth, 30_000, Timestamp(NOON + 250));
    for cut in 0..=line.len() {
        let mut deframer = sbs::Deframer::default();
        let (head, tail) = line.as_bytes().split_at(cut);
        let mut lines = deframer.push(head);
        lines.extend(deframer.push(tail));
        let [Ok(line)] = lines.as_slice() else { panic!("{lines:?}") };
        assert_eq!((line.told.address, line.told.is_icao), (ICAO, true));
        assert!(line.told.position.is_some_and(|place| place.distance_m(truth) < 1.0));
        assert_eq!(line.told.altitude_ft, Some(30_000.0));
        assert_eq!(line.local, Some(Timestamp(NOON + 250)));
    }
}

#[test]
fn an_sbs_clock_is_put_on_utc_whatever_its_zone_and_stays_on_it() {
    let mut deframer = sbs::Deframer::default();
    let line = |hours: i64, ms: i64| sbs::Line {
        told: modes::Told::default(),
        local: Some(Timestamp(NOON + hours * 3_600_000 + ms)),
    };
    for hours in [0, 9, -8] {
        let mut deframer = sbs::Deframer::default();
        let event = deframer.event_time(&line(hours, 0), Timestamp(NOON + 1_200));
        assert_eq!(event, Some(Timestamp(NOON)), "{hours} h");
    }
    // Late by seven and a half minutes and a little more: still the zone of the first line.
    assert_eq!(deframer.event_time(&line(9, 0), Timestamp(NOON)), Some(Timestamp(NOON)));
    let late = Timestamp(NOON + 460_000);
    assert_eq!(deframer.event_time(&line(9, 0), late), Some(Timestamp(NOON)));
    // Summer time ends: an hour back.
    assert_eq!(deframer.event_time(&line(8, 0), Timestamp(NOON)), Some(Timestamp(NOON)));
}

/// Gives tables, each received `step_ms` after the one before it, cut into pieces of `piece` bytes.
fn tables(texts: &[&str], step_ms: i64, piece: usize) -> String {
    let (mut deframer, mut tables) =
        (snapshot::Deframer::default(), snapshot::Tables::new(context()));
    let mut text = String::new();
    let mut show = |items: Vec<Result<readsb::Aircraft, renkei_codec::Reject>>, at: usize| {
        let now = Timestamp(NOON + at as i64 * step_ms);
        for item in items {
            text += &match item {
                Ok(aircraft) => match tables.receive(&aircraft, now) {
                    Some(o) => format!("{at}: {} {}\n", o.event_time.0 - NOON, describe(&o)),
                    None => format!("{at}: -\n"),
                },
                Err(reject) => format!("{at}: reject {}: {}\n", reject.reason, reject.detail),
            };
        }
    };
    for (at, table) in texts.iter().enumerate() {
        for bytes in table.as_bytes().chunks(piece) {
            show(deframer.push(bytes), at);
        }
    }
    show(deframer.finish(), texts.len());
    text
}

fn table(now: f64, aircraft: &str) -> String {
    format!(
        "{{ \"now\" : {now},\n  \"messages\" : 77,\n  \"aircraft\" : [\n    {aircraft}\n  ]\n}}\n"
    )
}

#[test]
fn a_table_reports_what_is_new_however_it_is_cut() {
    let one = r#"{"hex":"f00123","flight":"RNK12   ","alt_baro":35000,"gs":450,"track":90,"lat":24.81,"lon":125.29,"seen_pos":0.5,"messages":9,"mlat":[],"nac_p":8,"sil":3,"rc":186}"#;
    let moved = one.replace("125.29", "125.30").replace("0.5", "0.4");
    let old = one.replace("\"seen_pos\":0.5", "\"seen_pos\":3.5");
    let new = r#"{"hex":"f00124","messages":1,"seen":0.1}"#;
    let seconds = NOON as f64 / 1000.0;
    let texts = [
        table(seconds, one),
        table(seconds + 1.0, &format!("{moved},\n{new}")),
        table(seconds + 4.0, &old),
        table(seconds + 7.0, &old),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let whole = tables(&texts, 1_000, usize::MAX);
    expect_test::expect![[r#"
        0: -500 Icao(15728931) Air at 24.810 125.290 ±37.8 speed 231.5 course 90.0 altitude 10668.0 climb - RNK12 - None
        1: 600 Icao(15728931) Air at 24.810 125.300 ±37.8 speed 231.5 course 90.0 altitude 10668.0 climb - RNK12 - None
        1: -
        2: -
        3: 3500 Icao(15728931) Air at 24.810 125.290 ±37.8 speed 231.5 course 90.0 altitude 10668.0 climb - RNK12 - None
    "#]].assert_eq(&whole);
    for piece in [1, 7, 64] {
        assert_eq!(tables(&texts, 1_000, piece), whole, "in pieces of {piece}");
    }
}

#[test]
fn a_table_s_emergency_counts_in_the_second_table_and_ends_by_the_code() {
    let aircraft = |squawk: &str, state: &str| {
        let text = format!(r#"{{"hex":"f00123","squawk":"{squawk}","emergency":"{state}"}}"#);
        table(NOON as f64 / 1000.0, &text)
    };
    let texts = [
        aircraft("1200", "none"),
        aircraft("7500", "unlawful"),
        aircraft("7600", "nordo"),
        aircraft("7600", "nordo"),
        aircraft("7600", "nordo"),
        aircraft("1200", "none"),
        aircraft("1200", "none"),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    expect_test::expect![[r#"
        0: 0 Icao(15728931) Air at - ±- speed - course - altitude - climb - - - None
        1: -
        2: -
        3: 0 Icao(15728931) Air at - ±- speed - course - altitude - climb - - 7600 Some(RadioFailure)
        4: -
        5: -
        6: 0 Icao(15728931) Air at - ±- speed - course - altitude - climb - - 1200 None
    "#]].assert_eq(&tables(&texts, 1_000, usize::MAX));
}

#[test]
fn reading_tables_resumes_after_what_is_none() {
    let aircraft = r#"{"hex":"f00123","flight":"RNK12"}"#;
    let whole = table(NOON as f64 / 1000.0, aircraft);
    let cut = "{ \"now\" : 1.5, \"aircraft\" : [ {\"hex\":\"f00\n";
    let deep = "[".repeat(20);
    let long = format!("{{\"x\":\"{}\"", "y".repeat(5_000));
    expect_test::expect![[r#"
        1: reject garbage: 42 bytes outside aircraft.json
        1: 0 Icao(15728931) Air at - ±- speed - course - altitude - climb - RNK12 - None
        2: reject syntax: aircraft.json: a text that does not end
        3: 0 Icao(15728931) Air at - ±- speed - course - altitude - climb - RNK13 - None
        4: reject shape: aircraft.json: objects nested too deep
        5: reject garbage: 4 bytes outside aircraft.json
        5: reject too_long: aircraft.json: no list of aircraft in 4096 bytes
        6: reject garbage: 910 bytes outside aircraft.json
        6: 6000 NonIcao(15728932) Air at - ±- speed - course - altitude - climb - ALONE - None
        8: reject truncated: aircraft.json ends within its table
    "#]]
    .assert_eq(&tables(
        &[
            "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n",
            &whole,
            cut,
            &whole.replace("RNK12", "RNK13"),
            &format!("{{{deep}"),
            &long,
            "{\"hex\":\"~f00124\",\"flight\":\"ALONE\"}\n",
            "{ \"now\" : 2.5, \"aircraft\" : [",
        ],
        1_000,
        usize::MAX,
    ));
}

#[test]
fn a_short_fuzz_run_of_texts_returns() {
    let line = sbs::encode_position(ICAO, at(24.81, 125.29), 30_000, Timestamp(NOON));
    let table = table(1.5, r#"{"hex":"f00123","flight":"RNK12"}"#);
    let corpus = [line.trim_end().as_bytes(), table.as_bytes()];
    let tally = fuzz::text::run(1, 100_000, &corpus, &context(), &mut Vec::new());
    assert_eq!(tally.inputs, 100_000);
    assert!(tally.accepted > 1_000 && tally.rejected > 1_000, "both ways were taken: {tally:?}");
}
