//! `cargo xtask fuzz [N]`: N changed AIS lines, Mode S frames and streams, SBS lines and aircraft.json
//! tables, ASTERIX blocks and plots, CoT events, GeoJSON and KML documents, and labels, bindings and
//! policies in XML through every parser of outside bytes. A panic fails the run and prints the input as hexadecimal; so does
//! memory beyond [`MEMORY_KIB_MAX`].
//!
//! Refuses: chance. `fuzz N SEED` repeats a run on any machine.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use renkei_codec::FeedContext;
use renkei_codec::modes::fuzz::{Dice, Tally};
use renkei_codec::{ais, asterix, cot, label, layer, modes};
use renkei_model::id::{Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

/// What the issue asks for.
const COUNT: u64 = 10_000_000;
/// The most this process may ever hold. The largest tables (20,000 aircraft twice) and the longest
/// CoT event take 20 MiB; a leak of eight bytes an input would pass this bound within ten million.
const MEMORY_KIB_MAX: u64 = 64 * 1024;

/// Lines that broke other decoders or that stand round sentences: tag blocks, `$PGHP`, a prefix,
/// applications of binary messages.
const AIS_LINES: [&str; 12] = [
    "!AIVDM,1,1,8,2,J0Qc24T>@P,0*59",
    r"\g:1-2-3985,s:north,c:1795328880*25\!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C",
    r"\g:2-2-3985*5A\!AIVDM,2,2,1,A,88888888880,2*25",
    "$PGHP,1,2026,11,22,6,28,11,390,231,45,992190934,1,4A*53",
    "[2026-11-22 06:28:00] !AIVDM,1,1,,A,KCQ9r=hrFUnH7P00,0*41",
    "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A,1328166000123",
    "2018-05-11 03:50:03 !BSVDO,1,1,,,15RTgt0PAso;90TKcjM8h6g208CQ,0*7A",
    "!AIVDM,1,1,,A,800FHhP0EP:STHAp07P>0H21=ACt7l0000,4*4F",
    "!AIVDM,1,1,,B,83aDChPj2d<dL<uM=hhhI?a@6HP0,0*40",
    "!AIVDO,1,1,5,A,8>jR06@0Gwli:QQUP3en?wvlFR06EuOwgwl?wnSwe7wvlOwwsAwwnSGmwvh0,0*51",
    "!AAVDM,0,1",
    "# 2018-05-11",
];

const COT_EVENTS: [&str; 4] = [
    r#"<event version="2.0" uid="ANDROID-1" type="a-f-G-U-C" time="2026-11-22T06:28:00.123Z" start="2026-11-22T06:28:00Z" stale="2026-11-22T06:30:00Z" how="m-g"><point lat="24.806" lon="125.28" hae="12.5" ce="4.3" le="9999999.0"/><detail><contact endpoint="*:-1:stcp" callsign="MIYAKO 1"/><__group name="Cyan" role="Team Lead"/><track speed="1.5" course="270.0"/><remarks>at the pier</remarks></detail></event>"#,
    "<?xml version='1.0' encoding='UTF-8'?>\n<event version='2.0' uid='a&amp;b &#x5BAE;' type='a-u-S' time='2026-11-22T06:28:00.5Z' start='2026-11-22T06:28:00.5Z' stale='2026-11-22T06:28:20.5Z' how='h-e' zz='1 &gt; 0' ><!-- </event> --><detail ><v:x a='\"'><![CDATA[ </event> & < ]]></v:x><remarks source='x'>5 &lt; 6</remarks></detail><point lat='-1.5' lon='170' hae='9999999.0' ce='999999' le='999999' q='1'/></event >",
    r#"<event version="2.0" uid="bare" type="t-x-c-t" time="2026-11-22T06:28:00Z" start="2026-11-22T06:28:00Z" stale="2026-11-22T06:28:20Z"><point lat="0.0" lon="0.0" hae="0.0" ce="999999" le="999999" /></event>"#,
    r#"<event version="2.0" uid="宮古-2" type="a-h-A" access="Restricted" caveat="NOFORN" releasableTo="USA JPN" qos="5-r-g" opex="e-drill" time="2026-11-22T06:28:00Z" start="2026-11-22T06:28:00Z" stale="2026-11-22T06:28:20Z"><point lat="24" lon="125" hae="0" ce="1" le="1"/><detail><emergency type="911 Alert">SOS</emergency></detail></event>"#,
];

const LAYERS: [&str; 5] = [
    r#"{"type":"FeatureCollection","crs":{"properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[{"type":"Feature","properties":{"name":"A","name_ja":"甲","claimed_by":"X","note":"n"},"geometry":{"type":"Polygon","coordinates":[[[179,0],[-179,0],[-179,2],[179,2],[179,0]],[[179.5,0.5],[179.5,1],[180,1],[179.5,0.5]]]}},{"type":"Feature","properties":null,"geometry":{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[1e0,2.5],[3,-4]]},{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}]}}]}"#,
    r#"{"type":"Feature","properties":{"NAME":"B"},"geometry":{"type":"MultiLineString","coordinates":[[[0,90],[180,90]],[[-180,-90],[0,-90,12]]]}}"#,
    r#"{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}"#,
    r#"<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name><Placemark><name>A &amp; &#x7532;</name><MultiGeometry><Polygon><innerBoundaryIs><LinearRing><coordinates>2,2 2,4 4,4 2,2</coordinates></LinearRing></innerBoundaryIs><outerBoundaryIs><LinearRing><coordinates>0,0,5 10,0 10,10 0,10 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon><LineString><coordinates>179,1 -179,1</coordinates></LineString><Point><coordinates>1,1</coordinates></Point></MultiGeometry></Placemark></Document></kml>"#,
    "<k:kml xmlns:k='u'><k:Placemark><k:name><![CDATA[ 乙 < ]]></k:name><k:LineString><k:coordinates>\n1,2\n3,4\t5,6,7 </k:coordinates></k:LineString></k:Placemark><!-- x --></k:kml>",
];

fn context() -> FeedContext {
    let label = Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Unclassified,
        releasable_to: [Nation::USA].into(),
        restrictive: [].into(),
        informative: [].into(),
        originator: Nation::JPN,
        created: Timestamp(0),
        review: None,
    };
    FeedContext { source: SourceId("fuzz".into()), label, nation: Nation::JPN }
}

