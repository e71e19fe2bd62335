//! Automation of the project: `cargo xtask help` lists what it does.

fn main() {}
