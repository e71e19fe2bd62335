//! Plots of sensors that cannot say what they see: the geometry of range and bearing, and JSON lines.
//!
//! [`Site`] turns what a radar measured into a position on the ellipsoid with its covariance;
//! [`Deframer`] reads plots as JSON lines; radars that speak ASTERIX are in [`crate::asterix`].
//!
//! Refuses: a plot without a believable error, and a flat Earth: at 200 km a radar that corrects
//! neither for the curve nor for the target's height is off by more than its own error.

mod json;
mod site;

pub use json::{Deframer, Line, json_line};
pub use site::Site;
