//! The model's label ↔ the words of a policy.
//!
//! Refuses: widening. A word that the policy does not have becomes the highest level and a HOLD, so that a
//! person has to look; a nation that is none is left out of those that may have it.

use renkei_model::id::Nation;
use renkei_model::label::{Classification, Label};
use renkei_model::time::Timestamp;

use super::policy::{SecurityPolicy, TagKind, lacv};
use super::{CategoryValues, ConfidentialityLabel, Information};

/// The five levels that a signed record can hold, lowest first.
pub const LABEL_LEVELS: [Classification; 5] = [
    Classification::Unclassified,
    Classification::Restricted,
    Classification::Confidential,
    Classification::Secret,
    Classification::TopSecret,
];
/// What holds a thing until a person has looked.
const HOLD: &str = "HOLD";
/// Longest restriction or mark that is taken over, in bytes, and how many of them.
const MARK_BYTES_MAX: usize = 64;
const MARKS_MAX: usize = 32;

/// What a label came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translated {
    /// The label.
    pub label: Label,
    /// What was not understood, for a person; empty when all was.
    pub not_understood: Vec<String>,
}

/// `label` in the words of `policy`; `review` stands where the label has no review time. The originator
/// is written among the nations that may have it, as readers outside expect.
///
/// # Errors
/// The level that `policy` has no word for.
pub fn from_model(
    label: &Label,
    policy: &SecurityPolicy,
    review: Timestamp,
) -> Result<ConfidentialityLabel, Classification> {
    let class = policy.level(label.classification).ok_or(label.classification)?;
    let mut nations: Vec<String> = Vec::new();
    if !label.releasable_to.is_empty() {
        let all = label.releasable_to.iter().chain([&label.originator]);
        nations = all.map(|nation| nation.code().to_owned()).collect();
        nations.sort_unstable();
        nations.dedup();
    }
    let groups = [
        (TagKind::Permissive, nations),
        (TagKind::Restrictive, label.restrictive.iter().cloned().collect()),
        (TagKind::Informative, label.informative.iter().cloned().collect()),
    ];
    let mut categories: Vec<CategoryValues> = Vec::new();
    for (kind, values) in groups {
        for value in values {
            let (tag, uri) = tag_of(policy, kind, &value);
            match categories
                .iter_mut()
                .find(|category| category.kind == kind && category.tag == tag)
            {
                Some(category) => category.values.push(value),
                None => categories.push(CategoryValues { kind, tag, uri, values: vec![value] }),
            }
        }
    }
    Ok(ConfidentialityLabel {
        information: Information {
            policy: policy.name.clone(),
            policy_uri: Some(format!("urn:oid:{}", policy.id)),
            classification: class.name.clone(),
            privacy_mark: None,
            categories,
        },
        originator: Some((
            "uniformResourceIdentifier".into(),
            format!("urn:renkei:nation:{}", label.originator),
        )),
        created: label.created,
        review: Some(label.review.unwrap_or(review)),
        succession: None,
    })
}

/// The tag of `policy` that has this value, or the usual name of such a tag.
fn tag_of(policy: &SecurityPolicy, kind: TagKind, value: &str) -> (String, Option<String>) {
    let mut tags = policy.tags.iter().filter(|tag| tag.kind == kind);
    let found = tags.find(|tag| tag.categories.iter().any(|category| category.name == value));
    match (found, kind) {
        (Some(tag), _) => (tag.name.clone(), Some(format!("urn:oid:{}", tag.set_id))),
        (None, TagKind::Permissive) => ("Releasable To".into(), None),
        (None, TagKind::Restrictive) => ("Handling".into(), None),
        (None, TagKind::Informative) => ("Informative".into(), None),
    }
}

/// The label of `originator` that `xml` states in the words of `policy`; of an unknown policy hand in
/// `None`.
#[must_use]
pub fn to_model(
    xml: &ConfidentialityLabel,
    policy: Option<&SecurityPolicy>,
    originator: Nation,
) -> Translated {
    let information = &xml.information;
    let mut label = Label {
        policy: information.policy.clone(),
        classification: Classification::TopSecret,
        releasable_to: [].into(),
        restrictive: [].into(),
        informative: [].into(),
        originator,
        created: xml.created,
        review: xml.review,
    };
    let mut not_understood = Vec::new();
    match level(policy, &information.classification) {
        Some(level) => label.classification = level,
        None => not_understood.push(format!(
            "classification `{}` of policy `{}`",
            information.classification, information.policy
        )),
    }
    if let Some(mark) = &information.privacy_mark {
        not_understood.push(format!("privacy mark `{mark}`"));
    }
    if let Some(succession) = &xml.succession {
        // What holds later is not read: until a person looks, it ends when the successor begins.
        label.review = Some(label.review.map_or(succession.at, |review| review.min(succession.at)));
    }
    let mut permissive_tags = 0;
    for category in &information.categories {
        permissive_tags += usize::from(category.kind == TagKind::Permissive);
        for value in &category.values {
            take(&mut label, category, value, &mut not_understood);
        }
    }
    if permissive_tags > 1 {
        // A reader needs one value of each; a set of nations cannot say so.
        label.releasable_to.clear();
        not_understood.push("several permissive tags".into());
    }
    if !not_understood.is_empty() {
        label.restrictive.insert(HOLD.into());
    }
    label.releasable_to.remove(&originator);
    Translated { label, not_understood }
}

fn take(
    label: &mut Label,
    category: &CategoryValues,
    value: &str,
    not_understood: &mut Vec<String>,
) {
    let mut no = || not_understood.push(format!("`{value}` of tag `{}`", category.tag));
    let fits = value.len() <= MARK_BYTES_MAX;
    match category.kind {
        TagKind::Permissive => match value.parse() {
            Ok(nation) => {
                label.releasable_to.insert(nation);
            }
            Err(_) => no(),
        },
        TagKind::Restrictive if fits && label.restrictive.len() < MARKS_MAX => {
            label.restrictive.insert(value.to_owned());
        }
        TagKind::Informative if fits && label.informative.len() < MARKS_MAX => {
            label.informative.insert(value.to_owned());
        }
        TagKind::Restrictive | TagKind::Informative => no(),
    }
}

fn level(policy: Option<&SecurityPolicy>, word: &str) -> Option<Classification> {
    let class = policy?.class(word)?;
    LABEL_LEVELS.into_iter().find(|level| lacv(*level) == class.lacv)
}
