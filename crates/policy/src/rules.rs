//! A release policy as read from its files: parsed, named, reasoned, and fitted to the schema.
//!
//! Refuses at reading, with file, line and how to mend it: anything that does not parse, a word the
//! schema does not have, a policy without `@id`, `@reason_en`, `@reason_ja`, an id used twice, a
//! permit that does not say to whom, a policy that can never apply, templates, a `@review` on anything
//! but a prohibition of statements.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use cedar_policy::{
    ActionConstraint, Authorizer, Decision, Effect, Policy as CedarPolicy, PolicyId, PolicySet,
    PrincipalConstraint, Response, Schema, ValidationMode, Validator,
};
use miette::Diagnostic;
use renkei_model::cbor::Digest;
use renkei_model::id::Nation;
use renkei_model::statement::Bilingual;

use crate::facts::{Action, Facts, Home, question};
use crate::review::Review;
use crate::shipped::{ALWAYS, SCHEMA};

/// One thing that is wrong with a policy set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file's name as it was given.
    pub file: String,
    /// Line in it, from 1; `None` when the fault lies in no one line.
    pub line: Option<usize>,
    /// The policy's `@id`, where it has one.
    pub policy: Option<String>,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: ", self.file)?,
            None => write!(f, "{}: ", self.file)?,
        }
        if let Some(policy) = &self.policy {
            write!(f, "policy `{policy}`: ")?;
        }
        write!(f, "{}; {}", self.what, self.mend)
    }
}

/// Why a policy set was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("read the release policy: {}", self.first())]
pub struct PolicyError {
    /// All that is wrong, by file and line; at least one.
    pub problems: Vec<Problem>,
}

impl PolicyError {
    fn first(&self) -> String {
        let first = self.problems.first().map(Problem::to_string).unwrap_or_default();
        match self.problems.len() {
            0 | 1 => first,
            n => format!("{first} (and {} more: run `renkei policy check`)", n - 1),
        }
    }
}

/// A policy's name, effect and words.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: Arc<str>,
    pub(crate) permits: bool,
    /// Whose review may lift it; `None` when nobody's.
    pub(crate) review: Option<Review>,
    pub(crate) reason: Bilingual,
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// What the rules say to one question.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) permitted: bool,
    /// The prohibitions that fired, the sternest first, or, when none did, the permits; by id.
    pub(crate) fired: Vec<Rule>,
    /// Why, when no rule decided.
    pub(crate) otherwise: Bilingual,
    /// What a review would come to, when everything that stands against it may be lifted and a
    /// permit remains.
    pub(crate) ask: Option<Ask>,
}

/// A review that could release a thing.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// Whose.
    pub(crate) review: Review,
    /// The permit under which it then goes: the first by id.
    pub(crate) permit: Arc<str>,
}

impl Finding {
    /// How near to crossing: 0 withheld, 1 two persons, 2 one person, 3 permitted.
    pub(crate) fn openness(&self) -> u8 {
        match &self.ask {
            _ if self.permitted => 3,
            Some(Ask { review: Review::One, .. }) => 2,
            Some(Ask { review: Review::Two, .. }) => 1,
            None => 0,
        }
    }
}

/// Rules that were read and fitted to the schema.
#[derive(Debug)]
pub(crate) struct Rules {
    cedar: PolicySet,
    /// The permits alone: what would remain if every prohibition were lifted.
    permits: PolicySet,
    rules: BTreeMap<Arc<str>, Rule>,
    schema: Schema,
    authorizer: Authorizer,
    pub(crate) version: Digest,
}

impl Rules {
    /// Reads `files` and the prohibitions that stand in every set.
    pub(crate) fn load(files: &[(&str, &str)]) -> Result<Self, PolicyError> {
        let all: Vec<_> = std::iter::once(ALWAYS).chain(files.iter().copied()).collect();
        Self::load_exactly(&all)
    }

