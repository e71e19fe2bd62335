//! Class 3, the sending side: a map with the newest observation of each thing, never a queue.
//!
//! Where a thing is and what it says of itself come in different reports, so that each thing has a
//! value of either aspect: a ship's name must not overtake its position. A value that was overtaken is never sent. The thing whose picture over there is oldest goes
//! first. Memory is bounded by the number of things.

use std::collections::{BTreeMap, BTreeSet};

use renkei_model::id::BorderAlias;

use crate::clock::Elapsed;
use crate::message::Observed;

/// Values at most: two of each thing. 100,000 of 200 bytes are 20 MB.
pub(crate) const KEYS_MAX: usize = 100_000;
/// The longest encoded observation.
pub(crate) const OBSERVATION_BYTES_MAX: usize = 2 * 1024;

/// CBOR round one value: an array, a version and the head of a byte string.
const ITEM_OVERHEAD_BYTES: usize = 9;

/// What of a thing a report tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    /// Where it was.
    Position,
    /// Anything else.
    Other,
}

/// A thing's alias and the aspect of it.
type Key = (BorderAlias, Aspect);

#[derive(Debug)]
struct Value {
    bytes: Vec<u8>,
    version: u32,
    since: Elapsed,
    /// Order of its last sending; 0 = never.
    sent: u64,
}

/// The newest observation of each thing, and which of them the partner lacks.
#[derive(Debug, Default)]
pub(crate) struct Latest {
    values: BTreeMap<Key, Value>,
    /// Values that are not sent in this session, by the order of their last sending.
    waiting: BTreeSet<(u64, Key)>,
    /// The same by the time since which they wait.
    ages: BTreeSet<(Elapsed, Key)>,
    sendings: u64,
    bytes: usize,
    overtaken: u64,
}

impl Latest {
    /// Puts the newest value of a thing's aspect; false when there is no room for one more.
    pub(crate) fn put(&mut self, key: Key, bytes: Vec<u8>, now: Elapsed) -> bool {
        if self.values.len() >= KEYS_MAX && !self.values.contains_key(&key) {
            return false;
        }
        let new = Value { bytes: Vec::new(), version: 0, since: now, sent: 0 };
        let value = self.values.entry(key).or_insert(new);
        self.bytes = self.bytes - value.bytes.len() + bytes.len();
        value.bytes = bytes;
        value.version = value.version.saturating_add(1);
        if self.waiting.insert((value.sent, key)) {
            value.since = now;
            self.ages.insert((now, key));
        } else {
            self.overtaken += 1;
        }
        true
    }

    /// Forgets a thing; what was sent of it stays with the partner and grows old there.
    pub(crate) fn forget(&mut self, alias: BorderAlias) {
        for key in [(alias, Aspect::Position), (alias, Aspect::Other)] {
            if let Some(value) = self.values.remove(&key) {
                self.bytes -= value.bytes.len();
                self.waiting.remove(&(value.sent, key));
                self.ages.remove(&(value.since, key));
            }
        }
    }

    /// A session begins: everything is to be sent again.
    pub(crate) fn resend_all(&mut self, now: Elapsed) {
        for (key, value) in &mut self.values {
            if self.waiting.insert((value.sent, *key)) {
                value.since = now;
                self.ages.insert((now, *key));
            }
        }
    }

    /// Takes the values that the partner has lacked for longest: at least one when any waits, then as many as fit into `bytes_max`.
    pub(crate) fn take(&mut self, bytes_max: usize) -> Vec<Observed> {
        let mut items = Vec::new();
        let mut bytes = 0;
        while let Some((_, key)) = self.waiting.first().copied() {
            let Some(value) = self.values.get(&key) else { break };
            bytes += value.bytes.len() + ITEM_OVERHEAD_BYTES;
            if !items.is_empty() && bytes > bytes_max {
                break;
            }
            items.push(Observed { version: value.version, release: value.bytes.clone() });
            self.sent(1);
        }
        items
    }

    /// The first `count` values that the partner has lacked for longest; they wait until
    /// [`Latest::sent`].
    pub(crate) fn first(&self, count: usize) -> impl Iterator<Item = &[u8]> {
        let keys = self.waiting.iter().take(count);
        keys.filter_map(|(_, key)| Some(self.values.get(key)?.bytes.as_slice()))
    }

    /// The first `count` of those that wait are sent.
    pub(crate) fn sent(&mut self, count: usize) {
        for _ in 0..count {
            let Some((_, key)) = self.waiting.pop_first() else { return };
            let Some(value) = self.values.get_mut(&key) else { return };
            self.ages.remove(&(value.since, key));
            self.sendings += 1;
            value.sent = self.sendings;
        }
    }

    /// Whether something waits.
    pub(crate) fn is_ready(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Values that wait.
    pub(crate) fn queued(&self) -> u64 {
        self.waiting.len() as u64
    }

    /// How long the first of them has waited, in milliseconds.
    pub(crate) fn waiting_ms(&self, now: Elapsed) -> Option<u64> {
        self.ages.first().map(|(since, _)| now.since(*since))
    }

    /// Bytes in memory, without the map's own.
    pub(crate) fn held_bytes(&self) -> usize {
        self.bytes
    }

    /// Values that were overtaken before they were sent.
    pub(crate) fn overtaken(&self) -> u64 {
        self.overtaken
    }
}
