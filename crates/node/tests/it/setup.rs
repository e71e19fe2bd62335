//! Setting up: what a newcomer types, and what they are told when it is wrong.

use expect_test::{Expect, expect};

use crate::harness::{Node, free, renkei, renkei_ok};

/// Exit code and the one line on stderr, without this run's paths and ports.
fn check(arguments: &[&str], hide: &[(&str, &str)], expect: &Expect) {
    let output = renkei(arguments);
    let mut told = format!(
        "{} {}",
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    for (from, to) in hide {
        told = told.replace(from, to);
    }
    expect.assert_eq(&told);
}

#[test]
fn a_node_is_never_made_over_another() {
    let home = tempfile::tempdir().unwrap();
    let node = Node::init(home.path(), "JPN");
    check(
        &["init", node.path(), "--nation", "JPN", "--name", "again"],
        &[(node.path(), "DIR")],
        &expect!["2 renkei: make a node in `DIR`: the directory is not empty; choose another"],
    );
}

#[test]
fn a_foreigner_on_our_floor_is_a_liaison() {
    let home = tempfile::tempdir().unwrap();
    let node = Node::init(home.path(), "JPN");
    check(
        &["user", "add", node.path(), "--person", "Doe", "--role", "commander", "--nation", "USA"],
        &[],
        &expect![
            "2 renkei: add `Doe`: a person of USA on the floor of JPN can only be a liaison; use --role liaison"
        ],
    );
}

#[test]
fn a_card_is_taken_only_with_the_fingerprint_that_was_heard() {
    let home = tempfile::tempdir().unwrap();
    let (jpn, usa) = (Node::init(home.path(), "JPN"), Node::init(home.path(), "USA"));
    let card = home.path().join("usa.card");
    std::fs::write(&card, renkei_ok(&["partner", "card", usa.path()])).unwrap();
    check(
        &["partner", "add", jpn.path(), card.to_str().unwrap(), "--heard", "0000 0000"],
        &[],
        &expect![
            "1 renkei: the fingerprint that was heard is not this card's: do not use the card"
        ],
    );
    let own = home.path().join("jpn.card");
    std::fs::write(&own, renkei_ok(&["partner", "card", jpn.path()])).unwrap();
    check(
        &["partner", "add", jpn.path(), own.to_str().unwrap(), "--heard", "0000"],
        &[(own.to_str().unwrap(), "CARD")],
        &expect![
            "2 renkei: take `CARD`: it is a card of JPN, this node's own nation; take the partner's"
        ],
    );
}

#[test]
fn a_taken_port_is_named_with_a_way_out() {
    let home = tempfile::tempdir().unwrap();
    let node = Node::init(home.path(), "JPN");
    let holder = std::net::TcpListener::bind(node.http).unwrap();
    let config = node.dir.join("renkei.toml");
    check(
        &["serve", "--config", config.to_str().unwrap()],
        &[(&holder.local_addr().unwrap().to_string(), "ADDRESS")],
        &expect![
            "2 renkei: listen on ADDRESS: Address already in use (os error 98); another program may hold the port, choose another with `http = …`"
        ],
    );
}

#[test]
fn a_newer_format_and_a_second_process_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    node.start();
    let config = node.dir.join("renkei.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace(&node.http.to_string(), &free().to_string())).unwrap();
    let second = renkei(&["serve", "--config", config.to_str().unwrap()]);
    assert_eq!(second.status.code(), Some(2), "a second process on one directory");
    node.kill();
    let format = node.dir.join("store/exercise-test/FORMAT");
    assert!(format.exists());
    std::fs::write(&format, "renkei store 999\n").unwrap();
    let newer = renkei(&["serve", "--config", config.to_str().unwrap()]);
    assert_eq!(newer.status.code(), Some(2), "a newer format");
    assert!(String::from_utf8_lossy(&newer.stderr).contains("FORMAT"));
}

#[test]
fn the_shipped_policy_has_no_problem() {
    let home = tempfile::tempdir().unwrap();
    for nation in ["JPN", "USA"] {
        let node = Node::init(home.path(), nation);
        let told = renkei_ok(&["policy", "check", node.path()]);
        assert!(told.contains("no problem"), "{told}");
    }
}

#[test]
fn every_command_explains_itself() {
    for command in
        ["init", "serve", "user", "partner", "demo", "decode", "replay", "ledger", "policy"]
    {
        let help = renkei_ok(&[command, "--help"]);
        assert!(help.lines().count() > 5, "{command}: {help}");
    }
}

#[test]
fn a_fresh_node_has_the_proof_of_its_policy_and_a_changed_one_asks_for_a_prover() {
    let home = tempfile::tempdir().unwrap();
    let node = Node::init(home.path(), "JPN");
    let proved = renkei_ok(&["policy", "prove", node.path()]);
    let never = proved.lines().filter(|line| line.starts_with("never ")).count();
    assert_eq!((never, proved.contains("CROSSES")), (19, false), "{proved}");
    let file = std::path::Path::new(node.path()).join("policy/prohibitions.cedar");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("classification > 3", "classification > 4")).unwrap();
    check(
        &["policy", "prove", node.path(), "--prover", "/nowhere/renkei-prover"],
        &[(node.path(), "DIR")],
        &expect![
            "2 renkei: ask the prover `/nowhere/renkei-prover`: No such file or directory (os error 2); build it with `cargo xtask prover` and name it with --prover"
        ],
    );
}
