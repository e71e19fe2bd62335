//! From a fact about a track to an alert of the headquarters, with what of it may cross.

use renkei_fusion::Alert as Fact;
use renkei_model::position::MicroPosition;
use renkei_model::statement::{Affiliation, Occurrence, Subject};
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use super::Picture;
use super::desk::highest;
use super::look::self_named;
use crate::affairs::{About, Alert, ReleasedAbout};

impl Picture {
    /// The alert to raise, or `None` when the zone does not ask about neutral things.
    ///
    /// It names a releasable part only when what both sides know shows the same fact at the same
    /// moment: otherwise it rests on something withheld, and a person must release it.
    pub(crate) fn raise(&self, fact: Fact, shown: &[Fact], now: Timestamp) -> Option<Alert> {
        let track = self.fusion.track(fact.track)?;
        if self.is_neutral_entry(&fact.occurrence, track, now) {
            return None;
        }
        let same = shown.iter().find(|other| other.occurrence == fact.occurrence);
        let released = same.and_then(|other| self.released(other.track));
        let position = fact.position.map(MicroPosition::from);
        let about = About { position, released, ..self.about(track) };
        Some(Alert {
            occurrence: fact.occurrence,
            about,
            sensed_at: fact.sensed_at,
            ingested_at: fact.ingested_at,
        })
    }

    /// A track as the affairs need it, for a command that names it; `None` when there is none. What
    /// is said of a track that a withheld source contributes to rests on that source.
    #[must_use]
    pub fn about_track(&self, number: TrackNumber) -> Option<About> {
        let track = self.fusion.track(number)?;
        let withheld = self
            .told
            .get(&number)
            .is_some_and(|sources| sources.values().any(|told| highest(&told.tiers).is_none()));
        let known = self.desk.known(track).filter(|_| !withheld);
        let released = known.and_then(|known| self.released(known.number));
        Some(About { released, ..self.about(track) })
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
        let Occurrence::ZoneEntered { zone, .. } = occurrence else { return false };
        let asks = self.fusion.zones().zone(zone).is_none_or(|zone| zone.neutral_too);
        !asks && self.affiliation(track, &self.names(track), now).0 == Affiliation::Neutral
    }
}
