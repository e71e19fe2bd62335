//! One node alone: feeds in, tracks out, bad bytes counted, killed and up again.

use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::{Node, SHIP, command, get, renkei, renkei_ok, send};

fn status(node: &Node, cookie: &str) -> Value {
    serde_json::from_str(&get(node.http, "/api/feeds", Some(cookie)).unwrap().1).unwrap()
}

/// A watch officer who has taken the seat (上番).
fn on_watch(node: &Node) -> String {
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    let (head, body) =
        command(node.http, &watch, &json!({"command": "take_seat", "seat": "watch"}));
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
    watch
}

#[test]
fn garbage_is_counted_and_costs_nobody_their_data() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let ais = node.feed("coast", "ais", "");
    let beast = node.feed("air", "beast", "");
    node.start();
    send(beast, &[0x1a, 0x33, 0xff, 0x00, 0x1a, 0x1a, 0x99]);
    send(ais, b"\x00\xff garbage \xfe\r\n!AIVDM,1,1,,A,broken*00\r\n");
    send(ais, SHIP.as_bytes());
    node.until("the ship", |health| health["tracks"] == 1);
    let cookie = node.sign_in("Auditor", "auditor", "");
    let start = Instant::now();
    loop {
        let feeds = status(&node, &cookie);
        let coast =
            feeds["feeds"].as_array().unwrap().iter().find(|f| f["name"] == "coast").unwrap();
        if coast["accepted"] == 1 && coast["rejected"].as_u64() >= Some(1) {
            assert!(!coast["samples"].as_array().unwrap().is_empty(), "a sample for the operator");
            break;
        }
        assert!(start.elapsed() < crate::harness::PATIENCE, "{feeds}");
    }
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    node.start();
    let watch = on_watch(&node);
    let body = json!({"command": "open_incident", "track": null,
        "text": {"en": "flooding in the harbour", "ja": "港湾で浸水"}});
    let (head, answer) = command(node.http, &watch, &body);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{answer}");
    let id = serde_json::from_str::<Value>(&answer).unwrap()["id"].as_str().unwrap().to_owned();
    node.kill();
    let start = Instant::now();
    node.start();
    eprintln!("serving again after {} ms", start.elapsed().as_millis());
    let affairs = get(node.http, "/api/affairs", Some(&watch)).unwrap().1;
    assert!(affairs.contains(&id), "the incident stands after the restart: {affairs}");
    node.kill();
    let told = renkei_ok(&["ledger", "verify", node.path()]);
    assert!(!told.is_empty());
}

#[test]
fn a_flipped_bit_in_the_ledger_is_named_and_stops_the_node() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    node.start();
    let watch = on_watch(&node);
    let body = json!({"command": "open_incident", "track": null, "text": {"en": "a", "ja": "あ"}});
    assert!(command(node.http, &watch, &body).0.starts_with("HTTP/1.1 200"));
    node.kill();
    let segment = node.dir.join("store/exercise-test/ledger/00000000.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 4;
    std::fs::write(&segment, bytes).unwrap();
    let verify = renkei(&["ledger", "verify", node.path()]);
    assert_eq!(verify.status.code(), Some(1), "{}", String::from_utf8_lossy(&verify.stdout));
    assert!(String::from_utf8_lossy(&verify.stdout).contains("00000000.seg"));
    let config = node.dir.join("renkei.toml");
    let serve = renkei(&["serve", "--config", config.to_str().unwrap()]);
    assert_eq!(serve.status.code(), Some(2), "a damaged ledger stops the node");
}

#[test]
fn rights_are_asked_at_the_door() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    node.start();
    for path in ["/api/session", "/api/exchange", "/api/affairs", "/api/track?track=1", "/ws"] {
        let (head, _) = get(node.http, path, None).unwrap();
        assert!(head.starts_with("HTTP/1.1 40"), "{path} without sign-in: {head}");
    }
    let observer = node.sign_in("Visitor", "observer", "");
    let body = json!({"command": "open_incident", "track": null, "text": {"en": "x", "ja": "x"}});
    assert!(command(node.http, &observer, &body).0.starts_with("HTTP/1.1 403"));
    let administrator = node.sign_in("Root", "administrator", "");
    assert!(
        get(node.http, "/api/affairs", Some(&administrator)).unwrap().0.starts_with("HTTP/1.1 403")
    );
}
