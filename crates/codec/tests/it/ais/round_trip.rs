//! What is encoded is what is decoded, for every type that has a table.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use renkei_codec::ais::{
    Framing, Message, PositionA, Receiver, decode, encode_payload, encode_sentences,
};

use super::NOW;

/// First six bits of every type, with the seventh character's two that make it part A or B of type
/// 24, or one of the four forms of types 25 and 26.
const KINDS: [(u8, Option<u8>); 34] = [
    (1, None),
    (2, None),
    (3, None),
    (4, None),
    (5, None),
    (6, None),
    (7, None),
    (8, None),
    (9, None),
    (10, None),
    (11, None),
    (12, None),
    (13, None),
    (14, None),
    (15, None),
    (16, None),
    (17, None),
    (18, None),
    (19, None),
    (20, None),
    (21, None),
    (22, None),
    (23, None),
    (24, Some(0)),
    (24, Some(1)),
    (25, Some(0)),
    (25, Some(1)),
    (25, Some(2)),
    (25, Some(3)),
    (26, Some(0)),
    (26, Some(1)),
    (26, Some(2)),
    (26, Some(3)),
    (27, None),
];

/// Any message: decoded from any bits of its type's length or more.
fn message() -> impl Strategy<Value = Message> {
    let sixes = prop::collection::vec(0_u8..64, 71);
    (0..KINDS.len(), sixes).prop_map(|(kind, mut sixes)| {
        let (kind, part) = KINDS[kind];
        sixes[0] = kind;
        if let Some(part) = part {
            sixes[6] = sixes[6] & 0b110011 | part << 2;
        }
        let len = if kind == 21 { 60 } else { 71 };
        let payload: Vec<u8> =
            sixes[..len].iter().map(|six| if *six < 40 { six + 48 } else { six + 56 }).collect();
        decode(&payload, 0).expect("long enough and of a known type")
    })
}

/// The identity of `encode` followed by decoding, on 3,000 messages.
fn check(encode: impl Fn(&Message) -> Option<(String, u8)>) -> Result<(), String> {
    let config = Config { cases: 3_000, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    )
    .run(&message(), |message| {
        let (payload, fill) = encode(&message).expect("a type with a table");
        let again = decode(payload.as_bytes(), fill).expect("own payload");
        prop_assert_eq!(message, again);
        Ok(())
    })
    .map_err(|error| error.to_string())
}

#[test]
fn what_is_encoded_is_what_is_decoded() {
    assert_eq!(check(encode_payload), Ok(()));
}

#[test]
fn an_encoder_that_drops_the_sign_of_west_is_caught() {
    let planted = |message: &Message| match *message {
        Message::PositionA(mut report) => {
            report.fix.longitude = report.fix.longitude.abs();
            encode_payload(&Message::PositionA(report))
        }
        _ => encode_payload(message),
    };
    assert!(check(planted).is_err());
}

#[test]
fn an_encoder_that_cuts_the_last_field_is_caught() {
    let planted = |message: &Message| match *message {
        Message::Voyage(mut voyage) => {
            voyage.dte = false;
            encode_payload(&Message::Voyage(voyage))
        }
        _ => encode_payload(message),
    };
    assert!(check(planted).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whole_sentences_come_back_with_their_framing(
        message in message(),
        own_ship in any::<bool>(),
        sequence in 0_u8..10,
        channel in prop_oneof![Just(None), Just(Some(b'A')), Just(Some(b'B'))],
    ) {
        let framing = Framing { talker: *b"BS", own_ship, sequence, channel };
        let sentences = encode_sentences(&message, framing);
        prop_assert!(sentences.iter().all(|sentence| sentence.len() <= 80));
        let mut back = Vec::new();
        Receiver::default().push((sentences.join("\r\n") + "\r\n").as_bytes(), NOW, |item| {
            let item = item.expect("own sentence");
            back.push((*item.message, item.talker, item.own_ship, item.channel));
        });
        prop_assert_eq!(back, vec![(message, *b"BS", own_ship, channel)]);
    }
}

#[test]
fn a_recorded_sentence_is_written_again_as_it_was() {
    let line = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A";
    let mut again = Vec::new();
    Receiver::default().push(format!("{line}\n").as_bytes(), NOW, |item| {
        let item = item.expect("a good sentence");
        assert!(matches!(item.message, Message::PositionA(PositionA { mmsi: 371_798_000, .. })));
        again = encode_sentences(item.message, Framing::default());
    });
    assert_eq!(again, [line]);
}
