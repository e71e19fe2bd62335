//! What may cross the border, to whom, in which tier, and why not.
//!
//! A nation writes its release policy in Cedar files; [`Policy`] reads them, refuses a set that
//! does not fit the schema, and answers for each observation and record. Only this crate makes a
//! [`Released`], and the link takes nothing else: so what no permit lets through has no way out.
//! Every tier is a struct built up from nothing, never a report with parts blacked out.
//!
//! Refuses: clocks, files, sockets (time and texts are handed in), masking, machine-made
//! exceptions, release of what a partner gave us, and any answer without a reason in both
//! languages.
//!
//! Nobody else can make a [`Released`]:
//!
//! ```compile_fail,E0451
//! use renkei_model::id::Nation;
//! let forged = renkei_policy::Released { to: Nation::USA, policy: "none".into(), item: 7 };
//! ```
//!
//! and none can be made by a function either:
//!
//! ```compile_fail,E0624
//! use renkei_model::id::Nation;
//! let forged = renkei_policy::Released::new(Nation::USA, "none".into(), 7);
//! ```

mod built;
pub mod change;
pub mod check;
pub mod explain;
mod facts;
mod grid;
mod memo;
#[cfg(test)]
mod mutation;
mod policy;
pub mod proof;
mod released;
pub mod review;
mod rules;
mod shipped;
mod slots;
mod tier;
pub mod wire;
mod words;

pub use policy::{ObservationDecision, Policy, Withheld};
pub use released::Released;
pub use review::{Approval, Review};
pub use rules::{PolicyError, Problem};
pub use shipped::{shipped, shipped_never, shipped_proof};
pub use tier::{Tier, TierVerdict};
pub use wire::ObservationRelease;
