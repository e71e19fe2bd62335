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

/// A file system of its own, gone with the value; `None` where only root may mount one.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(path: &std::path::Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let options = format!("size={size}");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(path)
            .stderr(std::process::Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(path.to_path_buf()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_refuses_and_recovers_without_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let node_home = home.path().join("disk");
    let Some(_disk) = SmallDisk::mount(&node_home, "2m") else {
        println!("skipped: only root can mount a small disk");
        return;
    };
    let mut node = Node::init(&node_home, "JPN");
    node.start();
    let watch = on_watch(&node);
    let filler = node_home.join("filler");
    let _ = std::fs::write(&filler, vec![0_u8; 4 << 20]);
    let body = json!({"command": "open_incident", "track": null,
        "text": {"en": "x".repeat(300), "ja": "あ".repeat(100)}});
    let start = Instant::now();
    while command(node.http, &watch, &body).0.starts_with("HTTP/1.1 200") {
        assert!(start.elapsed() < crate::harness::PATIENCE, "the disk never filled");
    }
    node.until("the word on the health page", |health| health["status"] == "store");
    std::fs::remove_file(&filler).unwrap();
    while !command(node.http, &watch, &body).0.starts_with("HTTP/1.1 200") {
        assert!(start.elapsed() < crate::harness::PATIENCE, "it did not recover; {}", node.log());
    }
    node.until("a healthy store", |health| health["status"] == "ok");
    node.kill();
    renkei_ok(&["ledger", "verify", node.path()]);
}
