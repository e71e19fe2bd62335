//! A grid of labels, things, tiers and worlds over which the promises of a policy set are checked.
//!
//! Policies see facts only, and few of them, so a grid comes near to every case.

use std::collections::BTreeSet;

use renkei_model::id::{Nation, Partition};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::Domain;
use renkei_model::time::Timestamp;

use crate::facts::{About, Action, Facts, Home};
use crate::rules::{Finding, Rules};
use crate::tier::Tier;
use crate::words::{Said, StatementKind, System};

const LEVELS: [Classification; 5] = [
    Classification::Unclassified,
    Classification::Restricted,
    Classification::Confidential,
    Classification::Secret,
    Classification::TopSecret,
];

/// The rules of one node in one world, asked about one partner.
pub(crate) struct Grid<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) home: Home,
    pub(crate) to: Nation,
}

impl<'a> Grid<'a> {
    /// The grids of every kind of world.
    pub(crate) fn worlds(rules: &'a Rules, to: Nation) -> Vec<Self> {
        let nation = if to == Nation::JPN { Nation::USA } else { Nation::JPN };
        let name = || "check".to_owned();
        [Partition::Real, Partition::Exercise(name()), Partition::Simulation(name())]
            .into_iter()
            .map(|partition| Self { rules, home: Home { nation, partition }, to })
            .collect()
    }

    /// Every classification, listed for the partner or not, civil or not.
    pub(crate) fn labels(&self) -> Vec<Label> {
        let mut labels = Vec::new();
        for classification in LEVELS {
            for (listed, civil) in [(false, false), (false, true), (true, false), (true, true)] {
                labels.push(Label {
                    policy: format!("{}-CHECK", self.home.nation),
                    classification,
                    releasable_to: listed.then_some(self.to).into_iter().collect(),
                    restrictive: BTreeSet::new(),
                    informative: civil.then(|| "CIVIL".to_owned()).into_iter().collect(),
                    originator: self.home.nation,
                    created: Timestamp(0),
                    review: None,
                });
            }
        }
        labels
    }

    /// Every kind of thing, and all that can be asked of it.
    pub(crate) fn questions(&self) -> Vec<(About<'_>, Action)> {
        let things = [
            (Domain::Surface, System::Ais),
            (Domain::Air, System::Adsb),
            (Domain::Land, System::Cot),
            (Domain::Air, System::Plot),
        ];
        let observed = things.into_iter().flat_map(|(domain, system)| {
            let about = About::Observation { domain, system, source: "check" };
            Tier::ALL.map(|tier| (about, Action::Tell(tier)))
        });
        let stated = StatementKind::ALL.map(|kind| {
            let said = Said::plain(kind);
            (About::Statement { said, partition: &self.home.partition }, Action::ReleaseRecord)
        });
        observed.chain(stated).collect()
    }

    /// What the rules say of this node's own, unexpired thing.
    pub(crate) fn ask(&self, label: &Label, about: About<'_>, action: Action) -> Finding {
        let (expired, unsound) = (false, false);
        let facts = Facts { label, expired, unsound, taken_in_by: self.home.nation, about };
        self.rules.decide(&facts, action, self.to, &self.home)
    }
}

/// The next level up; the highest stays.
pub(crate) fn higher(level: Classification) -> Classification {
    LEVELS.into_iter().find(|other| *other > level).unwrap_or(level)
}
