//! Canonical CBOR: the bytes that are hashed and signed.
//!
//! RFC 8949 section 4.2.1, held by construction: fixed field order (arrays, or maps with ascending
//! integer keys), definite lengths, shortest integers, no floats. Decoding re-encodes and compares,
//! so one meaning has exactly one spelling.

use minicbor::{Decode, Encode, decode::Decoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 digest. A CBOR byte string of 32 bytes; 64 hexadecimal characters in JSON.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
#[cbor(transparent)]
pub struct Digest(#[cbor(with = "minicbor::bytes")] pub [u8; 32]);

impl Digest {
    /// SHA-256 of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// SHA-256 of the concatenation of `parts`.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// Lower-case hexadecimal, 64 characters.
    #[must_use]
    pub fn to_hex(self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            text
        })
    }

    /// Reads 64 hexadecimal characters; `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits: Vec<u8> =
            text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Some(Self(bytes))
    }
}

impl TryFrom<String> for Digest {
    type Error = CanonicalError;
    fn try_from(text: String) -> Result<Self, CanonicalError> {
        Self::from_hex(&text)
            .ok_or_else(|| CanonicalError::Shape(format!("`{text}` is not 64 hexadecimal digits")))
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_hex()
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_hex()[..12])
    }
}

/// Why bytes were refused as canonical CBOR.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// Not the CBOR of the expected shape.
    #[error("decode canonical CBOR: {0}")]
    Shape(String),
    /// Decodes, but is not the one canonical spelling, or bytes follow it.
    #[error("decode canonical CBOR: another spelling of the same value")]
    NotCanonical,
}

/// The canonical bytes of `value`.
///
/// # Panics
/// Never for the types of this project: writing to a `Vec` cannot fail.
#[must_use]
pub fn to_canonical<T: Encode<()>>(value: &T) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "writing to a Vec cannot fail")]
    minicbor::to_vec(value).expect("encoding into memory")
}

/// Reads `T` and insists that `bytes` are its one canonical spelling.
///
/// # Errors
/// [`CanonicalError`] when the shape is wrong, bytes are left over, or the spelling differs.
pub fn from_canonical<T>(bytes: &[u8]) -> Result<T, CanonicalError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    let value: T =
        Decoder::new(bytes).decode().map_err(|e| CanonicalError::Shape(e.to_string()))?;
    if to_canonical(&value) == bytes { Ok(value) } else { Err(CanonicalError::NotCanonical) }
}
