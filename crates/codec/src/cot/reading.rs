//! One pass over an event's XML.
//!
//! Refuses: entities but the five of XML and character numbers, document types, a `<` within a value,
//! and anything beside the one root.

use quick_xml::events::{BytesStart, Event as Xml};
use quick_xml::reader::Reader;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::event::{Detail, Head, Point};
use super::fault::EventError;
use super::splitter::{ATTRIBUTES_MAX, DEPTH_MAX};
use crate::xml::{self, Pair, TagFault};

/// A name that fits a screen, a key and an index.
const UID_LEN_MAX: usize = 256;
/// Text that is shown is cut to this many characters.
const TEXT_LEN_MAX: usize = 256;
/// CoT writes 9999999 for "unknown", and 999999 in its protobuf form.
const UNKNOWN: f64 = 999_999.0;

/// What one pass found.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) head: Option<Head>,
    pub(super) point: Option<Point>,
    pub(super) detail: Detail,
    /// The root's attributes, values as written.
    pub(super) attributes: Vec<(String, String)>,
    /// What stands within the root.
    pub(super) body: (usize, usize),
    pub(super) detail_span: Option<(usize, usize)>,
    depth: usize,
    detail_start: Option<usize>,
    in_remarks: bool,
}

impl Reading {
    /// Reads a whole document.
    pub(super) fn of(text: &str) -> Result<Self, EventError> {
        let mut reading = Self::default();
        let mut reader = Reader::from_str(text);
        loop {
            let from = reader.buffer_position() as usize;
            let xml = reader.read_event().map_err(|error| EventError::Xml {
                detail: error.to_string(),
                at: reader.error_position(),
            })?;
            let to = reader.buffer_position() as usize;
            if matches!(xml, Xml::Eof) {
                break;
            }
            reading.take(&xml, from, to)?;
        }
        if reading.depth > 0 || reading.head.is_none() {
            return Err(EventError::Root);
        }
        Ok(reading)
    }

