//! The store as its users see it.

mod destruction;
mod directory;
mod forgery;
mod full_disk;
mod history;
mod keep;
mod keys;
mod kill;
mod layout;
mod ledger;
mod old_formats;
mod power_cut;
mod recovery;
mod slice;
mod tiles;
mod told;
mod verify;
mod world;
