//! How long the history of each feed is kept: the words of `feed.keep`, and the plan for the store.
//!
//! Refuses: a term of nothing, and words it does not know.

use std::collections::BTreeMap;

use renkei_model::id::{Nation, SourceId};
use renkei_model::observation::Source;
use renkei_store::history::{History, HistoryError, Keep};
use serde::Deserialize;

use crate::config::Config;

const HOUR_MS: i64 = 3_600_000;
/// The longest term: a hundred years. Longer ones say `forever`.
const HOURS_MAX: u32 = 876_000;

/// A term as an operator writes it: `latest`, `hours:N`, `days:N` or `forever`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Term(pub(crate) Keep);

/// A term that is none.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no term for which history is kept; write `latest`, `hours:N`, `days:N` (N from 1, at most a hundred years) or `forever`"
)]
pub(crate) struct TermError(String);

impl TryFrom<String> for Term {
    type Error = TermError;

    fn try_from(text: String) -> Result<Self, TermError> {
        let hours = |n: &str, each: u32| {
            let plain = n.bytes().all(|b| b.is_ascii_digit());
            let count = n.parse::<u32>().ok().filter(|n| plain && *n > 0)?;
            let hours = count.checked_mul(each).filter(|hours| *hours <= HOURS_MAX)?;
            Some(Keep::For(i64::from(hours) * HOUR_MS))
        };
        let keep = match text.split_once(':') {
            None if text == "latest" => Some(Keep::Latest),
            None if text == "forever" => Some(Keep::Forever),
            Some(("hours", n)) => hours(n, 1),
            Some(("days", n)) => hours(n, 24),
            _ => None,
        };
        keep.map(Self).ok_or(TermError(text))
    }
}

/// What the store is told.
#[derive(Clone, Debug)]
pub(crate) struct Retention {
    /// Each feed, and its term where it has one of its own.
    feeds: Vec<(SourceId, Option<Keep>)>,
    partners: Vec<Nation>,
    others: Keep,
}

impl Retention {
    /// What `config` says.
    pub(crate) fn of(config: &Config) -> Self {
        let feeds = config.feeds.iter().map(|f| (f.name.clone(), f.keep.map(|Term(keep)| keep)));
        Self {
            feeds: feeds.collect(),
            partners: config.borders.iter().map(|border| border.partner).collect(),
            others: Keep::For(i64::from(config.history_days) * 24 * HOUR_MS),
        }
    }

    /// Numbers the sources, tells the store how long each is kept, and gives the numbers.
    ///
    /// # Errors
    /// [`HistoryError`] when the store's book of sources cannot be written.
    pub(crate) fn apply(&self, history: &mut History) -> Result<SourceNumbers, HistoryError> {
        let (mut own, mut keeps) = (BTreeMap::new(), BTreeMap::new());
        for (name, keep) in &self.feeds {
            let number = history.number_source(&format!("own/{}", name.0))?;
            own.insert(name.clone(), number);
            // Number 0 is shared by all that could not be numbered: the node's own term.
            keeps.extend(keep.filter(|_| number != 0).map(|keep| (number, keep)));
        }
        let mut partners = BTreeMap::new();
        for nation in &self.partners {
            partners.insert(*nation, history.number_source(&format!("partner/{nation}"))?);
        }
        history.keep(keeps, self.others);
        Ok(SourceNumbers { own, partners })
    }
}

/// The numbers by which the store knows the sources.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceNumbers {
    own: BTreeMap<SourceId, u16>,
    partners: BTreeMap<Nation, u16>,
}

impl SourceNumbers {
    /// The number of `source`; 0 when it has none.
    pub(crate) fn of(&self, source: &Source) -> u16 {
        match source {
            Source::Own(name) => self.own.get(name).copied().unwrap_or(0),
            Source::Partner { nation, .. } => self.partners.get(nation).copied().unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Keep>) {
        let term = Term::try_from(text.to_owned()).ok().map(|Term(keep)| keep);
        assert_eq!(term, expected, "{text}");
    }

    #[test]
    fn a_term_is_latest_hours_days_or_forever_and_nothing_else() {
        check("latest", Some(Keep::Latest));
        check("hours:6", Some(Keep::For(6 * HOUR_MS)));
        check("days:2", Some(Keep::For(48 * HOUR_MS)));
        check("forever", Some(Keep::Forever));
        for wrong in ["", "hours", "hours:", "hours:0", "hours:-1", "hours:+1", "days:99999999"] {
            check(wrong, None);
        }
        for wrong in ["weeks:1", "Latest", "days:1.5", "forever:1", "latest:2"] {
            check(wrong, None);
        }
    }

    #[test]
    fn each_feed_keeps_its_own_term_and_the_others_the_nodes() {
        let dir = tempfile::tempdir().unwrap();
        let store = renkei_store::StoreDir::open(dir.path()).unwrap();
        let mut history = History::open(&store).unwrap().0;
        let feed = |name: &str, keep| (SourceId(name.into()), keep);
        let retention = Retention {
            feeds: vec![feed("busy", Some(Keep::Latest)), feed("quiet", None)],
            partners: vec![Nation::USA],
            others: Keep::For(HOUR_MS),
        };
        let numbers = retention.apply(&mut history).unwrap();
        let own = |name: &str| numbers.of(&Source::Own(SourceId(name.into())));
        let partner = numbers.partners.get(&Nation::USA).copied();
        assert_eq!((own("busy"), own("quiet"), own("gone"), partner), (1, 2, 0, Some(3)));
    }
}
