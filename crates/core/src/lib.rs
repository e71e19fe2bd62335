//! The headquarters without the world.
