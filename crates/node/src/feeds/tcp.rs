//! Feeds over TCP: receivers that connect to us, and those that we connect to.
//!
//! Refuses: more than 64 connections on one feed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use renkei_codec::Reject;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::Feed;
use super::reader::{Batch, Reader};
use super::tak::{self, Hub};
use crate::clock;

/// Connections on one feed: far more than an honest site has, few enough for memory.
const CONNECTIONS_MAX: usize = 64;
/// Bytes taken from a socket at once.
pub(super) const CHUNK_LEN: usize = 16 * 1024;
/// The first pause before trying again.
const RETRY_MIN: Duration = Duration::from_millis(500);
/// The longest.
const RETRY_MAX: Duration = Duration::from_secs(30);
/// How long a connection may take to be made.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// After so long without a word the system asks whether the other end lives.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Pauses that double up to a limit.
#[derive(Debug)]
pub(super) struct Backoff(Duration);

impl Backoff {
    pub(super) fn new() -> Self {
        Self(RETRY_MIN)
    }

    pub(super) async fn pause(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(RETRY_MAX);
    }

    fn reset(&mut self) {
        self.0 = RETRY_MIN;
    }
}

/// Takes the address for the feed, or says why it cannot.
pub(super) async fn bind(feed: &Feed, address: SocketAddr) -> Option<TcpListener> {
    match TcpListener::bind(address).await {
        Ok(listener) => {
            feed.tally.open();
            Some(listener)
        }
        Err(error) => {
            feed.tally.down(format!(
                "listen on {address}: {error}; end the other program or change feed.listen"
            ));
            None
        }
    }
}

/// Takes connections for ever; `first` is the listener if the address was free at the start.
pub(super) async fn listen(
    feed: Arc<Feed>,
    address: SocketAddr,
    first: Option<TcpListener>,
    hub: Option<Arc<Hub>>,
) {
    let mut backoff = Backoff::new();
    let mut listener = first;
    let slots = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Some(open) = &listener else {
            backoff.pause().await;
            listener = bind(&feed, address).await;
            continue;
        };
        // An error of accept is the machine's (no more descriptors), not the listener's.
        let Ok((stream, peer)) = open.accept().await else {
            tokio::time::sleep(RETRY_MIN).await;
            continue;
        };
        let Ok(slot) = slots.clone().try_acquire_owned() else {
            let detail = format!("{peer} turned away: {CONNECTIONS_MAX} connections are open");
            feed.tally.reject(&Reject::new("connections", detail, &[]));
            continue;
        };
        keep_alive(&stream);
        let (feed, hub) = (feed.clone(), hub.clone());
        tokio::spawn(async move {
            let _slot = slot;
            let _connected = feed.tally.connected();
            match hub {
                Some(hub) => tak::serve(&feed, &hub, stream).await,
                None => {
                    take(&feed, stream).await;
                }
            }
        });
    }
}

/// Connects for ever.
pub(super) async fn connect(feed: Arc<Feed>, address: String) {
    let mut backoff = Backoff::new();
    while !feed.engine.is_closed() {
        let made = tokio::time::timeout(CONNECT_TIME, TcpStream::connect(&address)).await;
        let why = match made {
            Ok(Ok(stream)) => {
                keep_alive(&stream);
                let connected = feed.tally.connected();
                let taken = take(&feed, stream).await;
                drop(connected);
                if taken > 0 {
                    backoff.reset();
                }
                format!("{address} closed the connection")
            }
            Ok(Err(error)) => format!("connect to {address}: {error}; is the receiver running?"),
            Err(_) => format!("connect to {address}: no answer; is the address right?"),
        };
        feed.tally.down(why);
        backoff.pause().await;
    }
}

/// Makes a dead line be noticed within about a minute, whether bytes wait to go out on it or not.
fn keep_alive(stream: &TcpStream) {
    let keepalive =
        TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE).with_retries(1);
    let socket = SockRef::from(stream);
    // A system that knows neither only notices later.
    let _ = socket.set_tcp_keepalive(&keepalive);
    let _ = socket.set_tcp_user_timeout(Some(2 * KEEPALIVE));
}

/// Reads a stream to its end; how many messages were good.
async fn take(feed: &Feed, mut stream: impl AsyncRead + Unpin) -> u64 {
    let mut reader = Reader::new(feed);
    let mut chunk = vec![0; CHUNK_LEN];
    let mut taken = 0;
    loop {
        let length = stream.read(&mut chunk).await.unwrap_or_default();
        let now = clock::now();
        let mut batch = match chunk.get(..length) {
            Some(bytes) if length > 0 => reader.push(bytes, now),
            _ => reader.finish(now),
        };
        reader.observe(&mut batch, now, |event| Ok(event.head().uid.clone()));
        taken += batch.accepted;
        if !settle(feed, batch).await || length == 0 {
            return taken;
        }
    }
}

/// Counts a batch and hands it on; false when the engine has ended.
pub(super) async fn settle(feed: &Feed, batch: Batch) -> bool {
    count(feed, &batch);
    let sweeps = feed.sweeps.add(batch.plots, &batch.marks, clock::now());
    feed.swept(sweeps).await && feed.observed(batch.observations).await
}

/// Counts a batch.
pub(super) fn count(feed: &Feed, batch: &Batch) {
    feed.tally.accept(batch.accepted);
    batch.rejects.iter().for_each(|reject| feed.tally.reject(reject));
    batch.notes.iter().for_each(|note| feed.tally.note(note));
    feed.tally.clock(batch.clock);
}
