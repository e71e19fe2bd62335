//! `renkei.toml`: everything an operator may set on one node, read once and passed down as a value.
//!
//! Refuses: unknown keys, defaults for secrets, and a listening address beyond loopback without TLS.

mod alerts;
mod border;
mod radar;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use renkei_codec::cot;
use renkei_core::picture::NeutralRule;
use renkei_model::id::{Nation, Partition, SourceId};
use renkei_model::label::Classification;
use renkei_model::observation::Domain;
use renkei_model::position::{MicroPosition, Position};
use renkei_model::seat::{Authority, Role, SeatId};
use renkei_model::statement::{Bilingual, Zone};
use serde::Deserialize;

pub(crate) use alerts::AlertSettings;
pub(crate) use border::BorderSettings;
pub(crate) use radar::{RadarConfig, SensorConfig};

use crate::retention::Term;

/// Faster than this, ten minutes pass between two steps of the picture.
const CLOCK_SPEED_MAX: u32 = 600;

/// One node's configuration, as written in `renkei.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The nation whose headquarters this node serves.
    pub(crate) nation: Nation,
    /// The headquarters' name on screens.
    pub(crate) name: String,
    /// The one partition this process lives in.
    pub(crate) partition: Partition,
    /// Where the watch floor is served.
    pub(crate) http: SocketAddr,
    /// Certificate and key for the watch floor; needed for any address but loopback.
    #[serde(default)]
    pub(crate) http_tls: Option<HttpTls>,
    /// The page that may show this floor in a frame (the demo's stage); none by default.
    #[serde(default)]
    pub(crate) stage_origin: Option<String>,
    /// The links to the partners, one table each; a node runs alone without any.
    #[serde(default, rename = "border", deserialize_with = "border::one_or_several")]
    pub(crate) borders: Vec<BorderSettings>,
    /// Incoming feeds.
    #[serde(default, rename = "feed")]
    pub(crate) feeds: Vec<FeedConfig>,
    /// Areas of this headquarters.
    #[serde(default, rename = "zone")]
    pub(crate) zones: Vec<ZoneConfig>,
    /// Seats of this headquarters.
    #[serde(default, rename = "seat")]
    pub(crate) seats: Vec<SeatConfig>,
    /// How civil traffic that identifies itself is shown.
    #[serde(default)]
    pub(crate) neutral_rule: NeutralRule,
    /// Which presets the alert rules run on, and where the shore is.
    #[serde(default)]
    pub(crate) alerts: AlertSettings,
    /// How many times as fast as the world's this node's time runs, 1 to 600; only in a simulation.
    #[serde(default = "one")]
    pub(crate) clock_speed: u32,
    /// Days for which track history is kept.
    #[serde(default = "thirty")]
    pub(crate) history_days: u32,
    /// The directory the file was read from; set by [`load`].
    #[serde(skip)]
    pub(crate) dir: PathBuf,
}

fn one() -> u32 {
    1
}

fn thirty() -> u32 {
    30
}

/// Paths of the watch floor's certificate chain and private key, PEM.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpTls {
    /// Certificate chain.
    pub(crate) certificate: PathBuf,
    /// Private key.
    pub(crate) key: PathBuf,
}

/// What a feed speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FeedKind {
    /// NMEA 0183 AIVDM lines.
    Ais,
    /// Mode S in Beast binary.
    Beast,
    /// Mode S in AVR text.
    Avr,
    /// Readsb-style JSON lines.
    Readsb,
    /// Aircraft as SBS-1 ("BaseStation") lines.
    Sbs,
    /// Aircraft as whole `aircraft.json` tables of dump1090 or readsb.
    AircraftJson,
    /// Cursor on Target XML.
    Cot,
    /// Radars and trackers in ASTERIX, categories 048 and 062.
    Asterix,
    /// Plots as JSON lines.
    Plots,
}

impl FeedKind {
    /// The word used in the configuration and on screens.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ais => "ais",
            Self::Beast => "beast",
            Self::Avr => "avr",
            Self::Readsb => "readsb",
            Self::Sbs => "sbs",
            Self::AircraftJson => "aircraft_json",
            Self::Cot => "cot",
            Self::Asterix => "asterix",
            Self::Plots => "plots",
        }
    }
}

