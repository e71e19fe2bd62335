//! Sentences that carry UTC of their own: `$--RMC` with a fix, and AIS types 4 and 11. Beside the
//! time that the logger wrote next to them they tell how wrong the logger's clock is.
//!
//! Refuses: RMC without a valid fix (status `V`, and dummies with a date of years ago), without a
//! checksum or with a wrong one, and more than 64 readings that nobody took.

use renkei_model::time::Timestamp;

use super::layout::BaseStation;
use super::{scan, sentence, timing};

/// UTC that was transmitted, beside the time the line was stamped with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldUtc {
    /// The time by the clock of whoever logged the line.
    pub stamped: Timestamp,
    /// The time that the sentence itself carries, to the second.
    pub utc: Timestamp,
}

/// The readings that wait for a caller.
#[derive(Debug, Default)]
pub(super) struct Readings(Vec<ToldUtc>);

impl Readings {
    /// A flood of base stations keeps the first ones of a read; they differ by nothing.
    const MAX: usize = 64;

    /// Keeps a reading where both times are known.
    pub(super) fn keep(&mut self, stamped: Option<Timestamp>, utc: Option<Timestamp>) {
        if let (Some(stamped), Some(utc)) = (stamped, utc)
            && self.0.len() < Self::MAX
        {
            self.0.push(ToldUtc { stamped, utc });
        }
    }

    /// Hands out what is kept.
    pub(super) fn take(&mut self) -> Vec<ToldUtc> {
        std::mem::take(&mut self.0)
    }
}

/// UTC in a base station report or a UTC response (ITU-R M.1371-5, types 4 and 11); `None` where
/// the station has none (year 0, month 0, day 0, hour 24, minute 60, second 60).
pub(super) fn of_base_station(m: &BaseStation) -> Option<Timestamp> {
    let date = [m.year.into(), m.month.into(), m.day.into()];
    let time = [m.hour.into(), m.minute.into(), m.second.into()];
    (m.second < 60).then(|| timing::civil(date, time, 0)).flatten()
}

/// UTC in `$--RMC,hhmmss.ss,A,lat,N,lon,E,speed,course,ddmmyy,…*hh` (IEC 61162-1); years are
/// 2000 to 2099.
pub(super) fn of_rmc(line: &[u8]) -> Option<Timestamp> {
    let [b'$', _, _, b'R', b'M', b'C', b',', fields @ ..] = line else { return None };
    let star = scan::position(fields, b'*')?;
    let (fields, end) = fields.split_at_checked(star)?;
    let address = line.get(1..7)?;
    let written = sentence::hex(*end.get(1)?, *end.get(2)?)?;
    if written != scan::checksum(address).0 ^ scan::checksum(fields).0 {
        return None;
    }
    let mut fields = fields.split(|&c| c == b',');
    let (time, status, date) = (fields.next()?, fields.next()?, fields.nth(6)?);
    if status != b"A" {
        return None;
    }
    let [hour, minute, second] = pairs(time.get(..6)?)?;
    let [day, month, year] = pairs(date)?;
    timing::civil([2000 + year, month, day], [hour, minute, second], 0)
}

/// Three numbers of two digits each and nothing else.
fn pairs(text: &[u8]) -> Option<[i64; 3]> {
    let [a, b, c, d, e, f] = text else { return None };
    let two = |high: &u8, low: &u8| timing::digits(&[*high, *low]);
    Some([two(a, b)?, two(c, d)?, two(e, f)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &[u8], expected: Option<&str>) {
        let told = of_rmc(line).and_then(Timestamp::to_rfc3339);
        assert_eq!(told.as_deref(), expected, "{}", line.escape_ascii());
    }

    #[test]
    fn rmc_tells_utc_only_with_a_fix_and_a_right_checksum() {
        let good = b"$GPRMC,054808.000,A,3540.0135,N,13947.5385,E,0.00,172.30,140518,,,A*67";
        check(good, Some("2018-05-14T05:48:08Z"));
        check(&[&good[..good.len() - 1], b"6"].concat(), None);
        check(b"$GPRMC,120939.000,V,0000.0000,N,00000.0000,E,000.0,000.0,280606,,,N*7C", None);
        check(b"$GPGGA,054808.000,3540.0135,N,13947.5385,E,1,10,0.8,18.3,M,39.4,M,,0000*66", None);
        check(b"$GPRMC,*00", None);
        check(b"$GPRMC,", None);
    }
}
