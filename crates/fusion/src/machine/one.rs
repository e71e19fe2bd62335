//! Finding tracks by name, and which of them are one thing.

use std::borrow::Cow;
use std::collections::BTreeSet;

use renkei_model::observation::Identity;
use renkei_model::track::{Track, TrackNumber};

use super::{Fusion, named};
use crate::associate::together;

impl Fusion {
    /// The tracks under `identity`: none, one, or several where it stands in several places. A
    /// partner's alias finds the track whose identity the partner released under it.
    #[must_use]
    pub fn find(&self, identity: &Identity) -> Vec<TrackNumber> {
        named(&self.claims, &self.aliases, identity)
    }

    /// The tracks that are one thing with `number`, itself included, the leading one first; empty
    /// when it stands alone.
    #[must_use]
    pub fn one_with(&self, number: TrackNumber) -> &[TrackNumber] {
        self.associations.with(number)
    }

    /// The track that stands for `number`: itself, or the leading one of those it is one thing with.
    #[must_use]
    pub fn lead(&self, number: TrackNumber) -> TrackNumber {
        self.one_with(number).first().copied().unwrap_or(number)
    }

    /// The track of that number together with those it is one thing with, under its own number.
    #[must_use]
    pub fn whole(&self, number: TrackNumber) -> Option<Cow<'_, Track>> {
        let track = self.track(number)?;
        let others = self.one_with(number).iter().filter(|other| **other != number);
        let members: Vec<&Track> = others.filter_map(|other| self.track(*other)).collect();
        if members.is_empty() {
            return Some(Cow::Borrowed(track));
        }
        let mut whole = together(&[&[track], &members[..]].concat())?;
        if let Some(estimate) = self.intersected(self.one_with(number)) {
            whole.estimate = Some(estimate);
        }
        Some(Cow::Owned(whole))
    }

    /// A person states that two identities are one thing (`Some(true)`) or two (`Some(false)`), or
    /// takes that back. Gives the tracks that changed by it; `None` when too many statements stand.
    pub fn state_one(
        &mut self,
        a: &Identity,
        b: &Identity,
        same: Option<bool>,
    ) -> Option<BTreeSet<TrackNumber>> {
        if !self.associations.state(a.clone(), b.clone(), same) {
            return None;
        }
        let (tracks, claims, aliases) = (&self.tracks, &self.claims, &self.aliases);
        let track = |number| tracks.get(&number).map(|entry| &entry.track);
        Some(self.associations.regroup(track, |name| named(claims, aliases, name)))
    }
}
