//! The one place where this node reads the wall clock; everything below is handed the time.
//!
//! In a simulation the node's own time may run faster than the world's. People, their links and their
//! sessions live in the world's time all the same.

use std::sync::OnceLock;

use renkei_model::time::Timestamp;

/// How this process's time runs, where it does not run as the world's. One process lives in one
/// partition, so there is one time to run; it is set before any task is started.
static COURSE: OnceLock<Course> = OnceLock::new();

#[derive(Clone, Copy, Debug)]
struct Course {
    /// By the world's clock.
    begun: Timestamp,
    /// What it was here then.
    from: Timestamp,
    speed: u32,
}

impl Course {
    fn at(&self, wall: Timestamp) -> Timestamp {
        self.from.plus_ms(wall.since_ms(self.begun).saturating_mul(i64::from(self.speed)))
    }
}

/// The node's time, in UTC milliseconds.
pub(crate) fn now() -> Timestamp {
    let wall = wall();
    COURSE.get().map_or(wall, |course| course.at(wall))
}

/// The world's time, for people's links and sessions.
pub(crate) fn wall() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}

/// Lets the node's time run `speed` times as fast as the world's from here on, not before `newest`,
/// the last moment in its ledger: time that ran ahead does not go back at a restart.
pub(crate) fn run(speed: u32, newest: Option<Timestamp>) {
    if speed != 1 {
        let begun = wall();
        let from = newest.map_or(begun, |newest| newest.max(begun));
        COURSE.get_or_init(|| Course { begun, from, speed });
    }
}

/// How many times as fast as the world's the node's time runs.
pub(crate) fn speed() -> u32 {
    COURSE.get().map_or(1, |course| course.speed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_runs_ahead_from_where_it_began() {
        let course = Course { begun: Timestamp(1_000), from: Timestamp(50_000), speed: 60 };
        assert_eq!(course.at(Timestamp(1_000)), Timestamp(50_000));
        assert_eq!(course.at(Timestamp(2_000)), Timestamp(110_000));
    }
}
