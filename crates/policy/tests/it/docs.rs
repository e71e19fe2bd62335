//! What docs/policy.md shows is what happens.

use renkei_model::id::{Nation, Partition};
use renkei_model::statement::Language;
use renkei_policy::check::check;
use renkei_policy::explain::{Case, explain, to_text};
use renkei_policy::{Policy, Tier, shipped};

use crate::support::NOW;

const PAGE: &str = include_str!("../../../../docs/policy.md");

/// The first block of `language` on the page.
fn block(language: &str) -> &'static str {
    let start = format!("```{language}\n");
    let rest = PAGE.split_once(&start).expect("the page has the block").1;
    rest.split_once("```").expect("the block ends").0
}

fn files() -> Vec<(&'static str, &'static str)> {
    let shown = ("yonaguni.cedar", block("cedar"));
    shipped(Nation::JPN).iter().copied().chain([shown]).collect()
}

#[test]
fn the_example_passes_the_check_beside_the_shipped_set() {
    assert_eq!(check(&files()), []);
}

#[test]
fn the_example_case_is_explained_as_shown() {
    let policy = Policy::load(Nation::JPN, &Partition::Real, &files()).expect("a sound set");
    let case: Case = serde_json::from_str(block("json")).expect("a case");
    let explanations = explain(&policy, &case, Nation::USA, NOW);
    assert_eq!(to_text(&explanations, Language::En), block("text"));
}

#[test]
fn every_tier_stands_in_the_table() {
    for tier in Tier::ALL {
        let row = PAGE.lines().find(|line| line.starts_with(&format!("| `{}` |", tier.code())));
        assert!(
            row.is_some_and(|row| row.ends_with(&format!("| {} |", tier.title_ja()))),
            "{tier:?}"
        );
    }
}
