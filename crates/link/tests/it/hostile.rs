//! A partner that is broken or hostile: every input ends in events or a refusal, in bounded memory.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use renkei_link::{Border, Event, RefusalCode, Restored};
use renkei_model::id::Nation;
use renkei_model::time::Timestamp;

use crate::support::{START, config};
use crate::wire::{
    ACK, CHUNK, CREDIT, HEARTBEAT, HELLO, Hello, OBSERVATIONS, PICTURE, PIECES, REFUSE, body,
    chunk_body, frame,
};

fn japan() -> Border {
    let mut border = Border::restore(config(Nation::JPN, 1, 5), &Restored::default());
    border.connected(1, START);
    border
}

fn greeted() -> Border {
    let mut border = japan();
    let events = border.receive(1, &Hello::default().frame(), START);
    assert!(matches!(events.as_slice(), [Event::Up(_)]));
    border.transmit(1, START, 4096);
    border
}

/// How JPN, in a session with USA, refuses `input`.
fn check(input: &[u8], expected: &Expect) {
    let mut border = greeted();
    let events = border.receive(1, input, START);
    let told = events.iter().find_map(|event| match event {
        Event::Refused { refusal, .. } => Some(refusal.to_string()),
        _ => None,
    });
    let ended = matches!(events.last(), Some(Event::Down(_)));
    assert_eq!(ended, told.is_some(), "{events:?}");
    expected.assert_eq(&told.unwrap_or_else(|| "accepted".into()));
}

fn chunk(class: u8, seq: u64, total: u32, offset: u32, data: &[u8]) -> Vec<u8> {
    frame(CHUNK, &chunk_body(class, seq, total, offset, data))
}

#[test]
fn a_gap_closes_the_session() {
    check(&chunk(1, 2, 4, 0, b"abcd"), &expect!["gap (entry 2 of class 1 came where 1 was due)"]);
}

#[test]
fn an_entry_that_came_before_is_ignored() {
    check(&chunk(1, 0, 4, 0, b"abcd"), &expect!["accepted"]);
}

#[test]
fn an_entry_that_is_too_long_is_refused_at_its_first_piece() {
    check(
        &chunk(4, 1, 65_537, 0, b"abcd"),
        &expect!["limit (an entry of 65537 bytes, 0 wait to be stored)"],
    );
}

#[test]
fn pieces_that_do_not_follow_each_other_are_refused() {
    let gap = [chunk(2, 1, 9, 0, b"abcd"), chunk(2, 1, 9, 5, b"abcd")].concat();
    check(&gap, &expect!["malformed (a piece of entry 1 does not follow the one before)"]);
    let empty = chunk(2, 1, 9, 0, b"");
    check(&empty, &expect!["malformed (a piece of entry 1 does not follow the one before)"]);
    let over = chunk(2, 1, 3, 0, b"abcd");
    check(&over, &expect!["malformed (a piece of entry 1 does not follow the one before)"]);
}

#[test]
fn an_entry_that_is_no_record_is_refused() {
    check(
        &chunk(1, 1, 4, 0, b"abcd"),
        &expect![
            "malformed (read a log entry: unexpected type string at position 0: expected array)"
        ],
    );
}

#[test]
fn classes_without_a_log_are_refused() {
    check(&chunk(3, 1, 4, 0, b"abcd"), &expect!["malformed (class 3 keeps no log)"]);
}

#[test]
fn acknowledging_what_was_never_sent_is_refused() {
    let ack = body(|e| {
        e.array(1).ok()?.array(1).ok()?.array(2).ok()?.u8(1).ok()?;
        e.array(2).ok()?.u32(1).ok()?.u64(1).ok()?.ok().ok()
    });
    check(&frame(ACK, &ack), &expect!["malformed (entry 1 acknowledged, which was never sent)"]);
}

#[test]
fn credit_for_what_was_never_sent_is_refused() {
    let credit = body(|e| e.array(1).ok()?.u64(1).ok()?.ok().ok());
    check(&frame(CREDIT, &credit), &expect!["malformed (credit for 1 bytes, more than were sent)"]);
}

