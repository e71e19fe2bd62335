//! Events that this node writes: tracks for TAK clients, answers to pings.
//!
//! Refuses: sending a label away. What the track's label says goes out as `access`, `caveat` and
//! `releasableTo`.

use std::fmt::Write as _;

use quick_xml::escape::escape;
use renkei_model::id::Partition;
use renkei_model::label::Label;
use renkei_model::observation::Identity;
use renkei_model::statement::Affiliation;
use renkei_model::time::Timestamp;
use renkei_model::track::Track;

use super::event::{Detail, Event, Head, Point};
use super::symbol;
use super::words::LabelWords;

/// Type of a client's ping.
const PING: &str = "t-x-c-t";
/// Type of the answer.
const PONG: &str = "t-x-c-t-r";
/// An answer holds for 20 s, as TAK Server's does.
const PONG_STALE_MS: i64 = 20_000;

impl Event {
    /// True for a client's ping, which wants [`pong`].
    #[must_use]
    pub fn is_ping(&self) -> bool {
        self.head().kind == PING
    }
}

/// An event to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The root's attributes.
    pub head: Head,
    /// Where.
    pub point: Point,
    /// Detail elements.
    pub detail: Detail,
}

impl Draft {
    /// The event as XML, without declaration and line end.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = String::with_capacity(640);
        xml.push_str("<event");
        let head = &self.head;
        let time = |at: Timestamp| at.to_rfc3339();
        for (name, value) in [
            ("version", Some(head.version.clone())),
            ("uid", Some(head.uid.clone())),
            ("type", Some(head.kind.clone())),
            ("time", time(head.time)),
            ("start", time(head.start)),
            ("stale", time(head.stale)),
            ("how", head.how.clone()),
            ("access", head.access.clone()),
            ("caveat", head.caveat.clone()),
            ("releasableTo", head.releasable_to.clone()),
            ("qos", head.qos.clone()),
            ("opex", head.opex.clone()),
        ] {
            attribute(&mut xml, name, value.as_deref());
        }
        xml.push('>');
        self.push_point(&mut xml);
        self.push_detail(&mut xml);
        xml.push_str("</event>");
        xml
    }

    fn push_point(&self, xml: &mut String) {
        let known = |value: Option<f64>| value.unwrap_or(9_999_999.0);
        let (latitude, longitude) =
            self.point.position.map_or((0.0, 0.0), |at| (at.latitude_deg(), at.longitude_deg()));
        // Writing to a String cannot fail.
        let _ = write!(
            xml,
            "<point lat=\"{latitude:.7}\" lon=\"{longitude:.7}\" hae=\"{:.1}\" ce=\"{:.1}\" \
             le=\"{:.1}\"/>",
            known(self.point.hae_m),
            known(self.point.ce_m),
            known(self.point.le_m),
        );
    }

    fn push_detail(&self, xml: &mut String) {
        let detail = &self.detail;
        let text = |number: Option<f64>| number.map(|number| format!("{number:.2}"));
        xml.push_str("<detail>");
        element(xml, "contact", &[("callsign", detail.callsign.clone())]);
        element(xml, "__group", &[("name", detail.team.clone()), ("role", detail.role.clone())]);
        element(
            xml,
            "track",
            &[("speed", text(detail.speed_mps)), ("course", text(detail.course_deg))],
        );
        if let Some(remarks) = &detail.remarks {
            xml.extend(["<remarks>", &escape(remarks.as_str()), "</remarks>"]);
        }
        xml.push_str("</detail>");
    }
}

fn attribute(xml: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        xml.extend([" ", name, "=\"", &escape(value), "\""]);
    }
}

/// An empty element, unless none of its attributes has a value.
fn element(xml: &mut String, name: &str, attributes: &[(&str, Option<String>)]) {
    if attributes.iter().all(|(_, value)| value.is_none()) {
        return;
    }
    xml.extend(["<", name]);
    for (name, value) in attributes {
        attribute(xml, name, value.as_deref());
    }
    xml.push_str("/>");
}

