//! The thread that owns the disk: it appends to the ledger and to the history, and answers the
//! engine when a batch is durable. The engine never waits for a disk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use ed25519_dalek::{Signer as _, SigningKey};
use renkei_model::id::{Nation, Partition};
use renkei_model::time::Timestamp;
use renkei_store::StoreDir;
use renkei_store::history::{Asked, History, HistoryRow, Slice};
use renkei_store::ledger::{Batch, Ledger, Order, Owner, Recovery, StoredEntry};
use tokio::sync::oneshot;

use crate::clock;
use crate::keys;
use crate::messages::{Stored, ToEngine};
use crate::retention::{Retention, SourceNumbers};

/// Requests that may wait for the disk before the engine is told that it is too slow.
const QUEUE: usize = 4_096;
/// Batches, and records in them, that one sync of the disk serves at most.
const TOGETHER_BATCHES: usize = 64;
const TOGETHER_RECORDS: usize = 8_192;
/// While there is something new, the ledger is signed this often.
const CHECKPOINT_MS: i64 = 5_000;
/// History rows are put on disk at least this often.
const BEAT: Duration = Duration::from_millis(500);
/// How often old history is dropped, a bounded number of files each time.
const RETENTION_MS: i64 = 60_000;

/// What the engine asks of the disk.
pub(crate) enum ToKeeper {
    /// Keep a batch and answer with its ticket.
    Append {
        /// The engine's ticket.
        ticket: u64,
        /// The batch.
        batch: Batch,
    },
    /// The engine has heard of a failure: appends are taken again.
    Resume,
    /// Carry out an order of destruction; no answer.
    Destroy(Box<Order>),
    /// Keep history rows; no answer.
    History(Vec<HistoryRow>),
    /// What is told of tracks from now on; `None` = the track is gone. No answer.
    Told(Vec<(u32, Option<Arc<str>>)>),
    /// A bounded part of the past. Not answered while the ledger is refused: what was searched
    /// could not be logged.
    Slice {
        /// Whose past.
        asked: Asked,
        /// From and to, both included.
        window: (Timestamp, Timestamp),
        /// One row a track and step.
        step_ms: i64,
        /// Rows at most.
        rows_max: usize,
        /// The answer.
        reply: oneshot::Sender<Slice>,
    },
}

