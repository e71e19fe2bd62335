//! Mode S and ADS-B: frames to observations and back.
