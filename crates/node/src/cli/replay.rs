//! `renkei replay`: plays a recording into a socket, as a receiver would.
//!
//! Refuses: more than one receiver at a time.

use std::io::{BufWriter, Read as _, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::time::Instant;

use super::End;
use crate::feeds::file;
use crate::feeds::pace::Pace;
use crate::feeds::recording::{Cutter, guess};

/// Bytes read at once.
const CHUNK_LEN: usize = 16 * 1024;
/// Play a recording into a socket.
///
/// Where its lines carry times (tag blocks, $PGHP, prefixes, JSON timestamps, CoT times, Beast and
/// AVR counters) it is played with its own timing, else at a steady rate.
#[derive(clap::Args, Debug)]
pub(crate) struct Replay {
    /// The recording: NMEA, AVR, Beast, JSON lines, SBS, aircraft.json, ASTERIX, plots or CoT; .gz is read as what it holds; - is standard input
    file: PathBuf,
    /// HOST:PORT to connect to, udp:HOST:PORT, or listen:HOST:PORT to wait for a receiver
    #[arg(long, value_name = "ADDR")]
    to: String,
    /// How much faster than recorded; 0 = without pauses
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Lines a second where the recording has no times
    #[arg(long, default_value_t = 200.0)]
    rate: f64,
}

/// Runs `renkei replay`.
///
/// # Errors
/// [`End::Wrong`] when the file cannot be read, the address not be reached, or the other end hangs up.
pub(crate) fn run(arguments: &Replay) -> Result<(), End> {
    if !(arguments.speed >= 0.0 && arguments.rate > 0.0) {
        return Err(End::Wrong("--speed must be 0 or more and --rate more than 0".into()));
    }
    let path = arguments.file.display();
    let mut bytes = file::open(&arguments.file)
        .map_err(|error| End::Wrong(format!("read `{path}`: {error}; is the path right?")))?;
    let mut way = Way::open(&arguments.to)?;
    let mut pace = Pace::new(arguments.speed, arguments.rate);
    let mut cutter = None;
    let mut chunk = vec![0; CHUNK_LEN];
    let (mut played, begun) = (0_u64, Instant::now());
    loop {
        let length = bytes
            .read(&mut chunk)
            .map_err(|error| End::Wrong(format!("read `{path}`: {error}; is the file whole?")))?;
        let piece = chunk.get(..length).filter(|bytes| !bytes.is_empty());
        if cutter.is_none() {
            cutter = piece.map(|bytes| Cutter::new(guess(&arguments.file, bytes)));
        }
        let parts = cutter.as_mut().map(|cutter| cutter.push(piece)).unwrap_or_default();
        for part in parts.into_iter().flatten() {
            let to = &arguments.to;
            let due = pace.due(part.at, Instant::now());
            let sent = way.wait(due).and_then(|()| way.send(&part.bytes));
            sent.map_err(|error| {
                End::Wrong(format!("send to `{to}`: {error}; did the receiver hang up?"))
            })?;
            played += 1;
        }
        if piece.is_none() {
            break;
        }
    }
    way.flush().map_err(|error| End::Wrong(format!("send to `{}`: {error}", arguments.to)))?;
    eprintln!("played {played} messages in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// The way out.
enum Way {
    Tcp(BufWriter<TcpStream>),
    Udp(UdpSocket),
}

impl Way {
    fn open(to: &str) -> Result<Self, End> {
        let wrong = |error: std::io::Error, mend: &str| {
            End::Wrong(format!("reach `{to}`: {error}; {mend}"))
        };
        if let Some(address) = to.strip_prefix("udp:") {
            let here = if address.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" };
            let socket = UdpSocket::bind(here).and_then(|s| s.connect(address).map(|()| s));
            return socket.map(Self::Udp).map_err(|e| wrong(e, "write udp:HOST:PORT"));
        }
        let stream = match to.strip_prefix("listen:") {
            Some(address) => TcpListener::bind(address).and_then(|listener| {
                eprintln!("waiting for a receiver on {address}");
                listener.accept().map(|(stream, _)| stream)
            }),
            None => TcpStream::connect(to),
        };
        let stream = stream.map_err(|e| wrong(e, "is it HOST:PORT, and is somebody there?"))?;
        Ok(Self::Tcp(BufWriter::with_capacity(CHUNK_LEN, stream)))
    }

    fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.write_all(bytes),
            // Nobody need listen on the other end of UDP.
            Self::Udp(socket) => match socket.send(bytes) {
                Err(error) if error.kind() != std::io::ErrorKind::ConnectionRefused => Err(error),
                _ => Ok(()),
            },
        }
    }

    /// Waits until `due`; everything sent so far goes out first.
    fn wait(&mut self, due: Option<Instant>) -> std::io::Result<()> {
        let pause = due.map(|due| due.saturating_duration_since(Instant::now()));
        if let Some(pause) = pause.filter(|pause| !pause.is_zero()) {
            self.flush()?;
            std::thread::sleep(pause);
        }
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.flush(),
            Self::Udp(_) => Ok(()),
        }
    }
}
