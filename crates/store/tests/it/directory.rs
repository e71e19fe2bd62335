//! One process at a time, one format.

use std::fs;
use std::path::Path;

use renkei_store::{DirError, StoreDir};

use crate::world::{open, sample, scratch};

fn refusal(path: &Path) -> String {
    let error = StoreDir::open(path).unwrap_err().to_string();
    error.replace(&path.display().to_string(), "DIR")
}

#[test]
fn a_second_holder_is_refused_and_told_who_has_it() {
    let dir = scratch();
    let (ledger, _) = open(dir.path());
    let refused = refusal(dir.path());
    let first = format!(
        "open data directory `DIR`: process {} uses it; stop that one first or give another directory",
        std::process::id()
    );
    assert_eq!(refused, first);
    drop(ledger);
    open(dir.path());
}

#[test]
fn another_format_is_refused_in_clear_words() {
    let dir = scratch();
    sample(dir.path(), 1);
    let check = |content: Option<&str>, part: &str| {
        let file = dir.path().join("FORMAT");
        match content {
            Some(content) => fs::write(file, content).unwrap(),
            None => fs::remove_file(file).unwrap(),
        }
        let refused = refusal(dir.path());
        assert!(refused.contains(part), "{content:?}: {refused}");
    };
    check(Some("renkei-store 3\n"), "it has format 3 and this build knows up to 2; use the newer");
    check(Some("renkei-store 0\n"), "says \"renkei-store 0\\n\"");
    check(Some("something else"), "says \"something else\"");
    check(Some("renkei-store 2"), "where `renkei-store 2` was expected");
    check(None, "is missing");
}

#[test]
fn a_folder_with_other_files_becomes_a_data_directory() {
    let dir = scratch();
    fs::write(dir.path().join("node.toml"), "").unwrap();
    open(dir.path());
    assert_eq!(fs::read_to_string(dir.path().join("FORMAT")).unwrap(), "renkei-store 2\n");
}

#[test]
fn a_file_in_the_place_of_the_directory_is_named() {
    let dir = scratch();
    let path = dir.path().join("file");
    fs::write(&path, "").unwrap();
    assert!(matches!(StoreDir::open(&path), Err(DirError::Io { .. })));
}
