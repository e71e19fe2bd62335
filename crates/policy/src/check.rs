//! Checks a policy set before it is used: `renkei policy check DIR`.
//!
//! First what reading refuses. Then two promises that any set must keep, put to the set itself
//! over a grid of labels, things, tiers and worlds:
//!
//! 1. The prohibitions stand by themselves: even when someone adds a permit for everything, what
//!    is marked NOFORN, HOLD, ORCON, sensitive, or classified and not listed stays here; and no
//!    review lifts what is NOFORN, or classified and not listed.
//! 2. Narrowing a label never widens what crosses, and never spares it a review.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::id::Nation;
use renkei_model::label::{Classification, Label};

use crate::facts::Action;
use crate::grid::{Grid, higher};
use crate::rules::{Finding, Problem, Rule, Rules};
use crate::tier::Tier;

/// All that is wrong with a set of (file name, Cedar text); empty when it may be used. An empty set
/// may: it denies everything.
#[must_use]
pub fn check(files: &[(&str, &str)]) -> Vec<Problem> {
    let rules = match Rules::load(files) {
        Ok(rules) => rules,
        Err(error) => return error.problems,
    };
    let mut problems = BTreeSet::new();
    for to in rules.partners() {
        let careless = careless(to);
        let with_careless: Vec<(&str, &str)> =
            files.iter().copied().chain([("careless.cedar", careless.as_str())]).collect();
        match Rules::load(&with_careless) {
            Ok(rules) => problems.extend(unstopped(&rules, to)),
            Err(error) => problems.extend(error.problems),
        }
        problems.extend(widened(&rules, to));
    }
    problems.into_iter().collect()
}

/// A permit that somebody might add by mistake: everything, to `to`.
pub(crate) fn careless(to: Nation) -> String {
    format!(
        "@id(\"renkei-check-careless\")@reason_en(\"-\")@reason_ja(\"-\")\n\
         permit(principal == Nation::\"{to}\", action, resource);"
    )
}

/// What must never cross, whatever anyone permits.
struct Never {
    name: &'static str,
    mark: fn(&mut Label),
    /// The tier that may cross all the same.
    allowed: Option<Tier>,
    /// Whether a review may lift it for a statement.
    reviewed: bool,
}

const NEVER: [Never; 5] = [
    Never {
        name: "marked NOFORN",
        mark: |label| restrict(label, "NOFORN"),
        allowed: None,
        reviewed: false,
    },
    Never { name: "on HOLD", mark: |label| restrict(label, "HOLD"), allowed: None, reviewed: true },
    Never {
        name: "marked ORCON",
        mark: |label| restrict(label, "ORCON"),
        allowed: None,
        reviewed: true,
    },
    Never {
        name: "of a SENSITIVE_SOURCE",
        mark: |label| restrict(label, "SENSITIVE_SOURCE"),
        allowed: Some(Tier::Existence),
        reviewed: true,
    },
    Never {
        name: "classified and not listed for the partner",
        mark: |label| {
            label.releasable_to.clear();
            label.classification = label.classification.max(Classification::Restricted);
        },
        allowed: None,
        reviewed: false,
    },
];

/// A label that is narrower than another by one step.
type Step = (&'static str, fn(&mut Label));

const STEPS: [Step; 8] = [
    ("no longer listed for the partner", |label| label.releasable_to.clear()),
    ("without its informative categories", |label| label.informative.clear()),
    ("classified higher", |label| label.classification = higher(label.classification)),
    ("marked NOFORN", |label| restrict(label, "NOFORN")),
    ("on HOLD", |label| restrict(label, "HOLD")),
    ("marked ORCON", |label| restrict(label, "ORCON")),
    ("marked PERSONAL_DATA", |label| restrict(label, "PERSONAL_DATA")),
    ("marked SENSITIVE_SOURCE", |label| restrict(label, "SENSITIVE_SOURCE")),
];

fn restrict(label: &mut Label, restriction: &str) {
    label.restrictive.insert(restriction.to_owned());
}

/// What crosses, though it never must, once everything is permitted; one problem a mark.
fn unstopped(rules: &Rules, to: Nation) -> Vec<Problem> {
    let leak = |never: &Never| {
        let crosses = |grid: &Grid<'_>, label: &Label| {
            grid.questions().into_iter().find_map(|(about, action)| {
                let found = grid.ask(label, about, action);
                let by = match found.ask {
                    _ if found.permitted => "once something permits it",
                    Some(_) if !never.reviewed => "once a review lifts what keeps it here",
                    _ => return None,
                };
                (Some(action) != never.allowed.map(Action::Tell)).then_some((action, by))
            })
        };
        Grid::worlds(rules, to).iter().find_map(|grid| {
            grid.labels().into_iter().find_map(|mut label| {
                (never.mark)(&mut label);
                crosses(grid, &label)
            })
        })
    };
    let problem = |never: &Never, (action, by): (Action, &str)| Problem {
        file: "the whole set".into(),
        line: None,
        policy: None,
        what: format!(
            "no prohibition keeps what is {} from {to}: `{}` crosses {by}",
            never.name,
            action.code()
        ),
        mend: "add the prohibition, as in the shipped prohibitions.cedar".into(),
    };
    NEVER.iter().filter_map(|never| leak(never).map(|found| problem(never, found))).collect()
}

/// What the rules of one world say of each label. Most steps lead from one label of the grid to
/// another, so that each is asked about once.
struct Answers<'a> {
    grid: &'a Grid<'a>,
    by_label: BTreeMap<Label, Vec<(Action, Finding)>>,
}

impl Answers<'_> {
    fn ask(&mut self, label: &Label) {
        if !self.by_label.contains_key(label) {
            let ask = |(about, action)| (action, self.grid.ask(label, about, action));
            let answers = self.grid.questions().into_iter().map(ask).collect();
            self.by_label.insert(label.clone(), answers);
        }
    }

    /// The rules by which something crosses under `narrow` that does not under `wide`.
    fn newly_permitted(&mut self, wide: &Label, narrow: &Label) -> Vec<(Rule, Action)> {
        self.ask(wide);
        self.ask(narrow);
        let of = |label| self.by_label.get(label).into_iter().flatten();
        let new = of(narrow).zip(of(wide)).filter_map(|((action, finding), (_, before))| {
            let rule = finding.fired.first()?;
            (finding.openness() > before.openness()).then(|| (rule.clone(), *action))
        });
        new.collect()
    }
}

/// What crosses under a narrower label and not under the wider one; one problem a permit.
fn widened(rules: &Rules, to: Nation) -> Vec<Problem> {
    let mut by_permit = BTreeMap::new();
    for grid in &Grid::worlds(rules, to) {
        let mut answers = Answers { grid, by_label: BTreeMap::new() };
        for wide in grid.labels() {
            for (step, narrow) in STEPS {
                let mut label = wide.clone();
                narrow(&mut label);
                for (rule, action) in answers.newly_permitted(&wide, &label) {
                    let what = format!(
                        "lets `{}` cross to {to} when a label is {step}, and not before",
                        action.code()
                    );
                    by_permit.entry(rule.id.clone()).or_insert_with(|| Problem {
                        file: rule.file,
                        line: Some(rule.line),
                        policy: Some(rule.id.to_string()),
                        what,
                        mend: "let it ask for fewer marks, never for more".into(),
                    });
                }
            }
        }
    }
    by_permit.into_values().collect()
}
