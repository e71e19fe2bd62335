//! The picture of plots beside Stone Soup: how far from the truth by one referee, and at what speed.
//!
//! Refuses: a score by our own hand. The referee is a script that knows neither side, and checks its
//! sums against Stone Soup's metric.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{figures, renkei, target};
use crate::needs;
use crate::run::{program, root};

/// The peer, and what the referee needs.
const PACKAGES: &[&str] = &["stonesoup==1.9.1", "numpy", "scipy"];
/// Simulated ships with the truth; made for this project.
const SCENES: &[&str] = &["tracks/sim-50.json.gz", "tracks/sim-200.json.gz"];
/// A peer's ships by AIS.
const SOLENT: &str = "tracks/solent-ais-2016-01-12.csv.gz";
/// By plots alone our picture is at least this many times as quick.
const SPEED_LEAST: f64 = 500.0;
/// With AIS it is at most this part as far from the truth as the peer's by plots alone.
const AIS_MOST: f64 = 0.70;
/// The referee's GOSPA and the peer's own may differ by this part.
const AGREE: f64 = 1e-3;

/// Both scenes; whether every bar is met.
pub(super) fn scene() -> Result<bool> {
    let python = needs::python("scene", PACKAGES)?;
    let mut met = true;
    for name in SCENES {
        let path = shared(name);
        if !path.exists() {
            bail!("no scene `{}`: the benchmark needs the simulated scenes", path.display());
        }
        met &= one(&python, &path)?;
    }
    Ok(met)
}

/// The Solent recording: one track a ship.
pub(super) fn solent() -> Result<bool> {
    let path = shared(SOLENT);
    if !path.exists() {
        bail!("no recording `{}`", path.display());
    }
    let started = std::time::Instant::now();
    let printed =
        figures(program(&renkei().to_string_lossy()).args(["fuse", "ais-csv"]).arg(&path))?;
    let spent_s = started.elapsed().as_secs_f64();
    let of = |key: &str| printed[key].as_u64().unwrap_or_default();
    let jumps = printed["alerts"].as_array().map_or(0, Vec::len);
    let met = of("tracks") == 91 && of("identities") == 91 && jumps == 2;
    println!(
        "{} tracks of {} ships in {} reports, {jumps} jumps flagged, {spent_s:.2} s with the reading; \
         bar 91 of 91 and 2: {}",
        of("tracks"),
        of("identities"),
        of("rows"),
        if met { "yes" } else { "NO" }
    );
    Ok(met)
}

fn shared(name: &str) -> PathBuf {
    root().join("../shared/data").join(name)
}

fn one(python: &Path, scene: &Path) -> Result<bool> {
    println!("{}", scene.file_name().unwrap_or_default().to_string_lossy());
    let peer = written(
        program(&python.to_string_lossy()).arg("xtask/peers/stonesoup_peer.py").arg(scene),
        "peer",
    )?;
    let mut fuse = program(&renkei().to_string_lossy());
    let plots = written(fuse.args(["fuse", "scene", "--no-ais"]).arg(scene), "plots")?;
    let mut fuse = program(&renkei().to_string_lossy());
    let both = written(fuse.args(["fuse", "scene"]).arg(scene), "both")?;
    let mut bench = program(&renkei().to_string_lossy());
    let speed = figures(bench.args(["bench", "scene", "--no-ais"]).arg(scene))?;
    let scans_per_s = speed["figures"]["scans"]["per_s"].as_f64().context("no rate")?;
    let scans = speed["input"]["scans"].as_f64().context("no scans")?;
    let last = std::fs::read_to_string(&peer)?;
    let last: Value = serde_json::from_str(last.lines().last().unwrap_or_default())?;
    let peer_s = last["cpu_s"].as_f64().context("the peer told no time")?;
    let mut referee = program(&python.to_string_lossy());
    let judged = figures(
        referee.arg("xtask/peers/gospa_referee.py").arg(scene).args([&peer, &plots, &both]),
    )?;
    let of = |side: usize| judged["figures"][side].clone();
    for (name, side) in [("stonesoup, plots", 0), ("renkei, plots", 1), ("renkei, plots + AIS", 2)]
    {
        println!("{name:<20} {}", of(side));
    }
    let ratio = peer_s / (scans / scans_per_s);
    println!("stonesoup {peer_s:.2} s, renkei {:.4} s of CPU", scans / scans_per_s);
    Ok(kept(&[of(0), of(1), of(2)], ratio))
}

/// Runs `command` and keeps what it prints.
fn written(command: &mut std::process::Command, name: &str) -> Result<PathBuf> {
    let path = target().join(format!("scene-{name}.jsonl"));
    let status = command.stdout(std::fs::File::create(&path)?).status()?;
    if !status.success() {
        bail!("{} ended with {status}", command.get_program().to_string_lossy());
    }
    Ok(path)
}

/// Whether the bars are met by what the referee says of the peer, of our plots, and of plots with AIS,
/// and by how many times as quick we were. A figure that is not there meets none.
fn kept([peer, plots, both]: &[Value; 3], ratio: f64) -> bool {
    let gospa = |side: &Value| side["gospa_m"].as_f64().unwrap_or(f64::NAN);
    let agrees = |side: &Value| {
        let other = side["stonesoup_gospa_m"].as_f64().unwrap_or(f64::NAN);
        (gospa(side) / other - 1.0).abs() <= AGREE
    };
    let judge = |what: &str, met: bool| {
        println!("{what}: {}", if met { "yes" } else { "NO" });
        met
    };
    let by_plots = gospa(plots) / gospa(peer);
    let by_both = gospa(both) / gospa(peer);
    judge("referee and Stone Soup's metric agree", [peer, plots, both].into_iter().all(agrees))
        & judge(&format!("GOSPA by plots {by_plots:.3} × theirs; bar 1"), by_plots <= 1.0)
        & judge(&format!("with AIS {by_both:.3} × theirs; bar {AIS_MOST}"), by_both <= AIS_MOST)
        & judge(&format!("{ratio:.0} × as quick; bar {SPEED_LEAST}"), ratio >= SPEED_LEAST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn side(gospa_m: f64) -> Value {
        json!({"gospa_m": gospa_m, "stonesoup_gospa_m": gospa_m})
    }

    #[test]
    fn every_bar_of_the_scene_can_be_missed() {
        let good = || [side(360.0), side(350.0), side(230.0)];
        assert!(kept(&good(), 600.0));
        assert!(!kept(&good(), 400.0));
        assert!(!kept(&[side(340.0), side(350.0), side(230.0)], 600.0));
        assert!(!kept(&[side(360.0), side(350.0), side(300.0)], 600.0));
        let mut disputed = good();
        disputed[1]["stonesoup_gospa_m"] = json!(400.0);
        assert!(!kept(&disputed, 600.0));
        assert!(!kept(&[side(360.0), json!({}), side(230.0)], 600.0));
    }
}
