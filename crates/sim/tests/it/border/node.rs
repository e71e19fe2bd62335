//! A node's process: sockets, timers and the disk's slowness round the engine.

use std::future::pending;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};
use turmoil::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use turmoil::net::{TcpListener, TcpStream};

use super::HOSTS;
use super::disk::Mark;
use super::engine::Engine;
use super::oracle::Shared;

const PORT: u16 = 8_700;
const TICK: Duration = Duration::from_millis(50);
/// Bytes asked of the border at once.
const TRANSMIT_BYTES: usize = 4 * 1024;

/// Runs until power is lost.
pub(crate) async fn run(index: usize, shared: Shared) -> turmoil::Result {
    let mut engine = Engine::start(index, shared);
    let (made, mut streams) = mpsc::channel(4);
    tokio::task::spawn_local(door(index, made));
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut connection: Option<Connection> = None;
    let mut syncing: Option<(Instant, Mark)> = None;
    let mut number = 0;
    loop {
        if let Some(open) = &mut connection {
            let now = engine.now();
            open.waiting.extend(engine.border.transmit(open.number, now, TRANSMIT_BYTES));
            if engine.border.finished(open.number) && open.waiting.is_empty() {
                connection = None;
                continue;
            }
        }
        if syncing.is_none() {
            syncing = engine.unsynced().map(|mark| (Instant::now() + sync_time(&engine), mark));
        }
        // In this order always: the simulation must not depend on chance.
        tokio::select! {
            biased;
            _ = ticks.tick() => engine.tick(),
            mark = done(&mut syncing) => engine.synced(mark),
            stream = streams.recv() => {
                let Some((stream, gone)) = stream else { return Ok(()) };
                number += 1;
                engine.border.connected(number, engine.now());
                let events = engine.border.take_events();
                engine.act(events);
                connection = Some(Connection::new(number, stream, gone));
            }
            step = step(&mut connection) => match step {
                Step::Wrote => {}
                Step::Read(number, bytes) => {
                    let events = engine.border.receive(number, &bytes, engine.now());
                    engine.act(events);
                }
                Step::Ended(number, why) => {
                    connection = None;
                    let events = engine.border.disconnected(number, &why, engine.now());
                    engine.act(events);
                }
            },
        }
    }
}

/// How long this sync takes.
fn sync_time(engine: &Engine) -> Duration {
    let dice = &mut engine.shared.borrow_mut().dice[engine.index];
    let ms = if dice.one_in(20) { dice.between(100, 800) } else { dice.between(1, 30) };
    Duration::from_millis(ms)
}

async fn done(syncing: &mut Option<(Instant, Mark)>) -> Mark {
    match syncing {
        Some((at, mark)) => {
            sleep_until(*at).await;
            let mark = mark.clone();
            *syncing = None;
            mark
        }
        None => pending().await,
    }
}

/// Makes connections: the first node listens, the second dials.
async fn door(index: usize, made: mpsc::Sender<(TcpStream, oneshot::Sender<()>)>) {
    if index == 0 {
        let Ok(listener) = TcpListener::bind(("0.0.0.0", PORT)).await else { return };
        while let Ok((stream, _)) = listener.accept().await {
            let (gone, _) = oneshot::channel();
            if made.send((stream, gone)).await.is_err() {
                return;
            }
        }
        return;
    }
    let mut back_off = Duration::from_millis(100);
    loop {
        let dialled = TcpStream::connect((HOSTS[0], PORT));
        if let Ok(Ok(stream)) = timeout(Duration::from_secs(5), dialled).await {
            let (gone, end) = oneshot::channel();
            if made.send((stream, gone)).await.is_err() {
                return;
            }
            let _ = end.await;
            back_off = Duration::from_millis(100);
        }
        sleep(back_off).await;
        back_off = (back_off * 2).min(Duration::from_secs(2));
    }
}

struct Connection {
    number: u64,
    reader: OwnedReadHalf,
    writer: OwnedWriteHalf,
    waiting: Vec<u8>,
    buffer: Vec<u8>,
    /// Dropped with the connection: the dialling side then dials again.
    _gone: oneshot::Sender<()>,
}

enum Step {
    Wrote,
    Read(u64, Vec<u8>),
    Ended(u64, String),
}

async fn step(connection: &mut Option<Connection>) -> Step {
    match connection {
        Some(open) => open.step().await,
        None => pending().await,
    }
}

impl Connection {
    fn new(number: u64, stream: TcpStream, gone: oneshot::Sender<()>) -> Self {
        let (reader, writer) = stream.into_split();
        Self {
            number,
            reader,
            writer,
            waiting: Vec::new(),
            buffer: vec![0; 16 * 1024],
            _gone: gone,
        }
    }

    async fn step(&mut self) -> Step {
        let ended = |why: String| Step::Ended(self.number, why);
        tokio::select! {
            biased;
            written = self.writer.write(&self.waiting), if !self.waiting.is_empty() => {
                match written {
                    Ok(length) => {
                        self.waiting.drain(..length);
                        Step::Wrote
                    }
                    Err(error) => ended(error.to_string()),
                }
            }
            read = self.reader.read(&mut self.buffer) => match read {
                Ok(0) => ended("the partner hung up".into()),
                Ok(length) => Step::Read(self.number, self.buffer[..length].to_vec()),
                Err(error) => ended(error.to_string()),
            },
        }
    }
}
