//! Looking at the picture: who may see what of it, and why the partner sees what it sees.
//!
//! Our own floor sees all. A partner's liaison sees what follows from what that partner and we both
//! know. Any other nation sees nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use renkei_fusion::Fusion;
use renkei_model::id::{BorderAlias, Nation, SourceId};
use renkei_model::observation::{Attributes, Identity, Motion, Observation, Source};
use renkei_model::statement::{Affiliation, Bilingual};
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};
use renkei_policy::{Tier, TierVerdict};

use super::Picture;
use super::desk::{Tiers, Told, aliases, highest};
use super::side::Side;
use super::view::{
    ExchangeView, Explanation, HeldBy, LabelView, MotionView, OneWith, PartnerAffiliation, Preview,
    ReleaseView, SourceExplanation, SourceView, StatedBy, TheirsView, TrackView, WithheldTrack,
};

/// Entries in the list of what is held.
const WITHHELD_MAX: usize = 500;

impl Picture {
    /// How every track moves, as `viewer` may see it. Cheap: once a second for ten thousand.
    #[must_use]
    pub fn motions(&self, viewer: Nation, now: Timestamp) -> Vec<MotionView> {
        let Some(fusion) = self.seen_by(viewer) else { return Vec::new() };
        leading(fusion).map(|track| self.motion(&track, viewer, now)).collect()
    }

    /// How one thing moves, as `viewer` may see it.
    #[must_use]
    pub fn motion_of(
        &self,
        number: TrackNumber,
        viewer: Nation,
        now: Timestamp,
    ) -> Option<MotionView> {
        let fusion = self.seen_by(viewer)?;
        let track = fusion.whole(fusion.lead(number))?;
        Some(self.motion(&track, viewer, now))
    }

    /// One thing as `viewer` may see it: of tracks that are one, under the number of the leading one.
    #[must_use]
    pub fn view(&self, number: TrackNumber, viewer: Nation, now: Timestamp) -> Option<TrackView> {
        let fusion = self.seen_by(viewer)?;
        let track = fusion.whole(fusion.lead(number))?;
        Some(self.view_of(&track, viewer, now, fusion))
    }

    /// Every thing as `viewer` may see it: of tracks that are one thing, the leading one.
    #[must_use]
    pub fn views(&self, viewer: Nation, now: Timestamp) -> Vec<TrackView> {
        let Some(fusion) = self.seen_by(viewer) else { return Vec::new() };
        leading(fusion).map(|track| self.view_of(&track, viewer, now, fusion)).collect()
    }

    /// Why `partner` sees of a track what it sees; `None` when there is no such track or partner.
    pub fn explain(
        &mut self,
        number: TrackNumber,
        partner: Nation,
        now: Timestamp,
    ) -> Option<Explanation> {
        let track = self.fusion.whole(number)?.into_owned();
        let side = self.side(partner)?;
        let told: BTreeMap<&SourceId, &Told> = self.told_of(side, number).collect();
        let one = |(SourceId(name), told): (&SourceId, &Told)| SourceExplanation {
            name: name.clone(),
            tiers: (*told.tiers).clone(),
        };
        let ours = best(told.values().copied()).map(|told| told.tiers.clone());
        let sources = told.into_iter().map(one).collect();
        let tiers = match ours {
            Some(tiers) => tiers,
            None => self.theirs_alone(&track, partner, now)?,
        };
        let side = self.side(partner)?;
        let preview = self.known(side, &track).map(|known| self.preview(side, known));
        let name = name(&track);
        let tiers = (*tiers).clone();
        Some(Explanation { track: number, partner, name, tiers, sources, preview })
    }

    /// What went over the border to `partner`, what did not, and why; `None` when it is no partner.
    #[must_use]
    pub fn exchange(&self, partner: Nation) -> Option<ExchangeView> {
        let side = self.side(partner)?;
        let foreign = |track: &&Track| aliases_of(track, partner).next().is_some();
        Some(ExchangeView {
            partner,
            rules: side.desk.counts().rules(),
            recent: side.desk.counts().recent(),
            withheld: self.withheld(side),
            theirs: TheirsView {
                tracks: self.fusion.tracks().filter(foreign).count(),
                as_of_ms: side.theirs_as_of(),
            },
        })
    }

