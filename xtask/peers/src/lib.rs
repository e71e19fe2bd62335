//! What the peers share: CPU time, and the JSON line that `cargo xtask bench` reads.
//!
//! Refuses: to be part of the product.

use std::time::Duration;

/// CPU time that this thread has used.
///
/// # Panics
/// Where Linux's `/proc` is absent.
#[must_use]
pub fn spent() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let first = text.split(' ').next().expect("three numbers");
    Duration::from_nanos(first.parse().expect("a number"))
}

/// Repeats `pass` over `items` things for `seconds` of CPU time after one pass to warm up, and prints
/// the figure. `pass` gives how many came out.
pub fn measure(tool: &str, items: usize, seconds: f64, mut pass: impl FnMut() -> u64) {
    let out = pass();
    let start = spent();
    let mut passes = 0_u32;
    let mut cpu_s = 0.0;
    while cpu_s < seconds {
        pass();
        passes += 1;
        cpu_s = (spent() - start).as_secs_f64();
    }
    let per_s = (items as f64 * f64::from(passes) / cpu_s).round();
    let figures = serde_json::json!({"fields": {"per_s": per_s, "out": out}});
    println!("{}", serde_json::json!({"tool": tool, "figures": figures}));
}

/// The input file and the seconds from the command line.
///
/// # Panics
/// When they are not there or the file cannot be read.
#[must_use]
pub fn arguments() -> (Vec<u8>, f64) {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("an input file");
    let seconds = arguments.next().expect("seconds of CPU time").parse().expect("a number");
    (std::fs::read(path).expect("a readable input"), seconds)
}
