//! Label elements to labels (ADatP-4774 edition A, appendix 1).

use renkei_model::time::Timestamp;

use super::policy::TagKind;
use super::{
    CategoryValues, ConfidentialityLabel, Information, LABEL_NAMESPACE, Standing, Succession,
    kind_word,
};
use crate::xml::{Element, XmlFault};

/// The `IDType`s of 4774, table 9.
const ID_TYPES: [&str; 8] = [
    "rfc822Name",
    "dNSName",
    "directoryName",
    "uniformResourceIdentifier",
    "iPAddress",
    "x400Address",
    "userPrincipalName",
    "jID",
];
/// Longest word of a policy, in bytes; a longer one fits no marking.
const TOKEN_BYTES_MAX: usize = 256;

/// A label element, whichever of the two standings it has.
pub(super) fn root(element: &Element) -> Result<(Standing, ConfidentialityLabel), XmlFault> {
    let standing = [Standing::Originator, Standing::Alternative]
        .into_iter()
        .find(|standing| element.is(LABEL_NAMESPACE, standing.element()))
        .ok_or_else(|| {
            let what = format!("`{}` is no label of STANAG 4774", element.name);
            let mend = format!(
                "send originatorConfidentialityLabel or alternativeConfidentialityLabel in {LABEL_NAMESPACE}"
            );
            element.fault(what, mend)
        })?;
    Ok((standing, label(element)?))
}

fn label(element: &Element) -> Result<ConfidentialityLabel, XmlFault> {
    attributes(element, &["Id", "ReviewDateTime"])?;
    children(
        element,
        &["ConfidentialityInformation", "OriginatorID", "CreationDateTime", "SuccessionHandling"],
    )?;
    let review = element.attribute("ReviewDateTime");
    let review = review.map(|text| moment(element, "ReviewDateTime", text)).transpose()?;
    let created = only(element, "CreationDateTime")?;
    let succession = optional(element, "SuccessionHandling")?.map(succession).transpose()?;
    if review.is_none() && succession.is_none() {
        let what = "the label has neither ReviewDateTime nor SuccessionHandling";
        return Err(element.fault(what, "add the attribute ReviewDateTime"));
    }
    Ok(ConfidentialityLabel {
        information: information(only(element, "ConfidentialityInformation")?)?,
        originator: optional(element, "OriginatorID")?.map(originator).transpose()?,
        created: moment(created, "CreationDateTime", &created.token())?,
        review,
        succession: succession.map(Box::new),
    })
}

fn originator(element: &Element) -> Result<(String, String), XmlFault> {
    attributes(element, &["IDType"])?;
    let kind = element.attribute("IDType").filter(|kind| ID_TYPES.contains(kind));
    let kind = kind.ok_or_else(|| {
        element.fault(
            "OriginatorID has no known IDType",
            format!("use one of {}", ID_TYPES.join(", ")),
        )
    })?;
    Ok((kind.to_owned(), token(element)?))
}

fn succession(element: &Element) -> Result<Succession, XmlFault> {
    children(element, &["SuccessionDateTime", "SuccessorConfidentialityLabel"])?;
    let at = only(element, "SuccessionDateTime")?;
    let successor = only(element, "SuccessorConfidentialityLabel")?;
    children(successor, &["ConfidentialityInformation"])?;
    Ok(Succession {
        at: moment(at, "SuccessionDateTime", &at.token())?,
        label: information(only(successor, "ConfidentialityInformation")?)?,
    })
}

fn information(element: &Element) -> Result<Information, XmlFault> {
    children(element, &["PolicyIdentifier", "Classification", "PrivacyMark", "Category"])?;
    let policy = only(element, "PolicyIdentifier")?;
    attributes(policy, &["URI"])?;
    let classification = only(element, "Classification")?;
    attributes(classification, &[])?;
    let categories = named(element, "Category").map(category).collect::<Result<_, _>>()?;
    Ok(Information {
        policy: token(policy)?,
        policy_uri: uri(policy)?,
        classification: token(classification)?,
        privacy_mark: optional(element, "PrivacyMark")?.map(token).transpose()?,
        categories,
    })
}