/// Why the node's data cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// The directory.
    #[error(transparent)]
    Dir(#[from] renkei_store::DirError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] renkei_store::ledger::OpenError),
    /// The history.
    #[error(transparent)]
    History(#[from] renkei_store::history::HistoryError),
    /// A record of the ledger could not be read back.
    #[error("read the ledger: {0}")]
    Read(String),
}

/// Where a partition's data lies in a node's directory.
pub(crate) fn store_dir(dir: &Path, partition: &Partition) -> PathBuf {
    dir.join("store").join(keys::slug(partition))
}

/// The open store, before its thread starts.
pub(crate) struct Keeper {
    ledger: Ledger,
    history: History,
    signing: SigningKey,
    history_failed: bool,
    /// Why appends are refused until the engine has heard of it.
    refused: Option<String>,
}

/// What opening found: what the engine comes up from.
pub(crate) struct Found {
    /// Every entry of the ledger, in order, for the engine to replay.
    pub(crate) entries: Vec<StoredEntry>,
    /// The node's epoch.
    pub(crate) epoch: u32,
    /// The highest track number that history knows.
    pub(crate) last_track: Option<u32>,
    /// The numbers by which history knows the sources.
    pub(crate) sources: SourceNumbers,
}

/// Opens ledger and history of one partition.
///
/// # Errors
/// [`OpenError`]: in use, damaged, another's, or of a newer format.
pub(crate) fn open(
    dir: &Path,
    nation: Nation,
    name: &str,
    partition: &Partition,
    signing: SigningKey,
    retention: &Retention,
) -> Result<(Keeper, Found), OpenError> {
    let store = StoreDir::open(store_dir(dir, partition))?;
    let owner = Owner {
        nation,
        name: name.into(),
        partition: partition.clone(),
        public_key: signing.verifying_key().to_bytes(),
    };
    let sign = |bytes: &[u8]| signing.sign(bytes).to_bytes();
    let (ledger, recovery) = Ledger::open(&store, &owner, clock::now(), &sign)?;
    report(&recovery);
    let mut entries = Vec::new();
    for entry in ledger.entries(0) {
        entries.push(entry.map_err(|damage| OpenError::Read(damage.to_string()))?);
    }
    let (mut history, damages) = History::open(&store)?;
    for damage in damages {
        tracing::error!(%damage, "track history");
    }
    let sources = retention.apply(&mut history)?;
    let last_track = history.last_track();
    let epoch = ledger.notice().epoch;
    let keeper = Keeper { ledger, history, signing, history_failed: false, refused: None };
    Ok((keeper, Found { entries, epoch, last_track, sources }))
}

fn report(recovery: &Recovery) {
    if let Some(cut) = &recovery.cut {
        tracing::warn!(
            file = %cut.file.display(),
            bytes = cut.bytes,
            "cut a batch that was never acknowledged off the ledger's end"
        );
    }
    if recovery.destroyed > 0 {
        tracing::warn!(bodies = recovery.destroyed, "carried out an order of destruction");
    }
    if recovery.mark_rebuilt {
        tracing::warn!("made the ledger's mark anew; the ledger itself was whole");
    }
}

/// The engine's hand on the store's thread.
#[derive(Clone)]
pub(crate) struct KeeperHandle {
    requests: mpsc::SyncSender<ToKeeper>,
}

impl KeeperHandle {
    /// Asks; `false` when the disk is so slow that the queue is full.
    pub(crate) fn ask(&self, request: ToKeeper) -> bool {
        self.requests.try_send(request).is_ok()
    }
}

impl Keeper {
    /// Starts the thread. It ends, with a last checkpoint, when every handle is dropped.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(
        self,
        engine: tokio::sync::mpsc::Sender<ToEngine>,
    ) -> std::io::Result<(KeeperHandle, std::thread::JoinHandle<()>)> {
        let (requests, inbox) = mpsc::sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("keeper".into())
            .spawn(move || self.run(&inbox, &engine))?;
        Ok((KeeperHandle { requests }, thread))
    }

    fn run(
        mut self,
        inbox: &mpsc::Receiver<ToKeeper>,
        engine: &tokio::sync::mpsc::Sender<ToEngine>,
    ) {
        let mut signed_at = clock::now();
        let mut swept_at = signed_at;
        let mut next = None;
        loop {
            let request = match next.take() {
                Some(request) => Ok(request),
                None => inbox.recv_timeout(BEAT),
            };
            match request {
                Ok(request) => next = self.act(request, inbox, engine),
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            let now = clock::now();
            self.flush_history(now);
            if now.since_ms(signed_at) >= CHECKPOINT_MS {
                signed_at = now;
                self.checkpoint(now, engine);
            }
            if now.since_ms(swept_at) >= RETENTION_MS {
                swept_at = now;
                self.sweep(now);
            }
        }
        if let Err(error) = self.history.seal() {
            self.history_trouble(&error);
        }
        self.checkpoint(clock::now(), engine);
    }

    /// Appends a batch together with those that wait behind it, with one sync of the disk; gives back
    /// the first request that is none.
    fn append(
        &mut self,
        ticket: u64,
        batch: Batch,
        inbox: &mpsc::Receiver<ToKeeper>,
        engine: &tokio::sync::mpsc::Sender<ToEngine>,
    ) -> Option<ToKeeper> {
        let (mut tickets, mut batches, mut next) = (vec![ticket], vec![batch], None);
        let mut records = batches.iter().map(|b| b.entries.len()).sum::<usize>();
        while records < TOGETHER_RECORDS && batches.len() < TOGETHER_BATCHES {
            match inbox.try_recv() {
                Ok(ToKeeper::Append { ticket, batch }) => {
                    records += batch.entries.len();
                    tickets.push(ticket);
                    batches.push(batch);
                }
                Ok(other) => {
                    next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        let together = self.refused.is_none() && self.ledger.append_all(&batches).is_ok();
        for (ticket, batch) in tickets.into_iter().zip(&batches) {
            let stored = match &self.refused {
                _ if together => Stored::Done { ticket },
                // What was queued behind a failure rests on it.
                Some(why) => Stored::Failed { ticket, why: why.clone() },
                None => match self.ledger.append(batch) {
                    Ok(_) => Stored::Done { ticket },
                    Err(error) => {
                        let why = error.to_string();
                        self.refused = Some(why.clone());
                        Stored::Failed { ticket, why }
                    }
                },
            };
            // The engine may be gone already; the ledger is right either way.
            let _ = engine.blocking_send(ToEngine::Stored(stored));
        }
        next
    }

    /// Does what is asked; gives back a request that was taken from the queue and not yet done.
    fn act(
        &mut self,
        request: ToKeeper,
        inbox: &mpsc::Receiver<ToKeeper>,
        engine: &tokio::sync::mpsc::Sender<ToEngine>,
    ) -> Option<ToKeeper> {
        match request {
            ToKeeper::Append { ticket, batch } => {
                return self.append(ticket, batch, inbox, engine);
            }
            ToKeeper::Resume => self.refused = None,
            ToKeeper::Destroy(order) => self.destroy(&order),
            ToKeeper::History(rows) => {
                rows.into_iter().for_each(|row| self.history.record(row));
            }
            ToKeeper::Told(told) => {
                for (track, text) in told {
                    match text {
                        Some(text) => self.history.tell(track, text),
                        None => self.history.leave(track),
                    }
                }
            }
            ToKeeper::Slice { asked, window, step_ms, rows_max, reply } => {
                // The screen may have gone.
                if self.refused.is_some() || reply.is_closed() {
                    return None;
                }
                let slice = self.history.slice(asked, window, step_ms, rows_max);
                for damage in &slice.damages {
                    tracing::error!(%damage, "track history");
                }
                let _ = reply.send(slice);
            }
        }
        None
    }

    fn destroy(&mut self, order: &Order) {
        let signing = self.signing.clone();
        let sign = move |bytes: &[u8]| signing.sign(bytes).to_bytes();
        match self.ledger.destroy(order, clock::now(), &sign) {
            Ok(Some(_)) => {
                tracing::warn!(records = ?order.records, "bodies were destroyed by order")
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "an order of destruction"),
        }
    }

    fn history_trouble(&mut self, error: &dyn std::fmt::Display) {
        if !self.history_failed {
            tracing::error!(%error, "track history is not kept; free space or mend the disk");
        }
        self.history_failed = true;
    }

    fn flush_history(&mut self, now: Timestamp) {
        match self.history.flush(now) {
            Ok(()) => self.history_failed = false,
            Err(error) => self.history_trouble(&error),
        }
    }

    fn checkpoint(&mut self, now: Timestamp, engine: &tokio::sync::mpsc::Sender<ToEngine>) {
        let size = self.ledger.len();
        // The last record of a signed ledger is the checkpoint itself.
        if self.ledger.last_checkpoint().is_some_and(|c| c.size + 1 >= size) {
            return;
        }
        let signing = self.signing.clone();
        let sign = move |bytes: &[u8]| signing.sign(bytes).to_bytes();
        match self.ledger.checkpoint(now, &sign) {
            Ok(checkpoint) => {
                let notice = self.ledger.notice();
                let note = checkpoint.sign(&notice.origin(), &notice.public_key, &sign);
                // The engine may be gone already; the ledger has the note.
                let _ = engine.blocking_send(ToEngine::Stored(Stored::Signed { note }));
            }
            Err(error) => {
                tracing::error!(%error, "the ledger could not be signed; it is tried again");
            }
        }
    }

    fn sweep(&mut self, now: Timestamp) {
        match self.history.sweep(now) {
            Ok(swept) => {
                for damage in &swept.damages {
                    tracing::error!(%damage, "track history");
                }
                if swept.blocks > 0 {
                    tracing::info!(blocks = swept.blocks, "dropped history whose term is over");
                }
            }
            Err(error) => self.history_trouble(&error),
        }
    }
}
