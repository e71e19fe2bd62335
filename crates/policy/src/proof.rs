//! The proof of a policy set: what is asked of a prover, what it answers, and whether an answer is
//! about the set at hand.
//!
//! The prover is a program of its own (`xtask/prover`); this makes its [`Task`] and reads its
//! [`Findings`], both JSON. What must never cross is written in Cedar too: each permit of a *never*
//! file describes what no permit of a set may let through. `renkei policy prove` shows that the
//! prohibitions of a set alone keep all of it here.
//!
//! What a review may lift is asked about apart: `@review` in a never file says how many persons it
//! takes, and everything that fewer can lift is taken out of the set before the question is put.
//!
//! Refuses: a proof of other texts. A [`Proof`] names the set by [`crate::Policy::version`].

use std::collections::BTreeMap;

use cedar_policy::PolicySet;
use renkei_model::cbor::Digest;
use renkei_model::statement::Bilingual;
use renkei_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::review::Review;
use crate::rules::{PolicyError, Rules, never_rules};
use crate::shipped::{ALWAYS, NEVER, SCHEMA};

/// A question to the prover. Texts are (file name, Cedar text).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    schema: String,
    policies: Vec<(String, String)>,
    never: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Vec<(String, String)>>,
}

/// The prover's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// Name and version of what turned the questions into logic.
    pub prover: String,
    /// Name and version of the solver.
    pub solver: String,
    /// Policies that can fail while they are evaluated, each with a case.
    pub errors: Vec<Failing>,
    /// One for each thing that must never cross.
    pub never: Vec<Never>,
    /// What falls when one prohibition is taken away.
    pub holds_up: Vec<HoldsUp>,
    /// What the set allows and the one before did not, one case a question; `None` when not asked.
    #[serde(default)]
    pub newly: Option<Vec<Allowed>>,
}

/// A case in which something is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// The question, for example `coarse of Observation`.
    pub of: String,
    /// To whom, the thing's label and what else is known of it, in Cedar's words.
    pub example: String,
}

/// A policy that can fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Its `@id`.
    pub policy: String,
    /// When.
    #[serde(flatten)]
    pub case: Allowed,
}

/// Something that must never cross.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Never {
    /// Its `@id` in the never file.
    pub id: String,
    /// How many kinds of question were put: one for each tier and one for statements.
    pub environments: u32,
    /// Whether no label and no thing whatever gets it across.
    pub proved: bool,
    /// A case that does, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refuted_by: Option<Allowed>,
}

/// What rests on one prohibition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldsUp {
    /// Its `@id`.
    pub prohibition: String,
    /// Ids of what would cross without it, were everything permitted.
    pub never: Vec<String>,
}

/// Findings about certain texts, as they are kept beside the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// [`crate::Policy::version`] of the set.
    pub policy: Digest,
    /// Names the never files in the same way.
    pub never: Digest,
    /// When it was proved.
    pub proved_at: Timestamp,
    /// By what, and what.
    pub findings: Findings,
}

/// What must never cross, by `@id`: the house's list and `own`.
///
/// # Errors
/// [`PolicyError`] with every problem of every file.
pub fn never_words(own: &[(&str, &str)]) -> Result<BTreeMap<String, Bilingual>, PolicyError> {
    let (words, _) = never_rules(&with_first(NEVER, own))?;
    Ok(words)
}

impl Task {
    /// What is asked about the set of `files`, whether any of what the house's list and `never`
    /// describe can get through it; and, when `before` is given, what `files` newly allows.
    ///
    /// One task for what no review may lift, one for what two persons may, one for what one may:
    /// each asks about the set without the prohibitions that so few can lift. The last is about the
    /// whole set.
    ///
    /// # Errors
    /// [`PolicyError`] with every problem of every file.
    pub fn all(
        files: &[(&str, &str)],
        never: &[(&str, &str)],
        before: Option<&[(&str, &str)]>,
    ) -> Result<Vec<Self>, PolicyError> {
        Rules::load(files)?;
        let never = with_first(NEVER, never);
        never_rules(&never)?;
        let set = owned(&with_first(ALWAYS, files));
        let task = |level: Option<Review>| {
            let stays = |lifted_by: Option<Review>| match (lifted_by, level) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(lifted_by), Some(level)) => lifted_by >= level,
            };
            let last = level == Some(Review::One);
            Self {
                schema: SCHEMA.into(),
                policies: set.iter().map(|file| only(file, stays)).collect(),
                never: owned(&never).iter().map(|file| only(file, |l| l == level)).collect(),
                before: before.filter(|_| last).map(|files| owned(&with_first(ALWAYS, files))),
            }
        };
        Ok([None, Some(Review::Two), Some(Review::One)].map(task).into())
    }
}

