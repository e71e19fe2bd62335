//! A layer of theatre data: named shapes to be drawn, as an imported file gives them.
//!
//! Longitudes of a shape are unrolled: from corner to corner the shorter way, so that a shape across
//! the antimeridian is in one piece, at longitudes beyond 180°. The holes of a polygon lie in the same
//! turn as its outer ring.
//!
//! Refuses: judging what a line means. What cannot be drawn is left out and named.

pub mod fuzz;

use serde_json::{Value, json};

/// Largest file that is read.
pub const BYTES_MAX: usize = 64 << 20;
/// Most shapes in one layer.
pub const SHAPES_MAX: usize = 20_000;
/// Most corners in one layer.
pub const CORNERS_MAX: usize = 500_000;
/// A name is cut to this many characters.
pub const NAME_LEN_MAX: usize = 120;
const TURN_UDEG: i64 = 360_000_000;
const POLE_UDEG: i64 = 90_000_000;

/// A corner: latitude and unrolled longitude in 1e-6 degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corner {
    /// Degrees north × 10⁶, −90,000,000 to 90,000,000.
    pub latitude_udeg: i32,
    /// Degrees east × 10⁶; a shape across the antimeridian goes beyond ±180,000,000.
    pub longitude_udeg: i32,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The outer ring and then the holes; each of at least three corners, not closed.
    Polygon(Vec<Vec<Corner>>),
    /// At least two corners.
    Line(Vec<Corner>),
}

/// What a file says of a shape, word for word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Its name.
    pub name: Option<String>,
    /// Its name in Japanese.
    pub name_ja: Option<String>,
    /// Who claims it. Where claims compete, each is a shape of its own.
    pub claimed_by: Option<String>,
    /// What else a reader must know of it.
    pub note: Option<String>,
}

/// A shape and what is said of it; the parts of a multipolygon share that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedShape {
    /// As the file has it, cut to [`NAME_LEN_MAX`] each.
    pub told: Told,
    /// What is drawn.
    pub shape: Shape,
}

/// What a file holds that can be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// In the file's order.
    pub shapes: Vec<NamedShape>,
}

/// A shape that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("feature {number}{}: {reason}", name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default())]
pub struct LeftOut {
    /// Which feature of the file, from 1.
    pub number: usize,
    /// Its name.
    pub name: Option<String>,
    /// Why.
    pub reason: LayerError,
}

/// Why a shape, or a whole file, is not drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayerError {
    /// Beyond [`BYTES_MAX`].
    #[error("the file has more than {BYTES_MAX} bytes; simplify it or cut it into layers")]
    Bytes,
    /// Not of the format at all.
    #[error("not {format}: {detail}")]
    Format {
        /// Which format was expected.
        format: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// Beyond [`SHAPES_MAX`] or [`CORNERS_MAX`].
    #[error("more than {SHAPES_MAX} shapes or {CORNERS_MAX} corners; simplify it or cut it up")]
    TooMany,
    /// A geometry that is neither polygon nor line.
    #[error("`{0}` is not drawn; only polygons and lines are")]
    Kind(String),
    /// A corner that is no place.
    #[error("ring {ring}, corner {corner} is not a longitude and a latitude on Earth")]
    Corner {
        /// Which ring of the shape, from 1.
        ring: usize,
        /// Which corner of it, from 1.
        corner: usize,
    },
    /// Too few corners.
    #[error("ring {ring} has {corners} corners; a polygon needs three, a line two")]
    Few {
        /// Which ring of the shape, from 1.
        ring: usize,
        /// How many it has.
        corners: usize,
    },
    /// Round a pole.
    #[error("ring {0} runs round a pole; cut it at a meridian")]
    Pole(usize),
    /// A hole that is none.
    #[error("ring {0} is a hole that lies outside its polygon")]
    Hole(usize),
}

/// A shape as a file gives it: rings of longitude and latitude in degrees.
pub(crate) type Degrees = Vec<Vec<[f64; 2]>>;

