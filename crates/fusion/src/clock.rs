//! A source's clock against ours: how wrong it is, how surely, and when it was set.
//!
//! Two kinds of evidence, both with delays that only ever add. *Arrival*: a report that reaches a
//! live feed was stamped before, by `offset + delay`. *Told*: UTC that came on the air (a GPS fix,
//! a base station's report) was stamped after, by `offset − delay`. The offset is therefore the
//! lower envelope of what is measured: the lower quartile over the last minute with readings, which
//! bursts of late reports cannot pull up as they pull a mean, and one report from the future cannot
//! pull down as it pulls a minimum.
//!
//! Refuses: believing a jump before it has lasted; taking a slow network for a slow clock; taking
//! the time at which a recording is played for evidence about the clock that stamped it.

use std::collections::VecDeque;

use renkei_model::time::Timestamp;

/// Readings are kept one a second (the earliest of it), and so many of them.
const SECONDS_KEPT: usize = 64;
/// A reading further than this from the rest is a late report, a wrong one, or a clock that was set.
const APART_MS: i64 = 10_000;
/// A clock was set when so many seconds in a row agree on it.
const SECONDS_TO_JUMP: usize = 5;
/// So many seconds of readings of told UTC outweigh the arrivals.
const TOLD_MIN: usize = 3;
/// By arrival alone a clock is slow beyond this only: a network's delay is not a wrong clock.
const SLOW_MS: i64 = 60_000;
/// With UTC told, and for a clock that runs ahead (nothing arrives before it was sent), this much is
/// wrong.
const WRONG_MS: i64 = 10_000;
/// A live report is underway for no longer than this; UTC that implies more is not believed.
const DELAY_MS_MAX: i64 = 3_600_000;
/// A recording goes back by at most this before it is taken to begin anew.
const BACK_MS_MAX: i64 = 600_000;
/// The least uncertainty: most stamps are whole seconds.
const STAMP_MS: i64 = 1_000;

/// What the offset of a clock rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockBasis {
    /// When its reports reached this node.
    Arrival,
    /// UTC that its own reports carried: GPS fixes, base stations.
    Told,
}

/// What is known of a source's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// To be added to its times, milliseconds; positive: it is slow.
    pub offset_ms: i64,
    /// How far the truth may lie from that beside the shortest delay on the way, milliseconds.
    pub uncertainty_ms: i64,
    /// What it rests on.
    pub basis: ClockBasis,
    /// Whether it is so wrong that its times are corrected.
    pub is_wrong: bool,
    /// When it was last seen to be set, by this node's clock (for a recording, by its own).
    pub set_at: Option<Timestamp>,
}

/// What changed about a source's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockNews {
    /// It is wrong; its reports are dated by the best estimate.
    Wrong(ClockReading),
    /// It was set from one wrong time to another, by so many milliseconds.
    Jumped(ClockReading, i64),
    /// It is right again.
    Right(ClockReading),
}

/// An event time by the best estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// When it was true; never after it was received.
    pub at: Timestamp,
    /// What changed with this report.
    pub news: Option<ClockNews>,
}

/// The clock of one source: one connection, one sender of datagrams, one file.
#[derive(Clone, Debug)]
pub struct SourceClock {
    is_live: bool,
    arrivals: Window,
    told: Window,
    is_wrong: bool,
    set_at: Option<Timestamp>,
}

impl SourceClock {
    /// A clock that is compared with the arrival of its reports.
    #[must_use]
    pub fn live() -> Self {
        Self::with(true, lower_quartile)
    }

    /// The clock that stamped a recording. Its reports are dated as if they were made while it is
    /// played; only UTC told inside the recording says anything of the clock.
    #[must_use]
    pub fn recorded() -> Self {
        Self::with(false, lower_quartile)
    }

    fn with(is_live: bool, centre: fn(&[i64]) -> i64) -> Self {
        let window = Window { centre, kept: VecDeque::new(), rival: VecDeque::new(), now: None };
        Self { is_live, arrivals: window.clone(), told: window, is_wrong: false, set_at: None }
    }

    /// Takes in UTC that a report carried beside the time it was stamped with.
    pub fn told(&mut self, stamped: Timestamp, utc: Timestamp) -> Option<ClockNews> {
        let step = self.told.take(utc, stamped.since_ms(utc));
        self.judge(step.map(|ms| -ms), utc)
    }

    /// Dates a report that was stamped with `stamped` and arrived at `received`.
    pub fn date(&mut self, stamped: Timestamp, received: Timestamp) -> Dated {
        let late_ms = received.since_ms(stamped);
        let step = self.arrivals.take(received, late_ms);
        let news = if self.is_live { self.judge(step, received) } else { None };
        let at = match self.correction() {
            None => stamped,
            // A recording that begins anew.
            Some(offset_ms) if !self.is_live && late_ms.saturating_sub(offset_ms) > BACK_MS_MAX => {
                received
            }
            // A report far later than the rest stays old: it may have waited behind a broken line.
            Some(offset_ms) => stamped.plus_ms(offset_ms),
        };
        Dated { at: at.min(received), news }
    }

    /// What is known of the clock; `None` before there is evidence.
    #[must_use]
    pub fn reading(&self) -> Option<ClockReading> {
        let arrivals = self.arrivals.now.filter(|_| self.is_live);
        let told = self.told.now.filter(|_| self.told.kept.len() >= TOLD_MIN);
        let told = told.map(|(low_ms, spread_ms)| (low_ms.saturating_neg(), spread_ms));
        let fits = |offset_ms: i64| {
            arrivals.is_none_or(|(late_ms, _)| {
                let delay_ms = late_ms.saturating_sub(offset_ms);
                (-APART_MS..=DELAY_MS_MAX).contains(&delay_ms)
            })
        };
        let told = told.filter(|(offset_ms, _)| fits(*offset_ms));
        let ((offset_ms, spread_ms), basis) = match told {
            Some(told) => (told, ClockBasis::Told),
            None => (arrivals?, ClockBasis::Arrival),
        };
        Some(ClockReading {
            offset_ms,
            uncertainty_ms: spread_ms.saturating_add(STAMP_MS),
            basis,
            is_wrong: self.is_wrong,
            set_at: self.set_at,
        })
    }

