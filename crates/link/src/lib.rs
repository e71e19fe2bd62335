//! The border protocol as a state machine.
