//! Running commands in the workspace with words around them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

/// The workspace root.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    command.current_dir(root());
    command
}

/// A program in the workspace root.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// Runs `command` to its end, saying what it does and how long it took.
///
/// # Errors
/// When it cannot start or does not end well.
pub(crate) fn step(what: &str, command: &mut Command) -> Result<()> {
    eprintln!("── {what}");
    let start = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("start `{}`", command.get_program().to_string_lossy()))?;
    if !status.success() {
        bail!("{what}: `{}` ended with {status}", command.get_program().to_string_lossy());
    }
    eprintln!("   {what}: {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// The product's binary as the `ci` profile builds it.
pub(crate) fn binary() -> PathBuf {
    let target =
        std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), Into::into);
    target.join("ci").join("renkei")
}
