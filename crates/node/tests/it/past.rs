//! The past over the real interface: a recording played into a node is found again point for point,
//! whole in the trails and thinned as stated in the playback; who searched lies in the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Node, PATIENCE, SHIP, get, renkei_ok, send};

/// A point as a screen gets it: milliseconds, and 1e-6 degree.
type Point = (i64, i64, i64);
/// Points by track number.
type Ways = BTreeMap<u64, Vec<Point>>;

fn ask(node: &Node, cookie: &str, path: &str) -> Value {
    let (head, body) = get(node.http, path, Some(cookie)).unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}\n{body}");
    serde_json::from_str(&body).unwrap()
}

fn micro(value: &Value) -> i64 {
    (value.as_f64().unwrap() * 1e6).round() as i64
}

fn points(value: &Value) -> Vec<Point> {
    let point = |p: &Value| (p[0].as_i64().unwrap(), micro(&p[1]), micro(&p[2]));
    value.as_array().unwrap().iter().map(point).collect()
}

/// Every page of a question, one after the other.
fn pages(node: &Node, cookie: &str, path: &str, mut each: impl FnMut(&Value)) -> usize {
    let mut after = String::new();
    for n in 1..1_000 {
        let page = ask(node, cookie, &format!("{path}{after}"));
        each(&page);
        match page["next_ms"].as_i64() {
            Some(next) => after = format!("&after_ms={next}"),
            None => return n,
        }
    }
    panic!("{path} never ends");
}

fn playback(node: &Node, cookie: &str, window: &str, step_ms: i64) -> Ways {
    let mut ways = Ways::new();
    pages(node, cookie, &format!("/api/playback?{window}&step_ms={step_ms}"), |page| {
        assert_eq!(page["cut"], false);
        for track in page["tracks"].as_array().unwrap() {
            let number = track["number"].as_u64().unwrap();
            ways.entry(number).or_default().extend(points(&track["points"]));
        }
    });
    ways
}

/// What stating a step leaves of a way: the last point in each.
fn thinned(way: &[Point], step_ms: i64) -> Vec<Point> {
    let steps: BTreeMap<i64, Point> =
        way.iter().map(|point| (point.0.div_euclid(step_ms), *point)).collect();
    steps.into_values().collect()
}

/// Every place that the recording names, by MMSI, as another path through the binary reads it.
fn decoded(recording: &str) -> BTreeMap<u64, BTreeSet<(i64, i64)>> {
    let mut places: BTreeMap<u64, BTreeSet<(i64, i64)>> = BTreeMap::new();
    for line in renkei_ok(&["decode", "ais", recording]).lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        if let (Some(mmsi), true) = (message["mmsi"].as_u64(), message["lat"].is_number()) {
            let place = (micro(&message["lat"]), micro(&message["lon"]));
            places.entry(mmsi).or_default().insert(place);
        }
    }
    places
}

fn mmsi_of(node: &Node, cookie: &str, number: u64) -> u64 {
    let track = ask(node, cookie, &format!("/api/track?track={number}"));
    let names = track["identities"].as_array().unwrap();
    let mmsi = names.iter().find_map(|name| name.as_str().unwrap().strip_prefix("MMSI "));
    mmsi.unwrap_or_else(|| panic!("{track}")).parse().unwrap()
}

