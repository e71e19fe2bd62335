//! Starts real nodes on free loopback ports and speaks to them.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::tap::Tap;

/// Longest wait for something that a node should show.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A ship with a position, as a real sentence.
pub(crate) const SHIP: &str = "!AIVDM,1,1,,B,16K2N?P001awhp`DHtka1`Nt08Av,0*03\r\n";

/// A loopback address that nobody holds now.
pub(crate) fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Runs `renkei` to its end.
pub(crate) fn renkei(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_renkei")).args(arguments).output().unwrap()
}

/// Standard output of a run that must succeed.
pub(crate) fn renkei_ok(arguments: &[&str]) -> String {
    let output = renkei(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "renkei {arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// One node's directory and, while it runs, its process.
pub(crate) struct Node {
    pub(crate) dir: PathBuf,
    pub(crate) http: SocketAddr,
    process: Option<Child>,
}

impl Node {
    /// A fresh node of `nation` under `home`, not running.
    pub(crate) fn init(home: &Path, nation: &str) -> Self {
        let dir = home.join(nation.to_lowercase());
        let http = free();
        renkei_ok(&[
            "init",
            dir.to_str().unwrap(),
            "--nation",
            nation,
            "--name",
            "test",
            "--partition",
            "exercise:test",
            "--http",
            &http.to_string(),
        ]);
        Self { dir, http, process: None }
    }

    pub(crate) fn path(&self) -> &str {
        self.dir.to_str().unwrap()
    }

    /// Adds tables to the end of its configuration.
    pub(crate) fn configure(&self, text: &str) {
        let path = self.dir.join("renkei.toml");
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, before + "\n" + text + "\n").unwrap();
    }

    /// Adds a TCP feed and says where it listens.
    pub(crate) fn feed(&self, name: &str, kind: &str, label: &str) -> SocketAddr {
        let address = free();
        self.configure(&format!(
            "[[feed]]\nname = \"{name}\"\nkind = \"{kind}\"\nlisten = \"{address}\"\n{label}"
        ));
        address
    }

    /// Starts it and waits until it serves.
    pub(crate) fn start(&mut self) {
        let log = std::fs::File::create(self.dir.join("node.log")).unwrap();
        let config = self.dir.join("renkei.toml");
        let process = Command::new(env!("CARGO_BIN_EXE_renkei"))
            .args(["serve", "--config"])
            .arg(config)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.process = Some(process);
        self.until("serving", |health| health["status"] == "ok");
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Its log so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("node.log")).unwrap_or_default()
    }

    pub(crate) fn health(&self) -> Option<Value> {
        serde_json::from_str(&get(self.http, "/api/health", None)?.1).ok()
    }

    /// Waits until its health satisfies `seen`.
    pub(crate) fn until(&self, what: &str, seen: impl Fn(&Value) -> bool) {
        let start = Instant::now();
        loop {
            let health = self.health();
            if health.as_ref().is_some_and(&seen) {
                return;
            }
            let log = || format!("health: {health:?}; log:\n{}", self.log());
            assert!(start.elapsed() < PATIENCE, "{what} did not come; {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Adds a person and signs them in; the cookie.
    pub(crate) fn sign_in(&self, person: &str, role: &str, seat: &str) -> String {
        let seat = if seat.is_empty() { vec![] } else { vec!["--seat", seat] };
        let mut arguments = vec!["user", "add", self.path(), "--person", person, "--role", role];
        arguments.extend(seat);
        let link = renkei_ok(&arguments);
        let path = link.trim().split_once(&self.http.to_string()).unwrap().1.to_owned();
        let (head, _) = get(self.http, &path, None).unwrap();
        let cookie = head
            .lines()
            .find_map(|l| l.to_lowercase().strip_prefix("set-cookie: ").map(str::to_owned));
        cookie
            .unwrap_or_else(|| panic!("no cookie in {head}"))
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// `GET path`: head and body.
pub(crate) fn get(
    address: SocketAddr,
    path: &str,
    cookie: Option<&str>,
) -> Option<(String, String)> {
    let cookie = cookie.map(|c| format!("Cookie: {c}\r\n")).unwrap_or_default();
    request(
        address,
        &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{cookie}Connection: close\r\n\r\n"),
    )
}

/// `POST /api/command`: head and body.
pub(crate) fn command(address: SocketAddr, cookie: &str, body: &Value) -> (String, String) {
    post(address, "/api/command", cookie, body)
}

/// `POST path`: head and body.
pub(crate) fn post(
    address: SocketAddr,
    path: &str,
    cookie: &str,
    body: &Value,
) -> (String, String) {
    let body = body.to_string();
    request(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ),
    )
    .unwrap()
}

fn request(address: SocketAddr, text: &str) -> Option<(String, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(text.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    Some((head.to_owned(), if chunked { unchunk(body) } else { body.to_owned() }))
}

fn unchunk(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else { break };
        if size == 0 || rest.len() < size {
            break;
        }
        whole.push_str(&rest[..size]);
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}

/// Sends bytes to a feed and closes.
pub(crate) fn send(address: SocketAddr, bytes: &[u8]) {
    TcpStream::connect(address).unwrap().write_all(bytes).unwrap();
}

/// Links two nodes: cards exchanged by voice, border configured; neither is started.
pub(crate) fn link(jpn: &Node, usa: &Node) {
    let address = exchange_cards(jpn, usa);
    usa.configure(&format!("[border]\npartner = \"JPN\"\ndial = \"{address}\""));
}

/// The same with a tap on the line, which hears what `jpn` says.
pub(crate) fn link_tapped(jpn: &Node, usa: &Node) -> Tap {
    let tap = Tap::between(usa, jpn, exchange_cards(jpn, usa));
    usa.configure(&format!("[border]\npartner = \"JPN\"\ndial = \"{}\"", tap.address));
    tap
}

/// Where the Japanese node's border will listen.
fn exchange_cards(jpn: &Node, usa: &Node) -> SocketAddr {
    hand_over_cards(jpn, usa);
    let address = free();
    jpn.configure(&format!("[border]\npartner = \"USA\"\nlisten = \"{address}\""));
    address
}

/// Each takes the other's card, read aloud.
pub(crate) fn hand_over_cards(one: &Node, other: &Node) {
    for (of, to) in [(one, other), (other, one)] {
        let output = renkei(&["partner", "card", of.path()]);
        let card = to.dir.join("partner.card");
        std::fs::write(&card, &output.stdout).unwrap();
        let spoken = String::from_utf8(output.stderr).unwrap();
        let heard = spoken.trim().rsplit_once(": ").unwrap().1.to_owned();
        renkei_ok(&["partner", "add", to.path(), card.to_str().unwrap(), "--heard", &heard]);
    }
}
