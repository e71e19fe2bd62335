//! The store as its users see it.

mod ledger;
mod world;