    /// What is to be added to a stamp; `None` = it is right, or nothing is known.
    fn correction(&self) -> Option<i64> {
        if !self.is_live {
            return self.arrivals.now.map(|(late_ms, _)| late_ms);
        }
        let reading = self.reading()?;
        // Before enough seconds are there to speak of it, a clock can only look wrong.
        is_wrong(&reading, self.is_wrong).then_some(reading.offset_ms)
    }

    fn judge(&mut self, step_ms: Option<i64>, now: Timestamp) -> Option<ClockNews> {
        let before = self.is_wrong;
        let reading = self.reading()?;
        let known = match reading.basis {
            ClockBasis::Told => true,
            ClockBasis::Arrival => self.arrivals.kept.len() >= SECONDS_TO_JUMP,
        };
        if !known {
            return None;
        }
        self.is_wrong = is_wrong(&reading, before);
        let step_ms = step_ms.filter(|_| before || self.is_wrong);
        if step_ms.is_some() {
            self.set_at = Some(now);
        }
        let reading = ClockReading { is_wrong: self.is_wrong, set_at: self.set_at, ..reading };
        match (before, self.is_wrong, step_ms) {
            (false, true, _) => Some(ClockNews::Wrong(reading)),
            (true, false, _) => Some(ClockNews::Right(reading)),
            (true, true, Some(step_ms)) => Some(ClockNews::Jumped(reading, step_ms)),
            _ => None,
        }
    }
}

/// Whether times are to be corrected; what was wrong is so until it is well within the limit.
fn is_wrong(reading: &ClockReading, before: bool) -> bool {
    let limit_ms = match reading.basis {
        ClockBasis::Arrival if reading.offset_ms > 0 => SLOW_MS,
        _ => WRONG_MS,
    };
    let limit_ms = if before { limit_ms / 2 } else { limit_ms };
    reading.offset_ms.saturating_abs() > limit_ms
}

/// The last minute of readings of one kind of evidence.
#[derive(Clone, Debug)]
struct Window {
    centre: fn(&[i64]) -> i64,
    /// The lowest reading of each second, oldest first.
    kept: VecDeque<(i64, i64)>,
    /// Seconds in a row that say something else.
    rival: VecDeque<(i64, i64)>,
    /// The envelope and the spread of what is kept.
    now: Option<(i64, i64)>,
}

impl Window {
    /// Takes in a reading at `at`. Gives the step when the readings have settled elsewhere.
    fn take(&mut self, at: Timestamp, reading_ms: i64) -> Option<i64> {
        let second = at.0.div_euclid(1_000);
        let Some((now_ms, _)) = self.now else {
            self.keep(second, reading_ms);
            return None;
        };
        let apart_ms = reading_ms.saturating_sub(now_ms);
        if apart_ms.saturating_abs() <= APART_MS {
            self.rival.clear();
            self.keep(second, reading_ms);
            return None;
        }
        // Nothing arrives before it was sent: a lower reading shows that the first ones were late.
        if apart_ms < 0 && self.kept.len() < SECONDS_TO_JUMP {
            self.kept.clear();
            self.keep(second, reading_ms);
            return None;
        }
        push(&mut self.rival, second, reading_ms, SECONDS_TO_JUMP);
        self.settle(now_ms)
    }

    fn keep(&mut self, second: i64, reading_ms: i64) {
        if push(&mut self.kept, second, reading_ms, SECONDS_KEPT) {
            self.now = self.measure();
        }
    }

    fn settle(&mut self, before_ms: i64) -> Option<i64> {
        let readings = || self.rival.iter().map(|(_, reading_ms)| *reading_ms);
        let (low, high) = (readings().min()?, readings().max()?);
        let agree = high.saturating_sub(low) <= APART_MS;
        if self.rival.len() < SECONDS_TO_JUMP || !(agree || high < before_ms) {
            return None;
        }
        self.kept = std::mem::take(&mut self.rival);
        self.now = self.measure();
        agree.then(|| self.now.map_or(0, |(now_ms, _)| now_ms.saturating_sub(before_ms)))
    }

    /// The centre of the readings, and how far it lies below their middle; milliseconds.
    fn measure(&self) -> Option<(i64, i64)> {
        let mut sorted: Vec<i64> = self.kept.iter().map(|(_, reading_ms)| *reading_ms).collect();
        sorted.sort_unstable();
        let middle = *sorted.get(sorted.len() / 2)?;
        let centre = (self.centre)(&sorted);
        Some((centre, middle.saturating_sub(centre).saturating_abs()))
    }
}

/// Keeps the lowest reading of each second; false when that changes nothing.
fn push(readings: &mut VecDeque<(i64, i64)>, second: i64, reading_ms: i64, max: usize) -> bool {
    match readings.back_mut() {
        Some((last, low_ms)) if *last == second => {
            reading_ms < std::mem::replace(low_ms, reading_ms.min(*low_ms))
        }
        _ => {
            if readings.len() >= max {
                readings.pop_front();
            }
            readings.push_back((second, reading_ms));
            true
        }
    }
}

/// The lower quartile of sorted readings; 0 of none.
fn lower_quartile(sorted: &[i64]) -> i64 {
    sorted.get(sorted.len().saturating_sub(1) / 4).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
