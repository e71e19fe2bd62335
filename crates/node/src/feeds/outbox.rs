//! What waits for one TAK client's socket: the newest event of each uid, and answers to its pings.
//!
//! Refuses: growth. A client that reads slowly gets the newest state of everything, in the order in
//! which things first changed, and never makes anybody else wait.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Things that may wait: as many as the picture is built for.
const THINGS_MAX: usize = 20_000;
/// Answers that may wait: a client that sends more pings than it reads answers needs no more.
const ANSWERS_MAX: usize = 8;
/// Bytes handed to the socket at once.
const BATCH_LEN: usize = 64 * 1024;

#[derive(Debug, Default)]
struct Waiting {
    answers: VecDeque<String>,
    order: VecDeque<Arc<str>>,
    newest: BTreeMap<Arc<str>, Arc<str>>,
    is_closed: bool,
    dropped: u64,
}

/// The queue of one client.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

impl Outbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the newest event of `uid`, in the place of an older one that still waits.
    pub(super) fn put(&self, uid: &Arc<str>, event: Arc<str>) {
        let mut waiting = self.waiting();
        if waiting.newest.insert(uid.clone(), event).is_none() {
            waiting.order.push_back(uid.clone());
            if waiting.order.len() > THINGS_MAX
                && let Some(oldest) = waiting.order.pop_front()
            {
                waiting.newest.remove(&oldest);
                waiting.dropped += 1;
            }
        }
        drop(waiting);
        self.changed.notify_one();
    }

    /// Puts an answer, which goes before everything else.
    pub(super) fn answer(&self, event: String) {
        let mut waiting = self.waiting();
        if waiting.answers.len() < ANSWERS_MAX {
            waiting.answers.push_back(event);
        }
        drop(waiting);
        self.changed.notify_one();
    }

    /// Lets the writer end.
    pub(super) fn close(&self) {
        self.waiting().is_closed = true;
        self.changed.notify_one();
    }

    /// Events that found no room.
    #[cfg(test)]
    pub(super) fn dropped(&self) -> u64 {
        self.waiting().dropped
    }

    /// Waits for bytes to write; `None` once closed.
    pub(super) async fn next(&self) -> Option<Vec<u8>> {
        loop {
            if let Some(bytes) = self.take()? {
                return Some(bytes);
            }
            self.changed.notified().await;
        }
    }

    /// `None` = closed; `Some(None)` = nothing waits.
    #[expect(clippy::option_option, reason = "closed and empty are different answers")]
    fn take(&self) -> Option<Option<Vec<u8>>> {
        let mut waiting = self.waiting();
        if waiting.is_closed {
            return None;
        }
        let mut bytes = Vec::new();
        while let Some(answer) = waiting.answers.pop_front() {
            bytes.extend_from_slice(answer.as_bytes());
        }
        while bytes.len() < BATCH_LEN {
            let Some(uid) = waiting.order.pop_front() else { break };
            if let Some(event) = waiting.newest.remove(&uid) {
                bytes.extend_from_slice(event.as_bytes());
            }
        }
        Some((!bytes.is_empty()).then_some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(outbox: &Outbox, uid: &str, event: &str) {
        outbox.put(&uid.into(), event.into());
    }

    fn text(outbox: &Outbox) -> String {
        let bytes = outbox.take().flatten().unwrap_or_default();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn only_the_newest_event_of_a_uid_waits_and_answers_go_first() {
        let outbox = Outbox::default();
        put(&outbox, "a", "a1 ");
        put(&outbox, "b", "b1 ");
        put(&outbox, "a", "a2 ");
        outbox.answer("pong ".into());
        assert_eq!(text(&outbox), "pong a2 b1 ");
        assert_eq!(text(&outbox), "");
    }

    #[test]
    fn what_waits_is_bounded() {
        let outbox = Outbox::default();
        for uid in 0..30_000 {
            put(&outbox, &uid.to_string(), "x");
            outbox.answer("pong".into());
        }
        assert_eq!(outbox.dropped(), 10_000);
        let mut length = 0;
        while let Some(bytes) = outbox.take().flatten() {
            length += bytes.len();
        }
        assert_eq!(length, 20_000 + 8 * 4);
    }

    #[test]
    fn a_closed_queue_gives_nothing() {
        let outbox = Outbox::default();
        put(&outbox, "a", "a1");
        outbox.close();
        assert_eq!(outbox.take(), None);
    }
}
