//! Which words of `access`, `caveat` and `releasableTo` mean what: CoT gives the attributes and no
//! vocabulary, so each net has its own.
//!
//! Refuses: a word that would be written for one level and read as another.

use std::collections::BTreeMap;

use renkei_model::id::Nation;
use renkei_model::label::Classification;

/// What TAK products write and what has been seen in recordings, in upper case, single blanks.
const ACCESS: [(&str, Classification); 20] = [
    ("U", Classification::Unclassified),
    ("UNCLASSIFIED", Classification::Unclassified),
    ("UNCLASS", Classification::Unclassified),
    ("OPEN", Classification::Unclassified),
    ("R", Classification::Restricted),
    ("RESTRICTED", Classification::Restricted),
    ("FOUO", Classification::Restricted),
    ("CUI", Classification::Restricted),
    ("OFFICIAL", Classification::Restricted),
    ("注意", Classification::Restricted),
    ("C", Classification::Confidential),
    ("CONFIDENTIAL", Classification::Confidential),
    ("秘", Classification::Confidential),
    ("S", Classification::Secret),
    ("SECRET", Classification::Secret),
    ("極秘", Classification::Secret),
    ("TS", Classification::TopSecret),
    ("TOP SECRET", Classification::TopSecret),
    ("TOPSECRET", Classification::TopSecret),
    ("機密", Classification::TopSecret),
];
const CAVEATS: [(&str, &str); 2] = [("NF", "NOFORN"), ("OC", "ORCON")];
const WRITTEN: [(Classification, &str); 5] = [
    (Classification::Unclassified, "Unclassified"),
    (Classification::Restricted, "Restricted"),
    (Classification::Confidential, "Confidential"),
    (Classification::Secret, "Secret"),
    (Classification::TopSecret, "Top Secret"),
];

/// A net's vocabulary. The default is the one of TAK products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelWords {
    access: BTreeMap<String, Classification>,
    caveats: BTreeMap<String, String>,
    nations: BTreeMap<String, Nation>,
    written: BTreeMap<Classification, String>,
}

impl Default for LabelWords {
    fn default() -> Self {
        let owned = |(word, is): (&str, &str)| (word.to_owned(), is.to_owned());
        Self {
            access: ACCESS.map(|(word, level)| (word.to_owned(), level)).into(),
            caveats: CAVEATS.map(owned).into(),
            nations: BTreeMap::new(),
            written: WRITTEN.map(|(level, word)| (level, word.to_owned())).into(),
        }
    }
}

/// Words that are set beside the usual ones, as an operator writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnWords {
    /// A word of `access` and its level.
    pub access: BTreeMap<String, Classification>,
    /// A word of `caveat` and the restriction that it means.
    pub caveats: BTreeMap<String, String>,
    /// A word of `releasableTo` and its nation.
    pub nations: BTreeMap<String, Nation>,
    /// What is written into `access` for a level.
    pub written: BTreeMap<Classification, String>,
}

impl LabelWords {
    /// The usual vocabulary with the net's own words in front.
    ///
    /// # Errors
    /// The word that would be written for one level and read as another.
    pub fn with(own: &OwnWords) -> Result<Self, String> {
        let mut words = Self::default();
        words.access.extend(own.access.iter().map(|(word, level)| (folded(word), *level)));
        words.caveats.extend(own.caveats.iter().map(|(word, is)| (folded(word), is.clone())));
        words.nations.extend(own.nations.iter().map(|(word, nation)| (folded(word), *nation)));
        for (level, word) in &own.written {
            words.access.entry(folded(word)).or_insert(*level);
            words.written.insert(*level, word.clone());
        }
        match words.written.iter().find(|(level, word)| words.level(word) != Some(Some(**level))) {
            Some((_, word)) => Err(word.clone()),
            None => Ok(words),
        }
    }

    /// The level that `access` names; `None` when it says nothing, `Some(None)` when what it says is not
    /// understood.
    pub(super) fn level(&self, access: &str) -> Option<Option<Classification>> {
        let word = folded(access);
        if word.is_empty() || word == "UNDEFINED" {
            return None;
        }
        let bare = word.strip_prefix("NATO ").or(word.strip_prefix("COSMIC "));
        let known = self.access.get(&word).or_else(|| self.access.get(bare?));
        Some(known.copied())
    }

    /// The restriction that a word of `caveat`, in upper case, means: itself when nothing else is said.
    pub(super) fn caveat(&self, word: String) -> String {
        self.caveats.get(&word).cloned().unwrap_or(word)
    }

    /// The nation that a word of `releasableTo`, in upper case, means.
    pub(super) fn nation(&self, word: &str) -> Option<Nation> {
        self.nations.get(word).copied().or_else(|| word.parse().ok())
    }

    /// What is written into `access` for a level.
    pub(super) fn written(&self, level: Classification) -> &str {
        self.written.get(&level).map_or("", String::as_str)
    }
}

/// Words between blanks, commas, slashes and other signs, in upper case.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
}

/// In upper case, words one blank apart.
fn folded(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}