/// Area code and function of every application that is read.
const APPLICATIONS: [(u16, u8); 12] = [
    (1, 11),
    (1, 16),
    (1, 22),
    (1, 23),
    (1, 27),
    (1, 28),
    (1, 29),
    (1, 30),
    (1, 31),
    (1, 40),
    (200, 10),
    (200, 55),
];

/// A message of type 8 with this application and any content of any length.
fn application((area, function): (u16, u8), dice: &mut Dice) -> Vec<u8> {
    let mut sixes: Vec<u8> = (0..10 + dice.below(70)).map(|_| dice.below(64) as u8).collect();
    // Bits 40 to 55 lie in characters 6 to 9.
    let head = u32::from(area) << 6 | u32::from(function);
    sixes[0] = 8;
    sixes[6] = (head >> 14) as u8 & 3;
    sixes[7] = (head >> 8) as u8 & 63;
    sixes[8] = (head >> 2) as u8 & 63;
    sixes[9] = (head << 4) as u8 & 48 | sixes[9] & 15;
    sixes
}

/// Four messages of every type, 1 to 28, with any content, as many of every application, and
/// [`AIS_LINES`].
fn ais_corpus() -> Vec<Vec<u8>> {
    let mut dice = Dice::new(1);
    let mut lines: Vec<Vec<u8>> = AIS_LINES.map(|line| line.as_bytes().to_vec()).to_vec();
    let mut payloads = Vec::new();
    for kind in (1..=28).flat_map(|kind| [kind; 4]) {
        let mut sixes: Vec<u8> = (0..71).map(|_| dice.below(64) as u8).collect();
        sixes[0] = kind;
        payloads.push(sixes);
    }
    for of in APPLICATIONS.into_iter().flat_map(|of| [of; 4]) {
        payloads.push(application(of, &mut dice));
    }
    for sixes in payloads {
        let kind = sixes[0];
        let armoured: Vec<u8> =
            sixes.iter().map(|six| if *six < 40 { six + 48 } else { six + 56 }).collect();
        let Ok(message) = ais::decode(&armoured, 0) else { continue };
        let framing = ais::Framing { sequence: kind % 10, ..ais::Framing::default() };
        let mut sentences = ais::encode_sentences(&message, framing);
        if sentences.is_empty() {
            // A type without a table: the checksum is mended when the line is tried.
            sentences = vec![format!("!AIVDM,1,1,,B,{},0*00", String::from_utf8_lossy(&armoured))];
        }
        lines.extend(sentences.into_iter().map(String::into_bytes));
    }
    lines
}

