//! A partner's new key is taken when the key before endorsed it, and refused otherwise.

use ed25519_dalek::{Signer as _, SigningKey};
use renkei_core::affairs::decision::Half;
use renkei_core::affairs::entry::Entry;
use renkei_core::affairs::{Affairs, AffairsInput, Keyring, learn_keys};
use renkei_model::note::{KeyNotice, Revocation, SignedNotice};

use super::pair::{BEGIN, JPN, Pair, USA, both, config, key};

fn new_key() -> SigningKey {
    SigningKey::from_bytes(&[55; 32])
}

/// Japan's node comes up under its new key, which `endorser` endorsed.
fn change(pair: &mut Pair, endorser: &SigningKey, revokes: Option<Revocation>) {
    let (old, new) = (key(JPN), new_key());
    let by = |key: SigningKey| move |bytes: &[u8]| key.sign(bytes).to_bytes();
    let own = config(JPN);
    let first = KeyNotice {
        nation: own.nation,
        name: "J".into(),
        partition: own.partition.clone(),
        epoch: 1,
        public_key: old.verifying_key().to_bytes(),
        revokes: None,
    };
    let public_key = new.verifying_key().to_bytes();
    let second = KeyNotice { public_key, revokes, ..first.clone() };
    let (sign_old, sign_new, endorse) = (by(old), by(new.clone()), by(endorser.clone()));
    let notices = vec![
        SignedNotice::sign(first, &sign_old, None).to_bytes(),
        SignedNotice::sign(second, &sign_new, Some(&endorse)).to_bytes(),
    ];
    let config = renkei_core::affairs::AffairsConfig { key: new, notices, ..own };
    pair.nodes[JPN].affairs = Affairs::replay(config, pair.nodes[JPN].ledger.clone()).unwrap();
    pair.act(JPN, AffairsInput::Start);
    pair.quiet();
}

fn refused(pair: &Pair) -> Vec<String> {
    let entries = pair.nodes[USA].ledger.iter();
    let codes = entries.filter_map(|(kind, body)| match Entry::from_body(*kind, body) {
        Ok(Some(Entry::Refused(e))) => Some(e.code),
        _ => None,
    });
    codes.collect()
}

#[test]
fn an_endorsed_key_speaks_for_the_partner_without_new_cards() {
    let mut pair = Pair::new();
    change(&mut pair, &key(JPN), None);
    pair.enter(JPN);
    pair.quiet();
    assert_eq!(refused(&pair), Vec::<String>::new());
    assert_eq!(pair.nodes[USA].affairs.snapshot(pair.now).incidents.len(), 1);
    // It is remembered, and told once.
    assert!(pair.nodes[USA].replayed(USA).same_state(&pair.nodes[USA].affairs));
    let mut keys: Keyring =
        [(pair.nodes[JPN].nation, vec![key(JPN).verifying_key().to_bytes()])].into();
    let half = Half { nation: pair.nodes[USA].nation, entries: pair.nodes[USA].ledger.clone() };
    learn_keys(&mut keys, &half);
    assert_eq!(keys[&pair.nodes[JPN].nation][1], new_key().verifying_key().to_bytes());
}

#[test]
fn a_key_that_nobody_endorsed_needs_new_cards() {
    let mut pair = Pair::new();
    change(&mut pair, &new_key(), None);
    pair.enter(JPN);
    pair.quiet();
    let refused = refused(&pair);
    assert_eq!(refused[0], "RK-1301");
    assert!(refused.len() > 1 && refused[1..].iter().all(|code| code == "RK-1202"), "{refused:?}");
    assert!(pair.nodes[USA].affairs.snapshot(pair.now).incidents.is_empty());
}

/// Japan's node as a thief of the old key would run it, after the change.
fn old_key_speaks(revokes: Option<Revocation>) -> Vec<String> {
    let mut pair = Pair::new();
    change(&mut pair, &key(JPN), revokes);
    pair.nodes[JPN].affairs = pair.nodes[JPN].replayed(JPN);
    pair.enter(JPN);
    pair.quiet();
    refused(&pair)
}

#[test]
fn a_revoked_key_speaks_no_more() {
    let reason = both("a laptop was lost", "端末の紛失");
    let revoked = Revocation { from_record: None, since: BEGIN, reason };
    let refused = old_key_speaks(Some(revoked));
    assert!(!refused.is_empty() && refused.iter().all(|code| code == "RK-1202"), "{refused:?}");
    // After a plain change, what the old key signed may still be on its way.
    assert_eq!(old_key_speaks(None), Vec::<String>::new());
}
