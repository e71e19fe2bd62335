//! Labels of STANAG 4774 in XML.

use super::*;

#[test]
fn a_label_of_the_field_is_read_whatever_its_prefix() {
    let (standing, label) = read_document(NATO.as_bytes()).expect("a label");
    assert_eq!(standing, Standing::Originator);
    assert_eq!(label.information.classification, "NATO SECRET");
    assert_eq!(label.information.categories[1].values, ["STAFF & 宮"]);
    assert_eq!(label.created.to_rfc3339().as_deref(), Some("2026-09-26T03:00:00Z"));
    let bare = NATO.replace("slab:", "").replace("xmlns:slab", "xmlns");
    let odd = NATO.replace("slab:", "s4774:").replace("xmlns:slab", "xmlns:s4774");
    for other in [bare.replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", ""), odd] {
        assert_eq!(read_document(other.as_bytes()).expect("a label").1, label);
    }
    let alternative = NATO.replace("originatorConf", "alternativeConf");
    assert_eq!(read_document(alternative.as_bytes()).expect("one").0, Standing::Alternative);
}

#[test]
fn what_must_be_there_is_asked_for_with_its_line() {
    let created = "  <slab:CreationDateTime>2026-09-26T12:00:00+09:00</slab:CreationDateTime>\n";
    refused(
        &NATO.replace(created, ""),
        &expect![
            "line 2: `originatorConfidentialityLabel` has no `CreationDateTime`; add `CreationDateTime`"
        ],
    );
    refused(
        &NATO.replace("+09:00", ""),
        &expect![
            "line 16: `CreationDateTime` is no time with an offset; write it as 2026-11-22T06:28:00Z"
        ],
    );
    let review = "\n    ReviewDateTime=\"2031-09-26T00:00:00Z\"";
    refused(
        &NATO.replace(review, ""),
        &expect![
            "line 2: the label has neither ReviewDateTime nor SuccessionHandling; add the attribute ReviewDateTime"
        ],
    );
    refused(
        &NATO.replace(">NATO</slab", "></slab"),
        &expect![
            "line 6: `PolicyIdentifier` is empty, too long, or holds more than text; write 1 to 256 bytes of text"
        ],
    );
    refused(
        &NATO.replace("PERMISSIVE", "permissive"),
        &expect![
            "line 9: Category has no known Type; write PERMISSIVE, RESTRICTIVE or INFORMATIVE"
        ],
    );
    refused(
        &NATO.replace(" TagName=\"Administrative\"", ""),
        &expect!["line 13: Category has no TagName; name its tag"],
    );
}

#[test]
fn what_is_not_understood_is_refused_because_it_might_restrict() {
    refused(
        &NATO.replace("GenericValue", "IntegerValue"),
        &expect![
            "line 10: `IntegerValue` within `Category` is not understood; only these are: GenericValue"
        ],
    );
    refused(
        &NATO.replace("<slab:Classification>", "<slab:Classification URI=\"urn:oid:1.2\">"),
        &expect!["line 7: the attribute `URI` of `Classification` is not used; take it out"],
    );
    refused(
        &NATO.replace("  <slab:OriginatorID", "  <x xmlns=\"other\"/><slab:OriginatorID"),
        &expect![
            "line 15: `x` within `originatorConfidentialityLabel` is not understood; only these are: ConfidentialityInformation, OriginatorID, CreationDateTime, SuccessionHandling"
        ],
    );
    refused(
        &NATO.replace("metadatalabel:1:0", "metadatalabel:2:0"),
        &expect![
            "line 2: `originatorConfidentialityLabel` is no label of STANAG 4774; send originatorConfidentialityLabel or alternativeConfidentialityLabel in urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
        ],
    );
}

#[test]
fn hostile_documents_are_refused_within_bounds() {
    refused(
        &NATO.replace("?>\n", "?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n"),
        &expect!["line 2: a document type is not read; take the DOCTYPE out"],
    );
    refused(
        &NATO.replace("&amp;", "&lol;"),
        &expect![
            "line 13: the entity `lol` is not read; write characters as they are or as numbers"
        ],
    );
    refused(
        &"<a>".repeat(40),
        &expect![
            "line 1: more than 2048 elements, or nested deeper than 32; send a smaller document"
        ],
    );
    let wide: String = (0..300).map(|n| format!(" a{n}='1'")).collect();
    refused(
        &format!("<a{wide}/>"),
        &expect!["line 1: an element has more than 256 attributes; use fewer"],
    );
    refused(
        &format!("<a>{}</a>", "x".repeat(65_536)),
        &expect!["line 1: the document has more than 65536 bytes; send a smaller one"],
    );
    refused("<p:a/>", &expect!["line 1: the prefix `p` is bound to no namespace; declare xmlns:p"]);
}

#[test]
fn a_succession_stands_for_a_review_and_ends_the_label() {
    let successor = "<slab:SuccessionHandling><slab:SuccessionDateTime>2030-01-01T00:00:00Z\
        </slab:SuccessionDateTime><slab:SuccessorConfidentialityLabel><slab:ConfidentialityInformation>\
        <slab:PolicyIdentifier>NATO</slab:PolicyIdentifier><slab:Classification>UNCLASSIFIED\
        </slab:Classification></slab:ConfidentialityInformation></slab:SuccessorConfidentialityLabel>\
        </slab:SuccessionHandling></slab:originator";
    let document = NATO
        .replace("\n    ReviewDateTime=\"2031-09-26T00:00:00Z\"", "")
        .replace("</slab:originator", successor);
    let (_, label) = read_document(document.as_bytes()).expect("a label");
    let translated = to_model(&label, None, Nation::JPN).label;
    assert_eq!(translated.review, Timestamp::from_rfc3339("2030-01-01T00:00:00Z"));
    let again = write(Standing::Originator, &label).expect("it is written");
    assert_eq!(read_document(again.as_bytes()).expect("and read").1, label);
}

