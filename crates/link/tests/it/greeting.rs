//! How a session begins: who is accepted, and in which words anyone else is refused.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use renkei_link::border::LogState;
use renkei_link::class::PerClass;
use renkei_link::{Border, Cursor, Event, Restored};
use renkei_model::id::Nation;

use crate::support::{START, config};
use crate::wire::{Hello, frame, names};

/// What JPN, in epoch 2 and with five decisions of its own and nine of USA's epoch 3, answers.
fn check(input: &[u8], expected: &Expect) {
    let five = LogState { committed: 5, partner_holds: 5 };
    let restored = Restored {
        logs: PerClass { decisions: five, ..PerClass::default() },
        cursors: PerClass { decisions: Cursor { epoch: 3, seq: 9 }, ..PerClass::default() },
    };
    let mut border = Border::restore(config(Nation::JPN, 2, 5), &restored);
    border.connected(1, START);
    let events = border.receive(1, input, START);
    let mut text = String::new();
    for event in events {
        match event {
            Event::Refused { by, refusal } => writeln!(text, "refused by {by}: {refusal}"),
            Event::Up(greeting) => {
                writeln!(text, "up: protocol {} epoch {}", greeting.protocol, greeting.epoch)
            }
            other => writeln!(text, "{other:?}"),
        }
        .expect("writing to memory");
    }
    for name in names(&border.transmit(1, START, 4096)) {
        writeln!(text, "-> {name}").expect("writing to memory");
    }
    let end = if border.finished(1) { "hangs up" } else { "stays" };
    expected.assert_eq(&format!("{text}{end}\n"));
}

fn usa() -> Hello {
    Hello { epoch: 3, cursors: vec![(1, 2, 5)], ..Hello::default() }
}

