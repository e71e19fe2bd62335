//! Decoders beside their peers: rates over the same input, and their ratio.
//!
//! Refuses: to compare runs of different hours. Other work on the machine slows both sides of a
//! round, so that the ratio within a round is what counts.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;

use super::{PACKAGES, figures, median, renkei, target};
use crate::needs;
use crate::run::{cargo, program, root, step};

/// Rounds in which each side runs once.
const ROUNDS: usize = 5;
/// CPU seconds for one figure in one round.
const SECONDS: &str = "1";

/// `least` times as many a second as the faster of `peers`, given as (tool, figure).
struct Bar {
    figure: &'static str,
    peers: &'static [(&'static str, &'static str)],
    least: f64,
}

/// One comparison of decoders.
pub(super) struct Match {
    /// As `renkei bench` knows it.
    name: &'static str,
    /// Recordings in the shared data.
    recordings: &'static [&'static str],
    /// A program of `xtask/peers`.
    rust: &'static str,
    /// Scripts of `xtask/peers`.
    python: &'static [&'static str],
    bars: &'static [Bar],
}

/// Shore stations and a national aggregate.
pub(super) const AIS: Match = Match {
    name: "ais",
    recordings: &["ais/australia-coast.nmea.gz", "ais/denmark-2010-06-11.nmea.gz"],
    rust: "ais-peer",
    python: &["aiscat_peer.py", "pyais_peer.py"],
    bars: &[
        Bar { figure: "fields", peers: &[("ais", "fields")], least: 2.5 },
        Bar { figure: "fields", peers: &[("aiscat", "fields")], least: 8.0 },
        Bar { figure: "fields", peers: &[("pyais", "fields")], least: 40.0 },
    ],
};

const fn mode_s(recordings: &'static [&'static str]) -> Match {
    Match {
        name: "adsb",
        recordings,
        rust: "rs1090-peer",
        python: &["pymodes_peer.py"],
        bars: &[Bar {
            figure: "fields",
            peers: &[("rs1090", "fields"), ("pyModeS", "fields")],
            least: 20.0,
        }],
    }
}

/// Mostly Comm-B replies.
pub(super) const TOULOUSE: Match = mode_s(&["adsb/toulouse-2024-06-06.jsonl.gz"]);
/// Every downlink format.
pub(super) const LAX: Match = mode_s(&["adsb/lax.avr.gz"]);

fn build_peers() -> Result<PathBuf> {
    let dir = target().join("peers");
    step(
        "Rust peers: cargo build --release",
        cargo()
            .args(["build", "--locked", "--release", "--manifest-path", "xtask/peers/Cargo.toml"])
            .arg("--target-dir")
            .arg(&dir),
    )?;
    Ok(dir.join("release"))
}

/// Writes the input that every side reads, and says what it is.
fn input(of: &Match) -> Result<PathBuf> {
    let shared = root().join("../shared/data");
    let recordings: Vec<_> = of.recordings.iter().map(|name| shared.join(name)).collect();
    let path = target().join(format!("bench-{}.txt", of.name));
    let mut command = program(&renkei().to_string_lossy());
    command.args(["bench", of.name, "--write"]).arg(&path);
    if recordings.iter().all(|path| path.exists()) {
        println!("{}: {}", of.name, of.recordings.join(" + "));
        command.args(&recordings);
    } else {
        println!("{}: no recordings in {}: simulated traffic", of.name, shared.display());
    }
    step("input", &mut command)?;
    Ok(path)
}

/// Every round's output of one tool.
#[derive(Default)]
struct Side {
    tool: String,
    rounds: Vec<Value>,
}

impl Side {
    /// Things a second in each round.
    fn per_s(&self, figure: &str) -> Vec<f64> {
        self.rounds.iter().filter_map(|r| r["figures"][figure]["per_s"].as_f64()).collect()
    }
}

