//! Tracks as screens need them: what is said of a track goes only when it changed, where it is goes
//! once a second.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use renkei_codec::cot::symbol;
use renkei_core::picture::view::{HeldBy, MotionView, TrackView};
use renkei_core::picture::{HistoryRow, Picture};
use renkei_model::id::Nation;
use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, TrackNumber};
use serde_json::Value;

use crate::published::{Kinematics, Row, flags};

const KNOTS_PER_MPS: f64 = 3_600.0 / 1_852.0;
/// "None" in the binary columns.
const NONE: u16 = u16::MAX;

/// What a screen was told of one track.
struct Said {
    /// Without what changes with every report.
    stable: TrackView,
    row: Row,
}

/// The rows of one kind of viewer. Only what changed is looked at again: of a picture of the world
/// nine tenths are as they were a second ago.
pub(crate) struct Rows {
    viewer: Nation,
    said: BTreeMap<TrackNumber, Said>,
    dirty: BTreeSet<TrackNumber>,
    /// What the past is to know tracks by, since it was last taken; `None` where no past is kept.
    told: Option<Vec<(u32, Option<Arc<str>>)>>,
}

impl Rows {
    /// Nothing said yet.
    pub(crate) fn new(viewer: Nation) -> Self {
        Self { viewer, said: BTreeMap::new(), dirty: BTreeSet::new(), told: None }
    }

    /// The track may look different now, or be gone.
    pub(crate) fn changed(&mut self, number: TrackNumber) {
        self.dirty.insert(number);
    }

    /// With a past: the history is a nation's own, another viewer's picture has none here.
    pub(super) fn with_past(self) -> Self {
        Self { told: Some(Vec::new()), ..self }
    }

    /// What the history is to keep of the tracks, since the last call.
    pub(super) fn take_told(&mut self) -> Vec<(u32, Option<Arc<str>>)> {
        self.told.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// How many tracks a screen is told of.
    pub(crate) fn len(&self) -> usize {
        self.said.len()
    }

    /// The rows as they are now.
    pub(crate) fn refresh(
        &mut self,
        picture: &Picture,
        base: Timestamp,
        now: Timestamp,
    ) -> Arc<[Row]> {
        for number in std::mem::take(&mut self.dirty) {
            let view = picture.view(number, self.viewer, now);
            let motion = picture.motion_of(number, self.viewer, now);
            let (Some(view), Some(motion)) = (view, motion) else {
                self.said.remove(&number);
                self.tell(number, None);
                continue;
            };
            if view.number != number {
                // Taken for one thing with another, under whose number it is shown now.
                self.said.remove(&number);
            }
            self.say(view, kinematics(&motion, base));
        }
        self.said.values().map(|said| said.row.clone()).collect()
    }

    fn say(&mut self, mut view: TrackView, kinematics: Option<Kinematics>) {
        let figures = Figures::take(&mut view);
        if let Some(said) = self.said.get_mut(&view.number)
            && said.stable == view
        {
            said.row.kinematics = kinematics;
            return;
        }
        let stable = view.clone();
        figures.put(&mut view);
        let json = track_json(&view);
        self.tell(view.number, Some(&json));
        let before = self.said.get(&view.number).map_or(0, |said| said.row.meta_version);
        let (meta, meta_version) = (json.to_string().into(), before + 1);
        let row = Row { number: view.number.0, meta, meta_version, kinematics };
        self.said.insert(view.number, Said { stable, row });
    }

    fn tell(&mut self, number: TrackNumber, json: Option<&Value>) {
        if let Some(told) = &mut self.told {
            told.push((number.0, json.map(|json| told_json(json).to_string().into())));
        }
    }
}

/// What changes with every report and is no reason to say a track anew.
struct Figures {
    sd_m: Option<f64>,
    sources: Vec<(Timestamp, u64)>,
}

impl Figures {
    /// Takes them out of `view`.
    fn take(view: &mut TrackView) -> Self {
        let sources = view.sources.iter_mut().map(|source| {
            let last = std::mem::replace(&mut source.last_ms, Timestamp(0));
            (last, std::mem::take(&mut source.reports))
        });
        Self { sources: sources.collect(), sd_m: view.sd_m.take() }
    }

