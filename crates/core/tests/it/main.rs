//! What a headquarters promises without the world, rule by rule.

mod affairs;
mod picture;
