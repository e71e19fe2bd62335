//! The demo's two nodes: their directories, people, seats and feeds, and the child processes that
//! run them; a node that dies is started again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use renkei_model::id::{Nation, Partition};
use renkei_model::seat::{Role, SeatId};
use renkei_model::statement::Language;
use tokio::process::Command;

use crate::access::{self, User};
use crate::cli::End;
use crate::{clock, keys};

/// The partition every demo lives in.
pub(crate) const PARTITION: &str = "exercise:demo";

/// Minutes for which a demo link is good.
const LINK_MS: i64 = 10 * 60_000;

/// The demo's ports, counted from the stage's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports(pub(crate) u16);

impl Ports {
    /// Loopback address `offset` ports above the stage.
    pub(crate) fn at(self, offset: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.0.saturating_add(offset)))
    }

    /// The stage.
    pub(crate) fn stage(self) -> SocketAddr {
        self.at(0)
    }

    /// A floor.
    pub(crate) fn floor(self, nation: Nation) -> SocketAddr {
        self.at(if nation == Nation::JPN { 1 } else { 2 })
    }

    /// Where the Japanese node listens for its partner.
    pub(crate) fn border(self) -> SocketAddr {
        self.at(3)
    }

    /// The near end of the cable, which the US node dials.
    pub(crate) fn wire(self) -> SocketAddr {
        self.at(4)
    }

    /// A simulated receiver's feed, by the simulator's receiver name.
    pub(crate) fn feed(self, receiver: &str) -> Option<SocketAddr> {
        let position = FEEDS.iter().position(|f| f.name == receiver)?;
        Some(self.at(10 + u16::try_from(position).ok()?))
    }
}

/// A feed of the demo.
struct Feed {
    nation: Nation,
    name: &'static str,
    kind: &'static str,
    /// More lines of its table.
    label: &'static str,
}

const OPEN_JPN: &str = "releasable_to = [\"USA\"]\ninformative = [\"CIVIL\", \"EXERCISE\"]\n";
const OPEN_USA: &str = "releasable_to = [\"JPN\"]\ninformative = [\"CIVIL\", \"EXERCISE\"]\n";
const TEAM_JPN: &str = "releasable_to = [\"USA\"]\ninformative = [\"EXERCISE\"]\n";
const TEAM_USA: &str = "releasable_to = [\"JPN\"]\ninformative = [\"EXERCISE\"]\n";
/// A coast radar: what it sees goes to the partner as that radar's own tracks.
const RADAR: &str = "releasable_to = [\"USA\"]\ninformative = [\"EXERCISE\"]\n\
    [feed.sensor]\nsees = \"surface\"\nturn_s = 3\ndetects = 0.9\n";
const SPECIAL: &str =
    "classification = \"secret\"\nreleasable_to = []\nrestrictive = [\"SENSITIVE_SOURCE\"]\n";

const FEEDS: &[Feed] = &[
    Feed { nation: Nation::JPN, name: "jpn-ais", kind: "ais", label: OPEN_JPN },
    Feed { nation: Nation::JPN, name: "jpn-adsb", kind: "beast", label: OPEN_JPN },
    Feed { nation: Nation::JPN, name: "jpn-cot", kind: "cot", label: TEAM_JPN },
    Feed { nation: Nation::JPN, name: "jpn-special", kind: "ais", label: SPECIAL },
    Feed { nation: Nation::USA, name: "usa-ais", kind: "ais", label: OPEN_USA },
    Feed { nation: Nation::USA, name: "usa-adsb", kind: "beast", label: OPEN_USA },
    Feed { nation: Nation::USA, name: "usa-cot", kind: "cot", label: TEAM_USA },
    Feed { nation: Nation::JPN, name: "jpn-radar", kind: "plots", label: RADAR },
];

/// The people of the demo: nation, seat, role, invented name.
const PEOPLE: &[(Nation, &str, Role, &str)] = &[
    (Nation::JPN, "commander", Role::Commander, "織田 一佐（演習）"),
    (Nation::JPN, "watch", Role::WatchOfficer, "森 二佐（演習）"),
    (Nation::JPN, "j3", Role::J3, "林 三佐（演習）"),
    (Nation::JPN, "release", Role::ReleaseOfficer, "伊藤 三佐（演習）"),
    (Nation::USA, "commander", Role::Commander, "COL Reyes (exercise)"),
    (Nation::USA, "watch", Role::WatchOfficer, "LTC Harper (exercise)"),
    (Nation::USA, "j3", Role::J3, "MAJ Lindqvist (exercise)"),
    (Nation::USA, "release", Role::ReleaseOfficer, "MAJ Okafor (exercise)"),
];

/// The demo's person in `seat` of `nation`.
pub(crate) fn person(nation: Nation, seat: &str) -> &'static str {
    PEOPLE.iter().find(|p| p.0 == nation && p.1 == seat).map_or("", |p| p.3)
}

/// `<dir>/jpn` or `<dir>/usa`.
pub(crate) fn node_dir(dir: &Path, nation: Nation) -> PathBuf {
    dir.join(nation.code().to_lowercase())
}

