//! Feeds (being written).

use renkei_core::picture::Picture;
use renkei_model::id::Nation;
use renkei_model::time::Timestamp;
use tokio::sync::mpsc;

use crate::cli::End;
use crate::config::Config;
use crate::messages::ToEngine;

/// The way of the picture to TAK clients.
pub(crate) struct PictureToTak;

impl PictureToTak {
    /// Sends what changed.
    pub(crate) fn send(&self, _picture: &Picture, _nation: Nation, _now: Timestamp) {}
}

/// Starts every feed.
pub(crate) async fn start(_config: &Config, _engine: mpsc::Sender<ToEngine>) -> Result<PictureToTak, End> {
    Ok(PictureToTak)
}
