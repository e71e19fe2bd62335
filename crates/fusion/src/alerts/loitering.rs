//! A ship that was under way and has hardly moved for hours: mean speed over whole blocks of half
//! an hour, so that an hour of silence is never taken for an hour of rest.

use std::collections::VecDeque;

use renkei_model::time::Timestamp;

use super::config::LoiteringPreset;
use super::why::ckn;

/// Length of a block, ms.
const BLOCK_MS: i64 = 30 * 60_000;
/// Looks at the speed that a block needs to count.
const SAMPLES_MIN: u32 = 5;
/// Twelve hours: a longer preset is cut to this.
const BLOCKS_MAX: usize = 24;

/// Half an hour of speeds.
#[derive(Clone, Copy, Debug)]
struct Block {
    from: Timestamp,
    sum_ckn: u64,
    samples: u32,
}

/// The last hours of one track.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    blocks: VecDeque<Block>,
    /// Already told.
    told: bool,
}

/// Hours of hardly any movement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slow {
    pub(crate) from: Timestamp,
    pub(crate) for_ms: i64,
    pub(crate) speed_ckn: u32,
}

impl Blocks {
    pub(super) fn sample(&mut self, speed_mps: f64, now: Timestamp, preset: &LoiteringPreset) {
        let ended = self.blocks.back().is_none_or(|block| now.since_ms(block.from) >= BLOCK_MS);
        if ended {
            if let Some(block) = self.blocks.back().copied() {
                self.ended(block, now, preset);
            }
            if self.blocks.len() >= BLOCKS_MAX {
                self.blocks.pop_front();
            }
            self.blocks.push_back(Block { from: now, sum_ckn: 0, samples: 0 });
        }
        if let Some(block) = self.blocks.back_mut() {
            block.sum_ckn += u64::from(ckn(speed_mps));
            block.samples += 1;
        }
    }

    /// A block with too few looks, or one in which it made way, begins the count anew.
    fn ended(&mut self, block: Block, now: Timestamp, preset: &LoiteringPreset) {
        let unseen = block.samples < SAMPLES_MIN || now.since_ms(block.from) > 2 * BLOCK_MS;
        let way = mean(&block) > 1.5 * f64::from(ckn(preset.speed_max_mps));
        if unseen || way {
            self.blocks.clear();
        }
        self.told &= !way;
    }

    /// Whether the last whole blocks satisfy `preset`, and it was not told.
    pub(super) fn slow(&self, preset: &LoiteringPreset) -> Option<Slow> {
        let wanted = (preset.for_ms / BLOCK_MS).clamp(1, BLOCKS_MAX as i64 - 1) as usize;
        let whole = self.blocks.len().checked_sub(1)?;
        if self.told || whole < wanted {
            return None;
        }
        let last = self.blocks.iter().skip(whole - wanted).take(wanted);
        let (sum, samples) =
            last.clone().fold((0, 0), |(sum, n), b| (sum + b.sum_ckn, n + u64::from(b.samples)));
        let speed_ckn = sum.checked_div(samples)?;
        let from = last.clone().next()?.from;
        let for_ms = self.blocks.back()?.from.since_ms(from);
        let slow = speed_ckn < u64::from(ckn(preset.speed_max_mps));
        slow.then_some(Slow { from, for_ms, speed_ckn: speed_ckn as u32 })
    }

    /// It was told, or is none of the rule's business: not again until it made way.
    pub(super) fn tell(&mut self) {
        self.told = true;
    }
}

fn mean(block: &Block) -> f64 {
    block.sum_ckn as f64 / f64::from(block.samples.max(1))
}
