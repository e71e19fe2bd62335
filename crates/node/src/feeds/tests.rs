//! Feeds over real sockets on loopback.

use std::net::SocketAddr;
use std::time::Duration;

use renkei_core::picture::{Picture, PictureConfig, PictureInput};
use renkei_model::observation::Identity;
use renkei_policy::Policy;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use super::*;
use crate::messages::{FeedReport, FeedState};

mod air;

const AIS: &str = "!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\n";
const PING: &str = r#"<event version="2.0" uid="A-ping" type="t-x-c-t" time="2026-11-22T06:28:00Z" start="2026-11-22T06:28:00Z" stale="2026-11-22T06:28:20Z"><point lat="0" lon="0" hae="0" ce="999999" le="999999"/></event>"#;

fn team(uid: &str) -> String {
    let now = clock::now();
    let (time, stale) = (now.to_rfc3339().unwrap(), now.plus_ms(60_000).to_rfc3339().unwrap());
    format!(
        "<event version='2.0' uid='{uid}' type='a-f-G-U-C' time='{time}' start='{time}' \
         stale='{stale}' how='m-g'><point lat='24.8' lon='125.3' hae='5' ce='5' le='5'/>\
         <detail><contact callsign='{uid}'/></detail></event>\n"
    )
}

/// A feed under test: its engine's end of the channel, and the way of the picture to clients.
struct Bench {
    inbox: mpsc::Receiver<ToEngine>,
    to_tak: PictureToTak,
    rejected: std::collections::BTreeMap<&'static str, u64>,
    samples: Vec<String>,
    state: Option<FeedState>,
    accepted: u64,
    sweeps: Vec<(renkei_fusion::Sensor, Vec<Plot>)>,
}

impl Bench {
    async fn start(feed: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("renkei.toml");
        let text = format!(
            "nation = \"JPN\"\nname = \"x\"\npartition = \"exercise:test\"\n\
             http = \"127.0.0.1:0\"\n\n[[feed]]\nname = \"f\"\n{feed}\n"
        );
        std::fs::write(&path, text).unwrap();
        let config = crate::config::load(&path).unwrap();
        let (sender, inbox) = mpsc::channel(16);
        let to_tak = start(&config, sender).await.unwrap();
        Self {
            inbox,
            to_tak,
            rejected: std::collections::BTreeMap::new(),
            samples: Vec::new(),
            state: None,
            accepted: 0,
            sweeps: Vec::new(),
        }
    }

    fn report(&mut self, report: FeedReport) {
        self.accepted += report.accepted;
        self.state = Some(report.state);
        for (reason, count) in report.rejected {
            *self.rejected.entry(reason).or_default() += count;
        }
        self.samples
            .extend(report.samples.into_iter().map(|s| format!("{}: {}", s.reason, s.detail)));
    }

    /// Takes messages until `until` says that enough came; the reports of all.
    async fn observe(&mut self, until: impl Fn(&Self, &[Observation]) -> bool) -> Vec<Observation> {
        let mut observations = Vec::new();
        let all = async {
            while !until(self, &observations) {
                match self.inbox.recv().await.expect("the feed runs") {
                    ToEngine::Observed(batch) => observations.extend(batch),
                    ToEngine::Swept { sensor, plots } => self.sweeps.push((sensor, plots)),
                    ToEngine::Feed(report) => self.report(report),
                    other => panic!("{other:?}"),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), all).await.expect("in time");
        observations
    }
}

/// A loopback address that was free a moment ago.
async fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn a_receiver_that_connects_is_heard_and_garbage_costs_it_nothing() {
    let address = free().await;
    let mut bench = Bench::start(&format!("kind = \"ais\"\nlisten = \"{address}\"")).await;
    let mut receiver = TcpStream::connect(address).await.unwrap();
    receiver.write_all(AIS.as_bytes()).await.unwrap();
    receiver.write_all(&[0xFF; 5_000]).await.unwrap();
    receiver.write_all(b"\n!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*25\n").await.unwrap();
    receiver.write_all(AIS.as_bytes()).await.unwrap();
    let reports = bench.observe(|b, o| o.len() == 2 && b.rejected.len() >= 2).await;
    assert!(reports.iter().all(|o| o.identity == Identity::Mmsi(265_547_250)));
    assert_eq!(bench.rejected.get("checksum"), Some(&1));
    assert_eq!(bench.state, Some(FeedState::Open(1)));
    assert_eq!(reports[0].label.policy, "JPN-EXERCISE");
    drop(receiver);
    bench.observe(|b, _| b.state == Some(FeedState::Open(0))).await;
}

#[tokio::test]
async fn a_receiver_that_we_call_is_called_again_after_it_hung_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut bench = Bench::start(&format!("kind = \"ais\"\nconnect = \"{address}\"")).await;
    for _ in 0..2 {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(AIS.as_bytes()).await.unwrap();
        drop(stream);
        bench.observe(|_, o| !o.is_empty()).await;
    }
    bench
        .observe(|b, _| matches!(&b.state, Some(FeedState::Down(why)) if why.contains("closed")))
        .await;
}

