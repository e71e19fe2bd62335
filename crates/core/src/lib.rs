//! The headquarters without the world: what it knows (`picture`) and what it does (`affairs`), each a
//! deterministic function of inputs and time.
//!
//! Refuses: clocks, sockets, files, randomness of its own, and anything that would feed a weapon.

pub mod affairs;
pub mod picture;
