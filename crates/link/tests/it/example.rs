//! The example in `docs/wire.md` is what the code writes and reads, byte for byte.

use renkei_link::{Border, Event, RefusalCode, Restored};
use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, Partition};

use crate::support::{START, config};

/// The bytes of the `index`th block after the heading of the example; `#` begins a remark.
fn documented(index: usize) -> Vec<u8> {
    let page = include_str!("../../../../docs/wire.md");
    let example = page.split("## 11.").nth(1).expect("the page has a section 11");
    let block = example.split("```").nth(1 + 2 * index).expect("the example has both blocks");
    let digits: Vec<u8> = block
        .lines()
        .flat_map(|line| line.split('#').next().unwrap_or_default().chars())
        .filter_map(|c| c.to_digit(16).map(|digit| digit as u8))
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn border(own: Nation, exercise: &str) -> Border {
    let mut config = config(own, 1, 77);
    config.policy = Digest([0xAA; 32]);
    config.partition = Partition::Exercise(exercise.into());
    let mut border = Border::restore(config, &Restored::default());
    border.connected(1, START);
    border
}

#[test]
fn the_documented_hello_is_what_is_written() {
    let hello = border(Nation::USA, "keen-edge").transmit(1, START, 4096);
    assert_eq!(hex(&hello), hex(&documented(0)));
}

#[test]
fn the_documented_refusal_is_what_is_written() {
    let mut japan = border(Nation::JPN, "other");
    japan.transmit(1, START, 4096);
    japan.receive(1, &documented(0), START);
    let refusal = japan.transmit(1, START, 4096);
    assert_eq!(hex(&refusal), hex(&documented(1)));

    let events = border(Nation::USA, "keen-edge").receive(1, &documented(1), START);
    assert!(matches!(events.as_slice(),
        [Event::Refused { by: Nation::JPN, refusal }] if refusal.code == RefusalCode::Partition));
}
