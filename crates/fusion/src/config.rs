//! The numbers that fusion runs on, each with its reason. Plain values: the node reads them from
//! its configuration, tests plant bugs with them.

use renkei_model::observation::Domain;

use crate::alerts::AlertConfig;
use crate::associate::AssociateConfig;

/// Metres a second in one knot.
pub(crate) const KNOT_MPS: f64 = 1852.0 / 3600.0;

/// How things of one domain move and how often they report.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainConfig {
    /// Faster than this between two fixes is not one thing, metres a second.
    pub speed_max_mps: f64,
    /// Shorter jumps than this are never held: clocks and receivers jitter. Metres.
    pub jump_min_m: f64,
    /// One standard deviation of a position that was reported without accuracy, metres.
    pub accuracy_m: f64,
    /// One standard deviation of a reported speed, metres a second.
    pub speed_sd_mps: f64,
    /// One standard deviation of a reported course, degrees.
    pub course_sd_deg: f64,
    /// One standard deviation of an unknown velocity, each axis, metres a second.
    pub velocity_sd_mps: f64,
    /// Spectral density of the acceleration noise while reports come as expected, m²/s³.
    pub process_noise: f64,
    /// Longest gap between reports that is still as expected; noise grows with longer ones, ms.
    pub interval_ms: i64,
    /// Stale once the last position is older than this, ms.
    pub stale_after_ms: i64,
    /// Lost once the last position is older than this, ms.
    pub lost_after_ms: i64,
}

/// Everything fusion can be told.
#[derive(Clone, Debug, PartialEq)]
pub struct FusionConfig {
    /// Ships.
    pub surface: DomainConfig,
    /// Aircraft.
    pub air: DomainConfig,
    /// Things on land.
    pub land: DomainConfig,
    /// Aids to navigation, base stations, beacons; some drift.
    pub installation: DomainConfig,
    /// The rest.
    pub other: DomainConfig,
    /// A lost track is dropped (and reported) when its last position is older than this, ms.
    pub drop_after_ms: i64,
    /// The first track gets the number after this one: a node that restarts goes on from the last
    /// number in its history, because a number is never used twice.
    pub last_number: u32,
    /// No more tracks than this; further ones are refused and counted.
    pub tracks_max: usize,
    /// No more tracks than this under one identity.
    pub tracks_per_identity_max: usize,
    /// No more sources than this in one pedigree.
    pub sources_max: usize,
    /// Held fixes that nothing joined for so long are logged as outliers, ms.
    pub held_expiry_ms: i64,
    /// Fixes worse than this never count as having entered a zone, metres.
    pub zone_accuracy_max_m: f64,
    /// The presets of the alert rules.
    pub alerts: AlertConfig,
    /// When tracks of different sources are one thing.
    pub associate: AssociateConfig,
}

impl FusionConfig {
    /// The numbers of one domain.
    #[must_use]
    pub fn of(&self, domain: Domain) -> &DomainConfig {
        match domain {
            Domain::Surface => &self.surface,
            Domain::Air => &self.air,
            Domain::Land => &self.land,
            Domain::Installation => &self.installation,
            Domain::Other => &self.other,
        }
    }
}

impl Default for FusionConfig {
    /// Ships: 60 kn is beyond any ship that sends AIS; class B at anchor reports each 3 minutes, so
    /// 6 minutes of silence is two missed reports. Aircraft: Mach 3; ADS-B reports twice a second.
    fn default() -> Self {
        let surface = DomainConfig {
            speed_max_mps: 60.0 * KNOT_MPS,
            jump_min_m: 200.0,
            accuracy_m: 10.0,
            speed_sd_mps: 0.3,
            course_sd_deg: 3.0,
            velocity_sd_mps: 8.0,
            process_noise: 0.01,
            interval_ms: 30_000,
            stale_after_ms: 6 * 60_000,
            lost_after_ms: 30 * 60_000,
        };
        let air = DomainConfig {
            speed_max_mps: 1_021.0,
            jump_min_m: 2_000.0,
            accuracy_m: 50.0,
            speed_sd_mps: 2.0,
            course_sd_deg: 1.0,
            velocity_sd_mps: 150.0,
            process_noise: 10.0,
            interval_ms: 10_000,
            stale_after_ms: 30_000,
            lost_after_ms: 5 * 60_000,
        };
        let land = DomainConfig {
            speed_max_mps: 100.0,
            process_noise: 0.5,
            interval_ms: 60_000,
            ..surface.clone()
        };
        let installation = DomainConfig {
            process_noise: 0.000_1,
            velocity_sd_mps: 1.0,
            interval_ms: 3 * 60_000,
            stale_after_ms: 15 * 60_000,
            lost_after_ms: 60 * 60_000,
            ..surface.clone()
        };
        let other = DomainConfig { lost_after_ms: 30 * 60_000, ..air.clone() };
        Self {
            surface,
            air,
            land,
            installation,
            other,
            drop_after_ms: 24 * 3_600_000,
            last_number: 0,
            tracks_max: 400_000,
            tracks_per_identity_max: 8,
            sources_max: 64,
            held_expiry_ms: 30 * 60_000,
            zone_accuracy_max_m: 1_000.0,
            alerts: AlertConfig::default(),
            associate: AssociateConfig::default(),
        }
    }
}
