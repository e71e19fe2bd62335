//! Plots gathered into sweeps: what one look round saw goes to the engine together, so that each plot
//! goes to the likeliest of all tracks and not to the first that fits.
//!
//! Refuses: to wait. A sweep ends where the sensor says so (the antenna points north, the next scan
//! begins), after half a turn of the antenna, and in any case after two seconds or so many plots.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use renkei_fusion::Sensor;
use renkei_model::plot::Plot;
use renkei_model::time::Timestamp;

use super::Feed;
use crate::clock;

/// Plots that are held at most: a busy radar's turn many times over.
const HELD_MAX: usize = 4_096;
/// The longest time for which a plot is held, ms.
const WAIT_MS_MAX: i64 = 2_000;
/// How often it is looked whether a sweep waits for plots that do not come.
const LOOK: Duration = Duration::from_millis(200);

/// The plots of a sweep that is not over.
#[derive(Debug, Default)]
struct Held {
    plots: Vec<Plot>,
    /// Event time of the first.
    first: Timestamp,
    /// When the first came.
    since: Timestamp,
}

/// One feed's sweeps, over all its connections.
#[derive(Debug)]
pub(super) struct Sweeps {
    sensor: Sensor,
    held: Mutex<Held>,
}

impl Sweeps {
    pub(super) fn new(sensor: Sensor) -> Self {
        Self { sensor, held: Mutex::default() }
    }

    pub(super) fn sensor(&self) -> Sensor {
        self.sensor
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes plots that came at `now`; `marks` are the places among them before which a sweep is over.
    /// Gives the sweeps that they end.
    pub(super) fn add(&self, plots: Vec<Plot>, marks: &[usize], now: Timestamp) -> Vec<Vec<Plot>> {
        let mut held = self.held();
        let mut ended = Vec::new();
        let mut marks = marks.iter().copied().peekable();
        let length = plots.len();
        for (place, plot) in plots.into_iter().enumerate() {
            let mut is_over = held.is_full(&plot, &self.sensor);
            while marks.next_if(|mark| *mark <= place).is_some() {
                is_over = true;
            }
            if is_over {
                ended.extend(held.take());
            }
            held.push(plot, now);
        }
        if marks.any(|mark| mark >= length) {
            ended.extend(held.take());
        }
        ended
    }

    /// The sweep that has waited long enough.
    pub(super) fn due(&self, now: Timestamp) -> Option<Vec<Plot>> {
        let mut held = self.held();
        let wait_ms = (self.sensor.period_ms / 2).min(WAIT_MS_MAX);
        let is_due = !(0..wait_ms).contains(&now.since_ms(held.since));
        if is_due { held.take() } else { None }
    }
}

impl Held {
    /// Whether `plot` belongs to another look than those held, or there is no more room.
    fn is_full(&self, plot: &Plot, sensor: &Sensor) -> bool {
        let apart_ms = plot.event_time.since_ms(self.first).abs();
        self.plots.len() >= HELD_MAX || apart_ms >= sensor.period_ms / 2
    }

    fn push(&mut self, plot: Plot, now: Timestamp) {
        if self.plots.is_empty() {
            (self.first, self.since) = (plot.event_time, now);
        }
        self.plots.push(plot);
    }

    fn take(&mut self) -> Option<Vec<Plot>> {
        (!self.plots.is_empty()).then(|| std::mem::take(&mut self.plots))
    }
}

/// Hands on the sweeps that wait for plots that do not come, until the engine ends.
pub(super) async fn watch(feed: Arc<Feed>) {
    let mut ticker = tokio::time::interval(LOOK);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    while !feed.engine.is_closed() {
        ticker.tick().await;
        if let Some(plots) = feed.sweeps.due(clock::now()) {
            feed.swept(vec![plots]).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use renkei_model::id::{Nation, SourceId};
    use renkei_model::label::{Classification, Label};
    use renkei_model::observation::{Domain, Source};
    use renkei_model::plot::Covariance;
    use renkei_model::position::Position;

    use super::*;

    fn sweeps() -> Sweeps {
        Sweeps::new(Sensor {
            domain: Domain::Air,
            period_ms: 4_000,
            detection_probability: 0.9,
            clutter_per_km2: 0.001,
        })
    }

    fn plot(at_ms: i64) -> Plot {
        Plot {
            source: Source::Own(SourceId("radar".into())),
            event_time: Timestamp(at_ms),
            received_at: Timestamp(at_ms),
            position: Position::new(25.0, 125.0).unwrap(),
            covariance: Covariance::circular(50.0).unwrap(),
            altitude_m: None,
            radial_speed_mps: None,
            mode_a: None,
            icao: None,
            content: 0,
            label: Label {
                policy: "JPN-EXERCISE".into(),
                classification: Classification::Unclassified,
                releasable_to: Default::default(),
                restrictive: Default::default(),
                informative: Default::default(),
                originator: Nation::JPN,
                created: Timestamp(0),
                review: None,
            },
        }
    }

    fn times(sweeps: &[Vec<Plot>]) -> Vec<Vec<i64>> {
        let time = |plot: &Plot| plot.event_time.0;
        sweeps.iter().map(|sweep| sweep.iter().map(time).collect()).collect()
    }

    #[test]
    fn a_sweep_is_half_a_turn() {
        let sweeps = sweeps();
        let plots = [0, 500, 1_999, 2_000, 3_999, 4_001].map(plot).to_vec();
        let ended = sweeps.add(plots, &[], Timestamp(4_001));
        assert_eq!(times(&ended), [vec![0, 500, 1_999], vec![2_000, 3_999]]);
    }

    #[test]
    fn a_sweep_ends_where_the_sensor_says() {
        let sweeps = sweeps();
        let ended = sweeps.add([0, 100, 200].map(plot).to_vec(), &[2], Timestamp(200));
        assert_eq!(times(&ended), [vec![0, 100]]);
        assert_eq!(times(&sweeps.add(Vec::new(), &[0], Timestamp(300))), [vec![200]]);
        assert_eq!(times(&sweeps.add(Vec::new(), &[0], Timestamp(400))), Vec::<Vec<i64>>::new());
    }

    #[test]
    fn a_sweep_that_nothing_ends_does_not_wait() {
        let sweeps = sweeps();
        sweeps.add(vec![plot(0)], &[], Timestamp(1_000));
        assert_eq!(sweeps.due(Timestamp(2_999)), None);
        assert_eq!(sweeps.due(Timestamp(3_000)).map(|s| s.len()), Some(1));
        assert_eq!(sweeps.due(Timestamp(9_000)), None, "it went");
        sweeps.add(vec![plot(0)], &[], Timestamp(1_000));
        assert_eq!(sweeps.due(Timestamp(500)).map(|s| s.len()), Some(1), "the clock was set back");
    }

    #[test]
    fn a_flood_is_handed_on_in_parts() {
        let ended = sweeps().add(vec![plot(0); 10_000], &[], Timestamp(0));
        assert_eq!(times(&ended).iter().map(Vec::len).collect::<Vec<_>>(), [4_096, 4_096]);
    }
}
