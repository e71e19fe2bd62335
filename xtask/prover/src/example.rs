//! A counterexample as a person can read it.

use cedar_policy::RequestEnv;
use cedar_policy_symcc::Env;
use serde_json::Value;

use crate::Case;

/// The question of `environment`, for example `coarse of an Observation`.
pub(crate) fn question(environment: &RequestEnv) -> String {
    let action = environment.action().id().unescaped();
    format!("{action} of {}", environment.resource())
}

/// The case that the solver found.
pub(crate) fn case(environment: &RequestEnv, found: &Env) -> Case {
    let request = &found.request;
    let name = |uid: Option<&cedar_policy::EntityUid>| {
        uid.map(|uid| uid.id().unescaped().to_owned()).unwrap_or_default()
    };
    let mut parts = vec![format!("to {:?}", name(request.principal()))];
    let thing = request.resource().and_then(|resource| found.entities.get(resource));
    if let Some(Ok(json)) = thing.map(cedar_policy::Entity::to_json_value) {
        parts.push(words(&json["attrs"]));
    }
    if let Some(Ok(context)) = request.context().map(cedar_policy::Context::to_json_value) {
        parts.push(format!("asked of {}", words(&context)));
    }
    Case { of: question(environment), example: parts.join(", ") }
}

/// Cedar's JSON without its brackets round entities: `{label: {classification: 3, …}, …}`.
fn words(value: &Value) -> String {
    match value {
        Value::Object(fields) => match fields.get("__entity") {
            Some(entity) => entity["id"].to_string(),
            None => {
                let fields = fields.iter().map(|(name, value)| format!("{name}: {}", words(value)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
        },
        Value::Array(items) => {
            format!("[{}]", items.iter().map(words).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
