//! Observations to tracks and alerts.
//!
//! Identity first: a report that names itself goes to the track of that name unless it would have
//! had to move impossibly fast. Each track keeps its pedigree (who contributed, when, under which
//! label), a position with an honest standard deviation, and its freshness.
//!
//! Refuses: clocks and sockets (time is an argument), any opinion about whose a thing is
//! (affiliation is a statement, never derived here), any rule on nationality, and silent removal.

mod ais_csv;
mod alert;
mod attributes;
mod config;
mod entry;
mod identity;
mod kalman;
mod machine;
mod plane;
mod ring;
mod zone;

pub use ais_csv::{AisCsvError, AisCsvReport, CsvAlert, fuse_ais_csv};
pub use alert::{Alert, Disposition, Jump, Outcome, Refusal};
pub use config::{DomainConfig, FusionConfig};
pub use machine::{Counts, Fusion, Ticked};
pub use zone::{ZoneError, ZoneWatch};
