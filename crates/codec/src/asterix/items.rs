//! A record cut into its items by the category's profile, and whole numbers out of octets.
//!
//! Refuses: going on where a length is not certain.

use super::profile::{Item, Shape};

/// Why a record was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// The block ends within the field specification.
    #[error("ends within its field specification")]
    Head,
    /// The block ends within an item.
    #[error("ends within item {number:03}")]
    Truncated {
        /// The item.
        number: u16,
    },
    /// The field specification names an item that the profile does not have.
    #[error("its field specification names place {place}, which the profile does not have")]
    Unknown {
        /// The place in the profile, counted from 1 (FRN).
        place: usize,
    },
    /// No item at all: padding, or not a record.
    #[error("has no item")]
    Empty,
    /// A needed item is missing.
    #[error("has no item {number:03}")]
    Missing {
        /// The item.
        number: u16,
    },
}

impl Fault {
    /// A stable code to count by.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Head | Self::Truncated { .. } => "truncated",
            Self::Unknown { .. } => "profile",
            Self::Empty => "empty",
            Self::Missing { .. } => "missing",
        }
    }
}

/// Places (counted from 0) that a field specification names, and what follows it. Every octet holds
/// seven; FX asks for one more.
fn places(bytes: &[u8]) -> Option<(Vec<usize>, &[u8])> {
    let mut places = Vec::new();
    for (at, octet) in bytes.iter().enumerate() {
        places.extend((0..7).filter(|bit| octet & 0x80 >> bit != 0).map(|bit| at * 7 + bit));
        if octet & 1 == 0 {
            return Some((places, bytes.get(at + 1..)?));
        }
    }
    None
}

/// How many octets an item of `shape` at the beginning of `bytes` takes; `None` where they end first.
fn length(shape: Shape, bytes: &[u8]) -> Option<usize> {
    let len = match shape {
        Shape::Fixed(len) => len,
        Shape::Extended(part) => {
            let mut len = part;
            while bytes.get(len - 1)? & 1 != 0 {
                len += part;
            }
            len
        }
        Shape::Repeated(part) => 1 + usize::from(*bytes.first()?) * part,
        Shape::Compound(shapes) => bytes.len() - sub_items(shapes, bytes, |_, _| {})?.len(),
        // It counts itself, so that 0 is no length.
        Shape::Explicit => usize::from(*bytes.first().filter(|len| **len > 0)?),
        Shape::Spare => return None,
    };
    (len <= bytes.len()).then_some(len)
}

/// Gives each subitem of a compound item with its place; what follows the item.
pub(super) fn sub_items<'a>(
    shapes: &[Shape],
    bytes: &'a [u8],
    mut take: impl FnMut(usize, &'a [u8]),
) -> Option<&'a [u8]> {
    let (places, mut rest) = places(bytes)?;
    for place in places {
        let (item, after) = rest.split_at_checked(length(*shapes.get(place)?, rest)?)?;
        take(place, item);
        rest = after;
    }
    Some(rest)
}

/// Gives each item of the record at the beginning of `bytes` with its number; what follows the record.
pub(super) fn items<'a>(
    profile: &[Item],
    bytes: &'a [u8],
    mut take: impl FnMut(u16, &'a [u8]),
) -> Result<&'a [u8], Fault> {
    let (places, mut rest) = places(bytes).ok_or(Fault::Head)?;
    if places.is_empty() {
        return Err(Fault::Empty);
    }
    for place in places {
        let (number, shape) = match profile.get(place) {
            None | Some((_, Shape::Spare)) => return Err(Fault::Unknown { place: place + 1 }),
            Some(item) => *item,
        };
        let cut = length(shape, rest).and_then(|len| rest.split_at_checked(len));
        let (item, after) = cut.ok_or(Fault::Truncated { number })?;
        take(number, item);
        rest = after;
    }
    Ok(rest)
}

/// Octets `first..first + N` as a number, most significant first; octets past the end read as 0.
pub(super) fn unsigned<const N: usize>(item: &[u8], first: usize) -> u32 {
    (first..first + N)
        .fold(0, |sum, at| sum << 8 | u32::from(item.get(at).copied().unwrap_or_default()))
}

/// The lowest `bits` of `value` in two's complement.
pub(super) fn signed(value: u32, bits: u32) -> i32 {
    let unused = 32 - bits;
    (value << unused) as i32 >> unused
}
