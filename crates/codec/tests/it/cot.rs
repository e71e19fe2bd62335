//! Tests of `renkei_codec::cot`.
