//! The two parts of a class B ship's static data (type 24), which come within a minute: part B is
//! given the name of its part A. Nothing waits: each part is reported when it comes.
//!
//! Refuses: a name older than two minutes, and more than 1,024 ships at once.

use std::collections::BTreeMap;

use renkei_model::time::Timestamp;

use super::Text;
use super::message::Message;

/// The names that parts A said last.
#[derive(Debug, Default)]
pub(super) struct Statics {
    names: BTreeMap<u32, (Timestamp, Text<20>)>,
}

impl Statics {
    /// The parts follow within a minute (M.1371-5 annex 8, 3.24); relays add some.
    pub(super) const WAIT_MS: i64 = 120_000;
    /// A crowded coast has some hundreds of class B ships in two minutes.
    pub(super) const HELD_MAX: usize = 1_024;

    /// Remembers a part A, and gives a part B its name, as of `at`.
    #[inline]
    pub(super) fn join(&mut self, message: &Message, at: Timestamp) -> Option<Text<20>> {
        match message {
            Message::StaticA(part) => {
                self.names.insert(part.mmsi, (at, part.name));
                self.bound(at);
                None
            }
            Message::StaticB(part) => {
                let (said, name) = self.names.get(&part.mmsi)?;
                is_near(at, *said).then_some(*name)
            }
            _ => None,
        }
    }

    /// Forgets what is old once there is too much, then the oldest.
    fn bound(&mut self, at: Timestamp) {
        if self.names.len() <= Self::HELD_MAX {
            return;
        }
        self.names.retain(|_, (said, _)| is_near(at, *said));
        if self.names.len() > Self::HELD_MAX {
            let oldest = self.names.iter().min_by_key(|(_, (said, _))| *said);
            let oldest = oldest.map(|(mmsi, _)| *mmsi);
            oldest.and_then(|mmsi| self.names.remove(&mmsi));
        }
    }
}

/// Also when the clock was set back.
fn is_near(at: Timestamp, said: Timestamp) -> bool {
    at.since_ms(said).saturating_abs() <= Statics::WAIT_MS
}

#[cfg(test)]
mod tests {
    use super::super::layout::StaticA;
    use super::*;

    #[test]
    fn ships_in_waiting_are_bounded_and_the_oldest_goes_first() {
        let mut statics = Statics::default();
        let part = |mmsi| {
            let name = Text::new("KAMOME");
            Message::StaticA(StaticA { kind: 24, repeat: 0, mmsi, part: 0, name })
        };
        for mmsi in 0..5_000 {
            statics.join(&part(mmsi), Timestamp(i64::from(mmsi)));
        }
        assert_eq!(statics.names.len(), Statics::HELD_MAX);
        assert!(statics.names.keys().eq(&(3_976..5_000).collect::<Vec<_>>()));
        statics.join(&part(1), Timestamp(1_000_000));
        assert_eq!(statics.names.len(), 1, "what is old goes at once");
    }
}