#[tokio::test]
async fn an_address_in_use_is_said_and_taken_once_it_is_free() {
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = other.local_addr().unwrap();
    let mut bench = Bench::start(&format!("kind = \"avr\"\nlisten = \"{address}\"")).await;
    bench.observe(|b, _| matches!(&b.state, Some(FeedState::Down(why)) if why.contains("end the other program"))).await;
    drop(other);
    bench.observe(|b, _| b.state == Some(FeedState::Open(0))).await;
}

#[tokio::test]
async fn datagrams_need_no_line_end() {
    let address = free().await;
    let mut bench = Bench::start(&format!("kind = \"ais\"\nudp = \"{address}\"")).await;
    bench.observe(|b, _| b.state == Some(FeedState::Open(0))).await;
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for _ in 0..2 {
        sender.send_to(AIS.trim_end().as_bytes(), address).await.unwrap();
    }
    bench.observe(|_, o| o.len() == 2).await;
}

#[tokio::test]
async fn a_recording_is_read_from_a_file_and_dated_by_its_arrival() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("recording.nmea.gz");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gz, format!("\\c:1334337317*5C\\{AIS}{AIS}").as_bytes())
        .unwrap();
    std::fs::write(&path, gz.finish().unwrap()).unwrap();
    let mut bench = Bench::start(&format!("kind = \"ais\"\nfile = \"{}\"", path.display())).await;
    let reports = bench.observe(|b, o| o.len() == 2 && b.state == Some(FeedState::Finished)).await;
    assert!(reports.iter().all(|o| o.received_at.since_ms(o.event_time) < 1_000));
    assert!(bench.samples.is_empty(), "no clock is blamed: {:?}", bench.samples);
}

#[tokio::test]
async fn a_missing_file_takes_only_its_feed_down() {
    let mut bench = Bench::start("kind = \"cot\"\nfile = \"nowhere\"").await;
    bench.observe(|b, _| matches!(&b.state, Some(FeedState::Down(why)) if why.contains("correct feed.file"))).await;
}

async fn client(address: SocketAddr, say: &str) -> TcpStream {
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(say.as_bytes()).await.unwrap();
    client
}

