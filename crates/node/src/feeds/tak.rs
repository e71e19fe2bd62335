//! TAK clients on one feed: their reports come in, the picture goes out.
//!
//! Refuses: showing a client what its net is not cleared for (a track goes out only where its label
//! asks no more than the feed's own, and to clients that lose marks only what needs none), taking back
//! what a client only repeats, a client's own thing back to it, and one client's word for
//! another's: a second one with the same uid is another thing, `uid#2`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use renkei_codec::Reject;
use renkei_codec::cot::{self, LabelWords, TrackMarks};
use renkei_core::picture::Picture;
use renkei_model::id::{Nation, Partition};
use renkei_model::label::{Classification, Label};
use renkei_model::observation::{Domain, Identity};
use renkei_model::statement::Affiliation;
use renkei_model::time::Timestamp;
use renkei_model::track::{Freshness, Track};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::Feed;
use super::outbox::Outbox;
use super::reader::Reader;
use super::tcp::{CHUNK_LEN, settle};
use crate::clock;
use crate::config::ClientLabels;

/// A client that takes no bytes for so long is gone.
const WRITE_TIME: Duration = Duration::from_secs(15);
/// Names claimed on one feed.
const CLAIMS_MAX: usize = 20_000;
/// Clients that may use one uid.
const NAMESAKES_MAX: usize = 8;
/// What the names of our own tracks towards clients begin with.
const OUR_UID: &str = "renkei-";

/// One connected client.
#[derive(Debug, Default)]
struct Client {
    outbox: Outbox,
    /// The names under which its own things are known; they are not shown back to it.
    own: Mutex<BTreeSet<String>>,
    /// It has not been shown the whole picture yet.
    is_new: AtomicBool,
}

/// Which connection uses a uid: at place 0 under its own name, at place 1 as `uid#2`, and so on.
type Claims = BTreeMap<String, Vec<Option<u64>>>;

/// The clients of one feed.
#[derive(Debug)]
pub(super) struct Hub {
    label: Label,
    nation: Nation,
    partition: Partition,
    words: LabelWords,
    /// The clients lose marks: as configured, or as seen when one repeated what it was shown.
    is_blind: AtomicBool,
    clients: Mutex<BTreeMap<u64, Arc<Client>>>,
    claims: Mutex<Claims>,
    numbers: std::sync::atomic::AtomicU64,
    shown: Mutex<Timestamp>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    pub(super) fn new(feed: &Feed, labels: ClientLabels) -> Self {
        Self {
            label: feed.context.label.clone(),
            nation: feed.context.nation,
            partition: feed.partition.clone(),
            words: feed.words.clone(),
            is_blind: AtomicBool::new(labels == ClientLabels::Blind),
            clients: Mutex::default(),
            claims: Mutex::default(),
            numbers: std::sync::atomic::AtomicU64::new(0),
            shown: Mutex::default(),
        }
    }

    /// True while a client is connected.
    pub(super) fn has_clients(&self) -> bool {
        !locked(&self.clients).is_empty()
    }

    /// Puts every track that changed since the last time into the clients' queues; a new client gets
    /// all of them.
    pub(super) fn show(&self, picture: &Picture, nation: Nation, now: Timestamp) {
        let clients: Vec<Arc<Client>> = locked(&self.clients).values().cloned().collect();
        let since = std::mem::replace(&mut *locked(&self.shown), now);
        let newcomers: Vec<bool> =
            clients.iter().map(|client| client.is_new.swap(false, Ordering::Relaxed)).collect();
        let is_whole = newcomers.contains(&true);
        for motion in picture.motions(nation, now) {
            let Some(track) = picture.track(motion.number) else { continue };
            let is_changed = track.last_seen >= since;
            if !(is_changed || is_whole) || track.freshness == Freshness::Lost {
                continue;
            }
            let Some((uid, event)) = self.event(track, motion.affiliation, nation, now) else {
                continue;
            };
            for (client, is_new) in clients.iter().zip(&newcomers) {
                if (is_changed || *is_new) && !locked(&client.own).contains(&*uid) {
                    client.outbox.put(&uid, event.clone());
                }
            }
        }
    }

    fn event(
        &self,
        track: &Track,
        affiliation: Affiliation,
        nation: Nation,
        now: Timestamp,
    ) -> Option<(Arc<str>, Arc<str>)> {
        let is_blind = self.is_blind.load(Ordering::Relaxed);
        if !is_cleared(&self.label, &track.label) || is_blind && needs_a_mark(&track.label) {
            return None;
        }
        let uid = name(track, nation);
        let stale_ms = stale_ms(track.domain);
        let marks = TrackMarks {
            uid: &uid,
            affiliation,
            partition: &self.partition,
            net: &self.words,
            stale_ms,
        };
        let event = cot::from_track(track, &marks, now)?;
        Some((uid.into(), event.into()))
    }

    /// Refuses one of our own tracks that a client repeats, and looks whether its marks are still there:
    /// every event of ours says `access` and `releasableTo`.
    fn echo(&self, event: &cot::Event) -> Option<Vec<Reject>> {
        let head = event.head();
        let ours = format!("{}{}-", OUR_UID, self.nation);
        if !head.uid.starts_with(&ours) {
            return None;
        }
        let repeated = "a client repeats a track that it was shown; it is not taken for a report";
        let mut rejects = vec![Reject::new("echo", repeated, head.uid.as_bytes())];
        let is_stripped = head.access.is_none() || head.releasable_to.is_none();
        if is_stripped && !self.is_blind.swap(true, Ordering::Relaxed) {
            let detail = "a client lost the marks of what it was shown: from now on this net gets only \
                          what needs none; set labels = \"blind\" for it";
            rejects.push(Reject::new("label_blind", detail, head.uid.as_bytes()));
        }
        Some(rejects)
    }

