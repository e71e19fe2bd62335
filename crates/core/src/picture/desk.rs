//! The release desk: own reports in, what may go to the partner out.
//!
//! It sees reports alone. No track and no estimate reaches it, so a withheld report can change
//! nothing of what it lets go. Beside it stands a second fusion of what it let go and of what the
//! partner released to us: what both sides know. That is the view of a liaison, the preview of
//! "what do they see", and the measure of whether a fact rests on something withheld.

use std::collections::BTreeSet;
use std::sync::Arc;

use renkei_fusion::{Alert, Disposition, Fusion, FusionConfig, ZoneError};
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::observation::{Identity, Observation, Source};
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};
use renkei_policy::{Policy, Tier, TierVerdict};

use super::alias::{AliasBook, AliasKey, Known};
use super::config::PictureConfig;
use super::counts::ReleaseCounts;
use super::effect::{PictureEffect, Problem};
use crate::affairs::StatedZone;

/// What policy says of all five tiers.
pub(crate) type Tiers = Arc<[TierVerdict; 5]>;

/// What policy last said of one source's reports on one track.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) tiers: Tiers,
    /// Since when the same tiers stand.
    pub(crate) since: Timestamp,
}

impl Told {
    pub(crate) fn renew(&mut self, tiers: Tiers, now: Timestamp) {
        if highest(&tiers) != highest(&self.tiers) {
            self.since = now;
        }
        self.tiers = tiers;
    }
}

/// The highest tier up to which all are permitted.
pub(crate) fn highest(tiers: &[TierVerdict; 5]) -> Option<Tier> {
    tiers.iter().take_while(|verdict| verdict.permitted).last().map(|verdict| verdict.tier)
}

/// What became of one own report.
pub(crate) struct Offered {
    pub(crate) tiers: Tiers,
    /// The facts that follow from what both sides know, and nothing else.
    pub(crate) shown: Vec<Alert>,
}

#[derive(Clone, Debug)]
pub(crate) struct Desk {
    partner: Nation,
    policy: Policy,
    book: AliasBook,
    shared: Fusion,
    /// Shared tracks that look different since the last step, or are gone.
    changed: BTreeSet<TrackNumber>,
    counts: ReleaseCounts,
    full: bool,
}

impl Desk {
    pub(crate) fn new(config: &PictureConfig, policy: Policy) -> Self {
        // Everything in the shared fusion has a partner's source, and fusion keeps half of its room
        // for own sources.
        let tracks_max = config.fusion.tracks_max.saturating_mul(2);
        let counts = ReleaseCounts::new(config.partner, policy.version());
        Self {
            partner: config.partner,
            policy,
            book: AliasBook::new(config.nation, config.aliases_max),
            shared: Fusion::new(FusionConfig { tracks_max, ..config.fusion.clone() }),
            changed: BTreeSet::new(),
            counts,
            full: false,
        }
    }

    /// Decides on one own report; the effects name the alias before the offer that uses it.
    pub(crate) fn offer(
        &mut self,
        o: &Observation,
        now: Timestamp,
        effects: &mut Vec<PictureEffect>,
    ) -> Offered {
        let Self { partner, policy, book, .. } = self;
        let tiers = policy.verdicts_of(o, *partner, now);
        let withheld = tiers.iter().find(|verdict| !verdict.permitted);
        if let Some(verdict) = withheld {
            self.counts.held(verdict);
        }
        let nothing = |tiers| Offered { tiers, shown: Vec::new() };
        let Some(highest) = highest(&tiers) else { return nothing(tiers) };
        let key = AliasKey { identity: o.identity.clone(), known: Known::by(highest) };
        if !book.has_room(&key) {
            if !std::mem::replace(&mut self.full, true) {
                let problem = Problem::TooManyAliases(*partner, book.len());
                effects.push(PictureEffect::Problem(problem));
            }
            return nothing(tiers);
        }
        let given = book.len();
        let decision = policy.release_observation(o, || book.give(&key), *partner, now);
        if book.len() > given {
            let (partner, alias) = (*partner, book.give(&key));
            effects.push(PictureEffect::AliasGiven { partner, key, alias });
        }
        let Some(released) = decision.released else { return nothing(tiers) };
        self.counts.sent(&released, &tiers[highest as usize], now);
        let seen = released.item().clone().into_observation(now);
        let shown = self.share(&seen, now);
        effects.push(PictureEffect::Offer { to: self.partner, released });
        Offered { tiers, shown }
    }

