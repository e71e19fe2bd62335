//! The border's sockets: one TLS connection to each partner, made again whenever it breaks, between
//! the engine's protocol (`renkei-link`) and the wire. Each partner has a task and a channel of its
//! own, so that a slow or dead one keeps nobody waiting.
//!
//! Refuses: any peer without the certificate on the partner's card, a second connection beside the
//! newest, and to hold more than a little of what the partner does not take.

mod door;
#[cfg(test)]
mod tests;
mod tls;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use renkei_model::id::Nation;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_rustls::TlsStream;

use self::door::{Attempt, Hall};
use self::tls::Tls;
use crate::cli::End;
use crate::config::{BorderSettings, Config};
use crate::keys::{self, NodeKeys, PartnerCard};
use crate::messages::{FromBorder, ToBorder, ToEngine};

/// Sessions and failures that wait for the border task.
const ATTEMPTS: usize = 4;
/// Bytes read at once.
const READ_BYTES: usize = 16 * 1024;
/// Bytes that wait here for the socket before the engine is asked to wait. The protocol's credit
/// window bounds what it hands over anyway.
const WAITING_BYTES_MAX: usize = 64 * 1024;
/// A peer that takes no byte for this long is gone.
const STUCK: Duration = Duration::from_secs(15);

/// The borders of a node, ready to run.
pub(crate) struct Borders {
    /// Where partners are waited for.
    halls: Vec<Hall>,
    /// One a partner.
    pub(crate) prepared: Vec<Prepared>,
}

/// The border with one partner, ready to run.
pub(crate) struct Prepared {
    pub(crate) partner: Nation,
    way: Way,
}

/// How the partner is met.
enum Way {
    /// It comes to a hall of ours, which hands its sessions on.
    Met(mpsc::Receiver<Attempt>),
    /// We dial it.
    Dial(SocketAddr, Tls),
}

/// Takes the addresses and reads the partners' cards.
///
/// # Errors
/// [`End::Wrong`] when a card or a key is missing or damaged, or an address is taken.
pub(crate) async fn prepare(config: &Config, node: &NodeKeys) -> Result<Borders, End> {
    let (certificate, key) = (&node.certificate_pem, &node.certificate_key_pem);
    let mut awaited: BTreeMap<SocketAddr, Vec<(Nation, String)>> = BTreeMap::new();
    let mut ways = BTreeMap::new();
    for border in &config.borders {
        let card = card(config, border)?;
        match (border.listen, border.dial) {
            (Some(address), _) => {
                awaited.entry(address).or_default().push((border.partner, card.certificate));
            }
            (None, Some(address)) => {
                let tls = Tls::new(certificate, key, &[(border.partner, &card.certificate)])?;
                ways.insert(border.partner, Way::Dial(address, tls));
            }
            (None, None) => {}
        }
    }
    let mut halls = Vec::new();
    for (address, partners) in awaited {
        let listener = listen(address, &partners).await?;
        let pinned: Vec<_> = partners.iter().map(|(who, card)| (*who, card.as_str())).collect();
        let tls = Tls::new(certificate, key, &pinned)?;
        let mut attempts = BTreeMap::new();
        for (partner, _) in &partners {
            let (made, met) = mpsc::channel(ATTEMPTS);
            attempts.insert(*partner, made);
            ways.insert(*partner, Way::Met(met));
        }
        halls.push(Hall { listener, tls, attempts });
    }
    let prepared = ways.into_iter().map(|(partner, way)| Prepared { partner, way });
    Ok(Borders { halls, prepared: prepared.collect() })
}

async fn listen(address: SocketAddr, partners: &[(Nation, String)]) -> Result<TcpListener, End> {
    TcpListener::bind(address).await.map_err(|error| {
        let partners: Vec<_> = partners.iter().map(|(who, _)| who.to_string()).collect();
        End::Wrong(format!(
            "listen for {} on {address}: {error}; stop what uses it or change border.listen",
            partners.join(" and ")
        ))
    })
}

/// The card of a partner, as two people exchanged it.
fn card(config: &Config, border: &BorderSettings) -> Result<PartnerCard, End> {
    let path = keys::card_path(&config.dir, &config.partition, border.partner);
    if !path.exists() {
        return Err(End::Wrong(format!(
            "link with {}: `{}` is missing; take the partner's card with `renkei partner add {} CARD`",
            border.partner,
            path.display(),
            config.dir.display()
        )));
    }
    Ok(keys::load_card(&path)?)
}

impl Borders {
    /// Opens the halls and says which borders are to run.
    pub(crate) fn open(self) -> Vec<Prepared> {
        for hall in self.halls {
            tokio::spawn(door::listen(hall));
        }
        self.prepared
    }
}

impl Prepared {
    /// Runs until the engine is gone.
    pub(crate) async fn run(
        self,
        engine: mpsc::Sender<ToEngine>,
        mut from_engine: mpsc::Receiver<ToBorder>,
    ) {
        let partner = self.partner;
        let (mut attempts, dialling) = match self.way {
            Way::Met(attempts) => (attempts, None),
            Way::Dial(address, tls) => {
                let (made, attempts) = mpsc::channel(ATTEMPTS);
                (attempts, Some(tokio::spawn(door::dial(address, tls, made))))
            }
        };
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
            if engine.send(ToEngine::Border { partner, told }).await.is_err() {
                break;
            }
        }
        if let Some(dialling) = dialling {
            dialling.abort();
        }
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
