//! The words of labels: the security policies in a node's directory, `DIR/labels/*.xml` (Open XML SPIF).
//!
//! Refuses: a file that is no sound policy, two files of one policy, and making words up. Without the
//! folder the examples that ship stand, and say that they are examples.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use renkei_codec::XmlFault;
use renkei_codec::label::{
    Equivalent, LABEL_LEVELS, Phrases, Policies, Qualifiers, SPIF_BYTES_MAX, SecurityPolicy, Tag,
    TagKind, read_spif, shipped,
};
use renkei_model::id::{Nation, Partition};
use renkei_model::label::Classification;
use serde_json::{Value, json};

/// Policies that one node holds; a combined headquarters has some tens of partners.
const POLICIES_MAX: usize = 64;
/// The languages of the screen.
const LANGUAGES: [&str; 2] = ["en", "ja"];
/// The marking codes of the two markings that screens show.
const MARKINGS: [(&str, &str); 2] = [("banner", "pageTopBottom"), ("portion", "portionMarking")];

/// Why the policies cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LabelsError {
    /// The folder or a file.
    #[error("read `{path}`: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that is no sound policy.
    #[error("read `{path}`: {fault}")]
    Spif {
        /// Which.
        path: PathBuf,
        /// What is wrong, with its line and how to mend it.
        fault: XmlFault,
    },
    /// Two files of one policy.
    #[error("read `{path}`: the policy `{name}` stands in another file too; keep one of them")]
    Twice {
        /// The second.
        path: PathBuf,
        /// The policy.
        name: String,
    },
    /// More than [`POLICIES_MAX`].
    #[error("read `{0}`: more than {POLICIES_MAX} policies; remove some")]
    TooMany(PathBuf),
}

/// The world in the name of a partition's policy.
pub(crate) fn world(partition: &Partition) -> &'static str {
    match partition {
        Partition::Real => "REAL",
        Partition::Exercise(_) => "EXERCISE",
        Partition::Simulation(_) => "SIMULATION",
    }
}

/// The label policy of a nation in one partition: `JPN-REAL`, `JPN-EXERCISE`, `JPN-SIMULATION`.
pub(crate) fn policy_name(nation: Nation, partition: &Partition) -> String {
    format!("{nation}-{}", world(partition))
}

/// Where the policies of the node in `dir` lie.
pub(crate) fn folder(dir: &Path) -> PathBuf {
    dir.join("labels")
}

/// Reads the policies of the node in `dir`.
///
/// # Errors
/// [`LabelsError`] naming the file, the line and how to mend it.
pub(crate) fn load(
    dir: &Path,
    nation: Nation,
    partition: &Partition,
) -> Result<Policies, LabelsError> {
    let folder = folder(dir);
    let mut policies = Policies { own: policy_name(nation, partition), all: BTreeMap::new() };
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    if folder.is_dir() {
        let io = |source| LabelsError::Io { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.extension().is_some_and(|x| x == "xml") {
                if files.len() >= POLICIES_MAX {
                    return Err(LabelsError::TooMany(folder));
                }
                files.push((path.clone(), read_file(&path)?));
            }
        }
        files.sort();
    } else {
        let examples = shipped(world(partition)).into_iter();
        files.extend(examples.map(|(file, text)| (folder.join(file), text.into_bytes())));
    }
    for (path, bytes) in files {
        let policy =
            read_spif(&bytes).map_err(|fault| LabelsError::Spif { path: path.clone(), fault })?;
        if policies.all.contains_key(&policy.name) {
            return Err(LabelsError::Twice { path, name: policy.name });
        }
        policies.all.insert(policy.name.clone(), policy);
    }
    Ok(policies)
}

