//! A disk that keeps what was synced and loses the rest at a crash.

use std::collections::BTreeMap;

use renkei_link::border::LogState;
use renkei_link::class::PerClass;
use renkei_link::{Class, Cursor, Restored};

/// What one node has written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// Our logs: the bytes of each entry.
    pub(crate) logs: PerClass<Vec<Vec<u8>>>,
    /// Which numbers our records bore, in the order of our logs.
    pub(crate) offered: PerClass<Vec<u64>>,
    /// The partner's records that had their effect here, in order.
    pub(crate) effects: PerClass<Vec<u64>>,
    /// What of the partner's logs is applied.
    pub(crate) cursors: PerClass<Cursor>,
}

/// Written and synced content of one node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    pub(crate) written: Content,
    pub(crate) synced: Content,
}

impl Disk {
    /// Everything written is durable now.
    pub(crate) fn sync(&mut self) {
        self.synced = self.written.clone();
    }

    /// Power is lost.
    pub(crate) fn crash(&mut self) {
        self.written = self.synced.clone();
    }

    /// What a process finds when it starts.
    pub(crate) fn restored(&self) -> Restored {
        let logs = PerClass::of(|class| LogState {
            committed: self.synced.logs.get(class).len() as u64,
            partner_holds: 0,
        });
        Restored { logs, cursors: self.synced.cursors.clone() }
    }

    /// About `bytes` of our entries from `first` on.
    pub(crate) fn entries(&self, class: Class, first: u64, bytes: usize) -> Vec<Vec<u8>> {
        let mut left = bytes;
        let log = self.synced.logs.get(class).iter().skip(first as usize - 1);
        log.take_while(|entry| {
            let takes = left > 0;
            left = left.saturating_sub(entry.len());
            takes
        })
        .cloned()
        .collect()
    }
}

/// The newest observation of each thing.
pub(crate) type Picture = BTreeMap<u32, u32>;
