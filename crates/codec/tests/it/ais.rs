//! Tests of `renkei_codec::ais`.

mod applications;
mod framing;
mod golden;
mod hostile;
mod kinds;
mod observation;
mod round_trip;

use renkei_codec::Reject;
use renkei_codec::ais::{Counts, Received, Receiver, json_line};
use renkei_model::time::Timestamp;

/// Receive time of everything in these tests: 2026-11-22T06:28:00Z.
const NOW: Timestamp = Timestamp(1_795_328_880_000);

/// Everything that `bytes` give, one line each: JSON of messages, code of refusals.
fn feed(receiver: &mut Receiver, bytes: &[u8], now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    receiver.push(bytes, now, |item| lines.push(shown(item)));
    receiver.finish(now, |item| lines.push(shown(item)));
    lines
}

fn shown(item: Result<Received<'_>, Reject>) -> String {
    match item {
        Ok(received) => {
            let mut line = String::new();
            json_line(&received, &mut line);
            line
        }
        Err(reject) => format!("reject {}: {}", reject.reason, reject.detail),
    }
}

/// What a fresh receiver makes of `bytes`, and its counts.
fn received(bytes: &[u8]) -> (Vec<String>, Counts) {
    let mut receiver = Receiver::default();
    let lines = feed(&mut receiver, bytes, NOW);
    (lines, receiver.counts())
}
