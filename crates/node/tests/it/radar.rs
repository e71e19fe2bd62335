//! A radar's plots through the real binary: a boat without AIS on both floors, its way in the past,
//! and nothing at the partner of a radar that is withheld.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Node, PATIENCE, command, get, link_tapped};
use crate::tap::Tap;

const LISTED: &str = "releasable_to = [\"USA\"]\n";
const HIDDEN: &str =
    "classification = \"secret\"\nreleasable_to = []\nrestrictive = [\"SENSITIVE_SOURCE\"]\n";
const SENSOR: &str = "[feed.sensor]\nsees = \"surface\"\nturn_s = 0.5\n";

/// A boat that goes east, seen twice a second until it is dropped.
struct Radar {
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Radar {
    fn turn(feed: SocketAddr) -> Self {
        let end = Arc::new(AtomicBool::new(false));
        let over = end.clone();
        let thread = std::thread::spawn(move || {
            let mut stream = TcpStream::connect(feed).unwrap();
            for scan in 0_u32.. {
                let longitude = 125.25 + f64::from(scan) * 0.000_04;
                let plot =
                    format!("{{\"scan\":{scan},\"lat\":24.75,\"lon\":{longitude},\"sd_m\":30}}\n");
                if over.load(Ordering::Relaxed) || stream.write_all(plot.as_bytes()).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        Self { end, thread: Some(thread) }
    }
}

impl Drop for Radar {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn pair(home: &Path, label: &str) -> (Node, Node, SocketAddr, Tap) {
    let (mut jpn, mut usa) = (Node::init(home, "JPN"), Node::init(home, "USA"));
    let tap = link_tapped(&jpn, &usa);
    let feed = jpn.feed("canary-radar-19c2", "plots", &format!("{label}{SENSOR}"));
    jpn.start();
    usa.start();
    for node in [&jpn, &usa] {
        node.until("the link", |health| health["link"]["state"] == "up");
    }
    (jpn, usa, feed, tap)
}

fn ask(node: &Node, cookie: &str, path: &str) -> Value {
    serde_json::from_str(&get(node.http, path, Some(cookie)).unwrap().1).unwrap_or_default()
}

fn wait(what: &str, node: &Node, seen: impl Fn() -> bool) {
    let start = Instant::now();
    while !seen() {
        assert!(start.elapsed() < PATIENCE, "{what} did not come; log:\n{}", node.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_boat_without_ais_is_on_both_floors_by_the_radars_own_track() {
    let home = tempfile::tempdir().unwrap();
    let (jpn, usa, feed, tap) = pair(home.path(), LISTED);
    let _radar = Radar::turn(feed);
    for node in [&jpn, &usa] {
        node.until("the boat", |health| health["tracks"] == 1);
    }
    let ours = jpn.sign_in("Mori", "watch_officer", "watch");
    let theirs = usa.sign_in("Harper", "watch_officer", "watch");
    wait("the alias", &jpn, || ask(&jpn, &ours, "/api/track?track=1")["own_alias"] == "J-0001");
    let track = ask(&jpn, &ours, "/api/track?track=1");
    assert_eq!(track["identities"], serde_json::json!([]), "{track}");
    assert_eq!(track["sources"][0]["name"], "canary-radar-19c2");
    let track = ask(&usa, &theirs, "/api/track?track=1");
    assert_eq!(track["identities"], serde_json::json!(["J-0001"]), "{track}");
    assert_eq!((&track["held_by"], &track["affiliation"]), (&"partner".into(), &"unknown".into()));
    assert!(track["sd_m"].as_f64().is_some_and(|sd_m| sd_m < 60.0), "{track}");
    assert!(!tap.heard(b"canary-radar-19c2"), "the feed's name crossed");
    // Its way is in the past.
    wait("the past", &jpn, || {
        ask(&jpn, &ours, "/api/history?track=1&minutes=10&step_ms=1")["points"]
            .as_array()
            .is_some_and(|points| points.len() >= 3)
    });
    // Whose it is can be stated: it has an alias.
    let statement = serde_json::json!({
        "command": "state_identity", "track": 1, "affiliation": "suspect", "expires_s": 3_600,
        "reason": {"en": "no answer on VHF channel 16", "ja": "国際VHF16chの呼び掛けに応答なし"},
    });
    let (head, body) = command(jpn.http, &ours, &statement);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
    wait("the statement", &jpn, || {
        ask(&jpn, &ours, "/api/track?track=1")["affiliation"] == "suspect"
    });
    wait("ours at the partner", &usa, || {
        ask(&usa, &theirs, "/api/track?track=1")["partner_affiliation"]["affiliation"] == "suspect"
    });
}

#[test]
fn a_withheld_radar_leaves_no_trace_and_its_track_cannot_be_stated() {
    let home = tempfile::tempdir().unwrap();
    let (jpn, usa, feed, tap) = pair(home.path(), HIDDEN);
    let _radar = Radar::turn(feed);
    jpn.until("the boat", |health| health["tracks"] == 1);
    let ours = jpn.sign_in("Mori", "watch_officer", "watch");
    let statement = serde_json::json!({
        "command": "state_identity", "track": 1, "affiliation": "suspect", "expires_s": 3_600,
        "reason": {"en": "no answer on VHF channel 16", "ja": "国際VHF16chの呼び掛けに応答なし"},
    });
    let (_, body) = command(jpn.http, &ours, &statement);
    assert!(body.contains("RK-1129"), "{body}");
    let uptime = jpn.health().unwrap()["uptime_s"].as_u64().unwrap();
    jpn.until("two more seconds", |health| health["uptime_s"].as_u64() > Some(uptime + 2));
    assert_eq!(usa.health().unwrap()["tracks"], 0, "the partner sees nothing");
    assert!(tap.len() > 500, "the tap heard {} bytes: it is not on the line", tap.len());
    for canary in [b"canary-radar-19c2".as_slice(), &24_750_000_u32.to_be_bytes()] {
        assert!(!tap.heard(canary), "{canary:?} crossed before encryption");
    }
}
