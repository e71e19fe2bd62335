//! Feeds over UDP: each sender is read on its own.
//!
//! Refuses: more than 64 senders at once; the one that was silent longest is forgotten first, and
//! with it only what stood unfinished.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use renkei_model::time::Timestamp;
use tokio::net::UdpSocket;

use super::Feed;
use super::reader::Reader;
use super::tcp::{Backoff, settle};
use crate::clock;

/// Senders read at once.
const SENDERS_MAX: usize = 64;
/// The longest datagram there is.
const DATAGRAM_LEN_MAX: usize = 65_536;

/// Takes datagrams for ever.
pub(super) async fn listen(feed: Arc<Feed>, address: SocketAddr) {
    let mut backoff = Backoff::new();
    let mut datagram = vec![0; DATAGRAM_LEN_MAX];
    while !feed.engine.is_closed() {
        match UdpSocket::bind(address).await {
            Ok(socket) => {
                feed.tally.open();
                take(&feed, &socket, &mut datagram).await;
            }
            Err(error) => feed.tally.down(format!(
                "listen on udp {address}: {error}; end the other program or change feed.udp"
            )),
        }
        backoff.pause().await;
    }
}

async fn take(feed: &Feed, socket: &UdpSocket, datagram: &mut [u8]) {
    let mut senders: BTreeMap<SocketAddr, (Reader, Timestamp)> = BTreeMap::new();
    loop {
        let Ok((length, sender)) = socket.recv_from(datagram).await else { return };
        let now = clock::now();
        if senders.len() >= SENDERS_MAX && !senders.contains_key(&sender) {
            let silent = senders.iter().min_by_key(|(_, (_, heard))| *heard).map(|(key, _)| *key);
            silent.map(|key| senders.remove(&key));
        }
        let (reader, heard) = senders.entry(sender).or_insert_with(|| (Reader::new(feed), now));
        *heard = now;
        let mut batch = reader.push(datagram.get(..length).unwrap_or_default(), now);
        // A datagram holds whole lines, the last of them often without its end.
        let rest = reader.finish(now);
        batch.observations.extend(rest.observations);
        let before = batch.plots.len();
        batch.marks.extend(rest.marks.iter().map(|mark| before + mark));
        batch.plots.extend(rest.plots);
        batch.events.extend(rest.events);
        batch.rejects.extend(rest.rejects);
        batch.accepted += rest.accepted;
        batch.notes.extend(rest.notes);
        reader.observe(&mut batch, now, |event| Ok(event.head().uid.clone()));
        if !settle(feed, batch).await {
            return;
        }
    }
}
