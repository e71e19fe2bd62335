//! Frames: the unit that is read whole or not at all.
//!
//! ```text
//!  0        2      3             7               7 + length
//!  +--------+------+-------------+----------------+
//!  | length | kind |   CRC-32C   |      body      |   big endian
//!  +--------+------+-------------+----------------+
//! ```
//!
//! TLS already detects changed bytes. The check is kept because it costs 0.4 % and turns a driver
//! that loses or repeats a buffer into a clean end of the session instead of nonsense that decodes.
//! Refuses: bodies over [`BODY_BYTES_MAX`], before a byte of them is stored.

/// Bytes before the body.
pub(crate) const HEADER_BYTES: usize = 7;

/// The protocol version from which on observations go as pictures and entries packed.
pub(crate) const COMPACT_VERSION: u16 = 2;

/// The longest body a receiver takes. 16 KiB need 2 s at 64 kbit/s, so that a whole frame always
/// arrives well within the idle time-out; our own frames stay at or below about 2 KiB.
pub(crate) const BODY_BYTES_MAX: usize = 16 * 1024;

/// Kinds from this one up may be ignored by a receiver that does not know them.
pub(crate) const IGNORABLE_FROM: u8 = 0x80;

/// What a frame is, by its number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Hello = 0x01,
    Refuse = 0x02,
    Heartbeat = 0x03,
    Ack = 0x04,
    Credit = 0x05,
    Chunk = 0x06,
    Observations = 0x07,
    Picture = 0x08,
    Pieces = 0x09,
}

impl Kind {
    pub(crate) const ALL: [Self; 9] = [
        Self::Hello,
        Self::Refuse,
        Self::Heartbeat,
        Self::Ack,
        Self::Credit,
        Self::Chunk,
        Self::Observations,
        Self::Picture,
        Self::Pieces,
    ];

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == code)
    }

    /// The protocol version that brought it.
    pub(crate) fn since(self) -> u16 {
        if matches!(self, Self::Picture | Self::Pieces) { COMPACT_VERSION } else { 1 }
    }
}

/// A whole frame whose check was right.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Number of the kind, known or not.
    pub(crate) kind: u8,
    pub(crate) body: Vec<u8>,
}

/// Why bytes are not frames.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("a frame announces {0} bytes, at most {BODY_BYTES_MAX} are taken")]
    TooLong(usize),
    #[error("a frame of kind {0} fails its check: bytes were lost or changed on the way")]
    Check(u8),
}

/// Appends one frame to `out`.
pub(crate) fn write(out: &mut Vec<u8>, kind: u8, body: &[u8]) {
    debug_assert!(body.len() <= BODY_BYTES_MAX, "our own frames are short");
    let [high, low] = (body.len() as u16).to_be_bytes();
    out.extend_from_slice(&[high, low, kind]);
    out.extend_from_slice(&check([high, low, kind], body).to_be_bytes());
    out.extend_from_slice(body);
}

/// Appends one frame to `out`; its whole length.
pub(crate) fn send(out: &mut Vec<u8>, kind: Kind, body: &[u8]) -> usize {
    write(out, kind as u8, body);
    HEADER_BYTES + body.len()
}

/// CRC-32C over length, kind and body.
fn check(head: [u8; 3], body: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&head), body)
}

/// Cuts a byte stream into frames. Holds at most one frame, however much is pushed at once.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    partial: Vec<u8>,
}

impl Reader {
    /// The next whole frame, taking what it needs from the front of `input`; `None` when `input` is
    /// used up. After an error the stream has no frames any more.
    pub(crate) fn next(&mut self, input: &mut &[u8]) -> Result<Option<Frame>, FrameError> {
        if !self.fill(input, HEADER_BYTES) {
            return Ok(None);
        }
        let Some(&[high, low, kind, a, b, c, d]) = self.partial.first_chunk::<HEADER_BYTES>()
        else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length > BODY_BYTES_MAX {
            return Err(FrameError::TooLong(length));
        }
        if !self.fill(input, HEADER_BYTES + length) {
            return Ok(None);
        }
        let body = self.partial.split_off(HEADER_BYTES);
        self.partial.clear();
        if check([high, low, kind], &body) != u32::from_be_bytes([a, b, c, d]) {
            return Err(FrameError::Check(kind));
        }
        Ok(Some(Frame { kind, body }))
    }

    /// Bytes of an unfinished frame.
    pub(crate) fn held_bytes(&self) -> usize {
        self.partial.len()
    }

    /// Moves bytes over until `wanted` are held; whether they are.
    fn fill(&mut self, input: &mut &[u8], wanted: usize) -> bool {
        let missing = wanted.saturating_sub(self.partial.len()).min(input.len());
        let (taken, rest) = input.split_at(missing);
        self.partial.extend_from_slice(taken);
        *input = rest;
        self.partial.len() >= wanted
    }
}
