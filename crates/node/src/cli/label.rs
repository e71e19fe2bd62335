//! `renkei label`: the policies that give labels their words, and labels on documents.
//!
//! Refuses: writing over an originator's label, and a policy whose faults would be found at the next
//! start.

use std::path::{Path, PathBuf};

use renkei_codec::label::binding::{detached, embedded, read_detached, read_embedded};
use renkei_codec::label::{
    Applied, ConfidentialityLabel, Equivalent, Information, Policies, Standing, from_model,
    read_document, read_spif, to_model,
};
use renkei_model::id::Nation;
use renkei_model::label::{Classification, Label};
use renkei_model::time::Timestamp;

use super::{End, NodeDir, node_config};
use crate::{clock, keys, labels};

/// Words of labels, and labels of documents.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    /// Take a security policy (Open XML SPIF 2.x) into a node; it counts after the next start
    Import(Import),
    /// List a node's policies: levels with their words, and what the others' levels are worth here
    List(NodeDir),
    /// Print a label (STANAG 4774) bound to a document (STANAG 4778) on stdout
    Bind(Bind),
    /// Say what a label or a binding means to this node, and whether the document is the bound one
    Show(Show),
}

/// What to import.
#[derive(clap::Args, Debug)]
pub(crate) struct Import {
    /// The policy
    file: PathBuf,
    #[command(flatten)]
    node: NodeDir,
}

/// What to label.
#[derive(clap::Args, Debug)]
pub(crate) struct Bind {
    #[command(flatten)]
    node: NodeDir,
    /// The document; with --embed an XML document, which is printed with the binding in it
    document: PathBuf,
    /// unclassified, restricted, confidential, secret, top_secret
    #[arg(long, value_parser = classification)]
    classification: Classification,
    /// A nation that may have it; once for each
    #[arg(long)]
    releasable_to: Vec<Nation>,
    /// A restriction, for example ORCON; once for each
    #[arg(long)]
    restrictive: Vec<String>,
    /// When the label must be looked at again, as 2031-11-25T00:00:00Z
    #[arg(long, value_parser = moment)]
    review: Timestamp,
    /// Put the binding into the document instead of beside it
    #[arg(long)]
    embed: bool,
}

/// What to explain.
#[derive(clap::Args, Debug)]
pub(crate) struct Show {
    #[command(flatten)]
    node: NodeDir,
    /// A label, a binding, or an XML document with a binding in it
    file: PathBuf,
    /// The document that the binding stands beside
    #[arg(long)]
    document: Option<PathBuf>,
}

fn classification(text: &str) -> Result<Classification, String> {
    serde_json::from_value(text.into()).map_err(|_| {
        "write unclassified, restricted, confidential, secret or top_secret".to_owned()
    })
}

fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::from_rfc3339(text).ok_or_else(|| "write it as 2031-11-25T00:00:00Z".to_owned())
}

/// Runs `renkei label`.
///
/// # Errors
/// [`End::Wrong`] when a file cannot be used, [`End::No`] when a document is not the bound one.
pub(crate) fn run(command: &Command) -> Result<(), End> {
    match command {
        Command::Import(arguments) => import(arguments),
        Command::List(node) => list(node),
        Command::Bind(arguments) => bind(arguments),
        Command::Show(arguments) => show(arguments),
    }
}

fn policies(node: &NodeDir) -> Result<(Policies, Nation), End> {
    let config = node_config(&node.dir)?;
    Ok((labels::load(&config.dir, config.nation, &config.partition)?, config.nation))
}

