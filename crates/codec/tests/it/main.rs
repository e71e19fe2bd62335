//! The codec's tests against recordings and hostile bytes, one binary.

mod ais;
mod cot;
mod modes;
mod recordings;
