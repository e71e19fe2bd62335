//! Bytes to observations and back: AIS, Mode S, CoT.
