//! The presets by name: what a headquarters may choose for each rule instead of writing numbers.
//!
//! Refuses: a rule or a name that is not known, and switching off what is always told.

use super::config::{AlertConfig, DwellPreset, LoiteringPreset, Scope};
use super::why::Rule;
use crate::config::KNOT_MPS;

const HOUR_MS: i64 = 3_600_000;
const NAUTICAL_MILE_M: f64 = 1_852.0;
/// The word that switches a rule off.
const OFF: &str = "off";

/// Every rule that has presets, by its code, with their names; the first is the default.
const KNOWN: [(Rule, &[&str]); 11] = [
    (Rule::ZoneDwelt, &["four_hours", "one_hour", "twelve_hours"]),
    (Rule::CloseApproach, &["marine", "marine_all"]),
    (Rule::Rendezvous, &["global_fishing_watch", "starboard_50", "starboard_200"]),
    (Rule::Loitering, &["global_fishing_watch", "near_shore"]),
    (Rule::Unheard, &["coastal"]),
    (Rule::SourceSilent, &["feed"]),
    (Rule::ImpossibleJump, &["hops"]),
    (Rule::IdentityChanged, &["said_twice"]),
    (Rule::PoorNavigation, &["area"]),
    (Rule::MovementChanged, &["watched"]),
    (Rule::SafetyText, &["as_received"]),
];

/// Why a choice of presets was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresetError {
    /// No such rule, or one that is always told.
    #[error("`{rule}` is no rule with presets; rules: {}", rules())]
    Rule {
        /// What was asked for.
        rule: String,
    },
    /// No such preset of that rule, or too many or too few at a time.
    #[error("`{}` is no choice for `{rule}`; {}", chosen.join("`, `"), choices(rule))]
    Choice {
        /// The rule.
        rule: &'static str,
        /// What was asked for.
        chosen: Vec<String>,
    },
}

fn rules() -> String {
    KNOWN.map(|(rule, _)| rule.code()).join(", ")
}

fn choices(code: &str) -> String {
    let names = KNOWN.iter().find(|(rule, _)| rule.code() == code).map(|(_, names)| *names);
    let names = names.unwrap_or_default().join(", ");
    let how = if code == Rule::Rendezvous.code() { "any of" } else { "one of" };
    format!("{how}: {names}; or off")
}

impl AlertConfig {
    /// Lets the rule of code `rule` run on the presets of those names, each once, in place of what it
    /// ran on: one, for `rendezvous` any number, or `off`.
    ///
    /// # Errors
    /// [`PresetError`] names what there is to choose from.
    pub fn choose(&mut self, rule: &str, names: &[String]) -> Result<(), PresetError> {
        let (rule, known) = KNOWN
            .iter()
            .find(|(known, _)| known.code() == rule)
            .ok_or_else(|| PresetError::Rule { rule: rule.into() })?;
        let refused = || PresetError::Choice { rule: rule.code(), chosen: names.to_vec() };
        let chosen: Vec<&str> = match names {
            [off] if off == OFF => Vec::new(),
            [] => return Err(refused()),
            names => names.iter().map(String::as_str).collect(),
        };
        let once = |name: &&str| chosen.iter().filter(|other| other == &name).count() == 1;
        let many = *rule == Rule::Rendezvous || chosen.len() <= 1;
        if !many || !chosen.iter().all(|name| known.contains(name) && once(name)) {
            return Err(refused());
        }
        self.put(*rule, &chosen);
        Ok(())
    }

