//! From what a radar or a tracker says to what was seen, where and when.
//!
//! Refuses: a radar whose place is not known, and Doppler speeds: the specification does not say which
//! way is positive.

use renkei_model::observation::{Attributes, Domain, Emergency, Identity, Motion, Observation};
use renkei_model::plot::{Covariance, Plot};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::Report;
use super::target::{Detection, TargetReport};
use super::track::SystemTrack;
use crate::modes::{Callsign, Squawk};
use crate::plots::Site;
use crate::{FeedContext, Reject};

/// A day in 1/128 s.
const DAY: u32 = 86_400 * 128;
/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// Degrees of a unit of latitude and longitude in category 062.
const DEGREES: f64 = 180.0 / 33_554_432.0;
/// Metres of a degree of latitude, for errors.
const DEGREE_M: f64 = 111_195.0;
/// A tracker's own error below this is not believed: it knows only the errors it models.
const TRACK_SD_M_MIN: f64 = 10.0;

/// The moment nearest to `now` at which the time of day was `time_of_day` (1/128 s since midnight
/// UTC): right for anything up to twelve hours old, across midnight too. `None` past the day's end.
#[must_use]
pub fn time_of_day(time_of_day: u32, now: Timestamp) -> Option<Timestamp> {
    if time_of_day >= DAY {
        return None;
    }
    let of_day_ms = (i64::from(time_of_day) * 1_000 + 64) / 128;
    let midnight_ms = now.0.div_euclid(DAY_MS).saturating_mul(DAY_MS);
    [-1, 0, 1]
        .into_iter()
        .map(|days| Timestamp(midnight_ms).plus_ms(days * DAY_MS + of_day_ms))
        .min_by_key(|at| at.since_ms(now).saturating_abs())
}

/// A radar by its code, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Radar {
    /// System area code.
    pub sac: u8,
    /// System identification code.
    pub sic: u8,
    /// Where, and how well it measures.
    pub site: Site,
}

/// What a report stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// Something, without a name.
    Plot(Box<Plot>),
    /// An aircraft that the radar named by its 24-bit address.
    Aircraft(Box<Observation>),
    /// Nothing was seen: an extrapolated position, the end of a track, a report without a position.
    Nothing,
}

/// The radars of one feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Radars {
    /// Each with its place; a category 048 report of another is refused.
    pub radars: Vec<Radar>,
    /// One standard deviation in metres of a system track that does not say its own.
    pub track_sd_m: f64,
}

/// What both categories say, in the model's units.
struct Facts {
    position: Position,
    covariance: Covariance,
    time_of_day: Option<u32>,
    altitude_m: Option<f64>,
    motion: Motion,
    squawk: Option<Squawk>,
    callsign: Option<Callsign>,
    address: Option<u32>,
    content: u64,
}

impl Radars {
    /// What `report`, received at `now`, stands for.
    ///
    /// # Errors
    /// A [`Reject`] for a simulated or test target, a radar whose place is not known, a time past the
    /// day's end, a position or error that is none.
    pub fn seen(
        &self,
        report: &Report,
        context: &FeedContext,
        now: Timestamp,
    ) -> Result<Seen, Reject> {
        let facts = match report {
            Report::Target(target) => self.target(target)?,
            Report::Track(track) => self.track(track)?,
        };
        let Some(facts) = facts else { return Ok(Seen::Nothing) };
        let event_time = match facts.time_of_day {
            None => now,
            Some(of_day) => time_of_day(of_day, now).ok_or_else(|| {
                Reject::new(
                    "time",
                    format!("ASTERIX time of day {of_day}/128 s is past a day"),
                    &[],
                )
            })?,
        };
        Ok(match facts.address {
            Some(address) => Seen::Aircraft(Box::new(Observation {
                source: context.observation_source(),
                identity: Identity::Icao(address),
                domain: Domain::Air,
                event_time,
                received_at: now,
                position: Some(facts.position),
                accuracy_m: Some(facts.covariance.sd_m()),
                motion: facts.motion,
                attributes: attributes(facts.callsign, facts.squawk),
                content: facts.content,
                label: context.label.clone(),
            })),
            None => Seen::Plot(Box::new(Plot {
                source: context.observation_source(),
                event_time,
                received_at: now,
                position: facts.position,
                covariance: facts.covariance,
                altitude_m: facts.altitude_m,
                radial_speed_mps: None,
                mode_a: facts.squawk.map(Squawk::code),
                icao: None,
                content: facts.content,
                label: context.label.clone(),
            })),
        })
    }

    fn radar(&self, sac: u8, sic: u8) -> Result<&Site, Reject> {
        let radar = self.radars.iter().find(|radar| (radar.sac, radar.sic) == (sac, sic));
        radar.map(|radar| &radar.site).ok_or_else(|| {
            let detail = format!(
                "ASTERIX radar SAC {sac} SIC {sic} has no known place; add it to the feed's radars"
            );
            Reject::new("site", detail, &[sac, sic])
        })
    }

