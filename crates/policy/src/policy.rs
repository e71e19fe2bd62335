//! The release decision: which tiers of an observation cross, whether a record crosses, and why not.

use std::collections::BTreeSet;
use std::sync::Arc;

use renkei_model::cbor::{Digest, to_canonical};
use renkei_model::id::{BorderAlias, Nation, Partition};
use renkei_model::observation::{Identity, Observation, Source};
use renkei_model::statement::{Bilingual, Record, SignedRecord};
use renkei_model::time::Timestamp;
use renkei_model::track::SensorTrack;

use crate::built;
use crate::facts::{About, Action, Facts, Home, expired, unsound};
use crate::memo::{Memo, Verdicts};
use crate::released::Released;
use crate::review::{Approval, Review, substance, suffices};
use crate::rules::{Finding, PolicyError, Rules};
use crate::slots::Slots;
use crate::tier::{Tier, TierVerdict};
use crate::wire::{
    Coarse, ObservationRelease, RELEASE_VERSION, SLOT_MS, TRACK_VERSION, slot_start,
};
use crate::words::{Said, System};

/// The release policy of one node. Cloning is cheap in rules; what was told coarsely and the
/// remembered verdicts are copied, so let one copy release observations.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) home: Home,
    pub(crate) rules: Arc<Rules>,
    memo: Memo,
    slots: Slots,
}

/// What became of one observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservationDecision {
    /// What goes to the partner; `None` when the lowest tier is withheld or nothing is new.
    pub released: Option<Released<ObservationRelease>>,
    /// True when policy lets something through but nothing goes: below the full tier it was told
    /// already in this ten-minute slot, or the report's time lies in the future.
    pub unchanged: bool,
    /// What policy says of each tier, in the order of [`Tier::ALL`].
    pub tiers: Arc<[TierVerdict; 5]>,
}

impl ObservationDecision {
    /// The lowest tier that is withheld, with its reason.
    #[must_use]
    pub fn withheld(&self) -> Option<&TierVerdict> {
        self.tiers.iter().find(|verdict| !verdict.permitted)
    }
}

/// Why a record stays here (不提供).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("withheld: {}", reason.en)]
pub struct Withheld {
    /// The `@id` of the prohibition; `None` when no agreement covers it.
    pub policy: Option<String>,
    /// Why, in that policy's words.
    pub reason: Bilingual,
    /// Whose review may lift it, where one may (提供審査).
    pub review: Option<Review>,
}

impl Policy {
    /// Reads the release policy of the node of `home` in `partition` from (file name, Cedar text).
    /// No file at all is a policy too: it denies everything.
    ///
    /// # Errors
    /// [`PolicyError`] with every problem of every file: see [`crate::check::check`].
    pub fn load(
        home: Nation,
        partition: &Partition,
        files: &[(&str, &str)],
    ) -> Result<Self, PolicyError> {
        let home = Home { nation: home, partition: partition.clone() };
        let rules = Arc::new(Rules::load(files)?);
        Ok(Self { home, rules, memo: Memo::default(), slots: Slots::default() })
    }

    /// The hash of all the texts that decide, in the order of their names: a record of a release
    /// names the policy by it.
    #[must_use]
    pub fn version(&self) -> Digest {
        self.rules.version
    }

    /// The nations that a permit names.
    #[must_use]
    pub fn partners(&self) -> BTreeSet<Nation> {
        self.rules.partners()
    }

    /// Decides what `to` gets of `observation`, and builds it.
    ///
    /// `alias` is asked only when something is released, so that a withheld thing takes no number
    /// and the partner cannot count what it did not get. It must give one thing the same alias each
    /// time.
    pub fn release_observation(
        &mut self,
        observation: &Observation,
        alias: impl FnOnce() -> BorderAlias,
        to: Nation,
        now: Timestamp,
    ) -> ObservationDecision {
        self.release(observation, None, alias, to, now)
    }