/// What a client is sent until it has `wanted`.
async fn hear(client: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let mut chunk = vec![0; 4096];
    let heard = async {
        while !text.contains(wanted) {
            let length = client.read(&mut chunk).await.unwrap();
            assert!(length > 0, "hung up after {text}");
            text.push_str(std::str::from_utf8(&chunk[..length]).unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("in time");
    text
}

fn picture() -> Picture {
    let partition = "exercise:test".parse().unwrap();
    let policy = Policy::load(Nation::JPN, &partition, &[] as &[(&str, &str)]).unwrap();
    Picture::new(PictureConfig::new(Nation::JPN, Nation::USA), &policy)
}

#[tokio::test]
async fn a_client_is_answered_heard_and_shown_the_others_but_not_itself() {
    let address = free().await;
    let mut bench = Bench::start(&format!("kind = \"cot\"\nlisten = \"{address}\"")).await;
    let mut a = client(address, &[PING, &team("A")].concat()).await;
    assert!(hear(&mut a, "</event>").await.contains("type=\"t-x-c-t-r\""));
    let mut b = client(address, &team("B")).await;
    let reports = bench.observe(|_, o| o.len() == 2).await;
    let mut picture = picture();
    let now = clock::now();
    for report in reports {
        picture.handle(PictureInput::Observed(report), now);
    }
    bench.to_tak.send(&picture, Nation::JPN, now);
    let (to_a, to_b) = (hear(&mut a, "</event>").await, hear(&mut b, "</event>").await);
    assert!(to_a.contains("uid=\"B\"") && !to_a.contains("uid=\"A\""), "{to_a}");
    assert!(to_b.contains("uid=\"A\"") && !to_b.contains("uid=\"B\""), "{to_b}");
    let mut late = client(address, "").await;
    bench.observe(|b, _| b.state == Some(FeedState::Open(3))).await;
    bench.to_tak.send(&picture, Nation::JPN, now.plus_ms(1_000));
    let to_late = hear(&mut late, "uid=\"B\"").await;
    assert!(to_late.contains("uid=\"A\""), "a newcomer is shown everything: {to_late}");
}

#[tokio::test]
async fn a_second_client_with_the_same_uid_is_told_apart_and_counted() {
    let address = free().await;
    let mut bench = Bench::start(&format!("kind = \"cot\"\nlisten = \"{address}\"")).await;
    let first = client(address, &team("A")).await;
    let of = |uid: &str| Identity::Cot(uid.into());
    let reports = bench.observe(|_, o| o.len() == 1).await;
    assert_eq!(reports[0].identity, of("A"));
    let mut second = client(address, &team("A")).await;
    let reports =
        bench.observe(|b, o| o.len() == 1 && b.rejected.contains_key("duplicate_uid")).await;
    assert_eq!(reports[0].identity, of("A#2"));
    drop(first);
    bench.observe(|b, _| b.state == Some(FeedState::Open(1))).await;
    second.write_all(team("A").as_bytes()).await.unwrap();
    let reports = bench.observe(|_, o| o.len() == 1).await;
    assert_eq!(reports[0].identity, of("A"), "the name is free again");
    assert_eq!(bench.rejected.get("duplicate_uid"), Some(&1));
}

#[tokio::test]
async fn a_track_goes_to_clients_only_where_its_label_asks_no_more_than_their_net() {
    let address = free().await;
    let bench = Bench::start(&format!("kind = \"cot\"\nlisten = \"{address}\"")).await;
    let mut watcher = client(address, PING).await;
    hear(&mut watcher, "</event>").await;
    let now = clock::now();
    let picture = ships(
        &[(1, "restrictive = [\"SENSITIVE_SOURCE\"]"), (2, "classification = \"secret\""), (3, "")],
        now,
    );
    bench.to_tak.send(&picture, Nation::JPN, now);
    let shown = hear(&mut watcher, "</event>").await;
    assert!(
        shown.contains("SHIP 3") && !shown.contains("SHIP 1") && !shown.contains("SHIP 2"),
        "{shown}"
    );
}

/// A picture of ships named after their numbers, each labelled by a feed with these settings.
fn ships(of: &[(u32, &str)], now: renkei_model::time::Timestamp) -> renkei_core::picture::Picture {
    let settings = |extra: &str| {
        let text = format!("name = \"s\"\nkind = \"ais\"\nlisten = \"127.0.0.1:1\"\n{extra}");
        toml::from_str::<crate::config::FeedConfig>(&text).unwrap()
    };
    let (engine, _inbox) = mpsc::channel(1);
    let partition = "exercise:test".parse().unwrap();
    let mut picture = picture();
    for (mmsi, extra) in of.iter().copied() {
        let feed = Feed::new(&settings(extra), Nation::JPN, &partition, engine.clone());
        let place = renkei_model::position::Position::new(24.8, 125.0 + f64::from(mmsi));
        picture.handle(
            PictureInput::Observed(Observation {
                source: feed.context.observation_source(),
                identity: Identity::Mmsi(999_000_000 + mmsi),
                domain: renkei_model::observation::Domain::Surface,
                event_time: now,
                received_at: now,
                position: place,
                accuracy_m: None,
                motion: renkei_model::observation::Motion::default(),
                attributes: renkei_model::observation::Attributes {
                    name: Some(format!("SHIP {mmsi}")),
                    ..Default::default()
                },
                content: u64::from(mmsi),
                label: feed.context.label.clone(),
            }),
            now,
        );
    }
    picture
}

#[tokio::test]
async fn a_net_that_loses_marks_gets_only_what_needs_none() {
    let address = free().await;
    let net = "classification = \"secret\"\nrestrictive = [\"ORCON\"]\n";
    let settings = format!("kind = \"cot\"\nlisten = \"{address}\"\n{net}labels = \"kept\"");
    let mut bench = Bench::start(&settings).await;
    let mut watcher = client(address, PING).await;
    hear(&mut watcher, "</event>").await;
    let now = clock::now();
    let of = [(1, "restrictive = [\"ORCON\"]"), (2, "classification = \"secret\""), (3, "")];
    bench.to_tak.send(&ships(&of, now), Nation::JPN, now);
    let shown = hear(&mut watcher, "SHIP 3").await;
    assert!(shown.contains("SHIP 1") && shown.contains("SHIP 2"), "{shown}");
    assert!(shown.contains("caveat=\"ORCON\"") && shown.contains("access=\"Secret\""), "{shown}");

    // A client gives one of them back without its marks, as most open TAK servers do.
    let stripped = team("renkei-JPN-2").replace(" access=", " was=");
    watcher.write_all(stripped.as_bytes()).await.unwrap();
    bench.observe(|b, _| b.rejected.contains_key("label_blind")).await;
    assert_eq!(bench.rejected.get("echo"), Some(&1), "it is not taken for a report");
    let later = now.plus_ms(1_000);
    bench.to_tak.send(&ships(&of, later), Nation::JPN, later);
    let shown = hear(&mut watcher, "SHIP 3").await;
    assert!(!shown.contains("SHIP 1") && !shown.contains("SHIP 2"), "{shown}");
}

#[tokio::test]
async fn a_net_of_which_nobody_said_that_it_keeps_marks_is_taken_to_lose_them() {
    let address = free().await;
    let settings = format!("kind = \"cot\"\nlisten = \"{address}\"\nclassification = \"secret\"");
    let bench = Bench::start(&settings).await;
    let mut watcher = client(address, PING).await;
    hear(&mut watcher, "</event>").await;
    let now = clock::now();
    bench.to_tak.send(
        &ships(&[(2, "classification = \"secret\""), (3, "")], now),
        Nation::JPN,
        now,
    );
    let shown = hear(&mut watcher, "SHIP 3").await;
    assert!(!shown.contains("SHIP 2"), "{shown}");
}
