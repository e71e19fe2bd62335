//! Area notice: Circ.289 FI 22 (broadcast) and FI 23 (addressed).
//!
//! Refuses: more than ten areas, which is all that five slots hold, and half an area.

use serde::Serialize;

use super::{Bits, Start, degrees, known, link, text};

/// Something goes on in an area: data bits 0–9 link, 10–16 notice, 17–36 start, 37–54 duration, then
/// up to ten areas of 87 bits, whose union is meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AreaNotice {
    /// Text of the same link explains it, 1–1023; `None` = none.
    pub link: Option<u16>,
    /// What goes on, 0–127 (Circ.289 table 11.11); 126 = an earlier notice is cancelled, 127 =
    /// undefined.
    pub notice: u8,
    /// From when, UTC.
    pub start: Start,
    /// For how long, minutes; 0 = the notice is cancelled, `None` = undefined.
    pub duration_min: Option<u32>,
    /// Where.
    pub areas: Vec<Area>,
}

impl AreaNotice {
    const AREAS_MAX: usize = 10;
    const HEAD_BITS: usize = 55;

    pub(super) fn read(data: &Bits) -> Option<Self> {
        let areas = data.len().checked_sub(Self::HEAD_BITS)? / Area::BITS;
        Some(Self {
            link: link(data),
            notice: data.get(10, 7) as u8,
            start: Start::read(data, 17),
            duration_min: known(data, (37, 18), 0x3_FFFF).map(|minutes| minutes as u32),
            areas: (0..areas.min(Self::AREAS_MAX))
                .map(|index| Area::read(data, Self::HEAD_BITS + index * Area::BITS))
                .collect(),
        })
    }
}

/// One area of a notice, 87 bits: shape 0–2, scale 3–4 (lengths are times 1, 10, 100, 1,000), then
/// for the first three shapes longitude 5–29 and latitude 30–53 (1/1,000 minute) and precision
/// 54–56. `None` = not available.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Area {
    /// Shape 0: radius 57–68.
    Circle {
        /// Degrees north.
        lat: Option<f64>,
        /// Degrees east.
        lon: Option<f64>,
        /// Metres; 0 = a point, from which lines of the next areas may begin.
        radius_m: u32,
    },
    /// Shape 1: extent 57–64 and 65–72, orientation 73–81.
    Rectangle {
        /// South-west corner, degrees north.
        lat: Option<f64>,
        /// South-west corner, degrees east.
        lon: Option<f64>,
        /// Extent to the east, metres; 0 = a line to the north.
        east_m: u32,
        /// Extent to the north, metres.
        north_m: u32,
        /// Turned clockwise round the corner, degrees.
        orientation_deg: u16,
    },
    /// Shape 2: radius 57–68, bearings 69–77 and 78–86.
    Sector {
        /// Degrees north.
        lat: Option<f64>,
        /// Degrees east.
        lon: Option<f64>,
        /// Metres.
        radius_m: u32,
        /// Left boundary, degrees.
        left_deg: u16,
        /// Right boundary, degrees.
        right_deg: u16,
    },
    /// Shape 3: up to four legs from the point of the area before.
    Polyline {
        /// In their order.
        legs: Vec<Leg>,
    },
    /// Shape 4: as a polyline, closed.
    Polygon {
        /// In their order.
        legs: Vec<Leg>,
    },
    /// Shape 5: 14 characters of six bits.
    Text {
        /// What it says.
        text: String,
    },
    /// A shape that the circular reserves.
    Reserved {
        /// 6 or 7.
        code: u8,
    },
}

/// One leg of a line: bearing 10 bits in half degrees, distance 10 bits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Leg {
    /// Degrees true, to half a degree.
    pub bearing_deg: f64,
    /// Metres.
    pub distance_m: u32,
}

impl Area {
    const BITS: usize = 87;

    fn read(data: &Bits, at: usize) -> Self {
        let scale = 10_u32.pow(data.get(at + 3, 2) as u32);
        let metres = |from: usize, width| data.get(at + from, width) as u32 * scale;
        let whole = |from: usize, width| data.get(at + from, width) as u16;
        let lon = degrees(data, (at + 5, 25), 60_000, 180);
        let lat = degrees(data, (at + 30, 24), 60_000, 90);
        match data.get(at, 3) as u8 {
            0 => Self::Circle { lat, lon, radius_m: metres(57, 12) },
            1 => Self::Rectangle {
                lat,
                lon,
                east_m: metres(57, 8),
                north_m: metres(65, 8),
                orientation_deg: whole(73, 9),
            },
            2 => Self::Sector {
                lat,
                lon,
                radius_m: metres(57, 12),
                left_deg: whole(69, 9),
                right_deg: whole(78, 9),
            },
            3 => Self::Polyline { legs: legs(data, at + 5, scale) },
            4 => Self::Polygon { legs: legs(data, at + 5, scale) },
            5 => Self::Text { text: text(data, at + 3, 14) },
            code => Self::Reserved { code },
        }
    }
}

/// Up to four legs; a bearing of 720 half degrees ends them.
fn legs(data: &Bits, at: usize, scale: u32) -> Vec<Leg> {
    (0..4)
        .map(|index| (data.get(at + index * 20, 10), data.get(at + index * 20 + 10, 10)))
        .take_while(|&(bearing, _)| bearing < 720)
        .map(|(bearing, distance)| Leg {
            bearing_deg: bearing as f64 / 2.0,
            distance_m: distance as u32 * scale,
        })
        .collect()
}
