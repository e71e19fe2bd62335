//! Fields on which two other decoders agree, from two recordings.

use std::collections::BTreeMap;

use super::*;

/// How our lines compare with a golden file.
#[derive(Default)]
struct Score {
    fields: u64,
    agreeing: u64,
    positions_in_air: u64,
    positions_on_ground: u64,
    disagreements: BTreeMap<String, u64>,
}

impl Score {
    fn compare(&mut self, golden: &Map<String, Value>, ours: &Map<String, Value>) {
        for (key, expected) in golden.iter().filter(|(key, _)| *key != "t") {
            let actual = ours.get(key).unwrap_or(&Value::Null);
            self.fields += 1;
            let agrees = match (expected.as_f64(), actual.as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() <= tolerance(key),
                _ => expected == actual,
            };
            if agrees {
                self.agreeing += 1;
                continue;
            }
            let kind = if actual.is_null() { "absent" } else { "differs" };
            let name = format!("{key} of {} {kind}", golden["icao"]);
            *self.disagreements.entry(name).or_default() += 1;
        }
        if let (Some(true), Some(tc)) = (
            golden.get("lat").map(|_| ours.get("lat").is_some_and(Value::is_number)),
            golden.get("tc").and_then(Value::as_u64),
        ) {
            if tc < 9 {
                self.positions_on_ground += 1;
            } else {
                self.positions_in_air += 1;
            }
        }
    }
}

/// Golden values are rounded: positions to 1e-6° (0.11 m), speed and track to 0.001.
fn tolerance(key: &str) -> f64 {
    match key {
        "lat" | "lon" => 2e-6,
        "gs" | "track" => 1.1e-3,
        _ => 0.0,
    }
}

fn object(line: &str) -> Map<String, Value> {
    serde_json::from_str(line).expect("a JSON object")
}

fn check(golden: &str, recording: &str, expected: &expect_test::Expect) {
    let Some(golden) = super::recording(golden) else { return };
    let Some(recorded) = super::recording(recording) else { return };
    let mut lines = Lines::new(65_536);
    let mut rejects = BTreeMap::<&str, u64>::new();
    let mut ours = Vec::new();
    let mut take = |received: Received, lines: &mut Lines| {
        if let Err(reject) = lines.push(received) {
            *rejects.entry(reject.reason).or_default() += 1;
        }
        while let Some(line) = lines.next_line(false) {
            ours.push(line);
        }
    };
    let (mut json, mut avr) = (readsb::Deframer::default(), avr::Deframer::default());
    for line in recorded {
        if line.starts_with('{') {
            for item in json.push(format!("{line}\n").as_bytes()) {
                let Ok(readsb::Line::Frame(received)) = item else { panic!("{item:?}") };
                take(received, &mut lines);
            }
        } else {
            for received in avr.push(line.as_bytes()).into_iter().flatten() {
                take(received, &mut lines);
            }
        }
    }
    while let Some(line) = lines.next_line(true) {
        ours.push(line);
    }
    let (mut score, mut ours) = (Score::default(), ours.iter());
    let mut missing = 0;
    for golden in golden {
        let golden = object(&golden);
        // Ours has every frame of the golden file in the same order, and some more.
        let rest = ours.clone();
        match ours.by_ref().map(|line| object(line)).find(|line| line["frame"] == golden["frame"]) {
            Some(line) => score.compare(&golden, &line),
            None => {
                ours = rest;
                missing += 1;
            }
        }
    }
    let Score { fields, agreeing, positions_in_air, positions_on_ground, disagreements, .. } =
        score;
    assert!(agreeing as f64 >= fields as f64 * 0.999, "{agreeing} of {fields}");
    expected.assert_eq(&format!(
        "agreeing {agreeing} of {fields} fields, frames missing {missing}\n\
         positions: air {positions_in_air}, ground {positions_on_ground}\n\
         disagreements {disagreements:#?}\nrejected {rejects:?}\n"
    ));
}

/// What is absent belongs to three aircraft that stand, send one or two messages of one grid and are
/// never heard in the air: the other decoders placed them by a fixed reference, which we refuse.
#[test]
fn toulouse_fields_agree_with_two_other_decoders() {
    check(
        "golden/adsb-toulouse.jsonl.gz",
        "adsb/toulouse-2024-06-06.jsonl.gz",
        &expect_test::expect![[r#"
            agreeing 364941 of 364951 fields, frames missing 0
            positions: air 11471, ground 1540
            disagreements {
                "lat of \"3461ce\" absent": 2,
                "lat of \"392ae6\" absent": 2,
                "lat of \"44ce6a\" absent": 1,
                "lon of \"3461ce\" absent": 2,
                "lon of \"392ae6\" absent": 2,
                "lon of \"44ce6a\" absent": 1,
            }
            rejected {}
        "#]],
    );
}

#[test]
fn los_angeles_fields_agree_with_two_other_decoders() {
    check(
        "golden/adsb-lax.jsonl.gz",
        "adsb/lax.avr.gz",
        &expect_test::expect![[r#"
        agreeing 922300 of 922300 fields, frames missing 0
        positions: air 0, ground 0
        disagreements {}
        rejected {"format": 7}
    "#]],
    );
}
