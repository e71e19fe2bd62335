//! What a screen shows of the picture: plain data with the names of `docs/api.md`. Numbers on one
//! object agree with each other because they are read in one go.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::id::{BorderAlias, Nation};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Attributes, Domain};
use renkei_model::position::Position;
use renkei_model::statement::{Affiliation, Bilingual};
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, TrackNumber};
use renkei_policy::{Tier, TierVerdict};
use serde::Serialize;

/// Who said whose a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatedBy {
    /// The headquarters' neutral rule.
    Rule,
    /// A person.
    Person,
}

/// Whose sources contribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// Ours alone.
    Own,
    /// The partner's alone.
    Partner,
    /// Both sides'.
    Both,
}

/// What moves, once a second for every track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MotionView {
    /// Which track.
    pub number: TrackNumber,
    /// Where; `None` until a position was reported.
    pub position: Option<Position>,
    /// Event time of the position, or receive time of the last word where there is none.
    pub at: Timestamp,
    /// Speed over ground, metres a second.
    pub speed_mps: Option<f64>,
    /// Course over ground, degrees true.
    pub course_deg: Option<f64>,
    /// How fresh.
    pub freshness: Freshness,
    /// Whose sources contribute.
    pub held_by: HeldBy,
    /// Own sources contribute and nothing of it is released.
    pub not_released: bool,
    /// A distress or emergency state stands.
    pub emergency: bool,
    /// Whose it is, to this headquarters.
    pub affiliation: Affiliation,
    /// Where it moves.
    pub domain: Domain,
}

/// A track as a list or a label shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackView {
    /// Its number: of our own picture, or of the released one where a liaison looks.
    pub number: TrackNumber,
    /// Ship's or unit's name.
    pub name: Option<String>,
    /// Call sign.
    pub callsign: Option<String>,
    /// Where it moves.
    pub domain: Domain,
    /// Whose it is, to this headquarters.
    pub affiliation: Affiliation,
    /// Who says so; `None` = nobody has said.
    pub by: Option<StatedBy>,
    /// Why, where somebody said.
    pub affiliation_reason: Option<Bilingual>,
    /// A partner's statement, beside ours; the first partner's that has one.
    pub partner_affiliation: Option<PartnerAffiliation>,
    /// The statements of further partners.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_affiliations: Vec<PartnerAffiliation>,
    /// Our spoken name for it at the border.
    pub own_alias: Option<BorderAlias>,
    /// The partner's.
    pub partner_alias: Option<BorderAlias>,
    /// Whose sources contribute.
    pub held_by: HeldBy,
    /// The pedigree.
    pub sources: Vec<SourceView>,
    /// Identities as claimed, for example `MMSI 431000001`.
    pub identities: Vec<String>,
    /// The last that was said, field by field.
    pub attributes: Attributes,
    /// What the first partner gets of it.
    pub release: ReleaseView,
    /// What each partner gets of it, where there are several.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub releases: BTreeMap<Nation, ReleaseView>,
    /// Its label in short.
    pub label: LabelView,
    /// One standard deviation of the position, metres each axis.
    pub sd_m: Option<f64>,
    /// Receive time of the first report.
    pub first_seen_ms: Timestamp,
    /// The identity stands in two places.
    pub duplicate_identity: bool,
    /// The tracks of other sources that are taken for the same thing; their identities and sources
    /// are listed above with its own.
    pub one_with: Vec<OneWith>,
    /// A distress or emergency state stands.
    pub emergency: bool,
}

/// A track that is taken for the same thing as another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OneWith {
    /// Its own number.
    pub number: TrackNumber,
    /// Its own identities.
    pub identities: Vec<String>,
}

/// A partner's say on whose a thing is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartnerAffiliation {
    /// Which partner.
    pub nation: Nation,
    /// What they say.
    pub affiliation: Affiliation,
    /// Why, in their words.
    pub reason: Bilingual,
    /// Until when.
    pub expires_ms: Timestamp,
}

/// One source of a track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// The feed's name; `None` when the partner withheld it.
    pub name: Option<String>,
    /// Whose.
    pub nation: Nation,
    /// Event time of its last accepted report.
    pub last_ms: Timestamp,
    /// Accepted reports.
    pub reports: u64,
}

