//! The bit tables of the decoded message types (ITU-R M.1371-5, annex 8): each table is at once
//! the struct, its decoder and its encoder, so that the three cannot drift apart.
//!
//! Refuses: meaning. Every field is the raw integer as sent; sentinels become `None` only in the
//! accessors, and bits that the standard calls spare are neither kept nor sent.

use renkei_model::position::Position;

use super::bits::Bits;
use super::text::Text;

/// One field of a bit table.
trait Field: Sized {
    fn read(bits: &Bits, at: usize, width: usize) -> Self;
    fn write(&self, bits: &mut Bits, at: usize, width: usize);
}

macro_rules! unsigned {
    ($($integer:ty)*) => { $(
        impl Field for $integer {
            #[inline]
            fn read(bits: &Bits, at: usize, width: usize) -> Self {
                bits.get(at, width) as $integer
            }
            fn write(&self, bits: &mut Bits, at: usize, width: usize) {
                bits.put(at, width, u64::from(*self));
            }
        }
    )* };
}
unsigned!(u8 u16 u32);

macro_rules! signed {
    ($($integer:ty)*) => { $(
        impl Field for $integer {
            #[inline]
            fn read(bits: &Bits, at: usize, width: usize) -> Self {
                let above = 64 - width;
                ((bits.get(at, width) << above) as i64 >> above) as $integer
            }
            fn write(&self, bits: &mut Bits, at: usize, width: usize) {
                bits.put(at, width, i64::from(*self) as u64);
            }
        }
    )* };
}
signed!(i8 i32);

impl Field for bool {
    #[inline]
    fn read(bits: &Bits, at: usize, width: usize) -> Self {
        bits.get(at, width) != 0
    }
    fn write(&self, bits: &mut Bits, at: usize, width: usize) {
        bits.put(at, width, u64::from(*self));
    }
}

impl<const N: usize> Field for Text<N> {
    #[inline]
    fn read(bits: &Bits, at: usize, _width: usize) -> Self {
        Self::read(bits, at)
    }
    fn write(&self, bits: &mut Bits, at: usize, _width: usize) {
        self.write(bits, at);
    }
}

/// Longitude and latitude as sent: signed integers of 1/`PER_DEGREE` degree, longitude one bit
/// wider. 600,000 a degree (1/10,000 minute) everywhere but in type 27 (600, 1/10 minute).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix<const PER_DEGREE: i32> {
    /// East positive; 181 degrees = not available.
    pub longitude: i32,
    /// North positive; 91 degrees = not available.
    pub latitude: i32,
}

impl<const PER_DEGREE: i32> Fix<PER_DEGREE> {
    /// The nearest raw integers of `position`.
    #[must_use]
    pub fn new(position: Position) -> Self {
        let raw = |degrees: f64| (degrees * f64::from(PER_DEGREE)).round() as i32;
        Self { longitude: raw(position.longitude_deg()), latitude: raw(position.latitude_deg()) }
    }

    /// What a transmitter without a fix sends.
    pub const NONE: Self = Self { longitude: 181 * PER_DEGREE, latitude: 91 * PER_DEGREE };

    /// Degrees east; `None` for the sentinel. A faulty transmitter may send up to ±223.
    #[must_use]
    pub fn longitude_deg(self) -> Option<f64> {
        let sent = self.longitude != Self::NONE.longitude;
        sent.then(|| f64::from(self.longitude) / f64::from(PER_DEGREE))
    }

    /// Degrees north; `None` for the sentinel. A faulty transmitter may send up to ±111.
    #[must_use]
    pub fn latitude_deg(self) -> Option<f64> {
        let sent = self.latitude != Self::NONE.latitude;
        sent.then(|| f64::from(self.latitude) / f64::from(PER_DEGREE))
    }

    /// The place, or `None` when either is not available or not on this Earth.
    #[must_use]
    pub fn position(self) -> Option<Position> {
        Position::new(self.latitude_deg()?, self.longitude_deg()?)
    }
}

