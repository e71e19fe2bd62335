//! Signed notes: key notices, tree heads (C2SP tlog-checkpoint in a C2SP signed-note) and the
//! partner's cosignature under a head (C2SP tlog-cosignature, version 1), so that existing tools can
//! read and check them.

use ed25519_dalek::{Signature, VerifyingKey};
use minicbor::{Decode, Encode};

use crate::cbor::{CanonicalError, Digest, from_canonical, to_canonical};
use crate::id::{Nation, Partition};
use crate::statement::{Bilingual, KeyId};
use crate::time::Timestamp;

/// Signs bytes with the node's Ed25519 key (RFC 8032, 64 bytes).
pub type Sign<'a> = &'a dyn Fn(&[u8]) -> [u8; 64];

/// Before the notice in the bytes that are signed, so that no other signature can be passed off.
const NOTICE_DOMAIN: &[u8] = b"renkei/key-notice/1\0";
/// Signature type of a plain Ed25519 note signature.
const TYPE_ED25519: u8 = 0x01;
/// Signature type of a cosignature with a time.
const TYPE_COSIGNATURE: u8 = 0x04;
/// A note longer than this is not read: ours have about 400 bytes.
const NOTE_BYTES_MAX: usize = 4_096;

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
    /// That the key in force before is not to be trusted any more; not written where it is.
    #[n(5)]
    pub revokes: Option<Revocation>,
}

/// That a key is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Revocation {
    /// From this record of the ledger on. Not told to the partner: a ledger's size is national.
    #[n(0)]
    pub from_record: Option<u64>,
    /// From this time on, by the node's clock.
    #[n(1)]
    pub since: Timestamp,
    /// Why.
    #[n(2)]
    pub reason: Bilingual,
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

/// A key notice with its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedNotice {
    /// What is signed.
    #[n(0)]
    pub notice: KeyNotice,
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
    /// Signs `notice` with its own key; `endorse` is the key in force before, `None` for the first.
    #[must_use]
    pub fn sign(notice: KeyNotice, sign: Sign<'_>, endorse: Option<Sign<'_>>) -> Self {
        let bytes = notice.signed_bytes();
        let endorsement = endorse.map(|endorse| endorse(&bytes));
        Self { signature: sign(&bytes), endorsement, notice }
    }

    /// Reads a notice.
    ///
    /// # Errors
    /// [`CanonicalError`] for anything that is not the one spelling of one.
    pub fn read(body: &[u8]) -> Result<Self, CanonicalError> {
        from_canonical(body)
    }

    /// The one spelling.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        to_canonical(self)
    }

    /// Whether the signatures hold, after `before` was in force.
    #[must_use]
    pub fn holds(&self, before: Option<&KeyNotice>) -> bool {
        match before {
            None => self.endorsement.is_none() && self.is_signed(),
            Some(before) => {
                self.is_endorsed_by(&before.public_key)
                    && before.nation == self.notice.nation
                    && before.partition == self.notice.partition
                    && before.epoch <= self.notice.epoch
            }
        }
    }

    /// Whether the new key signed it and `public_key` endorsed it.
    #[must_use]
    pub fn is_endorsed_by(&self, public_key: &[u8; 32]) -> bool {
        let bytes = self.notice.signed_bytes();
        let endorsed = self.endorsement.is_some_and(|by| verifies(public_key, &bytes, &by));
        endorsed && self.is_signed()
    }

    /// Whether the key in the notice signed it, whatever was in force before.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        verifies(&self.notice.public_key, &self.notice.signed_bytes(), &self.signature)
    }
}

/// Strict Ed25519 verification (no small-order keys, canonical encodings only).
#[must_use]
pub fn verifies(public_key: &[u8; 32], bytes: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public_key)
        .is_ok_and(|key| key.verify_strict(bytes, &Signature::from_bytes(signature)).is_ok())
}

/// The name of the log of what crossed from `from` to `to` since `from` opened its `epoch`, for
/// example `renkei/border/JPN/USA/exercise:demo/1`.
#[must_use]
pub fn border_origin(from: Nation, to: Nation, partition: &Partition, epoch: u32) -> String {
    format!("renkei/border/{from}/{to}/{partition}/{epoch}")
}

/// The name under which `nation` cosigns heads of its partners.
#[must_use]
pub fn witness_name(nation: Nation, partition: &Partition) -> String {
    format!("renkei/witness/{nation}/{partition}")
}

/// A tree head: so many entries, under this root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of entries it covers, from entry 0.
    pub size: u64,
    /// RFC 6962 root over them.
    pub root: Digest,
}

impl Checkpoint {
    fn text(&self, origin: &str) -> String {
        format!("{origin}\n{}\n{}\n", self.size, base64(&self.root.0))
    }

    /// The signed note under the name `origin`.
    #[must_use]
    pub fn sign(&self, origin: &str, public_key: &[u8; 32], sign: Sign<'_>) -> String {
        let text = self.text(origin);
        let signature = sign(text.as_bytes());
        let line = signature_line(origin, TYPE_ED25519, public_key, &signature);
        format!("{text}\n{line}")
    }

