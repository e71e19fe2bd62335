//! Open XML SPIF (xmlspif.org) 2.0 and 2.1 to a security policy.
//!
//! Refuses: other versions, numbers or names that stand twice, equivalents of policies that the file does
//! not name, and colours that are none. Rules between categories (`requiredCategory` and the like) are
//! read over and said: no label is judged by them here.

use std::collections::{BTreeMap, BTreeSet};

use super::policy::{
    Applied, Category, EquivalentClass, Phrases, PolicyClass, Qualifiers, SecurityPolicy, Tag,
    TagKind,
};
use super::read::is_oid;
use crate::xml::{self, Element, Limits, XmlFault};

/// The largest policy that is read: the one of NATO has 90 KB.
pub const SPIF_BYTES_MAX: usize = 1 << 20;
const LIMITS: Limits = Limits { bytes_max: SPIF_BYTES_MAX, elements_max: 40_000 };
const NAMESPACE: &str = "http://www.xmlspif.org/spif";
/// Longest name, phrase or qualifier, in bytes.
const TEXT_BYTES_MAX: usize = 256;
/// Marking codes at which a phrase stands in the line at the top or bottom.
const BANNER_CODES: [&str; 5] =
    ["pageTop", "pageBottom", "pageTopBottom", "documentStart", "documentEnd"];
/// The colours that the schema names, one of them misspelt as there.
const COLOURS: [(&str, &str); 17] = [
    ("aqua", "#00FFFF"),
    ("black", "#000000"),
    ("blue", "#0000FF"),
    ("fuchsia", "#FF00FF"),
    ("fuschia", "#FF00FF"),
    ("gray", "#808080"),
    ("green", "#008000"),
    ("lime", "#00FF00"),
    ("maroon", "#800000"),
    ("navy", "#000080"),
    ("olive", "#808000"),
    ("purple", "#800080"),
    ("red", "#FF0000"),
    ("silver", "#C0C0C0"),
    ("teal", "#008080"),
    ("white", "#FFFFFF"),
    ("yellow", "#FFFF00"),
];
/// Elements that judge labels and are not judged by here.
const NOT_JUDGED: [&str; 5] = [
    "requiredCategory",
    "excludedCategory",
    "requiredClass",
    "privacyMarks",
    "equivalentSecCategoryTag",
];

/// Reads a policy.
///
/// # Errors
/// [`XmlFault`] with the line and how to mend it.
pub fn read(bytes: &[u8]) -> Result<SecurityPolicy, XmlFault> {
    let root = xml::read(bytes, LIMITS)?;
    if !root.is(NAMESPACE, "SPIF") {
        let what = format!("the root `{}` is no SPIF", root.name);
        return Err(root.fault(what, format!("write SPIF in the namespace {NAMESPACE}")));
    }
    let schema = required(&root, "schemaVersion")?;
    if !matches!(schema.as_str(), "2.0" | "2.1") {
        let what = format!("schemaVersion `{schema}` is not read");
        return Err(root.fault(what, "convert the file to schemaVersion 2.1"));
    }
    let id = only(&root, "securityPolicyId")?;
    let mut not_judged = Vec::new();
    note_not_judged(&root, &mut not_judged);
    let equivalents = children(&root, "equivalentPolicies");
    let equivalents = equivalents.flat_map(|all| children(all, "equivalentPolicy"));
    let equivalent_policies: Vec<String> =
        equivalents.map(|policy| required(policy, "name")).collect::<Result<_, _>>()?;
    let classes = classes(only(&root, "securityClassifications")?, &equivalent_policies)?;
    let tags = children(&root, "securityCategoryTagSets")
        .flat_map(|all| children(all, "securityCategoryTagSet"))
        .map(|set| tag_set(set, &classes))
        .collect::<Result<Vec<_>, _>>()?;
    let text =
        |name| root.attribute(name).unwrap_or_default().chars().take(TEXT_BYTES_MAX).collect();
    Ok(SecurityPolicy {
        name: required(id, "name")?,
        id: oid(id, "id")?,
        version: text("version"),
        originator: text("originatorDN"),
        classes,
        tags: tags.into_iter().flatten().collect(),
        qualifiers: qualifiers(&root)?,
        equivalent_policies,
        not_judged,
    })
}

