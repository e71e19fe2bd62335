//! Observations to tracks and alerts.
//!
//! Identity first: a report that names itself goes to the track of that name unless it would have
//! had to move impossibly fast. Each track keeps its pedigree (who contributed, when, under which
//! label), a position with an honest standard deviation, and its freshness. Plots that name nothing
//! move the track that they most likely are of, or become a nameless one.
//!
//! Refuses: clocks and sockets (time is an argument), any opinion about whose a thing is
//! (affiliation is a statement, never derived here), any rule on nationality, and silent removal.

mod ais_csv;
mod alert;
pub mod alerts;
mod assign;
mod associate;
mod attributes;
pub mod clock;
mod config;
mod covariance;
mod entry;
mod grid;
mod identity;
mod kalman;
mod machine;
mod plane;
mod plots;
mod region;
mod ring;
mod scene;
mod way;
mod zone;

pub use ais_csv::{AisCsvError, AisCsvReport, CsvAlert, fuse_ais_csv};
pub use alert::{Alert, Disposition, Jump, Outcome, Refusal};
pub use associate::AssociateConfig;
pub use config::{DomainConfig, FusionConfig};
pub use covariance::{Belief, intersect};
pub use machine::{Counts, Fusion, Ticked};
pub use plots::{Sensor, Swept};
pub use scene::{Scene, SceneError, SceneScan, SceneTracks, fuse_scene};
pub use zone::{ZoneError, ZoneWatch, check_zone};
