//! What the engine publishes to the screens: whole frames, newest only, already filtered by who may
//! see them. A slow screen skips frames; it never makes a queue.

use std::collections::BTreeMap;
use std::sync::Arc;

use renkei_model::id::Nation;
use renkei_model::time::Timestamp;
use tokio::sync::watch;

/// One track as a screen needs it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Track number; the screen's handle.
    pub(crate) number: u32,
    /// The `Track` object of the screen's contract, as JSON text.
    pub(crate) meta: Arc<str>,
    /// Raised whenever `meta` changes.
    pub(crate) meta_version: u64,
    /// Where and how it moves; `None` until a position was reported.
    pub(crate) kinematics: Option<Kinematics>,
}

/// The columns of the binary message, one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kinematics {
    /// Latitude in 1e-6 degree.
    pub(crate) latitude_udeg: i32,
    /// Longitude in 1e-6 degree.
    pub(crate) longitude_udeg: i32,
    /// Course in 0.01 degree; 65535 = none.
    pub(crate) course_cdeg: u16,
    /// Speed in 0.1 knot; 65535 = none.
    pub(crate) speed_dkn: u16,
    /// Event time in 0.1 s since the engine's start.
    pub(crate) time_ds: u32,
    /// Bits as in [`flags`].
    pub(crate) flags: u16,
}

/// Bits of [`Kinematics::flags`]; bits 6–8 hold the affiliation, 9–11 the domain.
pub(crate) mod flags {
    /// No report for longer than its interval.
    pub(crate) const STALE: u16 = 1;
    /// Lost.
    pub(crate) const LOST: u16 = 1 << 1;
    /// A source of this nation contributes.
    pub(crate) const OWN: u16 = 1 << 2;
    /// A partner contributes.
    pub(crate) const PARTNER: u16 = 1 << 3;
    /// Not released to the partner: an exception to the usual.
    pub(crate) const WITHHELD: u16 = 1 << 4;
    /// A distress or emergency state.
    pub(crate) const EMERGENCY: u16 = 1 << 5;
    /// Where the affiliation's three bits begin.
    pub(crate) const AFFILIATION_SHIFT: u16 = 6;
    /// Where the domain's three bits begin.
    pub(crate) const DOMAIN_SHIFT: u16 = 9;
}

/// The whole picture at one moment, rows ascending by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    /// Raised by one a frame.
    pub(crate) seq: u32,
    /// When it was taken.
    pub(crate) at: Timestamp,
    /// The rows.
    pub(crate) rows: Arc<[Row]>,
}

/// One value for this nation's people and one for each partner's people on this floor.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByViewer<T> {
    /// For this nation.
    pub(crate) own: T,
    /// For liaisons, by nation: only what was released to it.
    pub(crate) released: BTreeMap<Nation, T>,
}

impl<T: Default + Clone> ByViewer<T> {
    /// What `viewer` may see on the floor of `floor`; nothing for a stranger.
    pub(crate) fn view(&self, viewer: Nation, floor: Nation) -> T {
        if viewer == floor {
            self.own.clone()
        } else {
            self.released.get(&viewer).cloned().unwrap_or_default()
        }
    }
}

/// The engine's side.
pub(crate) struct Publisher {
    /// The picture, once a second.
    pub(crate) frames: watch::Sender<ByViewer<Frame>>,
    /// The `affairs` message, on change.
    pub(crate) affairs: watch::Sender<ByViewer<Arc<str>>>,
    /// The `status` message, once a second.
    pub(crate) status: watch::Sender<ByViewer<Arc<str>>>,
    /// The body of `GET /api/health`.
    pub(crate) health: watch::Sender<Arc<str>>,
}

/// The screens' side.
#[derive(Clone)]
pub(crate) struct Published {
    /// The picture, once a second.
    pub(crate) frames: watch::Receiver<ByViewer<Frame>>,
    /// The `affairs` message, on change.
    pub(crate) affairs: watch::Receiver<ByViewer<Arc<str>>>,
    /// The `status` message, once a second.
    pub(crate) status: watch::Receiver<ByViewer<Arc<str>>>,
    /// The body of `GET /api/health`.
    pub(crate) health: watch::Receiver<Arc<str>>,
}

/// Both sides of the publication.
pub(crate) fn channel() -> (Publisher, Published) {
    let starting: Arc<str> = r#"{"status":"starting"}"#.into();
    let (frames, frames_rx) = watch::channel(ByViewer::default());
    let (affairs, affairs_rx) = watch::channel(ByViewer::default());
    let (status, status_rx) = watch::channel(ByViewer::default());
    let (health, health_rx) = watch::channel(starting);
    (
        Publisher { frames, affairs, status, health },
        Published { frames: frames_rx, affairs: affairs_rx, status: status_rx, health: health_rx },
    )
}