#[test]
fn the_playback_of_a_recording_shows_the_trails_that_live_showed() {
    let recording = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/ais/tokyo-bay-2018-05-14.ais.nmea");
    if !recording.exists() {
        println!("skipped: no recording {}", recording.display());
        return;
    }
    let recording = recording.to_str().unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let feed = node.feed("bay", "ais", "keep = \"hours:6\"\n");
    node.start();
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    renkei_ok(&["replay", recording, "--to", &feed.to_string(), "--speed", "30"]);
    let places = decoded(recording);
    node.until("the bay's ships", |health| health["tracks"].as_u64() >= Some(80));
    // What was sent last is on its way through the engine to the disk.
    std::thread::sleep(Duration::from_secs(2));

    // While it is live: each track's trail, whole.
    let mut live = Ways::new();
    let start = Instant::now();
    let now_ms = ask(&node, &watch, "/api/feeds")["now_ms"].as_i64().unwrap();
    let window = format!("from_ms={}&to_ms={now_ms}", now_ms - 3_600_000);
    for number in playback(&node, &watch, &window, 1_000).into_keys() {
        let way = live.entry(number).or_default();
        let path = format!("/api/history?track={number}&{window}&step_ms=1");
        pages(&node, &watch, &path, |page| way.extend(points(&page["points"])));
    }
    assert!(live.len() > 80, "{} tracks with a trail", live.len());
    let total: usize = live.values().map(Vec::len).sum();
    assert!(total > 500, "{total} points");
    for (number, way) in &live {
        let places = &places[&mmsi_of(&node, &watch, *number)];
        let strange = way.iter().find(|p| !places.contains(&(p.1, p.2)));
        assert_eq!(strange, None, "track {number} was never told to be there");
    }

    // The same in playback, thinned by what was stated and by nothing else.
    let check = |node: &Node, step_ms: i64| {
        let past = playback(node, &watch, &window, step_ms);
        assert!(past.keys().eq(live.keys()), "step {step_ms}: the same tracks");
        for (number, way) in &live {
            assert_eq!(past[number], thinned(way, step_ms), "track {number}, step {step_ms}");
        }
    };
    check(&node, 1_000);
    check(&node, 10_000);
    // And after a hard stop, from the journal.
    std::thread::sleep(Duration::from_secs(2));
    node.kill();
    node.start();
    check(&node, 5_000);
    eprintln!("{} tracks, {total} points, compared in {:?}", live.len(), start.elapsed());
}

#[test]
fn a_search_of_the_past_lies_in_the_ledger_once() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let feed = node.feed("coast", "ais", "");
    node.start();
    let watch = node.sign_in("Mori of the searches", "watch_officer", "watch");
    send(feed, SHIP.as_bytes());
    node.until("the ship", |health| health["tracks"] == 1);
    let ledger = node.dir.join("store/exercise-test/ledger/00000000.seg");
    let logged = || {
        let bytes = std::fs::read(&ledger).unwrap();
        bytes.windows(20).filter(|w| *w == b"Mori of the searches").count()
    };
    let before = logged();
    let start = Instant::now();
    while ask(&node, &watch, "/api/history?track=1")["points"].as_array().unwrap().is_empty() {
        assert!(start.elapsed() < PATIENCE, "the ship's point never came");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(logged(), before + 1, "one search, however often the screen renews it");
    ask(&node, &watch, "/api/playback?from_ms=1795000000000&to_ms=1795003600000");
    assert_eq!(logged(), before + 2, "the playback is another");
    node.kill();
    renkei_ok(&["ledger", "verify", node.path()]);
}

#[test]
fn the_past_is_for_those_whom_the_table_names_and_in_windows_that_are_some() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    node.start();
    let path = "/api/playback?from_ms=1795000000000&to_ms=1795003600000";
    let status = |path: &str, cookie: Option<&str>| {
        get(node.http, path, cookie).unwrap().0.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(status(path, None), "401");
    for (person, role) in [("Visitor", "observer"), ("Root", "administrator")] {
        assert_eq!(status(path, Some(&node.sign_in(person, role, ""))), "403", "{role}");
    }
    let watch = node.sign_in("Mori", "watch_officer", "watch");
    assert_eq!(status(path, Some(&watch)), "200");
    for wrong in [
        "/api/playback",
        "/api/playback?from_ms=x",
        "/api/playback?from_ms=2&to_ms=1",
        "/api/playback?from_ms=0&to_ms=99999999999999",
        "/api/playback?from_ms=1795000000000&to_ms=1795000000001&bbox=1,2,3",
        "/api/playback?from_ms=1795000000000&to_ms=1795000000001&step_ms=0",
    ] {
        assert_eq!(status(wrong, Some(&watch)), "400", "{wrong}");
    }
}

#[test]
fn an_unknown_term_in_the_configuration_stops_the_node_with_a_word() {
    let home = tempfile::tempdir().unwrap();
    let node = Node::init(home.path(), "JPN");
    node.feed("busy", "ais", "keep = \"fortnight\"\n");
    let config = node.dir.join("renkei.toml");
    let output = crate::harness::renkei(&["serve", "--config", config.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`fortnight` is no term") && said.contains("line "), "{said}");
}
