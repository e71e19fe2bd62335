//! Hostile bytes by the million: ASTERIX blocks and plots as JSON lines, for `cargo xtask fuzz`.
//!
//! Refuses: chance. The same seed gives the same bytes on any machine. Half of the blocks get their
//! length mended, or little behind the length would ever be tried.

use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::{Deframer, Radar, Radars, Report, Seen, json_line};
use crate::modes::fuzz::{Dice, Tally};
use crate::plots::{self, Site};
use crate::{FeedContext, Reject};

/// Feeds `count` mutations of `corpus` (blocks, and lines that begin with `{`) to the parsers, to the
/// sums of range and bearing, and to the JSON printers. Returns; that is the test. `bytes` holds the
/// input that is being tried, for the report of a panic.
#[must_use]
pub fn run(
    seed: u64,
    count: u64,
    corpus: &[&[u8]],
    context: &FeedContext,
    bytes: &mut Vec<u8>,
) -> Tally {
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    let (mut deframer, mut lines) = (Deframer::default(), plots::Deframer::default());
    let radars = radars();
    for input in 0..count {
        *bytes = corpus.get(dice.below(corpus.len())).copied().unwrap_or_default().to_vec();
        dice.mutate(bytes);
        let now = Timestamp(input as i64 * 997);
        if bytes.first() == Some(&b'{') {
            bytes.push(b'\n');
            for line in lines.push(bytes) {
                match line {
                    Ok(line) => {
                        tally.accepted += 1;
                        let _ = plots::json_line(&line.to_plot(context, now));
                    }
                    Err(_) => tally.rejected += 1,
                }
            }
        } else {
            if dice.below(2) == 0 {
                mend(bytes);
            }
            for block in deframer.push(bytes) {
                judge(block, &radars, context, now, &mut tally);
            }
        }
        tally.inputs += 1;
    }
    tally
}

/// Reads the records of a block and what they stand for.
fn judge(
    block: Result<super::Block, Reject>,
    radars: &Radars,
    context: &FeedContext,
    now: Timestamp,
    tally: &mut Tally,
) {
    let Ok(block) = block else {
        tally.rejected += 1;
        return;
    };
    let (reports, reject) = Report::of_block(&block);
    tally.rejected += u64::from(reject.is_some());
    for report in &reports {
        tally.accepted += 1;
        let seen = radars.seen(report, context, now).ok();
        let _ = json_line(report, seen.as_ref(), true);
        if let Some(Seen::Plot(plot)) = seen {
            let _ = plots::json_line(&plot);
        }
    }
}

/// Category and length as they must be.
fn mend(bytes: &mut [u8]) {
    let [_, _, high, low] = (bytes.len() as u32).to_be_bytes();
    if let Some([category, first, second]) = bytes.first_chunk_mut::<3>() {
        *category = if *category & 1 == 0 { 48 } else { 62 };
        (*first, *second) = (high, low);
    }
}

/// Every code has its radar, so that every report is placed.
fn radars() -> Radars {
    let site = |sac: u8| {
        let position = Position::new(f64::from(sac) / 255.0 * 180.0 - 90.0, 179.9)?;
        let (range_sd_m, bearing_sd_deg, ceiling_m) = (50.0, 0.1, 12_000.0);
        Some(Site { position, height_m: 100.0, range_sd_m, bearing_sd_deg, ceiling_m })
    };
    let radars = (0..=255).filter_map(|sac| Some(Radar { sac, sic: 7, site: site(sac)? }));
    Radars { radars: radars.collect(), track_sd_m: 100.0 }
}
