//! The demo's border cable: a loopback relay between the two nodes that can be cut and healed.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The cable. Cloning gives another hand on the same cable.
#[derive(Clone)]
pub(crate) struct Wire {
    whole: Arc<watch::Sender<bool>>,
}

impl Wire {
    /// Takes `from` and relays every connection to `to` until the cable is cut.
    ///
    /// # Errors
    /// When the address is taken.
    pub(crate) async fn lay(from: SocketAddr, to: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(from).await?;
        let whole = Arc::new(watch::Sender::new(true));
        let wire = Self { whole: whole.clone() };
        tokio::spawn(async move {
            loop {
                let Ok((mut near, _)) = listener.accept().await else { continue };
                let mut state = whole.subscribe();
                if !*state.borrow_and_update() {
                    continue;
                }
                tokio::spawn(async move {
                    let Ok(mut far) = TcpStream::connect(to).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|whole| !whole) => {}
                    }
                });
            }
        });
        Ok(wire)
    }

    /// Cuts the cable: open connections end, new ones are refused.
    pub(crate) fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Heals the cable.
    pub(crate) fn heal(&self) {
        self.whole.send_replace(true);
    }

    /// Whether the cable is whole.
    pub(crate) fn is_whole(&self) -> bool {
        *self.whole.borrow()
    }
}
