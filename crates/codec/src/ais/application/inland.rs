//! Inland navigation (designated area code 200, the inland AIS standard of the CCNR and UNECE).
//!
//! Refuses: data of another length: ships send other content under these numbers.

use serde::Serialize;

use super::{Bits, known, text};

/// FI 10, an inland ship's static and voyage data. `None` = not available.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InlandVoyage {
    /// European vessel identification number, eight characters (data bits 0–47); may be empty.
    pub vin: String,
    /// Length, metres (bits 48–60, 0.1 m).
    pub length_m: Option<f64>,
    /// Beam, metres (bits 61–70, 0.1 m).
    pub beam_m: Option<f64>,
    /// Type of ship or combination, ERI code 8000–8370 (bits 71–84); 0 = not available.
    pub eri_type: Option<u16>,
    /// Blue cones or lights for dangerous goods, 0–3; 4 = B flag (bits 85–87, 5 = not available).
    pub blue_cones: Option<u8>,
    /// Draught, metres (bits 88–98, 0.01 m).
    pub draught_m: Option<f64>,
    /// Loaded; `None` = not available (bits 99–100: 1 = unloaded, 2 = loaded).
    pub is_loaded: Option<bool>,
    /// Speed comes from a sensor of high quality (bit 101).
    pub good_speed: bool,
    /// Course comes from a sensor of high quality (bit 102).
    pub good_course: bool,
    /// Heading comes from a sensor of high quality (bit 103).
    pub good_heading: bool,
}

impl InlandVoyage {
    /// 104 bits of fields, eight spare, and what fills the last character.
    const BITS: std::ops::RangeInclusive<usize> = 104..=117;

    pub(super) fn read(data: &Bits) -> Option<Self> {
        let metres = |at, per_m| known(data, at, 0).map(|raw| raw as f64 / per_m);
        Self::BITS.contains(&data.len()).then(|| Self {
            vin: text(data, 0, 8),
            length_m: metres((48, 13), 10.0),
            beam_m: metres((61, 10), 10.0),
            eri_type: known(data, (71, 14), 0).map(|code| code as u16),
            blue_cones: known(data, (85, 3), 5).map(|cones| cones as u8),
            draught_m: metres((88, 11), 100.0),
            is_loaded: match data.get(99, 2) {
                1 => Some(false),
                2 => Some(true),
                _ => None,
            },
            good_speed: data.get(101, 1) == 1,
            good_course: data.get(102, 1) == 1,
            good_heading: data.get(103, 1) == 1,
        })
    }
}

/// FI 55, persons on board an inland ship. `None` = not available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct InlandPersons {
    /// Crew, 0–254 (data bits 0–7).
    pub crew: Option<u8>,
    /// Passengers, 0–8190 (bits 8–20).
    pub passengers: Option<u16>,
    /// Other personnel on board, 0–254 (bits 21–28).
    pub personnel: Option<u8>,
}

impl InlandPersons {
    /// 29 bits of fields and 51 spare.
    const BITS: std::ops::RangeInclusive<usize> = 29..=88;

    pub(super) fn read(data: &Bits) -> Option<Self> {
        Self::BITS.contains(&data.len()).then(|| Self {
            crew: known(data, (0, 8), 255).map(|count| count as u8),
            passengers: known(data, (8, 13), 8191).map(|count| count as u16),
            personnel: known(data, (21, 8), 255).map(|count| count as u8),
        })
    }
}
