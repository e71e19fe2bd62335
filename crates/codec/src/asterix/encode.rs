//! Records for the simulator and for tests: what a radar or a tracker would send, one a block.
//!
//! Refuses: items that nothing here would read. They are only ever skipped.

use super::profile::{self, Item};
use super::target::{ModeA, TargetReport};
use super::track::SystemTrack;

/// Items of one record, in any order.
#[derive(Default)]
struct Record(Vec<(u16, Vec<u8>)>);

impl Record {
    fn put(&mut self, number: u16, octets: Option<impl IntoIterator<Item = u8>>) {
        self.0.extend(octets.map(|octets| (number, octets.into_iter().collect())));
    }

    /// The block of this record: items in the order of the profile, behind their field specification.
    fn block(self, category: u8, profile: &[Item]) -> Vec<u8> {
        let (mut places, mut body) = (Vec::new(), Vec::new());
        for (place, (number, _)) in profile.iter().enumerate() {
            if let Some((_, octets)) = self.0.iter().find(|(put, _)| put == number) {
                places.push(place);
                body.extend_from_slice(octets);
            }
        }
        let head = specification(&places);
        let len = (3 + head.len() + body.len()) as u16;
        let mut block = vec![category];
        block.extend(len.to_be_bytes());
        block.extend(head);
        block.extend(body);
        block
    }
}

/// A field specification that names these places, counted from 0.
fn specification(places: &[usize]) -> Vec<u8> {
    let count = places.iter().max().map_or(1, |last| last / 7 + 1);
    let mut octets = vec![1; count];
    octets.iter_mut().skip(count - 1).for_each(|last| *last = 0);
    for place in places {
        if let Some(octet) = octets.get_mut(place / 7) {
            *octet |= 0x80 >> (place % 7);
        }
    }
    octets
}

/// Subitems behind their specification; `None` when there is none.
fn compound(parts: Vec<(usize, Vec<u8>)>) -> Option<Vec<u8>> {
    let places: Vec<usize> = parts.iter().map(|(place, _)| *place).collect();
    let mut octets = specification(&places);
    parts.iter().for_each(|(_, part)| octets.extend_from_slice(part));
    (!parts.is_empty()).then_some(octets)
}

fn low_three(value: u32) -> [u8; 3] {
    let [_, low @ ..] = value.to_be_bytes();
    low
}

fn pair(first: u16, second: u16) -> [u8; 4] {
    let [a, b] = first.to_be_bytes();
    let [c, d] = second.to_be_bytes();
    [a, b, c, d]
}

fn flagged(value: u16, is_unsure: bool, is_garbled: bool) -> [u8; 2] {
    (value | u16::from(is_unsure) << 15 | u16::from(is_garbled) << 14).to_be_bytes()
}

fn mode_a(mode: ModeA) -> [u8; 2] {
    flagged(mode.code.code(), mode.is_unsure, mode.is_garbled)
}

/// A target report as one category 048 block. Numbers are cut to their fields.
#[must_use]
pub fn encode_target(report: &TargetReport) -> Vec<u8> {
    let mut record = Record::default();
    let bit = |is: bool, at: u8| u8::from(is) << at;
    record.put(10, Some([report.sac, report.sic]));
    record.put(140, report.time_of_day.map(low_three));
    record.put(
        20,
        report.detection.map(|detection| {
            let first = detection.number() << 5
                | bit(report.is_simulated, 4)
                | bit(report.is_field_monitor, 1)
                | bit(report.is_test, 0);
            [first, 0x80].into_iter().take(if report.is_test { 2 } else { 1 })
        }),
    );
    record.put(40, report.polar.map(|polar| pair(polar.range, polar.bearing)));
    record.put(70, report.mode_a.map(mode_a));
    record.put(
        90,
        report.flight_level.map(|level| {
            flagged(level.quarters as u16 & 0x3FFF, level.is_unsure, level.is_garbled)
        }),
    );
    record.put(220, report.address.map(low_three));
    record.put(240, report.callsign.map(|callsign| callsign.to_octets()));
    record.put(161, report.track_number.map(|number| (number & 0x0FFF).to_be_bytes()));
    record.put(42, report.cartesian.map(|(x, y)| pair(x as u16, y as u16)));
    record.put(200, report.velocity.map(|(speed, heading)| pair(speed, heading)));
    record.put(
        170,
        report.track.map(|track| {
            let second = bit(track.is_end, 7) | bit(track.is_ghost, 6);
            let first = bit(track.is_tentative, 7) | bit(second != 0, 0);
            [first, second].into_iter().take(if second == 0 { 1 } else { 2 })
        }),
    );
    record.put(110, report.height.map(|height| (height as u16 & 0x3FFF).to_be_bytes()));
    record.put(
        120,
        report
            .doppler_mps
            .and_then(|speed| compound(vec![(0, (speed as u16 & 0x03FF).to_be_bytes().to_vec())])),
    );
    record.block(super::target::CATEGORY, profile::TARGET)
}

