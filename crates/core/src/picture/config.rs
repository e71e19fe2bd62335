//! What a picture is told of its headquarters, and the one rule on affiliation that ships: data
//! that a headquarters edits, not code.

use std::collections::BTreeSet;

use renkei_fusion::FusionConfig;
use renkei_model::id::Nation;
use renkei_model::observation::Identity;
use renkei_model::statement::Bilingual;
use renkei_model::track::Track;
use renkei_policy::explain::System;
use serde::{Deserialize, Serialize};

/// Border aliases that are remembered by default: years of the traffic round Japan, 100 MB.
const ALIASES_MAX: usize = 500_000;

/// What a picture is told.
#[derive(Clone, Debug)]
pub struct PictureConfig {
    /// Whose headquarters.
    pub nation: Nation,
    /// The partners at the border, the one that the headquarters deals with first in front; at
    /// least one, each in its own lane.
    pub partners: Vec<Towards>,
    /// How observations become tracks.
    pub fusion: FusionConfig,
    /// What shows as neutral without a person's word.
    pub neutral: NeutralRule,
    /// Why a unit shows as friend that says so of itself over a TAK feed of either side (CoT type
    /// `a-f-…`); `None` = it shows as unknown.
    pub friend: Option<Bilingual>,
    /// Things with a border alias at most; further ones are not released, and that is said.
    pub aliases_max: usize,
}

/// One partner and the lane that its border aliases are numbered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Towards {
    /// Whose headquarters.
    pub partner: Nation,
    /// From 0, less than [`renkei_model::id::BorderAlias::LANES`]; never another partner's.
    pub lane: u32,
}

impl PictureConfig {
    /// The shipped numbers and rule, with one partner.
    #[must_use]
    pub fn new(nation: Nation, partner: Nation) -> Self {
        Self::of(nation, vec![Towards { partner, lane: 0 }])
    }

    /// The shipped numbers and rule, with several partners.
    #[must_use]
    pub fn of(nation: Nation, partners: Vec<Towards>) -> Self {
        Self {
            nation,
            partners,
            fusion: FusionConfig::default(),
            neutral: NeutralRule::default(),
            friend: Some(Bilingual {
                en: "reports itself over a TAK feed of one of the sides".into(),
                ja: "自国又は連接先のTAK系統で自ら報告している部隊".into(),
            }),
            aliases_max: ALIASES_MAX,
        }
    }
}

/// This headquarters' rule on what shows as neutral (by rule, never by a person): civil traffic
/// that identifies itself. Any clause that holds is enough; no clause, no neutral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeutralRule {
    /// Shown beside the affiliation.
    pub reason: Bilingual,
    /// What counts as identifying itself.
    pub clauses: Vec<NeutralClause>,
}

/// One way of identifying itself. There is no clause on nationality, and none can be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeutralClause {
    /// How the thing is identified.
    pub system: System,
    /// What it must have said of itself.
    pub says: SelfName,
    /// AIS types of ship that do not count as civil (ITU-R M.1371-5 table 53).
    #[serde(default)]
    pub except_ship_types: BTreeSet<u8>,
}

/// What a thing can call itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfName {
    /// A ship's name.
    Name,
    /// A call sign or flight identification.
    Callsign,
}

impl Default for NeutralRule {
    /// A ship on AIS with a name that does not call itself military (35) or law enforcement (55),
    /// and an aircraft on ADS-B with a call sign.
    fn default() -> Self {
        let ship = NeutralClause {
            system: System::Ais,
            says: SelfName::Name,
            except_ship_types: BTreeSet::from([35, 55]),
        };
        let aircraft = NeutralClause {
            system: System::Adsb,
            says: SelfName::Callsign,
            except_ship_types: BTreeSet::new(),
        };
        Self {
            reason: Bilingual {
                en: "civil traffic that identifies itself".into(),
                ja: "自ら識別情報を送信する民間の船舶・航空機".into(),
            },
            clauses: vec![ship, aircraft],
        }
    }
}

impl NeutralRule {
    /// Whether `track` shows as neutral. An identity that stands in two places identifies nobody.
    #[must_use]
    pub fn holds(&self, track: &Track) -> bool {
        !track.duplicate_identity && self.clauses.iter().any(|clause| clause.holds(track))
    }
}

impl NeutralClause {
    fn holds(&self, track: &Track) -> bool {
        let attributes = &track.attributes;
        let named = match self.says {
            SelfName::Name => &attributes.name,
            SelfName::Callsign => &attributes.callsign,
        };
        let by_system = |identity: &Identity| System::of(identity) == self.system;
        let civil = |kind: u8| !self.except_ship_types.contains(&kind);
        named.as_ref().is_some_and(|name| !name.trim().is_empty())
            && attributes.ship_type.is_none_or(civil)
            && track.identities.iter().any(by_system)
    }
}
