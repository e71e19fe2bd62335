//! Three nations, three processes: Japan, the United States and Australia, each linked with both
//! others. Each partner sees what was released to it alone, nothing is relayed, and a link that is
//! cut is missed by nobody else.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use expect_test::expect;
use serde_json::{Value, json};

use crate::harness::{Node, PATIENCE, SHIP, command, free, get, hand_over_cards, renkei_ok, send};

/// A ship that only the United States may have of Japan.
const FOR_USA: &str = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\r\n";
/// A ship that only Australia may have of Japan.
const FOR_AUS: &str = "!AIVDM,1,1,,B,36K2:g@00Bb0P5hDDAA=G0:t0001,0*5C\r\n";
const OPEN: &str = "431005246";
const USA_ONLY: &str = "371798000";
const AUS_ONLY: &str = "431000253";

struct Three {
    jpn: Node,
    usa: Node,
    aus: Node,
    /// Where Japan's feeds listen: for all, for the United States, for Australia.
    feeds: [SocketAddr; 3],
}

/// Writes the permits of the set `from` once more, towards `to`.
fn permit(node: &Node, from: &str, to: &str) {
    let policy = node.dir.join("policy");
    for name in ["observations.cedar", "statements.cedar"] {
        let text = std::fs::read_to_string(policy.join(name)).unwrap();
        let text = text.replace(&format!("Nation::\"{from}\""), &format!("Nation::\"{to}\""));
        let text = text.replace("@id(\"", &format!("@id(\"{}-", to.to_lowercase()));
        std::fs::write(policy.join(format!("{}-{name}", to.to_lowercase())), text).unwrap();
    }
}

/// Three nodes in a triangle. Japan waits for both others on one socket.
fn three(home: &Path) -> Three {
    let [jpn, usa, aus] = ["JPN", "USA", "AUS"].map(|nation| Node::init(home, nation));
    for (one, other) in [(&jpn, &usa), (&jpn, &aus), (&usa, &aus)] {
        hand_over_cards(one, other);
    }
    let (japan, america) = (free(), free());
    let border = |node: &Node, partner: &str, way: &str, address: SocketAddr| {
        let text = format!("[[border]]\npartner = \"{partner}\"\n{way} = \"{address}\"");
        node.configure(&text);
    };
    border(&jpn, "USA", "listen", japan);
    border(&jpn, "AUS", "listen", japan);
    border(&usa, "JPN", "dial", japan);
    border(&usa, "AUS", "listen", america);
    border(&aus, "JPN", "dial", japan);
    border(&aus, "USA", "dial", america);
    permit(&jpn, "USA", "AUS");
    permit(&usa, "JPN", "AUS");
    // No set ships for Australia: its officers write one, here after the American example.
    std::fs::create_dir_all(aus.dir.join("policy")).unwrap();
    for name in ["observations.cedar", "statements.cedar", "prohibitions.cedar"] {
        std::fs::copy(usa.dir.join("policy").join(name), aus.dir.join("policy").join(name))
            .unwrap();
    }
    permit(&aus, "JPN", "USA");
    for node in [&jpn, &usa, &aus] {
        let told = renkei_ok(&["policy", "check", node.path()]);
        assert!(told.contains("no problem"), "{told}");
    }
    let only = |nation: &str| format!("releasable_to = [\"{nation}\"]\n");
    let feeds = [
        jpn.feed("coast", "ais", "informative = [\"CIVIL\"]\n"),
        jpn.feed("for-usa", "ais", &only("USA")),
        jpn.feed("for-aus", "ais", &only("AUS")),
    ];
    Three { jpn, usa, aus, feeds }
}

impl Three {
    fn start(&mut self) {
        for node in [&mut self.jpn, &mut self.usa, &mut self.aus] {
            node.start();
        }
        for node in [&self.jpn, &self.usa, &self.aus] {
            node.until("both links", |health| all_links(health, "up"));
        }
    }
}

fn all_links(health: &Value, state: &str) -> bool {
    let links = health["links"].as_object();
    links.is_some_and(|links| links.len() == 2 && links.values().all(|l| l["state"] == state))
}

/// What every track of a floor says of itself.
fn seen(node: &Node, cookie: &str) -> String {
    let tracks = node.health().unwrap()["tracks"].as_u64().unwrap();
    let one =
        |number| get(node.http, &format!("/api/track?track={number}"), Some(cookie)).unwrap().1;
    (1..=tracks).map(one).collect()
}

fn api(node: &Node, path: &str, cookie: &str) -> Value {
    serde_json::from_str(&get(node.http, path, Some(cookie)).unwrap().1).unwrap_or_default()
}

