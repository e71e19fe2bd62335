//! Cursor on Target: shapes seen in the field, hostile bytes, and what is written back.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use renkei_codec::cot::{self, Event, LabelWords, OwnWords, Splitter, TrackMarks};
use renkei_codec::{FeedContext, Reject, cot::fuzz};
use renkei_model::id::{Nation, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion};
use renkei_model::position::Position;
use renkei_model::statement::Affiliation;
use renkei_model::time::Timestamp;
use renkei_model::track::{Estimate, Freshness, Track, TrackNumber};

mod meaning;
mod split;

/// A team member as a phone sends it: double quotes, one line.
const TEAM: &str = r#"<event version="2.0" uid="ANDROID-1" type="a-f-G-U-C" time="2026-11-22T06:28:00.123Z" start="2026-11-22T06:28:00Z" stale="2026-11-22T06:30:00Z" how="m-g"><point lat="24.806" lon="125.28" hae="12.5" ce="4.3" le="9999999.0"/><detail><contact endpoint="*:-1:stcp" callsign="MIYAKO 1"/><__group name="Cyan" role="Team Lead"/><track speed="1.5" course="270.0"/><remarks>at the pier</remarks></detail></event>"#;
/// Single quotes, a declaration, blanks, a comment, entities, CDATA, unknown elements.
const ODD: &str = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<event version='2.0' \
    uid='a&amp;b &#x5BAE;' type='a-u-S' time='2026-11-22T06:28:00.5Z' \
    start='2026-11-22T06:28:00.5Z'\n stale='2026-11-22T06:28:20.5Z' how='h-e' zz='1 &gt; 0' >\n\
    <!-- </event> --><detail ><vendor:x a='\"'><![CDATA[ </event> & < ]]></vendor:x>\
    <remarks source='x'>5 &lt; 6 <![CDATA[<b>]]></remarks></detail>\
    <point lat='-1.5' lon='170' hae='9999999.0' ce='999999' le='999999' q='1'/></event >";
/// No detail, no `how`, no milliseconds, empty elements with a blank.
const BARE: &str = r#"<event version="2.0" uid="bare" type="t-x-c-t" time="2026-11-22T06:28:00Z" start="2026-11-22T06:28:00Z" stale="2026-11-22T06:28:20Z"><point lat="0.0" lon="0.0" hae="0.0" ce="999999" le="999999" /></event>"#;

fn context() -> FeedContext {
    let label = Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Restricted,
        releasable_to: [Nation::USA, "AUS".parse().expect("a nation")].into(),
        restrictive: [].into(),
        informative: [].into(),
        originator: Nation::JPN,
        created: Timestamp(0),
        review: None,
    };
    FeedContext { source: SourceId("test-cot".into()), label, nation: Nation::JPN }
}

fn parse(document: &str) -> Event {
    let documents = Splitter::default().push(document.as_bytes());
    let [Ok(document)] = documents.as_slice() else { panic!("{documents:?}") };
    Event::parse(document).expect("an event")
}

/// Splits and reads a stream; a line for each event or refusal.
fn read(stream: &[u8]) -> String {
    let mut splitter = Splitter::default();
    let mut items = splitter.push(stream);
    items.extend(splitter.finish());
    items.into_iter().fold(String::new(), |text, item| {
        text + &match item {
            Ok(document) => match Event::parse(&document) {
                Ok(event) => format!("event {} {}\n", event.head().uid, event.head().kind),
                Err(error) => format!("refused {}: {error}\n", error.code()),
            },
            Err(Reject { reason, detail, .. }) => format!("reject {reason}: {detail}\n"),
        }
    })
}

/// Runs a property and says what broke it, so that a planted fault can be shown to be caught.
fn run_property<S: Strategy>(
    strategy: S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) -> Result<(), TestError<S::Value>> {
    let config = Config { failure_persistence: None, ..Config::with_cases(1_000) };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&strategy, test)
}
