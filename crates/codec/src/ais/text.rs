//! Six-bit text as AIS carries names: upper case, padded with `@`.
//!
//! Refuses: lower case and anything else the six-bit alphabet lacks (written as `?`).

use super::bits::Bits;

/// `N` characters of the six-bit alphabet, held as ASCII 0x20–0x5F, `@` padding included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const N: usize>([u8; N]);

impl<const N: usize> Text<N> {
    /// The first `N` characters of `text`: lower case is raised, what the alphabet lacks becomes
    /// `?`, the rest is padding.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut chars = [b'@'; N];
        for (slot, c) in chars.iter_mut().zip(text.chars()) {
            *slot = match c.to_ascii_uppercase() {
                upper @ ' '..='_' => upper as u8,
                _ => b'?',
            };
        }
        Self(chars)
    }

    /// What a person reads: up to the first `@`, without the spaces around it. May be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let len = self.0.iter().position(|&c| c == b'@').unwrap_or(N);
        let text = self.0.get(..len).unwrap_or_default().trim_ascii();
        std::str::from_utf8(text).unwrap_or_default()
    }

    /// [`Text::as_str`], or `None` when it is empty.
    #[must_use]
    pub fn non_empty(&self) -> Option<&str> {
        Some(self.as_str()).filter(|text| !text.is_empty())
    }

    /// Whether every place is used, so that an extension may follow.
    #[must_use]
    pub fn is_full(&self) -> bool {
        !self.0.contains(&b'@')
    }

    /// How many characters stand before the padding at the end.
    pub(super) fn used_len(&self) -> usize {
        self.0.iter().rposition(|&c| c != b'@').map_or(0, |last| last + 1)
    }

    /// Makes every character from the `len`-th on padding.
    pub(super) fn cut(&mut self, len: usize) {
        self.0.iter_mut().skip(len).for_each(|c| *c = b'@');
    }

    pub(super) fn read(bits: &Bits, at: usize) -> Self {
        let mut chars = [0; N];
        for (group, out) in chars.chunks_mut(8).enumerate() {
            let eight = bits.get(at + group * 48, 48);
            for (i, c) in out.iter_mut().enumerate() {
                let six = (eight >> (42 - i * 6) & 63) as u8;
                *c = if six < 32 { six + 64 } else { six };
            }
        }
        Self(chars)
    }

    pub(super) fn write(&self, bits: &mut Bits, at: usize) {
        for (i, &c) in self.0.iter().enumerate() {
            bits.put(at + i * 6, 6, u64::from(c & 63));
        }
    }
}

impl<const N: usize> std::fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self.as_str(), f)
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self([b'@'; N])
    }
}
