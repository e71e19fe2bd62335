//! What a thing says of itself, last said per field.
//!
//! An 8-bit checksum passes one corrupt line in 256, so a name, call sign, IMO number, type of ship,
//! length or beam that differs from the known one must be said twice in a row before it replaces it,
//! and an emergency squawk, which pilots dial
//! past by chance, must be said twice before it counts. A distress beacon counts at once.

use renkei_model::observation::{Attributes, Emergency};
use renkei_model::time::Timestamp;

/// Reports of one emergency squawk that make it count.
pub(crate) const SQUAWKS_TO_COUNT: u8 = 2;

/// What is remembered beside the attributes themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    at: Option<Timestamp>,
    /// What was said once and differs from what is known; of the fields said twice alone.
    rival: Attributes,
    squawk: Option<(Emergency, u8)>,
}

impl Said {
    /// Takes in what was said at `at`. A report older than the last only fills gaps.
    /// Gives the emergency that now stands and did not before.
    pub(crate) fn hear(
        &mut self,
        known: &mut Attributes,
        new: &Attributes,
        at: Timestamp,
    ) -> Option<Emergency> {
        if self.at.is_some_and(|last| at < last) {
            fill(known, new);
            return None;
        }
        self.at = Some(at);
        let rival = &mut self.rival;
        confirm(&mut known.name, &mut rival.name, &new.name);
        confirm(&mut known.callsign, &mut rival.callsign, &new.callsign);
        confirm(&mut known.imo, &mut rival.imo, &new.imo);
        confirm(&mut known.ship_type, &mut rival.ship_type, &new.ship_type);
        confirm(&mut known.length_m, &mut rival.length_m, &new.length_m);
        confirm(&mut known.beam_m, &mut rival.beam_m, &new.beam_m);
        replace(known, new);
        self.emergency(known, new)
    }

    fn emergency(&mut self, known: &mut Attributes, new: &Attributes) -> Option<Emergency> {
        let Some(said) = new.emergency else {
            if new.squawk.is_some() {
                self.squawk = None;
            }
            if known.emergency.is_some_and(|standing| ends(standing, new)) {
                known.emergency = None;
            }
            return None;
        };
        if known.emergency == Some(said) {
            return None;
        }
        if by_squawk(said) {
            let heard = match self.squawk {
                Some((same, times)) if same == said => times.saturating_add(1),
                _ => 1,
            };
            self.squawk = Some((said, heard));
            if heard < SQUAWKS_TO_COUNT {
                return None;
            }
        }
        known.emergency = Some(said);
        Some(said)
    }
}

fn by_squawk(emergency: Emergency) -> bool {
    match emergency {
        Emergency::UnlawfulInterference | Emergency::RadioFailure | Emergency::GeneralEmergency => {
            true
        }
        Emergency::Distress | Emergency::CotEmergency => false,
    }
}

/// Whether a report without an emergency says, in the field that had carried it, that it is over.
fn ends(standing: Emergency, new: &Attributes) -> bool {
    match standing {
        // A beacon or a ship says it by its status; an aircraft that names a squawk says all of its
        // state that is known.
        Emergency::Distress => new.nav_status.is_some() || new.squawk.is_some(),
        Emergency::CotEmergency => new.cot_type.is_some(),
        Emergency::UnlawfulInterference | Emergency::RadioFailure | Emergency::GeneralEmergency => {
            new.squawk.is_some()
        }
    }
}

/// A first word stands at once; another must be said twice in a row.
fn confirm<T: Clone + PartialEq>(known: &mut Option<T>, rival: &mut Option<T>, said: &Option<T>) {
    let Some(said) = said else { return };
    if known.is_none() || known.as_ref() == Some(said) {
        *rival = None;
        if known.is_none() {
            *known = Some(said.clone());
        }
    } else if rival.as_ref() == Some(said) {
        *known = rival.take();
    } else {
        *rival = Some(said.clone());
    }
}

fn replace(known: &mut Attributes, new: &Attributes) {
    fn put<T: Clone + PartialEq>(known: &mut Option<T>, new: &Option<T>) {
        if new.is_some() && known != new {
            known.clone_from(new);
        }
    }
    put(&mut known.destination, &new.destination);
    put(&mut known.safety_text, &new.safety_text);
    put(&mut known.nav_status, &new.nav_status);
    put(&mut known.squawk, &new.squawk);
    put(&mut known.cot_type, &new.cot_type);
    put(&mut known.team, &new.team);
}

/// Takes from `new` what was not known.
pub(crate) fn fill(known: &mut Attributes, new: &Attributes) {
    fn put<T: Clone>(known: &mut Option<T>, new: &Option<T>) {
        if known.is_none() {
            known.clone_from(new);
        }
    }
    put(&mut known.name, &new.name);
    put(&mut known.callsign, &new.callsign);
    put(&mut known.imo, &new.imo);
    put(&mut known.ship_type, &new.ship_type);
    put(&mut known.destination, &new.destination);
    put(&mut known.safety_text, &new.safety_text);
    put(&mut known.length_m, &new.length_m);
    put(&mut known.beam_m, &new.beam_m);
    put(&mut known.nav_status, &new.nav_status);
    put(&mut known.squawk, &new.squawk);
    put(&mut known.cot_type, &new.cot_type);
    put(&mut known.team, &new.team);
}
