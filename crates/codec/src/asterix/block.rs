//! A stream or a datagram cut into data blocks.
//!
//! Refuses: blocks over 16 KiB, which no network carries, and categories that EUROCONTROL has not
//! given out: where one seems to begin, reading resumes an octet later.

use crate::Reject;

/// Category and length.
const HEAD_LEN: usize = 3;
/// The longest block that is taken.
const BLOCK_LEN_MAX: usize = 16_384;
/// The longest block that brings a reader back into step. Text that looks like the head of a block
/// claims at least 2,304 octets: no character of it is below 9.
const STEP_LEN_MAX: usize = 2_048;
/// Categories that bring a reader back into step: those read, and those that come with them.
const STEP: [u8; 5] = [34, 48, 62, 63, 65];
/// Octets between blocks after which they are reported even if no block follows.
const GARBAGE_REPORT_LEN: usize = 4_096;
/// A radar's service messages (part 2b).
const SERVICE: u8 = 34;
/// Categories that are read; of service messages, only that the antenna points north.
const READ: [u8; 3] = [SERVICE, super::target::CATEGORY, super::track::CATEGORY];
/// I034/000: the antenna points north.
const NORTH: u8 = 1;
/// Categories that EUROCONTROL has given out. A stream that carries one of them is in step.
const GIVEN_OUT: [u8; 36] = [
    1, 2, 3, 4, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 30, 31, 32, 34, 48, 62,
    63, 65, 150, 204, 205, 240, 246, 247, 249, 250, 252,
];

/// One data block of a category that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// 34, 48 or 62.
    pub category: u8,
    bytes: Vec<u8>,
}

impl Block {
    /// The records, without category and length.
    #[must_use]
    pub fn records(&self) -> &[u8] {
        self.bytes.get(HEAD_LEN..).unwrap_or_default()
    }

    /// Whether it is a radar's word that its antenna points north: a turn is over. Category 034 begins
    /// with FSPEC, I034/010 (data source, 2 octets) and I034/000 (message type, 1 octet).
    #[must_use]
    pub fn is_north_mark(&self) -> bool {
        let records = self.records();
        let fspec_len = records.iter().take_while(|octet| **octet & 1 == 1).count() + 1;
        let first = records.first().copied().unwrap_or_default();
        let type_at = fspec_len + if first & 0x80 == 0 { 0 } else { 2 };
        let has_type = first & 0x40 != 0;
        self.category == SERVICE && has_type && records.get(type_at) == Some(&NORTH)
    }

    /// Whether it holds no reports.
    pub(super) fn is_service(&self) -> bool {
        self.category == SERVICE
    }

    /// The whole block, as it came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Bytes to blocks. Keeps at most one unfinished block.
#[derive(Debug, Default)]
pub struct Deframer {
    bytes: Vec<u8>,
    garbage: Vec<u8>,
    garbage_len: usize,
    is_lost: bool,
    others: u64,
}

impl Deframer {
    /// Takes the next bytes of the stream; gives the blocks they complete and what was refused.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<Block, Reject>> {
        let mut out = Vec::new();
        self.bytes.extend_from_slice(bytes);
        let held = std::mem::take(&mut self.bytes);
        let mut rest = held.as_slice();
        while let Some(head) = rest.first_chunk::<HEAD_LEN>() {
            let [category, high, low] = *head;
            let len = usize::from(u16::from_be_bytes([high, low]));
            let (categories, len_max) = if self.is_lost {
                (STEP.as_slice(), STEP_LEN_MAX)
            } else {
                (GIVEN_OUT.as_slice(), BLOCK_LEN_MAX)
            };
            if !categories.contains(&category) || !(HEAD_LEN + 2..=len_max).contains(&len) {
                self.skip(category, &mut out);
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let Some((block, after)) = rest.split_at_checked(len) else { break };
            self.report_garbage(&mut out);
            self.is_lost = false;
            if READ.contains(&category) {
                out.push(Ok(Block { category, bytes: block.to_vec() }));
            } else {
                self.others += 1;
            }
            rest = after;
        }
        self.bytes = rest.to_vec();
        out
    }

    /// Ends the stream or the datagram: what stands unfinished is refused.
    pub fn finish(&mut self) -> Vec<Result<Block, Reject>> {
        let mut out = Vec::new();
        self.report_garbage(&mut out);
        let rest = std::mem::take(&mut self.bytes);
        if !rest.is_empty() {
            let detail = format!("ASTERIX block ends after {} octets", rest.len());
            out.push(Err(Reject::new("truncated", detail, &rest)));
        }
        out
    }

    /// Whole blocks of categories that are not read.
    #[must_use]
    pub fn others(&self) -> u64 {
        self.others
    }

    fn skip(&mut self, byte: u8, out: &mut Vec<Result<Block, Reject>>) {
        self.is_lost = true;
        self.garbage_len += 1;
        if self.garbage.len() < Reject::SAMPLE_LEN_MAX {
            self.garbage.push(byte);
        }
        if self.garbage_len >= GARBAGE_REPORT_LEN {
            self.report_garbage(out);
        }
    }

    /// One refusal for each run of octets between blocks.
    fn report_garbage(&mut self, out: &mut Vec<Result<Block, Reject>>) {
        if self.garbage_len > 0 {
            let detail = format!(
                "{} octets between ASTERIX blocks; is the feed's format set right?",
                self.garbage_len
            );
            out.push(Err(Reject::new("garbage", detail, &self.garbage)));
            self.garbage.clear();
            self.garbage_len = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_ends_where_the_antenna_points_north() {
        let marks = |records: &[u8]| {
            let len = u8::try_from(HEAD_LEN + records.len()).unwrap();
            let bytes = [&[SERVICE, 0, len], records].concat();
            let blocks = Deframer::default().push(&bytes);
            blocks[0].as_ref().unwrap().is_north_mark()
        };
        assert!(marks(&[0b1100_0000, 25, 7, 1]), "data source and type");
        assert!(marks(&[0b1110_0001, 0, 25, 7, 1, 9, 9, 9]), "a second octet of FSPEC");
        assert!(marks(&[0b0100_0000, 1]), "no data source");
        assert!(!marks(&[0b1101_0000, 25, 7, 2, 128]), "a sector was crossed");
        assert!(!marks(&[0b1000_0000, 25, 1]), "no type");
        assert!(!marks(&[0b1100_0001, 25, 7]), "cut short");
    }
}
