//! Airborne velocity, type code 19 (DO-260B 2.2.3.2.6).
//!
//! Refuses: airspeed as ground speed. Subtypes 3 and 4 say how an aircraft moves through the air;
//! where it goes over the ground is not known from them.

use super::field::bits;

/// Where an aircraft goes, as sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Velocity {
    /// Over the ground or through the air.
    pub motion: AirMotion,
    /// Feet a minute, up positive.
    pub vertical_rate_fpm: Option<i32>,
}

/// The horizontal part of a velocity message. `None` = not available.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AirMotion {
    /// Subtypes 1 and 2 (supersonic): knots to the east and to the north.
    Ground {
        /// East positive.
        east_kn: Option<i32>,
        /// North positive.
        north_kn: Option<i32>,
    },
    /// Subtypes 3 and 4 (supersonic).
    Air {
        /// Magnetic or true heading, degrees.
        heading_deg: Option<f64>,
        /// Indicated or true airspeed, knots.
        airspeed_kn: Option<i32>,
    },
}

/// A field that counts from 1 with 0 for "not available".
fn counted(field: u32, unit: i32) -> Option<i32> {
    field.checked_sub(1).map(|n| n as i32 * unit)
}

/// The same with a sign bit.
fn signed(is_negative: u32, field: u32, unit: i32) -> Option<i32> {
    counted(field, unit).map(|value| if is_negative == 1 { -value } else { value })
}

impl Velocity {
    /// ```text
    /// 6–8 subtype   14 west, 15–24 east–west   25 south, 26–35 north–south      (subtypes 1, 2)
    ///               14 heading valid, 15–24 heading   26–35 airspeed            (subtypes 3, 4)
    /// 37 down, 38–46 vertical rate in 64 ft/min
    /// ```
    /// `None` for reserved subtypes.
    #[must_use]
    pub(super) fn decode(me: &[u8]) -> Option<Self> {
        let subtype = bits(me, 6, 8);
        let unit = if subtype.is_multiple_of(2) { 4 } else { 1 };
        let motion = match subtype {
            1 | 2 => AirMotion::Ground {
                east_kn: signed(bits(me, 14, 14), bits(me, 15, 24), unit),
                north_kn: signed(bits(me, 25, 25), bits(me, 26, 35), unit),
            },
            3 | 4 => AirMotion::Air {
                heading_deg: (bits(me, 14, 14) == 1)
                    .then(|| f64::from(bits(me, 15, 24)) * (360.0 / 1024.0)),
                airspeed_kn: counted(bits(me, 26, 35), unit),
            },
            _ => return None,
        };
        let vertical_rate_fpm = signed(bits(me, 37, 37), bits(me, 38, 46), 64);
        Some(Self { motion, vertical_rate_fpm })
    }

    /// Ground speed in knots and track in degrees true, `[0, 360)`, when both components are there.
    #[must_use]
    pub fn over_ground(&self) -> Option<(f64, f64)> {
        let AirMotion::Ground { east_kn: Some(east), north_kn: Some(north) } = self.motion else {
            return None;
        };
        let (east, north) = (f64::from(east), f64::from(north));
        let track = east.atan2(north).to_degrees();
        Some((east.hypot(north), if track < 0.0 { track + 360.0 } else { track }))
    }
}
