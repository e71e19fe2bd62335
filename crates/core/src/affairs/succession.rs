//! Which key speaks for a partner: the one on its card, or the last of a chain in which each key
//! endorsed the next. A key that nobody endorsed needs a new exchange of cards.

use std::collections::BTreeMap;

use renkei_model::cbor::from_canonical;
use renkei_model::note::SignedNotice;
use renkei_model::statement::{KeyChain, KeyId, NoticeBytes, Record, SignedRecord, Statement};

use super::decision::Half;
use super::entry::Entry;
use super::not_taken::NotTaken;
use super::received::Expected;
use super::sign::{Keyring, SignatureError, check_signature};
use super::work::Work;

/// A node changes its key a few times a year; more notices than this are no honest chain.
const NOTICES_MAX: usize = 256;

/// The keys that a nation's endorsed notices lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    /// From a key to the one that it endorsed, and whether the older was revoked by it.
    next: BTreeMap<KeyId, ([u8; 32], bool)>,
}

impl Keys {
    /// Takes a chain that was checked.
    pub(super) fn learn(&mut self, chain: &KeyChain) {
        let notices = read(chain).unwrap_or_default();
        for pair in notices.windows(2) {
            let [old, new] = pair else { continue };
            let next = (new.notice.public_key, new.notice.revokes.is_some());
            self.next.insert(old.notice.key(), next);
        }
    }

    /// The key in force for one whose card says `card`, and the one before it unless revoked.
    pub(super) fn in_force(&self, card: [u8; 32]) -> ([u8; 32], Option<[u8; 32]>) {
        let (mut key, mut before) = (card, None);
        // A chain has no more links than there are; a ring of keys ends here too.
        for _ in 0..self.next.len() {
            let Some((next, revoked)) = self.next.get(&KeyId::of(&key)) else { break };
            before = Some(key).filter(|_| !revoked);
            key = *next;
        }
        (key, before)
    }
}

fn read(chain: &KeyChain) -> Option<Vec<SignedNotice>> {
    let bounded = chain.notices.len() <= NOTICES_MAX;
    bounded.then(|| chain.notices.iter().map(|n| SignedNotice::read(&n.0).ok()).collect())?
}

/// The last key of a chain that holds from its first notice on and is the partner's.
pub(super) fn last(chain: &KeyChain, expected: &Expected<'_>) -> Option<[u8; 32]> {
    let notices = read(chain)?;
    let theirs = notices.iter().all(|signed| {
        signed.notice.nation == expected.partner && signed.notice.partition == *expected.partition
    });
    let first = notices.first()?;
    let links = notices.windows(2).all(|pair| match pair {
        [old, new] => new.is_endorsed_by(&old.notice.public_key),
        _ => true,
    });
    (theirs && first.is_signed() && links).then(|| notices.last().map(|n| n.notice.public_key))?
}

/// The key that signed: the one in force, the one before it, or one that a chain in the record leads
/// to from the one in force.
pub(super) fn signer(expected: &Expected<'_>, signed: &SignedRecord) -> Result<[u8; 32], NotTaken> {
    let by = |key: &[u8; 32]| {
        check_signature(key, signed).map(|()| *key).map_err(|e| match e {
            SignatureError::AnotherKey | SignatureError::NoKey => NotTaken::AnotherKey,
            SignatureError::Forged => NotTaken::Forged,
        })
    };
    let fits = |key: &[u8; 32]| KeyId::of(key) == signed.key;
    if let Some(before) = expected.before.filter(|key| fits(key)) {
        return by(&before);
    }
    if fits(expected.key) {
        return by(expected.key);
    }
    let record = from_canonical::<Record>(&signed.bytes).ok();
    match record.map(|record| record.statement) {
        Some(Statement::Keys(chain)) => {
            let holds_ours = read(&chain).is_some_and(|notices| {
                notices.iter().any(|signed| signed.notice.public_key == *expected.key)
            });
            let key = last(&chain, expected).filter(|_| holds_ours);
            by(&key.ok_or(NotTaken::NotEndorsed)?)
        }
        _ => Err(NotTaken::AnotherKey),
    }
}

/// Adds to `keys` those of the partners that `half` was told of and that a key in `keys` leads to.
pub fn learn_keys(keys: &mut Keyring, half: &Half) {
    for (kind, body) in &half.entries {
        let Ok(Some(Entry::Partner(e))) = Entry::from_body(*kind, body) else { continue };
        let Ok(record) = from_canonical::<Record>(&e.signed.bytes) else { continue };
        let (Statement::Keys(chain), Some(known)) = (&record.statement, keys.get_mut(&e.from))
        else {
            continue;
        };
        for pair in read(chain).unwrap_or_default().windows(2) {
            let [old, new] = pair else { continue };
            let (old, key) = (old.notice.public_key, new.notice.public_key);
            if known.contains(&old) && new.is_endorsed_by(&old) && !known.contains(&key) {
                known.push(key);
            }
        }
    }
}

impl Work<'_> {
    /// Tells the partner of the own keys when there is one that it has not been told of.
    pub(super) fn tell_keys(&mut self) {
        let notices: Vec<_> = self.config.notices.iter().cloned().map(NoticeBytes).collect();
        let chain = KeyChain { notices };
        if chain.notices.len() > 1 && self.state.keys_told.as_ref() != Some(&chain) {
            self.publish_plain(Statement::Keys(chain));
        }
    }
}