#[test]
fn a_frame_that_announces_too_much_is_refused_before_it_is_stored() {
    check(
        &[0x40, 0x01, CHUNK, 0, 0, 0, 0],
        &expect!["malformed (a frame announces 16385 bytes, at most 16384 are taken)"],
    );
}

#[test]
fn a_changed_byte_is_refused() {
    let mut bytes = chunk(1, 1, 4, 0, b"abcd");
    bytes[9] ^= 1;
    check(
        &bytes,
        &expect![
            "malformed (a frame of kind 6 fails its check: bytes were lost or changed on the way)"
        ],
    );
}

#[test]
fn a_second_hello_is_refused() {
    check(&Hello::default().frame(), &expect!["malformed (HELLO comes first and once)"]);
}

#[test]
fn an_unknown_frame_is_ignored_or_refused_by_its_number() {
    check(&frame(0x80, b"anything"), &expect!["accepted"]);
    check(
        &frame(0x7f, b"anything"),
        &expect!["unknown_frame (a frame of kind 127, which this version does not know)"],
    );
}

#[test]
fn a_refusal_of_a_later_version_keeps_its_number_and_loses_its_control_characters() {
    let refusal = body(|e| e.array(2).ok()?.u16(99).ok()?.str("new\nlines\u{7}").ok()?.ok().ok());
    let mut border = greeted();
    let events = border.receive(1, &frame(REFUSE, &refusal), START);
    match events.as_slice() {
        [Event::Refused { by: Nation::USA, refusal }, Event::Down(_)] => {
            assert_eq!(refusal.code, RefusalCode::Other(99));
            assert_eq!(refusal.words, "new lines ");
        }
        other => panic!("{other:?}"),
    }
    assert!(border.finished(1));
}

/// Ticks four times a second for `ms` milliseconds from `from`; what happened.
fn wait(border: &mut Border, from: Timestamp, ms: i64) -> Vec<Event> {
    let ticks = (0..=ms / 250).map(|tick| from.plus_ms(tick * 250));
    ticks.flat_map(|now| border.tick(now)).collect()
}

fn is_silence(events: &[Event]) -> bool {
    matches!(events, [Event::Refused { refusal, .. }, Event::Down(_)]
        if refusal.code == RefusalCode::Silent)
}

#[test]
fn silence_ends_the_session() {
    let mut border = greeted();
    assert_eq!(wait(&mut border, START, 10_000), []);
    assert!(is_silence(&border.tick(START.plus_ms(10_001))));
}

#[test]
fn a_frame_that_never_ends_counts_as_silence() {
    let mut border = greeted();
    let long = frame(CHUNK, &[0; 16 * 1024]);
    let mut now = START;
    for byte in &long {
        now = now.plus_ms(100);
        border.receive(1, &[*byte], now);
        if !border.tick(now).is_empty() {
            assert!(now.since_ms(START) <= 10_100);
            return;
        }
    }
    panic!("a trickle held the session open");
}

#[test]
fn a_clock_that_is_set_back_does_not_hold_a_dead_session_open() {
    let mut border = greeted();
    assert!(is_silence(&wait(&mut border, START.plus_ms(-3_600_000), 10_250)));
}

#[test]
fn a_clock_that_is_set_ahead_does_not_end_a_living_session() {
    let mut border = greeted();
    assert_eq!(wait(&mut border, START.plus_ms(3_600_000), 7_000), []);
    assert!(border.status().up);
}

