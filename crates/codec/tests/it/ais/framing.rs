//! Sentences as real receivers and loggers write them: prefixes, tag blocks, `$PGHP`, parts.

use expect_test::{Expect, expect};
use renkei_codec::Reject;
use renkei_codec::ais::{Assembler, Received, Receiver};
use renkei_model::time::Timestamp;

use super::{NOW, feed, received};
use crate::recordings::recording;

const SHIP: &str = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A";

/// The lines without what is always the same of [`SHIP`].
fn check(bytes: &str, expected: &Expect) {
    let rest = r#","type":1,"mmsi":371798000,"lat":48.381633,"lon":-123.395383,"sog":12.3,"cog":224.0,"hdg":215,"sec":33}"#;
    let mut text = String::new();
    for line in received(bytes.as_bytes()).0 {
        text += &line.replace(rest, "").replace(SHIP, "SHIP");
        text.push('\n');
    }
    expected.assert_eq(&text);
}

/// `body` between `!` and a right checksum, with a line's end.
fn sentence(body: &str) -> String {
    let sum = body.bytes().fold(0, |sum, b| sum ^ b);
    format!("!{body}*{sum:02X}\r\n")
}

/// Parts one and two of a type 5 of 424 bits whose sequence and channel are given.
fn pair(mmsi: u32, sequence: &str, channel: &str) -> [String; 2] {
    use renkei_codec::ais::{Dimensions, Message, Text, Voyage, encode_payload};
    let voyage = Voyage {
        kind: 5,
        repeat: 0,
        mmsi,
        version: 2,
        imo: 0,
        callsign: Text::new("3FXY"),
        name: Text::new(&format!("SHIP {mmsi}")),
        ship_type: 70,
        dimensions: Dimensions { bow: 100, stern: 20, port: 8, starboard: 8 },
        device: 1,
        month: 0,
        day: 0,
        hour: 24,
        minute: 60,
        draught: 71,
        destination: Text::new("NAHA"),
        dte: false,
    };
    let (payload, fill) = encode_payload(&Message::Voyage(voyage)).expect("type 5 has a table");
    let (one, two) = payload.split_at(59);
    [
        sentence(&format!("AIVDM,2,1,{sequence},{channel},{one},0")),
        sentence(&format!("AIVDM,2,2,{sequence},{channel},{two},{fill}")),
    ]
}

/// How many of the messages in `lines` hold name and number of one ship.
fn whole(lines: &str) -> usize {
    let (lines, _) = received(lines.as_bytes());
    let fits = |line: &&String| {
        let object: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        object["name"] == format!("SHIP {}", object["mmsi"])
    };
    lines.iter().filter(fits).count()
}

