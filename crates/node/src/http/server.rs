//! Listening, TLS and connection limits of the watch floor.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::config::HttpTls;

/// Open connections at the most; the next waits until one closes.
const CONNECTIONS_MAX: usize = 1_024;
/// A client that has not sent its headers or its TLS handshake by then is dropped.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the watch floor cannot be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// The address is taken or not ours.
    #[error(
        "listen on {address}: {source}; another program may hold the port, choose another with `http = …`"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The certificate or key cannot be used.
    #[error("use the certificate of the watch floor: {0}; correct [http_tls] in renkei.toml")]
    Tls(String),
}

/// Takes the address.
///
/// # Errors
/// [`ServeError::Listen`] when it is taken.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

fn acceptor(tls: &HttpTls, dir: &Path) -> Result<TlsAcceptor, ServeError> {
    let fail = |e: &dyn std::fmt::Display| ServeError::Tls(e.to_string());
    let chain = CertificateDer::pem_file_iter(dir.join(&tls.certificate))
        .map_err(|e| fail(&e))?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| fail(&e))?;
    let key = PrivateKeyDer::from_pem_file(dir.join(&tls.key)).map_err(|e| fail(&e))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|e| fail(&e))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| fail(&e))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves `router` on `listener` for ever.
///
/// # Errors
/// [`ServeError::Tls`] when the certificate cannot be used.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<(&HttpTls, &Path)>,
) -> Result<(), ServeError> {
    let acceptor = tls.map(|(tls, dir)| acceptor(tls, dir)).transpose()?;
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { return Ok(()) };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection to the watch floor was lost while it opened");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (router, acceptor) = (router.clone(), acceptor.clone());
        tokio::spawn(async move {
            match acceptor {
                None => connection(stream, peer, router).await,
                Some(acceptor) => {
                    let handshake = tokio::time::timeout(HEADER_TIMEOUT, acceptor.accept(stream));
                    if let Ok(Ok(stream)) = handshake.await {
                        connection(stream, peer, router).await;
                    }
                }
            }
            drop(slot);
        });
    }
}

async fn connection<S>(stream: S, peer: SocketAddr, router: Router)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = TowerToHyperService::new(router.layer(axum::Extension(ConnectInfo(peer))));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, %peer, "a connection to the watch floor ended early");
    }
}
