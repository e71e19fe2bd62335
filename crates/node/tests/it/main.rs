//! The real binary as a user would run it: nodes on loopback, real sockets, real files.

mod alone;
mod device;
mod harness;
mod labels;
mod pair;
mod past;
mod radar;
mod setup;
mod tap;
mod third;
mod watches;
mod zones;
