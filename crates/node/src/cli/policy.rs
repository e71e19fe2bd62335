//! `renkei policy`: check a release policy, ask it why, prove what it never lets through.

mod prove;

pub(crate) use prove::kept as proof;

use std::path::{Path, PathBuf};

use renkei_model::id::Nation;
use renkei_model::statement::Language;
use renkei_policy::Policy;
use renkei_policy::explain::{Case, explain, to_text};

use super::{End, NodeDir, node_config};
use crate::clock;

/// Check and explain a release policy.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Read every policy file, name each problem, and put the house's promises to the set
    Check(Check),
    /// Prove what the prohibitions keep here whatever anyone permits; the proof is kept beside them
    Prove(prove::Prove),
    /// Say what the node's policy lets through of a thing described in a JSON file, and why
    Explain(Explain),
}

/// Where a policy lies.
#[derive(clap::Args, Debug)]
pub(crate) struct Check {
    /// A node's directory, or a directory of .cedar files
    dir: PathBuf,
}

/// A question.
#[derive(clap::Args, Debug)]
pub(crate) struct Explain {
    #[command(flatten)]
    node: NodeDir,
    /// JSON file that describes the thing; docs/policy.md has examples
    case: PathBuf,
    /// To whom
    #[arg(long)]
    to: Nation,
    /// Language of the reasons: en or ja
    #[arg(long, default_value = "en", value_parser = super::user::language)]
    lang: Language,
}

/// Runs `renkei policy`.
///
/// # Errors
/// [`End::No`] when the policy has problems, [`End::Wrong`] when it cannot be read.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    match command {
        Command::Check(arguments) => check(arguments),
        Command::Prove(arguments) => prove::prove(arguments),
        Command::Explain(arguments) => why(arguments),
    }
}

/// Where the policy files of `dir` lie: under `policy` in a node's directory, else there.
fn folder(dir: &Path) -> PathBuf {
    let inner = dir.join("policy");
    if inner.is_dir() { inner } else { dir.to_path_buf() }
}

/// The policy texts of `dir`, by file name.
///
/// # Errors
/// A sentence when the directory or a file cannot be read.
pub(crate) fn texts(dir: &Path) -> Result<Vec<(String, String)>, String> {
    let fail = |path: &Path, e: &dyn std::fmt::Display| {
        format!("read `{}`: {e}; name a node's directory", path.display())
    };
    let dir = folder(dir);
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(&dir).map_err(|e| fail(&dir, &e))? {
        let path = entry.map_err(|e| fail(&dir, &e))?.path();
        if path.extension().is_some_and(|x| x == "cedar") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            texts.push((name, std::fs::read_to_string(&path).map_err(|e| fail(&path, &e))?));
        }
    }
    texts.sort();
    Ok(texts)
}

/// What the policy of `dir` adds to the list of what must never cross, by file name.
///
/// # Errors
/// A sentence when the directory or a file cannot be read.
pub(crate) fn never_texts(dir: &Path) -> Result<Vec<(String, String)>, String> {
    let never = folder(dir).join("never");
    if never.is_dir() { texts(&never) } else { Ok(Vec::new()) }
}

/// Puts `texts` in place of the policy files of `dir`, each whole or not at all. Files that are not
/// among them are taken away.
///
/// # Errors
/// A sentence that names the file.
pub(crate) fn write(dir: &Path, new: &[(String, String)]) -> Result<(), String> {
    let old = texts(dir)?;
    let folder = folder(dir);
    for (name, text) in new.iter().filter(|one| !old.contains(one)) {
        crate::keys::write_private(&folder.join(name), text).map_err(|e| e.to_string())?;
    }
    for (name, _) in old.iter().filter(|(name, _)| !new.iter().any(|(kept, _)| kept == name)) {
        let path = folder.join(name);
        std::fs::remove_file(&path).map_err(|e| format!("remove `{}`: {e}", path.display()))?;
    }
    Ok(())
}

/// The texts as the policy crate takes them.
pub(crate) fn borrowed(texts: &[(String, String)]) -> Vec<(&str, &str)> {
    texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

fn check(arguments: &Check) -> Result<(), End> {
    let texts = texts(&arguments.dir).map_err(End::Wrong)?;
    let problems = renkei_policy::check::check(&borrowed(&texts));
    for problem in &problems {
        println!("{problem}");
    }
    if problems.is_empty() {
        println!("{} files, no problem", texts.len());
        Ok(())
    } else {
        Err(End::No)
    }
}

fn why(arguments: &Explain) -> Result<(), End> {
    let config = node_config(&arguments.node.dir)?;
    let texts = texts(&arguments.node.dir).map_err(End::Wrong)?;
    let policy = Policy::load(config.nation, &config.partition, &borrowed(&texts))?;
    let path = &arguments.case;
    let wrong = |e: &dyn std::fmt::Display| {
        End::Wrong(format!("read `{}`: {e}; docs/policy.md has examples", path.display()))
    };
    let text = std::fs::read_to_string(path).map_err(|e| wrong(&e))?;
    let case: Case = serde_json::from_str(&text).map_err(|e| wrong(&e))?;
    let explanations = explain(&policy, &case, arguments.to, clock::now());
    print!("{}", to_text(&explanations, arguments.lang));
    if explanations.first().is_some_and(|lowest| lowest.permitted) { Ok(()) } else { Err(End::No) }
}