    /// Whose a track is to this headquarters, who says so and why.
    pub(crate) fn affiliation(
        &self,
        track: &Track,
        names: &BTreeSet<Identity>,
        now: Timestamp,
    ) -> (Affiliation, Option<StatedBy>, Option<&Bilingual>) {
        if let Some(stated) = self.standings.of(self.config.nation, names, now) {
            let statement = &stated.statement;
            return (statement.affiliation, Some(StatedBy::Person), Some(&statement.reason));
        }
        let says_friend = |kind: &str| kind.starts_with("a-f-");
        let cot_type = track.attributes.cot_type.as_deref();
        if let (true, Some(reason)) = (cot_type.is_some_and(says_friend), &self.config.friend) {
            return (Affiliation::Friend, Some(StatedBy::Rule), Some(reason));
        }
        let rule = &self.config.neutral;
        if rule.holds(track) {
            return (Affiliation::Neutral, Some(StatedBy::Rule), Some(&rule.reason));
        }
        (Affiliation::Unknown, None, None)
    }

    /// Our best known alias of a track, towards the first partner that it has one for.
    pub(crate) fn own_alias(&self, track: &Track) -> Option<BorderAlias> {
        let ours = self.sides.iter().find_map(|side| own_alias_of(side, track));
        ours.or_else(|| aliases_of(track, self.config.nation).next())
    }

    /// The part of `track` that the partner and we both know.
    pub(super) fn known<'a>(&'a self, side: &'a Side, track: &Track) -> Option<&'a Track> {
        side.desk.known(track, side.seen_as.theirs(track.number))
    }

    /// The name a track goes by at the border with `partner`: ours before the partner's.
    pub(crate) fn spoken(&self, track: &Track, partner: Nation) -> Option<BorderAlias> {
        aliases_of(track, self.config.nation).chain(aliases_of(track, partner)).next()
    }

    fn seen_by(&self, viewer: Nation) -> Option<&Fusion> {
        if viewer == self.config.nation {
            return Some(&self.fusion);
        }
        self.side(viewer).map(|side| side.desk.shared())
    }

    fn held_by(&self, track: &Track) -> HeldBy {
        let own = |source: &Source| match source {
            Source::Own(_) => true,
            Source::Partner { nation, .. } => *nation == self.config.nation,
        };
        match (track.sources.keys().any(own), track.sources.keys().all(own)) {
            (true, true) => HeldBy::Own,
            (true, false) => HeldBy::Both,
            (false, _) => HeldBy::Partner,
        }
    }

    fn motion(&self, track: &Track, viewer: Nation, now: Timestamp) -> MotionView {
        let estimate = track.estimate.as_ref();
        let held_by = self.held_by(track);
        let names = self.standing_names(track);
        MotionView {
            number: track.number,
            position: estimate.map(|e| e.position),
            at: estimate.map_or(track.last_seen, |e| e.at),
            speed_mps: estimate.and_then(|e| e.motion.speed_mps),
            course_deg: estimate.and_then(|e| e.motion.course_deg),
            freshness: track.freshness,
            held_by,
            not_released: viewer == self.config.nation
                && held_by != HeldBy::Partner
                && self.sides.iter().all(|side| {
                    let tiers = self.best_tiers(side, track.number);
                    tiers.is_none_or(|tiers| highest(tiers).is_none())
                }),
            emergency: track.attributes.emergency.is_some(),
            affiliation: self.affiliation(track, &names, now).0,
            domain: track.domain,
        }
    }

    /// The names by which statements on a track are looked up: none as long as nobody stated anything.
    fn standing_names(&self, track: &Track) -> BTreeSet<Identity> {
        if self.standings.is_empty() { BTreeSet::new() } else { self.names(track) }
    }

