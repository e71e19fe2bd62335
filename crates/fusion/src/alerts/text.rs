//! Safety-related texts (AIS types 12 and 14): told as they were received, by each sender no oftener
//! than the preset allows.
//!
//! Refuses: looking at the words. What is distress and what is not is for whoever reads them.

use std::collections::VecDeque;

use renkei_model::time::Timestamp;

use super::config::TextPreset;

/// The texts of one sender that were told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    /// Oldest first, each with its time.
    told: VecDeque<(Timestamp, String)>,
    /// Heard and not told since the last one that was.
    held_back: u32,
}

/// A text to tell of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    /// Texts of this sender told within the preset's time, this one included.
    pub(crate) texts: usize,
    /// Heard since the last one, and not told.
    pub(crate) held_back: u32,
    /// The first of those texts.
    pub(crate) from: Timestamp,
}

impl Texts {
    /// Takes in a text; `None` where it is not to be told.
    pub(crate) fn hear(&mut self, text: &str, at: Timestamp, preset: &TextPreset) -> Option<Heard> {
        self.told.retain(|(told, _)| at.since_ms(*told) < preset.within_ms);
        let same = self.told.iter().any(|(_, told)| told == text);
        if same || self.told.len() >= preset.texts_max {
            self.held_back = self.held_back.saturating_add(1);
            return None;
        }
        self.told.push_back((at, text.into()));
        let held_back = std::mem::take(&mut self.held_back);
        let from = self.told.front().map_or(at, |(first, _)| *first);
        Some(Heard { texts: self.told.len(), held_back, from })
    }
}
