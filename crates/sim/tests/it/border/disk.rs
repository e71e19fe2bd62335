//! A disk that keeps what was synced and loses the rest at a crash.

use renkei_link::border::LogState;
use renkei_link::class::PerClass;
use renkei_link::{Class, Cursor, Restored};

/// One of our log entries: the number of its record, and what is sent.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub(crate) number: u64,
    pub(crate) bytes: Vec<u8>,
}

/// What one node has written. Logs and effects only grow, so what is durable is a length of each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    pub(crate) logs: PerClass<Vec<Logged>>,
    /// Numbers of the partner's records that had their effect here, in order.
    pub(crate) effects: PerClass<Vec<u64>>,
    pub(crate) cursors: PerClass<Cursor>,
    pub(crate) synced: Mark,
}

/// How far a disk is written or durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) logs: PerClass<usize>,
    pub(crate) effects: PerClass<usize>,
    pub(crate) cursors: PerClass<Cursor>,
}

impl Disk {
    /// How far it is written now.
    pub(crate) fn written(&self) -> Mark {
        Mark {
            logs: PerClass::of(|class| self.logs.get(class).len()),
            effects: PerClass::of(|class| self.effects.get(class).len()),
            cursors: self.cursors.clone(),
        }
    }

    /// Power is lost.
    pub(crate) fn crash(&mut self) {
        for class in Class::ALL {
            self.logs.get_mut(class).truncate(*self.synced.logs.get(class));
            self.effects.get_mut(class).truncate(*self.synced.effects.get(class));
        }
        self.cursors = self.synced.cursors.clone();
    }

    /// What a process finds when it starts.
    pub(crate) fn restored(&self) -> Restored {
        let log =
            |class| LogState { committed: *self.synced.logs.get(class) as u64, partner_holds: 0 };
        Restored { logs: PerClass::of(log), cursors: self.synced.cursors.clone() }
    }

    /// About `bytes` of durable entries from number `first` on.
    pub(crate) fn entries(&self, class: Class, first: u64, bytes: usize) -> Vec<Vec<u8>> {
        let log = self.logs.get(class).iter().take(*self.synced.logs.get(class));
        let mut left = bytes;
        let wanted = log.skip(first as usize - 1).take_while(|entry| {
            let takes = left > 0;
            left = left.saturating_sub(entry.bytes.len());
            takes
        });
        wanted.map(|entry| entry.bytes.clone()).collect()
    }
}
