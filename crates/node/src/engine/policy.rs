//! The release policy in force: shown with its proof, tried against other texts over what was seen,
//! and replaced when two persons answer for others.

use std::collections::VecDeque;

use renkei_core::affairs::{AffairsInput, PolicyProposal, PolicyTexts};
use renkei_model::id::{Nation, Partition};
use renkei_model::statement::Record;
use renkei_model::time::Timestamp;
use renkei_policy::change::{Difference, Seen, compare};
use renkei_policy::explain::Case;
use renkei_policy::proof::{Proof, never_words};
use renkei_policy::{Policy, PolicyError};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::Engine;
use super::commands::session;
use crate::access::User;
use crate::cli;
use crate::messages::Complaint;

/// Own statements that are kept for trying a policy on.
const STATED_MAX: usize = 10_000;
/// How far back they go.
const STATED_MS: i64 = 86_400_000;

/// Own statements of the last day, as policy knows them.
#[derive(Default)]
pub(super) struct Stated(VecDeque<(Timestamp, Seen)>);

impl Stated {
    /// Takes note of an own record that policy was asked about.
    pub(super) fn note(&mut self, record: &Record, now: Timestamp) {
        if self.0.len() >= STATED_MAX {
            self.0.pop_front();
        }
        let case = Case::of(record);
        let examples = vec![record.id.to_string()];
        self.0.push_back((now, Seen { case, things: 1, examples }));
    }

    fn lately(&self, now: Timestamp) -> impl Iterator<Item = &Seen> {
        let lately = self.0.iter().filter(move |(at, _)| now.since_ms(*at) <= STATED_MS);
        lately.map(|(_, seen)| seen)
    }
}

/// What other texts would change, for the screen.
#[derive(Serialize)]
struct Tried {
    /// What names them.
    policy: String,
    /// Things of which more would cross, and less.
    widens: u64,
    narrows: u64,
    /// From when on things were looked at.
    since_ms: Option<Timestamp>,
    /// Whether there were more things than are kept count of.
    is_partial: bool,
    /// Kind by kind, the widening ones first.
    differences: Vec<Difference>,
}

fn things(differences: &[Difference], widens: bool) -> u64 {
    differences.iter().filter(|d| d.widens() == widens).map(|d| d.things).sum()
}

fn load(nation: Nation, partition: &Partition, texts: &PolicyTexts) -> Result<Policy, PolicyError> {
    Policy::load(nation, partition, &cli::borrowed(texts))
}

impl Engine {
    /// `GET /api/policy`.
    pub(super) fn policy_view(&self) -> Value {
        let proof = cli::policy_proof(&self.config.dir);
        let never = cli::never_texts(&self.config.dir).unwrap_or_default();
        let never = cli::borrowed(&never);
        let texts = cli::borrowed(&self.policy_texts);
        let about = |proof: &Proof| proof.is_about(&texts, &never).unwrap_or(false);
        let proof = proof.filter(about).map(|proof| {
            let words = never_words(&never).unwrap_or_default();
            let proved = proof.findings.all_proved(&never).unwrap_or(false);
            json!({
                "all_proved": proved,
                "at_ms": proof.proved_at,
                "by": format!("{}, {}", proof.findings.prover, proof.findings.solver),
                "never": proof.findings.never.iter().map(|n| json!({
                    "id": n.id,
                    "proved": n.proved,
                    "what": words.get(&n.id),
                })).collect::<Vec<_>>(),
            })
        });
        json!({
            "policy": self.policy.version().to_hex(),
            "texts": self.policy_texts,
            "is_reviewed": self.affairs.policy_in_force().is_some(),
            "proof": proof,
            "changes": self.affairs.policy_changes(),
        })
    }

    /// `POST /api/policy/try`; `None` when the texts do not read, which the caller has seen to.
    pub(super) fn try_policy(&mut self, texts: &PolicyTexts, now: Timestamp) -> Option<Value> {
        let policy = load(self.nation, &self.config.partition, texts).ok()?;
        serde_json::to_value(self.tried(&policy, now)).ok()
    }

    fn tried(&self, policy: &Policy, now: Timestamp) -> Tried {
        let lately = self.picture.seen_lately(now);
        let mut seen = lately.seen;
        seen.extend(self.stated.lately(now).cloned());
        // Whoever either set names: a change may give to a nation that had nothing.
        let mut named = self.policy.partners();
        named.append(&mut policy.partners());
        let named = named.into_iter();
        let differences = named.flat_map(|to| compare(&self.policy, policy, to, &seen, now));
        let differences = together(differences.collect());
        Tried {
            policy: policy.version().to_hex(),
            widens: things(&differences, true),
            narrows: things(&differences, false),
            since_ms: lately.since,
            is_partial: lately.is_partial,
            differences,
        }
    }

    /// Puts a change before a second person.
    pub(super) fn propose_policy(
        &mut self,
        by: &User,
        texts: PolicyTexts,
        reason: String,
        reply: oneshot::Sender<Result<String, Complaint>>,
        now: Timestamp,
    ) {
        let policy = match load(self.nation, &self.config.partition, &texts) {
            Ok(policy) => policy,
            Err(error) => {
                let _ = reply.send(Err(unreadable(&error)));
                return;
            }
        };
        let tried = self.tried(&policy, now);
        let proposal = PolicyProposal {
            texts,
            policy: policy.version(),
            before: self.policy.version(),
            widens: tried.widens,
            narrows: tried.narrows,
            reason,
        };
        let request = self.next_request;
        self.next_request += 1;
        self.replies.insert(request, reply);
        let by = session(by);
        let input = AffairsInput::ProposePolicy { request, by, proposal };
        self.affairs_input(self.affairs.first(), input, now);
    }

    /// Lets other texts decide from here on.
    pub(super) fn policy_in_force(&mut self, texts: &PolicyTexts, now: Timestamp) {
        match load(self.nation, &self.config.partition, texts) {
            Ok(policy) => {
                tracing::info!(
                    policy = policy.version().to_hex(),
                    "the release policy was changed"
                );
                self.policy_texts = texts.clone();
                self.policy = policy.clone();
                let effects = self.picture.set_policy(&policy, now);
                self.picture_effects(effects, now);
                if let Err(error) = cli::write_policy(&self.config.dir, texts) {
                    self.last_problem = Some(error);
                }
            }
            // It read when it was proposed; a build that reads it no more goes on as before.
            Err(error) => tracing::error!(%error, "the approved release policy does not read"),
        }
    }
}

/// Statements of one kind as one line.
fn together(differences: Vec<Difference>) -> Vec<Difference> {
    let mut all: Vec<Difference> = Vec::new();
    for one in differences {
        let same = all.iter_mut().find(|d| {
            d.to == one.to
                && d.about == one.about
                && (d.before, d.after) == (one.before, one.after)
                && d.reason_after == one.reason_after
        });
        match same {
            Some(same) => {
                same.things += one.things;
                if same.examples.len() < 3 {
                    same.examples.extend(one.examples);
                }
            }
            None => all.push(one),
        }
    }
    all
}

fn unreadable(error: &PolicyError) -> Complaint {
    Complaint {
        code: "RK-1436".into(),
        en: error.to_string(),
        ja: format!("提供方針を読み取れない。{error}"),
    }
}
