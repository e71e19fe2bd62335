//! The picture and the demo against fixed limits: share of a core, seconds, MiB.
//!
//! Refuses: averages where a person waits. Screens and alerts are judged by their slowest hundredth.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{PACKAGES, figures, median, renkei};
use crate::needs;
use crate::run::program;

/// Share of one core that the picture may take at 5,000 reports a second.
const PICTURE_PERCENT_MAX: f64 = 30.0;
/// Runs of the picture; the middle one counts.
const ROUNDS: usize = 3;
/// How long ships are played into the demo.
const DEMO_S: &str = "60";

/// What the demo must keep: where the figure stands in its output, the limit, and in words.
const DEMO: &[Limit] = &[
    ("/first_picture_s", 5.0, "s from start to a picture on both screens"),
    ("/own_screen_s/p99", 1.3, "s from sensor to own screen (p99)"),
    ("/partner_screen_s/p99", 1.6, "s from sensor to the partner's screen (p99)"),
    ("/own_alert_s/p99", 0.5, "s from sensor to own alert (p99)"),
    ("/partner_alert_s/p99", 1.0, "s from sensor to the partner's alert (p99)"),
    ("/resident_mib/both", 500.0, "MiB resident, both nodes"),
    ("/own_screen_s/missed", 0.0, "reports that never came to the own screen"),
    ("/partner_screen_s/missed", 0.0, "reports that never came to the partner's screen"),
    ("/own_alert_s/missed", 0.0, "alerts that never came"),
    ("/partner_alert_s/missed", 0.0, "alerts that never came to the partner"),
];

/// What the picture of the world must keep.
const WORLD: &[Limit] = &[
    ("/core_percent", 100.0, "% of one core at 30,000 reports a second"),
    ("/backlog_max_ms", 1_000.0, "ms behind the traffic at the worst moment"),
    ("/steps/tick/longest_ms", 250.0, "ms, the longest step of time"),
    ("/steps/reports/longest_ms", 250.0, "ms, the longest step of 3,000 reports"),
    ("/problems", 0.0, "problems"),
];
/// Of 300,000 things so many are live at the end.
const WORLD_LIVE_LEAST: f64 = 299_000.0;

/// The world at 300,000 tracks and 30,000 reports a second.
pub(super) fn world() -> Result<bool> {
    let printed = figures(program(&renkei().to_string_lossy()).args(["bench", "world"]))?;
    println!("{printed}");
    let figures = &printed["figures"];
    let live = figures["live_tracks"].as_f64().context("the world has no figure")?;
    println!("{live} live tracks; at least {WORLD_LIVE_LEAST}");
    Ok(kept(figures, WORLD) && live >= WORLD_LIVE_LEAST)
}

/// The picture at 10,000 tracks and 5,000 reports a second.
pub(super) fn picture() -> Result<bool> {
    let mut percents = Vec::new();
    for round in 1..=ROUNDS {
        eprintln!("── round {round} of {ROUNDS}");
        let printed = figures(program(&renkei().to_string_lossy()).args(["bench", "picture"]))?;
        println!("{printed}");
        let percent = printed.pointer("/figures/core_percent_at_5000_per_s");
        percents.push(percent.and_then(Value::as_f64).context("the picture has no figure")?);
    }
    let percent = median(percents);
    let words = "% of one core at 5,000 reports a second";
    Ok(judged(percent, PICTURE_PERCENT_MAX, words))
}

/// The demo as its screens live it.
pub(super) fn demo() -> Result<bool> {
    let python = needs::python("bench", PACKAGES)?;
    let mut command = program(&python.to_string_lossy());
    command.arg("xtask/peers/demo_screens.py").arg(renkei()).arg(DEMO_S);
    let printed = figures(&mut command)?;
    println!("{printed}");
    Ok(kept(&printed["figures"], DEMO))
}

/// A limit: where the figure stands in the output, what it may be, and in words.
type Limit = (&'static str, f64, &'static str);

/// Whether every limit is kept; a figure that is not there keeps none.
fn kept(figures: &Value, limits: &[Limit]) -> bool {
    limits.iter().fold(true, |kept, (place, limit, words)| {
        let figure = figures.pointer(place).and_then(Value::as_f64).unwrap_or(f64::INFINITY);
        kept & judged(figure, *limit, words)
    })
}

fn judged(figure: f64, limit: f64, words: &str) -> bool {
    let met = figure <= limit;
    println!("{figure:.2} {words}; limit {limit}: {}", if met { "yes" } else { "NO" });
    met
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_late_screen_and_a_missing_figure_are_both_no() {
        let mut figures = json!({
            "first_picture_s": 2.0, "resident_mib": {"both": 80.0},
            "own_screen_s": {"p99": 1.0, "missed": 0}, "partner_screen_s": {"p99": 1.1, "missed": 0},
            "own_alert_s": {"p99": 0.1, "missed": 0}, "partner_alert_s": {"p99": 0.2, "missed": 0},
        });
        assert!(kept(&figures, DEMO));
        figures["partner_screen_s"]["p99"] = json!(1.7);
        assert!(!kept(&figures, DEMO));
        figures["partner_screen_s"] = json!({"missed": 0});
        assert!(!kept(&figures, DEMO));
    }
}
