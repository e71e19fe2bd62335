//! The headquarters' affairs: incidents, options, answers, tasks, seats, zones and the watch log, as
//! one deterministic function of what happened.
//!
//! Two rules carry everything. State is a fold over ledger entries: `handle` decides, entries are
//! written, and `state::State::apply` is the only thing that changes state, live and in recovery
//! alike. And nothing leaves before it is durable: every effect waits for its batch's ticket.
//!
//! Refuses: clocks, sockets, disks, randomness of its own, orders across the border, and any field
//! that would feed a weapon.

mod effect;
mod input;
mod refusal;
pub mod view;

pub use effect::{AffairsEffect, LedgerEntry, Severity, StatedIdentity, StatedZone, Ticket};
pub use input::{About, AffairsInput, Alert, Choice, Command, Extra, ReleasedAbout, Session};
pub use refusal::Refusal;

use ed25519_dalek::SigningKey;
use renkei_model::id::{Nation, Partition};
use renkei_model::label::Label;
use renkei_model::seat::SeatNotice;
use renkei_model::statement::Zone;

/// What a node knows of itself before anything happened.
pub struct AffairsConfig {
    /// Whose node.
    pub nation: Nation,
    /// The world it is in.
    pub partition: Partition,
    /// Raised by one at every restore from backup.
    pub epoch: u32,
    /// The node's key for this partition; signs what the seats' persons attested.
    pub key: SigningKey,
    /// The ally.
    pub partner: Partner,
    /// Own seats with their first holders; `nation` and `since` are filled in.
    pub seats: Vec<SeatNotice>,
    /// Own zones.
    pub zones: Vec<Zone>,
    /// The label of what persons here write for the partner: it names the partner as releasable.
    /// Incidents and identity statements carry its meet with the label of what they rest on.
    pub label: Label,
    /// First random bytes for the salts.
    pub entropy: [u8; 32],
    /// Closed incidents leave the snapshot after this many milliseconds; the ledger keeps them.
    pub closed_shown_ms: i64,
}

/// The ally and its node's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Whose.
    pub nation: Nation,
    /// Ed25519 public key (RFC 8032), 32 bytes, from its card.
    pub key: [u8; 32],
}
