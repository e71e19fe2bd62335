//! A node comes up: its state is what its ledger says.

use std::collections::BTreeMap;

use renkei_core::affairs::{Affairs, AffairsConfig, Partner, PolicyTexts, Standing};
use renkei_core::picture::{Picture, PictureConfig, PictureInput};
use renkei_link::Border;
use renkei_link::border::BorderConfig;
use renkei_model::cbor::{Digest, from_canonical};
use renkei_model::id::Nation;
use renkei_model::label::{Classification, Label};
use renkei_model::seat::SeatNotice;
use renkei_model::time::Timestamp;
use renkei_policy::{Policy, PolicyError};
use tokio::sync::mpsc;

use super::border::{BorderSide, GivenAlias, restored};
use super::feeds::Feeds;
use super::rows::Rows;
use super::{Engine, kinds};
use crate::config::Config;
use crate::keeper::{Found, KeeperHandle};
use crate::keys::{self, KeyError, NodeKeys, PartnerCard};
use crate::messages::ToBorder;
use crate::published::Publisher;
use crate::{access, cli, clock};

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
    /// Keys, cards or people.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The policy's files cannot be read.
    #[error("read the release policy: {0}")]
    Files(String),
    /// The alert rules' presets or shore cannot be used.
    #[error("set up the alert rules: {0}; docs/alerts.md says what is read")]
    Alerts(String),
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
    /// The way to the border's socket.
    pub(crate) socket: mpsc::Sender<ToBorder>,
    /// Zero of the kinematics' time column.
    pub(crate) base: Timestamp,
}

/// The other of the two nations, where no border is configured.
fn other(nation: Nation) -> Nation {
    if nation == Nation::JPN { Nation::USA } else { Nation::JPN }
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
        let partner = config.border.as_ref().map_or(other(config.nation), |b| b.partner);
        let card = config
            .border
            .as_ref()
            .map(|b| keys::load_card(&keys::card_path(&config.dir, &config.partition, b.partner)))
            .transpose()?;
        let affairs_config =
            affairs_config(config, node_keys, partner, card.as_ref(), opened.epoch)?;
        let own = opened.entries.iter().filter_map(|e| Some((e.kind, e.time, e.body()?)));
        let bodies = own.clone().map(|(kind, _, body)| (kind, body));
        let affairs = Affairs::replay(affairs_config, bodies)
            .map_err(|e| RestoreError::Replay(e.to_string()))?;
        let texts = policy_texts(config, &affairs)?;
        let policy = Policy::load(config.nation, &config.partition, &cli::borrowed(&texts))?;
        let mut picture_config = PictureConfig::new(config.nation, partner);
        picture_config.neutral = config.neutral_rule.clone();
        picture_config.fusion.last_number = opened.last_track.unwrap_or(0);
        let alerts = config.alerts.config();
        picture_config.fusion.alerts = alerts.map_err(|(what, _)| RestoreError::Alerts(what))?;
        let mut picture = Picture::new(picture_config, policy.clone());
        let shore = config.alerts.rings(&config.dir).map_err(RestoreError::Alerts)?;
        picture.set_shore(&shore).map_err(|e| RestoreError::Alerts(e.to_string()))?;
        for (_, time, body) in own.filter(|(kind, ..)| *kind == kinds::ALIAS) {
            let given: GivenAlias =
                from_canonical(body).map_err(|e| RestoreError::Replay(e.to_string()))?;
            let GivenAlias { partner, key, alias } = given;
            picture.handle(PictureInput::AliasRestored { partner, key, alias }, time);
        }
        let border = config.border.as_ref().map(|settings| {
            let link = Border::restore(
                border_config(
                    config,
                    settings.partner,
                    node_keys,
                    &policy,
                    opened.epoch,
                    parts.base,
                ),
                &restored(&affairs, opened.epoch),
            );
            BorderSide::new(link, settings.partner, parts.socket)
        });
        Ok(Self {
            nation: config.nation,
            config: config.clone(),
            picture,
            affairs,
            policy,
            policy_texts: texts,
            stated: super::policy::Stated::default(),
            released_rows: Rows::new(partner),
            border,
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
fn policy_texts(config: &Config, affairs: &Affairs) -> Result<PolicyTexts, RestoreError> {
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
    partner: Nation,
    card: Option<&PartnerCard>,
    epoch: u32,
) -> Result<AffairsConfig, RestoreError> {
    let key = card.and_then(|card| card.public_key().ok()).unwrap_or_default();
    let now = clock::now();
    Ok(AffairsConfig {
        nation: config.nation,
        partition: config.partition.clone(),
        epoch,
        key: node_keys.signing.clone(),
        partner: Partner { nation: partner, key },
        seats: seats(config, now)?,
        zones: config.zones.iter().filter_map(|zone| zone.stated().ok()).collect(),
        standing: Standing::shipped(),
        label: Label {
            policy: format!("{}-{}", config.nation, keys::slug(&config.partition).to_uppercase()),
            classification: Classification::Unclassified,
            releasable_to: [partner].into(),
            restrictive: std::collections::BTreeSet::new(),
            informative: std::collections::BTreeSet::new(),
            originator: config.nation,
            created: now,
            review: None,
        },
        entropy: keys::random()?,
        closed_shown_ms: CLOSED_SHOWN_MS,
    })
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
