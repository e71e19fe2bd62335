//! The border protocol as a state machine: bytes in, bytes out, time as an argument.
//!
//! One [`Border`] per partner. Decisions, incidents and documents travel in single-writer logs:
//! sent only when durable here, acknowledged only when durable there, numbered without gaps, so
//! that nothing is lost, doubled or reordered over any cut. Observations travel as a map of newest
//! values. `docs/wire.md` describes the bytes.
//!
//! Refuses: sockets, clocks, files and randomness; anything to send that is not a
//! [`renkei_policy::Released`]; more than bounded memory for one partner; and every input that is
//! not the protocol, by ending the session with a stable code.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::unreachable
    )
)]

pub mod border;
pub mod class;
mod clock;
mod compact;
mod flow;
mod frame;
mod inbox;
mod incoming;
mod latest;
mod message;
mod outbox;
mod outgoing;
pub mod refusal;
mod session;
mod shares;
pub mod status;

pub use border::{Border, BorderConfig, Event, Outbound, Restored};
pub use class::{Class, Cursor};
pub use message::PROTOCOL_VERSION;
pub use refusal::{Refusal, RefusalCode};
pub use status::LinkStatus;
