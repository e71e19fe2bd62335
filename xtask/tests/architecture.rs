//! The architecture held by a test: who may use whom, purity, headings, file lengths, licences, and
//! a map that names exactly what exists. Each check was seen to fail on a planted fault.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Crate, and the crates of this workspace it may use. New crates need a line and a reason.
const ALLOWED: &[(&str, &[&str])] = &[
    ("renkei-model", &[]),
    ("renkei-codec", &["renkei-model"]),
    ("renkei-fusion", &["renkei-model"]),
    ("renkei-policy", &["renkei-model"]),
    ("renkei-supply", &["renkei-model"]),
    ("renkei-store", &["renkei-model"]),
    ("renkei-link", &["renkei-model", "renkei-policy"]),
    ("renkei-core", &["renkei-model", "renkei-fusion", "renkei-policy"]),
    ("renkei-sim", &["renkei-model", "renkei-codec", "renkei-link", "renkei-core"]),
    (
        "renkei-node",
        &[
            "renkei-model",
            "renkei-codec",
            "renkei-fusion",
            "renkei-policy",
            "renkei-supply",
            "renkei-store",
            "renkei-link",
            "renkei-core",
            "renkei-sim",
        ],
    ),
    ("xtask", &[]),
];

/// Crates that reach no clock, socket, disk or randomness, also through what they use.
const PURE: &[&str] = &[
    "renkei-model",
    "renkei-codec",
    "renkei-fusion",
    "renkei-policy",
    "renkei-link",
    "renkei-core",
];

/// What purity forbids anywhere in the tree of a pure crate.
const IMPURE: &[&str] = &[
    "tokio",
    "mio",
    "axum",
    "hyper",
    "reqwest",
    "rusqlite",
    "rand",
    "socket2",
    "getrandom",
    "turmoil",
];

/// Words of the standard library that a pure crate's source must not hold.
const IMPURE_WORDS: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "HashMap",
    "HashSet",
    "std::process",
];

/// Licences the product may link.
const LICENCES: &[&str] = &[
    "Apache-2.0",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unlicense",
    "Unicode-3.0",
    "CC0-1.0",
    "BlueOak-1.0.0",
    "BSL-1.0",
    "0BSD",
    "CDLA-Permissive-2.0",
    "Apache-2.0 WITH LLVM-exception",
];

