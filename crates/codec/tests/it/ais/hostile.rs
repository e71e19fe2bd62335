//! Bytes that broke other decoders, and any bytes at all.

use proptest::prelude::*;
use renkei_codec::ais::{Deframer, Receiver, decode, fuzz};

use super::{NOW, feed, received};
use crate::recordings::recording;

/// A killer of another decoder, gpsd's samples (BSD-2), and what stands round sentences.
const CORPUS: [&[u8]; 10] = [
    b"!AIVDM,1,1,8,2,J0Qc24T>@P,0*59",
    b"!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A",
    b"!AIVDM,2,1,5,B,56K2PfT00000`C?OGR0PTpt@F0l59F222222220l1HF3940Ht9P000000000,0*55",
    b"!AIVDM,2,2,5,B,00000000000,2*22",
    b"\\g:1-2-3985,s:rEV02,c:1334337317*2D\\!AIVDM,2,1,9,B,58KvN<42ACikUKW77F1H4hF0<PTp622222222216`0`cF5BF0RT13H0T,0*70",
    b"\\g:2-2-3985*5A\\!AIVDM,2,2,9,B,PFRC88888888880,2*29",
    b"$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B*5B",
    b"!AIVDM,1,1,,A,H7P46<4U653hhhiF=Akikh0h<230,0*09",
    b"!ABVDM,1,1,8,A,E7Odh5t2;Qh1000000000000000D8kP`nn31P00003j000,4*4C",
    b"[2018-05-11 03:50:03] !AIVDM,1,1,,B,16K2N?P001awhp`DHtka1`Nt08Av,0*03",
];

#[test]
fn a_type_26_of_60_bits_is_decoded_without_a_panic() {
    let (lines, counts) = received(b"!AIVDM,1,1,8,2,J0Qc24T>@P,0*59\r\n");
    assert_eq!(lines.len(), 1);
    let fields = r#""time":null,"type":26,"mmsi":35308050,"dac":57,"fid":2,"bits":4,"data":"00"}"#;
    assert!(lines[0].ends_with(fields), "{}", lines[0]);
    assert_eq!((counts.messages, counts.sender_only), (1, 0));
}

#[test]
fn a_message_cut_off_before_its_content_still_names_its_sender() {
    // Type 6 of 60 bits, type 15 of 72, type 22 of 132.
    for (payload, kind) in [("6<LA9PTTA`", 6), ("?0475818bdR0", 15), ("F030ot22N2P6aoQbhe4736", 22)]
    {
        let body = format!("AIVDM,1,1,,A,{payload},0");
        let sum = body.bytes().fold(0, |sum, b| sum ^ b);
        let (lines, counts) = received(format!("!{body}*{sum:02X}\n").as_bytes());
        assert!(lines[0].contains(&format!(r#""type":{kind},"mmsi":"#)), "{}", lines[0]);
        assert_eq!((counts.messages, counts.sender_only), (1, 1), "type {kind}");
    }
}

#[test]
fn a_sentence_that_claims_part_one_of_none_is_refused() {
    let (lines, _) = received(b"!AAVDM,0,1\n");
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("reject fields: read AIS sentence: the number of sentences"));
}

#[test]
fn parts_longer_than_any_transmission_are_read_up_to_what_goes_on_the_air() {
    // A type 8 of nine parts of 110 characters: 5,940 bits, where 1,064 go on the air.
    let part = |number: u8| {
        let payload = if number == 1 { format!("85M{}", "w".repeat(107)) } else { "w".repeat(110) };
        let body = format!("AIVDM,9,{number},1,A,{payload},0");
        let sum = body.bytes().fold(0, |sum, b| sum ^ b);
        format!("!{body}*{sum:02X}\n")
    };
    let (lines, counts) = received((1..=9).map(part).collect::<String>().as_bytes());
    assert_eq!((lines.len(), counts.messages), (1, 1));
    let bits = 180 * 6 - 56;
    assert!(lines[0].contains(&format!(r#""bits":{bits},"data":"#)), "{}", lines[0]);
}

#[test]
fn garbage_costs_one_refusal_a_line_and_stops_nothing() {
    let mut bytes = vec![b'x'; 100_000];
    bytes.extend_from_slice(b"\n\0\xFF\n!AIVDM\n!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\n");
    let (lines, _) = received(&bytes);
    let starts: Vec<&str> = lines.iter().map(|line| &line[..16]).collect();
    let expected =
        ["reject line_too_", "reject not_nmea:", "reject fields: r", "{\"nmea\":[\"!AIVDM"];
    assert_eq!(starts, expected);
}

#[test]
fn lines_are_the_same_however_the_socket_cuts_them() {
    let bytes: Vec<u8> = CORPUS.join(&b"\r\n"[..]);
    let (whole, _) = received(&bytes);
    for size in 1..90 {
        let mut receiver = Receiver::default();
        let mut lines = Vec::new();
        for chunk in bytes.chunks(size) {
            receiver.push(chunk, NOW, |item| lines.push(super::shown(item)));
        }
        receiver.finish(NOW, |item| lines.push(super::shown(item)));
        assert_eq!(lines, whole, "chunks of {size}");
    }
}

#[test]
fn a_line_up_to_the_limit_is_read_and_a_longer_one_is_not() {
    let sentence = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A";
    let longest = " ".repeat(Deframer::LINE_LEN_MAX - sentence.len()) + sentence;
    assert!(received(longest.as_bytes()).0[0].starts_with('{'));
    assert!(received(format!(" {longest}").as_bytes()).0[0].starts_with("reject line_too_long"));
    assert!(received(format!(" {longest}\n").as_bytes()).0[0].starts_with("reject line_too_long"));
}

#[test]
fn a_hundred_thousand_changed_lines_are_survived() {
    let tally = fuzz::run(7, 100_000, &CORPUS, &super::observation::context(), &mut Vec::new());
    assert_eq!(tally.inputs, 100_000);
    assert!(tally.accepted > 10_000 && tally.rejected > 10_000, "{tally:?}");
}

#[test]
fn every_recording_is_read_to_its_end() {
    for name in ["australia-coast.nmea.gz", "denmark-2010-06-11.nmea.gz", "greece.nmea"] {
        let Some(bytes) = recording(&format!("ais/{name}")) else { return };
        let mut receiver = Receiver::default();
        let lines = feed(&mut receiver, &bytes, NOW);
        let mut reasons = std::collections::BTreeMap::<&str, u32>::new();
        for line in &lines {
            let reason = line.strip_prefix("reject ").and_then(|line| line.split(':').next());
            *reasons.entry(reason.unwrap_or("accepted")).or_default() += 1;
        }
        println!("{name}: {reasons:?} {:?}", receiver.counts());
        assert!(receiver.counts().messages > 700);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_payload_is_decoded_or_refused(payload in prop::collection::vec(any::<u8>(), 0..200), fill in 0_u8..=255) {
        let _ = decode(&payload, fill);
    }

    #[test]
    fn any_payload_of_the_alphabet_is_decoded_or_refused(payload in "[0-W`-w]{0,100}", fill in 0_u8..6) {
        let _ = decode(payload.as_bytes(), fill);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = received(&bytes);
    }

    #[test]
    fn any_text_behind_a_beginning_is_read(text in "[!$\\\\][\\PC\n]{0,120}") {
        let _ = received(text.as_bytes());
    }
}