fn classes(all: &Element, equivalents: &[String]) -> Result<Vec<PolicyClass>, XmlFault> {
    let mut classes: Vec<PolicyClass> = Vec::new();
    for element in children(all, "securityClassification") {
        let class = class(element, equivalents)?;
        for other in &classes {
            let twice = [
                ("name", other.name.eq_ignore_ascii_case(&class.name)),
                ("lacv", other.lacv == class.lacv),
                ("hierarchy", other.hierarchy == class.hierarchy),
            ];
            if let Some((what, _)) = twice.into_iter().find(|(_, is_same)| *is_same) {
                let what = format!("`{}` and `{}` have the same {what}", other.name, class.name);
                return Err(element.fault(what, "give each level its own"));
            }
        }
        classes.push(class);
    }
    if classes.is_empty() {
        return Err(all.fault("the policy has no level", "add a securityClassification"));
    }
    classes.sort_by_key(|class| class.hierarchy);
    Ok(classes)
}

fn class(element: &Element, equivalents: &[String]) -> Result<PolicyClass, XmlFault> {
    let equivalent = |other: &Element| -> Result<EquivalentClass, XmlFault> {
        let policy = required(other, "policyRef")?;
        if !equivalents.contains(&policy) {
            let what = format!("`{policy}` is no equivalent policy of this file");
            return Err(other.fault(what, "name it under equivalentPolicies, or correct policyRef"));
        }
        let applied = match required(other, "applied")?.as_str() {
            "encrypt" => Applied::Leaving,
            "decrypt" => Applied::Entering,
            "both" => Applied::Both,
            word => {
                let what = format!("applied `{word}` is no direction");
                return Err(other.fault(what, "write encrypt, decrypt or both"));
            }
        };
        Ok(EquivalentClass { policy, lacv: number(other, "lacv")?, applied })
    };
    Ok(PolicyClass {
        name: required(element, "name")?,
        lacv: number(element, "lacv")?,
        hierarchy: number(element, "hierarchy")?,
        colour: element.attribute("color").map(|word| colour(element, word)).transpose()?,
        obsolete: flag(element, "obsolete")?,
        phrases: phrases(element)?,
        equivalents: children(element, "equivalentClassification")
            .map(equivalent)
            .collect::<Result<_, _>>()?,
    })
}

fn tag_set(set: &Element, classes: &[PolicyClass]) -> Result<Vec<Tag>, XmlFault> {
    let set_id = oid(set, "id")?;
    children(set, "securityCategoryTag").map(|element| tag(element, &set_id, classes)).collect()
}

fn tag(element: &Element, set_id: &str, classes: &[PolicyClass]) -> Result<Tag, XmlFault> {
    let kind_word = |name| element.attribute(name).unwrap_or_default();
    let kind = match (kind_word("tagType"), kind_word("enumType")) {
        ("permissive", _) | ("enumerated", "permissive") => TagKind::Permissive,
        ("restrictive", _) | ("enumerated", "restrictive") => TagKind::Restrictive,
        ("tagType7" | "informative", _) => TagKind::Informative,
        (kind, of) => {
            let what = format!("tagType `{kind}` with enumType `{of}` is no kind of tag");
            let mend = "write restrictive, permissive, informative, or enumerated with an enumType";
            return Err(element.fault(what, mend));
        }
    };
    let mut seen = BTreeSet::new();
    let mut categories = Vec::new();
    for category in children(element, "tagCategory") {
        let name = required(category, "name")?;
        if !seen.insert(name.clone()) {
            return Err(category.fault(format!("`{name}` stands twice in its tag"), "keep one"));
        }
        let excluded = children(category, "excludedClass").map(|class| {
            let name = class.token();
            if classes.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
                return Ok(name);
            }
            let what = format!("excludedClass `{name}` is no level of this policy");
            Err(class.fault(what, "correct the name"))
        });
        categories.push(Category {
            lacv: number(category, "lacv")?,
            phrases: phrases(category)?,
            excluded_classes: excluded.collect::<Result<_, _>>()?,
            name,
        });
    }
    Ok(Tag {
        name: required(element, "name")?,
        set_id: set_id.to_owned(),
        kind,
        categories,
        qualifiers: qualifiers(element)?,
    })
}

