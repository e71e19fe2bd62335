//! Each prohibition holds something up: take it out, and something crosses that must not.
//!
//! The questions are put beside a careless permit for everything, so that only the prohibitions
//! stand between a thing and the border.

use renkei_model::id::{Nation, Partition, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::Domain;

use cedar_policy::{Effect, PolicySet};

use crate::check::careless;
use crate::facts::{About, Action, Facts, Home};
use crate::grid::Grid;
use crate::rules::Rules;
use crate::shipped::{ALWAYS, shipped};
use crate::tier::Tier;
use crate::words::Said;

/// One way in which a thing must stay at home.
struct Invariant {
    name: &'static str,
    spoil: fn(&mut Thing),
    /// Whether it is about this action.
    about: fn(Action) -> bool,
}

/// A thing of ours, and what an invariant changes of it.
struct Thing {
    label: Label,
    expired: bool,
    unsound: bool,
    taken_in_by: Nation,
    elsewhere: bool,
    free_text: bool,
    downgrade: bool,
}

const INVARIANTS: [Invariant; 19] = [
    Invariant { name: "noforn", spoil: |t| restrict(t, "NOFORN"), about: |_| true },
    Invariant { name: "hold observed", spoil: |t| restrict(t, "HOLD"), about: is_tier },
    Invariant { name: "hold stated", spoil: |t| restrict(t, "HOLD"), about: is_record },
    Invariant { name: "orcon observed", spoil: |t| restrict(t, "ORCON"), about: is_tier },
    Invariant { name: "orcon stated", spoil: |t| restrict(t, "ORCON"), about: is_record },
    Invariant {
        name: "sensitive existence",
        spoil: |t| restrict(t, "SENSITIVE_SOURCE"),
        about: |action| action == Action::Tell(Tier::Existence),
    },
    Invariant {
        name: "sensitive description",
        spoil: |t| restrict(t, "SENSITIVE_SOURCE"),
        about: |action| matches!(action, Action::Tell(tier) if tier > Tier::Existence),
    },
    Invariant {
        name: "sensitive statement",
        spoil: |t| restrict(t, "SENSITIVE_SOURCE"),
        about: |action| action == Action::ReleaseRecord,
    },
    Invariant {
        name: "unlisted",
        spoil: |t| {
            t.label.classification = Classification::Secret;
            t.label.releasable_to.clear();
        },
        about: |_| true,
    },
    Invariant {
        name: "top secret",
        spoil: |t| t.label.classification = Classification::TopSecret,
        about: |_| true,
    },
    Invariant { name: "expired", spoil: |t| t.expired = true, about: |_| true },
    Invariant { name: "unsound", spoil: |t| t.unsound = true, about: |_| true },
    Invariant { name: "unknown mark", spoil: |t| restrict(t, "EYES_ONLY"), about: |_| true },
    Invariant { name: "third country", spoil: |t| t.taken_in_by = third(), about: |_| true },
    Invariant { name: "elsewhere", spoil: |t| t.elsewhere = true, about: is_record },
    Invariant {
        name: "personal observed",
        spoil: |t| restrict(t, "PERSONAL_DATA"),
        about: is_tier,
    },
    Invariant {
        name: "personal stated",
        spoil: |t| restrict(t, "PERSONAL_DATA"),
        about: is_record,
    },
    Invariant { name: "free text", spoil: |t| t.free_text = true, about: is_record },
    Invariant { name: "downgrade", spoil: |t| t.downgrade = true, about: is_record },
];

fn restrict(thing: &mut Thing, restriction: &str) {
    thing.label.restrictive.insert(restriction.to_owned());
}

fn is_record(action: Action) -> bool {
    action == Action::ReleaseRecord
}

fn is_tier(action: Action) -> bool {
    !is_record(action)
}

fn third() -> Nation {
    "AUS".parse().expect("a nation")
}

/// The invariants that `rules` break.
fn broken(rules: &Rules, home: Nation, to: Nation) -> Vec<&'static str> {
    let partition = Partition::Exercise("demo".into());
    let grid = Grid { rules, home: Home { nation: home, partition }, to };
    let stays = |invariant: &Invariant| {
        grid.labels().into_iter().all(|label| {
            let mut thing = Thing {
                label,
                expired: false,
                unsound: false,
                taken_in_by: home,
                elsewhere: false,
                free_text: false,
                downgrade: false,
            };
            (invariant.spoil)(&mut thing);
            let asked =
                grid.questions().into_iter().filter(|(_, action)| (invariant.about)(*action));
            asked.into_iter().all(|(about, action)| !permitted(&grid, &thing, about, action))
        })
    };
    INVARIANTS.iter().filter(|i| !stays(i)).map(|i| i.name).collect()
}

