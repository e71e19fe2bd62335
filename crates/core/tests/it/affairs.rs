//! Two headquarters' affairs, joined by a pipe in memory, rule by rule.

mod agreement;
mod authority;
mod border;
mod decision;
mod identities;
mod incidents;
mod interleavings;
mod merges;
mod notices;
mod pair;
mod recall;
mod records;
mod recovery;
mod review;
mod standing;
mod watches;
mod wording;