    /// The name under which `connection`'s thing `uid` is known, and whether it is a new namesake.
    /// A client whose line broke and came again is a namesake until the dead line is given up; then
    /// it moves to its own name.
    ///
    /// # Errors
    /// A [`Reject`] when the table of names, or the list of namesakes, is full.
    fn claim(&self, uid: &str, connection: u64) -> Result<(String, bool), Reject> {
        let mut claims = locked(&self.claims);
        if claims.len() >= CLAIMS_MAX && !claims.contains_key(uid) {
            claims.retain(|_, users| users.iter().any(Option::is_some));
            if claims.len() >= CLAIMS_MAX {
                let detail = format!("{CLAIMS_MAX} uids are in use on this feed");
                return Err(Reject::new("too_many_uids", detail, uid.as_bytes()));
            }
        }
        let users = claims.entry(uid.to_owned()).or_default();
        let own = users.iter().position(|user| *user == Some(connection));
        let free = users.iter().position(Option::is_none).unwrap_or(users.len());
        let place = own.map_or(free, |own| own.min(free));
        if place >= NAMESAKES_MAX {
            let detail = format!("{NAMESAKES_MAX} clients use this uid; give each its own");
            return Err(Reject::new("duplicate_uid", detail, uid.as_bytes()));
        }
        if let Some(user) = own.and_then(|own| users.get_mut(own)) {
            *user = None;
        }
        match users.get_mut(place) {
            Some(user) => *user = Some(connection),
            None => users.push(Some(connection)),
        }
        let name = if place == 0 { uid.to_owned() } else { format!("{uid}#{}", place + 1) };
        Ok((name, place > 0 && own.is_none()))
    }

    fn release(&self, connection: u64) {
        for user in locked(&self.claims).values_mut().flatten() {
            if *user == Some(connection) {
                *user = None;
            }
        }
    }
}

/// The name of a track towards clients: its own where it is a TAK thing, else ours.
fn name(track: &Track, nation: Nation) -> String {
    let own = track.identities.iter().find_map(|identity| match identity {
        Identity::Cot(uid) => Some(uid.clone()),
        _ => None,
    });
    own.unwrap_or_else(|| format!("{OUR_UID}{nation}-{}", track.number.0))
}

/// For how long an event holds: three reporting intervals of a slow reporter.
fn stale_ms(domain: Domain) -> i64 {
    match domain {
        Domain::Air => 60_000,
        Domain::Surface | Domain::Installation => 600_000,
        Domain::Land | Domain::Other => 300_000,
    }
}

/// Whether a net whose own reports are labelled `net` may carry what is labelled `thing`. TAK clients
/// drop labels, so a restriction that the net does not have itself keeps the thing off it.
fn is_cleared(net: &Label, thing: &Label) -> bool {
    thing.classification <= net.classification && thing.restrictive.is_subset(&net.restrictive)
}

/// Whether a thing may not go where its marks would be lost: it is classified, or restricted at all.
fn needs_a_mark(thing: &Label) -> bool {
    thing.classification > Classification::Unclassified || !thing.restrictive.is_empty()
}

/// Serves one client until either side ends.
pub(super) async fn serve(feed: &Arc<Feed>, hub: &Arc<Hub>, stream: TcpStream) {
    let client = Arc::new(Client { is_new: AtomicBool::new(true), ..Client::default() });
    let connection = hub.numbers.fetch_add(1, Ordering::Relaxed);
    locked(&hub.clients).insert(connection, client.clone());
    let (read, write) = stream.into_split();
    tokio::select! {
        () = take(feed, hub, &client, connection, read) => {}
        () = give(&client, write) => {}
    }
    client.outbox.close();
    locked(&hub.clients).remove(&connection);
    hub.release(connection);
}

async fn give(client: &Client, mut write: OwnedWriteHalf) {
    while let Some(bytes) = client.outbox.next().await {
        let written = tokio::time::timeout(WRITE_TIME, write.write_all(&bytes));
        if !matches!(written.await, Ok(Ok(()))) {
            return;
        }
    }
}

async fn take(feed: &Feed, hub: &Hub, client: &Client, connection: u64, mut read: OwnedReadHalf) {
    let mut reader = Reader::new(feed);
    let mut chunk = vec![0; CHUNK_LEN];
    loop {
        let length = read.read(&mut chunk).await.unwrap_or_default();
        let now = clock::now();
        let mut batch = match chunk.get(..length) {
            Some(bytes) if length > 0 => reader.push(bytes, now),
            _ => reader.finish(now),
        };
        for _ in batch.events.iter().filter(|event| event.is_ping()) {
            client.outbox.answer(cot::pong(now));
        }
        reader.observe(&mut batch, now, |event| {
            let uid = &event.head().uid;
            if let Some(mut rejects) = hub.echo(event) {
                let last = rejects.pop();
                rejects.iter().for_each(|reject| feed.tally.reject(reject));
                return last.map_or_else(|| Ok(uid.clone()), Err);
            }
            let (name, is_namesake) = hub.claim(uid, connection)?;
            if is_namesake {
                let detail = format!("another client uses the uid; this one is shown as `{name}`");
                feed.tally.reject(&Reject::new("duplicate_uid", detail, uid.as_bytes()));
            }
            let mut own = locked(&client.own);
            if own.len() < CLAIMS_MAX {
                own.insert(name.clone());
            }
            Ok(name)
        });
        if !settle(feed, batch).await || length == 0 {
            return;
        }
    }
}
