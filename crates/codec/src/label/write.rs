//! Labels to XML. What is written is read back before it goes: what cannot be read again is not sent.

use std::fmt::Write as _;

use quick_xml::escape::escape;
use renkei_model::time::Timestamp;

use super::{
    ConfidentialityLabel, Information, LABEL_NAMESPACE, Standing, kind_word, read_document,
};
use crate::xml::XmlFault;

/// The label as an element with its namespace bound to `slab`, the prefix of the standard's examples.
///
/// # Errors
/// [`XmlFault`] when it is no label of STANAG 4774 (no review time and no succession, an empty word), or
/// holds what XML cannot.
pub fn write(standing: Standing, label: &ConfidentialityLabel) -> Result<String, XmlFault> {
    let xml = written(standing, label);
    match read_document(xml.as_bytes())? {
        (read, again) if read == standing && again == *label => Ok(xml),
        _ => {
            let what = "the label holds characters or blanks that XML does not keep";
            Err(XmlFault::new(1, what, "write its words without them"))
        }
    }
}

fn written(standing: Standing, label: &ConfidentialityLabel) -> String {
    let name = standing.element();
    let mut xml = format!("<slab:{name} xmlns:slab=\"{LABEL_NAMESPACE}\"");
    if let Some(review) = label.review {
        attribute(&mut xml, "ReviewDateTime", &time(review));
    }
    xml.push('>');
    push(&mut xml, &label.information);
    if let Some((kind, id)) = &label.originator {
        xml.push_str("<slab:OriginatorID");
        attribute(&mut xml, "IDType", kind);
        xml.extend([">", &escape(id.as_str()), "</slab:OriginatorID>"]);
    }
    element(&mut xml, "CreationDateTime", &time(label.created));
    if let Some(succession) = &label.succession {
        xml.push_str("<slab:SuccessionHandling>");
        element(&mut xml, "SuccessionDateTime", &time(succession.at));
        xml.push_str("<slab:SuccessorConfidentialityLabel>");
        push(&mut xml, &succession.label);
        xml.push_str("</slab:SuccessorConfidentialityLabel></slab:SuccessionHandling>");
    }
    // Writing to a String cannot fail.
    let _ = write!(xml, "</slab:{name}>");
    xml
}

fn push(xml: &mut String, information: &Information) {
    xml.push_str("<slab:ConfidentialityInformation><slab:PolicyIdentifier");
    if let Some(uri) = &information.policy_uri {
        attribute(xml, "URI", uri);
    }
    xml.extend([">", &escape(information.policy.as_str()), "</slab:PolicyIdentifier>"]);
    element(xml, "Classification", &information.classification);
    if let Some(mark) = &information.privacy_mark {
        element(xml, "PrivacyMark", mark);
    }
    for category in &information.categories {
        xml.push_str("<slab:Category");
        attribute(xml, "Type", kind_word(category.kind));
        attribute(xml, "TagName", &category.tag);
        if let Some(uri) = &category.uri {
            attribute(xml, "URI", uri);
        }
        xml.push('>');
        for value in &category.values {
            element(xml, "GenericValue", value);
        }
        xml.push_str("</slab:Category>");
    }
    xml.push_str("</slab:ConfidentialityInformation>");
}

/// Empty for a time that no year of XML holds; reading back refuses it.
fn time(at: Timestamp) -> String {
    at.to_rfc3339().unwrap_or_default()
}

fn attribute(xml: &mut String, name: &str, value: &str) {
    xml.extend([" ", name, "=\"", &escape(value), "\""]);
}

fn element(xml: &mut String, name: &str, text: &str) {
    xml.extend(["<slab:", name, ">", &escape(text), "</slab:", name, ">"]);
}
