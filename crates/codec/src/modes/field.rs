//! The fields of Mode S frames: bit windows, altitude codes, Mode A codes, call signs, speeds.
//!
//! Refuses: floats before the last step. Raw integers are kept, so nothing is rounded twice.

use std::fmt;

/// Bits `first..=last` of `bytes`, counted from 1 as the standards do; at most 32 bits. Bits past
/// the end read as 0.
#[must_use]
pub(super) fn bits(bytes: &[u8], first: usize, last: usize) -> u32 {
    let (start, end) = ((first - 1) / 8, (last - 1) / 8);
    let window = (start..=end)
        .fold(0_u64, |sum, at| sum << 8 | u64::from(bytes.get(at).copied().unwrap_or_default()));
    let width = last - first + 1;
    ((window >> (7 - (last - 1) % 8)) & ((1_u64 << width) - 1)) as u32
}

/// An altitude as coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Altitude {
    /// Feet, in steps of 25 (Q bit set) or 100 (Gillham code).
    Feet(i32),
    /// Metres (M bit set).
    Metres(i32),
}

impl Altitude {
    /// In feet.
    #[must_use]
    pub fn feet(self) -> f64 {
        match self {
            Self::Feet(feet) => f64::from(feet),
            Self::Metres(metres) => f64::from(metres) / 0.3048,
        }
    }

    /// In metres.
    #[must_use]
    pub fn metres(self) -> f64 {
        match self {
            Self::Feet(feet) => f64::from(feet) * 0.3048,
            Self::Metres(metres) => f64::from(metres),
        }
    }

    /// The 13-bit AC field of DF 0, 4, 16 and 20; `None` when it says "not available" or is no code.
    ///
    /// ```text
    /// C1 A1 C2 A2 C4 A4  M B1  Q B2 D2 B4 D4     (Annex 10 vol. IV, 3.1.2.6.5.4)
    /// ```
    #[must_use]
    pub fn from_ac13(field: u32) -> Option<Self> {
        let field = field & 0x1FFF;
        if field & 0x0040 == 0 {
            return Self::from_ac12((field & 0x1F80) >> 1 | field & 0x003F);
        }
        let metres = (field & 0x1F80) >> 1 | field & 0x003F;
        (metres != 0).then_some(Self::Metres(metres as i32))
    }

    /// The 12-bit field of airborne positions: AC without the M bit.
    #[must_use]
    pub fn from_ac12(field: u32) -> Option<Self> {
        let field = field & 0x0FFF;
        if field == 0 {
            return None;
        }
        if field & 0x0010 != 0 {
            let steps = (field & 0x0FE0) >> 1 | field & 0x000F;
            return Some(Self::Feet(steps as i32 * 25 - 1000));
        }
        gillham(field).map(Self::Feet)
    }

    /// The 12-bit field for an altitude in feet (steps of 25, −1,000 to 50,175; clamped).
    #[must_use]
    pub fn to_ac12(feet: i32) -> u32 {
        let steps = ((feet.clamp(-1000, 50_175) + 1000 + 12) / 25) as u32;
        (steps & 0x07F0) << 1 | 0x0010 | steps & 0x000F
    }
}

/// Reflected binary ("Gray") code to a number.
fn from_gray(code: u32) -> u32 {
    let mut value = code;
    for shift in [1, 2, 4] {
        value ^= value >> shift;
    }
    value
}

/// Gillham's 100-ft code in the order C1 A1 C2 A2 C4 A4 B1 Q B2 D2 B4 D4, Q being 0: Gray-coded
/// 500-ft steps in D2 D4 A1 A2 A4 B1 B2 B4 and 100-ft steps, reflected at each 500 ft, in C1 C2 C4.
fn gillham(field: u32) -> Option<i32> {
    let pick = |places: &[u32]| places.iter().fold(0, |sum, at| sum << 1 | field >> at & 1);
    let five_hundreds = from_gray(pick(&[2, 0, 10, 8, 6, 5, 3, 1]));
    let hundreds = match from_gray(pick(&[11, 9, 7])) {
        7 => 5,
        n @ 1..=4 => n,
        _ => return None,
    };
    let hundreds = if five_hundreds % 2 == 1 { 6 - hundreds } else { hundreds };
    Some(five_hundreds as i32 * 500 + hundreds as i32 * 100 - 1300)
}

