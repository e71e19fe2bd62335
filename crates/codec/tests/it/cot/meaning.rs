//! What an event says, and what becomes of it.

use super::*;

#[test]
fn an_event_is_printed_as_json() {
    let lines: String = [TEAM, ODD, BARE].map(|text| cot::json_line(&parse(text)) + "\n").concat();
    expect_test::expect![[r#"
        {"uid":"ANDROID-1","type":"a-f-G-U-C","time":"2026-11-22T06:28:00.123Z","start":"2026-11-22T06:28:00Z","stale":"2026-11-22T06:30:00Z","how":"m-g","lat":24.806,"lon":125.28,"hae":12.5,"callsign":"MIYAKO 1","team":"Cyan","speed":1.5,"course":270.0,"access":null,"caveat":null,"releasable_to":null}
        {"uid":"a&b 宮","type":"a-u-S","time":"2026-11-22T06:28:00.5Z","start":"2026-11-22T06:28:00.5Z","stale":"2026-11-22T06:28:20.5Z","how":"h-e","lat":-1.5,"lon":170.0,"hae":null,"callsign":null,"team":null,"speed":null,"course":null,"access":null,"caveat":null,"releasable_to":null}
        {"uid":"bare","type":"t-x-c-t","time":"2026-11-22T06:28:00Z","start":"2026-11-22T06:28:00Z","stale":"2026-11-22T06:28:20Z","how":null,"lat":null,"lon":null,"hae":0.0,"callsign":null,"team":null,"speed":null,"course":null,"access":null,"caveat":null,"releasable_to":null}
    "#]].assert_eq(&lines);
}

#[test]
fn remarks_and_emergencies_are_read() {
    let detail = |text: &str| parse(text).detail().clone();
    assert_eq!(detail(TEAM).remarks.as_deref(), Some("at the pier"));
    assert_eq!(detail(ODD).remarks.as_deref(), Some("5 < 6 <b>"));
    let calls =
        TEAM.replace("<remarks>", "<emergency type='911 Alert'>MIYAKO 1</emergency><remarks>");
    assert_eq!(detail(&calls).emergency.as_deref(), Some("911 Alert"));
    let cancels = calls.replace("<emergency ", "<emergency cancel='true' ");
    assert_eq!(detail(&cancels).emergency, None);
}

#[test]
fn what_must_be_there_is_asked_for_by_name() {
    for (without, expected) in [
        (" uid=\"ANDROID-1\"", "read CoT event: `uid` is missing or not 1 to 256 bytes"),
        (" type=\"a-f-G-U-C\"", "read CoT event: `type` is missing or not 1 to 64 characters"),
        (" lat=\"24.806\"", "read CoT event: `lat` is missing or not degrees"),
        (
            "</detail>",
            "read CoT event: ill-formed document: expected `</detail>`, but `</event>` was found near byte 386",
        ),
    ] {
        let error = Event::parse(TEAM.replacen(without, "", 1).as_bytes()).expect_err(without);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn setting_an_attribute_keeps_everything_else_byte_for_byte() {
    let event = parse(ODD);
    let marked = event
        .with_attribute("access", "Secret \"x\" & 'y'")
        .and_then(|event| event.with_attribute("how", "m-r"))
        .expect("an event");
    assert_eq!(marked.head().access.as_deref(), Some("Secret \"x\" & 'y'"));
    assert_eq!(marked.head().uid, event.head().uid);
    assert_eq!(marked.detail_xml(), event.detail_xml());
    let body = |event: &Event| {
        let xml = event.as_xml();
        let (_, body) = xml.split_once(">\n").or(xml.split_once("\">")).expect("a body");
        body.rsplit_once("</event").expect("an end").0.to_owned()
    };
    assert_eq!(body(&marked).trim_start(), body(&event).trim_start());
    assert!(marked.as_xml().contains(r#" zz="1 &gt; 0""#), "{}", marked.as_xml());
    assert_eq!(
        parse(TEAM).with_attribute("how", "m-r").expect("an event").as_xml(),
        TEAM.replace(r#"how="m-g""#, r#"how="m-r""#)
    );
}

fn observe(document: &str, partition: &str) -> Result<String, Reject> {
    let partition: Partition = partition.parse().expect("a partition");
    parse(document)
        .to_observation(&context(), &LabelWords::default(), &partition, Timestamp(5))
        .map(|observation| {
            observation.map_or("none".into(), |o| {
                let l = &o.label;
                format!(
                    "{:?} {:?} {:?} ±{:?} {:?} {:?} to {:?} restrictive {:?}",
                    o.identity,
                    o.domain,
                    o.position.map(|p| (p.latitude_deg(), p.longitude_deg())),
                    o.accuracy_m.map(|metres| metres.round()),
                    o.attributes.callsign,
                    l.classification,
                    l.releasable_to,
                    l.restrictive
                )
            })
        })
}

#[test]
fn atoms_become_reports_and_messages_do_not() {
    expect_test::expect![[r#"Cot("ANDROID-1") Land Some((24.806, 125.28)) ±Some(2.0) Some("MIYAKO 1") Restricted to {AUS, USA} restrictive {}"#]]
        .assert_eq(&observe(TEAM, "real").expect("of this world"));
    expect_test::expect![[r#"Cot("a&b 宮") Surface Some((-1.5, 170.0)) ±None None Restricted to {AUS, USA} restrictive {}"#]]
        .assert_eq(&observe(ODD, "real").expect("of this world"));
    assert_eq!(observe(BARE, "real").expect("of this world"), "none");
}

fn label_of(attributes: &str) -> String {
    let document = TEAM.replace(" how=", &format!(" {attributes} how="));
    let text = observe(&document, "real").expect("of this world");
    text.split_once("\"MIYAKO 1\") ").expect("a label").1.to_owned()
}

#[test]
fn a_label_of_the_events_own_narrows_the_feeds_and_never_widens_it() {
    expect_test::expect![[r#"Secret to {USA} restrictive {"NOFORN", "ORCON"}"#]]
        .assert_eq(&label_of(r#"access="Secret" caveat="NF//ORCON" releasableTo="USA, GBR""#));
    expect_test::expect!["Restricted to {AUS, USA} restrictive {}"]
        .assert_eq(&label_of(r#"access="Unclassified" caveat="" releasableTo="USA AUS KOR""#));
    expect_test::expect!["Restricted to {} restrictive {}"]
        .assert_eq(&label_of(r#"access="Undefined" releasableTo="everyone""#));
    expect_test::expect![[r#"TopSecret to {AUS, USA} restrictive {"HOLD"}"#]]
        .assert_eq(&label_of(r#"access="Burn before reading""#));
    expect_test::expect!["Restricted to {} restrictive {}"]
        .assert_eq(&label_of(r#"releasableTo="""#));
    let long = format!("caveat=\"{} NOFORN\"", "A ".repeat(300));
    assert!(label_of(&long).contains("HOLD"), "more caveats than are kept hold the event");
    let cut = format!("caveat=\"{} NOFORN\"", format!("{} ", "A".repeat(31)).repeat(12));
    assert!(label_of(&cut).contains("NOFORN"), "the last caveat of a long text counts");
}

#[test]
fn an_event_of_another_world_is_refused() {
    let check = |opex: &str, partition: &str| {
        let document = TEAM.replace(" how=", &format!(" opex=\"{opex}\" how="));
        observe(&document, partition).map_err(|reject| reject.reason).err()
    };
    assert_eq!(check("o", "real"), None);
    assert_eq!(check("o", "exercise:keen"), None, "a real receiver may take part");
    assert_eq!(check("e", "exercise:keen"), None);
    assert_eq!(check("e-KEEN", "exercise:keen"), None);
    assert_eq!(check("s-1", "simulation:1"), None);
    for (opex, partition) in [
        ("e", "real"),
        ("s-1", "real"),
        ("e-other", "exercise:keen"),
        ("s", "exercise:keen"),
        ("e", "simulation:1"),
        ("?", "real"),
    ] {
        assert_eq!(check(opex, partition), Some("partition"), "{opex} {partition}");
    }
}

#[test]
fn a_ping_is_answered() {
    assert!(parse(BARE).is_ping());
    let pong = cot::pong(Timestamp(1_795_329_280_000));
    expect_test::expect![[r#"<event version="2.0" uid="takPong" type="t-x-c-t-r" time="2026-11-22T06:34:40Z" start="2026-11-22T06:34:40Z" stale="2026-11-22T06:35:00Z" how="h-g-i-g-o"><point lat="0.0000000" lon="0.0000000" hae="9999999.0" ce="9999999.0" le="9999999.0"/><detail></detail></event>"#]].assert_eq(&pong);
    assert_eq!(parse(&pong).point().position, None);
}

fn track() -> Track {
    Track {
        number: TrackNumber(7),
        identities: [Identity::Mmsi(431_000_001)].into(),
        domain: Domain::Surface,
        estimate: Some(Estimate {
            at: Timestamp(1_795_329_280_000),
            position: Position::new(24.8, 125.3).expect("a position"),
            sd_m: 10.0,
            motion: Motion { speed_mps: Some(6.25), course_deg: Some(45.0), ..Motion::default() },
        }),
        attributes: Attributes {
            name: Some("KAIYO <MARU>".into()),
            callsign: Some("JX&1".into()),
            ship_type: Some(70),
            ..Attributes::default()
        },
        sources: [].into(),
        freshness: Freshness::Live,
        label: context().label,
        first_seen: Timestamp(0),
        last_seen: Timestamp(0),
        duplicate_identity: false,
    }
}

#[test]
fn a_track_is_shown_to_clients_with_its_label_and_world() {
    let partition: Partition = "exercise:keen".parse().expect("a partition");
    let marks = TrackMarks {
        uid: "renkei-JPN-7",
        affiliation: Affiliation::Neutral,
        partition: &partition,
        net: &LabelWords::default(),
        stale_ms: 60_000,
    };
    let xml = cot::from_track(&track(), &marks, Timestamp(1_795_329_281_000)).expect("a place");
    expect_test::expect![[r#"
        <event version="2.0" uid="renkei-JPN-7" type="a-n-S-X-M-C" time="2026-11-22T06:34:40Z" start="2026-11-22T06:34:40Z" stale="2026-11-22T06:35:41Z" how="m-r" access="Restricted" releasableTo="AUS JPN USA" opex="e-keen">
        <point lat="24.8000000" lon="125.3000000" hae="9999999.0" ce="21.5" le="9999999.0"/>
        <detail>
        <contact callsign="JX&amp;1"/>
        <track speed="6.25" course="45.00"/>
        <remarks>KAIYO &lt;MARU&gt;</remarks>
        </detail>
        </event>"#]].assert_eq(&xml.replace("><", ">\n<"));
    let event = parse(&xml);
    assert_eq!(event.detail().callsign.as_deref(), Some("JX&1"));
    assert_eq!(event.detail().remarks.as_deref(), Some("KAIYO <MARU>"));
    let unnamed = Track { attributes: Attributes::default(), ..track() };
    let xml = cot::from_track(&unnamed, &marks, Timestamp(0)).expect("a place");
    assert_eq!(parse(&xml).detail().callsign.as_deref(), Some("MMSI 431000001"));
    let nowhere = Track { estimate: None, ..track() };
    assert_eq!(cot::from_track(&nowhere, &marks, Timestamp(0)), None);
}

/// The label of a track, written for clients and read again under a feed's label that allows everything.
fn written_and_read(label: &Label, net: &LabelWords, edit: fn(String) -> String) -> Label {
    let partition = Partition::Real;
    let marks = TrackMarks {
        uid: "x",
        affiliation: Affiliation::Neutral,
        partition: &partition,
        net,
        stale_ms: 60_000,
    };
    let track = Track { label: label.clone(), ..track() };
    let xml = edit(cot::from_track(&track, &marks, Timestamp(0)).expect("a place"));
    let open = Label {
        classification: Classification::Unclassified,
        releasable_to: NATIONS.iter().filter_map(|code| code.parse().ok()).collect(),
        restrictive: [].into(),
        ..label.clone()
    };
    let context = FeedContext { label: open, ..context() };
    let observation = parse(&xml).to_observation(&context, net, &partition, Timestamp(0));
    observation.expect("of this world").expect("a report").label
}

const NATIONS: [&str; 4] = ["USA", "AUS", "KOR", "JPN"];

#[test]
fn what_is_written_for_clients_is_never_read_as_wider() {
    let levels = (0..5_usize).prop_map(|at| renkei_codec::label::LABEL_LEVELS[at]);
    let nations = proptest::sample::subsequence(NATIONS.to_vec(), 0..4);
    let caveats = proptest::collection::btree_set("[A-Z_]{1,12}", 0..6);
    let net = LabelWords::with(&OwnWords {
        written: [(Classification::Secret, "極秘".to_owned())].into(),
        ..OwnWords::default()
    })
    .expect("words that come back");
    let holds = |edit: fn(String) -> String| {
        run_property((levels.clone(), nations.clone(), caveats.clone()), |(level, to, caveats)| {
            let label = Label {
                classification: level,
                releasable_to: to.iter().filter_map(|code| code.parse().ok()).collect(),
                restrictive: caveats,
                ..context().label
            };
            let read = written_and_read(&label, &net, edit);
            prop_assert!(read.classification >= label.classification, "{read:?}");
            prop_assert!(read.restrictive.is_superset(&label.restrictive), "{read:?}");
            let mut allowed = label.releasable_to.clone();
            allowed.insert(label.originator);
            prop_assert!(read.releasable_to.is_subset(&allowed), "{read:?}");
            Ok(())
        })
    };
    assert!(holds(|xml| xml).is_ok());
    assert!(holds(|xml| xml.replace(" caveat=", " caveats=")).is_err(), "a lost caveat is caught");
    assert!(holds(|xml| xml.replace("Top Secret", "Unclassified")).is_err(), "so is a lower level");
}

#[test]
fn a_nets_own_words_are_read_and_a_word_for_two_levels_is_refused() {
    let own = OwnWords {
        access: [("Geheim".to_owned(), Classification::Secret)].into(),
        caveats: [("EYES".to_owned(), "NOFORN".to_owned())].into(),
        nations: [("US".to_owned(), Nation::USA)].into(),
        ..OwnWords::default()
    };
    let net = LabelWords::with(&own).expect("sound words");
    let document =
        TEAM.replace(" how=", r#" access="geheim" caveat="eyes" releasableTo="us" how="#);
    let read = parse(&document).to_observation(&context(), &net, &Partition::Real, Timestamp(0));
    let label = read.expect("of this world").expect("a report").label;
    assert_eq!(label.classification, Classification::Secret);
    assert_eq!(label.restrictive, ["NOFORN".to_owned()].into());
    assert_eq!(label.releasable_to, [Nation::USA].into());
    let twice = OwnWords {
        written: [(Classification::Unclassified, "Secret".to_owned())].into(),
        ..OwnWords::default()
    };
    assert_eq!(LabelWords::with(&twice), Err("Secret".into()));
}