/// What 32 aircraft send, and one frame of every format.
fn modes_corpus() -> Vec<Vec<u8>> {
    let mut frames: Vec<Vec<u8>> = Vec::new();
    for number in 0..32_u32 {
        let (icao, north) = (0xF0_0100 + number, f64::from(number) * 5.0 - 80.0);
        frames.push(modes::encode_identification(icao, 3, "RENKEI1").to_vec());
        for (is_odd, step) in [(false, 0.0), (true, 0.01)] {
            let Some(at) = Position::new(north + step, 125.0) else { continue };
            let frame = modes::encode_airborne_position(icao, at, 30_000, is_odd);
            frames.push(frame.to_vec());
            // The same as a position on the ground (type code 7).
            let mut surface = frame.to_vec();
            surface[4] = 7 << 3;
            frames.push(surface);
        }
        frames.push(modes::encode_velocity(icao, -300.0, 250.0, 1_200.0).to_vec());
        frames.push(modes::encode_all_call(icao).to_vec());
    }
    for df in 0..32_u8 {
        let len = if df < 16 { modes::SHORT_LEN } else { modes::LONG_LEN };
        frames.push([df << 3].into_iter().chain(1..).take(len).collect());
    }
    frames
}

/// SBS-1 lines of one aircraft, and tables of aircraft.
fn told_corpus() -> Vec<Vec<u8>> {
    let texts = [
        "MSG,1,1,1,F00123,1,2024/06/06,18:00:00.900,2024/06/06,18:00:00.950,RNK12,,,,,,,,,,,",
        "MSG,3,1,1,F00123,1,2024/06/06,18:00:02.900,2024/06/06,18:00:02.950,,35000,,,24.81000,125.29000,,,0,0,0,0",
        "MSG,4,1,1,F00123,1,2024/06/06,18:00:01.900,2024/06/06,18:00:01.950,,,450.0,90.0,,,-64,,,,,",
        "MSG,6,1,1,~F00124,1,2024/06/06,18:00:06.900,2024/06/06,18:00:06.950,,,,,,,,7700,-1,-1,0,0",
        r#"{ "now" : 1717664400.5, "messages" : 77, "aircraft" : [ {"hex":"f00123","flight":"RNK12   ","alt_baro":35000,"gs":450,"track":90,"lat":24.81,"lon":125.29,"seen_pos":0.5,"messages":9,"mlat":[],"nac_p":8,"sil":3,"rc":186,"squawk":"7700","emergency":"general"},
{"hex":"~f00124","lastPosition":{"lat":24.1,"lon":125.1},"category":"C1"}]}"#,
        r#"{"hex":"f00125","flight":"A\"B","lat":-90,"lon":180,"altitude":"ground"}"#,
    ];
    texts.map(|text| text.as_bytes().to_vec()).to_vec()
}

/// Reports and tracks with every item that is written, a block whose items are all there, and plots.
fn plots_corpus() -> Vec<Vec<u8>> {
    use renkei_codec::asterix::{
        Accuracy, Detection, FlightLevel, ModeA, Polar, SystemTrack, TargetReport, TrackState,
    };
    let mode_a = modes::Squawk::from_digits("7700").map(|code| ModeA {
        code,
        is_unsure: false,
        is_garbled: false,
    });
    let target = TargetReport {
        sac: 25,
        sic: 7,
        time_of_day: Some(2_000_000),
        detection: Some(Detection::RollCallPrimary),
        polar: Some(Polar { range: 10_240, bearing: 8_192 }),
        cartesian: Some((256, -256)),
        mode_a,
        flight_level: Some(FlightLevel { quarters: 1_320, is_unsure: false, is_garbled: false }),
        height: Some(-2),
        doppler_mps: Some(-10),
        track_number: Some(42),
        velocity: Some((1_024, 16_384)),
        track: Some(TrackState::default()),
        ..TargetReport::default()
    };
    let named = TargetReport {
        address: Some(0xF0_0123),
        callsign: Some(modes::Callsign::from_text("RNK12")),
        ..target.clone()
    };
    let track = SystemTrack {
        sac: 25,
        sic: 7,
        service: Some(1),
        time_of_day: Some(2_000_000),
        position: Some((4_660_338, 23_301_689)),
        cartesian: Some((2, -2)),
        velocity: Some((100, -100)),
        mode_a,
        track_number: Some(7),
        age: Some(12),
        flight_level: Some(1_320),
        geometric_altitude: Some(5_000),
        barometric_altitude: Some((1_320, true)),
        climb: Some(64),
        accuracy: Accuracy {
            cartesian: Some((80, 120)),
            covariance: Some(-40),
            geographic: Some((100, 100)),
        },
        ..SystemTrack::default()
    };
    let mut all = vec![48, 0, 60, 0xFF, 0xFF, 0xFF, 0xFE];
    all.extend(2..55);
    let lines = [
        r#"{"time":"2026-11-22T06:27:59.5Z","lat":24.8,"lon":125.3,"sd_m":50,"altitude_m":300,"mode_a":"1200","icao":"f00123"}"#,
        r#"{"time":1795328879.25,"lat":24.8,"lon":125.3,"east_m2":900,"north_m2":400,"east_north_m2":-120,"radial_speed_mps":-12.5}"#,
        r#"{"site":{"lat":24.7,"lon":125.3,"height_m":30,"ceiling_m":12000},"range_m":20000,"bearing_deg":90,"range_sd_m":25,"bearing_sd_deg":0.5}"#,
    ];
    let mut corpus = vec![
        asterix::encode_target(&target),
        asterix::encode_target(&named),
        asterix::encode_track(&track),
        all,
    ];
    corpus.extend(lines.map(|line| line.as_bytes().to_vec()));
    corpus
}