/// A Mode A code: four octal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Squawk(u16);

/// Place of each bit of the 13-bit identity field in the code, 12 = A4 … 1 = D1, from the field's
/// first bit: C1 A1 C2 A2 C4 A4 X B1 D1 B2 D2 B4 D4. X is no part of the code.
const IDENTITY_ORDER: [Option<u32>; 13] = [
    Some(3),
    Some(9),
    Some(4),
    Some(10),
    Some(5),
    Some(11),
    None,
    Some(6),
    Some(0),
    Some(7),
    Some(1),
    Some(8),
    Some(2),
];

impl Squawk {
    /// Unlawful interference.
    pub const HIJACK: Self = Self(0o7500);
    /// Radio failure.
    pub const RADIO_FAILURE: Self = Self(0o7600);
    /// General emergency.
    pub const EMERGENCY: Self = Self(0o7700);

    /// A code from its octal value, 0 to 0o7777.
    #[must_use]
    pub fn new(code: u16) -> Option<Self> {
        (code <= 0o7777).then_some(Self(code))
    }

    /// The code from the lowest 12 bits, three a digit, as ASTERIX has it.
    pub(crate) fn of_low_bits(field: u32) -> Self {
        Self(field as u16 & 0o7777)
    }

    /// The code as a number, 0 to 0o7777.
    #[must_use]
    pub fn code(self) -> u16 {
        self.0
    }

    /// Reads four octal digits.
    #[must_use]
    pub fn from_digits(text: &str) -> Option<Self> {
        let octal = text.len() == 4 && text.bytes().all(|b| matches!(b, b'0'..=b'7'));
        octal.then(|| u16::from_str_radix(text, 8).ok().and_then(Self::new)).flatten()
    }

    /// The 13-bit identity field of DF 5, 21 and of emergency status messages.
    #[must_use]
    pub fn from_id13(field: u32) -> Self {
        let code = IDENTITY_ORDER.iter().enumerate().fold(0, |code, (at, place)| match place {
            Some(place) => code | (field >> (12 - at) & 1) << place,
            None => code,
        });
        Self(code as u16)
    }

    /// The code as a 13-bit identity field.
    #[must_use]
    pub fn to_id13(self) -> u32 {
        IDENTITY_ORDER.iter().enumerate().fold(0, |field, (at, place)| match place {
            Some(place) => field | (u32::from(self.0) >> place & 1) << (12 - at),
            None => field,
        })
    }
}

impl fmt::Display for Squawk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

/// The 6-bit characters of call signs; `#` stands for the codes that have none.
const CHARACTERS: &[u8; 64] = b"#ABCDEFGHIJKLMNOPQRSTUVWXYZ##### ###############0123456789######";

/// A flight identification of eight characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callsign([u8; 8]);

impl Callsign {
    /// From 48 bits, six a character.
    #[must_use]
    pub(super) fn from_bits(high: u32, low: u32) -> Self {
        let mut text = [b' '; 8];
        for (at, character) in text.iter_mut().enumerate() {
            let (half, place) = if at < 4 { (high, at) } else { (low, at - 4) };
            *character = CHARACTERS[(half >> (18 - 6 * place) & 0x3F) as usize];
        }
        Self(text)
    }

    /// From six octets, six bits a character; octets that are missing read as 0.
    pub(crate) fn of_octets(octets: &[u8]) -> Self {
        let three = |first| bits(octets, first, first + 23);
        Self::from_bits(three(1), three(25))
    }

    /// Six octets, six bits a character.
    pub(crate) fn to_octets(self) -> [u8; 6] {
        let [_, _, octets @ ..] = self.to_bits().to_be_bytes();
        octets
    }

