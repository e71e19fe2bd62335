//! Labels with the real binary: their words as files, labels on documents, and words that never cross.

use serde_json::{Value, json};

use crate::harness::{Node, SHIP, command, get, link_tapped, renkei, renkei_ok, send};

fn said(output: &std::process::Output) -> (i32, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn a_nodes_policies_are_listed_replaced_and_refused_with_their_line() {
    let home = tempfile::tempdir().unwrap();
    let mut node = Node::init(home.path(), "JPN");
    let listed = renkei_ok(&["label", "list", node.path()]);
    assert!(
        listed.contains("JPN-EXERCISE (version 1, this node's own, an example, not authoritative)"),
        "{listed}"
    );
    assert!(listed.contains("4\tSECRET\tSECRET / SECRET\there 極秘"), "{listed}");

    let shipped = std::fs::read_to_string(node.dir.join("labels/jpn.xml")).unwrap();
    let own = home.path().join("own.xml");
    std::fs::write(&own, shipped.replacen("hierarchy=\"4\"", "hierarchy=\"x\"", 1)).unwrap();
    let (code, text) = said(&renkei(&["label", "import", own.to_str().unwrap(), node.path()]));
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains("line 33: `hierarchy` of `securityClassification` is not a number: `x`"),
        "{text}"
    );

    let equivalent =
        "<spif:equivalentClassification policyRef=\"USA-EXERCISE\" lacv=\"4\" applied=\"both\"/>";
    let mine = shipped.replace(equivalent, "").replace("Renkei example not authoritative", "Test");
    std::fs::write(&own, mine).unwrap();
    renkei_ok(&["label", "import", own.to_str().unwrap(), node.path()]);
    let listed = renkei_ok(&["label", "list", node.path()]);
    assert!(listed.contains("JPN-EXERCISE (version 1, this node's own)"), "{listed}");
    assert!(listed.contains("4\tSECRET\tSECRET / SECRET\tno equivalent here"), "{listed}");

    node.start();
    let cookie = node.sign_in("Auditor", "auditor", "");
    let (_, body) = get(node.http, "/api/markings", Some(&cookie)).unwrap();
    let markings: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(markings["equivalents"]["USA-EXERCISE"]["secret"], Value::Null);
    assert_eq!(markings["equivalents"]["USA-EXERCISE"]["confidential"], "秘");
    assert!(get(node.http, "/api/markings", None).unwrap().0.contains("401"));
}

#[test]
fn a_document_carries_both_nations_labels_and_a_changed_one_is_told() {
    let home = tempfile::tempdir().unwrap();
    let node = Node::init(home.path(), "JPN");
    let (document, sidecar) = (home.path().join("sitrep.txt"), home.path().join("sitrep.bdo"));
    std::fs::write(&document, "situation").unwrap();
    let at = document.to_str().unwrap();
    let bind = |more: &[&str]| {
        let always = [
            "label",
            "bind",
            node.path(),
            at,
            "--classification",
            "secret",
            "--review",
            "2099-01-01T00:00:00Z",
        ];
        renkei_ok(&[&always, more].concat())
    };
    std::fs::write(&sidecar, bind(&["--releasable-to", "USA"])).unwrap();
    let show = || {
        said(&renkei(&["label", "show", node.path(), sidecar.to_str().unwrap(), "--document", at]))
    };
    let (code, text) = show();
    assert_eq!(code, 0, "{text}");
    for line in [
        "originator's label: JPN-EXERCISE 極秘",
        "Releasable To: JPN, USA",
        "equivalent beside it: USA-EXERCISE SECRET",
        "worth 極秘 here",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    std::fs::write(&document, "situatiom").unwrap();
    let (code, text) = show();
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("the document is not the one that was bound"), "{text}");

    std::fs::write(&document, "<report><p>a</p></report>\n").unwrap();
    std::fs::write(&sidecar, bind(&["--embed"])).unwrap();
    let (code, text) = said(&renkei(&["label", "show", node.path(), sidecar.to_str().unwrap()]));
    assert_eq!(code, 0, "{text}");
}

#[test]
fn a_listed_word_crosses_in_no_report_and_no_record_and_is_counted() {
    let home = tempfile::tempdir().unwrap();
    let (mut jpn, mut usa) = (Node::init(home.path(), "JPN"), Node::init(home.path(), "USA"));
    let tap = link_tapped(&jpn, &usa);
    std::fs::write(jpn.dir.join("dirty-words.txt"), "feed  secret reef\nop 黎明作戦\n").unwrap();
    let label = "releasable_to = [\"USA\"]\ninformative = [\"CIVIL\"]\n";
    let feed = jpn.feed("secret-reef", "ais", label);
    jpn.start();
    usa.start();
    jpn.until("the link", |health| health["link"]["state"] == "up");
    send(feed, SHIP.as_bytes());
    jpn.until("the own track", |health| health["tracks"] == 1);
    let watch = jpn.sign_in("Mori", "watch_officer", "watch");
    assert!(
        command(jpn.http, &watch, &json!({"command": "take_seat", "seat": "watch"}))
            .0
            .contains("200")
    );
    let text = json!({"en": "a report", "ja": "ﾚｲﾒｲでなく黎明・作戦"});
    let tear_line = json!({"text": text, "checked_by": "Mori"});
    let body =
        json!({"command": "open_incident", "track": null, "text": text, "tear_line": tear_line});
    assert!(command(jpn.http, &watch, &body).0.contains("200"));
    let start = std::time::Instant::now();
    let stopped = loop {
        let told = get(jpn.http, "/api/feeds", Some(&watch)).unwrap().1;
        let words = serde_json::from_str::<Value>(&told).unwrap()["words"].clone();
        if words["stopped"]["feed"].as_u64() >= Some(1)
            && words["stopped"]["op"].as_u64() >= Some(1)
        {
            break words;
        }
        assert!(start.elapsed() < crate::harness::PATIENCE, "{words}");
    };
    assert!(!stopped.to_string().contains("黎明"), "the word is not told: {stopped}");
    let affairs = get(jpn.http, "/api/affairs", Some(&watch)).unwrap().1;
    assert!(affairs.contains("stopped by the word filter (RK-1330): rule op, field"), "{affairs}");
    let uptime = usa.health().unwrap()["uptime_s"].as_u64().unwrap();
    usa.until("two more seconds", |health| health["uptime_s"].as_u64() > Some(uptime + 1));
    assert_eq!(usa.health().unwrap()["tracks"], 0, "the report that names the feed did not cross");
    assert!(tap.len() > 500 && !tap.heard(b"secret-reef") && !tap.heard("黎明".as_bytes()));
    assert!(!jpn.log().contains("黎明"), "nor does it stand in the log");
}
