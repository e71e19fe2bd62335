//! Bytes to observations and plots and back: AIS, Mode S, CoT, ASTERIX, plots as JSON.
//!
//! Refuses: sockets, files, clocks and any opinion about what a report means. Time is an argument,
//! nothing is unbounded, and no outside byte makes a parser panic or stop.

pub mod ais;
pub mod asterix;
pub mod cot;
mod feed;
pub mod geojson;
pub mod kml;
pub mod layer;
pub mod modes;
pub mod plots;

pub use feed::{FeedContext, Reject, content_hash};