    /// Reads `files` and nothing else.
    pub(crate) fn load_exactly(files: &[(&str, &str)]) -> Result<Self, PolicyError> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|e| our_fault(&e))?;
        let mut problems = Vec::new();
        let mut rules = BTreeMap::new();
        let mut policies = Vec::new();
        for (file, text) in files {
            read_file(file, text, faults, &mut rules, &mut policies, &mut problems);
        }
        let cedar = PolicySet::from_policies(policies).map_err(|e| our_fault(&e))?;
        validate(&schema, &cedar, &rules, files, &mut problems);
        or_problems(problems)?;
        let permits = cedar.policies().filter(|policy| policy.effect() == Effect::Permit).cloned();
        let permits = PolicySet::from_policies(permits).map_err(|e| our_fault(&e))?;
        let version = version(files);
        Ok(Self { cedar, permits, rules, schema, authorizer: Authorizer::new(), version })
    }

    /// The nations that a permit names.
    pub(crate) fn partners(&self) -> BTreeSet<Nation> {
        let named =
            self.cedar.policies().filter_map(|policy| match policy.principal_constraint() {
                PrincipalConstraint::Eq(uid) => uid.id().unescaped().parse().ok(),
                _ => None,
            });
        named.collect()
    }

    /// What the rules say. A question that cannot be put or answered is denied.
    pub(crate) fn decide(
        &self,
        facts: &Facts<'_>,
        action: Action,
        to: Nation,
        home: &Home,
    ) -> Finding {
        let denied =
            |otherwise| Finding { permitted: false, fired: Vec::new(), otherwise, ask: None };
        let Ok((request, entities)) = question(facts, action, to, home, &self.schema) else {
            return denied(not_answerable());
        };
        let response = self.authorizer.is_authorized(&request, &self.cedar, &entities);
        // Cedar passes over a policy that fails while it is evaluated. A prohibition that was
        // passed over would release, so any failure denies.
        if response.diagnostics().errors().next().is_some() {
            return denied(not_answerable());
        }
        let fired = self.named(&response);
        let permitted = response.decision() == Decision::Allow
            && !fired.is_empty()
            && fired.iter().all(|r| r.permits);
        let lifted = if permitted { None } else { lifted_by(&fired) };
        let ask = lifted.and_then(|review| {
            let response = self.authorizer.is_authorized(&request, &self.permits, &entities);
            let failed = response.diagnostics().errors().next().is_some();
            let permit = self.named(&response).into_iter().next().filter(|_| !failed)?;
            Some(Ask { review, permit: permit.id })
        });
        Finding { permitted, fired, otherwise: no_agreement(), ask }
    }

    /// The rules that decided: first those that no review lifts, then those that take two persons, then
    /// one; each by id. So what is told first is what stands in the way longest.
    fn named(&self, response: &Response) -> Vec<Rule> {
        let reasons = response.diagnostics().reason();
        let mut fired: Vec<Rule> =
            reasons.filter_map(|id| self.rules.get(id_text(id)).cloned()).collect();
        let lifted = |rule: &Rule| rule.review.map(std::cmp::Reverse);
        fired.sort_by(|a, b| (lifted(a), &a.id).cmp(&(lifted(b), &b.id)));
        fired
    }
}

/// Whose review lifts all of these prohibitions; `None` when one can never be lifted.
fn lifted_by(prohibitions: &[Rule]) -> Option<Review> {
    let reviews: Option<Vec<Review>> = prohibitions.iter().map(|rule| rule.review).collect();
    reviews?.into_iter().max()
}

/// Reads files that describe what must never cross: their words by id, and what names the texts.
pub(crate) fn never_rules(
    files: &[(&str, &str)],
) -> Result<(BTreeMap<String, Bilingual>, Digest), PolicyError> {
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|e| our_fault(&e))?;
    let (mut problems, mut rules, mut policies) = (Vec::new(), BTreeMap::new(), Vec::new());
    for (file, text) in files {
        read_file(file, text, never_faults, &mut rules, &mut policies, &mut problems);
    }
    let cedar = PolicySet::from_policies(policies).map_err(|e| our_fault(&e))?;
    validate(&schema, &cedar, &rules, files, &mut problems);
    or_problems(problems)?;
    let words = rules.into_iter().map(|(id, rule)| (id.to_string(), rule.reason)).collect();
    Ok((words, version(files)))
}

fn or_problems(mut problems: Vec<Problem>) -> Result<(), PolicyError> {
    problems.sort();
    problems.dedup();
    if problems.is_empty() { Ok(()) } else { Err(PolicyError { problems }) }
}

