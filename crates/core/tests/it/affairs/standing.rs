//! The phrase book: both languages, and words that fit what is known.

use expect_test::{Expect, expect};
use renkei_core::affairs::{AffairsInput, Command, Standing, StandingError};
use renkei_model::observation::{Domain, Emergency};
use renkei_model::seat::Role;
use renkei_model::statement::Occurrence;

use super::agreement::{begin, current, draft, incident};
use super::pair::{JPN, Pair, alert, ship};

#[test]
fn the_shipped_book_is_whole() {
    let book = Standing::shipped().view();
    assert_eq!(book.standing.len(), 4);
    for option in &book.standing {
        let of = |nation: Option<&str>| {
            let blocks =
                option.blocks.iter().filter_map(|id| book.blocks.iter().find(|b| b.id == *id));
            blocks.filter(|b| b.nation.as_ref().map(|n| n.code()) == nation).count()
        };
        assert!(of(None) >= 3, "{}: a common text", option.id);
        assert!(of(Some("JPN")) >= 1 && of(Some("USA")) >= 1, "{}: each side acts", option.id);
        let own: Vec<_> = option.id.split_once('.').into_iter().collect();
        assert!(own.len() == 1, "{}: an id with its edition", option.id);
    }
    assert!(book.blocks.len() >= 48, "{} blocks", book.blocks.len());
}

