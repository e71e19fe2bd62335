//! Two nodes, linked: what crosses, what stays, and what a stranger gets.

use std::path::Path;

use serde_json::Value;

use crate::harness::{Node, SHIP, get, link, link_tapped, send};
use crate::tap::Tap;

const OPEN: &str = "releasable_to = [\"USA\"]\ninformative = [\"CIVIL\"]\n";
const CLOSED: &str =
    "classification = \"secret\"\nreleasable_to = []\nrestrictive = [\"SENSITIVE_SOURCE\"]\n";

/// Where [`SHIP`] is, in 1e-6 degree.
const LATITUDE_UDEG: u32 = 35_633_837;
const LONGITUDE_UDEG: u32 = 139_758_540;

/// Every file under `dir` that holds `needle`.
fn holding(dir: &Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, needle));
        } else if std::fs::read(&path).is_ok_and(|b| b.windows(needle.len()).any(|w| w == needle)) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn exchange(node: &Node, cookie: &str) -> Value {
    serde_json::from_str(&get(node.http, "/api/exchange", Some(cookie)).unwrap().1).unwrap()
}

/// Two linked nodes; the Japanese one has a feed with `label`, named by a canary.
fn pair(home: &Path, label: &str) -> (Node, Node, std::net::SocketAddr, Tap) {
    let (mut jpn, mut usa) = (Node::init(home, "JPN"), Node::init(home, "USA"));
    let tap = link_tapped(&jpn, &usa);
    let feed = jpn.feed("canary-feed-7f3a", "ais", label);
    jpn.start();
    usa.start();
    for node in [&jpn, &usa] {
        node.until("the link", |health| health["link"]["state"] == "up");
    }
    (jpn, usa, feed, tap)
}

/// What of the ship and its feed would betray them: as text, as CBOR integers, as a position.
fn canaries() -> [(&'static str, Vec<u8>); 5] {
    let integer = |major: u8, value: u32| [&[major], value.to_be_bytes().as_slice()].concat();
    [
        ("feed", b"canary-feed-7f3a".to_vec()),
        ("identity in digits", b"431005246".to_vec()),
        ("identity", integer(0x1a, 431_005_246)),
        ("latitude", integer(0x1a, LATITUDE_UDEG)),
        ("longitude", integer(0x1a, LONGITUDE_UDEG)),
    ]
}

#[test]
fn what_is_released_shows_on_the_partner_and_what_is_withheld_leaves_no_trace() {
    let home = tempfile::tempdir().unwrap();
    let (jpn, usa, feed, tap) = pair(home.path(), CLOSED);
    let open = SHIP;
    send(feed, open.as_bytes());
    jpn.until("the own track", |health| health["tracks"] == 1);
    let watch = jpn.sign_in("Mori", "watch_officer", "watch");
    let start = std::time::Instant::now();
    while exchange(&jpn, &watch)["withheld"].as_array().is_none_or(Vec::is_empty) {
        assert!(start.elapsed() < crate::harness::PATIENCE, "the reason for holding it");
    }
    // The next beat of both nodes has passed when both have stepped their status once more.
    let uptime = |node: &Node| node.health().unwrap()["uptime_s"].as_u64().unwrap();
    let (before, before_usa) = (uptime(&jpn), uptime(&usa));
    jpn.until("two more seconds", |health| health["uptime_s"].as_u64() > Some(before + 1));
    usa.until("two more seconds", |health| health["uptime_s"].as_u64() > Some(before_usa + 1));
    assert_eq!(usa.health().unwrap()["tracks"], 0, "the partner sees nothing");
    for canary in ["canary-feed-7f3a", "431005246", "SENSITIVE_SOURCE"] {
        let found = holding(&usa.dir.join("store"), canary.as_bytes());
        assert_eq!(found, Vec::<String>::new(), "{canary}");
        assert!(!usa.log().contains(canary));
    }
    assert!(tap.len() > 500, "the tap heard {} bytes: it is not on the line", tap.len());
    for (what, canary) in canaries() {
        assert!(!tap.heard(&canary), "{what} crossed before encryption");
    }
}

#[test]
fn the_canary_search_finds_a_planted_leak() {
    let home = tempfile::tempdir().unwrap();
    let (jpn, usa, feed, tap) = pair(home.path(), OPEN);
    send(feed, SHIP.as_bytes());
    jpn.until("the own track", |health| health["tracks"] == 1);
    usa.until("the partner's track", |health| health["tracks"] == 1);
    let watch = usa.sign_in("Harper", "watch_officer", "watch");
    let track = get(usa.http, "/api/track?track=1", Some(&watch)).unwrap().1;
    assert!(track.contains("431005246"), "{track}");
    assert!(track.contains("canary-feed-7f3a"), "{track}");
    // Digits are a spelling that the border does not use; every other one must have been heard.
    for (what, canary) in canaries().into_iter().filter(|(what, _)| !what.ends_with("digits")) {
        assert!(tap.heard(&canary), "the tap missed the {what}");
    }
}

#[test]
fn a_killed_node_catches_up() {
    let home = tempfile::tempdir().unwrap();
    let (jpn, mut usa, feed, _tap) = pair(home.path(), OPEN);
    send(feed, SHIP.as_bytes());
    usa.until("the partner's track", |health| health["tracks"] == 1);
    usa.kill();
    jpn.until("the link down", |health| health["link"]["state"] == "down");
    usa.start();
    usa.until("the partner's track again", |health| health["tracks"] == 1);
}

#[test]
fn a_stranger_with_the_wrong_certificate_is_refused_and_named() {
    let home = tempfile::tempdir().unwrap();
    let (mut jpn, usa) = (Node::init(home.path(), "JPN"), Node::init(home.path(), "USA"));
    link(&jpn, &usa);
    let elsewhere = tempfile::tempdir().unwrap();
    let mut stranger = Node::init(elsewhere.path(), "USA");
    let dial = std::fs::read_to_string(usa.dir.join("renkei.toml")).unwrap();
    let dial = dial.rsplit_once("[border]").unwrap().1.to_owned();
    stranger.configure(&format!("[border]{dial}"));
    let card = usa.dir.join("partners/exercise-test/jpn.toml");
    std::fs::create_dir_all(stranger.dir.join("partners/exercise-test")).unwrap();
    std::fs::copy(card, stranger.dir.join("partners/exercise-test/jpn.toml")).unwrap();
    jpn.start();
    stranger.start();
    let cookie = jpn.sign_in("Auditor", "auditor", "");
    let start = std::time::Instant::now();
    loop {
        let told = get(jpn.http, "/api/feeds", Some(&cookie)).unwrap().1;
        let told: Value = serde_json::from_str(&told).unwrap_or_default();
        if told["link"]["last_error"]["text"].as_str().is_some_and(|t| t.contains("certificate")) {
            break;
        }
        assert!(start.elapsed() < crate::harness::PATIENCE, "{told}\n{}", jpn.log());
    }
    assert_eq!(jpn.health().unwrap()["link"]["state"], "down");
}
