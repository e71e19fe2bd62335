//! What of ours was seen in the last day, as policy knows it: the kinds of thing, and how many
//! of each. A changed policy is tried on it before anyone answers for it.
//!
//! Refuses to grow: no more than [`THINGS_MAX`] things and [`KINDS_MAX`] kinds; what is beyond is
//! counted as not looked at.

use std::collections::BTreeMap;

use renkei_model::id::Nation;
use renkei_model::label::Label;
use renkei_model::observation::{Domain, Identity, Observation, Source};
use renkei_model::time::Timestamp;
use renkei_policy::change::Seen;
use renkei_policy::explain::{Case, Subject, System};

use super::look::identity_text;

/// How far back the census looks.
const SPAN_MS: i64 = 86_400_000;
/// As many as a picture has room for.
const THINGS_MAX: usize = 400_000;
/// Combinations of label, source, domain and system; a node has some tens.
const KINDS_MAX: usize = 512;
/// Things of a kind that are named.
const EXAMPLES: usize = 3;
/// Between two sweeps of what is older than a day.
const PRUNE_EVERY_MS: i64 = 600_000;

/// The last day, by kinds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Census {
    kinds: Vec<Kind>,
    things: usize,
    /// Reports of things that found no room since the last sweep.
    left_out: u64,
    since: Option<Timestamp>,
    pruned: Option<Timestamp>,
}

#[derive(Clone, Debug)]
struct Kind {
    source: String,
    domain: Domain,
    system: System,
    /// Of the last report; its two times say nothing to a policy but whether it is overdue.
    label: Label,
    /// When each was last seen.
    things: BTreeMap<Identity, Timestamp>,
}

/// What the census holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenLately {
    /// By kind.
    pub seen: Vec<Seen>,
    /// From when on; at most a day ago, or since the start of the process.
    pub since: Option<Timestamp>,
    /// Whether there was more than the census has room for.
    pub is_partial: bool,
}

impl Census {
    /// Takes note of an own report.
    pub(crate) fn note(&mut self, o: &Observation, now: Timestamp) {
        let Source::Own(source) = &o.source else { return };
        self.since.get_or_insert(now);
        let system = match &o.identity {
            Identity::Alias(_) => System::Plot,
            identity => System::of(identity),
        };
        let found = self.kinds.iter().position(|kind| {
            kind.source == source.0
                && kind.domain == o.domain
                && kind.system == system
                && kind.label.protects_as(&o.label)
        });
        let at = found.unwrap_or(self.kinds.len());
        if found.is_none() && at < KINDS_MAX {
            let (source, label) = (source.0.clone(), o.label.clone());
            let things = BTreeMap::new();
            self.kinds.push(Kind { source, domain: o.domain, system, label, things });
        }
        let has_room = self.things < THINGS_MAX;
        let Some(kind) = self.kinds.get_mut(at) else {
            self.left_out += 1;
            return;
        };
        (kind.label.created, kind.label.review) = (o.label.created, o.label.review);
        if let Some(last) = kind.things.get_mut(&o.identity) {
            *last = now;
        } else if has_room {
            kind.things.insert(o.identity.clone(), now);
            self.things += 1;
        } else {
            self.left_out += 1;
        }
    }

    /// Forgets what was last seen more than a day ago, now and then.
    pub(crate) fn prune(&mut self, now: Timestamp) {
        if self.pruned.is_some_and(|last| now.since_ms(last) < PRUNE_EVERY_MS) {
            return;
        }
        self.pruned = Some(now);
        for kind in &mut self.kinds {
            kind.things.retain(|_, last| now.since_ms(*last) <= SPAN_MS);
        }
        self.kinds.retain(|kind| !kind.things.is_empty());
        self.things = self.kinds.iter().map(|kind| kind.things.len()).sum();
        self.left_out = 0;
    }

    /// What was seen in the last day.
    pub(crate) fn seen(&self, home: Nation, now: Timestamp) -> SeenLately {
        let seen = self.kinds.iter().filter_map(|kind| {
            let lately = kind.things.iter().filter(|(_, last)| now.since_ms(**last) <= SPAN_MS);
            let names: Vec<&Identity> = lately.map(|(name, _)| name).collect();
            let case = Case {
                about: Subject::Observation {
                    domain: kind.domain,
                    system: kind.system,
                    source: kind.source.clone(),
                },
                label: kind.label.clone(),
                taken_in_by: Some(home),
            };
            let examples = names.iter().take(EXAMPLES).map(|name| match kind.system {
                System::Plot => kind.source.clone(),
                _ => identity_text(name),
            });
            let (things, examples) = (names.len() as u64, examples.collect());
            (things > 0).then_some(Seen { case, things, examples })
        });
        let day = now.plus_ms(-SPAN_MS);
        SeenLately {
            seen: seen.collect(),
            since: self.since.map(|since| since.max(day)),
            is_partial: self.left_out > 0,
        }
    }
}
