//! The proof that policy let a thing go to one partner. It can be made in this crate alone.

use std::sync::Arc;

use renkei_model::id::Nation;

/// Proof that the release policy let `T` go to one partner (提供).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released<T> {
    to: Nation,
    policy: Arc<str>,
    item: T,
}

impl<T> Released<T> {
    /// Made by [`crate::Policy`] after a permit, nowhere else.
    pub(crate) fn new(to: Nation, policy: Arc<str>, item: T) -> Self {
        Self { to, policy, item }
    }

    /// The partner it may go to; a link to anyone else must refuse it.
    #[must_use]
    pub fn to(&self) -> Nation {
        self.to
    }

    /// The `@id` of the permit that let it go; of the highest tier, when there are several.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// What was released.
    #[must_use]
    pub fn item(&self) -> &T {
        &self.item
    }

    /// What was released, without its proof.
    #[must_use]
    pub fn into_item(self) -> T {
        self.item
    }
}
