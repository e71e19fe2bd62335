//! Cedar texts → a policy set whose policies are named by their `@id`.

use cedar_policy::{Effect, Policy, PolicyId, PolicySet};

/// Reads all files into one set.
///
/// # Errors
/// A sentence that names the file.
pub(crate) fn read(files: &[(String, String)]) -> Result<PolicySet, String> {
    let mut all = PolicySet::new();
    for (file, text) in files {
        let set: PolicySet = text.parse().map_err(|e| format!("{file}: {e}"))?;
        for policy in set.policies() {
            let id =
                policy.annotation("id").ok_or_else(|| format!("{file}: a policy without @id"))?;
            let named = policy.new_id(PolicyId::new(id));
            all.add(named).map_err(|e| format!("{file}: {e}"))?;
        }
    }
    Ok(all)
}

/// The set of `policies` alone.
///
/// # Errors
/// When two have one name.
pub(crate) fn of<'p>(policies: impl IntoIterator<Item = &'p Policy>) -> Result<PolicySet, String> {
    let mut set = PolicySet::new();
    for policy in policies {
        set.add(policy.clone()).map_err(|e| e.to_string())?;
    }
    Ok(set)
}

/// The prohibitions of `set` under a permit for everything: what no permit can undo.
///
/// # Errors
/// When a policy of the set has the permit's name.
pub(crate) fn whatever_is_permitted(
    set: &PolicySet,
    without: Option<&PolicyId>,
) -> Result<PolicySet, String> {
    let forbids = set.policies().filter(|policy| policy.effect() == Effect::Forbid);
    let mut bare = of(forbids.filter(|policy| Some(policy.id()) != without))?;
    let everything = PolicyId::new("renkei-prover-everything");
    let everything = Policy::parse(Some(everything), "permit(principal, action, resource);");
    bare.add(everything.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    Ok(bare)
}
