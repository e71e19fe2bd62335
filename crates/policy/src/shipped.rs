//! The release policies that ship: each nation's own set, both open to both.

use renkei_model::id::Nation;

/// Stands in every set; no nation's file can lift it.
pub(crate) const ALWAYS: (&str, &str) = ("always.cedar", include_str!("../policies/always.cedar"));

/// What must never cross, whatever any set permits.
pub(crate) const NEVER: (&str, &str) = ("never.cedar", include_str!("../policies/never.cedar"));

/// The words a policy may use.
pub(crate) const SCHEMA: &str = include_str!("../policies/release.cedarschema");

const JPN: &[(&str, &str)] = &[
    ("prohibitions.cedar", include_str!("../policies/jpn/prohibitions.cedar")),
    ("observations.cedar", include_str!("../policies/jpn/observations.cedar")),
    ("statements.cedar", include_str!("../policies/jpn/statements.cedar")),
];

const USA: &[(&str, &str)] = &[
    ("prohibitions.cedar", include_str!("../policies/usa/prohibitions.cedar")),
    ("observations.cedar", include_str!("../policies/usa/observations.cedar")),
    ("statements.cedar", include_str!("../policies/usa/statements.cedar")),
];

/// The shipped set of `nation` as (file name, Cedar text); empty for a nation that has none, which
/// denies all. `renkei init` writes these files into the node's directory, to be edited there.
#[must_use]
pub fn shipped(nation: Nation) -> &'static [(&'static str, &'static str)] {
    match nation {
        Nation::JPN => JPN,
        Nation::USA => USA,
        _ => &[],
    }
}

/// What the shipped headquarters of `nation` adds to the list of what must never cross, as (file
/// name, Cedar text). `renkei init` writes it under the node's `policy/never`, to be edited there.
#[must_use]
pub fn shipped_never(nation: Nation) -> &'static [(&'static str, &'static str)] {
    match nation {
        Nation::JPN => {
            &[("sensitive.cedar", include_str!("../policies/jpn/never/sensitive.cedar"))]
        }
        Nation::USA => {
            &[("sensitive.cedar", include_str!("../policies/usa/never/sensitive.cedar"))]
        }
        _ => &[],
    }
}

/// The proof of the shipped set of `nation`, as JSON; `None` for a nation that has none.
#[must_use]
pub fn shipped_proof(nation: Nation) -> Option<&'static str> {
    match nation {
        Nation::JPN => Some(include_str!("../policies/jpn/proof.json")),
        Nation::USA => Some(include_str!("../policies/usa/proof.json")),
        _ => None,
    }
}