    /// Decides what `to` gets of a thing that gave no name, from one sensor's own track of it, and
    /// builds it. `report` says which sensor, under which label, and what `track` comes to; the track
    /// must be made from that sensor's plots alone.
    ///
    /// `alias` is asked as for [`Policy::release_observation`].
    pub fn release_track(
        &mut self,
        report: &Observation,
        track: &SensorTrack,
        alias: impl FnOnce() -> BorderAlias,
        to: Nation,
        now: Timestamp,
    ) -> ObservationDecision {
        self.release(report, Some(track), alias, to, now)
    }

    fn release(
        &mut self,
        observation: &Observation,
        track: Option<&SensorTrack>,
        alias: impl FnOnce() -> BorderAlias,
        to: Nation,
        now: Timestamp,
    ) -> ObservationDecision {
        let Verdicts { tiers, permit } = self.verdicts(observation, to, now);
        let (Some(permit), Some(highest)) = (permit, highest(&tiers)) else {
            return ObservationDecision { released: None, unchanged: false, tiers };
        };
        let released = (highest >= Tier::Full || in_time(observation, now))
            .then(|| build(observation, track, alias(), highest))
            .filter(|built| highest >= Tier::Full || self.is_news(built, to))
            .map(|built| Released::new(to, permit, built));
        ObservationDecision { unchanged: released.is_none(), released, tiers }
    }

    /// What policy says of each tier of `observation`, without releasing anything.
    pub fn verdicts_of(
        &mut self,
        observation: &Observation,
        to: Nation,
        now: Timestamp,
    ) -> Arc<[TierVerdict; 5]> {
        self.verdicts(observation, to, now).tiers
    }

    /// Lets a signed record go to `to`, whole, or says why not.
    ///
    /// # Errors
    /// [`Withheld`] when a prohibition fires, no permit covers it, or `record` is not what was
    /// signed.
    pub fn release_record(
        &self,
        signed: SignedRecord,
        record: &Record,
        to: Nation,
        now: Timestamp,
    ) -> Result<Released<SignedRecord>, Withheld> {
        let finding = self.judge_record(&signed, record, to, now)?;
        match finding.fired.first() {
            Some(rule) if finding.permitted => Ok(Released::new(to, rule.id.clone(), signed)),
            _ => Err(withheld(finding)),
        }
    }

    /// Lets a signed record go to `to` where policy asks for a review and `approvals` are enough,
    /// or says why not. The rules are asked again: what policy says now counts, not what it said
    /// when the review began.
    ///
    /// # Errors
    /// [`Withheld`] when no review may lift what stands against it, or too few persons at different
    /// desks approved this very substance under these very rules, or their time is over.
    pub fn release_reviewed(
        &self,
        signed: SignedRecord,
        record: &Record,
        to: Nation,
        approvals: &[Approval],
        now: Timestamp,
    ) -> Result<Released<SignedRecord>, Withheld> {
        let finding = self.judge_record(&signed, record, to, now)?;
        if let Some(rule) = finding.fired.first().filter(|_| finding.permitted) {
            return Ok(Released::new(to, rule.id.clone(), signed));
        }
        let about = (to, substance(record), self.version());
        match &finding.ask {
            Some(ask) if suffices(ask.review, approvals, about, now) => {
                Ok(Released::new(to, ask.permit.clone(), signed))
            }
            _ => Err(withheld(finding)),
        }
    }

    fn judge_record(
        &self,
        signed: &SignedRecord,
        record: &Record,
        to: Nation,
        now: Timestamp,
    ) -> Result<Finding, Withheld> {
        if to_canonical(record) != signed.bytes {
            return Err(Withheld { policy: None, reason: not_what_was_signed(), review: None });
        }
        let facts = Facts {
            label: &record.label,
            expired: expired(&record.label, now),
            unsound: unsound(&record.label, now),
            taken_in_by: record.id.node,
            about: About::Statement {
                said: Said::of(&record.statement),
                partition: &record.id.partition,
            },
        };
        Ok(self.rules.decide(&facts, Action::ReleaseRecord, to, &self.home))
    }

    fn verdicts(&mut self, observation: &Observation, to: Nation, now: Timestamp) -> Verdicts {
        let facts = facts_of(observation, self.home.nation, now);
        if let Some(verdicts) = self.memo.get(&facts, to) {
            return verdicts;
        }
        let verdicts = self.judge(&facts, to);
        self.memo.put(&facts, to, verdicts.clone());
        verdicts
    }

