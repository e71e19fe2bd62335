//! Being written.

use super::End;

/// Being written.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Being written
    Nothing,
}

/// Being written.
#[derive(clap::Args, Debug)]
pub(crate) struct Replay {}

/// Runs.
pub(crate) fn run<T>(_: &T) -> Result<(), End> {
    Ok(())
}
