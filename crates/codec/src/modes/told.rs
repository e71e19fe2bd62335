//! What another decoder says of an aircraft, in one shape for its text formats.
//!
//! Refuses: units. Feet, knots and degrees stay as they were sent until a report is made.

use renkei_model::position::Position;

use super::field::{Callsign, Squawk};

/// One message about one aircraft as another decoder understood it. `None` = not said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// 24-bit address.
    pub address: u32,
    /// False for addresses that are not ICAO's (TIS-B, anonymous).
    pub is_icao: bool,
    /// Flight identification.
    pub callsign: Option<Callsign>,
    /// Where.
    pub position: Option<Position>,
    /// Whether it says that it stands or rolls on the ground.
    pub is_on_ground: Option<bool>,
    /// Pressure altitude in feet.
    pub altitude_ft: Option<f64>,
    /// Ground speed in knots.
    pub ground_speed_kn: Option<f64>,
    /// Track in degrees true, `[0, 360)`.
    pub track_deg: Option<f64>,
    /// Rate of climb in feet a minute.
    pub climb_fpm: Option<f64>,
    /// Mode A code.
    pub squawk: Option<Squawk>,
    /// First eight bytes of SHA-256 over the message.
    pub content: u64,
}
