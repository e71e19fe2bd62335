//! Identity first, with plausibility: which track a self-named report belongs to, and which fixes
//! are held because one thing cannot have moved like that.

use std::collections::VecDeque;

use renkei_model::observation::{CONTENT_RELEASED, Domain, Identity, Observation, Source};
use renkei_model::time::Timestamp;
use renkei_model::track::TrackNumber;

use crate::alert::Jump;
use crate::config::DomainConfig;
use crate::kalman::Fix;

/// So many consistent held fixes make a second track.
pub(crate) const HELD_TO_SPLIT: usize = 3;
/// Held places watched at a time under one identity; many small craft share a default MMSI.
const CHAINS_MAX: usize = 4;
/// Transmissions remembered under one identity for repeats; 30 s of the fastest reporter.
const RECENT_MAX: usize = 32;
/// Receivers' clocks and network delays differ by less than this, ms.
const REPEAT_WINDOW_MS: i64 = 30_000;
/// How many standard deviations of the fixes an implied speed is excused.
const EXCUSED_SD: f64 = 3.0;

/// Identity within a domain class. A ship and an aid to navigation that share an MMSI are two
/// things; a CoT unit that changes its type, or an aircraft that lands, is still one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    identity: Identity,
    class: Option<Domain>,
}

impl Key {
    pub(crate) fn of(identity: &Identity, domain: Domain) -> Self {
        let class = matches!(identity, Identity::Mmsi(_)).then_some(domain);
        Self { identity: identity.clone(), class }
    }

    /// Every key that `identity` can have.
    pub(crate) fn all(identity: &Identity) -> impl Iterator<Item = Self> {
        const CLASSES: [Option<Domain>; 6] = [
            None,
            Some(Domain::Surface),
            Some(Domain::Air),
            Some(Domain::Land),
            Some(Domain::Installation),
            Some(Domain::Other),
        ];
        CLASSES.into_iter().map(|class| Self { identity: identity.clone(), class })
    }
}

/// A transmission that was taken in.
#[derive(Clone, Debug)]
struct Heard {
    content: u64,
    at: Timestamp,
    source: Source,
    track: Option<TrackNumber>,
}

/// Whether both are one transmission. A partner releases only the last bits of its hash.
fn same_content(heard: &Heard, o: &Observation) -> bool {
    let is_partners = |source: &Source| matches!(source, Source::Partner { .. });
    let told = if is_partners(&heard.source) || is_partners(&o.source) {
        CONTENT_RELEASED
    } else {
        u64::MAX
    };
    heard.content & told == o.content & told
}

/// What is kept under one key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claim {
    /// Its tracks; more than one when the identity stands in several places.
    pub(crate) tracks: Vec<TrackNumber>,
    chains: Vec<Vec<Observation>>,
    recent: VecDeque<Heard>,
}

impl Claim {
    /// When another source already brought this transmission: the track that took it, or
    /// `Some(None)` when it was held.
    pub(crate) fn repeated(&self, o: &Observation) -> Option<Option<TrackNumber>> {
        if o.content == 0 {
            return None;
        }
        let same = |h: &&Heard| {
            let apart_ms = h.at.since_ms(o.event_time).abs();
            same_content(h, o)
                && if h.source == o.source { apart_ms == 0 } else { apart_ms <= REPEAT_WINDOW_MS }
        };
        self.recent.iter().rev().find(same).map(|h| h.track)
    }

    /// Remembers that `o` was taken in by `track`, or held.
    pub(crate) fn remember(&mut self, o: &Observation, track: Option<TrackNumber>) {
        if o.content == 0 {
            return;
        }
        if self.recent.len() >= RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back(Heard {
            content: o.content,
            at: o.event_time,
            source: o.source.clone(),
            track,
        });
    }

    /// Keeps `o` (at `fix`) aside. Gives the whole chain back once it is long enough, and the
    /// number of older fixes that had to make room and are now outliers.
    pub(crate) fn hold(
        &mut self,
        o: &Observation,
        fix: &Fix,
        config: &DomainConfig,
    ) -> (Option<Vec<Observation>>, u64) {
        let joins = |chain: &Vec<Observation>| {
            chain
                .last()
                .and_then(|last| fix_of(last, config))
                .is_some_and(|last| jump(&last, fix, config).is_none())
        };
        if let Some(at) = self.chains.iter().position(joins) {
            self.chains[at].push(o.clone());
            let full = self.chains[at].len() >= HELD_TO_SPLIT;
            return (full.then(|| self.chains.swap_remove(at)), 0);
        }
        let outliers =
            if self.chains.len() >= CHAINS_MAX { self.chains.remove(0).len() as u64 } else { 0 };
        self.chains.push(vec![o.clone()]);
        (None, outliers)
    }

    /// Whether any fix is kept aside.
    pub(crate) fn is_holding(&self) -> bool {
        !self.chains.is_empty()
    }

    /// Lets go of held fixes that nothing joined for `expiry_ms`; their number.
    pub(crate) fn expire(&mut self, now: Timestamp, expiry_ms: i64) -> u64 {
        let mut outliers = 0;
        self.chains.retain(|chain| {
            let fresh = chain.last().is_some_and(|o| now.since_ms(o.received_at) <= expiry_ms);
            outliers += if fresh { 0 } else { chain.len() as u64 };
            fresh
        });
        outliers
    }
}

/// The event time that fusion uses: a clock that runs ahead of ours must not freeze a track.
pub(crate) fn event_time(o: &Observation) -> Timestamp {
    o.event_time.min(o.received_at)
}

/// The fix in an observation, with the reported accuracy where it makes sense.
pub(crate) fn fix_of(o: &Observation, config: &DomainConfig) -> Option<Fix> {
    let reported = o.accuracy_m.filter(|sd| sd.is_finite() && *sd > 0.0);
    let sd_m = reported.unwrap_or(config.accuracy_m).clamp(1.0, 1e6);
    o.position.map(|position| Fix { at: event_time(o), position, sd_m })
}

/// The impossible step between two fixes, or `None` when one thing can have made it.
pub(crate) fn jump(from: &Fix, to: &Fix, config: &DomainConfig) -> Option<Jump> {
    let distance_m = from.position.distance_m(to.position);
    let excused_m = EXCUSED_SD * from.sd_m.hypot(to.sd_m);
    if distance_m <= config.jump_min_m.max(excused_m) {
        return None;
    }
    let seconds = to.at.since_ms(from.at).abs() as f64 / 1000.0;
    let impossible = distance_m - excused_m > config.speed_max_mps * seconds;
    impossible.then_some(Jump {
        from: from.position,
        from_at: from.at,
        to: to.position,
        to_at: to.at,
    })
}
