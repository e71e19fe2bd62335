//! Block files: what was sealed, compressed, each block under its own checksums.
//!
//! One file is one sealing, renamed into place whole. Each block holds rows of one source sorted by
//! track, so that a query for one track reads one or two of them and one source's rows can go
//! without the others'.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;

use super::row::{BLOCK_BYTES_MAX, BLOCK_ROWS_MAX, HistoryRow, from_columns, to_columns};
use super::{HistoryDamage, Wrong};
use crate::bytes::{Take, checked, seal};
use crate::dir::sync_dir;

const FILE_MAGIC: &[u8; 8] = b"RNKHBLK1";
/// Bytes of a file's head.
pub(super) const FILE_HEAD: usize = 20;
const BLOCK_MAGIC: &[u8; 4] = b"RNKK";
/// Bytes of a block's head.
pub(super) const BLOCK_HEAD: usize = 64;
/// zstd's own default: 3 is where its speed and ratio meet.
const LEVEL: i32 = 3;

/// The smallest box in time, track and place that holds some rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) track: (u32, u32),
    pub(super) time: (i64, i64),
    pub(super) latitude: (i32, i32),
    pub(super) longitude: (i32, i32),
}

impl Extent {
    /// Holds nothing.
    pub(super) const EMPTY: Self = Self {
        track: (u32::MAX, 0),
        time: (i64::MAX, i64::MIN),
        latitude: (i32::MAX, i32::MIN),
        longitude: (i32::MAX, i32::MIN),
    };

    pub(super) fn of(row: &HistoryRow) -> Self {
        let MicroPosition { latitude_udeg, longitude_udeg } = row.position;
        Self {
            track: (row.track, row.track),
            time: (row.at.0, row.at.0),
            latitude: (latitude_udeg, latitude_udeg),
            longitude: (longitude_udeg, longitude_udeg),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        fn join<T: Ord>(a: (T, T), b: (T, T)) -> (T, T) {
            (a.0.min(b.0), a.1.max(b.1))
        }
        Self {
            track: join(self.track, other.track),
            time: join(self.time, other.time),
            latitude: join(self.latitude, other.latitude),
            longitude: join(self.longitude, other.longitude),
        }
    }

    /// Whether some row of `from..=to` may be inside.
    pub(super) fn meets_time(&self, from: Timestamp, to: Timestamp) -> bool {
        self.time.0 <= to.0 && from.0 <= self.time.1
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.track.0.to_le_bytes());
        out.extend_from_slice(&self.track.1.to_le_bytes());
        out.extend_from_slice(&self.time.0.to_le_bytes());
        out.extend_from_slice(&self.time.1.to_le_bytes());
        for degrees in [self.latitude.0, self.latitude.1, self.longitude.0, self.longitude.1] {
            out.extend_from_slice(&degrees.to_le_bytes());
        }
    }

    fn read(take: &mut Take<'_>) -> Option<Self> {
        let i64 = |take: &mut Take<'_>| take.array().map(i64::from_le_bytes);
        let i32 = |take: &mut Take<'_>| take.array().map(i32::from_le_bytes);
        Some(Self {
            track: (take.u32()?, take.u32()?),
            time: (i64(take)?, i64(take)?),
            latitude: (i32(take)?, i32(take)?),
            longitude: (i32(take)?, i32(take)?),
        })
    }
}

/// Where a block lies and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockPlace {
    /// Offset of its head in the file.
    pub(super) offset: u64,
    /// Bytes with the head.
    pub(super) length: u32,
    pub(super) rows: u16,
    pub(super) extent: Extent,
    /// Whose rows; 0 = of before sources were numbered, or not readable.
    pub(super) source: u16,
}

/// A block file and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BlockFile {
    pub(super) number: u32,
    /// Bytes.
    pub(super) length: u64,
    pub(super) extent: Extent,
    pub(super) blocks: Vec<BlockPlace>,
}

/// The path of block file `number`.
pub(super) fn path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:08}.blk"))
}