/// A layer that is being read.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    layer: Layer,
    left_out: Vec<LeftOut>,
    corners: usize,
}

impl Draft {
    /// Takes in one shape of feature `number`; one that cannot be drawn is noted.
    pub(crate) fn add(
        &mut self,
        number: usize,
        told: &Told,
        rings: &Degrees,
        is_polygon: bool,
    ) -> Result<(), LayerError> {
        self.corners += rings.iter().map(Vec::len).sum::<usize>();
        if self.corners > CORNERS_MAX || self.layer.shapes.len() >= SHAPES_MAX {
            return Err(LayerError::TooMany);
        }
        match if is_polygon { polygon(rings) } else { line(rings) } {
            Ok(shape) => self.layer.shapes.push(NamedShape { told: told.cut(), shape }),
            Err(reason) => self.leave_out(number, told, reason)?,
        }
        Ok(())
    }

    /// Notes what cannot be drawn.
    pub(crate) fn leave_out(
        &mut self,
        number: usize,
        told: &Told,
        reason: LayerError,
    ) -> Result<(), LayerError> {
        if self.left_out.len() >= SHAPES_MAX {
            return Err(LayerError::TooMany);
        }
        self.left_out.push(LeftOut { number, name: told.cut().name, reason });
        Ok(())
    }

    pub(crate) fn done(self) -> (Layer, Vec<LeftOut>) {
        (self.layer, self.left_out)
    }
}

impl Told {
    /// Only a name.
    pub(crate) fn named(name: Option<&str>) -> Self {
        Self { name: name.map(str::to_owned), ..Self::default() }
    }

    fn properties(&self) -> Value {
        let mut properties = json!({"name": self.name});
        let more =
            [("name_ja", &self.name_ja), ("claimed_by", &self.claimed_by), ("note", &self.note)];
        for (key, text) in more {
            if let Some(text) = text {
                properties[key] = text.as_str().into();
            }
        }
        properties
    }

    fn cut(&self) -> Self {
        let cut = |text: &Option<String>| {
            let text = text.as_deref()?.trim().chars().filter(|c| !c.is_control());
            Some(text.take(NAME_LEN_MAX).collect())
        };
        Self {
            name: cut(&self.name),
            name_ja: cut(&self.name_ja),
            claimed_by: cut(&self.claimed_by),
            note: cut(&self.note),
        }
    }
}

fn line(rings: &Degrees) -> Result<Shape, LayerError> {
    let [way] = rings.as_slice() else { return Err(LayerError::Few { ring: 1, corners: 0 }) };
    let corners = unroll(way, 1)?;
    if corners.len() < 2 {
        return Err(LayerError::Few { ring: 1, corners: corners.len() });
    }
    Ok(Shape::Line(corners))
}

fn polygon(rings: &Degrees) -> Result<Shape, LayerError> {
    let mut drawn: Vec<Vec<Corner>> = Vec::with_capacity(rings.len());
    for (i, ring) in rings.iter().enumerate() {
        let mut corners = closed(ring, i + 1)?;
        if let Some(outer) = drawn.first() {
            into_turn_of(outer, &mut corners).ok_or(LayerError::Hole(i + 1))?;
        }
        drawn.push(corners);
    }
    if drawn.is_empty() {
        return Err(LayerError::Few { ring: 1, corners: 0 });
    }
    Ok(Shape::Polygon(drawn))
}

/// A ring without its closing corner.
fn closed(ring: &[[f64; 2]], number: usize) -> Result<Vec<Corner>, LayerError> {
    let mut corners = unroll(ring, number)?;
    let (Some(first), Some(last)) = (corners.first().copied(), corners.last().copied()) else {
        return Err(LayerError::Few { ring: number, corners: 0 });
    };
    let gap = i64::from(last.longitude_udeg) - i64::from(first.longitude_udeg);
    let is_closed =
        corners.len() > 1 && last.latitude_udeg == first.latitude_udeg && gap % TURN_UDEG == 0;
    // Closed a turn further on, or open and more than half a turn from its beginning.
    if is_closed && gap != 0 || gap.abs() * 2 > TURN_UDEG {
        return Err(LayerError::Pole(number));
    }
    if is_closed {
        corners.pop();
    }
    if corners.len() < 3 {
        return Err(LayerError::Few { ring: number, corners: corners.len() });
    }
    Ok(corners)
}