/// Runs one comparison; whether every bar is met.
pub(super) fn run(of: &Match) -> Result<bool> {
    let peers = build_peers()?;
    let python = needs::python("bench", PACKAGES)?;
    let input = input(of)?;
    let commands = || {
        let mut ours = program(&renkei().to_string_lossy());
        ours.args(["bench", of.name, "--seconds", SECONDS]).arg(&input);
        let mut rust = program(&peers.join(of.rust).to_string_lossy());
        rust.arg(&input).arg(SECONDS);
        let scripts = of.python.iter().map(|script| {
            let mut peer = program(&python.to_string_lossy());
            peer.arg(Path::new("xtask/peers").join(script)).arg(&input).arg(SECONDS);
            peer
        });
        [ours, rust].into_iter().chain(scripts).collect::<Vec<_>>()
    };
    let mut sides: Vec<Side> =
        std::iter::repeat_with(Side::default).take(2 + of.python.len()).collect();
    for round in 1..=ROUNDS {
        eprintln!("── round {round} of {ROUNDS}");
        for (side, mut command) in sides.iter_mut().zip(commands()) {
            let printed = figures(&mut command)?;
            side.tool = printed["tool"].as_str().unwrap_or_default().to_owned();
            side.rounds.push(printed);
        }
    }
    if let Some(first) = sides.first().and_then(|ours| ours.rounds.first()) {
        println!("{} {}", first["machine"], first["input"]);
    }
    table(&sides);
    Ok(of.bars.iter().fold(true, |met, bar| met & judged(bar, &sides)))
}

fn table(sides: &[Side]) {
    println!("{:<24} {:<14} {:>12} {:>12} {:>10}", "tool", "figure", "best /s", "median /s", "out");
    for side in sides {
        let figures = side.rounds.first().and_then(|round| round["figures"].as_object());
        for (figure, first) in figures.into_iter().flatten() {
            let per_s = side.per_s(figure);
            let best = per_s.iter().copied().fold(0.0, f64::max);
            let (median, out) = (median(per_s), &first["out"]);
            println!("{:<24} {figure:<14} {best:>12.0} {median:>12.0} {out:>10}", side.tool);
        }
    }
}

/// Says whether the bar is met by the median of the rounds' ratios.
fn judged(bar: &Bar, sides: &[Side]) -> bool {
    let of = |tool: &str, figure: &str| {
        let side = sides.iter().find(|side| side.tool.split(' ').next() == Some(tool));
        side.map(|side| side.per_s(figure)).unwrap_or_default()
    };
    let ours = of("renkei", bar.figure);
    let theirs: Vec<_> = bar.peers.iter().map(|(tool, figure)| of(tool, figure)).collect();
    let faster = |round: usize| {
        theirs.iter().filter_map(|per_s| per_s.get(round)).copied().fold(0.0, f64::max)
    };
    let ratios = ours.iter().enumerate().map(|(round, ours)| ours / faster(round)).collect();
    let ratio = median(ratios);
    let met = ratio.is_finite() && ratio >= bar.least;
    let tools: Vec<_> = bar.peers.iter().map(|(tool, figure)| format!("{tool} {figure}")).collect();
    let (tools, least, yes) = (tools.join(" or "), bar.least, if met { "yes" } else { "NO" });
    println!("{} {ratio:.2} × {tools}; bar {least} ×: {yes}", bar.figure);
    met
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn side(tool: &str, per_s: &[u32]) -> Side {
        let round = |per_s: &u32| json!({"figures": {"fields": {"per_s": per_s}}});
        Side { tool: tool.to_owned(), rounds: per_s.iter().map(round).collect() }
    }

    const BAR: Bar =
        Bar { figure: "fields", peers: &[("slow", "fields"), ("quick", "fields")], least: 2.0 };

    #[test]
    fn the_bar_is_judged_by_the_median_round_against_the_faster_peer() {
        let slow = || side("slow 1.0", &[1, 1, 1]);
        let quick = || side("quick 1.0", &[10, 20, 10]);
        assert!(judged(&BAR, &[side("renkei 0.1", &[20, 40, 10]), slow(), quick()]));
        assert!(!judged(&BAR, &[side("renkei 0.1", &[19, 90, 10]), slow(), quick()]));
    }

    #[test]
    fn a_peer_that_did_not_run_is_no_victory() {
        assert!(!judged(&BAR, &[side("renkei 0.1", &[20, 40, 10])]));
    }
}
