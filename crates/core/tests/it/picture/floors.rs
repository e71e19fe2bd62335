//! Words for tests: a headquarters' floor that hears reports, and what came of them as text.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use renkei_core::affairs::{StatedIdentity, StatedZone};
use renkei_core::picture::{Picture, PictureConfig, PictureEffect, PictureInput};
use renkei_fusion::Sensor;
use renkei_model::id::{Nation, ObjectId, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain, Identity, Motion, Observation, Source};
use renkei_model::plot::{Covariance, Plot};
use renkei_model::position::{MicroPosition, Position};
use renkei_model::statement::{
    Affiliation, Bilingual, IdentityStatement, Occurrence, Subject, Zone,
};
use renkei_model::time::Timestamp;
use renkei_policy::{ObservationRelease, Policy, Released, shipped};

/// Noon of some day, at the start of a ten-minute slot; every scenario counts seconds from here.
pub(crate) const NOON: Timestamp = Timestamp(1_800_000_000_000);

pub(crate) fn at(seconds: i64) -> Timestamp {
    NOON.plus_ms(seconds * 1000)
}

pub(crate) fn partition() -> Partition {
    Partition::Exercise("demo".into())
}

/// A label of `nation`: unclassified, listed for nobody.
fn plain(nation: Nation) -> Label {
    Label {
        policy: format!("{nation}-EXERCISE"),
        classification: Classification::Unclassified,
        releasable_to: BTreeSet::new(),
        restrictive: BTreeSet::new(),
        informative: BTreeSet::new(),
        originator: nation,
        created: NOON.plus_ms(-1),
        review: None,
    }
}

/// Civil broadcast: everything goes.
pub(crate) fn civil(nation: Nation) -> Label {
    Label { informative: BTreeSet::from(["CIVIL".into()]), ..plain(nation) }
}

/// A source whose very existence is withheld.
pub(crate) fn sensitive(nation: Nation) -> Label {
    Label { restrictive: BTreeSet::from(["SENSITIVE_SOURCE".into()]), ..plain(nation) }
}

/// Classified and listed for both: existence and a coarse cell go.
pub(crate) fn classified(nation: Nation) -> Label {
    Label {
        classification: Classification::Secret,
        releasable_to: BTreeSet::from([Nation::JPN, Nation::USA]),
        ..plain(nation)
    }
}

/// A ship's report by `feed` under `label`, at 25° N and `longitude`.
pub(crate) fn ship(
    feed: &str,
    label: Label,
    mmsi: u32,
    seconds: i64,
    longitude: f64,
) -> Observation {
    Observation {
        source: Source::Own(SourceId(feed.into())),
        identity: Identity::Mmsi(mmsi),
        domain: Domain::Surface,
        event_time: at(seconds),
        received_at: at(seconds),
        position: Position::new(25.0, longitude),
        accuracy_m: None,
        motion: Motion { speed_mps: Some(8.0), course_deg: Some(90.0), ..Motion::default() },
        attributes: Attributes::default(),
        // As of a hash, the last bytes differ too.
        content: (seconds as u64).wrapping_mul(0x9E37_79B9) ^ u64::from(mmsi),
        label,
    }
}

/// A coast radar that turns in ten seconds.
pub(crate) const RADAR: Sensor = Sensor {
    domain: Domain::Surface,
    period_ms: 10_000,
    detection_probability: 0.9,
    clutter_per_km2: 0.001,
};

/// A plot of `feed` under `label`, 30 m sure.
pub(crate) fn plot(feed: &str, label: Label, seconds: i64, place: (f64, f64)) -> Plot {
    Plot {
        source: Source::Own(SourceId(feed.into())),
        event_time: at(seconds),
        received_at: at(seconds),
        position: Position::new(place.0, place.1).unwrap(),
        covariance: Covariance::circular(30.0).unwrap(),
        altitude_m: None,
        radial_speed_mps: None,
        mode_a: None,
        icao: None,
        content: 0,
        label,
    }
}

/// Listed for both, no more than restricted: all but the feed's name goes.
pub(crate) fn listed(nation: Nation) -> Label {
    Label { releasable_to: BTreeSet::from([Nation::JPN, Nation::USA]), ..plain(nation) }
}

pub(crate) fn named(mut o: Observation, name: &str) -> Observation {
    o.attributes.name = Some(name.into());
    o
}

pub(crate) fn object(node: Nation, counter: u64) -> ObjectId {
    ObjectId { node, partition: partition(), epoch: 1, counter }
}

/// An own zone from 125° E to 126° E.
pub(crate) fn zone(node: Nation, neutral_too: bool) -> StatedZone {
    let corner = |latitude_udeg, longitude_udeg| MicroPosition { latitude_udeg, longitude_udeg };
    StatedZone {
        id: object(node, 1),
        zone: Zone {
            name: Bilingual { en: "Box".into(), ja: "区域".into() },
            ring: vec![
                corner(24_500_000, 125_000_000),
                corner(25_500_000, 125_000_000),
                corner(25_500_000, 126_000_000),
                corner(24_500_000, 126_000_000),
            ],
            domains: vec![Domain::Surface],
            neutral_too,
            holes: Vec::new(),
        },
    }
}

