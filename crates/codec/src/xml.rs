//! XML from outside: the one way in for labels, bindings and security policies, and what the CoT reader
//! shares with it.
//!
//! Refuses: document types, entities but the five of XML and character numbers, prefixes bound to
//! nothing, and documents, nesting, attributes or elements beyond a stated limit.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event as Xml};
use quick_xml::reader::Reader;

/// The deepest nesting of elements, the root being 1.
pub(crate) const DEPTH_MAX: usize = 32;
/// The most attributes of one element.
pub(crate) const ATTRIBUTES_MAX: usize = 256;
/// The most prefixes that are bound at one place.
const BOUND_MAX: usize = 64;
/// What the prefix `xml` is bound to in every document (XML Namespaces 1.0, section 3).
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// What is wrong with a document, in which line, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}; {mend}")]
pub struct XmlFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl XmlFault {
    pub(crate) fn new(line: usize, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { line, what: what.into(), mend: mend.into() }
    }
}

/// How large a document of one kind may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) bytes_max: usize,
    pub(crate) elements_max: usize,
}

/// An element with all that it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) namespace: Arc<str>,
    pub(crate) name: String,
    attributes: Vec<(Arc<str>, String, String)>,
    pub(crate) children: Vec<Element>,
    /// Its own text, entities resolved.
    pub(crate) text: String,
    pub(crate) line: usize,
    /// Its bytes in the document, its tags included.
    pub(crate) span: Range<usize>,
    /// Where its end tag begins; the end of `span` where it has none of its own.
    pub(crate) end_tag: usize,
}

impl Element {
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        &*self.namespace == namespace && self.name == name
    }

    /// An attribute without a namespace, blanks at its ends cut off.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attribute_of("", name)
    }

    /// An attribute of a namespace.
    pub(crate) fn attribute_of(&self, namespace: &str, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(space, other, _)| &**space == namespace && other == name)?;
        Some(found.2.trim())
    }

    /// An attribute without a namespace as it stands, blanks kept.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(space, other, _)| space.is_empty() && other == name)?;
        Some(&found.2)
    }

    /// The language that `xml:lang` names, without its region; empty when it names none.
    pub(crate) fn language(&self) -> String {
        let told = self.attribute_of(XML_NAMESPACE, "lang").unwrap_or_default();
        told.split('-').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The text as `xs:token`: blanks at the ends cut off, runs of blanks made one.
    pub(crate) fn token(&self) -> String {
        self.text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn fault(&self, what: impl Into<String>, mend: impl Into<String>) -> XmlFault {
        XmlFault::new(self.line, what, mend)
    }

    /// Attributes without a namespace that are not among `known`.
    pub(crate) fn unknown_attribute(&self, known: &[&str]) -> Option<&str> {
        let own = self.attributes.iter().filter(|(space, ..)| space.is_empty());
        own.map(|(_, name, _)| name.as_str()).find(|name| !known.contains(name))
    }
}

/// Reads a whole document.
pub(crate) fn read(bytes: &[u8], limits: Limits) -> Result<Element, XmlFault> {
    if bytes.len() > limits.bytes_max {
        let what = format!("the document has more than {} bytes", limits.bytes_max);
        return Err(XmlFault::new(1, what, "send a smaller one"));
    }
    let line = |at: usize| 1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = line(error.valid_up_to());
        XmlFault::new(at, "a byte is not UTF-8", "save the document in UTF-8")
    })?;
    Reading::new(text, limits).run()
}

struct Reading<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    limits: Limits,
    /// Elements that are open, the root first.
    open: Vec<Element>,
    /// Prefixes that are bound, the innermost last, each with the depth that it is bound at.
    bound: Vec<(usize, String, Arc<str>)>,
    elements: usize,
    /// Lines up to `counted`, so that the document is counted once.
    line: usize,
    counted: usize,
    root: Option<Element>,
}

impl<'a> Reading<'a> {
    fn new(text: &'a str, limits: Limits) -> Self {
        Self {
            text,
            reader: Reader::from_str(text),
            limits,
            open: Vec::new(),
            bound: vec![(0, "xml".into(), XML_NAMESPACE.into())],
            elements: 0,
            line: 1,
            counted: 0,
            root: None,
        }
    }

    fn run(mut self) -> Result<Element, XmlFault> {
        loop {
            let from = self.reader.buffer_position() as usize;
            self.count_lines(from);
            let event = self.reader.read_event();
            let to = self.reader.buffer_position() as usize;
            let event = event.map_err(|error| {
                let fault =
                    self.at(format!("it is not well-formed XML: {error}"), "mend the markup");
                XmlFault { line: self.line_of(self.reader.error_position() as usize), ..fault }
            })?;
            match event {
                Xml::Eof => break,
                Xml::Start(tag) => {
                    let element = self.element(&tag, from, to)?;
                    self.open.push(element);
                }
                Xml::Empty(tag) => {
                    let element = self.element(&tag, from, to)?;
                    self.close(element)?;
                }
                Xml::End(_) => {
                    if let Some(mut element) = self.open.pop() {
                        element.span.end = to;
                        element.end_tag = from;
                        self.close(element)?;
                    }
                }
                Xml::Text(text) => self.text(&text.xml10_content())?,
                Xml::CData(text) => self.text(&text.xml10_content())?,
                Xml::GeneralRef(name) => {
                    let resolved = resolve(&name).map_err(|name| self.entity(&name))?;
                    self.text(&resolved)?;
                }
                Xml::DocType(_) => {
                    return Err(self.at("a document type is not read", "take the DOCTYPE out"));
                }
                Xml::Comment(_) | Xml::Decl(_) | Xml::PI(_) => {}
            }
        }
        match (self.root.take(), self.open.last()) {
            (Some(root), None) => Ok(root),
            (_, Some(open)) => {
                Err(open.fault(format!("`{}` has no end", open.name), "close the element"))
            }
            (None, None) => Err(self.at("it holds no element", "send a whole document")),
        }
    }