    fn target(&self, report: &TargetReport) -> Result<Option<Facts>, Reject> {
        if report.is_simulated || report.is_test || report.is_field_monitor {
            return Err(not_real(report.sac, report.sic));
        }
        let track = report.track.unwrap_or_default();
        if report.detection == Some(Detection::None) || track.is_ghost {
            return Ok(None);
        }
        let height_m = report.height.map(|height| f64::from(height) * 25.0 * 0.3048);
        let altitude_m = report.flight_level.and_then(|level| level.valid_m()).or(height_m);
        let miles = |units: i16| f64::from(units) * 1852.0 / 128.0;
        let (range_m, bearing_deg, height_m) = match (report.polar, report.cartesian) {
            (Some(polar), _) => (polar.range_m(), polar.bearing_deg(), altitude_m),
            // On the plane of the radar: no slant to take out.
            (None, Some((x, y))) => {
                let (x, y) = (miles(x), miles(y));
                let site = self.radar(report.sac, report.sic)?;
                (x.hypot(y), x.atan2(y).to_degrees(), Some(site.height_m))
            }
            (None, None) => return Ok(None),
        };
        let site = self.radar(report.sac, report.sic)?;
        let placed = site.place(range_m, bearing_deg, height_m);
        let (position, covariance) = placed.ok_or_else(|| nowhere(report.sac, report.sic))?;
        let velocity = report.velocity;
        Ok(Some(Facts {
            position,
            covariance,
            time_of_day: report.time_of_day,
            altitude_m,
            motion: Motion {
                speed_mps: velocity.map(|(speed, _)| f64::from(speed) * 1852.0 / 16_384.0),
                course_deg: velocity.map(|(_, heading)| f64::from(heading) * 360.0 / 65_536.0),
                altitude_m,
                ..Motion::default()
            },
            squawk: report.mode_a.and_then(|mode| mode.valid()),
            callsign: report.callsign,
            address: report.address,
            content: report.content,
        }))
    }

    fn track(&self, track: &SystemTrack) -> Result<Option<Facts>, Reject> {
        if track.is_simulated {
            return Err(not_real(track.sac, track.sic));
        }
        if track.is_end || track.is_coasting || track.is_tentative {
            return Ok(None);
        }
        let position = match (track.position, track.cartesian) {
            (Some((lat, lon)), _) => {
                Position::new(f64::from(lat) * DEGREES, f64::from(lon) * DEGREES)
            }
            (None, Some((x, y))) => {
                let (x, y) = (f64::from(x) * 0.5, f64::from(y) * 0.5);
                let site = self.radar(track.sac, track.sic)?;
                let placed = site.place(x.hypot(y), x.atan2(y).to_degrees(), Some(site.height_m));
                placed.map(|(position, _)| position)
            }
            (None, None) => return Ok(None),
        };
        let position = position.ok_or_else(|| nowhere(track.sac, track.sic))?;
        let covariance = covariance(track, position)
            .or_else(|| Covariance::circular(self.track_sd_m))
            .ok_or_else(|| nowhere(track.sac, track.sic))?;
        let level = track.flight_level.map(|level| f64::from(level) * 25.0 * 0.3048);
        let geometric =
            track.geometric_altitude.map(|altitude| f64::from(altitude) * 6.25 * 0.3048);
        let altitude_m = level.or(geometric);
        let velocity = track.velocity.map(|(x, y)| (f64::from(x) * 0.25, f64::from(y) * 0.25));
        let course = |(x, y): (f64, f64)| x.atan2(y).to_degrees().rem_euclid(360.0);
        Ok(Some(Facts {
            position,
            covariance,
            time_of_day: track.time_of_day,
            altitude_m,
            motion: Motion {
                speed_mps: velocity.map(|(x, y)| x.hypot(y)),
                course_deg: velocity.map(course).filter(|course| *course < 360.0),
                heading_deg: None,
                altitude_m,
                vertical_rate_mps: track.climb.map(|rate| f64::from(rate) * 6.25 * 0.3048 / 60.0),
            },
            squawk: track.mode_a.and_then(|mode| mode.valid()),
            callsign: track.callsign,
            address: track.address,
            content: track.content,
        }))
    }
}

fn not_real(sac: u8, sic: u8) -> Reject {
    let detail = format!("ASTERIX report of SAC {sac} SIC {sic} is of a simulated or test target");
    Reject::new("simulated", detail, &[sac, sic])
}

fn nowhere(sac: u8, sic: u8) -> Reject {
    let detail = format!("ASTERIX report of SAC {sac} SIC {sic} has no possible position or error");
    Reject::new("position", detail, &[sac, sic])
}

/// The error that a tracker states, on either grid.
fn covariance(track: &SystemTrack, position: Position) -> Option<Covariance> {
    let least = |sd_m: f64| sd_m.max(TRACK_SD_M_MIN);
    if let Some((x, y)) = track.accuracy.cartesian {
        let (x, y) = (least(f64::from(x) * 0.5), least(f64::from(y) * 0.5));
        let root = f64::from(track.accuracy.covariance.unwrap_or_default()) * 0.5;
        let both = root * root.abs();
        return Covariance::new(x * x, y * y, both).or_else(|| Covariance::new(x * x, y * y, 0.0));
    }
    let (lat, lon) = track.accuracy.geographic?;
    let metres = |units: u16| f64::from(units) * DEGREES * DEGREE_M;
    let east = least(metres(lon) * position.latitude_deg().to_radians().cos());
    let north = least(metres(lat));
    Covariance::new(east * east, north * north, 0.0)
}

/// A radar validates a Mode A code by several replies of one scan, so that an emergency code counts.
fn attributes(callsign: Option<Callsign>, squawk: Option<Squawk>) -> Attributes {
    Attributes {
        callsign: callsign.filter(Callsign::is_plain).map(|callsign| callsign.text().to_owned()),
        squawk: squawk.map(|squawk| squawk.to_string()),
        emergency: match squawk {
            Some(Squawk::HIJACK) => Some(Emergency::UnlawfulInterference),
            Some(Squawk::RADIO_FAILURE) => Some(Emergency::RadioFailure),
            Some(Squawk::EMERGENCY) => Some(Emergency::GeneralEmergency),
            _ => None,
        },
        ..Attributes::default()
    }
}
