//! The command line. Stable: scripts rely on it. Exit 0 done, 1 the answer is no, 2 the input or
//! the call is wrong, with one line on stderr that says what, where, and how to mend it.

mod bench;
mod decode;
mod fuse;
mod init;
mod key;
mod label;
mod ledger;
mod partner;
mod policy;
mod replay;
mod serve;
mod user;
mod zone;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Two headquarters, one picture, two wills.
///
/// Each headquarters runs its own node. A node takes in real feeds, shows one picture, releases to
/// the partner what its policy lets through, and records what both sides agree.
///
/// First look: `renkei demo`. A real node: `renkei init`, then `renkei serve`; docs/operate.md
/// walks through it.
#[derive(Parser)]
#[command(name = "renkei", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new node's directory: keys, configuration, policy, first administrator
    Init(init::Init),
    /// Run one node
    Serve(serve::Serve),
    /// People: who may sign in, in which role and seat
    #[command(subcommand)]
    User(user::Command),
    /// Exchange of cards with the partner headquarters
    #[command(subcommand)]
    Partner(partner::Command),
    /// Put a new signing key in force, or revoke the one so far
    #[command(subcommand)]
    Key(key::Command),
    /// Two linked nodes on this machine, with a simulated world and a story
    Demo(crate::demo::Demo),
    /// Print what a recording holds, as JSON lines
    #[command(subcommand)]
    Decode(decode::Command),
    /// Fuse a file of reports into tracks
    #[command(subcommand)]
    Fuse(fuse::Command),
    /// Play a recording into a socket
    Replay(replay::Replay),
    /// Verify and export the record
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Check and explain a release policy
    #[command(subcommand)]
    Policy(policy::Command),
    /// Theatre data: indicative layers from GeoJSON or KML
    #[command(subcommand)]
    Zone(zone::Command),
    /// Words of labels (Open XML SPIF), and labels bound to documents (STANAG 4774, 4778)
    #[command(subcommand)]
    Label(label::Command),
    /// Measure this machine; `cargo xtask bench` runs it beside its peers
    #[command(subcommand)]
    Bench(bench::Bench),
}

/// How a command ended when it did not simply succeed.
#[derive(Debug)]
pub(crate) enum End {
    /// The answer is no; the reason was printed.
    No,
    /// The input or the call is wrong.
    Wrong(String),
}

impl<E: std::error::Error> From<E> for End {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                text = format!("{text}: {cause_text}");
            }
            source = cause.source();
        }
        Self::Wrong(text)
    }
}

/// Runs the command line of this process.
pub(crate) fn run() -> ExitCode {
    let ended = match Arguments::parse().command {
        Command::Init(arguments) => init::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::User(command) => user::run(&command),
        Command::Partner(command) => partner::run(&command),
        Command::Key(command) => key::run(&command),
        Command::Demo(arguments) => crate::demo::run(&arguments),
        Command::Decode(command) => decode::run(&command),
        Command::Fuse(command) => fuse::run(&command),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Ledger(command) => ledger::run(&command),
        Command::Policy(command) => policy::run(&command),
        Command::Zone(command) => zone::run(&command),
        Command::Label(command) => label::run(&command),
        Command::Bench(command) => bench::run(&command),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(End::No) => ExitCode::from(1),
        Err(End::Wrong(text)) => {
            eprintln!("renkei: {}", text.replace('\n', " "));
            ExitCode::from(2)
        }
    }
}

/// The configuration of the node directory `dir`.
///
/// # Errors
/// [`End::Wrong`] when it cannot be read.
pub(crate) fn node_config(dir: &std::path::Path) -> Result<crate::config::Config, End> {
    Ok(crate::config::load(&dir.join("renkei.toml"))?)
}

/// The runtime every long-running command uses.
///
/// # Errors
/// [`End::Wrong`] when the system gives no threads.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, End> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

/// Logs go to stderr; `RUST_LOG` chooses how much.
pub(crate) fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // Colours are for eyes: in a file they are noise.
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours);
    log.with_writer(std::io::stderr).init();
}

pub(crate) use init::{create as create_node, shipped_seats};
pub(crate) use policy::{
    borrowed, never_texts, proof as policy_proof, texts as policy_texts, write as write_policy,
};

/// A node's directory, the one argument most commands share.
#[derive(clap::Args, Debug)]
pub(crate) struct NodeDir {
    /// The node's directory, as made by `renkei init`
    pub(crate) dir: PathBuf,
}
