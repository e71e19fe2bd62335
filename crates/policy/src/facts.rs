//! What a policy may know of a thing: facts about it, never its content.
//!
//! Name, position, motion and text are not among the facts, so no decision can rest on them, and
//! changing them can never change what is withheld.

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request,
    RestrictedExpression as Value, Schema,
};
use renkei_model::id::{Nation, Partition};
use renkei_model::label::Label;
use renkei_model::observation::Domain;
use renkei_model::time::Timestamp;

use crate::tier::Tier;
use crate::words::{KNOWN_RESTRICTIONS, Said, System, domain_code};

/// What is asked about a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Tell(Tier),
    ReleaseRecord,
}

impl Action {
    /// The schema's word.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Tell(tier) => tier.code(),
            Self::ReleaseRecord => "release_record",
        }
    }
}

/// The deciding node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) nation: Nation,
    pub(crate) partition: Partition,
}

/// One thing that might be released.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) label: &'a Label,
    /// Its review date has passed.
    pub(crate) expired: bool,
    /// It cannot be right, see [`unsound`].
    pub(crate) unsound: bool,
    /// The nation whose node took it in first.
    pub(crate) taken_in_by: Nation,
    pub(crate) about: About<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    Observation { domain: Domain, system: System, source: &'a str },
    Statement { said: Said, partition: &'a Partition },
}

/// Whether the review date of `label` has passed at `now`.
pub(crate) fn expired(label: &Label, now: Timestamp) -> bool {
    label.review.is_some_and(|review| review <= now)
}

/// How far ahead of ours the clock of whoever labelled a thing may be, in milliseconds: a day is more than
/// any clock that is watched, and less than a mistaken year.
const AHEAD_MS_MAX: i64 = 24 * 3_600_000;

/// Whether `label` cannot be right: its policy is none of its originator's (`JPN-…` for Japan's), it was
/// made in the future, or its review was due before it was made.
pub(crate) fn unsound(label: &Label, now: Timestamp) -> bool {
    let rest = label.policy.strip_prefix(label.originator.code());
    let is_its_own = rest.is_some_and(|rest| rest.starts_with('-') && rest.len() > 1);
    let is_ahead = label.created.since_ms(now) > AHEAD_MS_MAX;
    !is_its_own || is_ahead || label.review.is_some_and(|review| review <= label.created)
}

/// A resource's type in the schema, and what sets it apart from the other types.
type Typed = (&'static str, Vec<(String, Value)>);

/// The question in Cedar's terms, checked against the schema.
pub(crate) fn question(
    facts: &Facts<'_>,
    action: Action,
    to: Nation,
    home: &Home,
    schema: &Schema,
) -> Result<(Request, Entities), String> {
    let (resource_type, mut attributes) = about(&facts.about)?;
    attributes.push(pair("label", label(facts)?));
    attributes.push(pair("taken_in_by", nation(facts.taken_in_by)?));
    let resource = uid(resource_type, "it")?;
    let entity = Entity::new(
        resource.clone(),
        attributes.into_iter().collect(),
        std::iter::empty().collect(),
    )
    .map_err(|e| e.to_string())?;
    let entities = Entities::from_entities([entity], Some(schema)).map_err(|e| e.to_string())?;
    let request = Request::new(
        uid("Nation", to.code())?,
        uid("Action", action.code())?,
        resource,
        context(home)?,
        Some(schema),
    )
    .map_err(|e| e.to_string())?;
    Ok((request, entities))
}

fn about(about: &About<'_>) -> Result<Typed, String> {
    Ok(match about {
        About::Observation { domain, system, source } => (
            "Observation",
            vec![
                pair("domain", enumerated("Domain", domain_code(*domain))?),
                pair("system", enumerated("System", system.code())?),
                pair("source", Value::new_string((*source).to_owned())),
            ],
        ),
        About::Statement { said, partition } => (
            "Statement",
            vec![
                pair("kind", enumerated("Kind", said.kind.code())?),
                pair("free_text", Value::new_bool(said.free_text)),
                pair("downgrade", Value::new_bool(said.downgrade)),
                pair("partition", Value::new_string(partition.to_string())),
            ],
        ),
    })
}

fn label(facts: &Facts<'_>) -> Result<Value, String> {
    let label = facts.label;
    let releasable_to =
        label.releasable_to.iter().map(|n| nation(*n)).collect::<Result<Vec<_>, _>>()?;
    let known = |restriction: &&String| KNOWN_RESTRICTIONS.contains(&restriction.as_str());
    let restrictive = label
        .restrictive
        .iter()
        .filter(known)
        .map(|restriction| enumerated("Restriction", restriction))
        .collect::<Result<Vec<_>, _>>()?;
    let informative = label.informative.iter().cloned().map(Value::new_string);
    Value::new_record([
        pair("policy", Value::new_string(label.policy.clone())),
        pair("classification", Value::new_long(label.classification as i64)),
        pair("releasable_to", Value::new_set(releasable_to)),
        pair("restrictive", Value::new_set(restrictive)),
        pair("unknown_restriction", Value::new_bool(!label.restrictive.iter().all(|r| known(&r)))),
        pair("informative", Value::new_set(informative)),
        pair("originator", nation(label.originator)?),
        pair("expired", Value::new_bool(facts.expired)),
        pair("unsound", Value::new_bool(facts.unsound)),
    ])
    .map_err(|e| e.to_string())
}

fn context(home: &Home) -> Result<Context, String> {
    let world = match home.partition {
        Partition::Real => "real",
        Partition::Exercise(_) => "exercise",
        Partition::Simulation(_) => "simulation",
    };
    Context::from_pairs([
        pair("home", nation(home.nation)?),
        pair("world", enumerated("World", world)?),
        pair("partition", Value::new_string(home.partition.to_string())),
    ])
    .map_err(|e| e.to_string())
}

fn pair(name: &str, value: Value) -> (String, Value) {
    (name.to_owned(), value)
}

fn nation(nation: Nation) -> Result<Value, String> {
    enumerated("Nation", nation.code())
}

fn enumerated(kind: &str, word: &str) -> Result<Value, String> {
    Ok(Value::new_entity_uid(uid(kind, word)?))
}

fn uid(kind: &str, word: &str) -> Result<EntityUid, String> {
    let kind: EntityTypeName = kind.parse().map_err(|e| format!("{e}"))?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(word)))
}