    fn take(&mut self, xml: &Xml<'_>, from: usize, to: usize) -> Result<(), EventError> {
        match xml {
            Xml::Start(tag) => {
                self.element(tag, from, to, false)?;
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return Err(EventError::Depth { max: DEPTH_MAX });
                }
            }
            Xml::Empty(tag) => self.element(tag, from, to, true)?,
            Xml::End(_) => self.end(from, to),
            Xml::Text(text) if self.depth == 0 && !text.trim().is_empty() => {
                return Err(EventError::Root);
            }
            Xml::Text(text) => self.text(&text.xml10_content()),
            Xml::CData(text) if self.depth > 0 => self.text(&text.xml10_content()),
            Xml::GeneralRef(name) if self.depth > 0 => {
                let resolved = xml::resolve(name).map_err(|name| EventError::Entity { name })?;
                self.text(&resolved);
            }
            Xml::CData(_) | Xml::GeneralRef(_) => return Err(EventError::Root),
            Xml::DocType(_) => return Err(EventError::Entity { name: "DOCTYPE".into() }),
            Xml::Comment(_) | Xml::Decl(_) | Xml::PI(_) | Xml::Eof => {}
        }
        Ok(())
    }

    fn element(
        &mut self,
        tag: &BytesStart<'_>,
        from: usize,
        to: usize,
        is_empty: bool,
    ) -> Result<(), EventError> {
        let values = values(tag, from)?;
        match (self.depth, tag.name().as_ref()) {
            (0, "event") if self.head.is_none() => {
                self.head = Some(head(&values)?);
                self.attributes = raw_attributes(tag);
                self.body = (to, to);
            }
            (0, _) => return Err(EventError::Root),
            (1, "point") if self.point.is_none() => self.point = Some(point(&values)?),
            (1, "detail") if self.detail_span.is_none() && is_empty => {
                self.detail_span = Some((from, to));
            }
            (1, "detail") if self.detail_span.is_none() && self.detail_start.is_none() => {
                self.detail_start = Some(from);
            }
            (2, name) if self.detail_start.is_some() => self.part(name, &values, is_empty),
            _ => {}
        }
        Ok(())
    }

    /// A child of the detail.
    fn part(&mut self, name: &str, values: &[Pair<'_>], is_empty: bool) {
        let detail = &mut self.detail;
        match name {
            "contact" => detail.callsign = shown(values, "callsign").or(detail.callsign.take()),
            "__group" => {
                detail.team = shown(values, "name");
                detail.role = shown(values, "role");
            }
            "track" => {
                let number = |key| known(values, key).filter(|n| *n >= 0.0);
                detail.speed_mps = number("speed").filter(|speed| *speed < 100_000.0);
                detail.course_deg = number("course").filter(|c| *c <= 360.0).map(|c| c % 360.0);
            }
            "remarks" => self.in_remarks = !is_empty,
            "emergency" if value(values, "cancel") != Some("true") => {
                detail.emergency = shown(values, "type").or_else(|| Some("emergency".into()));
            }
            _ => {}
        }
    }

    fn end(&mut self, from: usize, to: usize) {
        self.depth = self.depth.saturating_sub(1);
        match self.depth {
            0 => self.body.1 = from,
            1 => {
                if let Some(start) = self.detail_start.take() {
                    self.detail_span = Some((start, to));
                }
            }
            2 => self.in_remarks = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_remarks {
            let remarks = self.detail.remarks.get_or_insert_default();
            let room = TEXT_LEN_MAX.saturating_sub(remarks.chars().count());
            remarks.extend(text.chars().take(room));
        }
    }
}

/// The attributes of a tag, entities resolved.
fn values<'a>(tag: &'a BytesStart<'_>, from: usize) -> Result<Vec<Pair<'a>>, EventError> {
    xml::values(tag).map_err(|fault| match fault {
        TagFault::Broken(detail) => EventError::Xml { detail, at: from as u64 },
        TagFault::Entity(name) => EventError::Entity { name },
        TagFault::TooMany => EventError::Attributes { max: ATTRIBUTES_MAX },
    })
}

/// The attributes of a tag as written; only for tags whose [`values`] were read.
fn raw_attributes(tag: &BytesStart<'_>) -> Vec<(String, String)> {
    tag.attributes()
        .flatten()
        .map(|attribute| (attribute.key.as_ref().to_owned(), attribute.value.into_owned()))
        .collect()
}

fn value<'a>(values: &'a [Pair<'_>], name: &str) -> Option<&'a str> {
    values.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
}

/// Text that people read: trimmed, cut, without control characters; `None` when nothing is left.
fn shown(values: &[Pair<'_>], name: &str) -> Option<String> {
    let text: String = value(values, name)?
        .trim()
        .chars()
        .filter(|character| !character.is_control())
        .take(TEXT_LEN_MAX)
        .collect();
    (!text.is_empty()).then_some(text)
}

/// What is said of confidentiality, whole: a word that was cut off would not restrict any more. An empty
/// `releasableTo` is said too: to nobody.
fn marked(values: &[Pair<'_>], name: &str) -> Option<String> {
    let text = value(values, name)?.trim();
    Some(text.chars().filter(|character| !character.is_control()).collect())
}

/// A number that is not "unknown".
fn known(values: &[Pair<'_>], name: &str) -> Option<f64> {
    let number: f64 = value(values, name)?.trim().parse().ok()?;
    (number.abs() < UNKNOWN).then_some(number)
}

fn head(values: &[Pair<'_>]) -> Result<Head, EventError> {
    let field = |name, expected| EventError::Field { name, expected };
    let name = |name: &'static str, expected: &'static str, len_max: usize| {
        value(values, name)
            .filter(|text| (1..=len_max).contains(&text.len()))
            .filter(|text| !text.chars().any(char::is_control))
            .map(str::to_owned)
            .ok_or(field(name, expected))
    };
    let moment = |name: &'static str| value(values, name).and_then(moment);
    const TIME: &str = "a time as 2026-11-22T06:28:00Z";
    let time = moment("time").ok_or(field("time", TIME))?;
    Ok(Head {
        version: shown(values, "version").unwrap_or_else(|| "2.0".into()),
        kind: name("type", "1 to 64 characters", 64)?,
        uid: name("uid", "1 to 256 bytes", UID_LEN_MAX)?,
        time,
        start: moment("start").unwrap_or(time),
        stale: moment("stale").ok_or(field("stale", TIME))?,
        how: shown(values, "how"),
        access: marked(values, "access").filter(|text| !text.is_empty()),
        caveat: marked(values, "caveat").filter(|text| !text.is_empty()),
        releasable_to: marked(values, "releasableTo"),
        qos: shown(values, "qos"),
        opex: shown(values, "opex"),
    })
}

/// A CoT time; one without an offset is taken as UTC, as senders mean it.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    Timestamp::from_rfc3339(text).or_else(|| Timestamp::from_rfc3339(&format!("{text}Z")))
}

fn point(values: &[Pair<'_>]) -> Result<Point, EventError> {
    let degrees = |name: &'static str| {
        let number = value(values, name).and_then(|text| text.trim().parse::<f64>().ok());
        number.ok_or(EventError::Field { name, expected: "degrees" })
    };
    let (latitude, longitude) = (degrees("lat")?, degrees("lon")?);
    let error = |name| known(values, name).filter(|metres| *metres >= 0.0);
    let ce_m = error("ce");
    let is_nowhere = latitude == 0.0 && longitude == 0.0 && ce_m.is_none();
    Ok(Point {
        position: Position::new(latitude, longitude).filter(|_| !is_nowhere),
        hae_m: known(values, "hae"),
        ce_m,
        le_m: error("le"),
    })
}
