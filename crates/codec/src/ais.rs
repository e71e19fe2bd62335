//! AIS: NMEA 0183 sentences to messages and back (ITU-R M.1371-5, IEC 61162-1).
//!
//! One line travels: [`Deframer`] (bytes to lines) → [`Assembler`] (lines to whole messages, with
//! tag blocks, `$PGHP`, prefixes and trailing epochs) → [`Message`] (raw integers, `f64`
//! accessors) → [`to_observation`] or [`json_line`]. [`Receiver`] is the first two in one.
//!
//! Refuses: sentences whose checksum is wrong, payloads too short for their type, and more than
//! 1,024 bytes without a line's end. A single-part line is decoded without an allocation.

mod application;
mod assembler;
mod bits;
mod deframer;
mod error;
pub mod fuzz;
mod json;
mod layout;
mod message;
mod mmsi;
mod observation;
mod scan;
mod sentence;
mod statics;
mod text;
mod timing;
mod told;

pub use application::{
    Application, Area, AreaNotice, InlandPersons, InlandVoyage, Leg, LinkedText, Persons, Route,
    Start, Waypoint, Weather,
};
pub use assembler::{Assembler, Counts, Received, Receiver, Sentences, Station};
pub use deframer::Deframer;
pub use error::{DecodeError, SentenceError};
pub use json::json_line;
pub use layout::{
    Acknowledged, Acknowledgement, Addressed, AidToNavigation, Assigned, Assignment, BaseStation,
    Binary, ChannelManagement, Data, DateInquiry, Differential, Dimensions, ExtendedB, Fix,
    GroupAssignment, Interrogated, Interrogation, LongRange, PositionA, PositionB, Reservation,
    Reserved, SafetyText, SarAircraft, StaticA, StaticB, Voyage,
};
pub use message::{Framing, Message, Other, decode, encode_payload, encode_sentences};
pub use mmsi::MmsiClass;
pub use observation::to_observation;
pub use sentence::Sentence;
pub use text::Text;
pub use told::ToldUtc;