fn permitted(grid: &Grid<'_>, thing: &Thing, about: About<'_>, action: Action) -> bool {
    let about = match about {
        About::Statement { said, partition } => {
            let partition = if thing.elsewhere { &Partition::Real } else { partition };
            let free_text = thing.free_text;
            About::Statement {
                said: Said { free_text, downgrade: thing.downgrade, ..said },
                partition,
            }
        }
        same => same,
    };
    let Thing { label, expired, unsound, taken_in_by, .. } = thing;
    let facts =
        Facts { label, expired: *expired, unsound: *unsound, taken_in_by: *taken_in_by, about };
    grid.rules.decide(&facts, action, grid.to, &grid.home).permitted
}

/// `text` with one prohibition left out, by id; every prohibition once.
fn without_each_prohibition(text: &str) -> Vec<(String, String)> {
    let set: PolicySet = text.parse().expect("shipped text parses");
    let policies: Vec<_> = set.policies().collect();
    let forbids = policies.iter().filter(|policy| policy.effect() == Effect::Forbid);
    forbids
        .map(|left_out| {
            let rest = policies.iter().filter(|policy| policy.id() != left_out.id());
            let text: String = rest.map(|policy| format!("{policy}\n")).collect();
            (left_out.annotation("id").unwrap_or_default().to_owned(), text)
        })
        .collect()
}

fn check(home: Nation, to: Nation, expected: &expect_test::Expect) {
    let permit_all = careless(to);
    let careless = ("careless.cedar", permit_all.as_str());
    let sets: Vec<(&str, &str)> =
        [ALWAYS].into_iter().chain(shipped(home).iter().copied()).collect();
    let load = |sets: &[(&str, &str)]| {
        let all: Vec<_> = sets.iter().copied().chain([careless]).collect();
        Rules::load_exactly(&all).expect("a sound set")
    };
    assert_eq!(broken(&load(&sets), home, to), [""; 0], "the whole set keeps every invariant");
    let mut found = String::new();
    for (index, (_, text)) in sets.iter().enumerate() {
        for (id, rest) in without_each_prohibition(text) {
            let mut mutant = sets.clone();
            mutant[index].1 = &rest;
            let broken = broken(&load(&mutant), home, to);
            assert!(!broken.is_empty(), "nothing notices that `{id}` is gone");
            found.push_str(&format!("{id}: {}\n", broken.join(", ")));
        }
    }
    expected.assert_eq(&found);
}

#[test]
fn every_prohibition_of_japan_holds_something_up() {
    check(
        Nation::JPN,
        Nation::USA,
        &expect_test::expect![[r#"
            always-own-data-only: third country
            always-review-overdue: expired
            always-unknown-restriction: unknown mark
            always-same-partition: elsewhere
            always-unsound-label: unsound
            always-free-text: free text
            always-downgrade: downgrade
            always-personal-data-observed: personal observed
            always-personal-data-stated: personal stated
            noforn-never: noforn
            hold-observed: hold observed
            hold-stated: hold stated
            originator-consent-observed: orcon observed
            originator-consent-stated: orcon stated
            sensitive-source-existence: sensitive existence
            sensitive-source-never-described: sensitive description
            sensitive-source-statement: sensitive statement
            unlisted-classified: unlisted
            top-secret-by-hand: top secret
        "#]],
    );
}

#[test]
fn every_prohibition_of_the_united_states_holds_something_up() {
    check(
        Nation::USA,
        Nation::JPN,
        &expect_test::expect![[r#"
            always-own-data-only: third country
            always-review-overdue: expired
            always-unknown-restriction: unknown mark
            always-same-partition: elsewhere
            always-unsound-label: unsound
            always-free-text: free text
            always-downgrade: downgrade
            always-personal-data-observed: personal observed
            always-personal-data-stated: personal stated
            noforn-never: noforn
            hold-observed: hold observed
            hold-stated: hold stated
            originator-consent-observed: orcon observed
            originator-consent-stated: orcon stated
            sensitive-source-existence: sensitive existence
            sensitive-source-never-described: sensitive description
            sensitive-source-statement: sensitive statement
            unlisted-classified: unlisted
            top-secret-by-hand: top secret
        "#]],
    );
}

/// The one prohibition with two grounds: either alone withholds.
#[test]
fn another_nations_label_withholds_as_much_as_another_nations_report() {
    let permit_all = careless(Nation::USA);
    let rules = Rules::load(&[("careless.cedar", &permit_all)]).expect("a sound set");
    let partition = Partition::Exercise("demo".into());
    let home = Home { nation: Nation::JPN, partition };
    let grid = Grid { rules: &rules, home: home.clone(), to: Nation::USA };
    let SourceId(source) = SourceId("liaison".into());
    let about = About::Observation {
        domain: Domain::Surface,
        system: crate::words::System::Ais,
        source: &source,
    };
    let ours = grid.labels().remove(0);
    let theirs = Label { originator: third(), ..ours.clone() };
    let put = |label, taken_in_by| {
        let facts = Facts { label, expired: false, unsound: false, taken_in_by, about };
        rules.decide(&facts, Action::Tell(Tier::Existence), Nation::USA, &home).permitted
    };
    assert_eq!(
        [
            put(&ours, Nation::JPN),
            put(&ours, third()),
            put(&theirs, Nation::JPN),
            put(&theirs, third())
        ],
        [true, false, false, false]
    );
}