fn import(arguments: &Import) -> Result<(), End> {
    let config = node_config(&arguments.node.dir)?;
    let path = &arguments.file;
    let bytes = labels::read_file(path)?;
    let policy = read_spif(&bytes)
        .map_err(|fault| End::Wrong(format!("import `{}`: {fault}", path.display())))?;
    let held = labels::load(&config.dir, config.nation, &config.partition)?;
    let folder = labels::folder(&config.dir);
    let file = folder.join(format!("{}.xml", file_name(&policy.name)));
    if !folder.is_dir() {
        // The examples stood in for the folder: without them the other nations' words would be gone.
        for (name, text) in renkei_codec::label::shipped(labels::world(&config.partition)) {
            keys::write_private(&folder.join(name), &text)?;
        }
    }
    for (old, name) in files_of(&folder)? {
        if name == policy.name && old != file {
            std::fs::remove_file(&old)?;
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    keys::write_private(&file, &text)?;
    let word = if held.all.contains_key(&policy.name) { "replaced" } else { "added" };
    println!("{word} {} in {}", policy.name, file.display());
    print!(
        "{}",
        levels(&policy.name, &labels::load(&config.dir, config.nation, &config.partition)?)
    );
    for (line, what) in &policy.not_judged {
        eprintln!("line {line}: `{what}` is read over; no label is judged by it here");
    }
    eprintln!("it counts when the node is started again");
    Ok(())
}

/// The files of a folder with the policy that each holds; damaged ones are not among them.
fn files_of(folder: &Path) -> Result<Vec<(PathBuf, String)>, End> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let policy = labels::read_file(&path).ok().and_then(|bytes| read_spif(&bytes).ok());
        files.extend(policy.map(|policy| (path, policy.name)));
    }
    Ok(files)
}

/// A policy's name as a file's: letters and digits stay, all else is a line.
fn file_name(name: &str) -> String {
    let safe =
        |c: char| if c.is_alphanumeric() { c.to_lowercase().next().unwrap_or(c) } else { '-' };
    name.chars().take(60).map(safe).collect()
}

fn list(node: &NodeDir) -> Result<(), End> {
    let (policies, _) = policies(node)?;
    for policy in policies.all.values() {
        let own = if policy.name == policies.own { ", this node's own" } else { "" };
        let example = if policy.is_example() { ", an example, not authoritative" } else { "" };
        println!("{} (version {}{own}{example})", policy.name, policy.version);
        print!("{}", levels(&policy.name, &policies));
    }
    if !policies.all.contains_key(&policies.own) {
        eprintln!("no policy `{}`: labels of this node have no words", policies.own);
        return Err(End::No);
    }
    Ok(())
}

/// A line a level: rank, name, words, and what it is worth here.
fn levels(name: &str, policies: &Policies) -> String {
    let Some(policy) = policies.all.get(name) else { return String::new() };
    let line = |class: &renkei_codec::label::PolicyClass| {
        let word = |language: &str| {
            class.phrases.banner.get(language).map_or(class.name.as_str(), String::as_str)
        };
        let level = renkei_codec::label::LABEL_LEVELS
            .into_iter()
            .find(|level| policy.level(*level).is_some_and(|of| of.lacv == class.lacv));
        let here = match level.map(|level| policies.equivalent(name, level)) {
            Some(Equivalent::Own) => String::new(),
            Some(Equivalent::Is(own)) => format!("\there {}", own.name),
            Some(Equivalent::None { .. }) | None => {
                "\tno equivalent here: handled as the highest, never passed on".into()
            }
        };
        format!("  {}\t{}\t{} / {}{here}\n", class.hierarchy, class.name, word("en"), word("ja"))
    };
    policy.classes.iter().map(line).collect()
}

fn bind(arguments: &Bind) -> Result<(), End> {
    let (policies, nation) = policies(&arguments.node)?;
    let path = &arguments.document;
    let document =
        std::fs::read(path).map_err(|e| End::Wrong(format!("read `{}`: {e}", path.display())))?;
    let now = clock::now();
    if arguments.review <= now {
        return Err(End::Wrong("the review time has passed; name one to come".into()));
    }
    let label = Label {
        policy: policies.own.clone(),
        classification: arguments.classification,
        releasable_to: arguments.releasable_to.iter().copied().collect(),
        restrictive: arguments.restrictive.iter().cloned().collect(),
        informative: [].into(),
        originator: nation,
        created: now,
        review: Some(arguments.review),
    };
    let own = policies.all.get(&policies.own).ok_or_else(|| {
        End::Wrong(format!("no policy `{}`; import one with `renkei label import`", policies.own))
    })?;
    let xml = from_model(&label, own, arguments.review)
        .map_err(|level| End::Wrong(format!("`{}` has no level {level:?}", policies.own)))?;
    let alternatives = alternatives(&label, &xml, &policies);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bound = if arguments.embed {
        embedded(xml, alternatives, &document)?
    } else {
        detached(xml, alternatives, (&name, None), &document)?.into_bytes()
    };
    use std::io::Write as _;
    Ok(std::io::stdout().write_all(&bound)?)
}

