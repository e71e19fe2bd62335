//! Tests of `renkei_codec::ais`.