fn category(element: &Element) -> Result<CategoryValues, XmlFault> {
    attributes(element, &["Type", "TagName", "URI"])?;
    children(element, &["GenericValue"])?;
    let kinds = [TagKind::Permissive, TagKind::Restrictive, TagKind::Informative];
    let told = element.attribute("Type");
    let kind = kinds.into_iter().find(|kind| told == Some(kind_word(*kind))).ok_or_else(|| {
        element.fault("Category has no known Type", "write PERMISSIVE, RESTRICTIVE or INFORMATIVE")
    })?;
    let tag = element.attribute("TagName").filter(|tag| {
        (1..=TOKEN_BYTES_MAX).contains(&tag.len()) && !tag.chars().any(char::is_control)
    });
    let tag = tag.ok_or_else(|| element.fault("Category has no TagName", "name its tag"))?;
    let values = named(element, "GenericValue").map(token).collect::<Result<_, _>>()?;
    Ok(CategoryValues { kind, tag: tag.to_owned(), uri: uri(element)?, values })
}

fn uri(element: &Element) -> Result<Option<String>, XmlFault> {
    let Some(uri) = element.attribute("URI") else { return Ok(None) };
    if uri.strip_prefix("urn:oid:").is_some_and(is_oid) && uri.len() <= TOKEN_BYTES_MAX {
        return Ok(Some(uri.to_owned()));
    }
    let what = format!("`{}` has a URI that names no object identifier", element.name);
    Err(element.fault(what, "write urn:oid: and the identifier, or leave it out"))
}

/// Numbers between points.
pub(super) fn is_oid(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.contains('.') && text.split('.').all(is_number)
}

fn named<'e>(element: &'e Element, name: &'e str) -> impl Iterator<Item = &'e Element> {
    element.children.iter().filter(move |child| child.is(LABEL_NAMESPACE, name))
}

fn optional<'e>(element: &'e Element, name: &'e str) -> Result<Option<&'e Element>, XmlFault> {
    let mut found = named(element, name);
    let first = found.next();
    match found.next() {
        None => Ok(first),
        Some(second) => Err(second.fault(format!("a second `{name}`"), "keep one")),
    }
}

fn only<'e>(element: &'e Element, name: &'e str) -> Result<&'e Element, XmlFault> {
    optional(element, name)?.ok_or_else(|| {
        element.fault(format!("`{}` has no `{name}`", element.name), format!("add `{name}`"))
    })
}

/// Refuses every child that is not among `known`: what is not understood might restrict.
fn children(element: &Element, known: &[&str]) -> Result<(), XmlFault> {
    let is_known = |child: &&Element| known.iter().any(|name| child.is(LABEL_NAMESPACE, name));
    match element.children.iter().find(|child| !is_known(child)) {
        None => Ok(()),
        Some(other) => {
            let what = format!("`{}` within `{}` is not understood", other.name, element.name);
            let mend = format!("only these are: {}", known.join(", "));
            Err(other.fault(what, mend))
        }
    }
}

fn attributes(element: &Element, known: &[&str]) -> Result<(), XmlFault> {
    match element.unknown_attribute(known) {
        None => Ok(()),
        Some(name) => {
            let what = format!("the attribute `{name}` of `{}` is not used", element.name);
            Err(element.fault(what, "take it out"))
        }
    }
}

fn token(element: &Element) -> Result<String, XmlFault> {
    let token = element.token();
    let is_plain = element.children.is_empty() && !token.chars().any(char::is_control);
    if is_plain && (1..=TOKEN_BYTES_MAX).contains(&token.len()) {
        return Ok(token);
    }
    let what = format!("`{}` is empty, too long, or holds more than text", element.name);
    Err(element.fault(what, format!("write 1 to {TOKEN_BYTES_MAX} bytes of text")))
}

/// An `xs:dateTime` with its offset.
fn moment(element: &Element, name: &str, text: &str) -> Result<Timestamp, XmlFault> {
    Timestamp::from_rfc3339(text).ok_or_else(|| {
        let what = format!("`{name}` is no time with an offset");
        element.fault(what, "write it as 2026-11-22T06:28:00Z")
    })
}
