//! Seeded world, bad networks, replay, scenarios.
