//! The AVR text stream: `*8D…;`, `@` with a 12-digit counter, `<` with counter and signal.
//!
//! Refuses: lines longer than any frame; the rest of such a line is skipped.

use super::received::Received;
use crate::Reject;

/// `<`, 12 digits of counter, 2 of signal, 28 of frame, and some blanks.
const LINE_LEN_MAX: usize = 64;

/// Bytes to frames. Keeps at most one unfinished line.
#[derive(Debug, Default)]
pub struct Deframer {
    line: Vec<u8>,
    is_too_long: bool,
}

impl Deframer {
    /// Takes the next bytes of the stream; gives the frames they complete and what was refused.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Result<Received, Reject>> {
        let mut out = Vec::new();
        for byte in bytes {
            match byte {
                b';' | b'\n' | b'\r' => self.end(&mut out),
                b' ' | b'\t' => {}
                _ if self.line.len() >= LINE_LEN_MAX => self.is_too_long = true,
                _ => self.line.push(*byte),
            }
        }
        out
    }

    /// Ends the stream: what stands in the last line, if it lacks its `;`.
    pub fn finish(&mut self) -> Vec<Result<Received, Reject>> {
        let mut out = Vec::new();
        self.end(&mut out);
        out
    }

    fn end(&mut self, out: &mut Vec<Result<Received, Reject>>) {
        if self.is_too_long {
            let detail = format!("AVR line longer than {LINE_LEN_MAX} characters");
            out.push(Err(Reject::new("too_long", detail, &self.line)));
        } else if !self.line.is_empty() {
            out.push(read_line(&self.line).ok_or_else(|| {
                let detail = "AVR line is not `*`, `@` or `<` and the hexadecimal of a frame";
                Reject::new("syntax", detail, &self.line)
            }));
        }
        self.line.clear();
        self.is_too_long = false;
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |sum, digit| {
        char::from(*digit).to_digit(16).map(|value| sum << 4 | u64::from(value))
    })
}

fn read_line(line: &[u8]) -> Option<Received> {
    let (mark, rest) = line.split_first()?;
    match mark {
        b'*' | b':' => from_hex(rest),
        b'@' | b'%' => {
            let (counter, frame) = rest.split_at_checked(12)?;
            Some(from_hex(frame)?.with_counter(number(counter)?))
        }
        b'<' => {
            let (counter, rest) = rest.split_at_checked(12)?;
            let (signal, frame) = rest.split_at_checked(2)?;
            let mut received = from_hex(frame)?.with_counter(number(counter)?);
            received.signal = Some(number(signal)? as u8);
            Some(received)
        }
        _ => None,
    }
}

/// A frame from its 14 or 28 hexadecimal digits.
#[must_use]
pub fn from_hex(digits: &[u8]) -> Option<Received> {
    let mut bytes = [0; super::frame::LONG_LEN];
    let len = digits.len() / 2;
    if !digits.len().is_multiple_of(2) || len > bytes.len() {
        return None;
    }
    for (slot, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *slot = number(pair)? as u8;
    }
    Received::new(bytes.get(..len)?)
}

/// One frame as an AVR line with its line end.
#[must_use]
pub fn encode(frame: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut line = String::from("*");
    for byte in frame {
        // Writing to a String cannot fail.
        let _ = write!(line, "{byte:02X}");
    }
    line.push_str(";\n");
    line
}
