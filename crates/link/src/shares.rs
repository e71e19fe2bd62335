//! Who sends next among classes 2, 3 and 4 once classes 0 and 1 have nothing: deficit round robin.

use crate::frame::BODY_BYTES_MAX;

/// A class that shares what the urgent ones leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Incidents,
    Observations,
    Documents,
}

const LANES: [Lane; 3] = [Lane::Incidents, Lane::Observations, Lane::Documents];

/// Bytes a round: 60, 30 and 10 %. The smallest share is the floor that no class falls below.
const QUANTA: [i64; 3] = [3072, 1536, 512];

/// Deficits in bytes. A lane may overdraw by one frame and pays it back in later rounds.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    turn: usize,
    deficits: [i64; 3],
}

impl Shares {
    /// The lane that may send one frame; `None` when no lane has anything (`waiting` says which).
    pub(crate) fn next(&mut self, waiting: impl Fn(Lane) -> bool) -> Option<Lane> {
        if !LANES.into_iter().any(&waiting) {
            return None;
        }
        // Every visit adds to a lane that waits, and no lane owes more than one frame: it ends.
        for _ in 0..LANES.len() * (2 + BODY_BYTES_MAX / 512) {
            let lane = *LANES.get(self.turn)?;
            let deficit = self.deficits.get_mut(self.turn)?;
            if !waiting(lane) {
                *deficit = 0;
            } else if *deficit > 0 {
                return Some(lane);
            }
            self.turn = (self.turn + 1) % LANES.len();
            if let (Some(deficit), Some(quantum)) =
                (self.deficits.get_mut(self.turn), QUANTA.get(self.turn))
            {
                *deficit += quantum;
            }
        }
        None
    }

    /// `lane` has sent a frame of `bytes`.
    pub(crate) fn charge(&mut self, lane: Lane, bytes: usize) {
        if let Some(deficit) = self.deficits.get_mut(lane as usize) {
            *deficit -= bytes as i64;
        }
    }
}
