//! Which texts go to the partner by policy: agreed sentences, and tear-lines (提供用要旨) that a
//! named person wrote to be given. Everything else that a person writes is free text.

use renkei_model::statement::{Bilingual, Wording};
use serde::{Deserialize, Serialize};

use super::command::check_text;
use super::refusal::Refusal;

const SHIPPED: &str = include_str!("../../standing/reasons.toml");

/// An agreed sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedReason {
    /// Its id.
    pub id: String,
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    reason: Vec<AgreedReason>,
}

/// A short text written to be given in place of one's own words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TearLine {
    /// The text, in both languages.
    pub text: Bilingual,
    /// The named person who wrote or checked both.
    pub checked_by: String,
}

/// The agreed sentences that ship with the software.
///
/// # Panics
/// Never: a test reads the shipped sentences.
#[must_use]
pub fn agreed_reasons() -> Vec<AgreedReason> {
    #[expect(clippy::expect_used, reason = "a test reads the shipped sentences")]
    let book: Book = toml::from_str(SHIPPED).expect("the shipped sentences are sound");
    book.reason
}

/// What goes to the partner in place of `said`, and who answers for it: the tear-line where there is
/// one, else `said` itself, agreed or free.
pub(super) fn worded(
    said: Bilingual,
    tear_line: Option<TearLine>,
) -> Result<(Bilingual, Option<Wording>), Refusal> {
    let Some(TearLine { text, checked_by }) = tear_line else {
        let agreed = agreed_reasons().into_iter().find(|r| r.en == said.en && r.ja == said.ja);
        return Ok((said, agreed.map(|reason| Wording::Agreed(reason.id))));
    };
    check_text(&text)?;
    let checked_by = checked_by.trim();
    if checked_by.is_empty() || checked_by.chars().count() > 100 {
        return Err(Refusal::new(
            "RK-1360",
            "name the person who wrote or checked the tear-line in both languages",
            "提供用要旨の両言語の文を作成又は確認した者の氏名を記されたい",
        ));
    }
    Ok((text, Some(Wording::TearLine(checked_by.to_owned()))))
}
