//! Border (being written).

use tokio::sync::mpsc;

use crate::cli::End;
use crate::config::Config;
use crate::keys::NodeKeys;
use crate::messages::{ToBorder, ToEngine};

/// A border ready to run.
pub(crate) struct Prepared;

/// Takes the address and reads the partner's card.
pub(crate) async fn prepare(_config: &Config, _keys: &NodeKeys) -> Result<Option<Prepared>, End> {
    Ok(None)
}

impl Prepared {
    /// Runs for ever.
    pub(crate) async fn run(self, _engine: mpsc::Sender<ToEngine>, _from: mpsc::Receiver<ToBorder>) {}
}
