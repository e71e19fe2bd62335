//! Who may ask what: one table of route × role × nation. What is not declared is denied.

use renkei_model::seat::Role;

/// Every route that needs a signed-in person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `GET /api/session`, `POST /api/signout`
    Session,
    /// `GET /ws`: picture and affairs.
    Live,
    /// `GET /api/track`
    Track,
    /// `GET /api/history`
    History,
    /// `GET /api/playback`: where everything was; what was released is not kept apart from what
    /// was not, so it is for this nation's people alone.
    Playback,
    /// `GET /api/layers`, `GET /api/layer`: which theatre data this headquarters chose;
    /// `POST /api/layers`: which of it one sees oneself.
    Layers,
    /// `GET /api/exchange`: what crossed, what was held, and why.
    Exchange,
    /// `GET /api/explain`: why the partner sees a track as it does.
    Explain,
    /// `GET /api/markings`: the words of labels, without content.
    Markings,
    /// `GET /api/review`: the exact bytes of a record that waits for a release review, beside what
    /// stays here. Who decides is the seat's authority; who audits may read.
    Review,
    /// `GET /api/phrases`
    Phrases,
    /// `POST /api/command`; which command is the seat's authority.
    Command,
    /// `GET /api/feeds`: health without content.
    Feeds,
    /// `GET /api/policy`: the release policy in force and changes of it.
    Policy,
    /// `POST /api/policy/try`, `POST /api/policy/propose`.
    PolicyChange,
}

impl Route {
    /// All routes.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 15] = [
        Self::Session,
        Self::Live,
        Self::Track,
        Self::History,
        Self::Playback,
        Self::Layers,
        Self::Exchange,
        Self::Explain,
        Self::Markings,
        Self::Review,
        Self::Phrases,
        Self::Command,
        Self::Feeds,
        Self::Policy,
        Self::PolicyChange,
    ];
}

/// A row: route, and for each role of [`Role::ALL`] in its order whether this nation's people may
/// (`o`), also the partner's people on this floor (`b`), or nobody (`-`).
///
/// Order: commander, watch officer, J2, J3, J4, J5, release officer, liaison, auditor,
/// administrator, observer.
const TABLE: &[(Route, &str)] = &[
    (Route::Session, "bbbbbbbbbbb"),
    (Route::Live, "ooooooobo-o"),
    (Route::Track, "ooooooobo-o"),
    (Route::History, "ooooooobo--"),
    (Route::Playback, "ooooooooo--"),
    (Route::Layers, "ooooooooo-o"),
    (Route::Exchange, "ooooooo-o--"),
    (Route::Explain, "ooooooo-o--"),
    (Route::Markings, "ooooooobooo"),
    (Route::Review, "o-----o-o--"),
    (Route::Phrases, "ooooooobo--"),
    (Route::Command, "ooooooo----"),
    (Route::Feeds, "ooooooo-oo-"),
    (Route::Policy, "ooooooo-o--"),
    (Route::PolicyChange, "o-----o----"),
];

/// The declared cell, or `None` when nobody declared it.
fn cell(route: Route, role: Role, own_nation: bool) -> Option<bool> {
    let (_, row) = TABLE.iter().find(|(r, _)| *r == route)?;
    let column = Role::ALL.iter().position(|r| *r == role)?;
    match (row.as_bytes().get(column)?, own_nation) {
        (b'b', _) | (b'o', true) => Some(true),
        (b'o' | b'-', _) => Some(false),
        _ => None,
    }
}

/// Whether a person of `role` may use `route`; `own_nation` is false for the partner's people.
pub(crate) fn allowed(route: Route, role: Role, own_nation: bool) -> bool {
    cell(route, role, own_nation).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_declared() {
        for route in Route::ALL {
            for role in Role::ALL {
                for own_nation in [true, false] {
                    let declared = cell(route, role, own_nation).is_some();
                    assert!(declared, "{route:?} × {role:?} × own {own_nation} is not declared");
                }
            }
        }
    }

    #[test]
    fn the_partner_reads_only_as_liaison_and_commands_nothing() {
        for role in Role::ALL {
            let content = [Route::Live, Route::Track, Route::History, Route::Phrases];
            for route in content {
                assert_eq!(
                    allowed(route, role, false),
                    role == Role::Liaison,
                    "{route:?} {role:?}"
                );
            }
            assert!(!allowed(Route::Command, role, false));
            assert!(!allowed(Route::Exchange, role, false));
            assert!(!allowed(Route::Playback, role, false));
            assert!(!allowed(Route::Layers, role, false));
        }
    }

    #[test]
    fn only_the_release_officer_the_commander_and_the_auditor_read_what_waits() {
        for role in Role::ALL {
            let may = [Role::Commander, Role::ReleaseOfficer, Role::Auditor].contains(&role);
            assert_eq!(allowed(Route::Review, role, true), may, "{role:?}");
            assert!(!allowed(Route::Review, role, false));
        }
    }

    #[test]
    fn the_administrator_sees_no_content() {
        for route in [
            Route::Live,
            Route::Track,
            Route::Playback,
            Route::Exchange,
            Route::Explain,
            Route::Review,
            Route::Command,
        ] {
            assert!(!allowed(route, Role::Administrator, true));
        }
    }
}
