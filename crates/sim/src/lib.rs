//! Seeded world, bad networks, replay, scenarios.
//!
//! Refuses: chance and clocks. A seed and the times that are handed in decide every byte.

pub mod world;
