//! Why an event was refused.
//!
//! Refuses: quoting what came; the reject's sample shows it.

/// Why bytes are no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not UTF-8.
    #[error("read CoT event: byte {at} is not UTF-8; send the document in UTF-8")]
    Encoding {
        /// Where.
        at: usize,
    },
    /// Not well-formed XML.
    #[error("read CoT event: {detail} near byte {at}")]
    Xml {
        /// What is wrong.
        detail: String,
        /// Where.
        at: u64,
    },
    /// An entity other than the five of XML and numbers, or a document type.
    #[error("read CoT event: `{name}` is not read; write characters as they are or as numbers")]
    Entity {
        /// Its name.
        name: String,
    },
    /// Nested deeper than allowed.
    #[error("read CoT event: elements are nested deeper than {max}")]
    Depth {
        /// The limit.
        max: usize,
    },
    /// More attributes than allowed on one element.
    #[error("read CoT event: an element has more than {max} attributes")]
    Attributes {
        /// The limit.
        max: usize,
    },
    /// The root is not `event`.
    #[error("read CoT event: the document's root is not `event`")]
    Root,
    /// A required attribute is absent or unreadable.
    #[error("read CoT event: `{name}` is missing or not {expected}")]
    Field {
        /// Which.
        name: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}

impl EventError {
    /// A stable code to count by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encoding { .. } => "encoding",
            Self::Xml { .. } => "xml",
            Self::Entity { .. } => "entity",
            Self::Depth { .. } => "too_deep",
            Self::Attributes { .. } => "attributes",
            Self::Root => "root",
            Self::Field { .. } => "field",
        }
    }
}