#[test]
fn a_standing_option_is_rendered_in_both_languages() {
    let mut pair = Pair::new();
    begin(&mut pair);
    draft(&mut pair, JPN).unwrap();
    let (_, _, version) = current(&pair, JPN);
    let mut text = format!("{}\n{}\n", version.text.en, version.text.ja);
    for action in &version.actions {
        text.push_str(&format!("{}: {}\n{}\n", action.nation, action.text.en, action.text.ja));
    }
    expect![[r#"
        SAMPLE STAR (J-0412) entered Miyako Strait. This states a fact; no finding of law or intent is made. Both sides keep SAMPLE STAR (J-0412) under observation and keep one picture of its movement. Both sides follow the collision regulations and keep a safe distance. Each side reports position, course and speed every 30 minutes, and any change at once. This ends when SAMPLE STAR (J-0412) has left Miyako Strait, or when either side says so. Each side commands only its own forces, through its own chain of command.
        SAMPLE STAR（J-0412）が宮古海峡に進入した。本件は事実の記述であり、意図及び法的評価に係る判断を含まない。日米双方は、SAMPLE STAR（J-0412）の動静を継続的に把握し、状況認識を一致させる。双方は、海上衝突予防に関する国際規則に従い、安全な距離を保持する。双方は、位置、針路及び速力を30分ごとに、変化があれば直ちに、相互に通報する。本対応は、SAMPLE STAR（J-0412）が宮古海峡を離れた時点、又はいずれかの側が終了を通報した時点で終了する。双方は、各々の指揮系統により、自国の部隊のみを指揮する。
        JPN: The Japanese side watches with a surface unit. The Japanese side keeps the Japan Coast Guard informed.
        日本側は、水上部隊により動静を監視する。日本側は、海上保安庁と情報を共有する。
        USA: The US side watches with a maritime patrol aircraft. The US side provides what its release policy permits without being asked.
        米側は、哨戒機により動静を監視する。米側は、提供可能な情報資料を、要請を待たずに提供する。
    "#]].assert_eq(&text);
    let option = &pair.nodes[JPN].affairs.snapshot(pair.now).options[0];
    assert_eq!(option.template.as_deref(), Some("shadow-report.1"));
}

fn distress(name: Option<&str>, domain: Domain, expect: &Expect) {
    let mut pair = Pair::new();
    let mut about = ship(JPN);
    let subject = &mut about.released.as_mut().unwrap().subject;
    subject.name = name.map(String::from);
    subject.identity = None;
    subject.domain = domain;
    let occurrence = Occurrence::Emergency { emergency: Emergency::Distress };
    let raised = alert(occurrence, about, pair.now);
    pair.act(JPN, AffairsInput::Raise(raised));
    let incident = incident(&pair, JPN);
    pair.ask(JPN, Role::WatchOfficer, Command::Acknowledge { incident: incident.clone() }).unwrap();
    let command = Command::Draft {
        incident,
        template: "distress-support.1".into(),
        blocks: vec!["ds-situation".into(), "ds-life".into()],
        deadline_s: 120,
    };
    pair.ask(JPN, Role::WatchOfficer, command).unwrap();
    let (_, _, version) = current(&pair, JPN);
    expect.assert_eq(&format!("{}\n{}\n", version.text.en, version.text.ja));
}

#[test]
fn a_subject_is_called_by_what_was_released() {
    distress(
        Some("SAMPLE STAR"),
        Domain::Surface,
        &expect![[r#"
        A distress concerning SAMPLE STAR (J-0412) was reported. Saving life comes before every other purpose.
        SAMPLE STAR（J-0412）に関する遭難の通報があった。人命の救助を最優先とする。
    "#]],
    );
    distress(
        None,
        Domain::Surface,
        &expect![[r#"
        A distress concerning the vessel J-0412 was reported. Saving life comes before every other purpose.
        船舶J-0412に関する遭難の通報があった。人命の救助を最優先とする。
    "#]],
    );
    // A transmitted name is an outside text: it fills a slot and is never read for slots itself.
    distress(
        Some("{zone}\u{7}\n"),
        Domain::Air,
        &expect![[r#"
        A distress concerning {zone} (J-0412) was reported. Saving life comes before every other purpose.
        {zone}（J-0412）に関する遭難の通報があった。人命の救助を最優先とする。
    "#]],
    );
}

#[test]
fn a_block_that_does_not_fit_is_refused() {
    let mut pair = Pair::new();
    let raised = alert(Occurrence::DuplicateIdentity, ship(JPN), pair.now);
    pair.act(JPN, AffairsInput::Raise(raised));
    let incident = incident(&pair, JPN);
    let ask = |pair: &mut Pair, template: &str, block: &str| {
        let (incident, blocks) = (incident.clone(), vec![block.to_owned()]);
        let template = template.to_owned();
        let command = Command::Draft { incident, template, blocks, deadline_s: 60 };
        pair.ask(JPN, Role::WatchOfficer, command).unwrap_err()
    };
    assert_eq!(ask(&mut pair, "observe.1", "ob-none"), "RK-1113", "acknowledge first");
    let command = Command::Acknowledge { incident: incident.clone() };
    pair.ask(JPN, Role::WatchOfficer, command).unwrap();
    assert_eq!(ask(&mut pair, "observe.1", "ob-situation"), "RK-1112", "there is no zone");
    assert_eq!(ask(&mut pair, "observe.1", "ob-missing"), "RK-1111");
    assert_eq!(ask(&mut pair, "observe.9", "ob-none"), "RK-1110");
}

#[test]
fn a_book_that_lacks_a_language_is_refused() {
    let part = |block: &str| {
        format!(
            "id = \"x.1\"\ntitle = {{ en = \"X\", ja = \"エックス\" }}\nblocks = [\"a\"]\n{block}"
        )
    };
    let read = |block: &str| Standing::parse(&[("x.toml", &part(block))]).map(|_| ());
    let block =
        |en: &str, ja: &str| format!("[[block]]\nid = \"a\"\nen = \"{en}\"\nja = \"{ja}\"\n");
    let languages = Err(StandingError::Languages { name: "x.toml".into(), id: "a".into() });
    assert_eq!(read(&block("A.", "あ。")), Ok(()));
    assert_eq!(read(&block("A.", " ")), languages);
    assert_eq!(read(&block("{subject}.", "あ。")), languages, "a slot in one language only");
    assert_eq!(read(&block("{weather}.", "{weather}。")), languages, "no such slot");
    assert_eq!(read(&block("{subject", "{subject")), Ok(()), "an open brace is closed by the end");
    let twice = block("A.", "あ。").repeat(2);
    assert_eq!(read(&twice), Err(StandingError::Twice { name: "x.toml".into(), id: "a".into() }));
    let missing = Standing::parse(&[("x.toml", &part("block = []"))]);
    assert_eq!(missing, Err(StandingError::NoBlock { name: "x.toml".into(), id: "a".into() }));
    assert!(matches!(read("typo = 1"), Err(StandingError::Toml { .. })));
}
