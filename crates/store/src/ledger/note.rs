//! What the node signs in its own ledger: key notices and checkpoints (C2SP tlog-checkpoint in a
//! C2SP signed note, so that existing tools can read and check them).

use ed25519_dalek::{Signature, VerifyingKey};
use minicbor::{Decode, Encode};
use renkei_model::cbor::{CanonicalError, Digest, from_canonical, to_canonical};
use renkei_model::id::{Nation, Partition};
use renkei_model::statement::KeyId;

/// Signs bytes with the node's Ed25519 key (RFC 8032, 64 bytes).
pub type Sign<'a> = &'a dyn Fn(&[u8]) -> [u8; 64];

/// Before the notice in the bytes that are signed, so that no other signature can be passed off.
const NOTICE_DOMAIN: &[u8] = b"renkei/key-notice/1\0";

/// Whose ledger this is, from here on: the first record, and one more for each new epoch or key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct KeyNotice {
    /// The node's nation.
    #[n(0)]
    pub nation: Nation,
    /// The node's name.
    #[n(1)]
    pub name: String,
    /// The one partition of this ledger.
    #[n(2)]
    pub partition: Partition,
    /// From 1; raised by a restore from backup.
    #[n(3)]
    pub epoch: u32,
    /// Ed25519 public key.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub public_key: [u8; 32],
}

impl KeyNotice {
    /// The key's id.
    #[must_use]
    pub fn key(&self) -> KeyId {
        KeyId::of(&self.public_key)
    }

    /// The ledger's name in its checkpoints, for example `renkei/ledger/JPN/exercise:demo`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("renkei/ledger/{}/{}", self.nation, self.partition)
    }

    /// The fingerprint that two people read to each other: SHA-256 of the public key in groups of
    /// four hexadecimal characters.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hex = Digest::of(&self.public_key).to_hex();
        hex.as_bytes()
            .chunks(4)
            .map(|group| String::from_utf8_lossy(group))
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn signed_bytes(&self) -> Vec<u8> {
        [NOTICE_DOMAIN, &to_canonical(self)].concat()
    }
}

/// A key notice with its signatures: the body of a record of kind
/// [`KIND_KEY_NOTICE`](super::KIND_KEY_NOTICE).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SignedNotice {
    #[n(0)]
    pub(crate) notice: KeyNotice,
    /// By the key in the notice.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    signature: [u8; 64],
    /// By the key in force before; absent in the first notice.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    endorsement: Option<[u8; 64]>,
}

impl SignedNotice {
    /// Signs `notice`; with an endorsement when the same key was in force before.
    pub(crate) fn sign(notice: KeyNotice, first: bool, sign: Sign<'_>) -> Self {
        let signature = sign(&notice.signed_bytes());
        Self { notice, signature, endorsement: (!first).then_some(signature) }
    }

    pub(crate) fn read(body: &[u8]) -> Result<Self, CanonicalError> {
        from_canonical(body)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        to_canonical(self)
    }

    /// Whether the signatures hold, after `before` was in force.
    pub(crate) fn holds(&self, before: Option<&KeyNotice>) -> bool {
        let bytes = self.notice.signed_bytes();
        let endorsed = match (before, &self.endorsement) {
            (None, None) => true,
            (Some(before), Some(signature)) => {
                verifies(&before.public_key, &bytes, signature)
                    && before.nation == self.notice.nation
                    && before.partition == self.notice.partition
                    && before.epoch <= self.notice.epoch
            }
            _ => false,
        };
        endorsed && verifies(&self.notice.public_key, &bytes, &self.signature)
    }

    /// Whether the key in the notice signed it, whatever was in force before.
    pub(crate) fn is_signed(&self) -> bool {
        verifies(&self.notice.public_key, &self.notice.signed_bytes(), &self.signature)
    }
}

/// Strict Ed25519 verification (no small-order keys, canonical encodings only).
pub(crate) fn verifies(public_key: &[u8; 32], bytes: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public_key)
        .is_ok_and(|key| key.verify_strict(bytes, &Signature::from_bytes(signature)).is_ok())
}

/// A signed tree head: so many records, under this root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of records it covers, from record 0.
    pub size: u64,
    /// RFC 6962 root of their headers.
    pub root: Digest,
}

impl Checkpoint {
    fn text(&self, origin: &str) -> String {
        format!("{origin}\n{}\n{}\n", self.size, base64(&self.root.0))
    }

    /// The signed note.
    pub(crate) fn sign(&self, by: &KeyNotice, sign: Sign<'_>) -> String {
        let text = self.text(&by.origin());
        let signature = sign(text.as_bytes());
        note(&text, by, &signature)
    }

    /// Reads a note of `by`: the checkpoint, and whether its signature holds; `None` for anything
    /// that is not exactly such a note.
    pub(crate) fn read(body: &[u8], by: &KeyNotice) -> Option<(Self, bool)> {
        let text = std::str::from_utf8(body).ok()?;
        let mut lines = text.split('\n');
        let (_, size) = (lines.next()?, lines.next()?.parse().ok()?);
        let root = Digest(unbase64(lines.next()?)?.try_into().ok()?);
        let blob = unbase64(lines.nth(1)?.rsplit_once(' ')?.1)?;
        let signature: [u8; 64] = blob.get(4..)?.try_into().ok()?;
        let this = Self { size, root };
        let signed = this.text(&by.origin());
        let spelled = note(&signed, by, &signature) == text;
        spelled.then(|| (this, verifies(&by.public_key, signed.as_bytes(), &signature)))
    }
}

/// C2SP signed-note with one Ed25519 signature (type 0x01) whose key name is the origin.
fn note(text: &str, by: &KeyNotice, signature: &[u8; 64]) -> String {
    let name = by.origin();
    let Digest(id) = Digest::of_parts(&[name.as_bytes(), b"\n\x01", &by.public_key]);
    let blob: Vec<u8> = id.iter().take(4).chain(signature).copied().collect();
    format!("{text}\n\u{2014} {name} {}\n", base64(&blob))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648 section 4, with padding.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, i| bits << 8 | u32::from(*group.get(i).unwrap_or(&0)));
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// Reads what [`base64`] writes and nothing else.
fn unbase64(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut held) = (Vec::with_capacity(text.len()), 0u32, 0);
    for digit in text.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|a| *a == digit)? as u32;
        (bits, held) = ((bits << 6 | value) & 0xFF_FFFF, held + 6);
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    (base64(&out) == text).then_some(out)
}

#[cfg(test)]
mod tests {
    //! Base64 against RFC 4648's vectors; notes that were changed are refused.

    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let check = |plain: &str, coded: &str| {
            assert_eq!(base64(plain.as_bytes()), coded);
            assert_eq!(unbase64(coded).as_deref(), Some(plain.as_bytes()));
        };
        check("", "");
        check("f", "Zg==");
        check("fo", "Zm8=");
        check("foo", "Zm9v");
        check("foob", "Zm9vYg==");
        check("foobar", "Zm9vYmFy");
        for bad in ["Zh==", "Zg=", "Z", "Zg==\n", "Zm 9"] {
            assert_eq!(unbase64(bad), None, "{bad}");
        }
    }
}
