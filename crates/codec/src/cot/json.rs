//! `renkei decode cot`: one JSON object an event.
//!
//! Refuses: sentinels. What CoT writes as 9999999 is `null`.

use serde::Serialize;

use super::event::Event;

#[derive(Serialize)]
struct Row<'a> {
    uid: &'a str,
    r#type: &'a str,
    time: Option<String>,
    start: Option<String>,
    stale: Option<String>,
    how: Option<&'a str>,
    lat: Option<f64>,
    lon: Option<f64>,
    hae: Option<f64>,
    callsign: Option<&'a str>,
    team: Option<&'a str>,
    speed: Option<f64>,
    course: Option<f64>,
    access: Option<&'a str>,
    caveat: Option<&'a str>,
    releasable_to: Option<&'a str>,
}

/// One JSON object, without line end: degrees, metres, metres a second; `null` = not said.
#[must_use]
pub fn json_line(event: &Event) -> String {
    let (head, point, detail) = (event.head(), event.point(), event.detail());
    let row = Row {
        uid: &head.uid,
        r#type: &head.kind,
        time: head.time.to_rfc3339(),
        start: head.start.to_rfc3339(),
        stale: head.stale.to_rfc3339(),
        how: head.how.as_deref(),
        lat: point.position.map(|position| position.latitude_deg()),
        lon: point.position.map(|position| position.longitude_deg()),
        hae: point.hae_m,
        callsign: detail.callsign.as_deref(),
        team: detail.team.as_deref(),
        speed: detail.speed_mps,
        course: detail.course_deg,
        access: head.access.as_deref(),
        caveat: head.caveat.as_deref(),
        releasable_to: head.releasable_to.as_deref(),
    };
    // Strings and finite numbers always serialise.
    serde_json::to_string(&row).unwrap_or_default()
}
