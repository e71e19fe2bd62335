//! Replays one seed of the two-node simulation with its whole trace, or runs 500 seeds.
//!
//! `cargo xtask sim [--seed N] [--variant NAME] [--seeds COUNT]`; exit 1 when a rule is broken.

use std::process::ExitCode;

#[path = "../tests/it/border/mod.rs"]
mod border;

use border::{Variant, run};

/// The nodes that can be simulated: as shipped, or with a planted fault.
const VARIANTS: [(&str, Variant); 6] = [
    ("right", Variant::Right),
    ("acknowledges-early", Variant::AcknowledgesEarly),
    ("advances-cursor-on-connect", Variant::AdvancesCursorOnConnect),
    ("sends-early", Variant::SendsEarly),
    ("never-times-out", Variant::NeverTimesOut),
    ("loses-recalls", Variant::LosesRecalls),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match read(&arguments) {
        Ok((Some(seed), variant, _)) => replay(seed, variant),
        Ok((None, variant, seeds)) => run_all(seeds, variant),
        Err(what) => {
            eprintln!("{what}; use [--seed N] [--variant NAME] [--seeds COUNT]");
            ExitCode::from(2)
        }
    }
}

fn read(arguments: &[String]) -> Result<(Option<u64>, Variant, u64), String> {
    let (mut seed, mut variant, mut seeds) = (None, Variant::Right, 500);
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("`{}` needs a value", pair[0])) };
        let number = || value.parse::<u64>().map_err(|_| format!("`{value}` is no number"));
        match name.as_str() {
            "--seed" => seed = Some(number()?),
            "--seeds" => seeds = number()?,
            "--variant" => {
                let known = VARIANTS.into_iter().find(|(known, _)| known == value);
                let names = VARIANTS.map(|(known, _)| known).join(", ");
                variant = known.ok_or(format!("`{value}` is none of {names}"))?.1;
            }
            _ => return Err(format!("`{name}` is unknown")),
        }
    }
    Ok((seed, variant, seeds))
}

fn replay(seed: u64, variant: Variant) -> ExitCode {
    let outcome = run(seed, variant);
    let trace = match &outcome {
        Ok(trace) => trace,
        Err(violation) => &violation.trace,
    };
    for line in &trace.lines {
        println!("{line}");
    }
    match outcome {
        Ok(_) => {
            println!("seed {seed}: every rule holds");
            ExitCode::SUCCESS
        }
        Err(violation) => {
            eprintln!("seed {seed}: {violation}");
            ExitCode::FAILURE
        }
    }
}

fn run_all(seeds: u64, variant: Variant) -> ExitCode {
    let mut broken = 0;
    for seed in 0..seeds {
        if let Err(violation) = run(seed, variant) {
            broken += 1;
            eprintln!("seed {seed}: {violation}\nreplay it: cargo xtask sim --seed {seed}");
        }
    }
    println!("{seeds} seeds, {broken} of them broke a rule");
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
