//! The simulator's tests, one binary.

mod border;
mod exchange;
mod triangle;
mod world;