    /// Reads a note that `public_key` signed as `origin`: the head, and whether the signature holds;
    /// `None` for anything that is not exactly such a note.
    #[must_use]
    pub fn read(note: &[u8], origin: &str, public_key: &[u8; 32]) -> Option<(Self, bool)> {
        let note = std::str::from_utf8(note).ok().filter(|note| note.len() <= NOTE_BYTES_MAX)?;
        let (text, line) = note.split_once("\n\n")?;
        let text = format!("{text}\n");
        let this = Self::of_text(&text, origin)?;
        let signature = read_line(line, origin, TYPE_ED25519, public_key)?.try_into().ok()?;
        Some((this, verifies(public_key, text.as_bytes(), &signature)))
    }

    fn of_text(text: &str, origin: &str) -> Option<Self> {
        let mut lines = text.split('\n').skip(1);
        let size = lines.next()?.parse().ok()?;
        let root = Digest(unbase64(lines.next()?)?.try_into().ok()?);
        let this = Self { size, root };
        (this.text(origin) == text).then_some(this)
    }
}

/// Adds the cosignature of `witness` (name and public key) to a signed head, `at` its time.
#[must_use]
pub fn cosign(note: &str, witness: (&str, &[u8; 32]), at: Timestamp, sign: Sign<'_>) -> String {
    let time = u64::try_from(at.0 / 1_000).unwrap_or_default();
    let text = note.split_once("\n\n").map_or(note, |(text, _)| text);
    let signature = sign(cosigned_text(text, time).as_bytes());
    let blob = [&time.to_be_bytes()[..], &signature].concat();
    format!("{note}{}", signature_line(witness.0, TYPE_COSIGNATURE, witness.1, &blob))
}

/// Reads the cosignature that ends `cosigned`: the signed note without it, and the witness's time.
/// `None` where it is not exactly one that `witness` made.
#[must_use]
pub fn read_cosigned<'a>(
    cosigned: &'a str,
    witness: (&str, &[u8; 32]),
) -> Option<(&'a str, Timestamp)> {
    let within = Some(cosigned).filter(|note| note.len() <= NOTE_BYTES_MAX)?;
    let (before, _) = within.strip_suffix('\n')?.rsplit_once('\n')?;
    let (note, line) = within.split_at_checked(before.len() + 1)?;
    let blob = read_line(line, witness.0, TYPE_COSIGNATURE, witness.1)?;
    let (time, signature) = blob.split_first_chunk::<8>()?;
    let (time, signature) = (u64::from_be_bytes(*time), signature.try_into().ok()?);
    let (text, _) = note.split_once("\n\n")?;
    let holds = verifies(witness.1, cosigned_text(text, time).as_bytes(), &signature);
    let at = i64::try_from(time).ok()?.checked_mul(1_000)?;
    holds.then_some((note, Timestamp(at)))
}

/// What a witness signs: C2SP tlog-cosignature, version 1.
fn cosigned_text(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}\n")
}

/// A signature line of a C2SP signed-note: `— NAME base64(key hash ‖ signature)`.
fn signature_line(name: &str, kind: u8, public_key: &[u8; 32], signature: &[u8]) -> String {
    let Digest(id) = Digest::of_parts(&[name.as_bytes(), &[b'\n', kind], public_key]);
    let blob: Vec<u8> = id.iter().take(4).chain(signature).copied().collect();
    format!("\u{2014} {name} {}\n", base64(&blob))
}

/// The signature in a line, when name and key hash are those expected.
fn read_line(line: &str, name: &str, kind: u8, public_key: &[u8; 32]) -> Option<Vec<u8>> {
    let blob = unbase64(line.strip_suffix('\n')?.rsplit_once(' ')?.1)?;
    let signature = blob.get(4..)?.to_vec();
    (signature_line(name, kind, public_key, &signature) == line).then_some(signature)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648 section 4, with padding.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
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

/// Reads what [`base64`] writes; `None` for anything else.
#[must_use]
pub fn unbase64(text: &str) -> Option<Vec<u8>> {
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

    #[test]
    fn a_cosignature_is_what_the_specification_signs() {
        use ed25519_dalek::{Signer as _, SigningKey};
        let (log, witness) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let (log_key, key) = (log.verifying_key().to_bytes(), witness.verifying_key().to_bytes());
        let head = Checkpoint { size: 7, root: Digest::of(b"root") };
        let note = head.sign("log", &log_key, &|bytes| log.sign(bytes).to_bytes());
        let at = Timestamp(1_679_315_147_000);
        let made = cosign(&note, ("w", &key), at, &|bytes| {
            let text = std::str::from_utf8(bytes).unwrap();
            assert_eq!(text, format!("cosignature/v1\ntime 1679315147\n{}", head.text("log")));
            witness.sign(bytes).to_bytes()
        });
        assert_eq!(read_cosigned(&made, ("w", &key)), Some((note.as_str(), at)));
        assert_eq!(Checkpoint::read(note.as_bytes(), "log", &log_key), Some((head, true)));
        // One changed character anywhere: no note, or a signature that does not hold.
        for place in 0..made.len() {
            let mut bytes = made.clone().into_bytes();
            bytes[place] ^= 1;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let same = read_cosigned(&text, ("w", &key)).and_then(|(note, _)| {
                Checkpoint::read(note.as_bytes(), "log", &log_key).filter(|(_, holds)| *holds)
            });
            assert_eq!(same, None, "byte {place}");
        }
    }
}
