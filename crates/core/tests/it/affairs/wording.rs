//! What the words never say: no aiming, no finding of law, no word that Japanese staff keep for an
//! adversary. The scan is shown to catch a planted word.

use std::path::Path;

/// Words that must not stand in a text for persons.
const NEVER: [&str; 27] = [
    "target",
    "aim",
    "engage",
    "weapon",
    "strike",
    "fire",
    "shoot",
    "kill",
    "attack",
    "intercept",
    "violat",
    "intrud",
    "enemy",
    "aggress",
    "machine translat",
    "目標",
    "ターゲット",
    "攻撃",
    "射撃",
    "撃墜",
    "撃沈",
    "交戦",
    "侵入",
    "侵犯",
    "相手",
    "開示",
    "敵",
];

/// Names of fields that would feed a weapon.
const NO_FIELD: [&str; 8] =
    ["aimpoint", "weapon", "engagement", "fire_", "target", "munition", "lethal", "strike"];

fn said(text: &str, never: &[&str]) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ' '));
    let words: Vec<&str> = words.flat_map(|part| part.split(' ')).collect();
    never
        .iter()
        .filter(|bad| {
            if bad.is_ascii() && !bad.contains(' ') {
                words.iter().any(|word| word.starts_with(*bad))
            } else {
                lower.contains(*bad)
            }
        })
        .map(|bad| (*bad).to_owned())
        .collect()
}

fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == extension) {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(!found.is_empty(), "{folder} holds no {extension}");
    found
}

/// The texts between quotes: what a person may come to read.
fn quoted(source: &str) -> String {
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let lines = lines.filter(|line| !line.contains("#["));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_phrase_book_never_aims_and_never_judges() {
    for (name, text) in files("standing", "toml") {
        assert_eq!(said(&text, &NEVER), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_the_node_says_never_aims_and_never_judges() {
    for (name, source) in files("src/affairs", "rs") {
        assert_eq!(said(&quoted(&source), &NEVER), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn no_field_would_feed_a_weapon() {
    for (name, source) in files("src/affairs", "rs") {
        let fields: String = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .filter_map(|line| line.trim_start().strip_prefix("pub "))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(said(&fields, &NO_FIELD), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_scan_catches_a_planted_word() {
    assert_eq!(said("The US side engages it.", &NEVER), ["engage"]);
    assert_eq!(said("対象が領域を侵犯した。", &NEVER), ["侵犯"]);
    assert_eq!(said("aimpoint: Position", &NO_FIELD), ["aimpoint"]);
    assert_eq!(said("Both sides claim nothing.", &NEVER), Vec::<String>::new());
}

#[test]
fn japanese_ends_as_japanese_does() {
    for block in renkei_core::affairs::Standing::shipped().view().blocks {
        assert!(block.text.ja.ends_with('。'), "{}", block.id);
        assert!(block.text.en.ends_with('.'), "{}", block.id);
        let half_width = block.text.ja.contains([',', ' ', '?', '!']);
        assert!(!half_width, "{}: {}", block.id, block.text.ja);
    }
}
