//! KML (OGC 07-147r2) → a layer: placemarks with polygons, their holes, and lines.
//!
//! Refuses: points, models, overlays and network links (nothing is fetched), document types.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event as Xml};
use quick_xml::reader::Reader;

use crate::layer::{BYTES_MAX, CORNERS_MAX, Degrees, Draft, Layer, LayerError, LeftOut, Told};

/// Elements may be nested this deep.
const DEPTH_MAX: usize = 64;
/// Text of a name that is kept while it is read.
const NAME_BYTES_MAX: usize = 1_024;

/// Reads a KML document; a `.kmz` must be unpacked first.
///
/// # Errors
/// [`LayerError`] when it is no KML or beyond a limit; single placemarks are left out and named.
pub fn read(bytes: &[u8]) -> Result<(Layer, Vec<LeftOut>), LayerError> {
    if bytes.len() > BYTES_MAX {
        return Err(LayerError::Bytes);
    }
    let format = |detail: String| LayerError::Format { format: "KML", detail };
    let text = std::str::from_utf8(bytes).map_err(|e| format(e.to_string()))?;
    let mut reader = Reader::from_str(text);
    let mut reading = Reading::default();
    loop {
        let event = reader.read_event().map_err(|e| format(e.to_string()))?;
        match event {
            Xml::Eof => break,
            Xml::DocType(_) => return Err(format("a document type is not read".into())),
            Xml::Start(tag) => reading.open(tag.local_name().as_ref())?,
            Xml::End(_) => reading.close()?,
            Xml::Text(text) => reading.text(&text.xml10_content()),
            Xml::CData(text) => reading.text(&text.xml10_content()),
            Xml::GeneralRef(entity) => reading.text(&resolved(&entity)),
            _ => {}
        }
    }
    if !reading.saw_kml || !reading.path.is_empty() {
        return Err(format("its root is not a whole `kml`".into()));
    }
    Ok(reading.draft.done())
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    draft: Draft,
    /// The open elements, local names.
    path: Vec<String>,
    saw_kml: bool,
    placemark: usize,
    name: String,
    /// Shapes of the open placemark; its name may come after them.
    shapes: Vec<(Degrees, bool)>,
    points: usize,
    rings: Degrees,
    coordinates: String,
    corners: usize,
}

impl Reading {
    fn open(&mut self, tag: &str) -> Result<(), LayerError> {
        if self.path.len() >= DEPTH_MAX {
            let detail = format!("elements are nested deeper than {DEPTH_MAX}");
            return Err(LayerError::Format { format: "KML", detail });
        }
        match tag {
            "kml" if self.path.is_empty() => self.saw_kml = true,
            "Placemark" => {
                self.placemark += 1;
                self.name.clear();
                self.shapes.clear();
                self.points = 0;
            }
            "Polygon" | "LineString" => self.rings.clear(),
            "Point" => self.points += 1,
            "coordinates" => self.coordinates.clear(),
            _ => {}
        }
        self.path.push(tag.to_owned());
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let within = |n: usize| self.path.iter().rev().nth(n).map(String::as_str);
        match (within(0), within(1)) {
            (Some("name"), Some("Placemark")) if self.name.len() < NAME_BYTES_MAX => {
                self.name.extend(text.chars().take(NAME_BYTES_MAX));
            }
            (Some("coordinates"), Some("LinearRing" | "LineString")) => {
                self.coordinates.push_str(text);
            }
            _ => {}
        }
    }

    fn close(&mut self) -> Result<(), LayerError> {
        let Some(tag) = self.path.pop() else { return Ok(()) };
        let parent = self.path.last().map(String::as_str);
        match (tag.as_str(), parent) {
            ("coordinates", Some("LinearRing" | "LineString")) => {
                let ring = corners(&self.coordinates);
                self.coordinates.clear();
                self.corners += ring.len();
                if self.corners > CORNERS_MAX {
                    return Err(LayerError::TooMany);
                }
                // The outer ring leads, wherever it stands.
                let is_outer = self.path.iter().any(|tag| tag == "outerBoundaryIs");
                let at = if is_outer { 0 } else { self.rings.len() };
                self.rings.insert(at, ring);
            }
            ("Polygon", _) => self.shapes.push((std::mem::take(&mut self.rings), true)),
            ("LineString", _) => self.shapes.push((std::mem::take(&mut self.rings), false)),
            ("Placemark", _) => self.placemark_done()?,
            _ => {}
        }
        Ok(())
    }

    fn placemark_done(&mut self) -> Result<(), LayerError> {
        let told = Told::named(Some(self.name.trim()).filter(|name| !name.is_empty()));
        for (rings, is_polygon) in std::mem::take(&mut self.shapes) {
            self.draft.add(self.placemark, &told, &rings, is_polygon)?;
        }
        if self.points > 0 {
            self.draft.leave_out(self.placemark, &told, LayerError::Kind("Point".into()))?;
        }
        Ok(())
    }
}

/// The character that an entity stands for; one that is not known stands for a replacement.
fn resolved(entity: &BytesRef<'_>) -> String {
    match entity.resolve_char_ref() {
        Ok(Some(character)) => character.to_string(),
        Ok(None) => resolve_predefined_entity(entity).unwrap_or("\u{fffd}").to_owned(),
        Err(_) => "\u{fffd}".to_owned(),
    }
}

/// `longitude,latitude[,altitude]` separated by blanks.
fn corners(text: &str) -> Vec<[f64; 2]> {
    let number = |part: Option<&str>| part.and_then(|p| p.parse().ok()).unwrap_or(f64::NAN);
    let corner = |tuple: &str| {
        let mut parts = tuple.split(',');
        [number(parts.next()), number(parts.next())]
    };
    text.split_ascii_whitespace().map(corner).collect()
}