    fn judge(&self, facts: &Facts<'_>, to: Nation) -> Verdicts {
        let mut permit = None;
        let mut refused: Option<TierVerdict> = None;
        let tiers = Tier::ALL.map(|tier| {
            let finding = self.rules.decide(facts, Action::Tell(tier), to, &self.home);
            let verdict = verdict(tier, &finding, refused.as_ref());
            match finding.fired.first() {
                Some(rule) if verdict.permitted => permit = Some(rule.id.clone()),
                _ if refused.is_none() => refused = Some(verdict.clone()),
                _ => {}
            }
            verdict
        });
        Verdicts { tiers: Arc::new(tiers), permit }
    }

    fn is_news(&mut self, built: &ObservationRelease, to: Nation) -> bool {
        self.slots.tell(to, built.alias, built.existence.at, built.coarse)
    }
}

/// Not from the future: told coarsely, such a report would lock the thing until its time has come.
fn in_time(observation: &Observation, now: Timestamp) -> bool {
    slot_start(observation.event_time) <= slot_start(now).plus_ms(SLOT_MS)
}

/// The facts of `observation` for the node of `home`.
fn facts_of(observation: &Observation, home: Nation, now: Timestamp) -> Facts<'_> {
    let (taken_in_by, source) = match &observation.source {
        Source::Own(source) => (home, source.0.as_str()),
        Source::Partner { nation, .. } => (*nation, ""),
    };
    Facts {
        label: &observation.label,
        expired: expired(&observation.label, now),
        unsound: unsound(&observation.label, now),
        taken_in_by,
        about: About::Observation {
            domain: observation.domain,
            system: match (&observation.source, &observation.identity) {
                // Nothing of ours is named by a partner's alias: it has no name.
                (Source::Own(_), Identity::Alias(_)) => System::Plot,
                (_, identity) => System::of(identity),
            },
            source,
        },
    }
}

fn withheld(finding: Finding) -> Withheld {
    let rule = finding.fired.first().filter(|rule| !rule.permits);
    Withheld {
        policy: rule.map(|rule| rule.id.to_string()),
        reason: rule.map_or(finding.otherwise, |rule| rule.reason.clone()),
        review: finding.ask.map(|ask| ask.review),
    }
}

fn verdict(tier: Tier, finding: &Finding, refused: Option<&TierVerdict>) -> TierVerdict {
    let rule = finding.fired.first();
    let reason = rule.map_or_else(|| finding.otherwise.clone(), |rule| rule.reason.clone());
    let policy = rule.map(|rule| rule.id.to_string());
    match refused {
        Some(lower) if finding.permitted => TierVerdict { tier, ..lower.clone() },
        _ => TierVerdict { tier, permitted: finding.permitted, policy, reason },
    }
}

fn highest(tiers: &[TierVerdict; 5]) -> Option<Tier> {
    tiers.iter().take_while(|verdict| verdict.permitted).last().map(|verdict| verdict.tier)
}

fn build(
    observation: &Observation,
    track: Option<&SensorTrack>,
    alias: BorderAlias,
    highest: Tier,
) -> ObservationRelease {
    let told = |tier| highest >= tier;
    let full = told(Tier::Full).then(|| built::full(observation));
    let identity = told(Tier::Identity).then(|| built::identity(observation)).flatten();
    let belief = track.filter(|_| full.is_some()).and_then(built::belief);
    let is_told = told(Tier::Source) && (identity.is_some() || belief.is_some());
    let source = is_told.then(|| built::source(observation));
    let coarse = (told(Tier::Coarse) && full.is_none()).then_some(observation.position).flatten();
    ObservationRelease {
        version: if belief.is_some() { TRACK_VERSION } else { RELEASE_VERSION },
        alias,
        existence: built::existence(observation),
        coarse: coarse.map(Coarse::of),
        label: built::label(&observation.label, full.is_some()),
        full,
        identity,
        source: source.flatten(),
        belief,
    }
}

fn not_what_was_signed() -> Bilingual {
    Bilingual {
        en: "the record is not the one that was signed".into(),
        ja: "署名された記録と内容が一致しない".into(),
    }
}
