//! The binding of labels to a document (STANAG 4778, ADatP-4778 edition A): a file beside the document
//! (detached), or a part of an XML document (embedded).
//!
//! The binding's `DataReference` says which bytes are meant; their SHA-256 stands in a `ds:Manifest` at
//! the end of the container, where the schema lets another standard's element stand. There is no
//! signature: a digest shows that document and label belong together and were not mixed up; it does not
//! show who made them.
//!
//! Refuses: a binding without a label, a digest of another kind, and a document that is not the bound one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::escape::escape;
use renkei_model::cbor::Digest;

use super::{ConfidentialityLabel, LIMITS, Standing, read, write};
use crate::xml::{self, Element, XmlFault};

/// The namespace of bindings.
pub const BINDING_NAMESPACE: &str = "urn:nato:stanag:4778:bindinginformation:1:0";
const SIGNATURE_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
const MIME_NAMESPACE: &str = "http://www.w3.org/2005/05/xmlmime";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// Labels and the document that they are bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The originator's label.
    pub originator: ConfidentialityLabel,
    /// Other nations' equivalents beside it.
    pub alternatives: Vec<ConfidentialityLabel>,
    /// `DataReference@URI`: a file's name; empty = the document that the binding stands in.
    pub uri: String,
    /// `xmime:contentType` of the document, for example `text/plain`.
    pub content_type: Option<String>,
    /// SHA-256 of the document's bytes, without the binding where that stands in it.
    pub digest: Digest,
}

/// Why a document is not the one that was bound, or cannot be bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// Not a binding, or its label is none.
    #[error("{0}")]
    Xml(#[from] XmlFault),
    /// The bytes are others.
    #[error(
        "the document is not the one that was bound: its SHA-256 is {found}, bound was {bound}"
    )]
    Digest {
        /// Of the document at hand, hexadecimal.
        found: String,
        /// As bound, hexadecimal.
        bound: String,
    },
    /// A binding stands in it already.
    #[error("the document holds a binding already; an originator's label is never written over")]
    Bound,
    /// It holds none.
    #[error("the document holds no binding; look for one in a file beside it")]
    Unbound,
}

/// A detached binding of `document`, for a file of its own beside it.
///
/// # Errors
/// [`BindingError::Xml`] when a label cannot be written.
pub fn detached(
    originator: ConfidentialityLabel,
    alternatives: Vec<ConfidentialityLabel>,
    (uri, content_type): (&str, Option<&str>),
    document: &[u8],
) -> Result<String, BindingError> {
    let binding = Binding {
        originator,
        alternatives,
        uri: uri.to_owned(),
        content_type: content_type.map(str::to_owned),
        digest: Digest::of(document),
    };
    Ok(to_xml(&binding)?)
}

/// `document`, which is XML, with the binding as the last child of its root.
///
/// # Errors
/// [`BindingError`] when it is no XML, holds a binding, or a label cannot be written.
pub fn embedded(
    originator: ConfidentialityLabel,
    alternatives: Vec<ConfidentialityLabel>,
    document: &[u8],
) -> Result<Vec<u8>, BindingError> {
    let root = xml::read(document, LIMITS)?;
    if bindings(&root).next().is_some() {
        return Err(BindingError::Bound);
    }
    if root.end_tag == root.span.end {
        let what = "the root is an empty element";
        return Err(root.fault(what, "write it with an end tag of its own").into());
    }
    let (uri, content_type, digest) = (String::new(), None, Digest::of(document));
    let xml = to_xml(&Binding { originator, alternatives, uri, content_type, digest })?;
    let (before, after) = document.split_at(root.end_tag.min(document.len()));
    Ok([before, xml.as_bytes(), after].concat())
}

/// The binding of a file of its own; whether the document is the bound one is asked of
/// [`Binding::check`].
///
/// # Errors
/// [`BindingError::Xml`] when it is none.
pub fn read_detached(bytes: &[u8]) -> Result<Binding, BindingError> {
    Ok(binding(&xml::read(bytes, LIMITS)?)?)
}

/// The binding that stands in `document`, checked against the bytes round it.
///
/// # Errors
/// [`BindingError`] when there is none, or the bytes round it are others than those that were bound.
pub fn read_embedded(document: &[u8]) -> Result<Binding, BindingError> {
    let root = xml::read(document, LIMITS)?;
    let mut found = bindings(&root);
    let element = found.next().ok_or(BindingError::Unbound)?;
    if let Some(second) = found.next() {
        return Err(second.fault("a second binding", "keep the originator's").into());
    }
    let binding = binding(element)?;
    let before = document.get(..element.span.start).unwrap_or_default();
    let after = document.get(element.span.end..).unwrap_or_default();
    binding.check(&[before, after].concat())?;
    Ok(binding)
}

