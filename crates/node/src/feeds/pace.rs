//! When each message of a recording is due: with the recording's own timing, or at a steady rate.
//!
//! Refuses: waiting out a clock that was set while it was recorded.

use std::time::{Duration, Instant};

use renkei_model::time::Timestamp;

/// A recorded clock that jumps further was set, and is followed without waiting.
const JUMP_MS: i64 = 3_600_000;

/// When the next message goes out.
pub(crate) struct Pace {
    speed: f64,
    rate: f64,
    begun: Instant,
    origin: Option<(Timestamp, Instant)>,
    newest: Timestamp,
    untimed: f64,
}

impl Pace {
    /// `speed` times the recorded one, 0 = without pauses; `rate` messages a second where the recording
    /// has no times.
    pub(crate) fn new(speed: f64, rate: f64) -> Self {
        let newest = Timestamp::default();
        Self { speed, rate, begun: Instant::now(), origin: None, newest, untimed: 0.0 }
    }

    /// The moment at which a message recorded at `at` is due; `None` = at once.
    pub(crate) fn due(&mut self, at: Option<Timestamp>, now: Instant) -> Option<Instant> {
        if self.speed == 0.0 {
            return None;
        }
        let Some(at) = at else {
            // Once a time was seen, a line without one belongs to the line before it.
            self.untimed += 1.0;
            let after_s = self.untimed / (self.rate * self.speed);
            return self.origin.is_none().then(|| self.begun + seconds(after_s));
        };
        let is_set = self.origin.is_none() || at.since_ms(self.newest).abs() > JUMP_MS;
        if is_set {
            self.origin = Some((at, now));
        }
        self.newest = if is_set { at } else { self.newest.max(at) };
        let (origin, begun) = self.origin?;
        let elapsed_ms = at.since_ms(origin).max(0) as f64;
        Some(begun + seconds(elapsed_ms / 1000.0 / self.speed))
    }
}

/// A duration from seconds; absurd ones become a day.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.min(86_400.0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_that_of_the_recording_or_steady() {
        let mut pace = Pace::new(2.0, 100.0);
        let now = pace.begun;
        let after_ms = |due: Option<Instant>| due.map(|due| (due - now).as_millis());
        assert_eq!(after_ms(pace.due(None, now)), Some(5), "no time yet: the steady rate");
        assert_eq!(after_ms(pace.due(Some(Timestamp(1_000)), now)), Some(0));
        assert_eq!(after_ms(pace.due(None, now)), None, "belongs to the line before it");
        assert_eq!(after_ms(pace.due(Some(Timestamp(5_000)), now)), Some(2_000));
        assert_eq!(after_ms(pace.due(Some(Timestamp(4_000)), now)), Some(1_500));
        assert_eq!(after_ms(pace.due(Some(Timestamp(90_000_000)), now)), Some(0), "was set");
        assert_eq!(Pace::new(0.0, 1.0).due(Some(Timestamp(5)), now), None);
    }
}