/// Waits until `path` of `node` satisfies `holds`; the answer.
fn until(node: &Node, cookie: &str, path: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let told = api(node, path, cookie);
        if holds(&told) {
            return told;
        }
        assert!(start.elapsed() < PATIENCE, "{path}: {told}\n{}", node.log());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn each_partner_sees_what_was_released_to_it_alone_and_nothing_is_relayed() {
    let home = tempfile::tempdir().unwrap();
    let mut three = three(home.path());
    three.start();
    let Three { jpn, usa, aus, feeds } = &three;
    for (feed, ship) in feeds.iter().zip([SHIP, FOR_USA, FOR_AUS]) {
        send(*feed, ship.as_bytes());
    }
    jpn.until("its own ships", |health| health["tracks"] == 3);
    usa.until("what Japan released to it", |health| health["tracks"] == 2);
    aus.until("what Japan released to it", |health| health["tracks"] == 2);
    let [j, u, a] = [jpn, usa, aus].map(|node| node.sign_in("Watch", "watch_officer", "watch"));
    // Two more beats of every node: what one got would have been handed on by now.
    for node in [jpn, usa, aus] {
        let before = node.health().unwrap()["uptime_s"].as_u64();
        node.until("two beats", |h| h["uptime_s"].as_u64() > before.map(|s| s + 2));
    }
    let (of_usa, of_aus) = (seen(usa, &u), seen(aus, &a));
    for (told, has, has_not) in [(&of_usa, USA_ONLY, AUS_ONLY), (&of_aus, AUS_ONLY, USA_ONLY)] {
        assert!(told.contains(OPEN) && told.contains(has), "{told}");
        assert!(!told.contains(has_not), "{told}");
    }
    // Nothing came by way of the third: the US and Australia gave each other nothing at all.
    for (node, cookie, partner) in [(usa, &u, "AUS"), (aus, &a, "USA")] {
        let told = api(node, &format!("/api/exchange?partner={partner}"), cookie);
        assert_eq!(told["theirs"]["tracks"], 0, "{told}");
        assert_eq!(told["rules"], json!([]), "{told}");
    }
    // The desk can say why: it is Japan's to release.
    let path = "/api/explain?track=1&partner=USA";
    let why = until(aus, &a, path, |told| told["tiers"].is_array());
    assert_eq!(why["tiers"][0]["policy"], "always-own-data-only", "{why}");
    assert_eq!(why["preview"], Value::Null);
    let counts = |partner| {
        let told = api(jpn, &format!("/api/exchange?partner={partner}"), &j);
        told["recent"].as_array().map(Vec::len)
    };
    assert_eq!((counts("USA"), counts("AUS")), (Some(2), Some(2)));
    let (stranger, _) = get(jpn.http, "/api/exchange?partner=KOR", Some(&j)).unwrap();
    assert!(stranger.contains("404"), "{stranger}");
}

#[test]
fn a_cut_link_is_missed_by_nobody_else() {
    let home = tempfile::tempdir().unwrap();
    let mut three = three(home.path());
    three.start();
    three.aus.kill();
    let Three { jpn, usa, feeds, .. } = &three;
    for (node, other) in [(jpn, "USA"), (usa, "JPN")] {
        node.until("the cut", |h| h["links"]["AUS"]["state"] == "down");
        assert_eq!(node.health().unwrap()["links"][other]["state"], "up");
    }
    send(feeds[0], SHIP.as_bytes());
    usa.until("the ship, all the same", |health| health["tracks"] == 1);
    three.aus.start();
    let Three { jpn, aus, .. } = &three;
    jpn.until("the link healed", |health| all_links(health, "up"));
    aus.until("the ship, once it is back", |health| health["tracks"] == 1);
}

#[test]
fn an_incident_is_dealt_with_with_the_partner_that_was_chosen() {
    let home = tempfile::tempdir().unwrap();
    let mut three = three(home.path());
    three.start();
    let Three { jpn, usa, aus, .. } = &three;
    let [j, u, a] = [jpn, usa, aus].map(|node| node.sign_in("Watch", "watch_officer", "watch"));
    command(jpn.http, &j, &json!({"command": "take_seat", "seat": "watch"}));
    let mut open = json!({"command": "open_incident", "track": null,
        "text": {"en": "smoke off Miyako", "ja": "宮古沖に煙"},
        "tear_line": {"text": {"en": "smoke off Miyako", "ja": "宮古沖に煙"}, "checked_by": "Watch"}});
    assert!(command(jpn.http, &j, &open).1.contains("RK-1400"), "nobody said with whom");
    open["partner"] = "AUS".into();
    let (head, body) = command(jpn.http, &j, &open);
    assert!(head.contains("200"), "{body}");
    let one = |told: &Value| told["incidents"].as_array().is_some_and(|all| all.len() == 1);
    let told = until(aus, &a, "/api/affairs", one);
    assert_eq!(told["incidents"][0]["partner"], "JPN");
    let own = until(jpn, &j, "/api/affairs", |told| {
        told["incidents"][0]["pair"].as_str().is_some_and(|id| id.starts_with("AUS/"))
    });
    assert_eq!(own["incidents"][0]["partner"], "AUS");
    let seats = |nation: &str| {
        let seats = own["seats"].as_array().unwrap();
        seats.iter().filter(|seat| seat["nation"] == nation).count()
    };
    assert_eq!((seats("JPN"), seats("USA"), seats("AUS")), (4, 4, 4));
    assert_eq!(api(usa, "/api/affairs", &u)["incidents"], json!([]));
}

#[test]
fn partners_are_listed_with_their_fingerprints_and_ways() {
    let home = tempfile::tempdir().unwrap();
    let three = three(home.path());
    let told = renkei_ok(&["partner", "list", three.jpn.path()]);
    let bare: String = told
        .lines()
        .map(|line| {
            let (what, fingerprint) = line.split_at(line.len() - 49);
            assert_eq!(fingerprint.split(' ').count(), 10, "{line}");
            let (before, port) = what.split_once("127.0.0.1:").unwrap();
            format!("{before}PORT{}…\n", port.trim_start_matches(|c: char| c.is_ascii_digit()))
        })
        .collect();
    expect![[r#"
        AUS  listens on PORT  test  …
        USA  listens on PORT  test  …
    "#]]
    .assert_eq(&bare);
}
