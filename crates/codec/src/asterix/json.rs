//! `renkei decode plots --format asterix`: one JSON object a record.
//!
//! Refuses: hiding what was refused. A record that gives no plot is printed all the same.

use std::fmt::Write as _;

use renkei_model::plot::{Covariance, Plot};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::Report;
use super::meaning::Seen;
use super::target::{Detection, TargetReport};
use super::track::SystemTrack;

/// A JSON object on its way.
struct Object(String);

impl Object {
    // Writing to a String cannot fail. Texts are digits, fixed words or call-sign characters.
    fn number(&mut self, key: &str, value: Option<f64>) {
        let _ = match value.filter(|value| value.is_finite()) {
            Some(value) => write!(self.0, ",\"{key}\":{}", (value * 1e7).round() / 1e7),
            None => write!(self.0, ",\"{key}\":null"),
        };
    }

    fn text(&mut self, key: &str, value: Option<impl std::fmt::Display>) {
        let _ = match value {
            Some(value) => write!(self.0, ",\"{key}\":\"{value}\""),
            None => write!(self.0, ",\"{key}\":null"),
        };
    }

    fn flag(&mut self, key: &str, value: bool) {
        let _ = write!(self.0, ",\"{key}\":{value}");
    }

    fn place(&mut self, seen: Option<&Seen>, is_day_known: bool) {
        let (time, position, covariance, sd_m): (
            Option<Timestamp>,
            Option<Position>,
            Option<Covariance>,
            Option<f64>,
        ) = match seen {
            Some(Seen::Plot(plot)) => {
                let Plot { event_time, position, covariance, .. } = **plot;
                (Some(event_time), Some(position), Some(covariance), Some(covariance.sd_m()))
            }
            Some(Seen::Aircraft(o)) => (Some(o.event_time), o.position, None, o.accuracy_m),
            _ => (None, None, None, None),
        };
        self.text("time", time.filter(|_| is_day_known).and_then(Timestamp::to_rfc3339));
        self.number("lat", position.map(Position::latitude_deg));
        self.number("lon", position.map(Position::longitude_deg));
        self.number("sd_m", sd_m.map(|sd| (sd * 100.0).round() / 100.0));
        self.number("east_m2", covariance.map(Covariance::east_m2));
        self.number("north_m2", covariance.map(Covariance::north_m2));
        self.number("east_north_m2", covariance.map(Covariance::east_north_m2));
    }
}

/// One record as a line without line end. `seen`: what it stands for, where that is known; its time,
/// position and error are printed then, and are `null` otherwise. The time is printed only where
/// its day is known.
#[must_use]
pub fn json_line(report: &Report, seen: Option<&Seen>, is_day_known: bool) -> String {
    let mut object = match report {
        Report::Target(target) => head(48, target.sac, target.sic, target.time_of_day),
        Report::Track(track) => head(62, track.sac, track.sic, track.time_of_day),
    };
    object.place(seen, is_day_known);
    match report {
        Report::Target(report) => target(report, &mut object),
        Report::Track(report) => track(report, &mut object),
    }
    object.0.push('}');
    object.0
}

fn head(category: u8, sac: u8, sic: u8, time_of_day: Option<u32>) -> Object {
    let mut object = Object(String::with_capacity(512));
    let _ = write!(object.0, "{{\"cat\":{category},\"sac\":{sac},\"sic\":{sic}");
    object.number("tod_s", time_of_day.map(|time| f64::from(time) / 128.0));
    object
}

fn target(report: &TargetReport, object: &mut Object) {
    let miles = |units: i16| f64::from(units) * 1852.0 / 128.0;
    object.text("detection", report.detection.map(Detection::word));
    object.number("range_m", report.polar.map(|polar| polar.range_m()));
    object.number("bearing_deg", report.polar.map(|polar| polar.bearing_deg()));
    object.number("x_m", report.cartesian.map(|(x, _)| miles(x)));
    object.number("y_m", report.cartesian.map(|(_, y)| miles(y)));
    object.text("mode_a", report.mode_a.map(|mode| mode.code));
    object.flag("mode_a_valid", report.mode_a.is_some_and(|mode| mode.valid().is_some()));
    let level = report.flight_level;
    object.number("flight_level", level.map(|level| f64::from(level.quarters) / 4.0));
    object.flag("flight_level_valid", level.is_some_and(|level| level.valid_m().is_some()));
    object.number("height_m", report.height.map(|height| f64::from(height) * 7.62));
    object.number("doppler_mps", report.doppler_mps.map(f64::from));
    object.text("icao", report.address.map(|address| format!("{address:06x}")));
    object.text("callsign", report.callsign.map(|callsign| callsign.text().to_owned()));
    object.number("track", report.track_number.map(f64::from));
    let velocity = report.velocity;
    object.number("speed_mps", velocity.map(|(speed, _)| f64::from(speed) * 1852.0 / 16_384.0));
    object.number("course_deg", velocity.map(|(_, heading)| f64::from(heading) * 360.0 / 65_536.0));
    let track = report.track.unwrap_or_default();
    object.flag("tentative", track.is_tentative);
    object.flag("end", track.is_end);
    object.flag("ghost", track.is_ghost);
    object.flag("simulated", report.is_simulated);
    object.flag("test", report.is_test);
    object.flag("field_monitor", report.is_field_monitor);
}

fn track(report: &SystemTrack, object: &mut Object) {
    object.number("service", report.service.map(f64::from));
    object.number("x_m", report.cartesian.map(|(x, _)| f64::from(x) * 0.5));
    object.number("y_m", report.cartesian.map(|(_, y)| f64::from(y) * 0.5));
    object.number("vx_mps", report.velocity.map(|(x, _)| f64::from(x) * 0.25));
    object.number("vy_mps", report.velocity.map(|(_, y)| f64::from(y) * 0.25));
    object.text("mode_a", report.mode_a.map(|mode| mode.code));
    object.flag("mode_a_valid", report.mode_a.is_some_and(|mode| mode.valid().is_some()));
    object.number("flight_level", report.flight_level.map(|level| f64::from(level) / 4.0));
    let feet = |units: i16| f64::from(units) * 6.25;
    object.number("geometric_altitude_m", report.geometric_altitude.map(|a| feet(a) * 0.3048));
    object.number("climb_mps", report.climb.map(|rate| feet(rate) * 0.3048 / 60.0));
    object.text("icao", report.address.map(|address| format!("{address:06x}")));
    object.text("callsign", report.callsign.map(|callsign| callsign.text().to_owned()));
    object.number("track", report.track_number.map(f64::from));
    object.number("age_s", report.age.map(|age| f64::from(age) / 4.0));
    object.flag("tentative", report.is_tentative);
    object.flag("end", report.is_end);
    object.flag("coasting", report.is_coasting);
    object.flag("simulated", report.is_simulated);
}
