//! Wrong clocks, from bytes to dates.

use std::path::Path;

use renkei_fusion::clock::ClockBasis;
use renkei_model::id::Nation;

use super::*;

const AIS: &str = "!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\n";
const DAY_MS: i64 = 86_400_000;

fn reader(make: fn(&Feed) -> Reader) -> Reader {
    let settings = "name = \"f\"\nkind = \"ais\"\nudp = \"127.0.0.1:1\"\n";
    let (engine, _) = tokio::sync::mpsc::channel(1);
    let partition = "exercise:test".parse().unwrap();
    make(&Feed::new(&toml::from_str(settings).unwrap(), Nation::JPN, &partition, engine))
}

#[test]
fn a_receiver_that_is_set_days_back_and_right_again_is_said_twice() {
    let mut reader = reader(Reader::new);
    let mut notes = Vec::new();
    for s in 0..40 {
        let now = Timestamp(1_800_000_000_000 + s * 1_000);
        let slow_ms = if (10..20).contains(&s) { 3 * DAY_MS } else { 0 };
        let line = format!("\\c:{}*00\\{AIS}", (now.0 - slow_ms) / 1_000);
        let batch = reader.push(line.as_bytes(), now);
        // Until five seconds agree it may be a late report, and stays as old as it says.
        let old_ms = if (10..14).contains(&s) { 3 * DAY_MS } else { 0 };
        assert_eq!(now.since_ms(batch.observations[0].event_time), old_ms, "{s} s");
        notes.extend(batch.notes.into_iter().map(|note| format!("{s} s: {}", note.detail)));
    }
    assert_eq!(
        notes,
        [
            "14 s: the sender's clock is 259200 s slow (± 1 s); its reports are dated without that",
            "24 s: the sender's clock is right again: 0 s fast (± 1 s)",
        ]
    );
}

/// The Tokyo Bay station's log (MIT), read from beside the checkout where it is present.
fn tokyo_bay(part: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../../../shared/data/ais/tokyo-bay-2018-05-14.{part}.nmea"));
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is absent", path.display());
    }
    bytes
}

/// By the GPS log, whose first seven seconds came out of a buffer at once: the first line lies
/// 3 d 1 h 57 m 30 s behind GPS, and 548 of 555 lie this far behind.
const TOKYO_BAY_SLOW_MS: i64 = (((3 * 24 + 1) * 60 + 57) * 60 + 37) * 1_000;

fn check_tokyo_bay(part: &str) {
    let Some(log) = tokyo_bay(part) else { return };
    let mut reader = reader(Reader::recorded);
    reader.push(&log, Timestamp(1_800_000_000_000));
    let reading = reader.clock.reading().expect("the log tells UTC");
    let off_ms = (reading.offset_ms - TOKYO_BAY_SLOW_MS).abs();
    assert!(off_ms <= 1_000, "{part}: {reading:?} is {off_ms} ms off");
    assert!(reading.is_wrong && reading.basis == ClockBasis::Told, "{reading:?}");
}

#[test]
fn the_gps_of_tokyo_bay_proves_its_clock_slow_to_a_second() {
    check_tokyo_bay("gps");
}

#[test]
fn the_base_stations_of_tokyo_bay_prove_its_clock_slow_to_a_second() {
    check_tokyo_bay("ais");
}

#[test]
fn a_live_feed_from_tokyo_bay_is_dated_to_a_second() {
    let Some(log) = tokyo_bay("ais") else { return };
    let mut reader = reader(Reader::new);
    let mut cutter = crate::feeds::recording::Cutter::new(FeedKind::Ais);
    let mut stamped = None;
    for part in cutter.push(Some(&log)).into_iter().flatten() {
        stamped = part.at.or(stamped);
        let Some(stamped) = stamped else { continue };
        // Half a second after the second in which it was logged.
        let now = stamped.plus_ms(TOKYO_BAY_SLOW_MS + 500);
        for observation in reader.push(&part.bytes, now).observations {
            let off_ms = observation.event_time.since_ms(now.plus_ms(-500)).abs();
            assert!(off_ms <= 1_500, "dated {off_ms} ms off");
        }
    }
    assert!(reader.clock.reading().is_some_and(|reading| reading.is_wrong));
}
