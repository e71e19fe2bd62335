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
    text: Arc<str>,
    version: u64,
}

/// The rows of one kind of viewer.
pub(super) struct Rows {
    viewer: Nation,
    said: BTreeMap<TrackNumber, Said>,
    dirty: BTreeSet<TrackNumber>,
    rows: Vec<Row>,
    /// What the past is to know tracks by, since it was last taken.
    told: Vec<(u32, Option<Arc<str>>)>,
}

impl Rows {
    /// Nothing said yet.
    pub(super) fn new(viewer: Nation) -> Self {
        Self {
            viewer,
            said: BTreeMap::new(),
            dirty: BTreeSet::new(),
            rows: Vec::new(),
            told: Vec::new(),
        }
    }

    /// The track may look different now.
    pub(super) fn changed(&mut self, number: TrackNumber) {
        self.dirty.insert(number);
    }

    /// The track is gone.
    pub(super) fn dropped(&mut self, number: TrackNumber) {
        self.dirty.remove(&number);
        self.said.remove(&number);
        self.told.push((number.0, None));
    }

    /// What the history is to keep of the tracks, since the last call.
    pub(super) fn take_told(&mut self) -> Vec<(u32, Option<Arc<str>>)> {
        std::mem::take(&mut self.told)
    }

    /// The rows as they are now.
    pub(super) fn refresh(
        &mut self,
        picture: &Picture,
        base: Timestamp,
        now: Timestamp,
    ) -> Vec<Row> {
        for number in std::mem::take(&mut self.dirty) {
            let Some(view) = picture.view(number, self.viewer, now) else { continue };
            if view.number != number {
                // Taken for one thing with another, under whose number it is shown now.
                self.said.remove(&number);
            }
            self.say(view);
        }
        self.rows.clear();
        for motion in picture.motions(self.viewer, now) {
            let Some(said) = self.said.get(&motion.number) else { continue };
            self.rows.push(Row {
                number: motion.number.0,
                meta: said.text.clone(),
                meta_version: said.version,
                kinematics: kinematics(&motion, base),
            });
        }
        std::mem::take(&mut self.rows)
    }

    /// The rows of a viewer whose tracks are another, released picture: all said anew.
    pub(super) fn refresh_all(
        &mut self,
        picture: &Picture,
        base: Timestamp,
        now: Timestamp,
    ) -> Vec<Row> {
        let views = picture.views(self.viewer, now);
        let present: BTreeSet<TrackNumber> = views.iter().map(|view| view.number).collect();
        self.said.retain(|number, _| present.contains(number));
        for view in views {
            self.say(view);
        }
        let rows = self.refresh(picture, base, now);
        // The history is this nation's own: another viewer's picture has no past here.
        self.told.clear();
        rows
    }

    fn say(&mut self, view: TrackView) {
        let number = view.number;
        let stable = stable(&view);
        let before = self.said.get(&number);
        if before.is_some_and(|said| said.stable == stable) {
            return;
        }
        let version = before.map_or(0, |said| said.version) + 1;
        let json = track_json(&view);
        self.told.push((number.0, Some(told_json(&json).to_string().into())));
        let text = json.to_string().into();
        self.said.insert(number, Said { stable, text, version });
    }
}

/// `view` without what changes with every report.
fn stable(view: &TrackView) -> TrackView {
    let mut stable = view.clone();
    stable.sd_m = None;
    for source in &mut stable.sources {
        source.last_ms = Timestamp(0);
        source.reports = 0;
    }
    stable
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
