//! Real TLS over loopback: the right partner meets, everyone else is refused by name.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use expect_test::{Expect, expect};
use renkei_link::{Border, BorderConfig, Event, Restored};
use renkei_model::cbor::Digest;
use renkei_model::id::{Nation, Partition};
use renkei_model::time::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::door::{self, Hall};
use super::{Prepared, Tls, Way};
use crate::messages::{FromBorder, ToBorder, ToEngine};

/// A certificate and its key, PEM.
struct Identity {
    certificate: String,
    key: String,
}

impl Identity {
    fn new() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let names = vec!["test.renkei.internal".to_owned()];
        let certificate = rcgen::CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
        Self { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    fn tls(&self, partner: Nation, pinned: &Self) -> Tls {
        Tls::new(&self.certificate, &self.key, &[(partner, &pinned.certificate)]).unwrap()
    }
}

/// A border task as its engine sees it.
struct End {
    from: mpsc::Receiver<ToEngine>,
    to: mpsc::Sender<ToBorder>,
}

impl End {
    fn run(partner: Nation, way: Way) -> Self {
        let (to_engine, from) = mpsc::channel(64);
        let (to, from_engine) = mpsc::channel(64);
        tokio::spawn(Prepared { partner, way }.run(to_engine, from_engine));
        Self { from, to }
    }

    /// The other end is dialled.
    fn dial(partner: Nation, address: SocketAddr, tls: Tls) -> Self {
        Self::run(partner, Way::Dial(address, tls))
    }

    /// The other ends come to one listener.
    fn await_all(listener: TcpListener, tls: Tls, partners: &[Nation]) -> Vec<Self> {
        let (mut attempts, mut ends) = (BTreeMap::new(), Vec::new());
        for partner in partners {
            let (made, met) = mpsc::channel(4);
            attempts.insert(*partner, made);
            ends.push(Self::run(*partner, Way::Met(met)));
        }
        tokio::spawn(door::listen(Hall { listener, tls, attempts }));
        ends
    }

    fn listen(listener: TcpListener, tls: Tls) -> Self {
        Self::await_all(listener, tls, &[Nation::USA]).remove(0)
    }

    async fn next(&mut self) -> FromBorder {
        // A guard against waiting for ever, not a measure.
        match timeout(Duration::from_secs(30), self.from.recv()).await {
            Ok(Some(ToEngine::Border { told, .. })) => told,
            _ => panic!("the border task says nothing"),
        }
    }

    async fn connected(&mut self) -> u64 {
        loop {
            if let FromBorder::Connected { number } = self.next().await {
                return number;
            }
        }
    }

    /// Why the next connection ended or could not be made.
    async fn failure(&mut self) -> String {
        loop {
            if let FromBorder::Disconnected { why, .. } = self.next().await {
                return why;
            }
        }
    }

    async fn send(&self, number: u64, bytes: &[u8]) {
        self.to.send(ToBorder::Send { number, bytes: bytes.into() }).await.unwrap();
    }

