//! Invented base stations (type 4) and aids to navigation (type 21).
//!
//! Refuses: marks on charts. None of these stands anywhere.

use renkei_codec::ais::{AidToNavigation, BaseStation, Dimensions, Fix, Message, Text};
use renkei_model::position::Position;
use renkei_model::time::Timestamp;

use super::fleet::sentences;
use super::table::{number, place, rows, text};

const SEAMARKS: &str = include_str!("../../data/seamarks.csv");
/// Aids report every three minutes, base stations every ten seconds (M.1371-5).
const AID_MS: i64 = 180_000;
const BASE_MS: i64 = 10_000;
/// Both sides hear them.
pub(super) const RECEIVERS: &[&str] = &["jpn-ais", "usa-ais"];

/// One of them.
#[derive(Debug)]
pub(super) struct Seamark {
    mmsi: u32,
    /// Empty for a base station.
    name: &'static str,
    position: Position,
}

pub(super) fn seamarks() -> Vec<Seamark> {
    let seamark = |row: Vec<&'static str>| Seamark {
        mmsi: number(&row, 1) as u32,
        name: text(&row, 2),
        position: place(number(&row, 3), number(&row, 4)),
    };
    rows(SEAMARKS).map(seamark).collect()
}

impl Seamark {
    pub(super) fn interval_ms(&self) -> i64 {
        if self.name.is_empty() { BASE_MS } else { AID_MS }
    }

    pub(super) fn report(&self, at: Timestamp) -> Vec<u8> {
        let second = at.0.div_euclid(1000).rem_euclid(60) as u8;
        let message = if self.name.is_empty() {
            Message::BaseStation(self.base_station(at, second))
        } else {
            Message::AidToNavigation(self.aid(second))
        };
        sentences(&message, self.mmsi, 0)
    }

    /// Date and hours are left out: what the feeds' receive time says is enough here.
    fn base_station(&self, at: Timestamp, second: u8) -> BaseStation {
        BaseStation {
            kind: 4,
            repeat: 0,
            mmsi: self.mmsi,
            year: 0,
            month: 0,
            day: 0,
            hour: 24,
            minute: at.0.div_euclid(60_000).rem_euclid(60) as u8,
            second,
            accurate: true,
            fix: Fix::new(self.position),
            device: 7,
            long_range: false,
            raim: false,
            radio: 0,
        }
    }

    fn aid(&self, second: u8) -> AidToNavigation {
        let (name, extension) = self.name.split_at(self.name.len().min(20));
        AidToNavigation {
            kind: 21,
            repeat: 0,
            mmsi: self.mmsi,
            aid_type: 30,
            name: Text::new(name),
            accurate: true,
            fix: Fix::new(self.position),
            dimensions: Dimensions::default(),
            device: 1,
            second,
            off_position: false,
            regional: 0,
            raim: false,
            virtual_aid: false,
            assigned: false,
            extension: Text::new(extension),
        }
    }
}
