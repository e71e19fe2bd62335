//! The words both headquarters share: who, when, where, what was reported, what is believed,
//! what was stated, how it is labelled, and the canonical bytes that are signed.
//!
//! Refuses: clocks, sockets, files, randomness, and any opinion about what may cross the border
//! (that is `renkei-policy`) or what an observation means (that is `renkei-fusion`).

pub mod cbor;
pub mod cose;
pub mod id;
pub mod label;
pub mod merkle;
pub mod note;
pub mod observation;
pub mod plot;
pub mod position;
pub mod seat;
pub mod statement;
pub mod time;
pub mod track;
