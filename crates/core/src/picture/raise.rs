//! From a fact about a track to an alert of the headquarters, with what of it may cross.

use renkei_fusion::Alert as Fact;
use renkei_model::id::Nation;
use renkei_model::position::MicroPosition;
use renkei_model::statement::{Affiliation, Occurrence, Subject};
use renkei_model::time::Timestamp;
use renkei_model::track::{Track, TrackNumber};

use super::desk::{aliases, highest};
use super::look::self_named;
use super::side::{Shown, Side};
use super::{Picture, PictureEffect};
use crate::affairs::{About, Alert, Notice, ReleasedAbout};

impl Picture {
    /// The alerts to raise; none when the zone does not ask about neutral things. Zone entries and
    /// emergencies open incidents; the rest is for the watch to judge.
    ///
    /// An alert names a part that a partner may have only when what that partner and we both know
    /// shows the same fact at the same moment: otherwise it rests on something withheld from it, and
    /// a person must release it. The affairs with the first partner hear of every alert, those with
    /// another only of what it may have: so neither depends on what the other is told.
    pub(crate) fn announce(&self, fact: Fact, shown: &Shown, now: Timestamp) -> Vec<PictureEffect> {
        let Fact { occurrence, sensed_at, ingested_at, why, .. } = fact;
        // A fact rests on the track that showed it; it is told of the thing that the screen shows.
        let track = fact.track.and_then(|number| self.fusion.track(number));
        if track.is_some_and(|track| self.is_neutral_entry(&occurrence, track, now)) {
            return Vec::new();
        }
        let about = track.map(|track| {
            let position = fact.position.map(MicroPosition::from);
            About { track: self.fusion.lead(track.number), position, ..self.about(track) }
        });
        let urgent =
            matches!(occurrence, Occurrence::ZoneEntered { .. } | Occurrence::Emergency { .. });
        let mut effects = Vec::new();
        for (nth, side) in self.sides.iter().enumerate() {
            let facts = shown.get(&side.partner).map(Vec::as_slice).unwrap_or_default();
            let same = facts.iter().find(|other| other.occurrence == occurrence);
            let known = same.and_then(|other| other.track);
            let released = known.and_then(|known| self.released(side, known));
            if nth > 0 && (released.is_none() || !urgent) {
                continue;
            }
            let about = about.clone().map(|about| About { released, ..about });
            let (occurrence, why) = (occurrence.clone(), why.clone());
            effects.push(match about {
                Some(about) if urgent => {
                    let alert = Alert { occurrence, about, why, sensed_at, ingested_at };
                    PictureEffect::Raise { partner: side.partner, alert }
                }
                about => {
                    let notice = Notice { occurrence, about, why, sensed_at, ingested_at };
                    PictureEffect::Notice(Box::new(notice))
                }
            });
        }
        effects
    }

    /// A thing as the affairs with `partner` need it, for a command that names it; `None` when there
    /// is none. What is said of a thing that a withheld source contributes to rests on that source,
    /// also where that source's track is only taken for the same thing.
    ///
    /// What another partner's reports contribute does not stand in the way: only what this partner
    /// and we both know is named, and the other's reports are no part of that.
    #[must_use]
    pub fn about_track(&self, number: TrackNumber, partner: Nation) -> Option<About> {
        let lead = self.fusion.lead(number);
        let track = self.fusion.whole(lead)?;
        let released = self.side(partner).and_then(|side| {
            let withheld = self.told_of(side, lead).any(|(_, told)| highest(&told.tiers).is_none());
            let known = self.known(side, &track).filter(|_| !withheld)?;
            self.released(side, known.number)
        });
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
                alias: self.own_alias(track).or_else(|| aliases(track).next()),
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

    /// What the partner and we both know of a thing. Its label is the meet of what was released, and
    /// lists the partner, because policy let every part of it go there or it came from there.
    fn released(&self, side: &Side, shared: TrackNumber) -> Option<ReleasedAbout> {
        let track = side.desk.shared().track(shared)?;
        let mut label = track.label.clone();
        label.releasable_to.insert(side.partner);
        Some(ReleasedAbout {
            subject: Subject {
                alias: self.spoken(track, side.partner),
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
