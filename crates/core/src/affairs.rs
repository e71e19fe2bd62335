//! The headquarters' affairs: incidents, options, answers, tasks, seats, zones and the watch log, as
//! one deterministic function of what happened. A headquarters has affairs with each partner; those
//! with one know nothing of those with another ([`Desks`] holds them together).
//!
//! Two rules carry everything. State is a fold over ledger entries: `handle` decides, entries are
//! written, and `State::apply` is the only thing that changes state, live and in recovery alike.
//! And nothing leaves before it is durable: every effect waits for its batch's ticket.
//!
//! Refuses: clocks, sockets, disks, randomness of its own, orders across the border, and any field
//! that would feed a weapon.

pub mod account;
mod agreed;
mod attention;
mod authority;
mod command;
mod content;
mod decide;
pub mod decision;
mod desks;
mod destruction;
mod effect;
pub mod entry;
mod incident;
mod input;
mod machine;
mod merges;
mod not_taken;
mod notary;
mod notices;
mod occurrence;
mod option;
mod policies;
mod present;
mod recall;
mod received;
mod refusal;
mod review;
mod reviewing;
mod settle;
mod sign;
mod standing;
mod start;
mod state;
mod succession;
pub mod view;
mod watches;
pub mod witness;
mod words;
mod work;

pub use agreed::{AgreedReason, TearLine, agreed_reasons};
pub use authority::{Act, may, role_may};
pub use desks::{Asked, Desks, TooManyPartners, addressee, lanes};
pub use destruction::{Destruction, DestructionApproval, LastNumbers, Proposal};
pub use effect::{
    AffairsEffect, LedgerEntry, Place, Severity, StatedIdentity, StatedZone, Ticket, TrackWatch,
};
pub use input::{About, AffairsInput, Alert, Choice, Command, Extra, ReleasedAbout, Session};
pub use machine::{Affairs, ReplayError};
pub use merges::{Merge, MergeView, MergeWithdrawn, StatedPair};
pub use notary::{HEAD_EVERY_MS, NOTARIAL, SEAL_EVERY_MS, Seal, commitment};
pub use notices::{Judged, Judgement, Notice};
pub use policies::{
    POLICY_BYTES_MAX, PolicyChangeView, PolicyChanges, PolicyDecided, PolicyProposal,
    PolicyProposed, PolicyTexts,
};
pub use recall::RecallView;
pub use refusal::Refusal;
pub use review::{ReviewAsked, ReviewDecided};
pub use reviewing::{DecisionView, ReviewDetail, ReviewView};
pub use sign::{Keyring, SignatureError, check_signature};
pub use standing::{Standing, StandingError};
pub use succession::learn_keys;
pub use view::AffairsView;
pub use watches::{Unwatched, Watched};

use ed25519_dalek::SigningKey;
use renkei_model::id::{Nation, Partition};
use renkei_model::label::Label;
use renkei_model::seat::SeatNotice;
use renkei_model::statement::Zone;

/// What a node knows of itself before anything happened.
#[derive(Clone)]
pub struct AffairsConfig {
    /// Whose node.
    pub nation: Nation,
    /// The world it is in.
    pub partition: Partition,
    /// Raised by one at every restore from backup.
    pub epoch: u32,
    /// The node's key for this partition; signs what the seats' persons attested.
    pub key: SigningKey,
    /// The ally. Agreement is between two; with a third there are affairs of their own.
    pub partner: Partner,
    /// The lane of this partner: what is written for it is numbered there, from 0 and less than
    /// [`renkei_model::id::BorderAlias::LANES`]; never another partner's.
    pub lane: u32,
    /// Own seats with their first holders; `nation` and `since` are filled in.
    pub seats: Vec<SeatNotice>,
    /// Own zones.
    pub zones: Vec<Zone>,
    /// Standing options and phrase blocks.
    pub standing: Standing,
    /// The label of what persons here write for the partner: it names the partner as releasable.
    /// Incidents and identity statements carry its meet with the label of what they rest on.
    pub label: Label,
    /// The own key notices for the partner, oldest first: the first of the ledger, and each later one
    /// endorsed by the key before ([`renkei_model::note::SignedNotice`]).
    pub notices: Vec<Vec<u8>>,
    /// First random bytes for the salts; never the same for two partners.
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
