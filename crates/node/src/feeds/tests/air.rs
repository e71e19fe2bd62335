//! Feeds of aircraft that others decoded, and of radars, over real sockets.

use renkei_codec::asterix::{self, Detection, Polar, TargetReport};
use renkei_codec::modes::sbs;
use renkei_model::observation::Domain;
use renkei_model::position::Position;

use super::*;

const RADAR: &str = "\n[[feed.radar]]\nsac = 25\nsic = 7\nat = [24.76, 125.33]\n\
                     range_sd_m = 60\nbearing_sd_deg = 0.07\nceiling_m = 15000";

/// A report of now, 40 NM to the north-east of that radar.
fn target(address: Option<u32>) -> TargetReport {
    let of_day_ms = clock::now().0.rem_euclid(86_400_000);
    TargetReport {
        sac: 25,
        sic: 7,
        time_of_day: Some((of_day_ms * 128 / 1_000) as u32),
        detection: Some(Detection::RollCall),
        polar: Some(Polar { range: 256 * 40, bearing: 8_192 }),
        address,
        ..TargetReport::default()
    }
}

#[tokio::test]
async fn sbs_lines_become_reports_dated_by_the_sender() {
    let address = free().await;
    let mut bench = Bench::start(&format!("kind = \"sbs\"\nlisten = \"{address}\"")).await;
    let begun = clock::now();
    // Nine hours ahead, as a receiver in Japan writes.
    let line = |after_ms: i64, longitude: f64| {
        let at = Position::new(24.8, longitude).unwrap();
        sbs::encode_position(0xF0_0123, at, 30_000, begun.plus_ms(9 * 3_600_000 + after_ms))
    };
    let lines = [line(-500, 125.3), line(0, 125.301), "STA,,5\r\n".into(), "hello\r\n".into()];
    let mut receiver = TcpStream::connect(address).await.unwrap();
    receiver.write_all(lines.concat().as_bytes()).await.unwrap();
    let reports = bench.observe(|b, o| o.len() == 1 && b.rejected.contains_key("syntax")).await;
    assert_eq!(reports[0].identity, Identity::Icao(0xF0_0123));
    assert_eq!(reports[0].event_time, begun);
    assert_eq!(bench.accepted, 2);
}

#[tokio::test]
async fn aircraft_json_is_read_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("aircraft.json");
    let aircraft = r#"{"hex":"f00123","flight":"RNK12","lat":24.8,"lon":125.3,"seen_pos":0.5}"#;
    let table = |now: i64| {
        format!(
            "{{ \"now\" : {now},\n\"aircraft\" : [\n{aircraft},\n{{\"hex\":\"~f00124\"}}\n]}}\n"
        )
    };
    std::fs::write(&path, table(1_717_664_400) + &table(1_717_664_401)).unwrap();
    let feed = format!("kind = \"aircraft_json\"\nfile = \"{}\"", path.display());
    let mut bench = Bench::start(&feed).await;
    let reports = bench.observe(|b, o| o.len() == 3 && b.state == Some(FeedState::Finished)).await;
    let placed = reports.iter().filter(|o| o.position.is_some()).count();
    assert_eq!((bench.accepted, placed), (4, 2), "each position once, the one without it once");
    assert!(reports.iter().any(|o| o.identity == Identity::NonIcao(0xF0_0124)));
}

#[tokio::test]
async fn a_radar_s_named_aircraft_are_reports_and_its_plots_are_a_sweep() {
    let address = free().await;
    let feed = format!("kind = \"asterix\"\nudp = \"{address}\"{RADAR}");
    let mut bench = Bench::start(&feed).await;
    bench.observe(|b, _| b.state == Some(FeedState::Open(0))).await;
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let simulated = TargetReport { is_simulated: true, ..target(None) };
    let elsewhere = TargetReport { sic: 8, ..target(None) };
    for report in [target(None), simulated, elsewhere, target(Some(0xF0_0123))] {
        sender.send_to(&asterix::encode_target(&report), address).await.unwrap();
    }
    sender.send_to(&asterix::encode_target(&target(None))[..8], address).await.unwrap();
    let reports =
        bench.observe(|b, o| o.len() == 1 && b.rejected.len() == 3 && b.sweeps.len() == 1).await;
    assert_eq!(reports[0].identity, Identity::Icao(0xF0_0123));
    assert!(reports[0].received_at.since_ms(reports[0].event_time).abs() < 5_000);
    let refused: Vec<&str> = bench.rejected.keys().copied().collect();
    assert_eq!(refused, ["simulated", "site", "truncated"]);
    assert_eq!(bench.accepted, 2);
    let (sensor, plots) = &bench.sweeps[0];
    assert_eq!((sensor.domain, sensor.period_ms, plots.len()), (Domain::Air, 4_000, 1));
    assert_eq!(plots[0].label.originator, Nation::JPN);
    // The antenna points north: the turn is over, before its time.
    sender.send_to(&asterix::encode_target(&target(None)), address).await.unwrap();
    sender.send_to(&[34, 0, 7, 0b1100_0000, 25, 7, 1], address).await.unwrap();
    let begun = clock::now();
    bench.observe(|b, _| b.sweeps.len() == 2).await;
    assert!(clock::now().since_ms(begun) < 1_500, "the sweep waited for its time");
}

#[tokio::test]
async fn plots_as_json_lines_are_swept_scan_by_scan() {
    let address = free().await;
    let feed = "[feed.sensor]\nturn_s = 60\nsees = \"surface\"";
    let feed = format!("kind = \"plots\"\nlisten = \"{address}\"\n{feed}");
    let mut bench = Bench::start(&feed).await;
    let mut sensor = TcpStream::connect(address).await.unwrap();
    let plot = |scan: u32, east: f64| {
        format!("{{\"scan\":{scan},\"lat\":24.8,\"lon\":{},\"sd_m\":50}}\n", 125.3 + east)
    };
    let lines = [plot(1, 0.0), plot(1, 0.1), "{\"lat\":24.8}\n".into(), plot(2, 0.0), plot(3, 0.0)];
    sensor.write_all(lines.concat().as_bytes()).await.unwrap();
    bench.observe(|b, _| b.sweeps.len() == 3 && b.rejected.get("shape") == Some(&1)).await;
    let lengths: Vec<usize> = bench.sweeps.iter().map(|(_, plots)| plots.len()).collect();
    assert_eq!(
        (lengths, bench.accepted),
        (vec![2, 1, 1], 4),
        "the last did not wait for half a turn"
    );
}
