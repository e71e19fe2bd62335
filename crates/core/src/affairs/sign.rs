//! Signing and checking records with Ed25519 (RFC 8032): the node's key speaks for what its seats'
//! persons attested.

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use renkei_model::cbor::to_canonical;
use renkei_model::cose;
use renkei_model::id::Nation;
use renkei_model::note::verifies;
use renkei_model::statement::{KeyId, Record, SignedRecord};

/// Why a signature does not stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Another key is named than the one expected.
    #[error("check a signature: another key is named than the one on the card")]
    AnotherKey,
    /// The key on the card is not a point of the curve.
    #[error("check a signature: the key on the card is no Ed25519 key; exchange cards again")]
    NoKey,
    /// The signature is not this key's over these bytes.
    #[error("check a signature: it was not made by this key over these bytes")]
    Forged,
}

/// The keys that each nation's node has had, oldest first.
pub type Keyring = BTreeMap<Nation, Vec<[u8; 32]>>;

/// Whether one of `keys` signed.
pub(super) fn is_signed_by_one(keys: &[[u8; 32]], signed: &SignedRecord) -> bool {
    let cose_holds = |key| {
        let bytes = || cose::to_be_signed(&cose::protected(), &signed.bytes);
        signed.cose.is_none_or(|signature| verifies(key, &bytes(), &signature))
    };
    keys.iter().any(|key| check_signature(key, signed).is_ok() && cose_holds(key))
}

/// Signs `record`. Deterministic: the same record and key give the same bytes.
pub(super) fn sign(key: &SigningKey, record: &Record) -> SignedRecord {
    let bytes = to_canonical(record);
    let signature = key.sign(&signed_bytes(&bytes)).to_bytes();
    let cose = Some(key.sign(&cose::to_be_signed(&cose::protected(), &bytes)).to_bytes());
    SignedRecord { bytes, key: KeyId::of(key.verifying_key().as_bytes()), signature, cose }
}

/// Checks that `signed` was made by the holder of `public_key` (32 bytes), strictly: no small-order
/// points, one spelling of each signature.
///
/// # Errors
/// [`SignatureError`] says which of the three did not hold.
pub fn check_signature(public_key: &[u8; 32], signed: &SignedRecord) -> Result<(), SignatureError> {
    if signed.key != KeyId::of(public_key) {
        return Err(SignatureError::AnotherKey);
    }
    let key = VerifyingKey::from_bytes(public_key).map_err(|_| SignatureError::NoKey)?;
    key.verify_strict(&signed_bytes(&signed.bytes), &Signature::from_bytes(&signed.signature))
        .map_err(|_| SignatureError::Forged)
}

fn signed_bytes(bytes: &[u8]) -> Vec<u8> {
    [SignedRecord::DOMAIN, bytes].concat()
}
