//! A node comes up: its state is what its ledger says.

use std::collections::BTreeMap;

use renkei_core::affairs::{
    AffairsConfig, AffairsInput, Desks, Partner, PolicyTexts, Standing, TooManyPartners, addressee,
    lanes,
};
use renkei_core::picture::{Picture, PictureConfig, PictureInput, Towards};
use renkei_link::Border;
use renkei_link::border::BorderConfig;
use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::Nation;
use renkei_model::label::{Classification, Label};
use renkei_model::seat::SeatNotice;
use renkei_model::time::Timestamp;
use renkei_policy::{Policy, PolicyError};
use renkei_store::ledger::{KIND_BORDER_NOTICE, KIND_CHECKPOINT, KIND_KEY_NOTICE};
use tokio::sync::mpsc;

use super::border::{BorderSide, GivenAlias, restored};
use super::feeds::Feeds;
use super::rows::Rows;
use super::{Engine, kinds};
use crate::config::Config;
use crate::dirty_words::{DirtyWords, WordsError};
use crate::keeper::{Found, KeeperHandle};
use crate::keys::{self, KeyError, NodeKeys};
use crate::messages::ToBorder;
use crate::published::Publisher;
use crate::{access, cli, clock, labels};

/// Version of the release policy's vocabulary, as the link's greeting tells it.
const POLICY_VERSION: u16 = 1;
/// Closed incidents stay on the screen for this long.
const CLOSED_SHOWN_MS: i64 = 10 * 60_000;

/// Why a node cannot come up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RestoreError {
    /// The release policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The words that never go.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// Keys, cards or people.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The policy's files cannot be read.
    #[error("read the release policy: {0}")]
    Files(String),
    /// The alert rules' presets or shore cannot be used.
    #[error("set up the alert rules: {0}; docs/alerts.md says what is read")]
    Alerts(String),
    /// One partner too many.
    #[error("give each partner its lane: {0}; leave a [[border]] out")]
    Partners(#[from] TooManyPartners),
    /// The ledger holds something that this build cannot replay.
    #[error("replay the ledger: {0}; use the build that wrote it, or restore from backup")]
    Replay(String),
}

/// What a node is made of besides its configuration and its ledger.
pub(crate) struct Parts {
    /// The way to the disk.
    pub(crate) keeper: KeeperHandle,
    /// The way to the screens.
    pub(crate) publisher: Publisher,
    /// The ways to the borders' sockets, by partner.
    pub(crate) sockets: BTreeMap<Nation, mpsc::Sender<ToBorder>>,
    /// Zero of the kinematics' time column.
    pub(crate) base: Timestamp,
}

/// The other of the two nations, where no border is configured.
fn other(nation: Nation) -> Nation {
    if nation == Nation::JPN { Nation::USA } else { Nation::JPN }
}

/// The partners by lane: a lane that the ledger tells of is a nation's for ever.
fn partners<'a>(
    config: &Config,
    entries: impl Iterator<Item = (u16, &'a [u8])>,
) -> Result<Vec<Towards>, RestoreError> {
    let mut configured: Vec<Nation> = config.borders.iter().map(|b| b.partner).collect();
    if configured.is_empty() {
        configured.push(other(config.nation));
    }
    let told = entries.filter_map(|(kind, body)| match kind {
        kinds::ALIAS => {
            let given: GivenAlias = from_canonical(body).ok()?;
            Some((given.partner, given.alias.lane()))
        }
        _ => addressee(kind, body),
    });
    let lanes = lanes(&configured, told)?;
    let towards = lanes.into_iter().map(|(partner, lane)| Towards { partner, lane });
    let mut partners: Vec<Towards> = towards.collect();
    partners.sort_by_key(|towards| towards.lane);
    Ok(partners)
}

impl Engine {
    /// The node as its ledger left it.
    ///
    /// # Errors
    /// [`RestoreError`] naming what is missing or damaged.
    pub(crate) fn restore(
        config: &Config,
        node_keys: &NodeKeys,
        opened: &Found,
        parts: Parts,
    ) -> Result<Self, RestoreError> {
        let own = opened.entries.iter().filter_map(|e| Some((e.kind, e.time, e.body()?)));
        let bodies = own.clone().map(|(kind, _, body)| (kind, body));
        let partners = partners(config, bodies.clone())?;
        let configs = partners
            .iter()
            .map(|towards| affairs_config(config, node_keys, *towards, opened))
            .collect::<Result<_, _>>()?;
        let mut affairs =
            Desks::replay(configs, bodies).map_err(|e| RestoreError::Replay(e.to_string()))?;
        let signed = own.clone().rfind(|(kind, ..)| *kind == KIND_CHECKPOINT);
        if let Some((_, time, note)) = signed {
            let note = String::from_utf8_lossy(note).into_owned();
            affairs.all(&AffairsInput::Checkpointed(note), time);
        }
        let texts = policy_texts(config, &affairs)?;
        let policy = Policy::load(config.nation, &config.partition, &cli::borrowed(&texts))?;
        let mut picture_config = PictureConfig::of(config.nation, partners.clone());
        picture_config.neutral = config.neutral_rule.clone();
        picture_config.fusion.last_number = opened.last_track.unwrap_or(0);
        let alerts = config.alerts.config();
        picture_config.fusion.alerts = alerts.map_err(|(what, _)| RestoreError::Alerts(what))?;
        let mut picture = Picture::new(picture_config, &policy);
        let shore = config.alerts.rings(&config.dir).map_err(RestoreError::Alerts)?;
        picture.set_shore(&shore).map_err(|e| RestoreError::Alerts(e.to_string()))?;
        for (_, time, body) in own.filter(|(kind, ..)| *kind == kinds::ALIAS) {
            let given: GivenAlias =
                from_canonical(body).map_err(|e| RestoreError::Replay(e.to_string()))?;
            let GivenAlias { partner, key, alias } = given;
            picture.handle(PictureInput::AliasRestored { partner, key, alias }, time);
        }
        let borders = parts.sockets.into_iter().filter_map(|(partner, socket)| {
            let told = border_config(config, partner, node_keys, &policy, opened.epoch, parts.base);
            let link = Border::restore(told, &restored(affairs.desk(partner)?, opened.epoch));
            Some((partner, BorderSide::new(link, partner, socket)))
        });
        let borders = borders.collect();
        Ok(Self {
            nation: config.nation,
            config: config.clone(),
            picture,
            affairs,
            policy,
            policy_texts: texts,
            stated: super::policy::Stated::default(),
            words: DirtyWords::load(&config.dir)?,
            released_rows: partners.iter().map(|t| (t.partner, Rows::new(t.partner))).collect(),
            borders,
            keeper: parts.keeper,
            publisher: parts.publisher,
            feeds: Feeds::new(&config.feeds),
            rows: Rows::new(config.nation).with_past(),
            base: parts.base,
            next_ticket: 1,
            waiting: BTreeMap::new(),
            again: Vec::new(),
            next_request: 1,
            replies: BTreeMap::new(),
            history: Vec::new(),
            sources: opened.sources.clone(),
            searches: super::past::Searches::default(),
            affairs_changed: true,
            shown: std::collections::BTreeSet::new(),
            store_error: None,
            last_problem: None,
            seq: 0,
        })
    }
}

