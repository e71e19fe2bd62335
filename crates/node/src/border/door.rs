//! How a connection to a partner comes about: one side listens, the other dials again and again.
//! One listener may wait for several partners.
//!
//! Refuses everyone without the pinned certificate, more than a few half-made connections at once,
//! and to flood the engine with the attempts of strangers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use renkei_model::id::Nation;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsStream;

use super::tls::{Tls, words};

/// A TCP connection and its TLS handshake must stand within this time.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Half-made connections at once; more are hung up.
const HALF_MADE_MAX: usize = 8;
/// Waits between two attempts to dial: doubled from the first to the last.
const BACK_OFF_MIN: Duration = Duration::from_millis(100);
const BACK_OFF_MAX: Duration = Duration::from_secs(2);
/// A connection that lived this long was a good one: the next attempt is made at once.
const GOOD: Duration = Duration::from_secs(5);
/// Bytes that the kernel may hold unsent: one frame, so that the choice what goes next is made late.
const NOTSENT_LOWAT_BYTES: u32 = 1024;
/// Refused strangers are told at most this often; all are counted.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// Where partners are waited for: one socket, and whom each session is for.
pub(crate) struct Hall {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Tls,
    pub(crate) attempts: BTreeMap<Nation, mpsc::Sender<Attempt>>,
}

/// What came of an attempt.
pub(crate) enum Attempt {
    /// The right partner; `gone` is dropped when the connection is.
    Made { stream: Box<TlsStream<TcpStream>>, gone: oneshot::Sender<()> },
    /// Nobody, or a stranger; in words.
    Failed(String),
}

/// Takes in partners for ever.
pub(crate) async fn listen(hall: Hall) {
    let Hall { listener, tls, attempts } = hall;
    let (tls, attempts) = (Arc::new(tls), Arc::new(attempts));
    let places = Arc::new(Semaphore::new(HALF_MADE_MAX));
    let (refused, mut refusals) = mpsc::channel::<String>(HALF_MADE_MAX);
    let (mut count, mut told) = (0_u64, None::<Instant>);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    let Ok(place) = places.clone().try_acquire_owned() else { continue };
                    let (tls, attempts, refused) = (tls.clone(), attempts.clone(), refused.clone());
                    tokio::spawn(async move {
                        let outcome = within(async {
                            prepare(&stream)?;
                            tls.acceptor.accept(stream).await
                        });
                        match outcome.await {
                            Ok(stream) => {
                                let partner = tls.peer(stream.get_ref().1);
                                if let Some(to) = partner.and_then(|who| attempts.get(&who)) {
                                    let (gone, _) = oneshot::channel();
                                    let stream = Box::new(TlsStream::from(stream));
                                    let _ = to.send(Attempt::Made { stream, gone }).await;
                                }
                            }
                            Err(why) => drop(refused.send(format!("{from}: {why}")).await),
                        }
                        drop(place);
                    });
                }
                // Out of file descriptors, most likely: give others a moment to return some.
                Err(_) => sleep(BACK_OFF_MIN).await,
            },
            Some(why) = refusals.recv() => {
                count += 1;
                if told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
                    told = Some(Instant::now());
                    let words = format!("refused {why} ({count} refused since the start)");
                    // It may have been any of them.
                    for to in attempts.values() {
                        if to.send(Attempt::Failed(words.clone())).await.is_err() {
                            return;
                        }
                    }
                }
            }
        }
    }
}

/// Dials a partner for ever.
pub(crate) async fn dial(address: SocketAddr, tls: Tls, attempts: mpsc::Sender<Attempt>) {
    let mut back_off = BACK_OFF_MIN;
    loop {
        let outcome = within(async {
            let stream = TcpStream::connect(address).await?;
            prepare(&stream)?;
            // No name is compared: the certificate is pinned, and none is sent.
            let name = address.ip().into();
            tls.connector.connect(name, stream).await.map(TlsStream::from)
        });
        let attempt = match outcome.await {
            Ok(stream) => {
                let (gone, end) = oneshot::channel();
                let made = Instant::now();
                let attempt = Attempt::Made { stream: Box::new(stream), gone };
                if attempts.send(attempt).await.is_err() {
                    return;
                }
                let _ = end.await;
                if made.elapsed() >= GOOD {
                    back_off = BACK_OFF_MIN;
                }
                None
            }
            Err(why) => Some(Attempt::Failed(format!("dial {address}: {why}"))),
        };
        if let Some(failed) = attempt
            && attempts.send(failed).await.is_err()
        {
            return;
        }
        sleep(back_off).await;
        back_off = BACK_OFF_MAX.min(back_off * 2);
    }
}

/// The outcome of making a connection, in words when it fails or takes too long.
async fn within<T>(making: impl Future<Output = std::io::Result<T>>) -> Result<T, String> {
    match timeout(HANDSHAKE, making).await {
        Ok(outcome) => outcome.map_err(|error| words(&error)),
        Err(_) => Err(format!("no TLS session within {} s", HANDSHAKE.as_secs())),
    }
}

/// Small writes leave at once, and the kernel holds little that could have been overtaken.
fn prepare(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_notsent_lowat(NOTSENT_LOWAT_BYTES)
}
