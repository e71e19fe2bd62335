//! Says why a thing would or would not cross, without any such thing: `renkei policy explain`.
//!
//! Unlike a release it names every policy that fired, with its file and line.

use std::fmt::Write as _;

use renkei_model::id::{Nation, Partition};
use renkei_model::label::Label;
use renkei_model::observation::Domain;
use renkei_model::statement::{Bilingual, Language, Record};
use renkei_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::facts::{About, Action, Facts, expired, unsound};
use crate::policy::Policy;
use crate::review::Review;
use crate::tier::Tier;
use crate::words::Said;
pub use crate::words::{StatementKind, System};

/// A thing that might be released, in the words of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is.
    pub about: Subject,
    /// Its label.
    pub label: Label,
    /// The nation whose node took it in first; ours when left out.
    #[serde(default)]
    pub taken_in_by: Option<Nation>,
}

impl Case {
    /// What policy may know of a signed record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let Said { kind, free_text, downgrade } = Said::of(&record.statement);
        let partition = record.id.partition.clone();
        Self {
            about: Subject::Statement { kind, partition, free_text, downgrade },
            label: record.label.clone(),
            taken_in_by: Some(record.id.node),
        }
    }
}

/// What it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Subject {
    /// A report.
    Observation {
        /// Where the thing moves.
        domain: Domain,
        /// How it named itself.
        system: System,
        /// The feed's configured name.
        source: String,
    },
    /// A signed statement.
    Statement {
        /// Its kind.
        kind: StatementKind,
        /// The world it was made in.
        partition: Partition,
        /// Whether it holds a person's free text.
        #[serde(default)]
        free_text: bool,
        /// Whether it asks to protect something less than before.
        #[serde(default)]
        downgrade: bool,
    },
}

/// What policy says to one question, with every policy that said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The Cedar action: a tier's code, or `release_record`.
    pub action: &'static str,
    /// Whether it may cross.
    pub permitted: bool,
    /// Whose review would let it, where one may.
    pub review: Option<Review>,
    /// Why, in the words of the policy that decided.
    pub reason: Bilingual,
    /// The prohibitions that fired, the sternest first, or, when none did, the permits; else by id.
    pub fired: Vec<Fired>,
}

/// One policy that spoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fired {
    /// Its `@id`.
    pub policy: String,
    /// The file that holds it.
    pub file: String,
    /// Its line there, from 1.
    pub line: usize,
    /// Its words.
    pub reason: Bilingual,
}

/// What `policy` says of `case` for `to`: five explanations of an observation, one of a statement.
///
/// A tier is judged alone here; a release also needs every lower one, see [`to_text`].
#[must_use]
pub fn explain(policy: &Policy, case: &Case, to: Nation, now: Timestamp) -> Vec<Explanation> {
    let facts = Facts {
        label: &case.label,
        expired: expired(&case.label, now),
        unsound: unsound(&case.label, now),
        taken_in_by: case.taken_in_by.unwrap_or(policy.home.nation),
        about: match &case.about {
            Subject::Observation { domain, system, source } => {
                About::Observation { domain: *domain, system: *system, source }
            }
            Subject::Statement { kind, partition, free_text, downgrade } => About::Statement {
                said: Said { kind: *kind, free_text: *free_text, downgrade: *downgrade },
                partition,
            },
        },
    };
    let actions = match &case.about {
        Subject::Observation { .. } => Tier::ALL.map(Action::Tell).to_vec(),
        Subject::Statement { .. } => vec![Action::ReleaseRecord],
    };
    actions.into_iter().map(|action| ask(policy, &facts, action, to)).collect()
}

/// The explanations as lines for a person, in `language`.
#[must_use]
pub fn to_text(explanations: &[Explanation], language: Language) -> String {
    let mut text = String::new();
    let mut lower_refused = false;
    for explanation in explanations {
        let goes = explanation.permitted && !lower_refused;
        let word = match (language, goes, explanation.permitted) {
            (Language::En, false, false) if explanation.review == Some(Review::One) => {
                "asks for a review by one person"
            }
            (Language::En, false, false) if explanation.review == Some(Review::Two) => {
                "asks for a review by two persons at different desks"
            }
            (Language::Ja, false, false) if explanation.review == Some(Review::One) => {
                "提供審査（一名）を要する"
            }
            (Language::Ja, false, false) if explanation.review == Some(Review::Two) => {
                "提供審査（配置の異なる二名）を要する"
            }
            (Language::En, true, _) => "released",
            (Language::En, false, true) => "withheld with the tier below",
            (Language::En, false, false) => "withheld",
            (Language::Ja, true, _) => "提供",
            (Language::Ja, false, true) => "不提供（下位の段階が不提供）",
            (Language::Ja, false, false) => "不提供",
        };
        lower_refused |= !explanation.permitted;
        let colon = if language == Language::En { ": " } else { "：" };
        let _ = writeln!(
            text,
            "{}{colon}{word}{colon}{}",
            title(explanation.action, language),
            said(&explanation.reason, language)
        );
        for Fired { policy, file, line, reason } in &explanation.fired {
            let _ = writeln!(text, "    {file}:{line} {policy}{colon}{}", said(reason, language));
        }
    }
    text
}

fn ask(policy: &Policy, facts: &Facts<'_>, action: Action, to: Nation) -> Explanation {
    let finding = policy.rules.decide(facts, action, to, &policy.home);
    let reason =
        finding.fired.first().map_or_else(|| finding.otherwise.clone(), |r| r.reason.clone());
    let fired = finding.fired.into_iter().map(|rule| Fired {
        policy: rule.id.to_string(),
        file: rule.file,
        line: rule.line,
        reason: rule.reason,
    });
    Explanation {
        action: action.code(),
        permitted: finding.permitted,
        review: finding.ask.map(|ask| ask.review),
        reason,
        fired: fired.collect(),
    }
}

fn title(action: &'static str, language: Language) -> String {
    let tier = Tier::ALL.into_iter().find(|tier| tier.code() == action);
    match (language, tier) {
        (Language::En, _) => action.to_owned(),
        (Language::Ja, Some(tier)) => format!("{}（{action}）", tier.title_ja()),
        (Language::Ja, None) => format!("記録の提供（{action}）"),
    }
}

fn said(text: &Bilingual, language: Language) -> &str {
    match language {
        Language::En => &text.en,
        Language::Ja => &text.ja,
    }
}
