//! Mode S and ADS-B: frames to observations and back.
//!
//! bytes → [`beast`], [`avr`] or [`readsb`] → [`Received`] → [`Frame`] → [`Tracker`] → observation;
//! what another decoder understood: [`sbs`] → [`Told`] → [`Tracker`], and [`snapshot`].
//!
//! Refuses: bit correction, Comm-B inference and first positions from one message: each is a guess
//! that would put somebody else's aircraft on the picture.

mod aircraft;
pub mod avr;
pub mod beast;
mod cpr;
mod crc;
mod encode;
mod field;
mod frame;
pub mod fuzz;
mod json;
mod locate;
pub mod readsb;
mod received;
pub mod sbs;
pub mod snapshot;
mod told;
mod tracker;
mod velocity;

pub use cpr::{Cpr, CprPair};
pub use encode::{
    encode_airborne_position, encode_all_call, encode_identification, encode_squawk_reply,
    encode_velocity,
};
pub use field::{Altitude, Callsign, Squawk};
pub use frame::{AddressKind, Content, Emitter, Frame, FrameError, LONG_LEN, Message, SHORT_LEN};
pub use json::{Lines, json_line, told_line};
pub use locate::{Fix, Locator, Neighbourhood};
pub use received::Received;
pub use told::Told;
pub use tracker::{AIRCRAFT_MAX, Tracker};
pub use velocity::{AirMotion, Velocity};
