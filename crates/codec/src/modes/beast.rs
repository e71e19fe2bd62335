//! The Beast binary stream: `0x1A`, type, 6 bytes counter, 1 byte signal, frame; a `0x1A` inside is
//! doubled.
//!
//! Refuses: nothing for good. Bytes that are no frame are counted, and reading resumes at the next
//! `0x1A` that starts one.

use super::received::Received;
use crate::Reject;

const ESCAPE: u8 = 0x1A;
/// Counter and signal before each frame.
const HEAD_LEN: usize = 7;
/// The longest body: head and a long frame, or 14 bytes of receiver status.
const BODY_LEN_MAX: usize = HEAD_LEN + 14;
/// Bytes without a frame after which they are reported even if no frame follows.
const GARBAGE_REPORT_LEN: usize = 4096;

/// Body length by message type: Mode A/C, Mode S short, Mode S long, receiver status.
fn body_len(kind: u8) -> Option<usize> {
    match kind {
        b'1' => Some(HEAD_LEN + 2),
        b'2' => Some(HEAD_LEN + 7),
        b'3' | b'4' => Some(HEAD_LEN + 14),
        _ => None,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Between,
    Start,
    Body { kind: u8, escaped: bool },
}

/// Bytes to frames. Keeps at most one unfinished frame.
#[derive(Debug)]
pub struct Deframer {
    state: State,
    body: [u8; BODY_LEN_MAX],
    filled: usize,
    garbage: Vec<u8>,
    garbage_len: usize,
    others: u64,
}

impl Default for Deframer {
    fn default() -> Self {
        Self {
            state: State::Between,
            body: [0; BODY_LEN_MAX],
            filled: 0,
            garbage: Vec::new(),
            garbage_len: 0,
            others: 0,
        }
    }
}

impl Deframer {
    /// Takes the next bytes of the stream; gives the frames they complete and what was refused.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<Received, Reject>> {
        let mut out = Vec::new();
        for byte in bytes {
            self.step(*byte, &mut out);
        }
        out
    }

    /// Whole messages that are no Mode S frame: Mode A/C replies and receiver status.
    #[must_use]
    pub fn others(&self) -> u64 {
        self.others
    }

    fn step(&mut self, byte: u8, out: &mut Vec<Result<Received, Reject>>) {
        match self.state {
            State::Between if byte == ESCAPE => self.state = State::Start,
            State::Between => self.skip(&[byte], out),
            State::Start => self.start(byte, out),
            State::Body { kind, escaped: false } if byte == ESCAPE => {
                self.state = State::Body { kind, escaped: true };
            }
            State::Body { escaped: true, .. } if byte != ESCAPE => {
                let sample = self.body.get(..self.filled).unwrap_or_default();
                let detail = format!("Beast frame ends after {} bytes", self.filled);
                out.push(Err(Reject::new("truncated", detail, sample)));
                self.start(byte, out);
            }
            State::Body { kind, .. } => self.fill(kind, byte, out),
        }
    }

    fn start(&mut self, byte: u8, out: &mut Vec<Result<Received, Reject>>) {
        if body_len(byte).is_none() {
            self.state = State::Between;
            self.skip(&[ESCAPE, byte], out);
            return;
        }
        self.report_garbage(out);
        self.filled = 0;
        self.state = State::Body { kind: byte, escaped: false };
    }

    fn fill(&mut self, kind: u8, byte: u8, out: &mut Vec<Result<Received, Reject>>) {
        self.state = State::Body { kind, escaped: false };
        if let Some(slot) = self.body.get_mut(self.filled) {
            *slot = byte;
        }
        self.filled += 1;
        if Some(self.filled) == body_len(kind) {
            self.state = State::Between;
            match self.finish(kind) {
                Some(received) => out.push(Ok(received)),
                None => self.others += 1,
            }
        }
    }

    fn finish(&self, kind: u8) -> Option<Received> {
        let body = self.body.get(..self.filled)?;
        let (head, frame) = body.split_at_checked(HEAD_LEN)?;
        if !matches!(kind, b'2' | b'3') {
            return None;
        }
        let (signal, counter) = head.split_last()?;
        let counter = counter.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let mut received = Received::new(frame)?.with_counter(counter);
        received.signal = Some(*signal);
        Some(received)
    }

    fn skip(&mut self, bytes: &[u8], out: &mut Vec<Result<Received, Reject>>) {
        let room = Reject::SAMPLE_LEN_MAX.saturating_sub(self.garbage.len());
        self.garbage.extend(bytes.iter().take(room));
        self.garbage_len += bytes.len();
        if self.garbage_len >= GARBAGE_REPORT_LEN {
            self.report_garbage(out);
        }
    }

    /// One refusal for each run of bytes between frames.
    fn report_garbage(&mut self, out: &mut Vec<Result<Received, Reject>>) {
        if self.garbage_len > 0 {
            let detail = format!(
                "{} bytes between Beast frames; is the feed's format set right?",
                self.garbage_len
            );
            out.push(Err(Reject::new("garbage", detail, &self.garbage)));
            self.garbage.clear();
            self.garbage_len = 0;
        }
    }
}

/// One frame as a Beast message. `counter` is cut to 48 bits.
#[must_use]
pub fn encode(frame: &[u8], counter: u64, signal: u8) -> Vec<u8> {
    let kind = if frame.len() == super::frame::SHORT_LEN { b'2' } else { b'3' };
    let mut out = vec![ESCAPE, kind];
    let head = counter.to_be_bytes().into_iter().skip(2).chain([signal]);
    for byte in head.chain(frame.iter().copied()) {
        out.push(byte);
        if byte == ESCAPE {
            out.push(ESCAPE);
        }
    }
    out
}
