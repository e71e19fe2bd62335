//! Labels bound to documents (STANAG 4778).

use renkei_codec::label::binding::{detached, embedded, read_detached, read_embedded};

use super::*;

const DOCUMENT: &[u8] = b"<?xml version='1.0'?>\n<report><p>a &amp; b</p>\n</report>\n";

#[test]
fn a_file_beside_the_document_names_it_and_its_bytes() {
    let alternative = ConfidentialityLabel { originator: None, ..nato() };
    let text = ("sitrep.txt", Some("text/plain"));
    let xml = detached(nato(), vec![alternative], text, b"situation").expect("bound");
    let binding = read_detached(xml.as_bytes()).expect("a binding");
    assert_eq!((binding.uri.as_str(), binding.content_type.as_deref()), text);
    assert_eq!((binding.originator.clone(), binding.alternatives.len()), (nato(), 1));
    assert_eq!(binding.check(b"situation"), Ok(()));
    expect!["the document is not the one that was bound: its SHA-256 is c27a7c0b2646f42fd7d7def806341de40dcaa70079e8bfdc42bb5cb83c0d4b7a, bound was fc097e65503cb3ad9eb8e10f5a6176119628e5e875f12e9a26e3b9fe49219377"]
        .assert_eq(&binding.check(b"situatiom").expect_err("another one").to_string());
}

#[test]
fn an_embedded_binding_leaves_every_byte_of_the_document() {
    let bound = embedded(nato(), vec![], DOCUMENT).expect("bound");
    let binding = read_embedded(&bound).expect("a binding");
    assert_eq!((binding.originator, binding.uri.as_str()), (nato(), ""));
    let changed = String::from_utf8(bound.clone()).expect("text").replace("a &amp; b", "a &amp; c");
    assert!(read_embedded(changed.as_bytes()).is_err(), "a changed document is told");
    expect!["the document holds a binding already; an originator's label is never written over"]
        .assert_eq(&embedded(nato(), vec![], &bound).expect_err("twice").to_string());
    assert!(read_embedded(DOCUMENT).is_err(), "none is no binding");
}

#[test]
fn a_binding_without_an_originators_label_or_with_another_digest_is_refused() {
    let xml = detached(nato(), vec![], ("a", None), b"a").expect("bound");
    let check = |from: &str, to: &str, expected: Expect| {
        let fault = read_detached(xml.replace(from, to).as_bytes()).expect_err("refused");
        expected.assert_eq(&fault.to_string());
    };
    check(
        "originatorConf",
        "alternativeConf",
        expect!["line 1: no originator's label; bind the originator's label"],
    );
    check(
        "xmlenc#sha256",
        "xmldsig-more#md5",
        expect!["line 1: the digest is not SHA-256; use http://www.w3.org/2001/04/xmlenc#sha256"],
    );
    check(
        "<ds:Reference URI=\"a\"",
        "<ds:Reference URI=\"b\"",
        expect!["line 1: the digest is of another document; name the same URI twice"],
    );
    check(
        "<mb:DataReference URI=\"a\"/>",
        "",
        expect!["line 1: no `DataReference`; add `DataReference`"],
    );
}
