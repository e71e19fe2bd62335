//! `cargo xtask test`: everything CI checks, in the order in which faults are cheapest to find.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::run::{binary, cargo, program, root, step};
use crate::{needs, ui};

type Part = (&'static str, fn() -> Result<()>);

const PARTS: &[Part] = &[
    ("fmt", fmt),
    ("ui", web),
    ("clippy", clippy),
    ("unit", unit),
    ("clients", clients),
    ("browser", browser),
];

/// Runs the named parts, or all.
pub(crate) fn test(wanted: &[String]) -> Result<()> {
    let start = Instant::now();
    for name in wanted {
        if !PARTS.iter().any(|(part, _)| part == name) {
            let parts: Vec<_> = PARTS.iter().map(|(part, _)| *part).collect();
            bail!("no part `{name}`; parts: {}", parts.join(" "));
        }
    }
    let mut done = 0;
    for (name, run) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            eprintln!("════ {name}");
            run()?;
            done += 1;
        }
    }
    println!("parts: {done} passed, 0 failed");
    eprintln!("all parts: {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn fmt() -> Result<()> {
    step("cargo fmt --check", cargo().args(["fmt", "--all", "--check"]))
}

fn web() -> Result<()> {
    ui::install()?;
    let dir = root().join("web");
    for script in ["lint", "check", "test"] {
        let what = format!("watch floor: npm run {script}");
        step(&what, program("npm").args(["run", "--silent", script]).current_dir(&dir))?;
    }
    ui::build(false)
}

fn clippy() -> Result<()> {
    needs::c_compiler()?;
    step(
        "cargo clippy",
        cargo()
            .args(["clippy", "--locked", "--workspace", "--all-targets", "--profile", "ci"])
            .args(["--", "-D", "warnings"]),
    )
}

/// Everything that tests run, built once: the same features as `cargo test`, so that the world is
/// not compiled a second time for the clients and the browser.
fn build() -> Result<()> {
    needs::c_compiler()?;
    ui::build(false)?;
    step(
        "cargo test --no-run (the first time takes some minutes)",
        cargo().args(["test", "--locked", "--workspace", "--profile", "ci", "--no-run", "--quiet"]),
    )
}

fn unit() -> Result<()> {
    build()?;
    step("cargo test", cargo().args(["test", "--locked", "--workspace", "--profile", "ci"]))?;
    let fuzz = binary().with_file_name("examples").join("fuzz");
    step("100,000 mutated inputs a parser", program(&fuzz.to_string_lossy()).arg("100000"))
}

/// A real TAK client and a real COSE library against the real binary.
fn clients() -> Result<()> {
    build()?;
    let python = needs::python("clients", &["pytak==7.6.1", "pycose==1.1.0", "cbor2==5.6.5"])?;
    step(
        "pytak against a node",
        program(&python.to_string_lossy()).arg("xtask/clients/pytak_client.py").arg(binary()),
    )?;
    step(
        "pycose on exported records",
        program(&python.to_string_lossy()).arg("xtask/clients/cose_client.py").arg(binary()),
    )
}

fn browser() -> Result<()> {
    build()?;
    needs::chromium()?;
    step(
        "browser on both floors",
        program("node").arg("web/e2e/run.mjs").arg(binary()).current_dir(root()),
    )
}

/// Mutated inputs for every parser of outside bytes: how many, and from which seed.
pub(crate) fn fuzz(arguments: &[String]) -> Result<()> {
    step(
        "mutated inputs for every parser",
        cargo()
            .args(["run", "--locked", "--quiet", "--profile", "ci", "--package", "renkei-codec"])
            .args(["--example", "fuzz", "--"])
            .args(arguments),
    )
}

/// One seed of the two-node simulation, or 500.
pub(crate) fn sim(arguments: &[String]) -> Result<()> {
    simulate("two nodes simulated", "border", arguments)
}

/// The table of a long cut: how long until the partner has the decisions and the whole picture.
pub(crate) fn cut(arguments: &[String]) -> Result<()> {
    simulate("a long cut simulated", "cut", arguments)
}

fn simulate(what: &str, example: &str, arguments: &[String]) -> Result<()> {
    step(
        what,
        cargo()
            .args(["run", "--locked", "--quiet", "--profile", "ci", "--package", "renkei-sim"])
            .args(["--example", example, "--"])
            .args(arguments),
    )
}