/// What the partner gets of a track: the most that any own source's reports are released in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReleaseView {
    /// Tier 1.
    pub existence: bool,
    /// Tier 2.
    pub coarse: bool,
    /// Tier 3.
    pub full: bool,
    /// Tier 4.
    pub identity: bool,
    /// Tier 5.
    pub source: bool,
    /// The partner gets less than who and where, which is the usual.
    pub exception: bool,
    /// Why, for the lowest tier that is withheld.
    pub reason: Option<Bilingual>,
}

/// A label in codes; the words come from the policy's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelView {
    /// Whose words: the policy identifier, for example `JPN-EXERCISE`.
    pub policy: String,
    /// Who may change it.
    pub originator: Nation,
    /// How much harm disclosure would do.
    pub classification: Classification,
    /// Who may have it beside the originator.
    pub releasable_to: BTreeSet<Nation>,
    /// Restrictions.
    pub restrictive: BTreeSet<String>,
    /// Marks that restrict nothing.
    pub informative: BTreeSet<String>,
}

impl From<&Label> for LabelView {
    fn from(label: &Label) -> Self {
        Self {
            policy: label.policy.clone(),
            originator: label.originator,
            classification: label.classification,
            releasable_to: label.releasable_to.clone(),
            restrictive: label.restrictive.clone(),
            informative: label.informative.clone(),
        }
    }
}

/// Why the partner sees of a track what it sees.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Which track.
    pub track: TrackNumber,
    /// Whose view of it.
    pub partner: Nation,
    /// Its name.
    pub name: Option<String>,
    /// The verdict on the most released of its sources, in the order of the tiers.
    pub tiers: [TierVerdict; 5],
    /// The verdicts source by source.
    pub sources: Vec<SourceExplanation>,
    /// What the partner sees; `None` = nothing.
    pub preview: Option<Preview>,
}

/// The verdicts on one source's reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceExplanation {
    /// Our feed.
    pub name: String,
    /// In the order of the tiers.
    pub tiers: [TierVerdict; 5],
}

/// What the partner sees of a track, made from what was released and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// The name it goes by at the border.
    pub alias: Option<BorderAlias>,
    /// Where it moves.
    pub domain: Domain,
    /// When it was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<Timestamp>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// How well that is known, metres each axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd_m: Option<f64>,
    /// Metres a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_mps: Option<f64>,
    /// Degrees true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course_deg: Option<f64>,
    /// Ship's or unit's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Call sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callsign: Option<String>,
    /// Identities as claimed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<String>,
    /// Our feeds that are named to them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<String>,
}

/// What went over the border, what did not, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExchangeView {
    /// With whom.
    pub partner: Nation,
    /// By rule and tier since the start.
    pub rules: Vec<RuleCount>,
    /// The last releases, newest first.
    pub recent: Vec<RecentRelease>,
    /// What is held now, longest first.
    pub withheld: Vec<WithheldTrack>,
    /// What they give us.
    pub theirs: TheirsView,
}

/// Releases under one rule: `sent` counts those whose highest tier this is, `held` the reports
/// whose lowest withheld tier it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// The rule's `@id`; `None` when no agreement covers it.
    pub policy: Option<String>,
    /// The tier.
    pub tier: Tier,
    /// Releases.
    pub sent: u64,
    /// Reports held.
    pub held: u64,
    /// The rule's words.
    pub reason: Bilingual,
}

/// One release by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecentRelease {
    /// When.
    pub at_ms: Timestamp,
    /// Its spoken name.
    pub alias: BorderAlias,
    /// Its name, where that was said and released.
    pub name: Option<String>,
    /// What was told.
    pub tiers: Vec<Tier>,
    /// By which rule.
    pub policy: String,
}

/// One source's part in one track that the partner gets less of than usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithheldTrack {
    /// Which track.
    pub track: TrackNumber,
    /// Its name.
    pub name: Option<String>,
    /// Our feed.
    pub source: String,
    /// The lowest tier that is withheld.
    pub tier: Tier,
    /// Why.
    pub reason: Bilingual,
    /// By which rule; `None` when no agreement covers it.
    pub policy: Option<String>,
    /// Since when.
    pub since_ms: Timestamp,
}

/// What the partner gives us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TheirsView {
    /// Tracks that its reports contribute to.
    pub tracks: usize,
    /// The moment up to which we hold what it released; `None` = it never was linked.
    pub as_of_ms: Option<Timestamp>,
}
