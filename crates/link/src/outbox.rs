//! The sending side of one log: entries numbered densely, sent only when the owner has made them
//! durable, kept until the partner has.
//!
//! The log itself is the owner's. This holds a window of it in memory, at most
//! [`HELD_BYTES_MAX`]; what lies outside is asked for when its turn comes, so that a partner that is
//! away for a day costs disk and not memory.

use std::collections::VecDeque;

use crate::class::Class;
use crate::clock::Elapsed;
use crate::message::Chunk;

/// The longest entry: 64 KiB.
pub(crate) const ENTRY_BYTES_MAX: usize = 64 * 1024;
/// Entries held in memory, bytes a log.
pub(crate) const HELD_BYTES_MAX: usize = 1024 * 1024;
/// Entries asked for at a time, bytes.
pub(crate) const WANTED_BYTES: usize = 256 * 1024;
/// Bytes of one log on their way to the partner's disk. A sender stays below; a receiver cuts off
/// at twice as much.
pub(crate) const UNACKNOWLEDGED_BYTES_MAX: usize = 256 * 1024;
/// Bytes of an entry in one frame: with its header the frame stays within 1 KiB, 0.13 s at
/// 64 kbit/s, which is the longest that something urgent waits behind it.
pub(crate) const CHUNK_DATA_MAX: usize = 960;
/// A request that was not answered is repeated after this time, in milliseconds.
const ASK_AGAIN_MS: u64 = 1_000;

#[derive(Debug)]
struct Held {
    bytes: Vec<u8>,
    since: Elapsed,
}

/// One outbound log. Sequence numbers count from 1.
#[derive(Debug)]
pub(crate) struct Outbox {
    class: Class,
    /// Last number given out.
    offered: u64,
    /// Last number the owner holds durably.
    committed: u64,
    /// Last number the partner holds durably.
    applied: u64,
    /// Next number to send in this session, and how much of it is sent.
    next: u64,
    offset: usize,
    /// Entries in memory, without gaps: numbers `first..first + held.len()`.
    first: u64,
    held: VecDeque<Held>,
    held_bytes: usize,
    /// Bytes of those that are sent in this session and not yet durable over there.
    sent_bytes: usize,
    asked: Option<(u64, Elapsed)>,
    /// When the oldest entry that the partner lacks was offered, or became known to be lacking.
    waiting_since: Option<Elapsed>,
}

impl Outbox {
    /// The log of `class` whose last durable entry is `committed`, of which the partner is known to
    /// hold `applied`.
    pub(crate) fn new(class: Class, committed: u64, applied: u64) -> Self {
        let applied = applied.min(committed);
        Self {
            class,
            offered: committed,
            committed,
            applied,
            next: applied + 1,
            offset: 0,
            first: applied + 1,
            held: VecDeque::new(),
            held_bytes: 0,
            sent_bytes: 0,
            asked: None,
            waiting_since: (committed > applied).then_some(Elapsed::default()),
        }
    }

    /// Gives `bytes` the next number.
    pub(crate) fn offer(&mut self, bytes: &[u8], now: Elapsed) -> u64 {
        self.offered += 1;
        self.hold(self.offered, bytes.to_vec(), now);
        self.waiting_since.get_or_insert(now);
        self.offered
    }

    /// Puts `bytes` in place of entry `seq`, unless it has begun to go in this session or is held
    /// over there; whether it did. An entry that is not in memory is replaced by its owner alone, and
    /// comes here in its new form when it is wanted.
    pub(crate) fn replace(&mut self, seq: u64, bytes: &[u8]) -> bool {
        let begun = seq < self.next || (seq == self.next && self.offset > 0);
        if begun || seq <= self.applied || seq > self.offered {
            return false;
        }
        let at = seq.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        if let Some(held) = at.and_then(|at| self.held.get_mut(at)) {
            self.held_bytes = self.held_bytes - held.bytes.len() + bytes.len();
            held.bytes = bytes.to_vec();
        }
        true
    }

    /// Everything up to `seq` is durable.
    pub(crate) fn committed(&mut self, seq: u64) {
        self.committed = self.committed.max(seq.min(self.offered));
    }

    /// What was offered and is not durable never will be: the numbers will be given again.
    pub(crate) fn forget_uncommitted(&mut self) {
        self.offered = self.committed;
        while self.tail() > self.offered {
            let Some(held) = self.held.pop_back() else { break };
            self.held_bytes -= held.bytes.len();
        }
        if self.offered == self.applied {
            self.waiting_since = None;
        }
    }

    /// A session begins; the partner durably holds everything up to `seq`.
    pub(crate) fn resume(&mut self, seq: u64, now: Elapsed) {
        self.applied = seq;
        self.next = seq + 1;
        self.offset = 0;
        self.asked = None;
        self.sent_bytes = 0;
        if self.first > self.next {
            self.held.clear();
            self.held_bytes = 0;
        }
        self.forget_applied(now);
    }

