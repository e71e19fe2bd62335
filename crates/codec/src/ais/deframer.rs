//! Bytes to lines, however the socket cut them.
//!
//! Refuses: more than 1,024 bytes without a line's end. The rest of such a line is thrown away,
//! so that garbage costs bounded memory and one reject.

use super::{SentenceError, scan};
use crate::Reject;

/// Joins what a socket delivers into lines. One of these a connection.
#[derive(Debug, Default)]
pub struct Deframer {
    /// The begun line.
    held: Vec<u8>,
    /// The begun line was too long and is thrown away up to its end.
    skipping: bool,
}

impl Deframer {
    /// A tag block of 82 bytes, a prefix and a sentence of 82 fit many times.
    pub const LINE_LEN_MAX: usize = 1024;

    /// Hands each line that `bytes` complete to `sink`, without its end; blank lines are passed over.
    pub fn push(&mut self, bytes: &[u8], mut sink: impl FnMut(Result<&[u8], Reject>)) {
        let mut rest = bytes;
        while let Some(end) = end(rest) {
            let (line, tail) = rest.split_at(end);
            rest = tail.get(1..).unwrap_or_default();
            if self.held.is_empty() && !self.skipping && line.len() <= Self::LINE_LEN_MAX {
                if !line.is_empty() {
                    sink(Ok(line));
                }
            } else {
                self.hold(line, &mut sink);
                self.finish(&mut sink);
            }
        }
        self.hold(rest, &mut sink);
    }

    /// Takes what is held as a whole line: at the end of a file or a datagram.
    pub fn finish(&mut self, mut sink: impl FnMut(Result<&[u8], Reject>)) {
        if !self.held.is_empty() {
            sink(Ok(&self.held));
        }
        self.held.clear();
        self.skipping = false;
    }

    fn hold(&mut self, part: &[u8], sink: &mut impl FnMut(Result<&[u8], Reject>)) {
        if self.skipping {
            return;
        }
        let room = Self::LINE_LEN_MAX.saturating_sub(self.held.len());
        self.held.extend_from_slice(part.get(..room).unwrap_or(part));
        if part.len() > room {
            sink(Err(SentenceError::LineTooLong.reject(&self.held)));
            self.held.clear();
            self.skipping = true;
        }
    }
}

/// Where the first line end stands. Other control characters are rare: only in garbage.
fn end(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + scan::control(bytes.get(from..)?)?;
        if matches!(bytes.get(at), Some(b'\n' | b'\r')) {
            return Some(at);
        }
        from = at + 1;
    }
}
