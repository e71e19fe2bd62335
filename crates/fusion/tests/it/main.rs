//! What fusion promises, rule by rule.

mod alerts;
mod attributes;
mod freshness;
mod honesty;
mod identity;
mod plots;
mod properties;
mod scene;
mod scenes;
mod solent;
mod support;
mod truth;
mod zones;
