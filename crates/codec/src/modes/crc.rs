//! The Mode S parity: a 24-bit cyclic redundancy check (ICAO Annex 10 vol. IV, 3.1.2.3.3).
//!
//! Refuses: correcting bits. A repaired frame is a guess about whose aircraft it is.

/// Generator x^24+x^23+…+x^10+x^3+1, without its leading term.
const GENERATOR: u32 = 0x00FF_F409;

/// Data bytes of a long frame: 112 bits less 24 of parity.
const DATA_LEN_MAX: usize = 11;

/// `TABLES[k][b]`: the parity that byte `b` adds when `k` data bytes follow it. One table a place
/// makes the look-ups independent of each other, about three times as fast as a running remainder.
static TABLES: [[u32; 256]; DATA_LEN_MAX] = tables();

const fn step(mut remainder: u32) -> u32 {
    let mut bit = 0;
    while bit < 8 {
        remainder <<= 1;
        if remainder & 0x0100_0000 != 0 {
            remainder ^= 0x0100_0000 | GENERATOR;
        }
        bit += 1;
    }
    remainder
}

const fn tables() -> [[u32; 256]; DATA_LEN_MAX] {
    let mut tables = [[0; 256]; DATA_LEN_MAX];
    let mut byte = 0;
    while byte < 256 {
        let mut remainder = step((byte as u32) << 16);
        let mut place = 0;
        while place < DATA_LEN_MAX {
            tables[place][byte] = remainder;
            remainder = step(remainder);
            place += 1;
        }
        byte += 1;
    }
    tables
}

/// Parity of `data`, of which at most the last eleven bytes count.
#[must_use]
pub(super) fn parity(data: &[u8]) -> u32 {
    data.iter().rev().zip(&TABLES).fold(0, |sum, (byte, table)| sum ^ table[usize::from(*byte)])
}

/// Parity of a whole frame's data XOR the parity field it carries: 0 when they agree, the address
/// for address/parity formats, the interrogator's code for DF 11.
#[must_use]
pub(super) fn remainder(frame: &[u8]) -> u32 {
    match frame {
        [data @ .., a, b, c] => parity(data) ^ u32::from_be_bytes([0, *a, *b, *c]),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parity_is_the_long_division_of_the_standard() {
        let divide = |data: &[u8]| {
            data.iter().fold(0, |sum, byte| step(sum ^ u32::from(*byte) << 16) & 0x00FF_FFFF)
        };
        for seed in 0..2_000_u32 {
            let data: Vec<u8> =
                (0..11_u32).map(|i| (seed.wrapping_mul(2_654_435_761) >> (i + 3)) as u8).collect();
            assert_eq!(parity(&data), divide(&data));
            assert_eq!(parity(&data[..4]), divide(&data[..4]));
        }
    }

    #[test]
    fn a_recorded_frame_has_remainder_zero() {
        let frame =
            [0x8D, 0x40, 0x62, 0x1D, 0x58, 0xC3, 0x82, 0xD6, 0x90, 0xC8, 0xAC, 0x28, 0x63, 0xA7];
        assert_eq!(remainder(&frame), 0);
    }
}
