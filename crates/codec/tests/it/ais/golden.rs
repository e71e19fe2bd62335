//! Recorded streams against the fields on which two other decoders agree.

use std::collections::{BTreeMap, BTreeSet};

use renkei_codec::ais::Receiver;
use serde_json::Value;

use crate::ais::{NOW, feed};
use crate::recordings::recording;

/// Where we stand alone, and why.
const DISAGREEMENTS: [(&str, u64); 1] = [
    // Longitude -202.46, which two decoders print: not on this Earth, so we print null.
    ("lon", 208_959_528),
];

/// Our objects of a recording by their sentences.
fn decoded(bytes: &[u8]) -> BTreeMap<String, Value> {
    let mut objects = BTreeMap::new();
    let mut receiver = Receiver::default();
    for line in feed(&mut receiver, bytes, NOW).iter().filter(|line| line.starts_with('{')) {
        let object: Value = serde_json::from_str(line).expect("our JSON is JSON");
        objects.insert(object["nmea"].to_string(), object);
    }
    objects
}

fn agrees(key: &str, ours: &Value, golden: &Value) -> bool {
    match (ours.as_f64(), golden.as_f64()) {
        // Position is rounded to 1e-6 there, and a pair with a float32 decoder is off by more.
        (Some(a), Some(b)) if matches!(key, "lat" | "lon" | "cog") => (a - b).abs() <= 1.6e-5,
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        _ => ours == golden,
    }
}

#[test]
fn every_type_agrees_with_the_golden_fields() {
    let Some(golden) = recording("golden/ais.jsonl.gz") else { return };
    let golden = String::from_utf8(golden).expect("golden file is text");
    let mut recordings = BTreeMap::new();
    let (mut fields, mut kinds, mut disagreements) = (0, BTreeSet::new(), Vec::new());
    for line in golden.lines() {
        let object: Value = serde_json::from_str(line).expect("golden file is JSON lines");
        let file = object["file"].as_str().expect("file").to_owned();
        let ours = recordings
            .entry(file.clone())
            .or_insert_with(|| decoded(&recording(&file).unwrap_or_default()))
            .get(&object["nmea"].to_string())
            .cloned()
            .unwrap_or_default();
        kinds.insert(object["type"].as_u64());
        for (key, value) in object.as_object().expect("object") {
            if matches!(key.as_str(), "file" | "nmea") {
                continue;
            }
            let agreed = agrees(key, &ours[key], value);
            fields += 1;
            let listed =
                DISAGREEMENTS.contains(&(key, object["mmsi"].as_u64().unwrap_or_default()));
            if !agreed && !listed {
                disagreements.push(format!("{key}: ours {} golden {value} in {line}", ours[key]));
            }
        }
    }
    println!("{fields} golden fields, {} of them disagree beside the listed", disagreements.len());
    assert_eq!(kinds.len(), 27, "the golden file has every type");
    assert!(disagreements.is_empty(), "{:#?}", &disagreements[..disagreements.len().min(20)]);
    assert!(fields > 364_000, "the golden file is shorter than it was: {fields} fields");
}
