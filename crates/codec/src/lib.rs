//! Bytes to observations and plots and back: AIS, Mode S, CoT, ASTERIX, plots as JSON; confidentiality
//! labels and security policies in XML.
//!
//! Refuses: sockets, files, clocks and any opinion about what a report means. Time is an argument,
//! nothing is unbounded, and no outside byte makes a parser panic or stop.

pub mod ais;
pub mod asterix;
pub mod cot;
mod feed;
pub mod geojson;
pub mod kml;
pub mod label;
pub mod layer;
pub mod modes;
pub mod plots;
mod xml;

pub use feed::{FeedContext, Reject, content_hash};
pub use xml::XmlFault;
