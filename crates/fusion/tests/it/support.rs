//! Words for tests: a report is written as it would be said, a scenario prints what came of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::Expect;
use renkei_fusion::{Disposition, Fusion, FusionConfig};
use renkei_model::id::{BorderAlias, Nation, ObjectId, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::position::{MicroPosition, Position};
use renkei_model::statement::{Bilingual, Occurrence, Zone};
use renkei_model::time::Timestamp;

/// Noon of some day; every scenario counts seconds from here.
pub(crate) const NOON: Timestamp = Timestamp(1_800_000_000_000);

pub(crate) fn label(releasable: &[Nation]) -> Label {
    Label {
        policy: "JPN-EXERCISE".into(),
        classification: Classification::Restricted,
        releasable_to: releasable.iter().copied().collect(),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::new(),
        originator: Nation::JPN,
        created: NOON,
        review: None,
    }
}

/// A report that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Say(pub(crate) Observation);

/// A ship without position at `seconds` past noon, heard by feed `a`.
pub(crate) fn ship(mmsi: u32, seconds: f64) -> Say {
    let at = NOON.plus_ms((seconds * 1000.0) as i64);
    Say(Observation {
        source: Source::Own(SourceId("a".into())),
        identity: Identity::Mmsi(mmsi),
        domain: Domain::Surface,
        event_time: at,
        received_at: at,
        position: None,
        accuracy_m: None,
        motion: Motion::default(),
        attributes: Attributes::default(),
        content: 0,
        label: label(&[Nation::USA]),
    })
}

/// The same for an aircraft.
pub(crate) fn aircraft(address: u32, seconds: f64) -> Say {
    let Say(o) = ship(0, seconds);
    Say(Observation { identity: Identity::Icao(address), domain: Domain::Air, ..o })
}

impl Say {
    /// At a point given in metres east and north of 25° N 125° E.
    pub(crate) fn at(mut self, east_m: f64, north_m: f64) -> Self {
        let origin = Position::new(25.0, 125.0).unwrap();
        let point = origin.destination(90.0, east_m).destination(0.0, north_m);
        self.0.position = Some(point);
        self
    }

    pub(crate) fn lat_lon(mut self, latitude: f64, longitude: f64) -> Self {
        self.0.position = Position::new(latitude, longitude);
        self
    }

    pub(crate) fn by(mut self, feed: &str) -> Self {
        self.0.source = Source::Own(SourceId(feed.into()));
        self
    }

    /// Released by the United States under U-`number`.
    pub(crate) fn by_partner(mut self, number: u32) -> Self {
        self.0.source = Source::Partner { nation: Nation::USA, alias: alias(number), feed: None };
        self
    }

    /// Known by its alias alone.
    pub(crate) fn nameless(mut self, number: u32) -> Self {
        self.0.identity = Identity::Alias(alias(number));
        self.by_partner(number)
    }

    pub(crate) fn content(mut self, content: u64) -> Self {
        self.0.content = content;
        self
    }

    pub(crate) fn moving(mut self, speed_mps: f64, course_deg: f64) -> Self {
        self.0.motion.speed_mps = Some(speed_mps);
        self.0.motion.course_deg = Some(course_deg);
        self
    }

    pub(crate) fn accuracy(mut self, metres: f64) -> Self {
        self.0.accuracy_m = Some(metres);
        self
    }

    pub(crate) fn label(mut self, label: Label) -> Self {
        self.0.label = label;
        self
    }

    pub(crate) fn saying(mut self, say: impl FnOnce(&mut Attributes)) -> Self {
        say(&mut self.0.attributes);
        self
    }
}

pub(crate) fn alias(number: u32) -> BorderAlias {
    BorderAlias { nation: Nation::USA, number }
}

pub(crate) fn zone_id(counter: u64) -> ObjectId {
    ObjectId { node: Nation::JPN, partition: Partition::Real, epoch: 1, counter }
}

/// A zone for ships with the corners given in degrees.
pub(crate) fn zone(name: &str, corners: &[(f64, f64)]) -> Zone {
    let ring = corners
        .iter()
        .map(|(lat, lon)| MicroPosition {
            latitude_udeg: (lat * 1e6).round() as i32,
            longitude_udeg: (lon * 1e6).round() as i32,
        })
        .collect();
    Zone {
        name: Bilingual { en: name.into(), ja: name.into() },
        ring,
        domains: vec![Domain::Surface],
        neutral_too: true,
        holes: Vec::new(),
    }
}

fn fact(occurrence: Occurrence) -> String {
    match occurrence {
        Occurrence::ZoneEntered { zone_name, .. } => format!("entered {}", zone_name.en),
        Occurrence::ZoneLeft { zone_name, inside_ms, .. } => {
            format!("left {} after {} s", zone_name.en, inside_ms / 1000)
        }
        Occurrence::Emergency { emergency } => format!("{emergency:?}"),
        Occurrence::DuplicateIdentity => "duplicate identity".into(),
        Occurrence::Reported { text, .. } => text.en,
        other => format!("{other:?}"),
    }
}

/// One line a report: what came of it.
pub(crate) fn story(fusion: &mut Fusion, reports: &[Say]) -> String {
    let mut text = String::new();
    for Say(o) in reports {
        let outcome = fusion.observe(o, o.received_at);
        let seconds = o.received_at.since_ms(NOON) / 1000;
        let track = outcome.track.map_or("-".into(), |n| n.0.to_string());
        let what = match outcome.disposition {
            Disposition::Held(jump) => format!("held ({:.0} m)", jump.distance_m()),
            Disposition::Split(_) => "split".into(),
            Disposition::Refused(refusal) => format!("refused {refusal:?}"),
            other => format!("{other:?}").to_lowercase(),
        };
        write!(text, "{seconds} s: track {track} {what}").unwrap();
        for alert in outcome.alerts {
            let at = alert.sensed_at.since_ms(NOON) as f64 / 1000.0;
            let fact = fact(alert.occurrence);
            write!(text, "; alert: {fact} at {at} s").unwrap();
        }
        text.push('\n');
    }
    text
}

/// Runs a scenario on a fresh node and compares the story.
pub(crate) fn check(reports: &[Say], expect: &Expect) -> Fusion {
    let mut fusion = Fusion::new(FusionConfig::default());
    expect.assert_eq(&story(&mut fusion, reports));
    fusion
}

/// Seeded random numbers (splitmix64), so that a failure replays.
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Normal with mean 0 and standard deviation 1.
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}
