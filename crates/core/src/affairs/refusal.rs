//! Every "no" of the affairs, with a stable code and words in both languages.

use renkei_model::statement::Bilingual;
use serde::Serialize;

/// A "no" that a person can read. `code` is stable: the user interface and the manual key on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code}: {}", text.en)]
pub struct Refusal {
    /// For example `RK-0412`.
    pub code: &'static str,
    /// What, why, and how to mend it.
    #[serde(flatten)]
    pub text: Bilingual,
}

impl Refusal {
    pub(super) fn new(code: &'static str, en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { code, text: Bilingual { en: en.into(), ja: ja.into() } }
    }
}
