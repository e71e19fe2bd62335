//! Eight bytes at a time: where a line ends, where a field ends, a checksum.
//!
//! Refuses: nothing; it is arithmetic. A line passes here three times, which byte by byte was half
//! of the decoder's time.

/// One in every byte.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The top bit of every byte.
const TOPS: u64 = 0x80 * ONES;

fn word(bytes: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*bytes)
}

/// A top bit in the first byte of `word` that is below `limit` (at most 128), and none before it.
fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(limit)) & !word & TOPS
}

/// Index of the first byte whose top bit is set.
fn first(tops: u64) -> usize {
    (tops.trailing_zeros() / 8) as usize
}

/// Where the first control character (below a blank) stands.
pub(super) fn control(bytes: &[u8]) -> Option<usize> {
    search(bytes, |word| below(word, b' '), |c| c < b' ')
}

/// Where the first `wanted` stands.
pub(super) fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    let repeated = ONES * u64::from(wanted);
    search(bytes, |word| below(word ^ repeated, 1), |c| c == wanted)
}

fn search(bytes: &[u8], eight: impl Fn(u64) -> u64, one: impl Fn(u8) -> bool) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, bytes) in words.iter().enumerate() {
        let found = eight(word(bytes));
        if found != 0 {
            return Some(index * 8 + first(found));
        }
    }
    let at = rest.iter().position(|&c| one(c))?;
    Some(words.len() * 8 + at)
}

/// The XOR of all bytes, and whether all are printable ASCII (a blank to `~`).
pub(super) fn checksum(bytes: &[u8]) -> (u8, bool) {
    let (words, rest) = bytes.as_chunks::<8>();
    let (mut sum, mut bad) = (0, 0);
    for bytes in words {
        let word = word(bytes);
        sum ^= word;
        bad |= below(word, b' ') | word | word.wrapping_add(ONES);
    }
    let mut printable = bad & TOPS == 0;
    sum ^= sum >> 32;
    sum ^= sum >> 16;
    let mut sum = (sum ^ sum >> 8) as u8;
    for &c in rest {
        sum ^= c;
        printable &= (b' '..=b'~').contains(&c);
    }
    (sum, printable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Checksum = fn(&[u8]) -> (u8, bool);

    /// The plain way, byte by byte.
    fn agrees(bytes: &[u8], wanted: u8, checksum: Checksum) -> bool {
        let sum = bytes.iter().fold(0, |sum, c| sum ^ c);
        let printable = bytes.iter().all(|c| (b' '..=b'~').contains(c));
        control(bytes) == bytes.iter().position(|c| *c < b' ')
            && position(bytes, wanted) == bytes.iter().position(|c| *c == wanted)
            && checksum(bytes) == (sum, printable)
    }

    #[test]
    fn every_byte_at_every_place_is_judged_alike() {
        for at in 0..20 {
            for c in 0..=255 {
                let mut bytes = [b'A'; 20];
                bytes[at] = c;
                assert!(agrees(&bytes, c, checksum), "{c:#04x} at {at}");
            }
        }
    }

    #[test]
    fn a_checksum_that_forgets_the_rest_is_caught() {
        let forgets = |bytes: &[u8]| checksum(bytes.as_chunks::<8>().0.as_flattened());
        assert!(!agrees(b"123456789", b'0', forgets));
    }

    proptest! {
        #[test]
        fn eight_at_a_time_is_as_one_at_a_time(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), b' '..=b'~'], 0..100),
            wanted in any::<u8>(),
        ) {
            prop_assert!(agrees(&bytes, wanted, checksum));
        }
    }
}
