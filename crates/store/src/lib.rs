//! What a node keeps on disk: the ledger (the truth, append-only, provable) and the history of
//! tracks (blocks, rebuildable index). The formats are written down in `docs/record.md`.
//!
//! Refuses: to acknowledge before the disk has it, to serve a byte whose checksum does not match,
//! to share a directory between two processes, and to know what a record's body means.

mod bytes;
mod dir;
pub mod history;
pub mod ledger;

pub use dir::{DirError, StoreDir};