impl<const PER_DEGREE: i32> Field for Fix<PER_DEGREE> {
    #[inline]
    fn read(bits: &Bits, at: usize, width: usize) -> Self {
        let (wide, narrow) = (width.div_ceil(2), width / 2);
        Self {
            longitude: Field::read(bits, at, wide),
            latitude: Field::read(bits, at + wide, narrow),
        }
    }
    fn write(&self, bits: &mut Bits, at: usize, width: usize) {
        let (wide, narrow) = (width.div_ceil(2), width / 2);
        self.longitude.write(bits, at, wide);
        self.latitude.write(bits, at + wide, narrow);
    }
}

/// Where the position's reference point lies in the hull, in metres; all zero = not available.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dimensions {
    /// To the bow, 0–511 (511 = 511 m or more).
    pub bow: u16,
    /// To the stern, 0–511.
    pub stern: u16,
    /// To the port side, 0–63 (63 = 63 m or more).
    pub port: u8,
    /// To the starboard side, 0–63.
    pub starboard: u8,
}

impl Dimensions {
    /// Bow plus stern; `None` when both are zero.
    #[must_use]
    pub fn length_m(self) -> Option<u16> {
        Some(self.bow + self.stern).filter(|&length| length > 0)
    }

    /// Port plus starboard; `None` when both are zero.
    #[must_use]
    pub fn beam_m(self) -> Option<u16> {
        Some(u16::from(self.port) + u16::from(self.starboard)).filter(|&beam| beam > 0)
    }
}

impl Field for Dimensions {
    #[inline]
    fn read(bits: &Bits, at: usize, _width: usize) -> Self {
        Self {
            bow: Field::read(bits, at, 9),
            stern: Field::read(bits, at + 9, 9),
            port: Field::read(bits, at + 18, 6),
            starboard: Field::read(bits, at + 24, 6),
        }
    }
    fn write(&self, bits: &mut Bits, at: usize, _width: usize) {
        self.bow.write(bits, at, 9);
        self.stern.write(bits, at + 9, 9);
        self.port.write(bits, at + 18, 6);
        self.starboard.write(bits, at + 24, 6);
    }
}

/// `layout!(Name, BITS sent, BITS needed; field: type = first bit, width; …)`.
macro_rules! layout {
    ($(#[$doc:meta])* $name:ident, $sent:literal, $need:literal;
     $($(#[$field_doc:meta])* $field:ident: $type:ty = $at:literal, $width:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            /// Message type (bits 0–5).
            pub kind: u8,
            /// How often it was repeated, 0–3 (bits 6–7).
            pub repeat: u8,
            /// Who sent it, 30 bits (bits 8–37).
            pub mmsi: u32,
            $(
                $(#[$field_doc])*
                #[doc = concat!("(bit ", $at, ", ", $width, " wide)")]
                pub $field: $type,
            )*
        }

        impl $name {
            /// Bits of a whole message as this encodes it.
            pub(in crate::ais) const SENT: usize = $sent;
            /// Bits that hold every field that is reported; shorter messages are refused.
            pub(in crate::ais) const NEED: usize = $need;

            #[inline]
            pub(in crate::ais) fn read(bits: &Bits) -> Self {
                Self {
                    kind: Field::read(bits, 0, 6),
                    repeat: Field::read(bits, 6, 2),
                    mmsi: Field::read(bits, 8, 30),
                    $($field: Field::read(bits, $at, $width),)*
                }
            }

            pub(in crate::ais) fn write(&self, bits: &mut Bits) {
                self.kind.write(bits, 0, 6);
                self.repeat.write(bits, 6, 2);
                self.mmsi.write(bits, 8, 30);
                $(Field::write(&self.$field, bits, $at, $width);)*
            }
        }
    };
}

mod binary;
mod lists;
mod management;
mod safety;
mod tables;

pub use binary::{Binary, Data, Differential};
pub use lists::{
    Acknowledged, Acknowledgement, Assigned, Assignment, Interrogated, Interrogation, Reservation,
    Reserved,
};
pub use management::{ChannelManagement, DateInquiry, GroupAssignment};
pub use safety::{Addressed, SafetyText};
pub use tables::{
    AidToNavigation, BaseStation, ExtendedB, LongRange, PositionA, PositionB, SarAircraft, StaticA,
    StaticB, Voyage,
};
