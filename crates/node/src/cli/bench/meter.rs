//! CPU time of this thread, and rates by it.
//!
//! Refuses: systems that do not tell it (Linux does, in `/proc`).

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::End;

/// CPU time that this thread has used. Exact to a scheduler's tick (1–10 ms).
///
/// # Errors
/// [`End::Wrong`] when the system does not tell it.
pub(super) fn spent() -> Result<Duration, End> {
    let path = Path::new("/proc/thread-self/schedstat");
    let text = std::fs::read_to_string(path).map_err(|e| {
        End::Wrong(format!("read `{}`: {e}; benchmarks need Linux", path.display()))
    })?;
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    let nanoseconds = nanoseconds
        .ok_or_else(|| End::Wrong(format!("read `{}`: not a number", path.display())))?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// The most memory this process ever held, in MiB.
pub(super) fn memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1024.0)
}

/// Repeats `pass` over `items` things for `seconds` of CPU time after one pass to warm up. `pass`
/// gives how many came out.
///
/// # Errors
/// As [`spent`].
pub(super) fn rate(
    items: usize,
    seconds: f64,
    mut pass: impl FnMut() -> u64,
) -> Result<Value, End> {
    let out = pass();
    let start = spent()?;
    let mut passes = 0_u32;
    loop {
        pass();
        passes += 1;
        let cpu_s = (spent()? - start).as_secs_f64();
        if cpu_s >= seconds {
            #[expect(clippy::cast_precision_loss, reason = "a rate to print")]
            let per_s = items as f64 * f64::from(passes) / cpu_s;
            return Ok(json!({"per_s": per_s.round(), "out": out}));
        }
    }
}