fn word() -> impl Strategy<Value = String> {
    "[!-~ぁ-ん一-龠]{1,12}( [&<>\"'a-zア-ン]{1,8})?"
}

fn any_label() -> impl Strategy<Value = ConfidentialityLabel> {
    let kind = prop_oneof![
        Just(TagKind::Permissive),
        Just(TagKind::Restrictive),
        Just(TagKind::Informative)
    ];
    let category = (kind, word(), proptest::collection::vec(word(), 0..4))
        .prop_map(|(kind, tag, values)| CategoryValues { kind, tag, uri: None, values });
    let time = -2_000_000_000_000_i64..4_000_000_000_000;
    (word(), word(), proptest::collection::vec(category, 0..4), time.clone(), time).prop_map(
        |(policy, classification, categories, created, review)| ConfidentialityLabel {
            information: Information {
                policy,
                policy_uri: Some("urn:oid:2.999".into()),
                classification,
                privacy_mark: None,
                categories,
            },
            originator: Some(("jID".into(), "a@b".into())),
            created: Timestamp(created),
            review: Some(Timestamp(review)),
            succession: None,
        },
    )
}

#[test]
fn what_is_written_is_read_again_the_same() {
    let round_trip = |forget: fn(&str) -> String| {
        run_property(any_label(), |label| {
            let xml = forget(&write(Standing::Originator, &label).expect("it is written"));
            prop_assert_eq!(
                read_document(xml.as_bytes()).ok(),
                Some((Standing::Originator, label))
            );
            Ok(())
        })
    };
    round_trip(str::to_owned).expect("holds");
    let planted = round_trip(|xml| xml.replace("RESTRICTIVE", "INFORMATIVE"));
    assert!(planted.is_err(), "a writer that weakens a category is caught");
}

#[test]
fn a_label_that_xml_cannot_hold_is_not_written() {
    let mut label = nato();
    label.information.classification = "SEC\u{1}RET".into();
    assert!(write(Standing::Originator, &label).is_err());
    label.information.classification = "SECRET".into();
    label.review = None;
    assert!(write(Standing::Originator, &label).is_err());
}

#[test]
fn the_models_label_goes_out_in_its_policys_words_and_comes_back() {
    let label = secret();
    let out = from_model(&label, &jpn(), Timestamp(0)).expect("the policy has the level");
    let xml = write(Standing::Originator, &out).expect("it is written");
    expect![[r#"<slab:originatorConfidentialityLabel xmlns:slab="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0" ReviewDateTime="2033-03-25T02:08:00Z"><slab:ConfidentialityInformation><slab:PolicyIdentifier URI="urn:oid:2.999.392.1">JPN-EXERCISE</slab:PolicyIdentifier><slab:Classification>極秘</slab:Classification><slab:Category Type="PERMISSIVE" TagName="Releasable To" URI="urn:oid:2.999.392.1.4"><slab:GenericValue>JPN</slab:GenericValue><slab:GenericValue>USA</slab:GenericValue></slab:Category><slab:Category Type="RESTRICTIVE" TagName="取扱い" URI="urn:oid:2.999.392.1.3"><slab:GenericValue>ORCON</slab:GenericValue></slab:Category><slab:Category Type="RESTRICTIVE" TagName="秘密の種別" URI="urn:oid:2.999.392.1.1"><slab:GenericValue>特定秘密</slab:GenericValue></slab:Category><slab:Category Type="INFORMATIVE" TagName="Informative"><slab:GenericValue>CIVIL</slab:GenericValue></slab:Category></slab:ConfidentialityInformation><slab:OriginatorID IDType="uniformResourceIdentifier">urn:renkei:nation:JPN</slab:OriginatorID><slab:CreationDateTime>2026-11-22T06:34:40Z</slab:CreationDateTime></slab:originatorConfidentialityLabel>"#]]
        .assert_eq(&xml);
    let (_, read) = read_document(xml.as_bytes()).expect("a label");
    let back = to_model(&read, Some(&jpn()), Nation::JPN);
    assert_eq!((back.label, back.not_understood), (label, Vec::new()));
}

#[test]
fn words_that_no_policy_has_become_the_highest_level_and_a_hold() {
    for policy in [None, Some(jpn())] {
        let translated = to_model(&nato(), policy.as_ref(), Nation::USA);
        assert_eq!(translated.label.classification, Classification::TopSecret);
        assert!(translated.label.restrictive.contains("HOLD"));
        assert_eq!(translated.not_understood, ["classification `NATO SECRET` of policy `NATO`"]);
    }
    let mut several = nato();
    several.information.categories[1].kind = TagKind::Permissive;
    assert!(to_model(&several, None, Nation::USA).label.releasable_to.is_empty());
}

#[test]
fn hostile_bytes_never_stop_a_reader() {
    let spif = &shipped("EXERCISE")[1].1;
    let bound = label::binding::detached(nato(), vec![], ("a.txt", None), b"a").expect("bound");
    let corpus = [NATO.as_bytes(), bound.as_bytes(), spif.as_bytes()];
    let fuzzed = renkei_codec::FeedContext {
        source: SourceId("x".into()),
        label: secret(),
        nation: Nation::JPN,
    };
    let tally = label::fuzz::run(7, 3_000, &corpus, &fuzzed, &mut Vec::new());
    assert_eq!(tally.inputs, 3_000);
    assert!(tally.accepted > 100 && tally.rejected > 1_000, "{tally:?}");
}
