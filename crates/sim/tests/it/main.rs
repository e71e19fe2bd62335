//! The simulator's tests, one binary.

mod border;
mod cut;
mod exchange;
mod long_cut;
mod triangle;
mod world;
