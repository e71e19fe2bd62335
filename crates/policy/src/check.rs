//! Checks a policy set before it is used: `renkei policy check DIR`.

use crate::rules::{Problem, Rules};

/// All that is wrong with a set of (file name, Cedar text); empty when it may be used.
#[must_use]
pub fn check(files: &[(&str, &str)]) -> Vec<Problem> {
    match Rules::load(files) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems,
    }
}
