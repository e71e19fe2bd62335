//! Confidentiality labels as other systems write them (STANAG 4774, ADatP-4774 edition A), their binding
//! to documents (STANAG 4778) and the policies that give them words (Open XML SPIF 2.x).
//!
//! XML ↔ [`ConfidentialityLabel`] ↔ the model's [`Label`] by way of a [`SecurityPolicy`].
//!
//! Refuses: an element that it does not know, because it might restrict; values other than
//! `GenericValue`; a label without creation time, or with neither review time nor succession; and ever
//! writing over an originator's label: an equivalent is a label beside it.

pub mod binding;
pub mod fuzz;
mod policy;
mod read;
mod spif;
mod translate;
mod write;

use renkei_model::time::Timestamp;

pub use policy::{
    Applied, Category, Equivalent, EquivalentClass, Phrases, Policies, PolicyClass, Qualifiers,
    SecurityPolicy, Tag, TagKind, shipped,
};

pub use spif::{SPIF_BYTES_MAX, read as read_spif};
pub use translate::{LABEL_LEVELS, Translated, from_model, to_model};
pub use write::write;

use crate::xml::{Limits, XmlFault};

/// The namespace of labels (ADatP-4774, appendix 1).
pub const LABEL_NAMESPACE: &str = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0";
/// The largest document that holds a label or a binding.
pub const LABEL_BYTES_MAX: usize = 65_536;

const LIMITS: Limits = Limits { bytes_max: LABEL_BYTES_MAX, elements_max: 2_048 };

/// Whether a label is its originator's own or another nation's equivalent of it (4774, appendix 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// `originatorConfidentialityLabel`.
    Originator,
    /// `alternativeConfidentialityLabel`: stands beside the originator's, never in its place.
    Alternative,
}

impl Standing {
    fn element(self) -> &'static str {
        match self {
            Self::Originator => "originatorConfidentialityLabel",
            Self::Alternative => "alternativeConfidentialityLabel",
        }
    }
}

/// A label as XML holds it: in the words of its policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfidentialityLabel {
    /// What it says of confidentiality.
    pub information: Information,
    /// `OriginatorID` with its `IDType`, for example `uniformResourceIdentifier`.
    pub originator: Option<(String, String)>,
    /// `CreationDateTime`.
    pub created: Timestamp,
    /// `ReviewDateTime`; required unless a succession stands.
    pub review: Option<Timestamp>,
    /// `SuccessionHandling`: what holds from then on.
    pub succession: Option<Box<Succession>>,
}

/// `ConfidentialityInformation`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Information {
    /// `PolicyIdentifier`.
    pub policy: String,
    /// Its `URI`, `urn:oid:…`.
    pub policy_uri: Option<String>,
    /// `Classification`, the policy's word.
    pub classification: String,
    /// `PrivacyMark`.
    pub privacy_mark: Option<String>,
    /// `Category` elements in order.
    pub categories: Vec<CategoryValues>,
}

/// One `Category` with its `GenericValue`s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryValues {
    /// `Type`.
    pub kind: TagKind,
    /// `TagName`.
    pub tag: String,
    /// `URI`, `urn:oid:…` of the tag set.
    pub uri: Option<String>,
    /// The values.
    pub values: Vec<String>,
}

/// `SuccessionHandling`: the label that takes this one's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// `SuccessionDateTime`.
    pub at: Timestamp,
    /// `SuccessorConfidentialityLabel`.
    pub label: Information,
}

/// The word of `Type` in XML.
fn kind_word(kind: TagKind) -> &'static str {
    match kind {
        TagKind::Permissive => "PERMISSIVE",
        TagKind::Restrictive => "RESTRICTIVE",
        TagKind::Informative => "INFORMATIVE",
    }
}

/// Reads a label that stands alone in a document.
///
/// # Errors
/// [`XmlFault`] when it is no label of STANAG 4774, with its line and how to mend it.
pub fn read_document(bytes: &[u8]) -> Result<(Standing, ConfidentialityLabel), XmlFault> {
    read::root(&crate::xml::read(bytes, LIMITS)?)
}
