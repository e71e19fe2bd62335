//! rs1090 0.7 over frames in memory, with its own table of aircraft for positions.

use std::collections::BTreeMap;
use std::hint::black_box;

use rs1090::decode::DF;
use rs1090::decode::cpr::decode_position;
use rs1090::prelude::*;

/// Time in seconds and bytes of one frame.
fn frame(line: &str) -> (f64, Vec<u8>) {
    let object: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
    let hex = object["frame"].as_str().expect("a frame");
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    let bytes = (0..hex.len()).step_by(2).map(byte).collect();
    (object["timestamp"].as_f64().expect("a time"), bytes)
}

fn main() {
    let (bytes, seconds) = renkei_peers::arguments();
    let text = String::from_utf8(bytes).expect("JSON lines");
    let frames: Vec<(f64, Vec<u8>)> = text.lines().map(frame).collect();
    let tool = if cfg!(feature = "comm-b") { "rs1090 0.7.0 with Comm-B" } else { "rs1090 0.7.0" };
    renkei_peers::measure(tool, frames.len(), seconds, || {
        let mut aircraft = BTreeMap::new();
        let mut reference = None;
        let mut good = 0;
        for (at, bytes) in &frames {
            let Ok(mut message) = Message::try_from(bytes.as_slice()) else { continue };
            good += 1;
            let located = match &mut message.df {
                DF::ExtendedSquitterADSB(adsb) => Some((&mut adsb.message, adsb.icao24)),
                DF::ExtendedSquitterTisB { cf, .. } => Some((&mut cf.me, cf.aa)),
                _ => None,
            };
            if let Some((me, icao)) = located {
                decode_position(me, *at, &icao, &mut aircraft, &mut reference, &None);
            }
            black_box(&message);
        }
        good
    });
}