    /// The partner durably holds everything up to `seq`; whether that is news. `None` when it
    /// cannot: no such entry ever went.
    ///
    /// It may hold more than this session has sent: what an earlier one brought and what became
    /// durable only after its greeting. That is not sent again.
    pub(crate) fn acknowledged(&mut self, seq: u64, now: Elapsed) -> Option<bool> {
        if seq > self.committed {
            return None;
        }
        while self.next <= seq {
            self.sent_bytes += self.entry().map_or(0, <[u8]>::len);
            self.next += 1;
            self.offset = 0;
        }
        let moved = seq > self.applied;
        if moved {
            self.applied = seq;
            self.sent_bytes -= self.forget_applied(now);
        }
        Some(moved)
    }

    /// Entries that the owner read from its log, from number `first` on.
    pub(crate) fn supply(&mut self, first: u64, entries: Vec<Vec<u8>>, now: Elapsed) {
        if entries.is_empty() || self.asked.is_none_or(|(asked, _)| asked != first) {
            return;
        }
        self.asked = None;
        for (seq, bytes) in (first..=self.committed).zip(entries) {
            self.hold(seq, bytes, now);
        }
    }

    /// From which number on entries are missing in memory, when they will soon be needed.
    pub(crate) fn wanted(&mut self, now: Elapsed) -> Option<u64> {
        let from = self.tail() + 1;
        let waits = self.asked.is_some_and(|(_, asked)| now.since(asked) < ASK_AGAIN_MS);
        let ahead = self.held_bytes - self.sent_bytes;
        if from > self.committed || ahead > WANTED_BYTES / 2 || waits {
            return None;
        }
        self.asked = Some((from, now));
        Some(from)
    }

    /// Whether something can be sent now.
    pub(crate) fn is_ready(&self) -> bool {
        self.next <= self.committed
            && self.entry().is_some()
            && self.sent_bytes < UNACKNOWLEDGED_BYTES_MAX
    }

    /// The next piece of the next entry, of at most `data_max` bytes.
    pub(crate) fn next_chunk(&mut self, data_max: usize) -> Option<Chunk> {
        if !self.is_ready() {
            return None;
        }
        let (class, seq, offset) = (self.class.code(), self.next, self.offset);
        let bytes = self.entry()?;
        let end = bytes.len().min(offset + data_max);
        let data = bytes.get(offset..end)?.to_vec();
        let (total, whole) = (bytes.len() as u32, end == bytes.len());
        if whole {
            self.next += 1;
            self.offset = 0;
            self.sent_bytes += end;
        } else {
            self.offset = end;
        }
        Some(Chunk { class, seq, total, offset: offset as u32, data })
    }

    /// Entries that the partner does not hold.
    pub(crate) fn queued(&self) -> u64 {
        self.offered - self.applied
    }

    /// Last durable number.
    pub(crate) fn head(&self) -> u64 {
        self.committed
    }

    /// Last number the partner holds.
    pub(crate) fn partner_holds(&self) -> u64 {
        self.applied
    }

    /// How long the oldest entry that the partner lacks has waited, in milliseconds.
    pub(crate) fn waiting_ms(&self, now: Elapsed) -> Option<u64> {
        self.waiting_since.map(|since| now.since(since))
    }

    /// Bytes in memory.
    pub(crate) fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    fn tail(&self) -> u64 {
        self.first + self.held.len() as u64 - 1
    }

    fn entry(&self) -> Option<&[u8]> {
        let index = usize::try_from(self.next.checked_sub(self.first)?).ok()?;
        Some(&self.held.get(index)?.bytes)
    }

    /// Keeps an entry in memory when it follows the last one there and there is room.
    fn hold(&mut self, seq: u64, bytes: Vec<u8>, since: Elapsed) {
        if seq == self.tail() + 1 && self.held_bytes + bytes.len() <= HELD_BYTES_MAX {
            self.held_bytes += bytes.len();
            self.held.push_back(Held { bytes, since });
        }
    }

    /// Lets go of what the partner holds; the bytes that this freed.
    fn forget_applied(&mut self, now: Elapsed) -> usize {
        let mut freed = 0;
        while self.first <= self.applied {
            match self.held.pop_front() {
                Some(held) => {
                    freed += held.bytes.len();
                    self.first += 1;
                }
                None => self.first = self.applied + 1,
            }
        }
        if self.held.is_empty() {
            self.first = self.applied + 1;
        }
        self.waiting_since = if self.applied == self.offered {
            None
        } else {
            self.held.front().map(|held| held.since).or(self.waiting_since).or(Some(now))
        };
        self.held_bytes -= freed;
        freed
    }
}
