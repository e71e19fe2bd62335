//! The one binary `renkei`: one headquarters' node, its tools, and the demo of two.

mod access;
mod cli;
mod clock;
mod config;
mod http;
mod keys;
mod messages;
mod published;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
