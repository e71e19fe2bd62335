//! Units at their stations and three teams on the move, heard as CoT events.
//!
//! Places are real and publicly known; every unit is invented. Refuses: strengths, equipment and
//! tasks. A team's members walk or drive within a kilometre of their place.

use renkei_codec::cot::{Detail, Draft, Head, Point};
use renkei_model::observation::Identity;
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::Truth;
use super::dice::Dice;
use super::path::Path;
use super::table::{number, place, rows, text};

const STATIONS: &str = include_str!("../../data/stations.csv");
const TEAMS: &str = include_str!("../../data/teams.csv");

const JPN: &[&str] = &["jpn-cot"];
const USA: &[&str] = &["usa-cot"];

/// A unit or a member of a team.
#[derive(Debug)]
pub(super) struct Unit {
    uid: String,
    callsign: String,
    kind: &'static str,
    /// Group name and role of a team's member.
    group: Option<(&'static str, &'static str)>,
    remarks: Option<String>,
    path: Path,
    pub(super) receivers: &'static [&'static str],
}

/// Twenty units, then the members of three teams.
pub(super) fn units(dice: &mut Dice) -> Vec<Unit> {
    let mut units: Vec<Unit> = rows(STATIONS).map(|row| station(&row)).collect();
    for row in rows(TEAMS) {
        units.extend((1..=number(&row, 7) as u32).map(|number| member(&row, number, dice)));
    }
    units
}

fn receivers(feed: &str) -> &'static [&'static str] {
    if feed == "usa-cot" { USA } else { JPN }
}

fn station(row: &[&'static str]) -> Unit {
    let at = place(number(row, 6), number(row, 7));
    Unit {
        uid: text(row, 1).into(),
        callsign: text(row, 2).into(),
        kind: text(row, 5),
        group: None,
        remarks: Some(format!("{} / {}", text(row, 3), text(row, 4))),
        path: Path::new(vec![at], false, 0.0),
        receivers: receivers(text(row, 0)),
    }
}

fn member(row: &[&'static str], member: u32, dice: &mut Dice) -> Unit {
    let centre: Position = place(number(row, 5), number(row, 6));
    let is_vehicle = member == 1;
    let speed_mps = if is_vehicle { dice.between(4.0, 9.0) } else { dice.between(0.9, 1.6) };
    Unit {
        uid: format!("{}-{member}", text(row, 1)),
        callsign: format!("{}-{member}", text(row, 2)),
        kind: if is_vehicle { "a-f-G-E-V-C" } else { "a-f-G-U-C-I" },
        group: Some((text(row, 3), if is_vehicle { "Team Lead" } else { "Team Member" })),
        remarks: Some(text(row, 4).into()),
        path: Path::round(centre, number(row, 8), speed_mps, dice),
        receivers: receivers(text(row, 0)),
    }
}

impl Unit {
    /// Members every 5 s, as a phone sends while it moves; stations every 20 s.
    pub(super) fn interval_ms(&self) -> i64 {
        if self.group.is_some() { 5_000 } else { 20_000 }
    }

    /// One event as XML.
    pub(super) fn event(&self, start: Timestamp, at: Timestamp) -> Vec<u8> {
        let motion = self.path.motion(start, at);
        let moves = motion.speed_mps > 0.0;
        let head = Head {
            version: "2.0".into(),
            kind: self.kind.into(),
            uid: self.uid.clone(),
            time: at,
            start: at,
            stale: at.plus_ms(6 * self.interval_ms()),
            how: Some(if moves { "m-g" } else { "h-e" }.into()),
            access: None,
            caveat: None,
            releasable_to: None,
            qos: None,
            // An exercise of any name: a node of the real world refuses it.
            opex: Some("e".into()),
        };
        let point = Point {
            position: Some(motion.position),
            hae_m: Some(10.0),
            ce_m: Some(if moves { 8.0 } else { 50.0 }),
            le_m: Some(15.0),
        };
        let detail = Detail {
            callsign: Some(self.callsign.clone()),
            team: self.group.map(|(name, _)| name.into()),
            role: self.group.map(|(_, role)| role.into()),
            speed_mps: moves.then_some(motion.speed_mps),
            course_deg: moves.then_some(motion.course_deg),
            remarks: self.remarks.clone(),
            ..Detail::default()
        };
        Draft { head, point, detail }.to_xml().into_bytes()
    }

    /// As it truly is.
    pub(super) fn truth(&self, start: Timestamp, at: Timestamp) -> Truth {
        let motion = self.path.motion(start, at);
        Truth {
            identity: Identity::Cot(self.uid.clone()),
            name: self.callsign.clone(),
            position: motion.position,
            speed_mps: motion.speed_mps,
            course_deg: motion.course_deg,
            receivers: self.receivers,
        }
    }
}