/// What two persons approved last decides, else what lies on the disk.
fn policy_texts(config: &Config, affairs: &Desks) -> Result<PolicyTexts, RestoreError> {
    let on_disk = cli::policy_texts(&config.dir).map_err(RestoreError::Files)?;
    let Some(approved) = affairs.policy_in_force() else { return Ok(on_disk) };
    if *approved != on_disk {
        tracing::warn!(
            "the policy files on the disk are not those that two persons approved; the approved ones \
             are in force: propose the change on the Exchange screen"
        );
    }
    Ok(approved.clone())
}

fn border_config(
    config: &Config,
    partner: Nation,
    node_keys: &NodeKeys,
    policy: &Policy,
    epoch: u32,
    base: Timestamp,
) -> BorderConfig {
    // Hashed with the node's secret, for a plain hash of a policy could be guessed.
    let secret = node_keys.signing.to_bytes();
    BorderConfig {
        own: config.nation,
        partner,
        partition: config.partition.clone(),
        epoch,
        boot: u64::try_from(base.0).unwrap_or_default(),
        policy_version: POLICY_VERSION,
        policy: Digest::of_parts(&[b"renkei/policy/1\0", &secret, &policy.version().0]),
    }
}

fn affairs_config(
    config: &Config,
    node_keys: &NodeKeys,
    Towards { partner, lane }: Towards,
    opened: &Found,
) -> Result<AffairsConfig, RestoreError> {
    let is_linked = config.borders.iter().any(|border| border.partner == partner);
    let path = keys::card_path(&config.dir, &config.partition, partner);
    let card = is_linked.then(|| keys::load_card(&path)).transpose()?;
    let key = card.and_then(|card| card.public_key().ok()).unwrap_or_default();
    let now = clock::now();
    Ok(AffairsConfig {
        nation: config.nation,
        partition: config.partition.clone(),
        epoch: opened.epoch,
        key: node_keys.signing.clone(),
        partner: Partner { nation: partner, key },
        lane,
        seats: seats(config, now)?,
        zones: config.zones.iter().filter_map(|zone| zone.stated().ok()).collect(),
        standing: Standing::shipped(),
        label: Label {
            policy: labels::policy_name(config.nation, &config.partition),
            classification: Classification::Unclassified,
            releasable_to: [partner].into(),
            restrictive: std::collections::BTreeSet::new(),
            informative: std::collections::BTreeSet::new(),
            originator: config.nation,
            created: now,
            review: None,
        },
        notices: key_notices(opened),
        entropy: keys::random()?,
        closed_shown_ms: CLOSED_SHOWN_MS,
    })
}

/// The own keys as partners are told of them.
fn key_notices(opened: &Found) -> Vec<Vec<u8>> {
    let of = |kind| {
        let entries = opened.entries.iter().filter(move |entry| entry.kind == kind);
        entries.filter_map(|entry| entry.body().map(<[u8]>::to_vec))
    };
    of(KIND_KEY_NOTICE).take(1).chain(of(KIND_BORDER_NOTICE)).collect()
}

fn seats(config: &Config, now: Timestamp) -> Result<Vec<SeatNotice>, RestoreError> {
    let people = access::users(&config.dir)?;
    let holder = |seat| {
        let holds = |u: &&access::User| u.nation == config.nation && u.seat.as_ref() == Some(seat);
        people.iter().find(holds).map(|u| u.person.clone())
    };
    let seats = config.seats.iter().map(|seat| SeatNotice {
        nation: config.nation,
        seat: seat.seat.clone(),
        title: seat.title.clone(),
        role: seat.role,
        holder: holder(&seat.seat),
        since: now,
        authority: {
            let mut authority = seat.authority.clone();
            authority.sort();
            authority
        },
        counterpart: seat.counterpart.clone(),
        deputy: seat.deputy.clone(),
    });
    Ok(seats.collect())
}
