//! The one binary `renkei`.

fn main() {}
