//! The rules of release, held against the shipped policies.

mod coarse;
mod problems;
mod support;
mod tiers;
