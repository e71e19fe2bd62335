//! One coarse value a thing and ten-minute slot, whatever its source reports in between.
//!
//! Refuses: a second cell in one slot, and an older slot after a newer one. Both would tell when
//! the thing crossed from cell to cell. When full it withholds rather than forgets.

use std::collections::BTreeMap;

use renkei_model::id::{BorderAlias, Nation};
use renkei_model::time::Timestamp;

use crate::wire::{Coarse, SLOT_MS};

/// Most things that are released coarsely at one time; above it, new ones are withheld.
const THINGS_MAX: usize = 65_536;

/// What was last told of each thing below the full tier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    told: BTreeMap<(Nation, BorderAlias), Told>,
}

#[derive(Clone, Copy, Debug)]
struct Told {
    slot: Timestamp,
    cell: Option<Coarse>,
}

impl Slots {
    /// Whether `cell` of `slot` says something new that may be told; if so, it counts as told.
    pub(crate) fn tell(
        &mut self,
        to: Nation,
        alias: BorderAlias,
        slot: Timestamp,
        cell: Option<Coarse>,
    ) -> bool {
        let key = (to, alias);
        if let Some(told) = self.told.get_mut(&key) {
            let later = slot > told.slot;
            let first_cell = slot == told.slot && told.cell.is_none() && cell.is_some();
            if later || first_cell {
                *told = Told { slot, cell };
            }
            return later || first_cell;
        }
        if self.told.len() >= THINGS_MAX {
            // Two slots back nothing can come any more that would be told beside it.
            self.told.retain(|_, told| slot.since_ms(told.slot) <= 2 * SLOT_MS);
        }
        let room = self.told.len() < THINGS_MAX;
        if room {
            self.told.insert(key, Told { slot, cell });
        }
        room
    }
}