#[test]
fn every_prefix_that_loggers_write_gives_a_time() {
    check(
        &format!(
            "{SHIP}\n\
             [2018-05-11 03:50:03] {SHIP}\n\
             [2018-05-11 03:50:03.250] {SHIP}\n\
             2018-05-11T03:50:03Z {SHIP}\n\
             2018-05-11T12:50:03.5+09:00,{SHIP}\n\
             1526010603.75 {SHIP}\n\
             1526010603750;{SHIP}\n\
             <somebody> {SHIP}\n"
        ),
        &expect![[r#"
            {"nmea":["SHIP"],"time":null
            {"nmea":["SHIP"],"time":"2018-05-11T03:50:03Z"
            {"nmea":["SHIP"],"time":"2018-05-11T03:50:03.25Z"
            {"nmea":["SHIP"],"time":"2018-05-11T03:50:03Z"
            {"nmea":["SHIP"],"time":"2018-05-11T03:50:03.5Z"
            {"nmea":["SHIP"],"time":"2018-05-11T03:50:03.75Z"
            {"nmea":["SHIP"],"time":"2018-05-11T03:50:03.75Z"
            {"nmea":["SHIP"],"time":null
        "#]],
    );
}

#[test]
fn a_tag_block_is_used_and_a_wrong_tag_checksum_is_counted() {
    let lines = format!(
        "\\s:north,c:1334337317*54\\{SHIP}\n\
         \\c:1420030798*00\\{SHIP}\n\
         \\c:1420030798123\\{SHIP}\n\
         \\x:1,s:,c:never*00\\{SHIP}\n\
         \\c:1420030798{SHIP}\n"
    );
    check(
        &lines,
        &expect![[r#"
        {"nmea":["SHIP"],"time":"2012-04-13T17:15:17Z"
        {"nmea":["SHIP"],"time":"2014-12-31T12:59:58Z"
        {"nmea":["SHIP"],"time":"2014-12-31T12:59:58.123Z"
        {"nmea":["SHIP"],"time":null
        {"nmea":["SHIP"],"time":"2014-12-31T12:59:58Z"
    "#]],
    );
    assert_eq!(received(lines.as_bytes()).1.tag_checksum, 4);
}

#[test]
fn an_epoch_behind_the_checksum_gives_the_time() {
    check(
        &format!(
            "{SHIP},1327992119173\n\
             {SHIP},1327992119\n\
             {SHIP},s27194,d-105,T56.90,r003669945,1085889680\n\
             {SHIP},r003669945\n\
             {SHIP} \n"
        ),
        &expect![[r#"
            {"nmea":["SHIP"],"time":"2012-01-31T06:41:59.173Z"
            {"nmea":["SHIP"],"time":"2012-01-31T06:41:59Z"
            {"nmea":["SHIP"],"time":"2004-05-30T04:01:20Z"
            {"nmea":["SHIP"],"time":null
            {"nmea":["SHIP"],"time":null
        "#]],
    );
}

#[test]
fn pghp_gives_time_and_station_to_the_message_that_it_speaks_of() {
    let mut receiver = Receiver::default();
    let mut stations = Vec::new();
    let lines = "$PGHP,1,2026,11,22,6,28,1,390,231,45,992190934,1,4A*62\n\
         !AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\n\
         $PGHP,1,2026,11,22,6,28,5,972,316,2,316000002,1AIS_S,00*77,1795328889189\n\
         !AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A,1795328889205\n\
         $PGHP,1,2026,11,22,6,28,2,241,232,0,,1,39*15\n\
         !AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C\n\
         !AIVDM,2,2,1,A,88888888880,2*25\n";
    receiver.push(lines.as_bytes(), NOW, |item| {
        let item = item.expect("a good line");
        let time = item.event_time.and_then(Timestamp::to_rfc3339);
        stations.push((item.station.map(|s| s.as_str().to_owned()), time.unwrap_or_default()));
    });
    let expected = [
        (Some("992190934".to_owned()), "2026-11-22T06:28:01.39Z".to_owned()),
        (None, "2026-11-22T06:28:09.205Z".to_owned()),
        (None, "2026-11-22T06:28:02.241Z".to_owned()),
    ];
    assert_eq!(stations, expected);
    assert_eq!(receiver.counts().pghp_unmatched, 1);
}

#[test]
fn any_talker_an_empty_channel_and_vdo_are_read() {
    let mut shapes = Vec::new();
    let lines = ["AIVDM", "ABVDM", "ASVDM", "BSVDM", "SSVDM", "BSVDO", "SAVDM", "=IVDM"]
        .map(|address| sentence(&format!("{address},1,1,,,15RTgt0PAso;90TKcjM8h6g208CQ,0")));
    Receiver::default().push(lines.concat().as_bytes(), NOW, |item| {
        let item = item.expect("a good line");
        shapes.push((item.talker.map(char::from), item.own_ship, item.channel));
    });
    let expected = [
        (['A', 'I'], false, None),
        (['A', 'B'], false, None),
        (['A', 'S'], false, None),
        (['B', 'S'], false, None),
        (['S', 'S'], false, None),
        (['B', 'S'], true, None),
        (['S', 'A'], false, None),
        (['=', 'I'], false, None),
    ];
    assert_eq!(shapes, expected);
}

#[test]
fn a_wrong_or_missing_checksum_is_refused_with_both_values() {
    check(
        "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4B\n\
         !AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0\n\
         !AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ\n\
         !AIVDM,1,1,,A,15RTgt0PAso;9,0*68\n",
        &expect![[r#"
            reject checksum: read AIS sentence: checksum 4B is written, 4A is computed
            reject checksum_missing: read AIS sentence: no checksum; it must end with * and two hexadecimal digits
            reject fields: read AIS sentence: the payload is missing or malformed; it reads !AIVDM,total,number,sequence,channel,payload,fill*checksum
            reject checksum: read AIS sentence: checksum 68 is written, 08 is computed
        "#]],
    );
}

#[test]
fn what_is_not_ais_is_counted_and_not_refused() {
    let lines = "$GPGGA,114702.00,3351.0151,S,15117.2160,E,1,06,1.69,00093,M,021,M,,*76\n\
         !AIPWR,UNIT=0,POWER=1*05\n# a comment\n\r\n\\c:1334337317*00\\\n";
    let (lines, counts) = received(lines.as_bytes());
    assert_eq!((lines.len(), counts.other), (0, 4));
}

#[test]
fn a_sentence_cut_by_the_next_one_costs_only_itself() {
    check(
        &format!("!AIVDM,1,1,,A,15RTgt0PAs{SHIP}\n"),
        &expect![[r#"
        {"nmea":["SHIP"],"time":null
    "#]],
    );
}

#[test]
fn an_empty_second_part_completes_a_message() {
    let [one, two] = pair(690_000_001, "3", "A");
    let payload = |line: &str| line.split(',').nth(5).expect("payload").to_owned();
    let whole_payload = payload(&one) + &payload(&two);
    let first = sentence(&format!("AIVDM,2,1,3,A,{whole_payload},2"));
    let lines = first + &sentence("AIVDM,2,2,3,A,,0");
    assert_eq!(whole(&lines), 1);
}

#[test]
fn eight_hundred_interleaved_pairs_are_all_kept_in_both_orders() {
    let pairs: Vec<[String; 2]> = (0_u32..800)
        .map(|i| pair(690_000_000 + i, &(i % 10).to_string(), ["A", "B"][i as usize / 10 % 2]))
        .collect();
    let interleaved = |order: [usize; 2]| -> String {
        let part = |chunk: &[[String; 2]], i: usize| chunk.iter().map(|p| p[i].clone()).collect();
        let lines = |chunk| order.map(|i| -> String { part(chunk, i) }).concat();
        pairs.chunks(20).map(lines).collect()
    };
    assert_eq!(whole(&interleaved([0, 1])), 800);
    assert_eq!(whole(&interleaved([1, 0])), 800);
}

#[test]
fn a_sequence_number_on_the_other_channel_is_another_message() {
    let [a1, a2] = pair(690_000_001, "4", "A");
    let [b1, b2] = pair(690_000_002, "4", "B");
    assert_eq!(whole(&format!("{a1}{b1}{a2}{b2}")), 2);
    assert_eq!(whole(&format!("{b2}{a1}{a2}{b1}")), 2);
}

#[test]
fn parts_of_two_stations_do_not_mix() {
    let [a1, a2] = pair(690_000_001, "4", "A");
    let [b1, b2] = pair(690_000_002, "4", "A");
    let lines = format!("\\s:north*00\\{a1}\\s:south*00\\{b1}\\s:north*00\\{a2}\\s:south*00\\{b2}");
    assert_eq!(whole(&lines), 2);
    let lines = format!("\\g:1-2-7*00\\{a1}\\g:1-2-8*00\\{b1}\\g:2-2-7*00\\{a2}\\g:2-2-8*00\\{b2}");
    assert_eq!(whole(&lines), 2);
}

#[test]
fn a_part_waits_thirty_seconds_and_no_longer() {
    let [one, two] = pair(690_000_001, "3", "A");
    let late = |ms: i64| {
        let mut receiver = Receiver::default();
        feed(&mut receiver, one.as_bytes(), NOW);
        let lines = feed(&mut receiver, two.as_bytes(), NOW.plus_ms(ms));
        (lines.len(), receiver.counts().incomplete)
    };
    assert_eq!(late(Assembler::WAIT_MS), (1, 0));
    assert_eq!(late(Assembler::WAIT_MS + 1), (0, 1));
    assert_eq!(late(-Assembler::WAIT_MS - 1), (0, 1), "a clock that was set back");
}

#[test]
fn a_repeated_part_is_taken_once_and_a_new_first_part_begins_anew() {
    let [a1, a2] = pair(690_000_001, "3", "A");
    let [b1, b2] = pair(690_000_002, "3", "A");
    assert_eq!(whole(&format!("{a1}{a1}{a2}")), 1);
    assert_eq!(whole(&format!("{a1}{b1}{b2}")), 1);
}

#[test]
fn unfinished_messages_are_bounded() {
    let mut receiver = Receiver::default();
    for station in 0..2_000 {
        let [one, _] = pair(690_000_001, "3", "A");
        feed(&mut receiver, format!("\\s:{station}*00\\{one}").as_bytes(), NOW);
    }
    let lost = 2_000 - Assembler::UNFINISHED_MAX as u64;
    assert_eq!(receiver.counts().incomplete, lost);
}

#[test]
fn recorded_groups_and_pghp_pairs_are_joined() {
    for (name, messages) in
        [("tagblock-groups-2012-04-13.nmea", 200), ("denmark-2010-06-11.nmea.gz", 4_033)]
    {
        let Some(bytes) = recording(&format!("ais/{name}")) else { return };
        let mut receiver = Receiver::default();
        let (mut whole, mut timed) = (0, 0);
        let mut count = |item: Result<Received<'_>, Reject>| {
            let Ok(item) = item else { return };
            whole += 1;
            timed += u32::from(item.event_time.is_some());
        };
        receiver.push(&bytes, NOW, &mut count);
        receiver.finish(NOW, &mut count);
        println!("{name}: {timed} of {whole} timed, {:?}", receiver.counts());
        assert!(whole >= messages, "{name}: {whole} messages");
        assert!(f64::from(timed) > 0.99 * f64::from(whole), "{name}: {timed} of {whole} timed");
    }
}