/// A system track as one category 062 block. Numbers are cut to their fields.
#[must_use]
pub fn encode_track(track: &SystemTrack) -> Vec<u8> {
    let mut record = Record::default();
    record.put(10, Some([track.sac, track.sic]));
    record.put(15, track.service.map(|service| [service]));
    record.put(70, track.time_of_day.map(low_three));
    record.put(
        105,
        track.position.map(|(lat, lon)| lat.to_be_bytes().into_iter().chain(lon.to_be_bytes())),
    );
    record.put(
        100,
        track.cartesian.map(|(x, y)| low_three(x as u32).into_iter().chain(low_three(y as u32))),
    );
    record.put(185, track.velocity.map(|(x, y)| pair(x as u16, y as u16)));
    record.put(60, track.mode_a.map(mode_a));
    let mut aircraft = Vec::new();
    aircraft.extend(track.address.map(|address| (0, low_three(address).to_vec())));
    aircraft.extend(track.callsign.map(|callsign| (1, callsign.to_octets().to_vec())));
    record.put(380, compound(aircraft));
    record.put(40, track.track_number.map(u16::to_be_bytes));
    record.put(80, Some(state(track)));
    record.put(
        290,
        track.age.and_then(|age| {
            // The only age of two octets is that of ADS-C.
            compound(vec![(4, age.to_be_bytes().to_vec())])
        }),
    );
    record.put(200, track.movement.map(|movement| [movement]));
    record.put(136, track.flight_level.map(i16::to_be_bytes));
    record.put(130, track.geometric_altitude.map(i16::to_be_bytes));
    record.put(
        135,
        track.barometric_altitude.map(|(altitude, is_qnh)| {
            (altitude as u16 & 0x7FFF | u16::from(is_qnh) << 15).to_be_bytes()
        }),
    );
    record.put(220, track.climb.map(i16::to_be_bytes));
    let accuracy = track.accuracy;
    let mut accuracies = Vec::new();
    accuracies.extend(accuracy.cartesian.map(|(x, y)| (0, pair(x, y).to_vec())));
    accuracies.extend(accuracy.covariance.map(|root| (1, root.to_be_bytes().to_vec())));
    accuracies.extend(accuracy.geographic.map(|(lat, lon)| (2, pair(lat, lon).to_vec())));
    record.put(500, compound(accuracies));
    record.block(super::track::CATEGORY, profile::TRACK)
}

/// I062/080 in as few octets as its flags need.
fn state(track: &SystemTrack) -> Vec<u8> {
    let mut octets = vec![
        u8::from(track.is_tentative) << 1,
        u8::from(track.is_simulated) << 7 | u8::from(track.is_end) << 6,
        0,
        u8::from(track.is_coasting) << 7,
    ];
    while octets.len() > 1 && octets.last() == Some(&0) {
        octets.pop();
    }
    let last = octets.len() - 1;
    octets.iter_mut().take(last).for_each(|octet| *octet |= 1);
    octets
}
