//! Tests of `renkei_codec::modes`.
