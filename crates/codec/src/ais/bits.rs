//! Bit windows over an AIS payload: six bits a character in, integers of 1–57 bits out, and back.
//!
//! Refuses: characters outside the armour alphabet of IEC 61162-1 (0x30–0x57, 0x60–0x77).

use super::DecodeError;

/// Characters whose bits are kept: the longest radio transmission (5 slots, 1,064 bits) fits; what
/// several sentences claim beyond it is only checked, not kept.
const KEPT_CHARS: usize = 180;
/// 135 bytes of kept bits and 9 so that every eight-byte window of a kept field is whole.
const BYTES: usize = 144;
/// Marks a character outside the alphabet; its top bits survive an OR over the payload.
const BAD: u8 = 0xFF;

const UNARMOUR: [u8; 256] = {
    let mut table = [BAD; 256];
    let mut six = 0;
    while six < 64 {
        table[ARMOUR[six] as usize] = six as u8;
        six += 1;
    }
    table
};

const ARMOUR: [u8; 64] = {
    let mut table = [0; 64];
    let mut six = 0;
    while six < 64 {
        table[six] = if six < 40 { six as u8 + 48 } else { six as u8 + 56 };
        six += 1;
    }
    table
};

/// The bits of one payload. Reading behind its end gives zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    bytes: [u8; BYTES],
    /// Bits that were sent, fill bits taken off; may be more than are kept.
    len: usize,
}

impl Bits {
    /// `len` zero bits to write into.
    pub(super) fn zeros(len: usize) -> Self {
        Self { bytes: [0; BYTES], len }
    }

    /// Reads an armoured payload whose last `fill` bits are padding into `self`, which must be all
    /// zeros.
    #[inline]
    pub(super) fn unarmour(&mut self, payload: &[u8], fill: u8) -> Result<(), DecodeError> {
        let (kept, rest) = payload.split_at_checked(KEPT_CHARS).unwrap_or((payload, &[]));
        self.len = (payload.len() * 6).saturating_sub(usize::from(fill));
        let mut seen = rest.iter().fold(0, |seen, &c| seen | UNARMOUR[usize::from(c)]);
        let mut quads = kept.chunks_exact(4);
        for (quad, out) in quads.by_ref().zip(self.bytes.chunks_exact_mut(3)) {
            let mut word = 0;
            for &c in quad {
                let six = UNARMOUR[usize::from(c)];
                seen |= six;
                word = word << 6 | u32::from(six & 63);
            }
            out.copy_from_slice(&word.to_be_bytes()[1..]);
        }
        let done = kept.len() - quads.remainder().len();
        for (index, &c) in quads.remainder().iter().enumerate() {
            let six = UNARMOUR[usize::from(c)];
            seen |= six;
            self.put((done + index) * 6, 6, u64::from(six & 63));
        }
        if seen > 63 { Err(DecodeError::armour(payload)) } else { Ok(()) }
    }

    /// Whether `c` may stand in a payload.
    pub(super) fn is_armour(c: u8) -> bool {
        UNARMOUR[usize::from(c)] != BAD
    }

    /// How many bits were sent.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The `width` ≤ 57 bits from bit `at`, most significant first; zeros behind what is kept.
    #[inline]
    pub(super) fn get(&self, at: usize, width: usize) -> u64 {
        debug_assert!((1..=57).contains(&width));
        match self.bytes.get(at / 8..).and_then(<[u8]>::first_chunk) {
            Some(&window) => u64::from_be_bytes(window) << (at % 8) >> (64 - width),
            None => 0,
        }
    }

    /// Sets the `width` ≤ 57 bits from bit `at`, which must still be zero; bits of `value` above
    /// `width` are dropped, and so is what lies behind the bits that are kept.
    pub(super) fn put(&mut self, at: usize, width: usize, value: u64) {
        debug_assert!((1..=57).contains(&width));
        if let Some(window) = self.bytes.get_mut(at / 8..).and_then(<[u8]>::first_chunk_mut) {
            let placed = value << (64 - width) >> (at % 8);
            *window = (u64::from_be_bytes(*window) | placed).to_be_bytes();
        }
    }

    /// The bits from bit `at` to the end, at most those that are kept.
    pub(super) fn behind(&self, at: usize) -> Self {
        const STEP: usize = 48;
        let len = self.len.min(KEPT_CHARS * 6).saturating_sub(at);
        let mut bits = Self::zeros(len);
        for to in (0..len).step_by(STEP) {
            let width = STEP.min(len - to);
            bits.put(to, width, self.get(at + to, width));
        }
        bits
    }

    /// Puts all of `bits` from bit `at` on, which must still be zero.
    pub(super) fn append(&mut self, at: usize, bits: &Self) {
        const STEP: usize = 48;
        for from in (0..bits.len).step_by(STEP) {
            let width = STEP.min(bits.len - from);
            self.put(at + from, width, bits.get(from, width));
        }
    }

    /// Gives up the bits from bit `len` on.
    pub(super) fn truncate(&mut self, len: usize) {
        if len < self.len {
            let whole = *self;
            *self = Self::zeros(len);
            self.append(0, &Self { len, ..whole });
        }
    }

    /// The armoured payload and how many of its last bits are padding.
    pub(super) fn armour(&self) -> (String, u8) {
        let chars = self.len.div_ceil(6);
        let text = (0..chars).map(|i| char::from(ARMOUR[self.get(i * 6, 6) as usize])).collect();
        (text, (chars * 6 - self.len) as u8)
    }
}