/// Seals `rows` (sorted by source, track and time) into block file `number`; whole or not at all.
pub(super) fn write(folder: &Path, number: u32, rows: &[HistoryRow]) -> io::Result<BlockFile> {
    let chunks: Vec<_> = rows
        .chunk_by(|a, b| a.source == b.source)
        .flat_map(|rows| rows.chunks(BLOCK_ROWS_MAX))
        .collect();
    let mut bytes = file_head(number, chunks.len());
    let mut blocks = Vec::new();
    for rows in chunks {
        blocks.push(add_block(&mut bytes, rows)?);
    }
    put(folder, number, &bytes, blocks)
}

/// Writes block file `number` anew with these of its blocks alone, byte for byte; whole or not at
/// all.
pub(super) fn keep_only(
    folder: &Path,
    number: u32,
    places: &[BlockPlace],
) -> io::Result<BlockFile> {
    let file = File::open(path(folder, number))?;
    let mut bytes = file_head(number, places.len());
    let mut blocks = Vec::new();
    for place in places {
        let offset = bytes.len() as u64;
        let mut block = vec![0; place.length as usize];
        file.read_exact_at(&mut block, place.offset)?;
        bytes.extend_from_slice(&block);
        blocks.push(BlockPlace { offset, ..*place });
    }
    put(folder, number, &bytes, blocks)
}

fn file_head(number: u32, blocks: usize) -> Vec<u8> {
    let mut bytes = FILE_MAGIC.to_vec();
    bytes.extend_from_slice(&number.to_le_bytes());
    bytes.extend_from_slice(&(blocks as u32).to_le_bytes());
    seal(&mut bytes, 0);
    bytes
}

/// Puts a file's bytes in place, over an older one of its number.
fn put(folder: &Path, number: u32, bytes: &[u8], blocks: Vec<BlockPlace>) -> io::Result<BlockFile> {
    let extent = blocks.iter().map(|place| place.extent).fold(Extent::EMPTY, Extent::and);
    let (new, old) = (folder.join(format!("{number:08}.blk.new")), path(folder, number));
    let put = || {
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, &old)?;
        sync_dir(folder)
    };
    put().inspect_err(|_| {
        // What is left of it is also removed when the history is opened.
        fs::remove_file(&new).ok();
    })?;
    Ok(BlockFile { number, length: bytes.len() as u64, extent, blocks })
}

fn add_block(out: &mut Vec<u8>, rows: &[HistoryRow]) -> io::Result<BlockPlace> {
    let extent = rows.iter().map(Extent::of).fold(Extent::EMPTY, Extent::and);
    let raw = to_columns(rows);
    let packed = zstd::bulk::compress(&raw, LEVEL)?;
    let start = out.len();
    out.extend_from_slice(BLOCK_MAGIC);
    out.extend_from_slice(&(packed.len() as u32).to_le_bytes());
    out.extend_from_slice(&(raw.len() as u32).to_le_bytes());
    out.extend_from_slice(&(rows.len() as u32).to_le_bytes());
    extent.write(out);
    out.extend_from_slice(&crc32c::crc32c(&packed).to_le_bytes());
    seal(out, start);
    out.extend_from_slice(&packed);
    let (offset, length) = (start as u64, (out.len() - start) as u32);
    let source = rows.first().map_or(0, |row| row.source);
    Ok(BlockPlace { offset, length, rows: rows.len() as u16, extent, source })
}

/// A block's head.
struct Head {
    packed: usize,
    raw: usize,
    rows: usize,
    extent: Extent,
    crc: u32,
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut take = Take(checked(bytes.get(..BLOCK_HEAD)?)?);
        let magic = take.array::<4>()?;
        let (packed, raw, rows) =
            (take.u32()? as usize, take.u32()? as usize, take.u32()? as usize);
        let this = Self { packed, raw, rows, extent: Extent::read(&mut take)?, crc: take.u32()? };
        let sane = &magic == BLOCK_MAGIC
            && (1..=BLOCK_ROWS_MAX).contains(&rows)
            && raw <= BLOCK_BYTES_MAX
            && packed <= 2 * BLOCK_BYTES_MAX;
        sane.then_some(this)
    }

    fn place(&self, offset: u64, source: u16) -> BlockPlace {
        let length = (BLOCK_HEAD + self.packed) as u32;
        BlockPlace { offset, length, rows: self.rows as u16, extent: self.extent, source }
    }
}

