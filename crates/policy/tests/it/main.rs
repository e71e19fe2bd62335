//! The rules of release, held against the shipped policies.

mod change;
mod coarse;
mod docs;
mod interference;
mod labels;
mod lattice;
mod problems;
mod proof;
mod reasons;
mod records;
mod review;
mod support;
mod tiers;
mod wire;
mod world;
