//! One event: read once, kept as it came.
//!
//! Refuses: rewriting. What is relayed are the bytes that came; a change is an edit of one attribute
//! of the root, and everything that is not understood stays byte for byte.

use quick_xml::escape::escape;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::fault::EventError;
use super::reading::Reading;

/// The attributes of the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Version of the event schema, `2.0`.
    pub version: String,
    /// Type, for example `a-f-G-U-C`.
    pub kind: String,
    /// Globally unique name of the thing.
    pub uid: String,
    /// When the event was made.
    pub time: Timestamp,
    /// From when it holds.
    pub start: Timestamp,
    /// Until when it holds.
    pub stale: Timestamp,
    /// How the position came about, for example `m-g`.
    pub how: Option<String>,
    /// Classification in the sender's words.
    pub access: Option<String>,
    /// Caveats in the sender's words.
    pub caveat: Option<String>,
    /// Nations it may go to, in the sender's words.
    pub releasable_to: Option<String>,
    /// Quality of service, for example `5-r-d`.
    pub qos: Option<String>,
    /// Operation, exercise or simulation, for example `e-KEEN`.
    pub opex: Option<String>,
}

/// The `point`. `None` where it says "unknown".
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Where; `None` also for 0 N 0 E with an unknown error, which events without a place carry.
    pub position: Option<Position>,
    /// Height above the ellipsoid in metres.
    pub hae_m: Option<f64>,
    /// Circular error in metres.
    pub ce_m: Option<f64>,
    /// Linear (vertical) error in metres.
    pub le_m: Option<f64>,
}

/// What is understood of the `detail`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail {
    /// `contact@callsign`.
    pub callsign: Option<String>,
    /// `__group@name`.
    pub team: Option<String>,
    /// `__group@role`.
    pub role: Option<String>,
    /// `track@speed`, metres a second.
    pub speed_mps: Option<f64>,
    /// `track@course`, degrees true in `[0, 360)`.
    pub course_deg: Option<f64>,
    /// Text of `remarks`.
    pub remarks: Option<String>,
    /// `emergency@type`, unless it is cancelled.
    pub emergency: Option<String>,
}

/// One event with the bytes it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    document: String,
    head: Head,
    point: Point,
    detail: Detail,
    attributes: Vec<(String, String)>,
    body: (usize, usize),
    detail_span: Option<(usize, usize)>,
}

impl Event {
    /// Reads one document as [`Splitter`](super::Splitter) gives it.
    ///
    /// # Errors
    /// [`EventError`] when it is not well formed, has entities of its own, exceeds a limit, or lacks
    /// what every event must have.
    pub fn parse(document: &[u8]) -> Result<Self, EventError> {
        let text = std::str::from_utf8(document)
            .map_err(|error| EventError::Encoding { at: error.valid_up_to() })?;
        let reading = Reading::of(text)?;
        Ok(Self {
            document: text.to_owned(),
            head: reading.head.ok_or(EventError::Root)?,
            point: reading
                .point
                .ok_or(EventError::Field { name: "point", expected: "an element of the event" })?,
            detail: reading.detail,
            attributes: reading.attributes,
            body: reading.body,
            detail_span: reading.detail_span,
        })
    }

    /// The root's attributes.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Where it is.
    #[must_use]
    pub fn point(&self) -> &Point {
        &self.point
    }

    /// What is understood of the detail.
    #[must_use]
    pub fn detail(&self) -> &Detail {
        &self.detail
    }

    /// The document as it came.
    #[must_use]
    pub fn as_xml(&self) -> &str {
        &self.document
    }

    /// The `detail` element as it came, its tags included.
    #[must_use]
    pub fn detail_xml(&self) -> Option<&str> {
        let (start, end) = self.detail_span?;
        self.document.get(start..end)
    }

    /// The event with one attribute of the root set. The values of all others and everything within
    /// the root stay byte for byte.
    ///
    /// # Errors
    /// [`EventError`] when the result is no event any more.
    pub fn with_attribute(&self, name: &str, value: &str) -> Result<Self, EventError> {
        let mut attributes = self.attributes.clone();
        let value = escape(value).into_owned();
        match attributes.iter_mut().find(|(other, _)| other == name) {
            Some((_, slot)) => *slot = value,
            None => attributes.push((name.to_owned(), value)),
        }
        let mut document = String::from("<event");
        for (name, value) in &attributes {
            let quote = if value.contains('"') { '\'' } else { '"' };
            document.extend([" ", name, "="]);
            document.push(quote);
            document.push_str(value);
            document.push(quote);
        }
        let body = self.document.get(self.body.0..self.body.1).unwrap_or_default();
        document.extend([">", body, "</event>"]);
        Self::parse(document.as_bytes())
    }
}
