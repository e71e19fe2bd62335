//! One row of history, and many of them as columns of small differences.
//!
//! Refuses bytes that are not exactly what the encoder writes: a bad length, a value out of range.

use renkei_model::position::MicroPosition;
use renkei_model::time::Timestamp;

use crate::bytes::Take;

/// The most rows in one block: about 10 kB raw, so that a query reads little for one track.
pub const BLOCK_ROWS_MAX: usize = 1000;

/// The most raw bytes of one block: no column's varint is longer than ten bytes, there are nine.
pub(super) const BLOCK_BYTES_MAX: usize = BLOCK_ROWS_MAX * 9 * 10;

/// Bytes of a row in the journal.
pub(super) const ROW_BYTES: usize = 34;

/// Where one track was at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The track's number on this node.
    pub track: u32,
    /// Event time.
    pub at: Timestamp,
    /// Where.
    pub position: MicroPosition,
    /// Course over ground in 0.01°, 0–35,999.
    pub course_cdeg: Option<u16>,
    /// Speed over ground in centimetres a second, at most 65,534 (655 m/s).
    pub speed_cmps: Option<u16>,
    /// Altitude in metres.
    pub altitude_m: Option<i32>,
    /// One standard deviation of the position in metres; 65,535 = that or more.
    pub sd_m: u16,
    /// What else is to be known of the report; the caller says what each bit means.
    pub marks: u16,
    /// The source that reported it, as [`super::History::number_source`] numbered it; 0 = none.
    pub source: u16,
}

/// "None" in the journal's fixed columns.
const NO_U16: u16 = u16::MAX;
const NO_I32: i32 = i32::MIN;

impl HistoryRow {
    /// The order in answers.
    pub(super) fn key(&self) -> (u32, Timestamp) {
        (self.track, self.at)
    }

    /// Source and marks as one number, the source above: rows of before sources were numbered read
    /// as source 0.
    fn sources(&self) -> u32 {
        u32::from(self.source) << 16 | u32::from(self.marks)
    }

    /// Adds the fixed form.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.track.to_le_bytes());
        out.extend_from_slice(&self.at.0.to_le_bytes());
        out.extend_from_slice(&self.position.latitude_udeg.to_le_bytes());
        out.extend_from_slice(&self.position.longitude_udeg.to_le_bytes());
        out.extend_from_slice(&self.course_cdeg.unwrap_or(NO_U16).to_le_bytes());
        out.extend_from_slice(&self.speed_cmps.unwrap_or(NO_U16).to_le_bytes());
        out.extend_from_slice(&self.altitude_m.unwrap_or(NO_I32).to_le_bytes());
        out.extend_from_slice(&self.sd_m.to_le_bytes());
        out.extend_from_slice(&self.sources().to_le_bytes());
    }

    /// Reads the fixed form.
    pub(super) fn read(take: &mut Take<'_>) -> Option<Self> {
        let i32 = |take: &mut Take<'_>| take.array().map(i32::from_le_bytes);
        let mut row = Self {
            track: take.u32()?,
            at: Timestamp(take.array().map(i64::from_le_bytes)?),
            position: MicroPosition { latitude_udeg: i32(take)?, longitude_udeg: i32(take)? },
            course_cdeg: Some(take.u16()?).filter(|v| *v != NO_U16),
            speed_cmps: Some(take.u16()?).filter(|v| *v != NO_U16),
            altitude_m: Some(i32(take)?).filter(|v| *v != NO_I32),
            sd_m: take.u16()?,
            marks: 0,
            source: 0,
        };
        (row.source, row.marks) = halves(take.u32()?);
        Some(row)
    }

    /// The row as nine numbers; an optional value is one more than itself, 0 = none.
    fn numbers(&self) -> [i64; COLUMNS] {
        let optional = |v: Option<u16>| v.map_or(0, |v| i64::from(v) + 1);
        [
            i64::from(self.track),
            self.at.0,
            i64::from(self.position.latitude_udeg),
            i64::from(self.position.longitude_udeg),
            optional(self.course_cdeg),
            optional(self.speed_cmps),
            self.altitude_m.map_or(0, |m| 1 + zigzag(i64::from(m)) as i64),
            i64::from(self.sd_m),
            i64::from(self.sources()),
        ]
    }

    fn from_numbers(n: [i64; COLUMNS]) -> Option<Self> {
        let [track, at, latitude, longitude, course, speed, altitude, sd, sources] = n;
        let optional = |v: i64| match v {
            0 => Some(None),
            v => u16::try_from(v.checked_sub(1)?).ok().map(Some),
        };
        let altitude_m = match altitude {
            0 => None,
            v => Some(i32::try_from(unzigzag(u64::try_from(v).ok()? - 1)).ok()?),
        };
        let (source, marks) = halves(sources.try_into().ok()?);
        Some(Self {
            track: track.try_into().ok()?,
            at: Timestamp(at),
            position: MicroPosition {
                latitude_udeg: latitude.try_into().ok()?,
                longitude_udeg: longitude.try_into().ok()?,
            },
            course_cdeg: optional(course)?,
            speed_cmps: optional(speed)?,
            altitude_m,
            sd_m: sd.try_into().ok()?,
            marks,
            source,
        })
    }
}

