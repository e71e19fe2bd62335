//! Route information: Circ.289 FI 27 (broadcast) and FI 28 (addressed).
//!
//! Refuses: more waypoints than were sent, whatever the count says.

use serde::Serialize;

use super::{Bits, Start, degrees, known, link};

/// A route: data bits 0–9 link, 10–12 sender, 13–17 type, 18–37 start, 38–55 duration, 56–60 count,
/// then up to 16 waypoints of 55 bits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Route {
    /// Text of the same link explains it, 1–1023; `None` = none.
    pub link: Option<u16>,
    /// 0 = ship, 1 = authority, the rest reserved.
    pub sender: u8,
    /// 1 mandatory, 2 recommended, 3 alternative, 4 recommended through ice, 5 ship's plan, 31 =
    /// cancelled.
    pub route_type: u8,
    /// From when, UTC.
    pub start: Start,
    /// For how long, minutes; 0 = the route is cancelled, `None` = not available.
    pub duration_min: Option<u32>,
    /// In their order.
    pub waypoints: Vec<Waypoint>,
}

/// One point of a route: longitude 28 bits, latitude 27 bits (1/10,000 minute).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Waypoint {
    /// Degrees north; `None` = not available.
    pub lat: Option<f64>,
    /// Degrees east; `None` = not available.
    pub lon: Option<f64>,
}

impl Route {
    const WAYPOINTS_MAX: usize = 16;
    const HEAD_BITS: usize = 61;
    const WAYPOINT_BITS: usize = 55;

    pub(super) fn read(data: &Bits) -> Option<Self> {
        let sent = data.len().checked_sub(Self::HEAD_BITS)? / Self::WAYPOINT_BITS;
        let count = (data.get(56, 5) as usize).min(sent).min(Self::WAYPOINTS_MAX);
        let waypoint = |index: usize| {
            let at = Self::HEAD_BITS + index * Self::WAYPOINT_BITS;
            Waypoint {
                lat: degrees(data, (at + 28, 27), 600_000, 90),
                lon: degrees(data, (at, 28), 600_000, 180),
            }
        };
        Some(Self {
            link: link(data),
            sender: data.get(10, 3) as u8,
            route_type: data.get(13, 5) as u8,
            start: Start::read(data, 18),
            duration_min: known(data, (38, 18), 0x3_FFFF).map(|minutes| minutes as u32),
            waypoints: (0..count).map(waypoint).collect(),
        })
    }
}
