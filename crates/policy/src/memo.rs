//! Verdicts by what they rest on, so that ten thousand ships of one feed ask Cedar once.
//!
//! Refuses to grow: a source with more label variants than [`LABELS_MAX`] starts over.

use std::collections::BTreeMap;
use std::sync::Arc;

use renkei_model::id::Nation;
use renkei_model::label::Label;
use renkei_model::observation::Domain;

use crate::facts::{About, Facts};
use crate::tier::TierVerdict;
use crate::words::System;

/// Feeds that are remembered at one time; a node has some tens.
const SOURCES_MAX: usize = 256;

/// Label variants that are remembered a feed; an honest feed has a handful, and a scan of this many
/// costs less than one question to Cedar.
const LABELS_MAX: usize = 64;

/// What policy says of all five tiers.
#[derive(Clone, Debug)]
pub(crate) struct Verdicts {
    pub(crate) tiers: Arc<[TierVerdict; 5]>,
    /// The permit of the highest tier that stands; `None` when none does.
    pub(crate) permit: Option<Arc<str>>,
}

/// Remembered verdicts; bounded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memo {
    by_source: BTreeMap<String, Vec<Entry>>,
}

#[derive(Clone, Debug)]
struct Entry {
    to: Nation,
    taken_in_by: Nation,
    expired: bool,
    unsound: bool,
    domain: Domain,
    system: System,
    label: Label,
    verdicts: Verdicts,
}

impl Memo {
    pub(crate) fn get(&self, facts: &Facts<'_>, to: Nation) -> Option<Verdicts> {
        let About::Observation { domain, system, source } = facts.about else { return None };
        let entry = self.by_source.get(source)?.iter().find(|entry| {
            entry.to == to
                && entry.taken_in_by == facts.taken_in_by
                && entry.expired == facts.expired
                && entry.unsound == facts.unsound
                && entry.domain == domain
                && entry.system == system
                && entry.label.protects_as(facts.label)
        })?;
        Some(entry.verdicts.clone())
    }

    pub(crate) fn put(&mut self, facts: &Facts<'_>, to: Nation, verdicts: Verdicts) {
        let About::Observation { domain, system, source } = facts.about else { return };
        if self.by_source.len() >= SOURCES_MAX && !self.by_source.contains_key(source) {
            self.by_source.clear();
        }
        let entries = self.by_source.entry(source.to_owned()).or_default();
        if entries.len() >= LABELS_MAX {
            entries.clear();
        }
        let Facts { label, expired, unsound, taken_in_by, .. } = *facts;
        let label = label.clone();
        entries.push(Entry { to, taken_in_by, expired, unsound, domain, system, label, verdicts });
    }
}