#[test]
fn a_partner_that_speaks_and_never_listens_is_cut_off() {
    let mut pair = crate::pair::Pair::new(crate::pair::Planted::Nothing);
    assert!(pair.settle());
    pair.sides[0].observe(1);
    let heartbeat = body(|e| e.array(2).ok()?.i64(0).ok()?.u64(0).ok()?.ok().ok());
    let heartbeat = frame(HEARTBEAT, &heartbeat);
    for second in 0..40 {
        let now = pair.now.plus_ms(second * 1000);
        let border = &mut pair.sides[0].border;
        border.transmit(1, now, 64 * 1024);
        border.receive(1, &heartbeat, now);
        if let [Event::Refused { refusal, .. }, Event::Down(_)] = border.tick(now).as_slice() {
            assert_eq!((refusal.code, second), (RefusalCode::Stalled, 31));
            return;
        }
    }
    panic!("the session was held open");
}

/// Bytes that are frames of every kind with bodies near the right ones.
fn near_frames() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![
        Just(HELLO),
        Just(REFUSE),
        Just(HEARTBEAT),
        Just(ACK),
        Just(CREDIT),
        Just(CHUNK),
        Just(OBSERVATIONS),
        Just(PICTURE),
        Just(PIECES),
        any::<u8>()
    ];
    let noise = proptest::collection::vec(any::<u8>(), 0..200).boxed();
    let piece =
        (0..6_u8, 0..4_u64, 0..40_u32, 0..20_u32, proptest::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(class, seq, total, offset, data)| chunk(class, seq, total, offset, &data));
    let numbers = proptest::collection::vec(any::<u64>(), 0..6).prop_map(|numbers| {
        body(|e| {
            e.array(numbers.len() as u64).ok()?;
            numbers.iter().try_for_each(|n| e.u64(*n).map(|_| ())).ok()
        })
    });
    let any_frame = prop_oneof![
        2 => (kind.clone(), noise.clone()).prop_map(|(kind, body)| frame(kind, &body)),
        2 => (kind, numbers).prop_map(|(kind, body)| frame(kind, &body)),
        3 => piece,
        1 => noise
    ];
    proptest::collection::vec(any_frame, 1..20).prop_map(|frames| frames.concat())
}

/// Runs `reader` (made anew for each case) over near frames, cut anywhere; the first failure.
fn check_any_bytes<R: FnMut(&[u8])>(make: impl Fn(bool) -> R) -> Option<String> {
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let cuts = proptest::collection::vec(1..300_usize, 1..10);
    let outcome = TestRunner::new_with_rng(config, rng).run(
        &(near_frames(), cuts, any::<bool>()),
        |(input, cuts, is_greeted)| {
            let mut reader = make(is_greeted);
            let mut rest = input.as_slice();
            for cut in cuts.iter().cycle() {
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                reader(piece);
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
            Ok(())
        },
    );
    outcome.err().map(|error| error.to_string())
}

#[test]
fn any_bytes_end_in_events_or_a_refusal() {
    let failure = check_any_bytes(|is_greeted| {
        let mut border = if is_greeted { greeted() } else { japan() };
        let mut now = START;
        move |piece: &[u8]| {
            now = now.plus_ms(1);
            border.receive(1, piece, now);
            border.tick(now);
            border.transmit(1, now, 4096);
        }
    });
    assert_eq!(failure, None);
}

#[test]
fn a_reader_that_trusts_lengths_is_caught() {
    let failure = check_any_bytes(|_| {
        |piece: &[u8]| {
            if let [high, low, _, _, _, _, _, body @ ..] = piece {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                assert!(body[..length].len() == length);
            }
        }
    });
    assert!(failure.expect("the planted fault must be caught").contains("out of range"));
}

#[test]
fn what_a_flood_leaves_in_memory_is_bounded() {
    let mut border = greeted();
    for class in [1, 2, 4] {
        for piece in 0..7 {
            let flood = chunk(class, 1, 65_536, piece * 9_000, &[0; 9_000]);
            assert_eq!(border.receive(1, &flood, START), []);
        }
    }
    let unfinished = chunk(1, 1, 65_536, 63_000, &[0; 9_000]);
    border.receive(1, &unfinished[..9_000], START);
    let held = border.status().memory_bytes;
    assert!((3 * 63_000 + 9_000..=3 * 65_536 + 16_384 + 7).contains(&held), "{held}");
}
