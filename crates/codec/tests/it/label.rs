//! Confidentiality labels in XML, their binding, and policies: the field's shapes, hostile bytes, and
//! what is written back.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use renkei_codec::label::{
    self, CategoryValues, ConfidentialityLabel, Information, Policies, SecurityPolicy, Standing,
    TagKind, from_model, read_document, read_spif, shipped, to_model, write,
};
use renkei_model::id::{Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::time::Timestamp;

mod binding;
mod spif;
mod xml;

/// As ADatP-4774's own examples write it.
const NATO: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<slab:originatorConfidentialityLabel
    xmlns:slab="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
    ReviewDateTime="2031-09-26T00:00:00Z">
  <slab:ConfidentialityInformation>
    <slab:PolicyIdentifier URI="urn:oid:1.3.26.1.3.1">NATO</slab:PolicyIdentifier>
    <slab:Classification> NATO
      SECRET </slab:Classification>
    <slab:Category Type="PERMISSIVE" TagName="Releasable To" URI="urn:oid:1.3.26.1.4.2">
      <slab:GenericValue>AUS</slab:GenericValue>
      <slab:GenericValue>JPN</slab:GenericValue>
    </slab:Category>
    <slab:Category Type="INFORMATIVE" TagName="Administrative"><slab:GenericValue>STAFF &amp; &#x5BAE;</slab:GenericValue></slab:Category>
  </slab:ConfidentialityInformation>
  <slab:OriginatorID IDType="rfc822Name">author@example.org</slab:OriginatorID>
  <slab:CreationDateTime>2026-09-26T12:00:00+09:00</slab:CreationDateTime>
</slab:originatorConfidentialityLabel>
"#;

fn nato() -> ConfidentialityLabel {
    read_document(NATO.as_bytes()).expect("a label").1
}

/// What is said of a document that is no label.
fn refused(document: &str, expected: &Expect) {
    let fault = read_document(document.as_bytes()).expect_err("refused");
    expected.assert_eq(&fault.to_string());
}

fn policies(own: &str) -> Policies {
    let read = |(_, text): &(_, String)| read_spif(text.as_bytes()).expect("a sound policy");
    let all = shipped("EXERCISE").iter().map(read).map(|p| (p.name.clone(), p)).collect();
    Policies { own: own.into(), all }
}

fn jpn() -> SecurityPolicy {
    policies("JPN-EXERCISE").all["JPN-EXERCISE"].clone()
}

fn secret() -> Label {
    Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Secret,
        releasable_to: [Nation::USA].into(),
        restrictive: ["ORCON".to_owned(), "特定秘密".to_owned()].into(),
        informative: ["CIVIL".to_owned()].into(),
        originator: Nation::JPN,
        created: Timestamp(1_795_329_280_000),
        review: Some(Timestamp(1_995_329_280_000)),
    }
}

/// Runs a property and says what broke it, so that a planted fault can be shown to be caught.
fn run_property<S: Strategy>(
    strategy: S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) -> Result<(), String> {
    let config = Config { failure_persistence: None, ..Config::with_cases(500) };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&strategy, test)
        .map_err(|error| error.to_string())
}
