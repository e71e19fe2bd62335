//! What the data of a binary message says, for the applications that are in use on the air: those
//! of IMO SN.1/Circ.289 with their forerunners of Circ.236, and inland navigation's (DAC 200).
//!
//! Refuses: data whose length is not its application's, and guesses at any other application. Both
//! stay what they are: area code, function and bits.

mod area;
mod inland;
mod route;
mod weather;

use serde::Serialize;

use super::bits::Bits;
use super::layout::Binary;

pub use area::{Area, AreaNotice, Leg};
pub use inland::{InlandPersons, InlandVoyage};
pub use route::{Route, Waypoint};
pub use weather::Weather;

/// The content of a binary message. Its JSON has a key `app` with the variant's name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "app", rename_all = "snake_case")]
pub enum Application {
    /// DAC 1, FI 31 (Circ.289) and FI 11 (Circ.236): weather and water at one place.
    Weather(Box<Weather>),
    /// DAC 1, FI 22 (broadcast) and FI 23 (addressed): something is going on in an area.
    AreaNotice(AreaNotice),
    /// DAC 1, FI 27 (broadcast) and FI 28 (addressed): a route.
    Route(Route),
    /// DAC 1, FI 29 (broadcast) and FI 30 (addressed): text about another message.
    Text(LinkedText),
    /// DAC 1, FI 16 (Circ.289) and FI 40 (Circ.236): persons on board.
    Persons(Persons),
    /// DAC 200, FI 10: an inland ship's static and voyage data.
    InlandVoyage(InlandVoyage),
    /// DAC 200, FI 55: persons on board an inland ship.
    InlandPersons(InlandPersons),
}

impl Application {
    /// What `message` says, or `None` when its application is none of these or its data does not
    /// fit it.
    #[must_use]
    pub fn of(message: &Binary) -> Option<Self> {
        let data = message.data.bits();
        match message.application? {
            (1, 11) => Weather::circ_236(data).map(Box::new).map(Self::Weather),
            (1, 31) => Weather::circ_289(data).map(Box::new).map(Self::Weather),
            (1, 22 | 23) => AreaNotice::read(data).map(Self::AreaNotice),
            (1, 27 | 28) => Route::read(data).map(Self::Route),
            (1, 29 | 30) => LinkedText::read(data).map(Self::Text),
            (1, 16 | 40) => Persons::read(data).map(Self::Persons),
            (200, 10) => InlandVoyage::read(data).map(Self::InlandVoyage),
            (200, 55) => InlandPersons::read(data).map(Self::InlandPersons),
            _ => None,
        }
    }
}

/// Text that explains the message with the same link: bits 0–9 link, then six-bit text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkedText {
    /// Which message it belongs to, 1–1023; `None` = none.
    pub link: Option<u16>,
    /// What it says, at most 161 characters.
    pub text: String,
}

impl LinkedText {
    fn read(data: &Bits) -> Option<Self> {
        let chars = data.len().checked_sub(10)? / 6;
        Some(Self { link: link(data), text: text(data, 10, chars) })
    }
}

/// Persons on board: bits 0–12, the rest spare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Persons {
    /// 1–8190, 8191 = that or more; `None` = not available.
    pub persons: Option<u16>,
}

impl Persons {
    /// Function 16 carries lists of targets too (Circ.236), which are longer.
    const BITS: std::ops::RangeInclusive<usize> = 13..=48;

    fn read(data: &Bits) -> Option<Self> {
        let persons = known(data, (0, 13), 0).map(|persons| persons as u16);
        Self::BITS.contains(&data.len()).then_some(Self { persons })
    }
}

/// When something begins, in UTC without a year. `None` = not available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Start {
    /// 1–12.
    pub month: Option<u8>,
    /// 1–31.
    pub day: Option<u8>,
    /// 0–23.
    pub hour: Option<u8>,
    /// 0–59.
    pub minute: Option<u8>,
}

impl Start {
    /// Month (4 bits), day (5), hour (5), minute (6) from bit `at`.
    fn read(data: &Bits, at: usize) -> Self {
        let within = |at, width, range: std::ops::RangeInclusive<u64>| {
            Some(data.get(at, width)).filter(|value| range.contains(value)).map(|value| value as u8)
        };
        Self {
            month: within(at, 4, 1..=12),
            day: within(at + 4, 5, 1..=31),
            hour: within(at + 9, 5, 0..=23),
            minute: within(at + 14, 6, 0..=59),
        }
    }
}

/// The message linkage identifier in bits 0–9, by which messages of one sender belong together.
fn link(data: &Bits) -> Option<u16> {
    known(data, (0, 10), 0).map(|link| link as u16)
}

/// The integer in the `(first bit, width)`, `None` for the sentinel.
fn known(data: &Bits, (at, width): (usize, usize), absent: u64) -> Option<u64> {
    Some(data.get(at, width)).filter(|&value| value != absent)
}

/// As [`known`] with a sign.
fn known_signed(data: &Bits, at: usize, width: usize, absent: i64) -> Option<i64> {
    Some(signed(data, at, width)).filter(|&value| value != absent)
}

fn signed(data: &Bits, at: usize, width: usize) -> i64 {
    let above = 64 - width;
    (data.get(at, width) << above) as i64 >> above
}

/// A longitude or latitude in the `(first bit, width)`: signed, `per_degree` of a unit; degrees to
/// 1e-6, `None` beyond `limit` degrees, where the sentinels (181 and 91) lie.
fn degrees(data: &Bits, (at, width): (usize, usize), per_degree: u32, limit: u32) -> Option<f64> {
    let raw = signed(data, at, width);
    let on_earth = raw.unsigned_abs() <= u64::from(limit) * u64::from(per_degree);
    on_earth.then(|| (raw as f64 / f64::from(per_degree) * 1e6).round() / 1e6)
}

/// Six-bit text of at most `chars` characters from bit `at`: up to the first `@`, without the blanks
/// at its end.
fn text(data: &Bits, at: usize, chars: usize) -> String {
    let mut text = String::new();
    for index in 0..chars.min(data.len().saturating_sub(at) / 6) {
        match data.get(at + index * 6, 6) as u8 {
            0 => break,
            six @ 1..32 => text.push(char::from(six + 64)),
            six => text.push(char::from(six)),
        }
    }
    text.truncate(text.trim_ascii_end().len());
    text
}
