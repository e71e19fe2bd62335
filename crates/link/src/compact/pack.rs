//! zstd round a frame, within stated bounds of memory and time.

use super::{CompactError, RATIO_MAX, RAW_BYTES_MAX};

/// Of zstd's levels the one after which a kilobyte of columns shrinks no more.
const LEVEL: i32 = 9;
/// First byte of a body: what follows is as it is, or a zstd frame; and whether the tables begin anew.
const PACKED: u8 = 1;
const ANEW: u8 = 2;

/// The body of a frame with the columns `raw`; `anew` = the tables begin anew before it.
pub(crate) fn pack(raw: &[u8], anew: bool) -> Vec<u8> {
    let head = if anew { ANEW } else { 0 };
    // Memory is there or the process is at its end; anything else cannot fail here.
    let packed = zstd::bulk::compress(raw, LEVEL).unwrap_or_default();
    let is_honest = raw.len() <= (packed.len() + 1) * RATIO_MAX;
    if packed.is_empty() || packed.len() >= raw.len() || !is_honest {
        return [&[head], raw].concat();
    }
    [&[head | PACKED], packed.as_slice()].concat()
}

/// The columns in `body`, and whether the tables begin anew before them.
///
/// # Errors
/// [`CompactError`] when it would be more than is taken, or nothing.
pub(crate) fn unpack(body: &[u8]) -> Result<(Vec<u8>, bool), CompactError> {
    let (head, rest) = body.split_first().ok_or(CompactError::Short)?;
    let most = RAW_BYTES_MAX.min(body.len() * RATIO_MAX);
    let raw = match head & !ANEW {
        0 => rest.to_vec(),
        PACKED => zstd::bulk::decompress(rest, most).map_err(|_| CompactError::Packing)?,
        _ => return Err(CompactError::Unknown("a way of packing")),
    };
    if raw.len() > most {
        return Err(CompactError::Packing);
    }
    Ok((raw, head & ANEW != 0))
}
