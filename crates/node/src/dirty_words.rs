//! The last look at what goes to a partner: no word of the operator's list may stand in it.
//!
//! Independent of the release policy on purpose: it knows none of its types and none of the model's, reads
//! the encoded bytes with a parser of its own, and is asked after the policy has let something go.
//!
//! Refuses: bytes that it cannot read through, and telling the word that was found; the rule's name and the
//! field are told, here and nowhere else.

mod fold;
mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aho_corasick::{AhoCorasick, BuildError};
use renkei_model::time::Timestamp;
use serde::Serialize;

use fold::{is_latin, spaced, squeezed};

/// The list's name in a node's directory.
pub(crate) const FILE: &str = "dirty-words.txt";
/// Largest list.
const BYTES_MAX: u64 = 1 << 20;
/// Most words.
const WORDS_MAX: usize = 10_000;
/// Longest rule name and longest word, in characters.
const RULE_LEN_MAX: usize = 32;
const WORD_LEN_MAX: usize = 128;
/// The rule under which bytes are stopped that cannot be read through.
const UNREADABLE: &str = "unreadable";
/// What a new node's list holds: how to write one.
pub(crate) const TEMPLATE: &str = include_str!("dirty_words/template.txt");

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WordsError {
    /// The file.
    #[error("read `{path}`: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line of it.
    #[error("read `{path}`: line {line}: {what}; {mend}")]
    Line {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
        /// How to mend it.
        mend: &'static str,
    },
    /// Too many or too long for a search in one go.
    #[error("read `{path}`: {source}; use fewer words")]
    Search {
        /// Which file.
        path: PathBuf,
        /// What the search said.
        source: BuildError,
    },
}

/// Why something was stopped: never the word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Hit {
    /// The rule's name.
    pub(crate) rule: String,
    /// Where in the encoded item: places from the outside in, `4.0.2`.
    pub(crate) field: String,
}

/// Words of one kind, searched together.
struct Search {
    automaton: AhoCorasick,
    /// The rule of each word.
    rules: Vec<String>,
}

/// The list, and what it stopped since the node came up.
pub(crate) struct DirtyWords {
    /// Latin words, matched whole.
    latin: Search,
    /// Words with kana or kanji, matched wherever they stand.
    japanese: Search,
    stopped: BTreeMap<String, u64>,
    last: Option<(Timestamp, Hit)>,
}

/// What the screen shows of the filter.
#[derive(Serialize)]
pub(crate) struct WordsView<'a> {
    code: &'static str,
    words: usize,
    stopped: &'a BTreeMap<String, u64>,
    last_ms: Option<Timestamp>,
    last: Option<&'a Hit>,
}

impl DirtyWords {
    /// The list of the node in `dir`; a node without one stops nothing.
    ///
    /// # Errors
    /// [`WordsError`] naming the line and how to mend it.
    pub(crate) fn load(dir: &Path) -> Result<Self, WordsError> {
        let path = dir.join(FILE);
        let io = |source| WordsError::Io { path: path.clone(), source };
        if !path.exists() {
            return Self::read("", &path);
        }
        if std::fs::metadata(&path).map_err(io)?.len() > BYTES_MAX {
            let too_large = std::io::Error::other(format!("more than {BYTES_MAX} bytes"));
            return Err(io(too_large));
        }
        Self::read(&std::fs::read_to_string(&path).map_err(io)?, &path)
    }

    fn read(text: &str, path: &Path) -> Result<Self, WordsError> {
        let (mut latin, mut japanese) = (Vec::new(), Vec::new());
        for (i, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: &str, mend| WordsError::Line {
                path: path.to_owned(),
                line: i + 1,
                what: what.to_owned(),
                mend,
            };
            let (rule, word) = line
                .split_once(char::is_whitespace)
                .ok_or_else(|| wrong("no word stands there", "write a rule's name and its word"))?;
            let is_name = rule.len() <= RULE_LEN_MAX
                && rule.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if !is_name {
                let mend =
                    "use at most 32 letters, digits and lines; the name is shown, not the word";
                return Err(wrong("the rule's name cannot be used", mend));
            }
            if word.chars().count() > WORD_LEN_MAX || latin.len() + japanese.len() >= WORDS_MAX {
                return Err(wrong("the word is too long, or one too many", "shorten the list"));
            }
            let (whole, anywhere) = (spaced(word), squeezed(word));
            if anywhere.chars().count() < 2 {
                let mend = "write at least two letters or characters";
                return Err(wrong("the word would stop nearly everything", mend));
            }
            if is_latin(word) {
                latin.push((whole, rule.to_owned()));
            } else {
                japanese.push((anywhere, rule.to_owned()));
            }
        }
        let search = |words: Vec<(String, String)>| {
            let (words, rules): (Vec<String>, Vec<String>) = words.into_iter().unzip();
            let automaton = AhoCorasick::new(&words)
                .map_err(|source| WordsError::Search { path: path.to_owned(), source })?;
            Ok(Search { automaton, rules })
        };
        let (latin, japanese) = (search(latin)?, search(japanese)?);
        Ok(Self { latin, japanese, stopped: BTreeMap::new(), last: None })
    }

    fn words(&self) -> usize {
        self.latin.rules.len() + self.japanese.rules.len()
    }

    /// Whether an encoded item may go, and if not, why; a stop is counted.
    ///
    /// # Errors
    /// The [`Hit`].
    pub(crate) fn check(&mut self, item: &[u8], now: Timestamp) -> Result<(), Hit> {
        if self.words() == 0 {
            return Ok(());
        }
        let found = self.find(item);
        if let Err(hit) = &found {
            *self.stopped.entry(hit.rule.clone()).or_default() += 1;
            self.last = Some((now, hit.clone()));
        }
        found
    }

    fn find(&self, item: &[u8]) -> Result<(), Hit> {
        let mut hit = None;
        let walked = walk::texts(item, &mut |field, text| {
            if hit.is_none()
                && let Some(rule) = self.rule_in(text)
            {
                let field = field.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
                hit = Some(Hit { rule: rule.to_owned(), field });
            }
        });
        match (hit, walked) {
            (Some(hit), _) => Err(hit),
            (None, Err(at)) => Err(Hit { rule: UNREADABLE.into(), field: format!("byte {at}") }),
            (None, Ok(())) => Ok(()),
        }
    }

    fn rule_in(&self, text: &str) -> Option<&str> {
        let of = |search: &'_ Search, text: &str| {
            search.automaton.find(text).map(|found| found.pattern().as_usize())
        };
        let latin = of(&self.latin, &spaced(text)).and_then(|i| self.latin.rules.get(i));
        let japanese =
            || of(&self.japanese, &squeezed(text)).and_then(|i| self.japanese.rules.get(i));
        latin.or_else(japanese).map(String::as_str)
    }

    /// Whether a stop is to be logged: a ship that reports each second would fill the log, so the first,
    /// second, fourth, … of a rule are.
    pub(crate) fn is_logged(&self, hit: &Hit) -> bool {
        self.stopped.get(&hit.rule).is_none_or(|count| count.is_power_of_two())
    }

    /// What the screen shows.
    pub(crate) fn view(&self) -> WordsView<'_> {
        WordsView {
            code: "RK-1330",
            words: self.words(),
            stopped: &self.stopped,
            last_ms: self.last.as_ref().map(|(at, _)| *at),
            last: self.last.as_ref().map(|(_, hit)| hit),
        }
    }
}

#[cfg(test)]
mod tests;