    fn put(self, view: &mut TrackView) {
        view.sd_m = self.sd_m;
        for (source, (last_ms, reports)) in view.sources.iter_mut().zip(self.sources) {
            (source.last_ms, source.reports) = (last_ms, reports);
        }
    }
}

/// The `Track` object of the interface.
pub(super) fn track_json(view: &TrackView) -> Value {
    let mut value = serde_json::to_value(view).unwrap_or(Value::Null);
    value["handle"] = view.number.0.into();
    let (ship_type, cot_type) = (view.attributes.ship_type, view.attributes.cot_type.as_deref());
    value["sidc"] = symbol::sidc(view.domain, view.affiliation, ship_type, cot_type).into();
    value
}

/// What the past shows of a track beside its way: who it said it was and what it was held to be then.
/// What was released of it, and its sources, are of the moment and left out.
fn told_json(track: &Value) -> Value {
    let keys = ["name", "callsign", "affiliation", "by", "sidc", "identities", "attributes"];
    keys.iter().map(|key| ((*key).to_owned(), track[*key].clone())).collect()
}

fn kinematics(motion: &MotionView, base: Timestamp) -> Option<Kinematics> {
    let position = MicroPosition::from(motion.position?);
    let scaled = |value: Option<f64>, scale: f64, most: f64| {
        value.map_or(NONE, |v| (v * scale).round().clamp(0.0, most) as u16)
    };
    let bit = |on: bool, flag: u16| if on { flag } else { 0 };
    let bits = bit(motion.freshness == Freshness::Stale, flags::STALE)
        | bit(motion.freshness == Freshness::Lost, flags::LOST)
        | bit(motion.held_by != HeldBy::Partner, flags::OWN)
        | bit(motion.held_by != HeldBy::Own, flags::PARTNER)
        | bit(motion.not_released, flags::WITHHELD)
        | bit(motion.emergency, flags::EMERGENCY)
        | (motion.affiliation as u16) << flags::AFFILIATION_SHIFT
        | (motion.domain as u16) << flags::DOMAIN_SHIFT;
    Some(Kinematics {
        latitude_udeg: position.latitude_udeg,
        longitude_udeg: position.longitude_udeg,
        course_cdeg: scaled(motion.course_deg, 100.0, 35_999.0),
        speed_dkn: scaled(motion.speed_mps.map(|v| v * KNOTS_PER_MPS), 10.0, 65_534.0),
        time_ds: u32::try_from(motion.at.since_ms(base).max(0) / 100).unwrap_or(u32::MAX),
        flags: bits,
    })
}

/// Bits of a history row's marks.
const MARK_OWN: u16 = 1;
const MARK_PARTNER: u16 = 1 << 1;
/// Where the domain's three bits begin.
const MARK_DOMAIN_SHIFT: u16 = 2;

/// A history row as the store keeps it, of the source that it numbered so. Bit 0 of its marks: an
/// own feed; bit 1: the partner; bits 2–4: the domain.
pub(crate) fn history(row: &HistoryRow, source: u16) -> renkei_store::history::HistoryRow {
    let scaled =
        |value: Option<f64>, most: f64| value.map(|v| (v * 100.0).round().clamp(0.0, most) as u16);
    let own = matches!(row.source, renkei_model::observation::Source::Own(_));
    renkei_store::history::HistoryRow {
        track: row.track.0,
        at: row.at,
        position: row.position.into(),
        course_cdeg: scaled(row.course_deg, 35_999.0),
        speed_cmps: scaled(row.speed_mps, 65_534.0),
        altitude_m: row.altitude_m.map(|v| v.round() as i32),
        sd_m: u16::MAX,
        marks: (if own { MARK_OWN } else { MARK_PARTNER })
            | (row.domain as u16) << MARK_DOMAIN_SHIFT,
        source,
    }
}

/// The interface's word for the domain in a history row's marks.
pub(super) fn domain_word(marks: u16) -> &'static str {
    match marks >> MARK_DOMAIN_SHIFT & 7 {
        0 => "surface",
        1 => "air",
        2 => "land",
        3 => "installation",
        _ => "other",
    }
}
