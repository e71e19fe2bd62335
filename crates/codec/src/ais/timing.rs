//! The times that stand round a sentence: a line's prefix, a tag block's `c:`, `$PGHP`, and a
//! trailing epoch.
//!
//! Refuses: local times. What carries no offset is taken as UTC, as every known logger writes it;
//! a time that is malformed or outside 1990–2100 is as if it were not there.

use renkei_model::time::Timestamp;

use super::scan;

/// 1990-01-01 and 2100-01-01 in milliseconds: before AIS and after this program.
const PLAUSIBLE_MS: std::ops::Range<i64> = 631_152_000_000..4_102_444_800_000;

/// Epoch seconds or milliseconds, told apart by size; a fraction of seconds is kept to 1 ms.
pub(super) fn epoch(text: &[u8]) -> Option<Timestamp> {
    let (whole, fraction) = match text.iter().position(|&c| c == b'.') {
        Some(dot) => (text.get(..dot)?, text.get(dot + 1..)?),
        None => (text, &[][..]),
    };
    if !(9..=13).contains(&whole.len()) {
        return None;
    }
    let value = digits(whole)?;
    let ms = if whole.len() >= 12 { value } else { value * 1000 + thousandths(fraction)? };
    plausible(ms)
}

/// A date and a time at the start of `text` in the forms `2018-05-11 03:50:03`,
/// `2018-05-11T03:50:03.123Z` and `…+09:00`; how long it was is not told.
pub(super) fn date_time(text: &[u8]) -> Option<Timestamp> {
    let [
        y0,
        y1,
        y2,
        y3,
        b'-' | b'/',
        mo0,
        mo1,
        b'-' | b'/',
        d0,
        d1,
        b' ' | b'T' | b't' | b'_',
        h0,
        h1,
        b':',
        mi0,
        mi1,
        b':',
        s0,
        s1,
        rest @ ..,
    ] = text
    else {
        return None;
    };
    let date = [digits(&[*y0, *y1, *y2, *y3])?, digits(&[*mo0, *mo1])?, digits(&[*d0, *d1])?];
    let time = [digits(&[*h0, *h1])?, digits(&[*mi0, *mi1])?, digits(&[*s0, *s1])?];
    let (fraction, zone) = match rest {
        [b'.' | b',', rest @ ..] => {
            let len = rest.iter().take_while(|c| c.is_ascii_digit()).count();
            rest.split_at(len)
        }
        _ => (&[][..], rest),
    };
    civil(date, time, thousandths(fraction)? - offset_ms(zone)?)
}

/// Milliseconds east of UTC that `zone` begins with; nothing known = UTC.
fn offset_ms(zone: &[u8]) -> Option<i64> {
    let (sign, h0, h1, m0, m1) = match zone {
        [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1, ..]
        | [sign @ (b'+' | b'-'), h0, h1, m0, m1, ..] => (sign, h0, h1, m0, m1),
        _ => return Some(0),
    };
    let minutes = digits(&[*h0, *h1])? * 60 + digits(&[*m0, *m1])?;
    Some(if *sign == b'-' { -minutes } else { minutes } * 60_000)
}

/// `[year, month, day]`, `[hour, minute, second]` (60 allowed for a leap second) and milliseconds.
pub(super) fn civil(date: [i64; 3], time: [i64; 3], ms: i64) -> Option<Timestamp> {
    let [year, month, day] = date;
    let [hour, minute, second] = time;
    let valid = (1990..2100).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !valid {
        return None;
    }
    // Days since the epoch of the proleptic Gregorian calendar, the year beginning in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 719_469;
    plausible((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + ms)
}

fn plausible(ms: i64) -> Option<Timestamp> {
    PLAUSIBLE_MS.contains(&ms).then_some(Timestamp(ms))
}

/// Up to 15 decimal digits and nothing else; empty is not a number.
pub(super) fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 15 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |value, c| value * 10 + i64::from(c - b'0')))
}

/// The first three of any number of fraction digits.
fn thousandths(fraction: &[u8]) -> Option<i64> {
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let padded = fraction.iter().chain(b"000").take(3);
    Some(padded.fold(0, |value, c| value * 10 + i64::from(c - b'0')))
}

/// What `$PGHP` says of the sentence or the group of sentences that follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pghp {
    /// When the station received it.
    pub(super) time: Option<Timestamp>,
    /// The station's MMSI.
    pub(super) station: Option<u32>,
    /// The XOR of the checksums of all parts that follow, 0 before a VDO.
    pub(super) checksum: Option<u8>,
}

impl Pghp {
    /// Reads `$PGHP,1,year,month,day,hour,minute,second,ms,country,region,station,online,cc*hh`
    /// (Gatehouse); `None` for everything else and for a wrong checksum.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let body = line.strip_prefix(b"$")?;
        let fields = body.strip_prefix(b"PGHP,1,")?;
        let star = scan::position(fields, b'*')?;
        let (fields, end) = fields.split_at_checked(star)?;
        let written = super::sentence::hex(*end.get(1)?, *end.get(2)?)?;
        if written != scan::checksum(b"PGHP,1,").0 ^ scan::checksum(fields).0 {
            return None;
        }
        let mut values = [None; 7];
        let mut fields = fields.split(|&c| c == b',');
        for value in &mut values {
            *value = fields.next().and_then(digits);
        }
        let station = fields.nth(2);
        let checksum = fields.nth(1);
        let time = match values {
            [Some(y), Some(mo), Some(d), Some(h), Some(mi), Some(s), ms] => {
                civil([y, mo, d], [h, mi, s], ms.unwrap_or(0))
            }
            _ => None,
        };
        Some(Self {
            time,
            station: station.and_then(digits).and_then(|mmsi| u32::try_from(mmsi).ok()),
            checksum: checksum.and_then(|cc| match cc {
                [high, low] => super::sentence::hex(*high, *low),
                _ => None,
            }),
        })
    }

    /// Whether it speaks of a message whose parts' checksums XOR to `checksums`.
    pub(super) fn fits(&self, checksums: u8, own_ship: bool) -> bool {
        self.checksum.is_none_or(|cc| cc == checksums || (cc == 0 && own_ship))
    }
}
