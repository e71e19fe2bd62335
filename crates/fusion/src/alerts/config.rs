//! The presets: the numbers each rule runs on, with whose they are. Plain values: a headquarters
//! edits them, tests plant bugs with them.

use super::presets;
use crate::config::KNOT_MPS;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const NAUTICAL_MILE_M: f64 = 1_852.0;

/// Whose pairs the closest point of approach is worked out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Pairs of which at least one is watched: in a strait every ship passes another.
    Watched,
    /// Every pair of ships.
    All,
}

/// Staying in a zone.
#[derive(Clone, Debug, PartialEq)]
pub struct DwellPreset {
    /// Its name.
    pub preset: &'static str,
    /// For so long, ms.
    pub inside_ms: i64,
}

/// Closest point of approach.
#[derive(Clone, Debug, PartialEq)]
pub struct ApproachPreset {
    /// Its name.
    pub preset: &'static str,
    /// For which pairs.
    pub scope: Scope,
    /// Closer than this at the closest point, metres.
    pub distance_m: f64,
    /// Reached within this time, ms.
    pub within_ms: i64,
    /// Slower than this towards each other is keeping company, metres a second.
    pub closing_min_mps: f64,
    /// Sweeps in a row that must agree.
    pub sweeps: u8,
    /// The pair may ring again once it was clear (closest point beyond 1.5 times the distance, or
    /// passed) for so long, ms.
    pub clear_ms: i64,
    /// Pairs looked at in one sweep; the next sweep goes on from there.
    pub pairs_max: usize,
}

/// Two ships that stay together.
#[derive(Clone, Debug, PartialEq)]
pub struct RendezvousPreset {
    /// Its name.
    pub preset: &'static str,
    /// Closer than this, metres.
    pub distance_m: f64,
    /// For so long, ms.
    pub for_ms: i64,
    /// Median of the pair's mean speed below this, metres a second; `None` = any.
    pub speed_max_mps: Option<f64>,
    /// Not nearer than this to a shore or anchorage that is known, metres.
    pub offshore_m: f64,
    /// Silent where no shore is known: the rule rings on every tug otherwise.
    pub needs_shore: bool,
}

/// A ship that hardly moves.
#[derive(Clone, Debug, PartialEq)]
pub struct LoiteringPreset {
    /// Its name.
    pub preset: &'static str,
    /// Mean speed below this, metres a second.
    pub speed_max_mps: f64,
    /// For so long: whole blocks of half an hour, ms.
    pub for_ms: i64,
    /// Not nearer than this to a shore that is known, metres.
    pub offshore_m: f64,
}

/// A ship that is heard no more.
#[derive(Clone, Debug, PartialEq)]
pub struct UnheardPreset {
    /// Its name.
    pub preset: &'static str,
    /// Since its last report, ms.
    pub for_ms: i64,
    /// Reports that make it a regular one.
    pub reports_min: u64,
    /// Its last speed was at least this: ships switch off at the berth. Metres a second.
    pub speed_min_mps: f64,
    /// Ships near it that the same receiver went on hearing.
    pub neighbours_min: usize,
    /// How near to where it should be by now, metres.
    pub near_m: f64,
    /// Those ships must lie round it: no wider open angle than this, degrees. Beyond the outermost
    /// ship that is heard nothing is known of the receiver's reach.
    pub open_max_deg: f64,
}

/// A receiver that gives nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiverPreset {
    /// Its name.
    pub preset: &'static str,
    /// Silent for at least this, ms.
    pub silent_min_ms: i64,
    /// And for so many times its mean interval.
    pub intervals: f64,
    /// Reports before it is judged.
    pub reports_min: u64,
}

/// Positions that one thing cannot have had.
#[derive(Clone, Debug, PartialEq)]
pub struct JumpPreset {
    /// Its name.
    pub preset: &'static str,
    /// So many impossible fixes that do not join ring by themselves.
    pub fixes: usize,
    /// Within this time, ms.
    pub within_ms: i64,
}

/// Poor satellite navigation over an area.
#[derive(Clone, Debug, PartialEq)]
pub struct NavigationPreset {
    /// Its name.
    pub preset: &'static str,
    /// A reported standard deviation of at least this is poor, metres.
    pub poor_m: f64,
    /// Poor reports in a row that make an aircraft count, and good ones that end it.
    pub reports: u8,
    /// Aircraft that count.
    pub aircraft_min: usize,
    /// The part of all aircraft there beyond one, which may have a bad receiver: more than this.
    pub part_min: f64,
    /// Within this of one of them, metres.
    pub radius_m: f64,
    /// For so long, ms.
    pub for_ms: i64,
    /// The area may ring again after so long without, ms.
    pub clear_ms: i64,
}

/// A watched track that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct MovementPreset {
    /// Its name.
    pub preset: &'static str,
    /// Turned by at least this, degrees.
    pub course_deg: f64,
    /// Faster or slower by at least this, metres a second.
    pub speed_mps: f64,
    /// A course counts from this speed, metres a second.
    pub course_from_mps: f64,
    /// For so long, ms.
    pub for_ms: i64,
}

