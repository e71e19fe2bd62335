//! The spoken names that we give things at the border: dense, given at the first release only, so
//! that their gaps count nothing that was withheld; never given twice.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use renkei_model::id::{BorderAlias, Nation};
use renkei_model::observation::Identity;
use renkei_policy::Tier;
use serde::{Deserialize, Serialize};

/// How well the partner knows a thing under one alias.
///
/// A thing that one feed names and another may only locate has two aliases: under one, the name of
/// the first would tell whom the second saw.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// By its identity.
    #[n(0)]
    Named,
    /// By its exact motion, without identity.
    #[n(1)]
    Located,
    /// By its existence or coarse cell.
    #[n(2)]
    Vaguely,
}

impl Known {
    /// From best to least.
    pub const ALL: [Self; 3] = [Self::Named, Self::Located, Self::Vaguely];

    pub(crate) fn by(highest: Tier) -> Self {
        match highest {
            Tier::Identity | Tier::Source => Self::Named,
            Tier::Full => Self::Located,
            Tier::Existence | Tier::Coarse => Self::Vaguely,
        }
    }
}

/// What an alias was given for. It rests on the report alone, never on a track.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct AliasKey {
    /// How the thing named itself to us; for one that gave no name, the alias itself.
    #[n(0)]
    pub identity: Identity,
    /// How well the partner knows it.
    #[n(1)]
    pub known: Known,
}

/// The aliases given to one partner, all in that partner's lane of numbers.
#[derive(Clone, Debug)]
pub(crate) struct AliasBook {
    nation: Nation,
    lane: u32,
    max: usize,
    given: BTreeMap<AliasKey, BorderAlias>,
    keys: BTreeMap<BorderAlias, AliasKey>,
    last: u32,
}

impl AliasBook {
    pub(crate) fn new(nation: Nation, lane: u32, max: usize) -> Self {
        let last = lane.saturating_mul(BorderAlias::LANE);
        Self { nation, lane, max, given: BTreeMap::new(), keys: BTreeMap::new(), last }
    }

    /// Whose aliases they are.
    pub(crate) fn nation(&self) -> Nation {
        self.nation
    }

    /// Whether `key` has an alias or can get one.
    pub(crate) fn has_room(&self, key: &AliasKey) -> bool {
        (self.given.len() < self.max && self.has_number()) || self.given.contains_key(key)
    }

    /// Whether the lane holds one more number.
    pub(crate) fn has_number(&self) -> bool {
        self.last < (self.lane * BorderAlias::LANE).saturating_add(BorderAlias::LANE - 1)
    }

    /// The alias of `key`, given now when it has none.
    pub(crate) fn give(&mut self, key: &AliasKey) -> BorderAlias {
        if let Some(alias) = self.given.get(key) {
            return *alias;
        }
        let alias = BorderAlias { nation: self.nation, number: self.last.saturating_add(1) };
        self.restore(key.clone(), alias);
        alias
    }

    /// An alias for a sensor's track of something without a name. Nothing is remembered of it here: a
    /// track lives shorter than the process.
    pub(crate) fn give_nameless(&mut self) -> BorderAlias {
        self.last = self.last.saturating_add(1);
        BorderAlias { nation: self.nation, number: self.last }
    }

    /// Takes an alias as given; one that named a sensor's track is only never given again.
    pub(crate) fn restore(&mut self, key: AliasKey, alias: BorderAlias) {
        self.last = self.last.max(alias.number);
        if key.identity == Identity::Alias(alias) {
            return;
        }
        self.keys.insert(alias, key.clone());
        self.given.insert(key, alias);
    }

    /// Every alias given for something with a name.
    pub(crate) fn given(&self) -> impl Iterator<Item = BorderAlias> + '_ {
        self.keys.keys().copied()
    }

    /// Aliases given so far.
    pub(crate) fn len(&self) -> usize {
        self.given.len()
    }

    /// The aliases of `identity`, best known first.
    pub(crate) fn of<'a>(
        &'a self,
        identity: &'a Identity,
    ) -> impl Iterator<Item = BorderAlias> + 'a {
        Known::ALL.into_iter().filter_map(move |known| {
            self.given.get(&AliasKey { identity: identity.clone(), known }).copied()
        })
    }

    /// What `alias` was given for.
    pub(crate) fn identity(&self, alias: BorderAlias) -> Option<&Identity> {
        self.keys.get(&alias).map(|key| &key.identity)
    }
}
