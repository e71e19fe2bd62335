//! What fusion promises, rule by rule.

mod adopt;
mod alerts;
mod associate;
mod attributes;
mod covariance;
mod freshness;
mod honesty;
mod identity;
mod plots;
mod properties;
mod rumour;
mod scene;
mod scenes;
mod shown_tracks;
mod solent;
mod support;
mod truth;
mod zones;
