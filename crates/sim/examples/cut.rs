//! The table of the long cut: `cargo xtask bench cut [SEEDS]`; exit 1 when a bar is missed.

use std::process::ExitCode;

#[path = "../tests/it/cut/mod.rs"]
mod cut;

use cut::{LineFigures, Scene, run};

/// Milliseconds until the decisions, and until the whole picture.
const BARS_MS: (u64, u64) = (60_000, 120_000);

fn main() -> ExitCode {
    let seeds = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(5);
    println!("10,000 tracks, a report each every 6 minutes; 1,000 decisions; cut for 13 hours;");
    println!(
        "64 kbit/s, 600 ms round trip, 5 % of packets lost; from the moment the line stands\n"
    );
    println!("seed  decisions  whole picture  line, of 8 kB/s  longest entry  bytes/update after");
    let mut is_met = true;
    for seed in 0..seeds {
        let line = LineFigures { bytes_per_second: 8_000, round_trip_ms: 600, lost_of_1000: 50 };
        let scene =
            Scene { tracks: 10_000, decisions: 1_000, cut_hours: 13, line, seed, is_hasty: false };
        match run(scene) {
            Ok(outcome) => {
                let seconds = |ms: u64| ms as f64 / 1000.0;
                println!(
                    "{seed:>4}  {:>7.1} s  {:>11.1} s  {:>14.0} %  {:>11} B  {:>16.2} B",
                    seconds(outcome.decisions_ms),
                    seconds(outcome.picture_ms),
                    outcome.line_bytes as f64 / outcome.picture_ms as f64 / 0.08,
                    outcome.entry_bytes,
                    outcome.update_bytes as f64 / outcome.updates as f64,
                );
                println!(
                    "      {} reports during the cut became {} values in {} bytes of frames",
                    outcome.reports, outcome.values, outcome.frame_bytes
                );
                is_met &= (outcome.decisions_ms, outcome.picture_ms) <= BARS_MS
                    && outcome.picture_ms <= BARS_MS.1;
            }
            Err(rule) => {
                println!("{seed:>4}  broke a rule: {rule}");
                is_met = false;
            }
        }
    }
    if is_met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