/// Longest file in lines, and files that are longer: this list may only shrink.
const LINES_MAX: usize = 800;
const LONG_FILES: &[&str] = &[];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn cargo(arguments: &[&str]) -> String {
    let out = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(out.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn metadata(arguments: &[&str]) -> Value {
    let mut all = vec!["metadata", "--format-version=1", "--locked"];
    all.extend(arguments);
    serde_json::from_str(&cargo(&all)).unwrap()
}

fn packages(metadata: &Value) -> Vec<&Value> {
    metadata["packages"].as_array().unwrap().iter().collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Edges that [`ALLOWED`] does not name.
fn forbidden_edges(packages: &[(&str, Vec<&str>)]) -> Vec<String> {
    let members: BTreeSet<&str> = packages.iter().map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    for (name, uses) in packages {
        let Some((_, allowed)) = ALLOWED.iter().find(|(n, _)| n == name) else {
            faults.push(format!("{name} is new: give it a line in ALLOWED"));
            continue;
        };
        for to in uses.iter().filter(|to| members.contains(*to) && !allowed.contains(to)) {
            faults.push(format!("{name} must not depend on {to}"));
        }
    }
    faults
}

#[test]
fn crates_depend_only_on_what_the_architecture_allows() {
    let metadata = metadata(&["--no-deps"]);
    let edges: Vec<(&str, Vec<&str>)> = packages(&metadata)
        .into_iter()
        .map(|p| {
            let normal = p["dependencies"].as_array().unwrap().iter();
            let normal = normal.filter(|d| d["kind"].is_null());
            (text(p, "name"), normal.map(|d| text(d, "name")).collect())
        })
        .collect();
    assert_eq!(forbidden_edges(&edges), Vec::<String>::new());
    let planted = vec![("renkei-fusion", vec!["renkei-policy"]), ("renkei-policy", vec![])];
    assert_eq!(forbidden_edges(&planted), ["renkei-fusion must not depend on renkei-policy"]);
}

fn impure_in_tree(tree: &str) -> Vec<String> {
    tree.lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| IMPURE.contains(name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn pure_crates_reach_no_io_even_through_others() {
    for name in PURE {
        let tree = cargo(&[
            "tree", "--locked", "-p", name, "-e", "normal", "--prefix", "none", "--format", "{p}",
        ]);
        assert_eq!(impure_in_tree(&tree), Vec::<String>::new(), "{name} reaches the world");
    }
    assert_eq!(impure_in_tree("a v1\ntokio v1.0\n"), ["tokio"]);
}

fn files(dir: &Path, extensions: &[&str], out: &mut Vec<PathBuf>) {
    let skipped = ["target", "node_modules", "dist", ".git", "testdata"];
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if !skipped.iter().any(|s| name == *s) {
                files(&path, extensions, out);
            }
        } else if extensions.iter().any(|e| path.extension().is_some_and(|x| x == *e)) {
            out.push(path);
        }
    }
}

fn sources(extensions: &[&str]) -> BTreeMap<String, String> {
    let mut found = Vec::new();
    for dir in ["crates", "xtask", "web"] {
        files(&root().join(dir), extensions, &mut found);
    }
    let relative = |p: &Path| p.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    found.iter().map(|p| (relative(p), std::fs::read_to_string(p).unwrap())).collect()
}

fn impure_words(source: &str) -> Vec<&'static str> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = code.collect::<Vec<_>>().join("\n");
    IMPURE_WORDS.iter().copied().filter(|word| code.contains(word)).collect()
}

#[test]
fn pure_crates_do_not_name_the_world() {
    for (path, source) in sources(&["rs"]) {
        let pure = PURE.iter().any(|name| {
            path.starts_with(&format!("crates/{}/src/", name.trim_start_matches("renkei-")))
        });
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        if pure && !is_test {
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            assert_eq!(impure_words(code), Vec::<&str>::new(), "{path}");
        }
    }
    assert_eq!(impure_words("let t = Instant::now();"), ["Instant::now"]);
}

fn opens_with_its_reason(source: &str) -> bool {
    source.starts_with("//!")
}

#[test]
fn every_source_file_says_why_it_exists() {
    for (path, source) in sources(&["rs"]) {
        assert!(opens_with_its_reason(&source), "{path} does not open with `//!`");
    }
    assert!(!opens_with_its_reason("use std;\n"));
}

fn too_long(path: &str, source: &str) -> bool {
    source.lines().count() > LINES_MAX && !LONG_FILES.contains(&path)
}

#[test]
fn no_file_grows_past_its_idea() {
    let all = sources(&["rs", "ts", "svelte", "mjs", "py"]);
    for (path, source) in &all {
        assert!(!too_long(path, source), "{path} has {} lines", source.lines().count());
    }
    for listed in LONG_FILES {
        let now_short = all.get(*listed).is_none_or(|s| s.lines().count() <= LINES_MAX);
        assert!(!now_short, "{listed} is short now: take it off LONG_FILES");
    }
    assert!(too_long("x.rs", &"line\n".repeat(LINES_MAX + 1)));
}

fn licence_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    expression
        .split(" OR ")
        .any(|choice| choice.split(" AND ").all(|part| LICENCES.contains(&part.trim())))
}

#[test]
fn every_linked_crate_has_a_licence_we_may_ship() {
    let metadata = metadata(&["--filter-platform", "x86_64-unknown-linux-gnu"]);
    for package in packages(&metadata) {
        let licence = text(package, "license");
        let name = text(package, "name");
        assert!(licence_allowed(licence), "{name}: licence `{licence}` is not on the list");
    }
    assert!(!licence_allowed("GPL-3.0-only") && licence_allowed("MIT OR GPL-3.0-only"));
}

/// Crates named in the table of ARCHITECTURE.md, as `` `renkei-x` `` at the start of a row.
fn crates_on_the_map(map: &str) -> BTreeSet<String> {
    let rows = map.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next())
        .filter(|name| name.starts_with("renkei-") || *name == "xtask")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_map_names_exactly_the_crates_that_exist() {
    let metadata = metadata(&["--no-deps"]);
    let exist: BTreeSet<String> =
        packages(&metadata).into_iter().map(|p| text(p, "name").to_owned()).collect();
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert_eq!(crates_on_the_map(&map), exist);
    assert!(map.split_whitespace().count() <= 2_000, "ARCHITECTURE.md has outgrown 2,000 words");
    assert!(crates_on_the_map("| `renkei-ghost` | x |").contains("renkei-ghost"));
}