    /// Takes in what the partner released: it knows that already. It is never passed on.
    pub(crate) fn learn(&mut self, received: &Observation, now: Timestamp) -> Vec<Alert> {
        self.share(received, now)
    }

    /// Puts what both sides know into the picture of that.
    fn share(&mut self, o: &Observation, now: Timestamp) -> Vec<Alert> {
        let outcome = self.shared.observe(o, now);
        if let Some(number) = outcome.track {
            self.changed.extend([number, self.shared.lead(number)]);
        }
        if matches!(outcome.disposition, Disposition::Split(_)) {
            self.touch(&o.identity);
        }
        outcome.alerts
    }

    /// What goes by `name` looks different now.
    pub(crate) fn touch(&mut self, name: &Identity) {
        self.changed.extend(self.shared.find(name));
    }

    /// The shared tracks that look different since the last call, or are gone.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<TrackNumber> {
        std::mem::take(&mut self.changed)
    }

    /// The blocks of an ended minute.
    pub(crate) fn minute(&mut self, now: Timestamp) -> Vec<PictureEffect> {
        self.counts.minute(now).into_iter().map(PictureEffect::ReleaseCounted).collect()
    }

    /// The open blocks.
    pub(crate) fn close(&mut self) -> Vec<PictureEffect> {
        self.counts.close().into_iter().map(PictureEffect::ReleaseCounted).collect()
    }

    /// Lets the partner's side of the picture age: what to forget, and what time brought to light
    /// of what both sides know.
    pub(crate) fn tick(&mut self, now: Timestamp) -> (Vec<PictureEffect>, Vec<Alert>) {
        self.full = false;
        let ticked = self.shared.tick(now);
        self.changed.extend(ticked.changed);
        for track in &ticked.dropped {
            self.changed.insert(track.number);
            track.identities.iter().for_each(|name| self.touch(name));
        }
        let (partner, own) = (self.partner, self.book.nation());
        let forget = |alias| PictureEffect::Forget { partner, alias };
        let dropped = ticked.dropped.iter().flat_map(aliases);
        let forgotten = dropped.filter(|alias| alias.nation == own).map(forget).collect();
        (forgotten, ticked.alerts)
    }

    pub(crate) fn restore(&mut self, key: AliasKey, alias: BorderAlias) {
        self.book.restore(key, alias);
    }

    pub(crate) fn set_zone(&mut self, stated: StatedZone) -> Result<(), ZoneError> {
        self.shared.set_zone(stated.id, stated.zone)
    }

    /// What policy says of a report, without releasing it.
    pub(crate) fn verdicts(&mut self, o: &Observation, now: Timestamp) -> Tiers {
        self.policy.verdicts_of(o, self.partner, now)
    }

    pub(crate) fn book(&self) -> &AliasBook {
        &self.book
    }

    pub(crate) fn counts(&self) -> &ReleaseCounts {
        &self.counts
    }

    /// The picture that follows from what both sides know, and nothing else.
    pub(crate) fn shared(&self) -> &Fusion {
        &self.shared
    }

    /// The part of `track` that both sides know, best known first; where an identity stands in two
    /// places, the nearer one.
    pub(crate) fn known(&self, track: &Track) -> Option<&Track> {
        let distance_m = |known: &&Track| {
            let here = track.estimate.as_ref().map(|e| e.position);
            let there = known.estimate.as_ref().map(|e| e.position);
            here.zip(there).map_or(f64::INFINITY, |(here, there)| here.distance_m(there))
        };
        let ours = track.identities.iter().flat_map(|identity| self.book.of(identity));
        let known = |alias| {
            let numbers = self.shared.find(&Identity::Alias(alias));
            let tracks = numbers.into_iter().filter_map(|number| self.shared.track(number));
            tracks.min_by(|a, b| distance_m(a).total_cmp(&distance_m(b)))
        };
        ours.chain(aliases(track)).find_map(known)
    }
}

/// The aliases under which a partner's reports came.
pub(crate) fn aliases(track: &Track) -> impl Iterator<Item = BorderAlias> {
    track.sources.keys().filter_map(|source| match source {
        Source::Partner { alias, .. } => Some(*alias),
        Source::Own(_) => None,
    })
}
