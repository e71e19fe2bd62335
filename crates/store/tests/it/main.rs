//! The store as its users see it.

mod history;
mod ledger;
mod world;
