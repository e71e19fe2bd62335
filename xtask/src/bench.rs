//! `cargo xtask bench NAME`: Renkei and its peers over the same input in one run, turn and turn about,
//! by CPU time; then a table, and yes or no to the bar.
//!
//! Refuses: peers in the product. They are programs of their own, under `xtask/peers`.

mod decoders;
mod limits;
mod scene;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::needs;
use crate::run::{cargo, root, step};
use decoders::{AIS, LAX, TOULOUSE};

/// The Python peers, and what watches the demo.
const PACKAGES: &[&str] =
    &["aiscat==0.68.16", "pyais==3.3.1", "pyModeS==3.6.1", "websockets==15.0.1"];

/// Runs the benchmark of that name, or all.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    let name = arguments.first().map_or("all", String::as_str);
    if !["ais", "adsb", "picture", "world", "demo", "scene", "solent", "cut", "all"].contains(&name)
    {
        bail!("no benchmark `{name}`; there are: ais adsb picture world demo scene solent cut all");
    }
    if name == "cut" {
        return crate::test::cut(arguments.get(1..).unwrap_or_default());
    }
    build()?;
    let wanted = |one: &str| name == one || name == "all";
    let mut is_met = true;
    if wanted("ais") {
        is_met &= decoders::run(&AIS)?;
    }
    if wanted("adsb") {
        is_met &= decoders::run(&TOULOUSE)?;
        is_met &= decoders::run(&LAX)?;
    }
    if wanted("picture") {
        is_met &= limits::picture()?;
    }
    if wanted("world") {
        is_met &= limits::world()?;
    }
    if wanted("scene") {
        is_met &= scene::scene()?;
    }
    if wanted("solent") {
        is_met &= scene::solent()?;
    }
    if wanted("demo") {
        is_met &= limits::demo()?;
    }
    if wanted("cut") {
        is_met &= crate::test::cut(&[]).is_ok();
    }
    if !is_met {
        bail!("{name}: below the bar; run it again on a quiet machine, then profile");
    }
    Ok(())
}

fn target() -> PathBuf {
    std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), Into::into)
}

fn renkei() -> PathBuf {
    target().join("release").join("renkei")
}

fn build() -> Result<()> {
    needs::c_compiler()?;
    step(
        "our side: cargo build --release (the first time takes some minutes)",
        cargo().args(["build", "--locked", "--release", "--package", "renkei-node"]),
    )
}

/// Runs `command` and reads the JSON line that it prints.
fn figures(command: &mut Command) -> Result<Value> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("start {name}"))?;
    if !output.status.success() {
        bail!("{name} ended with {}", output.status);
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{name} printed no figures"))
}

/// The middle value; 0 of none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