/// Nobody agreed to give this.
pub(crate) fn no_agreement() -> Bilingual {
    Bilingual {
        en: "no agreement covers this".into(), ja: "この提供を認める取決めがない".into()
    }
}

fn not_answerable() -> Bilingual {
    Bilingual {
        en: "the policy could not be evaluated, so nothing is released".into(),
        ja: "提供の可否を判定できないため提供しない".into(),
    }
}

fn id_text(id: &PolicyId) -> &str {
    id.as_ref()
}

fn our_fault(error: &dyn fmt::Display) -> PolicyError {
    let problem = Problem {
        file: "release.cedarschema".into(),
        line: None,
        policy: None,
        what: error.to_string(),
        mend: "this is a fault of Renkei, not of your files; report it".into(),
    };
    PolicyError { problems: vec![problem] }
}

fn version(files: &[(&str, &str)]) -> Digest {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort();
    let parts: Vec<[u8; 32]> = std::iter::once(&("release.cedarschema", SCHEMA))
        .chain(sorted)
        .flat_map(|(name, text)| [Digest::of(name.as_bytes()).0, Digest::of(text.as_bytes()).0])
        .collect();
    Digest::of_parts(&parts.iter().map(<[u8; 32]>::as_slice).collect::<Vec<_>>())
}

fn read_file(
    file: &str,
    text: &str,
    faults: fn(&CedarPolicy) -> Vec<Fault>,
    rules: &mut BTreeMap<Arc<str>, Rule>,
    policies: &mut Vec<CedarPolicy>,
    problems: &mut Vec<Problem>,
) {
    let set: PolicySet = match text.parse() {
        Ok(set) => set,
        Err(errors) => {
            let errors: &cedar_policy::ParseErrors = &errors;
            problems.extend(errors.iter().map(|e| problem_of(e, file, text, None)));
            return;
        }
    };
    let at = |policy: &dyn fmt::Display, id: Option<&str>, what: String, mend: &str| Problem {
        file: file.into(),
        line: Some(line_of_text(text, &policy.to_string())),
        policy: id.map(Into::into),
        what,
        mend: mend.into(),
    };
    for template in set.templates() {
        let what = "a template (`?principal`, `?resource`) cannot be used here".into();
        problems.push(at(template, template.annotation("id"), what, "write the nation out"));
    }
    for policy in set.policies() {
        let id = policy.annotation("id");
        for (what, mend) in faults(policy) {
            problems.push(at(policy, id, what, mend));
        }
        let Some(id) = id else { continue };
        if let Some(first) = rules.get(id) {
            let what = format!("the id stands already in {}:{}", first.file, first.line);
            problems.push(at(policy, Some(id), what, "give each policy an id of its own"));
            continue;
        }
        policies.push(policy.new_id(PolicyId::new(id)));
        rules.insert(id.into(), rule(policy, id, file, text));
    }
}

fn rule(policy: &CedarPolicy, id: &str, file: &str, text: &str) -> Rule {
    let reason = |key| policy.annotation(key).unwrap_or_default().to_owned();
    Rule {
        id: id.into(),
        permits: policy.effect() == Effect::Permit,
        review: policy.annotation("review").and_then(Review::read),
        reason: Bilingual { en: reason("reason_en"), ja: reason("reason_ja") },
        file: file.into(),
        line: line_of_text(text, &policy.to_string()),
    }
}

