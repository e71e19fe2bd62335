//! The prover of release policies: a project of its own with cvc5 from PyPI, built when it is asked
//! for and never by the tests.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::needs;
use crate::run::{binary, cargo, program, root, step};

/// The solver for which the symbolic compiler is made.
const SOLVER: &str = "cvc5==1.3.1";

/// Builds the prover and puts its solver beside it; where it lies.
///
/// # Errors
/// When a part cannot be had or built.
pub(crate) fn build() -> Result<PathBuf> {
    needs::c_compiler()?;
    let python = needs::python("prover", &[SOLVER])?;
    let target = root().join("target").join("prover");
    step(
        "the prover: cargo build (the first time takes some minutes)",
        cargo()
            .args(["build", "--locked", "--release", "--manifest-path", "xtask/prover/Cargo.toml"])
            .arg("--target-dir")
            .arg(&target),
    )?;
    let folder = target.join("release");
    let solver = folder.join("cvc5");
    let shim = root().join("xtask/prover/cvc5_smt.py");
    let script = format!("#!/bin/sh\nexec '{}' '{}' \"$@\"\n", python.display(), shim.display());
    std::fs::write(&solver, script).with_context(|| format!("write {}", solver.display()))?;
    std::fs::set_permissions(&solver, std::fs::Permissions::from_mode(0o755))?;
    Ok(folder.join("renkei-prover"))
}

/// Proves the shipped sets anew.
///
/// # Errors
/// When something is refuted.
pub(crate) fn prove() -> Result<()> {
    let prover = build()?;
    // As `cargo xtask test` builds it, so that the world is not compiled a second time.
    step(
        "renkei: cargo build",
        cargo().args(["build", "--locked", "--workspace", "--profile", "ci", "--bin", "renkei"]),
    )?;
    for nation in ["jpn", "usa"] {
        step(
            &format!("the shipped policy of {nation}"),
            program(&binary().to_string_lossy())
                .args(["policy", "prove", "--again", "--prover"])
                .arg(&prover)
                .arg(root().join("crates/policy/policies").join(nation)),
        )?;
    }
    Ok(())
}