    fn view_of(&self, track: &Track, viewer: Nation, now: Timestamp, fusion: &Fusion) -> TrackView {
        let names = self.standing_names(track);
        let (affiliation, by, reason) = self.affiliation(track, &names, now);
        // What we assess is shown to a liaison when it was released, as a statement of ours.
        let own_floor = viewer == self.config.nation;
        let sides = || self.sides.iter().filter(|side| own_floor || side.partner == viewer);
        let mut said = sides().filter_map(|side| {
            let stated = self.standings.of(side.partner, &names, now)?;
            Some(PartnerAffiliation {
                nation: side.partner,
                affiliation: stated.statement.affiliation,
                reason: stated.statement.reason.clone(),
                expires_ms: stated.statement.expires,
            })
        });
        TrackView {
            number: track.number,
            name: track.attributes.name.clone(),
            callsign: track.attributes.callsign.clone(),
            domain: track.domain,
            affiliation: if own_floor { affiliation } else { Affiliation::Unknown },
            by: by.filter(|_| own_floor),
            affiliation_reason: reason.filter(|_| own_floor).cloned(),
            partner_affiliation: said.next(),
            further_affiliations: said.collect(),
            own_alias: if own_floor { self.own_alias(track) } else { self.spoken(track, viewer) },
            partner_alias: sides().find_map(|side| aliases_of(track, side.partner).next()),
            held_by: self.held_by(track),
            sources: track.sources.iter().map(|(s, c)| self.source(s, c)).collect(),
            identities: track.identities.iter().map(identity_text).collect(),
            attributes: track.attributes.clone(),
            release: self
                .sides
                .first()
                .filter(|_| own_floor)
                .map_or_else(ReleaseView::default, |side| self.release(side, track.number)),
            releases: self
                .sides
                .iter()
                .filter(|_| own_floor && self.sides.len() > 1)
                .map(|side| (side.partner, self.release(side, track.number)))
                .collect(),
            label: LabelView::from(&track.label),
            sd_m: track.estimate.as_ref().map(|e| e.sd_m),
            first_seen_ms: track.first_seen,
            duplicate_identity: track.duplicate_identity,
            one_with: one_with(fusion, track.number),
            emergency: track.attributes.emergency.is_some(),
        }
    }

    fn source(
        &self,
        source: &Source,
        contribution: &renkei_model::track::Contribution,
    ) -> SourceView {
        let (name, nation) = match source {
            Source::Own(SourceId(name)) => (Some(name.clone()), self.config.nation),
            Source::Partner { nation, feed, .. } => (feed.clone().map(|SourceId(n)| n), *nation),
        };
        SourceView { name, nation, last_ms: contribution.last, reports: contribution.reports }
    }

    fn best_tiers<'a>(
        &'a self,
        side: &'a Side,
        number: TrackNumber,
    ) -> Option<&'a [TierVerdict; 5]> {
        best(self.told_of(side, number).map(|(_, told)| told)).map(|told| &*told.tiers)
    }

    /// What policy last said, towards one partner, of the own sources of a track and of those that
    /// are one thing with it.
    pub(super) fn told_of<'a>(
        &'a self,
        side: &'a Side,
        number: TrackNumber,
    ) -> impl Iterator<Item = (&'a SourceId, &'a Told)> {
        let others = self.fusion.one_with(number).iter().copied();
        let others = others.filter(move |other| *other != number);
        std::iter::once(number).chain(others).filter_map(|one| side.told.get(&one)).flatten()
    }

    fn release(&self, side: &Side, number: TrackNumber) -> ReleaseView {
        let Some(tiers) = self.best_tiers(side, number) else { return ReleaseView::default() };
        let [existence, coarse, full, identity, source] =
            tiers.each_ref().map(|verdict| verdict.permitted);
        let withheld = tiers.iter().find(|verdict| !verdict.permitted);
        let reason = withheld.map(|verdict| verdict.reason.clone());
        ReleaseView { existence, coarse, full, identity, source, exception: !identity, reason }
    }

    fn withheld(&self, side: &Side) -> Vec<WithheldTrack> {
        let mut list = Vec::new();
        for (number, sources) in &side.told {
            for (SourceId(source), told) in sources {
                let Some(verdict) = told.tiers.iter().find(|v| !v.permitted) else { continue };
                if verdict.tier > Tier::Identity {
                    continue;
                }
                list.push(WithheldTrack {
                    track: *number,
                    name: self.fusion.track(*number).and_then(name),
                    source: source.clone(),
                    tier: verdict.tier,
                    reason: verdict.reason.clone(),
                    policy: verdict.policy.clone(),
                    since_ms: told.since,
                });
            }
        }
        list.sort_by_key(|held| (held.since_ms, held.track));
        list.truncate(WITHHELD_MAX);
        list
    }

    /// The verdict on a track to which no source of ours contributes: it is not ours to release, to
    /// nobody, also where its label names the nation. Whether its originator consented to onward
    /// release is for the policy to judge, in the prohibition `always-own-data-only`; today none does,
    /// and nothing that was received is ever offered.
    fn theirs_alone(&mut self, track: &Track, partner: Nation, now: Timestamp) -> Option<Tiers> {
        let source = track.sources.keys().next().cloned();
        let report = Observation {
            source: source.unwrap_or_else(|| Source::Own(SourceId(String::new()))),
            identity: track.identities.first().cloned().unwrap_or(Identity::Cot(String::new())),
            domain: track.domain,
            event_time: track.last_seen,
            received_at: track.last_seen,
            position: None,
            accuracy_m: None,
            motion: Motion::default(),
            attributes: Attributes::default(),
            content: 0,
            label: track.label.clone(),
        };
        self.side_mut(partner).map(|side| side.desk.verdicts(&report, now))
    }

    fn preview(&self, side: &Side, known: &Track) -> Preview {
        let estimate = known.estimate.as_ref();
        let ours = |source: &Source| match source {
            Source::Partner { nation, feed, .. } if *nation == self.config.nation => {
                feed.clone().map(|SourceId(name)| name)
            }
            _ => None,
        };
        Preview {
            alias: self.spoken(known, side.partner),
            domain: known.domain,
            at_ms: estimate.map(|e| e.at),
            lat: estimate.map(|e| e.position.latitude_deg()),
            lon: estimate.map(|e| e.position.longitude_deg()),
            sd_m: estimate.map(|e| e.sd_m),
            speed_mps: estimate.and_then(|e| e.motion.speed_mps),
            course_deg: estimate.and_then(|e| e.motion.course_deg),
            name: known.attributes.name.clone(),
            callsign: known.attributes.callsign.clone(),
            identities: known.identities.iter().map(identity_text).collect(),
            feeds: known.sources.keys().filter_map(ours).collect(),
        }
    }
}

