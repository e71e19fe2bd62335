//! Groups of tracks that are one thing, and the one track that is shown for them.
//!
//! Refuses: a group in which two tracks cannot be one thing, unless a person stated it.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::observation::{Attributes, Identity};
use renkei_model::track::{Track, TrackNumber};

use super::Pair;
use super::places::{COT, kind};

/// Tracks of one thing at most: two feeds, a team and the partner's aliases fit.
const MEMBERS_MAX: usize = 8;

/// Which tracks are one thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Groups {
    lead: BTreeMap<TrackNumber, TrackNumber>,
    members: BTreeMap<TrackNumber, Vec<TrackNumber>>,
}

impl Groups {
    /// Joins what people stated first, then what fits best, as long as nothing contradicts.
    pub(super) fn draw<'a>(
        stated: &BTreeMap<Pair, bool>,
        joined: impl Iterator<Item = Pair>,
        tracks: impl Fn(TrackNumber) -> Option<&'a Track>,
    ) -> Self {
        let mut groups = Self::default();
        let said = stated.iter().filter(|(_, same)| **same).map(|(pair, _)| *pair);
        for (a, b) in said.chain(joined) {
            let (ours, theirs) = (groups.of(a), groups.of(b));
            if ours == theirs || ours.len() + theirs.len() > MEMBERS_MAX {
                continue;
            }
            let fits = |a: &TrackNumber, b: &TrackNumber| {
                let key = super::pair(*a, *b);
                stated.get(&key).copied().unwrap_or_else(|| {
                    tracks(*a).zip(tracks(*b)).is_some_and(|(a, b)| may_be_one(a, b))
                })
            };
            if ours.iter().all(|a| theirs.iter().all(|b| fits(a, b))) {
                groups.join(ours, theirs);
            }
        }
        groups
    }

    /// The tracks that are one with `number`, the leading one first; empty when it stands alone.
    pub(super) fn with(&self, number: TrackNumber) -> &[TrackNumber] {
        let lead = self.lead.get(&number);
        lead.and_then(|lead| self.members.get(lead)).map_or(&[], Vec::as_slice)
    }

    /// A track is gone; whether it was in a group, which must be drawn anew.
    pub(super) fn forget(&mut self, number: TrackNumber) -> bool {
        let Some(lead) = self.lead.get(&number).copied() else { return false };
        for member in self.members.remove(&lead).unwrap_or_default() {
            self.lead.remove(&member);
        }
        true
    }

    /// The tracks whose group is another than `before`.
    pub(super) fn differing(&self, before: &Self) -> BTreeSet<TrackNumber> {
        let either = self.lead.keys().chain(before.lead.keys());
        either.copied().filter(|number| self.with(*number) != before.with(*number)).collect()
    }

    fn of(&self, number: TrackNumber) -> Vec<TrackNumber> {
        match self.with(number) {
            [] => vec![number],
            members => members.to_vec(),
        }
    }

    fn join(&mut self, ours: Vec<TrackNumber>, theirs: Vec<TrackNumber>) {
        let mut all = [ours, theirs].concat();
        all.sort_unstable();
        for number in &all {
            self.members.remove(number);
        }
        let Some(lead) = all.first().copied() else { return };
        self.lead.extend(all.iter().map(|number| (*number, lead)));
        self.members.insert(lead, all);
    }
}

/// A sensor that saw two tracks within this saw two things, ms: no antenna that finds tracks turns
/// more slowly.
const ONE_LOOK_MS: i64 = 120_000;

/// Whether one sensor saw both at one time and gave neither or only one a name: it saw two things.
/// What names itself is told apart by its name, whoever hears it.
fn seen_as_two(a: &Track, b: &Track) -> bool {
    let nameless = a.identities.is_empty() || b.identities.is_empty();
    nameless
        && a.sources.iter().any(|(source, of_a)| {
            let of_b = b.sources.get(source);
            of_b.is_some_and(|of_b| {
                let both = a.identities.is_empty() && b.identities.is_empty();
                both || of_a.last.since_ms(of_b.last).abs() <= ONE_LOOK_MS
            })
        })
}

/// Whether two tracks can be one thing at all: one domain, no two names of one kind, nothing said by
/// both that differs, and no sensor that saw them as two. Two teams' servers may give one thing two
/// CoT names.
pub(super) fn may_be_one(a: &Track, b: &Track) -> bool {
    let apart = a.sources.keys().all(|source| !b.sources.contains_key(source));
    let clash = |x: &Identity| {
        b.identities.iter().any(|y| kind(x) == kind(y) && !(kind(x) == COT && apart))
    };
    fn differ<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
        a.is_some() && b.is_some() && a != b
    }
    a.domain == b.domain
        && !seen_as_two(a, b)
        && !a.identities.iter().any(clash)
        && !differ(&a.attributes.imo, &b.attributes.imo)
        && !differ(&a.attributes.squawk, &b.attributes.squawk)
}

/// Whether a name or call sign of one is a name or call sign of the other.
pub(super) fn share_a_name(a: &Track, b: &Track) -> bool {
    let words = |attributes: &Attributes| {
        let plain = |word: &String| {
            let letters = word.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_uppercase).collect::<String>()
        };
        let said = [&attributes.name, &attributes.callsign].into_iter().flatten();
        said.map(plain).filter(|word| word.len() > 2).collect::<BTreeSet<String>>()
    };
    !words(&a.attributes).is_disjoint(&words(&b.attributes))
}

/// The one track that stands for several: the number of the first, every identity and source, the
/// meet of the labels, and the newest estimate of any. Estimates of reports are not combined: whether
/// two sources erred alike nobody knows.
pub(crate) fn together(members: &[&Track]) -> Option<Track> {
    let (first, rest) = members.split_first()?;
    let mut whole = (*first).clone();
    for track in rest {
        whole.identities.extend(track.identities.iter().cloned());
        for (source, said) in &track.sources {
            let known = whole.sources.entry(source.clone()).or_insert_with(|| said.clone());
            if known.last < said.last {
                known.clone_from(said);
            }
        }
        whole.label = whole.label.meet(&track.label);
        fill(&mut whole.attributes, &track.attributes);
        whole.first_seen = whole.first_seen.min(track.first_seen);
        whole.last_seen = whole.last_seen.max(track.last_seen);
        whole.duplicate_identity |= track.duplicate_identity;
        let at = |track: &Track| track.estimate.as_ref().map(|estimate| estimate.at);
        if at(track) > at(&whole) {
            whole.estimate.clone_from(&track.estimate);
            whole.freshness = track.freshness;
        }
    }
    Some(whole)
}

fn fill(known: &mut Attributes, other: &Attributes) {
    crate::attributes::fill(known, other);
    known.emergency = known.emergency.or(other.emergency);
}