#[test]
fn the_right_partner_is_accepted() {
    check(
        &usa().frame(),
        &expect![[r#"
            up: protocol 1 epoch 3
            -> HELLO
            -> HEARTBEAT
            stays
        "#]],
    );
}

#[test]
fn a_partner_that_holds_less_than_it_said_before_gets_it_again() {
    check(
        &Hello { cursors: vec![(1, 2, 3)], ..usa() }.frame(),
        &expect![[r#"
            up: protocol 1 epoch 3
            PartnerApplied { class: Decisions, seq: 3 }
            Wanted { class: Decisions, first: 4, bytes: 262144 }
            -> HELLO
            -> HEARTBEAT
            stays
        "#]],
    );
}

#[test]
fn a_partner_that_knows_an_older_epoch_gets_the_new_one_from_its_first_entry() {
    check(
        &Hello { cursors: vec![(1, 1, 40)], ..usa() }.frame(),
        &expect![[r#"
            up: protocol 1 epoch 3
            PartnerApplied { class: Decisions, seq: 0 }
            Wanted { class: Decisions, first: 1, bytes: 262144 }
            -> HELLO
            -> HEARTBEAT
            stays
        "#]],
    );
}

#[test]
fn a_later_version_that_still_speaks_ours_is_accepted() {
    check(
        &Hello { newest: 3, oldest: 2, later: 3, ..usa() }.frame(),
        &expect![[r#"
            up: protocol 2 epoch 3
            -> HELLO
            -> HEARTBEAT
            stays
        "#]],
    );
}

#[test]
fn a_version_without_ours_is_refused() {
    check(
        &Hello { newest: 4, oldest: 3, ..usa() }.frame(),
        &expect![[r#"
            refused by JPN: version (the partner speaks protocol 3 to 4, this node 1 to 2; upgrade the older one)
            -> HELLO
            -> REFUSE 1 the partner speaks protocol 3 to 4, this node 1 to 2; upgrade the older one
            hangs up
        "#]],
    );
}

#[test]
fn another_nation_is_refused() {
    check(
        &Hello { nation: b"AUS", ..usa() }.frame(),
        &expect![[r#"
            refused by JPN: nation (AUS speaks to JPN; this is JPN and expects USA)
            -> HELLO
            -> REFUSE 2 AUS speaks to JPN; this is JPN and expects USA
            hangs up
        "#]],
    );
}

#[test]
fn a_partner_that_meant_somebody_else_is_refused() {
    check(
        &Hello { partner: b"AUS", ..usa() }.frame(),
        &expect![[r#"
            refused by JPN: nation (USA speaks to AUS; this is JPN and expects USA)
            -> HELLO
            -> REFUSE 2 USA speaks to AUS; this is JPN and expects USA
            hangs up
        "#]],
    );
}

#[test]
fn another_partition_is_refused() {
    check(
        &Hello { exercise: "other", ..usa() }.frame(),
        &expect![[r#"
            refused by JPN: partition (the partner is in `exercise:other`, this node in `exercise:keen-edge`; both must name the same)
            -> HELLO
            -> REFUSE 3 the partner is in `exercise:other`, this node in `exercise:keen-edge`; both must name the same
            hangs up
        "#]],
    );
}

#[test]
fn a_partner_in_an_epoch_it_has_left_is_refused() {
    check(
        &Hello { epoch: 2, ..usa() }.frame(),
        &expect![[r#"
            refused by JPN: epoch_rolled_back (USA runs in epoch 2, its partner has seen 3; use `renkei restore`)
            -> HELLO
            -> REFUSE 4 USA runs in epoch 2, its partner has seen 3; use `renkei restore`
            hangs up
        "#]],
    );
}

#[test]
fn we_refuse_to_run_in_an_epoch_that_we_have_left() {
    check(
        &Hello { cursors: vec![(1, 4, 1)], ..usa() }.frame(),
        &expect![[r#"
            refused by JPN: epoch_rolled_back (JPN runs in epoch 2, its partner has seen 4; use `renkei restore`)
            -> HELLO
            -> REFUSE 4 JPN runs in epoch 2, its partner has seen 4; use `renkei restore`
            hangs up
        "#]],
    );
}

#[test]
fn a_partner_that_holds_entries_we_lack_is_refused() {
    check(
        &Hello { cursors: vec![(1, 2, 6)], ..usa() }.frame(),
        &expect![[r#"
            refused by JPN: log_rolled_back (USA holds entry 6 of class 1, JPN only has 5; restore opens a new epoch)
            -> HELLO
            -> REFUSE 5 USA holds entry 6 of class 1, JPN only has 5; restore opens a new epoch
            hangs up
        "#]],
    );
}

#[test]
fn something_that_is_no_border_is_refused() {
    check(
        &Hello { domain: "http/1.1", ..usa() }.frame(),
        &expect![[r#"
            refused by JPN: malformed (the first frame is no HELLO of a border)
            -> HELLO
            -> REFUSE 8 the first frame is no HELLO of a border
            hangs up
        "#]],
    );
}

#[test]
fn nothing_comes_before_hello() {
    check(
        &frame(3, &[0x84, 0, 0, 0xf6, 0xf6]),
        &expect![[r#"
            refused by JPN: malformed (HELLO comes first and once)
            -> HELLO
            -> REFUSE 8 HELLO comes first and once
            hangs up
        "#]],
    );
}

#[test]
fn an_older_connection_of_the_same_process_is_refused() {
    let mut border = Border::restore(config(Nation::JPN, 1, 5), &Restored::default());
    border.connected(1, START);
    let up = border.receive(1, &Hello { session: 8, ..Hello::default() }.frame(), START);
    assert!(matches!(up.as_slice(), [Event::Up(_)]));
    border.connected(2, START);
    let refused = border.receive(2, &Hello { session: 7, ..Hello::default() }.frame(), START);
    expect![[r#"
        [
            Down(
                Replaced,
            ),
            Refused {
                by: JPN,
                refusal: Refusal {
                    code: Superseded,
                    words: "a newer connection stands",
                },
            },
        ]
    "#]]
    .assert_debug_eq(&refused);
}

#[test]
fn bytes_of_an_older_connection_are_ignored() {
    let mut border = Border::restore(config(Nation::JPN, 1, 5), &Restored::default());
    border.connected(1, START);
    border.connected(2, START);
    assert_eq!(border.receive(1, &Hello::default().frame(), START), []);
    assert!(border.transmit(1, START, 4096).is_empty());
    assert!(border.finished(1));
    assert!(!border.status().up);
}

#[test]
fn a_refused_stranger_is_told_and_leaves_the_session_alone() {
    let mut border = Border::restore(config(Nation::JPN, 1, 5), &Restored::default());
    border.connected(1, START);
    border.receive(1, &Hello::default().frame(), START);
    let words = "refused 192.0.2.9: it shows another certificate";
    assert_eq!(border.disconnected(2, words, START), []);
    let status = border.status();
    assert!(status.up);
    expect![[r#"
        Some(
            LinkError {
                at: Timestamp(
                    1795000000000,
                ),
                why: Broken(
                    "refused 192.0.2.9: it shows another certificate",
                ),
            },
        )
    "#]]
    .assert_debug_eq(&status.last_error);
}
