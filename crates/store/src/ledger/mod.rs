//! The ledger: append-only records that nobody can change unseen.
//!
//! A batch counts whole or not at all, is on the disk before its receipt leaves, and carries the
//! link cursors, so that apply and cursor are one. Headers form an RFC 6962 Merkle tree; signed
//! checkpoints name its root. `docs/record.md` describes every byte.
//!
//! Refuses: to open over damage to what was acknowledged, to go on under another key or partition,
//! and to move a cursor backwards.

mod append;
mod damage;
mod destroy;
mod export;
mod frame;
mod mark;
mod open;
mod read;
mod report;
mod segment;
mod tiles;
mod verify;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use renkei_model::id::{Nation, Partition};
use renkei_model::time::Timestamp;

pub use append::{AppendError, Ledger};
pub use damage::{Damage, Fault};
pub use destroy::{DestroyError, DestroyedRecord, Destruction, Order};
pub use export::{ExportError, Exported, Selection, export};
pub use frame::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX, BODY_MAX, FORMAT_VERSION};
pub use open::{Cut, OpenError, Recovery};
pub use read::{Content, Entries, StoredEntry};
pub use renkei_model::note::{Checkpoint, KeyNotice, Revocation, Sign, SignedNotice};
pub use report::{Report, Shape};
pub use tiles::{Tiled, TilesError, tiles};
pub use verify::{VerifyError, verify, verify_with};

/// Kind of a record that says whose ledger this is ([`KeyNotice`]).
pub const KIND_KEY_NOTICE: u16 = 1;
/// Kind of a record that holds a signed tree head ([`Checkpoint`]).
pub const KIND_CHECKPOINT: u16 = 2;
/// Kind of a record that holds link cursors ([`Cursor`]).
pub const KIND_CURSORS: u16 = 3;
/// Kind of a record that orders bodies destroyed ([`Destruction`]).
pub const KIND_DESTRUCTION: u16 = 4;
/// Kind of a record that tells partners of a new key: a [`SignedNotice`] without anything national.
pub const KIND_BORDER_NOTICE: u16 = 5;
/// Kinds from here on belong to the caller; the ledger does not know what their bodies mean.
pub const KIND_FIRST_FREE: u16 = 16;

/// Whose ledger is being opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The node's nation.
    pub nation: Nation,
    /// The node's name.
    pub name: String,
    /// The one partition of the ledger.
    pub partition: Partition,
    /// The node's Ed25519 public key.
    pub public_key: [u8; 32],
}

/// For how many years a record is kept, registered when it is made; 0 = for ever. A shorter life needs
/// an order of two persons ([`Destruction`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Retention(#[n(0)] pub u8);

impl Retention {
    /// For ever.
    pub const PERMANENT: Self = Self(0);
    /// Ten years: what was decided, known and told.
    pub const TEN_YEARS: Self = Self(10);
    /// Three years: what only serves the running of the house.
    pub const THREE_YEARS: Self = Self(3);
}

/// One thing to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the body is: [`KIND_FIRST_FREE`] or above, the caller's to define.
    pub kind: u16,
    /// When, by the node's clock.
    pub time: Timestamp,
    /// For how long it is to be kept.
    pub retention: Retention,
    /// 32 random bytes, fresh for each entry: they keep a withheld body from being guessed.
    pub salt: [u8; 32],
    /// At most [`BODY_MAX`] bytes.
    pub body: Vec<u8>,
}

/// The newest thing of a partner's log that was applied here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    /// The partner log's epoch.
    pub epoch: u32,
    /// The sequence number in it.
    pub seq: u64,
}

/// Link cursors by (partner, class).
pub type Cursors = BTreeMap<(Nation, u8), Cursor>;

/// The cursors that a batch moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorMove {
    /// When, by the node's clock.
    pub time: Timestamp,
    /// 32 random bytes.
    pub salt: [u8; 32],
    /// Only those that move; the others stand where they stood.
    pub to: Cursors,
}

/// What is kept together or not at all: at least one entry or one cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// In order.
    pub entries: Vec<Entry>,
    /// The cursors that move with them.
    pub cursors: Option<CursorMove>,
}

/// Proof that a batch is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Sequence number of its first record.
    pub first_seq: u64,
    /// Sequence number after its last record (a cursor record counts as one).
    pub next_seq: u64,
}

/// Sizes that an operator may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A segment that would grow beyond this many bytes is closed and the next one begun.
    pub segment_bytes: u64,
}

impl Default for Limits {
    /// 64 MiB: small enough to copy and to check in a second, large enough to be few.
    fn default() -> Self {
        Self { segment_bytes: 64 << 20 }
    }
}

/// One line of a cursor record's body.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct CursorLine {
    #[n(0)]
    partner: Nation,
    #[n(1)]
    class: u8,
    #[n(2)]
    epoch: u32,
    #[n(3)]
    seq: u64,
}

fn cursor_body(cursors: &Cursors) -> Vec<u8> {
    let lines: Vec<CursorLine> = cursors
        .iter()
        .map(|(&(partner, class), at)| CursorLine { partner, class, epoch: at.epoch, seq: at.seq })
        .collect();
    renkei_model::cbor::to_canonical(&lines)
}

fn read_cursors(body: &[u8]) -> Option<Cursors> {
    let lines: Vec<CursorLine> = renkei_model::cbor::from_canonical(body).ok()?;
    let ascending = lines.is_sorted_by(|a, b| (a.partner, a.class) < (b.partner, b.class));
    ascending.then(|| {
        lines
            .into_iter()
            .map(|l| ((l.partner, l.class), Cursor { epoch: l.epoch, seq: l.seq }))
            .collect()
    })
}
