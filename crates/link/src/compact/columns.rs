//! Numbers in as few bytes as they need: seven bits a byte, least significant first; the highest bit
//! says that another follows. Signed ones alternate: 0, −1, 1, −2, …

use super::CompactError;

/// Appends `number`.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends `number`.
pub(crate) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, fold(number));
}

/// Appends `number`, its last byte to `plain`: where that follows from nothing it packs worse than
/// it is long, and spoils what stands beside it.
pub(crate) fn put_split(out: &mut Vec<u8>, plain: &mut Vec<u8>, number: i64) {
    plain.push(fold(number) as u8);
    put(out, fold(number) >> 8);
}

fn fold(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unfold(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Appends `bytes` after their length.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads what was put, from the front.
#[derive(Debug)]
pub(crate) struct Columns<'a>(pub(crate) &'a [u8]);

impl<'a> Columns<'a> {
    /// The next number; at most ten bytes, of which none is spare.
    pub(crate) fn number(&mut self) -> Result<u64, CompactError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.bytes(1)?.first().copied().unwrap_or_default();
            let bits = u64::from(byte & 0x7F);
            if (bits << shift) >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 { break } else { Ok(number) };
            }
        }
        Err(CompactError::Range("a number"))
    }

    /// The next signed number.
    pub(crate) fn signed(&mut self) -> Result<i64, CompactError> {
        Ok(unfold(self.number()?))
    }

    /// The next number whose last byte stands in `plain`.
    pub(crate) fn split(&mut self, plain: &mut Columns<'_>) -> Result<i64, CompactError> {
        let (upper, lower) = (self.number()?, plain.bytes(1)?);
        let lower = lower.first().copied().unwrap_or_default();
        let is_short = upper >> 56 == 0;
        is_short
            .then(|| unfold(upper << 8 | u64::from(lower)))
            .ok_or(CompactError::Range("a number"))
    }

    /// The next `length` bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8], CompactError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(CompactError::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Bytes that stand after their length.
    pub(crate) fn told_bytes(&mut self) -> Result<&'a [u8], CompactError> {
        let length = self.number()?;
        self.bytes(usize::try_from(length).map_err(|_| CompactError::Short)?)
    }
}