/// The upper and the lower half.
fn halves(both: u32) -> (u16, u16) {
    ((both >> 16) as u16, both as u16)
}

const COLUMNS: usize = 9;

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// The rows column by column, each value as the zigzag varint of its difference to the row before.
pub(super) fn to_columns(rows: &[HistoryRow]) -> Vec<u8> {
    let numbers: Vec<_> = rows.iter().map(HistoryRow::numbers).collect();
    let mut out = Vec::with_capacity(rows.len() * 16);
    for column in 0..COLUMNS {
        let mut before = 0i64;
        for value in numbers.iter().map(|n| n[column]) {
            let mut rest = zigzag(value.wrapping_sub(before));
            while rest >= 0x80 {
                out.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            out.push(rest as u8);
            before = value;
        }
    }
    out
}

/// Reads `count` rows from columns; `None` when they are not exactly that.
pub(super) fn from_columns(bytes: &[u8], count: usize) -> Option<Vec<HistoryRow>> {
    let mut take = Take(bytes);
    let mut numbers = vec![[0i64; COLUMNS]; count];
    for column in 0..COLUMNS {
        let mut before = 0i64;
        for row in &mut numbers {
            before = before.wrapping_add(unzigzag(varint(&mut take)?));
            row[column] = before;
        }
    }
    let rows = numbers.into_iter().map(HistoryRow::from_numbers).collect();
    if take.0.is_empty() { rows } else { None }
}

fn varint(take: &mut Take<'_>) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = take.u8()?;
        value |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    //! Rows survive both forms; other bytes are refused without a panic.

    use proptest::prelude::*;

    use super::*;

    fn rows() -> impl Strategy<Value = Vec<HistoryRow>> {
        let row = (
            any::<(u32, i64, i32, i32)>(),
            any::<(Option<u16>, Option<u16>, Option<i32>, u16, u16, u16)>(),
        );
        proptest::collection::vec(row, 1..50).prop_map(|rows| {
            let row = |((track, at, latitude_udeg, longitude_udeg), rest)| {
                let (course, speed, altitude, sd_m, marks, source): (
                    Option<u16>,
                    Option<u16>,
                    _,
                    _,
                    _,
                    _,
                ) = rest;
                HistoryRow {
                    track,
                    at: Timestamp(at),
                    position: MicroPosition { latitude_udeg, longitude_udeg },
                    course_cdeg: course.filter(|v| *v != NO_U16),
                    speed_cmps: speed.filter(|v| *v != NO_U16),
                    altitude_m: Option::filter(altitude, |v| *v != NO_I32),
                    sd_m,
                    marks,
                    source,
                }
            };
            rows.into_iter().map(row).collect()
        })
    }

    proptest! {
        #[test]
        fn columns_give_back_what_was_put_in(rows in rows()) {
            let bytes = to_columns(&rows);
            prop_assert!(bytes.len() <= BLOCK_BYTES_MAX);
            prop_assert_eq!(from_columns(&bytes, rows.len()), Some(rows.clone()));
            prop_assert_eq!(from_columns(&bytes, rows.len() + 1), None);
        }

        #[test]
        fn the_fixed_form_gives_back_what_was_put_in(rows in rows()) {
            for row in rows {
                let mut bytes = Vec::new();
                row.write(&mut bytes);
                prop_assert_eq!(bytes.len(), ROW_BYTES);
                prop_assert_eq!(HistoryRow::read(&mut Take(&bytes)), Some(row));
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>, count in 0..50usize) {
            from_columns(&bytes, count);
        }
    }
}
