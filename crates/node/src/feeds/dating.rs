//! Event times of one connection, put right where the sender's clock is wrong.
//!
//! A recording that is played again, or a receiver whose clock is days off, dates its reports by a
//! clock of its own. The newest of its times is then taken as the moment it arrived, and the others
//! keep their distance to it.
//!
//! Refuses: correcting small differences: a network's delay is not a wrong clock.

use renkei_model::time::Timestamp;

/// A clock is wrong when it differs by more than this.
const WRONG_MS: i64 = 60_000;
/// A report is dated back by at most this.
const BACK_MS_MAX: i64 = 600_000;

/// The clock of one connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Dating {
    newest: Option<Timestamp>,
    is_noted: bool,
}

/// An event time on this node's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    /// When it was true.
    pub(super) at: Timestamp,
    /// By how much the sender's clock is off (positive: slow), the first time that is seen.
    pub(super) news: Option<i64>,
}

impl Dating {
    /// Dates a report of `event` that arrived at `received`.
    pub(super) fn date(&mut self, event: Timestamp, received: Timestamp) -> Dated {
        let newest = self.newest.map_or(event, |newest| newest.max(event));
        self.newest = Some(newest);
        let off_ms = received.since_ms(newest);
        if off_ms.saturating_abs() <= WRONG_MS {
            return Dated { at: event, news: None };
        }
        let back_ms = newest.since_ms(event).clamp(0, BACK_MS_MAX);
        let news = (!self.is_noted).then_some(off_ms);
        self.is_noted = true;
        Dated { at: received.plus_ms(-back_ms), news }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(times: &[(i64, i64)], expected: &[i64]) {
        let mut dating = Dating::default();
        let dated: Vec<i64> = times
            .iter()
            .map(|(event, received)| dating.date(Timestamp(*event), Timestamp(*received)).at.0)
            .collect();
        assert_eq!(dated, expected);
    }

    #[test]
    fn a_right_clock_is_believed() {
        check(&[(1_000, 3_000), (500, 3_100), (40_000, 3_200)], &[1_000, 500, 40_000]);
    }

    #[test]
    fn a_recording_is_dated_by_its_arrival_and_keeps_its_distances() {
        let day = 86_400_000;
        check(
            &[(0, day), (2_000, day + 1_000), (1_500, day + 1_100), (3_000, day + 2_000)],
            &[day, day + 1_000, day + 600, day + 2_000],
        );
    }

    #[test]
    fn a_clock_ahead_is_dated_by_arrival_too() {
        check(&[(500_000, 0), (500_100, 50)], &[0, 50]);
    }
}
