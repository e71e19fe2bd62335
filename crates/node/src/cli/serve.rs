//! `renkei serve`: one node, until it is told to stop.

use std::path::PathBuf;

use super::End;

/// Run one node. It listens on loopback only, unless [http_tls] is configured.
#[derive(clap::Args, Debug)]
pub(crate) struct Serve {
    /// The node's configuration, DIR/renkei.toml
    #[arg(long)]
    config: PathBuf,
}

/// Runs `renkei serve`.
///
/// # Errors
/// [`End::Wrong`] when the configuration, the data or an address cannot be used.
pub(crate) fn run(arguments: &Serve) -> Result<(), End> {
    super::start_logging();
    let config = crate::config::load(&arguments.config)?;
    if !crate::http::has_ui() {
        eprintln!(
            "renkei: this binary holds no watch floor; `cargo xtask ui` builds it, then build again"
        );
    }
    super::runtime()?.block_on(crate::serve::serve(config))
}
