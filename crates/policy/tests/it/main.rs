//! The rules of release, held against the shipped policies.

mod support;
mod tiers;