/// Where a node's ledger lies.
pub(crate) fn ledger_dir(dir: &Path, nation: Nation) -> PathBuf {
    node_dir(dir, nation).join("store").join(PARTITION.replace(':', "-")).join("ledger")
}

/// The browser's address of a floor.
pub(crate) fn floor_url(ports: Ports, nation: Nation) -> String {
    let port = ports.floor(nation).port();
    format!("http://{}.renkei.localhost:{port}", nation.code().to_lowercase())
}

/// The browser's address of the stage.
pub(crate) fn stage_url(ports: Ports) -> String {
    format!("http://renkei.localhost:{}", ports.stage().port())
}

/// Makes both nodes under `dir` unless they are there from an earlier run, and sets their ports.
///
/// # Errors
/// [`End`] when something cannot be written.
pub(crate) fn make(dir: &Path, ports: Ports) -> Result<(), End> {
    let partition: Partition = PARTITION.parse()?;
    for nation in [Nation::JPN, Nation::USA] {
        let node = node_dir(dir, nation);
        let name = if nation == Nation::JPN {
            "統合作戦司令部（演習）"
        } else {
            "US JFHQ (exercise)"
        };
        if !node.join("renkei.toml").exists() {
            crate::cli::create_node(&node, nation, name, &partition, ports.floor(nation))?;
        }
        keys::write_private(&node.join("renkei.toml"), &configuration(nation, name, ports))?;
        for (_, seat, role, person) in PEOPLE.iter().filter(|p| p.0 == nation) {
            access::put(&node, demo_user(nation, seat, *role, person))?;
        }
    }
    for (nation, partner) in [(Nation::JPN, Nation::USA), (Nation::USA, Nation::JPN)] {
        let theirs = node_dir(dir, partner);
        let name = crate::config::load(&theirs.join("renkei.toml"))?.name;
        let card = keys::card(&keys::load(&theirs, &partition)?, partner, &name, &partition);
        let path = keys::card_path(&node_dir(dir, nation), &partition, partner);
        keys::write_private(&path, &toml::to_string(&card)?)?;
    }
    Ok(())
}

fn demo_user(nation: Nation, seat: &str, role: Role, person: &str) -> User {
    User {
        person: person.into(),
        nation,
        role,
        seat: Some(SeatId(seat.into())),
        language: if nation == Nation::JPN { Language::Ja } else { Language::En },
        links: std::collections::BTreeMap::new(),
    }
}

fn configuration(nation: Nation, name: &str, ports: Ports) -> String {
    let (partner, border) = if nation == Nation::JPN {
        (Nation::USA, format!("listen = \"{}\"", ports.border()))
    } else {
        (Nation::JPN, format!("dial = \"{}\"", ports.wire()))
    };
    let mut text = format!(
        "nation = \"{nation}\"\nname = \"{name}\"\npartition = \"{PARTITION}\"\nhttp = \"{}\"\n\
         stage_origin = \"{}\"\n\n[border]\npartner = \"{partner}\"\n{border}\n",
        ports.floor(nation),
        stage_url(ports)
    );
    for feed in FEEDS.iter().filter(|f| f.nation == nation) {
        if let Some(address) = ports.feed(feed.name) {
            text += &format!(
                "\n[[feed]]\nname = \"{}\"\nkind = \"{}\"\nlisten = \"{address}\"\n{}",
                feed.name, feed.kind, feed.label
            );
        }
    }
    text += &zone();
    text += "\n";
    text += crate::cli::shipped_seats(nation);
    text
}

/// The zone of the story, on both nodes.
fn zone() -> String {
    let (name, ring) = renkei_sim::world::story_zone();
    let corners: Vec<String> =
        ring.iter().map(|(lat, lon)| format!("[{lat:.4}, {lon:.4}]")).collect();
    format!(
        "\n[[zone]]\nname = {{ en = \"{}\", ja = \"{}\" }}\nring = [{}]\ndomains = [\"surface\"]\n",
        name.en,
        name.ja,
        corners.join(", ")
    )
}

/// A fresh one-time token for the demo's person in `seat`.
///
/// # Errors
/// [`End`] when the people's file cannot be written.
pub(crate) fn token(dir: &Path, nation: Nation, seat: &str) -> Result<String, End> {
    let now = clock::now();
    let token =
        access::link(&node_dir(dir, nation), person(nation, seat), now, now.plus_ms(LINK_MS))?;
    token.ok_or_else(|| End::Wrong(format!("the demo has nobody in seat {seat} of {nation}")))
}

/// Runs one node as a child process and starts it again whenever it ends.
pub(crate) async fn supervise(dir: PathBuf, nation: Nation) -> Result<(), End> {
    let node = node_dir(&dir, nation);
    let program = std::env::current_exe()?;
    loop {
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(node.join("node.log"))?;
        let status = Command::new(&program)
            .args(["serve", "--config"])
            .arg(node.join("renkei.toml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .status()
            .await?;
        eprintln!("renkei demo: node {nation} ended ({status}), starting it again");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
