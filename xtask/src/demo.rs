//! `cargo xtask demo`: from a fresh clone to two linked headquarters with one command.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::Result;

use crate::run::{binary, cargo, step};
use crate::{needs, ui};

/// Builds the watch floor and the binary, then becomes `renkei demo`.
pub(crate) fn demo(arguments: &[String]) -> Result<()> {
    build()?;
    let error = Command::new(binary()).arg("demo").args(arguments).exec();
    Err(error.into())
}

/// The binary with its watch floor inside.
pub(crate) fn build() -> Result<()> {
    needs::c_compiler()?;
    ui::build(false)?;
    step(
        "binary: cargo build (the first time takes some minutes)",
        cargo().args(["build", "--locked", "--profile", "ci", "--package", "renkei-node"]),
    )
}
