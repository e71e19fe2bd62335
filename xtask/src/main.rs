//! Automation of the project: `cargo xtask help` lists what it does.
//!
//! Everything a fresh machine needs beyond Rust and Node is installed or named from here; nothing
//! is installed by hand.

mod bench;
mod demo;
mod needs;
mod prover;
mod run;
mod test;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask demo [ARGS]     build everything, start two linked headquarters, print one address
cargo xtask test [PART…]    everything CI checks; parts: fmt ui clippy unit clients browser
cargo xtask ui [--force]    build the watch floor into web/dist
cargo xtask fuzz [N [SEED]] N mutated AIS lines, Mode S frames and CoT events each (10,000,000)
cargo xtask prover          build the prover of release policies into target/prover (some minutes)
cargo xtask prove           prove the shipped policies with it and keep the proofs beside them
cargo xtask bench [NAME]    Renkei beside its peers, against the bars: ais adsb picture demo scene solent cut
cargo xtask sim [--seed N]  replay one seed of the two-node simulation, or run 500
cargo xtask soak --seeds N   the same for N seeds
cargo xtask help            this text";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let result = match arguments.first().map(String::as_str) {
        Some("demo") => demo::demo(rest),
        Some("test") => test::test(rest),
        Some("ui") => ui::build(rest.iter().any(|a| a == "--force")),
        Some("bench") => bench::bench(rest),
        Some("fuzz") => test::fuzz(rest),
        Some("prover") => prover::build().map(|path| println!("{}", path.display())),
        Some("prove") => prover::prove(),
        Some("sim" | "soak") => test::sim(rest),
        Some("help" | "--help" | "-h") | None => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => Err(anyhow::anyhow!("no task `{other}`; `cargo xtask help` lists them")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