/// The policies of a file that so many persons lift.
fn only(
    (name, text): &(String, String),
    keep: impl Fn(Option<Review>) -> bool,
) -> (String, String) {
    let set: PolicySet = text.parse().unwrap_or_default();
    let kept = set.policies().filter(|p| keep(p.annotation("review").and_then(Review::read)));
    (name.clone(), kept.map(|policy| format!("{policy}\n")).collect())
}

impl Proof {
    /// The `findings` of the task about `files` and `never`.
    ///
    /// # Errors
    /// [`PolicyError`] with every problem of every file.
    pub fn new(
        files: &[(&str, &str)],
        never: &[(&str, &str)],
        proved_at: Timestamp,
        findings: Findings,
    ) -> Result<Self, PolicyError> {
        let (policy, never) = versions(files, never)?;
        Ok(Self { policy, never, proved_at, findings })
    }

    /// Whether it is about exactly these texts.
    ///
    /// # Errors
    /// [`PolicyError`] with every problem of every file.
    pub fn is_about(
        &self,
        files: &[(&str, &str)],
        never: &[(&str, &str)],
    ) -> Result<bool, PolicyError> {
        Ok((self.policy, self.never) == versions(files, never)?)
    }
}

impl Findings {
    /// The findings of all tasks of one set as one; `None` when there are none.
    #[must_use]
    pub fn join(all: Vec<Self>) -> Option<Self> {
        let mut all = all.into_iter();
        let mut one = all.next()?;
        for next in all {
            one.errors.extend(next.errors);
            one.never.extend(next.never);
            for holds in next.holds_up {
                match one.holds_up.iter_mut().find(|h| h.prohibition == holds.prohibition) {
                    Some(held) => held.never.extend(holds.never),
                    None => one.holds_up.push(holds),
                }
            }
            one.newly = next.newly.or(one.newly);
        }
        one.errors.sort_by(|a, b| (&a.policy, &a.case.of).cmp(&(&b.policy, &b.case.of)));
        one.errors.dedup();
        one.never.sort_by(|a, b| a.id.cmp(&b.id));
        one.holds_up.iter_mut().for_each(|h| h.never.sort());
        one.holds_up.sort_by(|a, b| a.prohibition.cmp(&b.prohibition));
        Some(one)
    }

    /// Whether everything was proved of the set that `files` and `never` describe: nothing can
    /// fail, and nothing that must never cross does. Findings that leave out one of them prove
    /// nothing.
    ///
    /// # Errors
    /// [`PolicyError`] with every problem of a never file.
    pub fn all_proved(&self, never: &[(&str, &str)]) -> Result<bool, PolicyError> {
        let wanted = never_words(never)?;
        let proved = |id: &String| self.never.iter().any(|n| n.id == *id && n.proved);
        Ok(self.errors.is_empty() && wanted.keys().all(proved))
    }

    /// Prohibitions without which nothing on the list would cross: the list does not speak of what
    /// they keep here, so a proof does not notice when one goes.
    #[must_use]
    pub fn unspoken(&self) -> Vec<&str> {
        let idle = self.holds_up.iter().filter(|h| h.never.is_empty());
        idle.map(|h| h.prohibition.as_str()).collect()
    }
}

fn versions(
    files: &[(&str, &str)],
    never: &[(&str, &str)],
) -> Result<(Digest, Digest), PolicyError> {
    let (_, never) = never_rules(&with_first(NEVER, never))?;
    Ok((Rules::load(files)?.version, never))
}

type Texts<'t> = Vec<(&'t str, &'t str)>;

fn with_first<'t>(first: (&'t str, &'t str), files: &[(&'t str, &'t str)]) -> Texts<'t> {
    std::iter::once(first).chain(files.iter().copied()).collect()
}

fn owned(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}