    /// From text: letters, digits and spaces; others become spaces; cut or filled to eight.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut characters = [b' '; 8];
        for (slot, byte) in characters.iter_mut().zip(text.bytes()) {
            let byte = byte.to_ascii_uppercase();
            *slot = if byte.is_ascii_alphanumeric() { byte } else { b' ' };
        }
        Self(characters)
    }

    /// The 48 bits, right-aligned.
    #[must_use]
    pub(super) fn to_bits(self) -> u64 {
        self.0.iter().fold(0, |sum, byte| {
            let code = CHARACTERS.iter().position(|c| c == byte).unwrap_or(32) as u64;
            sum << 6 | code
        })
    }

    /// The text without trailing spaces; `#` where a code has no character.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end()
    }

    /// True when every code had a character and one is not a space.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.0.contains(&b'#') && !self.text().trim().is_empty()
    }
}

/// Ground speed in knots from the movement field of surface positions (DO-260B table 2-16);
/// `None` for "no information" and the reserved codes.
#[must_use]
pub(super) fn movement_kn(field: u32) -> Option<f64> {
    let step = |from: u32, base: f64, width: f64| Some(base + f64::from(field - from) * width);
    match field {
        1 => Some(0.0),
        2..=8 => step(2, 0.125, 0.125),
        9..=12 => step(9, 1.0, 0.25),
        13..=38 => step(13, 2.0, 0.5),
        39..=93 => step(39, 15.0, 1.0),
        94..=108 => step(94, 70.0, 2.0),
        109..=123 => step(109, 100.0, 5.0),
        124 => Some(175.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_reads_the_bits_the_standard_counts() {
        let bytes = [0b1000_0001, 0b0101_0101, 0xFF];
        assert_eq!(bits(&bytes, 1, 1), 1);
        assert_eq!(bits(&bytes, 8, 9), 0b10);
        assert_eq!(bits(&bytes, 5, 20), 0b0001_0101_0101_1111);
        assert_eq!(bits(&bytes, 24, 26), 0b100, "bits past the end read as 0");
    }

    #[test]
    fn gillham_codes_count_in_hundreds_of_feet() {
        // The first steps of Annex 10 vol. IV, appendix to chapter 3, from -1,200 ft.
        let code = |bits: &[u32]| bits.iter().fold(0, |sum, at| sum | 1 << at);
        let (b2, b4, c1, c2, c4) = (3, 1, 11, 9, 7);
        for (bits, feet) in [
            (vec![c4], -1200),
            (vec![c2, c4], -1100),
            (vec![c2], -1000),
            (vec![c1, c2], -900),
            (vec![c1], -800),
            (vec![b4, c1], -700),
            (vec![b4, c4], -300),
            (vec![b2, b4, c4], -200),
        ] {
            assert_eq!(Altitude::from_ac12(code(&bits)), Some(Altitude::Feet(feet)), "{bits:?}");
        }
        assert_eq!(Altitude::from_ac12(code(&[b4])), None, "no 100-ft bit is no code");
    }

    #[test]
    fn every_gillham_altitude_has_one_code() {
        let mut seen: Vec<i32> = (1..0x1000)
            .filter(|field| field & 0x0010 == 0)
            .filter_map(|field| match Altitude::from_ac12(field) {
                Some(Altitude::Feet(feet)) => Some(feet),
                _ => None,
            })
            .collect();
        seen.sort_unstable();
        let expected: Vec<i32> = (0..256 * 5).map(|n| n * 100 - 1200).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn altitude_in_25_ft_steps_survives_its_field() {
        for feet in (-1000..=50_175).step_by(25) {
            assert_eq!(Altitude::from_ac12(Altitude::to_ac12(feet)), Some(Altitude::Feet(feet)));
        }
    }

    #[test]
    fn the_metric_bit_means_metres() {
        assert_eq!(
            Altitude::from_ac13(0b0_0001_1110_1000),
            Some(Altitude::Metres(0x00E8 | 1 << 6))
        );
        assert_eq!(Altitude::from_ac13(0), None);
    }

    #[test]
    fn every_mode_a_code_survives_its_field() {
        for code in 0..=0o7777 {
            let squawk = Squawk::new(code).unwrap();
            assert_eq!(Squawk::from_id13(squawk.to_id13()), squawk);
            assert_eq!(Squawk::from_digits(&squawk.to_string()), Some(squawk));
        }
        assert_eq!(Squawk::from_digits("7800"), None);
    }
}
