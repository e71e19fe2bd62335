//! What fusion promises, rule by rule.

mod attributes;
mod freshness;
mod honesty;
mod identity;
mod properties;
mod solent;
mod support;
mod zones;
