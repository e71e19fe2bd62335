//! A real recording: 18,623 positions of 91 ships in the Solent, one of which jumps to 54° E and
//! back. From Stone Soup 1.9.1 (MIT); read from beside the checkout where it is present.

use std::io::Read as _;
use std::path::Path;

use expect_test::expect;
use renkei_fusion::{AisCsvError, FusionConfig, fuse_ais_csv};

fn recording() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/tracks/solent-ais-2016-01-12.csv.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        println!("skipped: {} is absent", path.display());
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    Some(text)
}

#[test]
fn ninety_one_ships_give_ninety_one_tracks_and_the_jumps_are_flagged() {
    let Some(text) = recording() else { return };
    let report = fuse_ais_csv(&text, FusionConfig::default()).unwrap();
    assert_eq!((report.rows, report.rejected), (18_623, 0));
    expect![[r#"
        {
          "tracks": 91,
          "identities": 91,
          "alerts": [
            {
              "kind": "impossible_jump",
              "mmsi": 245188000,
              "time": "2016-01-12T13:41:20.973Z",
              "distance_m": 3832479.0,
              "seconds": 11.575
            },
            {
              "kind": "impossible_jump",
              "mmsi": 245188000,
              "time": "2016-01-12T13:41:30.473Z",
              "distance_m": 3832479.0,
              "seconds": 9.5
            }
          ],
          "rows": 18623,
          "rejected": 0
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn a_table_without_a_needed_column_says_which() {
    let refuse = |text| fuse_ais_csv(text, FusionConfig::default()).unwrap_err();
    assert_eq!(refuse("\n\n"), AisCsvError::Empty);
    assert_eq!(refuse("Time,MMSI,lat\n"), AisCsvError::Column("lon"));
    expect!["read AIS table, line 1: no column begins with `lon`; columns are known by their first letters: time, mmsi, lat, lon, and if there are cog, sog"]
        .assert_eq(&refuse("Time,MMSI,lat\n").to_string());
}

#[test]
fn rows_that_cannot_be_read_are_counted_and_harm_no_other() {
    let text = "time,mmsi,lat,lon,cog,sog\n\
        2016-01-12 13:00:00,1,50,1,90,5\n\
        yesterday,1,50,1,90,5\n\
        2016-01-12T13:00:10Z,1,91,1,90,5\n\
        2016-01-12 13:00:20\n\
        2016-01-12 13:00:30,2,50.5,1,,\n";
    let report = fuse_ais_csv(text, FusionConfig::default()).unwrap();
    assert_eq!((report.rows, report.rejected, report.tracks, report.identities), (2, 3, 2, 2));
}

#[test]
fn two_ships_under_one_number_are_named_in_the_table_too() {
    let mut text = String::from("time,mmsi,lat,lon\n");
    for second in 0..20 {
        let longitude = if second % 2 == 0 { 1.0 } else { 2.0 };
        text += &format!("2016-01-12 13:00:{second:02},7,50,{longitude}\n");
    }
    let report = fuse_ais_csv(&text, FusionConfig::default()).unwrap();
    assert_eq!((report.tracks, report.identities), (2, 1));
    let json = serde_json::to_string(&report.alerts).unwrap();
    assert!(json.contains(r#"{"kind":"duplicate_identity","mmsi":7,"#), "{json}");
}
