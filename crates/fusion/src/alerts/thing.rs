//! What is remembered of one track for the rules that need more than its present state.

use std::collections::VecDeque;

use renkei_model::statement::IdentityField;
use renkei_model::time::Timestamp;

use super::config::LoiteringPreset;
use super::loitering::Blocks;
use super::movement::Baseline;
use super::text::Texts;

/// Values remembered of one part of an identity: a thing that alternates rings once.
const VALUES_MAX: usize = 4;

/// One track's memory. Every part has a fixed bound.
#[derive(Clone, Debug, Default)]
pub(crate) struct Thing {
    pub(crate) names: [Names; 3],
    /// Seen under way.
    pub(crate) under_way: bool,
    pub(crate) blocks: Blocks,
    /// Already told that it is heard no more.
    pub(crate) unheard: bool,
    /// Impossible fixes that joined nothing.
    pub(crate) hops: VecDeque<Timestamp>,
    pub(crate) hopping_since: Option<Timestamp>,
    pub(crate) baseline: Option<Baseline>,
    pub(crate) texts: Texts,
}

impl Thing {
    pub(crate) fn names(&mut self, field: IdentityField) -> &mut Names {
        match field {
            IdentityField::Name => &mut self.names[0],
            IdentityField::Callsign => &mut self.names[1],
            IdentityField::Imo => &mut self.names[2],
        }
    }

    /// Takes one more look at its speed.
    pub(crate) fn sample(
        &mut self,
        speed_mps: f64,
        preset: Option<&LoiteringPreset>,
        now: Timestamp,
    ) {
        if let Some(preset) = preset {
            self.under_way |= speed_mps >= 1.5 * preset.speed_max_mps;
            self.blocks.sample(speed_mps, now, preset);
        }
    }
}

/// The values that one part of an identity had.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// The standing value first, as it was said.
    values: VecDeque<String>,
    rival: Option<String>,
}

impl Names {
    /// Takes in a value: the one it replaces, when it is new to this track. Unless `confirmed`
    /// already, it must be said twice in a row.
    pub(crate) fn hear(&mut self, said: &str, confirmed: bool) -> Option<String> {
        let Some(standing) = self.values.front() else {
            if is_a_value(said) {
                self.values.push_front(said.into());
            }
            return None;
        };
        if standing == said || same(standing, said) || !is_a_value(said) {
            self.rival = None;
            return None;
        }
        if !confirmed && self.rival.as_deref() != Some(said) {
            self.rival = Some(said.into());
            return None;
        }
        self.rival = None;
        let before = standing.clone();
        let known = self.values.iter().position(|value| same(value, said));
        if let Some(value) = known.and_then(|at| self.values.remove(at)) {
            self.values.push_front(value);
            return None;
        }
        self.values.push_front(said.into());
        self.values.truncate(VALUES_MAX);
        Some(before)
    }
}

fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase)
}

/// Spaces, stops and case are how it was typed, not what it is called.
fn same(a: &str, b: &str) -> bool {
    letters(a).eq(letters(b))
}

fn is_a_value(text: &str) -> bool {
    letters(text).any(|c| c != '0')
}