    /// `length` bytes of connection `number`.
    async fn received(&mut self, number: u64, length: usize) -> Vec<u8> {
        let mut all = Vec::new();
        while all.len() < length {
            match self.next().await {
                FromBorder::Received { number: of, bytes } if of == number => all.extend(bytes),
                other => panic!("{other:?}"),
            }
        }
        all
    }
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// JPN listening and USA dialling it, each with the other's certificate.
async fn pair() -> (End, End) {
    let (japan, america) = (Identity::new(), Identity::new());
    let (way, address) = listener().await;
    let listening = End::listen(way, japan.tls(Nation::USA, &america));
    let dialling = End::dial(Nation::JPN, address, america.tls(Nation::JPN, &japan));
    (listening, dialling)
}

/// Fingerprints and ports differ from run to run.
fn check(words: &str, expected: &Expect) {
    let hidden = words.split_inclusive([' ', ';', ':', ',']).map(|word| {
        let bare = word.trim_end_matches([' ', ';', ':', ',']);
        let is_number = bare.len() >= 4 && bare.bytes().all(|b| b.is_ascii_hexdigit());
        if is_number { word.replace(bare, "…") } else { word.to_owned() }
    });
    expected.assert_eq(&hidden.collect::<String>());
}

#[tokio::test]
async fn both_sides_exchange_bytes() {
    let (mut listening, mut dialling) = pair().await;
    let (there, here) = (listening.connected().await, dialling.connected().await);
    let long: Vec<u8> = (0..200_000_u32).map(|n| n as u8).collect();
    dialling.send(here, &long).await;
    listening.send(there, b"short").await;
    assert_eq!(listening.received(there, long.len()).await, long);
    assert_eq!(dialling.received(here, 5).await, b"short");
}

#[tokio::test]
async fn a_closed_connection_is_made_again_with_a_new_number() {
    let (mut listening, mut dialling) = pair().await;
    let (there, here) = (listening.connected().await, dialling.connected().await);
    listening.to.send(ToBorder::Close { number: there }).await.unwrap();
    check(&listening.failure().await, &expect!["this side hung up"]);
    check(&dialling.failure().await, &expect!["the partner hung up"]);
    assert!(listening.connected().await > there);
    let again = dialling.connected().await;
    assert!(again > here);
    dialling.send(here, b"of the old connection").await;
    dialling.send(again, b"new").await;
    let number = there + 1;
    assert_eq!(listening.received(number, 3).await, b"new");
}

#[tokio::test]
async fn a_newer_connection_takes_the_place_of_the_one_that_stands() {
    let (japan, america) = (Identity::new(), Identity::new());
    let (way, address) = listener().await;
    let mut listening = End::listen(way, japan.tls(Nation::USA, &america));
    let mut first = End::dial(Nation::JPN, address, america.tls(Nation::JPN, &japan));
    first.connected().await;
    let old = listening.connected().await;
    let mut second = End::dial(Nation::JPN, address, america.tls(Nation::JPN, &japan));
    second.connected().await;
    assert!(listening.connected().await > old);
    check(&first.failure().await, &expect!["the connection was cut"]);
}

#[tokio::test]
async fn a_listener_refuses_a_wrong_certificate_and_says_whose() {
    let (japan, america, stranger) = (Identity::new(), Identity::new(), Identity::new());
    let (way, address) = listener().await;
    let mut listening = End::listen(way, japan.tls(Nation::USA, &america));
    let mut dialling = End::dial(Nation::JPN, address, stranger.tls(Nation::JPN, &japan));
    check(
        &listening.failure().await,
        &expect![
            "refused 127.0.0.1:…: it shows the certificate …, the card of USA names …; exchange cards again if that is right (1 refused since the start)"
        ],
    );
    dialling.connected().await;
    check(
        &dialling.failure().await,
        &expect![
            "it refused our certificate or our TLS (CertificateUnknown); exchange cards again"
        ],
    );
}

#[tokio::test]
async fn a_dialler_refuses_a_wrong_certificate_and_says_whose() {
    let (japan, america, stranger) = (Identity::new(), Identity::new(), Identity::new());
    let (way, address) = listener().await;
    let _listening = End::listen(way, stranger.tls(Nation::USA, &america));
    let mut dialling = End::dial(Nation::JPN, address, america.tls(Nation::JPN, &japan));
    check(
        &dialling.failure().await,
        &expect![
            "dial 127.0.0.1:…: it shows the certificate …, the card of JPN names …; exchange cards again if that is right"
        ],
    );
}

#[tokio::test]
async fn two_partners_come_to_one_listener_and_their_certificates_tell_them_apart() {
    let (japan, america, australia) = (Identity::new(), Identity::new(), Identity::new());
    let (listener, address) = listener().await;
    let cards = [(Nation::USA, &*america.certificate), (Nation::AUS, &*australia.certificate)];
    let tls = Tls::new(&japan.certificate, &japan.key, &cards).unwrap();
    let mut ends = End::await_all(listener, tls, &[Nation::USA, Nation::AUS]);
    let (mut for_australia, mut for_america) = (ends.remove(1), ends.remove(0));
    let mut from_australia = End::dial(Nation::JPN, address, australia.tls(Nation::JPN, &japan));
    let mut from_america = End::dial(Nation::JPN, address, america.tls(Nation::JPN, &japan));
    let (a, u) = (from_australia.connected().await, from_america.connected().await);
    let (for_a, for_u) = (for_australia.connected().await, for_america.connected().await);
    from_australia.send(a, b"of Australia").await;
    from_america.send(u, b"of the US").await;
    assert_eq!(for_america.received(for_u, 9).await, b"of the US");
    assert_eq!(for_australia.received(for_a, 12).await, b"of Australia");
    // One that leaves is not missed by the other.
    for_america.to.send(ToBorder::Close { number: for_u }).await.unwrap();
    check(&for_america.failure().await, &expect!["this side hung up"]);
    for_australia.send(for_a, b"still here").await;
    assert_eq!(from_australia.received(a, 10).await, b"still here");
}

#[tokio::test]
async fn something_that_speaks_no_tls_is_refused() {
    let (japan, america) = (Identity::new(), Identity::new());
    let (way, address) = listener().await;
    let mut listening = End::listen(way, japan.tls(Nation::USA, &america));
    let mut stranger = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stranger, b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    check(
        &listening.failure().await,
        &expect![
            "refused 127.0.0.1:…: received corrupt message of type InvalidContentType (1 refused since the start)"
        ],
    );
}

#[tokio::test]
async fn a_partner_that_is_not_there_is_dialled_again() {
    let (japan, america) = (Identity::new(), Identity::new());
    let (way, address) = listener().await;
    drop(way);
    let mut dialling = End::dial(Nation::JPN, address, america.tls(Nation::JPN, &japan));
    check(
        &dialling.failure().await,
        &expect!["dial 127.0.0.1:…: Connection refused (os error 111)"],
    );
    let listener = TcpListener::bind(address).await.unwrap();
    let mut listening = End::listen(listener, japan.tls(Nation::USA, &america));
    dialling.connected().await;
    listening.connected().await;
}

#[tokio::test]
async fn two_borders_accept_each_other_over_tls() {
    let (mut listening, mut dialling) = pair().await;
    let border = |own, partner| {
        let partition = Partition::Exercise("demo".into());
        let policy = Digest::of(b"policy");
        let config =
            BorderConfig { own, partner, partition, epoch: 1, boot: 1, policy_version: 1, policy };
        Border::restore(config, &Restored::default())
    };
    let (mut japan, mut america) =
        (border(Nation::JPN, Nation::USA), border(Nation::USA, Nation::JPN));
    let now = Timestamp(1_795_000_000_000);
    let (there, here) = (listening.connected().await, dialling.connected().await);
    japan.connected(there, now);
    america.connected(here, now);
    listening.send(there, &japan.transmit(there, now, 4096)).await;
    dialling.send(here, &america.transmit(here, now, 4096)).await;
    for (end, border, number) in
        [(&mut listening, &mut japan, there), (&mut dialling, &mut america, here)]
    {
        loop {
            let FromBorder::Received { bytes, .. } = end.next().await else { panic!("cut") };
            match border.receive(number, &bytes, now).as_slice() {
                [] => {}
                [Event::Up(greeting)] => break assert_eq!(greeting.epoch, 1),
                other => panic!("{other:?}"),
            }
        }
    }
}
