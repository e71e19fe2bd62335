//! The one binary `renkei`: one headquarters' node, its tools, and the demo of two.

mod access;
mod border;
mod cli;
mod clock;
mod config;
mod demo;
mod dirty_words;
mod engine;
mod feeds;
mod http;
mod keeper;
mod keys;
mod labels;
mod layers;
mod messages;
mod published;
mod retention;
mod serve;

use std::process::ExitCode;

/// Every report makes and drops small things by the dozen; at 30,000 reports a second the system's
/// allocator took a sixth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
