//! From a fact about a track to an alert of the headquarters, with what of it may cross.

use renkei_fusion::Alert as Fact;
use renkei_model::position::MicroPosition;
use renkei_model::statement::{Affiliation, Occurrence, Subject};
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use super::desk::highest;
use super::look::self_named;
use super::{Picture, PictureEffect};
use crate::affairs::{About, Alert, Notice, ReleasedAbout};

impl Picture {
    /// The alert to raise, or `None` when the zone does not ask about neutral things. Zone entries
    /// and emergencies open incidents; the rest is for the watch to judge.
    ///
    /// It names a releasable part only when what both sides know shows the same fact at the same
    /// moment: otherwise it rests on something withheld, and a person must release it.
    pub(crate) fn announce(
        &self,
        fact: Fact,
        shown: &[Fact],
        now: Timestamp,
    ) -> Option<PictureEffect> {
        let Fact { occurrence, sensed_at, ingested_at, why, .. } = fact;
        // A fact rests on the track that showed it; it is told of the thing that the screen shows.
        let track = fact.track.and_then(|number| self.fusion.track(number));
        if track.is_some_and(|track| self.is_neutral_entry(&occurrence, track, now)) {
            return None;
        }
        let same = shown.iter().find(|other| other.occurrence == occurrence);
        let known = same.and_then(|other| other.track);
        let about = track.map(|track| {
            let released = known.and_then(|known| self.released(known));
            let position = fact.position.map(MicroPosition::from);
            let shown = self.fusion.lead(track.number);
            About { track: shown, position, released, ..self.about(track) }
        });
        let urgent =
            matches!(occurrence, Occurrence::ZoneEntered { .. } | Occurrence::Emergency { .. });
        match about {
            Some(about) if urgent => {
                let alert = Alert { occurrence, about, why, sensed_at, ingested_at };
                Some(PictureEffect::Raise(alert))
            }
            about => {
                let notice = Notice { occurrence, about, why, sensed_at, ingested_at };
                Some(PictureEffect::Notice(Box::new(notice)))
            }
        }
    }

    /// A thing as the affairs need it, for a command that names it; `None` when there is none. What
    /// is said of a thing that a withheld source contributes to rests on that source, also where that
    /// source's track is only taken for the same thing.
    #[must_use]
    pub fn about_track(&self, number: TrackNumber) -> Option<About> {
        let lead = self.fusion.lead(number);
        let track = self.fusion.whole(lead)?;
        let withheld = self.told_of(lead).any(|(_, told)| highest(&told.tiers).is_none());
        let known = self.known(&track).filter(|_| !withheld);
        let released = known.and_then(|known| self.released(known.number));
        Some(About { released, ..self.about(&track) })
    }

    /// A track by itself, whatever it is taken for one thing with, for a command that says so.
    #[must_use]
    pub fn about_alone(&self, number: TrackNumber) -> Option<About> {
        self.fusion.track(number).map(|track| self.about(track))
    }

    /// The other tracks that are taken for one thing with `number`.
    #[must_use]
    pub fn about_others(&self, number: TrackNumber) -> Vec<About> {
        let others = self.fusion.one_with(number).iter().filter(|other| **other != number);
        others.filter_map(|other| self.about_alone(*other)).collect()
    }

    fn about(&self, track: &Track) -> About {
        About {
            track: track.number,
            subject: Subject {
                alias: self.own_alias(track).or_else(|| self.spoken(track)),
                identity: self_named(track),
                name: track.attributes.name.clone(),
                domain: track.domain,
            },
            position: track.estimate.as_ref().map(|e| e.position.into()),
            known_as: self.names(track),
            label: track.label.clone(),
            released: None,
        }
    }

    /// What both sides know of a thing. Its label is the meet of what was released, and lists the
    /// partner, because policy let every part of it go there or it came from there.
    fn released(&self, shared: TrackNumber) -> Option<ReleasedAbout> {
        let track = self.desk.shared().track(shared)?;
        let mut label = track.label.clone();
        label.releasable_to.insert(self.config.partner);
        Some(ReleasedAbout {
            subject: Subject {
                alias: self.spoken(track),
                identity: self_named(track),
                name: track.attributes.name.clone(),
                domain: track.domain,
            },
            position: track.estimate.as_ref().map(|e| e.position.into()),
            label,
        })
    }

    fn is_neutral_entry(&self, occurrence: &Occurrence, track: &Track, now: Timestamp) -> bool {
        let (Occurrence::ZoneEntered { zone, .. }
        | Occurrence::ZoneLeft { zone, .. }
        | Occurrence::ZoneDwelt { zone, .. }) = occurrence
        else {
            return false;
        };
        let asks = self.fusion.zones().zone(zone).is_none_or(|zone| zone.neutral_too);
        !asks && self.affiliation(track, &self.names(track), now).0 == Affiliation::Neutral
    }
}
