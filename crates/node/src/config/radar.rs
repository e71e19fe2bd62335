//! The radars of an ASTERIX feed, and how a feed of plots looks round, as written in `renkei.toml`.
//!
//! Refuses: a radar without its errors. What it sees could not be weighed against anything.

use renkei_codec::asterix::Radar;
use renkei_codec::plots::Site;
use renkei_fusion::Sensor;
use renkei_model::observation::Domain;
use renkei_model::position::Position;
use serde::Deserialize;

use super::{Complaint, FeedConfig, FeedKind};

/// A radar by its ASTERIX code, where it stands and how well it measures.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RadarConfig {
    /// System area code.
    pub(crate) sac: u8,
    /// System identification code.
    pub(crate) sic: u8,
    /// Its antenna, `[latitude, longitude]` in degrees.
    pub(crate) at: [f64; 2],
    /// Height of the antenna above the sea, metres.
    #[serde(default)]
    pub(crate) height_m: f64,
    /// One standard deviation of a range, metres.
    pub(crate) range_sd_m: f64,
    /// One standard deviation of a bearing, degrees.
    pub(crate) bearing_sd_deg: f64,
    /// How high a target without a height may fly, metres; 0 for a radar of the surface.
    #[serde(default)]
    pub(crate) ceiling_m: f64,
}

impl RadarConfig {
    /// The radar, or `None` when its values are out of range.
    pub(crate) fn radar(&self) -> Option<Radar> {
        let position = Position::new(self.at[0], self.at[1])?;
        let is_sd = |sd: f64, max: f64| sd > 0.0 && sd <= max;
        let valid = is_sd(self.range_sd_m, 10_000.0)
            && is_sd(self.bearing_sd_deg, 45.0)
            && (-500.0..=30_000.0).contains(&self.height_m)
            && (0.0..=100_000.0).contains(&self.ceiling_m);
        let site = Site {
            position,
            height_m: self.height_m,
            range_sd_m: self.range_sd_m,
            bearing_sd_deg: self.bearing_sd_deg,
            ceiling_m: self.ceiling_m,
        };
        valid.then_some(Radar { sac: self.sac, sic: self.sic, site })
    }
}

/// What is known of the sensor behind a feed of plots.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SensorConfig {
    /// What it looks for: `surface`, `air` or `land`.
    pub(crate) sees: Option<Domain>,
    /// From one look at a place to the next, seconds: a turn of the antenna.
    pub(crate) turn_s: f64,
    /// How often it sees a thing that is there.
    pub(crate) detects: f64,
    /// Plots of nothing, and of things not seen before, in a square kilometre a turn.
    pub(crate) clutter_per_km2: f64,
}

impl Default for SensorConfig {
    /// An approach radar's turn, and a sensor that is set well.
    fn default() -> Self {
        Self { sees: None, turn_s: 4.0, detects: 0.9, clutter_per_km2: 0.001 }
    }
}

impl SensorConfig {
    /// The sensor of `feed`. Where nothing says what it looks for, a radar of nothing but the surface,
    /// and plots in JSON, are taken to see ships.
    pub(crate) fn sensor(feed: &FeedConfig) -> Sensor {
        let config = feed.sensor.unwrap_or_default();
        let mut ceilings = feed.radars.iter().map(|radar| radar.ceiling_m);
        let of_surface = match feed.kind {
            FeedKind::Asterix => !feed.radars.is_empty() && ceilings.all(|m| m == 0.0),
            _ => true,
        };
        let usual = if of_surface { Domain::Surface } else { Domain::Air };
        Sensor {
            domain: config.sees.unwrap_or(usual),
            period_ms: (config.turn_s * 1_000.0) as i64,
            detection_probability: config.detects,
            clutter_per_km2: config.clutter_per_km2,
        }
    }

    fn is_valid(&self) -> bool {
        (0.1..=120.0).contains(&self.turn_s)
            && (0.1..=0.99).contains(&self.detects)
            && (1e-6..=100.0).contains(&self.clutter_per_km2)
            && self.sees.is_none_or(|d| matches!(d, Domain::Surface | Domain::Air | Domain::Land))
    }
}

/// What a tracker's position is worth where it does not say: that of an en-route radar at 100 km.
pub(super) fn track_sd_m() -> f64 {
    150.0
}

/// Whether a feed's radars can be used.
pub(super) fn check(feed: &FeedConfig) -> Result<(), Complaint> {
    for radar in &feed.radars {
        if radar.radar().is_none() {
            return Err((
                format!(
                    "feed `{}`: radar SAC {} SIC {} has values out of range",
                    feed.name.0, radar.sac, radar.sic
                ),
                "give at = [latitude, longitude] in degrees, range_sd_m and bearing_sd_deg above 0",
            ));
        }
    }
    let is_sd = feed.track_sd_m > 0.0 && feed.track_sd_m <= 100_000.0;
    if !is_sd {
        return Err((
            format!("feed `{}`: track_sd_m is out of range", feed.name.0),
            "give metres above 0, at most 100000",
        ));
    }
    if !feed.radars.is_empty() && feed.kind != FeedKind::Asterix {
        return Err((
            format!("feed `{}` has radars but does not speak ASTERIX", feed.name.0),
            "set kind = \"asterix\", or remove [[feed.radar]]",
        ));
    }
    let Some(sensor) = &feed.sensor else { return Ok(()) };
    if !matches!(feed.kind, FeedKind::Asterix | FeedKind::Plots) {
        return Err((
            format!("feed `{}` has a sensor but brings no plots", feed.name.0),
            "set kind = \"asterix\" or \"plots\", or remove [feed.sensor]",
        ));
    }
    if !sensor.is_valid() {
        return Err((
            format!("feed `{}`: its sensor has values out of range", feed.name.0),
            "give sees = \"surface\", \"air\" or \"land\", turn_s from 0.1 to 120, detects from 0.1 to \
             0.99, clutter_per_km2 from 0.000001 to 100",
        ));
    }
    Ok(())
}
