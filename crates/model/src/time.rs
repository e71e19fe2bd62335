//! Time: UTC milliseconds, always handed in, never read from a clock here.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored as in Unix time.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Timestamp(#[n(0)] pub i64);

impl Timestamp {
    /// This moment plus `ms` milliseconds; saturates.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative when `earlier` is later.
    #[must_use]
    pub fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// RFC 3339 in UTC with milliseconds only where they are not zero, or `None` outside the years
    /// that RFC 3339 can write.
    #[must_use]
    pub fn to_rfc3339(self) -> Option<String> {
        jiff::Timestamp::from_millisecond(self.0).ok().map(|t| t.to_string())
    }

    /// Reads RFC 3339 with any offset and any number of fraction digits.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_millisecond()))
    }

    /// The military date-time group in Zulu, for example `220628ZNOV26`; empty outside RFC 3339's years.
    #[must_use]
    pub fn to_dtg(self) -> String {
        const MONTHS: [&str; 12] =
            ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
        let Ok(t) = jiff::Timestamp::from_millisecond(self.0) else { return String::new() };
        let t = t.to_zoned(jiff::tz::TimeZone::UTC);
        let month = MONTHS.get(usize::from(t.month().unsigned_abs()) - 1).unwrap_or(&"");
        format!("{:02}{:02}{:02}Z{month}{:02}", t.day(), t.hour(), t.minute(), t.year() % 100)
    }
}
