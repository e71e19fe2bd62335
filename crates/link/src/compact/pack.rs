//! zstd round the frames of one direction of a session, within stated bounds of memory and time.
//!
//! One zstd frame for the whole session, flushed after each of ours: what was sent once, and how its
//! letters are distributed, shortens what follows.

use std::fmt;

use zstd::stream::raw::{CParameter, DParameter, Decoder, Encoder, Operation as _, OutBuffer};

use super::columns::{Columns, put};
use super::{CompactError, PACKED_BYTES_MAX, RATIO_MAX, RAW_BYTES_MAX};

/// Of zstd's levels the one after which a kilobyte of columns shrinks no more.
const LEVEL: i32 = 17;
/// How far back zstd looks, as a power of two: 64 KiB. A receiver gives it no more.
const WINDOW_LOG: u32 = 16;
/// Size of the tables in which it looks, as a power of two: with the window 400 KB a direction.
const TABLE_LOG: u32 = 15;
/// The sender's unpacked bodies are at most so many times as long as what a frame may hold.
pub(crate) const HOPED_RATIO_MAX: usize = 4;

/// The sending side.
#[derive(Default)]
pub(crate) struct Packer {
    encoder: Option<Encoder<'static>>,
    /// Unpacked and packed bytes of the last body.
    last: Option<(usize, usize)>,
}

impl Packer {
    /// So many bytes should become about one frame. The first guess errs towards short.
    pub(crate) fn raw_bytes(&self) -> usize {
        let (raw, packed) = self.last.unwrap_or((1, 1));
        let hoped = raw * PACKED_BYTES_MAX / packed.max(1);
        hoped.clamp(PACKED_BYTES_MAX, HOPED_RATIO_MAX * PACKED_BYTES_MAX)
    }

    /// The packed form of `raw`: its length and itself; then `plain`, in which there is no order that
    /// packing could use and much that would spoil it; then zeros where `raw` packs better than is
    /// taken.
    pub(crate) fn pack(&mut self, raw: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut packed = vec![0; raw.len() + raw.len() / 128 + 512];
        // Memory is there or the process is at its end; nothing else can fail here, and a body that
        // is empty is refused by its reader.
        let length = self.run(raw, &mut packed).unwrap_or_default();
        packed.truncate(length);
        self.last = Some((raw.len() + plain.len(), length + plain.len()));
        let mut body = Vec::with_capacity(length + plain.len() + 3);
        put(&mut body, length as u64);
        body.extend(packed);
        body.extend_from_slice(plain);
        body.resize(body.len().max(raw.len().div_ceil(RATIO_MAX)), 0);
        body
    }

    fn run(&mut self, raw: &[u8], packed: &mut [u8]) -> std::io::Result<usize> {
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            none => {
                let mut encoder = Encoder::new(LEVEL)?;
                encoder.set_parameter(CParameter::WindowLog(WINDOW_LOG))?;
                encoder.set_parameter(CParameter::HashLog(TABLE_LOG))?;
                encoder.set_parameter(CParameter::ChainLog(TABLE_LOG))?;
                none.insert(encoder)
            }
        };
        let status = encoder.run_on_buffers(raw, packed)?;
        let rest = packed.get_mut(status.bytes_written..).unwrap_or_default();
        let mut rest = OutBuffer::around(rest);
        while encoder.flush(&mut rest)? > 0 {}
        Ok(status.bytes_written + rest.pos())
    }
}

/// The receiving side.
#[derive(Default)]
pub(crate) struct Unpacker(Option<Decoder<'static>>);

impl Unpacker {
    /// What was packed into `body`, and what follows it.
    ///
    /// # Errors
    /// [`CompactError`] when it would be more than is taken, or nothing.
    pub(crate) fn unpack<'a>(
        &mut self,
        body: &'a [u8],
    ) -> Result<(Vec<u8>, &'a [u8]), CompactError> {
        let mut rest = Columns(body);
        let packed = rest.told_bytes()?;
        let most = RAW_BYTES_MAX.min(body.len() * RATIO_MAX);
        let mut raw = vec![0; most + 1];
        let length = self.run(packed, &mut raw).map_err(|_| CompactError::Packing)?;
        raw.truncate(length);
        if length > most { Err(CompactError::Packing) } else { Ok((raw, rest.0)) }
    }

    fn run(&mut self, packed: &[u8], raw: &mut [u8]) -> std::io::Result<usize> {
        let decoder = match &mut self.0 {
            Some(decoder) => decoder,
            none => {
                let mut decoder = Decoder::new()?;
                decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG))?;
                none.insert(decoder)
            }
        };
        let (mut read, mut written) = (0, 0);
        while read < packed.len() && written < raw.len() {
            let status = decoder.run_on_buffers(
                packed.get(read..).unwrap_or_default(),
                raw.get_mut(written..).unwrap_or_default(),
            )?;
            read += status.bytes_read;
            written += status.bytes_written;
            if status.bytes_read + status.bytes_written == 0 {
                break;
            }
        }
        if read < packed.len() { Ok(raw.len()) } else { Ok(written) }
    }
}

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packer").field("last", &self.last).finish_non_exhaustive()
    }
}

impl fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unpacker").finish_non_exhaustive()
    }
}