    fn line_of(&self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count()
    }

    fn count_lines(&mut self, to: usize) {
        let passed = self.text.as_bytes().get(self.counted..to).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = to.max(self.counted);
    }

    fn at(&self, what: impl Into<String>, mend: impl Into<String>) -> XmlFault {
        XmlFault::new(self.line, what, mend)
    }

    fn entity(&self, name: &str) -> XmlFault {
        let what = format!("the entity `{name}` is not read");
        self.at(what, "write characters as they are or as numbers")
    }

    fn element(
        &mut self,
        tag: &BytesStart<'_>,
        from: usize,
        to: usize,
    ) -> Result<Element, XmlFault> {
        let depth = self.open.len() + 1;
        self.elements += 1;
        if depth > DEPTH_MAX || self.elements > self.limits.elements_max {
            let what = format!(
                "more than {} elements, or nested deeper than {DEPTH_MAX}",
                self.limits.elements_max
            );
            return Err(self.at(what, "send a smaller document"));
        }
        if depth == 1 && self.root.is_some() {
            return Err(self.at("a second root element", "send one document"));
        }
        let values = values(tag).map_err(|fault| match fault {
            TagFault::Entity(name) => self.entity(&name),
            TagFault::Broken(what) => self.at(what, "mend the attributes"),
            TagFault::TooMany => {
                let what = format!("an element has more than {ATTRIBUTES_MAX} attributes");
                self.at(what, "use fewer")
            }
        })?;
        self.bind(depth, &values);
        if self.bound.len() > BOUND_MAX {
            return Err(self.at(format!("more than {BOUND_MAX} prefixes are bound"), "bind fewer"));
        }
        let mut attributes = Vec::new();
        for (key, value) in &values {
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let (namespace, name) = match key.split_once(':') {
                Some((prefix, name)) => (self.resolve(prefix)?, name),
                None => (Arc::from(""), key.as_ref()),
            };
            attributes.push((namespace, name.to_owned(), value.clone().into_owned()));
        }
        let name = tag.name();
        let (prefix, name) = name.as_ref().split_once(':').unwrap_or(("", name.as_ref()));
        Ok(Element {
            namespace: self.resolve(prefix)?,
            name: name.to_owned(),
            attributes,
            children: Vec::new(),
            text: String::new(),
            line: self.line,
            span: from..to,
            end_tag: to,
        })
    }

    fn bind(&mut self, depth: usize, values: &[Pair<'_>]) {
        for (key, value) in values {
            let prefix = match key.strip_prefix("xmlns:") {
                Some(prefix) => prefix,
                None if key == "xmlns" => "",
                None => continue,
            };
            self.bound.push((depth, prefix.to_owned(), Arc::from(value.as_ref())));
        }
    }

    fn resolve(&self, prefix: &str) -> Result<Arc<str>, XmlFault> {
        let bound = self.bound.iter().rev().find(|(_, other, _)| other == prefix);
        match bound {
            Some((_, _, namespace)) => Ok(namespace.clone()),
            None if prefix.is_empty() => Ok("".into()),
            None => {
                let what = format!("the prefix `{prefix}` is bound to no namespace");
                Err(self.at(what, format!("declare xmlns:{prefix}")))
            }
        }
    }

    fn close(&mut self, element: Element) -> Result<(), XmlFault> {
        let depth = self.open.len() + 1;
        self.bound.retain(|(at, ..)| *at < depth);
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None if self.root.is_none() => self.root = Some(element),
            None => return Err(element.fault("a second root element", "send one document")),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlFault> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.at("text outside the root element", "take it out")),
        }
        Ok(())
    }
}

/// A name and a value, entities resolved.
pub(crate) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// What is wrong with a tag.
#[derive(Debug)]
pub(crate) enum TagFault {
    /// Not well formed.
    Broken(String),
    /// An entity that is not read.
    Entity(String),
    /// More than [`ATTRIBUTES_MAX`] attributes.
    TooMany,
}

/// The attributes of a tag, entities resolved.
pub(crate) fn values<'a>(tag: &'a BytesStart<'_>) -> Result<Vec<Pair<'a>>, TagFault> {
    let mut values = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| TagFault::Broken(error.to_string()))?;
        if values.len() >= ATTRIBUTES_MAX {
            return Err(TagFault::TooMany);
        }
        if attribute.value.contains('<') {
            return Err(TagFault::Broken("`<` in a value".into()));
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| TagFault::Entity(attribute.value.chars().take(32).collect()))?;
        values.push((Cow::Owned(attribute.key.as_ref().to_owned()), value));
    }
    Ok(values)
}

/// The characters that a reference stands for; its name when it is not one of the five or a number.
pub(crate) fn resolve(name: &BytesRef<'_>) -> Result<String, String> {
    let refused = || name.chars().take(32).collect::<String>();
    match name.resolve_char_ref() {
        Ok(Some(character)) => Ok(character.into()),
        Ok(None) => resolve_predefined_entity(name).map(str::to_owned).ok_or_else(refused),
        Err(_) => Err(refused()),
    }
}
