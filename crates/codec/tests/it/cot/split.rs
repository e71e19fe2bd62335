//! Where documents begin and end, whatever the bytes.

use super::*;

/// What a splitter gives.
type Items = Vec<Result<Vec<u8>, Reject>>;
/// Bytes to put at places.
type Edits = Vec<(usize, u8)>;

#[test]
fn documents_are_found_wherever_the_stream_is_cut() {
    let stream = [TEAM, "\n", ODD, "\r\n", BARE, TEAM].concat();
    let whole = Splitter::default().push(stream.as_bytes());
    assert_eq!(whole.len(), 4);
    assert!(
        whole
            .iter()
            .all(|item| { item.as_ref().is_ok_and(|document| document.starts_with(b"<event")) })
    );
    for cut in 0..=stream.len() {
        let (head, tail) = stream.as_bytes().split_at(cut);
        let mut splitter = Splitter::default();
        let mut items = splitter.push(head);
        items.extend(splitter.push(tail));
        assert_eq!(items, whole, "cut at {cut}");
        assert_eq!(splitter.pending(), 0);
    }
}

#[test]
fn reading_resumes_after_what_is_no_event() {
    let cut_in_tag = &TEAM[..TEAM.find("callsign").expect("there")];
    let cut_in_text = &TEAM[..TEAM.find("pier").expect("there")];
    let stream = [
        "hello\n",
        TEAM,
        "<html><body/></html>",
        BARE,
        cut_in_tag,
        BARE,
        cut_in_text,
        ODD,
        cut_in_text,
        BARE,
        "</event>",
        TEAM,
        cut_in_text,
    ]
    .concat();
    expect_test::expect![[r#"
        reject garbage: 5 bytes between CoT events; is it an XML stream?
        event ANDROID-1 a-f-G-U-C
        reject garbage: 20 bytes between CoT events; is it an XML stream?
        event bare t-x-c-t
        reject unfinished: a tag was cut short
        event bare t-x-c-t
        reject unfinished: another document began
        event a&b 宮 a-u-S
        reject unfinished: another event began
        event bare t-x-c-t
        reject garbage: 8 bytes between CoT events; is it an XML stream?
        event ANDROID-1 a-f-G-U-C
        reject unfinished: the stream ended within a CoT event
    "#]]
    .assert_eq(&read(stream.as_bytes()));
}

#[test]
fn document_types_and_entities_are_refused() {
    let bomb = format!(
        "<?xml version='1.0'?><!DOCTYPE event [<!ENTITY a \"<event/>\"><!ENTITY b \"&a;&a;\">]>{BARE}{BARE}"
    );
    expect_test::expect![[r#"
        reject doctype: a document type or entity came; send none
        reject garbage: 12 bytes between CoT events; is it an XML stream?
        reject doctype: a document type or entity came; send none
        reject garbage: 7 bytes between CoT events; is it an XML stream?
        reject doctype: the event follows a document type; send none
        reject garbage: 2 bytes between CoT events; is it an XML stream?
        reject doctype: a document type or entity came; send none
        reject garbage: 17 bytes between CoT events; is it an XML stream?
        reject doctype: the event follows a document type; send none
        event bare t-x-c-t
    "#]]
    .assert_eq(&read(bomb.as_bytes()));
    let inside = TEAM.replace("<remarks>", "<remarks>&xxe;");
    expect_test::expect![[r#"
        refused entity: read CoT event: `xxe` is not read; write characters as they are or as numbers
    "#]].assert_eq(&read(inside.as_bytes()));
    let value = TEAM.replace("Cyan", "&xxe;");
    expect_test::expect![[r#"
        refused entity: read CoT event: `&xxe;` is not read; write characters as they are or as numbers
    "#]].assert_eq(&read(value.as_bytes()));
}

#[test]
fn limits_are_kept_and_said() {
    let long = TEAM.replace("at the pier", &"x".repeat(cot::EVENT_LEN_MAX));
    let deep = TEAM.replace("at the pier", &["<x>".repeat(40), "</x>".repeat(40)].concat());
    let many: String = (0..300).map(|n| format!(" a{n}=''")).collect();
    let many = TEAM.replace("<remarks>", &format!("<remarks{many}>"));
    let fits = TEAM.replace("at the pier", &"x".repeat(cot::EVENT_LEN_MAX - TEAM.len() + 11));
    assert_eq!(fits.len(), cot::EVENT_LEN_MAX);
    for (document, expected) in [
        (fits, "event ANDROID-1 a-f-G-U-C\n"),
        (long, "reject too_long: CoT event longer than 65536 bytes\n"),
        (deep, "reject too_deep: elements are nested deeper than 32\n"),
        (many, "reject attributes: an element has more than 256 attributes\n"),
    ] {
        let text = read([document.as_str(), BARE].concat().as_bytes());
        assert!(text.starts_with(expected), "{text}");
        assert!(text.ends_with("event bare t-x-c-t\n"), "the next is read: {text}");
    }
}

#[test]
fn garbage_without_end_is_reported_and_not_kept() {
    for garbage in [&b"x"[..], b"<", b"<x ", b"<!--", b"<event a=\"", b"<?"] {
        let mut splitter = Splitter::default();
        let mut rejects = 0;
        for _ in 0..300_000 / garbage.len() {
            rejects += splitter.push(garbage).len();
            assert!(splitter.pending() <= cot::EVENT_LEN_MAX);
        }
        assert!(rejects > 0, "{garbage:?}");
    }
}

/// Whatever the bytes, splitting returns, keeps to its bound, gives the same wherever they are cut,
/// and every document it gives begins and ends as an event does.
fn splitting_any_bytes(
    split: fn(&mut Splitter, &[u8]) -> Items,
) -> Result<(), TestError<(Vec<u8>, usize)>> {
    let parts = prop_oneof![
        3 => proptest::sample::select(vec![
            TEAM, ODD, BARE, "<event ", "<event>", "</event>", "/>", "<!--", "-->", "<![CDATA[",
            "]]>", "<?xml ", "?>", "<!DOCTYPE ", "\"", "'", "<a b='", "</a>", " ",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
    ];
    let stream = proptest::collection::vec(parts, 0..12).prop_map(|parts| parts.concat());
    run_property((stream, 0..2_000_usize), |(stream, cut)| {
        let whole = split(&mut Splitter::default(), &stream);
        let (head, tail) = stream.split_at(cut.min(stream.len()));
        let mut splitter = Splitter::default();
        let mut items = split(&mut splitter, head);
        items.extend(split(&mut splitter, tail));
        prop_assert!(splitter.pending() <= cot::EVENT_LEN_MAX);
        prop_assert_eq!(&items, &whole);
        for document in whole.into_iter().flatten() {
            prop_assert!(document.starts_with(b"<event") && document.ends_with(b">"));
            let _ = Event::parse(&document);
        }
        Ok(())
    })
}

#[test]
fn any_bytes_are_split_the_same_wherever_they_are_cut() {
    splitting_any_bytes(Splitter::push).expect("holds");
    let planted = splitting_any_bytes(|splitter, bytes| {
        // A splitter that looks for the end of a document in each piece alone.
        let mut items = splitter.push(bytes);
        items.extend(splitter.finish());
        items
    });
    assert!(planted.is_err(), "a splitter that forgets between pieces is caught");
}

/// Whatever the bytes, reading returns; and what it accepts is what came.
fn reading_any_bytes(read: fn(&[u8]) -> Option<Event>) -> Result<(), TestError<(Edits, usize)>> {
    let edits = proptest::collection::vec((0..700_usize, any::<u8>()), 0..3);
    run_property((edits, 0..3_usize), |(edits, which)| {
        let mut bytes = [TEAM, ODD, BARE][which].as_bytes().to_vec();
        for (at, byte) in edits {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Some(event) = read(&bytes) {
            prop_assert_eq!(event.as_xml().as_bytes(), &bytes);
            prop_assert!(!event.head().uid.is_empty() && !event.head().kind.is_empty());
            let line = cot::json_line(&event);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
        }
        Ok(())
    })
}

#[test]
fn any_bytes_are_read_as_they_are_or_refused() {
    reading_any_bytes(|bytes| Event::parse(bytes).ok()).expect("holds");
    let planted = reading_any_bytes(|bytes| {
        // A reader that mends what is not UTF-8.
        Event::parse(String::from_utf8_lossy(bytes).as_bytes()).ok()
    });
    assert!(planted.is_err(), "a reader that changes what came is caught");
}

#[test]
fn a_short_fuzz_run_returns() {
    let corpus = [TEAM.as_bytes(), ODD.as_bytes(), BARE.as_bytes()];
    let tally = fuzz::run(1, 20_000, &corpus, &context(), &mut Vec::new());
    assert_eq!(tally.inputs, 20_000);
    assert!(tally.accepted > 1_000 && tally.rejected > 1_000, "both ways were taken: {tally:?}");
}
