//! A watched track over the node's own doors: asked for, refused, kept over kill -9, ended.

use serde_json::{Value, json};

use crate::harness::{Node, PATIENCE, SHIP, command, get, send};

fn affairs(node: &Node, cookie: &str) -> Value {
    serde_json::from_str(&get(node.http, "/api/affairs", Some(cookie)).unwrap().1).unwrap()
}

/// Waits until the watches of the `affairs` message are as many.
fn until(node: &Node, cookie: &str, watches: usize) -> Value {
    let start = std::time::Instant::now();
    loop {
        let seen = affairs(node, cookie)["watches"].clone();
        if seen.as_array().is_some_and(|all| all.len() == watches) {
            return seen;
        }
        assert!(start.elapsed() < PATIENCE, "{seen}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn a_watch_is_asked_for_kept_over_a_kill_and_ended() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let feed = node.feed("coast-ais", "ais", "");
    node.start();
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    let commander = node.sign_in("Oda", "commander", "commander");
    send(feed, SHIP.as_bytes());
    node.until("one track", |health| health["tracks"] == 1);
    let ask = json!({"command": "watch_track", "track": 1, "reason": "drifts", "for_s": 3_600});
    let (head, body) = command(node.http, &commander, &ask);
    assert!(!head.starts_with("HTTP/1.1 200") && body.contains("RK-1002"), "{head} {body}");
    let (_, body) =
        command(node.http, &watch, &json!({"command": "watch_track", "track": 1, "for_s": 60}));
    assert!(body.contains("RK-0400"), "no reason, no watch: {body}");
    let (head, body) = command(node.http, &watch, &ask);
    assert!(head.starts_with("HTTP/1.1 200"), "{head} {body}");
    let seen = until(&node, &watch, 1);
    assert_eq!(seen[0]["reason"], "drifts");
    assert_eq!(seen[0]["by"], "Mori");

    node.kill();
    node.start();
    assert_eq!(until(&node, &watch, 1), seen, "the ledger holds it");
    let number = seen[0]["watch"].as_u64().unwrap();
    let (head, body) =
        command(node.http, &watch, &json!({"command": "end_watch", "watch": number}));
    assert!(head.starts_with("HTTP/1.1 200"), "{head} {body}");
    until(&node, &watch, 0);
}

#[test]
fn a_shore_that_cannot_be_read_keeps_the_node_down_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    let node = Node::init(home.path(), "JPN");
    node.configure("[alerts]\nshore = \"nowhere.geojson\"");
    let config = node.dir.join("renkei.toml");
    let output = crate::harness::renkei(&["serve", "--config", config.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("alerts.shore, `") && said.contains("nowhere.geojson"), "{said}");
}
