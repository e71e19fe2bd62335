//! What fusion promises, rule by rule.

mod attributes;
mod covariance;
mod freshness;
mod honesty;
mod identity;
mod plots;
mod properties;
mod rumour;
mod scene;
mod solent;
mod support;
mod zones;