/// The answer to a ping, by whose age a client knows that the node lives.
#[must_use]
pub fn pong(now: Timestamp) -> String {
    let head = head("takPong".into(), PONG.into(), now, now.plus_ms(PONG_STALE_MS), "h-g-i-g-o");
    Draft { head, point: Point::default(), detail: Detail::default() }.to_xml()
}

fn head(uid: String, kind: String, now: Timestamp, stale: Timestamp, how: &str) -> Head {
    Head {
        version: "2.0".into(),
        kind,
        uid,
        time: now,
        start: now,
        stale,
        how: Some(how.into()),
        access: None,
        caveat: None,
        releasable_to: None,
        qos: None,
        opex: None,
    }
}

/// What this node adds to a track when it shows it to a TAK client.
#[derive(Clone, Debug)]
pub struct TrackMarks<'a> {
    /// The name under which clients know the track, the same at every update.
    pub uid: &'a str,
    /// Whose it is, as this headquarters states.
    pub affiliation: Affiliation,
    /// The world it belongs to.
    pub partition: &'a Partition,
    /// The words of the clients' net.
    pub net: &'a LabelWords,
    /// For how long it holds after `now`, in milliseconds.
    pub stale_ms: i64,
}

/// The event that shows `track` to TAK clients at `now`; `None` until it has a position.
#[must_use]
pub fn from_track(track: &Track, marks: &TrackMarks<'_>, now: Timestamp) -> Option<String> {
    let estimate = track.estimate.as_ref()?;
    let attributes = &track.attributes;
    let kind = symbol::cot_type(
        track.domain,
        marks.affiliation,
        attributes.ship_type,
        attributes.cot_type.as_deref(),
    );
    let how = if track.sources.len() > 1 { "m-f" } else { "m-r" };
    let mut head = head(marks.uid.into(), kind, estimate.at, now.plus_ms(marks.stale_ms), how);
    mark(&mut head, &track.label, marks.partition, marks.net);
    let name = attributes.callsign.as_ref().or(attributes.name.as_ref());
    Some(
        Draft {
            head,
            point: Point {
                position: Some(estimate.position),
                hae_m: estimate.motion.altitude_m,
                ce_m: Some((estimate.sd_m * 2.146).max(0.1)),
                le_m: None,
            },
            detail: Detail {
                callsign: Some(name.cloned().unwrap_or_else(|| claimed(track, marks.uid))),
                speed_mps: estimate.motion.speed_mps,
                course_deg: estimate.motion.course_deg,
                remarks: attributes.name.clone().filter(|_| attributes.callsign.is_some()),
                ..Detail::default()
            },
        }
        .to_xml(),
    )
}

/// What to call a track that gave no name: the identity it claims.
fn claimed(track: &Track, uid: &str) -> String {
    let identity = track.identities.iter().find_map(|identity| match identity {
        Identity::Mmsi(mmsi) => Some(format!("MMSI {mmsi:09}")),
        Identity::Icao(address) => Some(format!("ICAO {address:06X}")),
        Identity::NonIcao(_) | Identity::Cot(_) | Identity::Alias(_) => None,
    });
    identity.unwrap_or_else(|| uid.to_owned())
}

/// Puts the label and the world on an event.
fn mark(head: &mut Head, label: &Label, partition: &Partition, net: &LabelWords) {
    let joined = |words: Vec<String>| (!words.is_empty()).then(|| words.join(" "));
    head.access = Some(net.written(label.classification).into());
    head.caveat = joined(label.restrictive.iter().cloned().collect());
    let nations = label.releasable_to.iter().chain([&label.originator]);
    let nations: std::collections::BTreeSet<String> = nations.map(ToString::to_string).collect();
    head.releasable_to = joined(nations.into_iter().collect());
    head.opex = Some(match partition {
        Partition::Real => "o".into(),
        Partition::Exercise(id) => format!("e-{id}"),
        Partition::Simulation(id) => format!("s-{id}"),
    });
}
