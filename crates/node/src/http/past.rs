//! The past over HTTP: which window, in which steps, from where on.
//!
//! Refuses: windows that end before they begin or last longer than 31 days, and areas that are none.

use renkei_model::time::Timestamp;
use renkei_store::history::Area;
use serde::Deserialize;

use super::Refusal;
use crate::messages::Past;

const MINUTE_MS: i64 = 60_000;
/// Longest window of one question: 31 days.
const WINDOW_MS_MAX: i64 = 31 * 24 * 60 * MINUTE_MS;
/// Minutes of a trail when nothing is said.
const TRAIL_MINUTES: i64 = 30;
/// Steps in a window when the asker says none: as many as a page of a trail holds.
const TRAIL_STEPS: i64 = 2_000;
/// … and enough for a smooth playback.
const PLAYBACK_STEPS: i64 = 360;

/// The parameters of `GET /api/history` and `GET /api/playback`; times in milliseconds since 1970.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Window {
    /// Track number.
    #[serde(default)]
    pub(super) track: u32,
    #[serde(default)]
    minutes: Option<i64>,
    #[serde(default)]
    from_ms: Option<i64>,
    #[serde(default)]
    to_ms: Option<i64>,
    #[serde(default)]
    step_ms: Option<i64>,
    /// `next_ms` of the page before.
    #[serde(default)]
    after_ms: Option<i64>,
    /// `west,south,east,north` in degrees; west > east crosses 180°.
    #[serde(default)]
    bbox: Option<String>,
}

impl Window {
    /// A track's way: from `from_ms`, or `minutes` ago, to `to_ms` or now.
    pub(super) fn of_track(&self, now: Timestamp) -> Result<Past, Refusal> {
        let to = self.to_ms.unwrap_or(now.0);
        let minutes = self.minutes.unwrap_or(TRAIL_MINUTES).clamp(1, 24 * 60);
        let from = self.from_ms.unwrap_or(to.saturating_sub(minutes * MINUTE_MS));
        self.past((from, to), TRAIL_STEPS, 1)
    }

    /// The picture's past: `from_ms` to `to_ms` or now.
    pub(super) fn of_picture(&self, now: Timestamp) -> Result<(Option<Area>, Past), Refusal> {
        let to = self.to_ms.unwrap_or(now.0);
        let Some(from) = self.from_ms else {
            return Err(Refusal::Shape("from_ms is missing: milliseconds since 1970".into()));
        };
        let area = self.bbox.as_deref().map(area).transpose()?;
        Ok((area, self.past((from, to), PLAYBACK_STEPS, 1_000)?))
    }

    fn past(&self, (from, to): (i64, i64), steps: i64, step_min: i64) -> Result<Past, Refusal> {
        let span = to.checked_sub(from).filter(|span| (0..=WINDOW_MS_MAX).contains(span));
        let Some(span) = span else {
            let detail = "from_ms must lie before to_ms, by at most 31 days";
            return Err(Refusal::Shape(detail.into()));
        };
        // A step of whole seconds by default, so that points lie where a reader expects them.
        let usual = ((span / steps + 999) / 1_000).max(1) * 1_000;
        let step_ms = self.step_ms.unwrap_or(if span / steps < 1_000 { step_min } else { usual });
        if !(step_min..=WINDOW_MS_MAX).contains(&step_ms) {
            return Err(Refusal::Shape(format!("step_ms must be {step_min} to {WINDOW_MS_MAX}")));
        }
        let after = self.after_ms.map(Timestamp);
        Ok(Past { from: Timestamp(from), to: Timestamp(to), step_ms, after })
    }
}

fn area(text: &str) -> Result<Area, Refusal> {
    let refused = || Refusal::Shape("bbox must be west,south,east,north in degrees".into());
    let numbers: Vec<f64> = text
        .split(',')
        .map(|part| part.trim().parse::<f64>().map_err(|_| refused()))
        .collect::<Result<_, _>>()?;
    let &[west, south, east, north] = numbers.as_slice() else { return Err(refused()) };
    let is_longitude = |degrees: f64| (-180.0..=180.0).contains(&degrees);
    let valid = is_longitude(west) && is_longitude(east) && -90.0 <= south && north <= 90.0;
    if !valid || south > north {
        return Err(refused());
    }
    #[expect(clippy::cast_possible_truncation, reason = "within 180 degrees")]
    let micro = |degrees: f64| (degrees * 1e6).round() as i32;
    Ok(Area { south: micro(south), west: micro(west), north: micro(north), east: micro(east) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn window(from: i64, to: i64) -> Window {
        Window { from_ms: Some(NOW.0 + from), to_ms: Some(NOW.0 + to), ..Window::default() }
    }

    #[test]
    fn a_trail_is_the_last_half_hour_unless_a_window_is_named() {
        let past = Window::default().of_track(NOW).unwrap();
        assert_eq!((NOW.since_ms(past.from), past.to, past.step_ms), (1_800_000, NOW, 1));
        let past = window(-86_400_000, 0).of_track(NOW).unwrap();
        assert_eq!((NOW.since_ms(past.from), past.step_ms), (86_400_000, 44_000));
    }

    #[test]
    fn a_window_that_is_none_or_too_long_is_refused() {
        assert!(window(0, -1).of_track(NOW).is_err());
        assert!(window(-WINDOW_MS_MAX - 1, 0).of_picture(NOW).is_err());
        assert!(Window { from_ms: Some(i64::MIN), ..Window::default() }.of_picture(NOW).is_err());
        assert!(Window::default().of_picture(NOW).is_err(), "a playback names its beginning");
        assert!(Window { step_ms: Some(0), ..window(-1, 0) }.of_track(NOW).is_err());
        let (_, past) = window(-3_600_000, 0).of_picture(NOW).unwrap();
        assert_eq!(past.step_ms, 10_000);
    }

    #[test]
    fn an_area_is_four_numbers_in_their_ranges() {
        let across =
            Area { south: 20_000_000, west: 170_000_000, north: 30_500_000, east: -170_000_000 };
        assert_eq!(area("170,20,-170,30.5").unwrap(), across);
        for wrong in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "a,b,c,d",
            "0,10,1,5",
            "0,-91,1,5",
            "nan,0,1,1",
            "-181,0,1,1",
        ] {
            assert!(area(wrong).is_err(), "{wrong}");
        }
    }
}