/// The label in the words of each policy that the own level names an equivalent in.
fn alternatives(
    label: &Label,
    xml: &ConfidentialityLabel,
    policies: &Policies,
) -> Vec<ConfidentialityLabel> {
    let own = policies.all.get(&policies.own).and_then(|own| own.level(label.classification));
    let equivalents = own.into_iter().flat_map(|class| &class.equivalents);
    let leaving = equivalents.filter(|other| other.applied != Applied::Entering);
    let found = leaving.filter_map(|other| {
        let policy = policies.all.get(&other.policy)?;
        let class = policy.classes.iter().find(|class| class.lacv == other.lacv)?;
        let information = Information {
            policy: policy.name.clone(),
            policy_uri: Some(format!("urn:oid:{}", policy.id)),
            classification: class.name.clone(),
            ..xml.information.clone()
        };
        Some(ConfidentialityLabel { information, ..xml.clone() })
    });
    found.collect()
}

fn show(arguments: &Show) -> Result<(), End> {
    let (policies, nation) = policies(&arguments.node)?;
    let wrong = |why: &dyn std::fmt::Display| {
        End::Wrong(format!("read `{}`: {why}", arguments.file.display()))
    };
    let bytes = std::fs::read(&arguments.file).map_err(|e| wrong(&e))?;
    if let Ok((standing, label)) = read_document(&bytes) {
        explain(standing, &label, &policies, nation);
        return Ok(());
    }
    let (binding, checked) = match (read_detached(&bytes), &arguments.document) {
        (Ok(binding), Some(document)) => {
            let checked = binding.check(&std::fs::read(document)?);
            (binding, checked)
        }
        (Ok(binding), None) => (binding, Ok(())),
        (Err(_), _) => (read_embedded(&bytes).map_err(|e| wrong(&e))?, Ok(())),
    };
    explain(Standing::Originator, &binding.originator, &policies, nation);
    for label in &binding.alternatives {
        explain(Standing::Alternative, label, &policies, nation);
    }
    if let Err(error) = checked {
        println!("{error}");
        return Err(End::No);
    }
    Ok(())
}

fn explain(standing: Standing, xml: &ConfidentialityLabel, policies: &Policies, nation: Nation) {
    let word = match standing {
        Standing::Originator => "originator's label",
        Standing::Alternative => "equivalent beside it",
    };
    let information = &xml.information;
    println!("{word}: {} {}", information.policy, information.classification);
    for category in &information.categories {
        println!("  {:?} {}: {}", category.kind, category.tag, category.values.join(", "));
    }
    let originator = information.policy.get(..3).and_then(|code| code.parse().ok());
    let policy = policies.all.get(&information.policy);
    let translated = to_model(xml, policy, originator.unwrap_or(nation));
    let here = match policies.equivalent(&information.policy, translated.label.classification) {
        _ if !translated.not_understood.is_empty() => {
            format!("not understood: {}; held", translated.not_understood.join(", "))
        }
        Equivalent::Own => "this node's own policy".to_owned(),
        Equivalent::Is(class) => format!("worth {} here", class.name),
        Equivalent::None { instead } => format!(
            "no equivalent here: handled as {}, never passed on",
            instead.map_or("the highest", |class| class.name.as_str())
        ),
    };
    println!("  {here}");
}
