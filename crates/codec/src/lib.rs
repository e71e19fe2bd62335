//! Bytes to observations and back: AIS, Mode S, CoT.
//!
//! Refuses: sockets, files, clocks and any opinion about what a report means. Time is an argument,
//! nothing is unbounded, and no outside byte makes a parser panic or stop.

pub mod ais;
pub mod cot;
mod feed;
pub mod modes;

pub use feed::{FeedContext, Reject, content_hash};
