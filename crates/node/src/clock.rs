//! The one place where this node reads the wall clock; everything below is handed the time.

use renkei_model::time::Timestamp;

/// Now, in UTC milliseconds.
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}
