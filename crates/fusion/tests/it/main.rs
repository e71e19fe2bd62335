//! What fusion promises, rule by rule.

mod attributes;
mod freshness;
mod honesty;
mod identity;
mod plots;
mod properties;
mod scene;
mod solent;
mod support;
mod zones;
