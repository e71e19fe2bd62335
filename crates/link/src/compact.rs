//! Class 3 in few bytes (protocol version 2): what a session has told once is not told again.
//!
//! A thing gets a number for the session, its *handle*; identity, label and names go with the first
//! value and afterwards only when they change, numbers as differences from what was to be expected.
//! A frame lays the numbers of its values in columns and packs them with zstd. Both sides keep the
//! same [`table::Table`]; every frame is a function of that table and of the released values in it, so that
//! nothing else can show in bytes or sizes. `docs/wire.md` section 6 describes the bytes.
//!
//! Refuses: a frame that unpacks to more than [`RAW_BYTES_MAX`] or to more than [`RATIO_MAX`] times
//! its length, handles and profiles that were never told, and numbers that no release can hold.

mod attributes;
mod columns;
mod pack;
mod read;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub(crate) use self::pack::{Packer, Unpacker};
pub(crate) use self::read::Reader;
pub(crate) use self::write::Writer;

/// How long the sender means a frame's body to become: with its header and TLS's the frame stays
/// within 1 KiB, so that what is urgent soon overtakes. Where what follows packs worse than what went
/// before it is longer, at most [`pack::HOPED_RATIO_MAX`] times as long.
pub(crate) const PACKED_BYTES_MAX: usize = 960;
/// The longest unpacked body.
pub(crate) const RAW_BYTES_MAX: usize = 16 * 1024;
/// An unpacked body is at most so many times as long as the packed one.
pub(crate) const RATIO_MAX: usize = 64;

/// Why a body is no picture.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CompactError {
    /// It ends within a value.
    #[error("it ends too early")]
    Short,
    /// Bytes follow the last value.
    #[error("bytes follow the last value")]
    Long,
    /// zstd does not unpack it, or it would be too much.
    #[error("it does not unpack within {RAW_BYTES_MAX} bytes and {RATIO_MAX} times its length")]
    Packing,
    /// A handle, a profile or a kind that was never told.
    #[error("{0} was never told")]
    Unknown(&'static str),
    /// A number that does not fit its field.
    #[error("{0} is out of range")]
    Range(&'static str),
    /// More than the tables hold; an honest sender begins them anew.
    #[error("the tables are full")]
    Full,
}