/// Lists the blocks of file `number` from the file itself, going on behind a damaged head.
pub(super) fn scan(folder: &Path, number: u32) -> (BlockFile, Vec<HistoryDamage>) {
    let file = path(folder, number);
    let mut damages = Vec::new();
    let mut damage =
        |offset, wrong| damages.push(HistoryDamage { file: file.clone(), offset, wrong });
    let bytes = fs::read(&file).unwrap_or_else(|e| {
        damage(0, Wrong::Unreadable(e.to_string()));
        Vec::new()
    });
    let mut found =
        BlockFile { number, length: bytes.len() as u64, extent: Extent::EMPTY, blocks: Vec::new() };
    let count = read_file_head(&bytes, number);
    let mut at = FILE_HEAD;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        if let Some(head) = Head::read(rest) {
            let source = rows_of(&head, rest).ok().and_then(|rows| rows.first().map(|r| r.source));
            let place = head.place(at as u64, source.unwrap_or(0));
            found.extent = found.extent.and(place.extent);
            found.blocks.push(place);
            at += place.length as usize;
        } else {
            damage(at as u64, Wrong::BlockHead);
            let Some(skip) = next_block(rest) else { break };
            at += skip;
        }
    }
    match count {
        None => damage(0, Wrong::FileHead),
        Some(count) if at != bytes.len() || found.blocks.len() != count as usize => {
            damage(at as u64, Wrong::FileLength);
        }
        Some(_) => {}
    }
    (found, damages)
}

/// How far on the next whole block head begins.
fn next_block(bytes: &[u8]) -> Option<usize> {
    let mut from = 1;
    loop {
        let rest = bytes.get(from..)?;
        from += rest.windows(BLOCK_MAGIC.len()).position(|w| w == BLOCK_MAGIC)?;
        if Head::read(bytes.get(from..)?).is_some() {
            return Some(from);
        }
        from += 1;
    }
}

fn read_file_head(bytes: &[u8], number: u32) -> Option<u32> {
    let mut take = Take(checked(bytes.get(..FILE_HEAD)?)?);
    let (magic, named, count) = (take.array::<8>()?, take.u32()?, take.u32()?);
    (&magic == FILE_MAGIC && named == number).then_some(count)
}

/// The rows of one block, when every byte of it checks.
pub(super) fn read(file: &File, place: &BlockPlace) -> Result<Vec<HistoryRow>, Wrong> {
    let mut bytes = vec![0; place.length.min(4 << 20) as usize];
    file.read_exact_at(&mut bytes, place.offset).map_err(|e| Wrong::Unreadable(e.to_string()))?;
    let head = Head::read(&bytes).ok_or(Wrong::BlockHead)?;
    if head.place(place.offset, place.source) != *place {
        return Err(Wrong::BlockHead);
    }
    rows_of(&head, &bytes)
}

/// The rows of the block at the start of `bytes`, whose head is `head`.
fn rows_of(head: &Head, bytes: &[u8]) -> Result<Vec<HistoryRow>, Wrong> {
    let packed = bytes.get(BLOCK_HEAD..BLOCK_HEAD + head.packed).ok_or(Wrong::BlockContent)?;
    if crc32c::crc32c(packed) != head.crc {
        return Err(Wrong::BlockChecksum);
    }
    let mut raw = Vec::with_capacity(head.raw);
    zstd::stream::read::Decoder::new(packed)
        .and_then(|decoder| decoder.take(head.raw as u64 + 1).read_to_end(&mut raw))
        .map_err(|_| Wrong::BlockContent)?;
    let rows = from_columns(&raw, head.rows).ok_or(Wrong::BlockContent)?;
    let extent = rows.iter().map(Extent::of).fold(Extent::EMPTY, Extent::and);
    if raw.len() == head.raw && extent == head.extent { Ok(rows) } else { Err(Wrong::BlockContent) }
}
