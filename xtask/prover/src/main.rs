//! Proves what a release policy never lets through, or shows a case in which it would.
//!
//! Reads one [`Task`] as JSON from standard input, writes one [`Findings`] to standard output.
//! Cedar's symbolic compiler (cedar-policy-symcc) turns each question into SMT-LIB; cvc5 answers. The
//! solver is the program `cvc5` beside this one, or the one that `CVC5` names, or that of the path.
//!
//! Refuses: to be part of the product. The node runs it as a process of its own, when a policy
//! changes and never when it decides.

mod example;
mod prove;
mod texts;

use std::io::Read;
use std::process::{Command, ExitCode};

use serde::{Deserialize, Serialize};

/// What is to be proved. Texts are (file name, Cedar text).
#[derive(Deserialize)]
struct Task {
    /// The words that policies may use.
    schema: String,
    /// The whole set, house rules included.
    policies: Vec<(String, String)>,
    /// Permits that describe what must never be allowed, each with an `@id`.
    never: Vec<(String, String)>,
    /// The set in force before, when it is asked what a change newly allows.
    #[serde(default)]
    before: Option<Vec<(String, String)>>,
}

/// What was found.
#[derive(Serialize)]
struct Findings {
    /// Who proved it.
    prover: String,
    /// Who answered.
    solver: String,
    /// Policies that can fail while they are evaluated: Cedar then passes them over, prohibitions too.
    errors: Vec<Failing>,
    /// One for each thing that must never cross, whatever any permit says.
    never: Vec<Never>,
    /// Which of them fall when one prohibition is taken away.
    holds_up: Vec<HoldsUp>,
    /// What the set allows and the one before did not; `None` when there was no question.
    newly: Option<Vec<Case>>,
}

/// A case in which something is allowed that must not be, or was not.
#[derive(Serialize)]
struct Case {
    /// The question: tier or record, and of what.
    of: String,
    /// A thing and its label for which it is so.
    example: String,
}

/// A policy that can fail.
#[derive(Serialize)]
struct Failing {
    policy: String,
    #[serde(flatten)]
    case: Case,
}

/// Something that must never cross.
#[derive(Serialize)]
struct Never {
    id: String,
    /// The questions that were answered by proof.
    environments: usize,
    proved: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    refuted_by: Option<Case>,
}

/// What rests on one prohibition.
#[derive(Serialize)]
struct HoldsUp {
    prohibition: String,
    never: Vec<String>,
}

fn run() -> Result<Findings, String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|e| format!("read the task: {e}"))?;
    let task: Task = serde_json::from_str(&text).map_err(|e| format!("read the task: {e}"))?;
    let cvc5 = solver();
    let version = Command::new(&cvc5).arg("--version").output();
    let version = version.map_err(|e| format!("start the solver `{cvc5}`: {e}"))?;
    let version = String::from_utf8_lossy(&version.stdout);
    let solver = version.lines().next().unwrap_or_default().trim().to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| format!("start: {e}"))?;
    runtime.block_on(prove::prove(&task, &cvc5, solver))
}

/// The solver's program.
fn solver() -> String {
    if let Ok(named) = std::env::var("CVC5") {
        return named;
    }
    let beside = std::env::current_exe().ok().and_then(|me| Some(me.parent()?.join("cvc5")));
    match beside {
        Some(path) if path.is_file() => path.to_string_lossy().into_owned(),
        _ => "cvc5".into(),
    }
}

fn main() -> ExitCode {
    match run().and_then(|found| serde_json::to_string(&found).map_err(|e| e.to_string())) {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("renkei-prover: {error}");
            ExitCode::from(2)
        }
    }
}