/// A file's bytes, one more than a policy may have at most.
///
/// # Errors
/// [`LabelsError::Io`].
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, LabelsError> {
    use std::io::Read as _;
    let io = |source| LabelsError::Io { path: path.into(), source };
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(io)?;
    file.take(SPIF_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}

/// The policies as screens need them, see docs/api.md.
pub(crate) fn view(policies: &Policies) -> Value {
    let mut equivalents = serde_json::Map::new();
    let own = policies.all.get(&policies.own);
    let named = own.into_iter().flat_map(|own| &own.equivalent_policies);
    for other in named.chain(policies.all.keys()).filter(|name| **name != policies.own) {
        let worth = LABEL_LEVELS.map(|level| {
            let here = match policies.equivalent(other, level) {
                Equivalent::Is(class) => Some(class.name.clone()),
                Equivalent::Own | Equivalent::None { .. } => None,
            };
            (code(level), json!(here))
        });
        let worth: serde_json::Map<String, Value> = worth.into_iter().collect();
        equivalents.insert(other.clone(), worth.into());
    }
    let all: Vec<Value> = policies.all.values().map(policy).collect();
    json!({"own": policies.own, "policies": all, "equivalents": equivalents})
}

/// The word of a level in the interface.
pub(crate) fn code(level: Classification) -> String {
    json!(level).as_str().unwrap_or_default().to_owned()
}

fn policy(policy: &SecurityPolicy) -> Value {
    let levels: Vec<Value> = policy
        .classes
        .iter()
        .map(|class| {
            let level = LABEL_LEVELS.into_iter().find(|level| {
                policy.level(*level).is_some_and(|of_level| of_level.lacv == class.lacv)
            });
            json!({
                "name": class.name, "code": level.map(code), "hierarchy": class.hierarchy,
                "colour": class.colour, "obsolete": class.obsolete,
                "words": words(&class.phrases, &class.name),
            })
        })
        .collect();
    let tags: Vec<Value> = policy.tags.iter().map(tag).collect();
    json!({
        "name": policy.name, "version": policy.version, "example": policy.is_example(),
        "levels": levels, "tags": tags, "around": qualified(&policy.qualifiers),
    })
}

fn tag(tag: &Tag) -> Value {
    let kind = match tag.kind {
        TagKind::Permissive => "permissive",
        TagKind::Restrictive => "restrictive",
        TagKind::Informative => "informative",
    };
    let values: serde_json::Map<String, Value> = tag
        .categories
        .iter()
        .map(|category| (category.name.clone(), words(&category.phrases, &category.name)))
        .collect();
    json!({"name": tag.name, "kind": kind, "values": values, "around": qualified(&tag.qualifiers)})
}

/// `{banner: {en, ja}, portion: {en, ja}}`; the name where a language has no phrase.
fn words(phrases: &Phrases, name: &str) -> Value {
    let of = |phrases: &BTreeMap<String, String>| {
        let word = |language: &str| {
            let told = [language, "", "en"].iter().find_map(|key| phrases.get(*key));
            json!(told.map_or(name, String::as_str))
        };
        json!({"en": word("en"), "ja": word("ja")})
    };
    let portion = if phrases.portion.is_empty() { &phrases.banner } else { &phrases.portion };
    json!({"banner": of(&phrases.banner), "portion": of(portion)})
}

/// `{banner: {en: [prefix, separator, suffix], ja: …}, portion: …}`.
fn qualified(all: &BTreeMap<(String, String), Qualifiers>) -> Value {
    let none = Qualifiers::default();
    let of = |marking: &str, language: &str| {
        let keys = [language, "", "en"].map(|l| (marking.to_owned(), l.to_owned()));
        let found = keys.iter().find_map(|key| all.get(key)).unwrap_or(&none);
        json!([found.prefix, found.separator, found.suffix])
    };
    let both = MARKINGS.map(|(name, marking)| {
        let texts = LANGUAGES.map(|language| (language.to_owned(), of(marking, language)));
        (name.to_owned(), Value::from(texts.into_iter().collect::<serde_json::Map<_, _>>()))
    });
    Value::from(both.into_iter().collect::<serde_json::Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_folder_the_examples_stand_and_say_so() {
        let partition = "exercise:demo".parse().unwrap();
        let view = view(&load(Path::new("/nowhere"), Nation::JPN, &partition).unwrap());
        assert_eq!(view["own"], "JPN-EXERCISE");
        assert_eq!(view["policies"][0]["example"], true);
        let secret = &view["policies"][0]["levels"][3];
        assert_eq!(secret["code"], "secret");
        assert_eq!(secret["words"]["banner"], json!({"en": "GOKUHI", "ja": "極秘"}));
        assert_eq!(view["equivalents"]["USA-EXERCISE"]["secret"], "極秘");
        let tags = view["policies"][1]["tags"].as_array().unwrap();
        assert_eq!(tags[2]["around"]["portion"]["en"], json!(["//REL TO ", ", ", ""]));
        assert_eq!(view["policies"][1]["around"]["portion"]["ja"], json!(["(", "", ")"]));
    }

    #[test]
    fn a_damaged_file_and_a_policy_in_two_files_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let partition = Partition::Real;
        fs::create_dir(folder(dir.path())).unwrap();
        let [(_, jpn), _] = shipped("REAL");
        fs::write(folder(dir.path()).join("a.xml"), &jpn).unwrap();
        fs::write(folder(dir.path()).join("b.xml"), &jpn).unwrap();
        let error = load(dir.path(), Nation::JPN, &partition).unwrap_err().to_string();
        assert!(error.contains("b.xml") && error.contains("stands in another file"), "{error}");
        fs::write(folder(dir.path()).join("b.xml"), "<a>").unwrap();
        let error = load(dir.path(), Nation::JPN, &partition).unwrap_err().to_string();
        assert!(error.contains("b.xml`: line 1: `a` has no end; close the element"), "{error}");
    }
}
