//! JSON of the types that report neither motion nor a ship: binary messages, texts, management.
//!
//! Refuses: nothing; bits without a known application are written as hexadecimal digits.

use std::fmt::Write as _;

use serde::Serialize;

use super::super::application::Application;
use super::super::layout::{
    Addressed, Binary, ChannelManagement, Data, Fix, GroupAssignment, SafetyText,
};
use super::super::message::Message;
use super::{degrees, fix, integer, key, text};

pub(super) fn fields(out: &mut String, message: &Message) {
    match message {
        Message::Binary(m) => binary(out, m),
        Message::Acknowledgement(m) => list(out, "acks", &m.acknowledged),
        Message::DateInquiry(m) => integer(out, "dest_mmsi", m.destination),
        Message::SafetyText(m) => safety_text(out, m),
        Message::Interrogation(m) => list(out, "requests", &m.requests),
        Message::Assignment(m) => list(out, "assigned", &m.assigned),
        Message::Differential(m) => {
            fix(out, m.fix);
            data(out, &m.data);
        }
        Message::Reservation(m) => list(out, "reserved", &m.reserved),
        Message::ChannelManagement(m) => channels(out, m),
        Message::GroupAssignment(m) => group(out, m),
        // The rest is written beside its own table, or has no content.
        _ => {}
    }
}

fn binary(out: &mut String, m: &Binary) {
    match m.to {
        Some(to) if m.kind == 6 => addressed(out, to),
        Some(to) => integer(out, "dest_mmsi", to.destination),
        None => {}
    }
    if let Some((area, function)) = m.application {
        integer(out, "dac", u32::from(area));
        integer(out, "fid", u32::from(function));
    }
    let said = Application::of(m).and_then(|said| serde_json::to_string(&said).ok());
    match said.as_deref().and_then(|object| object.strip_prefix('{')?.strip_suffix('}')) {
        Some(fields) => {
            out.push(',');
            out.push_str(fields);
        }
        None => data(out, &m.data),
    }
}

fn addressed(out: &mut String, to: Addressed) {
    integer(out, "seq", u32::from(to.sequence));
    integer(out, "dest_mmsi", to.destination);
    flag(out, "retransmit", to.is_retransmitted);
}

fn safety_text(out: &mut String, m: &SafetyText) {
    if let Some(to) = m.to {
        addressed(out, to);
    }
    text(out, "text", &m.text);
}

fn channels(out: &mut String, m: &ChannelManagement) {
    integer(out, "channel_a", u32::from(m.channel_a));
    integer(out, "channel_b", u32::from(m.channel_b));
    integer(out, "txrx", u32::from(m.transmit_receive));
    flag(out, "low_power", m.low_power);
    match m.destinations() {
        Some([first, second]) => {
            integer(out, "dest_mmsi", first);
            integer(out, "dest_mmsi2", second);
        }
        None => corners(out, m.northeast, m.southwest),
    }
    integer(out, "zone", u32::from(m.zone));
}

fn group(out: &mut String, m: &GroupAssignment) {
    corners(out, m.northeast, m.southwest);
    integer(out, "station_type", u32::from(m.station_type));
    integer(out, "shiptype", u32::from(m.ship_type));
    integer(out, "txrx", u32::from(m.transmit_receive));
    integer(out, "interval", u32::from(m.interval));
    integer(out, "quiet", u32::from(m.quiet_min));
}

fn corners(out: &mut String, northeast: Fix<600>, southwest: Fix<600>) {
    degrees::<600>(out, "ne_lat", northeast.latitude, 90);
    degrees::<600>(out, "ne_lon", northeast.longitude, 180);
    degrees::<600>(out, "sw_lat", southwest.latitude, 90);
    degrees::<600>(out, "sw_lon", southwest.longitude, 180);
}

fn flag(out: &mut String, name: &str, value: bool) {
    key(out, name);
    out.push_str(if value { "true" } else { "false" });
}

fn list<T: Serialize>(out: &mut String, name: &str, entries: &[Option<T>]) {
    key(out, name);
    let entries: Vec<&T> = entries.iter().flatten().collect();
    out.push_str(&serde_json::to_string(&entries).unwrap_or_default());
}

fn data(out: &mut String, data: &Data) {
    integer(out, "bits", data.len() as u32);
    key(out, "data");
    out.push('"');
    for byte in data.bytes() {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out.push('"');
}