/// One feed. Exactly one of `listen`, `connect`, `udp`, `file` is set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedConfig {
    /// Its name, unique on this node; crosses the border only where the source tier is released.
    pub(crate) name: SourceId,
    /// What it speaks.
    pub(crate) kind: FeedKind,
    /// TCP server: receivers connect to us.
    #[serde(default)]
    pub(crate) listen: Option<SocketAddr>,
    /// TCP client: `host:port` that we connect to.
    #[serde(default)]
    pub(crate) connect: Option<String>,
    /// UDP address that we listen on.
    #[serde(default)]
    pub(crate) udp: Option<SocketAddr>,
    /// A recording, played with its own timing, or 200 messages a second where it holds no times; or
    /// a serial device or a named pipe, read as it comes.
    #[serde(default)]
    pub(crate) file: Option<PathBuf>,
    /// For how long its history is kept; the node's `history_days` unless it says so.
    #[serde(default)]
    pub(crate) keep: Option<Term>,
    /// Classification of what it reports.
    #[serde(default = "unclassified")]
    pub(crate) classification: Classification,
    /// Nations that may have what it reports, as far as the policy lets them.
    #[serde(default)]
    pub(crate) releasable_to: Vec<Nation>,
    /// Restrictions, for example `SENSITIVE_SOURCE`.
    #[serde(default)]
    pub(crate) restrictive: Vec<String>,
    /// Informative marks, for example `CIVIL`.
    #[serde(default)]
    pub(crate) informative: Vec<String>,
    /// Whether TAK clients keep the marks of what they are shown; fail closed where nobody said so.
    #[serde(default)]
    pub(crate) labels: ClientLabels,
    /// Words of this net's `access`, `caveat` and `releasableTo` beside the usual ones.
    #[serde(default)]
    pub(crate) words: WordsConfig,
    /// The radars whose reports an ASTERIX feed brings.
    #[serde(default, rename = "radar")]
    pub(crate) radars: Vec<RadarConfig>,
    /// One standard deviation in metres of an ASTERIX system track that does not say its own.
    #[serde(default = "radar::track_sd_m")]
    pub(crate) track_sd_m: f64,
    /// How the sensor behind a feed of plots looks round.
    #[serde(default)]
    pub(crate) sensor: Option<SensorConfig>,
}

/// What becomes of the marks (`access`, `caveat`, `releasableTo`) at the clients of a net.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientLabels {
    /// They are lost, or nobody knows: the net gets only what needs none.
    #[default]
    Blind,
    /// They are kept and shown.
    Kept,
}

/// A net's own words, see [`cot::LabelWords`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordsConfig {
    #[serde(default)]
    access: BTreeMap<String, Classification>,
    #[serde(default)]
    caveat: BTreeMap<String, String>,
    #[serde(default)]
    nation: BTreeMap<String, Nation>,
    #[serde(default)]
    write: BTreeMap<Classification, String>,
}

impl WordsConfig {
    /// The vocabulary, or the word that would be written for one level and read as another.
    pub(crate) fn words(&self) -> Result<cot::LabelWords, String> {
        cot::LabelWords::with(&cot::OwnWords {
            access: self.access.clone(),
            caveats: self.caveat.clone(),
            nations: self.nation.clone(),
            written: self.write.clone(),
        })
    }
}

fn unclassified() -> Classification {
    Classification::Unclassified
}

/// An area of this headquarters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ZoneConfig {
    /// Its name.
    pub(crate) name: Bilingual,
    /// Corners `[latitude, longitude]` in degrees, at least three, not closed.
    pub(crate) ring: Vec<[f64; 2]>,
    /// Rings within it that do not belong to it, likewise.
    #[serde(default)]
    pub(crate) holes: Vec<Vec<[f64; 2]>>,
    /// Which domains raise an alert on entry.
    pub(crate) domains: Vec<Domain>,
    /// Whether things assessed neutral raise one too.
    #[serde(default)]
    pub(crate) neutral_too: bool,
}

