//! Crate `ais` 0.12 over lines in memory. Framing is done before the clock starts, in its favour.

use std::hint::black_box;

use ais::{AisFragments, AisParser};

fn main() {
    let (bytes, seconds) = renkei_peers::arguments();
    let lines: Vec<&[u8]> = bytes
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .collect();
    renkei_peers::measure("ais 0.12.0", lines.len(), seconds, || {
        let mut parser = AisParser::new();
        let mut messages = 0;
        for line in &lines {
            if let Ok(AisFragments::Complete(sentence)) = black_box(parser.parse(line, true)) {
                messages += u64::from(sentence.message.is_some());
            }
        }
        messages
    });
}
