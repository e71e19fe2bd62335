//! `renkei decode plots`: what a radar's recording holds.
//!
//! Refuses: a place for a radar's reports where the radar's own is not given; they are printed with
//! range and bearing, and `lat`, `lon` null.

use std::io::Write;

use renkei_codec::asterix::{self, Radar, Radars, Report};
use renkei_codec::plots::{Deframer, Site, json_line};
use renkei_codec::{FeedContext, Reject};
use renkei_model::id::{Nation, SourceId};
use renkei_model::label::{Classification, Label};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::{Input, Output, pieces};

/// Arguments of `decode plots`.
#[derive(clap::Args, Debug)]
#[command(after_long_help = HELP)]
pub(crate) struct Plots {
    #[command(flatten)]
    pub(super) input: Input,
    /// What the bytes are
    #[arg(long)]
    format: Format,
    /// Where a radar stands: SAC,SIC,LATITUDE,LONGITUDE[,HEIGHT_M]; once for each radar. Its errors are
    /// taken as 70 m and 0.1°
    #[arg(long, value_parser = radar, allow_hyphen_values = true)]
    radar: Vec<Radar>,
    /// The day of an ASTERIX recording, UTC, for example 2026-11-22: its records hold only times of day
    #[arg(long, value_parser = date)]
    date: Option<Timestamp>,
}

/// Forms of plots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Data blocks of categories 048 and 062, one after the other
    Asterix,
    /// One JSON object a line
    Json,
}

const HELP: &str = "\
ASTERIX: one object a record: cat sac sic tod_s (seconds since midnight UTC), time lat lon sd_m (null
where date or radar is not given), east_m2 north_m2 east_north_m2 (covariance, null for aircraft with
an address), and what the record says:
  048  detection range_m bearing_deg x_m y_m mode_a mode_a_valid flight_level flight_level_valid
       height_m doppler_mps icao callsign track speed_mps course_deg tentative end ghost simulated
       test field_monitor
  062  service x_m y_m vx_mps vy_mps mode_a mode_a_valid flight_level geometric_altitude_m climb_mps
       icao callsign track age_s tentative end coasting simulated
JSON lines, as they are read: time (RFC 3339 or Unix seconds), lat lon, and sd_m or east_m2 north_m2
east_north_m2; or site {lat lon height_m ceiling_m}, range_m bearing_deg range_sd_m bearing_sd_deg;
and altitude_m radial_speed_mps mode_a icao. Printed: time lat lon east_m2 north_m2 east_north_m2
altitude_m radial_speed_mps mode_a icao; null = not said.";

fn radar(text: &str) -> Result<Radar, String> {
    let fields: Vec<&str> = text.split(',').map(str::trim).collect();
    let read = || {
        let (code, place) = fields.split_at_checked(2)?;
        let [sac, sic] = [code.first()?, code.get(1)?].map(|text| text.parse::<u8>().ok());
        let numbers: Vec<f64> = place.iter().map_while(|text| text.parse().ok()).collect();
        let (position, height_m) = match (place.len(), numbers.as_slice()) {
            (2, [latitude, longitude]) => (Position::new(*latitude, *longitude)?, 0.0),
            (3, [latitude, longitude, height]) if (-500.0..=30_000.0).contains(height) => {
                (Position::new(*latitude, *longitude)?, *height)
            }
            _ => return None,
        };
        let (range_sd_m, bearing_sd_deg, ceiling_m) = (70.0, 0.1, 0.0);
        let site = Site { position, height_m, range_sd_m, bearing_sd_deg, ceiling_m };
        Some(Radar { sac: sac?, sic: sic?, site })
    };
    read().ok_or_else(|| {
        "give SAC,SIC,LATITUDE,LONGITUDE[,HEIGHT_M], as 25,7,24.76,125.33,110".into()
    })
}

/// Noon of a day: every time of day is nearest to that day's then.
fn date(text: &str) -> Result<Timestamp, String> {
    Timestamp::from_rfc3339(&format!("{text}T12:00:00Z"))
        .ok_or_else(|| "give a day as 2026-11-22".into())
}

/// Runs `decode plots`.
pub(super) fn decode(arguments: &Plots, output: &mut Output<impl Write>) -> std::io::Result<()> {
    match arguments.format {
        Format::Asterix => decode_asterix(arguments, output),
        Format::Json => decode_json(arguments, output),
    }
}

/// Nobody's feed: what is printed names neither feed nor label.
fn context() -> FeedContext {
    let label = Label {
        policy: String::new(),
        classification: Classification::Unclassified,
        releasable_to: [].into(),
        restrictive: [].into(),
        informative: [].into(),
        originator: Nation::JPN,
        created: Timestamp::default(),
        review: None,
    };
    FeedContext { source: SourceId("decode".into()), label, nation: Nation::JPN }
}

fn decode_asterix(arguments: &Plots, output: &mut Output<impl Write>) -> std::io::Result<()> {
    let radars = Radars { radars: arguments.radar.clone(), track_sd_m: 150.0 };
    let (mut deframer, context) = (asterix::Deframer::default(), context());
    pieces(&arguments.input.file, |piece| {
        let blocks = match piece {
            Some(bytes) => deframer.push(bytes),
            None => deframer.finish(),
        };
        for block in blocks {
            let (reports, reject) = match &block {
                Ok(block) => Report::of_block(block),
                Err(reject) => (Vec::new(), Some(reject.clone())),
            };
            for report in &reports {
                let now = arguments.date.unwrap_or_default();
                let seen = radars.seen(report, &context, now);
                // Without its radar's place a report is still a report.
                let seen = seen.map_err(|reject| output.reject_unless(reject, "site")).ok();
                output.line(&asterix::json_line(
                    report,
                    seen.as_ref(),
                    arguments.date.is_some(),
                ))?;
            }
            reject.into_iter().for_each(|reject| output.reject(reject));
        }
        Ok(())
    })
}

fn decode_json(arguments: &Plots, output: &mut Output<impl Write>) -> std::io::Result<()> {
    let (mut deframer, context) = (Deframer::default(), context());
    pieces(&arguments.input.file, |piece| {
        let lines = match piece {
            Some(bytes) => deframer.push(bytes),
            None => deframer.finish().into_iter().collect(),
        };
        for line in lines {
            match line {
                Ok(line) => {
                    // A moment that RFC 3339 cannot write, for a line without time: printed as null.
                    let plot = line.to_plot(&context, Timestamp(i64::MAX));
                    output.line(&json_line(&plot))?;
                }
                Err(reject) => output.reject(reject),
            }
        }
        Ok(())
    })
}

impl<W: Write> Output<W> {
    /// Counts a refusal, but for one reason.
    fn reject_unless(&mut self, reject: Reject, reason: &str) {
        if reject.reason != reason {
            self.reject(reject);
        }
    }
}
