//! A walk over CBOR (RFC 8949) that finds every text, map keys included, and looks into byte strings too:
//! a signed record travels as one.
//!
//! Its own parser on purpose: a fault of the encoder's library is not a fault here.

/// Deeper than anything that crosses.
const DEPTH_MAX: usize = 32;

/// Calls `found` with every text and the places that lead to it; `Err` with the byte at which the item is
/// not read any further.
pub(super) fn texts(item: &[u8], found: &mut dyn FnMut(&[usize], &str)) -> Result<(), usize> {
    let mut walk = Walk { item, at: 0, path: Vec::new(), found };
    walk.value()?;
    if walk.at == item.len() { Ok(()) } else { Err(walk.at) }
}

struct Walk<'a> {
    item: &'a [u8],
    at: usize,
    path: Vec<usize>,
    found: &'a mut dyn FnMut(&[usize], &str),
}

impl Walk<'_> {
    fn value(&mut self) -> Result<(), usize> {
        let start = self.at;
        let (major, argument) = self.head()?;
        match major {
            // Numbers, simple values and floats, whose argument is their content.
            0 | 1 | 7 => Ok(()),
            2 => {
                let bytes = self.take(argument)?.to_vec();
                self.bytes(&bytes);
                Ok(())
            }
            3 => {
                let bytes = self.take(argument)?;
                let text = std::str::from_utf8(bytes).map_err(|_| start)?.to_owned();
                (self.found)(&self.path, &text);
                Ok(())
            }
            4 => self.children(argument, 1),
            5 => self.children(argument, 2),
            // A tag stands before one value.
            _ => self.children(1, 1),
        }
    }

    /// A byte string may hold CBOR again, or text: both are looked at, and neither must be there.
    fn bytes(&mut self, bytes: &[u8]) {
        let (path, found) = (self.path.clone(), &mut *self.found);
        found(&path, &String::from_utf8_lossy(bytes));
        if path.len() < DEPTH_MAX {
            let mut within = |inner: &[usize], text: &str| found(&[&path, inner].concat(), text);
            // What is no CBOR was looked at as text.
            let _ = texts(bytes, &mut within);
        }
    }

    fn children(&mut self, count: u64, each: u64) -> Result<(), usize> {
        if self.path.len() >= DEPTH_MAX {
            return Err(self.at);
        }
        // No child is shorter than a byte, so a count beyond the bytes ends at the item's end.
        for i in 0..count.saturating_mul(each) {
            self.path.push(usize::try_from(i / each).unwrap_or(usize::MAX));
            let read = self.value();
            self.path.pop();
            read?;
        }
        Ok(())
    }

    /// The major type and the argument of the next value. Lengths without end are not canonical.
    fn head(&mut self) -> Result<(u8, u64), usize> {
        let start = self.at;
        let first = *self.take(1)?.first().ok_or(start)?;
        let length = match first & 0x1f {
            small @ 0..=23 => return Ok((first >> 5, u64::from(small))),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return Err(start),
        };
        let bytes = self.take(length)?;
        Ok((first >> 5, bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))))
    }

    fn take(&mut self, length: u64) -> Result<&[u8], usize> {
        let end = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        let bytes = end.and_then(|end| self.item.get(self.at..end)).ok_or(self.at)?;
        self.at += bytes.len();
        Ok(bytes)
    }
}