    /// Known names of a known rule.
    fn put(&mut self, rule: Rule, chosen: &[&str]) {
        let default = Self::default();
        let on = !chosen.is_empty();
        match rule {
            Rule::ZoneDwelt => self.dwell = chosen.first().map(|name| dwell(name)),
            Rule::CloseApproach => {
                self.approach = chosen.first().map(|name| match *name {
                    "marine_all" => Self::marine_approach(Scope::All),
                    _ => Self::marine_approach(Scope::Watched),
                });
            }
            Rule::Rendezvous => {
                let all = Self::known_rendezvous().into_iter();
                self.rendezvous = all.filter(|known| chosen.contains(&known.preset)).collect();
            }
            Rule::Loitering => self.loitering = chosen.first().map(|name| loitering(name)),
            Rule::Unheard => self.unheard = default.unheard.filter(|_| on),
            Rule::SourceSilent => self.receiver = default.receiver.filter(|_| on),
            Rule::ImpossibleJump => self.jump = default.jump.filter(|_| on),
            Rule::IdentityChanged => self.identity = on,
            Rule::PoorNavigation => self.navigation = default.navigation.filter(|_| on),
            Rule::MovementChanged => self.movement = default.movement.filter(|_| on),
            Rule::SafetyText => self.text = default.text.filter(|_| on),
            // Always told; `KNOWN` does not name them.
            Rule::ZoneEntered | Rule::ZoneLeft | Rule::Emergency | Rule::DuplicateIdentity => {}
        }
    }
}

/// The dwell preset of that name.
pub(super) fn dwell(name: &str) -> DwellPreset {
    let (preset, hours) = match name {
        "one_hour" => ("one_hour", 1),
        "twelve_hours" => ("twelve_hours", 12),
        _ => ("four_hours", 4),
    };
    DwellPreset { preset, inside_ms: hours * HOUR_MS }
}

/// The loitering preset of that name. `near_shore` is ours: fishing ground and anchorage lie nearer
/// than Global Fishing Watch looks, a drifting ship off a harbour too.
pub(super) fn loitering(name: &str) -> LoiteringPreset {
    let (preset, miles) = match name {
        "near_shore" => ("near_shore", 3.0),
        _ => ("global_fishing_watch", 20.0),
    };
    LoiteringPreset {
        preset,
        speed_max_mps: 2.0 * KNOT_MPS,
        for_ms: 4 * HOUR_MS,
        offshore_m: miles * NAUTICAL_MILE_M,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(rule: &str, names: &[&str]) -> Result<AlertConfig, String> {
        let mut config = AlertConfig::default();
        let names: Vec<String> = names.iter().map(|name| (*name).into()).collect();
        config.choose(rule, &names).map_err(|e| e.to_string())?;
        Ok(config)
    }

    #[test]
    fn the_first_name_of_every_rule_is_what_it_runs_on_by_default() {
        for (rule, names) in KNOWN {
            let all = if rule == Rule::Rendezvous { names } else { &names[..1] };
            assert_eq!(choose(rule.code(), all), Ok(AlertConfig::default()), "{rule:?}");
            assert_ne!(choose(rule.code(), &[OFF]), Ok(AlertConfig::default()), "{rule:?}");
        }
    }

    #[test]
    fn a_chosen_preset_says_its_name() {
        for (rule, names) in KNOWN {
            for name in &names[1..] {
                let config = choose(rule.code(), &[name]).unwrap();
                let said = match rule {
                    Rule::ZoneDwelt => config.dwell.unwrap().preset,
                    Rule::CloseApproach => config.approach.unwrap().preset,
                    Rule::Rendezvous => config.rendezvous[0].preset,
                    _ => config.loitering.unwrap().preset,
                };
                assert_eq!(said, *name);
            }
        }
        let far = choose("rendezvous", &["starboard_200", "global_fishing_watch"]).unwrap();
        assert_eq!(far.rendezvous.len(), 2);
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        let refused = |rule, names: &[&str]| choose(rule, names).unwrap_err();
        assert!(refused("emergency", &[OFF]).starts_with("`emergency` is no rule with presets"));
        assert_eq!(
            refused("close_approach", &["harbour"]),
            "`harbour` is no choice for `close_approach`; one of: marine, marine_all; or off"
        );
        assert!(refused("loitering", &["near_shore", "global_fishing_watch"]).contains("one of"));
        assert!(refused("rendezvous", &["starboard_50", "starboard_50"]).contains("any of"));
        assert!(refused("rendezvous", &["starboard_50", OFF]).contains("any of"));
        assert!(refused("unheard", &[]).contains("coastal"));
    }
}