/// What is wrong with a policy, and how to mend it.
type Fault = (String, &'static str);

fn faults(policy: &CedarPolicy) -> Vec<Fault> {
    let mut faults = wordless(policy);
    let names_partner = matches!(policy.principal_constraint(), PrincipalConstraint::Eq(_));
    if policy.effect() == Effect::Permit && !names_partner {
        let what = "a permit must say to whom".into();
        faults.push((what, "write principal == Nation::\"…\" in its head"));
    }
    if policy.annotation("review").is_some() {
        faults.extend(unreviewable(policy));
    }
    faults
}

/// Why no review can lift `policy`. Reports of sensors follow each other by the second: nobody reads
/// them one by one before they go, so what keeps them here is never lifted.
fn unreviewable(policy: &CedarPolicy) -> Option<Fault> {
    let statements = match policy.action_constraint() {
        ActionConstraint::Eq(action) => action.id().unescaped() == "release_record",
        ActionConstraint::Any | ActionConstraint::In(_) => false,
    };
    match policy.effect() {
        Effect::Permit => {
            let what = "a permit lets go without a review".to_owned();
            Some((what, "put @review on the prohibition that a review may lift"))
        }
        Effect::Forbid if !statements => {
            let what = "a review lifts prohibitions of statements alone".to_owned();
            Some((what, "write action == Action::\"release_record\" in its head"))
        }
        Effect::Forbid => None,
    }
}

fn never_faults(policy: &CedarPolicy) -> Vec<Fault> {
    let mut faults = wordless(policy);
    if policy.effect() == Effect::Forbid {
        let what = "what must never cross is described by permits".into();
        faults.push((what, "write permit; a prohibition belongs into the policy itself"));
    }
    faults
}

fn wordless(policy: &CedarPolicy) -> Vec<Fault> {
    const WANTED: [(&str, &str); 3] = [
        ("id", "write @id(\"a-short-name\") before it"),
        ("reason_en", "write @reason_en(\"why, in English\") before it"),
        ("reason_ja", "write @reason_ja(\"why, in Japanese\") before it"),
    ];
    let mut faults = Vec::new();
    for (key, mend) in WANTED {
        if policy.annotation(key).is_none_or(|text| text.trim().is_empty()) {
            faults.push((format!("`@{key}` is missing or empty"), mend));
        }
    }
    if policy.annotation("review").is_some_and(|word| Review::read(word).is_none()) {
        let what = "`@review` says neither one nor two".to_owned();
        faults.push((what, "write @review(\"one\") or @review(\"two\")"));
    }
    for (key, _) in policy.annotations() {
        if key != "review" && !WANTED.iter().any(|(wanted, _)| *wanted == key) {
            let what = format!("`@{key}` is not an annotation that Renkei reads");
            faults.push((
                what,
                "use @id, @reason_en, @reason_ja and @review, or make it a // comment",
            ));
        }
    }
    faults
}

fn validate(
    schema: &Schema,
    cedar: &PolicySet,
    rules: &BTreeMap<Arc<str>, Rule>,
    files: &[(&str, &str)],
    problems: &mut Vec<Problem>,
) {
    let result = Validator::new(schema.clone()).validate(cedar, ValidationMode::Strict);
    let errors = result.validation_errors().map(|e| (e.policy_id(), e as &dyn Diagnostic));
    let warnings = result.validation_warnings().map(|w| (w.policy_id(), w as &dyn Diagnostic));
    let mut found: BTreeMap<&str, Vec<&dyn Diagnostic>> = BTreeMap::new();
    for (id, diagnostic) in errors.chain(warnings) {
        found.entry(id_text(id)).or_default().push(diagnostic);
    }
    for (id, diagnostics) in found {
        let Some(rule) = rules.get(id) else { continue };
        let text = files.iter().find(|(name, _)| *name == rule.file).map_or("", |(_, text)| *text);
        // One misspelt word makes Cedar say several things; what it can help with is the cause.
        let helpful = diagnostics.iter().filter(|d| d.help().is_some()).count();
        let causes = diagnostics.iter().filter(|d| helpful == 0 || d.help().is_some());
        let causes = causes.take(helpful.max(1));
        problems.extend(causes.map(|cause| problem_of(*cause, &rule.file, text, Some(rule))));
    }
}

fn problem_of(error: &dyn Diagnostic, file: &str, text: &str, rule: Option<&Rule>) -> Problem {
    let label = error.labels().and_then(|mut labels| labels.next());
    let help = error.help().map(|help| help.to_string());
    let expected = label.as_ref().and_then(|label| label.label()).map(ToOwned::to_owned);
    let mut what = error.to_string();
    if let Some(rule) = rule {
        for stop in [',', ':'] {
            what = what.replace(&format!("for policy `{}`{stop} ", rule.id), "");
        }
    }
    Problem {
        file: file.into(),
        line: label.map(|label| line_at(text, label.offset())).or(rule.map(|rule| rule.line)),
        policy: rule.map(|rule| rule.id.to_string()),
        what,
        mend: help.or(expected).unwrap_or_else(|| "compare it with docs/policy.md".into()),
    }
}

fn line_of_text(text: &str, part: &str) -> usize {
    text.find(part).map_or(1, |offset| line_at(text, offset))
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