impl Binding {
    /// Whether `document` is the bound one.
    ///
    /// # Errors
    /// [`BindingError::Digest`] when it is not.
    pub fn check(&self, document: &[u8]) -> Result<(), BindingError> {
        let found = Digest::of(document);
        if found == self.digest {
            return Ok(());
        }
        Err(BindingError::Digest { found: found.to_hex(), bound: self.digest.to_hex() })
    }
}

fn bindings(root: &Element) -> impl Iterator<Item = &Element> {
    root.children.iter().filter(|child| child.is(BINDING_NAMESPACE, "BindingInformation"))
}

fn to_xml(binding: &Binding) -> Result<String, XmlFault> {
    let mut metadata = String::new();
    let labels = std::iter::once((Standing::Originator, &binding.originator));
    let others = binding.alternatives.iter().map(|label| (Standing::Alternative, label));
    for (standing, label) in labels.chain(others) {
        // One label in each `Metadata`: the schema allows no second.
        metadata.extend(["<mb:Metadata>", &write(standing, label)?, "</mb:Metadata>"]);
    }
    let content_type = binding.content_type.as_deref().map_or_else(String::new, |kind| {
        format!(" xmlns:xmime=\"{MIME_NAMESPACE}\" xmime:contentType=\"{}\"", escape(kind))
    });
    let uri = escape(binding.uri.as_str());
    let digest = STANDARD.encode(binding.digest.0);
    Ok(format!(
        "<mb:BindingInformation xmlns:mb=\"{BINDING_NAMESPACE}\"><mb:MetadataBindingContainer>\
         <mb:MetadataBinding Id=\"binding\">{metadata}<mb:DataReference URI=\"{uri}\"{content_type}/>\
         </mb:MetadataBinding><ds:Manifest xmlns:ds=\"{SIGNATURE_NAMESPACE}\">\
         <ds:Reference URI=\"{uri}\"><ds:DigestMethod Algorithm=\"{SHA256}\"/>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:Manifest>\
         </mb:MetadataBindingContainer></mb:BindingInformation>"
    ))
}

fn binding(element: &Element) -> Result<Binding, XmlFault> {
    if !element.is(BINDING_NAMESPACE, "BindingInformation") {
        let what = format!("`{}` is no binding of STANAG 4778", element.name);
        return Err(element.fault(what, format!("send BindingInformation in {BINDING_NAMESPACE}")));
    }
    let container = only(element, BINDING_NAMESPACE, "MetadataBindingContainer")?;
    let bound = only(container, BINDING_NAMESPACE, "MetadataBinding")?;
    let (mut originator, mut alternatives) = (None, Vec::new());
    for metadata in children(bound, BINDING_NAMESPACE, "Metadata") {
        let [label] = metadata.children.as_slice() else {
            return Err(metadata.fault("Metadata does not hold one label", "put one into each"));
        };
        match read::root(label)? {
            (Standing::Originator, label) if originator.is_none() => originator = Some(label),
            (Standing::Originator, _) => {
                return Err(label.fault("a second originator's label", "keep the originator's"));
            }
            (Standing::Alternative, label) => alternatives.push(label),
        }
    }
    let originator = originator
        .ok_or_else(|| bound.fault("no originator's label", "bind the originator's label"))?;
    let data = only(bound, BINDING_NAMESPACE, "DataReference")?;
    let uri = data.attribute("URI").ok_or_else(|| data.fault("no URI", "say which document"))?;
    let manifest = only(container, SIGNATURE_NAMESPACE, "Manifest")?;
    let reference = only(manifest, SIGNATURE_NAMESPACE, "Reference")?;
    if reference.attribute("URI") != Some(uri) {
        return Err(reference.fault("the digest is of another document", "name the same URI twice"));
    }
    Ok(Binding {
        originator,
        alternatives,
        uri: uri.to_owned(),
        content_type: data.attribute_of(MIME_NAMESPACE, "contentType").map(str::to_owned),
        digest: digest(reference)?,
    })
}

fn digest(reference: &Element) -> Result<Digest, XmlFault> {
    let method = only(reference, SIGNATURE_NAMESPACE, "DigestMethod")?;
    if method.attribute("Algorithm") != Some(SHA256) {
        return Err(method.fault("the digest is not SHA-256", format!("use {SHA256}")));
    }
    let value = only(reference, SIGNATURE_NAMESPACE, "DigestValue")?;
    let bytes = STANDARD.decode(value.token()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(Digest).ok_or_else(|| value.fault("no 32 bytes in base 64", "write the digest"))
}

fn children<'e>(
    element: &'e Element,
    namespace: &'e str,
    name: &'e str,
) -> impl Iterator<Item = &'e Element> {
    element.children.iter().filter(move |child| child.is(namespace, name))
}

fn only<'e>(
    element: &'e Element,
    namespace: &'e str,
    name: &'e str,
) -> Result<&'e Element, XmlFault> {
    let mut found = children(element, namespace, name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(element.fault(format!("no `{name}`"), format!("add `{name}`"))),
        (_, Some(second)) => {
            Err(second.fault(format!("a second `{name}`"), "one document, one binding"))
        }
    }
}
