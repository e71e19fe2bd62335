//! ASTERIX, the binary form in which radars and trackers report (EUROCONTROL-SPEC-0149): category 048,
//! one radar's target reports (part 4, edition 1.2x), and category 062, a tracker's system tracks
//! (part 9, edition 1.1x). Of category 034 it is read when the antenna points north.
//!
//! bytes → [`Deframer`] → block of records → [`Report`] → [`Radars::seen`] → plot, or an observation
//! where the report names an aircraft by its 24-bit address.
//!
//! A data block, and the records in it:
//!
//! ```text
//! octet 1     category
//! octets 2–3  length of the block in octets, these three included
//! records     FSPEC: seven bits an octet say which items follow, in the order of the category's
//!             profile; the lowest bit (FX) says that one more octet of FSPEC follows; then the items
//! ```
//!
//! Refuses: simulated and test targets, a field monitor's transponder, and positions without a
//! detection behind them (a coasting track, a scan without an answer): none of them is a thing that
//! was seen.

mod block;
mod encode;
pub mod fuzz;
mod items;
mod json;
mod meaning;
mod profile;
mod target;
mod track;

pub use block::{Block, Deframer};
pub use encode::{encode_target, encode_track};
pub use json::json_line;
pub use meaning::{Radar, Radars, Seen, time_of_day};
pub use target::{Detection, FlightLevel, ModeA, Polar, TargetReport, TrackState};
pub use track::{Accuracy, SystemTrack};

use crate::Reject;

/// One record of a category that is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// Category 048.
    Target(Box<TargetReport>),
    /// Category 062.
    Track(Box<SystemTrack>),
}

impl Report {
    /// The reports of a block, in order, and why reading ended early if it did: where a record is
    /// damaged, the next one's beginning is not known.
    #[must_use]
    pub fn of_block(block: &Block) -> (Vec<Self>, Option<Reject>) {
        let mut reports = Vec::new();
        if block.is_service() {
            return (reports, None);
        }
        let mut rest = block.records();
        while !rest.is_empty() {
            let read = match block.category {
                target::CATEGORY => TargetReport::read(rest)
                    .map(|(report, rest)| (Self::Target(Box::new(report)), rest)),
                _ => SystemTrack::read(rest)
                    .map(|(report, rest)| (Self::Track(Box::new(report)), rest)),
            };
            match read {
                Ok((report, after)) => {
                    reports.push(report);
                    rest = after;
                }
                Err(fault) => {
                    let detail = format!("ASTERIX category {:03} record: {fault}", block.category);
                    return (reports, Some(Reject::new(fault.code(), detail, rest)));
                }
            }
        }
        (reports, None)
    }
}
