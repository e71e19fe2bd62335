//! Whose a thing is, as stated: each nation's last word under each name of the thing, until it
//! expires. Stands beside the tracks and never enters fusion.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::id::Nation;
use renkei_model::observation::Identity;
use renkei_model::time::Timestamp;

use super::effect::Problem;
use crate::affairs::StatedIdentity;

/// Names with a statement at most.
const NAMES_MAX: usize = 50_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Standings {
    by_name: BTreeMap<(Nation, Identity), StatedIdentity>,
}

impl Standings {
    /// Takes in a statement; the names it now stands under.
    pub(crate) fn state(&mut self, stated: StatedIdentity) -> Result<BTreeSet<Identity>, Problem> {
        let subject = &stated.statement.subject;
        let mut names = stated.known_as.clone();
        names.extend(subject.identity.clone());
        names.extend(subject.alias.map(Identity::Alias));
        if self.by_name.len() + names.len() > NAMES_MAX {
            return Err(Problem::TooManyStatements(stated.nation));
        }
        for name in &names {
            let key = (stated.nation, name.clone());
            if self.by_name.get(&key).is_none_or(|before| before.made_at <= stated.made_at) {
                self.by_name.insert(key, stated.clone());
            }
        }
        Ok(names)
    }

    /// The last word of `nation` on the thing of these names, unless it has expired.
    pub(crate) fn of(
        &self,
        nation: Nation,
        names: &BTreeSet<Identity>,
        now: Timestamp,
    ) -> Option<&StatedIdentity> {
        names
            .iter()
            .filter_map(|name| self.by_name.get(&(nation, name.clone())))
            .max_by_key(|stated| (stated.made_at, &stated.record))
            .filter(|stated| stated.statement.expires > now)
    }

    /// Whether nobody has said anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Forgets what no longer stands; its names.
    pub(crate) fn expire(&mut self, now: Timestamp) -> BTreeSet<Identity> {
        let mut expired = BTreeSet::new();
        self.by_name.retain(|(_, name), stated| {
            let stands = stated.statement.expires > now;
            if !stands {
                expired.insert(name.clone());
            }
            stands
        });
        expired
    }
}