/// The tracks that stand for the things of a picture.
fn leading(fusion: &Fusion) -> impl Iterator<Item = Cow<'_, Track>> {
    let leads = |track: &&Track| fusion.lead(track.number) == track.number;
    fusion.tracks().filter(leads).filter_map(|track| fusion.whole(track.number))
}

/// The other tracks that are one thing with `number`.
fn one_with(fusion: &Fusion, number: TrackNumber) -> Vec<OneWith> {
    let others = fusion.one_with(number).iter().filter(|other| **other != number);
    let tracks = others.filter_map(|other| fusion.track(*other));
    let named = |track: &Track| OneWith {
        number: track.number,
        identities: track.identities.iter().map(identity_text).collect(),
    };
    tracks.map(named).collect()
}

/// Our best known alias of a track towards one partner.
fn own_alias_of(side: &Side, track: &Track) -> Option<BorderAlias> {
    let ours = track.identities.iter().flat_map(|identity| side.desk.book().of(identity));
    ours.chain(side.sensor_aliases(track)).next()
}

/// The most released of a track's sources.
fn best<'a>(sources: impl Iterator<Item = &'a Told>) -> Option<&'a Told> {
    sources.max_by_key(|told| (highest(&told.tiers), told.since))
}

fn aliases_of(track: &Track, nation: Nation) -> impl Iterator<Item = BorderAlias> {
    aliases(track).filter(move |alias| alias.nation == nation)
}

fn name(track: &Track) -> Option<String> {
    track.attributes.name.clone().or_else(|| track.attributes.callsign.clone())
}

/// How the track names itself; `None` when it is known by an alias alone.
pub(crate) fn self_named(track: &Track) -> Option<Identity> {
    track.identities.iter().find(|identity| !matches!(identity, Identity::Alias(_))).cloned()
}

/// An identity as a screen spells it.
#[must_use]
pub fn identity_text(identity: &Identity) -> String {
    match identity {
        Identity::Mmsi(mmsi) => format!("MMSI {mmsi:09}"),
        Identity::Icao(address) => format!("ICAO {address:06X}"),
        Identity::NonIcao(address) => format!("NON-ICAO {address:06X}"),
        Identity::Cot(uid) => format!("CoT {uid}"),
        Identity::Alias(alias) => alias.to_string(),
    }
}