/// What `nation` states of the thing named `name` until `expires`.
pub(crate) fn stated(
    nation: Nation,
    name: Identity,
    affiliation: Affiliation,
    made: i64,
    expires: i64,
) -> StatedIdentity {
    let alias = match &name {
        Identity::Alias(alias) => Some(*alias),
        _ => None,
    };
    let identity = Some(name).filter(|name| !matches!(name, Identity::Alias(_)));
    let subject = Subject { alias, identity, name: None, domain: Domain::Surface };
    StatedIdentity {
        record: object(nation, made.unsigned_abs()),
        nation,
        statement: IdentityStatement {
            subject,
            affiliation,
            reason: Bilingual { en: "seen".into(), ja: "視認".into() },
            expires: at(expires),
            wording: None,
        },
        made_at: at(made),
        known_as: BTreeSet::new(),
        by: None,
    }
}

/// The shipped policy, read once for all tests and copied before it remembers anything.
pub(crate) fn policy(nation: Nation) -> Policy {
    static JPN: OnceLock<Policy> = OnceLock::new();
    static USA: OnceLock<Policy> = OnceLock::new();
    let cell = if nation == Nation::JPN { &JPN } else { &USA };
    cell.get_or_init(|| Policy::load(nation, &partition(), shipped(nation)).unwrap()).clone()
}

/// One headquarters.
#[derive(Clone)]
pub(crate) struct Floor {
    pub(crate) nation: Nation,
    pub(crate) picture: Picture,
}

impl Floor {
    pub(crate) fn new(nation: Nation) -> Self {
        let partner = if nation == Nation::JPN { Nation::USA } else { Nation::JPN };
        let policy = policy(nation);
        Self { nation, picture: Picture::new(PictureConfig::new(nation, partner), &policy) }
    }

    pub(crate) fn hear(&mut self, o: Observation) -> Vec<PictureEffect> {
        let now = o.received_at;
        self.picture.handle(PictureInput::Observed(o), now)
    }

    /// One sweep of [`RADAR`].
    pub(crate) fn sweep(&mut self, seconds: i64, plots: Vec<Plot>) -> Vec<PictureEffect> {
        self.picture.handle(PictureInput::Swept { sensor: RADAR, plots }, at(seconds))
    }

    pub(crate) fn tick(&mut self, seconds: i64) -> Vec<PictureEffect> {
        self.picture.handle(PictureInput::Tick, at(seconds))
    }

    /// Takes in what the partner offered, through its bytes.
    pub(crate) fn receive(
        &mut self,
        from: Nation,
        effects: &[PictureEffect],
        seconds: i64,
    ) -> Vec<PictureEffect> {
        let mut all = Vec::new();
        for released in offers(effects) {
            assert_eq!(released.to(), self.nation);
            let bytes = released.item().to_bytes();
            let release = ObservationRelease::from_bytes(&bytes, from).unwrap();
            all.extend(self.picture.handle(PictureInput::Received { from, release }, at(seconds)));
        }
        all
    }
}

pub(crate) fn offers(effects: &[PictureEffect]) -> Vec<Released<ObservationRelease>> {
    let released = |effect: &PictureEffect| match effect {
        PictureEffect::Offer { released, .. } => Some(released.clone()),
        _ => None,
    };
    effects.iter().filter_map(released).collect()
}

/// One line an effect.
pub(crate) fn told(effects: &[PictureEffect]) -> String {
    effects.iter().map(|effect| line(effect) + "\n").collect()
}

fn line(effect: &PictureEffect) -> String {
    match effect {
        PictureEffect::History(row) => format!("history of track {}", row.track.0),
        PictureEffect::Changed(number) => format!("track {} changed", number.0),
        PictureEffect::Dropped(number) => format!("track {} dropped", number.0),
        PictureEffect::AliasGiven { partner, key, alias } => {
            format!("to {partner}, {:?} {:?} is {alias}", key.known, key.identity)
        }
        PictureEffect::Offer { to, released } => {
            let item = released.item();
            let tiers = [
                (item.coarse.is_some(), "coarse"),
                (item.full.is_some(), "full"),
                (item.identity.is_some(), "identity"),
                (item.source.is_some(), "source"),
            ];
            let tiers: Vec<_> =
                tiers.into_iter().filter_map(|(told, tier)| told.then_some(tier)).collect();
            format!(
                "offer {} to {to}: existence {} by {}",
                item.alias,
                tiers.join(" "),
                released.policy()
            )
        }
        PictureEffect::Forget { partner, alias } => format!("{partner} may forget {alias}"),
        PictureEffect::Raise { alert, .. } => {
            let fact = match &alert.occurrence {
                Occurrence::ZoneEntered { zone_name, .. } => format!("entered {}", zone_name.en),
                other => format!("{other:?}"),
            };
            let released = match &alert.about.released {
                Some(released) => {
                    format!("{:?} of it may cross", released.subject.alias.map(|a| a.to_string()))
                }
                None => "nothing of it may cross".into(),
            };
            format!("raise: {fact}, track {}; {released}", alert.about.track.0)
        }
        PictureEffect::Located { incident, track, known_as } => {
            format!(
                "incident {} is about track {}, {} names",
                incident.counter,
                track.0,
                known_as.len()
            )
        }
        PictureEffect::ReleaseCounted(block) => {
            let rule = block.rule.as_deref().unwrap_or("no agreement");
            format!("block: {} {rule}: sent {}, held {}", block.tier, block.sent, block.held)
        }
        PictureEffect::Notice(notice) => {
            let track = notice.about.as_ref().map(|about| about.track.0);
            format!("notice: {:?}, track {track:?}", notice.occurrence)
        }
        PictureEffect::Problem(problem) => problem.to_string(),
    }
}
