//! Keys change and are revoked by records; a key that nobody endorsed changes nothing.

use ed25519_dalek::{Signer as _, SigningKey};
use renkei_model::statement::{Bilingual, Language};
use renkei_store::StoreDir;
use renkei_store::ledger::{
    KIND_BORDER_NOTICE, Ledger, OpenError, Owner, Revocation, SignedNotice, verify, verify_with,
};

use crate::world::{NOON, batch, key, open, owner, sample, scratch, sign};

fn other() -> SigningKey {
    SigningKey::from_bytes(&[77; 32])
}

fn revocation() -> Revocation {
    let reason = Bilingual { en: "a laptop was lost".into(), ja: "端末の紛失".into() };
    Revocation { from_record: Some(12), since: NOON, reason }
}

#[test]
fn a_ledger_goes_on_under_an_endorsed_key() {
    let dir = scratch();
    sample(dir.path(), 7);
    let public_key = other().verifying_key().to_bytes();
    let sign_new = |bytes: &[u8]| other().sign(bytes).to_bytes();
    let (mut ledger, _) = open(dir.path());
    ledger.rotate((public_key, &sign_new), Some(revocation()), NOON, &sign).unwrap();
    ledger.append(&batch(100, 3)).unwrap();
    ledger.checkpoint(NOON, &sign_new).unwrap();
    drop(ledger);
    let mut told = Vec::new();
    let report = verify_with(dir.path(), |entry| {
        if entry.kind == KIND_BORDER_NOTICE {
            told.push(SignedNotice::read(entry.body().unwrap()).unwrap());
        }
    })
    .unwrap();
    assert!(report.is_whole(), "{}", report.text(Language::En));
    assert_eq!(report.keys, [key().verifying_key().to_bytes(), public_key]);
    let text = report.text(Language::En);
    assert!(text.contains("KEY REVOKED: records 12 to 24"), "{text}");
    // What partners are told is endorsed by the old key and tells nothing of the ledger's size.
    assert!(told[0].is_endorsed_by(&key().verifying_key().to_bytes()));
    assert_eq!(told[0].notice.revokes.as_ref().unwrap().from_record, None);
    assert!(!told[0].is_endorsed_by(&public_key), "only by the old one");
    // The old key opens it no more, the new one does.
    let store = StoreDir::open(dir.path()).unwrap();
    let refused = Ledger::open(&store, &owner(), NOON, &sign);
    assert!(matches!(refused, Err(OpenError::Foreign { .. })));
    Ledger::open(&store, &Owner { public_key, ..owner() }, NOON, &sign_new).unwrap();
}

#[test]
fn a_key_that_was_not_endorsed_is_told() {
    // The planted fault: whoever has the files signs with a key of their own, also as its endorser.
    let dir = scratch();
    sample(dir.path(), 7);
    let public_key = other().verifying_key().to_bytes();
    let forge = |bytes: &[u8]| other().sign(bytes).to_bytes();
    let (mut ledger, _) = open(dir.path());
    ledger.rotate((public_key, &forge), None, NOON, &forge).unwrap();
    drop(ledger);
    assert!(!verify(dir.path()).unwrap().is_whole());
}