impl ZoneConfig {
    /// The zone as this headquarters states it, or why it cannot be watched.
    pub(crate) fn stated(&self) -> Result<Zone, String> {
        let corner = |[lat, lon]: &[f64; 2]| Position::new(*lat, *lon).map(MicroPosition::from);
        let ring = |corners: &Vec<[f64; 2]>| -> Result<Vec<MicroPosition>, String> {
            let place = |(i, c): (usize, &[f64; 2])| {
                corner(c).ok_or_else(|| {
                    let name = &self.name.en;
                    format!("zone `{name}`: corner {} is not [latitude, longitude]", i + 1)
                })
            };
            corners.iter().enumerate().map(place).collect()
        };
        let zone = Zone {
            name: self.name.clone(),
            ring: ring(&self.ring)?,
            domains: self.domains.clone(),
            neutral_too: self.neutral_too,
            holes: self.holes.iter().map(ring).collect::<Result<_, _>>()?,
        };
        renkei_fusion::check_zone(&zone).map_err(|e| e.to_string())?;
        Ok(zone)
    }
}

/// A seat of this headquarters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeatConfig {
    /// Stable name.
    pub(crate) seat: SeatId,
    /// Title on screens.
    pub(crate) title: Bilingual,
    /// Role of its holder.
    pub(crate) role: Role,
    /// What it may decide.
    #[serde(default)]
    pub(crate) authority: Vec<Authority>,
    /// The partner's seat it deals with.
    #[serde(default)]
    pub(crate) counterpart: Option<SeatId>,
    /// Who acts when the holder cannot.
    #[serde(default)]
    pub(crate) deputy: Option<SeatId>,
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("read `{path}`: {source}; create a node with `renkei init DIR --nation … --name …`")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML of this shape; the reason names line and key.
    #[error("read `{path}`: {detail}; correct the line, docs/operate.md lists every key")]
    Shape {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and key.
        detail: String,
    },
    /// The values contradict one another or the house rules.
    #[error("read `{path}`: {what}; {mend}")]
    Value {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
        /// How to mend it.
        mend: &'static str,
    },
}

/// Reads and checks `path`.
///
/// # Errors
/// [`ConfigError`], in words that say what is wrong, where, and how to mend it.
pub(crate) fn load(path: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.into(), source })?;
    let mut config: Config = toml::from_str(&text)
        .map_err(|e| ConfigError::Shape { path: path.into(), detail: one_line(&e, &text) })?;
    config.dir =
        path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).into();
    check(&config).map_err(|(what, mend)| ConfigError::Value { path: path.into(), what, mend })?;
    Ok(config)
}

fn one_line(error: &toml::de::Error, text: &str) -> String {
    let before = |s: std::ops::Range<usize>| text[..s.start.min(text.len())].matches('\n').count();
    let line = error.span().map_or(0, |s| before(s) + 1);
    format!("line {line}: {}", error.message())
}

