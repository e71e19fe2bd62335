//! The border protocol, held to its rules from outside: only bytes, time and the public words.

mod converge;
mod disk;
mod example;
mod greeting;
mod hostile;
mod interference;
mod logs;
mod observations;
mod pair;
mod picture;
mod support;
mod urgency;
mod wire;
