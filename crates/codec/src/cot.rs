//! Cursor on Target: events to observations and back.
//!
//! bytes → [`Splitter`] → [`Event`] → observation; track → [`from_track`] → bytes.
//!
//! Refuses: document types and entities of their own, documents without bound, and any label wider
//! than the feed's: an event may narrow what its feed allows, never widen it.

mod draft;
mod event;
mod fault;
pub mod fuzz;
mod json;
mod marking;
mod reading;
mod report;
mod splitter;
pub mod symbol;
mod words;

pub use draft::{Draft, TrackMarks, from_track, pong};
pub use event::{Detail, Event, Head, Point};
pub use fault::EventError;
pub use json::json_line;
pub use splitter::{ATTRIBUTES_MAX, DEPTH_MAX, EVENT_LEN_MAX, Splitter};
pub use words::{LabelWords, OwnWords};
