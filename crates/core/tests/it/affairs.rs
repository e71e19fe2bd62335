//! Two headquarters' affairs, joined by a pipe in memory, rule by rule.

mod agreement;
mod authority;
mod border;
mod decision;
mod desks;
mod destruction;
mod identities;
mod incidents;
mod interleavings;
mod merges;
mod notary;
mod notices;
mod pair;
mod policies;
mod recall;
mod records;
mod recovery;
mod review;
mod standing;
mod succession;
mod watches;
mod wording;