/// The corners, each the shorter way on from the one before.
fn unroll(way: &[[f64; 2]], ring: usize) -> Result<Vec<Corner>, LayerError> {
    let mut corners: Vec<Corner> = Vec::with_capacity(way.len());
    for (i, degrees) in way.iter().enumerate() {
        let refused = LayerError::Corner { ring, corner: i + 1 };
        let [Some(longitude), Some(latitude)] = degrees.map(micro) else { return Err(refused) };
        if latitude.abs() > POLE_UDEG || longitude.abs() > TURN_UDEG {
            return Err(refused);
        }
        let turned = match corners.last() {
            None => (longitude + TURN_UDEG / 2).rem_euclid(TURN_UDEG) - TURN_UDEG / 2,
            Some(last) => {
                let last = i64::from(last.longitude_udeg);
                let step = (longitude - last + TURN_UDEG / 2).rem_euclid(TURN_UDEG) - TURN_UDEG / 2;
                last + step
            }
        };
        let corner = i32::try_from(latitude).ok().zip(i32::try_from(turned).ok());
        let Some((latitude_udeg, longitude_udeg)) = corner else { return Err(refused) };
        corners.push(Corner { latitude_udeg, longitude_udeg });
    }
    Ok(corners)
}

fn micro(degrees: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "at most 720 degrees")]
    (degrees.is_finite() && degrees.abs() <= 720.0).then(|| (degrees * 1e6).round() as i64)
}

/// Moves a hole by whole turns into its outer ring's bounding box; `None` when it fits in none.
fn into_turn_of(outer: &[Corner], hole: &mut [Corner]) -> Option<()> {
    let box_of = |ring: &[Corner]| {
        let range = |of: fn(&Corner) -> i32| {
            let values = ring.iter().map(of).map(i64::from);
            Some((values.clone().min()?, values.max()?))
        };
        Some((range(|c| c.latitude_udeg)?, range(|c| c.longitude_udeg)?))
    };
    let ((south, north), (west, east)) = box_of(outer)?;
    let ((low, high), (left, right)) = box_of(hole)?;
    let turn = [0, TURN_UDEG, -TURN_UDEG]
        .into_iter()
        .find(|turn| west <= left + turn && right + turn <= east)
        .filter(|_| south <= low && high <= north)?;
    for corner in hole {
        corner.longitude_udeg = i32::try_from(i64::from(corner.longitude_udeg) + turn).ok()?;
    }
    Some(())
}

impl Layer {
    /// The layer as a GeoJSON feature collection (RFC 7946, but with unrolled longitudes), each
    /// feature with its `name`, and where they were told `name_ja`, `claimed_by` and `note`.
    #[must_use]
    pub fn to_geojson(&self) -> Value {
        let degrees = |udeg: i32| f64::from(udeg) / 1e6;
        let corner = |c: &Corner| json!([degrees(c.longitude_udeg), degrees(c.latitude_udeg)]);
        let ring = |corners: &Vec<Corner>| -> Value {
            corners.iter().chain(corners.first()).map(corner).collect()
        };
        let feature = |named: &NamedShape| {
            let (kind, coordinates): (_, Value) = match &named.shape {
                Shape::Polygon(rings) => ("Polygon", rings.iter().map(ring).collect()),
                Shape::Line(corners) => ("LineString", corners.iter().map(corner).collect()),
            };
            json!({
                "type": "Feature", "properties": named.told.properties(),
                "geometry": {"type": kind, "coordinates": coordinates},
            })
        };
        let features: Vec<Value> = self.shapes.iter().map(feature).collect();
        json!({"type": "FeatureCollection", "features": features})
    }
}
