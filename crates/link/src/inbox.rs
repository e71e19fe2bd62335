//! The receiving side of one log: puts entries together, hands each up once and in order, and
//! acknowledges only what its owner has made durable.

use std::collections::VecDeque;

use crate::class::Cursor;
use crate::message::Chunk;
use crate::outbox::{ENTRY_BYTES_MAX, UNACKNOWLEDGED_BYTES_MAX};
use crate::refusal::{Refusal, RefusalCode};

/// Handed up and not yet durable, bytes a log. An honest sender stays at half of it and one entry.
const UNAPPLIED_BYTES_MAX: usize = 2 * UNACKNOWLEDGED_BYTES_MAX;

#[derive(Debug)]
struct Partial {
    total: usize,
    bytes: Vec<u8>,
}

/// One inbound log.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    epoch: u32,
    /// Last number handed up.
    received: u64,
    /// Last number that is durable here.
    applied: u64,
    /// Last number told in this session, by greeting or acknowledgement.
    acknowledged: u64,
    partial: Option<Partial>,
    /// Length of each entry in `applied + 1..=received`.
    unapplied: VecDeque<usize>,
    unapplied_bytes: usize,
    duplicates: u64,
}

impl Inbox {
    /// The log of which everything up to `cursor` is durable here.
    pub(crate) fn new(cursor: Cursor) -> Self {
        Self {
            epoch: cursor.epoch,
            received: cursor.seq,
            applied: cursor.seq,
            acknowledged: cursor.seq,
            ..Self::default()
        }
    }

    /// What is durable here.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor { epoch: self.epoch, seq: self.applied }
    }

    /// A session begins in which the writer is in `epoch`, never an older one.
    pub(crate) fn resume(&mut self, epoch: u32) {
        if epoch > self.epoch {
            *self = Self::new(Cursor { epoch, seq: 0 }).with_duplicates(self.duplicates);
        }
        self.partial = None;
    }

    /// Our greeting told the partner the cursor as it stands now. What becomes durable after it is
    /// acknowledged, even before the partner's greeting has come.
    pub(crate) fn told(&mut self) {
        self.acknowledged = self.applied;
    }

    /// Takes a piece; the whole entry when this was its last.
    pub(crate) fn take(&mut self, chunk: &Chunk) -> Result<Option<Vec<u8>>, Refusal> {
        if chunk.seq <= self.received {
            self.duplicates += 1;
            return Ok(None);
        }
        if chunk.seq != self.received + 1 {
            return Err(Refusal::new(
                RefusalCode::Gap,
                format!(
                    "entry {} of class {} came where {} was due",
                    chunk.seq,
                    chunk.class,
                    self.received + 1
                ),
            ));
        }
        let total = chunk.total as usize;
        if total > ENTRY_BYTES_MAX || self.unapplied_bytes > UNAPPLIED_BYTES_MAX {
            return Err(Refusal::new(
                RefusalCode::Limit,
                format!("an entry of {total} bytes, {} wait to be stored", self.unapplied_bytes),
            ));
        }
        let partial = self.partial.get_or_insert_with(|| Partial { total, bytes: Vec::new() });
        let fits = partial.total == total
            && partial.bytes.len() == chunk.offset as usize
            && !chunk.data.is_empty()
            && partial.bytes.len() + chunk.data.len() <= total;
        if !fits {
            return Err(Refusal::new(
                RefusalCode::Malformed,
                format!("a piece of entry {} does not follow the one before", chunk.seq),
            ));
        }
        partial.bytes.extend_from_slice(&chunk.data);
        if partial.bytes.len() < total {
            return Ok(None);
        }
        self.received += 1;
        self.unapplied.push_back(total);
        self.unapplied_bytes += total;
        Ok(self.partial.take().map(|partial| partial.bytes))
    }

    /// Number of the last entry that was handed up.
    pub(crate) fn received(&self) -> Cursor {
        Cursor { epoch: self.epoch, seq: self.received }
    }

    /// Everything up to `cursor` is durable now. What was never handed up is not believed.
    pub(crate) fn applied(&mut self, cursor: Cursor) {
        if cursor.epoch != self.epoch {
            return;
        }
        while self.applied < cursor.seq.min(self.received) {
            self.applied += 1;
            self.unapplied_bytes -= self.unapplied.pop_front().unwrap_or(0);
        }
    }

    /// What was handed up and is not durable is lost: the next session asks for it again. Whether
    /// there was any.
    pub(crate) fn forget_unapplied(&mut self) -> bool {
        let lost = self.received > self.applied;
        self.received = self.applied;
        self.unapplied.clear();
        self.unapplied_bytes = 0;
        lost
    }

    /// The cursor that is to be acknowledged, once each time it has moved.
    pub(crate) fn take_acknowledgement(&mut self) -> Option<Cursor> {
        if self.acknowledged == self.applied {
            return None;
        }
        self.acknowledged = self.applied;
        Some(self.cursor())
    }

    /// Bytes of an unfinished entry.
    pub(crate) fn held_bytes(&self) -> usize {
        self.partial.as_ref().map_or(0, |partial| partial.bytes.len())
    }

    /// Pieces that came again after a reconnect.
    pub(crate) fn duplicates(&self) -> u64 {
        self.duplicates
    }

    fn with_duplicates(self, duplicates: u64) -> Self {
        Self { duplicates, ..self }
    }
}
