//! A second reader of segment files, written from `docs/record.md` alone: it knows where things
//! lie and checks nothing, so that tests can say what a damaged byte belonged to.

use std::ops::Range;

/// A batch and its records in a segment file.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) bytes: Range<usize>,
    pub(crate) first_seq: u64,
    pub(crate) records: Vec<Range<usize>>,
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// Where the first batch begins.
pub(crate) fn head_length(segment: &[u8]) -> usize {
    24 + 32 * u16_at(segment, 10) + 4
}

/// The batches of a whole segment file.
pub(crate) fn frames(segment: &[u8]) -> Vec<Frame> {
    let (mut at, mut frames) = (head_length(segment), Vec::new());
    while at < segment.len() {
        let end = at + 24 + u32_at(segment, at + 4) + 4;
        let first_seq = u64::from_le_bytes(segment[at + 12..at + 20].try_into().unwrap());
        let (mut record, mut records) = (at + 24, Vec::new());
        while record < end - 4 {
            let length = u32_at(segment, record);
            records.push(record..record + length);
            record += length;
        }
        frames.push(Frame { bytes: at..end, first_seq, records });
        at = end;
    }
    frames
}

/// Where a record's header lies in its bytes.
pub(crate) fn header(record: &[u8]) -> Range<usize> {
    8..8 + u16_at(record, 4)
}

/// Where a record's body lies in its bytes.
pub(crate) fn body(record: &[u8]) -> Range<usize> {
    header(record).end + 32..record.len() - 4
}

fn put_crc(bytes: &mut [u8], covered: Range<usize>) {
    let crc = crc32c::crc32c(&bytes[covered.clone()]);
    bytes[covered.end..covered.end + 4].copy_from_slice(&crc.to_le_bytes());
}

/// Makes the checksums of a record and its batch match what is there, as a forger would.
pub(crate) fn forge(segment: &mut [u8], frame: &Frame, record: usize) {
    let Range { start, end } = frame.records[record].clone();
    put_crc(segment, start..end - 4);
    put_crc(segment, frame.bytes.start..frame.bytes.end - 4);
}