/// Safety-related texts of one sender.
#[derive(Clone, Debug, PartialEq)]
pub struct TextPreset {
    /// Its name.
    pub preset: &'static str,
    /// The same words are told once within this time, ms.
    pub within_ms: i64,
    /// And no more texts of one sender than this: a sender costs nothing to invent, but a flood under
    /// one name must not bury the rest.
    pub texts_max: usize,
}

/// Everything the alert rules run on. `None` or empty = that rule is off.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertConfig {
    /// Staying in a zone.
    pub dwell: Option<DwellPreset>,
    /// Closest point of approach.
    pub approach: Option<ApproachPreset>,
    /// Two ships that stay together; each preset by itself.
    pub rendezvous: Vec<RendezvousPreset>,
    /// A ship that hardly moves.
    pub loitering: Option<LoiteringPreset>,
    /// A ship that is heard no more.
    pub unheard: Option<UnheardPreset>,
    /// A receiver that gives nothing.
    pub receiver: Option<ReceiverPreset>,
    /// Positions that one thing cannot have had.
    pub jump: Option<JumpPreset>,
    /// Whether another name under the same MMSI rings.
    pub identity: bool,
    /// Poor satellite navigation.
    pub navigation: Option<NavigationPreset>,
    /// Watched tracks.
    pub movement: Option<MovementPreset>,
    /// Safety-related texts.
    pub text: Option<TextPreset>,
    /// Pairs remembered at a time; further ones wait.
    pub pairs_max: usize,
    /// A place with more slow ships than this within a rendezvous' distance is an anchorage.
    pub crowd_max: usize,
}

impl AlertConfig {
    /// Marine default: 1.5 NM within 20 min (as marine radars and transponders ship it).
    #[must_use]
    pub fn marine_approach(scope: Scope) -> ApproachPreset {
        ApproachPreset {
            preset: if scope == Scope::All { "marine_all" } else { "marine" },
            scope,
            distance_m: 1.5 * NAUTICAL_MILE_M,
            within_ms: 20 * MINUTE_MS,
            closing_min_mps: 2.0 * KNOT_MPS,
            sweeps: 2,
            clear_ms: 5 * MINUTE_MS,
            pairs_max: 1_000_000,
        }
    }

    /// Global Fishing Watch: < 500 m, ≥ 2 h, median < 2 kn, ≥ 10 km from an anchorage. Starboard:
    /// < 50 m 10 min or < 200 m 30 min, not within 10 km of shore.
    #[must_use]
    pub fn known_rendezvous() -> Vec<RendezvousPreset> {
        let starboard = |preset, distance_m, minutes| RendezvousPreset {
            preset,
            distance_m,
            for_ms: minutes * MINUTE_MS,
            speed_max_mps: None,
            offshore_m: 10_000.0,
            needs_shore: true,
        };
        vec![
            RendezvousPreset {
                preset: "global_fishing_watch",
                distance_m: 500.0,
                for_ms: 2 * HOUR_MS,
                speed_max_mps: Some(2.0 * KNOT_MPS),
                offshore_m: 10_000.0,
                needs_shore: false,
            },
            starboard("starboard_50", 50.0, 10),
            starboard("starboard_200", 200.0, 30),
        ]
    }
}

impl Default for AlertConfig {
    fn default() -> Self {
        Self {
            dwell: Some(presets::dwell("four_hours")),
            approach: Some(Self::marine_approach(Scope::Watched)),
            rendezvous: Self::known_rendezvous(),
            loitering: Some(presets::loitering("global_fishing_watch")),
            unheard: Some(UnheardPreset {
                preset: "coastal",
                for_ms: 30 * MINUTE_MS,
                reports_min: 10,
                speed_min_mps: KNOT_MPS,
                neighbours_min: 3,
                near_m: 10.0 * NAUTICAL_MILE_M,
                open_max_deg: 200.0,
            }),
            receiver: Some(ReceiverPreset {
                preset: "feed",
                silent_min_ms: 2 * MINUTE_MS,
                intervals: 15.0,
                reports_min: 20,
            }),
            jump: Some(JumpPreset { preset: "hops", fixes: 4, within_ms: 10 * MINUTE_MS }),
            identity: true,
            navigation: Some(NavigationPreset {
                preset: "area",
                poor_m: 200.0,
                reports: 2,
                aircraft_min: 3,
                part_min: 0.1,
                radius_m: 50_000.0,
                for_ms: 30_000,
                clear_ms: 10 * MINUTE_MS,
            }),
            movement: Some(MovementPreset {
                preset: "watched",
                course_deg: 30.0,
                speed_mps: 5.0 * KNOT_MPS,
                course_from_mps: KNOT_MPS,
                for_ms: 2 * MINUTE_MS,
            }),
            text: Some(TextPreset {
                preset: "as_received",
                within_ms: 10 * MINUTE_MS,
                texts_max: 3,
            }),
            pairs_max: 20_000,
            crowd_max: 12,
        }
    }
}
