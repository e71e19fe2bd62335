//! The codec's tests against recordings and hostile bytes, one binary.

mod ais;
mod asterix;
mod cot;
mod label;
mod layer;
mod modes;
mod plots;
mod recordings;
