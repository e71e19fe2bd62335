//! `renkei policy prove`: what the prohibitions of a set keep here whatever anyone permits, shown by
//! a prover that is a program of its own, and kept beside the policy as `policy/proof.json`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use renkei_model::statement::{Bilingual, Language};
use renkei_policy::proof::{Findings, Proof, Task, never_words};

use super::super::End;
use super::{borrowed, folder, texts};
use crate::clock;

/// Where the proof of a policy lies, beside it.
const PROOF_FILE: &str = "proof.json";
/// The prover's program, looked for beside this one and then on the path.
const PROVER: &str = "renkei-prover";

/// A policy to be proved.
#[derive(clap::Args, Debug)]
pub(crate) struct Prove {
    /// A node's directory, or a directory of .cedar files with what must never cross in never/
    dir: PathBuf,
    /// The prover's program; `cargo xtask prover` builds it
    #[arg(long)]
    prover: Option<PathBuf>,
    /// Prove again although the proof beside the policy is about these very texts
    #[arg(long)]
    again: bool,
    /// Also say what this policy newly allows against the one in DIR
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// Language of the words: en or ja
    #[arg(long, default_value = "en", value_parser = crate::cli::user::language)]
    lang: Language,
}

/// The texts of one policy and of what must never cross.
struct Set {
    policy: Vec<(String, String)>,
    never: Vec<(String, String)>,
}

impl Set {
    fn read(dir: &Path) -> Result<Self, End> {
        let never = folder(dir).join("never");
        let never = if never.is_dir() { texts(&never).map_err(End::Wrong)? } else { Vec::new() };
        Ok(Self { policy: texts(dir).map_err(End::Wrong)?, never })
    }
}

/// Runs `renkei policy prove`.
///
/// # Errors
/// [`End::No`] when something is refuted, [`End::Wrong`] when nothing could be proved.
pub(crate) fn prove(arguments: &Prove) -> Result<(), End> {
    let set = Set::read(&arguments.dir)?;
    let (policy, never) = (borrowed(&set.policy), borrowed(&set.never));
    let kept = kept(&arguments.dir);
    let proof = match kept {
        Some(proof)
            if !arguments.again
                && arguments.against.is_none()
                && proof.is_about(&policy, &never)? =>
        {
            proof
        }
        _ => {
            let before = arguments.against.as_deref().map(Set::read).transpose()?;
            let before = before.as_ref().map(|set| borrowed(&set.policy));
            let tasks = Task::all(&policy, &never, before.as_deref())?;
            let ask = |(n, task)| ask(task, arguments.prover.as_deref(), n == 0);
            let findings = tasks.iter().enumerate().map(ask).collect::<Result<Vec<_>, _>>()?;
            let none = || End::Wrong("prove a policy: there was no question".into());
            let findings = Findings::join(findings).ok_or_else(none)?;
            Proof::new(&policy, &never, clock::now(), findings)?
        }
    };
    let words = never_words(&never)?;
    let said = report(&proof, |id| words.get(id).map(|both| said(both, arguments.lang)));
    print!("{said}");
    if !proof.findings.all_proved(&never)? {
        return Err(End::No);
    }
    keep(&arguments.dir, proof)
}

fn said(both: &Bilingual, lang: Language) -> &str {
    if lang == Language::Ja { &both.ja } else { &both.en }
}

/// The proof beside the policy; one that does not read is as good as none.
fn kept(dir: &Path) -> Option<Proof> {
    let text = std::fs::read_to_string(folder(dir).join(PROOF_FILE)).ok()?;
    serde_json::from_str(&text).ok()
}

/// Keeps a proof beside the policy, without what was asked of another policy. One that found the
/// same of the same texts stays, with its time.
fn keep(dir: &Path, mut proof: Proof) -> Result<(), End> {
    proof.findings.newly = None;
    let same = |kept: &Proof| Proof { proved_at: proof.proved_at, ..kept.clone() } == proof;
    if kept(dir).as_ref().is_some_and(same) {
        return Ok(());
    }
    let path = folder(dir).join(PROOF_FILE);
    let text = serde_json::to_string_pretty(&proof)?;
    std::fs::write(&path, text + "\n")
        .map_err(|e| End::Wrong(format!("write `{}`: {e}", path.display())))?;
    println!("kept in {}", path.display());
    Ok(())
}

/// What the prover says.
fn ask(task: &Task, named: Option<&Path>, first: bool) -> Result<Findings, End> {
    let beside = std::env::current_exe().ok().and_then(|me| Some(me.parent()?.join(PROVER)));
    let program = match (named, beside) {
        (Some(named), _) => named.to_path_buf(),
        (None, Some(beside)) if beside.is_file() => beside,
        _ => PROVER.into(),
    };
    let failed = |e: &dyn std::fmt::Display| {
        let program = program.display();
        End::Wrong(format!(
            "ask the prover `{program}`: {e}; build it with `cargo xtask prover` and name it with --prover"
        ))
    };
    let task = serde_json::to_vec(task)?;
    let mut child = Command::new(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| failed(&e))?;
    if first {
        eprintln!("proving; this takes some seconds");
    }
    // The prover reads all of its task before it says anything, and says one line.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(&task).map_err(|e| failed(&e))?;
    }
    let output = child.wait_with_output().map_err(|e| failed(&e))?;
    if !output.status.success() {
        return Err(failed(&format!("it ended with {}", output.status)));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| failed(&e))
}

fn report<'w>(proof: &Proof, words: impl Fn(&str) -> Option<&'w str>) -> String {
    let Proof { policy, proved_at, findings, .. } = proof;
    let mut lines = vec![
        format!("policy {}", policy.to_hex()),
        format!(
            "{}, {}, {}",
            findings.prover,
            findings.solver,
            proved_at.to_rfc3339().unwrap_or_default()
        ),
    ];
    for failing in &findings.errors {
        lines.push(format!(
            "can fail  {}: {}, {}",
            failing.policy, failing.case.of, failing.case.example
        ));
    }
    for never in &findings.never {
        let what = words(&never.id).unwrap_or_default();
        match &never.refuted_by {
            None => lines.push(format!("never     {}: {what}", never.id)),
            Some(case) => {
                lines.push(format!("CROSSES   {}: {what}", never.id));
                lines.push(format!("          {}, {}", case.of, case.example));
            }
        }
    }
    for holds in &findings.holds_up {
        let what = if holds.never.is_empty() {
            "nothing on the list would cross without it".to_owned()
        } else {
            holds.never.join(" ")
        };
        lines.push(format!("rests on  {}: {what}", holds.prohibition));
    }
    for case in findings.newly.iter().flatten() {
        lines.push(format!("newly     {}: {}", case.of, case.example));
    }
    if findings.newly.as_ref().is_some_and(Vec::is_empty) {
        lines.push("newly     nothing".into());
    }
    lines.join("\n") + "\n"
}
