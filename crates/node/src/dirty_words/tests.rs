//! Planted words in every text of everything that crosses, variants of width and kana, and words that only
//! look like one.

use minicbor::{Decode, Encode};
use proptest::prelude::*;
use renkei_model::cbor::to_canonical;

use super::*;

const LIST: &str = "# a comment\nop-1  OPERATION DAWN\nop-1 黎明作戦\n\nship  ナツカゼ\n";

fn list(text: &str) -> DirtyWords {
    DirtyWords::read(text, Path::new("dirty-words.txt")).unwrap()
}

/// The rule that stops a text, or `-`.
fn stopped_by(text: &str) -> String {
    let item = to_canonical(&("a", text));
    list(LIST).check(&item, Timestamp(1)).err().map_or("-".into(), |hit| hit.rule)
}

#[test]
fn variants_of_width_case_kana_and_spacing_are_the_same_word() {
    for text in [
        "operation dawn",
        "the OPERATION-DAWN plan",
        "Ｏｐｅｒａｔｉｏｎ　Ｄａｗｎ",
        "Oper\u{200b}ation\nDawn.",
        "演習OPERATION DAWNを開始",
        "「黎明作戦」開始",
        "黎明 作戦",
        "黎・明・作・戦",
    ] {
        assert_eq!(stopped_by(text), "op-1", "{text}");
    }
    for text in ["ナツカゼ", "なつかぜ丸", "ﾅﾂｶｾﾞ", "ナツ カゼ", "ナツカセ\u{3099}"]
    {
        assert_eq!(stopped_by(text), "ship", "{text}");
    }
}

#[test]
fn a_latin_word_is_found_whole_and_not_within_another() {
    for text in ["operation dawning", "cooperation dawn", "operation", "dawn operation", "夏風", ""]
    {
        assert_eq!(stopped_by(text), "-", "{text}");
    }
}

/// Something with a text in every kind of place.
#[derive(Clone, Debug, Encode, Decode)]
struct Item {
    #[n(0)]
    text: String,
    #[n(1)]
    list: Vec<(String, i64)>,
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    signed: Vec<u8>,
    #[n(3)]
    map: std::collections::BTreeMap<String, Option<String>>,
}

fn item(texts: &[String; 5]) -> Item {
    let [text, listed, within, key, value] = texts.clone();
    Item {
        text,
        list: vec![("first".into(), -5), (listed, i64::MAX)],
        signed: to_canonical(&(1_u8, within)),
        map: [(key, Some(value)), ("other".into(), None)].into(),
    }
}

#[test]
fn a_canary_in_any_text_is_found_and_its_place_told() {
    let mut filter = list("canary  XYZZY\n");
    let clean = ["a", "b", "c", "d", "e"].map(str::to_owned);
    assert_eq!(filter.check(&to_canonical(&item(&clean)), Timestamp(1)), Ok(()));
    let mut fields = Vec::new();
    for place in 0..clean.len() {
        let mut texts = clean.clone();
        texts[place] = "it is xyzzy!".into();
        let hit = filter.check(&to_canonical(&item(&texts)), Timestamp(2)).unwrap_err();
        assert_eq!(hit.rule, "canary");
        fields.push(hit.field);
    }
    assert_eq!(fields.join(" "), "0 1.1.0 2 3.0 3.0");
    let view = serde_json::to_value(filter.view()).unwrap();
    assert_eq!(view["stopped"]["canary"], 5);
    assert!(!view.to_string().to_lowercase().contains("xyzzy"), "the word is never told");
}

#[test]
fn everything_that_crosses_is_read_through_and_its_texts_found() {
    use renkei_model::statement::{Bilingual, Statement, Zone};
    let mut filter = list("canary  XYZZY\n");
    let zone = Zone {
        name: Bilingual { en: "area".into(), ja: "区域 ＸＹＺＺＹ".into() },
        ring: Vec::new(),
        domains: Vec::new(),
        neutral_too: false,
        holes: Vec::new(),
    };
    assert!(filter.check(&to_canonical(&Statement::Zone(zone)), Timestamp(0)).is_err());
    let named =
        renkei_model::observation::Attributes { name: Some("XYZZY".into()), ..Default::default() };
    assert!(filter.check(&to_canonical(&named), Timestamp(0)).is_err());
    let callsign = renkei_model::observation::Attributes {
        callsign: Some("XYZZY".into()),
        name: Some("KAIYO".into()),
        ..Default::default()
    };
    assert!(filter.check(&to_canonical(&callsign), Timestamp(0)).is_err());
}

#[test]
fn what_cannot_be_read_through_does_not_go() {
    let mut filter = list(LIST);
    let deep = [vec![0x81_u8; 100], vec![0]].concat();
    for bytes in [
        &b""[..],
        &[0x61],
        &[0x62, b'a', 0xff],
        &[0x9f, 0xff],
        &[0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
        &[0, 0],
        &deep,
    ] {
        assert_eq!(filter.check(bytes, Timestamp(0)).unwrap_err().rule, "unreadable", "{bytes:?}");
    }
    assert_eq!(list("# none\n").check(b"", Timestamp(0)), Ok(()), "no list, no filter");
}

#[test]
fn a_line_that_cannot_be_used_is_named() {
    let said = |text: &str| {
        DirtyWords::read(text, Path::new("w")).err().map_or(String::new(), |e| e.to_string())
    };
    assert_eq!(
        said("# x\nalone\n"),
        "read `w`: line 2: no word stands there; write a rule's name and its word"
    );
    assert_eq!(
        said("a 海\n"),
        "read `w`: line 1: the word would stop nearly everything; write at least two letters or characters"
    );
    assert!(said("規則 word\n").contains("line 1: the rule's name cannot be used"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_planted_word_is_found_in_any_text(before in "[ -~ぁ-ん]{0,20}", after in "[ -~ぁ-ん]{0,20}", place in 0..5_usize) {
        let mut texts = ["a", "b", "c", "d", "e"].map(str::to_owned);
        texts[place] = format!("{before} ナツ　カゼ {after}");
        let found = list(LIST).check(&to_canonical(&item(&texts)), Timestamp(0));
        prop_assert!(found.is_err(), "{texts:?}");
    }

    #[test]
    fn any_bytes_are_walked_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = list(LIST).check(&bytes, Timestamp(0));
    }
}