type Complaint = (String, &'static str);

fn check(config: &Config) -> Result<(), Complaint> {
    if !config.http.ip().is_loopback() && config.http_tls.is_none() {
        return Err((
            format!("http = \"{}\" is reachable from outside without TLS", config.http),
            "set [http_tls] certificate and key, or listen on 127.0.0.1",
        ));
    }
    border::check(config.nation, &config.borders)?;
    check_clock(config)?;
    config.alerts.config()?;
    let mut names = std::collections::BTreeSet::new();
    for feed in &config.feeds {
        if !names.insert(&feed.name) {
            return Err((format!("two feeds are named `{}`", feed.name.0), "rename one of them"));
        }
        check_feed(feed)?;
        radar::check(feed)?;
    }
    for zone in &config.zones {
        let mend = "correct its ring or holes, or leave the zone out";
        zone.stated().map_err(|why| (why, mend))?;
    }
    Ok(())
}

/// Minutes that stand for hours are for rehearsing alone: never beside real traffic or a partner.
fn check_clock(config: &Config) -> Result<(), Complaint> {
    let simulated = matches!(config.partition, Partition::Simulation(_));
    if config.clock_speed != 1 && !(simulated && config.borders.is_empty()) {
        return Err((
            "clock_speed makes time run faster than the world's".into(),
            "leave it out, or use a partition simulation:ID without a border",
        ));
    }
    if !(1..=CLOCK_SPEED_MAX).contains(&config.clock_speed) {
        return Err((
            format!("clock_speed = {} is out of range", config.clock_speed),
            "give a whole number from 1 to 600",
        ));
    }
    Ok(())
}

fn check_feed(feed: &FeedConfig) -> Result<(), Complaint> {
    let ways =
        [feed.listen.is_some(), feed.connect.is_some(), feed.udp.is_some(), feed.file.is_some()];
    if ways.iter().filter(|w| **w).count() != 1 {
        return Err((
            format!("feed `{}` must have exactly one way in", feed.name.0),
            "set one of listen, connect, udp, file",
        ));
    }
    if feed.name.0.is_empty() || feed.name.0.len() > 64 {
        return Err(("a feed's name must have 1 to 64 bytes".into(), "choose a shorter name"));
    }
    if let Err(word) = feed.words.words() {
        return Err((
            format!(
                "feed `{}`: `{word}` is written for one level and read as another",
                feed.name.0
            ),
            "give each level under [feed.words.write] a word of its own, and the same level under access",
        ));
    }
    let outside = [feed.listen, feed.udp].into_iter().flatten().find(|a| !a.ip().is_loopback());
    if let (Some(address), true) = (outside, feed.kind == FeedKind::Cot) {
        return Err((
            format!("feed `{}` would take plain CoT from outside on {address}", feed.name.0),
            "listen on 127.0.0.1 and put a TLS tunnel before it",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expect: &Expect) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("renkei.toml");
        std::fs::write(&path, text).unwrap();
        let answer = match load(&path) {
            Ok(config) => format!("{} {} {}", config.nation, config.partition, config.http),
            Err(e) => e.to_string().replace(&dir.path().display().to_string(), "DIR"),
        };
        expect.assert_eq(&answer);
    }

    const BASE: &str = "nation = \"JPN\"\nname = \"N\"\npartition = \"exercise:demo\"\n";

    #[test]
    fn a_small_configuration_is_enough() {
        check(
            &format!("{BASE}http = \"127.0.0.1:8601\"\n"),
            &expect!["JPN exercise:demo 127.0.0.1:8601"],
        );
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        check(
            &format!("{BASE}http = \"127.0.0.1:8601\"\ncolour = 3\n"),
            &expect![[r#"
            read `DIR/renkei.toml`: line 5: unknown field `colour`, expected one of `nation`, `name`, `partition`, `http`, `http_tls`, `stage_origin`, `border`, `feed`, `zone`, `seat`, `neutral_rule`, `alerts`, `clock_speed`, `history_days`; correct the line, docs/operate.md lists every key"#]],
        );
    }

    #[test]
    fn an_outside_address_needs_tls() {
        check(
            &format!("{BASE}http = \"0.0.0.0:8601\"\n"),
            &expect![[r#"
            read `DIR/renkei.toml`: http = "0.0.0.0:8601" is reachable from outside without TLS; set [http_tls] certificate and key, or listen on 127.0.0.1"#]],
        );
    }

    #[test]
    fn time_runs_faster_only_where_nothing_is_real() {
        let base = format!("{BASE}http = \"127.0.0.1:1\"\n");
        let simulated = base.replace("exercise:demo", "simulation:s");
        check(&format!("{simulated}clock_speed = 60\n"), &expect!["JPN simulation:s 127.0.0.1:1"]);
        check(
            &format!("{simulated}clock_speed = 601\n"),
            &expect![[r#"
            read `DIR/renkei.toml`: clock_speed = 601 is out of range; give a whole number from 1 to 600"#]],
        );
        let refused = expect![[r#"
            read `DIR/renkei.toml`: clock_speed makes time run faster than the world's; leave it out, or use a partition simulation:ID without a border"#]];
        check(&format!("{base}clock_speed = 60\n"), &refused);
        let border = "[border]\npartner = \"USA\"\nlisten = \"127.0.0.1:2\"\n";
        check(&format!("{simulated}clock_speed = 60\n{border}"), &refused);
    }

    #[test]
    fn a_preset_that_is_not_known_is_refused_with_those_that_are() {
        let with =
            |presets: &str| format!("{BASE}http = \"127.0.0.1:1\"\n[alerts.presets]\n{presets}\n");
        check(
            &with("rendezvous = [\"starboard_50\"]\nloitering = \"off\""),
            &expect!["JPN exercise:demo 127.0.0.1:1"],
        );
        check(
            &with("close_approach = \"harbour\""),
            &expect![[r#"
            read `DIR/renkei.toml`: alerts.presets: `harbour` is no choice for `close_approach`; one of: marine, marine_all; or off; docs/alerts.md says what each preset is"#]],
        );
        check(
            &format!("{BASE}http = \"127.0.0.1:1\"\n[alerts]\ncoast = \"a\"\n"),
            &expect![[r#"
            read `DIR/renkei.toml`: line 6: unknown field `coast`, expected `shore` or `presets`; correct the line, docs/operate.md lists every key"#]],
        );
    }

    #[test]
    fn an_unknown_term_is_named_with_its_line() {
        let feed =
            "[[feed]]\nname = \"a\"\nkind = \"ais\"\nudp = \"127.0.0.1:1\"\nkeep = \"weeks:2\"\n";
        check(
            &format!("{BASE}http = \"127.0.0.1:1\"\n{feed}"),
            &expect![[r#"
            read `DIR/renkei.toml`: line 9: `weeks:2` is no term for which history is kept; write `latest`, `hours:N`, `days:N` (N from 1, at most a hundred years) or `forever`; correct the line, docs/operate.md lists every key"#]],
        );
    }

    #[test]
    fn a_radar_needs_a_place_and_errors_and_an_asterix_feed() {
        let radar = |kind: &str, place: &str, sd: &str| {
            format!(
                "{BASE}http = \"127.0.0.1:1\"\n[[feed]]\nname = \"a\"\nkind = \"{kind}\"\n\
                 udp = \"127.0.0.1:2\"\n[[feed.radar]]\nsac = 25\nsic = 7\nat = {place}\n\
                 range_sd_m = {sd}\nbearing_sd_deg = 0.1\n"
            )
        };
        check(&radar("asterix", "[24.7, 125.3]", "60"), &expect!["JPN exercise:demo 127.0.0.1:1"]);
        check(
            &radar("asterix", "[124.7, 25.3]", "60"),
            &expect![[r#"
            read `DIR/renkei.toml`: feed `a`: radar SAC 25 SIC 7 has values out of range; give at = [latitude, longitude] in degrees, range_sd_m and bearing_sd_deg above 0"#]],
        );
        check(
            &radar("asterix", "[24.7, 125.3]", "0"),
            &expect![[r#"
            read `DIR/renkei.toml`: feed `a`: radar SAC 25 SIC 7 has values out of range; give at = [latitude, longitude] in degrees, range_sd_m and bearing_sd_deg above 0"#]],
        );
        check(
            &radar("ais", "[24.7, 125.3]", "60"),
            &expect![[r#"
            read `DIR/renkei.toml`: feed `a` has radars but does not speak ASTERIX; set kind = "asterix", or remove [[feed.radar]]"#]],
        );
    }

    #[test]
    fn a_feed_has_exactly_one_way_in() {
        let feed = "[[feed]]\nname = \"a\"\nkind = \"ais\"\n";
        check(
            &format!("{BASE}http = \"127.0.0.1:1\"\n{feed}"),
            &expect![[r#"
            read `DIR/renkei.toml`: feed `a` must have exactly one way in; set one of listen, connect, udp, file"#]],
        );
    }

    #[test]
    fn a_sensor_brings_plots_and_turns() {
        let feed = |kind: &str, sensor: &str| {
            format!(
                "{BASE}http = \"127.0.0.1:1\"\n[[feed]]\nname = \"a\"\nkind = \"{kind}\"\n\
                 udp = \"127.0.0.1:2\"\n[feed.sensor]\n{sensor}\n"
            )
        };
        check(&feed("plots", "turn_s = 2.5"), &expect!["JPN exercise:demo 127.0.0.1:1"]);
        check(
            &feed("ais", "turn_s = 2.5"),
            &expect![[
                r#"read `DIR/renkei.toml`: feed `a` has a sensor but brings no plots; set kind = "asterix" or "plots", or remove [feed.sensor]"#
            ]],
        );
        for bad in ["turn_s = 0", "detects = 1.0", "clutter_per_km2 = 0", "sees = \"other\""] {
            check(
                &feed("plots", bad),
                &expect![[
                    r#"read `DIR/renkei.toml`: feed `a`: its sensor has values out of range; give sees = "surface", "air" or "land", turn_s from 0.1 to 120, detects from 0.1 to 0.99, clutter_per_km2 from 0.000001 to 100"#
                ]],
            );
        }
    }
}