fn phrases(element: &Element) -> Result<Phrases, XmlFault> {
    let mut phrases = Phrases::default();
    for data in children(element, "markingData") {
        let language = data.language();
        let codes: Vec<String> = children(data, "code").map(Element::token).collect();
        let Some(phrase) = data.attribute("phrase") else { continue };
        let phrase = text(data, "phrase", phrase)?;
        let is_portion = codes.iter().any(|code| code == "portionMarking");
        if is_portion {
            phrases.portion.insert(language.clone(), phrase.clone());
        }
        if codes.iter().any(|code| BANNER_CODES.contains(&code.as_str())) || codes.is_empty() {
            phrases.banner.insert(language, phrase);
        }
    }
    Ok(phrases)
}

fn qualifiers(element: &Element) -> Result<BTreeMap<(String, String), Qualifiers>, XmlFault> {
    let mut all: BTreeMap<(String, String), Qualifiers> = BTreeMap::new();
    for marking in children(element, "markingQualifier") {
        let key = (required(marking, "markingCode")?, marking.language());
        let entry = all.entry(key).or_default();
        for part in children(marking, "qualifier") {
            let word = part.raw("markingQualifier").unwrap_or_default();
            let word = limited(part, "markingQualifier", word)?;
            match required(part, "qualifierCode")?.as_str() {
                "prefix" => entry.prefix = word,
                "separator" => entry.separator = word,
                "suffix" => entry.suffix = word,
                other => {
                    let what = format!("qualifierCode `{other}` is no place");
                    return Err(part.fault(what, "write prefix, separator or suffix"));
                }
            }
        }
    }
    Ok(all)
}

fn note_not_judged(element: &Element, notes: &mut Vec<(usize, String)>) {
    if NOT_JUDGED.contains(&element.name.as_str()) && notes.len() < 1_000 {
        notes.push((element.line, element.name.clone()));
    }
    element.children.iter().for_each(|child| note_not_judged(child, notes));
}

fn children<'e>(element: &'e Element, name: &'e str) -> impl Iterator<Item = &'e Element> {
    element.children.iter().filter(move |child| child.is(NAMESPACE, name))
}

fn only<'e>(element: &'e Element, name: &'e str) -> Result<&'e Element, XmlFault> {
    children(element, name).next().ok_or_else(|| {
        element.fault(format!("`{}` has no `{name}`", element.name), format!("add `{name}`"))
    })
}

fn required(element: &Element, name: &str) -> Result<String, XmlFault> {
    text(element, name, element.attribute(name).unwrap_or_default())
}

/// Words of 1 to [`TEXT_BYTES_MAX`] bytes without control characters.
fn text(element: &Element, name: &str, value: &str) -> Result<String, XmlFault> {
    if value.is_empty() {
        let what = format!("`{}` has no `{name}`", element.name);
        return Err(element.fault(what, format!("add the attribute `{name}`")));
    }
    limited(element, name, value)
}

fn limited(element: &Element, name: &str, value: &str) -> Result<String, XmlFault> {
    if value.len() > TEXT_BYTES_MAX || value.chars().any(char::is_control) {
        let what =
            format!("`{name}` of `{}` is too long or holds control characters", element.name);
        return Err(
            element.fault(what, format!("write at most {TEXT_BYTES_MAX} bytes of plain text"))
        );
    }
    Ok(value.to_owned())
}

fn number(element: &Element, name: &str) -> Result<u32, XmlFault> {
    let told = element.attribute(name).unwrap_or_default();
    told.parse().map_err(|_| {
        let what = format!("`{name}` of `{}` is not a number: `{told}`", element.name);
        element.fault(what, "write a whole number from 0")
    })
}

fn flag(element: &Element, name: &str) -> Result<bool, XmlFault> {
    match element.attribute(name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(element.fault(format!("`{name}` is `{other}`"), "write true or false")),
    }
}

fn oid(element: &Element, name: &str) -> Result<String, XmlFault> {
    let told = required(element, name)?;
    if is_oid(&told) {
        return Ok(told);
    }
    let what = format!("`{name}` of `{}` is no object identifier: `{told}`", element.name);
    Err(element.fault(what, "write numbers between points, for example 2.25.1"))
}

fn colour(element: &Element, word: &str) -> Result<String, XmlFault> {
    let is_hex = word.strip_prefix('#').is_some_and(|digits| {
        digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    });
    let named = COLOURS.iter().find(|(name, _)| *name == word);
    match named {
        Some((_, hex)) => Ok((*hex).to_owned()),
        None if is_hex => Ok(word.to_ascii_uppercase()),
        None => {
            let what = format!("`{word}` is no colour");
            Err(element.fault(what, "write #RRGGBB or one of the schema's sixteen names"))
        }
    }
}
