//! What the picture promises: one report's way to track, partner and alert.

mod aliases;
mod border;
mod exchange;
mod floors;
mod interference;
mod partners;
mod plots;
mod raising;
mod standing;
