//! A security policy as data: its levels with their words in several languages, its categories, and what
//! of other policies is equal to what of it. Read from Open XML SPIF 2.x.
//!
//! The five levels that a signed record can hold have the `lacv` of RFC 2634, section 3.2: 1 unclassified,
//! 2 restricted, 3 confidential, 4 secret, 5 top secret. A level with another number is shown and
//! translated, but no record of this node is made at it.

use std::collections::BTreeMap;

use renkei_model::label::Classification;

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityPolicy {
    /// `securityPolicyId@name`: the 4774 policy identifier, for example `JPN-EXERCISE`.
    pub name: String,
    /// `securityPolicyId@id`, an object identifier.
    pub id: String,
    /// `SPIF@version`: the edition of this policy.
    pub version: String,
    /// `SPIF@originatorDN`: who answers for it.
    pub originator: String,
    /// Its levels, lowest hierarchy first.
    pub classes: Vec<PolicyClass>,
    /// Its categories, tag by tag.
    pub tags: Vec<Tag>,
    /// What stands round a whole marking, by marking code and language.
    pub qualifiers: BTreeMap<(String, String), Qualifiers>,
    /// Names of the policies that its levels name equivalents of.
    pub equivalent_policies: Vec<String>,
    /// Parts of the file that are read over and judged by nobody here, with their line.
    pub not_judged: Vec<(usize, String)>,
}

/// A level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyClass {
    /// Its word in a label.
    pub name: String,
    /// Its number in a label.
    pub lacv: u32,
    /// Its rank: higher dominates.
    pub hierarchy: u32,
    /// `#RRGGBB`.
    pub colour: Option<String>,
    /// No longer given to new things.
    pub obsolete: bool,
    /// Its words.
    pub phrases: Phrases,
    /// Its equivalents.
    pub equivalents: Vec<EquivalentClass>,
}

/// Words by language (`en`, `ja`; empty = any): in the line at the top and bottom, and before a portion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrases {
    /// Top and bottom.
    pub banner: BTreeMap<String, String>,
    /// Before a portion (`portionMarking`).
    pub portion: BTreeMap<String, String>,
}

/// A level of another policy that is worth the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EquivalentClass {
    /// That policy.
    pub policy: String,
    /// Its level's number.
    pub lacv: u32,
    /// In which direction.
    pub applied: Applied,
}

/// In which direction an equivalence holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// When something leaves (`encrypt`).
    Leaving,
    /// When something comes in (`decrypt`).
    Entering,
    /// Both.
    Both,
}

/// What a category does to release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// Any one of the values lets a reader in who has it.
    Permissive,
    /// A reader needs all of them.
    Restrictive,
    /// Tells, and decides nothing.
    Informative,
}

/// A tag: categories of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// 4774 `TagName`.
    pub name: String,
    /// Object identifier of its tag set.
    pub set_id: String,
    /// What its categories do.
    pub kind: TagKind,
    /// Its categories.
    pub categories: Vec<Category>,
    /// How they are joined in a marking, by marking code and language: `pageTopBottom`, `portionMarking`.
    pub qualifiers: BTreeMap<(String, String), Qualifiers>,
}

/// One value of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its word in a label.
    pub name: String,
    /// Its number in a label.
    pub lacv: u32,
    /// Its words.
    pub phrases: Phrases,
    /// Levels at which it may not stand.
    pub excluded_classes: Vec<String>,
}

/// What stands before, between and after the values of a tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Qualifiers {
    /// Before the first.
    pub prefix: String,
    /// Between two.
    pub separator: String,
    /// After the last.
    pub suffix: String,
}

/// Who answers for the policies that ship: nobody.
const EXAMPLE: &str = "not authoritative";
/// The policies that ship, with `@WORLD@` in their names.
const SHIPPED: [(&str, &str); 2] = [
    ("jpn.xml", include_str!("../../policies/jpn.xml")),
    ("usa.xml", include_str!("../../policies/usa.xml")),
];

/// The example policies of both nations as (file name, SPIF) for a world: `REAL`, `EXERCISE` or
/// `SIMULATION`. `renkei init` writes them into the node's directory, to be replaced there.
#[must_use]
pub fn shipped(world: &str) -> [(&'static str, String); 2] {
    SHIPPED.map(|(file, text)| (file, text.replace("@WORLD@", world)))
}

impl SecurityPolicy {
    /// True of the policies that ship: nobody answers for them.
    #[must_use]
    pub fn is_example(&self) -> bool {
        self.originator.contains(EXAMPLE)
    }

    /// The level of a label's word; upper and lower case are the same.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<&PolicyClass> {
        self.classes.iter().find(|class| class.name.eq_ignore_ascii_case(name))
    }

    /// The level that stands for one of the five of a signed record.
    #[must_use]
    pub fn level(&self, level: Classification) -> Option<&PolicyClass> {
        self.classes.iter().find(|class| class.lacv == lacv(level))
    }
}

/// The number of a level in labels (RFC 2634, section 3.2).
#[must_use]
pub(super) fn lacv(level: Classification) -> u32 {
    level as u32 + 1
}

/// The policies that a node knows, one of which is its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// The own one's name.
    pub own: String,
    /// All, by name.
    pub all: BTreeMap<String, SecurityPolicy>,
}

/// What a level of some policy is worth in the own one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equivalent<'a> {
    /// It is the own policy.
    Own,
    /// This level.
    Is(&'a PolicyClass),
    /// Nobody stated one: the highest own level, and never passed on.
    None {
        /// The highest own level; `None` where the node has no policy of its own either.
        instead: Option<&'a PolicyClass>,
    },
}

/// Whether a label's policy identifier means the policy `name`: it, or it with a part behind a line, as
/// `JPN-EXERCISE-KEEN` of older nodes.
fn is_of(identifier: &str, name: &str) -> bool {
    let rest = identifier.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

impl Policies {
    /// What the level with number `level` of `policy` is worth here. Of several the highest counts.
    #[must_use]
    pub fn equivalent(&self, policy: &str, level: Classification) -> Equivalent<'_> {
        if is_of(policy, &self.own) {
            return Equivalent::Own;
        }
        let classes = || self.all.get(&self.own).into_iter().flat_map(|own| &own.classes);
        let is_equal = |class: &&PolicyClass| {
            class.equivalents.iter().any(|other| {
                is_of(policy, &other.policy)
                    && other.lacv == lacv(level)
                    && other.applied != Applied::Leaving
            })
        };
        match classes().filter(is_equal).max_by_key(|class| class.hierarchy) {
            Some(class) => Equivalent::Is(class),
            None => Equivalent::None { instead: classes().max_by_key(|class| class.hierarchy) },
        }
    }
}
