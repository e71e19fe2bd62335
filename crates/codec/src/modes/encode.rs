//! Frames for the simulator: what a transponder would send.
//!
//! Refuses: being a transmitter's reference. It writes only the messages that the simulated world
//! needs, in the form that real receivers hand over.

use renkei_model::position::Position;

use super::cpr::Cpr;
use super::crc::parity;
use super::field::{Altitude, Callsign, Squawk};
use super::frame::{LONG_LEN, SHORT_LEN};

/// Capability 5: level 2 transponder, in the air.
const CAPABILITY: u8 = 5;

/// Puts `value` into bits `first..=last` of a 56-bit message, counted from 1.
fn put(message: &mut u64, first: u32, last: u32, value: u64) {
    let width = last - first + 1;
    *message |= (value & ((1 << width) - 1)) << (56 - last);
}

/// An extended squitter (DF 17) of `icao` with a 56-bit message.
fn extended(icao: u32, message: u64) -> [u8; LONG_LEN] {
    let [_, a, b, c] = icao.to_be_bytes();
    let [_, m @ ..] = message.to_be_bytes();
    let mut frame = [0; LONG_LEN];
    let data = [17 << 3 | CAPABILITY, a, b, c].into_iter().chain(m);
    frame.iter_mut().zip(data).for_each(|(slot, byte)| *slot = byte);
    seal(&mut frame, 0);
    frame
}

/// Writes the parity, overlaid with `overlay`, into the last three bytes.
pub(super) fn seal(frame: &mut [u8], overlay: u32) {
    if let Some((data, tail)) = frame.split_last_chunk_mut::<3>() {
        let [_, parity @ ..] = (parity(data) ^ overlay).to_be_bytes();
        *tail = parity;
    }
}

/// DF 17 flight identification (type code 4, emitter category set A). `category`: 0–7, for example 3
/// large, 5 heavy, 7 rotorcraft.
#[must_use]
pub fn encode_identification(icao: u32, category: u8, callsign: &str) -> [u8; LONG_LEN] {
    let mut message = Callsign::from_text(callsign).to_bits();
    put(&mut message, 1, 5, 4);
    put(&mut message, 6, 8, u64::from(category));
    extended(icao, message)
}

/// DF 17 position in the air (type code 11: within 185 m) in the even or the odd grid.
#[must_use]
pub fn encode_airborne_position(
    icao: u32,
    at: Position,
    altitude_ft: i32,
    is_odd: bool,
) -> [u8; LONG_LEN] {
    let cpr = Cpr::encode(at, is_odd, false);
    let mut message = 0;
    put(&mut message, 1, 5, 11);
    put(&mut message, 9, 20, u64::from(Altitude::to_ac12(altitude_ft)));
    put(&mut message, 22, 22, u64::from(is_odd));
    put(&mut message, 23, 39, u64::from(cpr.latitude));
    put(&mut message, 40, 56, u64::from(cpr.longitude));
    extended(icao, message)
}

/// DF 17 velocity over the ground (type code 19 subtype 1): knots to the east and to the north
/// (±1,022) and feet a minute (±32,640), clamped.
#[must_use]
pub fn encode_velocity(
    icao: u32,
    east_kn: f64,
    north_kn: f64,
    vertical_rate_fpm: f64,
) -> [u8; LONG_LEN] {
    let magnitude = |value: f64, max: f64| value.abs().round().min(max) as u64 + 1;
    let mut message = 0;
    put(&mut message, 1, 5, 19);
    put(&mut message, 6, 8, 1);
    put(&mut message, 14, 14, u64::from(east_kn < 0.0));
    put(&mut message, 15, 24, magnitude(east_kn, 1_022.0));
    put(&mut message, 25, 25, u64::from(north_kn < 0.0));
    put(&mut message, 26, 35, magnitude(north_kn, 1_022.0));
    put(&mut message, 37, 37, u64::from(vertical_rate_fpm < 0.0));
    put(&mut message, 38, 46, magnitude(vertical_rate_fpm / 64.0, 510.0));
    extended(icao, message)
}

/// DF 11 unasked all-call reply: the address alone.
#[must_use]
pub fn encode_all_call(icao: u32) -> [u8; SHORT_LEN] {
    let [_, a, b, c] = icao.to_be_bytes();
    let mut frame = [11 << 3 | CAPABILITY, a, b, c, 0, 0, 0];
    seal(&mut frame, 0);
    frame
}

/// DF 5 surveillance reply: the Mode A code, the address overlaid on the parity.
#[must_use]
pub fn encode_squawk_reply(icao: u32, squawk: Squawk) -> [u8; SHORT_LEN] {
    let [high, low] = (squawk.to_id13() as u16).to_be_bytes();
    let mut frame = [5 << 3, 0, high, low, 0, 0, 0];
    seal(&mut frame, icao & 0x00FF_FFFF);
    frame
}

#[cfg(test)]
mod tests {
    use super::super::frame::{AddressKind, Content, Frame, Message};
    use super::*;

    const ICAO: u32 = 0xF00_123;

    fn read(frame: &[u8]) -> Frame {
        let frame = Frame::decode(frame).unwrap();
        assert_eq!(frame.address, ICAO);
        frame
    }

    #[test]
    fn identification_comes_back() {
        let frame = read(&encode_identification(ICAO, 5, "renkei 1"));
        let Message::Extended {
            content: Content::Identification { category: 5, callsign }, ..
        } = frame.message
        else {
            panic!("{frame:?}")
        };
        assert_eq!(callsign.text(), "RENKEI 1");
        assert_eq!(frame.type_code(), Some(4));
    }

    #[test]
    fn velocity_comes_back() {
        for (east, north, rate) in
            [(-161.4, 12.0, -704.0), (0.0, 0.0, 0.0), (1_022.0, -1.0, 32_640.0)]
        {
            let frame = read(&encode_velocity(ICAO, east, north, rate));
            let Message::Extended { content: Content::Velocity(velocity), .. } = frame.message
            else {
                panic!("{frame:?}")
            };
            let (speed, track) = velocity.over_ground().unwrap();
            assert!((speed - east.hypot(north)).abs() < 0.8, "{speed}");
            assert!((0.0..360.0).contains(&track));
            assert_eq!(velocity.vertical_rate_fpm, Some(rate as i32));
        }
    }

    #[test]
    fn altitude_rides_with_the_position() {
        let at = Position::new(24.8, 125.3).unwrap();
        let frame = read(&encode_airborne_position(ICAO, at, 35_000, true));
        let Message::Extended { content: Content::Airborne { altitude, cpr, .. }, .. } =
            frame.message
        else {
            panic!("{frame:?}")
        };
        assert_eq!(altitude, Some(Altitude::Feet(35_000)));
        assert!(cpr.is_some_and(|cpr| cpr.is_odd));
    }

    #[test]
    fn replies_come_back() {
        let frame = read(&encode_all_call(ICAO));
        assert_eq!(frame.address_kind, AddressKind::Icao);
        assert_eq!(frame.message, Message::AllCall { interrogator: 0 });
        let frame = read(&encode_squawk_reply(ICAO, Squawk::EMERGENCY));
        assert_eq!(frame.address_kind, AddressKind::Overlaid);
        assert_eq!(frame.message, Message::Identity(Squawk::EMERGENCY));
    }
}
