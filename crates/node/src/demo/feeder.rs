//! The simulated world, played into the nodes' real sockets as real sentences and frames.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use renkei_model::time::Timestamp;
use renkei_sim::world::{Cue, World};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::nodes::Ports;
use crate::clock;

/// How often the world moves.
const STEP: Duration = Duration::from_millis(100);
/// Longest catch-up after this process was held up; older emissions are skipped.
const CATCH_UP_MS: i64 = 2_000;

/// One receiver's connection to its feed; opened again after a failure.
struct Receiver {
    address: SocketAddr,
    stream: Option<TcpStream>,
    retry_at: Timestamp,
}

impl Receiver {
    async fn write(&mut self, bytes: &[u8], now: Timestamp) {
        if self.stream.is_none() && now >= self.retry_at {
            self.stream = TcpStream::connect(self.address).await.ok();
            self.retry_at = now.plus_ms(500);
        }
        if let Some(stream) = &mut self.stream {
            let written = tokio::time::timeout(Duration::from_secs(1), stream.write_all(bytes));
            if !matches!(written.await, Ok(Ok(()))) {
                self.stream = None;
            }
        }
    }
}

/// Plays the world of `seed` for ever, obeying cues.
pub(crate) async fn play(seed: u64, ports: Ports, mut cues: mpsc::Receiver<Cue>) {
    let mut world = World::new(seed, clock::now());
    let mut receivers: BTreeMap<&'static str, Receiver> = BTreeMap::new();
    let mut ticker = tokio::time::interval(STEP);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            _ = ticker.tick() => {}
            cue = cues.recv() => match cue {
                Some(cue) => { world.cue(cue); continue; }
                None => return,
            },
        }
        let now = clock::now();
        let mut batches: BTreeMap<&'static str, Vec<u8>> = BTreeMap::new();
        for emission in world.step(now) {
            if now.since_ms(emission.at) <= CATCH_UP_MS {
                batches.entry(emission.receiver).or_default().extend(emission.bytes);
            }
        }
        for (name, bytes) in batches {
            let Some(address) = ports.feed(name) else { continue };
            let receiver = receivers.entry(name).or_insert(Receiver {
                address,
                stream: None,
                retry_at: Timestamp::default(),
            });
            receiver.write(&bytes, now).await;
        }
    }
}