/// A label, its binding beside a document and within one, and the policies that ship.
fn label_corpus() -> Vec<Vec<u8>> {
    use label::binding::{detached, embedded};
    let policy = label::shipped("EXERCISE").map(|(_, spif)| spif);
    let read = policy.iter().filter_map(|spif| label::read_spif(spif.as_bytes()).ok());
    let mut corpus: Vec<Vec<u8>> = Vec::new();
    for policy in read {
        let Ok(xml) = label::from_model(&context().label, &policy, Timestamp(1)) else { continue };
        let written = label::write(label::Standing::Originator, &xml);
        corpus.extend(written.map(String::into_bytes));
        let beside = detached(xml.clone(), vec![xml.clone()], ("a.txt", None), b"a");
        corpus.extend(beside.map(String::into_bytes));
        corpus.extend(embedded(xml, vec![], b"<a>b</a>"));
    }
    corpus.extend(policy.map(String::into_bytes));
    corpus
}

/// Runs `parser`, which leaves what it tries in its argument; `None` after a panic, whose input is
/// then said.
fn survive(name: &str, parser: impl FnOnce(&mut Vec<u8>) -> Tally) -> Option<Tally> {
    let mut tried = Vec::new();
    if let Ok(tally) = catch_unwind(AssertUnwindSafe(|| parser(&mut tried))) {
        return Some(tally);
    }
    let hex: String = tried.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{name}: panicked on {hex}");
    None
}

/// Whether a planted panic is caught, as a real one would be.
fn catches_a_panic() -> bool {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let survived = survive("a planted fault, which must be caught", |tried| {
        *tried = b"planted".to_vec();
        assert!(tried.is_empty(), "a planted fault");
        Tally::default()
    });
    std::panic::set_hook(hook);
    survived.is_none()
}

/// The most memory this process ever held, in KiB; `None` where the system does not tell.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

type Run = fn(u64, u64, &[&[u8]], &FeedContext, &mut Vec<u8>) -> Tally;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse::<u64>());
    let (Ok(count), Ok(seed)) = (number(COUNT), number(1)) else {
        eprintln!("fuzz: call it as `fuzz [N [SEED]]` with whole numbers");
        return ExitCode::from(2);
    };
    println!(
        "seed {seed}, {count} inputs each; `cargo xtask fuzz {count} {seed}` repeats this run"
    );
    let mut failed = !catches_a_panic();
    let cot_corpus = COT_EVENTS.map(|event| event.as_bytes().to_vec()).to_vec();
    let layers = LAYERS.map(|document| document.as_bytes().to_vec()).to_vec();
    let parsers: [(&str, Run, Vec<Vec<u8>>); 7] = [
        ("AIS lines", ais::fuzz::run, ais_corpus()),
        ("Mode S frames and streams", modes::fuzz::run, modes_corpus()),
        ("SBS lines and aircraft.json", modes::fuzz::text::run, told_corpus()),
        ("ASTERIX blocks and plots", asterix::fuzz::run, plots_corpus()),
        ("CoT events", cot::fuzz::run, cot_corpus),
        ("GeoJSON and KML layers", layer::fuzz::run, layers),
        ("labels, bindings and policies", label::fuzz::run, label_corpus()),
    ];
    for (name, run, corpus) in parsers {
        let corpus: Vec<&[u8]> = corpus.iter().map(Vec::as_slice).collect();
        let started = Instant::now();
        match survive(name, |tried| run(seed, count, &corpus, &context(), tried)) {
            Some(Tally { inputs, accepted, rejected }) => println!(
                "{name}: {inputs} inputs from {}, {accepted} accepted, {rejected} rejected, no panic, {:.0} s",
                corpus.len(),
                started.elapsed().as_secs_f64()
            ),
            None => failed = true,
        }
    }
    match peak_kib() {
        Some(peak) => {
            println!("memory: at most {peak} KiB, bound {MEMORY_KIB_MAX} KiB");
            failed |= peak > MEMORY_KIB_MAX;
        }
        None => println!("memory: not measured, this system has no /proc"),
    }
    if failed {
        println!("failed");
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
