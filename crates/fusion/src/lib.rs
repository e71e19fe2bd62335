//! Observations to tracks and alerts.
