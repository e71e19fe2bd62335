//! All that stands between this headquarters and one partner: the release desk, what policy last
//! said of each track, which track is which of a sensor's own, and the state of the link.
//!
//! Refuses: to know of any other partner.

use std::collections::BTreeMap;

use renkei_fusion::Alert;
use renkei_model::id::{Nation, SourceId};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use super::desk::{Desk, Tiers, Told};
use super::sensors::SeenAs;

/// The facts that follow from what each partner and we both know, by partner.
pub(crate) type Shown = BTreeMap<Nation, Vec<Alert>>;

/// One partner's side.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) partner: Nation,
    pub(crate) desk: Desk,
    /// What policy last said of each track's own sources.
    pub(crate) told: BTreeMap<TrackNumber, BTreeMap<SourceId, Told>>,
    pub(crate) seen_as: SeenAs,
    link_up: bool,
    theirs_as_of: Option<Timestamp>,
}

impl Side {
    pub(crate) fn new(partner: Nation, desk: Desk) -> Self {
        Self {
            partner,
            desk,
            told: BTreeMap::new(),
            seen_as: SeenAs::default(),
            link_up: false,
            theirs_as_of: None,
        }
    }

    /// Keeps what policy said of a source's report beside its track.
    pub(crate) fn tell(
        &mut self,
        number: TrackNumber,
        source: &SourceId,
        tiers: Tiers,
        now: Timestamp,
    ) {
        let sources = self.told.entry(number).or_default();
        match sources.get_mut(source) {
            Some(told) => told.renew(tiers, now),
            None => {
                sources.insert(source.clone(), Told { tiers, since: now });
            }
        }
    }

    /// Another policy decides: what was said of each track is true no more.
    pub(crate) fn forget_verdicts(&mut self) {
        self.told.clear();
    }

    /// The picture's track is gone.
    pub(crate) fn forget(&mut self, number: TrackNumber) {
        self.told.remove(&number);
        self.seen_as.forget(number);
    }

    /// We hold at `now` what the partner released.
    pub(crate) fn heard(&mut self, now: Timestamp) {
        self.theirs_as_of = self.theirs_as_of.max(Some(now));
    }

    /// The link came up or went down.
    pub(crate) fn link(&mut self, up: bool, now: Timestamp) {
        if self.link_up || up {
            self.heard(now);
        }
        self.link_up = up;
    }

    /// Time passed on a link that may be up.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        if self.link_up {
            self.heard(now);
        }
    }

    /// The moment up to which we hold what the partner released; `None` = it never was linked.
    pub(crate) fn theirs_as_of(&self) -> Option<Timestamp> {
        self.theirs_as_of
    }
}
