//! The border's socket: one TLS connection to the partner, made again whenever it breaks, between
//! the engine's protocol (`renkei-link`) and the wire.
//!
//! Refuses: any peer without the certificate on the partner's card, a second connection beside the
//! newest, and to hold more than a little of what the partner does not take.

mod door;
#[cfg(test)]
mod tests;
mod tls;

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_rustls::TlsStream;

use self::door::{Attempt, Way};
use self::tls::Tls;
use crate::cli::End;
use crate::config::Config;
use crate::keys::{self, NodeKeys};
use crate::messages::{FromBorder, ToBorder, ToEngine};

/// Bytes read at once.
const READ_BYTES: usize = 16 * 1024;
/// Bytes that wait here for the socket before the engine is asked to wait. The protocol's credit
/// window bounds what it hands over anyway.
const WAITING_BYTES_MAX: usize = 64 * 1024;
/// A peer that takes no byte for this long is gone.
const STUCK: Duration = Duration::from_secs(15);

/// A border ready to run.
pub(crate) struct Prepared {
    way: Way,
    tls: Tls,
}

/// Takes the address and reads the partner's card; `None` when no border is configured.
///
/// # Errors
/// [`End::Wrong`] when the card or a key is missing or damaged, or the address is taken.
pub(crate) async fn prepare(config: &Config, node: &NodeKeys) -> Result<Option<Prepared>, End> {
    let Some(border) = &config.border else { return Ok(None) };
    let path = keys::card_path(&config.dir, &config.partition, border.partner);
    if !path.exists() {
        return Err(End::Wrong(format!(
            "link with {}: `{}` is missing; take the partner's card with `renkei partner add {} CARD`",
            border.partner,
            path.display(),
            config.dir.display()
        )));
    }
    let card = keys::load_card(&path)?;
    let (certificate, key) = (&node.certificate_pem, &node.certificate_key_pem);
    let tls = Tls::new(certificate, key, border.partner, &card.certificate)?;
    let way = match (border.listen, border.dial) {
        (Some(address), _) => Way::Listen(TcpListener::bind(address).await.map_err(|error| {
            End::Wrong(format!(
                "listen for {} on {address}: {error}; stop what uses it or change border.listen",
                border.partner
            ))
        })?),
        (None, Some(address)) => Way::Dial(address),
        (None, None) => return Ok(None),
    };
    Ok(Some(Prepared { way, tls }))
}

impl Prepared {
    /// Runs until the engine is gone.
    pub(crate) async fn run(
        self,
        engine: mpsc::Sender<ToEngine>,
        mut from_engine: mpsc::Receiver<ToBorder>,
    ) {
        let (made, mut attempts) = mpsc::channel(4);
        let door = tokio::spawn(door::keep(self.way, self.tls, made));
        let mut number = 0;
        let mut connection: Option<Connection> = None;
        loop {
            let takes_more =
                connection.as_ref().is_none_or(|open| open.waiting.len() < WAITING_BYTES_MAX);
            let told = tokio::select! {
                attempt = attempts.recv() => {
                    let Some(attempt) = attempt else { break };
                    number += 1;
                    match attempt {
                        Attempt::Made { stream, gone } => {
                            connection = Some(Connection::new(number, *stream, gone));
                            FromBorder::Connected { number }
                        }
                        Attempt::Failed(why) => FromBorder::Disconnected { number, why },
                    }
                }
                message = from_engine.recv(), if takes_more => {
                    let Some(message) = message else { break };
                    take(message, &mut connection);
                    continue;
                }
                step = step(&mut connection) => match step {
                    Step::Moved => continue,
                    Step::Read { number, bytes } => FromBorder::Received { number, bytes },
                    Step::Ended { number, why } => {
                        connection = None;
                        FromBorder::Disconnected { number, why }
                    }
                },
            };
            if engine.send(ToEngine::Border(told)).await.is_err() {
                break;
            }
        }
        door.abort();
    }
}

/// Does what the engine asks, when it speaks of the connection that stands.
fn take(message: ToBorder, connection: &mut Option<Connection>) {
    match (message, connection) {
        (ToBorder::Send { number, bytes }, Some(open)) if open.number == number => {
            open.wait(&bytes);
        }
        (ToBorder::Close { number }, Some(open)) if open.number == number => {
            open.closing = true;
        }
        _ => {}
    }
}

/// The connection that stands.
struct Connection {
    number: u64,
    reader: ReadHalf<TlsStream<TcpStream>>,
    writer: WriteHalf<TlsStream<TcpStream>>,
    buffer: Vec<u8>,
    /// Bytes for the partner, and whether TLS still holds some of those before them.
    waiting: Vec<u8>,
    is_unflushed: bool,
    /// Hang up once everything is written.
    closing: bool,
    /// When the last byte moved out.
    moved: Instant,
    /// Dropped with the connection: the dialling side then dials again.
    _gone: oneshot::Sender<()>,
}

/// What a connection did.
enum Step {
    Moved,
    Read { number: u64, bytes: Vec<u8> },
    Ended { number: u64, why: String },
}

/// Waits for the connection that stands, for ever when there is none. May be dropped at any await.
async fn step(connection: &mut Option<Connection>) -> Step {
    match connection {
        Some(open) => {
            let number = open.number;
            open.step().await.unwrap_or_else(|why| Step::Ended { number, why })
        }
        None => std::future::pending().await,
    }
}

impl Connection {
    fn new(number: u64, stream: TlsStream<TcpStream>, gone: oneshot::Sender<()>) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        Self {
            number,
            reader,
            writer,
            buffer: vec![0; READ_BYTES],
            waiting: Vec::new(),
            is_unflushed: false,
            closing: false,
            moved: Instant::now(),
            _gone: gone,
        }
    }

    fn wait(&mut self, bytes: &[u8]) {
        if self.waiting.is_empty() && !self.is_unflushed {
            self.moved = Instant::now();
        }
        self.waiting.extend_from_slice(bytes);
    }

    /// One read, write or flush, or why the connection is at its end.
    async fn step(&mut self) -> Result<Step, String> {
        let is_idle = self.waiting.is_empty() && !self.is_unflushed;
        if self.closing && is_idle {
            let _ = self.writer.shutdown().await;
            return Err("this side hung up".into());
        }
        tokio::select! {
            read = self.reader.read(&mut self.buffer) => match read {
                Ok(0) => Err("the partner hung up".into()),
                Ok(length) => {
                    let bytes = self.buffer.get(..length).unwrap_or_default().to_vec();
                    Ok(Step::Read { number: self.number, bytes })
                }
                Err(error) => Err(tls::words(&error)),
            },
            written = move_out(&mut self.writer, &self.waiting), if !is_idle => {
                let length = written.map_err(|error| tls::words(&error))?;
                self.is_unflushed = length > 0;
                self.waiting.drain(..length);
                self.moved = Instant::now();
                Ok(Step::Moved)
            }
            () = sleep_until(self.moved + STUCK), if !is_idle => {
                Err(format!("the partner took nothing for {} s", STUCK.as_secs()))
            }
        }
    }
}

/// Writes some of `bytes` and says how many; with none left, pushes out what TLS holds.
async fn move_out(
    writer: &mut WriteHalf<TlsStream<TcpStream>>,
    bytes: &[u8],
) -> std::io::Result<usize> {
    if bytes.is_empty() {
        return writer.flush().await.map(|()| 0);
    }
    match writer.write(bytes).await? {
        0 => Err(std::io::ErrorKind::WriteZero.into()),
        length => Ok(length),
    }
}
